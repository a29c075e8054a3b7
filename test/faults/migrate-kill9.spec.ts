/**
 * A migration is killed (SIGKILL) at random moments and run again until it is done, then all over into a new target.
 * FAULT_CYCLES sets how many kills, FAULT_SEED the moments.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RecordedEvent } from '../../src/kernel/event-store.js';
import { check } from '../../src/stores/sqlite.check.js';
import { SqliteStore } from '../../src/stores/sqlite.store.js';
import { wholeLog } from '../event-store.contract.js';
import { headOf } from '../migration.contract.js';
import { commandOf, randomOf, streamOf } from './appends.js';

const CYCLES = Number(process.env['FAULT_CYCLES'] ?? 3);
const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
const COMMANDS = 1_500;
/** The child is killed between its first copy and this many more. */
const LONGEST_RUN = COMMANDS / 2;

interface Files {
  readonly source: string;
  readonly target: string;
  readonly note: string;
}

/** Two commands of three share a stream; the instant of each is its own, and now and then an earlier one. */
async function fill(file: string): Promise<void> {
  const store = SqliteStore.open(file);
  const append = (k: number): Promise<unknown> => store.append(streamOf(k % 5, k), commandOf(k % 5, k), 'any', 1_000_000 + k * (k % 11 === 0 ? -1 : 10));
  await Promise.all(Array.from({ length: COMMANDS }, (_, k) => append(k)));
  await store.close();
}

/** What a failed test left running. */
const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Runs the child and kills it once it has said so many copies. @returns the last number it said, and whether it was done before. */
async function run({ source, target, note }: Files, mode: 'sound' | 'counts', copies: number): Promise<{ copied: number; isDone: boolean }> {
  const hook = pathToFileURL(join(__dirname, 'typescript.mjs')).href;
  const child = spawn(process.execPath, ['--import', hook, join(__dirname, 'migrate.child.ts'), `sqlite:${source}`, `sqlite:${target}`, mode, note], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child.once('close', () => children.delete(child)));
  let [out, errors, said] = ['', '', 0];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if ((said += text.split('\n').length - 1) >= copies) child.kill('SIGKILL');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the child ended by itself: ${errors}`);
  // What follows the last line feed was cut off, and not said.
  const lines = out.split('\n').slice(0, -1);
  return { copied: Number(lines.findLast((line) => line.startsWith('copied'))?.slice(7) ?? 0), isDone: lines.includes('done') };
}

const readLog = async (file: string): Promise<RecordedEvent[]> => {
  const store = SqliteStore.open(file);
  const log = await wholeLog(store, 1_000);
  await store.close();
  return log;
};

/** What is wrong with a target that says it holds so many events, or the whole. */
async function problemsOf(file: string, log: readonly RecordedEvent[], atLeast: number): Promise<string[]> {
  const there = existsSync(file) ? await readLog(file) : [];
  return [
    ...(there.length < atLeast ? [`lost: ${atLeast} were copied, and ${there.length} stand`] : []),
    ...(new Set(there.map(({ id }) => id)).size < there.length ? ['doubled'] : []),
    ...(headOf(there) === headOf(log.slice(0, there.length)) ? [] : ['not the beginning of the source']),
  ];
}

describe('kill -9 while a log is moved', () => {
  let folder: string;
  let files: Files;
  let log: RecordedEvent[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'five-ring-'));
    files = { source: join(folder, 'from.db'), target: join(folder, 'to.db'), note: join(folder, 'note') };
    await fill(files.source);
    log = await readLog(files.source);
  });
  beforeEach(async () => {
    for (const suffix of ['', '-wal', '-shm']) await rm(`${files.target}${suffix}`, { force: true });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it(`and run again, it loses, doubles and reorders nothing in ${CYCLES} cycles (FAULT_SEED=${SEED})`, async () => {
    const random = randomOf(SEED);
    let [kills, whole] = [0, 0];
    while (kills < CYCLES || whole === 0) {
      // The last ones may end.
      const { copied, isDone } = await run(files, 'sound', kills < CYCLES ? 1 + random() * LONGEST_RUN : Infinity);
      expect({ kills, problems: await problemsOf(files.target, log, isDone ? log.length : copied) }).toEqual({ kills, problems: [] });
      if (!isDone) kills += 1;
      else {
        whole += 1;
        expect(check(files.target)).toEqual([]);
        for (const suffix of ['', '-wal', '-shm']) await rm(`${files.target}${suffix}`, { force: true });
      }
    }
    process.stdout.write(`migrate, kill -9: ${kills} kills, ${whole} logs of ${log.length} events moved whole: 0 lost, 0 doubled, heads equal; FAULT_SEED=${SEED}\n`);
  }, 60_000 + CYCLES * 5_000);

  it('finds the losses of a migrator that goes on at a number it noted', async () => {
    const random = randomOf(SEED);
    const found: string[] = [];
    for (let kills = 0; kills < 60 && found.length === 0; kills += 1) {
      const { copied, isDone } = await run(files, 'counts', 1 + random() * 300);
      found.push(...(await problemsOf(files.target, log, copied)));
      // Every kill fell beside the gap: all over again.
      if (isDone) for (const file of [files.target, `${files.target}-wal`, `${files.target}-shm`, files.note]) await rm(file, { force: true });
    }
    expect(found).toContain('not the beginning of the source');
  }, 120_000);
});
