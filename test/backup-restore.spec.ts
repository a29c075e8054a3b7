/** A backup beside a server that writes, and back into an empty place: whole or not at all, keys apart, erasures done again. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { checkedData } from '../src/cli/checked-data.js';
import { readConfig, type Config } from '../src/config.js';
import { backUp, KEYS_MANIFEST, LAST_BACKUP, MANIFEST, type BackupOptions } from '../src/shell/backup.js';
import { Deployment } from '../src/shell/deployment.js';
import { restore, type Restored, type RestoreOptions } from '../src/shell/restore.js';
import { TestApp, written } from './api/app.js';

let place: string;
let app: TestApp;
let customer: string;
let ines: string;
beforeAll(async () => {
  app = await TestApp.open(undefined, { FIVE_RING_HEADS_MINUTES: '1' });
  await app.colleague('ada');
  customer = await app.customer({ name: 'Morel & Fils' });
  ines = await app.person(customer, { name: 'Ines CANARY' });
  await app.log(customer, ...Array.from({ length: 40 }, (_, n) => ({ kind: 'reply', summary: `CANARY ${n}`, people: [ines] })));
  await app.parts.heads.keep();
});
afterAll(() => app.remove());
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'five-ring-backup-'));
});
afterEach(() => rmSync(place, { recursive: true }));

const at = (...names: string[]): string => join(place, ...names);
const copied = (to: string, more: Partial<BackupOptions> = {}) => backUp({ data: app.folder, store: `sqlite:${join(app.folder, 'log.db')}`, to, version: '1.2.3', ...more });
const configOf = (data: string): Config => readConfig({ FIVE_RING_DATA: data, FIVE_RING_TIME_ZONE: 'UTC', LOG_LEVEL: 'silent' });
const restored = (from: string, into: string, more: Partial<RestoreOptions> = {}): Promise<Restored> => restore({ from, into, check: (folder) => checkedData({ ...configOf(folder), heads: folder }), ...more });

/** Words that can be read in the data of a folder, through the app. */
async function readable(data: string): Promise<string> {
  const { openParts } = await import('../src/app.module.js');
  const { openFields } = await import('../src/vault/codec.js');
  const parts = await openParts(configOf(data));
  try {
    return JSON.stringify((await parts.store.readAll(null, 100_000)).map((event) => openFields(event.data, event.id, parts.vault.keyOf).data));
  } finally {
    await parts.close();
  }
}

describe('where keys, audit and the list of the erased are in PostgreSQL', () => {
  it('the log and its heads are copied, no key is, and what is restored is checked with the database', async () => {
    const backup = await copied(at('b'), { hasDatabase: true });
    expect(backup).toMatchObject({ keys: null, problems: [] });
    expect(backup.files.map(({ name }) => name)).toEqual(['log/heads.ndjson', 'log/log.db']);
    let opened: string[] = [];
    const check: RestoreOptions['check'] = async (folder) => {
      opened = readdirSync(folder).sort();
      return { events: backup.log!.events, head: backup.log!.head, problems: [] };
    };
    expect(await restored(at('b'), at('data'), { hasDatabase: true, check })).toMatchObject({ log: backup.log, keysOfThisBackup: true });
    expect(opened).toEqual(['heads.ndjson', 'log.db']);
    await expect(restored(at('b'), at('other'))).rejects.toMatchObject({ code: 'no-keys', message: expect.stringContaining('name the database with FIVE_RING_DB') });
    expect(readdirSync(place).sort()).toEqual(['b', 'data']);
  });

  it('a backup of files is not mixed with them', async () => {
    await copied(at('b'));
    await expect(restored(at('b'), at('data'), { hasDatabase: true })).rejects.toMatchObject({ code: 'keys-elsewhere', message: expect.stringContaining('five-ring migrate --db') });
    expect(existsSync(at('data'))).toBe(false);
  });

  it('with the log on another machine there is nothing to copy, and it is said what to do', async () => {
    await expect(backUp({ data: at('none'), store: 'kurrentdb://elsewhere:2113', to: at('b'), hasDatabase: true, version: '1' })).rejects.toMatchObject({ code: 'nothing-there', message: expect.stringContaining('pg_dump --schema=five_ring') });
  });
});

it('made while others write, it is one moment of the log, and comes back whole', async () => {
  const before = (await app.events()).length;
  let isOver = false;
  const writers = Array.from({ length: 4 }, async (_, w) => {
    for (let n = 0; !isOver; n += 1) await app.log(await app.customer({ name: `While ${w}-${n}` }), { kind: 'reply', summary: 'Meanwhile' });
  });
  const backup = await copied(at('b'), { keysTo: at('k'), onProgress: () => undefined });
  await app.log(customer, { kind: 'reply', summary: 'Afterwards' });
  isOver = true;
  await Promise.all(writers);
  expect(backup).toMatchObject({ folder: at('b'), keys: at('k'), problems: [] });
  expect(backup.log!.events).toBeGreaterThanOrEqual(before);
  expect(readdirSync(at('b', 'log')).sort()).toEqual(['audit.db', 'heads.ndjson', 'log.db']);
  expect(readdirSync(place).sort()).toEqual(['b', 'k']);
  // For their owner alone.
  for (const path of ['b', 'b/log', 'b/log/log.db', `b/${MANIFEST}`, 'k', 'k/keys.db', `k/${KEYS_MANIFEST}`]) expect({ path, open: statSync(at(path)).mode & 0o077 }).toEqual({ path, open: 0 });
  // The live log once had just this head.
  expect((await app.parts.operations.verify(undefined, { head: backup.log!.head })).foundAt).toBe(backup.log!.events);

  const back = await restored(at('b'), at('data'), { keys: at('k') });
  expect(back).toMatchObject({ folder: at('data'), log: backup.log, backedUp: backup.log, keysOfThisBackup: true, version: '1.2.3' });
  expect(readdirSync(at('data'))).toEqual(expect.arrayContaining(['audit.db', 'heads.ndjson', 'keys.db', 'log.db', 'views.db']));
  expect(readdirSync(at('data')).filter((name) => /partial|wal/.test(name))).toEqual([]);
  expect(await readable(at('data'))).toContain('CANARY 7');
  // Where the data are, the last backup is known, wherever it went.
  expect(new Deployment({ version: '1', node: '1', startedAt: '', store: '', zone: 'UTC' }, app.folder).state().lastBackup).toEqual({ at: backup.at, version: '1.2.3', problems: 0 });
});

it('who was erased after it was made is erased again, by the newest list', async () => {
  const own = await TestApp.withAda();
  try {
    const id = await own.customer({ name: 'Bare' });
    const kim = await own.person(id, { name: 'Kim CANARY' });
    await own.log(id, { kind: 'reply', summary: 'CANARY words', people: [kim] });
    await backUp({ data: own.folder, store: `sqlite:${join(own.folder, 'log.db')}`, to: at('b'), version: '1' });
    await written(own.post(`customers/${id}/people/${kim}/erase`, { reason: 'Asked' }));
    const back = await restored(at('b'), at('data'), { erased: join(own.folder, 'erased.ndjson') });
    expect(back.log!.events).toBeGreaterThan(back.backedUp!.events);
    expect(await readable(at('data'))).not.toContain('CANARY');
    // Planted bug: with the list of the backup, which knows nothing of it, they are back.
    await restored(at('b'), at('brought-back'));
    expect(await readable(at('brought-back'))).toContain('CANARY words');
  } finally {
    await own.remove();
  }
});

it('nothing is copied or restored over what is there', async () => {
  await copied(at('b'), { keysTo: at('k') });
  await expect(copied(at('b'))).rejects.toMatchObject({ code: 'target-exists' });
  await expect(copied(at('c'), { keysTo: at('k') })).rejects.toMatchObject({ code: 'target-exists' });
  await expect(copied(at('c'), { keysTo: at('c', 'keys') })).rejects.toMatchObject({ code: 'target-exists', message: expect.stringContaining('kept apart') });
  await expect(copied(at('c'), { free: () => 1000 })).rejects.toMatchObject({ code: 'disk-too-small' });
  expect(readdirSync(place).sort()).toEqual(['b', 'k']);

  mkdirSync(at('full'));
  writeFileSync(at('full', 'mine.txt'), 'mine');
  writeFileSync(at('file'), 'mine');
  for (const into of [at('full'), at('file'), app.folder]) await expect(restored(at('b'), into, { keys: at('k') })).rejects.toMatchObject({ code: 'target-exists' });
  expect(readFileSync(at('full', 'mine.txt'), 'utf8')).toBe('mine');
  expect(readdirSync(at('full'))).toEqual(['mine.txt']);
  await expect(restored(at('b'), at('new'), { keys: at('k'), free: () => 1000 })).rejects.toMatchObject({ code: 'disk-too-small' });
  expect(existsSync(at('new'))).toBe(false);
  // An empty place is one, also with what a try that was killed left behind.
  mkdirSync(at('empty', 'restore.partial'), { recursive: true });
  writeFileSync(at('empty', 'restore.partial', 'log.db'), 'half');
  await restored(at('b'), at('empty'), { keys: at('k') });
  expect(await readable(at('empty'))).toContain('CANARY 7');
});

it('without its keys, or from what is no backup, nothing is restored', async () => {
  await copied(at('b'), { keysTo: at('k') });
  await copied(at('without'), { keysTo: false });
  expect(readdirSync(at('without'))).toEqual(expect.not.arrayContaining(['keys']));
  for (const from of [at('b'), at('without')]) await expect(restored(from, at('data'))).rejects.toMatchObject({ code: 'no-keys', message: expect.stringContaining('--keys') });
  await expect(restored(at('b'), at('data'), { keys: at('nowhere') })).rejects.toMatchObject({ code: 'no-keys' });
  for (const [from, says] of [[at('nowhere'), MANIFEST], [app.folder, MANIFEST], [at('k'), 'These are the keys of one'], [at('x.partial'), 'never finished']] as const) {
    await expect(restored(from, at('data'))).rejects.toMatchObject({ code: 'no-backup', message: expect.stringContaining(says) });
  }
  expect(existsSync(at('data'))).toBe(false);
  // Keys of another moment are taken, and said.
  await copied(at('later'), { keysTo: at('k2') });
  expect(await restored(at('b'), at('data'), { keys: at('k2') })).toMatchObject({ keysOfThisBackup: false });
});

const flipped = (file: string, offset: number): void => {
  const bytes = readFileSync(file);
  bytes[offset]! ^= 0xff;
  writeFileSync(file, bytes);
};

it('a backup that was damaged, or is of a newer form, is refused by name, and leaves nothing behind', async () => {
  await copied(at('sound'));
  const manifest = (change: (said: { files: { name: string; sha256: string; bytes: number }[] }) => void) => (folder: string) => {
    const said = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as never;
    change(said);
    writeFileSync(join(folder, MANIFEST), JSON.stringify(said));
  };
  /** As somebody would who makes the list fit what they changed. */
  const refitted = (folder: string, name: string): void => manifest((said) => {
    const bytes = readFileSync(join(folder, name));
    Object.assign(said.files.find((file) => file.name === name)!, { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  })(folder);
  const damages: Record<string, [damage: (folder: string) => void, code: string, says: RegExp]> = {
    'a byte of the log': [(folder) => flipped(join(folder, 'log/log.db'), 9000), 'backup-damaged', /log\.db is not what was copied/],
    'the log cut off': [(folder) => truncateSync(join(folder, 'log/log.db'), 5000), 'backup-damaged', /5000 of \d+ bytes/],
    'no log': [(folder) => rmSync(join(folder, 'log/log.db')), 'backup-damaged', /is missing/],
    'the keys changed': [(folder) => flipped(join(folder, 'keys/keys.db'), 5000), 'backup-damaged', /keys\.db is not what was copied/],
    'the list unreadable': [(folder) => writeFileSync(join(folder, MANIFEST), '{'), 'backup-damaged', /cannot be read/],
    'a path out of the folder': [manifest((said) => (said.files[0]!.name = '../../etc/passwd')), 'backup-damaged', /does not say/],
    'an event taken out, the list made to fit': [(folder) => {
      const db = new Database(join(folder, 'log/log.db'));
      db.exec('DELETE FROM events WHERE position = 3');
      db.close();
      refitted(folder, 'log/log.db');
    }, 'not-sound', /some are missing|is damaged/],
    'a newer form': [(folder) => {
      const db = new Database(join(folder, 'log/log.db'));
      db.pragma('user_version = 99');
      db.close();
      refitted(folder, 'log/log.db');
    }, 'not-sound', /format 99.*use a newer version/],
  };
  for (const [name, [damage, code, says]] of Object.entries(damages)) {
    await cp(at('sound'), at('bad'), { recursive: true });
    damage(at('bad'));
    const error: unknown = await restored(at('bad'), at('data')).catch((caught: unknown) => caught);
    expect({ name, code: (error as { code: string }).code, says: (error as Error).message }).toEqual({ name, code, says: expect.stringMatching(says) });
    expect(existsSync(at('data'))).toBe(false);
    rmSync(at('bad'), { recursive: true });
  }
});

it('planted bug: keys that are copied before the log lack those of what was recorded between, and that is found', async () => {
  const keys = new Database(join(app.folder, 'keys.db'));
  keys.prepare('VACUUM INTO ?').run(at('early-keys.db'));
  keys.close();
  const id = await app.customer({ name: 'Between' });
  await app.person(id, { name: 'Lou LATER' });
  await copied(at('b'));
  await restored(at('b'), at('right'));
  expect(await readable(at('right'))).toContain('Lou LATER');
  await restored(at('b'), at('data'), { keys: at('early-keys.db') });
  expect(await readable(at('data'))).not.toContain('Lou LATER');
});

it('left behind where the data are: when the last backup was made, and where it went', async () => {
  const { at: when } = await copied(at('b'), { keysTo: at('k') });
  expect(JSON.parse(readFileSync(join(app.folder, LAST_BACKUP), 'utf8'))).toEqual({ at: when, version: '1.2.3', problems: [], folder: at('b'), keys: at('k') });
});
