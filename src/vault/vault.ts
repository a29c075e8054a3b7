/** The vault: one key per subject, and the deployment's secrets, in a database of its own (`keys.db`), apart from the log. */
import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import Database from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import { StoreUnavailable } from '../kernel/event-store.js';
import { Refusal } from '../kernel/refusal.js';
import type { KeyOf } from './codec.js';
import { KeyTable } from './key-table.js';
import { Secrets } from './secrets.js';
import { isTextKey } from './text-key-name.js';
import { TextKeys } from './text-keys.js';

/** 2: there are subjects whose keys were destroyed; a program that does not know of them would make them new ones. */
const FORMAT = 2;
const COLLEAGUE = 'colleague:';

export class Vault {
  private readonly cache = new LRUCache<string, KeyObject>({ max: 100_000 });
  private waiting: { readonly subjects: readonly string[]; readonly done: () => void; readonly failed: (error: unknown) => void }[] = [];
  private readonly macKey: KeyObject;
  /** Passwords, sessions, links, API keys. */
  readonly secrets: Secrets;
  private readonly keys: KeyTable;
  private readonly texts: TextKeys;

  private constructor(private readonly db: Database.Database) {
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
    this.secrets = new Secrets(db);
    this.texts = new TextKeys(db, this.keys);
    this.macKey = createSecretKey(this.secret('mac'));
    if (db.pragma('synchronous', { simple: true }) !== 2) throw new Error('keys.db does not run with synchronous=FULL.');
  }

  /** Opens or creates the vault; `:memory:` for tests. */
  static open(file: string): Vault {
    return new Vault(new Database(file));
  }

  /** Key of the subject, for the codec. */
  readonly keyOf: KeyOf = Object.assign((subject: string): KeyObject | undefined => {
    const cached = this.cache.get(subject);
    if (cached !== undefined) return cached;
    // Worked out each time from the secret of its block, which is kept at hand: there are as many as entries.
    const text = isTextKey(subject) ? this.texts.keyOf(subject) : undefined;
    if (text !== undefined) return text;
    const bytes = this.keys.get(subject);
    if (bytes === undefined || bytes === 'destroyed') return undefined;
    const key = createSecretKey(bytes);
    this.cache.set(subject, key);
    return key;
  }, { madeAt: (subject: string): number | undefined => this.keys.madeAt(subject) });

  /** Name of a key that no other text has; it is on disk. Costs a commit once for many. @throws StoreUnavailable. */
  nextTextKey(): string {
    try {
      return this.texts.next();
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  /**
   * Makes sure every subject has a key on disk before anything is sealed with it. Waiting calls share one commit.
   * @throws Refusal for a subject whose key was destroyed: it never gets another; StoreUnavailable.
   */
  async ensureKeys(subjects: readonly string[]): Promise<void> {
    // Those of texts are on disk before they are given out.
    const missing = subjects.filter((subject) => !isTextKey(subject) && this.keyOf(subject) === undefined);
    if (missing.length === 0) return;
    for (const subject of missing) if (this.isDestroyed(subject)) throw erasedSubject(subject);
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

  /** Whether the subject's key was destroyed. */
  isDestroyed(subject: string): boolean {
    return this.keys.get(subject) === 'destroyed';
  }

  /**
   * Destroys the keys of these subjects for ever: what was sealed with them can no longer be read, and they never get another.
   * When it returns their bytes are in no file of keys.db. Done again, it changes nothing.
   * @throws StoreUnavailable; then it is to be done again.
   */
  destroy(subjects: readonly string[]): void {
    try {
      this.db.transaction(() => {
        this.texts.divide(subjects.filter(isTextKey));
        for (const subject of subjects) {
          this.keys.destroy(subject);
          // Nothing by which an erased colleague signed in outlives their name.
          if (subject.startsWith(COLLEAGUE)) this.secrets.forget(subject.slice(COLLEAGUE.length));
        }
      }).immediate();
    } catch (cause) {
      throw unavailable(cause);
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

function unavailable(cause: unknown): StoreUnavailable {
  const full = (cause as { code?: string }).code === 'SQLITE_FULL';
  return new StoreUnavailable(`The key vault cannot write: ${full ? 'the disk is full' : (cause as Error).message}.`, full ? 'full' : 'failing', { cause });
}

/** Of a subject that nothing more can be recorded about. */
export function erasedSubject(subject: string): Refusal {
  const [kind = '', id = ''] = subject.split(/:(.*)/s);
  return new Refusal('conflict', `${kind}-erased`, `The ${kind} ${id} was erased: nothing more is recorded about them.`);
}
