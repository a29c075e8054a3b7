/**
 * The line to KurrentDB: the clients, and a deadline of our own on every call, since the client's is not kept towards a peer
 * that never answers. A client that failed is given up, never mended: the next try has a new one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { StoreUnavailable, StreamDamaged } from '../kernel/event-store.js';
import type { Address } from './kurrentdb.address.js';

/** The oldest server this is made for: the line that was under long-term support when it was written. */
export const OLDEST = { major: 24, minor: 10 } as const;

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
export const LEAVE_MS = 1_000;
/**
 * Appends on the line at once. The client's stream asks to wait from the 16th message on; when the line breaks, what waits
 * there is rejected where nobody can catch it, and the process ends.
 */
const AT_ONCE = 12;

type Kind = 'append' | 'read' | 'follow';

/** What went wrong, in the client's own words for it; `again` when another try may succeed. */
interface Failure {
  readonly again: boolean;
  readonly sentence: string;
}

class NoAnswer extends Error {
  readonly type = 'no-answer';
}

/** How long an operation of the store may take, all its calls together. */
export class Deadline {
  #end: number;

  constructor(ms: number) {
    this.#end = performance.now() + ms;
  }

  get left(): number {
    return this.#end - performance.now();
  }

  /** What went on for long because there is much is given back. */
  extend(ms: number): void {
    this.#end += ms;
  }
}

/** What the client does not show: it would reconnect by itself, and keep its channel open for ever. */
interface Inside {
  createChannel: () => Promise<{ close(): void }>;
  handleError: () => Promise<void>;
}

/** One client with its channels, for one purpose. */
class Line {
  readonly client: KurrentDBClient;
  readonly #born = performance.now();
  readonly #channels = new Set<{ close(): void }>();
  #hasAnswered = false;
  #isLeft = false;

  constructor(address: Address, kind: Kind) {
    this.client = KurrentDBClient.connectionString(address.url);
    const inside = this.client as unknown as Inside;
    const { createChannel } = inside;
    inside.createChannel = async () => {
      if (this.#isLeft) throw new Error('the connection was given up');
      const channel = await createChannel();
      if (this.#isLeft) channel.close();
      else this.#channels.add(channel);
      return channel;
    };
    // Nobody waits for it, and it may fail.
    inside.handleError = () => Promise.resolve();
    // The part of the client that reads takes the password as it is written in the URL.
    const { credentials, isTls } = address;
    if (kind === 'read' && credentials !== undefined && isTls) this.client.setCredentialsProvider(() => Promise.resolve(credentials));
  }

  answered(): void {
    this.#hasAnswered = true;
  }

  /** Not yet connected, as far as anybody knows: over a slow network that takes longer than a try. */
  isYoung(ms: number): boolean {
    return !this.#hasAnswered && performance.now() - this.#born < ms;
  }

  /** Ends its streams and its connection. */
  async leave(): Promise<void> {
    this.#isLeft = true;
    await within(LEAVE_MS, this.client.dispose()).catch(() => undefined);
    for (const channel of this.#channels) channel.close();
    this.#channels.clear();
  }
}

/** So many may enter at once; the others wait in order. */
class Gate {
  readonly #waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** @throws NoAnswer when no place gets free in time. */
  async enter(ms: number): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    let own = (): void => undefined;
    const place = new Promise<void>((resolve) => this.#waiting.push((own = resolve)));
    try {
      await within(ms, place);
    } catch (error) {
      const at = this.#waiting.indexOf(own);
      // It may have been given to us in this very moment.
      if (at === -1) this.exit();
      else this.#waiting.splice(at, 1);
      throw error;
    }
  }

  exit(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}

export class Connection {
  readonly #lines = new Map<Kind, Line>();
  readonly #gate = new Gate(AT_ONCE);
  #closed = false;
  lastContact = 0;
  reconnects = 0;
  /** Last failure, until something succeeds. */
  failure: string | null = null;

  constructor(readonly address: Address) {}

  deadline(): Deadline {
    return new Deadline(this.address.deadlineMs);
  }

  /** A client for one purpose only: an error of one must not end what another does. */
  line(kind: Kind): Line {
    this.refuseIfClosed();
    let line = this.#lines.get(kind);
    if (line === undefined) {
      line = new Line(this.address, kind);
      this.#lines.set(kind, line);
    }
    return line;
  }

  /**
   * Works until it succeeds or the deadline is over; half of it is for one try, so that a dead line leaves time for a new one.
   * `work` must be safe to do again.
   * @throws StoreUnavailable, or an error that another try would only repeat, as the client gave it.
   */
  async call<T>(kind: Kind, deadline: Deadline, work: (client: KurrentDBClient) => Promise<T>): Promise<T> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        return await this.#try(kind, deadline, work);
      } catch (error) {
        const failure = this.#closed ? undefined : failureOf(error, this.address);
        if (failure === undefined) throw error;
        this.failure = failure.sentence;
        if (!failure.again) throw new StoreUnavailable(`KurrentDB at ${this.address.shown} ${failure.sentence}.`, 'failing', { cause: error });
        if (deadline.left <= pause) throw new StoreUnavailable(`KurrentDB at ${this.address.shown} ${failure.sentence}.`, 'unreachable', { cause: error });
        await sleep(pause);
      }
    }
  }

  async #try<T>(kind: Kind, deadline: Deadline, work: (client: KurrentDBClient) => Promise<T>): Promise<T> {
    const { deadlineMs } = this.address;
    if (kind === 'append') await this.#gate.enter(Math.max(deadline.left, 1));
    try {
      this.refuseIfClosed();
      const ms = Math.min(deadline.left, deadlineMs / 2);
      if (ms <= 0) throw new NoAnswer('no time left');
      const line = this.line(kind);
      try {
        const result = await within(ms, work(line.client));
        line.answered();
        this.heard();
        return result;
      } catch (error) {
        if (this.#closed || failureOf(error, this.address) !== undefined) {
          // A short rest of the time says nothing about the line.
          const isPatient = error instanceof NoAnswer && (line.isYoung(deadlineMs) || ms < deadlineMs / 4);
          if (!isPatient) this.giveUp(kind, line);
        } else {
          line.answered();
          this.heard();
        }
        throw error;
      }
    } finally {
      if (kind === 'append') this.#gate.exit();
    }
  }

  heard(): void {
    this.lastContact = Date.now();
    this.failure = null;
  }

  /** Another call may have a new client by now: only the one that failed is given up. */
  giveUp(kind: Kind, line: Line): void {
    if (this.#lines.get(kind) !== line) return;
    this.#lines.delete(kind);
    this.reconnects += 1;
    void line.leave();
  }

  refuseIfClosed(): void {
    if (this.#closed) throw new StoreUnavailable('The event store is closed.', 'closed');
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#lines.values()].map((line) => line.leave()));
    this.#lines.clear();
  }
}

/** @throws NoAnswer when it takes longer. What was begun goes on unheard. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer within ${Math.round(ms)} ms`)), ms);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

/** The server takes no place inside one of its records for one to read from. */
export const isNoPlace = (error: unknown): boolean => /invalid position/i.test(String((error as { message?: unknown }).message));

/** Undefined for an answer of the server that is no failure of the line. */
function failureOf(error: unknown, { credentials, isCluster }: Address): Failure | undefined {
  if (error instanceof StoreUnavailable || error instanceof StreamDamaged || isNoPlace(error)) return undefined;
  const { type, message } = error as { readonly type?: string; readonly message: string };
  switch (type) {
    case 'wrong-expected-version':
    case 'stream-not-found':
    case 'stream-deleted':
    case 'stream-tombstoned':
    case 'maximum-append-size-exceeded':
    case 'append-record-size-exceeded':
    case 'transaction-max-size-exceeded':
      return undefined;
    case 'access-denied':
      return { again: false, sentence: credentials === undefined ? 'wants a user and a password: kurrentdb://user:password@host:2113' : 'refused the user or the password of its URL' };
    case 'no-answer':
    case 'deadline-exceeded':
    case 'timeout':
      return { again: true, sentence: 'did not answer in time' };
    case 'not-leader':
      return { again: true, sentence: isCluster ? 'has no leader to write to just now' : 'does not lead its cluster: name all its hosts in the URL, with commas' };
    default:
      return { again: true, sentence: `cannot be reached (${reasonIn(message)})` };
  }
}

/** The part of a message of gRPC that says something. */
function reasonIn(message: string): string {
  const [, last] = /Last error: (?:Error: )?(.*?)\.? Resolution note/s.exec(message) ?? [];
  return (last ?? message).replace(/^\d+ ([A-Z_]+): /, '').replace(/\s+/g, ' ').trim();
}
