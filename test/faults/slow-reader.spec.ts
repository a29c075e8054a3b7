/** Clients that ask and then read one byte a second, or nothing at all: memory stays bounded, and everybody else is served. */
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerInLines } from '../../src/shell/progress-lines.js';
import { API, AS_OPERATOR, csv, mapping, multipart, TestApp } from '../api/app.js';

/** Reports of progress that nobody reads. */
const REPORTS = 100_000;
const READERS = 20;

/** How many lines a reader gets who begins to read when the work has ended, and what the last one is. */
async function linesKept(answer: typeof answerInLines): Promise<{ lines: number; last: string }> {
  let sent: Readable | undefined;
  const reply = { status: () => reply, header: () => reply, send: (body: Readable) => ((sent = body.pipe(new PassThrough({ highWaterMark: 1_000 }))), Promise.resolve()) } as unknown as FastifyReply;
  const request = { id: 'x', log: { error: () => undefined } } as unknown as FastifyRequest;
  await answer(request, reply, 'test', async (progress) => {
    for (let done = 1; done <= REPORTS; done += 1) {
      progress({ done });
      if (done % 1_000 === 0) await new Promise(setImmediate);
    }
    return { ok: true };
  });
  let text = '';
  for await (const chunk of sent!) text += String(chunk);
  const lines = text.trim().split('\n');
  return { lines: lines.length, last: lines.at(-1)! };
}

/** As it was once: every line waits for the reader. */
const pushesAll: typeof answerInLines = async (_request, reply, _what, work) => {
  const lines = new Readable({ read: () => undefined });
  void reply.send(lines);
  const result = await work((progress) => lines.push(`${JSON.stringify({ progress })}\n`));
  lines.push(`${JSON.stringify({ result })}\n`);
  lines.push(null);
};

it('of the progress of long work only the newest waits for a reader, and the end comes all the same', async () => {
  const { lines, last } = await linesKept(answerInLines);
  expect(lines).toBeLessThan(200);
  expect(last).toBe('{"result":{"ok":true}}');
});

it('planted bug: an answer into which everything is pushed keeps all of it', async () => {
  expect((await linesKept(pushesAll)).lines).toBe(REPORTS + 1);
});

describe('over HTTP', () => {
  let app: TestApp;
  let port: number;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    app = await TestApp.withAda();
    await app.nest.listen(0, '127.0.0.1');
    port = (app.nest.getHttpServer().address() as AddressInfo).port;
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await app.remove();
  });

  const head = (method: string, path: string, more = ''): string => `${method} ${API}/${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${AS_OPERATOR.authorization}\r\nx-colleague: ada\r\n${more}\r\n`;

  /** Sends a request, and reads the first byte of its answer and nothing more. */
  async function asks(request: string | Buffer): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(request);
    await once(socket, 'readable');
    socket.read(1);
    return socket;
  }

  it('those who do not read the log, the check or the answer to an import hold up nobody', async () => {
    const id = await app.customer();
    for (let n = 0; n < 5; n += 1) await app.log(id, ...Array.from({ length: 50 }, () => ({ kind: 'note', summary: 'x'.repeat(2_000) })));
    const slow = await Promise.all(Array.from({ length: READERS }, () => asks(head('GET', 'log?limit=1000'))));
    await asks(head('GET', 'verify'));
    const rows = Array.from({ length: 300 }, (_, n) => `Customer ${n},2026-03-0${1 + (n % 9)}`).join('\n');
    const { type, body } = multipart([mapping({ customer: { source: 'crm', sourceId: '{Account}', name: '{Account}' }, entry: { kind: 'call', side: 'us', occurredAt: '{Date}' } }), csv(`Account,Date\n${rows}\n`)]);
    await asks(Buffer.concat([Buffer.from(head('POST', 'imports', `content-type: ${type}\r\ncontent-length: ${body.length}\r\n`)), body]));
    const url = `http://127.0.0.1:${port}${API}`;
    const headers = { ...AS_OPERATOR, 'content-type': 'application/json', 'x-colleague': 'ada' };
    for (let n = 0; n < 20; n += 1) {
      // Each of the slow ones takes another byte.
      for (const socket of slow) socket.read(1);
      expect((await fetch(`${url}/customers/${id}`, { headers })).status).toBe(200);
      expect((await fetch(`${url}/customers/${id}/interactions`, { method: 'POST', headers, body: JSON.stringify({ entries: [{ kind: 'note' }] }) })).status).toBe(201);
    }
    // The import was carried out, and the check has ended: another may begin.
    const events = async (): Promise<number> => (await app.events()).length;
    while ((await events()) < 2 + 250 + 20 + 600) await new Promise((resolve) => setTimeout(resolve, 20));
    for (;;) {
      const again = await fetch(`${url}/verify`, { headers });
      const text = await again.text();
      if (again.status === 409) continue;
      expect(text).toContain('"ok":true');
      break;
    }
    expect(slow.filter((socket) => socket.destroyed)).toEqual([]);
  });
});
