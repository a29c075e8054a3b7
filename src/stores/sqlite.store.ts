/**
 * The log in one SQLite file. Appends that wait at the same moment share one transaction and so one fsync (group commit);
 * each still has its own verdict. Readers never see an append before it is durable.
 */
import Database from 'better-sqlite3';
import {
  meets,
  StoreUnavailable,
  WrongRevision,
  type Appended,
  type EventStore,
  type Expected,
  type Metadata,
  type NewEvent,
  type Position,
  type RecordedEvent,
} from '../kernel/event-store.js';
import { checkedData, checkedLimit, isSameAppend, placeOf } from './append.js';

/** Of the tables below. Raise it when an older program must not write them any more. */
const FORMAT = 1;

const TABLES = `
  CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    id BLOB NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    command BLOB NOT NULL,
    n INTEGER NOT NULL,
    UNIQUE (stream, revision),
    UNIQUE (stream, command, n)
  ) STRICT;
`;

/** One transaction takes no more than this, so that a long queue neither blocks the process nor swells the -wal. */
const GROUP_APPENDS = 512;
const GROUP_CHARS = 4_000_000;
/** Rows of one INSERT; measured: more gains nothing. */
const ROWS = 50;
export const BUSY_MS = 5_000;
const WAL_KEPT_BYTES = 64_000_000;

export interface SqliteOptions {
  readonly now?: () => number;
  /** NORMAL loses acknowledged events in a power cut; it is there only for the test that shows it. */
  readonly synchronous?: 'FULL' | 'NORMAL';
}

interface Waiting {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly datas: readonly string[];
  readonly chars: number;
  readonly expected: Expected;
  readonly recordedAt: number | undefined;
  readonly resolve: (verdict: Appended) => void;
  readonly reject: (error: Error) => void;
}

/** The newest event, as the running transaction moves it on. */
interface Tip {
  position: number;
  recordedAt: number;
}

interface Row {
  position: number;
  name: string;
  revision: number;
  id: Buffer;
  type: string;
  data: string;
  metadata: string;
  recorded_at: number;
  command: Buffer;
  n: number;
}

type OriginRow = Pick<Row, 'id' | 'position' | 'revision' | 'recorded_at' | 'command' | 'n'>;

export class SqliteStore implements EventStore {
  readonly #db: Database.Database;
  readonly #now: () => number;
  readonly #sql: ReturnType<typeof statements>;
  readonly #inserts = new Map<number, Database.Statement>();
  readonly #listeners = new Set<() => void>();
  #queue: Waiting[] = [];
  #scheduled = false;
  #closed = false;

  private constructor(db: Database.Database, now: () => number) {
    this.#db = db;
    this.#now = now;
    this.#sql = statements(db);
  }

  /** @throws StoreUnavailable when the file cannot be read, is of a newer format, or would not be written durably. */
  static open(file: string, { now = Date.now, synchronous = 'FULL' }: SqliteOptions = {}): SqliteStore {
    let db: Database.Database | undefined;
    try {
      db = new Database(file, { timeout: BUSY_MS });
      prepareFile(db, file, synchronous);
      return new SqliteStore(db, now);
    } catch (error) {
      db?.close();
      throw error instanceof StoreUnavailable ? error : unavailable(`${file} cannot be opened`, error);
    }
  }

  async read(stream: string, from = 0, limit = Infinity): Promise<RecordedEvent[]> {
    return this.#reading(() => eventsOf(this.#sql.read.all(stream, from, sqlLimit(limit))));
  }

  async readAll(after: Position | null, limit: number): Promise<RecordedEvent[]> {
    return this.#reading(() => eventsOf(this.#sql.readAll.all(after === null ? 0 : placeOf(after), sqlLimit(limit))));
  }

  async head(): Promise<Position | null> {
    const tip = this.#reading(() => this.#sql.tip.get());
    return tip === undefined ? null : String(tip.position);
  }

  compare(a: Position, b: Position): number {
    return placeOf(a) - placeOf(b);
  }

  onAppend(listener: () => void): () => void {
    // A wrapper of its own for each call, so that the same function may listen twice and stop once.
    const own = (): void => {
      if (this.#listeners.has(own)) listener();
    };
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  async append(stream: string, events: readonly NewEvent[], expected: Expected, recordedAt?: number): Promise<Appended> {
    this.#refuseIfClosed();
    const datas = checkedData(stream, events);
    const chars = datas.reduce((sum, data) => sum + data.length, 0);
    return new Promise((resolve, reject) => {
      this.#queue.push({ stream, events, datas, chars, expected, recordedAt, resolve, reject });
      this.#schedule();
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    while (this.#queue.length > 0) this.#flush();
    this.#db.close();
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw new StoreUnavailable('The event store is closed.', 'closed');
  }

  #reading<T>(query: () => T): T {
    this.#refuseIfClosed();
    try {
      return query();
    } catch (error) {
      // A row that is no JSON any more was not written by us.
      const isDamage = codeOf(error).startsWith('SQLITE_') || (error as Error).name === 'SyntaxError';
      throw isDamage ? unavailable('The event store cannot be read', error) : error;
    }
  }

  /** After the current round of the event loop, so that all who append in it share the commit. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  #flush(): void {
    const group = this.#queue.splice(0, groupSize(this.#queue));
    if (group.length === 0) return;
    const { verdicts, wrote } = this.#commit(group);
    for (const [i, { resolve, reject }] of group.entries()) {
      const verdict = verdicts[i];
      if (verdict instanceof Error) reject(verdict);
      else if (verdict !== undefined) resolve(verdict);
    }
    if (wrote) for (const listener of this.#listeners) queueMicrotask(listener);
  }

  /** One transaction for the whole group: either it stands with a verdict for each, or nothing of it does. */
  #commit(group: readonly Waiting[]): { verdicts: readonly (Appended | Error)[]; wrote: boolean } {
    try {
      this.#sql.begin.run();
      const tip = this.#tip();
      const start = tip.position;
      const verdicts = group.map((waiting) => this.#write(waiting, tip));
      this.#sql.commit.run();
      return { verdicts, wrote: tip.position > start };
    } catch (error) {
      this.#rollBack();
      if (codeOf(error) === 'SQLITE_IOERR_FSYNC') this.#disown();
      const failure = unavailable('Nothing could be written to the event store', error);
      return { verdicts: group.map(() => failure), wrote: false };
    }
  }

  #tip(): Tip {
    const { position = 0, recorded_at: recordedAt = 0 } = this.#sql.tip.get() ?? {};
    return { position, recordedAt };
  }

  /** Some errors end the transaction by themselves; a rollback that fails too has nothing to add to the first error. */
  #rollBack(): void {
    try {
      if (this.#db.inTransaction) this.#sql.rollback.run();
    } catch {
      // SQLite rolls back at the latest when the next transaction begins.
    }
  }

  /**
   * A commit whose fsync failed is written all the same: a restart would find it in the -wal and take it for good, though
   * its appends were refused. A commit of nothing over its first frame ends that; no fsync, since that is what fails.
   */
  #disown(): void {
    const level = Number(this.#db.pragma('synchronous', { simple: true }));
    this.#db.pragma('synchronous = OFF');
    try {
      this.#db.transaction(() => this.#db.pragma(`user_version = ${FORMAT}`)).immediate();
    } catch {
      // The disk takes no writes at all; the next commit that succeeds is written over it.
    } finally {
      this.#db.pragma(`synchronous = ${level}`);
    }
  }

  /** The verdict of one append within the transaction. Whatever is thrown fails the whole group. */
  #write(waiting: Waiting, tip: Tip): Appended | WrongRevision {
    const { stream, events, expected } = waiting;
    const { id, last: actual } = this.#sql.stream.get(stream) ?? { id: undefined, last: -1 };
    const first = (): Appended | undefined => (id === undefined ? undefined : this.#firstVerdict(id, events));
    if (!meets(expected, actual)) return first() ?? new WrongRevision(stream, expected, actual);

    const recordedAt = waiting.recordedAt ?? Math.max(this.#now(), tip.recordedAt);
    // One statement undoes itself when it fails; several need a savepoint.
    const several = events.length > ROWS;
    if (several) this.#sql.savepoint.run();
    try {
      this.#insert(waiting, id ?? this.#sql.addStream.run(stream).lastInsertRowid, tip.position + 1, actual + 1, recordedAt);
      if (several) this.#sql.release.run();
    } catch (error) {
      if (codeOf(error) !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
      if (several) {
        this.#sql.rollbackTo.run();
        this.#sql.release.run();
      }
      // The unique index saw the command: it is a repeat, or it stands there in part.
      const verdict = first();
      if (verdict !== undefined) return verdict;
      return new WrongRevision(stream, expected, actual);
    }
    tip.position += events.length;
    tip.recordedAt = recordedAt;
    return { id: events.at(-1)!.id, position: String(tip.position), revision: actual + events.length, recordedAt };
  }

  /** What the same append was told before, if it stands in the stream. */
  #firstVerdict(stream: number, events: readonly NewEvent[]): Appended | undefined {
    const [head] = events;
    if (head === undefined) return undefined;
    const start = this.#sql.command.get(stream, bytesOf(head.metadata.commandId), head.metadata.n);
    if (start === undefined) return undefined;
    const row = this.#sql.origins.all(stream, start.revision, events.length + 1);
    const last = row[events.length - 1];
    if (last === undefined || !isSameAppend(row.map(({ command, n }) => ({ commandId: command.toString('hex'), n })), events)) return undefined;
    return { id: uuidOf(last.id), position: String(last.position), revision: last.revision, recordedAt: last.recorded_at };
  }

  #insert({ events, datas }: Waiting, stream: number | bigint, position: number, revision: number, recordedAt: number): void {
    for (let from = 0; from < events.length; from += ROWS) {
      const rows = events.slice(from, from + ROWS).flatMap(({ id, type, metadata }, i) => {
        const { commandId, n, ...rest } = metadata;
        const k = from + i;
        return [position + k, stream, revision + k, bytesOf(id), type, datas[k], JSON.stringify(rest), recordedAt, bytesOf(commandId), n];
      });
      this.#insertOf(Math.min(ROWS, events.length - from)).run(rows);
    }
  }

  #insertOf(rows: number): Database.Statement {
    let statement = this.#inserts.get(rows);
    if (statement === undefined) {
      statement = this.#db.prepare(`INSERT INTO events VALUES ${Array(rows).fill('(?,?,?,?,?,?,?,?,?,?)').join()}`);
      this.#inserts.set(rows, statement);
    }
    return statement;
  }
}

/** Brings the file to the format and the durability it must have. */
function prepareFile(db: Database.Database, file: string, synchronous: 'FULL' | 'NORMAL'): void {
  const refuse = (message: string): never => {
    throw new StoreUnavailable(message, 'failing');
  };
  const format = Number(db.pragma('user_version', { simple: true }));
  if (format > FORMAT) refuse(`${file} has format ${format}, and this version of Five-Ring knows none above ${FORMAT}: use a newer version.`);
  const isNew = format === 0;
  if (isNew && db.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined) refuse(`${file} is the database of another program.`);
  if (db.pragma('journal_mode = WAL', { simple: true }) !== 'wal') refuse(`${file} cannot be kept in WAL mode here: use a local disk.`);
  db.pragma(`synchronous = ${synchronous}`);
  db.pragma(`journal_size_limit = ${WAL_KEPT_BYTES}`);
  // Written at every start, not only the first: its fsync makes durable what a killed process left in the -wal,
  // before any reader or any retry is told that it stands.
  db.transaction(() => {
    if (isNew) db.exec(TABLES);
    db.pragma(`user_version = ${FORMAT}`);
  }).immediate();
  // The driver's own default for WAL is NORMAL, and comes into force with the first use of the file: so ask now.
  const level = db.pragma('synchronous', { simple: true });
  if (level !== (synchronous === 'FULL' ? 2 : 1)) refuse(`${file} would not be written durably: synchronous is ${String(level)}, not ${synchronous}.`);
}

const COLUMNS = 'e.position, s.name, e.revision, e.id, e.type, e.data, e.metadata, e.recorded_at, e.command, e.n';

function statements(db: Database.Database) {
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    savepoint: db.prepare('SAVEPOINT one'),
    release: db.prepare('RELEASE one'),
    rollbackTo: db.prepare('ROLLBACK TO one'),
    addStream: db.prepare<[string]>('INSERT INTO streams (name) VALUES (?)'),
    tip: db.prepare<[], { position: number; recorded_at: number }>('SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1'),
    stream: db.prepare<[string], { id: number; last: number }>(
      'SELECT id, coalesce((SELECT max(revision) FROM events WHERE stream = streams.id), -1) AS last FROM streams WHERE name = ?',
    ),
    command: db.prepare<[number, Buffer, number], { revision: number }>('SELECT revision FROM events WHERE stream = ? AND command = ? AND n = ?'),
    origins: db.prepare<[number, number, number], OriginRow>(
      'SELECT id, position, revision, recorded_at, command, n FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?',
    ),
    read: db.prepare<[string, number, number], Row>(
      `SELECT ${COLUMNS} FROM streams s JOIN events e ON e.stream = s.id WHERE s.name = ? AND e.revision >= ? ORDER BY e.revision LIMIT ?`,
    ),
    readAll: db.prepare<[number, number], Row>(
      `SELECT ${COLUMNS} FROM events e CROSS JOIN streams s ON s.id = e.stream WHERE e.position > ? ORDER BY e.position LIMIT ?`,
    ),
  };
}

function groupSize(queue: readonly Waiting[]): number {
  let chars = 0;
  for (const [i, waiting] of queue.entries()) {
    chars += waiting.chars;
    if (i === GROUP_APPENDS || (i > 0 && chars > GROUP_CHARS)) return i;
  }
  return queue.length;
}

/** SQLite reads -1 as no limit. */
const sqlLimit = (limit: number): number => (checkedLimit(limit) === Infinity ? -1 : limit);

/** Of a UUID or any other hex digits. */
const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll('-', ''), 'hex');

const uuidOf = (id: Buffer): string => id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

const eventOf = (row: Row): RecordedEvent => ({
  id: uuidOf(row.id),
  type: row.type,
  data: JSON.parse(row.data) as unknown,
  metadata: { ...(JSON.parse(row.metadata) as Omit<Metadata, 'commandId' | 'n'>), commandId: row.command.toString('hex'), n: row.n },
  stream: row.name,
  revision: row.revision,
  position: String(row.position),
  recordedAt: row.recorded_at,
});

// An array of our own: the driver's is of the realm that loaded it first, which in jest is another test's.
const eventsOf = (rows: readonly Row[]): RecordedEvent[] => Array.from(rows, eventOf);

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** Asked of the object, not of its class: that is of another realm in some of jest's tests. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

function unavailable(what: string, cause: unknown): StoreUnavailable {
  // SHMSIZE: the index of the -wal found no room to grow.
  const isFull = ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC'].includes(codeOf(cause));
  return new StoreUnavailable(`${what}: ${isFull ? 'the disk is full' : messageOf(cause)}.`, isFull ? 'full' : 'failing', { cause });
}
