/**
 * A PostgreSQL server: connections, one transaction, messages between nodes, and locks that die with their holder.
 * Numbers come as numbers (our integers stay below 2^53), truth values as 0 and 1, as on SQLite.
 */
import { Kysely, PostgresDialect, type KyselyPlugin, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { StoreUnavailable } from '../kernel/event-store.js';

/** Oldest major version that has all we use. */
const OLDEST = 14;
const CONNECTIONS = 10;
const CONNECT_MS = 5000;
/** No statement of ours takes so long; one that does hangs on a line that is cut. */
const STATEMENT_MS = 60_000;
const AGAIN_MS = 500;

const OIDS = { bool: 16, int8: 20, numeric: 1700 } as const;
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): ((value: string) => unknown) => {
    if (oid === OIDS.int8 || oid === OIDS.numeric) return Number;
    if (oid === OIDS.bool) return (value) => Number(value === 't');
    return pg.types.getTypeParser(oid, format) as (value: string) => unknown;
  },
};

/** What is asked on one connection. */
export interface Asking {
  /** `$1` and so on stand for the values. @throws StoreUnavailable when there is no answer; else what PostgreSQL says, with its code. */
  all<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

export type Heard = (text: string) => void;

/** A connection of its own: what is locked on it is let go when it ends, so with the process. */
export interface Session extends Asking {
  /** Whether it still stands; never again once it does not. */
  readonly alive: boolean;
  /** Rows as lists of values, in the order of the columns. @throws as `all`. */
  lists(sql: string, values?: readonly unknown[]): Promise<unknown[][]>;
  /** In one transaction on this connection: all of it or nothing. `begin`: how it begins. @throws as `all`, and what the work throws. */
  inOne<T>(work: () => Promise<T>, begin?: string): Promise<T>;
  end(): Promise<void>;
}

export class Postgres implements Asking {
  private readonly heard = new Map<string, Set<Heard>>();
  private listener: pg.Client | undefined;
  private listening: Promise<void> | undefined;
  private again: NodeJS.Timeout | undefined;
  private closed = false;

  private constructor(
    private readonly settings: pg.ClientConfig,
    private readonly pool: pg.Pool,
  ) {
    // A connection that ends while nobody uses it is taken out by the pool itself; whoever uses it hears of it from their query.
    pool.on('error', () => undefined);
    pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** @throws Error for an older server, or one with another encoding; StoreUnavailable when it does not answer or lets nobody in. */
  static async open(url: string): Promise<Postgres> {
    const settings = { connectionString: url, types, keepAlive: true, connectionTimeoutMillis: CONNECT_MS, application_name: 'five-ring' };
    const postgres = new Postgres(settings, new pg.Pool({ ...settings, max: CONNECTIONS, idleTimeoutMillis: 60_000, statement_timeout: STATEMENT_MS, query_timeout: STATEMENT_MS + CONNECT_MS }));
    try {
      const [about] = await postgres.all<{ version: number; encoding: string }>("SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('server_encoding') AS encoding");
      if (about!.version < OLDEST) throw new Error(`The PostgreSQL server that FIVE_RING_DB names has version ${about!.version}; Five-Ring needs ${OLDEST} or newer.`);
      if (about!.encoding !== 'UTF8') throw new Error(`The database that FIVE_RING_DB names has the encoding ${about!.encoding}; Five-Ring needs UTF8.`);
      return postgres;
    } catch (error) {
      await postgres.close();
      throw error;
    }
  }

  async all<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return asked(() => this.pool.query(sql, sendable(values)));
  }

  /** In one transaction: all of it or nothing. Not tried again. @throws as `all`, and what the work throws. */
  async inOne<T>(work: (client: Asking) => Promise<T>): Promise<T> {
    const client = await connected(() => this.pool.connect());
    let broken: Error | undefined;
    const inThis: Asking = { all: (sql, values = []) => asked(() => client.query(sql, sendable(values))) };
    try {
      await inThis.all('BEGIN');
      const done = await work(inThis);
      await inThis.all('COMMIT');
      return done;
    } catch (error) {
      await client.query('ROLLBACK').catch((cause: unknown) => (broken = cause as Error));
      throw error;
    } finally {
      // One that could not roll back is not used again.
      client.release(broken);
    }
  }

  /** For queries; each is sent with the plugins of its own moment. */
  kysely<T>(...plugins: KyselyPlugin[]): Kysely<T> {
    return new Kysely<T>({ dialect: new PostgresDialect({ pool: speaking(this.pool) }), plugins });
  }

  /**
   * Hears what any node says on the channel, itself included. After a connection was lost `heard` is called with '': something may
   * have been missed. Returns the function that stops it.
   */
  async listen(channel: string, heard: Heard): Promise<() => void> {
    const all = this.heard.get(channel) ?? new Set<Heard>();
    const isNew = all.size === 0;
    this.heard.set(channel, all.add(heard));
    this.listening ??= this.connectListener();
    await this.listening;
    // Where it was lost in this moment, it listens to all again once it is back.
    if (isNew) await asked(() => this.listener!.query(`LISTEN ${pg.escapeIdentifier(channel)}`)).catch(() => undefined);
    return () => void all.delete(heard);
  }

  /** At most 8000 bytes. Inside a transaction of its own: heard at once. */
  async notify(channel: string, text: string): Promise<void> {
    await this.all('SELECT pg_notify($1, $2)', [channel, text]);
  }

  /** `named`: towards whoever looks at the server. No statement on it is cut off for taking long. @throws StoreUnavailable. */
  async session(named: string): Promise<Session> {
    const client = new pg.Client({ ...this.settings, application_name: `five-ring ${named}` });
    let alive = true;
    const gone = (): void => void (alive = false);
    client.on('error', gone);
    client.on('end', gone);
    await connected(() => client.connect());
    const all = <Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> => asked(() => client.query(sql, sendable(values)));
    const end = (): Promise<void> => client.end().catch(() => undefined);
    try {
      // A machine that is gone without a word keeps its locks no longer than this.
      await all("SELECT set_config('tcp_keepalives_idle', '1', false), set_config('tcp_keepalives_interval', '1', false), set_config('tcp_keepalives_count', '3', false), set_config('tcp_user_timeout', '3000', false)");
    } catch (error) {
      await end();
      throw error;
    }
    return {
      get alive() {
        return alive;
      },
      all,
      lists: async (sql, values = []) => (await answered(() => client.query({ text: sql, values: sendable(values), rowMode: 'array' }))).rows as unknown[][],
      async inOne(work, begin = 'BEGIN') {
        try {
          await all(begin);
          const done = await work();
          await all('COMMIT');
          return done;
        } catch (error) {
          // One that cannot even do this is of no use any more.
          await all('ROLLBACK').catch(end);
          throw error;
        }
      },
      end,
    };
  }

  /** The connection that holds the lock of this number, if nobody held it: the lock goes when it ends, so with the process. @throws StoreUnavailable. */
  async tryLock(key: bigint): Promise<Session | undefined> {
    const session = await this.session('lock');
    try {
      const [row] = await session.all<{ got: number }>('SELECT pg_try_advisory_lock($1) AS got', [key]);
      if (row!.got === 1) return session;
    } catch (error) {
      await session.end();
      throw error;
    }
    await session.end();
    return undefined;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.again);
    await this.listening?.catch(() => undefined);
    await this.listener?.end().catch(() => undefined);
    await this.pool.end();
  }

  private async connectListener(): Promise<void> {
    const client = new pg.Client({ ...this.settings, application_name: 'five-ring listener' });
    let ended = false;
    const lost = (): void => {
      if (ended) return;
      ended = true;
      this.listener = undefined;
      client.end().catch(() => undefined);
      if (this.closed) return;
      this.again = setTimeout(() => {
        this.listening = this.connectListener().then(() => {
          for (const all of this.heard.values()) for (const heard of all) heard('');
        });
        this.listening.catch(() => undefined);
      }, AGAIN_MS);
      this.again.unref();
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ channel, payload }) => this.heard.get(channel)?.forEach((heard) => heard(payload ?? '')));
    try {
      await connected(() => client.connect());
      this.listener = client;
      for (const channel of this.heard.keys()) await asked(() => client.query(`LISTEN ${pg.escapeIdentifier(channel)}`));
    } catch (error) {
      lost();
      throw error;
    }
  }
}

/** The pool as the query builder sees it: failures of the line say so. */
function speaking(pool: pg.Pool): PostgresPool {
  return {
    options: pool.options,
    async connect() {
      const client = await connected(() => pool.connect());
      return {
        query: (sql: string, values: readonly unknown[]) => answered(() => client.query(sql, sendable(values))),
        release: () => client.release(),
        processID: (client as unknown as { processID?: number }).processID,
      } as unknown as PostgresPoolClient;
    },
    // The pool is ours.
    end: async () => undefined,
  };
}

/** PostgreSQL takes no NUL in a text, so none stands in it: who asks for one finds nothing, as on SQLite. */
const sendable = (values: readonly unknown[]): unknown[] => values.map((value) => (typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value));

async function asked<Row>(ask: () => Promise<pg.QueryResult>): Promise<Row[]> {
  return (await answered(ask)).rows as Row[];
}

async function answered(ask: () => Promise<pg.QueryResult>): Promise<pg.QueryResult> {
  try {
    return await ask();
  } catch (error) {
    throw saying(error as Error & { code?: string });
  }
}

async function connected<T>(connect: () => Promise<T>): Promise<T> {
  try {
    return await connect();
  } catch (cause) {
    throw unavailable(cause as Error);
  }
}

const unavailable = (cause: Error): StoreUnavailable => new StoreUnavailable(`The database that FIVE_RING_DB names does not answer: ${cause.message || (cause as { code?: string }).code || 'no connection'}.`, 'unreachable', { cause });

/** SQLSTATE classes: 08 connection, 28 who asks is not let in, 3D no such database, 57P0x shut down or starting, 53 out of room, 25006 a standby, 58 its disk. Without one: the line. */
function saying(error: Error & { code?: string }): Error {
  const { code } = error;
  if (code === '53100') return new StoreUnavailable('The database that FIVE_RING_DB names has no room left.', 'full', { cause: error });
  if (code === undefined || /^(08|28|3D|53|57P0|58)/.test(code) || code === '25006' || code === '57014' || !/^[0-9A-Z]{5}$/.test(code)) return unavailable(error);
  return error;
}

/** Of a lock that is named. FNV-1a, 63 bits. */
export function lockOf(name: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(name)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return hash & 0x7fffffffffffffffn;
}
