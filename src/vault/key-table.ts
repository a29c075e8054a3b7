/**
 * A table of keys in which each stands in one place only, so that overwriting it there leaves no copy. SQLite moves rows between
 * pages when it inserts among others or removes them, and what it moved away from keeps the old bytes, `secure_delete` or not
 * (ADR 16). So rows are only ever put at the end, none is removed, and a destroyed key is overwritten by as many zeros.
 */
import type Database from 'better-sqlite3';

const BYTES = 32;
const ZEROS = Buffer.alloc(BYTES);

export class KeyTable {
  private readonly find: Database.Statement<[string], { key: Buffer }>;
  private readonly insert: Database.Statement<[string, Buffer]>;
  private readonly overwrite: Database.Statement<[string]>;

  constructor(db: Database.Database, name: string) {
    db.exec(`CREATE TABLE IF NOT EXISTS ${name} (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, key BLOB NOT NULL)`);
    this.find = db.prepare(`SELECT key FROM ${name} WHERE name = ?`);
    this.insert = db.prepare(`INSERT OR IGNORE INTO ${name} (name, key) VALUES (?, ?)`);
    this.overwrite = db.prepare(`UPDATE ${name} SET key = zeroblob(${BYTES}) WHERE name = ?`);
  }

  get(name: string): Buffer | 'destroyed' | undefined {
    const key = this.find.get(name)?.key;
    return key?.equals(ZEROS) === true ? 'destroyed' : key;
  }

  /** What is there stays, also when it was destroyed. */
  add(name: string, key: Buffer): void {
    this.insert.run(name, key);
  }

  /** For ever, also when there was none yet. */
  destroy(name: string): void {
    if (this.overwrite.run(name).changes === 0) this.insert.run(name, ZEROS);
  }
}
