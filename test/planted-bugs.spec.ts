/** Each planted bug must make the contract's check for it fail, by the very assertion that looks for it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppendTooLarge, WrongRevision, type Appended, type EventStore, type Expected, type NewEvent, type Position, type RecordedEvent } from '../src/kernel/event-store.js';
import { MemoryStore } from '../src/stores/memory.store.js';
import { checks, command, type Opened } from './event-store.contract.js';
import { PassingStore } from './passing-store.js';

/** Each bug overrides what it breaks. */
class Sound extends PassingStore {
  constructor(inner: EventStore = new MemoryStore()) {
    super(inner);
  }
}

class HasAHeadFromTheStart extends Sound {
  override head = async (): Promise<Position> => (await this.inner.head()) ?? '0';
}
class ReadsNewestFirst extends Sound {
  override read = async (stream: string, from?: number, limit?: number): Promise<RecordedEvent[]> => (await this.inner.read(stream, from, limit)).reverse();
}
class IgnoresNoStream extends Sound {
  override append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    return this.inner.append(stream, events, expected === 'no-stream' ? 'any' : expected);
  }
}
class IgnoresStreamExists extends Sound {
  override append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    return this.inner.append(stream, events, expected === 'stream-exists' ? 'any' : expected);
  }
}
class IgnoresRevisions extends Sound {
  override append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    return this.inner.append(stream, events, typeof expected === 'number' ? 'any' : expected);
  }
}
class TakesAnyForNew extends Sound {
  override append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    return this.inner.append(stream, events, expected === 'any' ? 'no-stream' : expected);
  }
}
/** Checks the revision, then writes: two writers may both have checked. */
class ChecksThenWrites extends Sound {
  override async append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    const actual = (await this.read(stream)).length - 1;
    if (typeof expected === 'number' && expected !== actual) throw new WrongRevision(stream, expected, actual);
    await sleep(1);
    return this.inner.append(stream, events, typeof expected === 'number' ? 'any' : expected);
  }
}
/** A refusal of one append refuses all that came in the same moment. */
class RefusesTheWholeGroup extends Sound {
  #group: Promise<Appended>[] = [];
  override async append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    const group = this.#group;
    const own = this.inner.append(stream, events, expected);
    group.push(own);
    await new Promise(setImmediate);
    this.#group = [];
    await Promise.all(group);
    return own;
  }
}
/** Writes a retry as if it were another command. */
class DoublesARetry extends Sound {
  readonly known = new Set<string>();
  override append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    const key = `${stream} ${events[0]?.metadata.commandId}`;
    const isRetry = this.known.has(key);
    this.known.add(key);
    return this.inner.append(stream, isRetry ? command(events.length) : events, isRetry ? 'any' : expected);
  }
}
/** Looks a command up without regard to the stream it was for. */
class DeduplicatesAcrossStreams extends Sound {
  readonly verdicts = new Map<string, Appended>();
  override async append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    const key = `${events[0]?.metadata.commandId} ${events.length}`;
    const verdict = this.verdicts.get(key) ?? (await this.inner.append(stream, events, expected));
    this.verdicts.set(key, verdict);
    return verdict;
  }
}
/** Takes an append for done as soon as its first event stands. */
class LooksAtTheFirstEventOnly extends Sound {
  readonly verdicts = new Map<string, Appended>();
  override async append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    const done = this.verdicts.get(`${stream} ${events[0]?.metadata.commandId}`);
    if (done !== undefined) return done;
    const verdict = await this.inner.append(stream, events, expected);
    for (const { metadata } of events) this.verdicts.set(`${stream} ${metadata.commandId}`, verdict);
    return verdict;
  }
}
/** Refuses what cannot be written, but leaves in place what came before it. */
class WritesOneByOne extends Sound {
  readonly #known = new Set<string>();
  override async append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    const actual = (await this.inner.read(stream)).length - 1;
    let verdict: Appended | undefined;
    for (const event of events) {
      const key = `${stream} ${event.metadata.commandId} ${event.metadata.n}`;
      if (this.#known.has(key)) throw new WrongRevision(stream, expected, actual);
      this.#known.add(key);
      verdict = await this.inner.append(stream, [event], verdict === undefined ? expected : 'any');
    }
    return verdict ?? this.inner.append(stream, events, expected);
  }
}
class AcceptsNothing extends Sound {
  override async append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    return events.length === 0 ? { id: '', position: '0', revision: -1, recordedAt: 0 } : this.inner.append(stream, events, expected);
  }
}
class ReadsAfterFrom extends Sound {
  override read = (stream: string, from?: number, limit?: number): Promise<RecordedEvent[]> => this.inner.read(stream, from === undefined ? 0 : from + 1, limit);
}
/** A position is given out before its event can be seen: a reader that is past it by then never sees it. */
class SkipsUnderConcurrency extends Sound {
  readonly #hidden = new Set<string>();
  #appends = 0;
  override async append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    const append = this.inner.append(stream, events, expected);
    if ((this.#appends += 1) % 5 !== 0) return append;
    for (const { id } of events) this.#hidden.add(id);
    await sleep(5);
    for (const { id } of events) this.#hidden.delete(id);
    return append;
  }
  override readAll = async (after: Position | null, limit: number): Promise<RecordedEvent[]> =>
    (await this.inner.readAll(after, limit)).filter(({ id }) => !this.#hidden.has(id));
}
class AcknowledgesBeforeTheCommit extends Sound {
  override async append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    const [head, written] = await Promise.all([this.head(), this.read(stream)]);
    setImmediate(() => void this.inner.append(stream, events, expected).catch(() => undefined));
    return { id: events.at(-1)!.id, position: String(Number(head ?? 0) + events.length), revision: written.length - 1 + events.length, recordedAt: Date.now() };
  }
}
class ForgetsToWake extends Sound {
  override onAppend = (): (() => void) => () => undefined;
}
class ForgetsTheSecondWake extends Sound {
  override onAppend(listener: () => void): () => void {
    let commits = 0;
    return this.inner.onAppend(() => ((commits += 1) === 2 ? undefined : listener()));
  }
}
class WakesBeforeTheCommit extends Sound {
  readonly #listeners = new Set<() => void>();
  override append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    for (const listener of this.#listeners) listener();
    return this.inner.append(stream, events, expected);
  }
  override onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
class NeverStopsAListener extends Sound {
  override onAppend(listener: () => void): () => void {
    this.inner.onAppend(listener);
    return () => undefined;
  }
}
class ComparesAsText extends Sound {
  override compare(a: Position, b: Position): number {
    this.inner.compare(a, b);
    return a < b ? -1 : Number(a > b);
  }
}
class LosesHalfCharacters extends Sound {
  override append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    const written = events.map((event) => ({ ...event, data: JSON.parse(JSON.stringify(event.data ?? null).replace(/\\u[dD][89a-fA-F]../g, '\ufffd')) as unknown }));
    return this.inner.append(stream, written, expected);
  }
}
class SharesWhatItReads extends Sound {
  readonly #read = new Map<string, RecordedEvent[]>();
  override async read(stream: string, from?: number, limit?: number): Promise<RecordedEvent[]> {
    const events = this.#read.get(stream) ?? (await this.inner.read(stream, from, limit));
    this.#read.set(stream, events);
    return events;
  }
}
/** Records what is moved as if it happened now. */
class ForgetsTheInstant extends Sound {
  override append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    return this.inner.append(stream, events, expected);
  }
}
/** Says the instant it was given, but lets none stand before the newest. */
class MovesInstantsForward extends Sound {
  override async append(stream: string, events: readonly NewEvent[], expected: Expected, recordedAt?: number): Promise<Appended> {
    const newest = (await this.inner.readAll(null, Infinity)).at(-1)?.recordedAt ?? 0;
    const verdict = await this.inner.append(stream, events, expected, recordedAt && Math.max(newest, recordedAt));
    return { ...verdict, recordedAt: recordedAt ?? verdict.recordedAt };
  }
}
/** Goes on counting from the instant of what was moved. */
class StaysInThePast extends Sound {
  #moved: number | undefined;
  override append(stream: string, events: readonly NewEvent[], expected: Expected, recordedAt?: number): Promise<Appended> {
    this.#moved = recordedAt ?? this.#moved;
    return this.inner.append(stream, events, expected, this.#moved);
  }
}
class CutsLargeText extends Sound {
  override read = async (stream: string): Promise<RecordedEvent[]> =>
    (await this.inner.read(stream)).map((event) => ({ ...event, data: { text: (event.data as { text: string }).text.slice(0, 65_535) } }));
}
const LIMIT = 3_000;
/** Of several events the last may be more than the store takes: the others stand all the same. */
class WritesWhatFits extends Sound {
  override async append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    const fits: NewEvent[] = [];
    let bytes = 0;
    for (const event of events) if ((bytes += Buffer.byteLength(JSON.stringify(event.data))) <= LIMIT) fits.push(event);
    if (fits.length > 0) await this.inner.append(stream, fits, expected);
    if (bytes > LIMIT) throw new AppendTooLarge(bytes, LIMIT);
    return this.inner.append(stream, events, expected);
  }
}
class AnswersWhenClosed extends Sound {
  override head = async (): Promise<Position | null> => this.inner.head().catch(() => null);
}

const opened = (store: EventStore): Opened => ({ store, close: () => store.close() });

/** Comes back from a restart without the newest event. */
async function losesTheEnd(): Promise<Opened> {
  let store: EventStore = new MemoryStore();
  const reopen = async (): Promise<EventStore> => {
    const log = await store.readAll(null, Infinity);
    store = new MemoryStore();
    for (const event of log.slice(0, -1)) await store.append(event.stream, [event], 'any');
    return store;
  };
  return { store, reopen, close: () => store.close() };
}

const limited = (store: EventStore): Opened => ({ ...opened(store), limit: LIMIT });

const bugs: readonly [bug: string, check: string, says: RegExp, open: () => Opened | Promise<Opened>][] = (
  [
    [HasAHeadFromTheStart, 'an empty store has no head, no events and no streams', /no head/],
    [ReadsNewestFirst, 'events are read back as they were given, in order, each with its place', /the stream as given/],
    [IgnoresNoStream, 'no-stream is refused where there is a stream', /expected no-stream must be refused at revision 1, not: written/],
    [IgnoresStreamExists, 'stream-exists is refused where there is none', /expected stream-exists must be refused at revision -1/],
    [IgnoresRevisions, 'a revision is refused unless it is the last', /expected 0 must be refused at revision -1/],
    [IgnoresRevisions, 'of writers that race for a revision exactly one wins', /exactly one wins/],
    [TakesAnyForNew, 'any is never refused', /stream x: expected no-stream, found revision 0/],
    [ChecksThenWrites, 'of writers that race for a revision exactly one wins', /exactly one wins/],
    [RefusesTheWholeGroup, 'one refused append harms none that are made at the same moment', /'rejected'[^]*'fulfilled'/],
    [DoublesARetry, 'a retry whose first answer was lost gets that answer and writes nothing', /the first verdict/],
    [DoublesARetry, 'a retry made at the same moment as the first try writes nothing either', /one verdict for all/],
    [DeduplicatesAcrossStreams, 'the same command in another stream is another append', /both are written/],
    [LooksAtTheFirstEventOnly, 'an append of several commands is retried as a whole, and refused where it holds but a part', /expected any must be refused at revision 4, not: written/],
    [WritesOneByOne, 'several events of one append stand together or not at all', /no part of it stands/],
    [AcceptsNothing, 'an append without events, or with one that could not be read back, is refused', /Missing expected rejection[^]*no events/],
    [ReadsAfterFrom, 'read and readAll page', /from is inclusive/],
    [SkipsUnderConcurrency, 'readers that tail the log while others write see every event once and in order', /reader \d/],
    [AcknowledgesBeforeTheCommit, 'an append that has resolved can be read at once', /the head is the event just acknowledged/],
    [ForgetsToWake, 'a listener is called after each commit, until it is stopped', /every listener is woken/],
    [ForgetsTheSecondWake, 'a listener is called after each commit, until it is stopped', /once a commit/],
    [WakesBeforeTheCommit, 'a listener is called after each commit, until it is stopped', /and finds the event/],
    [NeverStopsAListener, 'a listener is called after each commit, until it is stopped', /a stopped listener/],
    [ComparesAsText, 'compare orders positions of the store and refuses others', /10 against 2|2 against 10/],
    [LosesHalfCharacters, 'text of every kind comes back as it was', /stream Kunde/],
    [SharesWhatItReads, 'what is read belongs to the reader, and what was appended to the store', /no reader changes/],
    [ForgetsTheInstant, 'an append that is moved keeps the instant it was recorded at', /the verdict says the instant/],
    [MovesInstantsForward, 'an append that is moved keeps the instant it was recorded at', /kept exactly, also when it is older/],
    [StaysInThePast, 'an append that is moved keeps the instant it was recorded at', /an ordinary append afterwards is recorded now/],
    [CutsLargeText, 'a large event comes back whole', /the large text is whole/],
    [AnswersWhenClosed, 'close waits for what was appended, and a closed store refuses', /Missing expected rejection[^]*head/],
  ] as const
).map(([Bug, check, says]) => [Bug.name, check, says, () => opened(new Bug())]);

const allBugs = [
  ...bugs,
  ['losesTheEnd', 'reopening keeps everything', /the log after the restart/, losesTheEnd],
  ['IgnoresTheLimit', 'an append above the limit of the store is refused, and harms nobody', /Missing expected rejection[^]*one event/, () => limited(new Sound())],
  ['WritesWhatFits', 'an append above the limit of the store is refused, and harms nobody', /nothing of it stands/, () => limited(new WritesWhatFits())],
] as const;

const named = (name: string) => checks.find((check) => check.name === name) ?? fail(`no check is named ${name}`);

function fail(message: string): never {
  throw new Error(message);
}

describe('a store with nothing planted', () => {
  it.each(checks.map((check) => [check.name, check] as const))('passes: %s', (_name, check) => check.run(async () => opened(new Sound())));
});

describe('a planted bug is found', () => {
  it.each(allBugs)('%s, by: %s', async (_bug, check, says, open) => {
    await expect(named(check).run(async () => open())).rejects.toThrow(says);
  });

  it('by every check there is', () => {
    expect(new Set(allBugs.map(([, check]) => check))).toEqual(new Set(checks.map(({ name }) => name)));
  });
});
