/**
 * Totals by day over all customers, for each measure (day-steps.ts), undivided and divided by segment, origin and owner.
 * The level of a measure at the end of a day is the sum of its amounts up to that day; how much came in a stretch of days,
 * the sum over them. Amounts are kept by month too, so that a sum reads a row a month and the days of one month alone.
 *
 * Segment and origin are those a customer has now. The owner is the one at the end of the day in question (`ownerAt`).
 */
import { Days, firstOfMonth } from '../kernel/days.js';
import { add, type RowOp, type Table } from '../kernel/view.js';
import type { CustomerTotals, KnownCustomer } from '../rings/portfolio.view.js';
import type { Rules } from '../rings/rules.js';
import { during, joined, ownersOf, stepsOf, type Steps } from './day-steps.js';

export interface DaysTables {
  figure_days: { split: string; measure: string; day: number; value: string; amount: number };
  /** `day` is the first of the month. */
  figure_months: { split: string; measure: string; day: number; value: string; amount: number };
}

/** '' is undivided. A customer without a segment, origin or owner has the value ''. */
export type DaySplit = '' | 'segment' | 'origin' | 'owner';

/** The same steps for each of several places: a split and a value of it. */
type Block = readonly [places: readonly (readonly [DaySplit, string])[], steps: Steps];

const sums: Table = { columns: { split: 'text', measure: 'text', day: 'integer', value: 'text', amount: 'integer' }, key: ['split', 'measure', 'day', 'value'], sum: { column: 'amount', along: 'day' } };

function blocksOf(known: KnownCustomer, rules: Rules, days: Days): Block[] {
  const steps = stepsOf(known, rules, days);
  const { segment, origin } = known.state;
  const places: (readonly [DaySplit, string])[] = [['', ''], ['segment', segment ?? ''], ['origin', origin ?? '']];
  const owners = ownersOf(known, days);
  if (owners.length === 1) return [[[...places, ['owner', owners[0]!.owner ?? '']], steps]];
  const spans = owners.map(({ from, owner }, i) => ({ owner: owner ?? '', from, to: owners[i + 1]?.from ?? Infinity }));
  const byOwner = [...Map.groupBy(spans, ({ owner }) => owner)].sort(([a], [b]) => (a < b ? -1 : 1));
  return [[places, steps], ...byOwner.map(([owner, own]): Block => [[['owner', owner]], joined(own.map((span) => during(steps, span)))])];
}

const months = new Map<number, number>();

function monthOf(day: number): number {
  let month = months.get(day);
  if (month === undefined) months.set(day, (month = firstOfMonth(day)));
  return month;
}

function addAll(ops: RowOp[], places: Block[0], measure: string, steps: readonly number[]): void {
  if (steps.length === 0) return;
  const inMonths = byMonth(steps);
  for (const [split, value] of places) ops.push(add('figure_days', [split, measure, value], steps), add('figure_months', [split, measure, value], inMonths));
}

/** The same by the first days of months. */
function byMonth(steps: readonly number[]): number[] {
  const sums: number[] = [];
  for (let i = 0; i < steps.length; i += 2) {
    const month = monthOf(steps[i]!);
    if (sums.at(-2) === month) sums[sums.length - 1]! += steps[i + 1]!;
    else sums.push(month, steps[i + 1]!);
  }
  return sums;
}

/** What leads from the one to the other, both by day. */
function difference(before: readonly number[], after: readonly number[]): number[] {
  const steps: number[] = [];
  for (let i = 0, j = 0; i < before.length || j < after.length; ) {
    const [was, is] = [before[i] ?? Infinity, after[j] ?? Infinity];
    const amount = (is <= was ? after[j + 1]! : 0) - (was <= is ? before[i + 1]! : 0);
    if (amount !== 0) steps.push(Math.min(was, is), amount);
    if (was <= is) i += 2;
    if (is <= was) j += 2;
  }
  return steps;
}

const blocksIn = (part: string): Block[] => (part === '' ? [] : (JSON.parse(part) as Block[]));

function between(before: string, after: string): RowOp[] {
  const [was, is] = [blocksIn(before), blocksIn(after)];
  const ops: RowOp[] = [];
  const [one, other] = [was[0], is[0]];
  if (was.length === 1 && is.length === 1 && JSON.stringify(one![0]) === JSON.stringify(other![0])) {
    for (const measure of new Set([...Object.keys(one![1]), ...Object.keys(other![1])])) addAll(ops, other![0], measure, difference(one![1][measure] ?? [], other![1][measure] ?? []));
    return ops;
  }
  for (const [places, steps] of was) for (const [measure, amounts] of Object.entries(steps)) addAll(ops, places, measure, difference(amounts, []));
  for (const [places, steps] of is) for (const [measure, amounts] of Object.entries(steps)) addAll(ops, places, measure, amounts);
  return ops;
}

/** Kept with the portfolio, so that a customer is folded once for both. `zone` decides days. */
export function totalsByDay(rules: Rules, zone: string): CustomerTotals {
  const days = new Days(zone);
  return {
    version: `1 ${zone}`,
    tables: { figure_days: sums, figure_months: sums, figure_parts: { columns: { stream: 'text', part: 'json' }, key: ['stream'] } },
    parts: 'figure_parts',
    partOf(known) {
      if (!known.state.registered || known.entries.length === 0) return '';
      return JSON.stringify(blocksOf(known, rules, days));
    },
    between,
  };
}
