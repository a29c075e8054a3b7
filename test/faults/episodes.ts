/**
 * What a network does to a store of KurrentDB while eight clients append and one reads along: an episode, then all is well again.
 * What stands is looked up in the emulated node's own log, past the adapter.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable, WrongRevision, type Appended, type EventStore, type NewEvent, type Position, type RecordedEvent } from '../../src/kernel/event-store.js';
import { KurrentStore } from '../../src/stores/kurrentdb.store.js';
import { command } from '../event-store.contract.js';
import { KurrentCluster } from '../kurrentdb/cluster.js';
import type { KurrentLog } from '../kurrentdb/log.js';
import { FaultProxy } from '../kurrentdb/proxy.js';
import { KurrentServer } from '../kurrentdb/server.js';

export const KINDS = ['refuse', 'reset', 'black hole', 'half-open', 'latency', 'leader change', 'acknowledged, then cut'] as const;
export type Kind = (typeof KINDS)[number];

export const WRITERS = 8;
const STREAMS = 5;
const PAGE = 50;
export const SILENCE_MS = 400;
/** A call may take its deadline and this. */
const GRACE_MS = 1_000;

export interface Opening {
  readonly url: string;
  readonly deadlineMs: number;
}

export const soundly = ({ url, deadlineMs }: Opening): Promise<EventStore> => KurrentStore.open(`${url}&defaultDeadline=${deadlineMs}`, { silenceMs: SILENCE_MS });

export interface Findings {
  /** A sentence each, that begins with the name of the check. */
  readonly problems: readonly string[];
  readonly acknowledged: number;
  /** Calls that ended without an answer. */
  readonly unanswered: number;
  readonly reconnects: number;
  /** By how much the slowest call went past its deadline; below zero when none did. */
  readonly pastDeadlineMs: number;
}

interface Stage extends Opening {
  readonly log: KurrentLog;
  /** The way that no fault is on. */
  readonly direct: string;
  /** Goes through the fault and heals. */
  act(): Promise<void>;
  stop(): Promise<void>;
  readonly seenFrom: 'outage' | 'reconnects' | 'nothing';
  /** Whether appends must succeed meanwhile. */
  readonly goesOn: boolean;
}

/** A command that was acknowledged. */
interface Acknowledged {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly verdict: Appended;
}

async function behindProxy(kind: Kind, random: () => number): Promise<Stage> {
  const server = await KurrentServer.start();
  const proxy = await FaultProxy.start(server.port);
  const deadlineMs = kind === 'latency' ? 6_000 : 1_000;
  const lastsMs = kind === 'latency' ? 6_000 : 300 + random() * 1_500;
  // Each way; two seconds there and back, or twice as much, where nothing needs to get through.
  const latencyMs = random() < 0.7 ? 1_000 : 2_000;
  return {
    url: `kurrentdb://127.0.0.1:${proxy.port}?tls=false`,
    direct: server.url,
    deadlineMs,
    log: server.log,
    async act() {
      if (kind === 'refuse') await proxy.refuse();
      if (kind === 'black hole') proxy.blackHole();
      if (kind === 'half-open') proxy.halfOpen();
      if (kind === 'latency') proxy.delay(latencyMs);
      if (kind === 'reset' || kind === 'acknowledged, then cut') {
        for (let i = 0; i < 8; i += 1) {
          if (kind === 'reset') {
            if (random() < 0.5) proxy.reset();
            else proxy.cutAfterRequestBytes(Math.floor(random() * 3_000));
          } else if (random() < 0.3) proxy.cutBeforeResponse();
          else server.fail('append', { after: 'commit', how: (['cut', 'error', 'timeout', 'never-answer'] as const)[Math.floor(random() * 4)]! });
          await sleep(lastsMs / 8);
        }
      } else await sleep(lastsMs);
      server.calls.heal();
      await proxy.heal();
    },
    async stop() {
      await proxy.stop();
      await server.stop();
    },
    seenFrom: kind === 'latency' ? 'nothing' : kind === 'reset' || kind === 'acknowledged, then cut' || lastsMs < deadlineMs ? 'reconnects' : 'outage',
    goesOn: kind === 'latency' && latencyMs === 1_000,
  };
}

async function inACluster(random: () => number): Promise<Stage> {
  const cluster = await KurrentCluster.start(3);
  const dies = random() < 0.5;
  return {
    url: cluster.url,
    direct: cluster.url,
    deadlineMs: 1_500,
    log: cluster.log,
    async act() {
      await cluster.elect(1, random() < 0.5 ? random() * 700 : 0);
      await sleep(300);
      const led = cluster.leader;
      await cluster.elect(2, random() * 300);
      if (dies) await led?.stop();
      await sleep(300);
    },
    stop: () => cluster.stop(),
    seenFrom: 'reconnects',
    goesOn: false,
  };
}

/** One episode from beginning to end. */
export async function episode(kind: Kind, random: () => number, open: (opening: Opening) => Promise<EventStore> = soundly): Promise<Findings> {
  const stage = kind === 'leader change' ? await inACluster(random) : await behindProxy(kind, random);
  const ends: (() => Promise<void>)[] = [() => stage.stop()];
  try {
    const store = await patiently(() => open(stage));
    ends.push(() => store.close());
    const other = await KurrentStore.open(stage.direct);
    ends.push(() => other.close());
    const run = new Run(stage, store);
    ends.push(() => Promise.resolve(run.abandon()));
    const ended = run.start();
    await sleep(200);
    const before = run.acknowledged.length;
    const watch = run.watchStatus();
    ends.push(() => Promise.resolve(watch()));
    await stage.act();
    if (stage.goesOn && run.acknowledged.length === before) run.problems.push('not going on: nothing was acknowledged meanwhile');
    await run.healed();
    watch();
    run.stop();
    await ended;
    // Somebody else writes last: only the subscription tells of it.
    await other.append('others', command(), 'any');
    await run.readToTheEnd();
    run.check();
    return { problems: run.problems, acknowledged: run.acknowledged.length, unanswered: run.unanswered, reconnects: store.status?.().reconnects ?? 0, pastDeadlineMs: run.pastDeadlineMs };
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** Before the fault: on a machine that stands still for a moment, a short deadline passes without one. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let left = 5; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

class Run {
  readonly problems: string[] = [];
  readonly acknowledged: Acknowledged[] = [];
  readonly seen: RecordedEvent[] = [];
  readonly #latest: number[] = Array<number>(WRITERS).fill(0);
  #isDone = false;
  #stopListening = (): void => undefined;
  #wake = (): void => undefined;
  #reading: Promise<void> = Promise.resolve();
  #sawOutage = false;
  unanswered = 0;
  pastDeadlineMs = -Infinity;

  constructor(
    private readonly stage: Stage,
    private readonly store: EventStore,
  ) {}

  start(): Promise<unknown> {
    this.#reading = this.#read();
    return Promise.all(Array.from({ length: WRITERS }, (_, writer) => this.#write(writer)));
  }

  stop(): void {
    this.#isDone = true;
  }

  /** Nobody waits for its clients any more: they end with what they ask now. */
  abandon(): void {
    this.stop();
    this.#stopListening();
    this.#wake();
  }

  /** Looks at the status until it is stopped. */
  watchStatus(): () => void {
    const timer = setInterval(() => {
      const status = this.store.status?.();
      if (status?.connected === false && status.notes.some((note) => /^KurrentDB at 127\.0\.0\.1:\d+\S* .+\.$/.test(note))) this.#sawOutage = true;
    }, 20);
    return () => clearInterval(timer);
  }

  /** Every client gets an answer again, without anything being done to the store. */
  async healed(): Promise<void> {
    const from = performance.now();
    const limit = 2 * this.stage.deadlineMs + 3_000;
    while (this.#latest.some((at) => at < from) && performance.now() - from < limit) await sleep(20);
    const waiting = this.#latest.filter((at) => at < from).length;
    if (waiting > 0) this.problems.push(`not healed: ${waiting} clients had no answer ${Math.round(limit)} ms after all was well again`);
  }

  /** The reader has until the watchdog must have noticed that it was not woken. */
  async readToTheEnd(): Promise<void> {
    const last = this.#ours().length;
    for (let waited = 0; this.seen.length < last && waited < SILENCE_MS + 3_000; waited += 20) await sleep(20);
    this.#stopListening();
    this.#wake();
    await this.#reading;
  }

  check(): void {
    const standing = this.#ours();
    const places = new Map(standing.map((event) => [`${event.stream} ${event.revision}`, event]));
    const counts = new Map<string, number>();
    for (const { stream, command: name, n } of standing) counts.set(`${stream} ${name} ${n}`, (counts.get(`${stream} ${name} ${n}`) ?? 0) + 1);
    for (const [key, count] of counts) if (count > 1) this.problems.push(`doubled: ${key} stands ${count} times`);
    for (const { stream, events, verdict } of this.acknowledged) {
      const missing = events.filter(({ metadata: { commandId, n } }) => !counts.has(`${stream} ${commandId} ${n}`));
      if (missing.length > 0) this.problems.push(`lost: ${missing.length} events of an acknowledged command in ${stream}`);
      const last = places.get(`${stream} ${verdict.revision}`);
      const said = { command: events.at(-1)?.metadata.commandId, id: verdict.id, position: verdict.position, recordedAt: verdict.recordedAt };
      const is = { command: last?.command, id: last?.id, position: `${last?.position}/${last?.position}`, recordedAt: last?.recordedAt };
      if (missing.length === 0 && JSON.stringify(said) !== JSON.stringify(is)) this.problems.push(`wrong verdict: ${JSON.stringify(said)} for ${JSON.stringify(is)}`);
    }
    const next = new Map<string, number>();
    for (const { stream, revision } of this.seen) {
      if (revision !== (next.get(stream) ?? 0)) this.problems.push(`gap: the reader saw revision ${revision} of ${stream} for ${next.get(stream) ?? 0}`);
      next.set(stream, revision + 1);
    }
    const unseen = standing.filter(({ id }, i) => this.seen[i]?.id !== id).length;
    if (unseen > 0) this.problems.push(`unseen: of ${standing.length} events the reader saw ${this.seen.length}, ${unseen} not in their place`);
    if (this.pastDeadlineMs > GRACE_MS) this.problems.push(`late: a call ended ${Math.round(this.pastDeadlineMs)} ms past its deadline`);
    this.#checkStatus();
  }

  #checkStatus(): void {
    const status = this.store.status?.();
    if (status === undefined) return;
    if (!status.connected || status.notes.length > 0) this.problems.push(`status: after all was well it says ${JSON.stringify(status)}`);
    if (Date.now() - status.lastContact > 5_000) this.problems.push('status: the last contact is long ago');
    if (this.stage.seenFrom === 'outage' && !this.#sawOutage) this.problems.push('status: nothing told of the outage');
    if (this.stage.seenFrom !== 'nothing' && status.reconnects === 0) this.problems.push('status: it counts no connection given up');
  }

  /** Ours as the node has them, in log order. */
  #ours(): { stream: string; revision: number; position: bigint; id: string; command: string; n: number; recordedAt: number }[] {
    return this.stage.log.all
      .filter(({ stream }) => !stream.startsWith('$'))
      .map(({ stream, revision, position, metadata }) => {
        const { id, commandId, n, recordedAt } = JSON.parse(Buffer.from(metadata).toString('utf8')) as { id: string; commandId: string; n: number; recordedAt: number };
        return { stream, revision: Number(revision), position, id, command: commandId, n, recordedAt };
      });
  }

  /** Keeps the time of a call, however it ends. */
  async #timed<T>(call: Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await call;
    } catch (error) {
      if (!(error instanceof StoreUnavailable || error instanceof WrongRevision)) this.problems.push(`unclear: ${String(error)}`);
      if (error instanceof StoreUnavailable && error.reason !== 'unreachable') this.problems.push(`unclear: ${error.reason}: ${error.message}`);
      if (error instanceof StoreUnavailable) this.unanswered += 1;
      throw error;
    } finally {
      this.pastDeadlineMs = Math.max(this.pastDeadlineMs, performance.now() - start - this.stage.deadlineMs);
    }
  }

  /** As the executor does it: at the revision it knows, again after somebody else; and as its caller does it: again without an answer. */
  async #write(writer: number): Promise<void> {
    const revisions = new Map<string, number>();
    for (let i = 0; !this.#isDone; i += 1) {
      const stream = `s${(writer * 3 + i) % STREAMS}`;
      let events = command((i % 3) + 1);
      for (;;) {
        try {
          const known = revisions.get(stream);
          const read = await this.#timed(this.store.read(stream, known === undefined ? 0 : known + 1));
          const last = read.at(-1)?.revision ?? known;
          if (last !== undefined) revisions.set(stream, last);
          const verdict = await this.#timed(this.store.append(stream, events, last ?? 'no-stream'));
          this.acknowledged.push({ stream, events, verdict });
          this.#latest[writer] = performance.now();
          break;
        } catch (error) {
          if (this.#isDone) return;
          if (!(error instanceof WrongRevision || error instanceof StoreUnavailable)) return;
          // Another request, another id for what it would write.
          if (error instanceof StoreUnavailable) events = events.map((event) => ({ ...event, id: randomUUID() }));
        }
      }
      await sleep(5 + ((writer * 7 + i) % 20));
    }
  }

  async #read(): Promise<void> {
    let isWoken = true;
    let after: Position | null = null;
    let isStopped = false;
    const stop = this.store.onAppend(() => {
      isWoken = true;
      this.#wake();
    });
    this.#stopListening = () => {
      isStopped = true;
      stop();
    };
    while (!isStopped) {
      if (!isWoken) await new Promise<void>((resolve) => (this.#wake = resolve));
      isWoken = false;
      try {
        for (;;) {
          const page: RecordedEvent[] = await this.#timed(this.store.readAll(after, PAGE));
          this.seen.push(...page);
          after = page.at(-1)?.position ?? after;
          if (page.length === 0) break;
        }
      } catch {
        isWoken = true;
        if (!isStopped) await sleep(100);
      }
    }
  }
}
