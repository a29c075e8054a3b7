/** What a client may take, in bytes and in time, over real sockets: whoever is too slow loses the connection, and whoever is only long does not. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { openParts, type Parts } from '../../src/app.module.js';
import { readConfig } from '../../src/config.js';
import { createApp } from '../../src/server.js';
import { LIMITS, type Limits } from '../../src/shell/limits.js';
import { API, AS_OPERATOR, csv, mapping, multipart, OPERATOR, type Json } from './app.js';
import { freshLog, type TestLog } from './log.js';

let folder: string;
let holder: TestLog;
let parts: Parts;
let nest: NestFastifyApplication;
let port: number;

/** Short, so that the tests are. Bodies are counted in turns of the process, so that a busy machine makes nobody slow; headers by Node, by the clock. */
const SHORT: Limits = { ...LIMITS, headersMs: 1500, bodyMs: 400, trickleMs: 1000, trickleBytes: 100 };

async function start(limits: Limits): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'five-ring-limits-'));
  holder = await freshLog(folder);
  const config = readConfig({ FIVE_RING_DATA: folder, FIVE_RING_STORE: holder.url, FIVE_RING_TIME_ZONE: 'UTC', LOG_LEVEL: 'silent' });
  parts = await openParts(config);
  nest = await createApp(config, parts, pino({ level: 'silent' }), OPERATOR, limits);
  await nest.listen(0, '127.0.0.1');
  port = (nest.getHttpServer().address() as { port: number }).port;
  const { status } = await send('POST', 'colleagues', { id: 'ada', name: 'Ada', department: 'sales' });
  expect(status).toBe(201);
}
async function stop(): Promise<void> {
  nest.getHttpServer().closeAllConnections();
  await nest.close();
  await parts.close();
  await holder.stop();
  await rm(folder, { recursive: true });
}

const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<{ status: number; json: Json }> => {
  const answer = await fetch(`http://127.0.0.1:${port}${API}/${path}`, { method, headers: { ...AS_OPERATOR, 'x-colleague': 'ada', ...(body !== undefined && { 'content-type': 'application/json' }), ...headers }, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { status: answer.status, json: await answer.json().catch(() => undefined) };
};

/** A connection, what came over it, and its end. */
async function open(): Promise<{ socket: Socket; heard: () => string; closed: Promise<unknown> }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('error', () => undefined).setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  return { socket, heard: () => text, closed };
}

const head = (line: string, headers: Readonly<Record<string, string | number>>): string => `${line} HTTP/1.1\r\n${Object.entries({ host: 'localhost', authorization: AS_OPERATOR.authorization, 'x-colleague': 'ada', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
const fileHead = (length: number, type: string): string => head(`POST ${API}/imports`, { 'content-type': type, 'content-length': length });
const FILE = { customer: { source: 'crm', sourceId: '{A}' }, entry: { kind: 'note', occurredAt: '{D}' } };

/** Gives bytes one by one until the connection ends. */
async function trickle(socket: Socket, bytes: Iterable<string>, ms: number): Promise<void> {
  for (const byte of bytes) {
    if (socket.destroyed || !socket.writable) return;
    socket.write(byte);
    await sleep(ms);
  }
}
function* endless(character: string): Generator<string> {
  for (;;) yield character;
}

describe('time', () => {
  beforeAll(() => start(SHORT));
  afterAll(stop);

  it('headers that trickle in: 408, and the connection ends', async () => {
    const { socket, heard, closed } = await open();
    socket.write(`GET ${API}/kinds HTTP/1.1\r\nhost: localhost\r\nx-slow: `);
    await Promise.all([trickle(socket, endless('a'), 20), closed]);
    expect(heard()).toMatch(/^HTTP\/1\.1 408 /);
    expect(heard()).toContain('headers-too-slow');
  });

  it('a body that trickles in: 408 as a problem, nothing is appended, and the connection ends', async () => {
    const before = (await parts.store.readAll(null, 1000)).length;
    const { socket, heard, closed } = await open();
    socket.write(`${head(`POST ${API}/customers`, { 'content-type': 'application/json', 'content-length': 100_000 })}{"name":"`);
    await Promise.all([trickle(socket, endless('a'), 20), closed]);
    expect(heard()).toMatch(/^HTTP\/1\.1 408 /);
    expect(heard()).toMatch(/application\/problem\+json/);
    expect(heard()).toContain('body-too-slow');
    expect((await parts.store.readAll(null, 1000)).length).toBe(before);
  });

  it('a body of a type that is refused at once, and that goes on all the same: the connection ends', async () => {
    const { socket, heard, closed } = await open();
    socket.write(head(`POST ${API}/customers`, { 'content-type': 'text/plain', 'content-length': 100_000 }));
    await Promise.all([trickle(socket, endless('a'), 20), closed]);
    expect(heard()).toMatch(/^HTTP\/1\.1 415 /);
  });

  it('a file that trickles in is given up, and nothing is imported', async () => {
    const before = (await parts.store.readAll(null, 1000)).length;
    const { type, body } = multipart([mapping(FILE), csv('A,D\n')], false);
    const { socket, closed } = await open();
    socket.write(fileHead(1_000_000, type));
    socket.write(body.subarray(0, -2));
    await Promise.all([trickle(socket, endless('a'), 50), closed]);
    expect((await parts.store.readAll(null, 1000)).length).toBe(before);
  });

  it('a file for a route that takes none, from nobody: answered, and given up even when it comes fast', async () => {
    const { type } = multipart([mapping(FILE)], false);
    const { socket, heard, closed } = await open();
    socket.write(`POST ${API}/customers HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${type}\r\ncontent-length: 1000000000\r\n\r\n`);
    await Promise.all([trickle(socket, endless('a'.repeat(200)), 5), closed]);
    expect(heard()).toMatch(/^HTTP\/1\.1 4\d\d /);
  });

  it('a file that comes slowly, and comes, is imported whole though it takes several times as long', async () => {
    const rows = Array.from({ length: 120 }, (_, n) => `slow${n},2026-01-01\n`);
    const { type, body } = multipart([mapping(FILE), csv(`A,D\n${rows.join('')}`)]);
    const { socket, heard } = await open();
    socket.write(fileHead(body.length, type));
    // About 60 bytes in 30 ms: a hundred in a second is what it must be.
    const pieces = Array.from({ length: Math.ceil(body.length / 30) }, (_, n) => body.subarray(n * 30, n * 30 + 30).toString('latin1'));
    await trickle(socket, pieces, 25);
    while (!heard().includes('"result"') && !socket.destroyed) await sleep(20);
    expect(heard()).toMatch(/^HTTP\/1\.1 200 /);
    expect(JSON.parse(heard().split('\r\n').find((line) => line.startsWith('{"result"'))!).result.rows).toBe(120);
    socket.destroy();
  });
});

describe('number', () => {
  beforeAll(() => start({ ...LIMITS, connections: 60 }));
  afterAll(stop);

  it('forty that hold their connections do not keep others from being served', async () => {
    const slow = await Promise.all(Array.from({ length: 40 }, open));
    for (const [index, { socket }] of slow.entries()) socket.write(index % 2 === 0 ? `GET ${API}/kinds HTTP/1.1\r\nx-slow: ` : head(`POST ${API}/customers`, { 'content-type': 'application/json', 'content-length': 1000 }));
    expect((await send('GET', 'kinds')).status).toBe(200);
    expect(slow.every(({ socket }) => !socket.destroyed)).toBe(true);
    for (const { socket } of slow) socket.destroy();
  });

  const headers = (count: number): Record<string, string> => Object.fromEntries(Array.from({ length: count }, (_, n) => [`x-${n}`, '1']));

  it('as many headers as are taken, and more', async () => {
    expect((await send('GET', 'kinds', undefined, headers(80))).status).toBe(200);
    expect(await send('GET', 'kinds', undefined, headers(LIMITS.headers))).toMatchObject({ status: 400, json: { code: 'too-many-headers', errors: [{ field: 'headers' }] } });
  });

  it('thousands of small headers hide none: it is refused, and not read without the last', async () => {
    const { socket, heard, closed } = await open();
    socket.write(`GET ${API}/kinds HTTP/1.1\r\nhost: localhost\r\n${'a:\r\n'.repeat(2500)}connection: close\r\n\r\n`);
    await closed;
    expect(heard()).toContain('too-many-headers');
  });

  it('as many parameters as are taken, and more', async () => {
    const query = (count: number): string => Array.from({ length: count }, (_, n) => `p${n}=1`).join('&');
    expect(await send('GET', `portfolio?${query(LIMITS.parameters)}`)).toMatchObject({ status: 400, json: { code: 'invalid-fields' } });
    expect(await send('GET', `portfolio?${query(LIMITS.parameters + 1)}`)).toMatchObject({ status: 400, json: { code: 'too-many-parameters', errors: [{ field: 'query' }] } });
  });

  it('of hundreds of wrong fields a hundred are named; thousands are not looked at', async () => {
    const fields = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, 1]));
    const { status, json } = await send('POST', 'customers', fields(900));
    expect(status).toBe(400);
    expect(json.errors).toHaveLength(100);
    expect(json.moreErrors).toBeGreaterThan(700);
    expect(await send('POST', 'customers', fields(50_000))).toMatchObject({ status: 400, json: { code: 'too-many-keys' } });
    expect(await send('POST', 'customers', { name: 'X', team: Array.from({ length: 10_001 }, () => 7) })).toMatchObject({ status: 400, json: { code: 'too-many-items' } });
  });

  it('more connections than are taken: those above are closed, and the others served', async () => {
    const held = await Promise.all(Array.from({ length: 120 }, open));
    await Promise.any(held.slice(50).map(({ closed }) => closed));
    while (held.filter(({ socket }) => socket.destroyed).length < 20) await sleep(10);
    expect(held.filter(({ socket }) => !socket.destroyed).length).toBeGreaterThan(10);
    for (const { socket } of held) socket.destroy();
    while ((await send('GET', 'kinds').catch(() => ({ status: 0 }))).status !== 200) await sleep(20);
  });
});

describe('planted bug', () => {
  /** A server that waits for ever, as it was before there were limits. */
  const NONE: Limits = { ...LIMITS, headersMs: 60_000, bodyMs: 60_000, trickleMs: 60_000 };
  beforeAll(() => start(NONE));
  afterAll(stop);

  it.each([
    ['headers', `GET ${API}/kinds HTTP/1.1\r\nx-slow: `],
    ['a body', head(`POST ${API}/customers`, { 'content-type': 'application/json', 'content-length': 1000 })],
    ['a file', fileHead(1_000_000, multipart([mapping(FILE)], false).type)],
  ])('without limits, %s may trickle in longer than the tests above allow', async (_, first) => {
    const { socket, closed } = await open();
    socket.write(first);
    const ended = await Promise.race([closed.then(() => true), trickle(socket, Array.from({ length: 40 }, () => 'a'), 50).then(() => false)]);
    expect(ended).toBe(false);
    socket.destroy();
  });
});
