/** Another version of the app takes the place of the one that is open: the page goes on until its reader takes the new one, and nothing written is lost. The planted bug beside it. */
import { builtWeb } from '../build.js';
import { press, Site, type Visit } from '../browser.js';
import { come, fillNote } from '../notes.js';
import { plantedWeb, type Planted } from '../planted.js';

jest.setTimeout(300_000);

const NEWER: Planted = { file: 'texts/en/app.json', from: '"own": "Your account",', to: '"own": "Your account of the newer version",' };
/** The newer worker waits until no page of the version before is open. */
const WAITS: Planted = { file: 'sw/sw.ts', from: 'await worker.skipWaiting();', to: '' };

const NOTICE = 'A new version of Five-Ring is here.';
const DRAFT = 'written before the newer version came';

async function opened(web: string): Promise<{ readonly site: Site; readonly visit: Visit }> {
  const site = await Site.open({ FIVE_RING_WEB: web });
  await site.customer('Morel & Fils');
  const visit = await site.visitAs('service');
  await come(visit, '/portfolio');
  await visit.page.getByRole('navigation', { name: 'Screens' }).waitFor();
  return { site, visit };
}

/** The server is stopped and comes back with another version, for which the browser looks. */
async function renewed(site: Site, { page }: Visit, web: string): Promise<void> {
  await site.again({ FIVE_RING_WEB: web });
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.getRegistration())!.update();
  });
}

it('a newer version waits for its reader: the page goes on with its own files, keeps what is being written, and is the newer one when asked to', async () => {
  const [older, newer] = [await builtWeb(), await plantedWeb(NEWER)];
  const { site, visit } = await opened(older);
  const { page, context, faults } = visit;
  await fillNote(page, 'Morel & Fils', DRAFT);
  await renewed(site, visit, newer);
  await page.getByText(NOTICE).waitFor();
  // The form is as it was.
  expect(await page.getByLabel('What was said and done').inputValue()).toBe(DRAFT);
  await press(page, 'Escape');
  await page.getByRole('dialog', { name: 'Log an entry' }).waitFor({ state: 'detached' });
  // A screen that was never loaded is there, too.
  await press(page, 'g', 'm');
  await page.getByRole('heading', { name: 'Promises', level: 1 }).waitFor();

  await page.getByRole('button', { name: 'Reload' }).focus();
  await press(page, 'Enter');
  await page.getByText(NOTICE).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /^Your account: / }).focus();
  await press(page, 'Enter');
  await page.getByRole('menuitem', { name: 'Your account of the newer version' }).waitFor();
  await press(page, 'Escape');
  await page.goto('/portfolio');
  await page.getByRole('link', { name: 'Morel & Fils' }).waitFor();
  await press(page, 'l');
  await page.getByLabel('What was said and done').waitFor();
  expect(await page.getByLabel('What was said and done').inputValue()).toBe(DRAFT);
  await press(page, 'Escape');

  // And without a connection it is the newer one, too.
  await context.setOffline(true);
  await page.reload();
  await page.getByRole('button', { name: /^Your account: / }).focus();
  await press(page, 'Enter');
  await page.getByRole('menuitem', { name: 'Your account of the newer version' }).waitFor();
  await context.setOffline(false);
  expect(faults).toEqual([]);
});

it('planted bug: a newer worker that waits for the open page to be closed is not told of', async () => {
  const [older, newer] = [await builtWeb(), await plantedWeb(NEWER, WAITS)];
  const { site, visit } = await opened(older);
  const { page } = visit;
  await renewed(site, visit, newer);
  await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())!.waiting !== null);
  expect(await page.getByText(NOTICE).count()).toBe(0);
});
