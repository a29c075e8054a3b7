/**
 * Makes the views anew beside the live ones, in a file of its own, while everything goes on; when the new ones know at least
 * as much of the log, they take the place of the live ones in one turn of the event loop. Interrupted, nothing of it is kept.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '../kernel/event-store.js';
import type { View } from '../kernel/view.js';
import type { KeyOf } from '../vault/codec.js';
import type { Views } from '../views/views.js';
import { Projector } from './projector.js';

const RETRY_MS = 1000;
const PROGRESS_MS = 200;
/** How long others have to let go of rows that were exchanged. */
const LET_GO_MS = 30_000;
const LOOK_MS = 100;

/** How far it has come, in events of the log. */
export interface RebuildProgress {
  readonly done: number;
  readonly of: number;
}

interface Waiting {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

interface Goal {
  readonly views: readonly View[];
  /** The rows it begins with: none, or those of now. */
  readonly begin: (signal: AbortSignal) => Promise<Views>;
  /** Called in the turn of the exchange. */
  readonly exchanged: () => void;
  readonly given: AbortController;
}

export class Rebuild {
  private goal: Goal | null = null;
  /** Those who wait for live rows without remains, from a time at which nobody had begun to make them. */
  private waiting: Waiting[] = [];
  /** Those who wait for rows made anew from the log. */
  private anewWaiting: Waiting[] = [];
  private readonly stopping = new AbortController();
  private working: Promise<void> | null = null;
  private next: Views | null = null;
  private stopped = false;

  constructor(
    private readonly store: EventStore,
    private readonly keyOf: KeyOf,
    private readonly rows: Views,
    private readonly projector: Projector,
    private readonly onFailure: (error: Error) => void = () => undefined,
  ) {}

  /** Removes what was left by one that was interrupted. */
  async start(): Promise<void> {
    await this.rows.clearBeside();
  }

  /** Null when there is nothing to do. */
  progress(): RebuildProgress | null {
    if (this.goal === null) return null;
    return { done: this.next?.events() ?? 0, of: this.rows.events() };
  }

  /** Makes these views the live ones, sooner or later; a later wish takes the place of an earlier one. */
  want(views: readonly View[], exchanged: () => void): void {
    this.forget();
    if (this.stopped) return;
    this.goal = { views, begin: () => this.rows.beside(views), exchanged, given: new AbortController() };
    this.working ??= this.work();
  }

  /** What the live views are is what is wanted. */
  forget(): void {
    this.goal?.given.abort();
    this.goal = null;
  }

  /**
   * Resolves when the live rows stand in a file that holds nothing of what was removed before this call: they are copied row by
   * row beside the live ones, brought up to date, and exchanged. @throws when it was stopped, or cannot be written.
   */
  withoutRemains(): Promise<void> {
    if (this.stopped) return Promise.reject(new Error('The views are closed.'));
    return new Promise((done, failed) => {
      this.waiting.push({ done, failed });
      this.working ??= this.work();
    });
  }

  /**
   * Resolves when the live rows were made anew from the log since this call, whatever they were before.
   * `onProgress` hears now and then how far it has come. @throws when it was stopped, or cannot be written.
   */
  anew(onProgress: (progress: RebuildProgress) => void = () => undefined): Promise<void> {
    if (this.stopped) return Promise.reject(new Error('The views are closed.'));
    const say = (): void => onProgress({ done: this.next?.events() ?? 0, of: this.rows.events() });
    say();
    const timer = setInterval(say, PROGRESS_MS);
    return new Promise<void>((done, failed) => {
      this.anewWaiting.push({ done, failed });
      this.working ??= this.work();
    }).finally(() => clearInterval(timer));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.stopping.abort();
    this.forget();
    await this.working;
  }

  private async work(): Promise<void> {
    // In the turn in which it finds nothing to do it says that nobody works.
    for (let goal = this.goal; ; goal = this.goal) {
      if (goal === null) {
        // What is wanted goes first: it is made of the log, and may hold remains itself.
        if (this.anewWaiting.length > 0 || this.waiting.length > 0) {
          await this.renew(this.anewWaiting.length > 0);
          continue;
        }
        this.working = null;
        return;
      }
      const { signal } = goal.given;
      try {
        await this.make(goal);
        if (this.goal === goal) this.goal = null;
      } catch (error) {
        if (signal.aborted) continue;
        this.onFailure(error as Error);
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private async renew(fromLog: boolean): Promise<void> {
    const waiting = fromLog ? this.anewWaiting : this.waiting;
    if (fromLog) this.anewWaiting = [];
    else this.waiting = [];
    const { views } = this.projector;
    try {
      this.stopping.signal.throwIfAborted();
      await this.make({ views, begin: (signal) => (fromLog ? this.rows.beside(views) : this.rows.copied(views, signal)), exchanged: () => undefined, given: this.stopping });
      await this.oldGone(!fromLog);
      for (const { done } of waiting) done();
    } catch (error) {
      for (const { failed } of waiting) failed(error);
    }
  }

  /** Of the rows before, others may still read. `isNeeded`: whoever waits for rows without remains waits for their end too. @throws when that does not come. */
  private async oldGone(isNeeded: boolean): Promise<void> {
    const until = performance.now() + (isNeeded ? LET_GO_MS : 0);
    while (!(await this.rows.clearBeside())) {
      if (performance.now() >= until) {
        if (isNeeded) throw new Error('Rows that were exchanged are still read by others.');
        return;
      }
      await sleep(LOOK_MS, undefined, { signal: this.stopping.signal });
    }
  }

  /** @throws when it is given up, the log cannot be read or the rows not written. */
  private async make(goal: Goal): Promise<void> {
    const { signal } = goal.given;
    const rows = await goal.begin(signal);
    const projector = new Projector(this.store, goal.views, rows, this.keyOf, { onFailure: this.onFailure });
    this.next = rows;
    let isIn = false;
    const givenUp = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    givenUp.catch(() => undefined);
    try {
      await projector.start();
      await Promise.race([projector.past(this.projector.at), givenUp]);
      const exchanged = this.projector.exchangedFor(projector, async () => {
        const exchange = await this.rows.exchange(rows);
        return () => {
          signal.throwIfAborted();
          exchange();
          isIn = true;
          goal.exchanged();
        };
      });
      exchanged.catch(() => undefined);
      await Promise.race([exchanged, givenUp]);
    } finally {
      this.next = null;
      await projector.stop();
      if (!isIn) await rows.close(true);
    }
  }
}
