/** A backup beside a server that writes is killed (SIGKILL) at one of its steps, again and again: it is finished, or never happened. FAULT_CYCLES sets how often, FAULT_SEED where. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openParts, type Parts } from '../../src/app.module.js';
import { checkedData } from '../../src/cli/checked-data.js';
import { readConfig } from '../../src/config.js';
import { restore } from '../../src/shell/restore.js';
import { commandOf, randomOf, streamOf } from './appends.js';

const CYCLES = Number(process.env['FAULT_CYCLES'] ?? 3);
const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
const COMMANDS = 400;

let folder: string;
let data: string;
let parts: Parts;
let isOver: boolean;
let writing: Promise<void>;
let acknowledged: number;
const children = new Set<ChildProcess>();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'five-ring-'));
  data = join(folder, 'data');
  parts = await openParts(configOf(data));
  await parts.vault.ensureKeys(['somebody']);
  await Promise.all(Array.from({ length: COMMANDS }, (_, k) => parts.store.append(streamOf(k % 5, k), commandOf(k % 5, k), 'any')));
  [isOver, acknowledged] = [false, COMMANDS];
  writing = write();
});
afterEach(async () => {
  isOver = true;
  await writing;
  for (const child of children) child.kill('SIGKILL');
  await parts.close();
  await rm(folder, { recursive: true });
});

const configOf = (of: string) => readConfig({ FIVE_RING_DATA: of, FIVE_RING_TIME_ZONE: 'UTC', LOG_LEVEL: 'silent' });

/** Writes a little all the time, as a server does. */
async function write(): Promise<void> {
  for (let k = COMMANDS; !isOver; k += 1) {
    await parts.store.append(streamOf(k % 5, k), commandOf(k % 5, k), 'any');
    acknowledged += 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Runs the child, and kills it at this step. @returns how many steps it said, and whether it came to its end. */
async function run(name: string, step: number, mode = 'sound'): Promise<{ steps: number; isDone: boolean }> {
  const hook = pathToFileURL(join(__dirname, 'typescript.mjs')).href;
  const child = spawn(process.execPath, ['--import', hook, join(__dirname, 'backup.child.ts'), data, join(folder, name), join(folder, `${name}-keys`), mode], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child.once('close', () => children.delete(child)));
  let [out, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (out.split('step').length > step) child.kill('SIGKILL');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the child ended by itself: ${errors}`);
  return { steps: out.split('step').length - 1, isDone: out.endsWith('done\n') };
}

/** What is wrong with what stands under the name after the backup that began when so many events were acknowledged: nothing stands there, or all of it. */
async function problemsOf(name: string, before: number): Promise<string[]> {
  const to = join(folder, name);
  if (!existsSync(to)) return [];
  const into = join(folder, `${name}-back`);
  try {
    const { backedUp } = await restore({ from: to, into, keys: join(folder, `${name}-keys`), check: (at) => checkedData({ ...configOf(at), heads: at }) });
    return backedUp!.events < before ? [`${before - backedUp!.events} acknowledged events are missing`] : [];
  } catch (error) {
    return [`stands there and cannot be restored: ${(error as Error).message}`];
  } finally {
    await rm(into, { recursive: true, force: true });
  }
}

it(`killed at any step, it is finished or never happened, and the server goes on (${CYCLES} cycles, FAULT_SEED=${SEED})`, async () => {
  const random = randomOf(SEED);
  const { steps, isDone } = await run('whole', Infinity);
  expect(isDone).toBe(true);
  expect(await problemsOf('whole', COMMANDS)).toEqual([]);
  let [killed, finished] = [0, 0];
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    // A third of them early, a third late (where the names change), a third anywhere.
    const step = 1 + Math.floor([random() * 4, steps - 3 + random() * 3, random() * steps][cycle % 3]!);
    const before = acknowledged;
    if (!(await run(`to-${cycle}`, step)).isDone) killed += 1;
    if (existsSync(join(folder, `to-${cycle}`))) finished += 1;
    expect({ cycle, step, problems: await problemsOf(`to-${cycle}`, before) }).toEqual({ cycle, step, problems: [] });
    // The next try under the same name goes through, unless there is one; keys that got their name already are left alone, and said.
    if (!existsSync(join(folder, `to-${cycle}`)) && !existsSync(join(folder, `to-${cycle}-keys`))) expect((await run(`to-${cycle}`, Infinity)).isDone).toBe(true);
    if (existsSync(join(folder, `to-${cycle}`))) expect((await readdir(folder)).filter((name) => name.startsWith(`to-${cycle}`) && name.endsWith('.partial'))).toEqual([]);
  }
  expect(killed).toBeGreaterThan(0);
  await parts.projector.caughtUp();
  expect((await parts.operations.verify()).problems.filter((problem) => !problem.startsWith('Others wrote'))).toEqual([]);
  process.stdout.write(`backup, kill -9: ${CYCLES} cycles, ${killed} killed at one of ${steps} steps, ${finished} finished: whole or not there; FAULT_SEED=${SEED}\n`);
}, 60_000 + CYCLES * 20_000);

it('planted bug: a backup that is copied under its own name is found', async () => {
  const before = acknowledged;
  await run('half', Infinity, 'in-place');
  expect(await problemsOf('half', before)).toEqual([expect.stringContaining('stands there and cannot be restored')]);
}, 60_000);
