/** The vault: one key per subject, and the deployment's secrets, in a database of its own (`keys.db`), apart from the log. */
import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import Database from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import { StoreUnavailable } from '../kernel/event-store.js';
import type { KeyOf } from './codec.js';
import { Secrets } from './secrets.js';

const FORMAT = 1;

export class Vault {
  private readonly cache = new LRUCache<string, KeyObject>({ max: 100_000 });
  private waiting: { readonly subjects: readonly string[]; readonly done: () => void; readonly failed: (error: unknown) => void }[] = [];
  private readonly macKey: KeyObject;
  /** Passwords, sessions, links, API keys. */
  readonly secrets: Secrets;
  private readonly find: Database.Statement<[string], { key: Buffer }>;

  private constructor(private readonly db: Database.Database) {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('secure_delete = ON');
    const format = db.pragma('user_version', { simple: true }) as number;
    if (format > FORMAT) throw new Error(`keys.db has format ${format}; this version of Five-Ring reads up to ${FORMAT}. Upgrade Five-Ring.`);
    db.exec(`
      CREATE TABLE IF NOT EXISTS subject_keys (subject TEXT PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
      PRAGMA user_version = ${FORMAT};
    `);
    this.secrets = new Secrets(db);
    this.find = db.prepare('SELECT key FROM subject_keys WHERE subject = ?');
    this.macKey = createSecretKey(this.secret('mac'));
    if (db.pragma('synchronous', { simple: true }) !== 2) throw new Error('keys.db does not run with synchronous=FULL.');
  }

  /** Opens or creates the vault; `:memory:` for tests. */
  static open(file: string): Vault {
    return new Vault(new Database(file));
  }

  /** Key of the subject, for the codec. */
  readonly keyOf: KeyOf = (subject) => {
    const cached = this.cache.get(subject);
    if (cached !== undefined) return cached;
    const row = this.find.get(subject);
    if (row === undefined) return undefined;
    const key = createSecretKey(row.key);
    this.cache.set(subject, key);
    return key;
  };

  /** Makes sure every subject has a key on disk before anything is sealed with it. Waiting calls share one commit. */
  ensureKeys(subjects: readonly string[]): Promise<void> {
    const missing = subjects.filter((subject) => this.keyOf(subject) === undefined);
    if (missing.length === 0) return Promise.resolve();
    return new Promise((done, failed) => {
      this.waiting.push({ subjects: missing, done, failed });
      if (this.waiting.length === 1) setImmediate(() => this.createWaiting());
    });
  }

  private createWaiting(): void {
    const waiting = this.waiting;
    this.waiting = [];
    try {
      const insert = this.db.prepare('INSERT OR IGNORE INTO subject_keys (subject, key) VALUES (?, ?)');
      this.db.transaction(() => {
        for (const { subjects } of waiting) for (const subject of subjects) insert.run(subject, randomBytes(32));
      }).immediate();
    } catch (cause) {
      const full = (cause as { code?: string }).code === 'SQLITE_FULL';
      const error = new StoreUnavailable(`The key vault cannot write: ${full ? 'the disk is full' : (cause as Error).message}.`, full ? 'full' : 'failing', { cause });
      for (const { failed } of waiting) failed(error);
      return;
    }
    for (const { done } of waiting) done();
  }

  /** Keyed hash of a request or of content, hex; compares without keeping what was said. */
  mac(text: string): string {
    return createHmac('sha256', this.macKey).update(text).digest('hex').slice(0, 32);
  }

  private secret(name: string): Buffer {
    this.db.prepare('INSERT OR IGNORE INTO secrets (name, value) VALUES (?, ?)').run(name, randomBytes(32));
    return this.db.prepare<[string], { value: Buffer }>('SELECT value FROM secrets WHERE name = ?').get(name)!.value;
  }

  close(): void {
    this.db.close();
  }
}
