/** Moving a log between the stores there are, and what is said when it cannot be. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore, NewEvent, RecordedEvent } from '../src/kernel/event-store.js';
import { lockFolder } from '../src/shell/data-folder.js';
import { CannotMigrate, type Migration } from '../src/shell/migration.js';
import { move, shown } from '../src/shell/moving.js';
import { openStore } from '../src/stores/index.js';
import { check } from '../src/stores/sqlite.check.js';
import { command, wholeLog, type Opened } from './event-store.contract.js';
import { headOf, migrationChecks, migrationChecksList, type Migrate } from './migration.contract.js';

const inMemory = async (): Promise<Opened> => {
  const store = await openStore('memory:');
  return { store, close: () => store.close() };
};

const inSqlite = async (): Promise<Opened> => {
  const folder = mkdtempSync(join(tmpdir(), 'five-ring-'));
  const store = await openStore(`sqlite:${join(folder, 'log.db')}`);
  return {
    store,
    close: async () => {
      await store.close();
      expect(check(join(folder, 'log.db'))).toEqual([]);
      rmSync(folder, { recursive: true });
    },
  };
};

migrationChecks('sqlite to sqlite', inSqlite, inSqlite);
migrationChecks('sqlite to memory', inSqlite, inMemory);
migrationChecks('memory to sqlite', inMemory, inSqlite);

/** A migrator of a few lines that keeps all in memory, sound but for what it is told to do wrong. */
const careless = (...bugs: string[]): Migrate => async (from, to, onProgress = () => undefined) => {
  const has = (bug: string): boolean => bugs.includes(bug);
  const log = await wholeLog(from, has('reads all at once') ? 100_000 : 500);
  if (log.length === 0 && !has('takes nothing for a log')) throw new CannotMigrate('empty-source', 'empty');
  const there = await wholeLog(to);
  const wrong = there.findIndex(({ id }, i) => (has('compares ids only') ? id !== log[i]?.id : headOf([{ ...there[i]!, position: '' }]) !== headOf(log.slice(i, i + 1))));
  if (wrong >= 0 && !has('trusts the number of events')) throw differs(there[wrong]!, log[wrong], wrong);
  const rest = log.slice(has('begins anew') ? 0 : there.length);
  if (has('moves stream by stream')) rest.sort((a, b) => (a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : a.revision - b.revision));
  const appends: Promise<unknown>[] = [];
  for (const { stream, revision, recordedAt, id, type, data, metadata } of rest) {
    const events: NewEvent[] = [{ id, type, data, metadata }];
    if (revision > 0 && !(await to.read(stream, revision - 1, 1)).length && !has('closes gaps') && !has('does not wait')) throw new CannotMigrate('not-in-order', `Stream ${stream}, revision ${revision} of the source does not follow`);
    const append = to.append(stream, events, 'any', has('records now') ? undefined : recordedAt).catch((error: { bytes?: number }) => {
      if (error.bytes === undefined) throw error;
      if (has('leaves large events out')) return;
      throw new CannotMigrate('event-too-large', `Stream ${stream}, revision ${revision} has ${error.bytes} bytes, and the target takes no more than 5000.`);
    });
    appends.push(append);
    if (!has('does not wait')) await append;
  }
  await Promise.all(appends);
  const target = await wholeLog(to);
  const [head, targetHead] = [headOf(log), headOf(target)];
  if (head !== targetHead && !has('does not read back')) throw new CannotMigrate('heads-differ', 'Do not use the target.');
  if ((await from.head()) !== (log.at(-1)?.position ?? null) && !has('does not look again')) throw new CannotMigrate('source-written', 'written');
  onProgress(log.length, 'copied');
  return { events: log.length, streams: new Set(log.map(({ stream }) => stream)).size, copied: rest.length, already: there.length, head, targetHead };
};

function differs(there: RecordedEvent, event: RecordedEvent | undefined, i: number): CannotMigrate {
  const place = ({ stream, revision }: RecordedEvent): string => `stream ${stream}, revision ${revision}`;
  const instead = event === undefined ? 'the source ends before it' : place(event) === place(there) ? 'the source has another event there' : `the source goes on with ${place(event)}`;
  return new CannotMigrate('target-differs', `its event ${i + 1} is ${place(there)}, and ${instead}`);
}

describe('a migrator with nothing planted', () => {
  it.each(migrationChecksList.map((one) => [one.name, one] as const))('passes: %s', (_name, one) => one.run(inMemory, inMemory, careless()));
});

describe('a planted bug is found', () => {
  it.each([
    ['moves stream by stream', 'the whole log arrives as it is: every event, in order, at its instant', /Do not use/],
    ['records now, does not read back', 'the whole log arrives as it is: every event, in order, at its instant', /the log as it is in the source/],
    ['begins anew', 'what is there already is not copied again', /^stream x: expected any, found revision/],
    ['begins anew', 'what was begun goes on, wherever it stopped', /nothing to do up to 1/],
    ['trusts the number of events, does not read back', 'a target that holds something else is refused before anything is written: another event in the middle', /Missing expected rejection/],
    ['compares ids only', 'a target that holds something else is refused before anything is written: the same at another instant', /Do not use the target|heads-differ/],
    ['compares ids only', 'a target that holds something else is refused before anything is written: the same by another actor', /heads-differ/],
    ['trusts the number of events', 'a target that holds something else is refused before anything is written: another order', /heads-differ/],
    ['trusts the number of events', 'a target that holds something else is refused before anything is written: a log of its own', /not-in-order|heads-differ/],
    ['trusts the number of events', 'a target that holds something else is refused before anything is written: more than the source', /heads-differ/],
    ['takes nothing for a log', 'an empty source is refused', /Missing expected rejection/],
    ['reads all at once', 'it takes neither more than a page nor more than an append at once', /a page of the source/],
    ['does not wait', 'it takes neither more than a page nor more than an append at once', /one append after the other/],
    ['leaves large events out, does not read back', 'an append that is too large for the target is halved; an event that is, named', /Missing expected rejection/],
    ['does not read back', 'a target that keeps something else than it was given is not taken for good', /Missing expected rejection/],
    ['does not look again, does not read back', 'somebody who writes to the source meanwhile is noticed', /Missing expected rejection/],
    ['closes gaps, does not read back', 'a source with an event missing is refused where it is missing', /Missing expected rejection/],
  ])('%s, by: %s', async (bug, name, says) => {
    const one = migrationChecksList.find((each) => each.name === name)!;
    await expect(one.run(inMemory, inMemory, careless(...bug.split(', ')))).rejects.toThrow(says);
  });
});

describe('move', () => {
  let folder: string;
  let data: string;
  let from: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'five-ring-'));
    data = join(folder, 'data');
    mkdirSync(data);
    from = `sqlite:${join(data, 'log.db')}`;
    const store = await openStore(from);
    await store.append('x', command(3), 'any', 1);
    await store.close();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const to = (name: string): string => `sqlite:${join(folder, name)}`;
  const moved = (urls: { from?: string; to?: string }, dataFolder = data): Promise<Migration> => move({ from, to: to('other/log.db'), ...urls }, dataFolder);

  it('opens both by their URLs, makes the folder of the target, and lets go of all', async () => {
    expect(await moved({})).toMatchObject({ events: 3, copied: 3, already: 0 });
    expect(await moved({})).toMatchObject({ copied: 0, already: 3 });
    const back = await openStore(to('other/log.db'));
    await back.append('x', command(), 2);
    await back.close();
    // The way back: what was recorded since goes to where the log came from.
    expect(await moved({ from: to('other/log.db'), to: from })).toMatchObject({ copied: 1, already: 3 });
    for (const each of [data, join(folder, 'other')]) lockFolder(each).release();
  });

  it('works beside itself in one folder, and without a data folder', async () => {
    expect(await moved({ to: `sqlite:${join(data, 'new.db')}` })).toMatchObject({ copied: 3 });
    expect(await moved({}, join(folder, 'none'))).toMatchObject({ copied: 3 });
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  it.each([
    ['the same', () => ({ to: from }), 'same-log', '--from and --to name the same log.'],
    ['the same, by another way', () => (symlinkSync(data, join(folder, 'link')), { to: to('link/log.db') }), 'same-log', '--from and --to name the same log.'],
    ['the same server', () => ({ from: 'kurrentdb://a:secret@host:2113?tls=true', to: 'kurrentdb://host:2113' }), 'same-log', '--from and --to name the same log.'],
    ['a scheme nobody knows', () => ({ from: 'mysql://root:secret@host/log' }), 'bad-url', /^No event store is known as "mysql:"; there are /],
    ['a scheme nobody knows as target', () => ({ to: 'mysql://root:secret@host/log' }), 'bad-url', /^No event store is known as "mysql:"; there are /],
    ['no URL', () => ({ to: '' }), 'bad-url', /^No event store is known as ":"/],
    ['a store that forgets', () => ({ to: 'memory:' }), 'not-kept', /^memory: is empty at the start/],
    ['a source that is not there', () => ({ from: to('nowhere/log.db') }), 'no-source', /^There is no file .*nowhere.log\.db to move from\.$/],
    ['a target in a folder that cannot be', () => (writeFileSync(join(folder, 'file'), ''), { to: to('file/log.db') }), 'cannot-be-used', /^.*file cannot be used: .*\.$/],
  ] as const)('says in a sentence why not, and leaves no trace: %s', async (_what, urls, code, says) => {
    const given = urls();
    const before = readdirSync(folder, { recursive: true }).filter((file) => !String(file).includes('lock.db'));
    const error = await moved(given).catch((thrown: unknown) => thrown as CannotMigrate);
    expect(error).toBeInstanceOf(CannotMigrate);
    expect(error).toMatchObject({ code, message: typeof says === 'string' ? says : expect.stringMatching(says) as string });
    expect((error as Error).message).not.toContain('secret');
    expect(readdirSync(folder, { recursive: true }).filter((file) => !String(file).includes('lock.db'))).toEqual(before);
  });

  it('refuses an empty source before it makes the target', async () => {
    const empty: EventStore = await openStore(to('empty.db'));
    await empty.close();
    await expect(moved({ from: to('empty.db') })).rejects.toThrow(`sqlite:${join(folder, 'empty.db')} holds no events: there is nothing to move.`);
    expect(existsSync(join(folder, 'other'))).toBe(false);
  });

  it('says that a target cannot be written, or is something else', async () => {
    await expect(moved({ to: `sqlite:${folder}` })).rejects.toThrow(/cannot be opened: unable to open database file\.$/);
    writeFileSync(join(folder, 'text.db'), 'not a database, but a text that is longer than the header of one would be, and then some more'.repeat(10));
    await expect(moved({ to: to('text.db') })).rejects.toThrow(/cannot be opened: file is not a database\.$/);
  });

  it.each([
    ['the source', () => data],
    ['the target', () => join(folder, 'other')],
    ['the data folder', () => join(folder, 'served')],
  ])('is refused while somebody holds the folder of %s', async (_what, held) => {
    const lock = lockFolder(held());
    lock.announce('http://127.0.0.1:3000', 'token');
    const served = join(folder, 'served');
    await expect(moved({}, existsSync(served) ? served : data)).rejects.toThrow(`A Five-Ring process uses ${held()} (the server at http://127.0.0.1:3000). Stop it first: what it records meanwhile would be left behind.`);
    lock.release();
    expect(existsSync(join(folder, 'other/log.db'))).toBe(false);
    expect(await moved({})).toMatchObject({ copied: 3 });
  });

  it('shows no password', () => {
    expect(['kurrentdb://ada:p@ss/w?rd@h1:2113,h2?tls=false&userCertFile=x', 'kurrentdb+discover://h/', 'sqlite:/a/b@c.db', 'odd@thing'].map(shown)).toEqual(['kurrentdb://h1:2113,h2', 'kurrentdb+discover://h/', 'sqlite:/a/b@c.db', 'thing']);
  });
});
