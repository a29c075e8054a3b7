/** An upgrade is killed (SIGKILL) at one of its steps, again and again: the data works on as it was, and no half backup stands under its name. FAULT_CYCLES sets how often, FAULT_SEED where. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openParts } from '../../src/app.module.js';
import { readConfig } from '../../src/config.js';
import { MANIFEST } from '../../src/shell/backup.js';
import { commandOf, randomOf, streamOf } from './appends.js';

const CYCLES = Number(process.env['FAULT_CYCLES'] ?? 3);
const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
const COMMANDS = 800;

let folder: string;
let data: string;
const children = new Set<ChildProcess>();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'five-ring-'));
  data = join(folder, 'data');
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

const open = () => openParts(readConfig({ FIVE_RING_DATA: data, FIVE_RING_TIME_ZONE: 'UTC', LOG_LEVEL: 'silent' }));

/** @returns the head of what was written. */
async function fill(): Promise<string> {
  const parts = await open();
  await parts.vault.ensureKeys(['somebody']);
  await Promise.all(Array.from({ length: COMMANDS }, (_, k) => parts.store.append(streamOf(k % 5, k), commandOf(k % 5, k), 'any')));
  await parts.projector.caughtUp();
  const { head } = await parts.heads.now();
  await parts.close();
  return head;
}

/** Runs the child, and kills it at this step. @returns how many steps it said, and whether it came to its end. */
async function run(to: string, step: number, mode = 'sound'): Promise<{ steps: number; isDone: boolean }> {
  const hook = pathToFileURL(join(__dirname, 'typescript.mjs')).href;
  const child = spawn(process.execPath, ['--import', hook, join(__dirname, 'upgrade.child.ts'), data, to, mode], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child.once('close', () => children.delete(child)));
  let [out, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (out.split('step ').length > step) child.kill('SIGKILL');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the child ended by itself: ${errors}`);
  return { steps: out.split('step ').length - 1, isDone: out.endsWith('done\n') };
}

async function problemsOf(head: string): Promise<string[]> {
  const half = (await readdir(folder)).filter((name) => name !== 'data' && !name.endsWith('.partial') && !existsSync(join(folder, name, MANIFEST)));
  const parts = await open().catch((error: unknown) => (error as Error).message);
  if (typeof parts === 'string') return [`does not open: ${parts}`];
  try {
    await parts.projector.caughtUp();
    const verdict = await parts.operations.verify();
    return [...half.map((name) => `half a backup: ${name}`), ...verdict.problems, ...(verdict.head === head ? [] : ['another log'])];
  } finally {
    await parts.close();
  }
}

it(`killed at any step, the old data works on, and the next try goes through (${CYCLES} cycles, FAULT_SEED=${SEED})`, async () => {
  const random = randomOf(SEED);
  const head = await fill();
  const { steps, isDone } = await run(join(folder, 'whole'), Infinity);
  expect(isDone).toBe(true);
  let killed = 0;
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    // A third of them early, a third late, a third anywhere.
    const step = 1 + Math.floor([random() * 4, steps - 4 + random() * 4, random() * steps][cycle % 3]!);
    if (!(await run(join(folder, `to-${cycle}`), step)).isDone) killed += 1;
    expect({ cycle, step, problems: await problemsOf(head) }).toEqual({ cycle, step, problems: [] });
  }
  expect(killed).toBeGreaterThan(0);
  expect((await run(join(folder, 'last'), Infinity)).isDone).toBe(true);
  process.stdout.write(`upgrade, kill -9: ${CYCLES} cycles, ${killed} killed at one of ${steps} steps: data whole and as it was, no half backup; FAULT_SEED=${SEED}\n`);
}, 60_000 + CYCLES * 15_000);

it('planted bug: an upgrade that works on the data itself is found', async () => {
  const head = await fill();
  await run(join(folder, 'to'), Infinity, 'moves');
  expect(await problemsOf(head)).not.toEqual([]);
}, 60_000);
