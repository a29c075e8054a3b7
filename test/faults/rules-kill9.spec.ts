/** A server is killed (SIGKILL) while published rules take effect; it starts by the new rules, and all is well. FAULT_CYCLES sets how often. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openParts } from '../../src/app.module.js';
import { readConfig } from '../../src/config.js';
import { PRESETS } from '../../src/rings/rules.js';
import { RulesInForce } from '../../src/rings/rules-in-force.js';
import { startProcess } from '../api/process.js';

const CYCLES = Number(process.env['FAULT_CYCLES'] ?? 3);
const rules = PRESETS['annual-contracts']!;
const CUSTOMERS = 20;

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'five-ring-rules-'))));
afterEach(() => rm(folder, { recursive: true }));

/** Publishes rules with this window and kills the server once they begin to take effect. @returns how far they had come. */
async function publishAndKill(window: number, isFirst: boolean): Promise<{ done: number; of: number } | null> {
  const { child, port, authorization, exit } = await startProcess({ FIVE_RING_DATA: folder, FIVE_RING_TIME_ZONE: 'UTC' });
  const send = async (method: string, path: string, body?: object): Promise<Record<string, never>> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`, { method, headers: { authorization, 'content-type': 'application/json', 'x-colleague': 'ada' }, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const json = (await answer.json()) as Record<string, never>;
    if (!answer.ok) throw new Error(JSON.stringify(json));
    return json;
  };
  try {
    if (isFirst) {
      await send('POST', 'colleagues', { id: 'ada', name: 'Ada', department: 'sales' });
      for (let n = 0; n < CUSTOMERS; n += 1) {
        const { id } = await send('POST', 'customers', { name: `Customer ${n}` });
        for (let k = 0; k < 4; k += 1) await send('POST', `customers/${id}/interactions`, { entries: Array.from({ length: 50 }, () => ({ kind: 'reply', occurredAt: new Date(Date.now() - 86_400_000 * (n + k)).toISOString() })) });
      }
    }
    await send('POST', 'rules', { rules: { ...rules, contact: { ...rules.contact, window } }, reason: `Window ${window}` });
    return (await send('GET', 'rules'))['takingEffect'] as unknown as { done: number; of: number } | null;
  } finally {
    child.kill('SIGKILL');
    await exit;
  }
}

/** What is wrong with the folder after the kill. */
async function problemsOf(window: number): Promise<string[]> {
  const parts = await openParts(readConfig({ FIVE_RING_DATA: folder, FIVE_RING_TIME_ZONE: 'UTC', LOG_LEVEL: 'silent' }));
  try {
    await parts.projector.caughtUp();
    const { problems } = await parts.operations.verify();
    const { total } = (await parts.rows.db.selectFrom('portfolio' as never).select(({ fn }) => fn.countAll().as('total')).executeTakeFirst()) as { total: number };
    return [...problems, ...(parts.inForce.rules.contact.window === window ? [] : [`by ${parts.inForce.rules.contact.window} days, not ${window}`]), ...(total === CUSTOMERS ? [] : [`${total} customers`])];
  } finally {
    await parts.close();
  }
}

it(`killed in the middle of the rebuild, it starts by the new rules and all is well (${CYCLES} cycles)`, async () => {
  let inTheMiddle = 0;
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    if ((await publishAndKill(60 + cycle, cycle === 0)) !== null) inTheMiddle += 1;
    expect(await problemsOf(60 + cycle)).toEqual([]);
  }
  expect(inTheMiddle).toBeGreaterThan(0);
}, 30_000 + CYCLES * 20_000);

it('planted bug: a start that forgets what was published is found', async () => {
  await publishAndKill(60, true);
  const open = RulesInForce.open.bind(RulesInForce);
  const spy = jest.spyOn(RulesInForce, 'open').mockImplementation((store, preset, now) => open({ compare: (a, b) => store.compare(a, b), read: () => Promise.resolve([]) }, preset, now));
  try {
    expect(await problemsOf(60)).toEqual([expect.stringContaining('by 90 days')]);
  } finally {
    spy.mockRestore();
  }
}, 60_000);
