/** The portfolio as it is kept in memory says what reading every row says, whatever happened in between and however late it is. */
import fc from 'fast-check';
import type { Kysely } from 'kysely';
import { viewsFor } from '../../src/app.module.js';
import type { ColleagueTables } from '../../src/customers/colleagues.view.js';
import { Organisation } from '../../src/customers/customers.writer.js';
import type { SearchTables } from '../../src/customers/search.view.js';
import { folded, wordsOf } from '../../src/customers/words.js';
import { Days } from '../../src/kernel/days.js';
import { lineOf } from '../../src/rings/line.js';
import { Lines } from '../../src/rings/lines.reader.js';
import { among, orderOf, SORTS, worthOf, type LineFilter, type SortOrder } from '../../src/rings/portfolio.js';
import { PortfolioReader } from '../../src/rings/portfolio.reader.js';
import type { PortfolioFilter, PortfolioTables } from '../../src/rings/portfolio.view.js';
import { RulesInForce } from '../../src/rings/rules-in-force.js';
import { PRESETS } from '../../src/rings/rules.js';
import { Projector } from '../../src/shell/projector.js';
import type { Views } from '../../src/views/views.js';
import { START, step, World, type Step } from '../random-history.js';
import { openRows } from '../view-rows.js';

const DAY = 86_400_000;
const rules = PRESETS['annual-contracts']!;
const views = viewsFor(rules, 'UTC');
const FILTERS: readonly (PortfolioFilter & LineFilter)[] = [{}, { owner: 'ada' }, { team: 'ben' }, { segment: 'lorry' }, { department: 'sales' }, { text: 'cust' }, { text: 'emile' }, { atRisk: true }, { snoozed: true }, { rings: ['1:lit', '1:out'] }, { gap: 2, owner: 'ada' }];

interface Said {
  readonly ids: readonly string[];
  readonly total: number;
  readonly worth: unknown;
  readonly segments: readonly string[];
}

class Office {
  now = START + 1000 * DAY;
  private constructor(readonly world: World, readonly rows: Views, readonly projector: Projector, readonly reader: PortfolioReader) {}

  static async open(): Promise<Office> {
    const world = new World();
    await world.begin();
    const rows = await openRows(views);
    const projector = new Projector(world.store, views, rows, world.vault.keyOf);
    await projector.start();
    const inForce = await RulesInForce.open(world.store, rules, () => office.now);
    const lines = new Lines(rows, inForce, new Organisation('UTC', () => office.now));
    const office: Office = new Office(world, rows, projector, new PortfolioReader(rows, lines, undefined as never));
    return office;
  }

  async close(): Promise<void> {
    await this.projector.stop();
    await this.rows.close();
  }

  async kept(filter: PortfolioFilter & LineFilter, sort: SortOrder, isReversed: boolean): Promise<Said> {
    const { items, total, worth, segments } = await this.reader.portfolio(filter, sort, isReversed, undefined, 50) as { items: { id: string }[]; total: number; worth: unknown; segments: string[] };
    return { ids: items.map(({ id }) => id), total, worth, segments };
  }

  /** All rows, each worked out anew. */
  async read(filter: PortfolioFilter & LineFilter, sort: SortOrder, isReversed: boolean): Promise<Said> {
    const db = this.rows.db as Kysely<PortfolioTables & SearchTables & ColleagueTables>;
    const all = await db.selectFrom('portfolio').selectAll().execute();
    const names = new Map((await db.selectFrom('names').selectAll().where('kind', '=', 'customer').execute()).map(({ id, name, sort_key }) => [id, { name, sort_key }]));
    const departments = new Map((await db.selectFrom('colleagues').select(['id', 'department']).execute()).map(({ id, department }) => [id, department]));
    const days = new Days('UTC');
    const lines = all.map((row) => ({ ...row, ...lineOf({ journey: JSON.parse(row.journey), facts: JSON.parse(row.facts), snoozes: JSON.parse(row.snoozes) }, rules, this.now, days) }));
    const fits = lines.filter(({ customer, owner, team, segment }) => {
      const words = wordsOf(names.get(customer)?.name ?? '');
      return (filter.owner === undefined || owner === filter.owner) && (filter.team === undefined || owner === filter.team || (JSON.parse(team) as string[]).includes(filter.team)) && (filter.segment === undefined || segment === filter.segment)
        && (filter.department === undefined || departments.get(owner ?? '') === filter.department) && (filter.text === undefined || wordsOf(filter.text).every((word) => words.some((one) => one.startsWith(word))));
    }).filter(among(filter));
    const keyOf = (customer: string): string => names.get(customer)?.sort_key ?? folded(customer);
    fits.sort(orderOf(sort, isReversed, fits, (a, b) => (keyOf(a.customer) < keyOf(b.customer) ? -1 : keyOf(a.customer) > keyOf(b.customer) ? 1 : a.customer < b.customer ? -1 : 1)));
    return { ids: fits.map(({ customer }) => customer), total: fits.length, worth: worthOf(fits), segments: [...new Set(all.flatMap(({ segment }) => segment ?? []))].sort() };
  }

  /** The first list that is not the same both ways; null when all are. */
  async differs(): Promise<string | null> {
    await this.projector.caughtUp();
    for (const [index, filter] of FILTERS.entries()) {
      for (const sort of index === 0 ? SORTS : [SORTS[index % SORTS.length]!]) {
        for (const isReversed of [false, true]) {
          const [kept, read] = [await this.kept(filter, sort, isReversed), await this.read(filter, sort, isReversed)];
          if (JSON.stringify(kept) !== JSON.stringify(read)) return `${JSON.stringify({ filter, sort, isReversed })}: ${JSON.stringify(kept)}, read ${JSON.stringify(read)}`;
        }
      }
    }
    return null;
  }
}

it('after each of random histories, and as time goes by', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 }), fc.integer({ min: 0, max: 200 }), async (parts: Step[][], hours) => {
    const office = await Office.open();
    try {
      for (const some of parts) {
        for (const one of some) await office.world.take(one);
        expect(await office.differs()).toBeNull();
        office.now += hours * 3_600_000;
        expect(await office.differs()).toBeNull();
      }
    } finally {
      await office.close();
    }
  }), { numRuns: Number(process.env['FUZZ_RUNS'] ?? 10), seed: Number(process.env['FUZZ_SEED'] ?? 20_261_122) });
}, 120_000);

it.each<[string, object]>([['segment', { segment: 'another' }], ['owner', { owner: 'ben' }], ['team', { team: '["ben"]' }], ['last contact', { last_contact: START + 999 * DAY }], ['next decision', { next_decision: 1 }]])('a planted bug, a row whose %s changes and whose print does not, is found', async (_what, change) => {
  const office = await Office.open();
  try {
    await office.world.take({ customer: 0, day: 1, pick: 1, action: 'log', kind: 'call', words: 'lorry' });
    await office.world.take({ customer: 1, day: 990, pick: 2, action: 'log', kind: 'call', words: 'lorry' });
    await office.world.take({ customer: 2, day: 900, pick: 2, action: 'log', kind: 'decision-opened', words: 'lorry' });
    expect(await office.differs()).toBeNull();
    const db = office.rows.db as Kysely<PortfolioTables>;
    await db.updateTable('portfolio').set(change).where('customer', '=', 'c0').execute();
    expect(await office.differs()).not.toBeNull();
    // With another print it is read.
    await db.updateTable('portfolio').set({ print: 1 }).where('customer', '=', 'c0').execute();
    expect(await office.differs()).toBeNull();
  } finally {
    await office.close();
  }
});
