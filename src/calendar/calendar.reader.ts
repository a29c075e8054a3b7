/** Gathers what stands in a colleague's calendar. */
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import type { AdvocacyTables } from '../advocacy/advocacy.view.js';
import type { ColleagueTables } from '../customers/colleagues.view.js';
import type { Answer } from '../customers/asks.js';
import { CustomersReader } from '../customers/customers.reader.js';
import { Organisation } from '../customers/customers.writer.js';
import { namesOf, type SearchTables } from '../customers/search.view.js';
import { DAY } from '../kernel/calendar.js';
import type { PromiseTables } from '../promises/promises.view.js';
import { heldIn, ownedIn, type PortfolioTables } from '../rings/portfolio.view.js';
import { Views } from '../views/views.js';
import { BACK_DAYS, datesOf, eventsOf, type DatedThing } from './dated.js';
import { calendarOf } from './ics.js';

type Tables = PortfolioTables & SearchTables & ColleagueTables & PromiseTables & AdvocacyTables;

@Injectable()
export class CalendarReader {
  constructor(
    private readonly views: Views,
    private readonly customers: CustomersReader,
    private readonly organisation: Organisation,
  ) {}

  private get db(): Kysely<Tables> {
    return this.views.db;
  }

  /** The calendar of a colleague: contracts and decisions of customers they own, their steps, promises and asks wherever these are. */
  async of(colleague: string): Promise<string> {
    const now = this.organisation.now();
    const owned = await ownedIn(this.db, colleague);
    const steps = await this.db.selectFrom('planned_steps').selectAll().where('who', '=', colleague).where('due', '>=', now - BACK_DAYS * DAY).execute();
    const promises = await this.db.selectFrom('promises').selectAll().where('owner', '=', colleague).where('delivered', 'is', null).where('due', '>=', now - BACK_DAYS * DAY).execute();
    // What was answered by an act or a no is over.
    const asks = (await this.db.selectFrom('asks').selectAll().where('by', '=', colleague).where('due', 'is not', null).where('due', '>=', now - BACK_DAYS * DAY).execute()).filter(({ answers }) => (JSON.parse(answers) as Answer[]).every(({ said }) => said === 'accepted'));
    const names = await namesOf(this.db, [...owned.map(({ customer }) => customer), ...steps.map(({ customer }) => customer), ...promises.map(({ customer }) => customer), ...asks.map(({ customer }) => customer)], 'customer');
    const called = (customer: string): string => names.get(customer) ?? 'erased';
    const contracts = (await heldIn(this.db, owned.map(({ customer }) => customer))).flatMap(({ customer, facts }) => facts.terms.flatMap((term) => datesOf(term, now, called(customer))));
    const decisions = await Promise.all(owned.filter(({ next_decision: next }) => next !== null).map(async ({ customer }) => this.decisionsOf(customer, called(customer))));
    const things: DatedThing[] = [
      ...contracts,
      ...decisions.flat(),
      ...steps.map(({ id, due, customer }): DatedThing => ({ entry: id, what: 'step', at: due, customer: called(customer), details: '' })),
      ...promises.map(({ id, due, customer }): DatedThing => ({ entry: id, what: 'promise', at: due, customer: called(customer), details: '' })),
      ...asks.map(({ id, due, customer }): DatedThing => ({ entry: id, what: 'ask', at: due!, customer: called(customer), details: '' })),
    ];
    return calendarOf('Five-Ring', eventsOf(things, now, this.organisation.zone), now);
  }

  private async decisionsOf(id: string, customer: string): Promise<DatedThing[]> {
    const { state: { interactions } } = await this.customers.stateOf(id);
    const closed = new Set([...interactions.values()].filter(({ kind }) => kind === 'decision-closed').map(({ about }) => about));
    return [...interactions.values()].flatMap(({ id: entry, kind, fields }): DatedThing[] => (kind === 'decision-opened' && !closed.has(entry) && typeof fields['neededBy'] === 'number' ? [{ entry, what: 'decision', at: fields['neededBy'], customer, details: '' }] : []));
  }
}
