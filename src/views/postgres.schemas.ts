/** Schemas of the views on PostgreSQL: which there are, of which description, how far their rows have got, and which nobody needs. */
import { createHash } from 'node:crypto';
import { lockOf, type Asking, type Postgres } from '../database/postgres.js';
import { SCHEMA } from '../database/schema.js';
import type { Position } from '../kernel/event-store.js';
import type { Table, View } from '../kernel/view.js';
import type { Tail } from './views.js';

const SQL_TYPES = { text: 'text COLLATE "C"', integer: 'bigint', real: 'double precision', flag: 'bigint', json: 'text COLLATE "C"' } as const;
/** Stands for the tables of our own, below. */
const FORMAT = 1;
export const MAKING = lockOf('five-ring views are made');
const LOCK_NOT_AVAILABLE = '55P03';
const SWEEP_AFTER = '1 day';
export const quoted = (name: string): string => `"${name}"`;
export const list = (columns: readonly string[]): string => columns.map(quoted).join(', ');

export const useOf = (schema: string): bigint => lockOf(`five-ring uses ${schema}`);

export const sqlType = (type: string): string => SQL_TYPES[type.replace('?', '') as keyof typeof SQL_TYPES];

function createTable(schema: string, name: string, { columns, key, indexes = [], sum }: Table): string {
  const table = `${quoted(schema)}.${quoted(name)}`;
  const lines = Object.entries(columns).map(([column, type]) => `${quoted(column)} ${sqlType(type)}${type.endsWith('?') ? '' : ' NOT NULL'}`);
  const index = indexes.map((columnsOf) => `CREATE INDEX ON ${table} (${list(columnsOf)});`);
  const zero = sum === undefined ? [] : [`CREATE INDEX ON ${table} (${quoted(sum.column)}) WHERE ${quoted(sum.column)} = 0;`];
  return [`CREATE TABLE ${table} (${lines.join(', ')}, PRIMARY KEY (${list(key)}));`, ...index, ...zero].join('\n');
}

const OWN = (schema: string): string => `
  CREATE TABLE ${schema}.five_ring_views (checkpoint text, tail text, latest bigint NOT NULL DEFAULT 0, events bigint NOT NULL DEFAULT 0);
  INSERT INTO ${schema}.five_ring_views DEFAULT VALUES;
  CREATE TABLE ${schema}.five_ring_clock (instant bigint PRIMARY KEY, position text NOT NULL);
  CREATE TABLE ${schema}.five_ring_due (view text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, revision bigint NOT NULL, PRIMARY KEY (view, stream));
  CREATE TABLE ${schema}.five_ring_parked (view text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, revision bigint NOT NULL, reason text NOT NULL, PRIMARY KEY (view, stream));
`;
export const OWN_TABLES = ['five_ring_views', 'five_ring_clock', 'five_ring_due', 'five_ring_parked'];

export const signatureOf = (views: readonly View[]): string => createHash('sha256').update(JSON.stringify([FORMAT, ...views.map(({ name, version, tables }) => [name, version, tables])])).digest('hex');
export const tablesOf = (views: readonly View[]): Record<string, Table> => Object.assign({}, ...views.map((view) => view.tables)) as Record<string, Table>;

export interface Place {
  readonly checkpoint: Position | null;
  readonly tail: Tail | null;
  readonly events: number;
}

export const BEGINNING: Place = { checkpoint: null, tail: null, events: 0 };

/** The catalog of views: which schema holds the rows of which description, and which of them analysts see. */
export const STEPS: readonly string[] = [
  `CREATE TABLE ${SCHEMA}.views (signature text PRIMARY KEY, schema text NOT NULL UNIQUE, made timestamptz NOT NULL DEFAULT now(), used timestamptz NOT NULL DEFAULT now());
   CREATE TABLE ${SCHEMA}.reported (one boolean PRIMARY KEY DEFAULT true CHECK (one), schema text NOT NULL, hash text NOT NULL);`,
];

/** Begins with the description, ends by chance: there may be several of one. */
const PREFIX = 'five_ring_v_';
const nameFor = (signature: string, drawn: string): string => `${PREFIX}${signature.slice(0, 12)}_${drawn}`;

/** Empty tables in a schema of their own; `drawn`: some letters nobody else drew. */
export async function makeSchema(client: Asking, signature: string, views: readonly View[], drawn: string): Promise<string> {
  const schema = nameFor(signature, drawn);
  await client.all(`CREATE SCHEMA ${quoted(schema)}; ${OWN(schema)} ${Object.entries(tablesOf(views)).map(([name, table]) => createTable(schema, name, table)).join('\n')}`);
  return schema;
}

export const schemaOf = async (client: Asking, signature: string): Promise<string | undefined> => (await client.all<{ schema: string }>(`SELECT schema FROM ${SCHEMA}.views WHERE signature = $1`, [signature]))[0]?.schema;

/** Whether the rows are of a newer description than the others, and know at least as much; or the others are no more. */
export async function isNewer(client: Asking, schema: string, other: string): Promise<boolean> {
  if ((await client.all('SELECT 1 FROM pg_namespace WHERE nspname = $1', [other])).length === 0) return true;
  const [row] = await client.all<{ newer: number }>(`SELECT coalesce((SELECT made FROM ${SCHEMA}.views WHERE schema = $1) >= (SELECT made FROM ${SCHEMA}.views WHERE schema = $2), true) AS newer`, [schema, other]);
  return row!.newer === 1 && (await placeIn(client, schema)).events >= (await placeIn(client, other)).events;
}

export async function placeIn(client: Asking, schema: string): Promise<Place & { readonly isWhole: boolean }> {
  const [row] = await client.all<{ checkpoint: string | null; tail: string | null; events: number; whole: number }>(`SELECT checkpoint, tail, events, NOT EXISTS (SELECT 1 FROM ${quoted(schema)}.five_ring_due) AS whole FROM ${quoted(schema)}.five_ring_views`);
  const { checkpoint, tail, events, whole } = row!;
  return { checkpoint, tail: tail === null ? null : (JSON.parse(tail) as Tail), events, isWhole: whole === 1 };
}

/**
 * Drops schemas of views that nobody uses and nobody will: exchanged, given up, or of a description that no node has had for long.
 * Those that analysts see stay, and those that somebody reads just now. @returns how many of this description stay all the same.
 */
export async function sweep(postgres: Postgres, signature: string): Promise<number> {
  const rows = await postgres.all<{ schema: string; reported: number }>(
    `SELECT nspname AS schema, nspname IN (SELECT r.schema FROM ${SCHEMA}.reported r) AS reported
     FROM pg_namespace LEFT JOIN ${SCHEMA}.views v ON v.schema = nspname
     WHERE nspname LIKE 'five\\_ring\\_v\\_%' AND (v.schema IS NULL OR (v.signature <> $1 AND v.used < now() - interval '${SWEEP_AFTER}'))`,
    [signature],
  );
  let left = 0;
  for (const { schema, reported } of rows) {
    const isGone = reported === 0 && (await drop(postgres, schema));
    if (!isGone && schema.startsWith(nameFor(signature, ''))) left += 1;
  }
  return left;
}

/** @returns false when somebody uses it or reads in it. */
async function drop(postgres: Postgres, schema: string): Promise<boolean> {
  try {
    return await postgres.inOne(async (client) => {
      // Whoever reads for long holds it; nobody queues behind us for longer than this.
      await client.all("SET LOCAL lock_timeout = '1s'");
      if ((await client.all<{ got: number }>('SELECT pg_try_advisory_xact_lock($1) AS got', [useOf(schema)]))[0]!.got !== 1) return false;
      await client.all(`DELETE FROM ${SCHEMA}.views WHERE schema = $1`, [schema]);
      await client.all(`DROP SCHEMA IF EXISTS ${quoted(schema)} CASCADE`);
      return true;
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === LOCK_NOT_AVAILABLE) return false;
    throw error;
  }
}
