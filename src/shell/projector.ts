/** Keeps the views up with the log: batches of events become rows; what fails parks its stream in that view only. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { isFar, type EventStore, type Position, type RecordedEvent } from '../kernel/event-store.js';
import { Refusal } from '../kernel/refusal.js';
import type { StreamView, View } from '../kernel/view.js';
import type { KeyOf } from '../vault/codec.js';
import { turn } from '../views/slices.js';
import { rejectsRow, type Due, type Parked, type Views } from '../views/views.js';
import { dueIn, nameOf, parkedBy, RowMaker, type Change } from './row-maker.js';

const BATCH = 1000;
/** Events read in one turn, where the log is at hand. */
const PAGE = 100;
/** Appends of this long are projected together, unless somebody waits to read: fewer commits, and a busy customer is folded once. */
const GATHER_MS = 100;

/** Rows wait no longer than this for many appends to be over. */
const HOLD_BACK_MS = 30_000;

/** Where another process writes the rows, or may stop to: so often it is asked whether it did. */
const LOOK_MS = 500;

/** Streams whose rows are made in one commit while catching up, and events of theirs: most of what one adds to sums, others add to as well. */
const MADE_AT_ONCE = 1000;
const MADE_OF = 10_000;

export class Projector {
  private maker: RowMaker;
  /**
   * Streams whose rows are still to be made, by view and stream. As long as there is more to read than a batch and nobody waits,
   * rows made from whole streams are put off: a stream that comes up in many batches is then folded once.
   */
  private due = new Map<string, Due>();
  private waiters: { readonly position: Position; readonly done: () => void }[] = [];
  private checkpoint: Position | null;
  /** Up to where `onEvents` heard of the log. */
  private told: Position | null;
  private running: Promise<void> | null = null;
  private wanted = false;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  /** No batch begins while the views are exchanged. */
  private held = false;
  private exclusive: Promise<unknown> = Promise.resolve();
  /** Whether the views have caught up once since the start: before, they know only a part. */
  private filled = false;
  /** Whether this process writes the rows. Only then `due`, and what is parked, are kept up. */
  private leads = false;
  /** Of rows that another process writes: whether all of them speak for the checkpoint. */
  private isWhole = true;
  /** Whoever appends so much that rows are better made when it is over. */
  private readonly holding = new Set<symbol>();
  private unsubscribe: () => void = () => undefined;
  private looking: NodeJS.Timeout | undefined;
  /** Last failure to read or write, until a batch goes through again. */
  failure: Error | null = null;

  constructor(
    private readonly store: EventStore,
    private made: readonly View[],
    private readonly rows: Views,
    keys: KeyOf,
    private readonly options: { readonly batch?: number; readonly madeAtOnce?: number; readonly cachedEvents?: number; readonly onFailure?: (error: Error) => void; readonly onEvents?: (events: readonly RecordedEvent[]) => void } = {},
  ) {
    [this.checkpoint, this.told] = [rows.checkpoint(), rows.checkpoint()];
    this.maker = new RowMaker(store, rows, keys, options.cachedEvents);
  }

  /** Follows the log from now on. Parked streams are tried once more: a newer version may cope. */
  async start(): Promise<void> {
    const [appended, moved] = [this.store.onAppend(() => this.wakeSoon()), this.rows.onMoved(() => this.wake())];
    this.unsubscribe = () => [appended, moved].forEach((stop) => stop());
    if (await this.takesLead()) await this.retryParked();
    this.wake();
  }

  /** Whether this process writes the rows from here on; what another wrote meanwhile is known and said then. */
  private async takesLead(byForce = false): Promise<boolean> {
    const lead = await this.rows.lead(byForce);
    if (lead === 'ours' && this.leads) return true;
    if (lead === 'other') this.leads = false;
    await this.follow();
    if (lead === 'other') return false;
    await this.maker.begin();
    this.due = new Map((await this.rows.due()).map((due) => [nameOf(due), due]));
    this.leads = true;
    return true;
  }

  private tell(events: readonly RecordedEvent[]): void {
    const { told } = this;
    // Rows that another process exchanged may begin before what was told here.
    const news = told === null ? events : events.filter(({ position }) => this.store.compare(position, told) > 0);
    if (news.length === 0) return;
    this.told = news.at(-1)!.position;
    this.options.onEvents?.(news);
  }

  /** Rows that another process wrote: what they speak of is told to who waits or listens here. */
  private async follow(): Promise<void> {
    const { checkpoint, isWhole } = await this.rows.refreshed();
    if (checkpoint !== null && this.options.onEvents !== undefined) {
      while (this.told === null || this.store.compare(this.told, checkpoint) < 0) {
        const events = (await this.store.readAll(this.told, this.options.batch ?? BATCH)).filter(({ position }) => this.store.compare(position, checkpoint) <= 0);
        if (events.length === 0) break;
        this.tell(events);
        await nextTurn();
      }
    }
    [this.checkpoint, this.isWhole] = [checkpoint, isWhole];
    this.tellWaiters();
  }

  /**
   * Many appends follow each other: until they are over, which who calls says by what is returned, no rows are made, as both would
   * only slow each other down. It ends as soon as somebody waits for rows, and after half a minute: whoever comes then must not wait for all of it.
   */
  holdBack(): () => void {
    const one = Symbol('appends');
    this.holding.add(one);
    const timer = setTimeout(() => over(), HOLD_BACK_MS).unref();
    const over = (): void => {
      clearTimeout(timer);
      this.holding.delete(one);
      this.wakeSoon();
    };
    return over;
  }

  /** Somebody waits: nothing is held back for the sake of others. */
  private wakeNow(): void {
    this.holding.clear();
    this.wake();
  }

  get at(): Position | null {
    return this.checkpoint;
  }

  /** Whether this process writes the rows; of several one does. */
  get isLeading(): boolean {
    return this.leads;
  }

  /** What it makes; another list after an exchange. */
  get views(): readonly View[] {
    return this.made;
  }

  /** Resolves when the views have reached the position. @throws Refusal `late` after the time allowed; `invalid` for no position of this log. */
  async reached(position: Position, withinMs: number): Promise<void> {
    let beyond = true;
    try {
      if (this.knows(position)) return;
      const head = await this.store.head();
      beyond = head === null || this.store.compare(position, head) > 0;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    if (beyond) throw new Refusal('invalid', 'not-a-position', 'after: is not a position of this log.', [{ field: 'after', code: 'not-a-position', message: 'must be a position that a write answered with' }]);
    if (!(await this.within(position, withinMs))) throw new Refusal('late', 'views-behind', 'The views have not reached this position yet; try again in a moment.');
  }

  /** Resolves when the views know the whole log as it was at the start, or some moment since. @throws Refusal `late`. */
  async filledOnce(withinMs: number): Promise<void> {
    if (this.filled) return;
    const head = await this.store.head();
    if (!this.knows(head) && !(await this.within(head!, withinMs))) throw new Refusal('late', 'views-filling', 'The views are being filled from the log; they know only a part of it yet. Try again in a moment.');
    this.filled = true;
  }

  /** Whether all rows get to the position within the time. */
  private async within(position: Position, ms: number): Promise<boolean> {
    // While the head was asked for, the views may have got there; then nothing more may come to wake who waits.
    if (this.knows(position)) return true;
    let timer: NodeJS.Timeout | undefined;
    const reached = new Promise<boolean>((resolve) => {
      const waiter = { position, done: () => resolve(true) };
      this.waiters.push(waiter);
      this.wakeNow();
      timer = setTimeout(() => {
        this.waiters = this.waiters.filter((other) => other !== waiter);
        resolve(false);
      }, ms);
    });
    const inTime = await reached;
    clearTimeout(timer);
    return inTime;
  }

  /** Everything in the log so far is in the views when this resolves. @throws what stands in the way. */
  async caughtUp(): Promise<void> {
    for (;;) {
      this.wakeNow();
      await this.running;
      if (this.failure !== null) throw this.failure;
      const head = await this.store.head();
      if (this.knows(head) || this.stopped) return;
      await this.untilNext();
    }
  }

  /** However short each round is, others get their turn; where another process writes, there is nothing to do but to look again. */
  private async untilNext(): Promise<void> {
    await (this.leads ? nextTurn() : sleep(LOOK_MS / 10));
  }

  /** The views know the log up to the position, at least, when this resolves; or it was stopped. @throws what stands in the way. */
  async past(position: Position | null): Promise<void> {
    while (!this.stopped && !this.knows(position)) {
      this.wakeNow();
      await this.running;
      if (this.failure !== null) throw this.failure;
      await this.untilNext();
    }
  }

  /** Whether all rows speak for the log up to the position. */
  knows(position: Position | null): boolean {
    return (this.leads ? this.due.size === 0 : this.isWhole) && this.hasRead(position);
  }

  private hasRead(position: Position | null): boolean {
    return position === null || (this.checkpoint !== null && this.store.compare(this.checkpoint, position) >= 0);
  }

  /** One after the other: exchanges of the views, and work that needs them to stay the same views. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.exclusive.then(work, work);
    this.exclusive = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Goes on with what the other projector made, which ends: what `ready` gives puts its rows in the place of these, in the turn in
   * which checkpoint and views change too. No batch is under way then, and the other knows at least as much of the log.
   * @throws when the other was stopped or cannot go on; then all is as before.
   */
  exchangedFor(next: Projector, ready: () => Promise<() => void>): Promise<void> {
    return this.exclusively(async () => {
      this.held = true;
      try {
        await this.running;
        // What it read while we looked may have left rows to be made: it makes them before it is stopped.
        for (;;) {
          next.held = false;
          await next.past(this.checkpoint);
          next.held = true;
          await next.running;
          if (next.stopped || next.knows(this.checkpoint)) break;
        }
        await next.stop();
        if (this.stopped || !next.knows(this.checkpoint)) throw new Error('The new views were stopped before they knew enough.');
        const exchange = await ready();
        exchange();
        [this.made, this.maker, this.due, this.checkpoint] = [next.made, next.maker, next.due, next.checkpoint];
        this.maker.goOnWith(this.store, this.rows);
        [this.leads, this.isWhole] = [next.leads, next.isWhole];
        this.tellWaiters();
      } finally {
        this.held = false;
        this.wake();
      }
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.looking);
    this.unsubscribe();
    await this.running;
  }

  private wakeSoon(): void {
    if (this.running !== null) this.wanted = true;
    else if (!this.stopped && !this.held && this.holding.size === 0) this.timer ??= setTimeout(() => this.wake(), GATHER_MS);
  }

  private wake(): void {
    if (this.stopped || this.held) return;
    if (this.running !== null) {
      this.wanted = true;
      return;
    }
    clearTimeout(this.timer);
    this.timer = undefined;
    this.running = this.run().finally(() => {
      this.running = null;
      if (!this.wanted) return;
      this.wanted = false;
      if (this.waiters.length > 0) this.wake();
      else this.wakeSoon();
    });
  }

  private async run(): Promise<void> {
    try {
      while (!this.stopped && !this.held) {
        if (!(await this.takesLead())) {
          this.lookAgain();
          break;
        }
        const events = await this.batch();
        const isFull = events.length === (this.options.batch ?? BATCH);
        if (events.length > 0) await this.project(events, isFull && this.waiters.length === 0);
        this.failure = null;
        if (!isFull || this.waiters.length > 0) await this.makeDue();
        // Whether or not anybody asked by then: a disk that is full from here on keeps the views behind, not empty.
        this.filled ||= !isFull && this.due.size === 0;
        await nextTurn();
        // A short page: what came since is gathered first, unless somebody waits.
        if (events.length === 0 || ((!isFull || this.holding.size > 0) && this.waiters.length === 0)) break;
      }
      this.failure = null;
    } catch (error) {
      // Reads and writes are tried again with the next event, or after a moment.
      this.failure = error as Error;
      // Whether a batch got to another machine, nobody knows: it is looked up.
      this.leads = false;
      // Another process may reach what this one does not.
      await this.rows.resign().catch(() => undefined);
      this.options.onFailure?.(this.failure);
      if (!this.stopped) setTimeout(() => this.wake(), 1000).unref();
    }
  }

  /** The next events of the log. */
  private async batch(): Promise<RecordedEvent[]> {
    const most = this.options.batch ?? BATCH;
    const page = isFar(this.store) ? most : PAGE;
    const events: RecordedEvent[] = [];
    for (let isLast = false; !isLast && events.length < most; await turn()) {
      const asked = Math.min(page, most - events.length);
      const some = await this.store.readAll(events.at(-1)?.position ?? this.checkpoint, asked);
      events.push(...some);
      isLast = some.length < asked;
    }
    return events;
  }

  /** For as long as another process writes the rows: it may stop to, without a word. */
  private lookAgain(): void {
    clearTimeout(this.looking);
    this.looking = setTimeout(() => this.wake(), LOOK_MS).unref();
  }

  private async project(events: readonly RecordedEvent[], isPutOff: boolean): Promise<void> {
    const parked: Parked[] = [];
    const changes: Change[] = [];
    const due: Due[] = [];
    const opened = new Map<string, RecordedEvent>();
    const ofEvents = this.made.filter((view) => view.from === 'events');
    for (const event of events) {
      for (const view of ofEvents) {
        const ops = this.maker.fromEvent(view, event, opened, parked);
        if (ops.length > 0) changes.push({ view, at: event, ops });
      }
      await turn();
    }
    for (const view of this.made) {
      if (view.from === 'events') continue;
      if (isPutOff) {
        this.maker.takeIn(view, events);
        due.push(...dueIn(view, events).filter((one) => !this.maker.waits(view, one, parked)));
      } else changes.push(...(await this.maker.fromStreams(view, dueIn(view, events), parked, events)));
    }
    // What was put off before is made with what came now.
    const made = changes.flatMap(({ view, at }) => (view.from === 'events' ? [] : (this.due.get(nameOf({ view: view.name, stream: at.stream })) ?? [])));
    const { position: checkpoint, stream, revision, id } = events.at(-1)!;
    const tail = { stream, revision, id };
    const recordedAt = events.reduce((latest, event) => Math.max(latest, event.recordedAt), 0);
    try {
      await this.rows.apply({ ops: changes.flatMap(({ ops }) => ops), checkpoint, tail, recordedAt, parked, events: events.length, due, made });
    } catch (error) {
      if (!rejectsRow(error)) throw error;
      await this.applyApart(changes, parked);
      await this.rows.apply({ ops: [], checkpoint, tail, recordedAt, parked, events: events.length, due, made });
    }
    this.maker.remember(parked);
    for (const one of made) this.due.delete(nameOf(one));
    for (const one of due) this.due.set(nameOf(one), one);
    this.checkpoint = checkpoint;
    this.tellWaiters();
    this.tell(events);
  }

  /** Makes the rows that were put off, some streams a commit. */
  private async makeDue(): Promise<void> {
    for (const view of this.made) {
      if (view.from === 'events') continue;
      for (let made = this.next(view); made.length > 0 && !this.stopped; made = this.next(view)) {
        const parked: Parked[] = [];
        const changes = await this.maker.fromStreams(view, made, parked);
        try {
          await this.rows.apply({ ops: changes.flatMap(({ ops }) => ops), checkpoint: this.checkpoint, parked, made });
        } catch (error) {
          if (!rejectsRow(error)) throw error;
          await this.applyApart(changes, parked);
          await this.rows.apply({ ops: [], checkpoint: this.checkpoint, parked, made });
        }
        this.maker.remember(parked);
        for (const one of made) this.due.delete(nameOf(one));
        await turn();
      }
    }
    // Of a view that is no more.
    if (!this.stopped) this.due.clear();
    this.tellWaiters();
  }

  /** At most so many streams, and so many events: a few long ones take as long as many short ones. */
  private next({ name }: StreamView): Due[] {
    const most = { streams: this.options.madeAtOnce ?? MADE_AT_ONCE, events: MADE_OF };
    const some: Due[] = [];
    let events = 0;
    for (const due of this.due.values()) {
      if (due.view !== name) continue;
      events += due.revision + 1;
      if (some.push(due) === most.streams || events >= most.events) break;
    }
    return some;
  }

  private tellWaiters(): void {
    const done = this.waiters.filter(({ position }) => this.knows(position));
    this.waiters = this.waiters.filter((waiter) => !done.includes(waiter));
    for (const waiter of done) waiter.done();
  }

  /** One by one, when the database takes no row of the batch because of one: only that one's stream is parked. */
  private async applyApart(changes: readonly Change[], parked: Parked[]): Promise<void> {
    for (const { view, at, ops } of changes) {
      if (this.maker.waits(view, at, parked)) continue;
      try {
        await this.rows.apply({ ops, checkpoint: this.checkpoint });
      } catch (error) {
        if (!rejectsRow(error)) throw error;
        this.maker.forget(view, at);
        parked.push(parkedBy(view, at, error));
      }
    }
  }

  /** The same while it runs: the reading of the log waits meanwhile, so that no event is made into rows twice. */
  retryWhileRunning(only?: string): Promise<void> {
    return this.exclusively(async () => {
      this.held = true;
      try {
        await this.running;
        if (!this.stopped && (await this.takesLead(true))) await this.retryParked(only);
      } finally {
        this.held = false;
        this.wake();
      }
    });
  }

  /** Takes up every parked stream, or only one, where it stopped; what still fails stays parked. */
  async retryParked(only?: string): Promise<void> {
    for (const { view: name, stream, revision } of await this.rows.parked()) {
      if (only !== undefined && stream !== only) continue;
      const view = this.made.find((candidate) => candidate.name === name);
      if (view === undefined) continue;
      this.maker.free({ view: name, stream });
      const upTo = this.checkpoint;
      const events = (await this.store.read(stream, revision)).filter((event) => upTo !== null && this.store.compare(event.position, upTo) <= 0);
      const parked: Parked[] = [];
      const changes = view.from === 'streams' ? await this.maker.fromStreams(view, dueIn(view, events), parked) : events.map((event) => ({ view, at: event, ops: this.maker.fromEvent(view, event, new Map(), parked) }));
      await this.applyApart(changes, parked);
      await this.rows.apply({ ops: [], checkpoint: this.checkpoint, freed: [{ view: name, stream }], parked });
      this.maker.remember(parked);
    }
  }
}
