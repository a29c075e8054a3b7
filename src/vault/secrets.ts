/**
 * Secrets of those who sign in, in keys.db beside the subject keys. Nothing that opens a door stands here in the clear: passwords
 * as argon2id hashes, tokens of sessions, links and API keys as SHA-256 hashes. All instants are epoch ms.
 */
import type Database from 'better-sqlite3';
import { StoreUnavailable } from '../kernel/event-store.js';

export interface SessionRow {
  /** SHA-256 of the token, hex. */
  readonly token: string;
  readonly colleague: string;
  readonly created: number;
  readonly seen: number;
  readonly expires: number;
  readonly address: string;
  /** Short, as the browser names itself. */
  readonly agent: string;
}

export type LinkPurpose = 'first-administrator' | 'invitation' | 'reset' | 'sign-in';

export interface LinkRow {
  readonly token: string;
  readonly purpose: LinkPurpose;
  /** Null for the first administrator, who says who they are. */
  readonly colleague: string | null;
  readonly expires: number;
}

export interface KeyRow {
  readonly token: string;
  readonly key: string;
  readonly colleague: string;
  readonly made: number;
  readonly used: number | null;
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS passwords (colleague TEXT PRIMARY KEY, hash TEXT NOT NULL, changed INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sign_ins (colleague TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sessions (token TEXT PRIMARY KEY, colleague TEXT NOT NULL, created INTEGER NOT NULL, seen INTEGER NOT NULL, expires INTEGER NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS sessions_by_colleague ON sessions (colleague);
  CREATE TABLE IF NOT EXISTS links (token TEXT PRIMARY KEY, purpose TEXT NOT NULL, colleague TEXT, expires INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS api_keys (token TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, colleague TEXT NOT NULL, made INTEGER NOT NULL, used INTEGER) WITHOUT ROWID;
`;

export class Secrets {
  constructor(private readonly db: Database.Database) {
    db.exec(TABLES);
  }

  // ---- passwords ----

  passwordOf(colleague: string): string | undefined {
    return this.one<{ hash: string }>('SELECT hash FROM passwords WHERE colleague = ?', colleague)?.hash;
  }

  setPassword(colleague: string, hash: string, at: number): void {
    this.run('INSERT INTO passwords (colleague, hash, changed) VALUES (?, ?, ?) ON CONFLICT (colleague) DO UPDATE SET hash = excluded.hash, changed = excluded.changed', colleague, hash, at);
  }

  removePassword(colleague: string): void {
    this.run('DELETE FROM passwords WHERE colleague = ?', colleague);
  }

  /** Who has a password, or has signed in otherwise, and when they last did. */
  known(): { readonly colleague: string; readonly password: boolean; readonly signedIn: number | null }[] {
    const rows = this.db.prepare('SELECT colleague, MAX(password) AS password, MAX(last) AS last FROM (SELECT colleague, 1 AS password, NULL AS last FROM passwords UNION ALL SELECT colleague, 0, last FROM sign_ins) GROUP BY colleague').all() as { colleague: string; password: number; last: number | null }[];
    return rows.map(({ colleague, password, last }) => ({ colleague, password: password === 1, signedIn: last }));
  }

  // ---- sessions ----

  /** Keeps a session, and notes the sign-in. Sessions that ran out go at the same time. */
  addSession({ token, colleague, created, seen, expires, address, agent }: SessionRow): void {
    this.writing(() => {
      this.db.transaction(() => {
        this.db.prepare('DELETE FROM sessions WHERE expires <= ?').run(created);
        this.db.prepare('INSERT INTO sessions (token, colleague, created, seen, expires, address, agent) VALUES (?, ?, ?, ?, ?, ?, ?)').run(token, colleague, created, seen, expires, address, agent);
        this.db.prepare('INSERT INTO sign_ins (colleague, last) VALUES (?, ?) ON CONFLICT (colleague) DO UPDATE SET last = excluded.last').run(colleague, created);
      }).immediate();
    });
  }

  session(token: string): SessionRow | undefined {
    return this.one<SessionRow>('SELECT * FROM sessions WHERE token = ?', token);
  }

  sawSession(token: string, at: number): void {
    this.run('UPDATE sessions SET seen = ? WHERE token = ?', at, token);
  }

  endSession(token: string): void {
    this.run('DELETE FROM sessions WHERE token = ?', token);
  }

  /** Ends those of a colleague that began by the instant. */
  endSessionsOf(colleague: string, begunBy = Number.MAX_SAFE_INTEGER): void {
    this.run('DELETE FROM sessions WHERE colleague = ? AND created <= ?', colleague, begunBy);
  }

  // ---- links ----

  /** Keeps a link; earlier ones for the same colleague, and those that ran out, are void. */
  addLink({ token, purpose, colleague, expires }: LinkRow, now: number): void {
    this.writing(() => {
      this.db.transaction(() => {
        this.db.prepare('DELETE FROM links WHERE colleague IS ? OR expires <= ?').run(colleague, now);
        this.db.prepare('INSERT INTO links (token, purpose, colleague, expires) VALUES (?, ?, ?, ?)').run(token, purpose, colleague, expires);
      }).immediate();
    });
  }

  link(token: string, now: number): LinkRow | undefined {
    return this.one<LinkRow>('SELECT * FROM links WHERE token = ? AND expires > ?', token, now);
  }

  /** Takes the link away; undefined when it is not there (any more). Of two who take it at once, one gets it. */
  takeLink(token: string, now: number): LinkRow | undefined {
    return this.writing(() => this.one<LinkRow>('DELETE FROM links WHERE token = ? AND expires > ? RETURNING *', token, now));
  }

  voidLinksOf(colleague: string | null): void {
    this.run('DELETE FROM links WHERE colleague IS ?', colleague);
  }

  // ---- API keys ----

  addKey({ token, key, colleague, made }: Omit<KeyRow, 'used'>): void {
    this.run('INSERT INTO api_keys (token, key, colleague, made) VALUES (?, ?, ?, ?)', token, key, colleague, made);
  }

  keyBy(token: string): KeyRow | undefined {
    return this.one<KeyRow>('SELECT * FROM api_keys WHERE token = ?', token);
  }

  keysOf(colleague: string): KeyRow[] {
    return this.db.prepare('SELECT * FROM api_keys WHERE colleague = ?').all(colleague) as KeyRow[];
  }

  usedKey(key: string, at: number): void {
    this.run('UPDATE api_keys SET used = ? WHERE key = ?', at, key);
  }

  removeKey(colleague: string, key: string): void {
    this.run('DELETE FROM api_keys WHERE colleague = ? AND key = ?', colleague, key);
  }

  // ---- all of one ----

  /** Takes away all that lets a colleague in. */
  forget(colleague: string): void {
    this.writing(() => {
      this.db.transaction(() => {
        for (const table of ['passwords', 'sign_ins', 'sessions', 'links', 'api_keys']) this.db.prepare(`DELETE FROM ${table} WHERE colleague = ?`).run(colleague);
      }).immediate();
    });
  }

  private one<Row>(sql: string, ...values: unknown[]): Row | undefined {
    return this.db.prepare(sql).get(...values) as Row | undefined;
  }

  private run(sql: string, ...values: unknown[]): void {
    this.writing(() => this.db.prepare(sql).run(...values));
  }

  /** @throws StoreUnavailable when keys.db cannot be written. */
  private writing<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      const full = (cause as { code?: string }).code === 'SQLITE_FULL';
      throw new StoreUnavailable(`The key vault cannot write: ${full ? 'the disk is full' : (cause as Error).message}.`, full ? 'full' : 'failing', { cause });
    }
  }
}
