/** Importing a file on screen, by keyboard alone: recognised, mapped, tried, imported, undone; and what goes wrong on the way. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Between } from '../between.js';
import { axeFindsInBothThemes, HOSTILE, press, Site, tabTo } from '../browser.js';

jest.setTimeout(300_000);

let site: Site;
let folder: string;
beforeAll(async () => {
  [site, folder] = await Promise.all([Site.open(), mkdtemp(join(tmpdir(), 'five-ring-import-'))]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Chooses a file: the button by keyboard, and what the system's own dialog would give. */
async function choose(page: Page, name: string, content: string | Buffer, button: RegExp = /^Choose (a|another) file$/): Promise<void> {
  const file = join(folder, name);
  await writeFile(file, content);
  await page.getByRole('button', { name: button }).focus();
  const opened = page.waitForEvent('filechooser');
  // The listener is in place in the browser before the key is pressed.
  await page.evaluate(() => document.activeElement?.textContent);
  await press(page, 'Enter');
  await (await opened).setFiles(file);
}

const HEADER = 'Ticket ID;Customer No;Customer Name;Opened At;Type;Direction;Priority;Subject';
const row = (n: number, type = 'Complaint', date = '05.03.2026 09:00'): string => `T-${n};K-${n % 3};M\u00fcller ${n % 3};${date};${type};in;High;Subject ${n}`;

it('a file with umlauts, a value without a meaning and a bad row goes in: by keyboard alone', async () => {
  // Nobody else imports here, nor did an attempt before.
  const own = await Site.open();
  const { page, faults } = await own.visitAs('administrator');
  await page.goto('/');
  await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  await press(page, 'g', 'i');
  await page.getByRole('heading', { name: 'Import', level: 1 }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await choose(page, 'tickets-2026-10.csv', Buffer.from([HEADER, row(1), row(2, 'Zettel'), row(3, 'Complaint', '32.13.2026 09:00'), ...HOSTILE.map((text, n) => `H-${n};K-9;"${text.replaceAll('"', '""').replace(/[^\0-\xff]/gu, '?')}";05.03.2026 10:00;Complaint;in;High;"${text.replaceAll('"', '""').replace(/[^\0-\xff]/gu, '?')}"`)].join('\r\n'), 'latin1'));
  const table = page.getByRole('table', { name: 'What the first rows become' });
  await table.getByText('Müller 1').first().waitFor();
  await page.getByText('Windows-1252 (Latin) was recognised', { exact: false }).waitFor();
  expect(await page.getByLabel('Separated by').first().inputValue()).toBe('semicolon');
  expect(await page.getByLabel('Written as').first().inputValue()).toBe('DD.MM.YYYY HH:mm');
  expect(await axeFindsInBothThemes(page)).toEqual([]);

  await tabTo(page, 'Dry run');
  await press(page, 'Enter');
  const total = 3 + HOSTILE.length;
  await page.getByText(`${total - 2} rows would go in or are here already, 2 would not`).waitFor();
  const bad = page.getByRole('table', { name: 'Bad rows' });
  await bad.getByRole('row', { name: /^3 Type Zettel Kind/ }).waitFor();
  await bad.getByRole('row', { name: /^4 Opened At 32\.13\.2026 09:00 When it happened/ }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  expect((await own.ask('GET', 'portfolio')).items).toEqual([]);

  // The value gets its meaning; the dry run is asked for again before anything goes in.
  await page.getByRole('combobox', { name: 'Zettel means' }).focus();
  await page.keyboard.type('enqu');
  // It is marked a moment after it is shown.
  await page.locator('[role=option][data-combobox-selected]', { hasText: 'Enquiry' }).waitFor();
  await press(page, 'Enter');
  await page.getByText('The mapping was changed after this dry run.').waitFor();
  expect(await page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Dry run' }).focus();
  await press(page, 'Enter');
  await page.getByText(`${total - 1} rows would go in or are here already, 1 would not`).waitFor();
  await tabTo(page, 'Import');
  await press(page, 'Enter', 'Enter');
  await page.getByText(`${total - 1} rows are in, 1 are not`).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  // The lists are made from what was recorded a moment later.
  await own.caughtUp();
  expect((await own.ask('GET', 'portfolio')).items).toHaveLength(3);

  const saved = page.getByRole('button', { name: 'Download as CSV' }).last();
  await saved.focus();
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Enter')]);
  expect(download.suggestedFilename()).toBe('tickets-2026-10-failed.csv');

  // The same file again adds nothing.
  await page.getByRole('button', { name: 'Import', exact: true }).focus();
  await press(page, 'Enter');
  await page.getByText('New entries').last().waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll('dt')].filter(({ textContent }) => textContent === 'New entries').at(-1)?.nextElementSibling?.textContent === '0');
  expect((await own.ask('GET', 'portfolio')).items).toHaveLength(3);

  // The mapping goes out as a file, is kept for the next of its kind, and comes in again.
  await page.getByRole('button', { name: 'Save the mapping' }).focus();
  const [mapping] = await Promise.all([page.waitForEvent('download'), press(page, 'Enter')]);
  expect(mapping.suggestedFilename()).toBe('mapping.json');
  await choose(page, 'tickets-2026-11.csv', [HEADER, row(50, 'Zettel')].join('\n'));
  await page.getByText('Files with these columns were mapped like this before.').waitFor();
  await table.getByText('Enquiry').waitFor();
  await choose(page, 'wrong.json', '{"customer":', /^Load a mapping$/);
  await page.getByText(/^wrong\.json is no mapping/).waitFor();
  await choose(page, 'right.json', JSON.stringify({ customer: { source: 'crm', sourceId: '{Customer No}' }, entry: { kind: 'note', occurredAt: '{Opened At}' }, dates: { format: 'DD.MM.YYYY HH:mm' } }), /^Load a mapping$/);
  await table.getByText('Note').waitFor();
  expect(faults).toEqual([]);
});

it.each<[string, string | Buffer, string]>([
  ['empty.csv', '', 'The file is empty.'],
  ['book.csv', Buffer.from('PK\x03\x04xl/workbook.xml', 'latin1'), 'This is a spreadsheet.'],
  ['header.csv', 'a,b\n', 'The file has a header and no row below it.'],
  ['twice.csv', 'a,a\n1,2\n', 'Two columns have the same name.'],
])('%s is refused, and says why', async (name, content, says) => {
  const { page, context, faults } = await site.visitAs('administrator', { viewport: { width: 360, height: 640 } });
  await page.goto('/import');
  await choose(page, name, content);
  await page.getByRole('alert').getByText(says).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(faults).toEqual([]);
  await context.close();
});

it('a connection that breaks is said, what was recorded stays, and sending again adds what is missing', async () => {
  const { page, context } = await site.visitAs('administrator');
  await page.goto('/import');
  const many = ['Id,Customer No,Date,Type,Direction,Notes', ...Array.from({ length: 5000 }, (_, n) => `M-${n},C-${n % 50},2026-03-02,Enquiry,in,Row ${n}`)].join('\n');
  await choose(page, 'many.csv', many);
  await page.getByRole('button', { name: 'Dry run' }).focus();
  await press(page, 'Enter');
  await page.getByText('All 5,000 rows would go in or are here already').waitFor({ timeout: 90_000 });
  // The server does its part, and its answer is lost on the way.
  await context.route('**/api/v1/imports?dryRun=false', async (route) => {
    const mapping = { customer: { source: 'many', sourceId: '{Customer No}' }, entry: { sourceId: '{Id}', source: 'many', occurredAt: '{Date}', kind: { column: 'Type', values: { Enquiry: 'enquiry' } }, side: { column: 'Direction', values: { in: 'customer' } }, summary: '{Notes}' }, dates: { format: 'ISO' } };
    const answer = await context.request.post('/api/v1/imports', { headers: { origin: site.url }, multipart: { mapping: JSON.stringify(mapping), file: { name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(many) } }, timeout: 90_000 });
    expect((await answer.text()).trim().split('\n').at(-1)).toContain('"entriesAdded":5000');
    await route.abort('connectionreset');
  }, { times: 1 });
  await page.getByRole('button', { name: 'Import', exact: true }).focus();
  await press(page, 'Enter');
  await page.getByText('The connection broke').waitFor({ timeout: 90_000 });
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'Import again from the beginning' }).focus();
  await press(page, 'Enter');
  await page.getByText('All 5,000 rows are in').waitFor({ timeout: 90_000 });
  expect(await page.locator('dt', { hasText: 'Here already' }).last().locator('xpath=following-sibling::dd').textContent()).toBe('5,000');
});

it('an upload that is cut in the middle of its body is said; of what was recorded nothing is half, and importing again brings the rest', async () => {
  const own = await Site.open();
  const between = await Between.open(own.url);
  try {
    const ROWS = 6000;
    const { page, faults } = await own.visitAs('administrator', { baseURL: between.url });
    await page.goto('/import');
    await choose(page, 'cut.csv', ['Id,Customer No,Customer Name,Date,Type,Direction,Notes', ...Array.from({ length: ROWS }, (_, n) => `M-${n},C-${n % 50},Bakery ${n % 50},2026-03-02,Enquiry,in,Row ${n} and its end`)].join('\n'));
    await page.getByRole('button', { name: 'Dry run' }).focus();
    await press(page, 'Enter');
    await page.getByText('All 6,000 rows would go in or are here already').waitFor({ timeout: 90_000 });
    between.does((method, path) => (method === 'POST' && path.startsWith('/api/v1/imports?dryRun=false') ? { cutAfter: 200_000 } : undefined));
    await page.getByRole('button', { name: 'Import', exact: true }).focus();
    await press(page, 'Enter');
    await page.getByText('The connection broke').waitFor({ timeout: 90_000 });
    await page.getByText('What was recorded by then stays.', { exact: false }).waitFor();

    // All that stands in the log is whole: each entry with its words to their end, each at a customer with a name.
    await own.caughtUp();
    const { items: customers } = await own.ask('GET', 'portfolio?limit=200');
    expect(customers.filter(({ name }: { name: string }) => !/^Bakery \d+$/.test(name))).toEqual([]);
    const logged = async (): Promise<string[]> => {
      const found: string[] = [];
      for (let since: string | undefined, page = 1000; page === 1000; ) {
        const { items, next } = await own.ask('GET', `log?limit=1000${since === undefined ? '' : `&since=${since}`}`);
        found.push(...items.flatMap(({ type, data }: { type: string; data: { summary?: string } }) => (type === 'InteractionLogged' ? [data.summary ?? 'nothing'] : [])));
        [since, page] = [next, items.length];
      }
      return found;
    };
    const before = await logged();
    expect(before.length).toBeLessThan(ROWS);
    expect(before.filter((text) => !/^Row \d+ and its end$/.test(text))).toEqual([]);

    between.does();
    await page.getByRole('button', { name: 'Import again from the beginning' }).focus();
    await press(page, 'Enter');
    await page.getByText('All 6,000 rows are in').waitFor({ timeout: 120_000 });
    const after = await logged();
    expect([after.length, new Set(after).size]).toEqual([ROWS, ROWS]);
    expect(faults).toEqual([]);
  } finally {
    await between.close();
  }
});

it('an import that nobody has built on is undone, one that somebody has is not and says what it is: by keyboard', async () => {
  const own = await Site.open();
  const { page, faults } = await own.visitAs('administrator');
  await page.goto('/import');
  await choose(page, 'undo.csv', ['Ticket ID;Customer No;Customer Name;Opened At;Type', 'U-1;U-A;Bakery to undo;05.03.2026 09:00;Enquiry', 'U-2;U-A;Bakery to undo;06.03.2026 09:00;Enquiry'].join('\n'));
  await page.getByRole('button', { name: 'Dry run' }).focus();
  await press(page, 'Enter');
  await page.getByText('All 2 rows would go in or are here already').waitFor();
  await page.getByRole('button', { name: 'Import', exact: true }).focus();
  await press(page, 'Enter');
  await page.getByText('All 2 rows are in').waitFor();
  const runs = page.getByRole('list', { name: 'Past imports' });
  const run = runs.getByRole('listitem').filter({ hasText: 'undo.csv' });
  await run.getByText('2 new entries, 1 new customer').waitFor();

  const { items } = await own.ask('GET', 'portfolio?limit=200');
  const { id } = items.find(({ name }: { name: string }) => name === 'Bakery to undo');
  const { entries } = await own.ask('POST', `customers/${id}/interactions`, { entries: [{ kind: 'reply', summary: 'Built on it' }] });
  await tabTo(page, 'Undo undo.csv');
  await press(page, 'Enter');
  const dialog = page.getByRole('dialog', { name: 'Undo the import of undo.csv?' });
  await dialog.getByText('2 entries that it added are taken back.').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await tabTo(page, 'Undo the import');
  await press(page, 'Enter');
  await dialog.getByRole('alert').getByText('Nothing was undone: something builds on this import').waitFor();
  await dialog.getByRole('listitem').filter({ hasText: 'Bakery to undo: Reply stands at a customer that it added' }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await press(page, 'Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Undo undo.csv');

  await own.ask('POST', `customers/${id}/interactions/${entries[0]}/retract`, {});
  await press(page, 'Enter');
  await dialog.waitFor();
  await tabTo(page, 'Undo the import');
  await press(page, 'Enter');
  await dialog.waitFor({ state: 'detached' });
  await run.getByText('2 entries taken back, 1 customer removed').waitFor();
  await run.getByText('Undone', { exact: true }).waitFor();
  expect(await run.getByRole('button').count()).toBe(0);
  expect(await page.getByText('All 2 rows are in').count()).toBe(0);
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  expect((await own.ask('GET', 'portfolio?limit=200')).items.map(({ name }: { name: string }) => name)).not.toContain('Bakery to undo');
  expect(faults).toEqual([]);
});

it('who may not import does not see it', async () => {
  const { page, faults } = await site.visitAs('leader');
  await page.goto('/import');
  await page.getByRole('heading', { name: 'Not for your role' }).waitFor();
  expect(faults).toEqual([]);
});

it('what was recorded is downloaded again: the tables by leaders, the log by administrators alone', async () => {
  const { page, faults } = await site.visitAs('leader');
  await page.goto('/export');
  const list = page.getByRole('list', { name: 'Export' });
  await list.waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  expect(await list.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual(['/api/v1/export/interactions', '/api/v1/export/journeys', '/api/v1/export/xes']);
  await tabTo(page, 'Download Journeys');
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Enter')]);
  expect(download.suggestedFilename()).toMatch(/^five-ring-journeys-.*\.csv$/);
  expect(await download.failure()).toBeNull();
  expect(faults).toEqual([]);
  const administrator = await site.visitAs('administrator');
  await administrator.page.goto('/export');
  await administrator.page.getByRole('link', { name: 'Download The whole log' }).waitFor();
});
