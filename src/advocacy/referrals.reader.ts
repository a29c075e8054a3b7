/** Reads the referral tree: who brought whom, and what came of it. */
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import type { ColleagueTables } from '../customers/colleagues.view.js';
import { Organisation } from '../customers/customers.writer.js';
import { namesOf, type SearchTables } from '../customers/search.view.js';
import { DAY, toIso } from '../kernel/calendar.js';
import { Refusal } from '../kernel/refusal.js';
import { worthAt, type Money } from '../rings/attention-facts.js';
import { heldIn, type PortfolioTables } from '../rings/portfolio.view.js';
import { pagedByNumber } from '../shell/cursor.js';
import { Views } from '../views/views.js';
import type { AdvocacyTables } from './advocacy.view.js';
import { allIn, bounded, forestOf, type Branch, type Forest, type Link } from './referral-tree.js';

type Row = AdvocacyTables['referred'];
interface Data {
  readonly row: Row;
  readonly worth: readonly Money[];
}

/** Customers of one tree that are told. */
const MOST = 500;

const iso = (instant: number | null): string | null => (instant === null ? null : toIso(instant));
const days = (from: number, to: number | null): number | null => (to === null ? null : Math.max(0, Math.round((10 * (to - from)) / DAY) / 10));
const middle = (values: readonly number[]): number | null => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length === 0 ? null : sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

function summed(all: readonly (readonly Money[])[]): Money[] {
  const sums = new Map<string, number>();
  for (const { amount, currency } of all.flat()) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, amount]) => ({ amount, currency }));
}

@Injectable()
export class ReferralsReader {
  constructor(
    private readonly views: Views,
    private readonly organisation: Organisation,
  ) {}

  private get db(): Kysely<AdvocacyTables & ColleagueTables & SearchTables & PortfolioTables> {
    return this.views.db;
  }

  /** Trees, the oldest first, a page of roots; `customer`: only the one this customer stands in. */
  async trees(customer: string | undefined, place: readonly (string | number)[] | undefined, limit: number): Promise<object> {
    const { roots, leftOut } = await this.forest();
    const asked = customer === undefined ? roots : roots.filter((root) => [...allIn(root)].some(({ id }) => id === customer));
    if (customer !== undefined && asked.length === 0) await this.mustExist(customer);
    const { page, next } = pagedByNumber(asked, place, limit);
    const names = await namesOf(this.db, [...page.flatMap((root) => [...allIn(root)].map(({ id }) => id)), ...leftOut.flatMap(({ from, to }) => [from, to])], 'customer');
    const named = (id: string): object => ({ id, name: names.get(id) ?? null });
    const linkOut = (link: Link): object => ({ at: toIso(link.at), entry: link.entry, inFile: link.inFile });
    const out = (branch: Branch<Data> & { readonly cut?: number }): object => {
      const { data: { row, worth }, link } = branch;
      const below = [...allIn(branch)].slice(1);
      return {
        customer: named(branch.id),
        depth: branch.depth,
        link: link === null ? null : linkOut(link),
        firstContact: row.first_contact === null ? null : { at: iso(row.first_contact), entry: row.contact_entry, days: link === null ? null : days(link.at, row.first_contact) },
        purchase: row.first_purchase === null ? null : { at: iso(row.first_purchase), entry: row.purchase_entry, days: link === null ? null : days(link.at, row.first_purchase) },
        advocacy: row.first_act === null ? null : { at: iso(row.first_act), entry: row.act_entry, days: link === null ? null : days(link.at, row.first_act) },
        worth,
        below: { customers: below.length, bought: below.filter(({ data }) => data.row.first_purchase !== null).length, worth: summed(below.map(({ data }) => data.worth)) },
        cut: branch.cut ?? 0,
        children: branch.children.map(out),
      };
    };
    const referred = asked.flatMap((root) => [...allIn(root)].slice(1));
    const bought = referred.filter(({ data }) => data.row.first_purchase !== null);
    return {
      items: page.map((root) => out(bounded(root, MOST).tree)),
      next,
      total: asked.length,
      totals: {
        referred: referred.length,
        bought: bought.length,
        advocates: referred.filter(({ data }) => data.row.first_act !== null).length,
        depth: referred.reduce((deepest, { depth }) => Math.max(deepest, depth), 0),
        worth: summed(referred.map(({ data }) => data.worth)),
        daysToPurchase: middle(bought.map(({ link, data }) => days(link!.at, data.row.first_purchase)!)),
      },
      leftOut: leftOut.map((link) => ({ from: named(link.from), to: named(link.to), ...linkOut(link) })),
    };
  }

  private async forest(): Promise<Forest<Data>> {
    const now = this.organisation.now();
    const referrals = await this.db.selectFrom('referrals').selectAll().execute();
    const told = await this.db.selectFrom('referred').select(['customer', 'referred_by', 'first_entry']).where('referred_by', 'is not', null).execute();
    const links: Link[] = referrals.map(({ customer, referred, at, id }) => ({ from: customer, to: referred, at, entry: id, inFile: false }));
    for (const { customer, referred_by: by, first_entry: first } of told) {
      // The referral that tells of it, too, says when.
      const act = referrals.filter((one) => one.customer === by && one.referred === customer).sort((a, b) => a.at - b.at)[0];
      links.push({ from: by!, to: customer, at: act?.at ?? first ?? now, entry: act?.id ?? null, inFile: true });
    }
    const ids = [...new Set(links.flatMap(({ from, to }) => [from, to]))];
    const rows = new Map<string, Row>();
    for (let at = 0; at < ids.length; at += 500) for (const row of await this.db.selectFrom('referred').selectAll().where('stream', 'in', ids.slice(at, at + 500).map((id) => `customer-${id}`)).execute()) rows.set(row.customer, row);
    const worth = new Map((await heldIn(this.db, [...rows.keys()])).map((held) => [held.customer, worthAt(held.facts, now) ?? []]));
    return forestOf([...rows].map(([id, row]) => ({ id, data: { row, worth: worth.get(id) ?? [] } })), links);
  }

  private async mustExist(id: string): Promise<void> {
    const row = await this.db.selectFrom('referred').select('customer').where('stream', '=', `customer-${id}`).executeTakeFirst();
    if (row === undefined) throw new Refusal('missing', 'unknown-customer', 'No such customer.');
  }
}
