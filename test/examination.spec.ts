/** What doctor tells of a data folder from its files: nothing when all is well, and each thing that is wrong by its name, with what to do. */
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openParts } from '../src/app.module.js';
import { readConfig } from '../src/config.js';
import { backUp, LAST_BACKUP } from '../src/shell/backup.js';
import { examine, type Examined, type Finding } from '../src/shell/examination.js';
import { commandOf } from './faults/appends.js';

let begun: string;
let place: string;
let data: string;
beforeAll(async () => {
  begun = mkdtempSync(join(tmpdir(), 'five-ring-examined-'));
  const parts = await openParts(readConfig({ FIVE_RING_DATA: begun, FIVE_RING_TIME_ZONE: 'UTC', LOG_LEVEL: 'silent' }));
  await parts.vault.ensureKeys(['somebody']);
  await parts.store.append('customer-x', commandOf(1, 1), 'any');
  await parts.projector.caughtUp();
  await parts.close();
});
afterAll(() => rmSync(begun, { recursive: true }));
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'five-ring-examined-'));
  data = join(place, 'data');
  cpSync(begun, data, { recursive: true });
  chmodSync(data, 0o700);
});
afterEach(() => rmSync(place, { recursive: true }));

const DAY = 86_400_000;
const found = (more: Partial<Examined> = {}): Finding[] => examine({ data, store: `sqlite:${join(data, 'log.db')}`, heads: join(place, 'elsewhere'), hasDatabase: false, keyBackupDays: 7, now: Date.now(), free: () => 50_000_000_000, ...more });
const wrong = (more?: Partial<Examined>): string[] => found(more).filter(({ state }) => state !== 'ok').map(({ state, check, says }) => `${state} ${check}: ${says}`);
const backedUp = (to: string, more: object = {}) => backUp({ data, store: `sqlite:${join(data, 'log.db')}`, to, version: '1', ...more });

it('where all is well it finds nothing, and writes nothing', async () => {
  await backedUp(join(place, 'b'), { keysTo: join(place, 'k') });
  const before = readdirSync(data).map((name) => [name, statSync(join(data, name)).mtimeMs]);
  expect(wrong()).toEqual([]);
  expect(found().map(({ check }) => check)).toEqual(['file modes', 'files', 'keys', 'list of the erased', 'kept heads', 'disk', 'backup']);
  expect(readdirSync(data).filter((name) => !/-(wal|shm)$/.test(name)).map((name) => [name, statSync(join(data, name)).mtimeMs])).toEqual(before);
});

it('where keys and audit are in PostgreSQL their files are not missed, and those that were left behind are found', async () => {
  await backedUp(join(place, 'b'), { hasDatabase: true });
  expect(wrong({ hasDatabase: true })).toEqual([expect.stringMatching(/^warning keys: .+keys\.db still stands there, while the keys are in PostgreSQL/)]);
  for (const name of ['keys.db', 'keys.db-wal', 'audit.db', 'erased.ndjson', 'views.db']) rmSync(join(data, name), { force: true });
  expect(wrong({ hasDatabase: true })).toEqual([]);
  truncateSync(join(data, 'log.db'), 5000);
  expect(wrong({ hasDatabase: true })).toEqual([expect.stringMatching(/^failed files: .+log\.db is/)]);
});

it('a finding that is not well says what to do', () => {
  rmSync(join(data, 'keys.db'));
  for (const { state, todo } of found()) if (state !== 'ok') expect(todo).toMatch(/\S+ \S+/);
});

/** Planted: each is done to the folder, and must be found. */
const PLANTED: Record<string, [plant: () => unknown, found: RegExp, more?: () => Partial<Examined>]> = {
  'no folder': [() => rmSync(data, { recursive: true }), /^failed data folder: There is no data folder/],
  'open to others': [() => { chmodSync(data, 0o755); chmodSync(join(data, 'keys.db'), 0o644); }, /^failed file modes: Others/],
  'open, with nothing to read': [() => { chmodSync(data, 0o755); for (const name of readdirSync(data)) chmodSync(join(data, name), 0o600); }, /^warning file modes: Others/],
  'a log cut off': [() => truncateSync(join(data, 'log.db'), 5000), /^failed files: .+log\.db is (cut off|damaged)/],
  'keys that are no database': [() => writeFileSync(join(data, 'keys.db'), 'x'.repeat(5000)), /^failed files: .+keys\.db is no database/],
  'views cut off': [() => truncateSync(join(data, 'views.db'), 5000), /^warning files: views\.db is/],
  'no keys': [() => rmSync(join(data, 'keys.db')), /^failed keys: .+missing or empty/],
  'no log': [() => rmSync(join(data, 'log.db')), /^failed keys: The log/],
  'a bad line in the list': [() => writeFileSync(join(data, 'erased.ndjson'), '{"cleaned":[]}\nnonsense\n'), /^failed list of the erased: .+line 2/],
  'heads beside the log': [() => undefined, /^warning kept heads/, () => ({ heads: data })],
  'a full disk': [() => undefined, /^failed disk: Only 50 MB/, () => ({ free: () => 50_000_000 })],
  'a disk that fills': [() => undefined, /^warning disk: 500 MB/, () => ({ free: () => 500_000_000 })],
  'no backup': [() => undefined, /^warning backup: No backup/],
  'an old backup': [() => backedUp(join(place, 'b'), { keysTo: false }), /^warning backup: .+ 9 days ago/, () => ({ now: Date.now() + 9 * DAY })],
  'a backup that is not sound': [async () => {
    await backedUp(join(place, 'b'), { keysTo: false });
    const file = join(data, LAST_BACKUP);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"problems":[]', '"problems":["An event is missing."]'));
  }, /^failed backup: .+not sound: An event is missing\./],
  'keys kept too long': [() => backedUp(join(place, 'b'), { keysTo: join(place, 'k') }), /^failed copies of keys: .+longer than the 7 days/, () => ({ now: Date.now() + 9 * DAY })],
  'keys beside the log': [() => backedUp(join(place, 'b')), /^warning copies of keys: .+beside the log/],
  'keys of an upgrade kept too long': [() => backedUp(join(data, 'backups', '2026-01-01-x')), /^failed copies of keys: /, () => ({ now: Date.now() + 9 * DAY })],
};

it.each(Object.keys(PLANTED))('planted: %s', async (name) => {
  const [plant, says, more = () => ({})] = PLANTED[name]!;
  await plant();
  expect(wrong(more())).toContainEqual(expect.stringMatching(says));
});

it('a list of the erased whose last line was cut off is one that a start puts right', () => {
  mkdirSync(join(place, 'other'));
  copyFileSync(join(data, 'log.db'), join(place, 'other', 'log.db'));
  writeFileSync(join(data, 'erased.ndjson'), '{"cleaned":[]}\n{"cle');
  expect(wrong().filter((one) => one.includes('erased'))).toEqual([]);
});
