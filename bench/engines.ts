/**
 * The service on both engines, its log in KurrentDB and all else in PostgreSQL, against the embedded one: the same work on each in
 * turn, over HTTP, of the server as it is started. PostgreSQL is real and waits for the disk; KurrentDB is emulated in a process of
 * its own, which keeps its log in memory: figures with it say what our side costs, not what that server does.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../src/stores/index.js';
import { startPostgres } from '../test/postgres/server.js';
import type { BenchRow } from './append.js';
import { PAGES, read } from './growth.js';
import { middle, post, rate, start, stop, type Served } from './http.js';
import { MadeLog } from './made-log.js';

/** Said in the place of a bar: for orientation. */
export const NO_BAR = 'no bar';

const EACH = 50;
const ROUNDS = 3;
const READS = 40;

interface Setup {
  readonly folder: string;
  /** URL of the log. */
  readonly store: string;
  readonly env: Readonly<Record<string, string>>;
}

/** An emulated node in a process of its own. */
async function emulated(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, ['bench/dist/test/kurrentdb/serve.js', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
    child.once('exit', (code) => reject(new Error(`The emulated KurrentDB stopped with ${code}.`)));
  });
  return { child, url };
}

/** Writes a made log, and lets a server make its views. @returns events a second that it made views of, and the server. */
async function filled({ folder, store: url, env }: Setup, log: MadeLog): Promise<{ readonly events: number; readonly served: Served }> {
  mkdirSync(folder, { mode: 0o700 });
  const first = await start(folder, env);
  await post(`${first.url}/api/v1/colleagues`, first.headers, { id: 'bench', name: 'Bench', department: 'service' });
  await stop(first.child);
  const store = await openStore(url);
  for (let position = 0; position < log.length; position += EACH) {
    const events = await log.readAll(String(position), EACH);
    await store.append(events[0]!.stream, events.map(({ id, type, data, metadata }) => ({ id, type, data, metadata: { ...metadata, commandId: id.replaceAll('-', '') } })), 'no-stream', events.at(-1)!.recordedAt);
  }
  await store.close();
  const begun = performance.now();
  const served = await start(folder, env);
  await read(served, 'portfolio?limit=1');
  return { events: (log.length / (performance.now() - begun)) * 1000, served };
}

/** `large`: 100,000 events, else 10,000. */
export async function enginesRows(parent: string, large: boolean): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(parent, 'five-ring-bench-'));
  const customers = large ? 2_000 : 200;
  const log = new MadeLog({ customers, each: EACH, order: 'by customer', days: 1825, start: Date.UTC(2021, 0, 1) });
  const [postgres, node] = await Promise.all([startPostgres({ durable: true }), emulated()]);
  const setups = {
    embedded: { folder: join(folder, 'embedded'), store: `sqlite:${join(folder, 'embedded', 'log.db')}`, env: {} },
    engines: { folder: join(folder, 'engines'), store: node.url, env: { FIVE_RING_STORE: node.url, FIVE_RING_DB: await postgres.createDatabase() } },
  } satisfies Record<string, Setup>;
  const on = `KurrentDB (emulated) and PostgreSQL ${await postgres.version()}, against SQLite`;
  const rows: BenchRow[] = [];
  const told = (name: string, ratio: number, detail: string): void => void rows.push({ name: `${name}: ${on}`, ratio, bar: NO_BAR, pass: true, detail });
  const running: Served[] = [];
  try {
    const embedded = await filled(setups.embedded, log);
    running.push(embedded.served);
    const engines = await filled(setups.engines, log);
    running.push(engines.served);
    told(`catch-up of the views after a start, ${log.length.toLocaleString('en')} events of ${customers} customers`, engines.events / embedded.events, `${engines.events.toFixed(0)} against ${embedded.events.toFixed(0)} events/s, the start included`);
    for (const [name, path] of PAGES) {
      for (const { served } of [embedded, engines]) await read(served, path);
      const times: { few: number; many: number }[] = [];
      for (let round = 0; round < READS; round += 1) times.push({ few: await read(embedded.served, path), many: await read(engines.served, path) });
      const [few, many] = [middle(times.map((time) => time.few)), middle(times.map((time) => time.many))];
      told(`${name}, time`, many / few, `${many.toFixed(2)} ms against ${few.toFixed(2)} ms, medians of ${READS} in turn`);
    }
    const body = JSON.stringify({ entries: [{ kind: 'call', side: 'us', attended: true, summary: 'Asked when the second line will be delivered; told them the date' }] });
    const posts = ({ url, headers }: Served): Promise<number> => rate({ url, requests: Array.from({ length: customers }, (_, n) => ({ method: 'POST' as const, path: `/api/v1/customers/c${n}/interactions`, headers, body })) });
    const rates: { few: number; many: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rates.push({ few: await posts(embedded.served), many: await posts(engines.served) });
    const [few, many] = [middle(rates.map((one) => one.few)), middle(rates.map((one) => one.many))];
    told('POST an interaction, requests/s', many / few, `${many.toFixed(0)}/s against ${few.toFixed(0)}/s, medians of ${ROUNDS}`);
  } finally {
    for (const { child } of running) await stop(child);
    node.child.kill('SIGTERM');
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}
