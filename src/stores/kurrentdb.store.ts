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
import { addressOf } from './kurrentdb.address.js';
import { Connection, isNoPlace, OLDEST, type Deadline } from './kurrentdb.connection.js';
import { diagnose } from './kurrentdb.diagnosis.js';
import { compare, fromKurrent, isOurs, isSystem, placeOf, positionOf, toKurrent, type LogPosition } from './kurrentdb.event.js';
import { Follower } from './kurrentdb.follow.js';

/** Events of one call; fewer round trips gain nothing more. */
const PAGE = 1_000;
/** Bytes of one append. The server takes no message above 16 MiB, and breaks the line over one; its own limit for appends is lower. */
const LARGEST = 15 * 1024 * 1024;
/** What an event needs beside its data, at most. */
const BESIDE = 1_024;
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
  #skipped: { readonly after: Position | null; readonly to: LogPosition } | null = null;
  /** Our last event, when `$all` ended there: a look at the end need not go back any further. */
  #end: { readonly ours: Position | null; readonly to: LogPosition } | null = null;
  #foreign: { count: number; readonly first: string; upTo: LogPosition } | null = null;
  #recordedAt = 0;
  #closed = false;

  private constructor(url: string, { now = Date.now, silenceMs }: KurrentOptions) {
    this.#connection = new Connection(addressOf(url));
    this.#follower = new Follower(this.#connection, () => this.#lastOfAll(), silenceMs);
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
    return this.#read(this.#connection.deadline(), stream, from, checkedLimit(limit));
  }

  async #read(deadline: Deadline, stream: string, from: number, limit = Infinity): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for (let next = from; events.length < limit; ) {
      const wanted = Math.min(PAGE, limit - events.length);
      const page = await timed(deadline, () => this.#page(deadline, stream, next, wanted), ({ length }) => length === PAGE);
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
    const bytes = datas.reduce((sum, data) => sum + Buffer.byteLength(data), 0);
    if (bytes + events.length * BESIDE > LARGEST) throw new AppendTooLarge(bytes, LARGEST);
    // Waiting for its turn is a part of the time an append may take.
    const deadline = this.#connection.deadline();
    const before = this.#turns.get(stream) ?? Promise.resolve();
    const work = (): Promise<Appended> => this.#append(deadline, stream, events, datas, expected, recordedAt);
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
    const deadline = this.#connection.deadline();
    const events: RecordedEvent[] = [];
    let place = after === null ? null : placeOf(after);
    if (this.#skipped !== null && this.#skipped.after === after) place = this.#skipped.to;
    for (let size = Math.min(PAGE, limit); events.length < limit; size = PAGE) {
      const from = place;
      // The place itself is read once more: a page begins with it.
      const page = await timed(deadline, () => this.#allAfter(deadline, from, size + (from === null ? 0 : 1)), ({ isLast }) => !isLast);
      for (const event of page.events) {
        if (events.length === limit) break;
        if (isOurs(event)) events.push(fromKurrent(event));
        else if (!isSystem(event)) this.#foreignAt(event);
        place = event.position;
      }
      if (page.isLast) break;
    }
    const last = events.at(-1)?.position ?? after;
    if (place !== null) this.#skipped = { after: last, to: place };
    return events;
  }

  async head(): Promise<Position | null> {
    this.#refuseIfClosed();
    const known = this.#end;
    let newest: LogPosition | undefined;
    for await (const { position, isMine } of this.#backwards(this.#connection.deadline())) {
      newest ??= position;
      const isSeen = known !== null && compare(position, known.to) <= 0;
      if (!isMine && !isSeen) continue;
      const ours = isMine ? positionOf(position) : known!.ours;
      this.#end = { ours, to: newest };
      return ours;
    }
    if (newest !== undefined) this.#end = { ours: null, to: newest };
    return null;
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
    try {
      const version = await this.#connection.call('append', this.#connection.deadline(), async (client) => {
        const { serverVersion } = await (client as unknown as { capabilities: Promise<{ serverVersion: string }> }).capabilities;
        return serverVersion;
      });
      const [major = 0, minor = 0] = version.split('.').map(Number);
      if (!(major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor))) {
        const age = version === 'unknown' ? 'is too old to say its version' : `is of version ${version}`;
        throw new StoreUnavailable(`KurrentDB at ${address.shown} ${age}; Five-Ring needs ${OLDEST.major}.${OLDEST.minor} or newer.`, 'failing');
      }
      // Asks the leader, with the credentials, by the way that reads take.
      await this.#lastOfAll();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || error.reason !== 'unreachable') throw error;
      const finding = await diagnose(address);
      throw finding === undefined ? error : new StoreUnavailable(`KurrentDB at ${address.shown} ${finding}.`, 'unreachable', { cause: error });
    }
  }

  async #append(deadline: Deadline, stream: string, events: readonly NewEvent[], datas: readonly string[], expected: Expected, moved: number | undefined): Promise<Appended> {
    const known = this.#known.get(stream) ?? (await this.#load(deadline, stream));
    for (let isFresh = false; ; ) {
      const standing = known.standing(events);
      if (standing !== undefined) return this.#verdictAt(deadline, stream, standing);
      if (!meets(expected, known.revision) || known.repeats(events)) {
        if (isFresh) throw new WrongRevision(stream, expected, known.revision);
        await this.#catchUp(deadline, stream, known);
        isFresh = true;
        continue;
      }
      const recordedAt = moved ?? Math.max(this.#now(), this.#recordedAt);
      const after = known.revision;
      const result = await this.#send(deadline, stream, events, datas, after, recordedAt);
      if (result === 'conflict') {
        await this.#catchUp(deadline, stream, known);
        isFresh = true;
        continue;
      }
      if (moved === undefined) this.#recordedAt = recordedAt;
      const revision = Number(result.nextExpectedRevision);
      if (revision !== after + events.length) {
        this.#known.delete(stream);
        throw new StreamDamaged(stream, `somebody deleted it; what was just written stands at revision ${revision}, after what is gone`);
      }
      for (const { metadata } of events) known.add(metadata);
      // Again, as its size has changed.
      this.#known.set(stream, known);
      // The server may say of another try that it stands, and not where.
      const verdict = result.position === undefined ? await this.#verdictAt(deadline, stream, revision) : { id: events.at(-1)!.id, position: positionOf(result.position), revision, recordedAt };
      this.#follower.wrote(placeOf(verdict.position));
      return verdict;
    }
  }

  /** Sends until there is an answer: the same events at the same place, so that it does not matter how often. */
  async #send(deadline: Deadline, stream: string, events: readonly NewEvent[], datas: readonly string[], after: number, recordedAt: number): Promise<AppendResult | 'conflict'> {
    const toWrite = events.map((event, i) => toKurrent(stream, event, datas[i]!, recordedAt));
    try {
      // One message for each append, however large: what waits for another may get lost without a word.
      return await this.#connection.call('append', deadline, (client) =>
        client.appendToStream(stream, toWrite, { streamState: after === -1 ? NO_STREAM : BigInt(after), batchAppendSize: Number.MAX_SAFE_INTEGER }),
      );
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

  async #verdictAt(deadline: Deadline, stream: string, revision: number): Promise<Appended> {
    const [event] = await this.#page(deadline, stream, revision, 1);
    if (event === undefined) throw new StreamDamaged(stream, `its revision ${revision} is gone`);
    return { id: event.id, position: event.position, revision, recordedAt: event.recordedAt };
  }

  async #load(deadline: Deadline, stream: string): Promise<StreamCommands> {
    await this.#read(deadline, stream, 0);
    return this.#known.get(stream) ?? new StreamCommands();
  }

  async #catchUp(deadline: Deadline, stream: string, known: StreamCommands): Promise<void> {
    for (const { metadata } of await this.#read(deadline, stream, known.revision + 1)) known.add(metadata);
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
  async #page(deadline: Deadline, stream: string, from: number, maxCount: number): Promise<RecordedEvent[]> {
    if (maxCount === 0) return [];
    try {
      return await this.#connection.call('read', deadline, async (client) => {
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

  /** Events of `$all` after the place; `maxCount` counts the one at the place too. @throws RangeError for a place where no event can stand. */
  async #allAfter(deadline: Deadline, place: LogPosition | null, maxCount: number): Promise<{ events: AllStreamRecordedEvent[]; isLast: boolean }> {
    try {
      return await this.#connection.call('read', deadline, async (client) => {
        const events: AllStreamRecordedEvent[] = [];
        let read = 0;
        for await (const { event } of client.readAll({ fromPosition: place ?? START, maxCount, direction: FORWARDS, requiresLeader: true })) {
          read += 1;
          if (event !== undefined && (place === null || compare(event.position, place) > 0)) events.push(event);
        }
        return { events, isLast: read < maxCount };
      });
    } catch (error) {
      if (place !== null && isNoPlace(error)) throw new RangeError(`"${positionOf(place)}" is not a position of this store.`);
      throw error;
    }
  }

  /** Place of the last event of `$all`, whosever it is. */
  async #lastOfAll(): Promise<LogPosition | null> {
    for await (const { position } of this.#backwards(this.#connection.deadline())) return position;
    return null;
  }

  /** The events of `$all` from its end. */
  async *#backwards(deadline: Deadline): AsyncGenerator<{ readonly position: LogPosition; readonly isMine: boolean }> {
    let from: LogPosition | typeof END = END;
    for (let maxCount = 1; ; maxCount = PAGE) {
      const start: LogPosition | typeof END = from;
      const read = (): Promise<{ position: LogPosition; isMine: boolean }[]> =>
        this.#connection.call('read', deadline, async (client) => {
          const events: { position: LogPosition; isMine: boolean }[] = [];
          for await (const { event } of client.readAll({ fromPosition: start, maxCount, direction: BACKWARDS, requiresLeader: true }))
            if (event !== undefined) events.push({ position: event.position, isMine: isOurs(event) });
          return events;
        });
      const page = await timed(deadline, read, ({ length }) => length === PAGE);
      yield* page;
      if (page.length < maxCount) return;
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

/** Does a part of an operation. What is long because there is much to read is no waiting. */
async function timed<T>(deadline: Deadline, work: () => Promise<T>, isMuch: (result: T) => boolean): Promise<T> {
  const begin = performance.now();
  const result = await work();
  if (isMuch(result)) deadline.extend(performance.now() - begin);
  return result;
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
