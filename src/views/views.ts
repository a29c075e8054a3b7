/** The views' database, whichever it is: rows and checkpoint in one commit, queries through `db`. */
import type { Kysely } from 'kysely';
import type { Position } from '../kernel/event-store.js';
import type { RowOp, Table, View } from '../kernel/view.js';

/** The last event that the rows speak of: by it one log is told from another. */
export interface Tail {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
}

/** An event that a view could not take: its stream waits in that view from this revision on. */
export interface Parked {
  readonly view: string;
  readonly stream: string;
  readonly revision: number;
  readonly reason: string;
}

/** A stream whose rows in a view lag behind the checkpoint: it has events up to the revision that they do not know. */
export type Due = Omit<Parked, 'reason'>;

/** Rows, checkpoint (with the event that stands there), and what was parked or freed, became due or was made. */
export interface Batch {
  readonly ops: readonly RowOp[];
  readonly checkpoint: Position | null;
  readonly tail?: Tail;
  readonly recordedAt?: number;
  readonly parked?: readonly Parked[];
  readonly events?: number;
  readonly freed?: readonly Pick<Parked, 'view' | 'stream'>[];
  readonly due?: readonly Due[];
  readonly made?: readonly Due[];
}

/** Rows of one moment. */
export interface Snapshot {
  readonly checkpoint: Position | null;
  /** Whether no rows were still to be made then. */
  readonly isWhole: boolean;
  /** SHA-256 over the rows of each table in key order: equal for equal content, whatever the way it came about, on either engine. `turn` is called often, and waited for. */
  digest(turn?: () => Promise<void>): Promise<Record<string, string>>;
  close(): Promise<void>;
}

/** Who writes the rows: this process as before, this process from now on (another may have written meanwhile), or another. */
export type Lead = 'ours' | 'taken' | 'other';

/** A position about which it was known by an instant, epoch ms. */
export interface Struck {
  readonly instant: number;
  readonly position: Position;
}

export abstract class Views {
  /** For queries. Writing goes through `apply` alone. */
  abstract readonly db: Kysely<unknown>;
  abstract readonly tables: Readonly<Record<string, Table>>;

  /** Place in the log up to which the rows speak, as far as this process knows; null for the beginning. */
  abstract checkpoint(): Position | null;
  /** How many events of the log the rows speak of, as far as this process knows. */
  abstract events(): number;
  /** The event at the checkpoint; null when there is none yet. */
  abstract tail(): Tail | null;
  abstract parked(): Promise<Parked[]>;
  abstract due(): Promise<Due[]>;
  /** Streams of a stream view after one, in order: those with rows in one of the tables, and those whose rows are still to be made. */
  abstract streams(view: string, tables: readonly string[], after: string, limit: number): Promise<string[]>;
  /** What each of the streams adds to the totals, as stored in their table of parts; streams that add nothing are left out. */
  abstract partsOf(table: string, streams: readonly string[]): Promise<Map<string, string>>;
  /** All of it in one commit. @throws what the database says of a row it cannot hold (`rejectsRow`); StoreUnavailable or its error when it cannot write at all. */
  abstract apply(batch: Batch): Promise<void>;
  /** A position at which nothing recorded later than the instant stands before, close to the last such one; null for the beginning. */
  abstract struckBy(instant: number): Promise<Struck | null>;
  /** The rows as they are now, whatever is written after it. */
  abstract snapshot(): Promise<Snapshot>;
  /** `Snapshot.digest` of now. */
  abstract digest(turn?: () => Promise<void>): Promise<Record<string, string>>;

  /** Asks to be the one who writes; whether it is may change with each call. `byForce`: whoever is, is no more. @throws StoreUnavailable. */
  abstract lead(byForce?: boolean): Promise<Lead>;
  /** Lets another process write, if there is one that can. */
  abstract resign(): Promise<void>;
  /** Whether no rows are still to be made. */
  abstract isWhole(): Promise<boolean>;
  /** For the one who follows the log. As another process left them: the checkpoint, and whether all rows speak for it. */
  abstract refreshed(): Promise<{ readonly checkpoint: Position | null; readonly isWhole: boolean }>;
  /** Hears that another process wrote, or stopped to. Returns the function that stops it. */
  abstract onMoved(listener: () => void): () => void;

  /** Empty rows of these views beside the live ones; of several processes that make the same, one writes. */
  abstract beside(views: readonly View[]): Promise<Views>;
  /**
   * A copy of these rows, as they are now, beside them: row by row, so that it holds nothing of what was ever removed. A page of a
   * database keeps bytes of rows that were moved or removed; docs/adr/0016. Others get their turn meanwhile.
   * @throws when the signal says so, or it cannot be written; then nothing of it stays.
   */
  abstract copied(views: readonly View[], signal?: AbortSignal): Promise<Views>;
  /**
   * Makes ready to go on with rows that were made beside. The function it gives does so in one turn: a query before it sees all of
   * these, one after it all of those. Where the function throws, nothing has changed.
   */
  abstract exchange(next: Views): Promise<() => void>;
  /** Removes what was made beside and not exchanged, and what was exchanged. @returns whether all of it is gone: others may still read it. */
  abstract clearBeside(): Promise<boolean>;
  /** `discard`: nothing of these rows is needed any more. */
  abstract close(discard?: boolean): Promise<void>;
}

/** Whether the database refused what a row holds, rather than to write at all. PostgreSQL: SQLSTATE 22 data, 23 constraint, 54 too large. */
export function rejectsRow(error: unknown): boolean {
  const code = String((error as { code?: unknown }).code);
  return code.startsWith('SQLITE_CONSTRAINT') || code === 'SQLITE_MISMATCH' || code === 'SQLITE_TOOBIG' || /^(22|23|54)[0-9A-Z]{3}$/.test(code) || error instanceof TypeError || ['TypeError', 'RangeError'].includes((error as Error).name);
}

/** About once in this time of the log's own a position is kept, epoch ms. */
export const STRIKE_MS = 3_600_000;
