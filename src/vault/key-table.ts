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
  private readonly insert: Database.Statement<[string, Buffer, number | null]>;
  private readonly overwrite: Database.Statement<[string]>;
  private readonly age: Database.Statement<[string], { made: number | null }>;

  constructor(db: Database.Database, name: string) {
    db.exec(`CREATE TABLE IF NOT EXISTS ${name} (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, key BLOB NOT NULL, made INTEGER)`);
    // Files from before have keys of an unknown age.
    if (!(db.pragma(`table_info(${name})`) as { name: string }[]).some((column) => column.name === 'made')) db.exec(`ALTER TABLE ${name} ADD COLUMN made INTEGER`);
    this.find = db.prepare(`SELECT key FROM ${name} WHERE name = ?`);
    this.insert = db.prepare(`INSERT OR IGNORE INTO ${name} (name, key, made) VALUES (?, ?, ?)`);
    this.overwrite = db.prepare(`UPDATE ${name} SET key = zeroblob(${BYTES}) WHERE name = ?`);
    this.age = db.prepare(`SELECT made FROM ${name} WHERE name = ?`);
  }

  get(name: string): Buffer | 'destroyed' | undefined {
    const key = this.find.get(name)?.key;
    return key?.equals(ZEROS) === true ? 'destroyed' : key;
  }

  /** When the key was made, epoch ms; undefined when nobody knows. */
  madeAt(name: string): number | undefined {
    return this.age.get(name)?.made ?? undefined;
  }

  /** What is there stays, also when it was destroyed. `made`: epoch ms; null for a key that was there before, nobody knows since when. */
  add(name: string, key: Buffer, made: number | null): void {
    this.insert.run(name, key, made);
  }

  /** For ever, also when there was none yet. */
  destroy(name: string): void {
    if (this.overwrite.run(name).changes === 0) this.insert.run(name, ZEROS, null);
  }
}
