/** Without a connection: what was written waits and goes out later, what was read is there and says of when, and nothing of it stays after signing out. */
import { axeFindsInBothThemes, keyTo, press, Site, tabTo } from '../browser.js';
import { come, summariesOf as summariesAt, writeNote } from '../notes.js';

jest.setTimeout(240_000);

let site: Site;
let morel: string;
let today: string;
beforeAll(async () => {
  site = await Site.open();
  morel = await site.customer('Morel & Fils');
  today = await site.customer('Berg Bakery');
});

const summariesOf = (id: string): Promise<string[]> => summariesAt(site, id);

it('written without a connection, entries wait in sight, survive a reload, and go out in their order, once', async () => {
  const visit = await site.visitAs('service');
  const { page, context, faults } = visit;
  await come(visit, `/customers/${morel}`);
  await page.getByRole('heading', { name: 'Morel & Fils' }).first().waitFor();
  await page.waitForFunction(async () => Object.keys(localStorage).some((key) => key.startsWith('five-ring:recent:')) && (await (await caches.open('five-ring-data')).keys()).some(({ url }) => url.endsWith('/kinds')));
  await context.setOffline(true);
  await page.getByText(/^No connection/).waitFor();
  await writeNote(page, 'Morel & Fils', 'first without a connection');
  await page.getByRole('button', { name: '1 entry waits to be sent' }).waitFor();
  await writeNote(page, 'Morel & Fils', 'second without a connection');
  await page.getByRole('button', { name: '2 entries wait to be sent' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Morel & Fils' }).first().waitFor();
  await page.getByText(/This is as of/).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await page.getByRole('button', { name: '2 entries wait to be sent' }).press('Enter');
  await page.getByRole('dialog', { name: 'Waiting to be sent' }).getByText('second without a connection').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await press(page, 'Escape');
  expect(await summariesOf(morel)).not.toContain('first without a connection');
  await context.setOffline(false);
  await page.getByRole('button', { name: /to be sent/ }).waitFor({ state: 'detached' });
  const found = (await summariesOf(morel)).filter((text) => text.endsWith('without a connection'));
  expect(found.sort()).toEqual(['first without a connection', 'second without a connection']);
  const log = (await site.ask('GET', 'log?limit=1000')).items.filter(({ type }: { type: string }) => type === 'InteractionLogged').map(({ data }: { data: { summary?: string } }) => data.summary).filter((text?: string) => text?.endsWith('without a connection'));
  expect(log).toEqual(['first without a connection', 'second without a connection']);
  await page.getByText(/^No connection/).waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
});

it('an answer that was lost on its way is asked for again, and recorded once', async () => {
  const { page, context } = await site.visitAs('service');
  await page.goto('/portfolio');
  await page.getByRole('link', { name: 'Morel & Fils' }).waitFor();
  let lost = 0;
  await context.route(/\/interactions$/, async (route) => {
    // It arrives, and the answer does not.
    await route.fetch();
    lost += 1;
    await route.abort('connectionreset');
  }, { times: 1 });
  await writeNote(page, 'Morel & Fils', 'its answer was lost');
  await page.getByRole('button', { name: '1 entry waits to be sent' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: /to be sent/ }).waitFor({ state: 'detached' });
  expect(lost).toBe(1);
  expect((await summariesOf(morel)).filter((text) => text === 'its answer was lost')).toHaveLength(1);
});

it('what is refused later is shown with its reason, and can be changed and sent', async () => {
  const { page, context } = await site.visitAs('service');
  await page.goto('/portfolio');
  await page.getByRole('link', { name: 'Morel & Fils' }).waitFor();
  await context.route(/\/interactions$/, (route) => route.abort('connectionreset'), { times: 1 });
  await writeNote(page, 'Morel & Fils', 'about something else');
  await page.getByRole('button', { name: '1 entry waits to be sent' }).waitFor();
  // What was written then is refused now.
  await page.evaluate(() => {
    const key = Object.keys(localStorage).find((one) => one.startsWith('five-ring:waiting:'))!;
    const kept = JSON.parse(localStorage.getItem(key)!);
    kept.entries[0].offering = '!';
    kept.draft.facts[0].values.offering = '!';
    localStorage.setItem(key, JSON.stringify(kept));
  });
  await page.reload();
  await page.getByRole('button', { name: '1 entry was refused' }).press('Enter');
  await page.getByRole('dialog').getByText(/^Refused:/).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'Change' }).press('Enter');
  const offering = page.getByLabel('Offering');
  await offering.waitFor();
  await page.getByText(/^must be a short key/).waitFor();
  await offering.focus();
  await press(page, 'Control+a');
  await page.keyboard.type('service-plan');
  await press(page, 'Control+Enter');
  await page.getByRole('dialog', { name: 'Log an entry' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /refused|to be sent/ }).waitFor({ state: 'detached' });
  expect(await summariesOf(morel)).toContain('about something else');
});

it('signing out asks when something waits, and leaves nothing behind', async () => {
  const visit = await site.visitAs('service');
  const { page, context } = visit;
  await come(visit, '/portfolio');
  await page.getByRole('link', { name: 'Morel & Fils' }).waitFor();
  await context.route(/\/interactions$/, (route) => route.abort('connectionreset'));
  await writeNote(page, 'Morel & Fils', 'never sent');
  const out = async (): Promise<void> => {
    await tabTo(page, /^Your account/);
    await press(page, 'Enter');
    await page.getByRole('menu').waitFor();
    await keyTo(page, 'ArrowDown', 'Sign out');
    await press(page, 'Enter');
  };
  await out();
  await page.getByRole('dialog', { name: 'Not all is sent' }).waitFor();
  await page.getByRole('button', { name: 'Stay signed in' }).press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '1 entry waits to be sent' }).waitFor();
  await out();
  await page.getByRole('button', { name: 'Discard and sign out' }).press('Enter');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  const left = await page.evaluate(async () => [...Object.keys(localStorage).filter((key) => /waiting|draft|recent/.test(key)), ...(await (await caches.open('five-ring-data')).keys()).map(({ url }) => url)]);
  expect(left).toEqual([]);
  expect(await summariesOf(morel)).not.toContain('never sent');
  await context.setOffline(true);
  await page.goto(`/customers/${morel}`);
  expect(await page.getByText('Morel & Fils').count()).toBe(0);
});

it('customers of today are there without a connection, though nobody opened them; the others are not, and it says so', async () => {
  const visit = await site.visitAs('service');
  const { page, context } = visit;
  await come(visit, '/portfolio');
  await page.getByRole('link', { name: 'Berg Bakery' }).waitFor();
  await page.waitForFunction(() => Object.keys(localStorage).some((key) => key.startsWith('five-ring:at-hand:')));
  await context.setOffline(true);
  await page.goto(`/customers/${today}`);
  await page.getByRole('heading', { name: 'Berg Bakery' }).first().waitFor();
  await page.getByText('A call from Berg Bakery').first().waitFor();
  await page.getByText(/This is as of/).waitFor();
  await page.goto('/customers/nobody-read-this');
  await page.getByRole('alert').getByText(/No connection/).first().waitFor();
});

it('the page that is kept has a nonce of its own each time, and the policy of the page', async () => {
  const visit = await site.visitAs('service');
  const { page, context } = visit;
  await come(visit, '/portfolio');
  await page.getByRole('link', { name: 'Berg Bakery' }).waitFor();
  await context.setOffline(true);
  const seen = new Set<string>();
  for (let time = 0; time < 2; time++) {
    const answer = await page.reload();
    const policy = answer!.headers()['content-security-policy']!;
    expect(policy).toContain("script-src 'self'");
    const nonce = /'nonce-([\w-]{20,})'/.exec(policy)![1]!;
    await page.getByRole('link', { name: 'Berg Bakery' }).waitFor();
    expect(await page.evaluate(() => document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')!.nonce)).toBe(nonce);
    seen.add(nonce);
  }
  expect(seen.size).toBe(2);
});
