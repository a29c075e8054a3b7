/** The views for analysts where an app runs on PostgreSQL: made by it, kept up by it, and true through a rebuild, other rules and an erasure. */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { ANALYST_ROLE, REPORT_SCHEMA } from '../src/views/reporting.js';
import { TestApp, written, type Json } from './api/app.js';
import { eventually } from './cluster/nodes.js';
import { PostgresServer } from './postgres/server.js';
import { COMPARED, compared, connectTo } from './reported.js';

const ZONE = 'Europe/Berlin';
const CUSTOMERS = 'customers, rings, values, next step, last contact';

let server: PostgresServer;
let app: TestApp;
let analyst: pg.Client;
let database: string;
let customer: string;

const read = (path: string): Promise<Json> => app.read(path);
const rowsOf = async (sql: string): Promise<Json[]> => (await analyst.query<Json>(sql)).rows;
/** The schema whose tables the view reads. */
const behind = async (view: string): Promise<string[]> => (await rowsOf(`SELECT DISTINCT n.nspname AS name FROM pg_rewrite r JOIN pg_depend d ON d.objid = r.oid AND d.classid = 'pg_rewrite'::regclass JOIN pg_class t ON t.oid = d.refobjid AND t.relkind = 'r' JOIN pg_namespace n ON n.oid = t.relnamespace WHERE r.ev_class = '${REPORT_SCHEMA}.${view}'::regclass`)).map(({ name }) => name);

beforeAll(async () => {
  server = await PostgresServer.start();
  await server.asked(`CREATE ROLE ${ANALYST_ROLE} NOLOGIN`);
  await server.asked(`CREATE ROLE bi LOGIN IN ROLE ${ANALYST_ROLE}`);
  database = await server.createDatabase();
  app = await TestApp.open(undefined, { FIVE_RING_TIME_ZONE: ZONE, FIVE_RING_DB: database });
  await app.colleague('ada');
  customer = await app.customer({ name: 'Morel & Fils', segment: 'bakeries', owner: 'ada' });
  await app.log(customer, { kind: 'purchase', amount: 123_456, currency: 'EUR' }, { kind: 'promise-made', what: 'A quote', due: new Date(Date.now() + 86_400_000).toISOString() });
  await app.customer({ name: 'Brot & Co' });
  await app.parts.projector.caughtUp();
  analyst = await connectTo(database, 'bi');
  await analyst.query(`SET TIME ZONE '${ZONE}'`);
});

afterAll(async () => {
  await analyst?.end();
  await app?.remove();
  await server?.stop();
});

it('an analyst reads what the API says', async () => {
  for (const what of Object.keys(COMPARED)) {
    const { api, sql } = await compared(what, read, analyst);
    expect({ what, says: sql }).toEqual({ what, says: api });
  }
  expect(await rowsOf(`SELECT name, label, value, currency FROM ${REPORT_SCHEMA}.customers ORDER BY name`)).toEqual([{ name: 'Brot & Co', label: 'prospect', value: null, currency: null }, { name: 'Morel & Fils', label: 'customer', value: 1234.56, currency: 'EUR' }]);
});

it('and is refused every other table that the app has made', async () => {
  const tables = await server.asked<{ name: string }>(`SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname LIKE 'five\\_ring%'`, new URL(database).pathname.slice(1));
  expect(tables.length).toBeGreaterThan(40);
  for (const { name } of tables) await expect(rowsOf(`SELECT * FROM ${name}`)).rejects.toMatchObject({ code: '42501' });
});

it('goes on through a rebuild, over the tables that are live then', async () => {
  const before = await behind('customers');
  const rebuilt = await app.post('rebuild');
  expect([rebuilt.status, rebuilt.text.includes('"result"')]).toEqual([200, true]);
  // It goes over with what is written next, or within some seconds.
  await eventually(async () => {
    await app.log(customer, { kind: 'note', summary: 'On we go' });
    await app.parts.projector.caughtUp();
    await sleep(500);
    return behind('customers');
  }, (schemas) => schemas.join() !== before.join());
  const { api, sql } = await compared('entries in force', read, analyst);
  expect(sql).toEqual(api);
});

it('has no name of a customer that was erased', async () => {
  await written(app.post(`customers/${customer}/erase`, { reason: 'Asked for it', confirm: customer }));
  await eventually(() => rowsOf(`SELECT name FROM ${REPORT_SCHEMA}.customers ORDER BY name`), (rows) => rows.map(({ name }) => name).join() === 'Brot & Co,');
  const { api, sql } = await compared(CUSTOMERS, read, analyst);
  expect(sql).toEqual(api);
});
