/**
 * A store of KurrentDB in a process of its own, which must end by itself: nothing that was abandoned may keep it alive, or end it early.
 * Argument: what happens. The last line says how long the end took.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { KurrentStore } from '../../src/stores/kurrentdb.store.js';
import { command } from '../event-store.contract.js';
import { FaultProxy } from './proxy.js';
import { KurrentServer } from './server.js';

const LARGE = 'x'.repeat(100_000);
const MANY = 60;
const DEADLINE_MS = 2_000;

const [what = ''] = process.argv.slice(2);
const server = await KurrentServer.start();
const proxy = await FaultProxy.start(server.port);
const url = `kurrentdb://127.0.0.1:${proxy.port}?tls=false&defaultDeadline=${DEADLINE_MS}`;
/** Where nothing goes wrong: on a machine that stands still for a moment, a short deadline passes by itself. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let left = 5; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}
const open = (address: string): Promise<KurrentStore> => patiently(() => KurrentStore.open(address));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const numbers = Array.from({ length: MANY }, (_, i) => i);
const counted = (results: readonly PromiseSettledResult<unknown>[]): string => {
  const words = results.map((result) => (result.status === 'fulfilled' ? 'written' : String((result.reason as { reason?: string }).reason)));
  return [...new Set(words)].sort().map((word) => `${words.filter((one) => one === word).length} ${word}`).join(', ');
};

const scenes: Readonly<Record<string, () => Promise<void>>> = {
  /** More waits on the line than the client hands on at once, and then the line breaks. */
  async backlog() {
    const store = await open(url);
    for (const i of numbers) {
      const events = command();
      await patiently(() => store.append(`s${i}`, events, 'any'));
    }
    const appends = numbers.map((i) => ({ stream: `s${i}`, events: command(1, () => LARGE) }));
    proxy.blackHole();
    say(`hole: ${counted(await Promise.allSettled(appends.map(({ stream, events }) => store.append(stream, events, 0))))}`);
    await proxy.heal();
    say(`healed: ${counted(await Promise.allSettled(appends.map(({ stream, events }) => patiently(() => store.append(stream, events, 0)))))}`);
    await store.close();
  },
  /** The same by the client alone. */
  async 'backlog of the bare client'() {
    const client = KurrentDBClient.connectionString(url);
    const append = (i: number): Promise<unknown> => client.appendToStream(`s${i}`, { id: crypto.randomUUID(), contentType: 'application/json', type: 'A', data: { LARGE }, metadata: {} });
    await append(0);
    proxy.blackHole();
    const appends = Promise.allSettled(numbers.map(append));
    await sleep(500);
    await client.dispose();
    await appends;
  },
  /** Reads, an append and the subscription hang when the store is closed. */
  async 'close in a hole'() {
    const store = await open(url);
    store.onAppend(() => undefined);
    await store.append('x', command(), 'any');
    await sleep(200);
    proxy.blackHole();
    const calls = [store.append('x', command(), 0), store.append('x', command(), 1), store.read('x'), store.readAll(null, 10), store.head()].map(async (call) => {
      const begin = performance.now();
      await call.catch(() => undefined);
      if (performance.now() - begin > DEADLINE_MS + 500) say('a call outlived its deadline');
    });
    await sleep(100);
    const begin = performance.now();
    await store.close();
    say(performance.now() - begin < DEADLINE_MS + 2_000 ? 'closed in time' : 'closed late');
    await Promise.all(calls);
  },
  /** Every node is gone while the client looks for one. */
  async 'close without a cluster'() {
    const store = await open(url.replace('?', `,127.0.0.1:${proxy.port}?`));
    store.onAppend(() => undefined);
    await server.stop();
    say(counted(await Promise.allSettled(numbers.map((i) => store.append(`s${i}`, command(), 'any')))));
    await store.close();
  },
  /** An hour of an outage in short: what was given up must not pile up. */
  async 'long outage'() {
    const store = await open(url);
    await proxy.refuse();
    const files = (): number => process.getActiveResourcesInfo().length;
    const handles: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      await Promise.allSettled(numbers.map((i) => store.append(`s${i}`, command(), 'any')));
      handles.push(files());
    }
    say(Math.max(...handles.slice(2)) <= 2 * Math.max(10, ...handles.slice(0, 2)) ? 'nothing piles up' : `piles up: ${handles.join()}`);
    await store.close();
  },
};

await scenes[what]!();
await proxy.stop();
await server.stop();
const end = performance.now();
process.on('exit', () => say(`ended after ${performance.now() - end < 3_000 ? 'less' : 'more'} than 3 s`));
