/** Backup, restore and upgrade as their users run them, where keys, audit and the list of the erased are in PostgreSQL. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup, restoreBackup } from '../src/cli/backup.js';
import { EXIT, type Answer } from '../src/cli/failure.js';
import { Session } from '../src/cli/session.js';
import { upgrade } from '../src/cli/upgrade.js';
import { openParts } from '../src/app.module.js';
import { readConfig } from '../src/config.js';
import { openHomes } from '../src/homes.js';
import { PRESETS } from '../src/rings/rules.js';
import { customer, customerStream } from '../src/customers/customer.js';
import { commandIdOf } from '../src/shell/ids.js';
import { openFields } from '../src/vault/codec.js';
import { startPostgres, type PostgresServer } from './postgres/server.js';

let server: PostgresServer;
let place: string;
let data: string;
let db: string;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'five-ring-backup-'));
  data = join(place, 'data');
  db = await server.createDatabase();
  const parts = await openParts(config());
  const register = { type: 'RegisterCustomer', details: { name: 'Morel', nameMac: 'n' }, mayExist: false } as const;
  for (const id of ['c1', 'c2']) await parts.executor.execute(customer, customerStream(id), [{ commandId: commandIdOf(), mac: 'm', command: register }], { actor: 'ada', correlationId: 'test' });
  await parts.projector.caughtUp();
  await parts.close();
});
afterEach(() => rmSync(place, { recursive: true }));

const envOf = (folder = data, more: Record<string, string> = {}): Record<string, string> => ({ FIVE_RING_DATA: folder, FIVE_RING_DB: db, FIVE_RING_TIME_ZONE: 'UTC', LOG_LEVEL: 'silent', ...more });
const config = (folder = data) => readConfig(envOf(folder));
const session = (more: Record<string, string> = {}): Session => new Session({}, envOf(data, more));
const at = (...names: string[]): string => join(place, ...names);
const said = async (answer: Promise<Answer>): Promise<string> => answer.then(({ text }) => text, (error: Error & { exitCode?: number }) => `${error.exitCode}: ${error.message}`);
const DUMP = 'pg_dump --schema=five_ring --no-unlogged-table-data --format=custom --file=five-ring-keys.dump "$FIVE_RING_DB"';

it('the log is copied, what else is to be copied is said, and it comes back beside the database', async () => {
  const made = await said(backup(session(), at('b'), {}, '1'));
  expect(made).toMatch(/^Backup: \S+ \([^)]+\), read back and sound: 2 events, head [0-9a-f]{64}\.\nKeys, audit and the list of the erased are in PostgreSQL\. Take them now, after the log, and keep them apart from it/);
  expect(made).toContain(DUMP);
  expect(readdirSync(at('b', 'log')).filter((name) => /key|audit|erased/.test(name))).toEqual([]);
  expect(existsSync(at('b', 'keys'))).toBe(false);
  expect(await said(restoreBackup(session(), at('b'), { into: at('back') }))).toMatch(/^Restored into \S+back: the backup of \S+, made by Five-Ring 1\.\nChecked: 2 events, head [0-9a-f]{64}, as in the backup\.\nStart the server with FIVE_RING_DATA=\S+back\.$/);
  const parts = await openParts(config(at('back')));
  try {
    const events = await parts.store.readAll(null, 10);
    expect(events.map((event) => openFields(event.data, event.id, parts.vault.keyOf).erased)).toEqual([[], []]);
    expect(JSON.stringify(events.map((event) => openFields(event.data, event.id, parts.vault.keyOf).data))).toContain('Morel');
    expect((await parts.operations.verify()).problems).toEqual([]);
  } finally {
    await parts.close();
  }
}, 30_000);

it('that it was made stands in the audit, with who made it and of what kind', async () => {
  expect(await backup(session({ FIVE_RING_AS: 'ada' }), at('b'), {}, '1')).not.toHaveProperty('complaints');
  await upgrade(session(), { to: at('u') }, '1');
  const homes = await openHomes(config(), () => PRESETS['annual-contracts']!);
  try {
    expect(await homes.audit.read({ action: 'backup' }, 9)).toMatchObject([['five-ring upgrade', null], ['five-ring backup', 'ada']].map(([route, colleague]) => ({ route, colleague, via: 'operator', outcome: 'done' })));
  } finally {
    await homes.close();
  }
});

it('what does not go together is refused with one sentence, and nothing is there', async () => {
  expect(await said(backup(session(), at('b'), { keys: at('k') }, '1'))).toBe(`${EXIT.usage}: The keys stand in PostgreSQL (FIVE_RING_DB), whose own backup holds them: leave --keys out.`);
  await backup(session(), at('b'), {}, '1');
  expect(await said(restoreBackup(session(), at('b'), { into: at('back'), keys: at('k') }))).toMatch(/^2: Keys and the list of the erased stand in PostgreSQL \(FIVE_RING_DB\): bring them back there, and leave --keys and --erased out\.$/);
  expect(await said(restoreBackup(session({ FIVE_RING_DB: '' }), at('b'), { into: at('back') }))).toMatch(/^1: The keys of \S+b were in PostgreSQL: bring them back there \(docs\/operations\.md\), and name the database with FIVE_RING_DB\.$/);
  expect(await said(restoreBackup(session({ FIVE_RING_DB: 'postgres://a:secret@127.0.0.1:1/x' }), at('b'), { into: at('back') }))).toMatch(/^1: The backup cannot be opened: The database that FIVE_RING_DB names does not answer: [^\n]*ECONNREFUSED[^\n]* Nothing was restored\.$/);
  // A database without the keys of this log: they were not brought back yet.
  const empty = await server.createDatabase();
  expect(await said(restoreBackup(session({ FIVE_RING_DB: empty }), at('b'), { into: at('back') }))).toMatch(/^1: The backup cannot be opened: the database that FIVE_RING_DB names [^\n]* Nothing was restored\.$/i);
  expect(existsSync(at('back'))).toBe(false);
  const nowhere = session({ FIVE_RING_STORE: 'kurrentdb://127.0.0.1:1?tls=false' });
  rmSync(join(data, 'heads.ndjson'), { force: true });
  expect(await said(backup(nowhere, at('b2'), {}, '1'))).toBe(`1: There is nothing to back up in ${data}: the log is on another machine, whose own backups hold it, and all else is in PostgreSQL: ${DUMP}`);
}, 30_000);

it('an upgrade backs up the log, and says what is in PostgreSQL', async () => {
  const text = await said(upgrade(session(), { to: at('before') }, '2'));
  expect(text).toMatch(/^The data is ready for Five-Ring 2\./);
  expect(text).toContain(DUMP);
  expect(text).not.toContain(join(at('before'), 'keys'));
}, 30_000);
