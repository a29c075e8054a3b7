/**
 * Wakes those who wait for new events, whoever wrote them. A subscription may end without being resumed, or stay open and
 * deliver nothing: it is made anew where it stood, and a look at the end of `$all` finds out when it has fallen silent.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { END, type AllStreamSubscription, type KurrentDBClient, type ReadPosition } from '@kurrent/kurrentdb-client';
import { LEAVE_MS, within, type Connection } from './kurrentdb.connection.js';
import { compare, isSystem, type LogPosition } from './kurrentdb.event.js';

/** How long a silence may last before the end of the log is looked at. */
const SILENCE_MS = 5_000;
/** The events of one append arrive one by one; they wake once. */
const GATHER_MS = 20;
const PAUSE_MS = 500;
/** Events that may wait for us on the line; the subscription only says that there is something to read. */
const BUFFER = 16;

export class Follower {
  readonly #listeners = new Set<() => void>();
  #seen: LogPosition | null = null;
  #woken: LogPosition | null = null;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | null = null;
  #stopped = new AbortController();

  constructor(
    private readonly connection: Connection,
    /** The last event of `$all`, whosever it is. */
    private readonly end: () => Promise<LogPosition | null>,
    private readonly silenceMs = SILENCE_MS,
  ) {}

  add(listener: () => void): () => void {
    // A wrapper of its own for each call, so that the same function may listen twice and stop once.
    const own = (): void => {
      if (this.#listeners.has(own)) listener();
    };
    this.#listeners.add(own);
    this.#running ??= this.#follow();
    return () => void this.#listeners.delete(own);
  }

  /** An append of this process stands at the position. */
  wrote(position: LogPosition): void {
    if (this.#woken === null || compare(position, this.#woken) > 0) this.#wake(position);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    clearTimeout(this.#timer);
    this.#listeners.clear();
    // A call that waits for its deadline ends by itself.
    if (this.#running !== null) await within(LEAVE_MS, this.#running).catch(() => undefined);
  }

  #wake(position: LogPosition): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#woken = position;
    for (const listener of this.#listeners) queueMicrotask(listener);
  }

  #saw(position: LogPosition, isSystemEvent: boolean): void {
    this.#seen = position;
    if (isSystemEvent || (this.#woken !== null && compare(position, this.#woken) <= 0)) return;
    this.#timer ??= setTimeout(() => this.#wake(this.#seen!), GATHER_MS);
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const line = this.connection.line('follow');
      try {
        // What came before the first subscription is read by those who start to listen.
        this.#seen ??= await this.end();
        await this.#subscribed(line.client, this.#seen ?? END);
      } catch {
        // The next look at the end of the log tells whether there is a line at all.
      }
      if (signal.aborted) return;
      this.connection.giveUp('follow', line);
      // Whatever came while nobody listened.
      for (const listener of this.#listeners) queueMicrotask(listener);
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Returns, or throws, when the subscription has ended or fallen silent. */
  async #subscribed(client: KurrentDBClient, fromPosition: ReadPosition): Promise<void> {
    const subscription = client.subscribeToAll({ fromPosition }, { highWaterMark: BUFFER });
    const stop = (): void => void subscription.destroy();
    this.#stopped.signal.addEventListener('abort', stop, { once: true });
    let isLooking = false;
    const watch = setInterval(() => {
      if (isLooking) return;
      isLooking = true;
      void this.#check(subscription).finally(() => (isLooking = false));
    }, this.silenceMs);
    try {
      for await (const { event } of subscription) {
        if (event?.position === undefined) continue;
        this.connection.heard();
        this.#saw(event.position, isSystem(event));
      }
    } finally {
      clearInterval(watch);
      this.#stopped.signal.removeEventListener('abort', stop);
      void subscription.unsubscribe().catch(() => undefined);
    }
  }

  /** Ends a subscription that has not delivered what stands in the log. */
  async #check(subscription: AllStreamSubscription): Promise<void> {
    const before = this.#seen;
    try {
      const end = await this.end();
      const isSilent = end !== null && this.#seen === before && (before === null || compare(end, before) > 0);
      // What was written this very moment is still on its way.
      if (!isSilent) return;
      await sleep(Math.min(this.silenceMs, 1_000), undefined, { signal: this.#stopped.signal });
      if (this.#seen === before) subscription.destroy(new Error('silent'));
    } catch {
      subscription.destroy(new Error('out of reach'));
    }
  }
}
