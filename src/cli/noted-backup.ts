/** Says in the audit that a copy of the data was made: whoever has it, with its keys, reads everything. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { AuditRecord, AuditTable } from '../access/audit.js';
import { PostgresAuditTable } from '../access/audit-postgres.writer.js';
import { SqliteAuditTable } from '../access/audit-sqlite.writer.js';
import type { Config } from '../config.js';
import { ID } from '../customers/entry.js';
import type { Session } from './session.js';

/** How long a server that writes the file is waited for, in ms. */
const WAIT_MS = 5000;

export interface MadeBackup {
  /** The verb with what says which kind it is, such as `five-ring backup --without-keys`. */
  readonly verb: string;
  /** Whether the copies are sound. */
  readonly isSound: boolean;
}

/** @returns a sentence when it could not be noted; the backup is none the worse. */
export async function noteBackup(session: Session, { data, db }: Config, { verb, isSound }: MadeBackup): Promise<string | undefined> {
  const as = session.options.as ?? session.env['FIVE_RING_AS'];
  const record: AuditRecord = { at: Date.now(), action: 'backup', outcome: isSound ? 'done' : 'failed', colleague: as !== undefined && ID.test(as) ? as : null, via: 'operator', route: verb, target: null, part: null, status: 0, address: '', request: '', times: 1, until: null };
  const file = join(data, 'audit.db');
  try {
    if (db === null) {
      // Where no server ever ran there is none yet.
      if (existsSync(file)) await add(new SqliteAuditTable(file, (name) => new Database(name, { timeout: WAIT_MS })), record);
      return undefined;
    }
    const { Postgres } = await import('../database/postgres.js');
    const postgres = await Postgres.open(db);
    try {
      await add(new PostgresAuditTable(postgres), record);
    } finally {
      await postgres.close();
    }
    return undefined;
  } catch (error) {
    return `That it was made could not be noted in the audit: ${(error as Error).message}.`;
  }
}

async function add(table: AuditTable, record: AuditRecord): Promise<void> {
  try {
    await table.add([record], 1);
  } finally {
    await table.close();
  }
}
