/**
 * The audit in a database of its own (`audit.db`), apart from the log. Records wait in memory and are written together; a disk
 * that is full or fails is counted, said, and tried again. Rows are only ever added; those past their age go, and it is noted.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import Database from 'better-sqlite3';
import { Audit, isRepeat, type Action, type AuditRecord } from './audit.js';
import { Refusal } from '../kernel/refusal.js';

const FORMAT = 1;
const WRITE_MS = 200;
const RETRY_MS = 1000;
const MOST_RETRY_MS = 30_000;
/** Waiting in memory at most; what comes then is lost, and counted. */
export const MOST_WAITING = 10_000;
const BATCH = 500;
/** Of the waiting, so many are looked through for the same attempt. */
const LOOK_BACK = 50;
const RETENTION_MS = 3_600_000;
const REMOVED_AT_ONCE = 5000;
const DAY = 86_400_000;

const COLUMNS = ['at', 'action', 'outcome', 'colleague', 'via', 'route', 'target', 'part', 'status', 'address', 'request', 'times', 'until'] as const satisfies readonly (keyof AuditRecord)[];

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

export interface AuditOptions {
  /** For how many days records are kept; asked anew each time. */
  readonly days: () => number;
  readonly now?: () => number;
  /** Opens the file; another in tests of a disk that is full. */
  readonly open?: (file: string) => Database.Database;
}

export interface AuditFilter {
  /** Epoch ms: at or after. */
  readonly from?: number;
  /** Epoch ms: before. */
  readonly to?: number;
  readonly colleague?: string;
  readonly action?: Action;
  /** Id of what it was done to, or of a part of it. */
  readonly target?: string;
}

export type AuditRow = AuditRecord & { readonly id: number };

/** After which row the page goes on: its instant and id. */
export type AuditPlace = readonly [at: number, id: number];

@Injectable()
export class SqliteAudit extends Audit {
  private db: Database.Database | undefined;
  private waiting: AuditRecord[] = [];
  private lost: { times: number; readonly at: number; until: number } | undefined;
  private lostEver = 0;
  private rows = 0;
  private timer: NodeJS.Timeout | undefined;
  private retryMs = RETRY_MS;
  private failing: Error | undefined;
  private closed = false;
  private readonly now: () => number;
  private readonly retention: NodeJS.Timeout;

  private constructor(
    private readonly file: string,
    private readonly options: AuditOptions,
  ) {
    super();
    this.now = options.now ?? Date.now;
    this.retention = setInterval(() => void this.removeOld().catch(() => undefined), RETENTION_MS).unref();
  }

  /** A file that cannot be opened now is tried again: the server serves all the same. */
  static open(file: string, options: AuditOptions): SqliteAudit {
    const audit = new SqliteAudit(file, options);
    audit.flush();
    void audit.removeOld().catch(() => undefined);
    return audit;
  }

  note(record: AuditRecord): void {
    if (this.closed) return;
    if (record.outcome === 'refused') {
      // Whoever tries over and over must fill neither the memory nor the disk.
      const index = this.waiting.findLastIndex((one, at) => at >= this.waiting.length - LOOK_BACK && isRepeat(one, record));
      if (index >= 0) {
        this.waiting[index] = { ...this.waiting[index]!, times: this.waiting[index]!.times + 1 };
        return;
      }
    }
    if (this.waiting.length >= MOST_WAITING) {
      this.lose(record);
      return;
    }
    this.waiting.push(record);
    this.soon(WRITE_MS);
  }

  /** Sentences for whoever runs it; empty when all is well. */
  notes(): readonly string[] {
    if (this.failing === undefined) return [];
    const full = (this.failing as { code?: string }).code === 'SQLITE_FULL';
    return [`The audit cannot be written (${full ? 'no room left' : this.failing.message}): ${this.waiting.length} records wait in memory and ${this.lost?.times ?? 0} are lost. It is tried again; what was lost will be said there.`];
  }

  /** How it fares: records waiting in memory, lost since the start, written since the start, and whether writing failed the last time. */
  get state(): { readonly waiting: number; readonly lost: number; readonly written: number; readonly failing: boolean } {
    return { waiting: this.waiting.length, lost: this.lostEver, written: this.rows, failing: this.failing !== undefined };
  }

  /** Writes all that waits, as far as it can. Never throws. */
  flush(): void {
    this.write(Infinity);
  }

  /** Writes so many batches, as far as it can; goes on with the others in a turn of their own. Never throws. */
  private write(batches: number): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    try {
      const db = this.opened();
      for (let left = batches; left > 0 && (this.waiting.length > 0 || this.lost !== undefined); left -= 1) this.writeSome(db);
      if (this.waiting.length > 0 || this.lost !== undefined) this.soon(0);
      this.failing = undefined;
      this.retryMs = RETRY_MS;
    } catch (error) {
      this.failing = error as Error;
      // A file that failed may be another one by then.
      if (!['SQLITE_FULL', 'SQLITE_BUSY'].includes(String((error as { code?: string }).code))) {
        this.db?.close();
        this.db = undefined;
      }
      this.soon(this.retryMs);
      this.retryMs = Math.min(this.retryMs * 2, MOST_RETRY_MS);
    }
  }

  /** Rows that fit, the newest first. What waits is written before. @throws Refusal `unavailable` when the file cannot be read. */
  read({ from, to, colleague, action, target }: AuditFilter, limit: number, after?: AuditPlace): AuditRow[] {
    this.flush();
    const where = [
      ...(from === undefined ? [] : ['at >= @from']),
      ...(to === undefined ? [] : ['at < @to']),
      ...(colleague === undefined ? [] : ['colleague = @colleague']),
      ...(action === undefined ? [] : ['action = @action']),
      ...(target === undefined ? [] : ['(target = @target OR part = @target)']),
      ...(after === undefined ? [] : ['(at, id) < (@at, @id)']),
    ];
    try {
      const statement = this.opened().prepare<[object], AuditRow>(`SELECT id, ${COLUMNS.join(', ')} FROM audit ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY at DESC, id DESC LIMIT @limit`);
      return statement.all({ from, to, colleague, action, target, at: after?.[0], id: after?.[1], limit });
    } catch (error) {
      throw new Refusal('unavailable', 'audit-unreadable', `The audit cannot be read: ${(error as Error).message}.`);
    }
  }

  /** Removes what is past its age, in small steps, and notes how much it was. @throws what SQLite says. */
  async removeOld(): Promise<number> {
    let removed = 0;
    const before = this.now() - this.options.days() * DAY;
    for (let some = REMOVED_AT_ONCE; some === REMOVED_AT_ONCE && !this.closed; ) {
      const db = this.opened();
      some = db.transaction(() => {
        db.prepare('INSERT INTO retention (before) VALUES (?)').run(before);
        const { changes } = db.prepare('DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ? ORDER BY at LIMIT ?)').run(before, REMOVED_AT_ONCE);
        db.exec('DELETE FROM retention');
        return changes;
      }).immediate();
      removed += some;
      await nextTurn();
    }
    if (removed > 0) this.note({ ...OWN, at: this.now(), action: 'retention', outcome: 'done', times: removed, until: null });
    return removed;
  }

  close(): void {
    clearInterval(this.retention);
    this.flush();
    clearTimeout(this.timer);
    this.closed = true;
    this.db?.close();
    this.db = undefined;
  }

  private opened(): Database.Database {
    if (this.closed) throw new Error('the audit is closed');
    if (this.db !== undefined) return this.db;
    // Nobody else writes it; whoever holds it all the same must not hold up the server.
    const db = this.options.open?.(this.file) ?? new Database(this.file, { timeout: 0 });
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

  private writeSome(db: Database.Database): void {
    const insert = db.prepare(`INSERT INTO audit (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map((name) => `@${name}`).join(', ')})`);
    const [some, lost] = [this.waiting.slice(0, BATCH), this.waiting.length <= BATCH ? this.lost : undefined];
    const refused: AuditRecord[] = [];
    db.transaction(() => {
      for (const record of some) {
        try {
          insert.run(record);
        } catch (error) {
          // What the table cannot hold would stand in the way of all that come after it.
          if (!String((error as { code?: string }).code).startsWith('SQLITE_CONSTRAINT')) throw error;
          refused.push(record);
        }
      }
      if (lost !== undefined) insert.run({ ...OWN, at: lost.at, action: 'gap', outcome: 'failed', times: lost.times, until: lost.until });
    }).immediate();
    this.waiting = this.waiting.slice(some.length);
    if (lost !== undefined) this.lost = undefined;
    for (const record of refused) this.lose(record);
    this.rows += some.length - refused.length + (lost === undefined ? 0 : 1);
  }

  private lose({ at, times }: AuditRecord): void {
    this.lost ??= { times: 0, at, until: at };
    this.lost.times += times;
    this.lost.until = at;
    this.lostEver += times;
  }

  private soon(ms: number): void {
    if (this.closed) return;
    this.timer ??= setTimeout(() => this.write(1), ms).unref();
  }
}

/** Of what the audit says of itself. */
const OWN = { colleague: null, via: 'nobody', route: 'audit', target: null, part: null, status: 0, address: '', request: '' } as const;
