/**
 * `npm run bench:portfolio`: how a portfolio of 10,000 customers opens and scrolls in a real browser. Prints what was measured; the
 * bar is no frame over 50 ms. Asserts no times: it fails only where rows are missing.
 */
import { Site } from './browser.js';
import { byWheel, FRAME_BAR_MS, framesWhile, measuredOn, said, tasksWhile, toTheEnd, verdict } from './frames.js';

jest.setTimeout(900_000);

const CUSTOMERS = 10_000;

it('opens and scrolls', async () => {
  const site = await Site.open();
  const { page, context, faults } = await site.visitAs('administrator', { viewport: { width: 1280, height: 900 } });
  const mapping = { customer: { source: 'many', sourceId: '{Id}', name: '{Name}', segment: '{Segment}' }, entry: { source: 'many', sourceId: 'P-{Id}', kind: 'purchase', occurredAt: '{Date}' }, dates: { format: 'ISO' } };
  const rows = ['Id,Name,Segment,Date', ...Array.from({ length: CUSTOMERS }, (_, n) => `C-${n},Customer ${String(n).padStart(5, '0')},Segment ${n % 7},2026-${String(1 + (n % 9)).padStart(2, '0')}-1${n % 9}`)].join('\n');
  const answer = await context.request.post('/api/v1/imports', { headers: { origin: site.url }, multipart: { mapping: JSON.stringify(mapping), file: { name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) } }, timeout: 600_000 });
  const { result } = JSON.parse((await answer.text()).trim().split('\n').at(-1)!) as { result: { entriesAdded: number } };
  expect(result.entriesAdded).toBe(CUSTOMERS);
  // The views take a while for so many.
  for (let total = 0; total < CUSTOMERS; total = (await site.ask('GET', 'portfolio?limit=1').catch(() => ({ total: 0 }))).total) await page.waitForTimeout(500);

  const open = async (): Promise<number> => {
    await page.goto('/portfolio?whose=all&sort=name');
    await page.getByRole('grid').getByRole('link', { name: 'Customer 00000' }).waitFor();
    return page.evaluate(() => performance.now() - Math.min(...performance.getEntriesByType('resource').filter(({ name }) => name.includes('/portfolio?')).map((entry) => (entry as PerformanceResourceTiming).responseEnd)));
  };
  await open();
  const drawn = await open();
  const idle = await framesWhile(page, () => page.waitForTimeout(3000));
  const wheel = await framesWhile(page, () => byWheel(page));
  const fast = await framesWhile(page, () => toTheEnd(page, 60));
  await page.getByRole('grid').getByRole('link', { name: `Customer ${String(CUSTOMERS - 1).padStart(5, '0')}` }).waitFor();
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
  await open();
  const tasks = await tasksWhile(page, async () => {
    await byWheel(page);
    await toTheEnd(page, 60);
  });
  process.stdout.write(
    [
      '',
      `${CUSTOMERS} customers; ${nodes} nodes in the page at its end`,
      `from the data to the first rows, warm: at most ${drawn.toFixed(0)} ms`,
      `at rest:              ${said(idle)}`,
      `by the wheel:         ${said(wheel)}: ${verdict(wheel)}`,
      `to the end at once:   ${said(fast)}: ${verdict(fast)}`,
      `tasks of the page by processor time, both ways of scrolling: ${tasks.length}, longest ${tasks.slice(0, 5).map((ms) => ms.toFixed(0)).join(', ')} ms; ${tasks.filter((ms) => ms > FRAME_BAR_MS).length} over ${FRAME_BAR_MS} ms`,
      measuredOn(page),
      '',
    ].join('\n'),
  );
  expect(faults).toEqual([]);
});
