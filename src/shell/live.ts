/** Tells open pages which streams have changed, once the views show it. */
import type { EventStore, Position, RecordedEvent } from '../kernel/event-store.js';

export interface Change {
  /** Where the log stood: the id by which a page goes on later. */
  readonly position: Position;
  /** Streams with something new; null when there were too many to name, and all may have changed. */
  readonly streams: readonly string[] | null;
}

/** Changes kept for pages that come back. */
const KEPT = 1000;
/** More at once than a page would look at one by one: an import, a catching up. */
const NAMED = 100;

export class Live {
  private readonly kept: Change[] = [];
  private readonly listeners = new Set<(change: Change) => void>();
  private readonly ends = new Set<() => void>();
  /** How many listen, by who they are. */
  private readonly listeningAs = new Map<string, number>();

  /** `begin`: how far the views had the log when this began to listen. */
  constructor(
    private readonly store: Pick<EventStore, 'compare'>,
    private begin: Position | null,
  ) {}

  /** Called with the events of a batch once its rows are committed. */
  heard(events: readonly RecordedEvent[]): void {
    const last = events.at(-1);
    if (last === undefined) return;
    const streams = new Set(events.map(({ stream }) => stream));
    const change = { position: last.position, streams: streams.size > NAMED ? null : [...streams] };
    this.kept.push(change);
    if (this.kept.length > KEPT) this.begin = this.kept.shift()!.position;
    for (const listener of this.listeners) listener(change);
  }

  /** What has changed since a position; null when that is too long ago to know, and all may have. @throws Error when it is no position. */
  since(position: Position): readonly Change[] | null {
    if (this.begin !== null && this.store.compare(position, this.begin) < 0) return null;
    return this.kept.filter((change) => this.store.compare(change.position, position) > 0);
  }

  /** Hears every change from now on, until `stop` is called; `onEnd` when the server stops. `who`: whose page it is. */
  listen(listener: (change: Change) => void, onEnd: () => void, who: string): () => void {
    this.listeners.add(listener);
    this.ends.add(onEnd);
    this.listeningAs.set(who, this.listening(who) + 1);
    return () => {
      if (!this.listeners.delete(listener)) return;
      this.ends.delete(onEnd);
      const left = this.listening(who) - 1;
      if (left === 0) this.listeningAs.delete(who);
      else this.listeningAs.set(who, left);
    };
  }

  /** How many pages listen: all, or those of somebody. */
  listening(who?: string): number {
    return who === undefined ? this.listeners.size : (this.listeningAs.get(who) ?? 0);
  }

  /** Nobody waits for more: the server stops. */
  end(): void {
    for (const end of [...this.ends]) end();
  }
}
