/**
 * What was known when: a place in the log up to which events are read. A date means the last place whose running maximum of
 * recordedAt is not later, so that a clock that was set back hides nothing and shows nothing too early.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventStore, Position, RecordedEvent } from '../kernel/event-store.js';
import type { Views } from '../views/views.js';

const PAGE = 500;

export class Known {
  constructor(
    private readonly store: EventStore,
    private readonly rows: Views,
  ) {}

  /** Up to where the views know the log: what "known now" means; but no less than a place that is known by other ways. Null: nothing was recorded yet. */
  now(atLeast: Position | null = null): Position | null {
    const now = this.rows.checkpoint();
    return now === null || (atLeast !== null && this.store.compare(atLeast, now) > 0) ? atLeast : now;
  }

  /** Up to where the log was known at the instant; null when nothing was. */
  async at(instant: number): Promise<Position | null> {
    const struck = await this.rows.struckBy(instant);
    let position = struck?.position ?? null;
    for (;;) {
      const events = await this.store.readAll(position, PAGE);
      for (const event of events) {
        if (event.recordedAt > instant) return position;
        position = event.position;
      }
      if (events.length < PAGE) return position;
      await nextTurn();
    }
  }

  /** When the knowledge at the position was overtaken by the next event; null when it is still all there is. @throws RangeError for no position. */
  async overtakenAt(position: Position): Promise<number | null> {
    const head = await this.store.head();
    if (head === null || this.store.compare(position, head) > 0) throw new RangeError(`${JSON.stringify(position)} is no position of this log.`);
    return this.nextAfter(position);
  }

  /** When the first event after the place was recorded; null when there is none. */
  async nextAfter(position: Position | null): Promise<number | null> {
    const [next] = await this.store.readAll(position, 1);
    return next?.recordedAt ?? null;
  }

  /** What was recorded after the place, in log order. */
  async *after(position: Position | null, signal?: AbortSignal): AsyncGenerator<RecordedEvent> {
    for (let at = position; ; ) {
      signal?.throwIfAborted();
      const events = await this.store.readAll(at, PAGE);
      yield* events;
      if (events.length < PAGE) return;
      at = events.at(-1)!.position;
      await nextTurn();
    }
  }

  /** Whether an event at `position` was known `upTo`; null knows nothing. */
  includes(upTo: Position | null, position: Position): boolean {
    return upTo !== null && this.store.compare(position, upTo) <= 0;
  }
}
