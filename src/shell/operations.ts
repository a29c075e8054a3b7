/** How the deployment fares: health, and the checks behind `verify`. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isSealed } from '../kernel/aggregate.js';
import { StoreUnavailable, type EventStore, type Position, type RecordedEvent, type StoreStatus } from '../kernel/event-store.js';
import { unseal } from '../vault/codec.js';
import type { Vault } from '../vault/vault.js';
import { turn } from '../views/slices.js';
import { SqliteViews } from '../views/sqlite.views.js';
import type { Parked, Views } from '../views/views.js';
import { chained, compared, sayComparison, startOfLog, type Head } from './log-proof.js';
import { Projector } from './projector.js';

export interface Health {
  readonly status: 'ok' | 'behind' | 'failing';
  readonly detail: string;
  /** How many streams are parked. Which, and why, is not told here: anybody may ask for the health. */
  readonly parked: number;
  /** Of a log on another machine. */
  readonly store?: StoreStatus;
  /** Seconds by which the views lag behind the log. */
  readonly lagSeconds: number;
}

export interface Verdict {
  readonly ok: boolean;
  readonly events: number;
  readonly streams: number;
  /** Of the proof of the log, as hex: the same log gives the same head. */
  readonly head: string;
  readonly sealedFields: number;
  readonly erasedFields: number;
  /** Heads that were kept of the log, each compared with it. */
  readonly keptHeads: number;
  /** The heads that were asked for; those beyond the end of the log are left out. */
  readonly heads: readonly Head[];
  /** After how many events the log had the head that was asked for; null when it never had. */
  readonly foundAt?: number | null;
  readonly problems: readonly string[];
}

/** What else the check is to say of the proof. */
export interface AskedOfProof {
  /** After so many events: which head. */
  readonly at?: readonly number[];
  /** After how many events: this head. Hex. */
  readonly head?: string;
}

const PAGE = 200;
/** How often a check follows the live views before it gives up comparing. */
const FOLLOW = 20;

export class Operations {
  /** Once the views have caught up after the start, lagging a moment is no reason not to serve. */
  private served = false;

  constructor(
    private readonly store: EventStore,
    private readonly rows: Views,
    private readonly projector: Projector,
    private readonly vault: Vault,
    /** What the store's own files say about themselves: sentences, empty when all is well. */
    private readonly checkStore: () => Promise<readonly string[]>,
    /** Heads that were kept of the log. @throws Error when they cannot be read. */
    private readonly keptHeads: () => readonly Head[] = () => [],
    /** What else somebody should look at, a sentence each. */
    private readonly furtherNotes: () => readonly string[] = () => [],
  ) {}

  /** How many events of the log the views speak of. */
  projected(): number {
    return this.rows.events();
  }

  /** Whether this process writes the views. */
  isLeading(): boolean {
    return this.projector.isLeading;
  }

  parked(): Promise<Parked[]> {
    return this.rows.parked();
  }

  /** Takes up every parked stream again, or one. @returns how many are free again, and those that still fail. */
  async retryParked(stream?: string): Promise<{ readonly freed: number; readonly parked: readonly Parked[] }> {
    const before = await this.parked();
    await this.projector.retryWhileRunning(stream);
    const parked = await this.parked();
    return { freed: before.filter((was) => !parked.some(({ view, stream: still }) => view === was.view && still === was.stream)).length, parked };
  }

  async caughtUp(): Promise<boolean> {
    const head = await this.store.head();
    return this.projector.knows(head);
  }

  storeStatus(): StoreStatus | undefined {
    return this.store.status?.();
  }

  /** How far the views lag: seconds since the event they ended with was recorded, 0 when they have all. */
  async lagSeconds(): Promise<number> {
    if (await this.caughtUp()) return 0;
    const [next] = await this.store.readAll(this.projector.at, 1);
    return next === undefined ? 0 : Math.max(Date.now() - next.recordedAt, 0) / 1000;
  }

  async health(): Promise<Health> {
    const store = this.storeStatus();
    const at = { parked: (await this.parked()).length, ...(store !== undefined && { store }) };
    const { failure } = this.projector;
    if (store?.connected === false) return { status: 'failing', detail: `The log is out of reach: ${store.notes[0]}`, ...at, lagSeconds: 0 };
    if (failure !== null) return { status: 'failing', detail: `The views cannot follow the log: ${failure.message}`, ...at, lagSeconds: 0 };
    let lagSeconds: number;
    try {
      lagSeconds = await this.lagSeconds();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      return { status: 'failing', detail: `The log cannot be read: ${error.message}`, ...at, lagSeconds: 0 };
    }
    // Rows that are still to be made are no lag in the log, and yet missing.
    this.served ||= lagSeconds === 0 && (await this.caughtUp());
    if (!this.served) return { status: 'behind', detail: 'The views are catching up with the log.', ...at, lagSeconds };
    const notes = [...(at.parked > 0 ? [`${at.parked} streams are parked: some views cannot show them.`] : []), ...(store?.notes ?? []), ...this.furtherNotes()];
    return { status: 'ok', detail: notes.length === 0 ? 'All is well.' : notes.join(' '), ...at, lagSeconds };
  }

  /** Reads the whole log once: order, revisions, sealed fields, head; then builds the views anew and compares. */
  verify(progress: (done: number) => void = () => undefined, asked: AskedOfProof = {}): Promise<Verdict> {
    // Views that are exchanged meanwhile would be compared with a replay of others.
    return this.projector.exclusively(() => this.verified(progress, asked));
  }

  private async verified(progress: (done: number) => void, asked: AskedOfProof): Promise<Verdict> {
    const { views } = this.projector;
    const problems: string[] = [];
    problems.push(...(await this.checkStore()));
    await this.projector.caughtUp();
    let upTo = this.projector.at;

    const fresh = SqliteViews.open(':memory:', views);
    const replayed: EventStore = upToPosition(this.store, () => upTo);
    const replay = new Projector(replayed, views, fresh, this.vault.keyOf);
    const revisions = new Map<string, number>();
    const counts = { events: 0, sealed: 0, erased: 0 };
    const kept = this.kept(problems);
    const heads = new Map([...kept, ...(asked.at ?? []).map((events) => ({ events }))].map(({ events }) => [events, '']));
    let foundAt: number | null = null;
    let head = startOfLog();
    const passed = (): void => {
      const known = heads.has(counts.events) || asked.head !== undefined ? head.toString('hex') : '';
      if (heads.has(counts.events)) heads.set(counts.events, known);
      if (asked.head === known) foundAt ??= counts.events;
    };
    passed();
    let after: Position | null = null;
    try {
      for (;;) {
        const events: RecordedEvent[] = await replayed.readAll(after, PAGE);
        if (events.length === 0) break;
        for (const event of events) {
          const last = revisions.get(event.stream) ?? -1;
          if (event.revision !== last + 1) problems.push(`${event.stream}: revision ${event.revision} follows ${last}.`);
          revisions.set(event.stream, event.revision);
          head = chained(head, event);
          counts.events += 1;
          passed();
          this.checkSealed(event, event.data, [], counts, problems);
          await turn();
        }
        after = events.at(-1)!.position;
        progress(counts.events);
        await nextTurn();
      }
      const seen = await this.seen(turn, async (checkpoint) => {
        upTo = checkpoint;
        await replay.caughtUp();
        return replay.at === checkpoint;
      });
      if (seen === undefined) {
        problems.push('Others wrote all through the check, so the views were not compared; run it again when it is quieter.');
      } else {
        const anew = await fresh.digest(turn);
        for (const table of Object.keys(anew)) if (seen[table] !== anew[table]) problems.push(`The view table ${table} differs from a fresh replay of the log. Make the views anew: five-ring rebuild.`);
      }
    } finally {
      await replay.stop();
      await fresh.close();
    }
    const of = (events: number): string | undefined => heads.get(events) || undefined;
    problems.push(...sayComparison(compared(kept, of), counts.events));
    for (const { view, stream, reason } of await this.parked()) problems.push(`${stream} is parked in the view ${view}: ${reason}`);
    return {
      ok: problems.length === 0,
      events: counts.events,
      streams: revisions.size,
      head: head.toString('hex'),
      sealedFields: counts.sealed,
      erasedFields: counts.erased,
      keptHeads: kept.length,
      heads: (asked.at ?? []).flatMap((events) => (of(events) === undefined ? [] : [{ events, head: of(events)! }])),
      ...(asked.head !== undefined && { foundAt }),
      problems,
    };
  }

  /** Digests of the live rows at a moment at which all of them speak for one place in the log, and `follows` got there too; undefined when none came. */
  private async seen(turn: () => Promise<void>, follows: (checkpoint: Position | null) => Promise<boolean>): Promise<Readonly<Record<string, string>> | undefined> {
    for (let tries = 0; tries < FOLLOW; tries += 1) {
      await this.projector.caughtUp();
      const snapshot = await this.rows.snapshot();
      try {
        if (snapshot.isWhole && (await follows(snapshot.checkpoint))) return await snapshot.digest(turn);
      } finally {
        await snapshot.close();
      }
    }
    return undefined;
  }

  private kept(problems: string[]): readonly Head[] {
    try {
      return this.keptHeads();
    } catch (error) {
      problems.push(`The heads that were kept of the log cannot be read: ${(error as Error).message}.`);
      return [];
    }
  }

  private checkSealed(event: RecordedEvent, node: unknown, path: readonly string[], counts: { sealed: number; erased: number }, problems: string[]): void {
    if (isSealed(node)) {
      counts.sealed += 1;
      try {
        if (unseal(node, event.id, path, this.vault.keyOf) === undefined) counts.erased += 1;
      } catch {
        problems.push(`${event.stream}, revision ${event.revision}: the field ${path.join('.')} cannot be opened; it was changed, or belongs elsewhere.`);
      }
    } else if (typeof node === 'object' && node !== null && !Array.isArray(node)) {
      for (const [key, child] of Object.entries(node)) this.checkSealed(event, child, [...path, key], counts, problems);
    }
  }
}

/** The log up to a position that may move on. */
function upToPosition(store: EventStore, limit: () => Position | null): EventStore {
  const within = (event: RecordedEvent): boolean => {
    const upTo = limit();
    return upTo !== null && store.compare(event.position, upTo) <= 0;
  };
  return {
    read: async (stream, from, limit) => (await store.read(stream, from, limit)).filter(within),
    append: () => Promise.reject(new Error('a replay does not write')),
    readAll: async (after, limit) => (await store.readAll(after, limit)).filter(within),
    head: () => Promise.resolve(limit()),
    compare: (a, b) => store.compare(a, b),
    onAppend: () => () => undefined,
    ...(store.status !== undefined && { status: () => store.status!() }),
    close: () => Promise.resolve(),
  };
}
