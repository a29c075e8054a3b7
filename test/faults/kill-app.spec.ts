/**
 * The app, with its log in KurrentDB, is killed (SIGKILL) under the load of eight clients, again and again; they ask again for what
 * was not answered, with the same keys. On an emulated node, or on the real one that KURRENTDB_URL names.
 * FAULT_KILLS sets how often, FAULT_SEED the moments.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '../../src/shell/operations.js';
import { openFields } from '../../src/vault/codec.js';
import { SqliteVault } from '../../src/vault/sqlite.vault.js';
import { API } from '../api/app.js';
import { startProcess, type Running } from '../api/process.js';
import { inKurrentDB, realNode, type KurrentTestLog } from '../kurrentdb/fresh-log.js';
import { CLIENTS, Load, problemsOf, type Address, type Opened } from './app-load.js';
import { randomOf } from './appends.js';

const KILLS = Number(process.env['FAULT_KILLS'] ?? 5);
const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
/** The app is killed within this time of answering again. */
const LONGEST_RUN_MS = 1_500;
/** Answers after each start, before anything else happens to it. */
const WARM = 10;

/** When the app is killed. `commit`: as an append has just been written, before its answer is sent. `cut`: soon after the line to the node was cut. */
type Moment = 'random' | 'commit' | 'cut';

let folder: string;
let log: KurrentTestLog;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'five-ring-'));
  log = await inKurrentDB();
});
afterEach(async () => {
  await log.stop();
  await rm(folder, { recursive: true });
});

interface Result {
  readonly load: Load;
  readonly events: readonly Opened[];
  /** What the app says of itself at the end, and what was found wrong besides. */
  readonly verdict: Verdict;
  readonly problems: readonly string[];
}

async function run(moments: readonly Moment[], random: () => number, planted?: string): Promise<Result> {
  const start = (): Promise<Running> =>
    startProcess({ FIVE_RING_DATA: folder, FIVE_RING_STORE: log.url, FIVE_RING_TIME_ZONE: 'UTC', ...(planted !== undefined && { FIVE_RING_PLANTED: planted }) }, planted === undefined ? [] : ['../faults/app.bugs.ts']);
  const store = await log.open();
  const compare = store.compare.bind(store);
  let app = start();
  const address = (): Promise<Address> => app.then(({ port, authorization }) => ({ url: `http://127.0.0.1:${port}`, authorization }));
  const load = new Load(address, compare);
  try {
    await load.start();
    for (const moment of moments) {
      const { child, exit } = await app;
      await load.grows(WARM);
      await sleep(random() * LONGEST_RUN_MS);
      if (moment === 'cut') {
        log.node!.cut();
        // Half of them while it finds its way back, half when it has.
        if (random() < 0.5) await sleep(random() * 100);
        else await load.grows(WARM);
      }
      if (moment === 'commit') await new Promise<void>((resolve) => {
        const stop = log.node!.log.onCommit(() => {
          stop();
          child.kill('SIGKILL');
          resolve();
        });
      });
      else child.kill('SIGKILL');
      // Its clients wait for the next one from here on.
      app = exit.then(start);
    }
    await load.grows(WARM);
    await load.stop();
    const verdict = await verify(await address());
    const { child, exit } = await app;
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    const vault = SqliteVault.open(join(folder, 'keys.db'));
    const events = (await store.readAll(null, Infinity)).map((event) => ({ ...event, data: openFields(event.data, event.id, vault.keyOf).data }));
    await vault.close();
    return { load, events, verdict, problems: [...load.problems, ...problemsOf(events, load.acknowledged, compare)] };
  } finally {
    load.abandon();
    await store.close();
    await app.then(({ child }) => child.kill('SIGKILL')).catch(() => undefined);
  }
}

/** The last line of the check's answer. */
async function verify({ url, authorization }: Address): Promise<Verdict> {
  const text = await (await fetch(`${url}${API}/verify`, { headers: { authorization } })).text();
  return (JSON.parse(text.trim().split('\n').at(-1)!) as { result: Verdict }).result;
}

const sorts = (problems: readonly string[]): string[] => [...new Set(problems.map((problem) => problem.split(':')[0]!))].sort();
const EVERY: readonly Moment[] = realNode === undefined ? ['random', 'commit', 'cut'] : ['random'];

describe(`kill -9 of the app while ${CLIENTS} clients write, its log on ${realNode === undefined ? 'an emulated KurrentDB' : 'the real KurrentDB of KURRENTDB_URL'}`, () => {
  it(`loses, doubles and shows nothing stale in ${KILLS} cycles (FAULT_SEED=${SEED})`, async () => {
    const { load, events, verdict, problems } = await run(Array.from({ length: KILLS }, (_, kill) => EVERY[kill % EVERY.length]!), randomOf(SEED));
    expect(problems).toEqual([]);
    expect(verdict.problems).toEqual([]);
    expect(load.acknowledged.length).toBeGreaterThan(KILLS * WARM);
    expect(load.unanswered).toBeGreaterThan(0);
    if (realNode === undefined) expect(load.repeated).toBeGreaterThan(0);
    process.stdout.write(
      `kill -9 of the app on ${realNode === undefined ? 'an emulated' : 'a real'} KurrentDB: ${KILLS} cycles, ${load.acknowledged.length} commands acknowledged in ${events.length} events, ${load.unanswered} requests unanswered, ${load.refused} told to wait, ${load.repeated} written but unanswered and retried, ${load.reads} reads after a position: 0 lost, 0 doubled, 0 gaps, 0 stale, views as a replay; FAULT_SEED=${SEED}\n`,
    );

    // The same log with one event taken away, or there twice: neither would go unnoticed.
    const marked = events.findIndex(({ stream, data }, at) => JSON.stringify(data).includes('mark-') && events.slice(at + 1).some((later) => later.stream === stream));
    const whole = load.acknowledged;
    const compare = (): number => 0;
    expect(sorts(problemsOf(events.toSpliced(marked, 1), whole, compare))).toEqual(['gap', 'lost']);
    expect(sorts(problemsOf(events.toSpliced(marked, 0, events[marked]!), whole, compare))).toEqual(['doubled', 'gap']);
    expect(sorts(problemsOf(events, whole.slice(1), compare))).toEqual(['unasked']);
    expect(sorts(problemsOf(events, whole, () => 1))).toEqual(['early']);
  }, 60_000 + KILLS * 20_000);

  it.each([
    ['an app that acknowledges before it appends', 'acknowledges-early', /^lost: /],
    ['an app that does not know an Idempotency-Key again', 'forgets-keys', /^doubled: /],
    ['an app whose reads do not wait for `after`', 'does-not-wait', /^stale: /],
    ['an app whose views note their checkpoint before their rows', 'checkpoint-first', /^The view table \w+ differs from a fresh replay/],
  ])('planted bug: %s is found', async (_, planted, finding) => {
    const { problems, verdict } = await run(realNode === undefined ? ['commit', 'commit'] : ['random', 'random'], randomOf(SEED), planted);
    expect([...problems, ...verdict.problems].filter((problem) => finding.test(problem))).not.toEqual([]);
  }, 90_000);
});
