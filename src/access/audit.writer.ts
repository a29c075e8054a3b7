/**
 * The audit apart from the log. Records wait in memory and are written together; a disk or a database that fails is counted, said,
 * and tried again. What is past its age goes, and it is noted.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal.js';
import { Audit, isRepeat, type AuditFilter, type AuditPlace, type AuditRecord, type AuditRow, type AuditTable } from './audit.js';

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

export interface AuditOptions {
  /** For how many days records are kept; asked anew each time. */
  readonly days: () => number;
  readonly now?: () => number;
}

/** Of what the audit says of itself. */
const OWN = { colleague: null, via: 'nobody', route: 'audit', target: null, part: null, status: 0, address: '', request: '' } as const;

@Injectable()
export class AuditWriter extends Audit {
  private waiting: AuditRecord[] = [];
  /** Taken to be written, and tried with the same number until it stands. */
  private batch: { readonly number: number; readonly records: readonly AuditRecord[] } | undefined;
  private batches = 0;
  private lost: { times: number; readonly at: number; until: number } | undefined;
  private lostEver = 0;
  private rows = 0;
  private timer: NodeJS.Timeout | undefined;
  private retryMs = RETRY_MS;
  private failing: Error | undefined;
  private closed = false;
  /** One write after the other. */
  private turn: Promise<void> = Promise.resolve();
  private removing: Promise<unknown> = Promise.resolve();
  private readonly now: () => number;
  private readonly retention: NodeJS.Timeout;

  private constructor(
    private readonly table: AuditTable,
    private readonly options: AuditOptions,
  ) {
    super();
    this.now = options.now ?? Date.now;
    this.retention = setInterval(() => void this.removeOld().catch(() => undefined), RETENTION_MS).unref();
  }

  /** A table that cannot be used now is tried again: the server serves all the same. */
  static async open(table: AuditTable, options: AuditOptions): Promise<AuditWriter> {
    const audit = new AuditWriter(table, options);
    // Whether it can be read is known before the first record.
    await audit.inTurn(() => audit.trying(async () => void (await table.read({}, 1))));
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
    if (this.waitingRecords >= MOST_WAITING) {
      this.lose(record);
      return;
    }
    this.waiting.push(record);
    this.soon(WRITE_MS);
  }

  /** Sentences for whoever runs it; empty when all is well. */
  notes(): readonly string[] {
    if (this.failing === undefined) return [];
    return [`The audit cannot be written (${this.failing.message}): ${this.waitingRecords} records wait in memory and ${this.lost?.times ?? 0} are lost. It is tried again; what was lost will be said there.`];
  }

  /** How it fares: records waiting in memory, lost since the start, written since the start, and whether writing failed the last time. */
  get state(): { readonly waiting: number; readonly lost: number; readonly written: number; readonly failing: boolean } {
    return { waiting: this.waitingRecords, lost: this.lostEver, written: this.rows, failing: this.failing !== undefined };
  }

  /** Writes all that waits by now, as far as it can. Never rejects. */
  flush(): Promise<void> {
    return this.inTurn(() => this.write(Math.ceil(MOST_WAITING / BATCH) + 1));
  }

  /** Rows that fit, the newest first. What waits here is written before. @throws Refusal `unavailable` when the table cannot be read. */
  async read(filter: AuditFilter, limit: number, after?: AuditPlace): Promise<AuditRow[]> {
    await this.flush();
    try {
      return await this.table.read(filter, limit, after);
    } catch (error) {
      throw new Refusal('unavailable', 'audit-unreadable', `The audit cannot be read: ${(error as Error).message.replace(/\.$/, '')}.`);
    }
  }

  /** Removes what is past its age, in small steps, and notes how much it was. @throws what stands in the way. */
  removeOld(): Promise<number> {
    const removed = this.removing.then(() => this.removed());
    this.removing = removed.catch(() => undefined);
    return removed;
  }

  private async removed(): Promise<number> {
    let removed = 0;
    const before = this.now() - this.options.days() * DAY;
    for (let some: number | undefined = REMOVED_AT_ONCE; some === REMOVED_AT_ONCE && !this.closed; ) {
      some = await this.table.removeOld(before, REMOVED_AT_ONCE);
      removed += some ?? 0;
      await nextTurn();
    }
    if (removed > 0) this.note({ ...OWN, at: this.now(), action: 'retention', outcome: 'done', times: removed, until: null });
    return removed;
  }

  async close(): Promise<void> {
    clearInterval(this.retention);
    await this.flush();
    clearTimeout(this.timer);
    this.closed = true;
    await this.removing;
    await this.table.close();
  }

  private get waitingRecords(): number {
    return this.waiting.length + (this.batch?.records.length ?? 0);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(work);
    return this.turn;
  }

  /** Writes so many batches, as far as it can; goes on with the others in a turn of their own. Never rejects. */
  private write(batches: number): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    return this.trying(async () => {
      for (let left = batches; left > 0 && this.hasMore; left -= 1) await this.writeSome();
      if (this.hasMore) this.soon(0);
    });
  }

  private get hasMore(): boolean {
    return this.waitingRecords > 0 || this.lost !== undefined;
  }

  private async trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.failing = undefined;
      this.retryMs = RETRY_MS;
    } catch (error) {
      this.failing = error as Error;
      this.soon(this.retryMs);
      this.retryMs = Math.min(this.retryMs * 2, MOST_RETRY_MS);
    }
  }

  private async writeSome(): Promise<void> {
    const { number, records } = (this.batch ??= this.nextBatch());
    const refused = await this.table.add(records, number);
    this.batch = undefined;
    this.rows += records.length - refused.length;
    for (const record of refused) this.lose(record);
  }

  private nextBatch(): { readonly number: number; readonly records: readonly AuditRecord[] } {
    const records = this.waiting.splice(0, BATCH);
    if (this.waiting.length === 0 && this.lost !== undefined) {
      const { at, times, until } = this.lost;
      records.push({ ...OWN, at, action: 'gap', outcome: 'failed', times, until });
      this.lost = undefined;
    }
    return { number: (this.batches += 1), records };
  }

  private lose({ at, times }: AuditRecord): void {
    this.lost ??= { times: 0, at, until: at };
    this.lost.times += times;
    this.lost.until = at;
    this.lostEver += times;
  }

  private soon(ms: number): void {
    if (this.closed) return;
    this.timer ??= setTimeout(() => void this.inTurn(() => this.write(1)), ms).unref();
  }
}
