/** The rules on screen: a draft by keyboard alone, over a reload, rehearsed, published, compared and tested; and who may do what of it. */
import type { Page } from 'playwright-core';
import { axeFindsInBothThemes, press, Site, tabTo } from '../browser.js';

jest.setTimeout(300_000);

let site: Site;
beforeAll(async () => {
  site = await Site.open();
  for (const name of ['Morel & Fils', '<img src=x onerror=alert(1)>', 'Hotel Adler']) await site.customer(name);
});

const CONTACT = 'Contact counts for so many days';
const saysDraft = (page: Page, says: string): Promise<void> => page.getByText(says, { exact: true }).waitFor();

it('an administrator changes a number where it stands, rehearses, publishes and looks back: by keyboard alone', async () => {
  const { page, faults } = await site.visitAs('administrator');
  await page.goto('/');
  await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  await press(page, 'g', 'r');
  await page.getByRole('heading', { name: 'Contact', exact: true }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);

  // What is wrong stands beside the number; nothing can be published.
  await tabTo(page, CONTACT);
  await press(page, 'Control+a');
  await page.keyboard.type('-1');
  await page.getByText('must be a whole number of days from 1 to 36500').waitFor();
  expect(await page.getByRole('button', { name: 'Publish' }).isDisabled()).toBe(true);
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await press(page, 'Control+a');
  await page.keyboard.type('2');
  await saysDraft(page, 'Draft: 1 change');
  // Arrows count.
  await press(page, 'ArrowDown');
  await saysDraft(page, 'Draft: 1 change');
  expect(await page.getByLabel(CONTACT).inputValue()).toBe('1');

  // A draft survives a reload, also one that is wrong.
  await page.reload();
  await saysDraft(page, 'Draft: 1 change');
  expect(await page.getByLabel(CONTACT).inputValue()).toBe('1');
  expect((await site.ask('GET', 'rules')).rules.contact.window).toBe(90);

  await tabTo(page, 'Rehearse');
  await press(page, 'Enter');
  await page.getByRole('heading', { name: /of 3 would stand otherwise now$/ }).waitFor();
  await page.getByRole('heading', { name: /figures? of \d+ shifts?$/ }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  expect((await site.ask('GET', 'rules')).rules.contact.window).toBe(90);

  await tabTo(page, 'Publish');
  await press(page, 'Enter');
  await page.getByRole('dialog', { name: 'Publish the draft' }).waitFor();
  await tabTo(page, 'Publish');
  await press(page, 'Enter');
  await page.getByText('Say why').waitFor();
  await page.getByLabel('Why').focus();
  await page.keyboard.type('Our customers answer within a day');
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await tabTo(page, 'Publish');
  // A second press while it is sent publishes nothing twice.
  await press(page, 'Enter', 'Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByText(/by Colleague administrator: Our customers answer within a day/).first().waitFor({ timeout: 60_000 });
  expect((await site.ask('GET', 'rules/history')).items).toHaveLength(2);
  await page.getByRole('button', { name: 'Discard' }).waitFor({ state: 'detached' });

  await page.getByRole('tab', { name: 'Rehearsal' }).focus();
  await press(page, 'ArrowRight');
  await page.getByRole('heading', { name: 'Compare' }).waitFor();
  await page.getByText(`${CONTACT}: 90, then 1`).first().waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await page.getByRole('tab', { name: 'History' }).focus();
  await press(page, 'ArrowRight');
  await tabTo(page, 'Test');
  await press(page, 'Enter');
  await page.getByRole('table', { name: 'The last 24 months together' }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  expect(faults).toEqual([]);
});

it('rules go out and come in as JSON; what is wrong with them is said there', async () => {
  const { page, faults } = await site.visitAs('administrator');
  await page.goto('/rules');
  await page.getByRole('button', { name: 'As JSON' }).focus();
  await press(page, 'Enter');
  const text = page.getByRole('dialog').getByRole('textbox', { name: 'Rules' });
  await text.waitFor();
  const rules = JSON.parse(await text.inputValue());
  const use = async (given: string): Promise<void> => {
    await text.fill(given);
    await page.getByRole('button', { name: 'Use as the draft' }).focus();
    await press(page, 'Enter');
  };
  await use('{"preset":');
  await page.getByText(/^This is not JSON/).waitFor();
  await use(JSON.stringify({ ...rules, advocacy: { window: -1 } }));
  await page.getByText('advocacy.window: must be a whole number of days from 1 to 36500').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await use(JSON.stringify({ ...rules, advocacy: { window: 100 } }));
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await saysDraft(page, 'Draft: 1 change');
  expect(await page.getByLabel('Standing up for us counts for so many days').inputValue()).toBe('100');
  await page.getByRole('button', { name: 'Discard' }).focus();
  await press(page, 'Enter');
  await page.getByText(/^Draft: /).waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
});

it('a leader rehearses and does not publish; an account manager only reads; 360 pixels are enough', async () => {
  const leader = await site.visitAs('leader', { viewport: { width: 360, height: 640 } });
  await leader.page.goto('/rules');
  await leader.page.getByLabel(CONTACT).fill('45');
  await saysDraft(leader.page, 'Draft: 1 change');
  await leader.page.getByText('An administrator publishes').waitFor();
  expect(await leader.page.getByRole('button', { name: 'Publish' }).count()).toBe(0);
  expect(await leader.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  const manager = await site.visitAs('account-manager');
  await manager.page.goto('/rules');
  await manager.page.getByRole('heading', { name: 'Contact', exact: true }).waitFor();
  expect(await manager.page.getByRole('textbox').count()).toBe(0);
  expect(await axeFindsInBothThemes(manager.page)).toEqual([]);
  expect([...leader.faults, ...manager.faults]).toEqual([]);
});
