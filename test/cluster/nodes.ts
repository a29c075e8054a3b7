/** App nodes as they are started, each a process and a folder of its own, on one PostgreSQL and one emulated KurrentDB; and who asks them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockOf } from '../../src/database/postgres.js';
import { API, type Answer, type Json, multipart, type Part } from '../api/app.js';
import { startProcess, type Running } from '../api/process.js';
import { inKurrentDB, type KurrentTestLog } from '../kurrentdb/fresh-log.js';
import { startPostgres, type PostgresOptions, type PostgresServer } from '../postgres/server.js';

export interface Asked {
  readonly key?: string;
  /** Instead of the operator's: an empty `authorization` shows nothing at all. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Heard {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Json;
}

export interface Planted {
  /** Files that are loaded before the server, as seen from test/api. */
  readonly preloads?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export class ClusterNode {
  private running: Promise<Running> | undefined;

  constructor(
    readonly name: string,
    private readonly folder: string,
    private readonly env: Readonly<Record<string, string>>,
    private readonly planted: Planted = {},
  ) {}

  /** Resolves when it listens. */
  start(): Promise<void> {
    const { preloads, env } = this.planted;
    this.running = startProcess({ FIVE_RING_DATA: this.folder, FIVE_RING_TIME_ZONE: 'UTC', ...this.env, ...env }, preloads);
    this.running.catch(() => undefined);
    return this.running.then(() => undefined);
  }

  private get process(): Promise<Running> {
    return this.running ?? Promise.reject(new Error(`node ${this.name} was not started`));
  }

  get url(): Promise<string> {
    return this.process.then(({ port }) => `http://127.0.0.1:${port}`);
  }

  get authorization(): Promise<string> {
    return this.process.then(({ authorization }) => authorization);
  }

  /** All that it wrote so far. */
  async said(): Promise<string> {
    return (await this.process).said();
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    (await this.process).child.kill(signal);
  }

  /** Ends it. @returns its exit code; null where the signal did it. */
  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGTERM'): Promise<number | null> {
    const { child, exit } = await this.process;
    child.kill(signal);
    return exit;
  }

  /** @throws when there is no whole answer. */
  async raw(method: string, path: string, headers: Readonly<Record<string, string>> = {}, body?: string | Buffer): Promise<Answer> {
    const { authorization, ...rest } = headers;
    const shown = authorization === '' ? rest : authorization === undefined && headers['cookie'] === undefined ? { authorization: await this.authorization, ...rest } : headers;
    const answer = await fetch((await this.url) + (path.startsWith('/') ? path : `${API}/${path}`), { method, headers: shown, ...(body !== undefined && { body }), signal: AbortSignal.timeout(60_000) });
    const text = await answer.text();
    let json: Json;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: answer.status, headers: Object.fromEntries(answer.headers), text, json };
  }

  ask(method: string, path: string, body?: object, { key, headers = {} }: Asked = {}): Promise<Answer> {
    const asOperator = headers['authorization'] === undefined && headers['cookie'] === undefined;
    const own = { ...(body !== undefined && { 'content-type': 'application/json' }), ...(asOperator && { 'x-colleague': 'ada' }), ...(key !== undefined && { 'idempotency-key': key }), ...headers };
    return this.raw(method, path, own, body === undefined ? undefined : JSON.stringify(body));
  }

  /** Must go through. */
  async done(method: string, path: string, body?: object, asked?: Asked): Promise<Json> {
    const { status, text, json } = await this.ask(method, path, body, asked);
    if (status < 200 || status > 299) throw new Error(`${method} ${path} on node ${this.name}: ${status} ${text}`);
    return json;
  }

  get = (path: string, asked?: Asked): Promise<Json> => this.done('GET', path, undefined, asked);
  post = (path: string, body: object = {}, asked?: Asked): Promise<Json> => this.done('POST', path, body, asked);

  /** What a read shows that waits for a position. */
  after(path: string, position: string): Promise<Json> {
    return this.get(`${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(position)}`);
  }

  import(parts: readonly Part[]): Promise<Answer> {
    const { type, body } = multipart(parts);
    return this.raw('POST', 'imports', { 'content-type': type, 'x-colleague': 'ada' }, body);
  }

  /** A customer, and where they stand in the log. */
  async customer(name: string): Promise<{ readonly id: string; readonly position: string }> {
    return this.post('customers', { name });
  }

  /** What `verify` finds wrong. */
  async problems(): Promise<readonly string[]> {
    const { text } = await this.ask('GET', 'verify');
    return (JSON.parse(text.trim().split('\n').at(-1)!)).result.problems;
  }

  /** A page that hears of changes; `until` resolves with all that was heard once it says so. @throws when that takes longer than the time. */
  async live(since?: string, longestMs = 60_000): Promise<{ until(enough: (heard: readonly Heard[]) => boolean): Promise<readonly Heard[]>; close(): void }> {
    const request = httpGet(`${await this.url}${API}/live`, { headers: { authorization: await this.authorization, ...(since !== undefined && { 'last-event-id': since }) } });
    const response = await new Promise<IncomingMessage>((resolve, reject) => request.once('response', resolve).once('error', reject));
    request.on('error', () => undefined);
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('error', () => undefined);
    return {
      until: async (enough) => {
        for (const end = Date.now() + longestMs; ; await sleep(5)) {
          const heard = heardIn(text);
          if (enough(heard)) return heard;
          if (response.closed) throw new Error(`node ${this.name} says no more; it said ${text}`);
          if (Date.now() > end) throw new Error(`not within ${longestMs / 1000} s at node ${this.name}; it said ${text}`);
        }
      },
      close: () => request.destroy(),
    };
  }
}

function heardIn(text: string): Heard[] {
  return text.split('\n\n').slice(0, -1).filter((block) => /^event: /m.test(block)).map((block) => {
    const line = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    return { id: line('id'), event: line('event')!, data: JSON.parse(line('data')!) };
  });
}

const nameOf = (node: string): string => `five-ring ${node}`;
/** Locks that a connection holds alone. */
const HELD = "SELECT application_name AS name, ((classid::bigint << 32) | objid::bigint)::text AS key FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND mode = 'ExclusiveLock'";

export class Cluster {
  readonly nodes: ClusterNode[] = [];

  private constructor(
    private readonly root: string,
    readonly postgres: PostgresServer,
    readonly database: string,
    readonly log: KurrentTestLog,
  ) {}

  /** Nodes that run, with the colleague ada. */
  static async start(names: readonly string[] = ['A', 'B'], planted: Planted = {}, options: PostgresOptions = {}): Promise<Cluster> {
    const [root, postgres, log] = await Promise.all([mkdtemp(join(tmpdir(), 'five-ring-cluster-')), startPostgres(options), inKurrentDB()]);
    const cluster = new Cluster(root, postgres, await postgres.createDatabase(), log);
    try {
      await Promise.all(names.map((name) => cluster.add(name, planted)));
      await cluster.nodes[0]!.post('colleagues', { id: 'ada', name: 'Ada', department: 'service' });
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** One more node. Its connections to PostgreSQL bear its name. */
  async add(name: string, planted: Planted = {}): Promise<ClusterNode> {
    const node = new ClusterNode(name, join(this.root, name), { FIVE_RING_STORE: this.log.url, FIVE_RING_DB: `${this.database}?application_name=${encodeURIComponent(nameOf(name))}` }, planted);
    this.nodes.push(node);
    await node.start();
    return node;
  }

  /** The node that writes the views' rows; undefined when none does, or the database does not answer. */
  async leader(): Promise<ClusterNode | undefined> {
    const database = new URL(this.database).pathname.slice(1);
    const [schemas, held] = await Promise.all([this.postgres.asked<{ schema: string }>('SELECT schema FROM five_ring.views', database), this.postgres.asked<{ name: string; key: string }>(HELD, database)]).catch(() => [[], []]);
    const leads = new Set(schemas.map(({ schema }) => String(lockOf(`five-ring leads ${schema}`))));
    const names = held.filter(({ key }) => leads.has(key)).map(({ name }) => name);
    return this.nodes.find(({ name }) => names.includes(nameOf(name)));
  }

  async stop(): Promise<void> {
    for (const node of this.nodes) await node.signal('SIGCONT').then(() => node.end('SIGKILL')).catch(() => undefined);
    await this.log.stop();
    await this.postgres.stop();
    await rm(this.root, { recursive: true });
  }
}

/** Asks until it holds; a machine that does much else takes long. @throws with what it said last. */
export async function eventually<T>(look: () => Promise<T>, holds: (seen: T) => boolean, longestMs = 60_000): Promise<T> {
  for (const end = Date.now() + longestMs; ; await sleep(20)) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > end) throw new Error(`not within ${longestMs / 1000} s; last: ${JSON.stringify(seen)?.slice(0, 500)}`);
  }
}
