/** The verbs about promises, on a folder of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Built, type Run } from './five-ring.js';

let built: Built;
let data: string;
beforeAll(() => {
  built = build();
  data = mkdtempSync(join(tmpdir(), 'five-ring-promises-'));
});
afterAll(() => {
  built.remove();
  rmSync(data, { recursive: true, force: true });
});

const cli = (...args: string[]): Promise<Run> => built.run(args, { FIVE_RING_DATA: data, FIVE_RING_AS: 'ada' });

it('a promise is made, listed, delivered, confirmed and taken back', async () => {
  await cli('colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales');
  await cli('customer', 'add', 'Morel & Fils', '--owner', 'ada');
  const made = await cli('promise', 'make', 'morel', 'A quote for the second line', '--due', '2035-05-05');
  const [, id] = /Promised to Morel & Fils\. Promise (\S+)/.exec(made.out)!;
  expect((await cli('promise', 'list')).out).toMatch(/open +Morel & Fils +A quote for the second line +Ada Berg +sales[^]*1 open \(0 due today\), 0 missed/);
  expect(await cli('promise', 'confirmed', 'morel', id!)).toMatchObject({ code: 1, err: expect.stringContaining('not delivered yet') });
  expect((await cli('promise', 'delivered', 'morel', id!, '--summary', 'By mail')).out).toContain('is delivered');
  expect((await cli('promise', 'confirmed', 'morel', id!)).out).toContain('is confirmed');
  expect((await cli('promise', 'list', 'morel')).out).toMatch(/kept, confirmed[^]*1 kept/);
  expect((await cli('promise', 'withdraw', 'morel', id!, '--reason', 'Noted twice')).out).toContain('was taken back');
  expect((await cli('promise', 'list', 'morel')).out).toContain('No promise to list: 0 open');
  expect(await cli('promise', 'make', 'morel', 'A call', '--due', '2020-01-01')).toMatchObject({ code: 1, err: expect.stringContaining('must lie after it happened') });
}, 300_000);
