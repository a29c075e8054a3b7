/**
 * Secrets of those who sign in, beside the subject keys. Nothing that opens a door stands here in the clear: passwords
 * as argon2id hashes, tokens of sessions, links and API keys as SHA-256 hashes. All instants are epoch ms.
 */
import type { Said, Statements } from '../database/statements.js';

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

/** In keys.db. */
export const SECRET_TABLES = `
  CREATE TABLE IF NOT EXISTS passwords (colleague TEXT PRIMARY KEY, hash TEXT NOT NULL, changed INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sign_ins (colleague TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sessions (token TEXT PRIMARY KEY, colleague TEXT NOT NULL, created INTEGER NOT NULL, seen INTEGER NOT NULL, expires INTEGER NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS sessions_by_colleague ON sessions (colleague);
  CREATE TABLE IF NOT EXISTS links (token TEXT PRIMARY KEY, purpose TEXT NOT NULL, colleague TEXT, expires INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS api_keys (token TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, colleague TEXT NOT NULL, made INTEGER NOT NULL, used INTEGER) WITHOUT ROWID;
`;

const COLLEAGUE = 'colleague:';

/** Tables in which all that lets a colleague in stands by their id, in the order in which they are locked. */
export const TABLES_OF_COLLEAGUES = ['passwords', 'sessions', 'sign_ins', 'links', 'api_keys'] as const;

/** The colleague whose key this is: with it goes all that lets them in. */
export const colleagueOf = (subject: string): string | undefined => (subject.startsWith(COLLEAGUE) ? subject.slice(COLLEAGUE.length) : undefined);

/** Whatever reads or writes @throws StoreUnavailable. */
export class Secrets {
  /** `within`: the schema that the tables stand in, with its dot. */
  constructor(
    private readonly said: Statements,
    private readonly within = '',
  ) {}

  // ---- passwords ----

  async passwordOf(colleague: string): Promise<string | undefined> {
    return (await this.one<{ hash: string }>(`SELECT hash FROM ${this.within}passwords WHERE colleague = ?`, colleague))?.hash;
  }

  setPassword(colleague: string, hash: string, at: number): Promise<void> {
    return this.run(`INSERT INTO ${this.within}passwords (colleague, hash, changed) VALUES (?, ?, ?) ON CONFLICT (colleague) DO UPDATE SET hash = excluded.hash, changed = excluded.changed`, colleague, hash, at);
  }

  removePassword(colleague: string): Promise<void> {
    return this.run(`DELETE FROM ${this.within}passwords WHERE colleague = ?`, colleague);
  }

  /** Who has a password, or has signed in otherwise, and when they last did. */
  async known(): Promise<{ readonly colleague: string; readonly password: boolean; readonly signedIn: number | null }[]> {
    const rows = await this.said.all<{ colleague: string; password: number; last: number | null }>(`SELECT colleague, MAX(password) AS password, MAX(last) AS last FROM (SELECT colleague, 1 AS password, NULL AS last FROM ${this.within}passwords UNION ALL SELECT colleague, 0, last FROM ${this.within}sign_ins) AS ways GROUP BY colleague`);
    return rows.map(({ colleague, password, last }) => ({ colleague, password: password === 1, signedIn: last }));
  }

  // ---- sessions ----

  /** Keeps a session, and notes the sign-in. Sessions that ran out go at the same time. */
  addSession({ token, colleague, created, seen, expires, address, agent }: SessionRow): Promise<void> {
    return this.said.run(
      [`DELETE FROM ${this.within}sessions WHERE expires <= ?`, created],
      [`INSERT INTO ${this.within}sessions (token, colleague, created, seen, expires, address, agent) VALUES (?, ?, ?, ?, ?, ?, ?)`, token, colleague, created, seen, expires, address, agent],
      [`INSERT INTO ${this.within}sign_ins (colleague, last) VALUES (?, ?) ON CONFLICT (colleague) DO UPDATE SET last = excluded.last`, colleague, created],
    );
  }

  session(token: string): Promise<SessionRow | undefined> {
    return this.one<SessionRow>(`SELECT * FROM ${this.within}sessions WHERE token = ?`, token);
  }

  /** Those of a colleague, the last seen first. */
  sessionsOf(colleague: string): Promise<SessionRow[]> {
    return this.said.all<SessionRow>('SELECT * FROM sessions WHERE colleague = ? ORDER BY seen DESC, token', colleague);
  }

  sawSession(token: string, at: number): Promise<void> {
    return this.run(`UPDATE ${this.within}sessions SET seen = ? WHERE token = ?`, at, token);
  }

  endSession(token: string): Promise<void> {
    return this.run(`DELETE FROM ${this.within}sessions WHERE token = ?`, token);
  }

  /** Ends those of a colleague that began by the instant. */
  endSessionsOf(colleague: string, begunBy = Number.MAX_SAFE_INTEGER): Promise<void> {
    return this.run(`DELETE FROM ${this.within}sessions WHERE colleague = ? AND created <= ?`, colleague, begunBy);
  }

  /** Ends those of a colleague but one. */
  endOtherSessionsOf(colleague: string, token: string): Promise<void> {
    return this.run('DELETE FROM sessions WHERE colleague = ? AND token <> ?', colleague, token);
  }

  // ---- links ----

  /** Keeps a link; those that ran out are void, and earlier ones for the same colleague unless it stands `besideOthers`. */
  addLink({ token, purpose, colleague, expires }: LinkRow, now: number, besideOthers = false): Promise<void> {
    const voided: Said = besideOthers ? [`DELETE FROM ${this.within}links WHERE expires <= ?`, now] : [`DELETE FROM ${this.within}links WHERE colleague IS NOT DISTINCT FROM ? OR expires <= ?`, colleague, now];
    return this.said.run(voided, [`INSERT INTO ${this.within}links (token, purpose, colleague, expires) VALUES (?, ?, ?, ?)`, token, purpose, colleague, expires]);
  }

  link(token: string, now: number): Promise<LinkRow | undefined> {
    return this.one<LinkRow>(`SELECT * FROM ${this.within}links WHERE token = ? AND expires > ?`, token, now);
  }

  /** Takes the link away; undefined when it is not there (any more). Of two who take it at once, one gets it. */
  takeLink(token: string, now: number): Promise<LinkRow | undefined> {
    return this.one<LinkRow>(`DELETE FROM ${this.within}links WHERE token = ? AND expires > ? RETURNING *`, token, now);
  }

  voidLinksOf(colleague: string | null): Promise<void> {
    return this.run(`DELETE FROM ${this.within}links WHERE colleague IS NOT DISTINCT FROM ?`, colleague);
  }

  // ---- API keys ----

  addKey({ token, key, colleague, made }: Omit<KeyRow, 'used'>): Promise<void> {
    return this.run(`INSERT INTO ${this.within}api_keys (token, key, colleague, made) VALUES (?, ?, ?, ?)`, token, key, colleague, made);
  }

  keyBy(token: string): Promise<KeyRow | undefined> {
    return this.one<KeyRow>(`SELECT * FROM ${this.within}api_keys WHERE token = ?`, token);
  }

  keysOf(colleague: string): Promise<KeyRow[]> {
    return this.said.all<KeyRow>(`SELECT * FROM ${this.within}api_keys WHERE colleague = ?`, colleague);
  }

  usedKey(key: string, at: number): Promise<void> {
    return this.run(`UPDATE ${this.within}api_keys SET used = ? WHERE key = ?`, at, key);
  }

  removeKey(colleague: string, key: string): Promise<void> {
    return this.run(`DELETE FROM ${this.within}api_keys WHERE colleague = ? AND key = ?`, colleague, key);
  }

  // ----

  private async one<Row>(sql: string, ...values: unknown[]): Promise<Row | undefined> {
    return (await this.said.all<Row>(sql, ...values))[0];
  }

  private run(sql: string, ...values: unknown[]): Promise<void> {
    return this.said.run([sql, ...values]);
  }
}
