/**
 * A server that fills its views from the log is killed (SIGKILL) on the way; the next one goes on, and whoever reads meanwhile sees all
 * or is told to wait. FAULT_CYCLES sets how often, FAULT_SEED where. Views made anew while everything goes on: rules-kill9.spec.ts.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openParts } from '../../src/app.module.js';
import { readConfig } from '../../src/config.js';
import type { Json } from '../api/app.js';
import { startProcess, type Running } from '../api/process.js';
import { randomOf } from './appends.js';

const CYCLES = Number(process.env['FAULT_CYCLES'] ?? 3);
const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
const CUSTOMERS = 20;
const EACH = 150;
/** Commits that fill the views: a batch of 1000 events each, and the rows of streams at the end. */
const COMMITS = Math.floor((CUSTOMERS * EACH) / 1000);

let folder: string;
/** A folder in which everything is recorded, without views. */
let told: string;
const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'five-ring-rebuild-'));
const withoutViews = async (): Promise<void> => {
  for (const suffix of ['', '-wal', '-shm']) await rm(join(folder, `views.db${suffix}`), { force: true });
};
const start = (env: Readonly<Record<string, string>> = {}): Promise<Running> => startProcess({ FIVE_RING_DATA: folder, FIVE_RING_TIME_ZONE: 'UTC', ...env }, ['../faults/rebuild.preload.ts']);

async function ask({ port, authorization }: Running, path: string, body?: object): Promise<{ status: number; json: Json }> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`, { method: body === undefined ? 'GET' : 'POST', headers: { authorization, 'x-colleague': 'ada', ...(body !== undefined && { 'content-type': 'application/json' }) }, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { status: answer.status, json: await answer.json() };
}

beforeAll(async () => {
  folder = told = await newFolder();
  const running = await start();
  expect(await ask(running, 'colleagues', { id: 'ada', name: 'Ada', department: 'sales' })).toMatchObject({ status: 201 });
  await Promise.all(Array.from({ length: CUSTOMERS }, async (_, n) => {
    const { json } = await ask(running, 'customers', { name: `Customer ${n}` });
    for (let left = EACH; left > 0; left -= 50) expect(await ask(running, `customers/${json.id}/interactions`, { entries: Array.from({ length: 50 }, () => ({ kind: 'reply' })) })).toMatchObject({ status: 201 });
  }));
  running.child.kill('SIGTERM');
  await running.exit;
  await withoutViews();
}, 180_000);
afterAll(() => rm(told, { recursive: true }));
beforeEach(async () => {
  folder = await newFolder();
  await cp(told, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

/** Reads until the server is gone, or everything was read whole `enough` times. @returns what was wrong with the answers. */
async function read(running: Running, enough = 3): Promise<string[]> {
  const problems: string[] = [];
  for (let whole = 0; whole < enough; ) {
    let answer: { status: number; json: Json };
    try {
      answer = await ask(running, 'portfolio?limit=200');
    } catch {
      return problems;
    }
    const { status, json } = answer;
    if (status === 200 && json.total === CUSTOMERS && json.items.length === CUSTOMERS) whole += 1;
    else if (status === 200) return [...problems, `half a view: ${json.total} customers of ${CUSTOMERS}`];
    else if (status !== 503 || json.code !== 'views-filling') return [...problems, `a read got ${status} ${json.code}`];
  }
  return problems;
}

/** What is wrong with the views of the folder, after a kill at one of the commits that fill them. */
async function problemsAfter(): Promise<readonly string[]> {
  const parts = await openParts(readConfig({ FIVE_RING_DATA: folder, FIVE_RING_TIME_ZONE: 'UTC', LOG_LEVEL: 'silent' }));
  try {
    await parts.projector.caughtUp();
    return (await parts.operations.verify()).problems;
  } finally {
    await parts.close();
  }
}

it(`killed while the views are filled, it goes on, and nobody sees half of them (${CYCLES} cycles, FAULT_SEED=${SEED})`, async () => {
  const random = randomOf(SEED);
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    await withoutViews();
    // The first write is none of a batch, the rows of streams come after all batches: anywhere between.
    const at = 2 + Math.floor(random() * COMMITS);
    // It may be killed before it says that it listens.
    const running = await start({ KILL_AT: String(at) }).catch(() => undefined);
    const problems = running === undefined ? [] : await read(running, Infinity);
    await running?.exit;
    const next = await start();
    problems.push(...(await read(next)));
    next.child.kill('SIGKILL');
    await next.exit;
    expect({ cycle, at, problems }).toEqual({ cycle, at, problems: [] });
    expect({ cycle, at, problems: await problemsAfter() }).toEqual({ cycle, at, problems: [] });
  }
  process.stdout.write(`views filled, kill -9: ${CYCLES} kills at one of ${COMMITS} commits: views as a fresh replay, nobody saw half of them; FAULT_SEED=${SEED}\n`);
}, 180_000 + CYCLES * 60_000);

describe('a planted bug is found', () => {
  it('reads that do not wait until the views are filled', async () => {
    const running = await start({ PLANT: 'reads do not wait' });
    const problems = await read(running);
    running.child.kill('SIGKILL');
    await running.exit;
    expect(problems).toEqual([expect.stringMatching(/^half a view: \d+ customers of 20$/)]);
  }, 180_000);

  it('a checkpoint that is written before the rows', async () => {
    await start({ PLANT: 'checkpoint first', KILL_AT: '3' }).then(({ exit }) => exit).catch(() => undefined);
    expect((await problemsAfter()).join('\n')).toMatch(/differs from a fresh replay/);
  }, 180_000);
});
