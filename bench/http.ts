/** A durable, validated POST of an interaction against an empty route of the same server, which is pinned to one core. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { serverOf } from '../src/shell/data-folder.js';
import type { BenchRow } from './append.js';

const CUSTOMERS = 200;
const CONNECTIONS = 64;
const SECONDS = 5;
const ROUNDS = 3;
const BAR = 0.25;

export interface Served {
  readonly child: ChildProcess;
  readonly url: string;
  /** Of whoever holds the folder, in the name of the colleague `bench`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly pinned: boolean;
}

/** Starts the built server in a folder; on core 0 when the machine has `taskset` and it is wanted, and says which. `env` are further settings. */
export async function start(folder: string, env: Readonly<Record<string, string>> = {}, onOneCore = true): Promise<Served> {
  const pinned = onOneCore && spawnSync('taskset', ['--version']).status === 0;
  const command = [...(pinned ? ['taskset', '-c', '0'] : []), process.execPath, 'dist/main.js'];
  const child = spawn(command[0]!, command.slice(1), { env: { ...process.env, FIVE_RING_DATA: folder, PORT: '0', LOG_LEVEL: 'warn', ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  // What fails here must not leave it running.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const url = await new Promise<string>((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (bytes: Buffer) => {
      out += bytes.toString();
      const found = /http:\/\/[\d.]+:\d+/.exec(out);
      if (found !== null) resolve(found[0]);
    });
    child.once('exit', (code) => reject(new Error(`The server stopped with ${code}: ${out}`)));
  });
  child.once('exit', (code, signal) => {
    if (!asked.has(child)) process.stderr.write(`The server ended by itself, with ${signal ?? code}.\n`);
  });
  return { child, url, headers: { authorization: `Operator ${serverOf(folder)!.operator}`, 'content-type': 'application/json', 'x-colleague': 'bench' }, pinned };
}

const asked = new WeakSet<ChildProcess>();

/** One that has ended by itself meanwhile is over already: to wait for its end would be for ever. */
export async function stop(child: ChildProcess): Promise<void> {
  asked.add(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

export async function post(url: string, headers: Readonly<Record<string, string>>, body: unknown): Promise<{ id: string }> {
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as { id: string };
}

export const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Requests a second, which must all have been answered with 2xx. */
export async function rate(options: autocannon.Options): Promise<number> {
  const result = await autocannon({ connections: CONNECTIONS, duration: SECONDS, ...options });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} answers were not 2xx, ${result.errors} errors`);
  return result.requests.average;
}

export async function postAgainstEmptyRoute(parent: string): Promise<BenchRow> {
  const folder = mkdtempSync(join(parent, 'five-ring-bench-'));
  const { child, url, headers, pinned } = await start(folder);
  try {
    await post(`${url}/api/v1/colleagues`, headers, { id: 'bench', name: 'Bench', department: 'service' });
    const ids: string[] = [];
    for (let n = 0; n < CUSTOMERS; n += 1) ids.push((await post(`${url}/api/v1/customers`, headers, { name: `Customer ${n}` })).id);
    const body = JSON.stringify({ entries: [{ kind: 'call', side: 'us', attended: true, summary: 'Asked when the second line will be delivered; told them the date' }] });
    const requests = ids.map((id) => ({ method: 'POST' as const, path: `/api/v1/customers/${id}/interactions`, headers, body }));
    const empty: number[] = [];
    const posts: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      empty.push(await rate({ url: `${url}/health/live` }));
      posts.push(await rate({ url, requests }));
    }
    const ratio = middle(posts.map((value, round) => value / empty[round]!));
    return {
      name: 'POST an interaction against an empty route, requests/s',
      ratio,
      bar: `≥ ${BAR} ×`,
      pass: ratio >= BAR,
      detail: `${middle(posts).toFixed(0)}/s against ${middle(empty).toFixed(0)}/s, ${CONNECTIONS} connections, ${CUSTOMERS} customers, ${ROUNDS} rounds of ${SECONDS} s; server ${pinned ? 'pinned to core 0' : 'not pinned: no taskset here'}`,
    };
  } finally {
    await stop(child);
    rmSync(folder, { recursive: true, force: true });
  }
}
