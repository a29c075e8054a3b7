/** `upgrade`, and heads kept elsewhere, from the command line. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { backUp } from '../../src/shell/backup.js';
import { build, type Built, type Run } from './five-ring.js';

jest.setTimeout(90_000);

let built: Built;
let folder: string;
let data: string;
let begun: string;
beforeAll(async () => {
  built = build();
  begun = data = mkdtempSync(join(tmpdir(), 'five-ring-begun-'));
  expect(await cli('colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales')).toMatchObject({ code: 0 });
  expect(await cli('customer', 'add', 'Morel & Fils')).toMatchObject({ code: 0 });
}, 60_000);
afterAll(() => {
  built.remove();
  rmSync(begun, { recursive: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'five-ring-upgrade-'));
  data = join(folder, 'data');
  cpSync(begun, data, { recursive: true });
});
afterEach(async () => {
  await built.stop();
  rmSync(folder, { recursive: true, force: true });
});

const cli = (...args: string[]): Promise<Run> => built.run(args, { FIVE_RING_DATA: data, FIVE_RING_AS: 'ada' });
/** Verbs are quicker when they ask a server. */
async function served(): Promise<void> {
  await built.start(['serve'], { FIVE_RING_DATA: data, PORT: '0', LOG_LEVEL: 'silent' }).says(/listens on/);
}
const json = async (...args: string[]) => JSON.parse((await cli('--json', ...args)).out);

it('upgrade backs up, checks, and says the way back, which works', async () => {
  const { events, head } = await json('proof');
  const { code, out, err } = await cli('upgrade');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^The data is ready for Five-Ring \S+\. Start the server with it\.\nBackup: .+, read back and sound: \d+ events, head [0-9a-f]{64}\.\nNothing had to change its form\.\nKeys stand apart, in /);
  const [name] = readdirSync(join(data, 'backups'));
  const backup = join(data, 'backups', name!);
  expect(name).toMatch(/^\d{4}-\d\d-\d\d-\d{6}-\d+\.\d+\.\d+$/);
  expect(readdirSync(join(backup, 'keys'))).toEqual(['keys.db']);
  expect(readdirSync(join(backup, 'log'))).not.toContain('keys.db');
  expect(JSON.parse(readFileSync(join(backup, 'backup.json'), 'utf8'))).toMatchObject({ log: { events, head }, problems: [] });
  expect(statSync(join(backup, 'keys')).mode & 0o077).toBe(0);

  expect((await json('audit', '--action', 'backup')).items).toMatchObject([{ route: 'five-ring upgrade', colleague: 'ada', outcome: 'done' }]);
  expect(await cli('customer', 'add', 'Later')).toMatchObject({ code: 0 });
  const [, commands] = / run {2}(.+) {2}and start/.exec(out)!;
  execFileSync('sh', ['-c', commands!]);
  expect((await json('customer', 'list')).items.map(({ name: customer }: { name: string }) => customer)).toEqual(['Morel & Fils']);
  expect(await json('proof')).toMatchObject({ events, head });
  // What was recorded since is not there, and verify says so by the heads that were kept.
  expect(await cli('verify')).toMatchObject({ code: 1, out: expect.stringContaining('events were taken from its end, or it is an older backup') });
});

it('upgrade refuses in a sentence, and leaves all as it was', async () => {
  const server = built.start(['serve'], { FIVE_RING_DATA: data, PORT: '0', LOG_LEVEL: 'silent' });
  await server.says(/listens on/);
  expect(await cli('upgrade')).toMatchObject({ code: 1, err: expect.stringMatching(/^A Five-Ring process uses .+ \(the server at http:.+\)\. Stop it first, then run the same again\.\n$/) });
  await server.end('SIGTERM');

  mkdirSync(join(folder, 'there'));
  expect(await cli('upgrade', '--to', join(folder, 'there'))).toMatchObject({ code: 1, err: `${join(folder, 'there')} is there already. Nothing was copied; name another folder with --to.\n` });
  writeFileSync(join(folder, 'file'), '');
  expect(await cli('upgrade', '--to', join(folder, 'file', 'x'))).toMatchObject({ code: 1, err: expect.stringMatching(/^No backup could be made in .+ The data is as it was\.\n$/) });
  expect(await built.run(['upgrade'], { FIVE_RING_DATA: join(folder, 'none') })).toMatchObject({ code: 1, err: expect.stringMatching(/^There is no data folder/) });
  // Left behind by one that was killed: begun anew.
  mkdirSync(join(folder, 'new.partial', 'log'), { recursive: true });
  writeFileSync(join(folder, 'new.partial', 'log', 'log.db'), 'half');
  expect(await cli('upgrade', '--to', join(folder, 'new'))).toMatchObject({ code: 0 });
  expect(readdirSync(folder).sort()).toEqual(['data', 'file', 'new', 'there']);
  expect(await cli('verify')).toMatchObject({ code: 0 });
});

it('upgrade stops at data that is not sound', async () => {
  const db = new Database(join(data, 'log.db'));
  db.exec('DELETE FROM events WHERE position = (SELECT max(position) FROM events)');
  db.close();
  const { code, err } = await cli('upgrade');
  expect(code).toBe(1);
  expect(err).toMatch(/^Nothing was changed: the data is not sound\. The log has \d+ events, and a head of \d+ was kept: .+ Restore the newest sound backup first\.\n$/s);
});

it('without its keys nothing is copied, and no way back is said that has none', async () => {
  rmSync(join(data, 'keys.db'));
  const { code, err } = await cli('upgrade');
  expect(code).toBe(1);
  expect(err).toMatch(/^.+keys\.db is missing or empty.+Nothing was copied or changed\..+\n$/);
  expect(err).not.toMatch(/way back|\bcp /);
  expect(readdirSync(data)).not.toContain('backups');
});

it('a disk that is too small is refused before anything is copied', async () => {
  await expect(backUp({ data, store: `sqlite:${join(data, 'log.db')}`, to: join(folder, 'to'), version: '1', free: () => 1_000_000 })).rejects.toMatchObject({ code: 'disk-too-small', message: expect.stringMatching(/has 1 MB free, and the copy needs up to \d+ MB\. Nothing was copied/) });
  expect(readdirSync(folder)).toEqual(['data']);
});

it('of a log on another machine, the keys are backed up', async () => {
  const backup = await backUp({ data, store: 'kurrentdb://somewhere:2113', to: join(folder, 'to'), version: '1' });
  expect(backup).toMatchObject({ log: null, problems: [] });
  expect(backup.files.map(({ name }) => name)).toContain('keys/keys.db');
  expect(backup.files.map(({ name }) => name)).not.toContain('log/log.db');
});

it('verify --head finds an edit against what was kept elsewhere, and says where', async () => {
  await served();
  const elsewhere = join(folder, 'elsewhere.ndjson');
  copyFileSync(join(data, 'heads.ndjson'), elsewhere);
  const { events, head } = await json('proof');
  const good = await cli('verify', '--head', elsewhere);
  expect(good).toMatchObject({ code: 0, out: expect.stringMatching(/is the log's: what it held then was not changed since\.\n$/) });
  for (const kept of [head.toUpperCase()]) expect(await cli('verify', '--head', kept)).toMatchObject({ code: 0 });
  expect(await cli('verify', '--head', `${events + 1}:${head}`)).toMatchObject({ code: 1, out: expect.stringContaining(`The log has ${events} events, and a head of ${events + 1} was kept`) });
  expect(await cli('verify', '--head', 'f'.repeat(64))).toMatchObject({ code: 1, out: expect.stringContaining('The log never had the head that was kept') });
  for (const wrong of ['nonsense', join(data, 'log.db')]) expect(await cli('verify', '--head', wrong)).toMatchObject({ code: 2 });

  // Both the log and the heads beside it: those elsewhere tell.
  rmSync(join(data, 'heads.ndjson'));
  const db = new Database(join(data, 'log.db'));
  db.exec('UPDATE events SET recorded_at = recorded_at - 1 WHERE position = 1');
  db.close();
  for (const kept of [elsewhere, `${events}:${head}`]) {
    const found = await cli('verify', '--head', kept);
    expect(found).toMatchObject({ code: 1, out: expect.stringMatching(/The log was changed (at event 1|in its first \d+ events): its head after event \d+ is not the one that was kept\./) });
  }
  expect(await cli('verify')).toMatchObject({ code: 0 });
});

it('where many heads were kept, it asks for some of them and closes in on the change', async () => {
  const db = new Database(join(data, 'log.db'));
  // The log made long: the same event again and again, each with an id and a place of its own.
  db.exec(`WITH RECURSIVE more(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM more WHERE k < 900)
    INSERT INTO events SELECT (SELECT max(position) FROM events) + k, e.stream, e.revision + k, randomblob(16), 'Unknown', '{}', '{}', e.recorded_at, randomblob(16), 0
    FROM more, (SELECT * FROM events ORDER BY position DESC LIMIT 1) e`);
  const { SqliteStore } = await import('../../src/stores/sqlite.store.js');
  const { chained, startOfLog } = await import('../../src/shell/log-proof.js');
  const store = SqliteStore.open(join(data, 'log.db'));
  let head = startOfLog();
  const elsewhere = join(folder, 'many.ndjson');
  const all = await store.readAll(null, 10_000);
  for (const [i, event] of all.entries()) {
    head = chained(head, event);
    appendFileSync(elsewhere, `{"events":${i + 1},"head":"${head.toString('hex')}"}\n`);
  }
  await store.close();
  await served();
  db.exec("UPDATE events SET data = '{\"x\":1}' WHERE position = 777");
  db.close();
  expect((await cli('verify', '--head', elsewhere)).out).toContain('The log was changed at event 777: its head after event 777 is not the one that was kept.');
});
