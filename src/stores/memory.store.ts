/** The log in memory: for tests and demonstrations. It keeps every promise of the port but to outlive the process. */
import {
  meets,
  StoreUnavailable,
  WrongRevision,
  type Appended,
  type EventStore,
  type Expected,
  type NewEvent,
  type Position,
  type RecordedEvent,
} from '../kernel/event-store.js';

/** An event as it stands: the data as JSON text, so that no reader can change what the next one sees. */
type Stored = Omit<RecordedEvent, 'data'> & { readonly data: string };

export class MemoryStore implements EventStore {
  readonly #now: () => number;
  readonly #log: Stored[] = [];
  readonly #streams = new Map<string, Stored[]>();
  /** Which event of which command stands where in its stream. */
  readonly #commands = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  #closed = false;

  constructor(options: { readonly now?: () => number } = {}) {
    this.#now = options.now ?? Date.now;
  }

  async read(stream: string, from = 0, limit = Infinity): Promise<RecordedEvent[]> {
    this.#refuseIfClosed();
    return page(this.#streams.get(stream) ?? [], from, checkedLimit(limit));
  }

  async append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    this.#refuseIfClosed();
    const datas = checkedData(stream, events);
    const written = this.#streams.get(stream) ?? [];
    const actual = written.length - 1;
    const first = this.#firstVerdict(stream, written, events);
    if (first !== undefined) return first;
    if (!meets(expected, actual) || this.#repeats(stream, events)) throw new WrongRevision(stream, expected, actual);

    const recordedAt = Math.max(this.#now(), this.#log.at(-1)?.recordedAt ?? -Infinity);
    for (const [i, event] of events.entries()) {
      const stored: Stored = {
        id: event.id,
        type: event.type,
        data: datas[i] ?? '',
        metadata: { ...event.metadata },
        stream,
        revision: written.length,
        position: String(this.#log.length + 1),
        recordedAt,
      };
      this.#commands.set(commandKey(stream, event), stored.revision);
      written.push(stored);
      this.#log.push(stored);
    }
    this.#streams.set(stream, written);
    for (const listener of this.#listeners) queueMicrotask(listener);
    return verdict(written.at(-1) as Stored);
  }

  async readAll(after: Position | null, limit: number): Promise<RecordedEvent[]> {
    this.#refuseIfClosed();
    return page(this.#log, after === null ? 0 : placeOf(after), checkedLimit(limit));
  }

  async head(): Promise<Position | null> {
    this.#refuseIfClosed();
    return this.#log.at(-1)?.position ?? null;
  }

  compare(a: Position, b: Position): number {
    return placeOf(a) - placeOf(b);
  }

  onAppend(listener: () => void): () => void {
    // A wrapper of its own for each call, so that the same function may listen twice and stop once.
    const own = (): void => {
      if (this.#listeners.has(own)) listener();
    };
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw new StoreUnavailable('The event store is closed.', 'closed');
  }

  /** What the same append was told before, if all its events stand in a row and its last command wrote no more than these. */
  #firstVerdict(stream: string, written: readonly Stored[], events: readonly NewEvent[]): Appended | undefined {
    const [head] = events;
    const start = head && this.#commands.get(commandKey(stream, head));
    if (start === undefined) return undefined;
    const row = written.slice(start, start + events.length + 1);
    return isSameAppend(row.map(({ metadata }) => metadata), events) ? verdict(row[events.length - 1] as Stored) : undefined;
  }

  #repeats(stream: string, events: readonly NewEvent[]): boolean {
    const keys = events.map((event) => commandKey(stream, event));
    return keys.some((key) => this.#commands.has(key)) || new Set(keys).size < keys.length;
  }
}

const commandKey = (stream: string, { metadata }: NewEvent): string => `${metadata.commandId} ${metadata.n} ${stream}`;

const verdict = ({ position, revision, recordedAt }: Stored): Appended => ({ position, revision, recordedAt });

const page = (events: readonly Stored[], from: number, limit: number): RecordedEvent[] =>
  events
    .slice(Math.max(from, 0), Math.max(from, 0) + limit)
    .map((event) => ({ ...event, data: JSON.parse(event.data) as unknown, metadata: { ...event.metadata } }));

type Origin = Pick<NewEvent['metadata'], 'commandId' | 'n'>;

/**
 * Whether a row of the stream, read one event further than the append is long, holds this very append.
 * The event beyond tells a command that wrote more events from one that wrote these.
 */
export function isSameAppend(row: readonly Origin[], events: readonly NewEvent[]): boolean {
  return (
    events.every(({ metadata }, i) => row[i]?.commandId === metadata.commandId && row[i].n === metadata.n) &&
    row[events.length]?.commandId !== events.at(-1)?.metadata.commandId
  );
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const COMMAND = /^[0-9a-f]{32}$/;

/**
 * The data of the events as JSON text. Every store takes the same events, so that none works on one and fails on another.
 * @throws RangeError for an append without events, or one that could not be read back as it was given.
 */
export function checkedData(stream: string, events: readonly NewEvent[]): string[] {
  if (events.length === 0) throw new RangeError('An append needs at least one event.');
  if (stream === '' || !stream.isWellFormed()) throw new RangeError('The name of a stream is text, not empty, without half characters.');
  return events.map(({ id, type, data, metadata }) => {
    if (!UUID.test(id)) throw new RangeError(`The id of an event is a UUID in lower case, not ${JSON.stringify(id)}.`);
    if (type === '' || !type.isWellFormed()) throw new RangeError('The type of an event is text, not empty, without half characters.');
    if (!COMMAND.test(metadata.commandId)) throw new RangeError(`A commandId is 32 hex digits in lower case, not ${JSON.stringify(metadata.commandId)}.`);
    if (!Number.isSafeInteger(metadata.n) || metadata.n < 0) throw new RangeError(`n counts from 0, it cannot be ${metadata.n}.`);
    const json = JSON.stringify(data) as string | undefined;
    if (json === undefined) throw new RangeError(`The data of ${type} is not a JSON value.`);
    return json;
  });
}

/** How many events to read: a whole number from 0, or Infinity. @throws RangeError */
export function checkedLimit(limit: number): number {
  if (limit !== Infinity && (!Number.isSafeInteger(limit) || limit < 0)) throw new RangeError(`A limit is a whole number from 0, not ${limit}.`);
  return limit;
}

/** The place, from 1, that a position of a store with decimal positions names. @throws RangeError */
export function placeOf(position: Position): number {
  const place = /^[1-9]\d{0,15}$/.test(position) ? Number(position) : NaN;
  if (!Number.isSafeInteger(place)) throw new RangeError(`${JSON.stringify(position)} is not a position of this store.`);
  return place;
}
