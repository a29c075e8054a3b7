/** Reads the totals by day: levels at the ends of days, and what came in stretches of days. The cost does not grow with the history. */
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import type { ColleagueTables } from '../customers/colleagues.view.js';
import { firstOfMonth } from '../kernel/days.js';
import { Views } from '../views/views.js';
import { departmentsTogether, shownAs } from './named-colleagues.js';
import { dashboardDays, dashboardOf, LOSS_MEASURES, LEVEL_MEASURES, NPS_MEASURES, type Dashboard, type DashboardQuestion, type Levels } from './dashboard.js';
import type { DaysTables, DaySplit } from './days.view.js';

/** By department: that of the owner, as it is now. */
export type ReadSplit = DaySplit | 'department';

/** First and last day of a stretch, both in it. */
export interface DayWindow {
  readonly first: number;
  readonly last: number;
}

interface Sum {
  readonly measure: string;
  readonly value: string;
  readonly day: number;
  readonly amount: number;
}

type Tables = DaysTables & ColleagueTables;

@Injectable()
export class DaysReader {
  constructor(private readonly views: Views) {}

  private get db(): Kysely<Tables> {
    return this.views.db;
  }

  /**
   * What each measure comes to at the end of each day, by value of the split ('' for those without one, and undivided).
   * `lost90:*` names all measures that begin so. A measure that was never recorded is left out; one that was is 0 where it is nothing.
   */
  async levelsAt(days: readonly number[], measures: readonly string[], split: ReadSplit = '', together?: ReadonlySet<string>): Promise<Levels> {
    if (days.length === 0) return new Map();
    const table = split === 'department' ? 'owner' : split;
    const asked = [...new Set(days)].sort((a, b) => a - b);
    const values = split === 'department' ? await this.departments(together) : undefined;
    const levels = new Map<string, Map<string, number[]>>();
    for (const measure of measures) {
      const sums = await this.sums(table, measure, asked);
      for (const [name, own] of Map.groupBy(sums, (sum) => sum.measure)) {
        const byValue = Map.groupBy(own, ({ value }) => (values === undefined ? value : (values.get(value) ?? '')));
        levels.set(name, new Map([...byValue].map(([value, list]) => [value, days.map(at(asked, list))])));
      }
    }
    return levels;
  }

  /** What came in each stretch of days, its first and last among them. */
  async flowsIn(windows: readonly DayWindow[], measures: readonly string[], split: ReadSplit = '', together?: ReadonlySet<string>): Promise<Levels> {
    const levels = await this.levelsAt(windows.flatMap(({ first, last }) => [first - 1, last]), measures, split, together);
    return new Map([...levels].map(([measure, byValue]) => [measure, new Map([...byValue].map(([value, list]) => [value, windows.map((_, i) => list[2 * i + 1]! - list[2 * i]!)]))]));
  }

  /** The default dashboard, from these totals alone; departments of `together` are one part. */
  async dashboard(question: DashboardQuestion, together?: ReadonlySet<string>): Promise<Dashboard> {
    const { levels, windows } = dashboardDays(question);
    const [held, lost, answers] = [
      await this.levelsAt(levels, LEVEL_MEASURES, question.split, together),
      await this.levelsAt(levels, LOSS_MEASURES, question.split, together),
      await this.flowsIn(windows, NPS_MEASURES, question.split, together),
    ];
    const parked = (await this.views.parked()).filter(({ view }) => view === 'portfolio').length;
    return dashboardOf(question, new Map([...held, ...lost]), answers, parked);
  }

  /** Departments that are no group by themselves, as they are now. */
  async departmentsTogether(): Promise<ReadonlySet<string>> {
    const rows = await this.db.selectFrom('colleagues').select(['department', 'active']).execute();
    return departmentsTogether(rows.map(({ department, active }) => ({ department, active: active === 1 })));
  }

  private async departments(together: ReadonlySet<string> | undefined): Promise<Map<string, string>> {
    return new Map((await this.db.selectFrom('colleagues').select(['id', 'department']).execute()).map(({ id, department }) => [id, shownAs(department, together)]));
  }

  /** Whole months up to the last day asked for, but days where a month is asked for before its end; those of months before the first in one sum. */
  private async sums(split: DaySplit, measure: string, asked: readonly number[]): Promise<Sum[]> {
    const [first, last] = [firstOfMonth(asked[0]!), asked.at(-1)!];
    const broken = [...new Set(asked.filter((day) => firstOfMonth(day, 1) !== day + 1).map((day) => firstOfMonth(day)))];
    const named = measure.endsWith('*');
    const name = named ? measure.slice(0, -1) : measure;
    const from = (table: 'figure_days' | 'figure_months') => {
      const query = this.db.selectFrom(table).where('split', '=', split);
      return named ? query.where('measure', '>=', name).where('measure', '<', `${name}\uffff`) : query.where('measure', '=', name);
    };
    const [before, months, ...days] = await Promise.all([
      from('figure_months').where('day', '<', first).groupBy(['measure', 'value']).select(({ fn }) => ['measure', 'value', fn.min('day').as('day'), fn.sum<number>('amount').as('amount')]).execute(),
      from('figure_months').where('day', '>=', first).where('day', '<=', last).select(['measure', 'value', 'day', 'amount']).execute(),
      ...stretches(broken).map(({ from: begin, to }) => from('figure_days').where('day', '>=', begin).where('day', '<', Math.min(to, last + 1)).select(['measure', 'value', 'day', 'amount']).execute()),
    ]);
    return [...before, ...months.filter(({ day }) => !broken.includes(day)), ...days.flat()].sort((a, b) => a.day - b.day);
  }
}

/** Runs of months that follow each other, by their first days. */
function stretches(months: readonly number[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (const month of months) {
    const run = runs.at(-1);
    if (run?.to === month) run.to = firstOfMonth(month, 1);
    else runs.push({ from: month, to: firstOfMonth(month, 1) });
  }
  return runs;
}

/**
 * Reads a day's level off sums by day. A whole month stands at its first day, and is asked for at its last at the earliest;
 * so does what came before all that is asked for.
 */
function at(asked: readonly number[], sums: readonly Sum[]): (day: number) => number {
  const levels = new Map<number, number>();
  let [next, level] = [0, 0];
  for (const day of asked) {
    for (; next < sums.length && sums[next]!.day <= day; next += 1) level += sums[next]!.amount;
    levels.set(day, level);
  }
  return (day) => levels.get(day)!;
}
