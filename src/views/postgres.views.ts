/**
 * The views' database on PostgreSQL, shared by any number of nodes. Each description of the views has a schema of its own, so that
 * nodes of two versions stand beside each other; which schema that is stands in `five_ring.views`. One node writes the rows of a
 * schema: the one whose connection holds its lock, and the rows go through that very connection. docs/adr/0022.
 */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WithSchemaPlugin, type Kysely, type KyselyPlugin } from 'kysely';
import { lockOf, type Postgres, type Session } from '../database/postgres.js';
import { bringUp, SCHEMA } from '../database/schema.js';
import { StoreUnavailable, type Position } from '../kernel/event-store.js';
import type { Row, Table, Value, View } from '../kernel/view.js';
import { foldOps, sumsOf, type Step, type Sums } from './batch.js';
import { BEGINNING, isNewer, list, makeSchema, MAKING, OWN_TABLES, placeIn, quoted, schemaOf, signatureOf, sqlType, STEPS, sweep, tablesOf, useOf } from './postgres.schemas.js';
import { inTurns, turn } from './slices.js';
import { STRIKE_MS, Views, type Batch, type Due, type Lead, type Parked, type Snapshot, type Struck, type Tail } from './views.js';

const CHANNEL = 'five_ring_views';
/** The node that writes says so often that it does; not heard of for so long, it is taken to hang, and another writes. */
const BEAT_MS = 1000;
const SILENT_MS = 4000;
const REPORT_MS = 5000;
const LOOK_MS = 100;
const DIGESTED_AT_ONCE = 500;

export const leadOf = (schema: string): bigint => lockOf(`five-ring leads ${schema}`);
const drawn = (): string => randomBytes(3).toString('hex');

export interface PostgresViewsOptions {
  /** SQL of the views for analysts on a schema of ours, as of now. */
  readonly report?: (schema: string) => readonly string[];
  /** Hears why the views for analysts could not be made; it is tried again. */
  readonly onFailure?: (error: Error) => void;
}

export class PostgresViews extends Views {
  readonly db: Kysely<unknown>;
  /** Holds that we use the schema, and that we lead where we do. */
  private session: Session | undefined;
  private leads = false;
  private place = BEGINNING;
  private beat: NodeJS.Timeout | undefined;
  /** When the node that writes was last heard of; `performance.now()`. */
  private heardAt = performance.now();
  private reportedAt = -Infinity;
  private readonly listeners = new Set<() => void>();
  private unlisten: () => void = () => undefined;

  private constructor(
    private readonly postgres: Postgres,
    private own: Readonly<Record<string, Table>>,
    private signature: string,
    private schema: string,
    /** Beside the live ones, nobody else knows of them. */
    private isBeside: boolean,
    private readonly options: PostgresViewsOptions,
  ) {
    super();
    // Each query is sent to the schema of its own moment: it may be exchanged between two.
    const current: KyselyPlugin = { transformQuery: (args) => new WithSchemaPlugin(this.schema).transformQuery(args), transformResult: async ({ result }) => result };
    this.db = postgres.kysely<unknown>(current);
  }

  /** The rows of these views that are there, or new ones. `anew`: those that are there are of another log. @throws StoreUnavailable; what PostgreSQL says of missing rights. */
  static async open(postgres: Postgres, views: readonly View[], options: PostgresViewsOptions = {}, anew = false): Promise<PostgresViews> {
    await bringUp(postgres, 'views', STEPS);
    const signature = signatureOf(views);
    const schema = await postgres.inOne(async (client) => {
      await client.all('SELECT pg_advisory_xact_lock($1)', [MAKING]);
      const there = await schemaOf(client, signature);
      if (there !== undefined && !anew && (await client.all('SELECT 1 FROM pg_namespace WHERE nspname = $1', [there])).length > 0) {
        await client.all(`UPDATE ${SCHEMA}.views SET used = now() WHERE signature = $1`, [signature]);
        return there;
      }
      const made = await makeSchema(client, signature, views, drawn());
      await client.all(`INSERT INTO ${SCHEMA}.views (signature, schema) VALUES ($1, $2) ON CONFLICT (signature) DO UPDATE SET schema = excluded.schema, made = now(), used = now()`, [signature, made]);
      return made;
    });
    return new PostgresViews(postgres, tablesOf(views), signature, schema, false, options).begun();
  }

  private async begun(): Promise<PostgresViews> {
    try {
      this.unlisten = await this.postgres.listen(CHANNEL, (text) => this.hears(text));
      await this.sessionOf();
      await this.refreshed();
      return this;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  get tables(): Readonly<Record<string, Table>> {
    return this.own;
  }

  checkpoint(): Position | null {
    return this.place.checkpoint;
  }

  events(): number {
    return this.place.events;
  }

  tail(): Tail | null {
    return this.place.tail;
  }

  parked(): Promise<Parked[]> {
    return this.postgres.all<Parked>(`SELECT view, stream, revision, reason FROM ${this.of('five_ring_parked')} ORDER BY view, stream`);
  }

  due(): Promise<Due[]> {
    return this.postgres.all<Due>(`SELECT view, stream, revision FROM ${this.of('five_ring_due')} ORDER BY view, stream`);
  }

  async streams(view: string, tables: readonly string[], after: string, limit: number): Promise<string[]> {
    const of = tables.map((table) => `SELECT stream FROM ${this.of(table)} WHERE stream > $1 UNION `).join('');
    return (await this.postgres.all<{ stream: string }>(`${of}SELECT stream FROM ${this.of('five_ring_due')} WHERE view = $2 AND stream > $1 ORDER BY stream LIMIT $3`, [after, view, limit])).map(({ stream }) => stream);
  }

  async partsOf(table: string, streams: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.postgres.all<{ stream: string; part: string }>(`SELECT stream, part FROM ${this.of(table)} WHERE stream = ANY($1)`, [streams]);
    return new Map(rows.map(({ stream, part }) => [stream, part]));
  }

  async apply(batch: Batch): Promise<void> {
    const steps = await inTurns(foldOps(batch.ops, this.tables), turn);
    const { session, schema } = this;
    if (session?.alive !== true || !this.leads) throw new StoreUnavailable('Another process writes the views now.', 'failing');
    const { tail } = batch;
    await session.inOne(async () => {
      for (const step of steps) await this.write(session, step);
      await this.writeOwn(session, batch);
      await session.all('SELECT pg_notify($1, $2)', [CHANNEL, `moved ${schema}`]);
    });
    this.place = { checkpoint: batch.checkpoint, tail: tail ?? this.place.tail, events: this.place.events + (batch.events ?? 0) };
  }

  private async writeOwn(session: Session, { checkpoint, tail, recordedAt, parked = [], events = 0, freed = [], due = [], made = [] }: Batch): Promise<void> {
    const [ownParked, ownDue, own] = [this.of('five_ring_parked'), this.of('five_ring_due'), this.of('five_ring_views')];
    for (const { view, stream } of freed) await session.all(`DELETE FROM ${ownParked} WHERE view = $1 AND stream = $2`, [view, stream]);
    for (const { view, stream, revision, reason } of parked) await session.all(`INSERT INTO ${ownParked} VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, [view, stream, revision, storable(reason)]);
    if (due.length > 0) {
      const last = [...new Map(due.map((one) => [`${one.view}\n${one.stream}`, one])).values()];
      await session.all(`INSERT INTO ${ownDue} SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) ON CONFLICT (view, stream) DO UPDATE SET revision = excluded.revision`, columnsOf(last, ['view', 'stream', 'revision']));
    }
    if (made.length > 0) await session.all(`DELETE FROM ${ownDue} AS t USING unnest($1::text[], $2::text[]) AS g (view, stream) WHERE t.view = g.view AND t.stream = g.stream`, columnsOf(made, ['view', 'stream']));
    await session.all(`UPDATE ${own} SET checkpoint = $1, events = events + $2, tail = coalesce($3, tail), latest = greatest(latest, $4)`, [checkpoint, events, tail === undefined ? null : JSON.stringify(tail), recordedAt ?? 0]);
    // About once an hour of the log's own time it is kept up to where it had been written by then.
    if (recordedAt !== undefined) await session.all(`INSERT INTO ${this.of('five_ring_clock')} SELECT latest, $1 FROM ${own} WHERE latest >= coalesce((SELECT max(instant) FROM ${this.of('five_ring_clock')}) + ${STRIKE_MS}, 0) ON CONFLICT DO NOTHING`, [checkpoint]);
  }

  private async write(session: Session, step: Step): Promise<void> {
    const table = this.of(step.table);
    if (step.op === 'put') return this.putAll(session, step.table, step.rows);
    if (step.op === 'add') return this.addAll(session, step);
    if (step.op === 'remove') {
      const columns = Object.keys(step.wheres[0]!);
      await session.all(`DELETE FROM ${table} AS t USING ${this.unnested(step.table, columns)} WHERE ${columns.map((column) => `t.${quoted(column)} = g.${quoted(column)}`).join(' AND ')}`, columnsOf(step.wheres, columns));
      return;
    }
    const where = Object.entries(step.where);
    const condition = where.map(([column], n) => `${quoted(column)} = $${n + 1}`).join(' AND ');
    const values = where.map(([, value]) => value);
    if (step.op === 'remove-with') {
      await session.all(`DELETE FROM ${table} WHERE ${quoted(step.column)} IN (SELECT ${quoted(step.column)} FROM ${this.of(step.other)} WHERE ${condition})`, values);
      return;
    }
    const set = Object.entries(step.set);
    await session.all(`UPDATE ${table} SET ${set.map(([column], n) => `${quoted(column)} = $${where.length + n + 1}`).join(', ')} WHERE ${condition}`, [...values, ...set.map(([, value]) => value)]);
  }

  private async putAll(session: Session, table: string, rows: readonly Row[]): Promise<void> {
    const { key, columns } = this.tables[table]!;
    const names = Object.keys(columns);
    const rest = names.filter((column) => !key.includes(column));
    const update = rest.length === 0 ? 'DO NOTHING' : `DO UPDATE SET ${rest.map((column) => `${quoted(column)} = excluded.${quoted(column)}`).join(', ')}`;
    await session.all(`INSERT INTO ${this.of(table)} (${list(names)}) SELECT * FROM ${this.unnested(table, names)} ON CONFLICT (${list(key)}) ${update}`, columnsOf(rows, names));
  }

  private async addAll(session: Session, step: Sums): Promise<void> {
    const { table } = step;
    const { key, sum } = this.tables[table]!;
    const [names, column] = [[...key, sum!.column], quoted(sum!.column)];
    const columns = names.map((): Value[] => []);
    for (const rows of sumsOf(step, this.tables[table]!)) for (const [n, value] of rows.entries()) columns[n % names.length]!.push(value);
    if (columns[0]!.length === 0) return;
    await session.all(`INSERT INTO ${this.of(table)} AS t (${list(names)}) SELECT * FROM ${this.unnested(table, names)} ON CONFLICT (${list(key)}) DO UPDATE SET ${column} = t.${column} + excluded.${column}`, columns);
    await session.all(`DELETE FROM ${this.of(table)} WHERE ${column} = 0`);
  }

  /** One list a column, whatever the number of rows: one statement for all. */
  private unnested(table: string, columns: readonly string[]): string {
    const types = this.tables[table]!.columns;
    return `unnest(${columns.map((column, n) => `$${n + 1}::${sqlType(types[column]!).replace(/ COLLATE.*/, '')}[]`).join(', ')}) AS g (${list(columns)})`;
  }

  async struckBy(instant: number): Promise<Struck | null> {
    const [struck] = await this.postgres.all<Struck>(`SELECT instant, position FROM ${this.of('five_ring_clock')} WHERE instant <= $1 ORDER BY instant DESC LIMIT 1`, [instant]);
    return struck ?? null;
  }

  async snapshot(): Promise<Snapshot> {
    const session = await this.postgres.session('snapshot');
    try {
      const { schema, tables } = this;
      await session.all('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const { checkpoint, isWhole } = await placeIn(session, schema);
      return { checkpoint, isWhole, digest: (turn) => digested(session, schema, tables, turn), close: () => session.end() };
    } catch (error) {
      await session.end();
      throw error;
    }
  }

  async digest(turn?: () => Promise<void>): Promise<Record<string, string>> {
    const seen = await this.snapshot();
    try {
      return await seen.digest(turn);
    } finally {
      await seen.close();
    }
  }

  async lead(byForce = false): Promise<Lead> {
    if (!this.isBeside) {
      const schema = await schemaOf(this.postgres, this.signature);
      // Another node made them anew.
      if (schema !== undefined && schema !== this.schema) await this.goOver(schema);
    }
    const session = await this.sessionOf();
    if (!this.leads) {
      if (byForce || performance.now() - this.heardAt > SILENT_MS) await this.endLeader(session);
      const tries = byForce ? 20 : 1;
      for (let n = 0; n < tries && !this.leads; n += 1) {
        if (n > 0) await sleep(LOOK_MS / 2);
        this.leads = (await session.all<{ got: number }>('SELECT pg_try_advisory_lock($1) AS got', [leadOf(this.schema)]))[0]!.got === 1;
      }
      if (!this.leads) return 'other';
      this.beginBeat();
      void this.reported();
      return 'taken';
    }
    void this.reported();
    return 'ours';
  }

  async resign(): Promise<void> {
    if (!this.leads) return;
    this.leads = false;
    clearInterval(this.beat);
    await this.session?.all('SELECT pg_advisory_unlock($1)', [leadOf(this.schema)]);
  }

  async isWhole(): Promise<boolean> {
    return (await placeIn(this.postgres, this.schema)).isWhole;
  }

  async refreshed(): Promise<{ readonly checkpoint: Position | null; readonly isWhole: boolean }> {
    const { isWhole, ...place } = await placeIn(this.postgres, this.schema);
    this.place = place;
    return { checkpoint: place.checkpoint, isWhole };
  }

  onMoved(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  async beside(views: readonly View[]): Promise<PostgresViews> {
    const signature = signatureOf(views);
    // Of another description they are nobody's yet, or those of a node that was first: it is well to make them together.
    if (signature !== this.signature) return PostgresViews.open(this.postgres, views, this.options);
    const session = await this.postgres.session('views');
    try {
      const schema = await session.inOne(async () => {
        const made = await makeSchema(session, signature, views, drawn());
        // In use before anybody else sees that it is there.
        await session.all('SELECT pg_advisory_lock_shared($1)', [useOf(made)]);
        return made;
      });
      return await new PostgresViews(this.postgres, tablesOf(views), signature, schema, true, this.options).begunWith(session);
    } catch (error) {
      await session.end();
      throw error;
    }
  }

  private begunWith(session: Session): Promise<PostgresViews> {
    this.session = session;
    return this.begun();
  }

  async copied(views: readonly View[], signal?: AbortSignal): Promise<PostgresViews> {
    const next = await this.beside(views);
    const session = next.session!;
    try {
      const from = this.schema;
      // All reads see the rows of one moment.
      await session.inOne(async () => {
        for (const name of [...Object.keys(next.own), ...OWN_TABLES]) {
          signal?.throwIfAborted();
          if (name === 'five_ring_views') await session.all(`DELETE FROM ${next.of(name)}`);
          await session.all(`INSERT INTO ${next.of(name)} SELECT * FROM ${quoted(from)}.${quoted(name)}`);
        }
      }, 'BEGIN ISOLATION LEVEL REPEATABLE READ');
      await next.refreshed();
      return next;
    } catch (error) {
      await next.close(true);
      throw error;
    }
  }

  /** Every node goes over to them, each in a turn of its own. */
  async exchange(other: Views): Promise<() => void> {
    const next = other as PostgresViews;
    await this.postgres.all(`UPDATE ${SCHEMA}.views SET schema = $2, made = now(), used = now() WHERE signature = $1`, [next.signature, next.schema]);
    return () => {
      const old = this.session;
      [this.own, this.signature, this.schema, this.place, this.session] = [next.own, next.signature, next.schema, next.place, next.session];
      this.leads = next.leads;
      next.letGo();
      if (this.leads) this.beginBeat();
      void old?.end();
      this.postgres.notify(CHANNEL, `exchanged ${this.schema}`).catch(() => undefined);
    };
  }

  async clearBeside(): Promise<boolean> {
    // What analysts see is never removed under them.
    await this.reported(true);
    return (await sweep(this.postgres, this.signature)) === 0;
  }

  async close(discard = false): Promise<void> {
    const { session } = this;
    this.letGo();
    await session?.end();
    if (discard) await sweep(this.postgres, this.signature).catch(() => undefined);
  }

  /** Has nothing to do with the schema any more. */
  private letGo(): void {
    this.unlisten();
    clearInterval(this.beat);
    this.session = undefined;
    this.leads = false;
  }

  private of(table: string): string {
    return `${quoted(this.schema)}.${quoted(table)}`;
  }

  private hears(text: string): void {
    const [what, schema] = text.split(' ');
    // Something may have been missed: it is looked up, and the one who writes has all its time again.
    if (text === '' || schema === this.schema) this.heardAt = performance.now();
    if (this.leads && this.session?.alive === true && what !== 'exchanged') return;
    if (text === '' || what === 'exchanged' || (what === 'moved' && schema === this.schema)) for (const listener of this.listeners) listener();
  }

  /** The connection that holds the schema as used; a new one, without the lead, after the last was lost. */
  private async sessionOf(): Promise<Session> {
    if (this.session?.alive === true) return this.session;
    this.leads = false;
    clearInterval(this.beat);
    this.session = undefined;
    const session = await this.postgres.session('views');
    try {
      await session.all('SELECT pg_advisory_lock_shared($1)', [useOf(this.schema)]);
      if ((await session.all('SELECT 1 FROM pg_namespace WHERE nspname = $1', [this.schema])).length === 0) throw new StoreUnavailable('The views that this process read were removed by another; start it anew.', 'failing');
    } catch (error) {
      await session.end();
      throw error;
    }
    return (this.session = session);
  }

  /** Another node exchanged the rows of these views for new ones. */
  private async goOver(schema: string): Promise<void> {
    await this.session?.end();
    clearInterval(this.beat);
    [this.session, this.leads, this.schema] = [undefined, false, schema];
    this.heardAt = performance.now();
    await this.sessionOf();
  }

  private beginBeat(): void {
    clearInterval(this.beat);
    const { schema } = this;
    this.beat = setInterval(() => void this.postgres.notify(CHANNEL, `beat ${schema}`).catch(() => undefined), BEAT_MS).unref();
  }

  /** Whoever holds the lead loses the connection, and with it what it had not committed. */
  private async endLeader(session: Session): Promise<void> {
    const lock = leadOf(this.schema);
    await session.all(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock' AND objsubid = 1 AND classid = $1 AND objid = $2
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()`,
      [lock >> 32n, lock & 0xffffffffn],
    );
    this.heardAt = performance.now();
  }

  /** The views for analysts are those of the newest description whose rows have got as far as those before. Nothing else waits for them. */
  private async reported(now = false): Promise<void> {
    const { report } = this.options;
    if (report === undefined || this.isBeside || (!now && performance.now() - this.reportedAt < REPORT_MS)) return;
    this.reportedAt = performance.now();
    try {
      await reportFrom(this.postgres, this.schema, report(this.schema));
    } catch (error) {
      this.options.onFailure?.(error as Error);
    }
  }
}

async function reportFrom(postgres: Postgres, schema: string, statements: readonly string[]): Promise<void> {
  const hash = createHash('sha256').update(statements.join('\n')).digest('hex');
  const [there] = await postgres.all<{ schema: string; hash: string }>(`SELECT schema, hash FROM ${SCHEMA}.reported`);
  if (there?.hash === hash) return;
  await postgres.inOne(async (client) => {
    await client.all('SELECT pg_advisory_xact_lock($1)', [MAKING]);
    if (there !== undefined && there.schema !== schema && !(await isNewer(client, schema, there.schema))) return;
    for (const statement of statements) await client.all(statement);
    await client.all(`INSERT INTO ${SCHEMA}.reported (schema, hash) VALUES ($1, $2) ON CONFLICT (one) DO UPDATE SET schema = excluded.schema, hash = excluded.hash`, [schema, hash]);
  });
}

async function digested(session: Session, schema: string, tables: Readonly<Record<string, Table>>, turn?: () => Promise<void>): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const [name, { columns, key }] of Object.entries(tables)) {
    const hash = createHash('sha256');
    await session.all(`DECLARE reading NO SCROLL CURSOR FOR SELECT ${list(Object.keys(columns))} FROM ${quoted(schema)}.${quoted(name)} ORDER BY ${list(key)}`);
    for (let rows = await session.lists(`FETCH ${DIGESTED_AT_ONCE} FROM reading`); rows.length > 0; rows = await session.lists(`FETCH ${DIGESTED_AT_ONCE} FROM reading`)) {
      for (const row of rows) hash.update(JSON.stringify(row));
      await turn?.();
    }
    await session.all('CLOSE reading');
    digests[name] = hash.digest('hex');
  }
  return digests;
}

const columnsOf = <R extends object>(rows: readonly R[], columns: readonly string[]): (Value | undefined)[][] => columns.map((column) => rows.map((row) => (row as Row)[column] ?? null));

/** A text without what PostgreSQL's texts cannot hold. */
const storable = (text: string): string => text.replaceAll('\u0000', '\ufffd');
