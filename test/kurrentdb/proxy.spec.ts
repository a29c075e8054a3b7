/** The fault proxy between the real client and an emulated node. */
import { type KurrentDBClient } from '@kurrent/kurrentdb-client';
import { clientOf, event, readStream, soon, within } from './client.js';
import { FaultProxy } from './proxy.js';
import { KurrentServer } from './server.js';

let server: KurrentServer;
let proxy: FaultProxy;
let client: KurrentDBClient;

beforeEach(async () => {
  server = await KurrentServer.start();
  proxy = await FaultProxy.start(server.port);
  client = clientOf(`kurrentdb://127.0.0.1:${proxy.port}?tls=false`);
  await client.appendToStream('x', event(), { streamState: 'no_stream' });
  await readStream(client, 'x');
});

afterEach(async () => {
  await client.dispose();
  await proxy.stop();
  await server.stop();
});

const append = (): Promise<unknown> => client.appendToStream('x', event()).then(() => 'done', ({ type, message }: { type?: string; message: string }) => type ?? message);
const read = (): Promise<unknown> => readStream(client, 'x').then(({ length }) => length, ({ type }: { type?: string }) => type);

it('passes everything on over one connection for appends and one for reads', () => {
  expect([proxy.connections, proxy.accepted]).toEqual([2, 2]);
});

it('refuses, until it heals', async () => {
  await proxy.refuse();
  expect(proxy.connections).toBe(0);
  expect(await append()).toContain('navailable');
  expect(await read()).toBe('unavailable');
  await proxy.heal();
  expect(await append()).toBe('done');
  expect(await read()).toBe(2);
});

it('resets live connections, and takes new ones', async () => {
  const closed = new Promise((resolve) => client.subscribeToAll().on('error', (error) => resolve((error as { type?: string }).type)));
  expect(await soon(() => server.calls.counts.subscribe === 1)).toBe(true);
  proxy.reset();
  expect(await within(1_000, closed)).toBe('unavailable');
  expect(await append()).toBe('done');
  expect(await read()).toBe(2);
  expect(proxy.accepted).toBe(4);
});

it('swallows both ways: nothing arrives, and nobody is told', async () => {
  proxy.blackHole();
  const waiting = [append(), read()];
  expect(await within(300, Promise.race(waiting))).toBe('nothing');
  expect(server.log.last('x')).toBe(0n);
  await proxy.heal();
  expect(await Promise.all(waiting)).toEqual(['unavailable', 'unavailable']);
  expect(await within(2_000, append())).toBe('done');
  expect(await within(2_000, read())).toBe(2);
});

it('swallows answers: what was asked stands, and nobody is told', async () => {
  proxy.halfOpen();
  const waiting = [append(), read()];
  expect(await within(300, Promise.race(waiting))).toBe('nothing');
  expect(server.log.last('x')).toBe(1n);
  expect(server.calls.counts.read).toBe(2);
  await proxy.heal();
  expect(await Promise.all(waiting)).toEqual(['unavailable', 'unavailable']);
  expect(await within(2_000, read())).toBe(2);
});

it('is late', async () => {
  proxy.delay(60);
  const begun = performance.now();
  expect(await append()).toBe('done');
  expect(performance.now() - begun).toBeGreaterThan(115);
});

it('lets the request through and cuts before the answer', async () => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  proxy.cutBeforeResponse();
  expect(await append()).toBe('unavailable');
  expect(server.log.last('x')).toBe(1n);
  expect(await append()).toBe('done');
  expect(await read()).toBe(3);
});

it('cuts in the middle of a request', async () => {
  proxy.cutAfterRequestBytes(40);
  expect(await append()).toBe('unavailable');
  expect(server.log.last('x')).toBe(0n);
  expect(await append()).toBe('done');
});
