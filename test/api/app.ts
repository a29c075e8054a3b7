/** A real app on a folder and a log of its own, and the words in which the API tests speak to it. No mocks: store, vault, views, all of it. */
import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { account, accountStream } from '../../src/access/account.js';
import type { AccountRole } from '../../src/access/roles.js';
import { LIFETIME } from '../../src/access/sessions.writer.js';
import { hashOf, newToken } from '../../src/access/tokens.writer.js';
import { openParts, type Parts } from '../../src/app.module.js';
import { readConfig } from '../../src/config.js';
import { createApp } from '../../src/server.js';
import { commandIdOf } from '../../src/shell/ids.js';
import { freshDatabase, stopDatabases, type TestDatabase } from './database.js';
import { freshLog, type TestLog } from './log.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are read, not trusted
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** The body, when it is JSON. */
  readonly json: Json;
}

export interface Options {
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: string | null;
  readonly key?: string;
  readonly ifMatch?: string;
}

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

export const API = '/api/v1';
/** The token by which the tests are known as those who hold the data folder. */
export const OPERATOR = 'the-token-of-the-tests';
export const AS_OPERATOR = { authorization: `Operator ${OPERATOR}` };

/** Those that a failed test left open would keep the process. */
const open = new Set<TestApp>();
afterAll(async () => {
  for (const app of open) await app.remove();
  await stopDatabases();
});

export class TestApp {
  readonly parts: Parts;
  readonly nest: NestFastifyApplication;

  private constructor(
    readonly folder: string,
    private readonly holder: TestLog,
    private readonly database: TestDatabase,
    private readonly env: Readonly<Record<string, string>>,
    parts: Parts,
    nest: NestFastifyApplication,
  ) {
    this.parts = parts;
    this.nest = nest;
    open.add(this);
  }

  /** Opens an app on a new folder and a new log; `tamper` plants a bug in its parts before it is built; `env` are further settings. */
  static async open(tamper?: (parts: Parts) => Parts, env: Readonly<Record<string, string>> = {}): Promise<TestApp> {
    const folder = await mkdtemp(join(tmpdir(), 'five-ring-api-'));
    const [holder, database] = await Promise.all([freshLog(folder), freshDatabase()]);
    try {
      return await TestApp.on(folder, holder, database, env, tamper);
    } catch (error) {
      await holder.stop();
      await database.stop();
      throw error;
    }
  }

  private static async on(folder: string, holder: TestLog, database: TestDatabase, env: Readonly<Record<string, string>>, tamper: (parts: Parts) => Parts = (parts) => parts): Promise<TestApp> {
    const config = readConfig({ FIVE_RING_DATA: folder, FIVE_RING_STORE: holder.url, FIVE_RING_DB: database.url, FIVE_RING_TIME_ZONE: 'UTC', LOG_LEVEL: 'silent', ...env });
    const parts = tamper(await openParts(config));
    return new TestApp(folder, holder, database, env, parts, await createApp(config, parts, pino({ level: 'silent' }), OPERATOR));
  }

  /** Opens one with the colleague ada in it. */
  static async withAda(tamper?: (parts: Parts) => Parts): Promise<TestApp> {
    const app = await TestApp.open(tamper);
    await app.colleague('ada');
    return app;
  }

  private async close(): Promise<void> {
    open.delete(this);
    await this.nest.close();
    await this.parts.close();
  }

  /** URL of its database; '' where it keeps files. */
  get db(): string {
    return this.database.url;
  }

  /** What a statement gives in its database, where that is PostgreSQL. */
  asked(sql: string): Promise<Record<string, unknown>[]> {
    return this.database.asked(sql);
  }

  /** Folders with the files of its database; none where that is in its own folder. */
  dbFiles(): Promise<string[]> {
    return this.database.files();
  }

  /** Closes, and opens anew on the same folder and log. `meanwhile`: what happens to its files. */
  async restarted(meanwhile: () => void = () => undefined): Promise<TestApp> {
    await this.close();
    meanwhile();
    return TestApp.on(this.folder, this.holder, this.database, this.env);
  }

  async remove(): Promise<void> {
    if (!open.has(this)) return;
    await this.close();
    await this.holder.stop();
    await this.database.stop();
    await rm(this.folder, { recursive: true });
  }

  /** Sends a request as it is, from the operator unless its headers have an `authorization` (an empty one: from nobody) or a cookie. */
  async raw(method: string, url: string, headers: Readonly<Record<string, string>> = {}, body?: string | Buffer): Promise<Answer> {
    const { authorization, ...rest } = headers;
    const shown = authorization === '' || (authorization === undefined && headers['cookie'] !== undefined) ? rest : authorization === undefined ? { ...AS_OPERATOR, ...headers } : headers;
    const response = await this.nest.inject({ method: method as Method, url, headers: shown, ...(body !== undefined && { payload: body }) });
    let json: Json;
    try {
      json = response.json();
    } catch {
      json = undefined;
    }
    return { status: response.statusCode, headers: response.headers as Answer['headers'], text: response.payload, json };
  }

  send(method: Method, path: string, body?: unknown, { headers = {}, as = 'ada', key, ifMatch }: Options = {}): Promise<Answer> {
    const own = {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(as !== null && method !== 'GET' && { 'x-colleague': as }),
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
      ...headers,
    };
    return this.raw(method, path.startsWith('/') ? path : `${API}/${path}`, own, body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  }

  get = (path: string, options?: Options): Promise<Answer> => this.send('GET', path, undefined, options);
  post = (path: string, body?: unknown, options?: Options): Promise<Answer> => this.send('POST', path, body, options);
  put = (path: string, body?: unknown, options?: Options): Promise<Answer> => this.send('PUT', path, body, options);
  patch = (path: string, body?: unknown, options?: Options): Promise<Answer> => this.send('PATCH', path, body, options);

  /** Waits for the views, then reads. */
  async read(path: string): Promise<Json> {
    await this.parts.projector.caughtUp();
    const answer = await this.get(path);
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  async colleague(id: string, more: object = {}): Promise<string> {
    await written(this.post('colleagues', { id, name: `Colleague ${id}`, department: 'service', ...more }, { as: id === 'ada' ? id : 'ada' }));
    return id;
  }

  /** Gives a colleague who is there an account, unless they have one, and signs them in. @returns the headers of their browser. */
  async signedIn(id: string, role: AccountRole = 'administrator', contacts = false): Promise<Record<string, string>> {
    const { executor, vault } = this.parts;
    const { state } = await executor.load(account, accountStream(id));
    if (!state.opened) await executor.execute(account, accountStream(id), [{ commandId: commandIdOf(), mac: 'test', command: { type: 'OpenAccount', rights: { role, contacts } } }], { actor: id, correlationId: 'test' });
    const [token, now] = [newToken(), Date.now()];
    await vault.secrets.addSession({ token: hashOf(token), colleague: id, created: now, seen: now, expires: now + LIFETIME, address: '127.0.0.1', agent: 'test' });
    return { cookie: `__Host-five-ring=${token}`, origin: 'http://localhost' };
  }

  async customer(details: object = {}): Promise<string> {
    return (await written(this.post('customers', { name: 'Morel & Fils', ...details }))).id;
  }

  async person(customer: string, details: object = {}): Promise<string> {
    return (await written(this.post(`customers/${customer}/people`, { name: 'Ines Morel', ...details }))).person;
  }

  /** Logs entries together. @returns their ids. */
  async log(customer: string, ...entries: readonly object[]): Promise<string[]> {
    return (await written(this.post(`customers/${customer}/interactions`, { entries }))).entries;
  }

  /** Sends multipart/form-data with these parts in this order. */
  import(parts: readonly Part[], { query = '', as = 'ada', end = true }: { query?: string; as?: string; end?: boolean } = {}): Promise<Answer> {
    const { type, body } = multipart(parts, end);
    return this.raw('POST', `${API}/imports${query}`, { 'content-type': type, 'x-colleague': as }, body);
  }

  /** All that whoever holds the log has in hands. */
  logBytes(): Promise<Buffer[]> {
    return this.holder.bytes();
  }

  /** The whole log, straight from the store. */
  events() {
    return this.parts.store.readAll(null, 1_000_000);
  }

  async eventsInLog(): Promise<number> {
    return (await this.events()).length;
  }
}

export interface Part {
  readonly name: string;
  readonly value: string | Buffer;
  /** Makes it a file. */
  readonly filename?: string;
}

const BOUNDARY = 'five-ring-boundary';

export function multipart(parts: readonly Part[], end = true): { type: string; body: Buffer } {
  const chunks = parts.flatMap(({ name, value, filename }) => [
    Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"\r\ncontent-type: text/csv`}\r\n\r\n`),
    Buffer.from(value as string),
    Buffer.from('\r\n'),
  ]);
  return { type: `multipart/form-data; boundary=${BOUNDARY}`, body: Buffer.concat([...chunks, ...(end ? [Buffer.from(`--${BOUNDARY}--\r\n`)] : [])]) };
}

export const csv = (text: string | Buffer): Part => ({ name: 'file', value: text, filename: 'rows.csv' });
export const mapping = (value: unknown): Part => ({ name: 'mapping', value: typeof value === 'string' ? value : JSON.stringify(value) });

/** The body of a write that must go through. */
export async function written(answer: Promise<Answer>): Promise<Json> {
  const { status, text, json } = await answer;
  if (status < 200 || status > 299) throw new Error(`expected to be written, got ${status}: ${text}`);
  return json;
}

/** What is wrong with an answer that should be a problem of this status and code. Empty when nothing is. */
export function faultsOf(answer: Answer, status: number, code?: string, field?: string): string[] {
  const faults: string[] = [];
  if (answer.status !== status) faults.push(`status ${answer.status}, not ${status}: ${answer.text.slice(0, 300)}`);
  if (!(answer.headers['content-type'] ?? '').startsWith('application/problem+json')) faults.push(`content-type ${answer.headers['content-type']}`);
  if (answer.json?.status !== answer.status) faults.push(`the body says status ${answer.json?.status}`);
  if (typeof answer.json?.code !== 'string' || answer.json.code === '') faults.push('no code');
  else if (code !== undefined && answer.json.code !== code && !answer.json.errors?.some((error: Json) => error.code === code)) faults.push(`code ${answer.json.code} (${JSON.stringify(answer.json.errors)}), not ${code}`);
  if (typeof answer.json?.detail !== 'string' || answer.json.detail === '') faults.push('no detail');
  if (field !== undefined && !answer.json?.errors?.some((error: Json) => error.field === field && (code === undefined || error.code === code || answer.json.code === code))) faults.push(`does not name ${field}: ${JSON.stringify(answer.json?.errors)}`);
  return faults;
}
