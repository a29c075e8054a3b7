/** The views' database on SQLite: tables made from the views' own descriptions, rows and checkpoint in one commit. */
import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Position } from '../kernel/event-store.js';
import type { Row, Table, Value, View } from '../kernel/view.js';
import { foldOps, sumsOf, type Step, type Sums } from './batch.js';
import { inTurns, turn } from './slices.js';
import { STRIKE_MS, Views, type Batch, type Due, type Lead, type Parked, type Snapshot, type Struck, type Tail } from './views.js';

const SQL_TYPES = { text: 'TEXT', integer: 'INTEGER', real: 'REAL', flag: 'INTEGER', json: 'TEXT' } as const;
const MAX_VARIABLES = 30_000;
const ROWS_A_STATEMENT = 50;

const quoted = (name: string): string => `"${name}"`;

function createTable(name: string, { columns, key, indexes = [], sum }: Table): string {
  const lines = Object.entries(columns).map(([column, type]) => {
    const optional = type.endsWith('?');
    return `${quoted(column)} ${SQL_TYPES[type.replace('?', '') as keyof typeof SQL_TYPES]}${optional ? '' : ' NOT NULL'}`;
  });
  const create = `CREATE TABLE IF NOT EXISTS ${quoted(name)} (${lines.join(', ')}, PRIMARY KEY (${key.map(quoted).join(', ')})) WITHOUT ROWID;`;
  const index = indexes.map((list, n) => `CREATE INDEX IF NOT EXISTS ${quoted(`${name}_${n}`)} ON ${quoted(name)} (${list.map(quoted).join(', ')});`);
  // What came to 0 is found without looking at the rest.
  const zero = sum === undefined ? [] : [`CREATE INDEX IF NOT EXISTS ${quoted(`${name}_zero`)} ON ${quoted(name)} (${quoted(sum.column)}) WHERE ${quoted(sum.column)} = 0;`];
  return [create, ...index, ...zero].join('\n');
}

export class SqliteViews extends Views {
  readonly db: Kysely<unknown>;
  private own: Readonly<Record<string, Table>>;
  /** Of the connection that writes. */
  private readonly statements = new Map<string, Database.Statement>();
  private writing: Promise<unknown> = Promise.resolve();

  /** `writer`: a connection of its own where others read, so that a commit may take several turns: they see all of it or nothing. */
  private constructor(
    private readonly file: string,
    private sqlite: Database.Database,
    private writer: Database.Database,
    views: readonly View[],
  ) {
    super();
    this.own = Object.assign({}, ...views.map((view) => view.tables)) as Record<string, Table>;
    // Each query asks for the database of its own moment: it may be exchanged between two.
    this.db = new Kysely({ dialect: new SqliteDialect({ database: { prepare: (sql: string) => this.sqlite.prepare(sql), close: () => void this.sqlite.close() } }) });
  }

  get tables(): Readonly<Record<string, Table>> {
    return this.own;
  }

  /** Opens the views' database; one made for other views, or other versions of them, is made anew and filled from the log. `anew`: in any case. */
  static open(file: string, views: readonly View[], anew = false): SqliteViews {
    const sqlite = SqliteViews.opened(file, views, anew);
    return new SqliteViews(file, sqlite, file === ':memory:' ? sqlite : connect(file), views);
  }

  private static opened(file: string, views: readonly View[], anew: boolean): Database.Database {
    // The 5 stands for the tables of our own, below.
    const signature = createHash('sha256').update(JSON.stringify([5, ...views.map(({ name, version, tables }) => [name, version, tables])])).digest('hex');
    if (anew && file !== ':memory:') remove(file);
    let sqlite = connect(file);
    if (anew || signatureOf(sqlite) !== signature) {
      sqlite.close();
      if (file !== ':memory:') remove(file);
      sqlite = connect(file);
      sqlite.exec(`
        CREATE TABLE five_ring_views (signature TEXT NOT NULL, checkpoint TEXT, tail TEXT, latest INTEGER NOT NULL DEFAULT 0, events INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE five_ring_clock (instant INTEGER PRIMARY KEY, position TEXT NOT NULL);
        CREATE TABLE five_ring_due (view TEXT NOT NULL, stream TEXT NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (view, stream)) WITHOUT ROWID;
        CREATE TABLE five_ring_parked (view TEXT NOT NULL, stream TEXT NOT NULL, revision INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (view, stream));
        ${views.flatMap((view) => Object.entries(view.tables)).map(([name, table]) => createTable(name, table)).join('\n')}
      `);
      sqlite.prepare('INSERT INTO five_ring_views (signature) VALUES (?)').run(signature);
    }
    return sqlite;
  }

  /** The other's file takes the name of this one; where that fails half way, no views stand under the name, and the next start makes them anew. */
  async exchange(other: Views): Promise<() => void> {
    const next = other as SqliteViews;
    // Nothing was waited for while it was made.
    const file = await open(next.file);
    await file.sync().finally(() => file.close());
    return () => this.takeOver(next);
  }

  private takeOver(next: SqliteViews): void {
    if (next.file === ':memory:' || this.file === ':memory:') throw new Error('rows in memory have no file that could change its name');
    next.shut();
    // Whoever closes it last and could write would first bring it up from its log, for nothing.
    const last = new Database(this.file, { readonly: true });
    last.prepare('SELECT 1 FROM sqlite_master').get();
    this.shut();
    last.close();
    this.own = next.own;
    try {
      remove(this.file);
      renameSync(next.file, this.file);
    } finally {
      const file = existsSync(next.file) ? next.file : this.file;
      [this.sqlite, this.writer] = [connect(file), connect(file)];
    }
  }

  private shut(): void {
    this.statements.clear();
    this.writer.close();
    this.sqlite.close();
  }

  /** In a file beside; whatever stands there is removed. Nobody reads it, and interrupted, nothing of it is kept: so it needs no journal and waits for no disk. */
  async beside(views: readonly View[]): Promise<SqliteViews> {
    const sqlite = SqliteViews.opened(this.besideFile, views, true);
    sqlite.pragma('journal_mode = MEMORY');
    sqlite.pragma('synchronous = OFF');
    return new SqliteViews(this.besideFile, sqlite, sqlite, views);
  }

  async copied(views: readonly View[], signal?: AbortSignal): Promise<SqliteViews> {
    const next = await this.beside(views);
    const from = new Database(this.file, { readonly: true });
    try {
      // All reads see the rows of one moment.
      from.exec('BEGIN');
      for (const [name, { key }] of [...Object.entries(next.own), ...OWN_TABLES]) await copyTable(from, next.sqlite, name, key, signal);
      const { checkpoint, tail, latest, events } = from.prepare<[], { checkpoint: string | null; tail: string | null; latest: number; events: number }>('SELECT * FROM five_ring_views').get()!;
      next.sqlite.prepare('UPDATE five_ring_views SET checkpoint = ?, tail = ?, latest = ?, events = ?').run(checkpoint, tail, latest, events);
      return next;
    } catch (error) {
      await next.close(true);
      throw error;
    } finally {
      from.close();
    }
  }

  async clearBeside(): Promise<boolean> {
    if (this.file !== ':memory:') remove(this.besideFile);
    return true;
  }

  private get besideFile(): string {
    return this.file.replace(/(\.db)?$/, '.next.db');
  }

  /** The folder is ours alone. */
  async lead(): Promise<Lead> {
    return 'ours';
  }

  async resign(): Promise<void> {}

  async isWhole(): Promise<boolean> {
    return isWhole(this.sqlite);
  }

  async refreshed(): Promise<{ readonly checkpoint: Position | null; readonly isWhole: boolean }> {
    return { checkpoint: this.checkpoint(), isWhole: isWhole(this.sqlite) };
  }

  onMoved(): () => void {
    return () => undefined;
  }

  checkpoint(): Position | null {
    return this.sqlite.prepare<[], { checkpoint: string | null }>('SELECT checkpoint FROM five_ring_views').get()!.checkpoint;
  }

  events(): number {
    return this.sqlite.prepare<[], { events: number }>('SELECT events FROM five_ring_views').get()!.events;
  }

  tail(): Tail | null {
    const { tail } = this.sqlite.prepare<[], { tail: string | null }>('SELECT tail FROM five_ring_views').get()!;
    return tail === null ? null : (JSON.parse(tail) as Tail);
  }

  async parked(): Promise<Parked[]> {
    return this.sqlite.prepare<[], Parked>('SELECT view, stream, revision, reason FROM five_ring_parked ORDER BY view, stream').all();
  }

  async due(): Promise<Due[]> {
    return this.sqlite.prepare<[], Due>('SELECT view, stream, revision FROM five_ring_due').all();
  }

  async streams(view: string, tables: readonly string[], after: string, limit: number): Promise<string[]> {
    const read = this.sqlite.prepare(`${tables.map((table) => `SELECT stream FROM ${quoted(table)} WHERE stream > ? UNION `).join('')}SELECT stream FROM five_ring_due WHERE view = ? AND stream > ? ORDER BY stream LIMIT ?`);
    return (read.all(...tables.map(() => after), view, after, limit) as { readonly stream: string }[]).map(({ stream }) => stream);
  }

  async partsOf(table: string, streams: readonly string[]): Promise<Map<string, string>> {
    const read = this.sqlite.prepare(`SELECT part FROM ${quoted(table)} WHERE stream = ?`);
    const parts = new Map<string, string>();
    for (const stream of streams) {
      const row = read.get(stream) as { readonly part: string } | undefined;
      if (row !== undefined) parts.set(stream, row.part);
    }
    return parts;
  }

  apply(change: Batch): Promise<void> {
    const done = this.writing.then(() => this.applied(change));
    this.writing = done.catch(() => undefined);
    return done;
  }

  private async applied(change: Batch): Promise<void> {
    const steps = await inTurns(foldOps(change.ops, this.tables), turn);
    this.writer.exec('BEGIN IMMEDIATE');
    try {
      await inTurns(this.write(change, steps), turn);
      await turn();
      this.writer.exec('COMMIT');
    } catch (error) {
      if (this.writer.inTransaction) this.writer.exec('ROLLBACK');
      throw error;
    }
  }

  private *write(change: Batch, steps: readonly Step[]): Generator<undefined, void> {
    for (const step of steps) yield* this.writeStep(step);
    for (const { view, stream } of change.freed ?? []) this.prepared('DELETE FROM five_ring_parked WHERE view = ? AND stream = ?').run(view, stream);
    for (const { view, stream, revision, reason } of change.parked ?? []) {
      this.prepared('INSERT INTO five_ring_parked VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING').run(view, stream, revision, reason);
    }
    for (const { view, stream, revision } of change.due ?? []) this.prepared('INSERT INTO five_ring_due VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision').run(view, stream, revision);
    for (const { view, stream } of change.made ?? []) this.prepared('DELETE FROM five_ring_due WHERE view = ? AND stream = ?').run(view, stream);
    this.prepared('UPDATE five_ring_views SET checkpoint = ?, events = events + ?').run(change.checkpoint, change.events ?? 0);
    if (change.tail !== undefined) this.prepared('UPDATE five_ring_views SET tail = ?').run(JSON.stringify(change.tail));
    if (change.recordedAt !== undefined) this.strike(change.recordedAt, change.checkpoint!);
  }

  /** Keeps, about once an hour of the log's own time, up to where it had been written by then. */
  private strike(recordedAt: number, position: Position): void {
    this.prepared('UPDATE five_ring_views SET latest = max(latest, ?)').run(recordedAt);
    this.prepared(`INSERT INTO five_ring_clock SELECT latest, ? FROM five_ring_views WHERE latest >= coalesce((SELECT max(instant) FROM five_ring_clock) + ${STRIKE_MS}, 0) ON CONFLICT DO NOTHING`).run(position);
  }

  async struckBy(instant: number): Promise<Struck | null> {
    return (this.sqlite.prepare('SELECT instant, position FROM five_ring_clock WHERE instant <= ? ORDER BY instant DESC LIMIT 1').get(instant) as Struck | undefined) ?? null;
  }

  private *writeStep(step: Step): Generator<undefined, void> {
    yield;
    if (step.op === 'put') return yield* this.putAll(step.table, step.rows);
    if (step.op === 'add') return yield* this.addAll(step);
    if (step.op === 'remove') {
      const columns = Object.keys(step.wheres[0]!);
      const removal = this.prepared(`DELETE FROM ${quoted(step.table)} WHERE ${columns.map((column) => `${quoted(column)} = ?`).join(' AND ')}`);
      for (const [n, where] of step.wheres.entries()) {
        if (n % ROWS_A_STATEMENT === 0) yield;
        removal.run(...columns.map((column) => where[column]!));
      }
      return;
    }
    const where = Object.keys(step.where);
    const condition = where.map((column) => `${quoted(column)} = ?`).join(' AND ');
    const values = where.map((column) => step.where[column]!);
    if (step.op === 'remove-with') {
      this.prepared(`DELETE FROM ${quoted(step.table)} WHERE ${quoted(step.column)} IN (SELECT ${quoted(step.column)} FROM ${quoted(step.other)} WHERE ${condition})`).run(...values);
      return;
    }
    const set = Object.keys(step.set);
    this.prepared(`UPDATE ${quoted(step.table)} SET ${set.map((column) => `${quoted(column)} = ?`).join(', ')} WHERE ${condition}`).run(...set.map((column) => step.set[column]!), ...values);
  }

  private *putAll(table: string, rows: readonly Row[]): Generator<undefined, void> {
    const columns = Object.keys(this.tables[table]!.columns);
    const rest = columns.filter((column) => !this.tables[table]!.key.includes(column));
    yield* this.insert(table, columns, valuesOf(rows, columns), rest.map((column) => `${quoted(column)} = excluded.${quoted(column)}`));
  }

  private *addAll(step: Sums): Generator<undefined, void> {
    const { table } = step;
    const { key, sum } = this.tables[table]!;
    const column = quoted(sum!.column);
    yield* this.insert(table, [...key, sum!.column], sumsOf(step, this.tables[table]!), [`${column} = ${quoted(table)}.${column} + excluded.${column}`]);
    this.prepared(`DELETE FROM ${quoted(table)} WHERE ${column} = 0`).run();
  }

  /** Inserts rows, given as lists of the values of one or more; where a key is there already, sets what `set` says. */
  private *insert(table: string, columns: readonly string[], lists: Iterable<readonly Value[]>, set: readonly string[]): Generator<undefined, void> {
    const most = Math.min(ROWS_A_STATEMENT, Math.floor(MAX_VARIABLES / columns.length)) * columns.length;
    // A full statement is prepared once; odd lengths go row by row through the one-row statement.
    const [full, one] = [this.prepared(this.upsert(table, columns, most / columns.length, set)), this.prepared(this.upsert(table, columns, 1, set))];
    let values: Value[] = [];
    for (const list of lists) {
      values.push(...list);
      for (; values.length >= most; values = values.slice(most)) {
        full.run(values.length === most ? values : values.slice(0, most));
        yield;
      }
    }
    for (let at = 0; at < values.length; at += columns.length) one.run(values.slice(at, at + columns.length));
    yield;
  }

  private upsert(table: string, columns: readonly string[], rows: number, set: readonly string[]): string {
    const { key } = this.tables[table]!;
    const update = set.length === 0 ? 'DO NOTHING' : `DO UPDATE SET ${set.join(', ')}`;
    const one = `(${columns.map(() => '?').join(', ')})`;
    return `INSERT INTO ${quoted(table)} (${columns.map(quoted).join(', ')}) VALUES ${Array<string>(rows).fill(one).join(', ')} ON CONFLICT (${key.map(quoted).join(', ')}) ${update}`;
  }

  private prepared(sql: string): Database.Statement {
    let statement = this.statements.get(sql);
    if (statement === undefined) this.statements.set(sql, (statement = this.writer.prepare(sql)));
    return statement;
  }

  async digest(turn?: () => Promise<void>): Promise<Record<string, string>> {
    return inTurns(digesting(this.sqlite, this.tables), turn);
  }

  /** Of rows in memory: those that stand there, since nobody else writes them. */
  async snapshot(): Promise<Snapshot> {
    if (this.file === ':memory:') return { checkpoint: this.checkpoint(), isWhole: isWhole(this.sqlite), digest: (turn) => inTurns(digesting(this.sqlite, this.tables), turn), close: async () => undefined };
    const seen = new Database(this.file, { readonly: true });
    seen.exec('BEGIN');
    // Only with the first read does it see one moment.
    const { checkpoint } = seen.prepare<[], { checkpoint: string | null }>('SELECT checkpoint FROM five_ring_views').get()!;
    return { checkpoint, isWhole: isWhole(seen), digest: (turn) => inTurns(digesting(seen, this.tables), turn), close: async () => void seen.close() };
  }

  async close(discard = false): Promise<void> {
    await this.writing;
    await this.db.destroy();
    if (this.writer.open) this.shut();
    if (discard && this.file !== ':memory:') remove(this.file);
  }
}

function* valuesOf(rows: readonly Row[], columns: readonly string[]): Generator<Value[]> {
  for (const row of rows) yield columns.map((column) => row[column] ?? null);
}

const isWhole = (sqlite: Database.Database): boolean => sqlite.prepare('SELECT 1 FROM five_ring_due LIMIT 1').get() === undefined;

/** Rows between two turns. */
const DIGESTED_AT_ONCE = 25;

function* digesting(sqlite: Database.Database, tables: Readonly<Record<string, Table>>): Generator<undefined, Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const [name, { columns, key }] of Object.entries(tables)) {
    const hash = createHash('sha256');
    const list = Object.keys(columns).map(quoted).join(', ');
    let rows = 0;
    for (const row of sqlite.prepare(`SELECT ${list} FROM ${quoted(name)} ORDER BY ${key.map(quoted).join(', ')}`).raw().iterate()) {
      hash.update(JSON.stringify(row));
      if ((rows += 1) % DIGESTED_AT_ONCE === 0) yield;
    }
    digests[name] = hash.digest('hex');
    yield;
  }
  return digests;
}

/** Tables beside those of the views. */
const OWN_TABLES: readonly (readonly [name: string, table: { readonly key: readonly string[] }])[] = [
  ['five_ring_clock', { key: ['instant'] }],
  ['five_ring_due', { key: ['view', 'stream'] }],
  ['five_ring_parked', { key: ['view', 'stream'] }],
];
/** Rows copied in one turn. */
const COPIED_AT_ONCE = 250;

/** In the order of the key, some rows a turn. */
async function copyTable(from: Database.Database, to: Database.Database, name: string, key: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const columns = from.prepare(`SELECT * FROM ${quoted(name)} LIMIT 0`).columns().map((column) => column.name);
  const keys = key.map(quoted).join(', ');
  const first = from.prepare<[], Value[]>(`SELECT * FROM ${quoted(name)} ORDER BY ${keys} LIMIT ${COPIED_AT_ONCE}`).raw();
  const more = from.prepare<Value[], Value[]>(`SELECT * FROM ${quoted(name)} WHERE (${keys}) > (${key.map(() => '?').join(', ')}) ORDER BY ${keys} LIMIT ${COPIED_AT_ONCE}`).raw();
  const insert = to.prepare<Value[]>(`INSERT INTO ${quoted(name)} VALUES (${columns.map(() => '?').join(', ')})`);
  const write = to.transaction((rows: readonly Value[][]) => {
    for (const row of rows) insert.run(...row);
  });
  for (let rows = first.all(); rows.length > 0; ) {
    write(rows);
    const last = rows.at(-1)!;
    rows = rows.length < COPIED_AT_ONCE ? [] : more.all(...key.map((column) => last[columns.indexOf(column)]!));
    await nextTurn();
    signal?.throwIfAborted();
  }
}

function remove(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
}

function connect(file: string): Database.Database {
  const sqlite = new Database(file);
  sqlite.pragma('journal_mode = WAL');
  // Safe for rows that can be made anew: rows and checkpoint commit together.
  sqlite.pragma('synchronous = NORMAL');
  // Pages that many batches touch are written back once, not with every batch.
  sqlite.pragma('wal_autocheckpoint = 8000');
  sqlite.pragma('cache_size = -65536');
  return sqlite;
}

function signatureOf(sqlite: Database.Database): string | undefined {
  const there = sqlite.prepare("SELECT 1 FROM sqlite_master WHERE name = 'five_ring_views'").get();
  return there === undefined ? undefined : sqlite.prepare<[], { signature: string }>('SELECT signature FROM five_ring_views').get()?.signature;
}
