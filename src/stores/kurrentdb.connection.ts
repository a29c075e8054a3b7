/**
 * The line to KurrentDB: what its URL must say, the clients, and a deadline of our own on every call, since the client's
 * is not kept towards a peer that never answers. A client that failed is given up, never mended: the next try has a new one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { StoreUnavailable, StreamDamaged } from '../kernel/event-store.js';

/** The oldest server this is made for: the line that was under long-term support when it was written. */
export const OLDEST = { major: 24, minor: 10 } as const;

/** Shorter than a stop may take, so that every request gets its answer. */
const DEADLINE_MS = 6_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
export const LEAVE_MS = 1_000;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3})$/i;

export interface Address {
  readonly url: string;
  /** Hosts and ports, for sentences: without credentials. */
  readonly shown: string;
  readonly deadlineMs: number;
}

/** @throws Error with one sentence that never holds the password. */
export function addressOf(url: string): Address {
  const match = /^kurrentdb(?:\+discover)?:\/\/(?:([^@/?]*)@)?([^@/?]+)\/?(?:\?(.*))?$/s.exec(url);
  if (match === null) throw new Error('A KurrentDB URL looks like kurrentdb://user:password@host:2113, with several hosts and commas for a cluster; special characters of the password are written as %40 and so on.');
  const [, credentials, hosts = '', query = ''] = match;
  for (const host of hosts.split(',')) {
    const [, port] = /^[^:\s]+(?::(\d+))?$/.exec(host) ?? [];
    if (!/^[^:\s]+(:\d+)?$/.test(host) || Number(port ?? 2113) > 65_535) throw new Error(`"${host}" in the KurrentDB URL is no host, or its port is none.`);
  }
  const given = new Map([...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value]));
  const deadlineMs = Number(given.get('defaultdeadline') ?? DEADLINE_MS);
  if (!Number.isSafeInteger(deadlineMs) || deadlineMs < 100) throw new Error('defaultDeadline in the KurrentDB URL is a number of milliseconds, 100 or more.');
  const isPlain = given.get('tls') === 'false';
  const isNear = hosts.split(',').every((host) => LOOPBACK.test(host.split(':')[0]!));
  if (credentials === 'admin:changeit' && !isPlain && !isNear) throw new Error(`The KurrentDB URL for ${hosts} holds the password every new server has; set another on the server first.`);
  return { url, shown: hosts, deadlineMs };
}

type Kind = 'append' | 'read' | 'follow';

/** What went wrong, in the client's own words for it; `again` when another try may succeed. */
interface Failure {
  readonly again: boolean;
  readonly sentence: string;
}

class NoAnswer extends Error {
  readonly type = 'no-answer';
}

export class Connection {
  readonly #clients = new Map<Kind, KurrentDBClient>();
  #closed = false;
  lastContact = 0;
  reconnects = 0;
  /** Last failure, until something succeeds. */
  failure: string | null = null;

  constructor(readonly address: Address) {}

  /** A client for one purpose only: an error of one must not end what another does. */
  client(kind: Kind): KurrentDBClient {
    let client = this.#clients.get(kind);
    if (client === undefined) {
      client = KurrentDBClient.connectionString(this.address.url);
      this.#clients.set(kind, client);
    }
    return client;
  }

  /**
   * Works until it succeeds or the deadline is over; half of it is for one try, so that a dead line leaves time for a new one.
   * `work` must be safe to do again.
   * @throws StoreUnavailable, or an error that another try would only repeat, as the client gave it.
   */
  async call<T>(kind: Kind, work: (client: KurrentDBClient) => Promise<T>): Promise<T> {
    const end = Date.now() + this.address.deadlineMs;
    const left = (): number => Math.max(end - Date.now(), 1);
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      this.refuseIfClosed();
      const client = this.client(kind);
      try {
        const result = await within(Math.min(left(), this.address.deadlineMs / 2), work(client));
        this.heard();
        return result;
      } catch (error) {
        const failure = failureOf(error);
        if (failure === undefined) {
          this.heard();
          throw error;
        }
        this.failure = failure.sentence;
        if (!failure.again) throw new StoreUnavailable(`KurrentDB at ${this.address.shown} ${failure.sentence}.`, 'failing', { cause: error });
        this.giveUp(kind, client);
        if (Date.now() + pause >= end) throw new StoreUnavailable(`KurrentDB at ${this.address.shown} ${failure.sentence}.`, 'unreachable', { cause: error });
        await sleep(pause);
      }
    }
  }

  heard(): void {
    this.lastContact = Date.now();
    this.failure = null;
  }

  /** Another call may have a new client by now: only the one that failed is given up. */
  giveUp(kind: Kind, client: KurrentDBClient): void {
    if (this.#clients.get(kind) !== client) return;
    this.#clients.delete(kind);
    this.reconnects += 1;
    void leave(client);
  }

  refuseIfClosed(): void {
    if (this.#closed) throw new StoreUnavailable('The event store is closed.', 'closed');
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#clients.values()].map(leave));
    this.#clients.clear();
  }
}

/** @throws NoAnswer when it takes longer. What was begun goes on unheard. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

/** Ends its streams and its connection. The client has no public way to close the channel, and would keep it open for ever. */
async function leave(client: KurrentDBClient): Promise<void> {
  const { getChannel } = client as unknown as { getChannel: () => Promise<{ close(): void }> };
  try {
    await within(LEAVE_MS, client.dispose());
    (await within(LEAVE_MS, getChannel())).close();
  } catch {
    // It is not used any more either way.
  }
}

/** Undefined for an answer of the server that is no failure of the line. */
function failureOf(error: unknown): Failure | undefined {
  if (error instanceof StoreUnavailable || error instanceof StreamDamaged) return undefined;
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
      return { again: false, sentence: 'refused the user or the password of its URL' };
    case 'no-answer':
    case 'deadline-exceeded':
    case 'timeout':
      return { again: true, sentence: 'did not answer in time' };
    case 'not-leader':
      return { again: true, sentence: 'has no leader to write to just now' };
    default:
      return { again: true, sentence: `cannot be reached (${message})` };
  }
}
