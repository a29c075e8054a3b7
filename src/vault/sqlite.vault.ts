/** The vault in a file of this process (`keys.db`). Every key in it is at hand. */
import { randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import { SqliteStatements } from '../database/statements.js';
import { StoreUnavailable } from '../kernel/event-store.js';
import type { KeyOf } from './codec.js';
import { KeyTable } from './key-table.js';
import { KeyedHash } from './keyed-hash.js';
import { colleagueOf, SECRET_TABLES, Secrets, TABLES_OF_COLLEAGUES } from './secrets.js';
import { SubjectKey } from './subject-key.js';
import { isTextKey } from './text-key-name.js';
import { TextKeys } from './text-keys.js';
import { erasedSubject, Vault } from './vault.js';

/** 2: there are subjects whose keys were destroyed; a program that does not know of them would make them new ones. */
const FORMAT = 2;

export class SqliteVault extends Vault {
  private readonly cache = new LRUCache<string, SubjectKey>({ max: 100_000 });
  private waiting: { readonly subjects: readonly string[]; readonly done: () => void; readonly failed: (error: unknown) => void }[] = [];
  protected readonly macs: KeyedHash;
  readonly secrets: Secrets;
  private readonly keys: KeyTable;
  private readonly texts: TextKeys;

  private constructor(private readonly db: Database.Database) {
    super();
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('secure_delete = ON');
    const format = db.pragma('user_version', { simple: true }) as number;
    if (format > FORMAT) throw new Error(`keys.db has format ${format}; this version of Five-Ring reads up to ${FORMAT}. Upgrade Five-Ring.`);
    db.exec(`
      CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
    `);
    this.keys = new KeyTable(db, 'kept_keys');
    if (format < FORMAT) this.bringUp();
    db.exec(SECRET_TABLES);
    this.secrets = new Secrets(new SqliteStatements(db, 'The key vault'));
    this.texts = new TextKeys(db, this.keys);
    this.macs = new KeyedHash(this.secret('mac'));
    if (db.pragma('synchronous', { simple: true }) !== 2) throw new Error('keys.db does not run with synchronous=FULL.');
  }

  /** Opens or creates the vault; `:memory:` for tests. */
  static open(file: string): SqliteVault {
    return new SqliteVault(new Database(file));
  }

  readonly keyOf: KeyOf = Object.assign((subject: string): SubjectKey | undefined => {
    // Worked out each time from the secret of its block, which is kept at hand: there are as many as entries.
    const text = isTextKey(subject) ? this.texts.keyOf(subject) : undefined;
    if (text !== undefined) return text;
    const cached = this.cache.get(subject);
    if (cached !== undefined) return cached;
    const bytes = this.keys.get(subject);
    if (bytes === undefined || bytes === 'destroyed') return undefined;
    const key = new SubjectKey(bytes);
    this.cache.set(subject, key);
    return key;
  }, { madeAt: (subject: string): number | undefined => this.keys.madeAt(subject) });

  /** Nobody else writes keys.db: all that is in it is at hand. */
  async bring(): Promise<void> {}

  async nextTextKey(): Promise<string> {
    return trying(() => this.texts.next());
  }

  async ensureKeys(subjects: readonly string[]): Promise<void> {
    // Those of texts are on disk before they are given out.
    const missing = subjects.filter((subject) => !isTextKey(subject) && this.keyOf(subject) === undefined);
    if (missing.length === 0) return;
    for (const subject of missing) if (this.keys.get(subject) === 'destroyed') throw erasedSubject(subject);
    return new Promise((done, failed) => {
      this.waiting.push({ subjects: missing, done, failed });
      if (this.waiting.length === 1) setImmediate(() => this.createWaiting());
    });
  }

  private createWaiting(): void {
    const waiting = this.waiting;
    this.waiting = [];
    try {
      this.db.transaction(() => {
        for (const { subjects } of waiting) for (const subject of subjects) this.keys.add(subject, randomBytes(32), Date.now());
      }).immediate();
    } catch (cause) {
      const error = unavailable(cause);
      for (const { failed } of waiting) failed(error);
      return;
    }
    for (const { done } of waiting) done();
  }

  async destroyedOf(subjects: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(subjects.filter((subject) => this.keys.get(subject) === 'destroyed'));
  }

  async destroy(subjects: readonly string[]): Promise<void> {
    try {
      trying(() => {
        this.db.transaction(() => {
          this.texts.divide(subjects.filter(isTextKey));
          for (const subject of subjects) {
            this.keys.destroy(subject);
            // Nothing by which an erased colleague signed in outlives their name.
            const colleague = colleagueOf(subject);
            if (colleague !== undefined) for (const table of TABLES_OF_COLLEAGUES) this.db.prepare(`DELETE FROM ${table} WHERE colleague = ?`).run(colleague);
          }
        }).immediate();
      });
    } finally {
      this.texts.forget();
      for (const subject of subjects) this.cache.delete(subject);
    }
    this.clean();
  }

  /** Keys of a file of the first format, into a table of which none leaves a copy behind; the file is written anew. */
  private bringUp(): void {
    this.db.transaction(() => {
      if (this.db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'subject_keys'").get() !== undefined) {
        for (const { subject, key } of this.db.prepare<[], { subject: string; key: Buffer }>('SELECT subject, key FROM subject_keys').all()) this.keys.add(subject, key, null);
        this.db.exec('DROP TABLE subject_keys');
      }
      this.db.pragma(`user_version = ${FORMAT}`);
    }).immediate();
    this.db.exec('VACUUM');
    this.db.pragma('wal_checkpoint(TRUNCATE)');
  }

  /** The key is overwritten in its page; the -wal still has the page as it was, until it is written back and cut off. */
  private clean(): void {
    const [{ busy }] = this.db.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }];
    if (busy !== 0) throw new StoreUnavailable('Another program reads keys.db, so that destroyed keys still stand in keys.db-wal; close it.', 'failing');
  }

  private secret(name: string): Buffer {
    this.db.prepare('INSERT OR IGNORE INTO secrets (name, value) VALUES (?, ?)').run(name, randomBytes(32));
    return this.db.prepare<[string], { value: Buffer }>('SELECT value FROM secrets WHERE name = ?').get(name)!.value;
  }

  async close(): Promise<void> {
    this.db.close();
  }
}

function trying<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw unavailable(cause);
  }
}

function unavailable(cause: unknown): StoreUnavailable {
  const full = (cause as { code?: string }).code === 'SQLITE_FULL';
  return new StoreUnavailable(`The key vault cannot write: ${full ? 'the disk is full' : (cause as Error).message}.`, full ? 'full' : 'failing', { cause });
}
