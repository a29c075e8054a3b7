/** What can be made to go wrong with the emulated node, and what the real client makes of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { START, type KurrentDBClient } from '@kurrent/kurrentdb-client';
import { selfSigned } from './certificate.js';
import { clientOf, event, readAll, readStream, soon, within } from './client.js';
import { KurrentCluster } from './cluster.js';
import { KurrentServer } from './server.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function connect(url: string): KurrentDBClient {
  const client = clientOf(url);
  closing.push(() => client.dispose());
  return client;
}

async function start(options: Parameters<typeof KurrentServer.start>[0] = {}): Promise<KurrentServer> {
  const server = await KurrentServer.start(options);
  closing.push(() => server.stop());
  return server;
}

/** The type of the error that a promise ends with. */
const refusal = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'done', (error: { type?: string; message: string }) => error.type ?? error.message);

describe('lost answers', () => {
  it.each([
    ['commit', 'cut', 'unavailable'],
    ['commit', 'error', 'unavailable'],
    ['commit', 'timeout', 'deadline-exceeded'],
    ['before', 'cut', 'unavailable'],
    ['before', 'error', 'unavailable'],
    ['before', 'timeout', 'deadline-exceeded'],
  ] as const)('an append that fails after %s by %s', async (after, how, type) => {
    const server = await start();
    const client = connect(server.url);
    await client.appendToStream('x', event());
    server.fail('append', { after, how });
    const lost = event();
    expect(await refusal(client.appendToStream('x', lost, { streamState: 0n }))).toBe(type);
    expect(server.log.last('x')).toBe(after === 'commit' ? 1n : 0n);
    expect(await client.appendToStream('x', lost, { streamState: 0n })).toMatchObject({ nextExpectedRevision: 1n });
    expect(server.log.last('x')).toBe(1n);
    expect(server.calls.counts.append).toBe(3);
  });

  it('a batch append that gets no answer has no deadline on the client', async () => {
    const server = await start();
    const client = connect(server.url);
    server.fail('append', { after: 'commit', how: 'never-answer', times: 2 });
    expect(await within(400, client.appendToStream('x', event(), { deadline: 100 }))).toBe('nothing');
    expect(server.log.last('x')).toBe(0n);
    const single = await start({ batchAppend: false });
    single.fail('append', { after: 'commit', how: 'never-answer' });
    expect(await within(1_000, refusal(connect(single.url).appendToStream('x', event(), { deadline: 100 })))).toBe('deadline-exceeded');
    expect(single.log.last('x')).toBe(0n);
  });

  it('reads and subscriptions', async () => {
    const server = await start();
    const client = connect(server.url);
    await client.appendToStream('x', event());
    for (const how of ['cut', 'error'] as const) {
      server.fail('read', { after: 'before', how });
      expect(await refusal(readStream(client, 'x'))).toBe('unavailable');
      expect(await readStream(client, 'x')).toHaveLength(1);
    }
    server.fail('read', { after: 'before', how: 'never-answer' });
    expect(await within(300, readStream(client, 'x'))).toBe('nothing');
    server.fail('subscribe', { after: 'before', how: 'cut' });
    const failed = new Promise((resolve) => client.subscribeToAll({ fromPosition: START }).on('error', (error) => resolve((error as { type?: string }).type)));
    expect(await within(1_000, failed)).toBe('unavailable');
  });

  it('delays', async () => {
    const server = await start();
    const client = connect(server.url);
    server.delay('append', 80);
    const begun = performance.now();
    await client.appendToStream('x', event());
    expect(performance.now() - begun).toBeGreaterThan(75);
    server.calls.heal();
  });
});

describe('a secure node', () => {
  it('asks who it is', async () => {
    const tls = selfSigned();
    const folder = mkdtempSync(join(tmpdir(), 'kurrentdb-'));
    closing.push(async () => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'ca.pem'), tls.cert);
    const server = await start({ tls, users: { admin: 'changeit' } });
    const as = (who: string): KurrentDBClient => connect(`kurrentdb://${who}localhost:${server.port}?tls=true&tlsCaFile=${folder}/ca.pem&discoveryInterval=10`);
    const known = as('admin:changeit@');
    await known.appendToStream('x', event());
    expect(await readStream(known, 'x')).toHaveLength(1);
    expect(await refusal(known.appendToStream('x', event(), { credentials: { username: 'admin', password: 'no' } }))).toBe('access-denied');
    for (const who of ['admin:wrong@', '']) {
      const other = as(who);
      expect(await refusal(other.appendToStream('x', event()))).toBe('access-denied');
      expect(await refusal(readStream(other, 'x'))).toBe('access-denied');
      expect(await refusal(readAll(other))).toBe('access-denied');
    }
    expect(server.log.last('x')).toBe(0n);
    const plain = connect(`kurrentdb://127.0.0.1:${server.port}?tls=false&discoveryInterval=10`);
    expect(await refusal(readStream(plain, 'x'))).toBe('unavailable');
    expect(await refusal(plain.appendToStream('x', event()))).toContain('UNAVAILABLE');
  });
});

describe('a cluster', () => {
  async function form(): Promise<KurrentCluster> {
    const cluster = await KurrentCluster.start(3);
    closing.push(() => cluster.stop());
    return cluster;
  }

  it('is found through gossip, and says who leads when the leader moved', async () => {
    const cluster = await form();
    const client = connect(cluster.url);
    await client.appendToStream('x', event(), { requiresLeader: true });
    expect(await readStream(client, 'x')).toHaveLength(1);
    expect(cluster.nodes.map(({ calls }) => calls.counts.append)).toEqual([1, 0, 0]);
    expect(cluster.nodes.map(({ calls }) => calls.counts.read)).toEqual([1, 0, 0]);
    await cluster.elect(2);
    await expect(client.appendToStream('x', event(), { requiresLeader: true })).rejects.toMatchObject({ type: 'not-leader', leader: { address: '127.0.0.1', port: cluster.nodes[2]?.port } });
    expect(await refusal(readStream(client, 'x'))).toBe('not-leader');
    expect(await client.appendToStream('x', event(), { requiresLeader: true })).toMatchObject({ nextExpectedRevision: 1n });
    expect(await readStream(client, 'x')).toHaveLength(2);
    expect(cluster.nodes.map(({ calls }) => calls.counts.append)).toEqual([2, 0, 1]);
  });

  it('a follower serves reads and passes writes on; a stale one lags behind', async () => {
    const cluster = await form();
    const follower = cluster.followers[0] ?? (await start());
    const client = connect(`${follower.url}&nodePreference=follower`);
    await client.appendToStream('x', [event(), event(), event()]);
    expect(await readStream(client, 'x')).toHaveLength(3);
    follower.lag = 2;
    const seen: unknown[] = [];
    const subscription = client.subscribeToStream('x').on('data', (one) => seen.push(one));
    expect(await readStream(client, 'x')).toHaveLength(1);
    expect((await readAll(client)).at(-1)).toMatchObject({ streamId: 'x', revision: 0n });
    expect(await soon(() => seen.length === 1)).toBe(true);
    follower.lag = 0;
    expect(await soon(() => seen.length === 3)).toBe(true);
    await subscription.unsubscribe();
  });

  it('without a leader refuses to write', async () => {
    const cluster = await form();
    const client = connect(cluster.url);
    await client.appendToStream('x', event());
    await readStream(client, 'x');
    const election = cluster.elect(1, 150);
    await expect(client.appendToStream('x', event())).rejects.toThrow('Server Is Not Ready');
    expect(await refusal(readStream(client, 'x'))).toBe('unavailable');
    await election;
    expect(await client.appendToStream('x', event())).toMatchObject({ nextExpectedRevision: 1n });
  });

  it('the bridge never leaves a node that is gone; a new client finds another', async () => {
    const cluster = await form();
    const client = connect(cluster.url);
    await client.appendToStream('x', event());
    await readStream(client, 'x');
    await cluster.nodes[0]?.stop();
    await cluster.elect(1);
    expect(await refusal(client.appendToStream('x', event()))).toBe('unavailable');
    expect(await client.appendToStream('x', event())).toMatchObject({ success: true });
    for (let i = 0; i < 3; i += 1) expect(await refusal(readStream(client, 'x'))).toBe('unavailable');
    expect(await readStream(connect(cluster.url), 'x')).toHaveLength(2);
  });
});

it('the bridge of a client that found nobody at first never reads again', async () => {
  const server = await start();
  const { port, log } = server;
  await server.stop();
  const client = connect(server.url);
  expect(await refusal(readStream(client, 'x'))).toBe('unavailable');
  await start({ port, log });
  expect(await client.appendToStream('x', event())).toMatchObject({ success: true });
  expect(await refusal(readStream(client, 'x'))).toBe('unavailable');
  expect(await readStream(connect(server.url), 'x')).toHaveLength(1);
});

it('runs as a process of its own', async () => {
  const child = spawn(process.execPath, ['--import', './test/faults/typescript.mjs', 'test/kurrentdb/serve.ts', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const client = clientOf(line.toString().trim());
  expect(await client.appendToStream('x', event())).toMatchObject({ nextExpectedRevision: 0n });
  expect(await readStream(client, 'x')).toHaveLength(1);
  await client.dispose();
  child.kill('SIGTERM');
  expect((await exit)[0]).toBe(0);
});
