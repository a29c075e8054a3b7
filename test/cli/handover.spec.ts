/** The verbs about handing over, on a folder of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Built, type Run } from './five-ring.js';

let built: Built;
let data: string;
beforeAll(() => {
  built = build();
  data = mkdtempSync(join(tmpdir(), 'five-ring-handover-'));
});
afterAll(() => {
  built.remove();
  rmSync(data, { recursive: true, force: true });
});

const cli = (as: string, ...args: string[]): Promise<Run> => built.run(args, { FIVE_RING_DATA: data, FIVE_RING_AS: as });

it('customers are given, listed, and acknowledged', async () => {
  await cli('ada', 'colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales');
  await cli('ada', 'colleague', 'add', 'ben', 'Ben Orth', '--department', 'service');
  for (const name of ['Morel & Fils', 'Kaya Ltd']) await cli('ada', 'customer', 'add', name, '--owner', 'ada');
  expect(await cli('ada', 'handover', 'give', '--to', 'ben')).toMatchObject({ code: 2, err: expect.stringContaining('Name the customers, or --all-of') });
  expect((await cli('ada', 'handover', 'give', 'morel', '--to', 'ben', '--note', 'Likes calls')).out).toContain('1 customer handed over to ben');
  expect((await cli('ada', 'handover', 'give', '--all-of', 'ada', '--to', 'ben')).out).toContain('1 customer handed over to ben');
  expect((await cli('ada', 'handover', 'list', '--to', 'ben')).out).toMatch(/Morel & Fils +Ben Orth +Ada Berg[^]*2 customers not acknowledged yet/);
  expect(await cli('ada', 'handover', 'acknowledge', 'kaya')).toMatchObject({ code: 1, err: expect.stringContaining('only the new owner') });
  expect((await cli('ben', 'handover', 'acknowledge')).out).toContain('2 customers acknowledged');
  expect((await cli('ben', 'handover', 'acknowledge')).out).toContain('Nothing waits for you');
  expect((await cli('ada', 'handover', 'list', '--left')).out).toContain('owner is here');
}, 180_000);
