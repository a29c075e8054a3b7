/** Makes rows of events: of single ones, or of whole streams folded, whose states are kept. What fails parks its stream in that view only. */
import { LRUCache } from 'lru-cache';
import { isFar, StoreUnavailable, type EventStore, type RecordedEvent } from '../kernel/event-store.js';
import { put, remove, type EventView, type RowOp, type StreamView, type Totals, type View } from '../kernel/view.js';
import { openFields, type KeyOf } from '../vault/codec.js';
import { turn } from '../views/slices.js';
import type { Due, Parked, Views } from '../views/views.js';

/** A place in a stream. */
export type At = Pick<RecordedEvent, 'stream' | 'revision'>;

/** The rows an event, or all that is new in a stream, brings to a view. */
export interface Change {
  readonly view: View;
  readonly at: At;
  readonly ops: readonly RowOp[];
}

/** Events of a stream from a revision on, on their way. */
interface Ahead {
  readonly from: number;
  readonly read: Promise<RecordedEvent[]>;
}

interface Folded {
  readonly state: unknown;
  readonly revision: number;
}

export class RowMaker {
  private readonly states: LRUCache<string, Folded>;
  /** First revision that waits, by view and stream. */
  private parked = new Map<string, number>();

  /** `cachedEvents`: so many, of streams whose states are kept; one holds about 450 bytes. */
  constructor(
    private store: EventStore,
    private rows: Views,
    private readonly keys: KeyOf,
    cachedEvents = 100_000,
  ) {
    this.states = new LRUCache({ maxSize: cachedEvents, sizeCalculation: ({ revision }) => revision + 2 });
  }

  /** As the rows stand now, whoever wrote them. */
  async begin(): Promise<void> {
    this.states.clear();
    this.parked = new Map((await this.rows.parked()).map(({ view, stream, revision }) => [nameOf({ view, stream }), revision]));
  }

  /** The same views under another name. */
  goOnWith(store: EventStore, rows: Views): void {
    [this.store, this.rows] = [store, rows];
  }

  /** What is kept of the stream is not what its rows say. */
  forget({ name }: View, { stream }: At): void {
    this.states.delete(nameOf({ view: name, stream }));
  }

  /** The stream is taken up again. */
  free(one: Pick<Parked, 'view' | 'stream'>): void {
    this.parked.delete(nameOf(one));
  }

  /** Of one event of a view of events. `opened`: those of the batch that were opened for another view. @throws StoreUnavailable; all else parks the stream. */
  fromEvent(view: EventView, event: RecordedEvent, opened: Map<string, RecordedEvent>, parked: Parked[]): readonly RowOp[] {
    const handler = Object.hasOwn(view.handlers, event.type) ? view.handlers[event.type] : undefined;
    if (handler === undefined || this.waits(view, event, parked)) return [];
    try {
      return handler(view.unsealed === true ? this.open(event, opened) : event);
    } catch (error) {
      // That keys or log cannot be read now says nothing about the event.
      if (error instanceof StoreUnavailable) throw error;
      parked.push(parkedBy(view, event, error));
      return [];
    }
  }

  private open(event: RecordedEvent, opened: Map<string, RecordedEvent>): RecordedEvent {
    let open = opened.get(event.id);
    if (open === undefined) opened.set(event.id, (open = { ...event, data: openFields(event.data, event.id, this.keys).data }));
    return open;
  }

  private readAhead(view: StreamView, { stream, revision }: Due, atHand: ReadonlyMap<string, readonly RecordedEvent[]>, reads: Map<string, Ahead>): void {
    const from = (this.states.get(nameOf({ view: view.name, stream }))?.revision ?? -1) + 1;
    if (revision < from || atHand.get(stream)?.[0]!.revision === from) return;
    const read = this.store.read(stream, from, revision + 1 - from);
    // Whoever waits for it hears of the failure; nobody may wait any more.
    read.catch(() => undefined);
    reads.set(stream, { from, read });
  }

  /** Takes events into the states at hand, so that they need not be read again when the rows of their streams are made. What fails is told then. */
  takeIn(view: StreamView, events: readonly RecordedEvent[]): void {
    for (const event of events) {
      if (!event.stream.startsWith(view.prefix)) continue;
      const name = nameOf({ view: view.name, stream: event.stream });
      const { state = view.initial(event.stream), revision = -1 } = this.states.get(name) ?? {};
      if (event.revision !== revision + 1) continue;
      this.states.delete(name);
      try {
        this.states.set(name, { state: view.evolve(state, event), revision: event.revision });
      } catch {
        // The state is gone, and will be folded anew.
      }
    }
  }

  /** The rows of streams as they are at a revision each; `events`: what of them is at hand. */
  async fromStreams(view: StreamView, streams: readonly Due[], parked: Parked[], events: readonly RecordedEvent[] = []): Promise<Change[]> {
    const atHand = Map.groupBy(events, (event) => event.stream);
    const changed: { readonly at: At; readonly rows: readonly RowOp[]; readonly part: string }[] = [];
    const reads = new Map<string, Ahead>();
    if (isFar(this.store)) for (const place of streams) if (!this.waits(view, place, parked)) this.readAhead(view, place, atHand, reads);
    for (const place of streams) {
      await turn();
      const { stream, revision } = place;
      if (this.waits(view, place, parked)) continue;
      const cacheKey = nameOf({ view: view.name, stream });
      let at: At = place;
      try {
        const cached = this.states.get(cacheKey);
        // A state that is not cached is folded from the whole stream, up to where this goes.
        const from = cached === undefined ? 0 : cached.revision + 1;
        const own = atHand.get(stream);
        const ahead = reads.get(stream);
        const missing = revision < from ? [] : own?.[0]!.revision === from ? own : await (ahead?.from === from ? ahead.read : this.store.read(stream, from, revision + 1 - from));
        this.states.delete(cacheKey);
        let state = cached?.state ?? view.initial(stream);
        for (const event of missing) {
          at = event;
          state = view.evolve(state, event);
        }
        const known = view.known(state);
        changed.push({ at: place, rows: rowsOf(view, stream, known), part: view.totals?.partOf(known) ?? '' });
        this.states.set(cacheKey, { state, revision: Math.max(revision, from - 1) });
      } catch (error) {
        // That the log cannot be read now says nothing about the stream.
        if (error instanceof StoreUnavailable) throw error;
        parked.push(parkedBy(view, at, error));
      }
    }
    const { totals } = view;
    if (totals === undefined) return changed.map(({ at, rows: ops }) => ({ view, at, ops }));
    const stored = await this.rows.partsOf(totals.parts, changed.map(({ at }) => at.stream));
    const changes: Change[] = [];
    for (const { at, rows, part } of changed) {
      changes.push({ view, at, ops: [...rows, ...toTotals(totals, at.stream, stored.get(at.stream) ?? '', part)] });
      await turn();
    }
    return changes;
  }

  /** Whether the event's stream is parked in the view from this event, or an earlier one, on. */
  waits(view: View, event: At, parked: readonly Parked[]): boolean {
    if (parked.length === 0 && this.parked.size === 0) return false;
    const now = parked.find((one) => one.view === view.name && one.stream === event.stream);
    const since = now?.revision ?? this.parked.get(nameOf({ view: view.name, stream: event.stream }));
    return since !== undefined && event.revision >= since;
  }

  /** Once they are written, not before: a batch that did not get to the disk is projected again as a whole. */
  remember(parked: readonly Parked[]): void {
    for (const { view, stream, revision } of parked) this.parked.set(nameOf({ view, stream }), revision);
  }
}

export const nameOf = ({ view, stream }: Pick<Due, 'view' | 'stream'>): string => `${view}\n${stream}`;

/** Streams of the view that have something new among the events, each with its last revision. */
export function dueIn({ name, prefix }: StreamView, events: readonly RecordedEvent[]): Due[] {
  const last = new Map<string, Due>();
  for (const { stream, revision } of events) if (stream.startsWith(prefix)) last.set(stream, { view: name, stream, revision });
  return [...last.values()];
}

export function parkedBy(view: View, event: At, error: unknown): Parked {
  return { view: view.name, stream: event.stream, revision: event.revision, reason: error instanceof Error ? error.message : String(error) };
}

function rowsOf(view: StreamView, stream: string, known: unknown): RowOp[] {
  return Object.entries(view.rows(known)).flatMap(([table, rows]) => {
    const oneRow = view.tables[table]!.key.join() === 'stream' && rows.length === 1;
    return [...(oneRow ? [] : [remove(table, { stream })]), ...rows.map((row) => put(table, row))];
  });
}

/** From what the stream is known to add to what it adds now: added twice, or again after a restart, nothing is added twice. */
function toTotals(totals: Totals<unknown>, stream: string, before: string, part: string): RowOp[] {
  if (before === part) return [];
  return [part === '' ? remove(totals.parts, { stream }) : put(totals.parts, { stream, part }), ...totals.between(before, part)];
}
