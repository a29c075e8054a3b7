/** What is done once: loading the sample, another password, an import that is given up on the way. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { axeFindsInBothThemes, PASSWORD, press, Site, tabTo } from '../browser.js';

jest.setTimeout(400_000);

it('the sample is loaded from the first steps, with its progress in sight', async () => {
  const site = await Site.empty();
  await site.ask('POST', 'colleagues', { id: 'ada', name: 'Ada Brandt', department: 'sales' });
  const { page, faults } = await site.visitAs('administrator');
  await page.goto('/first-run');
  await page.getByText('Answer a question').waitFor();
  await tabTo(page, 'Decide later');
  await press(page, 'Enter');
  await page.getByRole('heading', { name: 'Load the sample' }).waitFor();
  await tabTo(page, 'Load the sample');
  // A second press loads nothing twice.
  await press(page, 'Enter', 'Enter');
  await page.getByRole('status', { name: 'The sample is being loaded' }).waitFor();
  await page.getByText('The sample is loaded').waitFor({ timeout: 300_000 });
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  const { total } = await site.ask('GET', 'portfolio?limit=1');
  expect(total).toBeGreaterThan(100);
  await page.waitForFunction(() => document.activeElement?.tagName === 'A');
  await press(page, 'Enter');
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  expect(faults).toEqual([]);
  await site.close();
});

it('with another password all other sessions end, and only the new one opens', async () => {
  const site = await Site.open();
  const [{ page, faults }, elsewhere] = [await site.visitAs('service'), await site.visitAs('service')];
  await elsewhere.page.goto('/portfolio');
  await elsewhere.page.getByRole('heading', { name: 'Portfolio' }).waitFor();
  await page.goto('/account');
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  const other = 'a longer sentence about rings';
  const fill = async (old: string): Promise<void> => {
    for (const [label, text] of [['Password as it is', old], ['New password', other], ['The new one again', other]] as const) {
      await page.getByLabel(label, { exact: true }).focus();
      await press(page, 'Control+a');
      await page.keyboard.type(text);
    }
    await press(page, 'Enter');
  };
  await fill('not the password');
  await page.getByText('is not your password').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await fill(PASSWORD);
  await page.getByText('Changed', { exact: true }).waitFor();
  // Here one stays signed in.
  await page.reload();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  await elsewhere.page.reload();
  await elsewhere.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  for (const [password, status] of [[PASSWORD, 401], [other, 200]] as const) {
    const answer = await (await site.visit()).context.request.post('/api/v1/session', { headers: { origin: site.url }, data: { colleague: 'service', password } });
    expect([password, answer.status()]).toEqual([password, status]);
  }
  expect(faults).toEqual([]);
  await site.close();
});

it('an import that is given up says what stays, and the rest comes with the next', async () => {
  const [site, folder] = await Promise.all([Site.open(), mkdtemp(join(tmpdir(), 'five-ring-given-up-'))]);
  const ROWS = 8000;
  const { page, faults } = await site.visitAs('administrator');
  await page.goto('/import');
  const file = join(folder, 'many.csv');
  await writeFile(file, ['Id,Customer No,Date,Type,Direction,Notes', ...Array.from({ length: ROWS }, (_, n) => `M-${n},C-${n % 50},2026-03-02,Enquiry,in,Row ${n}`)].join('\n'));
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /^Choose/ }).first().press('Enter');
  await (await chooser).setFiles(file);
  await page.getByRole('button', { name: 'Dry run' }).press('Enter');
  await page.getByText(/^All 8,000 rows would go in/).waitFor({ timeout: 90_000 });
  await page.getByRole('button', { name: 'Import', exact: true }).press('Enter');
  await page.getByRole('button', { name: 'Cancel' }).press('Enter');
  await page.getByText(/^The import was given up/).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'Import again from the beginning' }).press('Enter');
  await page.getByText(/^All 8,000 rows are in/).waitFor({ timeout: 90_000 });
  await site.caughtUp();
  const { items } = await site.ask('GET', 'portfolio?limit=200');
  expect(items).toHaveLength(50);
  const { items: entries } = await site.ask('GET', `customers/${items[0].id}/timeline?limit=200`);
  expect(new Set(entries.flatMap(({ summary }: { summary?: string }) => (summary === undefined ? [] : [summary]))).size).toBe(ROWS / 50);
  expect(faults).toEqual([]);
  await site.close();
  await rm(folder, { recursive: true, force: true });
});
