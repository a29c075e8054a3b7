/** The order of customers in the portfolio, and what it can be narrowed to. Pure. */
import { byGravity } from './attention.js';
import type { Money } from './attention-facts.js';
import type { RingState } from './journey.js';
import type { Line } from './line.js';

export const SORTS = ['attention', 'name', 'last-contact', 'depth', 'worth', 'next'] as const;
export type SortOrder = (typeof SORTS)[number];
export const RING_STATES: readonly RingState['state'][] = ['nothing recorded', 'not reached', 'not due', 'lit', 'at risk', 'out'];

/** A line with what the row says beside it; instants in epoch ms. */
export interface Placed extends Line {
  readonly last_contact: number | null;
  readonly next_decision: number | null;
}

export interface LineFilter {
  /** A ring and how it stands, `4:at risk`; several for one ring are alternatives. */
  readonly rings?: readonly string[];
  readonly atRisk?: boolean;
  readonly gap?: number;
  readonly snoozed?: boolean;
}

/** @returns whether a line is among them. */
export function among({ rings = [], atRisk = false, gap, snoozed = false }: LineFilter): (line: Line) => boolean {
  const wanted = [...Map.groupBy(rings, (one) => Number(one[0]))].map(([ring, some]) => [ring, some.map((one) => one.slice(2))] as const);
  return (line) => wanted.every(([ring, states]) => states.includes(line.states[ring - 1]!)) && (!atRisk || line.states.includes('at risk')) && (gap === undefined || line.gaps.some((ring) => ring === gap)) && (!snoozed || line.snoozed);
}

/** When the next step or decision is due. */
export const nextOf = ({ nextStep, next_decision }: Placed): number | null => (nextStep === null ? next_decision : next_decision === null ? nextStep : Math.min(nextStep, next_decision));

/** Sums by currency; the currency that most lines have first. */
export function worthOf(lines: readonly Pick<Line, 'worth'>[]): Money[] {
  const sums = new Map<string, { amount: number; count: number }>();
  for (const { amount, currency } of lines.flatMap(({ worth }) => worth)) {
    const sum = sums.get(currency) ?? { amount: 0, count: 0 };
    sums.set(currency, { amount: sum.amount + amount, count: sum.count + 1 });
  }
  return [...sums].sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1)).map(([currency, { amount }]) => ({ amount, currency }));
}

type Order<T> = (a: T, b: T) => number;

/** Who has nothing to order by comes last, whichever way. */
const havingFirst = <T>(has: (line: T) => boolean, order: Order<T>, turn: 1 | -1): Order<T> => (a, b) => (has(a) && has(b) ? turn * order(a, b) : Number(has(b)) - Number(has(a)));

/** @param byName decides between equals, and is the order itself for `name`. */
export function orderOf<T extends Placed>(sort: SortOrder, isReversed: boolean, lines: readonly T[], byName: Order<T>): Order<T> {
  const turn = isReversed ? -1 : 1;
  const then = (order: Order<T>): Order<T> => (a, b) => order(a, b) || byName(a, b);
  switch (sort) {
    case 'attention':
      return then(havingFirst(({ gravity }) => gravity.count > 0, (a, b) => byGravity(a.gravity, b.gravity), turn));
    case 'name':
      return (a, b) => turn * byName(a, b);
    case 'last-contact':
      return then((a, b) => turn * ((a.last_contact ?? -Infinity) < (b.last_contact ?? -Infinity) ? -1 : a.last_contact === b.last_contact ? 0 : 1));
    case 'depth':
      return then((a, b) => turn * (b.depth - a.depth || b.lit - a.lit));
    case 'worth': {
      const currencies = worthOf(lines).map(({ currency }) => currency);
      const amount = ({ worth }: T, currency: string): number => worth.find((one) => one.currency === currency)?.amount ?? 0;
      const most: Order<T> = (a, b) => currencies.reduce((found, currency) => found || amount(b, currency) - amount(a, currency), 0);
      return then(havingFirst(({ worth }) => worth.length > 0, most, turn));
    }
    case 'next':
      return then(havingFirst((line) => nextOf(line) !== null, (a, b) => nextOf(a)! - nextOf(b)!, turn));
  }
}
