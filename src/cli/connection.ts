/**
 * How a verb reaches the app: always over HTTP. A server that holds the data folder is asked; when nobody holds it,
 * the same app is started in this process, on a port of its own, for as long as the verb runs.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.js';
import type { Server } from '../server.js';
import type { Announced } from '../shell/data-folder.js';
import type { Problem } from '../shell/problems.filter.js';
import { failed, Failure } from './failure.js';

/** Somebody who holds the folder without answering may be starting or stopping; each change of hands begins the wait anew. */
const PATIENCE_MS = 4000;
const LIVE_MS = 5000;
/** A connection that was cut may have carried the request: once more. One that was refused has not: look who holds the folder now. */
const CUTS = 1;
const REFUSALS = 20;
/** Waiting for longer than this is explained. */
const SILENCE_MS = 2000;

/** Says what is waited for, when it takes long. */
async function explained<T>(sentence: string, work: Promise<T>): Promise<T> {
  const notice = setTimeout(() => process.stderr.write(`${sentence}\n`), SILENCE_MS);
  try {
    return await work;
  } finally {
    clearTimeout(notice);
  }
}

export type Query = Readonly<Record<string, string | number | undefined>>;

export interface Options {
  readonly as: string | undefined;
  /** Reading a folder that is not there is a typing error; writing makes it. */
  readonly mayCreate: boolean;
  /** Level of what the app in this process logs on stderr. */
  readonly logLevel: string | undefined;
}

function asked(path: string, query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

export class Connection {
  private at: Announced | undefined;
  private server: Server | undefined;

  constructor(
    private readonly config: Config,
    private readonly options: Options,
  ) {}

  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.send<T>('GET', asked(path, query), {});
  }

  /** Writes; when it returns, reads see what was written. */
  post<T extends { readonly position: string | null }>(path: string, body: object): Promise<T> {
    return this.write<T>('POST', path, body);
  }

  /** Changes what is there, as `post` writes. */
  patch<T extends { readonly position: string | null }>(path: string, body: object): Promise<T> {
    return this.write<T>('PATCH', path, body);
  }

  private async write<T extends { readonly position: string | null }>(method: 'POST' | 'PATCH', path: string, body: object): Promise<T> {
    // The key makes sending it twice the same as sending it once.
    const headers = { 'idempotency-key': randomUUID(), 'content-type': 'application/json' };
    const answer = await this.send<T>(method, path, { headers, body: JSON.stringify(body) });
    await this.seen(answer.position);
    return answer;
  }

  /** Waits, within bounds, until the views have a position. @returns false when they are still behind. */
  async delete<T extends { readonly position: string | null }>(path: string, query: Query = {}): Promise<T> {
    const answer = await this.send<T>('DELETE', asked(path, query), { headers: { 'idempotency-key': randomUUID() } });
    await this.seen(answer.position);
    return answer;
  }

  async seen(position: string | null): Promise<boolean> {
    if (position === null) return true;
    try {
      await this.get('/api/v1/rules', { after: position });
      return true;
    } catch {
      return false;
    }
  }

  /** Sends a stream (or nothing) and gives the lines of an NDJSON answer as they come. No timeout: long work is silent at times. */
  async *lines(method: 'GET' | 'POST', path: string, body?: { readonly type: string; readonly content: Readable }, key: string = randomUUID()): AsyncGenerator<Record<string, unknown>> {
    const { url, operator } = await this.reach();
    const headers = body === undefined ? this.caller(operator) : { ...this.caller(operator), 'idempotency-key': key, 'content-type': body.type };
    // Kept alive: else a server that refuses early closes under the sending, and its answer is lost.
    const agent = new Agent({ keepAlive: true });
    const request = httpRequest(new URL(path, url), { method, headers, agent });
    const stop = new AbortController();
    try {
      const answered = once(request, 'response', { signal: stop.signal });
      const sent = body === undefined ? void request.end() : pipeline(body.content, request, { signal: stop.signal });
      // What stops the sending shows in the answer; only what stops the reading of the file does not.
      sent?.catch((error: NodeJS.ErrnoException) => request.destroy(error));
      let response: IncomingMessage;
      try {
        [response] = (await answered) as [IncomingMessage];
      } catch (error) {
        throw this.cut(error, url);
      }
      if (response.statusCode !== 200) throw refusal(await textOf(response), response.statusCode ?? 0);
      yield* this.read(response, url);
    } finally {
      stop.abort();
      request.on('error', () => undefined).destroy();
      agent.destroy();
    }
  }

  /** An answer as it comes, piece by piece, whatever it holds. @throws Failure when it is refused, or breaks off. */
  async *pieces(path: string, query: Query = {}): AsyncGenerator<Uint8Array> {
    const { url, operator } = await this.reach();
    try {
      const response = await fetch(new URL(asked(path, query), url), { headers: this.caller(operator) });
      if (response.status !== 200) throw refusal(await response.text(), response.status);
      yield* response.body as unknown as AsyncIterable<Uint8Array>;
    } catch (error) {
      throw error instanceof Failure ? error : this.cut(error, url);
    }
  }

  private async *read(response: IncomingMessage, url: string): AsyncGenerator<Record<string, unknown>> {
    const chunks = response.setEncoding('utf8')[Symbol.asyncIterator]() as AsyncIterator<string, undefined>;
    for (let rest = ''; ; ) {
      const { value, done } = await chunks.next().catch((error: unknown) => {
        throw this.cut(error, url);
      });
      if (done === true) return;
      const lines = (rest + value).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        const said = JSON.parse(line) as Record<string, unknown>;
        if (said['problem'] !== undefined) throw new Failure(said['problem'] as Problem);
        yield said;
      }
    }
  }

  async close(): Promise<void> {
    if (this.server !== undefined) await explained('Another verb works through this one; waiting for it to end …', this.server.close());
    this.server = undefined;
    this.at = undefined;
  }

  /** Shows that it holds the folder, and for whom it acts. */
  private caller(operator: string): Record<string, string> {
    return { authorization: `Operator ${operator}`, ...(this.options.as !== undefined && { 'x-colleague': this.options.as }) };
  }

  private async send<T>(method: string, path: string, init: Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> }): Promise<T> {
    for (let [cuts, refusals] = [0, 0]; ; ) {
      const { url, operator } = await this.reach();
      let status: number;
      let text: string;
      try {
        const response = await fetch(new URL(path, url), { ...init, method, headers: { ...init.headers, ...this.caller(operator) } });
        status = response.status;
        text = await response.text();
      } catch (error) {
        // The server may have gone meanwhile (another verb's, that has ended): look again who holds the folder.
        if (this.server === undefined) this.at = undefined;
        const refused = (error as { cause?: NodeJS.ErrnoException }).cause?.code === 'ECONNREFUSED';
        if (refused ? (refusals += 1) <= REFUSALS : (cuts += 1) <= CUTS) continue;
        throw this.cut(error, url);
      }
      if (status >= 300) throw refusal(text, status);
      return JSON.parse(text) as T;
    }
  }

  private cut(error: unknown, url: string): Failure {
    const { code, message, cause } = (error ?? {}) as NodeJS.ErrnoException;
    const reason = code ?? (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
    return failed('no-answer', `The server at ${url} broke off${reason === undefined ? '' : ` (${reason})`}. What it had acknowledged is kept; run the same again.`);
  }

  private async reach(): Promise<Announced> {
    return (this.at ??= await this.find());
  }

  private async find(): Promise<Announced> {
    const folder = this.config.data;
    if (!this.options.mayCreate && !existsSync(folder)) throw failed('no-data', `There is no data folder ${folder}; name another with --data or FIVE_RING_DATA.`);
    const { FolderInUse, lockFolder, serverOf } = await import('../shell/data-folder.js');
    let [holder, since]: [string | undefined, number] = [undefined, Date.now()];
    for (;;) {
      let wasFree = false;
      try {
        // The lock tells, not the address: an address may be left from a server that was killed, and be a stranger's by now.
        lockFolder(folder).release();
        wasFree = true;
        return await this.boot();
      } catch (error) {
        if (!(error instanceof FolderInUse)) throw failed('no-data-folder', `${folder} cannot be used: ${(error as Error).message}`);
      }
      const announced = serverOf(folder);
      if (announced !== undefined && (await lives(announced.url))) return announced;
      if (wasFree || announced?.url !== holder) [holder, since] = [announced?.url, Date.now()];
      if (Date.now() - since >= PATIENCE_MS) throw failed('folder-in-use', `Another process holds ${folder}, and no server answers there. Wait until it has ended, or name another folder with --data.`);
      await sleep(50 + Math.random() * 150);
    }
  }

  private async boot(): Promise<Announced> {
    const [{ startServer }, { pino }] = await Promise.all([import('../server.js'), import('pino')]);
    const log = pino({ level: this.options.logLevel ?? 'silent' }, pino.destination(2));
    // For this verb only, so for this machine only.
    this.server = await startServer({ ...this.config, host: '127.0.0.1', port: 0 }, { log });
    try {
      await explained('The views are catching up with the log …', this.server.parts.projector.caughtUp());
    } catch (error) {
      await this.close();
      throw error;
    }
    return this.server;
  }
}

async function lives(url: string): Promise<boolean> {
  try {
    return (await fetch(new URL('/health/live', url), { signal: AbortSignal.timeout(LIVE_MS) })).ok;
  } catch {
    return false;
  }
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** The server's problem; or that what answered speaks another language. */
function refusal(text: string, status: number): Failure {
  try {
    const problem = JSON.parse(text) as Problem;
    if (typeof problem.code === 'string' && typeof problem.detail === 'string') {
      const stranger = problem.code === 'unknown-colleague' && problem.errors?.[0]?.field === 'X-Colleague';
      return new Failure(problem, undefined, stranger ? `--as names no active colleague. See: five-ring colleague list; or add one: five-ring colleague add ID NAME --department DEPARTMENT.` : undefined);
    }
  } catch {
    // Said below.
  }
  return failed('bad-answer', `The server answered ${status} in a form that is not Five-Ring's.`);
}
