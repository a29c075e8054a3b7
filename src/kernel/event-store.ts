/** The port every event store implements. Positions and revisions are the only coordinates anybody needs. */

/** A place in the log. Opaque: only the store that gave it may compare it. */
export type Position = string;

/** What stands beside an event: who caused it, by which command, and in which chain of causes. */
export interface Metadata {
  /** Names the command that wrote the event; a retry carries the same one. 32 hex digits. */
  readonly commandId: string;
  /** Which of the command's events this is, from 0. */
  readonly n: number;
  /** Keyed hash of the request, so that the same commandId with another body is recognised. */
  readonly mac: string;
  readonly correlationId: string;
  /** Id of the event that caused this one; null for the first of a request. */
  readonly causationId: string | null;
  /** Id of the colleague who acted, or `system`. */
  readonly actor: string;
}

export interface NewEvent {
  /** UUIDv7, given by the shell. */
  readonly id: string;
  readonly type: string;
  /** JSON value; personal fields already sealed. */
  readonly data: unknown;
  readonly metadata: Metadata;
}

export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  /** Place in its stream, from 0, without gaps. */
  readonly revision: number;
  readonly position: Position;
  /** Epoch ms, from the store's clock. */
  readonly recordedAt: number;
}

/** What the writer believes about the stream: its last revision, or one of three words. */
export type Expected = number | 'no-stream' | 'stream-exists' | 'any';

/** Place of the last event written. */
export interface Appended {
  /** Id of that event as it stands in the log: another than was given when the command stood there already. */
  readonly id: string;
  readonly position: Position;
  readonly revision: number;
  readonly recordedAt: number;
}

/** How a store on another machine is reached just now. */
export interface StoreStatus {
  readonly connected: boolean;
  /** Epoch ms of the last answer from it. */
  readonly lastContact: number;
  /** Connections given up and made anew since the start. */
  readonly reconnects: number;
  /** What somebody should look at, a sentence each. */
  readonly notes: readonly string[];
}

export interface EventStore {
  /** Events of one stream in order, from `from` (inclusive). A stream that is not there has none. */
  read(stream: string, from?: number, limit?: number): Promise<RecordedEvent[]>;
  /**
   * Writes all or nothing, and resolves only when the events are durable as the store promises.
   * The same command appended again (same stream, commandId and number of events) writes nothing and gives the first verdict.
   * `recordedAt` is given only when a log is moved: the instant at which another store recorded these events.
   * @throws WrongRevision when `expected` does not hold; AppendTooLarge; StreamDamaged; StoreUnavailable when nothing could be written.
   */
  append(stream: string, events: readonly NewEvent[], expected: Expected, recordedAt?: number): Promise<Appended>;
  /** Events of all streams in log order, after a position (exclusive; null for the beginning). Never skips one. */
  readAll(after: Position | null, limit: number): Promise<RecordedEvent[]>;
  /** Position of the newest event; null when there is none. */
  head(): Promise<Position | null>;
  /** Below, at or above zero, as `a` stands before, at or after `b`. @throws RangeError for a position that is not this store's. */
  compare(a: Position, b: Position): number;
  /** Calls the listener after each commit. Returns the function that stops it. */
  onAppend(listener: () => void): () => void;
  /** Only of a store on another machine. */
  status?(): StoreStatus;
  close(): Promise<void>;
}

/** Somebody else wrote first, or the stream is (not) there. `actual` is the last revision, -1 for no stream. */
export class WrongRevision extends Error {
  constructor(
    readonly stream: string,
    readonly expected: Expected,
    readonly actual: number,
  ) {
    super(`stream ${stream}: expected ${expected}, found ${actual === -1 ? 'no stream' : `revision ${actual}`}`);
    this.name = 'WrongRevision';
  }
}

/**
 * The store could not write or read: disk full, disk failing, closed, or out of reach.
 * Nothing of the append stands, except when it is `unreachable`: then nobody knows, and the same append made again is safe.
 */
export class StoreUnavailable extends Error {
  constructor(
    message: string,
    readonly reason: 'full' | 'failing' | 'closed' | 'unreachable',
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StoreUnavailable';
  }
}

/** More than the store takes in one append; nothing of it stands. */
export class AppendTooLarge extends Error {
  constructor(
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(`An append of ${bytes} bytes is more than the store takes at once (${limit}).`);
    this.name = 'AppendTooLarge';
  }
}

/** Somebody else removed events of the stream, or wrote their own into it: it tells no whole story any more. */
export class StreamDamaged extends Error {
  constructor(
    readonly stream: string,
    what: string,
  ) {
    super(`Stream ${stream} is damaged: ${what}.`);
    this.name = 'StreamDamaged';
  }
}

/** Whether the log is on another machine, so that each read waits for the line: what is needed is asked for together. */
export const isFar = ({ status }: Pick<EventStore, 'status'>): boolean => status !== undefined;

/** Whether `actual` (last revision, -1 for none) is what the writer expected. */
export function meets(expected: Expected, actual: number): boolean {
  switch (expected) {
    case 'any':
      return true;
    case 'no-stream':
      return actual === -1;
    case 'stream-exists':
      return actual >= 0;
    default:
      return expected === actual;
  }
}
