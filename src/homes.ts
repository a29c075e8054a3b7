/** Where views, keys, audit, the list of erasures and counts of guesses stand: in files of the data folder, or in PostgreSQL. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { AuditRecord, AuditTable } from './access/audit.js';
import { PostgresAuditTable } from './access/audit-postgres.writer.js';
import { SqliteAuditTable } from './access/audit-sqlite.writer.js';
import { PostgresGuessing } from './access/guessing-postgres.writer.js';
import { MemoryGuessing, type Guessing } from './access/guessing.js';
import type { Config } from './config.js';
import { Postgres } from './database/postgres.js';
import type { EventStore } from './kernel/event-store.js';
import type { View } from './kernel/view.js';
import { ErasureFile } from './privacy/erasure-file.writer.js';
import type { ErasureList } from './privacy/erasure-list.js';
import { ErasureTable } from './privacy/erasure-table.writer.js';
import { reportViews } from './report-views.js';
import type { Rules } from './rings/rules.js';
import { damageOf, holdsKeys, isEmpty, refuseIfDamaged } from './shell/data-files.js';
import { MemoryTurns, PostgresTurns, type Turns } from './shell/turns.js';
import { KeysWithEvents } from './vault/keys-with-events.js';
import { PostgresVault } from './vault/postgres.vault.js';
import { SqliteVault } from './vault/sqlite.vault.js';
import type { Vault } from './vault/vault.js';
import { PostgresViews } from './views/postgres.views.js';
import { reportingSql } from './views/reporting.js';
import { SqliteViews } from './views/sqlite.views.js';
import type { Views } from './views/views.js';

export interface Homes {
  /** Keys as they were found. */
  readonly keys: { readonly name: string; readonly isEmpty: boolean; readonly areThere: boolean };
  /** Opens them, or makes the first: only once it is known that they and the log belong together. */
  vault(): Promise<Vault>;
  readonly audit: AuditTable;
  /** Opened as the keys are. */
  list(): Promise<ErasureList>;
  readonly guessing: Guessing;
  readonly turns: Turns;
  /** The views' rows; `anew`: made from another log, they are emptied. */
  rows(views: readonly View[], anew: boolean): Promise<Views>;
  /** What the rows are called towards whoever runs it, and how they are emptied by hand. */
  readonly rowsNamed: string;
  readonly emptyRows: string;
  /** The log as whoever opens its fields reads it. */
  read(log: EventStore): EventStore;
  /** Last of all, once what was opened is closed. */
  close(): Promise<void>;
}

/** `rules`: in force at the moment they are asked for. @throws what stands in the way; nothing is left open then. */
export function openHomes(config: Config, rules: () => Rules, onFailure?: (error: Error) => void): Promise<Homes> {
  return config.db === null ? inFiles(config) : inPostgres(config.db, config, rules, onFailure);
}

/** How long who writes beside a server waits for it, in ms. */
const BESIDE_MS = 5000;

/** Adds to the audit beside a server that may be running; nothing where none ever ran. @throws when it cannot be written. */
export async function addToAudit({ data, db }: Config, records: readonly AuditRecord[]): Promise<void> {
  if (db === null) {
    const file = join(data, 'audit.db');
    if (existsSync(file)) await added(new SqliteAuditTable(file, (name) => new Database(name, { timeout: BESIDE_MS })), records);
    return;
  }
  const postgres = await Postgres.open(db);
  try {
    await added(new PostgresAuditTable(postgres), records);
  } finally {
    await postgres.close();
  }
}

async function added(table: AuditTable, records: readonly AuditRecord[]): Promise<void> {
  try {
    await table.add(records, 1);
  } finally {
    await table.close();
  }
}

async function inFiles({ data, keysLost }: Config): Promise<Homes> {
  const at = (name: string): string => join(data, name);
  const file = at('keys.db');
  refuseIfDamaged(file, 'Restore keys.db from its backup: without it no name or text can be read.');
  const keys = { name: file, isEmpty: isEmpty(file) && !keysLost, areThere: holdsKeys(file) };
  return {
    keys,
    vault: async () => SqliteVault.open(file),
    audit: new SqliteAuditTable(at('audit.db')),
    list: async () => ErasureFile.open(at('erased.ndjson')),
    guessing: new MemoryGuessing(),
    turns: new MemoryTurns(),
    // Whatever is wrong with the file, it is made anew from the log.
    rows: async (views, anew) => SqliteViews.open(at('views.db'), views, anew || damageOf(at('views.db')) !== undefined),
    rowsNamed: at('views.db'),
    emptyRows: 'delete views.db',
    read: (log) => log,
    close: async () => undefined,
  };
}

async function inPostgres(url: string, { zone, keysLost }: Config, rules: () => Rules, onFailure?: (error: Error) => void): Promise<Homes> {
  const postgres = await Postgres.open(url);
  try {
    const vault = await PostgresVault.open(postgres);
    const areThere = await vault.holdsKeys();
    const report = (schema: string): string[] => reportingSql(schema, reportViews(rules(), zone));
    return {
      vault: async () => vault,
      keys: { name: 'the database that FIVE_RING_DB names', isEmpty: !areThere && !keysLost, areThere },
      audit: new PostgresAuditTable(postgres),
      list: () => ErasureTable.open(postgres),
      guessing: await PostgresGuessing.open(postgres),
      turns: new PostgresTurns(postgres),
      rows: (views, anew) => PostgresViews.open(postgres, views, { report, ...(onFailure !== undefined && { onFailure }) }, anew),
      rowsNamed: 'the views in the database that FIVE_RING_DB names',
      emptyRows: 'drop its schemas whose names begin with five_ring_v_',
      read: (log) => new KeysWithEvents(log, vault),
      close: () => postgres.close(),
    };
  } catch (error) {
    await postgres.close();
    throw error;
  }
}
