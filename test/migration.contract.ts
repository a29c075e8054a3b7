/**
 * What a migration must do between any two stores, as named checks that throw. A spec runs them against the real migration,
 * and against migrators with a planted bug, which must make the check for it fail.
 */
import assert from 'node:assert/strict';
import { AppendTooLarge, type EventStore, type RecordedEvent } from '../src/kernel/event-store.js';
import { chained, startOfLog } from '../src/shell/log-proof.js';
import { CannotMigrate, migrate } from '../src/shell/migration.js';
import { command, wholeLog, type Open } from './event-store.contract.js';
import { PassingStore } from './passing-store.js';

export type Migrate = typeof migrate;

export interface MigrationCheck {
  readonly name: string;
  run(openFrom: Open, openTo: Open, move: Migrate): Promise<void>;
}

export const headOf = (log: readonly RecordedEvent[]): string => log.reduce((head, event) => chained(head, event), startOfLog()).toString('hex');

/** Without the position, which is each store's own. */
const moved = ({ id, type, data, metadata, stream, revision, recordedAt }: RecordedEvent): Omit<RecordedEvent, 'position'> => ({ id, type, data, metadata, stream, revision, recordedAt });

const TEXTS = ['', 'Zoë 日本語 🦄', '\ud83d', '\udc00 alone', 'a\u0000b', '\u2028"\\\n\t\u007f', 'e\u0301 é', '__proto__'];

/** Over several pages: streams in turn, commands that share an append, texts of every kind, instants that run backwards. */
export async function fill(store: EventStore): Promise<void> {
  const proto = JSON.parse('{"__proto__":{"a":1},"constructor":2}') as unknown;
  let last = 1_700_000_000_000;
  for (let i = 0; i < 260; i += 1) {
    const events = [...command(1 + (i % 4), (n) => [{ i, n, text: TEXTS[i % TEXTS.length] }, proto, null, [TEXTS]][n]), ...(i % 5 === 0 ? command(2) : [])];
    const named = events.map((event) => ({ ...event, type: `Geschäft 🦄 ${i % 3}`, metadata: { ...event.metadata, actor: TEXTS[i % TEXTS.length]! } }));
    // Every third append at the same instant as the one before, some earlier than it.
    if (i % 3 > 0) last += i % 7 === 0 ? -86_400_000 : 1 + i;
    await store.append(['x', 'customer-\u0000', '🦄', 'Kunde-ü', 'x'][i % 5]!, named, 'any', last);
  }
  // More than one append takes, in events and in bytes.
  await store.append('long', command(700), 'no-stream', 5);
  await store.append('wide', command(4, () => ({ text: 'Ω'.repeat(100_000) })), 'no-stream', 5);
  await store.append('x', command(2), 'any');
}

/** Writes events into a store as they stand in another. */
async function put(store: EventStore, events: readonly RecordedEvent[]): Promise<void> {
  for (const { stream, recordedAt, ...event } of events) await store.append(stream, [event], 'any', recordedAt);
}

const refusedAs = (code: CannotMigrate['code'], says = /./) => (error: unknown): boolean => {
  assert.ok(error instanceof CannotMigrate, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, says);
  return true;
};

function check(name: string, body: (from: EventStore, to: EventStore, move: Migrate) => Promise<void>): MigrationCheck {
  return {
    name,
    async run(openFrom, openTo, move) {
      const [from, to] = [await openFrom(), await openTo()];
      try {
        await body(from.store, to.store, move);
      } finally {
        await from.close();
        await to.close();
      }
    },
  };
}

export const migrationChecksList: readonly MigrationCheck[] = [
  check('the whole log arrives as it is: every event, in order, at its instant', async (from, to, move) => {
    await fill(from);
    const log = await wholeLog(from);
    const phases: Record<string, number> = {};
    const result = await move(from, to, (done, phase) => (phases[phase] = done));
    assert.deepEqual((await wholeLog(to)).map(moved), log.map(moved), 'the log as it is in the source');
    const head = headOf(log);
    assert.ok(log.length > 1_400, 'several pages');
    assert.deepEqual(result, { events: log.length, streams: new Set(log.map(({ stream }) => stream)).size, copied: log.length, already: 0, head, targetHead: head });
    assert.deepEqual(phases['copied'], log.length, 'it says how far it has come');
  }),

  check('what is there already is not copied again', async (from, to, move) => {
    await fill(from);
    const { events, head } = await move(from, to);
    const again = await move(from, to);
    assert.deepEqual([again.events, again.copied, again.already, again.head], [events, 0, events, head]);
    await from.append('x', command(2), 'any');
    const third = await move(from, to);
    assert.deepEqual([third.copied, third.already], [2, events], 'only what came since');
    assert.equal((await wholeLog(to)).length, events + 2);
  }),

  check('what was begun goes on, wherever it stopped', async (from, to, move) => {
    await fill(from);
    const log = await wholeLog(from);
    let there = 0;
    // In the middle of an append, at the end of a page and beside it, in the middle of the long one.
    for (const stop of [1, 2, 499, 500, 501, 1_000, 1_100]) {
      await put(to, log.slice(there, stop));
      there = stop;
      if (stop !== 1 && stop !== 1_100) continue;
      const before = new PassingStore(from);
      before.readAll = (after, limit) => Promise.resolve(log.slice(0, stop).filter(({ position }) => after === null || from.compare(position, after) > 0).slice(0, limit));
      before.head = () => Promise.resolve(log[stop - 1]!.position);
      assert.equal((await move(before, to)).copied, 0, `nothing to do up to ${stop}`);
    }
    const { copied, already } = await move(from, to);
    assert.deepEqual([copied, already], [log.length - there, there], 'the rest, and no more');
    assert.deepEqual((await wholeLog(to)).map(moved), log.map(moved), 'nothing doubled, nothing left out');
  }),

  ...(
    [
      ['another event in the middle', /its event 2 is stream y, revision 0, and the source has another event there/, (log) => [log[0]!, { ...log[1]!, data: { n: 'other' } }]],
      ['the same at another instant', /its event 2 is stream y, revision 0/, (log) => [log[0]!, { ...log[1]!, recordedAt: 77 }]],
      ['the same by another actor', /its event 1 is stream x, revision 0/, (log) => [{ ...log[0]!, metadata: { ...log[0]!.metadata, actor: 'eve' } }]],
      ['another order', /its event 1 is stream y, revision 0, and the source goes on with stream x, revision 0/, (log) => [log[1]!, log[0]!]],
      ['a log of its own', /its event 1 is stream z, revision 0/, () => command(2).map((event, revision) => ({ ...event, stream: 'z', revision, position: '', recordedAt: 9 }))],
      ['more than the source', /its event 6 is stream z, revision 0, and the source ends before it/, (log) => [...log, { ...command()[0]!, stream: 'z', revision: 0, position: '', recordedAt: 9 }]],
    ] as const satisfies readonly (readonly [string, RegExp, (log: readonly RecordedEvent[]) => readonly RecordedEvent[]])[]
  ).map(([what, says, other]) =>
    check(`a target that holds something else is refused before anything is written: ${what}`, async (from, to, move) => {
      await from.append('x', command(), 'any', 1);
      await from.append('y', command(2), 'any', 2);
      await from.append('x', command(2), 'any', 3);
      await put(to, other(await wholeLog(from)));
      const before = await wholeLog(to);
      await assert.rejects(move(from, to), refusedAs('target-differs', says));
      assert.deepEqual(await wholeLog(to), before, 'nothing was written');
    })),

  check('an empty source is refused', async (from, to, move) => {
    await assert.rejects(move(from, to), refusedAs('empty-source'));
    await put(to, command().map((event) => ({ ...event, stream: 'x', revision: 0, position: '', recordedAt: 9 })));
    await assert.rejects(move(from, to), refusedAs('empty-source'));
  }),

  check('it takes neither more than a page nor more than an append at once', async (from, to, move) => {
    await fill(from);
    const [source, target] = [new PassingStore(from), new PassingStore(to)];
    source.readAll = (after, limit) => (assert.ok(limit <= 1_000, 'a page of the source'), from.readAll(after, limit));
    target.readAll = (after, limit) => (assert.ok(limit <= 1_000, 'a page of the target'), to.readAll(after, limit));
    let waiting = 0;
    target.append = async (stream, events, expected, recordedAt) => {
      assert.ok(events.length <= 500, 'events of one append');
      assert.ok(events.length === 1 || Buffer.byteLength(JSON.stringify(events)) < 1_000_000, 'bytes of one append');
      assert.equal((waiting += 1), 1, 'one append after the other');
      const verdict = await to.append(stream, events, expected, recordedAt);
      waiting -= 1;
      return verdict;
    };
    await move(source, target);
  }),

  check('an append that is too large for the target is halved; an event that is, named', async (from, to, move) => {
    await from.append('x', command(37), 'any', 1);
    await from.append('big', command(1, () => 'Ω'.repeat(9_000)), 'any', 2);
    const target = new PassingStore(to);
    let most = 5_000;
    target.append = async (stream, events, expected, recordedAt) => {
      const bytes = Buffer.byteLength(JSON.stringify(events));
      if (bytes > most) throw new AppendTooLarge(bytes, most);
      return to.append(stream, events, expected, recordedAt);
    };
    await assert.rejects(move(from, target), refusedAs('event-too-large', /^Stream big, revision 0 has \d+ bytes, and the target takes no more than 5000\./));
    assert.equal((await wholeLog(to)).length, 37, 'what came before it is copied');
    most = Infinity;
    assert.equal((await move(from, target)).copied, 1);
  }),

  check('a target that keeps something else than it was given is not taken for good', async (from, to, move) => {
    await from.append('x', command(2), 'any', 1);
    await from.append('y', command(2), 'any', 2);
    const target = new PassingStore(to);
    target.append = (stream, events, expected) => to.append(stream, events, expected, 9);
    await assert.rejects(move(from, target), refusedAs('heads-differ', /Do not use the target/));
  }),

  check('somebody who writes to the source meanwhile is noticed', async (from, to, move) => {
    await from.append('x', command(2), 'any', 1);
    const target = new PassingStore(to);
    let isCopied = false;
    target.append = async (...append) => {
      const verdict = await to.append(...append);
      isCopied = true;
      return verdict;
    };
    target.readAll = async (after, limit) => {
      if (isCopied && after === null) await from.append('y', command(), 'any');
      return to.readAll(after, limit);
    };
    await assert.rejects(move(from, target), refusedAs('source-written'));
    assert.equal((await move(from, to)).copied, 1, 'and made up for by the next run');
  }),

  check('a source with an event missing is refused where it is missing', async (from, to, move) => {
    await from.append('x', command(3), 'any', 1);
    const source = new PassingStore(from);
    source.readAll = async (after, limit) => (await from.readAll(after, limit)).filter(({ revision }) => revision !== 1);
    await assert.rejects(move(source, to), refusedAs('not-in-order', /^Stream x, revision 2 of the source does not follow/));
  }),
];

/** Runs every check as a test, from one kind of store to another. */
export function migrationChecks(name: string, openFrom: Open, openTo: Open): void {
  describe(name, () => {
    for (const one of migrationChecksList) it(one.name, () => one.run(openFrom, openTo, migrate));
  });
}
