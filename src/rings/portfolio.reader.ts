/** The portfolio and the contracts ahead: lists of customers as they stand now. */
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import type { ColleagueTables } from '../customers/colleagues.view.js';
import { namesOf, type SearchTables } from '../customers/search.view.js';
import { DAY, toIso } from '../kernel/calendar.js';
import { paged } from '../shell/cursor.js';
import { SqliteViews } from '../views/sqlite.views.js';
import { reasonOut, snoozeOut } from './attention.reader.js';
import { byName, Lines, type ListedLine } from './lines.reader.js';
import { among, orderOf, worthOf, type LineFilter, type SortOrder } from './portfolio.js';
import { segmentsIn, type HeldRow, type PortfolioFilter, type PortfolioTables } from './portfolio.view.js';
import { depthSays } from './rings.reader.js';
import type { Rules } from './rules.js';
import { heldAt } from './snoozed.js';

const iso = (instant: number | null): string | null => (instant === null ? null : toIso(instant));

@Injectable()
export class PortfolioReader {
  constructor(
    private readonly views: SqliteViews,
    private readonly lines: Lines,
  ) {}

  private get db(): Kysely<PortfolioTables & SearchTables & ColleagueTables> {
    return this.views.db;
  }

  async portfolio(filter: PortfolioFilter & LineFilter, sort: SortOrder, isReversed: boolean, place: readonly (string | number)[] | undefined, limit: number): Promise<object> {
    const { lines, rules, now } = await this.lines.fitting(filter);
    const all = lines.filter(among(filter));
    all.sort(orderOf(sort, isReversed, all, byName));
    // The cursor names the last customer shown, and its place for when it has gone.
    const found = place === undefined ? -1 : all.findIndex(({ customer }) => customer === place[0]);
    const start = place === undefined ? 0 : found >= 0 ? found + 1 : Number(place[1]);
    const { page, next } = paged(all.slice(start, start + limit + 1), limit, ({ customer }) => [customer, start + limit]);
    const rows = await this.lines.held(page.map(({ customer }) => customer));
    const shown = page.flatMap((line) => (rows.has(line.customer) ? [{ line, row: rows.get(line.customer)! }] : []));
    const names = await namesOf(this.db, shown.flatMap(({ line, row }) => [...(line.owner === null ? [] : [line.owner]), ...row.snoozes.map(({ by }) => by)]), 'colleague');
    return { items: shown.map(({ line, row }) => this.item(line, row, rules, now, names)), next, total: all.length, worth: worthOf(all), segments: await segmentsIn(this.db) };
  }

  private item(line: ListedLine, row: HeldRow, rules: Rules, now: number, names: ReadonlyMap<string, string>): object {
    const { standing, attention } = heldAt(row, rules, now, this.lines.days);
    return {
      id: line.customer,
      name: line.name,
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
  async contractsAhead(filter: PortfolioFilter, days: number, place: readonly (string | number)[] | undefined, limit: number): Promise<object> {
    const { lines, now } = await this.lines.fitting(filter);
    const all = lines.flatMap((line) => line.contracts.filter(({ date }) => date < now + days * DAY).map((ahead) => ({ line, ahead })));
    all.sort((a, b) => a.ahead.date - b.ahead.date || (a.ahead.contract < b.ahead.contract ? -1 : 1));
    const after = place === undefined ? all : all.filter(({ ahead: { date, contract } }) => date > Number(place[0]) || (date === place[0] && contract > String(place[1])));
    const { page, next } = paged(after.slice(0, limit + 1), limit, ({ ahead: { date, contract } }) => [date, contract]);
    const names = await namesOf(this.db, page.flatMap(({ line }) => (line.owner === null ? [] : [line.owner])), 'colleague');
    const items = page.map(({ line, ahead: { date, ...ahead } }) => ({
      customer: { id: line.customer, name: line.name },
      owner: line.owner === null ? null : { id: line.owner, name: names.get(line.owner) ?? null },
      date: toIso(date),
      ...ahead,
    }));
    const worth = worthOf(all.flatMap(({ ahead: { money } }) => (money === null ? [] : [{ worth: [money] }])));
    return { items, next, total: all.length, worth };
  }
}
