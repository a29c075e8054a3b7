/** A part of a log that others have filled: what is written through it, as if nothing else were there. */
import { randomUUID } from 'node:crypto';
import type { Appended, EventStore, Expected, NewEvent, Position, RecordedEvent, StoreStatus } from '../../src/kernel/event-store.js';
import { KurrentStore } from '../../src/stores/kurrentdb.store.js';

const PAGE = 500;

export class Window implements EventStore {
  /** How far its own last event was looked for, and where that was found. */
  private seen: Position | null;
  private last: Position | null = null;

  private constructor(
    private readonly inner: EventStore,
    private readonly start: Position | null,
    readonly prefix: string,
  ) {
    this.seen = start;
  }

  static async of(inner: EventStore): Promise<Window> {
    return new Window(inner, await inner.head(), `test-${randomUUID()}-`);
  }

  /** The same part of the log, through another connection. */
  over(inner: EventStore): Window {
    return new Window(inner, this.start, this.prefix);
  }

  /** For `openWindows`: the URL of the part. */
  url(url: string): string {
    return `${url}#${this.prefix}@${this.start ?? ''}`;
  }

  static at(inner: EventStore, fragment: string): Window {
    const [prefix = '', start = ''] = fragment.split('@');
    return new Window(inner, start === '' ? null : start, prefix);
  }

  async read(stream: string, from?: number, limit?: number): Promise<RecordedEvent[]> {
    return (await this.inner.read(this.prefix + stream, from, limit)).map((event) => this.shown(event));
  }

  async append(stream: string, events: readonly NewEvent[], expected: Expected, recordedAt?: number): Promise<Appended> {
    try {
      return await this.inner.append(stream === '' ? '' : this.prefix + stream, events, expected, recordedAt);
    } catch (error) {
      if (typeof error === 'object' && error !== null && 'stream' in error) Object.assign(error, { stream });
      throw error;
    }
  }

  async readAll(after: Position | null, limit: number): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    let place = after ?? this.start;
    // Whether the limit is one is for the store to say.
    const isLimit = limit > 0 && (Number.isInteger(limit) || limit === Infinity);
    for (;;) {
      const page = await this.inner.readAll(place, isLimit ? PAGE : limit);
      events.push(...page.filter((event) => this.holds(event)).map((event) => this.shown(event)));
      if (page.length < PAGE || events.length >= limit) return events.slice(0, limit);
      place = page.at(-1)!.position;
    }
  }

  async head(): Promise<Position | null> {
    for (;;) {
      const page = await this.inner.readAll(this.seen, PAGE);
      for (const event of page) {
        if (this.seen !== null && this.compare(event.position, this.seen) <= 0) continue;
        this.seen = event.position;
        if (this.holds(event)) this.last = event.position;
      }
      if (page.length < PAGE) return this.last;
    }
  }

  compare(a: Position, b: Position): number {
    return this.inner.compare(a, b);
  }

  onAppend(listener: () => void): () => void {
    return this.inner.onAppend(listener);
  }

  status(): StoreStatus {
    return this.inner.status!();
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  private holds({ stream }: RecordedEvent): boolean {
    return stream.startsWith(this.prefix);
  }

  private shown(event: RecordedEvent): RecordedEvent {
    return { ...event, stream: event.stream.slice(this.prefix.length) };
  }
}

/** From now on the app, too, opens only the part of the log that a URL of `Window.url` names. */
export function openWindows(): void {
  const sound = KurrentStore.open.bind(KurrentStore);
  KurrentStore.open = async (url, options) => {
    const [address = '', fragment] = url.split('#');
    const store = await sound(address, options);
    return fragment === undefined ? store : (Window.at(store, fragment) as unknown as KurrentStore);
  };
}
