/** A store that passes everything on to another; tests override what they watch, disturb or break. */
import type { Appended, EventStore, Expected, NewEvent, Position, RecordedEvent } from '../src/kernel/event-store.js';

export class PassingStore implements EventStore {
  constructor(readonly inner: EventStore) {}
  read(stream: string, from?: number, limit?: number): Promise<RecordedEvent[]> {
    return this.inner.read(stream, from, limit);
  }
  append(stream: string, events: readonly NewEvent[], expected: Expected, recordedAt?: number): Promise<Appended> {
    return this.inner.append(stream, events, expected, recordedAt);
  }
  readAll(after: Position | null, limit: number): Promise<RecordedEvent[]> {
    return this.inner.readAll(after, limit);
  }
  head(): Promise<Position | null> {
    return this.inner.head();
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
}
