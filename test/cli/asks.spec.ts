/** The verbs about advocacy, on a folder of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Built, type Run } from './five-ring.js';

let built: Built;
let data: string;
beforeAll(() => {
  built = build();
  data = mkdtempSync(join(tmpdir(), 'five-ring-asks-'));
});
afterAll(() => {
  built.remove();
  rmSync(data, { recursive: true, force: true });
});

const cli = (...args: string[]): Promise<Run> => built.run(args, { FIVE_RING_DATA: data, FIVE_RING_AS: 'ada' });

it('people are asked, answer, and stand on the board; the tree has who was brought', async () => {
  await cli('colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales');
  await cli('customer', 'add', 'Morel & Fils', '--owner', 'ada');
  await cli('customer', 'add', 'Kaya Ltd');
  await cli('log', 'morel', 'person-added', '--name', 'Ines Morel');
  expect(await cli('ask', 'make', 'morel', 'ines', 'reference', 'Would you take a call?')).toMatchObject({ code: 1, err: expect.stringContaining('no consent') });
  await cli('log', 'morel', 'consent-given', '--person', 'ines', '--purpose', 'reference-calls');
  await cli('log', 'morel', 'survey-answered', '--person', 'ines', '--nps', '9');
  expect((await cli('ask', 'whom', '--act', 'reference')).out).toMatch(/yes +0 +Ines Morel +Morel & Fils +2 +Would recommend us: 9 of 10\./);
  const [, id] = /Ask (\S+)/.exec((await cli('ask', 'make', 'morel', 'ines', 'reference', 'Would you take a call?')).out)!;
  expect((await cli('ask', 'declined', 'morel', id!, '--reason', 'No time')).out).toContain('is declined');
  expect((await cli('ask', 'list')).out).toMatch(/declined +Ines Morel +Morel & Fils +reference[^]*1 ask\./);
  expect((await cli('advocates')).out).toMatch(/Ines Morel +Morel & Fils +0 +0 +0 [^]*1 person\./);
  const kaya = /"id":"([^"]+)"/.exec((await cli('customer', 'show', 'kaya', '--json')).out)![1]!;
  await cli('log', 'morel', 'referral', '--person', 'ines', '--referred-customer', kaya);
  expect((await cli('referrals')).out).toMatch(/Morel & Fils: has not bought, stood up for us\n {2}Kaya Ltd: has not bought/);
}, 300_000);
