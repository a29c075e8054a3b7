/**
 * A process that appends for eight clients is killed (SIGKILL) at a random moment, again and again, on one log.
 * FAULT_CYCLES sets how often, FAULT_SEED the moments. What a power cut takes beyond that is for power-cut.spec.ts.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check } from '../../src/stores/sqlite.check.js';
import { SqliteStore } from '../../src/stores/sqlite.store.js';
import { acknowledge, appendOf, CLIENTS, lostOf, newLedger, randomOf, readOn, standingOf, tornOf, type Ledger } from './appends.js';

const CYCLES = Number(process.env['FAULT_CYCLES'] ?? 25);
const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
/** The child is killed between its first line and this many ms later. */
const LONGEST_RUN_MS = 400;

/** What a failed test left running. */
const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts the child, kills it, and takes down what it acknowledged. @returns the number of acknowledgements. */
async function runAndKill(file: string, ledger: Ledger, afterMs: number, mode: 'sound' | 'early'): Promise<number> {
  const hook = pathToFileURL(join(__dirname, 'typescript.mjs')).href;
  const child = spawn(process.execPath, ['--import', hook, join(__dirname, 'appends.child.ts'), file, ledger.acknowledged.join(), mode], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const closed = once(child, 'close');
  children.add(child);
  void closed.then(() => children.delete(child));
  await Promise.race([once(child.stdout, 'data'), closed]);
  setTimeout(() => child.kill('SIGKILL'), afterMs);
  const [, signal] = (await closed) as [number | null, string | null];
  if (signal !== 'SIGKILL') throw new Error(`the child ended by itself: ${errors}`);
  // The first line is `ready`; a last line that was cut off was not said.
  const lines = out.split('\n').slice(1, -1);
  for (const line of lines) acknowledge(ledger, line);
  return lines.length;
}

/** One life of the log: run, kill, open, look; then every client retries the command it has no answer for. */
async function cycle(file: string, ledger: Ledger, afterMs: number): Promise<{ lines: number; problems: string[]; retried: number }> {
  const from = [...ledger.acknowledged];
  const lines = await runAndKill(file, ledger, afterMs, 'sound');
  const store = SqliteStore.open(file);
  const problems = [...(await readOn(store, ledger)), ...lostOf(ledger, from), ...tornOf(ledger)];
  const retried = ledger.acknowledged.filter((k, client) => standingOf(ledger, client, k) > 0).length;
  await Promise.all(ledger.acknowledged.map((k, client) => appendOf(store, client, k)));
  for (const [client, k] of [...ledger.acknowledged.entries()]) acknowledge(ledger, `${client} ${k}`);
  problems.push(...(await readOn(store, ledger)), ...lostOf(ledger, from));
  await store.close();
  return { lines, problems, retried };
}

describe(`kill -9 while ${CLIENTS} clients append`, () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'five-ring-'));
    file = join(folder, 'log.db');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it(`loses, doubles and tears nothing in ${CYCLES} cycles (FAULT_SEED=${SEED})`, async () => {
    const random = randomOf(SEED);
    const ledger = newLedger();
    let [acknowledged, retried] = [0, 0];
    for (let i = 0; i < CYCLES; i += 1) {
      const result = await cycle(file, ledger, random() * LONGEST_RUN_MS);
      acknowledged += result.lines;
      retried += result.retried;
      expect({ cycle: i, problems: result.problems }).toEqual({ cycle: i, problems: [] });
    }
    // Once more from the beginning, against all that was ever acknowledged.
    const fresh = newLedger(ledger.acknowledged);
    const store = SqliteStore.open(file);
    expect([...(await readOn(store, fresh)), ...lostOf(fresh, [])]).toEqual([]);
    await store.close();
    expect(check(file)).toEqual([]);
    expect(acknowledged).toBeGreaterThan(CYCLES);
    process.stdout.write(
      `kill -9: ${CYCLES} cycles, ${acknowledged} acknowledged, ${retried} written but unanswered and retried: 0 lost, 0 duplicated, 0 gaps; FAULT_SEED=${SEED}\n`,
    );
  }, 60_000 + CYCLES * 5_000);

  it('finds the losses of a store that acknowledges before the commit', async () => {
    const ledger = newLedger();
    await runAndKill(file, ledger, 150, 'early');
    const store = SqliteStore.open(file);
    expect(await readOn(store, ledger)).toEqual([]);
    expect(lostOf(ledger, []).length).toBeGreaterThan(0);
    await store.close();
  });
});
