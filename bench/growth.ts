/** Pages and the start as data grows 100 ×: in the history of each customer, and in the number of customers. Over HTTP, of the server as it is started. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteStore } from '../src/stores/sqlite.store.js';
import type { BenchRow } from './append.js';
import { middle, post, start, stop, type Served } from './http.js';
import { MadeLog, type Shape } from './made-log.js';

const DAYS = 1825;
const START = Date.UTC(2021, 0, 1);
const CUSTOMERS = 100;
const GROWS = 100;
const ROUNDS = 60;
const STARTS = 5;
const BAR = 1.5;
const TOGETHER = 5_000;

/** Writes a made log into a folder, and lets a server make its views. @returns events a second that it made views of. */
async function fill(folder: string, shape: Pick<Shape, 'customers' | 'each'>): Promise<number> {
  mkdirSync(folder, { mode: 0o700 });
  const first = await start(folder);
  await post(`${first.url}/api/v1/colleagues`, first.headers, { id: 'bench', name: 'Bench', department: 'service' });
  await stop(first.child);
  const log = new MadeLog({ ...shape, order: 'by time', days: DAYS, start: START });
  const store = SqliteStore.open(join(folder, 'log.db'));
  for (let position = 0; position < log.length; ) {
    const events = await log.readAll(String(position), TOGETHER);
    await Promise.all(events.map(({ stream, recordedAt, revision, id, type, data, metadata }) => store.append(stream, [{ id, type, data, metadata: { ...metadata, commandId: id.replaceAll('-', '') } }], revision === 0 ? 'no-stream' : revision - 1, recordedAt)));
    position += events.length;
  }
  await store.close();
  const begun = performance.now();
  const served = await start(folder);
  await read(served, 'portfolio?limit=1');
  const rate = (log.length / (performance.now() - begun)) * 1000;
  await stop(served.child);
  return rate;
}

/** Asks until the views are filled. @returns ms of the answer that came. */
export async function read({ url, headers }: Served, path: string): Promise<number> {
  for (;;) {
    const begun = performance.now();
    const answer = await fetch(`${url}/api/v1/${path}`, { headers });
    const text = await answer.text();
    if (answer.ok) return performance.now() - begun;
    if (answer.status !== 503) throw new Error(`${path}: ${answer.status} ${text}`);
    await sleep(100);
  }
}

export const PAGES: readonly (readonly [name: string, path: string])[] = [
  ['timeline page', 'customers/c7/timeline?limit=50'],
  ['portfolio page', 'portfolio?limit=50'],
  ['default dashboard', 'dashboard'],
];

/** ms from the start of the process until it says that it is ready. */
async function startOf(folder: string): Promise<number> {
  const begun = performance.now();
  const served = await start(folder);
  while (!(await fetch(`${served.url}/health/ready`)).ok) await sleep(5);
  const took = performance.now() - begun;
  await stop(served.child);
  return took;
}

/** `large`: 10,000 against 1,000,000 events; else 1,000 against 100,000. */
export async function growthRows(parent: string, large: boolean): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(parent, 'five-ring-bench-'));
  const each = large ? 100 : 10;
  const shapes = { before: { customers: CUSTOMERS, each }, history: { customers: CUSTOMERS, each: each * GROWS }, customers: { customers: CUSTOMERS * GROWS, each } };
  const at = (name: string): string => join(folder, name);
  const rates: Record<string, number> = {};
  for (const [name, shape] of Object.entries(shapes)) rates[name] = await fill(at(name), shape);
  const rows: BenchRow[] = [];
  const before = await start(at('before'));
  for (const [grown, says] of [['history', `${GROWS} × the entries of each of ${CUSTOMERS} customers`], ['customers', `${GROWS} × the customers, ${(CUSTOMERS * GROWS).toLocaleString('en')}`]] as const) {
    const after = await start(at(grown));
    for (const [name, path] of PAGES) {
      // Once in vain: what is kept in memory is worked out.
      for (const served of [before, after]) await read(served, path);
      const times: { few: number; many: number }[] = [];
      for (let round = 0; round < ROUNDS; round += 1) times.push({ few: await read(before, path), many: await read(after, path) });
      const [few, many] = [middle(times.map((time) => time.few)), middle(times.map((time) => time.many))];
      rows.push({ name: `${name}, ${says}`, ratio: many / few, bar: `<= ${BAR}`, pass: many / few <= BAR, detail: `${many.toFixed(2)} ms against ${few.toFixed(2)} ms over HTTP, medians of ${ROUNDS} in turn; the views of the larger were filled at ${rates[grown]!.toFixed(0)} events/s` });
    }
    await stop(after.child);
  }
  await stop(before.child);
  mkdirSync(at('empty'), { mode: 0o700 });
  await startOf(at('empty'));
  const starts: { empty: number; full: number }[] = [];
  for (let round = 0; round < STARTS; round += 1) starts.push({ empty: await startOf(at('empty')), full: await startOf(at('customers')) });
  const [empty, full] = [middle(starts.map((one) => one.empty)), middle(starts.map((one) => one.full))];
  const events = (shapes.customers.customers * each).toLocaleString('en');
  rows.push({ name: `start with ${events} events already projected, against an empty start`, ratio: full / empty, bar: `<= ${BAR}`, pass: full / empty <= BAR, detail: `${full.toFixed(0)} ms against ${empty.toFixed(0)} ms until it is ready, medians of ${STARTS} in turn` });
  rmSync(folder, { recursive: true });
  return rows;
}
