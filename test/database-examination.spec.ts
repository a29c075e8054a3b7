/** What doctor tells of a PostgreSQL database: what stands in the way by its name, each with what to do. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openParts } from '../src/app.module.js';
import { doctor } from '../src/cli/doctor.js';
import { Session } from '../src/cli/session.js';
import { readConfig } from '../src/config.js';
import { Postgres } from '../src/database/postgres.js';
import { examineDatabase } from '../src/shell/database-examination.js';
import type { Finding } from '../src/shell/examination.js';
import { commandOf } from './faults/appends.js';
import { startPostgres, type PostgresServer } from './postgres/server.js';

let server: PostgresServer;
let db: string;
beforeAll(async () => {
  server = await startPostgres({ durable: true });
});
afterAll(() => server.stop());
beforeEach(async () => {
  db = await server.createDatabase();
});

const found = (url = db, now?: () => number): Promise<Finding[]> => examineDatabase(url, now);
const wrong = (findings: readonly Finding[]): string[] => findings.filter(({ state }) => state !== 'ok').map(({ state, check, says }) => `${state} ${check}: ${says}`);
const name = (): string => new URL(db).pathname.slice(1);

it('of a database that nobody used yet nothing is wrong', async () => {
  const findings = await found();
  expect(wrong(findings)).toEqual([]);
  expect(findings.map(({ check }) => check)).toEqual(['database', 'clock', 'who writes', 'connections', 'disk']);
  expect(findings[0]!.says).toMatch(/^PostgreSQL \d+\S*.*, database t_\w+, still without the tables of Five-Ring/);
  expect(findings.at(-1)!.says).toMatch(/^The database takes \d+ MB\. How much is free for it PostgreSQL does not say/);
});

it('it says how far the views are, and which node writes them, as the whole of doctor does', async () => {
  const data = mkdtempSync(join(tmpdir(), 'five-ring-examined-'));
  const env = { FIVE_RING_DATA: data, FIVE_RING_DB: db, FIVE_RING_TIME_ZONE: 'UTC', LOG_LEVEL: 'silent' };
  const parts = await openParts(readConfig(env));
  try {
    await parts.vault.ensureKeys(['somebody']);
    await parts.store.append('customer-x', commandOf(1, 1), 'any');
    await parts.projector.caughtUp();
    expect((await found()).find(({ check }) => check === 'who writes')!.says).toMatch(/^five_ring_v_\w+ has the rows of 2 events, and a node at 127\.0\.0\.1 writes on \(connected since 20\d\d-\d\d-\d\d \d\d:\d\d UTC\)\.$/);
  } finally {
    await parts.close();
  }
  const findings = await found();
  expect(wrong(findings)).toEqual([]);
  expect(findings.find(({ check }) => check === 'who writes')!.says).toMatch(/has the rows of 2 events; nobody writes on just now/);
  const session = new Session({}, env);
  const { text } = await doctor(session, { quick: true }, '1');
  await session.close();
  expect(text).toMatch(/^ok +database +PostgreSQL /m);
  expect(text).toMatch(/^ok +health /m);
  rmSync(data, { recursive: true });
}, 30_000);

/** Planted: each is done to the database, and must be found. */
const PLANTED: Record<string, [plant: () => unknown, found: RegExp, url?: (() => string) | undefined, now?: () => number]> = {
  'nobody answers': [() => undefined, /^failed database: The database that FIVE_RING_DB names does not answer: .*ECONNREFUSED/, () => 'postgres://a:secret@127.0.0.1:1/x'],
  'no such database': [() => undefined, /^failed database: .* database "none" does not exist/, () => db.replace(/[^/]+$/, 'none')],
  'another encoding': [() => server.asked(`CREATE DATABASE latin_${name()} OWNER five_ring TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'`), /^failed database: .* has the encoding LATIN1; Five-Ring needs UTF8/, () => db.replace(name(), `latin_${name()}`)],
  'no rights': [() => server.asked(`CREATE ROLE guest_${name()} LOGIN`), /^failed database: The role guest_\w+ may make no schema/, () => db.replace('five_ring@', `guest_${name()}@`)],
  'a hasty server': [() => server.asked(`ALTER DATABASE ${name()} SET synchronous_commit = off`), /^failed database: It says that it has written before it has/],
  'a clock that is before': [() => undefined, /^warning clock: The clock of this machine is 90 seconds before that of the database/, undefined, () => Date.now() + 90_300],
  'a clock that is behind': [() => undefined, /^warning clock: The clock of this machine is 90 seconds behind that of the database/, undefined, () => Date.now() - 90_300],
  'tables that are damaged': [async () => {
    const postgres = await Postgres.open(db);
    await postgres.all('CREATE SCHEMA five_ring; CREATE TABLE five_ring.views (schema text, used timestamptz); INSERT INTO five_ring.views VALUES (\'five_ring_v_gone\', now())');
    await postgres.close();
  }, /^failed database: It cannot be asked: .*five_ring_v_gone/],
};

it.each(Object.keys(PLANTED))('planted: %s', async (what) => {
  const [plant, says, url = () => db, now] = PLANTED[what]!;
  await plant();
  const findings = await found(url(), now);
  expect(wrong(findings)).toContainEqual(expect.stringMatching(says));
  for (const { state, todo, says: said } of findings) {
    if (state !== 'ok') expect(todo).toMatch(/\S+ \S+/);
    expect(said).not.toContain('secret');
  }
});

it('planted: a server that does not wait for the disk', async () => {
  const hasty = await startPostgres();
  try {
    expect(wrong(await found(hasty.url))).toContainEqual(expect.stringMatching(/^failed database: The server runs with fsync=off and full_page_writes=off: a power cut may damage it/));
  } finally {
    await hasty.stop();
  }
});
