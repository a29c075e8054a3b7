/** A part of a log that others have filled: what is written through it, as if nothing else were there. */
import { randomUUID } from 'node:crypto';
import type { Appended, EventStore, Expected, NewEvent, Position, RecordedEvent } from '../../src/kernel/event-store.js';

const PAGE = 500;

export class Window implements EventStore {
  private constructor(
    private readonly inner: EventStore,
    private readonly start: Position | null,
    private readonly prefix: string,
  ) {}

  static async of(inner: EventStore): Promise<Window> {
    return new Window(inner, await inner.head(), `test-${randomUUID()}-`);
  }

  /** The same part of the log, through another connection. */
  over(inner: EventStore): Window {
    return new Window(inner, this.start, this.prefix);
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
    for (;;) {
      const page = await this.inner.readAll(place, limit === 0 ? 0 : Number.isInteger(limit) ? PAGE : limit);
      events.push(...page.filter(({ stream }) => stream.startsWith(this.prefix)).map((event) => this.shown(event)));
      if (page.length < PAGE || events.length >= limit) return events.slice(0, limit);
      place = page.at(-1)!.position;
    }
  }

  async head(): Promise<Position | null> {
    return (await this.readAll(null, Infinity)).at(-1)?.position ?? (await this.inner.head().then(() => null));
  }

  compare(a: Position, b: Position): number {
    return this.inner.compare(a, b);
  }

  onAppend(listener: () => void): () => void {
    return this.inner.onAppend(listener);
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  private shown(event: RecordedEvent): RecordedEvent {
    return { ...event, stream: event.stream.slice(this.prefix.length) };
  }
}
