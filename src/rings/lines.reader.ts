/**
 * The lines of lists of customers (line.ts), kept in memory: a line is worked out again when its row has changed, when other rules
 * are in force, and when its time is over. Which rows have changed is seen by sums over an index, so that a list costs little
 * however many customers there are. Nothing personal is kept: of the names their order, and names are read with each page.
 */
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import type { ColleagueTables } from '../customers/colleagues.view.js';
import { Organisation } from '../customers/customers.writer.js';
import { namesPrintIn, sortKeysIn, type SearchTables } from '../customers/search.view.js';
import { folded } from '../customers/words.js';
import { Days } from '../kernel/days.js';
import { Views } from '../views/views.js';
import { holdsUntil, lineOf, type Line } from './line.js';
import { colleaguesIn, customersCalled, heldIn, placesIn, printsIn, type HeldRow, type PlaceRow, type PortfolioFilter, type PortfolioTables } from './portfolio.view.js';
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

/** `rank`: its place among all by name; who has none comes by its id. */
export type ListedLine = PlaceRow & Line & { readonly rank: number };

/** Lines that hold, all of them by the same rules, in [at, until). */
interface All {
  readonly lines: readonly ListedLine[];
  readonly rules: Rules | null;
  readonly at: number;
  readonly until: number;
  /** In orders that were asked for, and what else was worked out from all of them, by name. */
  readonly kept: Map<string, unknown>;
}

export interface Fitting {
  readonly lines: readonly ListedLine[];
  readonly rules: Rules;
  readonly now: number;
  /** Works something out from all lines, whatever was filtered, once for as long as they stay the same; `name` tells it from others. */
  readonly once: <T>(name: string, work: (all: readonly ListedLine[]) => T) => T;
}

export const byRank = (a: Pick<ListedLine, 'rank'>, b: Pick<ListedLine, 'rank'>): number => a.rank - b.rank;

@Injectable()
export class Lines {
  readonly days: Days;
  private readonly places = new Map<string, PlaceRow>();
  private readonly kept = new Map<string, Kept>();
  private prints: ReadonlyMap<number, string> = new Map();
  private namesPrint = '';
  private ranks: ReadonlyMap<string, number> = new Map();
  private all: All = { lines: [], rules: null, at: 0, until: 0, kept: new Map() };
  private turn: Promise<unknown> = Promise.resolve();

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

  /** Those that fit, as they stand now, by the rules they were made by. `order`: its name, and how all are brought into it; else in none. */
  async fitting(filter: PortfolioFilter, order?: { readonly name: string; readonly of: (a: ListedLine, b: ListedLine) => number }): Promise<Fitting> {
    const next = this.turn.then(() => this.refreshed());
    this.turn = next.catch(() => undefined);
    const { all, rules, now } = await next;
    const once = <T>(name: string, work: (lines: readonly ListedLine[]) => T): T => {
      if (!all.kept.has(name)) all.kept.set(name, work(all.lines));
      return all.kept.get(name) as T;
    };
    const lines = order === undefined ? all.lines : once(`order ${order.name}`, (lines) => [...lines].sort(order.of));
    const fits = await this.fits(filter);
    return { lines: fits === undefined ? lines : lines.filter(fits), rules, now, once };
  }

  /** Undefined when all do. */
  private async fits({ owner, team, segment, department, text }: PortfolioFilter): Promise<((line: ListedLine) => boolean) | undefined> {
    if ([owner, team, segment, department, text].every((one) => one === undefined)) return undefined;
    const colleagues = department === undefined ? undefined : await colleaguesIn(this.db, department);
    const called = text === undefined ? undefined : await customersCalled(this.db, text);
    const isIn = (line: ListedLine): boolean => line.owner === team || (line.team !== '[]' && (JSON.parse(line.team) as string[]).includes(team!));
    return (line) => (owner === undefined || line.owner === owner) && (segment === undefined || line.segment === segment)
      && (colleagues === undefined || (line.owner !== null && colleagues.has(line.owner))) && (called === undefined || called.has(line.customer)) && (team === undefined || isIn(line));
  }

  private async refreshed(): Promise<{ readonly all: All; readonly rules: Rules; readonly now: number }> {
    for (;;) {
      const { rules } = this.inForce;
      const now = this.inForce.now();
      const hasMoved = await this.readPlaces();
      // Whatever fails from here on, they are gathered again.
      if (hasMoved) this.all = { ...this.all, rules: null };
      const { all } = this;
      if (all.rules === rules && all.at <= now && now < all.until) return { all, rules, now };
      const stale = [...this.places.values()].filter(({ customer, stamp }) => !this.holds(customer, stamp, rules, now)).map(({ customer }) => customer);
      const held = await heldIn(this.db, stale);
      // Others took their place meanwhile: asked again.
      if (rules !== this.inForce.rules) {
        this.prints = new Map();
        continue;
      }
      for (const row of held) this.kept.set(row.customer, { line: lineOf(row, rules, now, this.days), stamp: row.stamp, rules, at: now, until: holdsUntil(row, rules, now, this.days) });
      this.all = this.gathered(rules, now);
      return { all: this.all, rules, now };
    }
  }

  private gathered(rules: Rules, now: number): All {
    let [at, until] = [-Infinity, Infinity];
    const lines: ListedLine[] = [];
    for (const place of this.places.values()) {
      const kept = this.kept.get(place.customer);
      // Read anew while it is not the row's, and once it has gone from there.
      if (kept === undefined || kept.stamp !== place.stamp) until = now;
      if (kept === undefined) continue;
      [at, until] = [Math.max(at, kept.at), Math.min(until, kept.until)];
      lines.push({ ...place, ...kept.line, rank: this.ranks.get(place.customer)! });
    }
    return { lines, rules, at, until, kept: new Map() };
  }

  /** Reads the rows that changed, and the names' order when that did. @returns whether anything had. */
  private async readPlaces(): Promise<boolean> {
    // Before what they speak of: what changes meanwhile is read again the next time.
    const prints = await printsIn(this.db);
    const namesPrint = await namesPrintIn(this.db, 'customer');
    const changed = new Set([...prints.keys(), ...this.prints.keys()].filter((bucket) => prints.get(bucket) !== this.prints.get(bucket)));
    let isOther = namesPrint !== this.namesPrint;
    if (changed.size > 0) {
      const gone = new Set([...this.places.values()].filter(({ bucket }) => changed.has(bucket)).map(({ customer }) => customer));
      for (const place of await placesIn(this.db, [...changed])) {
        isOther ||= !this.ranks.has(place.customer);
        this.places.set(place.customer, place);
        gone.delete(place.customer);
      }
      for (const customer of gone) {
        this.places.delete(customer);
        this.kept.delete(customer);
      }
    }
    if (isOther) this.ranks = await this.ranked();
    [this.prints, this.namesPrint] = [prints, namesPrint];
    return isOther || changed.size > 0;
  }

  private async ranked(): Promise<Map<string, number>> {
    const keys = await sortKeysIn(this.db, 'customer');
    const order = [...this.places.keys()].map((customer) => ({ customer, key: keys.get(customer) ?? folded(customer) }));
    order.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.customer < b.customer ? -1 : 1));
    return new Map(order.map(({ customer }, rank) => [customer, rank]));
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
