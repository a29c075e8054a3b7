/** The portfolio by keyboard alone: going through rows, choosing, snoozing, handing over, filters that stand in the address, saved views. */
import type { Page } from 'playwright-core';
import { axeFindsInBothThemes, HOSTILE, keyTo, press, Site, tabTo } from './browser.js';

jest.setTimeout(240_000);

const ME = 'account-manager';
const MINE = ['Alpha Works', 'Beta Works', 'Gamma Farm', 'Delta Farm', HOSTILE[0]!];
let site: Site;
beforeAll(async () => {
  site = await Site.open();
  await site.ask('POST', 'colleagues', { id: 'ben', name: 'Ben Orth', department: 'sales' });
  // The colleague is there once invited.
  await (await site.visitAs(ME)).context.close();
  for (const [at, name] of MINE.entries()) await site.customer(name, { owner: ME, segment: at < 2 ? 'works' : 'farms' });
  await site.customer('Elsewhere', { owner: 'ben' });
});

const named = (page: Page, name: string) => page.getByRole('grid').getByRole('link', { name, exact: true });
const activeName = (page: Page): Promise<string | undefined> => page.evaluate(() => {
  const grid = document.querySelector('[role=grid]');
  return document.querySelector(`#${grid?.getAttribute('aria-activedescendant') ?? ''}`)?.querySelector('a')?.textContent;
});
const status = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor();

it('goes through the rows, opens one and goes on from there; order and filters stand in the address', async () => {
  const { page, faults } = await site.visitAs(ME);
  await page.goto('/portfolio?sort=name');
  await status(page, '5 customers');
  await named(page, HOSTILE[0]!).waitFor();
  expect(await named(page, 'Elsewhere').count()).toBe(0);
  expect(await axeFindsInBothThemes(page)).toEqual([]);

  await press(page, 'j', 'j', 'ArrowDown', 'k');
  const here = await activeName(page);
  await press(page, 'End', 'Home');
  expect(await activeName(page)).not.toBe(here);
  await press(page, 'ArrowDown', 'Enter');
  await page.waitForURL(/\/customers\//);
  await page.goBack();
  await page.getByRole('grid').waitFor();
  expect(await activeName(page)).toBe(here);

  await press(page, 'f');
  await page.keyboard.type('works');
  await status(page, '2 customers');
  await page.waitForURL(/text=works/);
  await page.reload();
  await status(page, '2 customers');
  await page.goto('/portfolio?segment=farms&rings=2:lit&sort=name&reverse=true');
  await status(page, '3 customers');
  await tabTo(page, 'Take away: Segment: farms');
  await press(page, 'Enter');
  await status(page, '5 customers');
  await tabTo(page, 'Last contact');
  await press(page, 'Enter');
  await page.waitForURL(/sort=last-contact/);
  await page.getByRole('columnheader', { name: 'Last contact' }).and(page.locator('[aria-sort=ascending]')).waitFor();
  await press(page, 'Shift+F');
  await page.getByRole('group', { name: 'Filters', exact: true }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  expect(faults).toEqual([]);
});

it('an address that says nonsense shows what it can', async () => {
  const { page, faults } = await site.visitAs(ME);
  await page.goto('/portfolio?whose=7&rings=9:lit,2:nothing,{}&gap=8&owner=%3Cscript%3E&sort=%22%22&reverse=maybe&segment=%5B1%5D');
  await status(page, '5 customers');
  expect(faults).toEqual([]);
});

it('a view is saved, opened and taken away', async () => {
  const { page, faults } = await site.visitAs(ME);
  await page.goto('/portfolio?whose=all&segment=works');
  await status(page, '2 customers');
  await tabTo(page, 'Views');
  await press(page, 'Enter');
  await keyTo(page, 'ArrowDown', 'Save this view');
  await press(page, 'Enter');
  await page.getByRole('dialog').getByLabel('Name').waitFor();
  await page.keyboard.type('The works');
  await press(page, 'Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.goto('/portfolio');
  await status(page, '5 customers');
  await tabTo(page, 'Views');
  await press(page, 'Enter');
  await keyTo(page, 'ArrowDown', 'The works');
  await press(page, 'Enter');
  await page.waitForURL(/segment=works/);
  await status(page, '2 customers');
  expect(faults).toEqual([]);
});

it('a customer is snoozed from its row and woken; several are chosen and handed over', async () => {
  const { page, faults } = await site.visitAs(ME);
  await page.goto('/portfolio?sort=name');
  await status(page, '5 customers');
  const first = async (): Promise<void> => press(page, 'j', 'Home');
  await first();
  const name = await activeName(page);
  await press(page, 's');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await tabTo(page, /^Why it can wait/);
  await page.keyboard.type('They are on holiday');
  await press(page, 'Enter');
  await dialog.waitFor({ state: 'detached' });
  const hidden = page.getByRole('row').filter({ hasText: name! }).getByText(/snoozed until/);
  await hidden.waitFor();
  await page.getByRole('grid').focus();
  await press(page, 's');
  await dialog.getByText(/Snoozed until .* by Colleague account-manager/).waitFor();
  await tabTo(page, 'Wake it now');
  await press(page, 'Enter');
  await dialog.waitFor({ state: 'detached' });
  await hidden.waitFor({ state: 'detached' });

  await page.getByRole('grid').focus();
  await press(page, 'Home', ' ', 'ArrowDown', 'ArrowDown', 'x', 'Shift+ArrowDown');
  await page.getByRole('region', { name: 'Chosen customers' }).getByText('3 chosen').waitFor();
  await tabTo(page, 'Hand over');
  await press(page, 'Enter');
  await dialog.waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await dialog.getByRole('combobox', { name: 'New owner' }).focus();
  await page.keyboard.type('Ben');
  await page.getByRole('option', { name: 'Ben Orth' }).waitFor();
  await press(page, 'ArrowDown', 'Enter');
  await tabTo(page, 'Hand over');
  await press(page, 'Enter');
  await page.getByText('3 customers handed over').waitFor();
  await status(page, '2 customers');
  await site.caughtUp();
  expect((await site.ask('GET', 'portfolio?owner=ben')).total).toBe(4);
  expect(faults).toEqual([]);
});

it('360 pixels are enough', async () => {
  const { page, faults } = await site.visitAs(ME, { viewport: { width: 360, height: 640 } });
  await page.goto('/portfolio?whose=all');
  await status(page, '6 customers');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  expect(faults).toEqual([]);
});
