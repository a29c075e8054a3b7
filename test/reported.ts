/** The views for analysts beside the API of the same app: its rows in PostgreSQL, and what each view should say by what the API says. */
import type { Kysely } from 'kysely';
import pg from 'pg';
import { viewsFor } from '../src/app.module.js';
import type { Table } from '../src/kernel/view.js';
import { reportViews } from '../src/report-views.js';
import type { Rules } from '../src/rings/rules.js';
import { REPORT_SCHEMA, reportingSql, type ReportView } from '../src/views/reporting.js';
import type { Json } from './api/app.js';

const TYPES: Readonly<Record<string, string>> = { text: 'TEXT COLLATE "C"', integer: 'BIGINT', real: 'DOUBLE PRECISION', flag: 'SMALLINT', json: 'TEXT COLLATE "C"' };
const [BOOLEAN, TIMESTAMPTZ, DATE] = [16, 1184, 1082];
const NUMBERS = [20, 21, 23, 700, 701, 1700];

/** Numbers, instants and days as JSON has them. */
function parsed(oid: number): (value: string) => unknown {
  if (NUMBERS.includes(oid)) return Number;
  if (oid === BOOLEAN) return (value) => value === 't';
  if (oid === TIMESTAMPTZ) return (value) => new Date(value.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')).toISOString();
  return oid === DATE ? String : (value) => value;
}

export async function connectTo(database: string, user = 'five_ring'): Promise<pg.Client> {
  const url = new URL(database);
  url.username = user;
  const client = new pg.Client({ connectionString: url.href, types: { getTypeParser: parsed } });
  await client.connect();
  return client;
}

const list = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(', ');
const create = (schema: string, name: string, { columns, key }: Table): string =>
  `CREATE TABLE ${schema}."${name}" (${Object.entries(columns).map(([column, type]) => `"${column}" ${TYPES[type.replace('?', '')]}${type.endsWith('?') ? '' : ' NOT NULL'}`).join(', ')}, PRIMARY KEY (${list(key)}))`;

/** Makes the tables of the views in a schema, and fills them with the rows of an app. */
export async function copyRows(client: pg.Client, schema: string, rows: Kysely<unknown>, rules: Rules, zone: string): Promise<void> {
  await client.query(`CREATE SCHEMA ${schema}`);
  await client.query(`CREATE TABLE ${schema}.five_ring_parked ("view" TEXT NOT NULL, stream TEXT NOT NULL, revision BIGINT NOT NULL, reason TEXT NOT NULL)`);
  for (const [name, table] of viewsFor(rules, zone).flatMap((view) => Object.entries(view.tables))) {
    await client.query(create(schema, name, table));
    const columns = list(Object.keys(table.columns));
    const all = await (rows as Json).selectFrom(name).selectAll().execute();
    for (let at = 0; at < all.length; at += 5000) await client.query(`INSERT INTO ${schema}."${name}" (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${schema}."${name}", $1)`, [JSON.stringify(all.slice(at, at + 5000))]);
  }
}

export async function makeReports(client: pg.Client, schema: string, views: readonly ReportView[]): Promise<void> {
  await client.query('BEGIN');
  for (const sql of reportingSql(schema, views)) await client.query(sql);
  await client.query('COMMIT');
}

/** Puts the rows of an app into a database of its own, with the views over them; its days are those of the zone. */
export async function reported(database: string, rows: Kysely<unknown>, rules: Rules, zone: string): Promise<pg.Client> {
  const client = await connectTo(database);
  await client.query(`SET TIME ZONE '${zone}'`);
  await copyRows(client, 'views_of_the_test', rows, rules, zone);
  await makeReports(client, 'views_of_the_test', reportViews(rules, zone));
  return client;
}

type Read = (path: string) => Promise<Json>;
type Ask = (sql: string) => Promise<Json[]>;

/** The views begin with the first entry, a course of the dashboard with its first point. */
const sinceTheFirst = (months: readonly { readonly n: number }[]): object[] => months.slice(months.findIndex(({ n }) => n > 0));
const byId = (a: Json, b: Json): number => (a.id < b.id ? -1 : 1);

/** All pages of a list. */
async function listed(read: Read, path: string): Promise<Json[]> {
  const items: Json[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Json = await read(`${path}${path.includes('?') ? '&' : '?'}limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

const UNITS: Readonly<Record<string, number>> = { JPY: 1, KWD: 1000 };
/** Of the API's money, in the currency's major unit. */
const major = (amount: number, currency: string): number => amount / (UNITS[currency] ?? 100);
const V = REPORT_SCHEMA;
/** Of the customers whose own pages are read, one in so many. */
const EVERY = 25;

/** What is compared: the same from the API and from SQL. */
export const COMPARED: Readonly<Record<string, { readonly api: (read: Read) => Promise<unknown>; readonly sql: (ask: Ask) => Promise<unknown> }>> = {
  'customers, rings, values, next step, last contact': {
    api: async (read) => (await listed(read, 'portfolio')).map(({ id, name, segment, owner, label, rings, lit, depth, gaps, worth, lastContact, nextStep, nextDecision, snoozes }) => ({
      id, name, segment, owner: owner?.id ?? null, ownerName: owner?.name ?? null, label, states: rings.map(({ state }: Json) => state), lit: lit.length, depth, missing: gaps.map((ring: number) => ['Contact', 'Purchase', 'Adoption', 'Renewal', 'Advocacy'][ring - 1]).join(', ') || null,
      worth: worth.map(({ amount, currency }: Json) => `${major(amount, currency)} ${currency}`).sort(), lastContact, nextStep, nextDecision, snoozed: snoozes.length > 0,
    })).sort(byId),
    sql: async (ask) => {
      const values = Map.groupBy(await ask(`SELECT * FROM ${V}.customer_values`), ({ customer_id }) => customer_id);
      return (await ask(`SELECT * FROM ${V}.customers ORDER BY customer_id`)).map((row) => {
        const worth = (values.get(row.customer_id) ?? []).map(({ amount, currency }) => `${amount} ${currency}`).sort();
        // Where there is one currency only, it stands with the customer too.
        if (worth.length === 1 ? `${row.value} ${row.currency}` !== worth[0] : row.value !== null || row.currency !== null) throw new Error(`${row.customer_id} is worth ${row.value} ${row.currency} and ${worth.join()}`);
        return {
          id: row.customer_id, name: row.name, segment: row.segment, owner: row.owner_id, ownerName: row.owner_name, label: row.label, states: [row.contact, row.purchase, row.adoption, row.renewal, row.advocacy], lit: row.rings_lit, depth: row.depth, missing: row.missing_rings,
          worth, lastContact: row.last_contact, nextStep: row.next_step, nextDecision: row.next_decision, snoozed: row.is_snoozed,
        };
      });
    },
  },

  'the advocacy rate of now': {
    api: async (read) => {
      const [{ values: [{ above, below, value }] }] = (await read('figures/advocacy-rate')).parts;
      return { above, below, value };
    },
    sql: async (ask) => (await ask(`SELECT (count(*) FILTER (WHERE advocacy IN ('lit', 'at risk')))::int AS above, count(*)::int AS below, (count(*) FILTER (WHERE advocacy IN ('lit', 'at risk')))::float8 / count(*) AS value FROM ${V}.customers WHERE label = 'customer'`))[0],
  },

  'the advocacy rate at the end of each month, and of today': {
    api: async (read) => {
      const [{ panels }] = (await read('dashboard?by=month&points=13')).parts;
      return sinceTheFirst(panels.find(({ name }: Json) => name === 'advocacy-rate').courses[0].series.map(({ value, n }: Json) => ({ value, n })));
    },
    sql: async (ask) => sinceTheFirst((await ask(`SELECT advocacy_rate AS value, customers AS n FROM ${V}.monthly_figures WHERE divided_by = 'all' ORDER BY month DESC LIMIT 13`)).reverse()),
  },

  'the advocacy rate of segments today': {
    api: async (read) => (await read('dashboard?by=month&points=1&split=segment')).parts.flatMap(({ part, panels }: Json) => panels.filter(({ name }: Json) => name === 'advocacy-rate').map(({ courses: [{ now }] }: Json) => ({ part, above: now.above, below: now.below }))).filter(({ below }: Json) => below > 0),
    sql: async (ask) => ask(`SELECT part, advocates AS above, customers AS below FROM ${V}.monthly_figures WHERE divided_by = 'segment' AND month = (SELECT max(month) FROM ${V}.monthly_figures) AND customers > 0 ORDER BY part NULLS FIRST`),
  },

  'rings lost in 90 days by cause': {
    api: async (read) => ((await read('dashboard?points=1')).parts[0].panels.find(({ name }: Json) => name === 'ring-losses')?.courses ?? []).flatMap(({ group, causes }: Json) => causes.map(({ cause, customers }: Json) => `${group} ${cause} ${customers}`)).sort(),
    sql: async (ask) => (await ask(`SELECT DISTINCT ON (ring, cause) ring, cause, level FROM ${V}.daily_totals WHERE divided_by = 'all' AND measure = 'lost90' AND day <= current_date ORDER BY ring, cause, day DESC`)).filter(({ level }) => level > 0).map(({ ring, cause, level }) => `${ring} ${cause} ${level}`).sort(),
  },

  'revenue by currency today': {
    api: async (read) => (await read('figures/advocacy-rate-by-revenue')).parts.flatMap(({ values }: Json) => values.map(({ group, above, below }: Json) => ({ currency: group, above: major(above, group), below: major(below, group) }))),
    sql: async (ask) => {
      const levels = await ask(`SELECT DISTINCT ON (measure, currency) measure, currency, level FROM ${V}.daily_totals WHERE divided_by = 'all' AND measure IN ('revenue', 'advocate-revenue') AND day <= current_date ORDER BY measure, currency, day DESC`);
      return levels.filter(({ measure, level }) => measure === 'revenue' && level > 0).map(({ currency, level }) => ({ currency, above: levels.find((one) => one.measure === 'advocate-revenue' && one.currency === currency)?.level ?? 0, below: level }));
    },
  },

  'promises': {
    api: async (read) => (await listed(read, 'promises?state=open,missed,kept,repaired')).map(({ id, customer, owner, department, made, due, state, daysLate, offering, produced, delivered, confirmed }) => ({ id, customer: customer.id, name: customer.name, owner: owner.id, department, made, due, state, daysLate, offering, produced: produced?.at ?? null, delivered: delivered?.at ?? null, confirmed: confirmed?.at ?? null })).sort(byId),
    sql: async (ask) => ask(`SELECT promise_id AS id, customer_id AS customer, customer_name AS name, owner_id AS owner, department, made, due, state, days_late AS "daysLate", offering, produced, delivered, confirmed FROM ${V}.promises ORDER BY 1`),
  },

  'asks': {
    api: async (read) => (await listed(read, 'asks')).map(({ id, customer, person, act, asked, due, overdue, incentivised, offering, state, answers }) => ({ id, customer: customer.id, name: customer.name, person: person.id, act, asked, due, overdue, incentivised, offering, state, answered: answers.at(-1)?.at ?? null })).sort(byId),
    sql: async (ask) => ask(`SELECT ask_id AS id, customer_id AS customer, customer_name AS name, person_id AS person, act, asked, due, is_overdue AS overdue, is_incentivised AS incentivised, offering, state, answered FROM ${V}.asks ORDER BY 1`),
  },

  'referrals': {
    api: async (read) => (await listed(read, 'advocates')).flatMap(({ customer, person, list }) => list.filter(({ referred }: Json) => referred !== null).map(({ entry, at, referred }: Json) => ({ id: entry, customer: customer.id, name: customer.name, person: person.id, referred, at }))).sort(byId),
    sql: async (ask) => ask(`SELECT referral_id AS id, customer_id AS customer, customer_name AS name, person_id AS person, referred_id AS referred, referred_at AS at FROM ${V}.referrals ORDER BY 1`),
  },

  'contracts ahead': {
    api: async (read) => (await listed(read, 'contracts-ahead?days=365')).map(({ contract, customer, owner, date, what, money, offering, start }) => ({ id: contract, customer: customer.id, name: customer.name, owner: owner?.id ?? null, date, what, amount: money === null ? null : major(money.amount, money.currency), currency: money?.currency ?? null, offering, start })).sort(byId),
    sql: async (ask) => ask(`SELECT contract_id AS id, customer_id AS customer, customer_name AS name, owner_id AS owner, next_date AS date, next_date_is AS what, amount, currency, offering, starts AS start FROM ${V}.contracts WHERE next_date < now() + interval '365 days' ORDER BY 1`),
  },

  'handovers that wait': {
    api: async (read) => (await listed(read, 'handovers')).map(({ entry, customer, owner, by, at }) => ({ id: entry, customer: customer.id, owner: owner.id, by: by.id, at })).sort(byId),
    sql: async (ask) => ask(`SELECT handover_id AS id, customer_id AS customer, new_owner AS owner, given_by AS by, happened AS at FROM ${V}.handovers WHERE is_waiting ORDER BY 1`),
  },

  'periods of rings, and how they stand, of some customers': {
    api: async (read) => {
      const some = (await listed(read, 'portfolio')).sort(byId).filter((_, index) => index % EVERY === 0);
      const journeys = await Promise.all(some.map(async ({ id }) => ({ id, ...(await read(`customers/${id}/journey`)) })));
      return {
        periods: journeys.flatMap(({ id, spells }) => spells.map(({ ring, from, to, cause, marked, openedBy, closedBy }: Json) => [id, ring, from, to, cause, marked ?? null, openedBy[0] ?? null, closedBy[0] ?? null].join(' '))).sort(),
        rings: journeys.flatMap(({ id, rings }) => rings.map(({ ring, state, since, until, atRiskFrom, endsBy, cause, marked }: Json) => [id, ring, state, since ?? null, until ?? null, atRiskFrom ?? null, endsBy ?? cause ?? null, marked ?? null].join(' '))).sort(),
      };
    },
    sql: async (ask) => {
      const some = `customer_id IN (SELECT customer_id FROM (SELECT customer_id, row_number() OVER (ORDER BY customer_id) AS n FROM ${V}.customers) AS c WHERE n % ${EVERY} = 1 OR ${EVERY} = 1)`;
      return {
        periods: (await ask(`SELECT customer_id, ring, lit_from, lit_until, cause, marked, opened_by, closed_by FROM ${V}.ring_periods WHERE ${some}`)).map((row) => Object.values(row).join(' ')).sort(),
        rings: (await ask(`SELECT customer_id, ring, state, since, until, at_risk_from, cause, marked FROM ${V}.customer_rings WHERE ${some}`)).map((row) => Object.values(row).join(' ')).sort(),
      };
    },
  },

  'open issues': {
    api: async (read) => Object.entries(Object.groupBy(await listed(read, 'issues'), ({ customer }) => customer.id ?? customer)).map(([customer, all]) => ({ customer, open: all!.length, severe: all!.filter(({ severity }) => severity <= 2).length })).sort((a, b) => (a.customer < b.customer ? -1 : 1)),
    sql: async (ask) => ask(`SELECT customer_id AS customer, open_issues AS open, severe_issues AS severe FROM ${V}.customers WHERE open_issues > 0 ORDER BY 1`),
  },

  'entries in force': {
    api: async (read) => (await listed(read, 'portfolio')).map(({ id }) => id).sort(),
    sql: async (ask) => (await ask(`SELECT c.customer_id FROM ${V}.customers c LEFT JOIN (SELECT customer_id, count(*) AS n, min(happened) AS first, max(happened) AS last FROM ${V}.entries GROUP BY 1) e USING (customer_id) WHERE c.entries = coalesce(e.n, 0) AND c.first_entry IS NOT DISTINCT FROM e.first AND c.last_entry IS NOT DISTINCT FROM e.last ORDER BY 1`)).map(({ customer_id }) => customer_id),
  },

  'colleagues': {
    api: async (read) => (await read('colleagues')).items.map(({ id, name, department, active }: Json) => ({ id, name, department, active })).sort(byId),
    sql: async (ask) => ask(`SELECT colleague_id AS id, name, department, is_active AS active FROM ${V}.colleagues ORDER BY 1`),
  },
};

/** What both say by the same time: asked again where an instant passed that changes the answer. */
export async function compared(what: string, read: Read, client: pg.Client): Promise<{ readonly api: unknown; readonly sql: unknown }> {
  const { api, sql } = COMPARED[what]!;
  for (let tries = 1; ; tries += 1) {
    const before = await api(read);
    const said = await sql(async (text) => (await client.query<Json>(text)).rows);
    const after = await api(read);
    if (tries === 5 || JSON.stringify(before) === JSON.stringify(after)) return { api: after, sql: said };
  }
}
