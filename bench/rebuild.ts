/** Making all views anew: against a loop written by hand that reads the same log and writes the same rows; and what it does to the event loop. */
import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { viewsFor } from '../src/app.module.js';
import { PRESETS } from '../src/rings/rules.js';
import { Projector } from '../src/shell/projector.js';
import { Rebuild } from '../src/shell/rebuild.js';
import { SqliteStore } from '../src/stores/sqlite.store.js';
import { SqliteViews } from '../src/views/sqlite.views.js';
import type { BenchRow } from './append.js';
import { MadeLog } from './made-log.js';

const TOGETHER = 5_000;
const EACH = 100;
const ROUNDS = 3;
const IDLE_MS = 3_000;
const views = viewsFor(PRESETS['annual-contracts']!, 'UTC');

async function written(store: SqliteStore, events: number): Promise<void> {
  const log = new MadeLog({ customers: events / EACH, each: EACH, order: 'by time', days: 1825, start: Date.UTC(2021, 0, 1) });
  for (let position = 0; position < log.length; position += TOGETHER) {
    const some = await log.readAll(String(position), TOGETHER);
    await Promise.all(some.map(({ stream, recordedAt, revision, id, type, data, metadata }) => store.append(stream, [{ id, type, data, metadata: { ...metadata, commandId: id.replaceAll('-', '') } }], revision === 0 ? 'no-stream' : revision - 1, recordedAt)));
  }
}

/** Processor time of this process so far, in ms: both sorts of work are bound by it, and other work on the machine does not count. */
function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Projects the log into a new file. @returns the rows, and ms. */
async function rebuilt(store: SqliteStore, file: string): Promise<{ rows: SqliteViews; ms: number }> {
  const begun = spent();
  const rows = SqliteViews.open(file, views, true);
  const projector = new Projector(store, views, rows, () => undefined);
  await projector.start();
  await projector.caughtUp();
  await projector.stop();
  if ((await rows.parked()).length > 0) throw new Error((await rows.parked())[0]!.reason);
  return { rows, ms: spent() - begun };
}

/** Reads every event off the log and parses it, and writes the rows that the views hold, 500 events' worth a commit: nothing is worked out. @returns ms. */
function byHand(log: string, made: string, file: string, events: number): number {
  const from = new Database(log, { readonly: true });
  const source = new Database(made, { readonly: true });
  const tables = Object.keys(Object.assign({}, ...views.map(({ tables: own }) => own)) as object);
  const schema = source.prepare<[], { sql: string }>('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL').all();
  const contents = tables.map((name) => ({ name, rows: source.prepare<[], unknown[]>(`SELECT * FROM "${name}"`).raw().all() }));
  source.close();
  const begun = spent();
  const to = new Database(file);
  to.pragma('journal_mode = WAL');
  to.pragma('synchronous = NORMAL');
  for (const { sql } of schema) to.exec(sql);
  const inserts = contents.map(({ name, rows }) => ({ rows, at: 0, insert: rows.length === 0 ? undefined : to.prepare(`INSERT INTO "${name}" VALUES (${rows[0]!.map(() => '?').join()})`) }));
  let parsed = 0;
  const commit = to.transaction((part: number) => {
    for (const one of inserts) for (const end = Math.ceil(one.rows.length * part); one.at < end; one.at += 1) one.insert!.run(...one.rows[one.at]!);
  });
  for (const row of from.prepare<[], { data: string; metadata: string }>('SELECT * FROM events ORDER BY position').iterate()) {
    JSON.parse(row.data);
    JSON.parse(row.metadata);
    parsed += 1;
    if (parsed % 500 === 0) commit(parsed / events);
  }
  commit(1);
  to.close();
  from.close();
  return spent() - begun;
}

/** p99.9 of the event loop's delay in ms while something goes on. */
async function delayDuring(work: () => Promise<void>): Promise<number> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await work();
  histogram.disable();
  return histogram.percentile(99.9) / 1e6;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** `large`: of 1,000,000 events, else of 20,000. */
export async function rebuildRows(parent: string, large: boolean): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(parent, 'five-ring-bench-'));
  const events = large ? 1_000_000 : 20_000;
  const at = (name: string): string => join(folder, name);
  const store = SqliteStore.open(at('log.db'));
  await written(store, events);
  const times: { views: number; hand: number }[] = [];
  for (let round = 0; round < (large ? 1 : ROUNDS); round += 1) {
    const { rows, ms } = await rebuilt(store, at('views.db'));
    await rows.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(at(`hand.db${suffix}`), { force: true });
    times.push({ views: ms, hand: byHand(at('log.db'), at('views.db'), at('hand.db'), events) });
  }
  const ratio = median(times.map((time) => time.hand / time.views));
  const [ms, hand] = [median(times.map((time) => time.views)), median(times.map((time) => time.hand))];
  const rate = (took: number): string => `${((events / took) * 1000).toFixed(0)} events/s`;

  // As in the server: beside the live views, which are read meanwhile.
  const live = SqliteViews.open(at('views.db'), views);
  const projector = new Projector(store, views, live, () => undefined);
  await projector.start();
  await projector.caughtUp();
  const rebuild = new Rebuild(store, () => undefined, live, projector);
  const idle = await delayDuring(async () => void (await sleep(IDLE_MS)));
  let took = 0;
  const busy = await delayDuring(async () => {
    const begun = performance.now();
    await new Promise<void>((done) => rebuild.want(views, done));
    took = performance.now() - begun;
  });
  await rebuild.stop();
  await projector.stop();
  await live.close();
  await store.close();
  rmSync(folder, { recursive: true });
  const of = `${events.toLocaleString('en')} events`;
  return [
    { name: `rebuild of all views of ${of}, against a loop by hand that writes the same rows`, ratio, bar: '>= 0.3', pass: ratio >= 0.3, detail: `${rate(ms)} against ${rate(hand)}, which works nothing out; processor time` },
    { name: `event-loop delay p99.9 while the views of ${of} are made anew beside the live ones, against idle`, ratio: busy / idle, bar: '<= 5', pass: busy / idle <= 5, detail: `${busy.toFixed(1)} ms against ${idle.toFixed(1)} ms; it took ${(took / 1000).toFixed(1)} s` },
  ];
}
