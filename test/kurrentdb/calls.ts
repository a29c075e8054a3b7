/** What the emulated node was asked, and what is to go wrong with it. */
import { setTimeout as sleep } from 'node:timers/promises';

export type Kind = 'append' | 'delete' | 'tombstone' | 'read' | 'subscribe' | 'gossip' | 'features';

export interface Fault {
  /** `commit`: what was asked stands, but the answer is lost. `before`: nothing stands. For reads there is no difference. */
  readonly after: 'commit' | 'before';
  /**
   * `cut` closes the connection, `error` refuses with `code` (UNAVAILABLE if none is named), `timeout` is the answer of a node
   * that did not hear of the commit in time, `never-answer` leaves the call open.
   */
  readonly how: 'cut' | 'error' | 'timeout' | 'never-answer';
  /** How many calls; 1 if not named. */
  readonly times?: number;
  readonly code?: number;
}

export class Calls {
  readonly counts: Record<Kind, number> = { append: 0, delete: 0, tombstone: 0, read: 0, subscribe: 0, gossip: 0, features: 0 };
  private readonly faults: { kind: Kind; fault: Fault; left: number }[] = [];
  private readonly delays = new Map<Kind, number>();
  private readonly stopped = new AbortController();

  fail(kind: Kind, fault: Fault): void {
    this.faults.push({ kind, fault, left: fault.times ?? 1 });
  }

  /** Every call of the kind waits so long; 0 ends it. */
  delay(kind: Kind, ms: number): void {
    this.delays.set(kind, ms);
  }

  /** Ends planned faults and delays. */
  heal(): void {
    this.faults.length = 0;
    this.delays.clear();
  }

  /** Counts a call and gives what is to go wrong with it. */
  async begin(kind: Kind): Promise<Fault | undefined> {
    this.counts[kind] += 1;
    const planned = this.faults.find((one) => one.kind === kind && one.left > 0);
    if (planned !== undefined) planned.left -= 1;
    const ms = this.delays.get(kind) ?? 0;
    if (ms > 0) await sleep(ms, undefined, { signal: this.stopped.signal, ref: false }).catch(() => undefined);
    return planned?.fault;
  }

  stop(): void {
    this.stopped.abort();
  }
}
