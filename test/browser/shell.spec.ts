/** The shell of the web app: signing in, going about by keyboard, both themes, hostile names, what no role may see. */
import { axeFinds, axeFindsInBothThemes, HOSTILE, keyTo, PASSWORD, press, Site, tabTo } from './browser.js';

jest.setTimeout(240_000);

let site: Site;
beforeAll(async () => {
  site = await Site.open();
  for (const name of [...HOSTILE, 'Morel & Fils']) await site.customer(name);
});

it('a colleague comes in by a link, signs out, signs in and is where they were going: by keyboard alone', async () => {
  const { page, faults } = await site.visit();
  await page.goto(await site.invite('account-manager', 'kim'));
  await page.getByRole('heading', { name: 'Welcome, Colleague kim' }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await page.keyboard.type(PASSWORD);
  await tabTo(page, 'The same again');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Today' }).waitFor();

  await tabTo(page, 'Your account: Colleague kim');
  await press(page, 'Enter');
  await page.getByRole('menu').waitFor();
  await keyTo(page, 'ArrowDown', 'Sign out');
  await press(page, 'Enter');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();

  await page.goto('/portfolio?kept=1');
  await page.waitForURL(/\/sign-in\?to=/);
  await page.getByLabel('Your id').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await page.getByLabel('Your id').focus();
  await page.keyboard.type('kim');
  await press(page, 'Tab');
  await page.keyboard.type('wrong');
  await press(page, 'Enter');
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Password', { exact: true }).focus();
  await page.keyboard.type(PASSWORD);
  await press(page, 'Enter');
  await page.waitForURL(/\/portfolio\?kept=1/);
  await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
  expect(faults).toEqual([]);
});

it('keys lead everywhere; the screen is clean in both themes and holds every hostile name as text', async () => {
  const { page, faults } = await site.visitAs('account-manager');
  await page.goto('/portfolio?whose=all');
  await page.getByRole('grid', { name: 'Portfolio' }).waitFor();
  for (const name of HOSTILE) await page.getByRole('link', { name, exact: true }).waitFor({ state: 'attached' });
  expect(await axeFindsInBothThemes(page)).toEqual([]);

  await press(page, '?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.getByRole('cell', { name: 'g then p' }).waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await press(page, 'Escape');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' });

  await press(page, '/');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('morel');
  await page.getByRole('dialog').getByText('Morel & Fils', { exact: true }).first().waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await press(page, 'ArrowDown', 'Enter');
  await page.waitForURL(/\/customers\//);
  await press(page, 'g', 'p');
  await page.waitForURL(/\/portfolio/);
  expect(faults).toEqual([]);
});

it('the colours that somebody chose stay; 360 pixels are enough; what is not there says so', async () => {
  const { page, faults } = await site.visitAs('account-manager', { viewport: { width: 360, height: 640 }, colorScheme: 'light' });
  await page.goto('/portfolio?whose=all');
  await page.getByRole('grid', { name: 'Portfolio' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.getByRole('button', { name: /^Your account/ }).press('Enter');
  await page.getByRole('menuitemradio', { name: 'Dark' }).press('Enter');
  await page.waitForSelector('html[data-mantine-color-scheme=dark]');
  await page.reload();
  await page.waitForSelector('html[data-mantine-color-scheme=dark]');
  await page.goto('/nothing/here');
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  expect(await axeFinds(page)).toEqual([]);
  expect(faults).toEqual([]);
});

it('without a connection it says so, and goes on', async () => {
  const { page, context } = await site.visitAs('account-manager');
  await page.goto('/portfolio?whose=all');
  await page.getByRole('grid', { name: 'Portfolio' }).waitFor();
  await context.setOffline(true);
  await page.getByText('No connection. You see what was loaded before').waitFor();
  await context.setOffline(false);
  await page.getByText('No connection. You see what was loaded before').waitFor({ state: 'detached' });
});

it('planted: a script that stands in the page does not run, and a style without the nonce has no effect', async () => {
  const { page, faults } = await site.visit();
  await page.goto('/sign-in');
  await page.getByLabel('Your id').waitFor();
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="document.title = \'ran\'"><style>body { color: rgb(1, 2, 3) }</style>');
  });
  expect(await page.evaluate(() => getComputedStyle(document.body).color)).not.toBe('rgb(1, 2, 3)');
  expect(await page.title()).not.toBe('ran');
  expect(faults.join()).toMatch(/Content Security Policy/);
});
