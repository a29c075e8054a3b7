/**
 * The keys in PostgreSQL. It writes what is changed beside what was, and keeps the old row for whoever may still look at it: a
 * report that runs for an hour keeps all that was destroyed in that hour. So a key is not overwritten: the table it stands in is
 * written anew without it, in the same transaction, and the old file goes with the commit (ADR 21). Keys are spread over several
 * tables, so that it is a small one.
 */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Asking, Postgres } from '../database/postgres.js';
import { StoreUnavailable } from '../kernel/event-store.js';
import { KeyedHash } from './keyed-hash.js';
import { ZEROS, type Found } from './keys-at-hand.js';
import { TABLES_OF_COLLEAGUES } from './secrets.js';
import { derived, nameOf, placeOf, SIZE } from './text-block.js';
import { isTextKey } from './text-key-name.js';

const SHARDS = 16;
const SCHEMA = 'five_ring';
const TEXT = 'TEXT COLLATE "C"';
const ALL = Array.from({ length: SHARDS }, (_, shard) => shard);
/** Names asked for in one statement. */
const AT_ONCE = 5000;
/** So long others wait for whoever destroys a key, while that one waits for them. */
const LOCK_MS = 1000;
const TRIES = 8;
const PAUSE_MS = 250;
/** A message holds 8000 bytes. */
const MESSAGE_BYTES = 7500;

export const CHANNEL = 'five_ring_keys';

/** Schema by format. */
export const STEPS: readonly string[] = [
  [
    `CREATE TABLE ${SCHEMA}.vault_secrets (name ${TEXT} PRIMARY KEY, value BYTEA NOT NULL)`,
    ...ALL.map((shard) => `CREATE TABLE ${tableOf(shard)} (name ${TEXT} PRIMARY KEY, key BYTEA NOT NULL, made BIGINT)`),
    `CREATE VIEW ${SCHEMA}.keys AS ${ALL.map((shard) => `SELECT name, key, made FROM ${tableOf(shard)}`).join(' UNION ALL ')}`,
    `CREATE TABLE ${SCHEMA}.text_blocks (name ${TEXT} PRIMARY KEY, key BYTEA NOT NULL, made BIGINT)`,
    `CREATE TABLE ${SCHEMA}.passwords (colleague ${TEXT} PRIMARY KEY, hash ${TEXT} NOT NULL, changed BIGINT NOT NULL)`,
    `CREATE TABLE ${SCHEMA}.sign_ins (colleague ${TEXT} PRIMARY KEY, last BIGINT NOT NULL)`,
    `CREATE TABLE ${SCHEMA}.sessions (token ${TEXT} PRIMARY KEY, colleague ${TEXT} NOT NULL, created BIGINT NOT NULL, seen BIGINT NOT NULL, expires BIGINT NOT NULL, address ${TEXT} NOT NULL, agent ${TEXT} NOT NULL)`,
    `CREATE INDEX sessions_by_colleague ON ${SCHEMA}.sessions (colleague)`,
    `CREATE TABLE ${SCHEMA}.links (token ${TEXT} PRIMARY KEY, purpose ${TEXT} NOT NULL, colleague ${TEXT}, expires BIGINT NOT NULL)`,
    `CREATE TABLE ${SCHEMA}.api_keys (token ${TEXT} PRIMARY KEY, key ${TEXT} NOT NULL UNIQUE, colleague ${TEXT} NOT NULL, made BIGINT NOT NULL, used BIGINT)`,
  ].join(';\n'),
];

function tableOf(shard: number): string {
  return `${SCHEMA}.keys_${String(shard).padStart(2, '0')}`;
}

/** Stored: a key is looked for where it was put. */
const shardOf = (name: string): number => createHash('sha256').update(name).digest()[0]! % SHARDS;

/** By their shards, in the order in which everybody asks for locks. */
function spread<T extends { readonly name: string }>(rows: Iterable<T>): [shard: number, rows: T[]][] {
  return [...Map.groupBy(rows, ({ name }) => shardOf(name))].sort(([a], [b]) => a - b);
}

export class PostgresKeyTables {
  /** `tries`: how often a lock is asked for that somebody else holds for longer than a moment. */
  constructor(
    private readonly postgres: Postgres,
    private readonly tries = TRIES,
  ) {}

  /** Keys and secrets of blocks, one question for some thousands; zeros for those that were destroyed. */
  async find(names: readonly string[], blocks: readonly string[]): Promise<{ readonly keys: Found[]; readonly blocks: Found[] }> {
    const found: { keys: Found[]; blocks: Found[] } = { keys: [], blocks: [] };
    for (let at = 0; at < Math.max(names.length, blocks.length); at += AT_ONCE) {
      const parts = spread(names.slice(at, at + AT_ONCE).map((name) => ({ name }))).map(([shard, rows]) => ({ table: tableOf(shard), isBlock: 0, names: rows.map(({ name }) => name) }));
      const ofBlocks = blocks.slice(at, at + AT_ONCE);
      if (ofBlocks.length > 0) parts.push({ table: `${SCHEMA}.text_blocks`, isBlock: 1, names: ofBlocks });
      const sql = parts.map(({ table, isBlock }, i) => `SELECT name, key, made, ${isBlock} AS "isBlock" FROM ${table} WHERE name = ANY($${i + 1})`).join(' UNION ALL ');
      for (const row of await this.postgres.all<Found & { isBlock: number }>(sql, parts.map((part) => part.names))) (row.isBlock === 1 ? found.blocks : found.keys).push(row);
    }
    return found;
  }

  /** What is there stays, also when it was destroyed. */
  add(rows: readonly Found[]): Promise<unknown> {
    return this.trying(() => insert(this.postgres, rows));
  }

  async addBlock(block: string, secret: Buffer): Promise<void> {
    await this.postgres.all(`INSERT INTO ${SCHEMA}.text_blocks (name, key) VALUES ($1, $2)`, [block, secret]);
  }

  /** The secret of that name, made now if there is none: of nodes that start together all have the same. */
  async secret(name: string): Promise<Buffer> {
    await this.postgres.all(`INSERT INTO ${SCHEMA}.vault_secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, [name, randomBytes(32)]);
    const [row] = await this.postgres.all<{ value: Buffer }>(`SELECT value FROM ${SCHEMA}.vault_secrets WHERE name = $1`, [name]);
    return row!.value;
  }

  async holdsKeys(): Promise<boolean> {
    const [row] = await this.postgres.all<{ any: number }>(`SELECT EXISTS (SELECT FROM ${SCHEMA}.keys) AS any`);
    return row!.any === 1;
  }

  /** `given`: how many keys of a block were ever given out; all, where it does not say. @throws StoreUnavailable; then nothing was destroyed, or all was and nobody could say so. */
  destroy(subjects: readonly string[], colleagues: readonly string[], given: ReadonlyMap<string, number>): Promise<void> {
    return this.trying(() => this.postgres.inOne(async (client) => {
      await client.all("SELECT set_config('lock_timeout', $1, true)", [String(LOCK_MS)]);
      const texts = subjects.filter(isTextKey);
      const shards = texts.length > 0 ? ALL : spread(subjects.map((name) => ({ name }))).map(([shard]) => shard);
      // Nobody adds a key in the meantime; whoever reads goes on until the tables are written anew.
      await client.all(`LOCK TABLE ${[...shards.map(tableOf), ...(texts.length > 0 ? [`${SCHEMA}.text_blocks`] : [])].join(', ')} IN SHARE ROW EXCLUSIVE MODE`);
      if (texts.length > 0) await divide(client, texts, given);
      for (const [shard, rows] of spread(subjects.map((name) => ({ name })))) await destroyIn(client, tableOf(shard), rows.map(({ name }) => name));
      if (colleagues.length > 0) for (const table of TABLES_OF_COLLEAGUES) await writeAnew(client, `${SCHEMA}.${table}`, 'colleague', colleagues);
      for (const message of messages(subjects)) await client.all('SELECT pg_notify($1, $2)', [CHANNEL, message]);
    }));
  }

  /** Again, where somebody else held a lock. */
  private async trying<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await work();
      } catch (error) {
        // 55P03: a lock was not to be had in time; 40P01: two waited for each other.
        if (!['55P03', '40P01'].includes((error as { code?: string }).code ?? '')) throw error;
        if (tries >= this.tries) throw new StoreUnavailable('Somebody reads the tables of keys for long, a backup of the database perhaps, so that no key can be destroyed; it is tried again.', 'failing', { cause: error });
        await sleep(PAUSE_MS * Math.random());
      }
    }
  }
}

function insert(client: Asking, rows: readonly Found[]): Promise<unknown> {
  // Everybody puts them in the same order, so that no two wait for each other.
  const parts = spread([...rows].sort((a, b) => (a.name < b.name ? -1 : 1)));
  const writes = parts.map(([shard], i) => `w${i} AS (INSERT INTO ${tableOf(shard)} (name, key, made) SELECT * FROM unnest($${3 * i + 1}::text[], $${3 * i + 2}::bytea[], $${3 * i + 3}::bigint[]) ON CONFLICT (name) DO NOTHING)`);
  return parts.length === 0 ? Promise.resolve() : client.all(`WITH ${writes.join(', ')} SELECT 1`, parts.flatMap(([, own]) => [own.map(({ name }) => name), own.map(({ key }) => key), own.map(({ made }) => made)]));
}

/** Puts in the place of the secrets of blocks the keys of all their texts but these. */
async function divide(client: Asking, texts: readonly string[], given: ReadonlyMap<string, number>): Promise<void> {
  const going = new Set(texts);
  const names = [...new Set(texts.map((text) => placeOf(text).block))];
  const found = await client.all<Found>(`SELECT name, key FROM ${SCHEMA}.text_blocks WHERE name = ANY($1)`, [names]);
  const rows = found.filter(({ key }) => !key.equals(ZEROS)).flatMap(({ name: block, key }) => {
    const secret = new KeyedHash(key);
    return Array.from({ length: given.get(block) ?? SIZE }, (_, n) => n).filter((n) => !going.has(nameOf(block, n))).map((n) => ({ name: nameOf(block, n), key: derived(secret, n), made: null }));
  });
  await insert(client, rows);
  await destroyIn(client, `${SCHEMA}.text_blocks`, found.map(({ name }) => name));
}

/** Zeros stand where the keys stood, or would have: the tombstones by which no other is ever made. */
async function destroyIn(client: Asking, table: string, names: readonly string[]): Promise<void> {
  const standing = await client.all(`SELECT 1 FROM ${table} WHERE name = ANY($1) AND key <> $2 LIMIT 1`, [names, ZEROS]);
  if (standing.length > 0) await writeAnew(client, table, 'name', names);
  await client.all(`INSERT INTO ${table} (name, key) SELECT name, $2 FROM unnest($1::text[]) AS gone (name) ON CONFLICT (name) DO NOTHING`, [names, ZEROS]);
}

/** The table without these rows, in a new file. What it is copied to in between is not logged, and goes with the transaction. */
async function writeAnew(client: Asking, table: string, column: string, values: readonly string[]): Promise<void> {
  const beside = `${SCHEMA}.beside_${randomBytes(6).toString('hex')}`;
  await client.all(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  await client.all(`CREATE UNLOGGED TABLE ${beside} (LIKE ${table})`);
  await client.all(`INSERT INTO ${beside} SELECT * FROM ${table} WHERE ${column} IS NULL OR NOT ${column} = ANY($1)`, [values]);
  await client.all(`TRUNCATE ${table}`);
  await client.all(`INSERT INTO ${table} SELECT * FROM ${beside}`);
  await client.all(`DROP TABLE ${beside}`);
}

/** Names of what is gone, as lists that each fit into a message. */
function messages(subjects: readonly string[]): string[] {
  const lists: string[][] = [];
  let bytes = MESSAGE_BYTES;
  for (const subject of subjects) {
    const size = Buffer.byteLength(JSON.stringify(subject)) + 1;
    if (bytes + size > MESSAGE_BYTES) {
      lists.push([]);
      bytes = 2;
    }
    lists.at(-1)!.push(subject);
    bytes += size;
  }
  return lists.map((list) => JSON.stringify(list));
}
