/** The attention list: one line a customer, from the portfolio's rows alone; only why one was snoozed is read from the log. */
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import type { ColleagueTables } from '../customers/colleagues.view.js';
import { CustomersReader } from '../customers/customers.reader.js';
import { Organisation } from '../customers/customers.writer.js';
import { namesOf, type SearchTables } from '../customers/search.view.js';
import type { ReasonName, Snooze } from '../customers/snooze.js';
import { folded } from '../customers/words.js';
import { toIso } from '../kernel/calendar.js';
import { Days } from '../kernel/days.js';
import { paged } from '../shell/cursor.js';
import { SqliteViews } from '../views/sqlite.views.js';
import { byAttention, isNew, type Reason } from './attention.js';
import { worthAt } from './attention-facts.js';
import { portfolioByRules, type PortfolioFilter, type PortfolioRow, type PortfolioTables } from './portfolio.view.js';
import { RING_NAMES } from './rules.js';
import { RulesInForce } from './rules-in-force.js';
import { heldAt } from './snoozed.js';

export interface AttentionFilter extends PortfolioFilter {
  /** Reasons alone that are asked for: this one, new ones; also what is snoozed. */
  readonly reason?: ReasonName;
  readonly isNew: boolean;
  readonly isSnoozed: boolean;
}

/** A reason as it goes over the wire. */
export function reasonOut(reason: Reason, at: number, days: Days): object {
  const { since, until, ring, money, because } = reason;
  return {
    reason: reason.reason, says: reason.says, since: toIso(since), until: until === undefined ? null : toIso(until), new: isNew(reason, at, days),
    ring: ring === undefined ? null : { ring, name: RING_NAMES[ring] }, money: money ?? null, because,
  };
}

/** A snooze without its words. */
export const snoozeOut = ({ at, until, only, by }: Snooze, names: ReadonlyMap<string, string>): object => ({ at: toIso(at), until: toIso(until), only: only ?? null, by: { id: by, name: names.get(by) ?? null } });

@Injectable()
export class AttentionReader {
  private readonly days: Days;

  constructor(
    private readonly customers: CustomersReader,
    private readonly views: SqliteViews,
    private readonly inForce: RulesInForce,
    organisation: Organisation,
  ) {
    this.days = new Days(organisation.zone);
  }

  private get db(): Kysely<PortfolioTables & SearchTables & ColleagueTables> {
    return this.views.db;
  }

  async list(filter: AttentionFilter, place: readonly (string | number)[] | undefined, limit: number): Promise<object> {
    const now = this.inForce.now();
    const { rows, rules } = await portfolioByRules(this.db, filter, this.inForce);
    const fits = (reason: Reason): boolean => (filter.reason === undefined || reason.reason === filter.reason) && (!filter.isNew || isNew(reason, now, this.days));
    const lines = rows.map((row) => {
      const held = heldAt(row, rules, now, this.days);
      const { reasons, covered } = held.attention;
      return { ...held, shown: reasons.length > 0 || !filter.isSnoozed ? reasons : covered, isSnoozed: reasons.length === 0 && covered.length > 0 };
    }).filter(({ shown }) => shown.some(fits));
    const name = (row: PortfolioRow): string => row.sort_key ?? folded(row.customer);
    lines.sort((a, b) => byAttention(a.shown, b.shown) || (name(a.row) < name(b.row) ? -1 : name(a.row) > name(b.row) ? 1 : a.row.customer < b.row.customer ? -1 : 1));
    // As in the portfolio, the cursor names the last customer shown, and its place for when it has gone.
    const found = place === undefined ? -1 : lines.findIndex(({ row }) => row.customer === place[0]);
    const start = place === undefined ? 0 : found >= 0 ? found + 1 : Number(place[1]);
    const { page, next } = paged(lines.slice(start, start + limit + 1), limit, ({ row }) => [row.customer, start + limit]);
    const names = await namesOf(this.db, page.flatMap(({ row, attention }) => [...(row.owner === null ? [] : [row.owner]), ...attention.snoozes.map(({ by }) => by)]), 'colleague');
    const items = await Promise.all(page.map(async ({ row, standing, attention, shown, isSnoozed }) => {
      const reasons = shown.map((reason) => reasonOut(reason, now, this.days));
      return {
        id: row.customer,
        name: row.name,
        owner: row.owner === null ? null : { id: row.owner, name: names.get(row.owner) ?? null },
        label: standing.label,
        ...reasons[0],
        new: shown.some((reason) => isNew(reason, now, this.days)),
        reasons,
        atStake: worthAt(row.facts, now) ?? null,
        snoozed: isSnoozed,
        broughtBack: attention.broughtBack,
        snoozes: await Promise.all(attention.snoozes.map(async (snooze) => ({ ...snoozeOut(snooze, names), why: await this.customers.snoozeReason(row.customer, snooze.revision) }))),
      };
    }));
    return { items, next, total: lines.length };
  }
}
