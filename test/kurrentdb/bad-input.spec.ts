/** Wrong settings, wrong servers, and what somebody else did to the log: a clear sentence, nothing lost, nothing skipped in silence. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { pino } from 'pino';
import { openParts, type Parts } from '../../src/app.module.js';
import { readConfig, type Config } from '../../src/config.js';
import { customer, customerStream } from '../../src/customers/customer.js';
import { AppendTooLarge, StreamDamaged, type EventStore } from '../../src/kernel/event-store.js';
import { startServer } from '../../src/server.js';
import { commandIdOf } from '../../src/shell/ids.js';
import { openStore } from '../../src/stores/index.js';
import { KurrentStore } from '../../src/stores/kurrentdb.store.js';
import { command, wholeLog } from '../event-store.contract.js';
import { selfSigned } from './certificate.js';
import { soon } from './client.js';
import { KurrentCluster } from './cluster.js';
import { KurrentServer, type ServerOptions } from './server.js';

const SECRET = 'hunter2';
const DEADLINE_MS = 800;
const OPTIONS = 'tls, tlsCAFile, tlsVerifyCert, userCertFile, userKeyFile, defaultDeadline, keepAliveInterval, keepAliveTimeout, connectionName, discoveryInterval, gossipTimeout, maxDiscoverAttempts';
const FORM = 'A KurrentDB URL looks like kurrentdb://user:password@host:2113, with several hosts and commas for a cluster; special characters of the password are written as %40 and so on.';

const folder = mkdtempSync(join(tmpdir(), 'five-ring-bad-'));
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function started(options: ServerOptions = {}): Promise<KurrentServer> {
  const server = await KurrentServer.start(options);
  ends.push(() => server.stop());
  return server;
}

async function opened(server: KurrentServer): Promise<EventStore> {
  const store = await KurrentStore.open(`${server.url}&defaultDeadline=${DEADLINE_MS}`);
  ends.push(() => store.close());
  return store;
}

/** The whole of what a user might see of an error: its words, and those of its causes. */
function shownOf(error: unknown): string {
  const { message, stack, cause } = error as Error;
  return [message, stack, ...(cause === undefined ? [] : [shownOf(cause)])].join('\n');
}

/** One line, a whole sentence, without the password. */
function isClear(message: string): boolean {
  return /^[A-Z"][^\n]*\.$/.test(message) && !message.includes(SECRET) && !/[A-Z]{6,}:|\b0x|::/.test(message);
}

/** What is said about a URL, and whatever reached the console meanwhile. */
async function refusal(url: string): Promise<{ message: string; shown: string; ms: number }> {
  const said: string[] = [];
  const spies = (['warn', 'error', 'log'] as const).map((name) => jest.spyOn(console, name).mockImplementation((...words: unknown[]) => void said.push(words.join(' '))));
  const begin = performance.now();
  try {
    const store = await openStore(url);
    await store.close();
    return { message: 'opened', shown: '', ms: 0 };
  } catch (error) {
    return { message: (error as Error).message, shown: [shownOf(error), ...said].join('\n'), ms: performance.now() - begin };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const tls = selfSigned();
const authority = join(folder, 'ca.pem');
writeFileSync(authority, tls.cert);
const ca = `tlsCaFile=${encodeURIComponent(authority)}`;
const users = { five: 'right' };

type Case = readonly [what: string, url: () => string | Promise<string>, sentence: (shown: string) => string];
const settings: readonly Case[] = [
  ['a wrong scheme', () => `https://five:${SECRET}@db:2113`, () => 'No event store is known as "https:"; there are memory:, sqlite:<path to log.db> and kurrentdb://<host>:<port>.'],
  ['the old scheme', () => `esdb://five:${SECRET}@db:2113`, () => 'No event store is known as "esdb:"; there are memory:, sqlite:<path to log.db> and kurrentdb://<host>:<port>.'],
  ['no host', () => 'kurrentdb://', () => FORM],
  ['a slash in the password', () => `kurrentdb://five:${SECRET}/x@db:2113`, () => FORM],
  ['an @ in the password', () => `kurrentdb://five:${SECRET}@x@db:2113`, () => FORM],
  ['a % in the password', () => `kurrentdb://five:${SECRET}%zz@db:2113`, () => FORM],
  ['a user without a password', () => 'kurrentdb://five@db:2113', () => FORM],
  ['a port that is none', () => `kurrentdb://five:${SECRET}@db:70000`, () => '"db:70000" in the KurrentDB URL is no host, or its port is none.'],
  ['an option that nobody knows', () => `kurrentdb://five:${SECRET}@db:2113?tsl=false`, () => `The KurrentDB URL has an option that Five-Ring does not take; it takes ${OPTIONS}, each with a value.`],
  ['an option that would break a promise', () => `kurrentdb://five:${SECRET}@db:2113?throwOnAppendFailure=false`, () => `The KurrentDB URL has an option that Five-Ring does not take; it takes ${OPTIONS}, each with a value.`],
  ['a flag that is none', () => `kurrentdb://five:${SECRET}@db:2113?tls=no`, () => 'The option tls of the KurrentDB URL is true or false.'],
  ['a number that is none', () => `kurrentdb://five:${SECRET}@db:2113?keepAliveInterval=soon`, () => 'The option keepAliveInterval of the KurrentDB URL is a whole number.'],
  ['too short a deadline', () => `kurrentdb://five:${SECRET}@db:2113?defaultDeadline=5`, () => 'The option defaultDeadline of the KurrentDB URL is a number of milliseconds, 100 or more.'],
  ['a certificate that is not there', () => `kurrentdb://five:${SECRET}@db:2113?tlsCAFile=/nowhere/ca.pem`, () => 'The file that tlsCAFile of the KurrentDB URL names cannot be read: /nowhere/ca.pem.'],
  ['the password of every new server', () => 'kurrentdb://admin:changeit@db:2113', () => 'The KurrentDB URL for db:2113 holds the password every new server has; set another on the server first.'],
];
const deadline = `defaultDeadline=${DEADLINE_MS}`;
const servers: readonly Case[] = [
  ['no server', () => `kurrentdb://five:${SECRET}@127.0.0.1:1?tls=false&${deadline}`, (at) => `KurrentDB at ${at} does not listen: nothing runs there, or at another port.`],
  ['no cluster', () => `kurrentdb://five:${SECRET}@127.0.0.1:1,127.0.0.1:2?tls=false&${deadline}`, (at) => `KurrentDB at ${at} does not listen: nothing runs there, or at another port.`],
  ['a name that nobody knows', () => `kurrentdb://five:${SECRET}@nobody.invalid?${deadline}`, (at) => `KurrentDB at ${at} has a name that this machine does not know.`],
  ['a wrong password', async () => `kurrentdb://five:${SECRET}@localhost:${(await started({ tls, users })).port}?${ca}&${deadline}`, (at) => `KurrentDB at ${at} refused the user or the password of its URL.`],
  ['no password', async () => `kurrentdb://localhost:${(await started({ tls, users })).port}?${ca}&${deadline}`, (at) => `KurrentDB at ${at} wants a user and a password: kurrentdb://user:password@host:2113.`],
  ['a certificate of nobody', async () => `kurrentdb://five:${SECRET}@localhost:${(await started({ tls, users })).port}?${deadline}`, (at) => `KurrentDB at ${at} shows a certificate that this machine does not trust (DEPTH_ZERO_SELF_SIGNED_CERT): name the authority's with tlsCAFile in its URL.`],
  ['plain against TLS', async () => `kurrentdb://five:${SECRET}@localhost:${(await started({ tls, users })).port}?tls=false&${deadline}`, (at) => `KurrentDB at ${at} speaks TLS: leave tls=false out of its URL.`],
  ['TLS against plain', async () => `kurrentdb://five:${SECRET}@localhost:${(await started()).port}?${deadline}`, (at) => `KurrentDB at ${at} speaks no TLS: add tls=false to its URL, which is for a network that nobody listens in.`],
  ['too old a server', async () => `${(await started({ version: '23.10.1' })).url}&${deadline}`, (at) => `KurrentDB at ${at} is of version 23.10.1; Five-Ring needs 24.10 or newer.`],
  ['a server so old that it says no version', async () => `${(await started({ features: 'unimplemented' })).url}&${deadline}`, (at) => `KurrentDB at ${at} is too old to say its version; Five-Ring needs 24.10 or newer.`],
  [
    'one node that follows',
    async () => {
      const cluster = await KurrentCluster.start(3);
      ends.push(() => cluster.stop());
      return `kurrentdb://127.0.0.1:${cluster.followers[0]!.port}?tls=false&${deadline}`;
    },
    (at) => `KurrentDB at ${at} does not lead its cluster: name all its hosts in the URL, with commas.`,
  ],
];
const shownIn = (url: string): string => /^[^:]+:\/\/(?:[^@]*@)?([^?]*)/.exec(url)?.[1] ?? '';

describe('a URL that cannot work is refused in a clear sentence, in time, and nothing shows the password', () => {
  it.each([...settings, ...servers])('%s', async (_what, url, sentence) => {
    const given = await url();
    const { message, shown, ms } = await refusal(given);
    expect(message).toBe(sentence(shownIn(given)));
    expect(isClear(message)).toBe(true);
    expect(shown).not.toContain(SECRET);
    expect(ms).toBeLessThan(DEADLINE_MS + 1_000 + 1_000);
  });

  it('the words of the client would not do', async () => {
    const { port } = await started();
    const client = KurrentDBClient.connectionString(`kurrentdb://localhost:${port}?tls=true`);
    const words = await client.appendToStream('x', []).then(() => '', (error: Error) => error.message);
    expect(isClear(words)).toBe(false);
    const warned: string[] = [];
    const spy = jest.spyOn(console, 'warn').mockImplementation((...said: unknown[]) => void warned.push(said.join(' ')));
    KurrentDBClient.connectionString(`kurrentdb://five:${SECRET}@localhost:${port}?tls=false&tsl=false`);
    spy.mockRestore();
    expect(warned.join()).toContain(SECRET);
  });
});

describe('an append above the limit', () => {
  const large = (bytes: number) => command(1, () => 'x'.repeat(bytes));

  it('of the server is refused, and harms nobody', async () => {
    const server = await started({ maxAppendSize: 1_048_576 });
    const store = await opened(server);
    const results = await Promise.allSettled([store.append('a', command(), 'any'), store.append('b', large(1_100_000), 'any'), store.append('c', command(), 'any')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await expect(store.append('b', large(1_100_000), 'any')).rejects.toThrow('An append of 1100002 bytes is more than the store takes at once (1048576).');
    expect((await store.append('b', command(), 'no-stream')).revision).toBe(0);
  });

  it('of any server is not sent: the bare client would lose the line of everybody over it', async () => {
    const server = await started();
    const store = await opened(server);
    await store.append('a', command(), 'any');
    const before = server.calls.counts.append;
    await expect(store.append('b', large(17_000_000), 'any')).rejects.toThrow(AppendTooLarge);
    expect(server.calls.counts.append).toBe(before);
    expect(store.status?.().reconnects).toBe(0);
    const client = KurrentDBClient.connectionString(server.url);
    const bare = await client.appendToStream('b', { id: command()[0]!.id, contentType: 'application/json', type: 'A', data: 'x'.repeat(17_000_000) } as never).catch((error: { type: string }) => error.type);
    expect(bare).not.toBe('maximum-append-size-exceeded');
    await client.dispose();
  });
});

describe('what somebody else did to the log', () => {
  const meta = (server: KurrentServer, stream: string, data: object): void => void server.inject(`$$${stream}`, '$metadata', data);
  const damaged = async (call: Promise<unknown>, message: string): Promise<void> => {
    const error = await call.then(
      () => 'nothing was said',
      (reason: unknown) => reason,
    );
    expect(String(error)).toBe(`StreamDamaged: ${message}`);
    expect(error).toBeInstanceOf(StreamDamaged);
  };
  let server: KurrentServer;
  let store: EventStore;
  let fresh: EventStore;
  beforeEach(async () => {
    server = await started();
    store = await opened(server);
    fresh = await opened(server);
    for (const stream of ['x', 'y']) await store.append(stream, command(4), 'no-stream');
  });
  afterEach(async () => {
    // The other stream is as it was, for both.
    for (const one of [store, fresh]) expect((await one.read('y')).length).toBe(4);
    expect((await store.append('y', command(), 3)).revision).toBe(4);
    expect((await fresh.append('y', command(), 4)).revision).toBe(5);
    expect(store.status?.()).toMatchObject({ connected: true, reconnects: 0 });
  });

  it('a stream deleted for ever', async () => {
    server.log.delete('x', 'any', true);
    for (const one of [store, fresh]) {
      await damaged(one.read('x'), 'Stream x is damaged: somebody deleted it for ever.');
      await damaged(one.append('x', command(), 'any'), 'Stream x is damaged: somebody deleted it for ever.');
    }
  });

  it('a stream deleted so that it can be written again', async () => {
    server.log.delete('x', 'any', false);
    expect(await fresh.read('x')).toEqual([]);
    // The server goes on counting: the first to write finds it out, and what it wrote stands where it says.
    const events = command();
    await damaged(fresh.append('x', events, 'no-stream'), 'Stream x is damaged: somebody deleted it; what was just written stands at revision 4, after what is gone.');
    const gone = 'Stream x is damaged: somebody removed its revisions 0 to 3.';
    for (const one of [fresh, await opened(server)]) {
      await damaged(one.read('x'), gone);
      await damaged(one.append('x', command(), 'any'), gone);
      await damaged(one.append('x', events, 'no-stream'), gone);
    }
    expect((await wholeLog(fresh)).filter(({ stream }) => stream === 'x').map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4]);
  });

  it.each([
    ['truncated before a revision', { $tb: 2 }],
    ['limited to its newest', { $maxCount: 2 }],
  ])('a stream %s', async (_what, metadata) => {
    meta(server, 'x', metadata);
    const gone = 'Stream x is damaged: somebody removed its revisions 0 to 1.';
    await damaged(fresh.read('x'), gone);
    await damaged(fresh.append('x', command(), 3), gone);
    expect((await fresh.read('x', 2)).map(({ revision }) => revision)).toEqual([2, 3]);
    // Who knows what stood there goes on, and loses nothing that can still be read.
    expect((await store.append('x', command(), 3)).revision).toBe(4);
  });

  it('an event of theirs in a stream of ours', async () => {
    server.inject('x', 'TheirEvent', { a: 1 });
    const theirs = 'Stream x is damaged: its revision 4 (TheirEvent) was not written by Five-Ring.';
    for (const one of [store, fresh]) {
      await damaged(one.read('x'), theirs);
      await damaged(one.append('x', command(), 'any'), theirs);
      await damaged(one.append('x', command(), 3), theirs);
    }
    expect((await fresh.read('x', 0, 4)).length).toBe(4);
    await wholeLog(fresh);
    expect(fresh.status?.().notes).toEqual(["1 events in $all are not Five-Ring's and are left out, the first of them in x (TheirEvent): give Five-Ring a KurrentDB of its own."]);
  });

  it.each([
    ['of JSON', { some: 'data' }, { fiveRing: 'no' }],
    ['of bytes', Buffer.from([0, 255, 1]), Buffer.from('{not json')],
    ['without metadata', {}, undefined],
  ])('events of theirs beside ours, %s', async (_what, data, metadata) => {
    for (let i = 0; i < 3; i += 1) server.inject('orders-1', 'OrderPlaced', data, metadata);
    await store.append('x', command(), 3);
    expect((await wholeLog(fresh)).map(({ stream, revision }) => `${stream} ${revision}`)).toEqual(['x 0', 'x 1', 'x 2', 'x 3', 'y 0', 'y 1', 'y 2', 'y 3', 'x 4']);
    expect(await fresh.readAll(await fresh.head(), 9)).toEqual([]);
    expect(fresh.status?.().notes).toEqual(["3 events in $all are not Five-Ring's and are left out, the first of them in orders-1 (OrderPlaced): give Five-Ring a KurrentDB of its own."]);
  });

  it('an event of a newer Five-Ring is not passed over', async () => {
    const { data, metadata } = server.log.all.filter(({ stream }) => stream === 'x').at(-1)!;
    server.inject('z', 'Newer', JSON.parse(Buffer.from(data).toString()), { ...(JSON.parse(Buffer.from(metadata).toString()) as object), fiveRing: 2 });
    await damaged(wholeLog(fresh), 'Stream z is damaged: its revision 0 was written by a newer version of Five-Ring; use that one.');
    await damaged(fresh.read('z'), 'Stream z is damaged: its revision 0 was written by a newer version of Five-Ring; use that one.');
  });

  it('a place where no event can stand is refused as no position', async () => {
    await expect(fresh.readAll('7/7', 10)).rejects.toThrow(new RangeError('"7/7" is not a position of this store.'));
    expect(await fresh.readAll('9007199254740993000/9007199254740993000', 10)).toEqual([]);
  });
});

describe('the start', () => {
  let data: string;
  let made = 0;
  beforeEach(() => (data = join(folder, `data-${(made += 1)}`)));
  const configOf = (url: string): Config => readConfig({ FIVE_RING_DATA: data, FIVE_RING_STORE: url, FIVE_RING_TIME_ZONE: 'UTC', LOG_LEVEL: 'silent', PORT: '0' });
  const register = (parts: Parts, id: string) =>
    parts.executor.execute(customer, customerStream(id), [{ commandId: commandIdOf(), mac: 'm', command: { type: 'RegisterCustomer', details: { name: id, nameMac: id }, mayExist: false } }], { actor: 'ada', correlationId: 'test' });
  const customersIn = async (parts: Parts): Promise<string[]> => {
    await parts.projector.caughtUp();
    const rows = (await parts.rows.db.selectFrom('portfolio' as never).select('customer' as never).execute()) as { customer: string }[];
    return rows.map((row) => row.customer).sort();
  };

  it('of the process ends with one sentence and exit code 1 when there is no server', async () => {
    const hook = pathToFileURL(join(__dirname, '../faults/typescript.mjs')).href;
    const env = { ...process.env, FIVE_RING_DATA: data, FIVE_RING_STORE: `kurrentdb://five:${SECRET}@127.0.0.1:1?tls=false&${deadline}`, PORT: '0' };
    const child = spawn(process.execPath, ['--import', hook, join(__dirname, '../../src/main.ts')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, said }).toEqual({ code: 1, said: 'KurrentDB at 127.0.0.1:1 does not listen: nothing runs there, or at another port.\n' });
  });

  it('leaves the folder free when there was no server', async () => {
    const none = configOf(`kurrentdb://127.0.0.1:1?tls=false&${deadline}`);
    for (let i = 0; i < 2; i += 1) await expect(startServer(none, { log: pino({ level: 'silent' }) })).rejects.toThrow('KurrentDB at 127.0.0.1:1 does not listen: nothing runs there, or at another port.');
    const server = await startServer(configOf((await started()).url), { log: pino({ level: 'silent' }) });
    await server.close();
  });

  it('on views of another log is refused, and they stay as they were', async () => {
    const [one, other] = [await started(), await started()];
    let parts = await openParts(configOf(one.url));
    await register(parts, 'c1');
    expect(await customersIn(parts)).toEqual(['c1']);
    await parts.close();
    await expect(openParts(configOf(other.url))).rejects.toThrow(
      `The log that FIVE_RING_STORE names is not the one that ${join(data, 'views.db')} was made from: it lacks the event in stream customer-c1 at revision 0. Either the address is wrong, or the log was set back to an earlier moment. If that is meant, delete views.db: it is made anew.`,
    );
    // Nothing stays open behind the refusal, but the connection that the client's native part closes when it is collected.
    expect(await soon(() => other.connections <= 1)).toBe(true);
    parts = await openParts(configOf(one.url));
    expect(await customersIn(parts)).toEqual(['c1']);
    await parts.close();
  });

  it('on a log that was set back is refused: the views are beyond its end', async () => {
    const [one, back] = [await started(), await started()];
    let parts = await openParts(configOf(one.url));
    await register(parts, 'c1');
    const [first] = await wholeLog(parts.store);
    await register(parts, 'c2');
    expect(await customersIn(parts)).toEqual(['c1', 'c2']);
    await parts.close();
    const copy = await opened(back);
    await copy.append(first!.stream, [first!], 'no-stream', first!.recordedAt);
    await expect(openParts(configOf(back.url))).rejects.toThrow('it lacks the event in stream customer-c2 at revision 0. Either the address is wrong, or the log was set back');
    rmSync(join(data, 'views.db'));
    parts = await openParts(configOf(back.url));
    expect(await customersIn(parts)).toEqual(['c1']);
    await parts.close();
  });

  it('on the same log at other places makes the views anew', async () => {
    const [one, moved] = [await started(), await started()];
    let parts = await openParts(configOf(one.url));
    for (const id of ['c1', 'c2']) await register(parts, id);
    await customersIn(parts);
    const log = await wholeLog(parts.store);
    const before = parts.projector.at;
    await parts.close();
    for (let i = 0; i < 50; i += 1) moved.inject('$stats-x', '$statsCollected', { i });
    const copy = await opened(moved);
    for (const event of log) await copy.append(event.stream, [event], event.revision === 0 ? 'no-stream' : event.revision - 1, event.recordedAt);
    parts = await openParts(configOf(moved.url));
    expect(await customersIn(parts)).toEqual(['c1', 'c2']);
    expect(parts.projector.at).toBe(await copy.head());
    expect(parts.projector.at).not.toBe(before);
    await register(parts, 'c3');
    expect(await customersIn(parts)).toEqual(['c1', 'c2', 'c3']);
    await parts.close();
  });
});
