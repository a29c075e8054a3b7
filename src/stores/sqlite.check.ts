/** Checks a log file from beside the store that may be running on it. */
import Database from 'better-sqlite3';
import { BUSY_MS, messageOf } from './sqlite.store.js';

/**
 * What is wrong with the log in the file, a sentence each; none when all is well.
 * Reads the whole file, beside a running store if there is one.
 */
export function check(file: string): string[] {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
    return db.transaction(problemsOf)(db);
  } catch (error) {
    return [`${file} cannot be read: ${messageOf(error)}.`];
  } finally {
    db?.close();
  }
}

function problemsOf(db: Database.Database): string[] {
  const integrity = db.pragma('integrity_check') as { integrity_check: string }[];
  const log = db.prepare<[], { count: number; first: number | null; last: number | null }>(
    'SELECT count(*) AS count, min(position) AS first, max(position) AS last FROM events',
  );
  const gaps = db.prepare<[], { stream: string; count: number; last: number }>(
    `SELECT coalesce(s.name, '#' || e.stream) AS stream, count(*) AS count, max(e.revision) AS last
     FROM events e LEFT JOIN streams s ON s.id = e.stream GROUP BY e.stream HAVING s.id IS NULL OR min(e.revision) <> 0 OR count(*) <> max(e.revision) + 1`,
  );
  const { count = 0, first = null, last = null } = log.get() ?? {};
  return [
    ...integrity.filter((row) => row.integrity_check !== 'ok').map((row) => `SQLite: ${row.integrity_check}.`),
    ...(count > 0 && (first !== 1 || last !== count) ? [`The log has ${count} events at the positions ${first} to ${last}: some are missing.`] : []),
    ...gaps.all().map((gap) => `Stream ${gap.stream} has ${gap.count} events up to revision ${gap.last}: some are missing, or its name is.`),
  ];
}
