/** How much a client may ask of us, and how long it may take to say it. What is refused here, nobody has looked at yet. */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../kernel/refusal.js';
import { TITLES } from './problems.filter.js';
import { securityHeaders } from './security-headers.js';

export interface Limits {
  /** Headers are here within this time, or the connection ends. Milliseconds. */
  readonly headersMs: number;
  /** A body that is read whole (JSON) is here within this time. Milliseconds. */
  readonly bodyMs: number;
  /** A body that is read as it comes (a file) may take hours, but in each such time, while we wait for it, `trickleBytes` come. Milliseconds. */
  readonly trickleMs: number;
  readonly trickleBytes: number;
  /** Bytes of all headers together. */
  readonly headerBytes: number;
  readonly headers: number;
  readonly parameters: number;
  readonly connections: number;
}

export const LIMITS: Limits = { headersMs: 15_000, bodyMs: 30_000, trickleMs: 60_000, trickleBytes: 1024, headerBytes: 16 * 1024, headers: 100, parameters: 100, connections: 2000 };

/** Looks in the time that a client has. Counted, not timed: when the process itself was held up, no client pays for it. */
const LOOKS = 20;

/** What Node's own server is told. */
export const serverOptions = ({ headersMs, headerBytes }: Limits): object => ({
  headersTimeout: headersMs,
  connectionsCheckingInterval: Math.max(50, headersMs / 5),
  maxHeaderSize: headerBytes,
});

/** A body that is still coming in. */
interface Receiving {
  readonly request: FastifyRequest;
  readonly answer: ServerResponse;
  readonly streamed: boolean;
  looks: number;
  /** Bytes of the connection when these looks began. */
  since: number;
  answered: boolean;
}

const isComing = ({ headers }: FastifyRequest): boolean => headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const tooMany = (code: string, message: string, field: string): Refusal => new Refusal('malformed', code, message, [{ field, code, message }]);

export function addLimits(app: FastifyInstance, limits: Limits): void {
  app.server.maxConnections = limits.connections;
  // Node leaves out silently what is beyond its own count, such as the address that a proxy adds at the end.
  app.server.maxHeadersCount = 0;

  const receiving = new Set<Receiving>();
  const everyMs = (ms: number, look: (one: Receiving) => void, streamed: boolean): NodeJS.Timeout =>
    setInterval(() => {
      // What has arrived by now is read first.
      setImmediate(() => {
        for (const one of receiving) if (one.streamed === streamed) look(one);
      });
    }, ms / LOOKS).unref();
  const looking = [everyMs(limits.bodyMs, (one) => lookAtWhole(one), false), everyMs(limits.trickleMs, (one) => lookAtStreamed(one, limits), true)];
  app.addHook('onClose', async () => looking.forEach((one) => clearInterval(one)));

  app.addHook('onRequest', async (request, reply) => {
    if (isComing(request)) {
      const one: Receiving = { request, answer: reply.raw, streamed: (request.headers['content-type'] ?? '').startsWith('multipart/'), looks: 0, since: request.socket.bytesRead ?? 0, answered: false };
      receiving.add(one);
      const forget = (): void => void receiving.delete(one);
      request.raw.once('end', forget).once('close', forget);
    }
    if (request.raw.rawHeaders.length / 2 > limits.headers) throw tooMany('too-many-headers', `More than ${limits.headers} headers.`, 'headers');
    const query = request.raw.url?.indexOf('?') ?? -1;
    if (query >= 0 && countOf(request.raw.url!, '&', query) >= limits.parameters) throw tooMany('too-many-parameters', `More than ${limits.parameters} parameters.`, 'query');
  });
}

function countOf(text: string, character: string, from: number): number {
  let count = 0;
  for (let at = text.indexOf(character, from); at >= 0; at = text.indexOf(character, at + 1)) count += 1;
  return count;
}

/** While we do not read, the client can send nothing. */
const isOurs = ({ request, answer }: Receiving): boolean => !answer.writableEnded && request.raw.readableFlowing !== true;

/** Counts a look; true when the client's time is over. */
const isOver = (one: Receiving): boolean => (one.looks += 1) > LOOKS;

function lookAtWhole(one: Receiving): void {
  const { request, answer } = one;
  if (isOurs(one) || !isOver(one)) return;
  one.looks = 0;
  // Answered already, and still sending; or refused, and not gone.
  if (one.answered || answer.writableEnded) return void request.raw.destroy();
  one.answered = true;
  answer.setHeader('connection', 'close');
  // Whoever reads the body gives this on as its answer.
  if (request.raw.listenerCount('error') > 0) request.raw.emit('error', new Refusal('slow', 'body-too-slow', 'The body did not come in time.'));
  else request.raw.destroy();
}

function lookAtStreamed(one: Receiving, { trickleBytes }: Limits): void {
  const { request, answer } = one;
  if (isOurs(one) || !isOver(one)) return;
  const read = request.socket.bytesRead ?? 0;
  // An answer that is there may be read, and the rest of the body sent, in the same time again; no longer.
  if (read - one.since < trickleBytes || one.answered) return void request.raw.destroy();
  one.looks = 0;
  one.since = read;
  one.answered = answer.writableEnded;
}

/** How long a refused client may go on reading, and sending what nobody looks at. */
const LAST_READ_MS = 1000;

/** What is no HTTP, or comes too late to be: answered as everything else is, as far as anybody listens. */
export function refuseConnection(error: { readonly code?: string }, socket: Duplex): void {
  // Once is enough, however much more comes.
  if (error.code === 'ECONNRESET' || socket.destroyed || socket.writableEnded) return;
  const [status, code, detail] = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? ([408, 'headers-too-slow', 'The headers did not come in time.'] as const)
    : error.code === 'HPE_HEADER_OVERFLOW' ? ([431, 'headers-too-large', 'The headers are larger than this server takes.'] as const)
    : ([400, 'malformed-http', 'This is not HTTP as this server understands it.'] as const);
  const type = 'application/problem+json; charset=utf-8';
  const body = JSON.stringify({ type: `urn:five-ring:problem:${code}`, title: TITLES[status], status, code, detail });
  const headers = { ...securityHeaders({ type, path: '', secure: false }), 'content-type': type, 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
  // Closed at once, with bytes unread, the connection would be reset, and the answer lost.
  if (socket.writable) socket.end(`HTTP/1.1 ${status} ${TITLES[status]}\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`);
  setTimeout(() => socket.destroy(), LAST_READ_MS).unref();
}
