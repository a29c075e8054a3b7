/**
 * What every event store must do, as a list of named checks that throw. A spec runs them against the real stores,
 * and against stores with a planted bug, which must make the check that names it fail.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppendTooLarge, StoreUnavailable, WrongRevision, type EventStore, type Expected, type NewEvent, type Position, type RecordedEvent } from '../src/kernel/event-store.js';

export interface Opened {
  readonly store: EventStore;
  /** Closes the store and opens it anew on the same data. Left out by stores that keep nothing. */
  readonly reopen?: () => Promise<EventStore>;
  /** Bytes that one append may have, of a store that has such a limit. */
  readonly limit?: number;
  close(): Promise<void>;
}

/** A fresh, empty store. */
export type Open = () => Promise<Opened>;

export interface Check {
  readonly name: string;
  run(open: Open): Promise<void>;
}

let made = 0;

/** A number of the test process as `digits` hex digits; no two are the same. */
const hex = (digits: number): string => (made += 1).toString(16).padStart(digits, '0');

/** Events of one command. */
export function command(count = 1, data: (n: number) => unknown = (n) => ({ n }), commandId = hex(32)): NewEvent[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `01900000-0000-7000-8000-${hex(12)}`,
    type: 'SomethingHappened',
    data: data(n),
    metadata: { commandId, n, mac: 'ab'.repeat(32), correlationId: commandId, causationId: null, actor: 'system' },
  }));
}

/** The whole log, read in pages of an odd size. */
export async function wholeLog(store: EventStore, limit = 97): Promise<RecordedEvent[]> {
  const log: RecordedEvent[] = [];
  let after: Position | null = null;
  for (;;) {
    const page = await store.readAll(after, limit);
    assert.ok(page.length <= limit, 'a page is no longer than its limit');
    const last = page.at(-1);
    if (last === undefined) return log;
    log.push(...page);
    after = last.position;
  }
}

const given = ({ id, type, data, metadata }: NewEvent): NewEvent => ({ id, type, data, metadata });

async function refused(append: Promise<unknown>, expected: Expected, actual: number): Promise<void> {
  const verdict = await append.then(
    () => 'written',
    (error: unknown) => error,
  );
  assert.ok(verdict instanceof WrongRevision, `expected ${expected} must be refused at revision ${actual}, not: ${String(verdict)}`);
  assert.deepEqual([verdict.expected, verdict.actual], [expected, actual], 'what the refusal says');
}

/** Whether it comes true within a second. */
async function soon(holds: () => boolean): Promise<boolean> {
  for (let waited = 0; waited < 200 && !holds(); waited += 1) await sleep(5);
  return holds();
}

function assertNoGaps(events: readonly RecordedEvent[], store: EventStore, who: string): void {
  const next = new Map<string, number>();
  for (const [i, event] of events.entries()) {
    const before = events[i - 1];
    assert.ok(before === undefined || store.compare(before.position, event.position) < 0, `${who}: positions ascend`);
    assert.equal(event.revision, next.get(event.stream) ?? 0, `${who}: no revision of ${event.stream} is skipped or seen twice`);
    next.set(event.stream, event.revision + 1);
  }
}

type Body = (store: EventStore, opened: Opened) => Promise<void>;

function check(name: string, body: Body): Check {
  return {
    name,
    async run(open) {
      const opened = await open();
      try {
        await body(opened.store, opened);
      } finally {
        await opened.close();
      }
    },
  };
}

export const checks: readonly Check[] = [
  check('an empty store has no head, no events and no streams', async (store) => {
    assert.equal(await store.head(), null, 'no head');
    assert.deepEqual(await store.readAll(null, 10), []);
    assert.deepEqual(await store.read('nobody'), []);
  }),

  check('events are read back as they were given, in order, each with its place', async (store) => {
    const before = Date.now();
    const appends = [command(1), command(3), command(2)];
    const [a, b, c] = appends.map((events) => events.map(given));
    await store.append('x', appends[0] ?? [], 'any');
    await store.append('y', appends[1] ?? [], 'any');
    const verdict = await store.append('x', appends[2] ?? [], 'any');
    const x = await store.read('x');
    const log = await wholeLog(store);
    assert.deepEqual(x.map(given), [...(a ?? []), ...(c ?? [])], 'the stream as given');
    assert.deepEqual(log.map(given), [...(a ?? []), ...(b ?? []), ...(c ?? [])], 'the log as given');
    assert.deepEqual(log.map((event) => `${event.stream} ${event.revision}`), ['x 0', 'y 0', 'y 1', 'y 2', 'x 1', 'x 2']);
    assert.deepEqual(x, log.filter(({ stream }) => stream === 'x'), 'the stream and the log tell the same');
    assertNoGaps(log, store, 'the log');
    const last = log.at(-1);
    assert.deepEqual(verdict, { id: last?.id, position: last?.position, revision: 2, recordedAt: last?.recordedAt }, 'the verdict is the place of the last event');
    assert.equal(await store.head(), verdict.position);
    assert.ok(log.every(({ recordedAt }) => recordedAt >= before - 5_000 && recordedAt <= Date.now() + 5_000), 'recorded now');
    assert.ok(log.every(({ recordedAt }, i) => recordedAt >= (log[i - 1]?.recordedAt ?? 0)), 'recorded in order');
    assert.equal(new Set(log.slice(1, 4).map(({ recordedAt }) => recordedAt)).size, 1, 'one instant for one append');
  }),

  check('no-stream is refused where there is a stream', async (store) => {
    await store.append('x', command(2), 'no-stream');
    await refused(store.append('x', command(), 'no-stream'), 'no-stream', 1);
    await store.append('y', command(), 'no-stream');
    assert.equal((await wholeLog(store)).length, 3);
  }),

  check('stream-exists is refused where there is none', async (store) => {
    await refused(store.append('x', command(), 'stream-exists'), 'stream-exists', -1);
    assert.equal(await store.head(), null, 'nothing is written');
    await store.append('x', command(), 'any');
    assert.equal((await store.append('x', command(), 'stream-exists')).revision, 1);
  }),

  check('a revision is refused unless it is the last', async (store) => {
    await refused(store.append('x', command(), 0), 0, -1);
    await store.append('x', command(3), 'no-stream');
    await refused(store.append('x', command(), 1), 1, 2);
    await refused(store.append('x', command(), 3), 3, 2);
    assert.equal((await store.append('x', command(), 2)).revision, 3);
    assert.equal((await wholeLog(store)).length, 4);
  }),

  check('any is never refused', async (store) => {
    for (let revision = 0; revision < 3; revision += 1) assert.equal((await store.append('x', command(), 'any')).revision, revision);
  }),

  check('of writers that race for a revision exactly one wins', async (store) => {
    const writers = 8;
    for (let revision = 0; revision < 10; revision += 1) {
      const expected = revision === 0 ? 'no-stream' : revision - 1;
      const verdicts = await Promise.allSettled(Array.from({ length: writers }, () => store.append('x', command(), expected)));
      const lost = verdicts.filter((verdict) => verdict.status === 'rejected').map(({ reason }: PromiseRejectedResult): unknown => reason);
      assert.equal(lost.length, writers - 1, 'exactly one wins');
      assert.ok(lost.every((error) => error instanceof WrongRevision && error.actual === revision), 'the others are told the revision they found');
    }
    assert.deepEqual((await store.read('x')).map(({ revision }) => revision), [...Array(10).keys()]);
  }),

  check('one refused append harms none that are made at the same moment', async (store) => {
    await store.append('x', command(), 'no-stream');
    const verdicts = await Promise.allSettled([
      store.append('y', command(2), 'no-stream'),
      store.append('x', command(2), 'no-stream'),
      store.append('z', command(2), 5),
      store.append('x', command(2), 0),
      store.append('y', command(1), 1),
    ]);
    assert.deepEqual(verdicts.map(({ status }) => status), ['fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled']);
    const log = await wholeLog(store);
    assert.equal(log.length, 6, 'the refused wrote nothing');
    assertNoGaps(log, store, 'the log');
  }),

  check('a retry whose first answer was lost gets that answer and writes nothing', async (store) => {
    const events = command(3);
    const first = await store.append('x', events, 'no-stream');
    await store.append('x', command(), 2);
    await store.append('y', command(), 'any');
    const retried = events.map((event) => ({ ...event, id: command()[0]?.id ?? '' }));
    for (const expected of ['any', 'no-stream', 0, 'stream-exists'] as const) assert.deepEqual(await store.append('x', retried, expected), first, 'the first verdict');
    assert.equal((await wholeLog(store)).length, 5, 'nothing is written twice');
    assert.deepEqual((await store.read('x', 0, 3)).map(({ id }) => id), events.map(({ id }) => id));
  }),

  check('a retry made at the same moment as the first try writes nothing either', async (store) => {
    const events = command(2);
    const verdicts = await Promise.all(Array.from({ length: 5 }, () => store.append('x', events, 'no-stream')));
    for (const verdict of verdicts) assert.deepEqual(verdict, verdicts[0], 'one verdict for all');
    assert.equal((await wholeLog(store)).length, 2);
  }),

  check('the same command in another stream is another append', async (store) => {
    const events = command(2);
    await store.append('x', events, 'no-stream');
    await store.append('y', events, 'no-stream');
    assert.equal((await wholeLog(store)).length, 4, 'both are written');
  }),

  check('an append of several commands is retried as a whole, and refused where it holds but a part', async (store) => {
    const [one, two, three] = [command(1), command(2), command(1)];
    await store.append('x', command(), 'any');
    const first = await store.append('x', [...one, ...two], 'any');
    await store.append('x', command(), 'any');
    assert.deepEqual(await store.append('x', [...one, ...two], 'any'), first, 'the whole is done');
    await refused(store.append('x', [...three, ...two], 'any'), 'any', 4);
    await refused(store.append('x', two.slice(0, 1), 'any'), 'any', 4);
    await refused(store.append('x', [...two, ...three], 'any'), 'any', 4);
    assert.deepEqual(await store.append('x', two, 'any'), first, 'a command that stands is done, whatever stood beside it');
    assert.equal((await store.append('x', three, 'any')).revision, 5, 'a refused command is still to be done');
    assertNoGaps(await wholeLog(store), store, 'the log');
  }),

  check('several events of one append stand together or not at all', async (store) => {
    const taken = command(1);
    await store.append('x', taken, 'no-stream');
    // 120 rows go ahead of the one that cannot be written.
    await refused(store.append('x', [...command(120), ...taken], 'any'), 'any', 0);
    const twice = command(1);
    await refused(store.append('new', [...command(60), ...twice, ...twice], 'any'), 'any', -1);
    assert.equal((await wholeLog(store)).length, 1, 'no part of it stands');
    assert.deepEqual(await store.read('new'), []);
    assert.equal((await store.append('new', command(130), 'no-stream')).revision, 129);
    const log = await wholeLog(store);
    assert.equal(log.length, 131);
    assertNoGaps(log, store, 'the log');
  }),

  check('an append without events, or with one that could not be read back, is refused', async (store) => {
    const [event] = command();
    assert.ok(event);
    const { metadata } = event;
    await assert.rejects(store.append('x', [], 'any'), RangeError, 'no events');
    await assert.rejects(store.append('x', [{ ...event, data: undefined }], 'any'), RangeError);
    await assert.rejects(store.append('x', [{ ...event, id: 'e1' }], 'any'), RangeError);
    await assert.rejects(store.append('x', [{ ...event, type: '\ud800' }], 'any'), RangeError);
    await assert.rejects(store.append('x', [{ ...event, metadata: { ...metadata, commandId: 'c1' } }], 'any'), RangeError);
    await assert.rejects(store.append('x', [{ ...event, metadata: { ...metadata, n: -1 } }], 'any'), RangeError);
    await assert.rejects(store.append('x\udfff', [event], 'any'), RangeError);
    assert.equal(await store.head(), null);
  }),

  check('read and readAll page', async (store) => {
    for (let i = 0; i < 5; i += 1) {
      await store.append('x', command(7), 'any');
      await store.append('y', command(4), 'any');
    }
    const x = await store.read('x');
    const log = await store.readAll(null, 1_000);
    assert.deepEqual([x.length, log.length], [35, 55]);
    assert.deepEqual(await store.read('x', 10, 5), x.slice(10, 15), 'from is inclusive');
    assert.deepEqual(await store.read('x', 30, 100), x.slice(30), 'a limit beyond the end');
    assert.deepEqual(await store.read('x', 35), [], 'beyond the end');
    assert.deepEqual(await store.read('x', 0, 0), []);
    assert.deepEqual(await store.readAll(null, 0), []);
    for (const limit of [1, 3, 54, 55, 56]) assert.deepEqual(await wholeLog(store, limit), log, `pages of ${limit}`);
    assert.deepEqual(await store.readAll(log[9]?.position ?? null, 3), log.slice(10, 13), 'after is exclusive');
    assert.deepEqual(await store.readAll(await store.head(), 10), []);
    for (const limit of [-1, 1.5, NaN]) await assert.rejects(store.readAll(null, limit), RangeError, `limit ${limit}`);
  }),

  check('readers that tail the log while others write see every event once and in order', async (store) => {
    const writers = 8;
    const appends = 40;
    const total = writers * appends * 2;
    let isDone = false;
    const write = async (writer: number): Promise<void> => {
      for (let i = 0; i < appends; i += 1) {
        await store.append(`s${(writer + i) % 5}`, command((i % 3) + 1), 'any');
        if (i % 7 === writer % 7) await sleep(1);
      }
    };
    const tail = async (reader: number): Promise<RecordedEvent[]> => {
      const seen: RecordedEvent[] = [];
      for (;;) {
        const wasDone = isDone;
        const page = await store.readAll(seen.at(-1)?.position ?? null, reader * 5 + 1);
        seen.push(...page);
        if (page.length > 0) continue;
        if (wasDone) return seen;
        await sleep(reader);
      }
    };
    const readers = [0, 1, 2, 3].map(tail);
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    isDone = true;
    const log = await wholeLog(store);
    assertNoGaps(log, store, 'the log');
    assert.ok(log.length >= total - writers * 3 && log.length <= total + writers * 3, 'everything is written');
    for (const [i, seen] of (await Promise.all(readers)).entries()) {
      assertNoGaps(seen, store, `reader ${i}`);
      assert.deepEqual(seen, log, `reader ${i} saw the log`);
    }
  }),

  check('an append that has resolved can be read at once', async (store, { reopen }) => {
    for (let i = 0; i < 5; i += 1) {
      const { position } = await store.append('x', command(), 'any');
      assert.equal(await store.head(), position, 'the head is the event just acknowledged');
      assert.equal((await store.read('x')).length, i + 1, 'the acknowledged event is in its stream');
    }
    if (reopen === undefined) return;
    const { position } = await store.append('x', command(), 'any');
    assert.equal(await (await reopen()).head(), position, 'the acknowledged event outlives the store');
  }),

  check('a listener is called after each commit, until it is stopped', async (store) => {
    const heads: Promise<Position | null>[] = [];
    let others = 0;
    const stop = store.onAppend(() => void heads.push(store.head()));
    const stopOther = store.onAppend(() => void (others += 1));
    const first = await store.append('x', command(), 'no-stream');
    assert.ok(await soon(() => heads.length === 1 && others === 1), 'every listener is woken');
    assert.equal(await heads[0], first.position, 'and finds the event');
    const second = await store.append('y', command(2), 'any');
    assert.ok(await soon(() => heads.length === 2 && others === 2), 'once a commit');
    assert.equal(await heads[1], second.position);
    await refused(store.append('x', command(), 'no-stream'), 'no-stream', 0);
    stop();
    await store.append('x', command(), 'any');
    assert.ok(await soon(() => others === 3), 'the other listener goes on');
    assert.equal(heads.length, 2, 'a stopped listener, and a refused append, wake nobody');
    stopOther();
  }),

  check('compare orders positions of the store and refuses others', async (store) => {
    for (let i = 0; i < 12; i += 1) await store.append('x', command(), 'any');
    const positions = (await wholeLog(store)).map(({ position }) => position);
    for (const [i, a] of positions.entries()) for (const [j, b] of positions.entries()) assert.equal(Math.sign(store.compare(a, b)), Math.sign(i - j), `${a} against ${b}`);
    for (const no of ['', 'x', '-1', '1.5', '9'.repeat(40), ' 1']) {
      assert.throws(() => store.compare(no, positions[0] ?? ''), RangeError, `position "${no}"`);
      await assert.rejects(store.readAll(no, 1), RangeError, `position "${no}"`);
    }
  }),

  check('text of every kind comes back as it was', async (store) => {
    const texts = ['', 'Zoë 日本語 🦄', '\ud83d', '\udc00 alone', 'a\u0000b', '\u2028"\\\n\t\u007f', 'e\u0301 é', '__proto__', ' '.repeat(3)];
    const data = { texts, __proto__x: 1, nested: { deep: [[], {}, null, true, 0, -1.5, 1e300, Number.MAX_SAFE_INTEGER] }, ['\ud800']: 'key' };
    const proto = JSON.parse('{"__proto__":{"a":1},"constructor":2}') as unknown;
    const events = command(5, (n) => [data, proto, 'text', null, texts][n]).map((event, n) => ({ ...event, type: `Geschäft-${n} 🦄`, metadata: { ...event.metadata, actor: texts[n] ?? '' } }));
    for (const stream of ['Kunde-ü', 'customer-\u0000', '🦄', 'e\u0301', 'é', 'a', 'A', 'a ']) {
      await store.append(stream, events, 'no-stream');
      assert.deepEqual((await store.read(stream)).map(given), events.map(given), `stream ${stream}`);
    }
    assert.ok((await wholeLog(store)).length === 40, 'each name is a stream of its own');
  }),

  check('what is read belongs to the reader, and what was appended to the store', async (store) => {
    const mutable = { name: 'before' };
    const append = store.append('x', command(1, () => mutable), 'any');
    mutable.name = 'after';
    await append;
    const [event] = await store.read('x');
    assert.deepEqual(event?.data, { name: 'before' });
    (event.data).name = 'changed';
    assert.deepEqual((await store.read('x'))[0]?.data, { name: 'before' }, 'no reader changes what the next one reads');
  }),

  check('an append that is moved keeps the instant it was recorded at', async (store, { reopen }) => {
    const instants = (events: readonly RecordedEvent[]): number[] => events.map(({ recordedAt }) => recordedAt);
    const before = Date.now();
    const events = command(2);
    await store.append('x', command(), 'no-stream');
    const moved = await store.append('x', events, 0, 1_234_567);
    assert.equal(moved.recordedAt, 1_234_567, 'the verdict says the instant that was given');
    await store.append('y', command(2), 'no-stream', 1_700_000_000_001);
    await store.append('x', command(), 2, 42);
    assert.deepEqual(instants(await wholeLog(store)).slice(1), [1_234_567, 1_234_567, 1_700_000_000_001, 1_700_000_000_001, 42], 'kept exactly, also when it is older than the newest');
    assert.deepEqual(instants(await store.read('x')).slice(1), [1_234_567, 1_234_567, 42], 'in the stream as in the log');
    assert.deepEqual(await store.append('x', events, 0, 1_234_567), moved, 'a retry gets the first verdict');
    const { recordedAt } = await store.append('y', command(), 1);
    assert.ok(recordedAt >= before - 5_000 && recordedAt <= Date.now() + 5_000, 'an ordinary append afterwards is recorded now');
    if (reopen === undefined) return;
    const log = await wholeLog(store);
    assert.deepEqual(instants(await wholeLog(await reopen())), instants(log), 'the instants after the restart');
  }),

  check('a large event comes back whole', async (store, { limit = 9_000_000 }) => {
    const text = 'Ω'.repeat(Math.floor(limit / 3));
    await Promise.all([store.append('x', command(1, () => ({ text })), 'any'), store.append('y', command(1, () => ({ text })), 'any'), store.append('z', command(), 'any')]);
    const [event] = await store.read('x');
    assert.ok((event?.data as { text: string }).text === text, 'the large text is whole');
    assert.equal((await wholeLog(store)).length, 3);
  }),

  check('an append above the limit of the store is refused, and harms nobody', async (store, { limit }) => {
    if (limit === undefined) return;
    const text = 'Ω'.repeat(limit);
    await Promise.all([
      assert.rejects(store.append('x', command(1, () => ({ text })), 'any'), (error) => error instanceof AppendTooLarge && error.limit === limit, 'one event'),
      assert.rejects(store.append('y', command(4, () => ({ text: text.slice(0, limit / 5) })), 'any'), AppendTooLarge, 'several'),
      store.append('z', command(), 'any'),
    ]);
    assert.deepEqual((await wholeLog(store)).map(({ stream }) => stream), ['z'], 'nothing of it stands');
    assert.equal((await store.append('x', command(), 'no-stream')).revision, 0, 'and the stream takes others');
  }),

  check('reopening keeps everything', async (store, { reopen }) => {
    if (reopen === undefined) return;
    const events = command(3);
    const first = await store.append('x', events, 'no-stream');
    await store.append('y', command(60), 'any');
    const log = await wholeLog(store);
    const again = await reopen();
    assert.deepEqual(await wholeLog(again), log, 'the log after the restart');
    assert.deepEqual(await again.append('x', events, 'no-stream'), first, 'a retry after the restart');
    await refused(again.append('x', command(), 'no-stream'), 'no-stream', 2);
    assert.equal((await again.append('x', command(), 2)).revision, 3);
    assertNoGaps(await wholeLog(again), again, 'the log');
  }),

  check('close waits for what was appended, and a closed store refuses', async (store, { reopen }) => {
    const waiting = store.append('x', command(), 'any');
    const closing = store.close();
    const isClosed = (error: unknown): boolean => error instanceof StoreUnavailable && error.reason === 'closed';
    await assert.rejects(store.append('x', command(), 'any'), isClosed, 'append');
    assert.equal((await waiting).revision, 0, 'what was appended before is written');
    await closing;
    await store.close();
    await assert.rejects(store.read('x'), isClosed, 'read');
    await assert.rejects(store.readAll(null, 1), isClosed, 'readAll');
    await assert.rejects(store.head(), isClosed, 'head');
    if (reopen !== undefined) assert.equal((await wholeLog(await reopen())).length, 1);
  }),
];

/** Runs every check as a test. */
export function eventStoreContract(name: string, open: Open): void {
  describe(name, () => {
    for (const one of checks) it(one.name, () => one.run(open));
  });
}
