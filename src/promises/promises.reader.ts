/** Lists of promises: rows give order and state, the log gives the words. */
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
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
    let query = this.db.selectFrom('promises').selectAll();
    if (filter.customer !== undefined) query = query.where('stream', '=', `customer-${filter.customer}`);
    if (filter.owner !== undefined) query = query.where('owner', '=', filter.owner);
    if (filter.department !== undefined) query = query.where('department', '=', filter.department);
    if (filter.dueBefore !== undefined) query = query.where('due', '<', filter.dueBefore);
    const all = (await query.orderBy('due').orderBy('id').execute()).map((row) => ({ row, state: promiseStateAt({ due: row.due, delivered: stepOf(row.delivered, row.delivered_by) }, now) }));
    const asked = all.filter(({ state }) => filter.states === undefined || filter.states.includes(state));
    const after = place === undefined ? asked : asked.filter(({ row }) => row.due > Number(place[0]) || (row.due === place[0] && row.id > String(place[1])));
    const { page, next } = paged(after.slice(0, limit + 1), limit, ({ row: { due, id } }) => [due, id]);
    const dueToday = (row: Row, state: PromiseState): boolean => state === 'open' && this.days.of(row.due) === today;
    const count = (fits: (row: Row, state: PromiseState) => boolean): number => all.filter(({ row, state }) => fits(row, state)).length;
    const totals = {
      open: count((_, state) => state === 'open'), dueToday: count(dueToday), missed: count((_, state) => state === 'missed'), kept: count((_, state) => state === 'kept'), repaired: count((_, state) => state === 'repaired'),
      confirmed: count(({ confirmed }) => confirmed !== null),
    };
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
