/** Keys, sign-ins, audit and the list of the erased go from the files of a data folder into PostgreSQL and back: all of it or nothing, and nothing over what is there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PostgresAuditTable } from '../src/access/audit-postgres.writer.js';
import { SqliteAuditTable } from '../src/access/audit-sqlite.writer.js';
import { hashOf } from '../src/access/tokens.writer.js';
import { migrate, type MigrateFlags } from '../src/cli/migrate.js';
import { Session } from '../src/cli/session.js';
import { Postgres } from '../src/database/postgres.js';
import { sealedIn } from '../src/kernel/aggregate.js';
import type { RecordedEvent } from '../src/kernel/event-store.js';
import { moveIntoDatabase, moveOutOfDatabase, type MovedKeys } from '../src/move-keys.js';
import { ErasureFile } from '../src/privacy/erasure-file.writer.js';
import { ErasureTable } from '../src/privacy/erasure-table.writer.js';
import { lockFolder } from '../src/shell/data-folder.js';
import { openStore } from '../src/stores/index.js';
import { openFields } from '../src/vault/codec.js';
import { PostgresVault } from '../src/vault/postgres.vault.js';
import { SqliteVault } from '../src/vault/sqlite.vault.js';
import type { Vault } from '../src/vault/vault.js';
import { TestApp, written } from './api/app.js';
import { startPostgres, type PostgresServer } from './postgres/server.js';

const PASSWORD = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA';
const FILES = ['keys.db', 'audit.db', 'erased.ndjson'];

let server: PostgresServer;
/** As a server left it. */
let begun: string;
let ines: string;
let customer: string;
let place: string;
let data: string;
let db: string;
const open = new Set<{ close(): Promise<void> }>();

beforeAll(async () => {
  const app = await TestApp.open(undefined, { FIVE_RING_DB: '' });
  await app.colleague('ada');
  customer = await app.customer({ name: 'Morel & Fils' });
  ines = await app.person(customer, { name: 'Ines Morel' });
  const other = await app.person(customer, { name: 'Paul Morel' });
  const entries = await app.log(customer, ...Array.from({ length: 30 }, (_, n) => ({ kind: 'reply', summary: `Said ${n}`, people: [n % 2 === 0 ? ines : other] })));
  await written(app.post(`customers/${customer}/people/${ines}/erase`, { reason: 'They asked for it' }));
  await written(app.post(`customers/${customer}/interactions/${entries[1]}/erase-text`, { reason: 'A mistake' }));
  await app.signedIn('ada');
  const { secrets } = app.parts.vault;
  await secrets.setPassword('ada', PASSWORD, 1);
  await secrets.addLink({ token: hashOf('link'), purpose: 'reset', colleague: 'ada', expires: Date.now() + 1e9 }, Date.now());
  await secrets.addKey({ token: hashOf('key'), key: 'k-1', colleague: 'ada', made: 5 });
  await app.read(`customers/${customer}`);
  begun = mkdtempSync(join(tmpdir(), 'five-ring-begun-'));
  const again = await app.restarted(() => {
    for (const name of ['log.db', ...FILES]) cpSync(join(app.folder, name), join(begun, name));
  });
  await again.remove();
  server = await startPostgres();
});
afterAll(async () => {
  rmSync(begun, { recursive: true });
  await server.stop();
});
beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'five-ring-move-'));
  data = join(place, 'data');
  cpSync(begun, data, { recursive: true });
  db = await server.createDatabase();
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const one of [...open].reverse()) await one.close();
  open.clear();
  rmSync(place, { recursive: true });
});

const store = (): string => `sqlite:${join(begun, 'log.db')}`;
const moveIn = (more: Partial<Parameters<typeof moveIntoDatabase>[0]> = {}): Promise<MovedKeys> => moveIntoDatabase({ data, store: store(), db, ...more });
const moveOut = (to: string, more: object = {}): Promise<MovedKeys> => moveOutOfDatabase({ data: to, store: store(), db, ...more });

function opened<T extends { close(): Promise<void> }>(one: T): T {
  open.add(one);
  return one;
}

async function database(): Promise<Postgres> {
  return opened(await Postgres.open(db));
}

/** What a vault makes of the log: every event opened, and the rest of what it knows. */
async function knownBy(vault: Vault): Promise<object> {
  const log = await openStore(store());
  const events: RecordedEvent[] = await log.readAll(null, 10_000);
  await log.close();
  const subjects = [...new Set(events.flatMap((event) => [...sealedIn(event.data)]).flatMap(({ s }) => s))];
  await vault.bring(subjects);
  return {
    events: events.map((event) => openFields(event.data, event.id, vault.keyOf)),
    destroyed: [...(await vault.destroyedOf(subjects))].sort(),
    made: subjects.filter((subject) => vault.keyOf(subject) !== undefined).map((subject) => [subject, vault.keyOf.madeAt?.(subject)]),
    mac: vault.mac('a request'),
    password: await vault.secrets.passwordOf('ada'),
    known: await vault.secrets.known(),
    link: await vault.secrets.link(hashOf('link'), Date.now()),
    key: await vault.secrets.keyBy(hashOf('key')),
  };
}

const bytesIn = (folder: string): [string, string][] => FILES.filter((name) => existsSync(join(folder, name))).map((name) => [name, readFileSync(join(folder, name)).toString('base64')]);

/** How many rows of ours stand in the database; none where there are no tables either. */
async function rowsIn(): Promise<number> {
  const postgres = await Postgres.open(db);
  try {
    const tables = await postgres.all<{ name: string }>("SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'five_ring' AND tablename NOT IN ('formats', 'vault_secrets')");
    const counts = await Promise.all(tables.map(({ name }) => postgres.all<{ n: number }>(`SELECT count(*) AS n FROM ${name}`)));
    return counts.reduce((sum, [row]) => sum + row!.n, 0);
  } finally {
    await postgres.close();
  }
}

it('all of it: each event opens as before, who was erased stays so, who could sign in can, and the files are as they were', async () => {
  const before = bytesIn(data);
  const moved = await moveIn();
  expect(moved).toMatchObject({ already: false, moved: { passwords: 1, 'API keys': 1, links: 1, sessions: 1, 'sign-ins': 1, secrets: 1 } });
  expect(moved.moved['keys']).toBeGreaterThan(2);
  expect(moved.tried).toBeGreaterThan(30);
  expect(bytesIn(data)).toEqual(before);

  const postgres = await database();
  const [there, here] = [opened(await PostgresVault.open(postgres)), opened(SqliteVault.open(join(data, 'keys.db')))];
  const known = await knownBy(here);
  expect(await knownBy(there)).toEqual(known);
  expect(known).toMatchObject({ destroyed: expect.arrayContaining([`person:${ines}`]), password: PASSWORD, key: { key: 'k-1', made: 5 } });
  expect(JSON.stringify(known)).toContain('Said 3');
  expect(JSON.stringify(known)).not.toContain('Ines Morel');
  await expect(there.ensureKeys([`person:${ines}`])).rejects.toMatchObject({ code: 'person-erased' });

  const list = await ErasureTable.open(postgres);
  expect(list.all()).toEqual(ErasureFile.open(join(data, 'erased.ndjson')).all());
  expect(list.all()).toHaveLength(2);
  const audit = opened(new SqliteAuditTable(join(data, 'audit.db')));
  const records = async (table: Pick<SqliteAuditTable, 'read'>): Promise<object[]> => (await table.read({}, 10_000)).map(({ id: _, ...record }) => record);
  expect(await records(new PostgresAuditTable(postgres))).toEqual(await records(audit));
});

it('and back into another folder, where it is the same again, and a server takes it', async () => {
  await moveIn();
  const back = join(place, 'back');
  mkdirSync(back);
  const moved = await moveOut(back);
  expect(moved.tried).toBeGreaterThan(30);
  expect(readdirSync(back).filter((name) => !/^lock\.db|-(wal|shm)$/.test(name)).sort()).toEqual([...FILES].sort());
  expect(readFileSync(join(back, 'erased.ndjson'))).toEqual(readFileSync(join(data, 'erased.ndjson')));
  const [there, here] = [opened(SqliteVault.open(join(back, 'keys.db'))), opened(SqliteVault.open(join(data, 'keys.db')))];
  expect(await knownBy(there)).toEqual(await knownBy(here));
  await expect(there.ensureKeys([`person:${ines}`])).rejects.toMatchObject({ code: 'person-erased' });
  await expect(moveOut(back)).rejects.toMatchObject({ code: 'target-not-empty', message: expect.stringContaining('keys.db, audit.db, erased.ndjson already') });
});

it('made again it says that it is there; once something happened since, it is refused', async () => {
  const first = await moveIn();
  expect(await moveIn()).toEqual({ moved: first.moved, already: true, tried: 0 });
  const postgres = await Postgres.open(db);
  const vault = await PostgresVault.open(postgres);
  await vault.secrets.setPassword('ben', PASSWORD, 2);
  await vault.close();
  await postgres.close();
  await expect(moveIn()).rejects.toMatchObject({ code: 'target-not-empty', message: expect.stringMatching(/^The database holds data already \(\d+ keys, .*2 passwords.*\), and nothing is moved over what is there\./) });
});

describe('killed in the middle', () => {
  async function killed(way: 'in' | 'out', folder: string): Promise<void> {
    const child = spawn(process.execPath, ['--import', pathToFileURL(join(__dirname, 'faults', 'typescript.mjs')).href, join(__dirname, 'move-keys.child.ts'), way, folder, store(), db], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const watching = await database();
    while ((await watching.all("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'five-ring%' AND pid <> pg_backend_pid()")).length > 0) await new Promise((done) => setTimeout(done, 20));
    open.delete(watching);
    await watching.close();
  }

  it('nothing is in the database, and the next try begins anew', async () => {
    await killed('in', data);
    expect(await rowsIn()).toBe(0);
    expect(await moveIn()).toMatchObject({ already: false });
    expect(await rowsIn()).toBeGreaterThan(0);
  }, 30_000);

  it('nothing is in the folder under its name, and the next try begins anew; also where files were half moved in', async () => {
    await moveIn();
    const back = join(place, 'back');
    mkdirSync(back);
    await killed('out', back);
    expect(FILES.filter((name) => existsSync(join(back, name)))).toEqual([]);
    // As if it had been killed between two of the last steps.
    cpSync(join(data, 'keys.db'), join(back, 'move.partial', 'keys.db'));
    writeFileSync(join(back, 'erased.ndjson'), 'old\n');
    await moveOut(back);
    expect(readFileSync(join(back, 'erased.ndjson'))).toEqual(readFileSync(join(data, 'erased.ndjson')));
    expect(existsSync(join(back, 'move.partial'))).toBe(false);
  }, 30_000);
});

describe('planted bugs: what does not arrive as it was is found, and nothing of it stays', () => {
  /** Tables that change what is put into them. */
  async function tampering(table: string, change: string): Promise<void> {
    const postgres = await Postgres.open(db);
    await (await PostgresVault.open(postgres)).close();
    await new PostgresAuditTable(postgres).read({}, 1);
    await ErasureTable.open(postgres);
    await postgres.all(`CREATE FUNCTION public.tamper() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${change} END $$`);
    const shards = await postgres.all<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'five_ring' AND tablename ~ $1", [`^${table}$`]);
    for (const { name } of shards) await postgres.all(`CREATE TRIGGER tamper BEFORE INSERT ON five_ring.${name} FOR EACH ROW EXECUTE FUNCTION public.tamper()`);
    await postgres.close();
  }

  it.each([
    ['a key that is another', 'keys_\\d+', "IF NEW.name LIKE 'person:%' THEN NEW.key = sha256(NEW.key); END IF; RETURN NEW;"],
    ['a destroyed key that is left out', 'keys_\\d+', "IF NEW.key = decode(repeat('00', 32), 'hex') THEN RETURN NULL; END IF; RETURN NEW;"],
    ['the secret of a block that is cut', 'text_blocks', 'NEW.key = substring(NEW.key for 31); RETURN NEW;'],
    ['an instant that is lost', 'keys_\\d+', 'NEW.made = NULL; RETURN NEW;'],
    ['a record of the audit that is left out', 'audit', "IF NEW.action = 'erase' THEN RETURN NULL; END IF; RETURN NEW;"],
    ['a line of the list that is empty', 'erasures', "NEW.line = '{}'; RETURN NEW;"],
  ])('%s', async (_bug, table, change) => {
    await tampering(table, change);
    await expect(moveIn()).rejects.toMatchObject({ code: 'not-the-same' });
    expect(await rowsIn()).toBe(0);
  });

  it('keys that open the log otherwise', async () => {
    const real = PostgresVault.open.bind(PostgresVault);
    jest.spyOn(PostgresVault, 'open').mockImplementation(async (postgres) => {
      const vault = await real(postgres);
      return Object.assign(Object.create(vault) as PostgresVault, { keyOf: Object.assign(() => undefined, {}) });
    });
    await expect(moveIn()).rejects.toMatchObject({ code: 'not-the-same', message: expect.stringContaining('opens otherwise with the keys that were moved') });
    jest.restoreAllMocks();
    expect(await rowsIn()).toBe(0);
  });
});

describe('what cannot be done is said in a sentence, and nothing is moved', () => {
  const said = async (flags: MigrateFlags, env: Record<string, string> = {}): Promise<string> => {
    try {
      return `done: ${(await migrate(new Session({ data }, { FIVE_RING_STORE: store(), FIVE_RING_TIME_ZONE: 'UTC', ...env }), flags)).text}`;
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('by the verb it is done, and says what is next', async () => {
    expect(await said({ db })).toMatch(/^done: postgres:\/\/127\.0\.0\.1:\d+\/\w+ holds what stood in \S+: [\d,]+ keys, .+\.\nRead back and compared; \d+ events of the log opened with both say the same\.\n\nNext: set FIVE_RING_DB, /);
    expect(await said({ db: true }, { FIVE_RING_DB: db })).toMatch(/ already: .+\. Nothing was copied\.$/);
    rmSync(data, { recursive: true });
    mkdirSync(data);
    expect(await said({ db, back: true })).toMatch(/^done: \S+ holds what stood in postgres:/);
  });

  const cases: Record<string, [plant: () => unknown, says: RegExp, flags?: () => MigrateFlags]> = {
    'no database is named': [() => undefined, /^Name the database: --db postgres:/, () => ({ db: true })],
    'both ways at once': [() => undefined, /^--db moves keys and audit, --from and --to the log/, () => ({ db, from: 'a', to: 'b' })],
    'nothing at all': [() => undefined, /^Say --from and --to to move the log, or --db/, () => ({})],
    'back from nowhere': [() => undefined, /^--back goes with --db\.$/, () => ({ back: true })],
    'no address': [() => undefined, /^--db is no address|--db/, () => ({ db: 'mysql://x' })],
    'nobody answers': [() => undefined, /^The database that --db names does not answer: .*ECONNREFUSED.*Nothing was moved/, () => ({ db: 'postgres://a:secret@127.0.0.1:1/x' })],
    'no such database': [() => undefined, /^The database that --db names does not answer: database "none" does not exist\./, () => ({ db: db.replace(/[^/]+$/, 'none') })],
    'no keys': [() => rmSync(join(data, 'keys.db')), /^There are no keys to move: \S+keys\.db is missing or empty\. Name the data folder/],
    'damaged keys': [() => writeFileSync(join(data, 'keys.db'), 'x'.repeat(5000)), /keys\.db is no database\..* Nothing was moved/],
    'a damaged audit': [() => writeFileSync(join(data, 'audit.db'), 'x'.repeat(5000)), /audit\.db is no database\..* Nothing was moved/],
    'a bad line in the list': [() => writeFileSync(join(data, 'erased.ndjson'), 'nonsense\n'), /erased\.ndjson, line 1 cannot be read\..* Nothing was moved\.$/],
    'keys of a newer version': [async () => {
      const { default: Database } = await import('better-sqlite3');
      const file = new Database(join(data, 'keys.db'));
      file.pragma('user_version = 99');
      file.close();
    }, /^keys\.db has format 99; .* Nothing was moved\.$/],
    'tables of a newer version': [async () => {
      const postgres = await Postgres.open(db);
      await (await PostgresVault.open(postgres)).close();
      await postgres.all("UPDATE five_ring.formats SET format = 99 WHERE part = 'keys'");
      await postgres.close();
    }, /^The database that --db names was written by a newer Five-Ring \(keys has format 99; .* Nothing was moved\.$/],
    'a server on the database': [database, /^Five-Ring uses this database already \(from 127\.0\.0\.1\)\. Stop every server first/],
    'nothing to take back': [() => rmSync(data, { recursive: true }), /^The database holds nothing of Five-Ring: there is nothing to move\.$/, () => ({ db, back: true })],
  };

  it.each(Object.keys(cases))('%s', async (name) => {
    const [plant, says, flags = () => ({ db })] = cases[name]!;
    await plant();
    const sentence = await said(flags());
    expect(sentence).toMatch(says);
    expect(sentence).not.toContain('secret');
    expect(sentence.split('\n')).toHaveLength(1);
    expect(await rowsIn()).toBe(0);
  });

  it('a server on the folder', async () => {
    const lock = lockFolder(data);
    try {
      expect(await said({ db })).toMatch(/^A Five-Ring process uses \S+\. Stop it first/);
    } finally {
      lock.release();
    }
    expect(await rowsIn()).toBe(0);
  });

  it('a log that cannot be read: the keys cannot be tried', async () => {
    const log = join(place, 'damaged.db');
    writeFileSync(log, 'x'.repeat(5000));
    expect(await said({ db }, { FIVE_RING_STORE: `sqlite:${log}` })).toMatch(/Nothing was moved/);
    expect(await rowsIn()).toBe(0);
  });

  it('a wrong password, and a role without rights', async () => {
    const name = new URL(db).pathname.slice(1);
    await server.asked(`CREATE ROLE locked_${name} LOGIN PASSWORD 'right'`);
    await server.asked(`CREATE ROLE guest_${name} LOGIN`);
    const rules = join(server.folder, 'data', 'pg_hba.conf');
    writeFileSync(rules, `host all locked_${name} 127.0.0.1/32 scram-sha-256\n${readFileSync(rules, 'utf8')}`);
    await server.asked('SELECT pg_reload_conf()');
    const as = (role: string): MigrateFlags => ({ db: db.replace('five_ring@', `${role}@`) });
    // The server takes up its new rules in a moment.
    let sentence = '';
    for (let tries = 0; tries < 100 && !sentence.includes('password'); tries += 1) {
      sentence = await said(as(`locked_${name}:wrong`));
      if (!sentence.includes('password')) await new Promise((done) => setTimeout(done, 50));
    }
    expect(sentence).toMatch(/^The database that --db names does not answer: password authentication failed for user "locked_\w+"\. Nothing was moved/);
    expect(await said(as(`guest_${name}`))).toMatch(/^The role guest_\w+ may not make the tables of Five-Ring in the database \w+ \(permission denied for database \w+\); say there: GRANT CREATE ON DATABASE .* Nothing was moved\.$/);
    expect(await rowsIn()).toBe(0);
  });
});
