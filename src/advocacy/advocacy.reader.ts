/** Reads the advocacy programme: asks, whom to ask, the board of advocates. Rows give what is known, the log the words. */
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { askStateAt, asksLeft, nextFree, type Answer, type AskBudget, type AskState } from '../customers/asks.js';
import { CustomersReader } from '../customers/customers.reader.js';
import { Organisation } from '../customers/customers.writer.js';
import { namesOf, type SearchTables } from '../customers/search.view.js';
import { toIso } from '../kernel/calendar.js';
import type { PortfolioTables } from '../rings/portfolio.view.js';
import { theirsIn } from '../rings/theirs.view.js';
import type { Sight } from '../shell/caller.js';
import { paged, pagedByNumber, startIn } from '../shell/cursor.js';
import { Views } from '../views/views.js';
import type { AdvocacyTables } from './advocacy.view.js';
import { byFit, loadOf, verdictOn, type Wanted, type Willing } from './willing.js';

export interface AskFilter {
  readonly customer?: string;
  readonly person?: string;
  /** Who asked. */
  readonly by?: string;
  readonly states?: readonly AskState[];
}

export interface WillingFilter {
  /** Owner of the customer. */
  readonly owner?: string;
}

const iso = (instant: number | null): string | null => (instant === null ? null : toIso(instant));
type Names = ReadonlyMap<string, string>;
const named = (id: string, names: Names): object => ({ id, name: names.get(id) ?? null });

@Injectable()
export class AdvocacyReader {
  constructor(
    private readonly customers: CustomersReader,
    private readonly views: Views,
    private readonly organisation: Organisation,
  ) {}

  private get db(): Kysely<AdvocacyTables & SearchTables & PortfolioTables> {
    return this.views.db;
  }

  private get budget(): AskBudget {
    return this.organisation.askBudget();
  }

  /** Asks, the newest first. */
  async asks(filter: AskFilter, place: readonly (string | number)[] | undefined, limit: number, sight: Sight): Promise<object> {
    const now = this.organisation.now();
    let query = this.db.selectFrom('asks');
    if (filter.customer !== undefined) query = query.where('stream', '=', `customer-${filter.customer}`);
    if (filter.person !== undefined) query = query.where('person', '=', filter.person);
    if (filter.by !== undefined) query = query.where('by', '=', filter.by);
    // A few answers lie some minutes ahead of our clock: what they change is looked at row by row.
    const ahead = (await query.select(['id', 'answers']).where('settled', '>', now).execute()).map(({ id, answers }) => ({ id, state: askStateAt({ answers: JSON.parse(answers) as Answer[] }, now) }));
    const counted = await query.select(({ fn }) => ['state', fn.countAll<number>().as('all')]).where((is) => is.or([is('settled', 'is', null), is('settled', '<=', now)])).groupBy('state').execute();
    const count = (state: AskState): number => (counted.find((one) => one.state === state)?.all ?? 0) + ahead.filter((one) => one.state === state).length;
    const { states } = filter;
    const fitting = states === undefined ? query : query.where((is) => is.or([
      ...(states.length === 0 ? [] : [is.and([is.or([is('settled', 'is', null), is('settled', '<=', now)]), is('state', 'in', states)])]),
      ...ahead.filter(({ state }) => states.includes(state)).map(({ id }) => is('id', '=', id)),
    ]));
    const start = startIn(place);
    const asked = (await fitting.selectAll().orderBy('asked', 'desc').orderBy('id', 'desc').limit(limit + 1).offset(start).execute()).map((row) => {
      const answers = JSON.parse(row.answers) as Answer[];
      return { row, answers, state: askStateAt({ answers }, now) };
    });
    const { page, next } = paged(asked, limit, () => [start + limit]);
    const said = await this.customers.entriesOf(page.map(({ row }) => row.id), sight);
    const names = await this.names(page.map(({ row }) => row.customer), page.map(({ row }) => row.person), page.map(({ row }) => row.by));
    const yours = await theirsIn(this.db, page.map(({ row }) => row.customer), sight.self ?? null);
    const items = page.map(({ row, answers, state }) => ({
      id: row.id,
      customer: named(row.customer, names.customer),
      yours: yours.has(row.customer),
      person: named(row.person, names.person),
      act: row.act,
      wording: said.get(row.id)?.['wording'] ?? null,
      asked: toIso(row.asked),
      by: named(row.by, names.colleague),
      due: iso(row.due),
      overdue: state !== 'done' && state !== 'declined' && row.due !== null && row.due < now,
      incentivised: row.incentivised === 1,
      offering: row.offering,
      channel: said.get(row.id)?.['channel'] ?? null,
      state,
      answers: answers.map((answer) => ({ said: answer.said, at: toIso(answer.at), entry: answer.entry })),
    }));
    return { items, next, totals: { waiting: count('waiting'), accepted: count('accepted'), declined: count('declined'), done: count('done') } };
  }

  /** Asks of one customer, and how often each of its people may still be asked. @throws Refusal `missing`. */
  async ofCustomer(id: string, place: readonly (string | number)[] | undefined, limit: number, sight: Sight): Promise<object> {
    const { state } = await this.customers.stateOf(id);
    const now = this.organisation.now();
    const names = await namesOf(this.db, [...state.people.keys()], 'person');
    const asked = Map.groupBy([...state.interactions.values()].filter(({ kind }) => kind === 'advocacy-asked'), ({ fields }) => String(fields['person']));
    const budgets = [...state.people.keys()].filter((person) => !state.erased.has(person)).map((person) => {
      const instants = (asked.get(person) ?? []).map(({ occurredAt }) => occurredAt);
      return { person: named(person, names), left: asksLeft(instants, now, this.budget), nextFree: iso(nextFree(instants, now, this.budget)) };
    });
    return { ...(await this.asks({ customer: id }, place, limit, sight)), budget: this.budget, people: budgets };
  }

  /** Whom to ask, the best fit first. `all`: also those who may not be asked now, with what stands against it. */
  async whomToAsk(wanted: Wanted, filter: WillingFilter, all: boolean, place: readonly (string | number)[] | undefined, limit: number): Promise<object> {
    const now = this.organisation.now();
    const judged = (await this.willing(filter)).map((one) => ({ one, verdict: verdictOn(one, wanted, now, this.budget) }));
    const fitting = judged.filter(({ verdict }) => all || verdict.mayAsk).sort(byFit);
    const { page, next } = pagedByNumber(fitting, place, limit);
    const names = await this.names(page.map(({ one }) => one.customer), page.map(({ one }) => one.person), page.flatMap(({ one }) => one.owner ?? []));
    const items = page.map(({ one, verdict }) => ({
      person: named(one.person, names.person),
      customer: named(one.customer, names.customer),
      owner: one.owner === null ? null : named(one.owner, names.colleague),
      segment: one.segment,
      roles: one.roles,
      mayAsk: verdict.mayAsk,
      fit: verdict.fit,
      for: verdict.for,
      against: verdict.against,
      left: verdict.left,
      nextFree: iso(verdict.nextFree),
      closed: one.closed.map(({ channel, since }) => ({ channel, since: toIso(since) })),
      acts: one.acts.length,
      lastAsk: iso(loadOf(one, now, this.budget).lastAsk),
    }));
    return { items, next, total: fitting.length, blocked: judged.filter(({ verdict }) => !verdict.mayAsk).length, budget: this.budget };
  }

  /** Everybody who was asked or did something for us: who gave most first. */
  async board(filter: WillingFilter, place: readonly (string | number)[] | undefined, limit: number): Promise<object> {
    const now = this.organisation.now();
    const rows = (await this.willing(filter)).filter(({ asks, acts }) => asks.length + acts.length > 0).map((one) => ({ one, load: loadOf(one, now, this.budget), verdict: verdictOn(one, {}, now, this.budget) }));
    rows.sort((a, b) => b.load.acts - a.load.acts || b.load.asks - a.load.asks || (b.load.lastAct ?? 0) - (a.load.lastAct ?? 0) || (a.one.person < b.one.person ? -1 : 1));
    const { page, next } = pagedByNumber(rows, place, limit);
    const names = await this.names(page.map(({ one }) => one.customer), page.map(({ one }) => one.person), page.flatMap(({ one }) => one.owner ?? []));
    const items = page.map(({ one, load, verdict }) => ({
      person: named(one.person, names.person),
      customer: named(one.customer, names.customer),
      owner: one.owner === null ? null : named(one.owner, names.colleague),
      segment: one.segment,
      roles: one.roles,
      mayAsk: verdict.mayAsk,
      against: verdict.against,
      asks: { total: load.asks, recent: load.recent, left: verdict.left, nextFree: iso(verdict.nextFree), last: iso(load.lastAsk), ...load.states },
      acts: { total: load.acts, evidenced: load.evidenced, incentivised: load.incentivised, last: iso(load.lastAct), reach: load.reach },
      list: one.acts.map(({ id, also, kind, at: when, level, incentivised, reach, referred, ask }) => ({ entry: id, also, kind, at: toIso(when), level, incentivised, reach, referred, ask })),
    }));
    const sum = (of: (load: (typeof rows)[number]['load']) => number): number => rows.reduce((total, { load }) => total + of(load), 0);
    return { items, next, total: rows.length, totals: { acts: sum(({ acts }) => acts), asks: sum(({ asks }) => asks), reach: sum(({ reach }) => reach) }, budget: this.budget };
  }

  private async willing({ owner }: WillingFilter): Promise<Willing[]> {
    let query = this.db.selectFrom('willing').select('data');
    if (owner !== undefined) query = query.where('owner', '=', owner);
    return (await query.execute()).map(({ data }) => JSON.parse(data) as Willing);
  }

  private async names(customers: readonly string[], people: readonly string[], colleagues: readonly string[]): Promise<Record<'customer' | 'person' | 'colleague', Names>> {
    return { customer: await namesOf(this.db, customers, 'customer'), person: await namesOf(this.db, people, 'person'), colleague: await namesOf(this.db, colleagues, 'colleague') };
  }
}
