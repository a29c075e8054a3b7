/** A log whose readers have the keys of what they read at hand: for a vault that has to be asked for them. Everything else is passed on. */
import { sealedIn } from '../kernel/aggregate.js';
import type { Appended, EventStore, Expected, NewEvent, Position, RecordedEvent, StoreStatus } from '../kernel/event-store.js';
import type { Vault } from './vault.js';

export class KeysWithEvents implements EventStore {
  readonly status?: () => StoreStatus;

  constructor(
    private readonly log: EventStore,
    private readonly vault: Pick<Vault, 'bring'>,
  ) {
    if (log.status !== undefined) this.status = () => log.status!();
  }

  async read(stream: string, from?: number, limit?: number): Promise<RecordedEvent[]> {
    return this.brought(await this.log.read(stream, from, limit));
  }

  async readAll(after: Position | null, limit: number): Promise<RecordedEvent[]> {
    return this.brought(await this.log.readAll(after, limit));
  }

  append(stream: string, events: readonly NewEvent[], expected: Expected, recordedAt?: number): Promise<Appended> {
    return this.log.append(stream, events, expected, recordedAt);
  }

  head(): Promise<Position | null> {
    return this.log.head();
  }

  compare(a: Position, b: Position): number {
    return this.log.compare(a, b);
  }

  onAppend(listener: () => void): () => void {
    return this.log.onAppend(listener);
  }

  close(): Promise<void> {
    return this.log.close();
  }

  private async brought(events: RecordedEvent[]): Promise<RecordedEvent[]> {
    const subjects = new Set<string>();
    for (const { data } of events) for (const { s } of sealedIn(data)) for (const subject of s) subjects.add(subject);
    await this.vault.bring(subjects);
    return events;
  }
}
