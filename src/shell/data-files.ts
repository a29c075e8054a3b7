/**
 * Looks at the files of a data folder before anything is written to them. What is damaged is left as it is, and said in a
 * sentence that names the file and what to do: a server that starts on it would make it worse, or look as if all were erased.
 */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { StoreUnavailable } from '../kernel/event-store.js';

/** Up to this size every page is looked at; the start must not take longer with every year. Beyond it, `verify` and the first read tell. */
const LOOKED_THROUGH_BYTES = 64_000_000;
const MAGIC = 'SQLite format 3\0';

/** What is wrong with the database in the file, as the end of a sentence; undefined when nothing is, or there is no file, or an empty one. */
export function damageOf(file: string): string | undefined {
  if (isEmpty(file)) return undefined;
  const { size } = statSync(file);
  const header = Buffer.alloc(100);
  const fd = openSync(file, 'r');
  try {
    readSync(fd, header, 0, header.length, 0);
  } finally {
    closeSync(fd);
  }
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) return 'is no database';
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  // A count that an old program left behind does not hold; and while there is a -wal, its end of the file may still stand there.
  const isCounted = header.readUInt32BE(24) === header.readUInt32BE(92);
  const due = header.readUInt32BE(28) * pageSize;
  if (isCounted && size < due && isEmpty(`${file}-wal`)) return `is cut off: ${size} of ${due} bytes are there`;
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true });
    const found = size <= LOOKED_THROUGH_BYTES ? (db.pragma('quick_check(1)') as { quick_check: string }[])[0]?.quick_check : 'ok';
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return found === 'ok' ? undefined : `is damaged (${String(found).replaceAll(/\s*\n\s*/g, ', ')})`;
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    // Held by somebody, or not ours to read: whoever opens it says so.
    return ['SQLITE_CORRUPT', 'SQLITE_NOTADB'].some((one) => String(code).startsWith(one)) ? `is damaged (${String(message)})` : undefined;
  } finally {
    db?.close();
  }
}

/** No file, or one without content. */
export const isEmpty = (file: string): boolean => !existsSync(file) || statSync(file).size === 0;

/** @throws StoreUnavailable when the file is damaged. `restore`: what to do then, a sentence. */
export function refuseIfDamaged(file: string, restore: string): void {
  const damage = damageOf(file);
  if (damage !== undefined) throw new StoreUnavailable(`${file} ${damage}. Nothing was written to it. ${restore}`, 'failing');
}

/** Whether keys of people stand in the file. */
export function holdsKeys(file: string): boolean {
  if (isEmpty(file)) return false;
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    // The second name is that of older programs.
    return ['kept_keys', 'subject_keys'].some((table) => db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(table) !== undefined && db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined);
  } finally {
    db.close();
  }
}

/** @throws StoreUnavailable for a log without the keys that belong to it, or keys and views without their log. */
export function refuseIfApart(log: { readonly name: string; readonly isEmpty: boolean; readonly isHere: boolean }, keys: { readonly name: string; readonly isEmpty: boolean; readonly areThere: boolean }): void {
  if (!log.isEmpty && keys.isEmpty) {
    throw new StoreUnavailable(`${keys.name} is missing or empty, and the log (${log.name}) holds events: without its keys no name or text can be read. Restore the keys from their backup, or name the data folder or database that belongs to this log. If the keys are lost for good and you want to go on without them, set FIVE_RING_KEYS_LOST=yes for one start.`, 'failing');
  }
  // One on another machine is told by what the views know of it.
  if (log.isEmpty && log.isHere && keys.areThere) {
    throw new StoreUnavailable(`The log (${log.name}) is missing or empty, and ${keys.name} holds the keys of people in it. Restore the log from its backup, or name the right one with FIVE_RING_STORE. To begin anew, name another data folder.`, 'failing');
  }
}
