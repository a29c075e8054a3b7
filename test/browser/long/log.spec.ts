/** Logging, the rest: how long an ordinary call takes, hostile texts in every field, every kind, small screens, and what is done to an entry afterwards. */
import { axeFindsInBothThemes, HOSTILE, isIn, press, Site, tabTo } from '../browser.js';
import type { Page } from 'playwright-core';

jest.setTimeout(400_000);

let site: Site;
let morel: string;
let other: string;
beforeAll(async () => {
  site = await Site.open();
  morel = await site.customer('Morel & Fils');
  other = await site.customer('Berg Bakery');
});

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are read
const entriesOf = async (id: string): Promise<any[]> => (await site.ask('GET', `customers/${id}/timeline?limit=200`)).items.filter((item: any) => item.kind !== undefined && item.id !== undefined);
const dialog = (page: Page) => page.getByRole('dialog');
const isClosed = (page: Page): Promise<void> => dialog(page).waitFor({ state: 'detached' });
/** Opens what is done to an entry as the customer's page does. */
async function openFor(page: Page, customer: string, id: string, action: string): Promise<void> {
  await page.goto(`/customers/${customer}?entry=${id}`);
  await page.getByRole('button', { name: action }).first().press('Enter');
  await dialog(page).waitFor();
}

it('an ordinary call, typed as people type: measured', async () => {
  const { page } = await site.visitAs('service');
  await page.goto('/portfolio');
  await page.getByRole('link', { name: 'Morel & Fils' }).waitFor();
  // 70 words a minute, and half a second to think before each field.
  const delay = 170;
  const think = (): Promise<void> => page.waitForTimeout(500);
  const began = Date.now();
  await press(page, 'l');
  await isIn(page, 'Customer');
  await page.keyboard.type('more', { delay });
  await page.getByRole('option', { name: 'Morel & Fils', exact: true }).waitFor();
  await press(page, 'Enter');
  await isIn(page, 'What happened');
  await think();
  await press(page, '1');
  await isIn(page, 'Who acted');
  await think();
  await press(page, 't');
  await isIn(page, 'What was said and done');
  await think();
  await page.keyboard.type('Asked when line two comes; wants a date', { delay });
  await press(page, 'Control+Enter');
  await page.getByText('Recorded for Morel & Fils.').waitFor();
  process.stdout.write(`an ordinary call took ${((Date.now() - began) / 1000).toFixed(1)} s by keyboard alone\n`);
});

it('every kind of the catalogue opens its fields, 360 pixels wide, without a fault', async () => {
  const { page, faults } = await site.visitAs('service', { viewport: { width: 360, height: 740 } });
  await page.goto('/portfolio');
  await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
  await page.getByRole('button', { name: 'Log', exact: true }).press('Enter');
  await isIn(page, 'Customer');
  await page.keyboard.type('morel');
  await page.getByRole('option', { name: 'Morel & Fils', exact: true }).waitFor();
  await press(page, 'Enter');
  await isIn(page, 'What happened');
  const { items } = await site.ask('GET', 'kinds');
  for (const { kind, label, group } of items) {
    if (group === 'ours' || kind === 'person-added') continue;
    const field = page.getByRole('combobox', { name: 'What happened' });
    await field.focus();
    await field.fill(label);
    await page.getByRole('option', { name: label }).first().waitFor();
    await press(page, 'Enter');
    await page.waitForFunction((name) => [...document.querySelectorAll<HTMLInputElement>('form [role=combobox]')].some(({ value }) => value === name), label);
    // The focus has gone on, and does not go on while the next is typed.
    await page.waitForFunction(() => (document.activeElement as HTMLInputElement | null)?.labels?.[0]?.textContent !== 'What happened');
    expect([kind, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([kind, 360]);
  }
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  expect(faults).toEqual([]);
});

it('hostile texts typed into every field run nothing', async () => {
  const { page, faults } = await site.visitAs('account-manager');
  await page.goto('/portfolio');
  await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
  for (const [index, kind] of ['Reference', 'Purchase', 'Issue opened', 'Message sent', 'Decision opened'].entries()) {
    await press(page, 'l');
    await isIn(page, 'Customer');
    await page.keyboard.insertText(HOSTILE[index]!);
    await page.getByRole('option', { name: 'New customer' }).waitFor();
    await press(page, 'Enter');
    await isIn(page, 'What happened');
    await page.keyboard.type(kind);
    await press(page, 'Enter');
    await dialog(page).getByText('More details').press('Enter');
    const fields = dialog(page).locator('input:not([type=checkbox], [type=radio], [type=hidden], [type="datetime-local"]), textarea');
    for (let at = 2; at < await fields.count(); at++) {
      const field = fields.nth(at);
      if (!(await field.isVisible()) || (await field.getAttribute('readonly')) !== null) continue;
      await field.focus();
      await page.keyboard.insertText(HOSTILE[(at + index) % HOSTILE.length]!);
      await press(page, 'Tab');
    }
    await press(page, 'Control+Enter');
    await page.locator('[aria-invalid=true]').first().waitFor({ state: 'attached' });
    await dialog(page).getByRole('button', { name: 'Close' }).press('Enter');
    await isClosed(page);
    // The draft comes back as it was typed.
    await press(page, 'l');
    await page.getByText(/^Your draft of/).waitFor();
    await page.getByRole('button', { name: 'Start anew' }).press('Enter');
    await dialog(page).getByRole('button', { name: 'Close' }).press('Enter');
    await isClosed(page);
  }
  expect(faults).toEqual([]);
  // And as texts of an entry that was recorded.
  await press(page, 'l');
  await isIn(page, 'Customer');
  await page.keyboard.insertText(HOSTILE[1]!);
  await page.getByRole('option', { name: 'New customer' }).waitFor();
  await press(page, 'Enter');
  await isIn(page, 'What happened');
  await page.keyboard.type('note');
  await press(page, 'Enter');
  await isIn(page, 'What was said and done');
  await page.keyboard.insertText(HOSTILE.join('\n'));
  await tabTo(page, 'Who took part');
  await page.keyboard.insertText(HOSTILE[0]!);
  await press(page, 'Enter');
  await press(page, 'Control+Enter');
  await isClosed(page);
  await page.getByText('Recorded for').waitFor();
  expect(faults).toEqual([]);
});

it('a correction begins with what stands, and keeps it as a version', async () => {
  const { page, faults } = await site.visitAs('administrator');
  const { id } = (await entriesOf(morel)).find(({ kind }) => kind === 'call');
  await openFor(page, morel, id, 'Correct');
  const text = page.getByLabel('What was said and done');
  await text.waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  const before = await site.ask('GET', `customers/${morel}/interactions/${id}`);
  expect(await text.inputValue()).toBe(before.summary);
  await text.focus();
  await press(page, 'Control+a');
  await page.keyboard.type('Said it better');
  await press(page, 'Control+Enter');
  await isClosed(page);
  const after = await site.ask('GET', `customers/${morel}/interactions/${id}`);
  expect([after.summary, after.occurredAt, after.versions.length]).toEqual(['Said it better', before.occurredAt, 2]);
  expect(faults).toEqual([]);
});

it('taking back lists what falls before anything does', async () => {
  const { page, faults } = await site.visitAs('administrator');
  const { entries } = await site.ask('POST', `customers/${morel}/interactions`, { entries: [{ kind: 'issue-opened', severity: 2, summary: 'The door sticks' }, { kind: 'issue-resolved', about: '#0', summary: 'Planed it' }] });
  await openFor(page, morel, entries[0], 'Take back');
  await isIn(page, 'Why');
  await page.keyboard.type('Logged twice');
  await press(page, 'Enter');
  await page.getByText('These lose their meaning without it').waitFor();
  await page.getByText('Planed it').last().waitFor();
  for (const id of entries) expect(await site.ask('GET', `customers/${morel}/interactions/${id}`)).toMatchObject({ retracted: false });
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'Take it back, with 1 more' }).press('Enter');
  await isClosed(page);
  for (const id of entries) expect(await site.ask('GET', `customers/${morel}/interactions/${id}`)).toMatchObject({ retracted: true });
  expect(faults).toEqual([]);
});

it('moving says what stays behind, and takes the entry there', async () => {
  const { page, faults } = await site.visitAs('administrator');
  const { entries } = await site.ask('POST', `customers/${morel}/interactions`, { entries: [{ kind: 'person-added', name: 'Ines Morel' }, { kind: 'visit', side: 'us', people: ['#0'], summary: 'Looked at the ovens' }] });
  await openFor(page, morel, entries[1], 'Move');
  await page.getByRole('combobox', { name: 'Customer' }).focus();
  await page.keyboard.type('berg');
  await page.getByRole('option', { name: 'Berg Bakery' }).waitFor();
  await press(page, 'Enter');
  await page.getByText('People and entries belong to the customer it leaves').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'Move it' }).press('Enter');
  await isClosed(page);
  expect((await entriesOf(other)).find(({ kind }) => kind === 'visit')).toMatchObject({ summary: 'Looked at the ovens' });
  expect(await site.ask('GET', `customers/${morel}/interactions/${entries[1]}`)).toMatchObject({ retracted: true });
  expect(faults).toEqual([]);
});
