/** The attention list: one line a customer, from the portfolio's rows alone; only why one was snoozed is read from the log. */
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import type { ColleagueTables } from '../customers/colleagues.view.js';
import { CustomersReader } from '../customers/customers.reader.js';
import { namesOf, type SearchTables } from '../customers/search.view.js';
import type { ReasonName, Snooze } from '../customers/snooze.js';
import { toIso } from '../kernel/calendar.js';
import type { Days } from '../kernel/days.js';
import { paged } from '../shell/cursor.js';
import { Views } from '../views/views.js';
import { byGravity, gravityOf, isNew, type Reason } from './attention.js';
import { worthAt } from './attention-facts.js';
import type { Brief } from './line.js';
import { byRank, Lines } from './lines.reader.js';
import type { PortfolioFilter, PortfolioTables } from './portfolio.view.js';
import { RING_NAMES } from './rules.js';
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
  constructor(
    private readonly customers: CustomersReader,
    private readonly views: Views,
    private readonly lines: Lines,
  ) {}

  private get db(): Kysely<PortfolioTables & SearchTables & ColleagueTables> {
    return this.views.db;
  }

  async list(filter: AttentionFilter, place: readonly (string | number)[] | undefined, limit: number): Promise<object> {
    const { days } = this.lines;
    const { lines: all, rules, now } = await this.lines.fitting(filter);
    const fits = (reason: Brief): boolean => (filter.reason === undefined || reason.reason === filter.reason) && (!filter.isNew || isNew(reason, now, days));
    const lines = all.map((line) => {
      const shown = line.reasons.length > 0 || !filter.isSnoozed ? line.reasons : line.covered;
      return { line, shown, gravity: gravityOf(shown) };
    }).filter(({ shown }) => shown.some(fits));
    lines.sort((a, b) => byGravity(a.gravity, b.gravity) || byRank(a.line, b.line));
    // As in the portfolio, the cursor names the last customer shown, and its place for when it has gone.
    const found = place === undefined ? -1 : lines.findIndex(({ line }) => line.customer === place[0]);
    const start = place === undefined ? 0 : found >= 0 ? found + 1 : Number(place[1]);
    const { page, next } = paged(lines.slice(start, start + limit + 1), limit, ({ line }) => [line.customer, start + limit]);
    const rows = await this.lines.held(page.map(({ line }) => line.customer));
    const shown = page.flatMap(({ line }) => {
      const row = rows.get(line.customer);
      return row === undefined ? [] : [{ line, ...heldAt(row, rules, now, days) }];
    });
    const names = await namesOf(this.db, shown.flatMap(({ line, attention }) => [...(line.owner === null ? [] : [line.owner]), ...attention.snoozes.map(({ by }) => by)]), 'colleague');
    const called = await namesOf(this.db, shown.map(({ line }) => line.customer), 'customer');
    const items = await Promise.all(shown.map(async ({ line, row, standing, attention }) => {
      const isSnoozed = attention.reasons.length === 0 && attention.covered.length > 0;
      const reasons = (isSnoozed ? attention.covered : attention.reasons).map((reason) => reasonOut(reason, now, days));
      return {
        id: line.customer,
        name: called.get(line.customer) ?? null,
        owner: line.owner === null ? null : { id: line.owner, name: names.get(line.owner) ?? null },
        label: standing.label,
        ...reasons[0],
        new: (isSnoozed ? attention.covered : attention.reasons).some((reason) => isNew(reason, now, days)),
        reasons,
        atStake: worthAt(row.facts, now) ?? null,
        snoozed: isSnoozed,
        broughtBack: attention.broughtBack,
        snoozes: await Promise.all(attention.snoozes.map(async (snooze) => ({ ...snoozeOut(snooze, names), ...(await this.customers.snoozeSaid(line.customer, snooze.revision)) }))),
      };
    }));
    return { items, next, total: lines.length };
  }
}
