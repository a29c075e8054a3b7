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
import { checkedData, checkedLimit, placeOf, StreamCommands } from './append.js';

/** An event as it stands: the data as JSON text, so that no reader can change what the next one sees. */
type Stored = Omit<RecordedEvent, 'data'> & { readonly data: string };

export class MemoryStore implements EventStore {
  readonly #now: () => number;
  readonly #log: Stored[] = [];
  readonly #streams = new Map<string, Stored[]>();
  readonly #commands = new Map<string, StreamCommands>();
  readonly #listeners = new Set<() => void>();
  #closed = false;

  constructor(options: { readonly now?: () => number } = {}) {
    this.#now = options.now ?? Date.now;
  }

  async read(stream: string, from = 0, limit = Infinity): Promise<RecordedEvent[]> {
    this.#refuseIfClosed();
    return page(this.#streams.get(stream) ?? [], from, checkedLimit(limit));
  }

  async append(stream: string, events: readonly NewEvent[], expected: Expected, recordedAt = Math.max(this.#now(), this.#log.at(-1)?.recordedAt ?? -Infinity)): Promise<Appended> {
    this.#refuseIfClosed();
    const datas = checkedData(stream, events);
    const written = this.#streams.get(stream) ?? [];
    const commands = this.#commands.get(stream) ?? new StreamCommands();
    const standing = commands.standing(events);
    if (standing !== undefined) return verdict(written[standing] as Stored);
    if (!meets(expected, commands.revision) || commands.repeats(events)) throw new WrongRevision(stream, expected, commands.revision);

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
      commands.add(event.metadata);
      written.push(stored);
      this.#log.push(stored);
    }
    this.#streams.set(stream, written);
    this.#commands.set(stream, commands);
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
}

const verdict = ({ id, position, revision, recordedAt }: Stored): Appended => ({ id, position, revision, recordedAt });

const page = (events: readonly Stored[], from: number, limit: number): RecordedEvent[] =>
  events
    .slice(Math.max(from, 0), Math.max(from, 0) + limit)
    .map((event) => ({ ...event, data: JSON.parse(event.data) as unknown, metadata: { ...event.metadata } }));
