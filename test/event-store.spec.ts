import Database from 'better-sqlite3';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '../src/kernel/event-store.js';
import { openStore } from '../src/stores/index.js';
import { check } from '../src/stores/sqlite.check.js';
import { SqliteStore } from '../src/stores/sqlite.store.js';
import { command, eventStoreContract, wholeLog, type Opened } from './event-store.contract.js';

const inMemory = async (): Promise<Opened> => {
  const store = await openStore('memory:');
  return { store, close: () => store.close() };
};

const inSqlite = async (): Promise<Opened> => {
  const folder = await mkdtemp(join(tmpdir(), 'five-ring-'));
  let store = await openStore(`sqlite:${join(folder, 'log.db')}`);
  return {
    store,
    reopen: async (): Promise<EventStore> => {
      await store.close();
      return (store = await openStore(`sqlite:${join(folder, 'log.db')}`));
    },
    close: async () => {
      await store.close();
      expect(check(join(folder, 'log.db'))).toEqual([]);
      await rm(folder, { recursive: true });
    },
  };
};

eventStoreContract('memory', inMemory);
eventStoreContract('sqlite', inSqlite);

describe('openStore', () => {
  it.each(['mysql://root:secret@host/log', 'sqlite', '', 'toString:'])('refuses %j in one sentence that names what there is, and no password', async (url) => {
    await expect(openStore(url)).rejects.toThrow(/^No event store is known as "[a-zA-Z]*:"; there are memory:, sqlite:<path to log.db> and kurrentdb:\/\/<host>:<port>\.$/);
  });

  it('wants a file for sqlite', async () => {
    await expect(openStore('sqlite:')).rejects.toThrow('names its file');
  });
});

describe.each(['memory', 'sqlite'])('the clock of %s', (scheme) => {
  it('never runs backwards in the log', async () => {
    const instants = [1_000, 3_000, 2_000, 2_500, 4_000];
    const folder = await mkdtemp(join(tmpdir(), 'five-ring-'));
    const store = await openStore(`${scheme}:${join(folder, 'log.db')}`, { now: () => instants.shift() ?? 0 });
    for (let i = 0; i < 5; i += 1) await store.append(`s${i}`, command(2), 'any');
    expect([...new Set((await wholeLog(store)).map(({ recordedAt }) => recordedAt))]).toEqual([1_000, 3_000, 4_000]);
    await store.close();
    await rm(folder, { recursive: true });
  });
});

describe('a SQLite log', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'five-ring-'));
    file = join(folder, 'log.db');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const change = (sql: string): void => {
    const db = new Database(file);
    db.exec(sql);
    db.close();
  };
  const filled = async (): Promise<void> => {
    const store = SqliteStore.open(file);
    for (let i = 0; i < 4; i += 1) await store.append(`s${i % 2}`, command(2), 'any');
    await store.close();
  };

  it('of a newer format is refused', async () => {
    await filled();
    change('PRAGMA user_version = 2');
    expect(() => SqliteStore.open(file)).toThrow(`${file} has format 2, and this version of Five-Ring knows none above 1: use a newer version.`);
  });

  it('that is something else is refused', async () => {
    change('CREATE TABLE other (x)');
    expect(() => SqliteStore.open(file)).toThrow('is the database of another program');
    await writeFile(file, 'not a database, but a text that is longer than the header of one would be, and then some more'.repeat(10));
    expect(() => SqliteStore.open(file)).toThrow(`${file} cannot be opened: file is not a database.`);
    expect(() => SqliteStore.open(join(folder, 'nowhere', 'log.db'))).toThrow('cannot be opened');
  });

  it('rejects all of a group that fails, with nothing of it written, and goes on afterwards', async () => {
    const store = SqliteStore.open(file);
    await store.append('x', command(), 'no-stream');
    // Stands in for a disk that fails in the middle of the group.
    change("CREATE TRIGGER full BEFORE INSERT ON events WHEN new.data LIKE '%boom%' BEGIN SELECT RAISE(ABORT, 'planted'); END");
    const wakes: string[] = [];
    store.onAppend(() => void wakes.push('woken'));
    const verdicts = await Promise.allSettled([
      store.append('y', command(), 'no-stream'),
      store.append('z', command(60, (n) => (n === 55 ? 'boom' : n)), 'no-stream'),
      store.append('x', command(), 9),
    ]);
    expect(verdicts.map((verdict) => verdict.status === 'rejected' && (verdict.reason as { reason?: string }).reason)).toEqual(['failing', 'failing', 'failing']);
    expect(await wholeLog(store)).toHaveLength(1);
    expect(wakes).toEqual([]);
    expect((await store.append('y', command(), 'no-stream')).position).toBe('2');
    await store.close();
    expect(check(file)).toEqual([]);
  });

  it.each([
    ['a missing event', 'DELETE FROM events WHERE position = 3', ['The log has 7 events at the positions 1 to 8: some are missing.', 'Stream s1 has 3 events up to revision 3: some are missing, or its name is.']],
    ['a missing end of the log', 'DELETE FROM events WHERE position = 1', ['The log has 7 events at the positions 2 to 8: some are missing.', 'Stream s0 has 3 events up to revision 3: some are missing, or its name is.']],
    ['a missing stream', "DELETE FROM streams WHERE name = 's0'", ['Stream #1 has 4 events up to revision 3: some are missing, or its name is.']],
  ])('is checked: %s', async (_what, sql, problems) => {
    await filled();
    expect(check(file)).toEqual([]);
    change(sql);
    expect(check(file)).toEqual(problems);
  });

  it('is checked: a damaged page', async () => {
    await filled();
    const db = new Database(file);
    db.pragma('journal_mode = DELETE');
    db.close();
    const bytes = await readFile(file);
    bytes.fill(0xff, bytes.length - 2_000);
    await writeFile(file, bytes);
    expect(check(file).length).toBeGreaterThan(0);
  });

  it('shares one commit among all who wait', async () => {
    const store = SqliteStore.open(file);
    let commits = 0;
    store.onAppend(() => void (commits += 1));
    await Promise.all(Array.from({ length: 500 }, (_, i) => store.append(`s${i % 9}`, command(), 'any')));
    await new Promise(setImmediate);
    expect(commits).toBe(1);
    await store.close();
  });
});
