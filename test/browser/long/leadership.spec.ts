/** Leadership: links that hold, kept figures, parts, tables for spreadsheets, and the printed page. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { advocates, RATE, withAdvocates } from '../advocates.js';
import { axeFinds, axeFindsInBothThemes, press, Site, tabTo } from '../browser.js';

jest.setTimeout(240_000);

let site: Site;
let ids: string[];
beforeAll(async () => {
  site = await Site.open();
  ids = await withAdvocates(site);
});

/** The value that the screen of a figure says first. */
const first = async (page: Page): Promise<string> => (await page.getByRole('link', { name: RATE }).first().textContent()) ?? '';

it('a link shows the same for ever, and a kept figure says what changed it', async () => {
  const { page, context, faults } = await site.visitAs('leader');
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.url });
  await page.goto('/leadership/figure/advocacy-rate');
  await page.getByText('3 lines').waitFor();
  const before = await first(page);
  await page.locator('main').focus();
  await tabTo(page, 'Copy link');
  await press(page, 'Enter');
  await page.getByText('Link copied').waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());

  await tabTo(page, 'Keep');
  await press(page, 'Enter');
  await page.getByRole('dialog', { name: 'Keep: Advocacy rate' }).waitFor();
  await page.keyboard.type('Board, Q2');
  expect(await axeFinds(page)).toEqual([]);
  await press(page, 'Enter');
  await page.getByText('Kept: Board, Q2').waitFor();

  await page.goto('/leadership/kept');
  await page.getByRole('link', { name: 'Board, Q2' }).press('Enter');
  await page.getByText('Unchanged', { exact: true }).waitFor();

  // What happened before is told only now.
  await advocates(site, ids[2]!, 5);
  await page.goto(link);
  await page.getByText(/^As it was on .*, as we knew it then/).waitFor();
  expect(await first(page)).toBe(before);
  await page.goto('/leadership/figure/advocacy-rate');
  await page.getByText('3 lines').waitFor();
  // The same without the clocks is another number: the link is what holds.
  expect(await first(page)).not.toBe(before);

  await page.goto('/leadership/kept');
  await page.getByRole('link', { name: 'Board, Q2' }).press('Enter');
  await page.getByText('It would be told differently today').waitFor();
  await page.getByText('Late entry').first().waitFor();
  await page.getByRole('link', { name: 'Bakery Sun' }).first().waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await page.goto('/leadership');
  await page.getByText(/“Board, Q2”: kept as .*, now .*\(late entry\)/).waitFor();
  expect(faults).toEqual([]);
});

it('is divided and narrowed by the address; what is taken along runs no formula; 360 pixels are enough', async () => {
  const { page, faults } = await site.visitAs('leader', { viewport: { width: 360, height: 700 } });
  await page.goto('/leadership/figure/advocacy-rate?split=segment');
  await page.getByRole('table', { name: 'The parts' }).waitFor();
  await page.getByRole('link', { name: 'bakeries' }).press('Enter');
  await page.waitForURL(/segment=bakeries/);
  await page.getByText('2 lines').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'All of them as CSV' }).press('Enter');
  const csv = await readFile(await (await download).path(), 'utf8');
  expect(csv).toContain(`,'=SUM(1),`);
  expect(csv.trimEnd().split('\r\n')).toHaveLength(3);
  await page.goto('/leadership');
  await page.getByRole('img', { name: /^Advocacy rate: .* on / }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(faults).toEqual([]);
});

it('the report is one page of A4 and of Letter, and light in the dark theme', async () => {
  const { page, faults } = await site.visitAs('leader', { colorScheme: 'dark' });
  await page.goto('/leadership/report');
  const sheet = page.getByRole('article', { name: 'How our customers stand' });
  await sheet.waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  expect(await sheet.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe('rgb(255, 255, 255)');
  for (const format of ['A4', 'Letter']) {
    const pages = (await page.pdf({ format })).toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
    expect([format, pages.length]).toEqual([format, 1]);
  }
  expect(faults).toEqual([]);
});
