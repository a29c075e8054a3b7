/**
 * The lines of lists of customers (line.ts), kept in memory: a line is worked out again when its row has changed, when other rules
 * are in force, and when its time is over. Nothing personal is in them: names are read with each request.
 */
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import type { ColleagueTables } from '../customers/colleagues.view.js';
import { Organisation } from '../customers/customers.writer.js';
import type { SearchTables } from '../customers/search.view.js';
import { folded } from '../customers/words.js';
import { Days } from '../kernel/days.js';
import { Views } from '../views/views.js';
import { holdsUntil, lineOf, type Line } from './line.js';
import { heldIn, listedIn, type HeldRow, type Listed, type PortfolioFilter, type PortfolioTables } from './portfolio.view.js';
import type { Rules } from './rules.js';
import { RulesInForce } from './rules-in-force.js';

interface Kept {
  readonly line: Line;
  readonly stamp: number;
  readonly rules: Rules;
  /** It holds in [at, until). */
  readonly at: number;
  readonly until: number;
}

export type ListedLine = Listed & Line;

/** As names are ordered; who has none comes by its id. */
const keyOf = ({ sort_key, customer }: Listed): string => sort_key ?? folded(customer);
export function byName(a: Listed, b: Listed): number {
  const [one, other] = [keyOf(a), keyOf(b)];
  return one < other ? -1 : one > other ? 1 : a.customer < b.customer ? -1 : 1;
}

@Injectable()
export class Lines {
  readonly days: Days;
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly views: Views,
    private readonly inForce: RulesInForce,
    organisation: Organisation,
  ) {
    this.days = new Days(organisation.zone);
  }

  private get db(): Kysely<PortfolioTables & SearchTables & ColleagueTables> {
    return this.views.db;
  }

  /** Those that fit, in no order, as they stand now, by the rules they were made by. */
  async fitting(filter: PortfolioFilter): Promise<{ readonly lines: ListedLine[]; readonly rules: Rules; readonly now: number }> {
    for (;;) {
      const { rules } = this.inForce;
      const now = this.inForce.now();
      const listed = await listedIn(this.db, filter);
      const stale = listed.filter(({ customer, stamp }) => !this.holds(customer, stamp, rules, now)).map(({ customer }) => customer);
      const held = await heldIn(this.db, stale);
      // Others took their place meanwhile: asked again.
      if (rules !== this.inForce.rules) continue;
      for (const row of held) this.kept.set(row.customer, { line: lineOf(row, rules, now, this.days), stamp: row.stamp, rules, at: now, until: holdsUntil(row, rules, now, this.days) });
      return { lines: listed.flatMap((one) => {
        const line = this.kept.get(one.customer)?.line;
        return line === undefined ? [] : [{ ...one, ...line }];
      }), rules, now };
    }
  }

  /** The whole rows of some of them, in this order, by these rules; one that is gone is left out. */
  async held(customers: readonly string[]): Promise<ReadonlyMap<string, HeldRow>> {
    return new Map((await heldIn(this.db, customers)).map((row) => [row.customer, row]));
  }

  private holds(customer: string, stamp: number, rules: Rules, now: number): boolean {
    const kept = this.kept.get(customer);
    return kept !== undefined && kept.stamp === stamp && kept.rules === rules && kept.at <= now && now < kept.until;
  }
}
