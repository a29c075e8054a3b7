/** The audit in a file of its own (`audit.db`) of one process. */
import Database from 'better-sqlite3';
import { AUDIT_COLUMNS, pageOf, type AuditFilter, type AuditPlace, type AuditRecord, type AuditRow, type AuditTable } from './audit.js';

const FORMAT = 1;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL, action TEXT NOT NULL, outcome TEXT NOT NULL, colleague TEXT, via TEXT NOT NULL, route TEXT NOT NULL, target TEXT, part TEXT,
    status INTEGER NOT NULL, address TEXT NOT NULL, request TEXT NOT NULL, times INTEGER NOT NULL, until INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS audit_at ON audit (at, id);
  CREATE INDEX IF NOT EXISTS audit_colleague ON audit (colleague, at, id);
  CREATE INDEX IF NOT EXISTS audit_action ON audit (action, at, id);
  CREATE INDEX IF NOT EXISTS audit_target ON audit (target, at, id);
  CREATE INDEX IF NOT EXISTS audit_part ON audit (part, at, id) WHERE part IS NOT NULL;
  CREATE TABLE IF NOT EXISTS retention (before INTEGER NOT NULL) STRICT;
  CREATE TRIGGER IF NOT EXISTS audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
  CREATE TRIGGER IF NOT EXISTS audit_no_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
  CREATE TRIGGER IF NOT EXISTS audit_no_delete BEFORE DELETE ON audit WHEN OLD.at >= coalesce((SELECT max(before) FROM retention), -1) BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
`;

const codeOf = (error: unknown): string => String((error as { code?: string }).code);

export class SqliteAuditTable implements AuditTable {
  private db: Database.Database | undefined;
  private closed = false;

  /** `open` opens the file; another in tests of a disk that is full. Nobody else writes it; whoever holds it all the same must not hold up the server. */
  constructor(
    private readonly file: string,
    private readonly open: (file: string) => Database.Database = (name) => new Database(name, { timeout: 0 }),
  ) {}

  async add(records: readonly AuditRecord[]): Promise<readonly AuditRecord[]> {
    return this.using((db) => {
      const insert = db.prepare(`INSERT INTO audit (${AUDIT_COLUMNS.join(', ')}) VALUES (${AUDIT_COLUMNS.map((name) => `@${name}`).join(', ')})`);
      const refused: AuditRecord[] = [];
      db.transaction(() => {
        for (const record of records) {
          try {
            insert.run(record);
          } catch (error) {
            // What the table cannot hold would stand in the way of all that come after it.
            if (!codeOf(error).startsWith('SQLITE_CONSTRAINT')) throw error;
            refused.push(record);
          }
        }
      }).immediate();
      return refused;
    });
  }

  async read(filter: AuditFilter, limit: number, after?: AuditPlace): Promise<AuditRow[]> {
    const { sql, values } = pageOf('audit', filter, limit, after);
    return this.using((db) => db.prepare<unknown[], AuditRow>(sql).all(...values));
  }

  async removeOld(before: number, atMost: number): Promise<number> {
    return this.using((db) => db.transaction(() => {
      db.prepare('INSERT INTO retention (before) VALUES (?)').run(before);
      const { changes } = db.prepare('DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ? ORDER BY at LIMIT ?)').run(before, atMost);
      db.exec('DELETE FROM retention');
      return changes;
    }).immediate());
  }

  async close(): Promise<void> {
    this.closed = true;
    this.db?.close();
    this.db = undefined;
  }

  private using<T>(work: (db: Database.Database) => T): T {
    try {
      return work(this.opened());
    } catch (error) {
      if (codeOf(error) === 'SQLITE_FULL') throw new Error('no room left', { cause: error });
      // A file that failed may be another one by then.
      if (codeOf(error) !== 'SQLITE_BUSY') {
        this.db?.close();
        this.db = undefined;
      }
      throw error;
    }
  }

  private opened(): Database.Database {
    if (this.closed) throw new Error('the audit is closed');
    if (this.db !== undefined) return this.db;
    const db = this.open(this.file);
    try {
      db.pragma('journal_mode = WAL');
      // Not an fsync a batch: a power cut may take the last of it, and leaves the file sound.
      db.pragma('synchronous = NORMAL');
      const format = db.pragma('user_version', { simple: true }) as number;
      if (format > FORMAT) throw new Error(`audit.db has format ${format}; this version of Five-Ring writes ${FORMAT}`);
      if (format < FORMAT) db.transaction(() => void db.exec(`${SCHEMA} PRAGMA user_version = ${FORMAT};`)).immediate();
    } catch (error) {
      db.close();
      throw error;
    }
    return (this.db = db);
  }
}
