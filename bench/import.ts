/** An import over HTTP, into the server as it is started: rows recorded against a bare bulk append of what they became; catch-up of the views; memory as the file grows. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '../src/kernel/event-store.js';
import { SqliteStore } from '../src/stores/sqlite.store.js';
import type { BenchRow } from './append.js';
import { post, start, stop } from './http.js';

const ROWS_A_CUSTOMER = 50;
const PAGE = 2_000;
const mapping = JSON.stringify({ customer: { source: 'bench', sourceId: '{Account}', name: '{Account}' }, entry: { kind: 'email', side: 'customer', occurredAt: '{Date}', summary: '{Text}', source: 'bench', sourceId: '{Id}' } });
const line = (row: number, rows: number): string => `${row},Account ${row % Math.ceil(rows / ROWS_A_CUSTOMER)},2024-0${1 + (row % 9)}-1${row % 10}T10:00:00Z,"Asked, for the ${row}th time, when the second line will be delivered"\n`;

async function* fileOf(rows: number): AsyncGenerator<Uint8Array> {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  yield bytes(`--five-ring\r\nContent-Disposition: form-data; name="mapping"\r\n\r\n${mapping}\r\n--five-ring\r\nContent-Disposition: form-data; name="file"; filename="rows.csv"\r\nContent-Type: text/csv\r\n\r\nId,Account,Date,Text\n`);
  for (let row = 0; row < rows; row += 500) yield bytes(Array.from({ length: Math.min(500, rows - row) }, (_, n) => line(row + n, rows)).join(''));
  yield bytes('\r\n--five-ring--\r\n');
}

/** Resident memory of a process at its highest, in MiB; null where the system does not say. */
function highest(pid: number): number | null {
  try {
    const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found === null ? null : Number(found[1]) / 1024;
  } catch {
    return null;
  }
}

/** Processor time of a process in s; null where the system does not say. */
function spent(pid: number): number | null {
  try {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').slice(11, 13).map(Number);
    return (user! + system!) / 100;
  } catch {
    return null;
  }
}

interface Imported {
  readonly seconds: number;
  readonly cpu: number | null;
  readonly catchUp: number;
  readonly memory: number | null;
}

async function imported(folder: string, rows: number): Promise<Imported> {
  const { child, url, headers } = await start(folder, {}, false);
  try {
    await post(`${url}/api/v1/colleagues`, headers, { id: 'bench', name: 'Bench', department: 'service' });
    const [begun, before] = [performance.now(), spent(child.pid!)];
    const { 'content-type': _, ...rest } = headers;
    const answer = await fetch(`${url}/api/v1/imports`, { method: 'POST', headers: { ...rest, 'content-type': 'multipart/form-data; boundary=five-ring' }, body: ReadableStream.from(fileOf(rows)), duplex: 'half' });
    const last = JSON.parse((await answer.text()).trim().split('\n').at(-1)!) as { result?: { entriesAdded: number; position: string } };
    if (last.result?.entriesAdded !== rows) throw new Error(`not imported: ${JSON.stringify(last).slice(0, 500)}`);
    const seconds = (performance.now() - begun) / 1000;
    const after = spent(child.pid!);
    const cpu = before === null || after === null ? null : after - before;
    while (!(await fetch(`${url}/api/v1/portfolio?limit=1&after=${encodeURIComponent(last.result.position)}`, { headers })).ok) await sleep(100);
    return { seconds, cpu, catchUp: (performance.now() - begun) / 1000 - seconds, memory: highest(child.pid!) };
  } finally {
    await stop(child);
  }
}

/** Appends the events of a log to an empty one, as many at once as an import records. @returns seconds, and processor time. */
async function appended(from: string, to: string): Promise<{ seconds: number; cpu: number }> {
  const [source, target] = [SqliteStore.open(from), SqliteStore.open(to)];
  let [seconds, cpu] = [0, 0];
  for (let after: string | null = null; ; ) {
    const events: RecordedEvent[] = await source.readAll(after, PAGE);
    if (events.length === 0) break;
    after = events.at(-1)!.position;
    const { user, system } = process.cpuUsage();
    const begun = performance.now();
    await Promise.all([...Map.groupBy(events, ({ stream }) => stream)].map(([stream, own]) => target.append(stream, own.map(({ id, type, data, metadata }) => ({ id, type, data, metadata })), 'any')));
    seconds += (performance.now() - begun) / 1000;
    const now = process.cpuUsage();
    cpu += (now.user + now.system - user - system) / 1e6;
  }
  await source.close();
  await target.close();
  return { seconds, cpu };
}

/** `large`: 100,000 and 1,000,000 rows, else 10,000 alone. */
export async function importRows(parent: string, large: boolean): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(parent, 'five-ring-bench-'));
  const rows: BenchRow[] = [];
  let base: number | null = null;
  for (const count of large ? [100_000, 1_000_000] : [10_000]) {
    const own = mkdtempSync(join(folder, 'import-'));
    const { seconds, cpu, catchUp, memory } = await imported(own, count);
    const bare = await appended(join(own, 'log.db'), join(folder, `bare-${count}.db`));
    const ratio = bare.seconds / seconds;
    const rate = (took: number): string => `${(count / took).toFixed(0)} rows/s`;
    rows.push({
      name: `import of ${count.toLocaleString('en')} rows, against a bare bulk append of what they became`,
      ratio,
      bar: '>= 0.4',
      pass: ratio >= 0.4,
      detail: `${rate(seconds)} against ${rate(bare.seconds)}; in processor time ${cpu === null ? 'unknown' : `${(bare.cpu / cpu).toFixed(2)} × (${cpu.toFixed(1)}`} against ${bare.cpu.toFixed(1)} s); views caught up ${catchUp.toFixed(1)} s later; at most ${memory?.toFixed(0) ?? 'unknown'} MiB`,
    });
    if (base !== null && memory !== null) rows.push({ name: 'memory of the server at its highest, 1,000,000 rows against 100,000', ratio: memory / base, bar: '<= 1.2', pass: memory / base <= 1.2, detail: `${memory.toFixed(0)} MiB against ${base.toFixed(0)} MiB` });
    base = memory;
  }
  rmSync(folder, { recursive: true });
  return rows;
}
