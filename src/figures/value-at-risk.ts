/** Revenue we may lose, and when. */
import type { Interaction } from '../customers/customer.js';
import { DAY, dayOf } from '../kernel/calendar.js';
import { fold } from '../rings/fold.js';
import type { Rules } from '../rings/rules.js';
import { lastEnd, termsIn, type Term } from '../rings/terms.js';
import { holdsAt, litAt, recurringAt, type Facts } from './facts.js';
import type { Figure, Mark } from './figure.js';

const ENDINGS = ['cancellation', 'refund'];

/** Entries that ring 2 is read from, as far as they had happened. */
function bargains({ entries, contracts }: Facts, at: number): Interaction[] {
  const terms = new Set(contracts.map(({ term }) => term.id));
  return entries.filter(({ id, kind, occurredAt }) => occurredAt <= at && (terms.has(id) || ENDINGS.includes(kind)));
}

/** When the term comes to an end, or its period, as it stands; Infinity for an open-ended one. */
function endOf(term: Term, terms: readonly Term[], rules: Rules, at: number): number {
  const next = term.period === null || at < term.firstEnd ? term.firstEnd : term.firstEnd + (Math.floor((at - term.firstEnd) / term.period) + 1) * term.period;
  return Math.min(term.end === Infinity ? Infinity : next, lastEnd(term, terms, rules), term.terminated);
}

/** The quarter of the last moment before the end: a term that ends with the year is due in its last quarter. */
function quarterBefore(end: number, zone: string): string {
  const [year, month] = dayOf(end - 1, zone).split('-').map(Number);
  return `${year}-Q${Math.ceil(month! / 3)}`;
}

/** Why the customer's revenue is at risk: what would put ring 2 out, or put ring 3 out; undefined when it is not. */
function risk(facts: Facts, known: readonly Interaction[], at: number, rules: Rules): readonly string[] | undefined {
  // What happened later could have averted it: only what was known counts.
  const purchase = fold(known, rules).spells.find((spell) => spell.ring === 2 && holdsAt(spell, at));
  if (purchase === undefined) return undefined;
  const atRisk = purchase.atRiskFrom !== null && purchase.atRiskFrom <= at ? purchase.closedBy : [];
  const lost = litAt(facts, 3, at) === undefined ? (facts.spells[3].findLast(({ to }) => to !== null && to <= at)?.closedBy ?? []) : [];
  return atRisk.length + lost.length === 0 ? undefined : [...atRisk, ...lost];
}

/** The customer's revenue by currency, in the quarter in which the last of its terms ends: until then ring 2 is lit by it. */
function valueAtRisk(facts: Facts, at: number, rules: Rules, zone: string): Mark[] {
  const worth = recurringAt(facts, at);
  if (worth.size === 0) return [];
  const known = bargains(facts, at);
  const why = risk(facts, known, at, rules);
  if (why === undefined) return [];
  const terms = termsIn(known, rules);
  const ends = terms.filter((term) => at < lastEnd(term, terms, rules) + rules.purchase.grace * DAY && term.terminated > Math.max(at, term.from)).map((term) => endOf(term, terms, rules, at));
  const last = ends.reduce((a, b) => Math.max(a, b));
  const due = last === Infinity ? 'no date' : quarterBefore(last, zone);
  return [...worth].map(([currency, { amount, because }]) => ({ group: `${currency} ${due}`, above: amount, below: 1, because: [...new Set([...because, ...why])] }));
}

export const valueAtRiskFigures: readonly Figure[] = [
  {
    name: 'value-at-risk',
    title: 'Value at risk',
    topic: 'Retention',
    version: 1,
    says: 'How much of a year’s revenue comes from customers whose contract is running out, or who no longer confirm that they get value, by the quarter in which their last contract ends.',
    formula:
      'sum of a year’s revenue of customers with ring 2 at risk, or with ring 3 lit before and out now; for each currency and the quarter in which the last term, or its current period, ends, in grace the quarter in which it ended (an end at the very start of a quarter belongs to the one before, of two contracts the later end counts for both); “no date”: it goes on until it is cancelled. What does not recur is not shown',
    source: 'Five-Ring’s own proposal (domain, section 5)',
    shape: 'sum',
    unit: 'money',
    groups: 'currency and quarter due',
    window: null,
    needs: ['purchase', 'renewal'],
    marks: (facts, { to }, { rules, zone }) => valueAtRisk(facts, to, rules, zone),
  },
];
