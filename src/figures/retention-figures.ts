/** How much of what customers pay stays, how many contracts are renewed, and how many customers come back. */
import { boughtBy } from './acts.js';
import { recurringAt, type Facts } from './facts.js';
import { ALL_TIME, type Figure, type Mark, type Window } from './figure.js';
import { duesIn } from './renewals.js';

/** A mark for each currency in which the customer had revenue at the start of the window. */
function kept(facts: Facts, { from, to }: Window, above: (start: number, end: number) => number): Mark[] {
  const then = recurringAt(facts, to);
  return [...recurringAt(facts, from)].flatMap(([group, start]): Mark[] => {
    const end = then.get(group);
    return start.amount === 0 ? [] : [{ group, above: above(start.amount, end?.amount ?? 0), below: start.amount, because: [...new Set([...start.because, ...(end?.because ?? endedIn(facts, { from, to }))])] }];
  });
}

/** The cancellations and refunds that put an end to contracts in the window. */
const endedIn = ({ contracts }: Facts, { from, to }: Window): string[] => contracts.flatMap(({ term }) => (term.from > to ? [] : term.endings.filter(({ effect }) => effect > from && effect <= to).map(({ entry }) => entry.id)));

const earns = (facts: Facts, at: number): string[] => [...recurringAt(facts, at).values()].filter(({ amount }) => amount > 0).flatMap(({ because }) => because);

const RECURS = 'Counted are contracts that recur: all of them, or, where the rules reckon with repeated purchases, those that go on by silence.';
const common = { topic: 'Retention', version: 1, needs: ['purchase', 'renewal'], window: 365 } as const;
const own = 'Five-Ring’s own proposal (domain, section 5)';

export const retentionFigures: readonly Figure[] = [
  {
    ...common,
    name: 'gross-revenue-retention',
    title: 'Gross revenue retention (GRR)',
    says: 'Of a year’s revenue from the customers we had, how much is left, growth not counted.',
    formula: `sum of min(revenue at the end, revenue at the start) / sum of revenue at the start, over customers with revenue at the start; for each currency, nothing is converted. ${RECURS}`,
    source: 'Usual definition of gross revenue retention',
    shape: 'ratio',
    unit: 'share',
    groups: 'currency',
    marks: (facts, window) => kept(facts, window, (start, end) => Math.min(end, start)),
  },
  {
    ...common,
    name: 'net-revenue-retention',
    title: 'Net revenue retention (NRR)',
    says: 'Of a year’s revenue from the customers we had, how much the same customers bring now, growth counted.',
    formula: `sum of revenue at the end / sum of revenue at the start, over customers with revenue at the start; for each currency, nothing is converted. ${RECURS}`,
    source: 'Usual definition of net revenue retention',
    shape: 'ratio',
    unit: 'share',
    groups: 'currency',
    marks: (facts, window) => kept(facts, window, (_start, end) => end),
  },
  {
    ...common,
    name: 'renewal-rate',
    title: 'Renewal rate',
    says: 'Of the contracts that came up for renewal, how many were renewed, by a new decision or by silence.',
    formula: `contracts renewed by now / contracts due in the window. Due: at the end of a term, or of each period of one that goes on by silence, unless it was ended before its renewal could have begun. One still in its grace counts as not renewed until it is. ${RECURS}`,
    source: own,
    shape: 'share',
    unit: 'share',
    marks: (facts, window, { rules }) => duesIn(facts, window, rules).map(({ verdict, because }) => ({ above: verdict === 'not renewed' ? 0 : 1, below: 1, because })),
  },
  {
    ...common,
    name: 'renewal-rate-by-decision',
    title: 'Renewal rate without silence',
    says: 'Of the contracts that came up for renewal, how many the customer renewed by a decision, not by letting them go on.',
    formula: `contracts renewed by a new purchase or renewal by now / contracts due in the window, those that went on by silence among them. ${RECURS}`,
    source: own,
    shape: 'share',
    unit: 'share',
    marks: (facts, window, { rules }) => duesIn(facts, window, rules).map(({ verdict, because }) => ({ above: verdict === 'renewed' ? 1 : 0, below: 1, because })),
  },
  {
    ...common,
    name: 'logo-retention',
    title: 'Customers kept',
    says: 'Of the customers who brought revenue when the window began, how many still do.',
    formula: `customers with revenue at the start and at the end, of whatever amount and currency / customers with revenue at the start. ${RECURS}`,
    source: 'Usual definition of logo retention',
    shape: 'share',
    unit: 'share',
    marks: (facts, { from, to }) => {
      const [then, now] = [earns(facts, from), earns(facts, to)];
      return then.length === 0 ? [] : [{ above: now.length > 0 ? 1 : 0, below: 1, because: [...new Set([...then, ...(now.length > 0 ? now : endedIn(facts, { from, to }))])] }];
    },
  },
  {
    ...common,
    name: 'repeat-rate',
    title: 'Repeat rate',
    says: 'Of those who bought once, how many bought again.',
    formula: 'customers with a second purchase or renewal by now, at a later instant than the first / customers whose first purchase falls in the window, by default ever. Purchases refunded in full do not count, contracts that go on by silence buy nothing',
    source: own,
    shape: 'share',
    unit: 'share',
    window: ALL_TIME,
    marks: (facts, { from, to }) => {
      const bought = boughtBy(facts, to);
      const first = bought[0];
      if (first === undefined || first.occurredAt < from || first.occurredAt >= to) return [];
      const second = bought.find(({ occurredAt }) => occurredAt > first.occurredAt);
      return [{ above: second === undefined ? 0 : 1, below: 1, because: second === undefined ? [first.id] : [first.id, second.id] }];
    },
  },
];
