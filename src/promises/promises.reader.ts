/** Lists of promises: rows give order and state, the log gives the words. */
import { Injectable } from '@nestjs/common';
import { sql, type Kysely, type RawBuilder, type SelectQueryBuilder } from 'kysely';
import type { ColleagueTables } from '../customers/colleagues.view.js';
import { CustomersReader } from '../customers/customers.reader.js';
import { Organisation } from '../customers/customers.writer.js';
import { promiseStateAt, type PromiseState, type Step } from '../customers/promises.js';
import { namesOf, type SearchTables } from '../customers/search.view.js';
import { DAY, toIso } from '../kernel/calendar.js';
import { Days } from '../kernel/days.js';
import type { PortfolioTables } from '../rings/portfolio.view.js';
import { theirsIn } from '../rings/theirs.view.js';
import type { Sight } from '../shell/caller.js';
import { paged } from '../shell/cursor.js';
import { Views } from '../views/views.js';
import type { PromiseTables } from './promises.view.js';

type Row = PromiseTables['promises'];

export interface PromiseFilter {
  readonly customer?: string;
  /** Who sees to it. */
  readonly owner?: string;
  readonly department?: string;
  readonly states?: readonly PromiseState[];
  /** Epoch ms. */
  readonly dueBefore?: number;
}

const stepOf = (at: number | null, entry: string | null): Step | null => (at === null || entry === null ? null : { at, entry });
const stepOut = (step: Step | null): object | null => (step === null ? null : { at: toIso(step.at), entry: step.entry });

@Injectable()
export class PromisesReader {
  private readonly days: Days;

  constructor(
    private readonly customers: CustomersReader,
    private readonly views: Views,
    private readonly organisation: Organisation,
  ) {
    this.days = new Days(organisation.zone);
  }

  private get db(): Kysely<PromiseTables & SearchTables & ColleagueTables & PortfolioTables> {
    return this.views.db;
  }

  /** The earliest due first, a page; how many there are in each state, whatever states are asked for. */
  async list(filter: PromiseFilter, place: readonly (string | number)[] | undefined, limit: number, sight: Sight): Promise<object> {
    const now = this.organisation.now();
    const today = this.days.of(now);
    let query = this.db.selectFrom('promises');
    if (filter.customer !== undefined) query = query.where('stream', '=', `customer-${filter.customer}`);
    if (filter.owner !== undefined) query = query.where('owner', '=', filter.owner);
    if (filter.department !== undefined) query = query.where('department', '=', filter.department);
    if (filter.dueBefore !== undefined) query = query.where('due', '<', filter.dueBefore);
    const dueToday = (row: Row, state: PromiseState): boolean => state === 'open' && this.days.of(row.due) === today;
    const totals = await totalsOf(query, now, [this.days.start(today), this.days.start(today + 1)]);
    const rows = (await pageOf(query, now, filter.states, place, limit + 1)).map((row) => ({ row, state: promiseStateAt({ due: row.due, delivered: stepOf(row.delivered, row.delivered_by) }, now) }));
    const { page, next } = paged(rows, limit, ({ row: { due, id } }) => [due, id]);
    const said = await this.customers.entriesOf(page.map(({ row }) => row.id), sight);
    const names = await namesOf(this.db, page.map(({ row }) => row.customer), 'customer');
    const colleagues = await namesOf(this.db, page.map(({ row }) => row.owner), 'colleague');
    const yours = await theirsIn(this.db, page.map(({ row }) => row.customer), sight.self ?? null);
    const items = page.map(({ row, state }) => {
      const entry = said.get(row.id);
      const late = row.delivered ?? now;
      return {
        id: row.id,
        customer: { id: row.customer, name: names.get(row.customer) ?? null },
        yours: yours.has(row.customer),
        what: entry?.['what'] ?? null,
        made: toIso(row.made),
        due: toIso(row.due),
        state,
        dueToday: dueToday(row, state),
        daysLate: late > row.due ? Math.floor((late - row.due) / DAY) : 0,
        owner: { id: row.owner, name: colleagues.get(row.owner) ?? null },
        department: row.department,
        people: entry?.['people'] ?? [],
        offering: row.offering,
        givenIn: row.given_in,
        summary: entry?.['summary'] ?? null,
        loggedBy: entry?.['loggedBy'] ?? null,
        produced: stepOut(stepOf(row.produced, row.produced_by)),
        delivered: stepOut(stepOf(row.delivered, row.delivered_by)),
        confirmed: stepOut(stepOf(row.confirmed, row.confirmed_by)),
      };
    });
    return { items, next, totals };
  }

  /** Of one customer, whatever became of them. @throws Refusal `missing`. */
  async ofCustomer(id: string, place: readonly (string | number)[] | undefined, limit: number, sight: Sight): Promise<object> {
    await this.customers.stateOf(id);
    return this.list({ customer: id }, place, limit, sight);
  }
}

type Query = SelectQueryBuilder<PromiseTables, 'promises', object>;

/** `promiseStateAt`, as an expression over a row. */
const stateAt = (now: number): RawBuilder<PromiseState> => sql`CASE WHEN delivered <= ${now} THEN CASE WHEN delivered <= due THEN 'kept' ELSE 'repaired' END WHEN due < ${now} THEN 'missed' ELSE 'open' END`;

/** How many of those that fit are in each state, are open and due within the day, and were confirmed. `day`: its start and its end, epoch ms. */
async function totalsOf(query: Query, now: number, [from, to]: readonly [number, number]): Promise<Record<PromiseState | 'dueToday' | 'confirmed', number>> {
  const rows = await query.select([stateAt(now).as('fate'), sql<number>`COUNT(*)`.as('all'), sql<number>`COUNT(CASE WHEN due >= ${from} AND due < ${to} THEN 1 END)`.as('of_day'), sql<number>`COUNT(confirmed)`.as('confirmed')]).groupBy(sql.ref('fate')).execute();
  const of = (state: PromiseState): number => rows.find(({ fate }) => fate === state)?.all ?? 0;
  return { open: of('open'), dueToday: rows.find(({ fate }) => fate === 'open')?.of_day ?? 0, missed: of('missed'), kept: of('kept'), repaired: of('repaired'), confirmed: rows.reduce((sum, { confirmed }) => sum + confirmed, 0) };
}

/** The earliest due first, after a place. `states`: only these. */
async function pageOf(query: Query, now: number, states: readonly PromiseState[] | undefined, place: readonly (string | number)[] | undefined, limit: number): Promise<Row[]> {
  if (states?.length === 0) return [];
  let page = query.selectAll();
  if (states !== undefined) page = page.where(stateAt(now), 'in', states);
  // A place that no list of ours gave may be any number.
  if (place !== undefined) page = page.where(sql<boolean>`(due, id) > (${Math.trunc(Math.min(Math.max(Number(place[0]), -LAST), LAST))}, ${String(place[1])})`);
  return page.orderBy('due').orderBy('id').limit(limit).execute();
}

/** The last instant there is, epoch ms. */
const LAST = 8_640_000_000_000_000;
