/** The verbs about rules, from a preset to rules in force, on a folder of their own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Built, type Run } from './five-ring.js';

let built: Built;
let data: string;
beforeAll(() => {
  built = build();
  data = mkdtempSync(join(tmpdir(), 'five-ring-rules-'));
});
afterAll(() => {
  built.remove();
  rmSync(data, { recursive: true, force: true });
});

const cli = (...args: string[]): Promise<Run> => built.run(args, { FIVE_RING_DATA: data, FIVE_RING_AS: 'ada' });

it('goes from a preset over check and rehearsal to rules in force', async () => {
  const file = join(data, 'draft.json');
  await built.run(['colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales'], { FIVE_RING_DATA: data });
  await cli('customer', 'add', 'Morel & Fils');
  const daysAgo = new Date(Date.now() - 70 * 86_400_000).toISOString();
  expect((await cli('log', 'morel', 'reply', '--occurred-at', daysAgo)).code).toBe(0);

  const preset = await cli('rules', 'presets', 'annual-contracts');
  const draft = JSON.parse(preset.out) as { contact: { window: number } };
  writeFileSync(file, JSON.stringify({ ...draft, contact: { ...draft.contact, window: -60 } }));
  expect(await cli('rules', 'check', file)).toMatchObject({ code: 1, out: expect.stringContaining('contact.window must be a whole number of days') });
  writeFileSync(file, JSON.stringify({ ...draft, contact: { ...draft.contact, window: 60 } }));
  expect(await cli('rules', 'check', file)).toMatchObject({ code: 0, out: expect.stringContaining('in the last 60 days') });

  const rehearsed = await cli('rules', 'rehearse', file);
  expect(rehearsed).toMatchObject({ code: 0 });
  expect(rehearsed.out).toMatch(/contact\.window: 90, then 60[^]*1 customer would stand otherwise now\.[^]*Morel & Fils +1 at risk → out/);

  expect(await cli('rules', 'publish', file)).toMatchObject({ code: 2, err: expect.stringContaining("'--reason <text>' not specified") });
  expect(await cli('rules', 'publish', file, '--reason', 'They answer sooner')).toMatchObject({ code: 0, out: expect.stringMatching(/^Published, and in force: annual-contracts-/) });
  expect((await cli('rules', 'show')).out).toMatch(/by Ada Berg: They answer sooner[^]*in the last 60 days/);
  expect((await cli('rules', 'history')).out).toContain('contact.window: 90, then 60');
  expect((await cli('rules', 'back-test', '--months', '3')).out).toMatch(/1 Contact +30/);
  expect(JSON.parse((await cli('--json', 'rules', 'show')).out)).toMatchObject({ rules: { contact: { window: 60 } }, takingEffect: null });
  writeFileSync(file, '{"preset":');
  expect(await cli('rules', 'check', file)).toMatchObject({ code: 1, err: expect.stringContaining('is not valid JSON') });
}, 60_000);
