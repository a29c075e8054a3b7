/** What the episodes of faults/network.spec.ts do not show: one thing each that a line to KurrentDB can do, and how it ends. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { StoreUnavailable, WrongRevision, type EventStore, type Position, type RecordedEvent } from '../../src/kernel/event-store.js';
import { fromKurrent, isOurs, placeOf } from '../../src/stores/kurrentdb.event.js';
import { KurrentStore, type KurrentOptions } from '../../src/stores/kurrentdb.store.js';
import { command, wholeLog } from '../event-store.contract.js';
import { selfSigned } from './certificate.js';
import { soon, within } from './client.js';
import { KurrentServer, type ServerOptions } from './server.js';

const SILENCE_MS = 300;

let server: KurrentServer;
const stores: EventStore[] = [];

async function start(options: ServerOptions = {}): Promise<void> {
  server = await KurrentServer.start(options);
}

async function open(options: KurrentOptions = {}, url = server.url): Promise<KurrentStore> {
  const store = await KurrentStore.open(url, options);
  stores.push(store);
  return store;
}

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  await server.stop();
});

describe('a process of its own', () => {
  const hook = pathToFileURL(join(__dirname, '../faults/typescript.mjs')).href;

  async function scene(what: string): Promise<{ code: number | null; out: string[]; errors: string }> {
    const child = spawn(process.execPath, ['--import', hook, join(__dirname, 'network.child.ts'), what], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, out: out.trim().split('\n'), errors };
  }

  const sound = [
    ['backlog', ['hole: 60 unreachable', 'healed: 60 written']],
    ['close in a hole', ['closed in time']],
    ['close without a cluster', ['60 unreachable']],
    ['long outage', ['nothing piles up']],
  ] as const;
  const BUG = 'backlog of the bare client';
  const running = new Map<string, ReturnType<typeof scene>>();
  // They wait more than they work.
  beforeAll(() => [...sound.map(([what]) => what), BUG].forEach((what) => running.set(what, scene(what))));
  beforeEach(() => start());

  it.each(sound)('%s: every call ends in time, nothing is rejected unheard, and the process ends by itself', async (what, says) => {
    expect(await running.get(what)).toEqual({ code: 0, out: [...says, 'ended after less than 3 s'], errors: '' });
  });

  it('finds that the bare client ends the process when its line breaks', async () => {
    const { code, errors } = (await running.get(BUG))!;
    expect(code).not.toBe(0);
    expect(errors).toContain('CANCELLED');
  });
});

describe('a subscription that has fallen silent', () => {
  /** Whether what somebody else writes wakes a listener in time. */
  async function isWoken(silenceMs: number): Promise<boolean> {
    await start();
    const [store, other] = [await open({ silenceMs }), await open()];
    let wakes = 0;
    store.onAppend(() => (wakes += 1));
    // On a busy machine the subscription begins later than what is written first.
    for (let again = 0; again < 10 && wakes === 0; again += 1) {
      await other.append('x', command(), 'any');
      await soon(() => wakes > 0);
    }
    expect(wakes).toBeGreaterThan(0);
    server.silence();
    await other.append('x', command(), 'any');
    const before = wakes;
    const woken = new Promise<boolean>((resolve) => store.onAppend(() => resolve(wakes > before)));
    return (await within(SILENCE_MS + 2_000, woken)) === true;
  }

  it('is noticed and made anew', async () => expect(await isWoken(SILENCE_MS)).toBe(true));
  it('would not be without a look at the end of the log', async () => expect(await isWoken(1e9)).toBe(false));
});

describe('the same command of two processes at once', () => {
  /** Both have looked before either has written. */
  async function verdicts(): Promise<{ said: unknown[]; is: unknown }> {
    await start();
    const [one, two] = [await open(), await open()];
    for (const store of [one, two]) await store.read('x');
    server.delay('append', 150);
    const events = command(2);
    const again = events.map((event, i) => ({ ...event, id: event.id.replace(/^.{8}/, `0191000${i}`) }));
    const said = await Promise.all([one.append('x', events, 'no-stream'), two.append('x', again, 'no-stream')]);
    server.calls.heal();
    const log = await wholeLog(one);
    expect(log.length).toBe(2);
    const { id, position, revision, recordedAt } = log.at(-1)!;
    return { said, is: { id, position, revision, recordedAt } };
  }

  it('has one verdict, which names what stands', async () => {
    const { said, is } = await verdicts();
    expect(said).toEqual([is, is]);
  });

  it('would have two if the server took them for tries of one append', async () => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with `this`
    const sound = KurrentDBClient.prototype.appendToStream;
    KurrentDBClient.prototype.appendToStream = function (this: KurrentDBClient, stream: string, events: object | object[], options?: object) {
      const byCommand = [events].flat().map((event) => {
        const { commandId, n } = (event as { metadata: { commandId: string; n: number } }).metadata;
        return { ...event, id: createHash('sha256').update(`${commandId} ${n}`).digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5') };
      });
      return sound.call(this, stream, byCommand as never, options);
    };
    try {
      const { said, is } = await verdicts();
      expect(said).not.toEqual([is, is]);
    } finally {
      KurrentDBClient.prototype.appendToStream = sound;
    }
  });
});

describe('long runs of events that are not ours', () => {
  const RUN = 2_500;
  const system = (): void => {
    for (let i = 0; i < RUN; i += 1) server.inject('$stats-127.0.0.1:2113', '$statsCollected', { i });
  };
  const reads = (): number => server.calls.counts.read;

  it('are read past by readAll, once', async () => {
    await start();
    const store = await open();
    system();
    expect(await store.readAll(null, 10)).toEqual([]);
    const before = reads();
    expect(await store.readAll(null, 10)).toEqual([]);
    expect(reads() - before).toBe(1);
    await store.append('x', command(2), 'any');
    system();
    await store.append('x', command(1), 'any');
    expect((await wholeLog(store, 10)).map(({ revision }) => revision)).toEqual([0, 1, 2]);
  });

  it('hide everything from a reader that takes a page of them for the end', async () => {
    await start();
    const store = await open();
    system();
    await store.append('x', command(1), 'any');
    const client = KurrentDBClient.connectionString(server.url);
    const naive = async (after: Position | null, limit: number): Promise<RecordedEvent[]> => {
      const events: RecordedEvent[] = [];
      for await (const { event } of client.readAll({ fromPosition: after === null ? 'start' : placeOf(after), maxCount: limit })) if (event !== undefined && isOurs(event)) events.push(fromKurrent(event));
      return events;
    };
    expect((await naive(null, 1_000)).length).toBe(0);
    await client.dispose();
  });

  it('are looked through for the head once, and not again', async () => {
    await start();
    const store = await open();
    system();
    expect(await store.head()).toBeNull();
    let before = reads();
    expect(await store.head()).toBeNull();
    expect(reads() - before).toBe(1);
    const { position } = await store.append('x', command(2), 'any');
    expect(await store.head()).toBe(position);
    system();
    before = reads();
    expect(await store.head()).toBe(position);
    expect(reads() - before).toBeLessThanOrEqual(2 + RUN / 1_000);
    before = reads();
    expect(await store.head()).toBe(position);
    expect(reads() - before).toBe(1);
    // One that remembers nothing looks through them each time.
    const fresh = await open();
    before = reads();
    expect(await fresh.head()).toBe(position);
    expect(reads() - before).toBeGreaterThan(2);
  });
});

describe('a line that failed once', () => {
  it('is not kept when the server could not say what it can do', async () => {
    await start();
    const store = await open();
    await store.append('x', command(), 'any');
    server.cut();
    server.fail('features', { after: 'before', how: 'error' });
    expect((await store.append('x', command(), 'any')).revision).toBe(1);
    expect(store.status().reconnects).toBeGreaterThan(0);
  });

  it('is not kept when the password was refused, and works again when it is mended', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'five-ring-tls-'));
    try {
      const tls = selfSigned();
      writeFileSync(join(folder, 'ca.pem'), tls.cert);
      const users: Record<string, string> = { five: 'p@ss%' };
      await start({ tls, users });
      const store = await open({}, `kurrentdb://five:p%40ss%25@localhost:${server.port}?tls=true&defaultDeadline=1500&tlsCaFile=${encodeURIComponent(join(folder, 'ca.pem'))}`);
      await store.append('x', command(), 'any');
      users['five'] = 'another';
      server.cut();
      for (const call of [store.append('x', command(), 'any'), store.read('x'), store.head()])
        await expect(call).rejects.toMatchObject({ name: 'StoreUnavailable', reason: 'failing', message: `KurrentDB at localhost:${server.port} refused the user or the password of its URL.` });
      users['five'] = 'p@ss%';
      expect((await store.append('x', command(), 'any')).revision).toBe(1);
      expect((await store.read('x')).length).toBe(2);
      expect(store.status()).toMatchObject({ connected: true, notes: [] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

it('a read that never gets an answer ends with our own deadline, and the next one has one', async () => {
  await start();
  const store = await open({}, `${server.url}&defaultDeadline=1500`);
  await store.append('x', command(), 'any');
  server.fail('read', { after: 'before', how: 'never-answer', times: 2 });
  const begin = performance.now();
  await expect(store.read('x')).rejects.toMatchObject({ reason: 'unreachable', message: `KurrentDB at 127.0.0.1:${server.port} did not answer in time.` });
  expect(performance.now() - begin).toBeLessThan(2_500);
  expect((await store.read('x')).length).toBe(1);
});

it('what waits behind an append has no longer to wait than its own deadline', async () => {
  await start();
  const store = await open({}, `${server.url}&defaultDeadline=1500`);
  server.fail('append', { after: 'before', how: 'never-answer', times: 100 });
  const begin = performance.now();
  const appends = await Promise.allSettled(Array.from({ length: 6 }, () => store.append('x', command(), 'any')));
  expect(appends.every((result) => result.status === 'rejected' && result.reason instanceof StoreUnavailable)).toBe(true);
  expect(performance.now() - begin).toBeLessThan(2_500);
});

it('nothing that the store gives holds a BigInt', async () => {
  await start();
  const store = await open();
  const verdict = await store.append('x', command(2), 'any');
  const wrong = await store.append('x', command(), 9).catch((error: unknown) => error);
  expect(wrong).toBeInstanceOf(WrongRevision);
  const given = [verdict, await store.read('x'), await store.readAll(null, 9), await store.head(), store.status(), wrong];
  expect(() => JSON.stringify(given)).not.toThrow();
  expect(() => JSON.stringify([...given, { revision: 1n }])).toThrow(TypeError);
});
