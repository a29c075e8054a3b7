/** The portfolio and the contracts ahead: lists of customers as they stand now. */
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { CustomersReader } from '../customers/customers.reader.js';
import type { ColleagueTables } from '../customers/colleagues.view.js';
import { namesOf, type SearchTables } from '../customers/search.view.js';
import { DAY, toIso } from '../kernel/calendar.js';
import type { Sight } from '../shell/caller.js';
import { paged } from '../shell/cursor.js';
import { Views } from '../views/views.js';
import { reasonOut, snoozeOut } from './attention.reader.js';
import { contractDetails } from './contract.js';
import { byRank, Lines, type ListedLine } from './lines.reader.js';
import { among, orderOf, worthOf, type LineFilter, type SortOrder } from './portfolio.js';
import type { HeldRow, PortfolioFilter, PortfolioTables } from './portfolio.view.js';
import { depthSays } from './rings.reader.js';
import type { Rules } from './rules.js';
import { heldAt } from './snoozed.js';

/** All segments there are, by name. */
const segmentsOf = (lines: readonly ListedLine[]): string[] => [...new Set(lines.flatMap(({ segment }) => segment ?? []))].sort();

const iso = (instant: number | null): string | null => (instant === null ? null : toIso(instant));

@Injectable()
export class PortfolioReader {
  constructor(
    private readonly views: Views,
    private readonly lines: Lines,
    private readonly customers: CustomersReader,
  ) {}

  private get db(): Kysely<PortfolioTables & SearchTables & ColleagueTables> {
    return this.views.db;
  }

  async portfolio(filter: PortfolioFilter & LineFilter, sort: SortOrder, isReversed: boolean, place: readonly (string | number)[] | undefined, limit: number): Promise<object> {
    // Which currency counts first is told by the lines that fit.
    const isWhole = Object.values(filter).every((value) => value === undefined);
    const order = sort === 'worth' ? undefined : { name: `${sort} ${isReversed}`, of: orderOf<ListedLine>(sort, isReversed, [], byRank) };
    const { lines, rules, now, once } = await this.lines.fitting(filter, order);
    const fitting = isWhole ? lines : lines.filter(among(filter));
    const byWorth = (some: readonly ListedLine[]): ListedLine[] => [...some].sort(orderOf(sort, isReversed, some, byRank));
    const all = sort !== 'worth' ? fitting : isWhole ? once(`order worth ${isReversed}`, byWorth) : byWorth(fitting);
    // The cursor names the last customer shown, and its place for when it has gone.
    const found = place === undefined ? -1 : all.findIndex(({ customer }) => customer === place[0]);
    const start = place === undefined ? 0 : found >= 0 ? found + 1 : Number(place[1]);
    const { page, next } = paged(all.slice(start, start + limit + 1), limit, ({ customer }) => [customer, start + limit]);
    const rows = await this.lines.held(page.map(({ customer }) => customer));
    const shown = page.flatMap((line) => (rows.has(line.customer) ? [{ line, row: rows.get(line.customer)! }] : []));
    const names = await namesOf(this.db, shown.flatMap(({ line, row }) => [...(line.owner === null ? [] : [line.owner]), ...row.snoozes.map(({ by }) => by)]), 'colleague');
    const called = await namesOf(this.db, shown.map(({ line }) => line.customer), 'customer');
    const items = shown.map(({ line, row }) => this.item(line, called.get(line.customer) ?? null, row, rules, now, names));
    return { items, next, total: all.length, worth: isWhole ? once('worth', worthOf) : worthOf(all), segments: once('segments', segmentsOf) };
  }

  private item(line: ListedLine, name: string | null, row: HeldRow, rules: Rules, now: number, names: ReadonlyMap<string, string>): object {
    const { standing, attention } = heldAt(row, rules, now, this.lines.days);
    return {
      id: line.customer,
      name,
      segment: line.segment,
      owner: line.owner === null ? null : { id: line.owner, name: names.get(line.owner) ?? null },
      label: standing.label,
      rings: standing.rings.map(({ ring, state }) => ({ ring, state })),
      lit: standing.lit,
      depth: standing.depth,
      gaps: standing.gaps,
      says: depthSays(standing),
      worth: line.worth,
      lastContact: iso(line.last_contact),
      nextStep: iso(line.nextStep),
      nextDecision: iso(line.next_decision),
      attention: attention.reasons.map((reason) => reasonOut(reason, now, this.lines.days)),
      snoozes: attention.snoozes.map((snooze) => snoozeOut(snooze, names)),
    };
  }

  /** Contracts that end, or whose notice ends, within so many days, with nothing bought that follows; the first date first. */
  async contractsAhead(filter: PortfolioFilter, days: number, place: readonly (string | number)[] | undefined, limit: number, sight: Sight): Promise<object> {
    const { lines, rules, now } = await this.lines.fitting(filter);
    const all = lines.flatMap((line) => line.contracts.filter(({ date }) => date < now + days * DAY).map((ahead) => ({ line, ahead })));
    all.sort((a, b) => a.ahead.date - b.ahead.date || (a.ahead.contract < b.ahead.contract ? -1 : 1));
    const after = place === undefined ? all : all.filter(({ ahead: { date, contract } }) => date > Number(place[0]) || (date === place[0] && contract > String(place[1])));
    const { page, next } = paged(after.slice(0, limit + 1), limit, ({ ahead: { date, contract } }) => [date, contract]);
    const names = await namesOf(this.db, page.flatMap(({ line }) => (line.owner === null ? [] : [line.owner])), 'colleague');
    const called = await namesOf(this.db, page.map(({ line }) => line.customer), 'customer');
    const items = await Promise.all(page.map(async ({ line, ahead: { date, ...ahead } }) => ({
      customer: { id: line.customer, name: called.get(line.customer) ?? null },
      owner: line.owner === null ? null : { id: line.owner, name: names.get(line.owner) ?? null },
      date: toIso(date),
      ...ahead,
      ...(await this.contract(line.customer, ahead.contract, rules, now, sight)),
    })));
    const worth = worthOf(all.flatMap(({ ahead: { money } }) => (money === null ? [] : [{ worth: [money] }])));
    return { items, next, total: all.length, worth };
  }

  /** What the contract is, and what was decided and said about it; what the views know and the log does not any more stays empty. */
  private async contract(customer: string, contract: string, rules: Rules, now: number, sight: Sight): Promise<object> {
    const { state } = await this.customers.stateOf(customer);
    const entries = [...state.interactions.values()].sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));
    const found = contractDetails(entries, contract, rules, now);
    if (found === undefined) return { offering: null, start: null, end: null, noticeDays: 0, noticeBy: null, renews: 'no', wouldChooseAgain: null, decisions: [], alternatives: [] };
    const { offering, start, end, noticeDays, noticeBy, renews, wouldChooseAgain: again, decisions, alternatives } = found;
    const content = await this.customers.contentOf(customer, [...decisions.map(({ entry }) => entry), ...alternatives], sight);
    const said = (id: string, field: string): unknown => content.get(id)?.[field] ?? null;
    return {
      offering,
      start: toIso(start),
      end: iso(end),
      noticeDays,
      noticeBy: iso(noticeBy),
      renews,
      wouldChooseAgain: again === null ? null : { answer: again.answer, entry: again.entry.id, at: toIso(again.entry.occurredAt) },
      decisions: decisions.map(({ entry: { id, occurredAt }, neededBy, closed }) => ({ entry: id, what: said(id, 'what'), openedAt: toIso(occurredAt), neededBy: iso(neededBy), closedAt: closed === null ? null : toIso(closed.occurredAt), outcome: closed?.fields['outcome'] ?? null })),
      alternatives: alternatives.map(({ id, occurredAt }) => ({ entry: id, at: toIso(occurredAt), alternative: said(id, 'alternative') })),
    };
  }
}
