/**
 * Moves what stands beside the log from the files of a data folder into an empty PostgreSQL, and back: keys, what lets people in,
 * the list of the erased, the audit. Views are not moved: they are made anew from the log.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AUDIT_COLUMNS } from './access/audit.js';
import { PostgresAuditTable } from './access/audit-postgres.writer.js';
import { SqliteAuditTable } from './access/audit-sqlite.writer.js';
import { lockOf, Postgres, type Asking } from './database/postgres.js';
import { sealedIn } from './kernel/aggregate.js';
import { StoreUnavailable, type EventStore, type Position, type RecordedEvent } from './kernel/event-store.js';
import { ErasureFile } from './privacy/erasure-file.writer.js';
import { ErasureTable } from './privacy/erasure-table.writer.js';
import { ERASED, KEYS, logFileOf, sync } from './shell/backup.js';
import { isEmpty, refuseIfDamaged } from './shell/data-files.js';
import { CannotMigrate } from './shell/migration.js';
import { Locks } from './shell/moving.js';
import { openStore } from './stores/index.js';
import { FieldDamaged, openFields, type KeyOf } from './vault/codec.js';
import { PostgresKeyTables } from './vault/postgres-key-tables.js';
import { PostgresVault } from './vault/postgres.vault.js';
import { SqliteVault } from './vault/sqlite.vault.js';
import type { Vault } from './vault/vault.js';

export interface MovedKeys {
  /** Rows by what they are. */
  readonly moved: Readonly<Record<string, number>>;
  /** They stood there from an earlier time, and are the same. */
  readonly already: boolean;
  /** Events of the log that were opened with the keys of both, and said the same. */
  readonly tried: number;
}

export interface MoveKeys {
  /** Data folder. */
  readonly data: string;
  /** URL of the log's store. */
  readonly store: string;
  /** URL of the database. */
  readonly db: string;
  readonly onProgress?: (done: number, what: string) => void;
}

type Value = string | number | Buffer | null;
type Row = Readonly<Record<string, Value>>;
type Kind = 'text' | 'bigint' | 'bytea';

/** What is moved: rows of a table in a file, and of one in the database. */
interface Rows {
  readonly what: string;
  readonly file: typeof KEYS | typeof AUDIT;
  readonly inFile: string;
  readonly inDatabase: string;
  /** The first is unique, and rows are compared in its order. */
  readonly columns: Readonly<Record<string, Kind>>;
  /** Where another column than the first gives their order. */
  readonly by?: string;
}

const AUDIT = 'audit.db';
const PARTIAL = 'move.partial';
const LOCK = lockOf('five_ring move');
const PAGE = 1000;
/** Of the log, all of the first so many events are tried, and then one of so many. */
const TRIED_FIRST = 2000;
const TRIED_THEN = 50;

const KEY: Rows['columns'] = { name: 'text', key: 'bytea', made: 'bigint' };
const NUMBERS: readonly string[] = ['at', 'status', 'times', 'until'];
const MOVED: readonly Rows[] = [
  { what: 'keys', file: KEYS, inFile: 'kept_keys', inDatabase: 'five_ring.keys', columns: KEY },
  { what: 'blocks of keys of texts', file: KEYS, inFile: 'text_blocks', inDatabase: 'five_ring.text_blocks', columns: KEY },
  { what: 'secrets', file: KEYS, inFile: 'secrets', inDatabase: 'five_ring.vault_secrets', columns: { name: 'text', value: 'bytea' } },
  { what: 'passwords', file: KEYS, inFile: 'passwords', inDatabase: 'five_ring.passwords', columns: { colleague: 'text', hash: 'text', changed: 'bigint' } },
  { what: 'sign-ins', file: KEYS, inFile: 'sign_ins', inDatabase: 'five_ring.sign_ins', columns: { colleague: 'text', last: 'bigint' } },
  { what: 'sessions', file: KEYS, inFile: 'sessions', inDatabase: 'five_ring.sessions', columns: { token: 'text', colleague: 'text', created: 'bigint', seen: 'bigint', expires: 'bigint', address: 'text', agent: 'text' } },
  { what: 'links', file: KEYS, inFile: 'links', inDatabase: 'five_ring.links', columns: { token: 'text', purpose: 'text', colleague: 'text', expires: 'bigint' } },
  { what: 'API keys', file: KEYS, inFile: 'api_keys', inDatabase: 'five_ring.api_keys', columns: { token: 'text', key: 'text', colleague: 'text', made: 'bigint', used: 'bigint' } },
  { what: 'records of the audit', file: AUDIT, inFile: 'audit', inDatabase: 'five_ring.audit', columns: Object.fromEntries(AUDIT_COLUMNS.map((name) => [name, NUMBERS.includes(name) ? 'bigint' : 'text'])), by: 'id' },
];
const LINES = 'lines of the list of the erased';

const orderOf = ({ columns, by }: Rows): string => by ?? Object.keys(columns)[0]!;
const namesOf = ({ columns }: Rows): string => Object.keys(columns).map((name) => `"${name}"`).join(', ');

/** How many, and a hash of all in their order: two sides with the same hold the same. */
class Tally {
  count = 0;
  private readonly hash = createHash('sha256');

  add(values: Iterable<Value>): void {
    this.count += 1;
    this.hash.update(`${JSON.stringify([...values].map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value)))}\n`);
  }

  get end(): { readonly count: number; readonly hash: string } {
    return { count: this.count, hash: this.hash.copy().digest('hex') };
  }
}

/**
 * From the data folder into the database, in one transaction: killed at any moment, nothing of it is there. The folder stays as it was.
 * @throws CannotMigrate; StoreUnavailable.
 */
export async function moveIntoDatabase({ data, store, db, onProgress = () => undefined }: MoveKeys): Promise<MovedKeys> {
  const keys = join(data, KEYS);
  if (isEmpty(keys)) throw new CannotMigrate('no-source', `There are no keys to move: ${keys} is missing or empty. Name the data folder with --data or FIVE_RING_DATA.`);
  for (const file of [keys, join(data, AUDIT)]) opened(() => refuseIfDamaged(file, 'Restore it from its backup first.'));
  return between(data, db, async (postgres) => {
    // What has an older form takes that of this version, as at any start.
    const vault = opened(() => SqliteVault.open(keys));
    const source = new Files(data);
    try {
      await makeTables(postgres);
      return await postgres.inOne(async (client) => {
        await alone(client);
        const lines = source.lines();
        const held = await heldIn(client);
        if (held.length > 0) {
          if (await isSame(client, source, lines)) return { moved: await countsIn(client), already: true, tried: 0 };
          throw new CannotMigrate('target-not-empty', `The database holds data already (${held.join(', ')}), and nothing is moved over what is there. Name an empty database, or say in this one, if nobody needs it: DROP SCHEMA five_ring CASCADE.`);
        }
        await client.all('DELETE FROM five_ring.vault_secrets');
        let done = 0;
        for (const rows of MOVED) {
          for (const page of pages(source.rows(rows))) {
            await put(client, rows, page);
            done += page.length;
            onProgress(done, 'rows copied');
          }
        }
        for (let at = 0; at < lines.length; at += PAGE) await client.all('INSERT INTO five_ring.erasures (line) SELECT line FROM unnest($1::text[]) WITH ORDINALITY AS all_lines (line, place) ORDER BY place', [lines.slice(at, at + PAGE)]);
        if (!(await isSame(client, source, lines))) throw new CannotMigrate('not-the-same', 'What was read back from the database is not what stands in the files. Nothing was moved; run the same again, and report it if it stays.');
        const there = await PostgresVault.open(speakingAs(client));
        return { moved: await countsIn(client), already: false, tried: await tryKeys(store, vault, there, onProgress) };
      });
    } finally {
      source.close();
      await vault.close();
    }
  });
}

/**
 * From the database into the data folder, where none of it stands. Keys come last: killed before, a server refuses what is there,
 * and the same made again begins anew. The database stays as it was.
 * @throws CannotMigrate; StoreUnavailable.
 */
export async function moveOutOfDatabase({ data, store, db, onProgress = () => undefined }: MoveKeys): Promise<MovedKeys> {
  const partial = join(data, PARTIAL);
  const there = [KEYS, AUDIT, ERASED].filter((name) => !isEmpty(join(data, name)));
  // What an earlier try left is its own.
  if (there.length > 0 && !existsSync(join(partial, KEYS))) throw new CannotMigrate('target-not-empty', `${data} holds ${there.join(', ')} already, and nothing is moved over what is there. Name another data folder, or move them away.`);
  return between(data, db, async (postgres) => {
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { mode: 0o700 });
    let isHalfWay = false;
    try {
      const result = await postgres.inOne(async (client) => {
        await client.all('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
        if ((await tablesThere(client)) === 0) throw new CannotMigrate('empty-source', 'The database holds nothing of Five-Ring: there is nothing to move.');
        await makeFiles(partial);
        const lines = (await client.all<{ line: string }>('SELECT line FROM five_ring.erasures ORDER BY n')).map(({ line }) => line);
        writeFileSync(join(partial, ERASED), lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
        let done = 0;
        const target = new Files(partial, false);
        try {
          for (const rows of MOVED) {
            target.empty(rows);
            for await (const page of read(client, rows)) {
              target.put(rows, page);
              done += page.length;
              onProgress(done, 'rows copied');
            }
          }
          if (!(await isSame(client, target, target.lines()))) throw new CannotMigrate('not-the-same', 'What was read back from the files is not what stands in the database. Nothing was moved; run the same again, and report it if it stays.');
        } finally {
          target.close();
        }
        const from = await PostgresVault.open(speakingAs(client, true));
        const vault = SqliteVault.open(join(partial, KEYS));
        try {
          return { moved: await countsIn(client), already: false, tried: await tryKeys(store, vault, from, onProgress) };
        } finally {
          await vault.close();
        }
      });
      isHalfWay = true;
      for (const name of [ERASED, AUDIT, KEYS]) {
        sync(join(partial, name));
        renameSync(join(partial, name), join(data, name));
        sync(data);
      }
      isHalfWay = false;
      return result;
    } finally {
      // What is half way is known by it, and begun anew.
      if (!isHalfWay) rmSync(partial, { recursive: true, force: true });
    }
  });
}

/** With the folder taken and the database open, and nobody else at either. */
async function between<T>(data: string, db: string, work: (postgres: Postgres) => Promise<T>): Promise<T> {
  const locks = new Locks();
  let postgres: Postgres | undefined;
  try {
    locks.take(data);
    postgres = await Postgres.open(db);
    const others = await postgres.all<{ address: string | null }>("SELECT DISTINCT host(client_addr) AS address FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'five-ring%' AND pid <> pg_backend_pid()");
    if (others.length > 0) throw new CannotMigrate('database-in-use', `Five-Ring uses this database already (from ${others.map(({ address }) => address ?? 'this machine').join(', ')}). Stop every server first, and wait a moment if one was just stopped.`);
    return await work(postgres);
  } catch (error) {
    if (error instanceof CannotMigrate) throw error;
    const says = (error as Error).message.replaceAll('that FIVE_RING_DB names', 'that --db names').replace('FIVE_RING_DB is', '--db is');
    if (error instanceof StoreUnavailable) throw new StoreUnavailable(says, error.reason, { cause: error });
    const { code } = error as { code?: string };
    if (code === '42501') throw new CannotMigrate('cannot-be-used', `The role of --db may not read and write the tables of Five-Ring (${says}): let it own the schema five_ring.`, { cause: error });
    if (code !== undefined && /^[0-9A-Z]{5}$/.test(code)) throw new CannotMigrate('cannot-be-used', `The database takes not all of it: ${says}. Nothing was moved.`, { cause: error });
    throw new CannotMigrate('cannot-be-used', `${says.replace(/\.$/, '')}. Nothing was moved.`, { cause: error });
  } finally {
    await postgres?.close();
    locks.release();
  }
}

async function makeTables(postgres: Postgres): Promise<void> {
  const vault = await PostgresVault.open(postgres);
  await vault.close();
  await new PostgresAuditTable(postgres).read({}, 1);
  await ErasureTable.open(postgres);
}

async function makeFiles(folder: string): Promise<void> {
  const vault = SqliteVault.open(join(folder, KEYS));
  await vault.close();
  const audit = new SqliteAuditTable(join(folder, AUDIT));
  await audit.read({}, 1);
  await audit.close();
}

/** No two at once; and a server that starts meanwhile waits for its secrets. */
async function alone(client: Asking): Promise<void> {
  await client.all('SELECT pg_advisory_xact_lock($1)', [LOCK]);
  await client.all('LOCK TABLE five_ring.vault_secrets IN ACCESS EXCLUSIVE MODE');
}

async function tablesThere(client: Asking): Promise<number> {
  const [row] = await client.all<{ there: number }>("SELECT to_regclass('five_ring.vault_secrets') IS NOT NULL AND to_regclass('five_ring.audit') IS NOT NULL AND to_regclass('five_ring.erasures') IS NOT NULL AS there");
  return row!.there;
}

async function countsIn(client: Asking): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [what, table] of [...MOVED.map(({ what, inDatabase }) => [what, inDatabase] as const), [LINES, 'five_ring.erasures'] as const]) {
    const [row] = await client.all<{ n: number }>(`SELECT count(*) AS n FROM ${table}`);
    counts[what] = row!.n;
  }
  return counts;
}

/** What stands in the database, in words. Secrets of its own were made with the tables, and nothing hangs on them while there is nothing else. */
const heldIn = async (client: Asking): Promise<string[]> => Object.entries(await countsIn(client)).filter(([what, count]) => count > 0 && what !== 'secrets').map(([what, count]) => `${count} ${what}`);

async function isSame(client: Asking, files: Files, lines: readonly string[]): Promise<boolean> {
  for (const rows of MOVED) {
    const [here, there] = [new Tally(), new Tally()];
    for (const row of files.rows(rows)) here.add(Object.values(row));
    for await (const page of read(client, rows)) for (const row of page) there.add(Object.values(row));
    if (here.end.hash !== there.end.hash) return false;
  }
  const there = await client.all<{ line: string }>('SELECT line FROM five_ring.erasures ORDER BY n');
  return there.length === lines.length && there.every(({ line }, n) => line === lines[n]);
}

/** Rows of a table of the database, a page at a time. */
async function* read(client: Asking, rows: Rows): AsyncGenerator<Row[]> {
  await client.all(`DECLARE moving NO SCROLL CURSOR FOR SELECT ${namesOf(rows)} FROM ${rows.inDatabase} ORDER BY "${orderOf(rows)}"`);
  for (;;) {
    const page = await client.all<Row>(`FETCH ${PAGE} FROM moving`);
    if (page.length > 0) yield page;
    if (page.length < PAGE) break;
  }
  await client.all('CLOSE moving');
}

async function put(client: Asking, rows: Rows, page: readonly Row[]): Promise<void> {
  if (rows.what === 'keys') {
    await new PostgresKeyTables(speakingAs(client)).add(page as unknown as Parameters<PostgresKeyTables['add']>[0]);
    return;
  }
  const columns = Object.entries(rows.columns);
  await client.all(
    `INSERT INTO ${rows.inDatabase} (${namesOf(rows)}) SELECT ${namesOf(rows)} FROM unnest(${columns.map(([, kind], i) => `$${i + 1}::${kind}[]`).join(', ')}) WITH ORDINALITY AS moved (${namesOf(rows)}, place) ORDER BY place`,
    columns.map(([name]) => page.map((row) => row[name])),
  );
}

/** One that says all in the transaction of this client. */
function speakingAs(client: Asking, readOnly = false): Postgres {
  const said = {
    // Secrets are there: none is made where nothing may be written.
    all: async (sql: string, values?: readonly unknown[]) => (readOnly && sql.startsWith('INSERT INTO five_ring.vault_secrets') ? [] : client.all(sql, values)),
    inOne: <T>(work: (inIt: Asking) => Promise<T>) => work(client),
    listen: async () => () => undefined,
  };
  return said as unknown as Postgres;
}

/** The same events, opened with the keys of both. @returns how many. @throws CannotMigrate when they say something else. */
async function tryKeys(url: string, here: Vault, there: Vault, onProgress: (done: number, what: string) => void): Promise<number> {
  const file = logFileOf(url);
  if (url.startsWith('memory:') || (file !== undefined && isEmpty(file))) return 0;
  const store: EventStore = await openStore(url);
  let [events, tried] = [0, 0];
  try {
    let after: Position | null = null;
    for (;;) {
      const page: RecordedEvent[] = await store.readAll(after, PAGE);
      for (const event of page) {
        events += 1;
        const sealed = [...sealedIn(event.data)];
        if (sealed.length === 0 || (events > TRIED_FIRST && events % TRIED_THEN !== 0)) continue;
        const subjects = sealed.flatMap(({ s }) => s);
        await Promise.all([here.bring(subjects), there.bring(subjects)]);
        if (openedWith(event, here.keyOf) !== openedWith(event, there.keyOf)) throw new CannotMigrate('not-the-same', `The event ${event.id} of ${event.stream} opens otherwise with the keys that were moved. Nothing was moved; report it.`);
        tried += 1;
      }
      onProgress(events, 'events of the log looked at');
      if (page.length < PAGE) return tried;
      after = page.at(-1)!.position;
    }
  } finally {
    await store.close();
  }
}

function openedWith({ data, id }: RecordedEvent, keyOf: KeyOf): string {
  try {
    return JSON.stringify(openFields(data, id, keyOf));
  } catch (error) {
    if (error instanceof FieldDamaged) return error.message;
    throw error;
  }
}

function* pages(rows: Iterable<Row>): Generator<Row[]> {
  let page: Row[] = [];
  for (const row of rows) {
    page.push(row);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

const opened = <T>(open: () => T): T => {
  try {
    return open();
  } catch (error) {
    throw new CannotMigrate('cannot-be-used', `${(error as Error).message} Nothing was moved.`, { cause: error });
  }
};

/** The files of a folder, as they stand. */
class Files {
  private readonly open = new Map<string, Database.Database>();

  constructor(
    private readonly folder: string,
    private readonly readonly = true,
  ) {}

  *rows(rows: Rows): Generator<Row> {
    const db = this.database(rows.file);
    if (db !== undefined) yield* db.prepare<[], Record<string, Value>>(`SELECT ${namesOf(rows)} FROM ${rows.inFile} ORDER BY ${orderOf(rows)}`).iterate();
  }

  /** Takes away what was made with the table. */
  empty(rows: Rows): void {
    if (rows.file === KEYS) this.database(rows.file)!.exec(`DELETE FROM ${rows.inFile}`);
  }

  put(rows: Rows, page: readonly Row[]): void {
    const db = this.database(rows.file)!;
    const names = Object.keys(rows.columns);
    const insert = db.prepare(`INSERT INTO ${rows.inFile} (${namesOf(rows)}) VALUES (${names.map(() => '?').join(', ')})`);
    db.transaction(() => {
      for (const row of page) insert.run(...names.map((name) => row[name]));
    }).immediate();
  }

  /** @throws Error when one of them cannot be read. */
  lines(): string[] {
    const file = join(this.folder, ERASED);
    if (!existsSync(file)) return [];
    // It cuts off what was never written whole, and refuses what somebody must look at.
    ErasureFile.open(file);
    return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '');
  }

  close(): void {
    for (const db of this.open.values()) db.close();
  }

  private database(name: string): Database.Database | undefined {
    const file = join(this.folder, name);
    if (isEmpty(file)) return undefined;
    const known = this.open.get(name) ?? new Database(file, { readonly: this.readonly, fileMustExist: true });
    this.open.set(name, known);
    return known;
  }
}
