/**
 * The log in KurrentDB (formerly EventStoreDB). Every append names the revision it follows, and is sent only when each
 * command up to that revision is known: so a repeat is recognised whoever wrote it first, and a try whose answer was lost
 * is made again as the same events at the same place, which the server takes but once.
 */
import { LRUCache } from 'lru-cache';
import { BACKWARDS, END, FORWARDS, NO_STREAM, START, type AllStreamRecordedEvent, type AppendResult } from '@kurrent/kurrentdb-client';
import {
  AppendTooLarge,
  meets,
  StoreUnavailable,
  StreamDamaged,
  WrongRevision,
  type Appended,
  type EventStore,
  type Expected,
  type NewEvent,
  type Position,
  type RecordedEvent,
  type StoreStatus,
} from '../kernel/event-store.js';
import { checkedData, checkedLimit, StreamCommands } from './append.js';
import { addressOf, Connection, OLDEST } from './kurrentdb.connection.js';
import { compare, fromKurrent, isOurs, isSystem, placeOf, positionOf, toKurrent, type LogPosition } from './kurrentdb.event.js';
import { Follower } from './kurrentdb.follow.js';

/** Events of one call; fewer round trips gain nothing more. */
const PAGE = 1_000;
/** Commands remembered, of all streams together. */
const KNOWN = 200_000;

export interface KurrentOptions {
  readonly now?: () => number;
  /** How long the subscription may be silent before the end of the log is looked at. */
  readonly silenceMs?: number;
}

export class KurrentStore implements EventStore {
  readonly #connection: Connection;
  readonly #follower: Follower;
  readonly #now: () => number;
  readonly #known = new LRUCache<string, StreamCommands>({ maxSize: KNOWN, sizeCalculation: ({ revision }) => revision + 2 });
  /** The last append of each stream that has not ended: the next one waits for it. */
  readonly #turns = new Map<string, Promise<unknown>>();
  /** What stands in `$all` after one of our events without being ours, so that it is not read again and again. */
  #skipped: { readonly after: Position; readonly to: LogPosition } | null = null;
  #foreign: { count: number; readonly first: string; upTo: LogPosition } | null = null;
  #recordedAt = 0;
  #closed = false;

  private constructor(url: string, { now = Date.now, silenceMs }: KurrentOptions) {
    this.#connection = new Connection(addressOf(url));
    this.#follower = new Follower(this.#connection, async () => (await this.#lastOf(() => true))?.position ?? null, silenceMs);
    this.#now = now;
  }

  /** @throws Error for a URL that cannot be used; StoreUnavailable when there is no server, no leader, or one that is too old. */
  static async open(url: string, options: KurrentOptions = {}): Promise<KurrentStore> {
    const store = new KurrentStore(url, options);
    try {
      await store.#checkServer();
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  async read(stream: string, from = 0, limit = Infinity): Promise<RecordedEvent[]> {
    this.#refuseIfClosed();
    return this.#read(stream, from, checkedLimit(limit));
  }

  async #read(stream: string, from: number, limit = Infinity): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for (let next = from; events.length < limit; ) {
      const wanted = Math.min(PAGE, limit - events.length);
      const page = await this.#page(stream, next, wanted);
      events.push(...page);
      next += page.length;
      if (page.length < wanted) break;
    }
    if (from === 0 && limit === Infinity) this.#remember(stream, events);
    return events;
  }

  async append(stream: string, events: readonly NewEvent[], expected: Expected, recordedAt?: number): Promise<Appended> {
    this.#refuseIfClosed();
    const datas = checkedData(stream, events);
    const before = this.#turns.get(stream) ?? Promise.resolve();
    const work = (): Promise<Appended> => this.#append(stream, events, datas, expected, recordedAt);
    const turn = before.then(work, work);
    this.#turns.set(stream, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(stream) === turn) this.#turns.delete(stream);
    }
  }

  async readAll(after: Position | null, limit: number): Promise<RecordedEvent[]> {
    this.#refuseIfClosed();
    checkedLimit(limit);
    const events: RecordedEvent[] = [];
    let place = after === null ? null : placeOf(after);
    if (this.#skipped !== null && this.#skipped.after === after) place = this.#skipped.to;
    while (events.length < limit) {
      // The place itself is read once more: a page begins with it.
      const wanted = Math.min(PAGE, limit - events.length) + (place === null ? 0 : 1);
      const page = await this.#allAfter(place, wanted);
      for (const event of page.events) {
        if (isOurs(event)) events.push(fromKurrent(event));
        else if (!isSystem(event)) this.#foreignAt(event);
        place = event.position;
      }
      if (page.isLast) break;
    }
    const last = events.at(-1)?.position ?? after;
    if (last !== null && place !== null) this.#skipped = { after: last, to: place };
    return events;
  }

  async head(): Promise<Position | null> {
    this.#refuseIfClosed();
    const last = await this.#lastOf(isOurs);
    return last === undefined ? null : positionOf(last.position);
  }

  compare(a: Position, b: Position): number {
    return compare(placeOf(a), placeOf(b));
  }

  onAppend(listener: () => void): () => void {
    return this.#follower.add(listener);
  }

  status(): StoreStatus {
    const { failure, lastContact, reconnects, address } = this.#connection;
    const notes = [
      ...(failure === null ? [] : [`KurrentDB at ${address.shown} ${failure}.`]),
      ...(this.#foreign === null ? [] : [`${this.#foreign.count} events in $all are not Five-Ring's and are left out, the first of them in ${this.#foreign.first}: give Five-Ring a KurrentDB of its own.`]),
    ];
    return { connected: failure === null, lastContact, reconnects, notes };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#turns.values());
    await this.#follower.stop();
    await this.#connection.close();
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw new StoreUnavailable('The event store is closed.', 'closed');
  }

  async #checkServer(): Promise<void> {
    const { address } = this.#connection;
    const version = await this.#connection.call('append', async (client) => {
      const { serverVersion } = await (client as unknown as { capabilities: Promise<{ serverVersion: string }> }).capabilities;
      return serverVersion;
    });
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (!(major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor))) {
      throw new StoreUnavailable(`KurrentDB at ${address.shown} is of version ${version}; Five-Ring needs ${OLDEST.major}.${OLDEST.minor} or newer.`, 'failing');
    }
    // Asks the leader, with the credentials, by the way that reads take.
    await this.#lastOf(() => true);
  }

  async #append(stream: string, events: readonly NewEvent[], datas: readonly string[], expected: Expected, moved: number | undefined): Promise<Appended> {
    const known = this.#known.get(stream) ?? (await this.#load(stream));
    for (let isFresh = false; ; ) {
      const standing = known.standing(events);
      if (standing !== undefined) return this.#verdictAt(stream, standing);
      if (!meets(expected, known.revision) || known.repeats(events)) {
        if (isFresh) throw new WrongRevision(stream, expected, known.revision);
        await this.#catchUp(stream, known);
        isFresh = true;
        continue;
      }
      const recordedAt = moved ?? Math.max(this.#now(), this.#recordedAt);
      const after = known.revision;
      const result = await this.#send(stream, events, datas, after, recordedAt);
      if (result === 'conflict') {
        await this.#catchUp(stream, known);
        isFresh = true;
        continue;
      }
      if (moved === undefined) this.#recordedAt = recordedAt;
      if (Number(result.nextExpectedRevision) !== after + events.length) {
        this.#known.delete(stream);
        throw new StreamDamaged(stream, `somebody deleted it; what was just written stands at revision ${result.nextExpectedRevision}, after what is gone`);
      }
      for (const { metadata } of events) known.add(metadata);
      // Again, as its size has changed.
      this.#known.set(stream, known);
      const verdict = await this.#verdict(stream, events, result, recordedAt);
      this.#follower.wrote(placeOf(verdict.position));
      return verdict;
    }
  }

  /** Sends until there is an answer: the same events at the same place, so that it does not matter how often. */
  async #send(stream: string, events: readonly NewEvent[], datas: readonly string[], after: number, recordedAt: number): Promise<(AppendResult & { readonly tries: number }) | 'conflict'> {
    let tries = 0;
    const toWrite = events.map((event, i) => toKurrent(stream, event, datas[i]!, recordedAt));
    try {
      const result = await this.#connection.call('append', (client) => {
        tries += 1;
        return client.appendToStream(stream, toWrite, { streamState: after === -1 ? NO_STREAM : BigInt(after) });
      });
      return { ...result, tries };
    } catch (error) {
      const { type } = error as { type?: string };
      if (type === 'wrong-expected-version') return 'conflict';
      if (type === 'stream-deleted' || type === 'stream-tombstoned') throw new StreamDamaged(stream, 'somebody deleted it for ever');
      const limit = limitOf(error);
      if (limit !== undefined) throw new AppendTooLarge(datas.reduce((sum, data) => sum + Buffer.byteLength(data), 0), limit);
      if (error instanceof StoreUnavailable) this.#known.delete(stream);
      throw error;
    }
  }

  /** After more than one try the events may be those of the first, with its instant. */
  async #verdict(stream: string, events: readonly NewEvent[], { position, nextExpectedRevision, tries }: AppendResult & { readonly tries: number }, recordedAt: number): Promise<Appended> {
    const revision = Number(nextExpectedRevision);
    if (tries > 1 || position === undefined) return this.#verdictAt(stream, revision);
    return { id: events.at(-1)!.id, position: positionOf(position), revision, recordedAt };
  }

  async #verdictAt(stream: string, revision: number): Promise<Appended> {
    const [event] = await this.#page(stream, revision, 1);
    if (event === undefined) throw new StreamDamaged(stream, `its revision ${revision} is gone`);
    return { id: event.id, position: event.position, revision, recordedAt: event.recordedAt };
  }

  async #load(stream: string): Promise<StreamCommands> {
    await this.#read(stream, 0);
    return this.#known.get(stream) ?? new StreamCommands();
  }

  async #catchUp(stream: string, known: StreamCommands): Promise<void> {
    for (const { metadata } of await this.#read(stream, known.revision + 1)) known.add(metadata);
    this.#known.set(stream, known);
  }

  #remember(stream: string, events: readonly RecordedEvent[]): void {
    const known = this.#known.get(stream);
    // An append that went on meanwhile knows more.
    if (known !== undefined && known.revision >= events.length - 1) return;
    const all = new StreamCommands();
    for (const { metadata } of events) all.add(metadata);
    this.#known.set(stream, all);
  }

  /** Events of one stream. @throws StreamDamaged where one is missing or not ours. */
  async #page(stream: string, from: number, maxCount: number): Promise<RecordedEvent[]> {
    if (maxCount === 0) return [];
    try {
      return await this.#connection.call('read', async (client) => {
        const page: RecordedEvent[] = [];
        for await (const { event } of client.readStream(stream, { fromRevision: BigInt(from), maxCount, direction: FORWARDS, requiresLeader: true })) {
          if (event === undefined) continue;
          if (Number(event.revision) !== from + page.length) throw new StreamDamaged(stream, `somebody removed its revisions ${from + page.length} to ${Number(event.revision) - 1}`);
          page.push(fromKurrent(event));
        }
        return page;
      });
    } catch (error) {
      const { type } = error as { type?: string };
      if (type === 'stream-not-found') return [];
      if (type === 'stream-deleted' || type === 'stream-tombstoned') throw new StreamDamaged(stream, 'somebody deleted it for ever');
      throw error;
    }
  }

  /** Events of `$all` after the place; `maxCount` counts the one at the place too. */
  async #allAfter(place: LogPosition | null, maxCount: number): Promise<{ events: AllStreamRecordedEvent[]; isLast: boolean }> {
    return this.#connection.call('read', async (client) => {
      const events: AllStreamRecordedEvent[] = [];
      let read = 0;
      for await (const { event } of client.readAll({ fromPosition: place ?? START, maxCount, direction: FORWARDS, requiresLeader: true })) {
        read += 1;
        if (event !== undefined && (place === null || compare(event.position, place) > 0)) events.push(event);
      }
      return { events, isLast: read < maxCount };
    });
  }

  /** The last event of `$all` that `isWanted`. */
  async #lastOf(isWanted: (event: AllStreamRecordedEvent) => boolean): Promise<AllStreamRecordedEvent | undefined> {
    let from: LogPosition | typeof END = END;
    for (let maxCount = 1; ; maxCount = PAGE) {
      const start: LogPosition | typeof END = from;
      const page = await this.#connection.call('read', async (client) => {
        const events: AllStreamRecordedEvent[] = [];
        for await (const { event } of client.readAll({ fromPosition: start, maxCount, direction: BACKWARDS, requiresLeader: true })) if (event !== undefined) events.push(event);
        return events;
      });
      const found = page.find(isWanted);
      if (found !== undefined || page.length === 0) return found;
      from = page.at(-1)!.position;
    }
  }

  #foreignAt({ streamId, type, position }: AllStreamRecordedEvent): void {
    if (this.#foreign === null) this.#foreign = { count: 1, first: `${streamId} (${type})`, upTo: position };
    else if (compare(position, this.#foreign.upTo) > 0) {
      this.#foreign.count += 1;
      this.#foreign.upTo = position;
    }
  }
}

/** What the server takes in one append, when the error is that it was more. */
function limitOf(error: unknown): number | undefined {
  const { type, maxAppendSize, maxSize } = error as { type?: string; maxAppendSize?: number; maxSize?: number };
  switch (type) {
    case 'maximum-append-size-exceeded':
      return maxAppendSize ?? 0;
    case 'append-record-size-exceeded':
    case 'transaction-max-size-exceeded':
      return maxSize ?? 0;
    default:
      return undefined;
  }
}
