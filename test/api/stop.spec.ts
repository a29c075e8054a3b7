/** P12: the server as it is started, stopped by a signal under load: every request it received whole gets its answer, and exit is 0. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API, type Json } from './app.js';
import { freshLog, type TestLog } from './log.js';
import { startProcess, type Running } from './process.js';

let folder: string;
let holder: TestLog;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'five-ring-stop-'));
  holder = await freshLog(folder);
});
afterEach(async () => {
  await holder.stop();
  await rm(folder, { recursive: true });
});

let authorization: string;
const start = async (preloads: readonly string[] = []): Promise<Running> => {
  const running = await startProcess({ FIVE_RING_DATA: folder, FIVE_RING_STORE: holder.url }, preloads);
  authorization = running.authorization;
  return running;
};

const post = (port: number, path: string, body: unknown): Promise<{ status: number; json: Json }> =>
  fetch(`http://127.0.0.1:${port}${API}/${path}`, { method: 'POST', headers: { authorization, 'content-type': 'application/json', 'x-colleague': 'ada' }, body: JSON.stringify(body) }).then(async (answer) => ({ status: answer.status, json: await answer.json() }));

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

const request = (path: string, body: string): string => `POST ${API}/${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\nx-colleague: ada\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

async function entriesInLog(): Promise<string[]> {
  const store = await holder.open();
  const events = await store.readAll(null, 1_000_000);
  await store.close();
  return events.map(({ id }) => id);
}

/** Stops a server under load. @returns what was wrong with that, sentences. */
async function stoppedUnderLoad(preloads: readonly string[] = []): Promise<string[]> {
  const { child, port, exit } = await start(preloads);
  await post(port, 'colleagues', { id: 'ada', name: 'Ada', department: 'sales' });
  const ids: string[] = (await Promise.all(['A', 'B', 'C', 'D'].map((name) => post(port, 'customers', { name })))).map(({ json }) => json.id);

  // Requests that are on the wire, whole, when the signal comes: each on a connection of its own, the server holding them all.
  const body = JSON.stringify({ entries: Array.from({ length: 20 }, (_, n) => ({ kind: 'note', summary: `n${n}` })) });
  const sockets = await Promise.all(Array.from({ length: 40 }, () => open(port)));
  const heard = sockets.map((socket) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    return once(socket, 'close').then(() => text);
  });
  // Load that goes on until it is refused.
  const acknowledged: string[] = [];
  let refused = 0;
  const clients = ids.map(async (id) => {
    for (;;) {
      try {
        const { status, json } = await post(port, `customers/${id}/interactions`, { entries: [{ kind: 'note' }] });
        if (status === 201) acknowledged.push(...json.entries);
      } catch {
        refused += 1;
        return;
      }
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (const [index, socket] of sockets.entries()) socket.write(request(`customers/${ids[index % 4]}/interactions`, body));
  // Time to be read off the wire, not to be carried out: 40 requests of 20 sealed entries each.
  await new Promise((resolve) => setTimeout(resolve, 5));
  const began = Date.now();
  child.kill('SIGTERM');
  const code = await exit;
  const took = Date.now() - began;
  await Promise.all(clients);
  expect(refused).toBe(ids.length);
  await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow();

  const answers = await Promise.all(heard);
  const log = new Set(await entriesInLog());
  let silent = 0;
  for (const answer of answers) {
    if (answer.startsWith('HTTP/1.1 201') && answer.endsWith('}')) acknowledged.push(...JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)).entries);
    else silent += 1;
  }
  const lost = acknowledged.filter((id) => !log.has(id)).length;
  return [
    ...(code === 0 ? [] : [`it ended with ${code}`]),
    ...(took < 10_000 ? [] : [`it took ${took} ms`]),
    ...(silent === 0 ? [] : [`${silent} who were heard got no answer`]),
    ...(lost === 0 ? [] : [`${lost} entries that were answered are not in the log`]),
  ];
}

it('stopped under load: all that was answered is in the log, and nobody who was heard goes without an answer', async () => {
  expect(await stoppedUnderLoad()).toEqual([]);
}, 30_000);

it('planted bug: a server that ends at once is found', async () => {
  expect(await stoppedUnderLoad(['stop.bug.ts'])).toEqual([expect.stringMatching(/^\d+ who were heard got no answer$/)]);
}, 30_000);

it('connections that are idle, silent or in the middle of a request do not hold up the stop', async () => {
  const { child, port, exit } = await start();
  const [silent, idle, halfHead, halfBody] = [await open(port), await open(port), await open(port), await open(port)];
  idle.write(`GET ${API}/kinds HTTP/1.1\r\nhost: localhost\r\n\r\n`);
  await once(idle, 'data');
  halfHead.write(`POST ${API}/customers HTTP/1.1\r\nhost: loc`);
  halfBody.write(request('customers', '{"name":"half"}').slice(0, -5));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const began = Date.now();
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect(Date.now() - began).toBeLessThan(10_000);
  for (const socket of [silent, idle, halfHead, halfBody]) socket.destroy();
}, 30_000);

it('a second signal changes nothing, and the folder is free afterwards', async () => {
  const first = await start();
  first.child.kill('SIGINT');
  first.child.kill('SIGTERM');
  expect(await first.exit).toBe(0);
  const second = await start();
  second.child.kill('SIGTERM');
  expect(await second.exit).toBe(0);
}, 30_000);
