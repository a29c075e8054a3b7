/** Customers who bring customers. Who brought whom stands in the file of either: the customer says by whom it was referred, or a referral names it. */
import { actsFor, boughtBy } from './acts.js';
import { litAt, recurringAt, type Facts } from './facts.js';
import { ALL_TIME, type Figure, type Mark, type OwnedMark, type Window } from './figure.js';

/** Referrals in the window, [from, to). */
const referralsIn = (facts: Facts, { from, to }: Window) => actsFor(facts).filter(({ kind, occurredAt }) => kind === 'referral' && occurredAt >= from && occurredAt < to);

/**
 * A mark for each customer this one knows to be referred: those its own referrals in the window name; and itself, when its
 * file says who referred it and its first entry falls in the window.
 */
function referred(facts: Facts, window: Window, below: number): (Mark & { readonly subject: string })[] {
  const first = facts.entries[0];
  const named = referralsIn(facts, window).flatMap(({ id, fields }) => {
    const subject = fields['referredCustomer'];
    return typeof subject === 'string' && subject !== facts.customer ? [{ subject, above: 0, below, because: [id] }] : [];
  });
  const known = facts.referredBy !== null && facts.referredBy !== facts.customer && first !== undefined && first.occurredAt >= window.from && first.occurredAt < window.to;
  return known ? [...named, { subject: facts.customer, above: 0, below, because: [first.id] }] : named;
}

const bySubject = (marks: readonly OwnedMark[]): [string, OwnedMark[]][] => [...Map.groupBy(marks, ({ subject, customer }) => subject ?? customer)].sort(([a], [b]) => (a < b ? -1 : 1));

const unique = (marks: readonly OwnedMark[]): string[] => [...new Set(marks.flatMap(({ because }) => because))];

/** One mark for each referred customer, above the line when it bought; those who bought without being referred fall out. */
function settleConversion(marks: readonly OwnedMark[]): OwnedMark[] {
  return bySubject(marks).flatMap(([customer, own]) => (own.some(({ below }) => below > 0) ? [{ customer, above: own.some(({ above }) => above > 0) ? 1 : 0, below: 1, because: unique(own) }] : []));
}

/** Revenue lost, kept and grown of customers we had at the start; and, waiting to hear whether it was referred, all revenue of a new one. */
function earned(facts: Facts, { from, to }: Window): Mark[] {
  const [start, end] = [recurringAt(facts, from), recurringAt(facts, to)];
  const had = [...start].flatMap(([group, { amount, because }]): Mark[] => (amount === 0 ? [] : [{ group, above: (end.get(group)?.amount ?? 0) - amount, below: amount, because: [...new Set([...because, ...(end.get(group)?.because ?? [])])] }]));
  const isNew = facts.contracts.every((contract) => contract.from > from);
  const brought = isNew ? [...end].map(([group, { amount, because }]): Mark => ({ group, subject: facts.customer, above: amount, below: 0, because })) : [];
  return [...had, ...brought, ...referred(facts, { from: -Infinity, to }, 0)];
}

/** Marks with a subject and a group are revenue of new customers, those with a subject alone say that it was referred. */
function settleEarned(marks: readonly OwnedMark[]): OwnedMark[] {
  return bySubject(marks).flatMap(([customer, own]) => {
    const says = own.filter(({ group }) => group === undefined);
    return own.flatMap((mark): OwnedMark[] => {
      if (mark.group === undefined) return [];
      if (mark.subject === undefined) return [mark];
      return says.length === 0 ? [] : [{ customer, group: mark.group, above: mark.above, below: 0, because: [...mark.because, ...unique(says)] }];
    });
  });
}

const common = { topic: 'Referral', version: 1, unit: 'share' } as const;
const own = 'Five-Ring’s own proposal (domain, section 5)';

export const referralFigures: readonly Figure[] = [
  {
    ...common,
    name: 'referral-rate',
    title: 'Referral rate',
    says: 'Of those who are customers, how many recommended us to somebody who might buy.',
    formula: 'customers with ring 2 lit now who referred somebody in the window, however well that is verified / customers with ring 2 lit now',
    source: own,
    shape: 'share',
    window: 365,
    needs: ['referral'],
    marks: (facts, window) => {
      const active = litAt(facts, 2, window.to);
      if (active === undefined) return [];
      const referrals = referralsIn(facts, window).map(({ id }) => id);
      return [{ above: referrals.length > 0 ? 1 : 0, below: 1, because: referrals.length > 0 ? referrals : active.openedBy }];
    },
  },
  {
    ...common,
    name: 'referral-conversion',
    title: 'Referrals that bought',
    says: 'Of those who were recommended to us, how many have bought.',
    formula:
      'referred customers that have bought by now, refunded in full not counted / referred customers, each once. Referred: named by another customer’s referral in the window, or said in its own file to be referred, with its first entry in the window; by default ever',
    source: own,
    shape: 'share',
    window: ALL_TIME,
    needs: ['referral', 'purchase', 'renewal'],
    marks: (facts, window) => {
      const first = boughtBy(facts, window.to)[0];
      const bought = first === undefined ? [] : [{ subject: facts.customer, above: 1, below: 0, because: [first.id] }];
      return [...bought, ...referred(facts, window, 1)];
    },
    settle: settleConversion,
  },
  {
    ...common,
    name: 'earned-growth',
    title: 'Earned growth',
    says: 'How much revenue grew by itself: through customers who stayed and grew, and those they brought.',
    formula:
      'net revenue retention + revenue at the end from referred customers new in the window / revenue at the start - 100 %, for each currency. New: no contract counted at the start of the window or before. Referred: named by another’s referral, or said in its own file to be referred',
    source: 'F. Reichheld, D. Darnell and M. Burns, “Net Promoter 3.0”, Harvard Business Review 99/6 (2021)',
    shape: 'ratio',
    groups: 'currency',
    window: 365,
    needs: ['purchase', 'renewal'],
    marks: earned,
    settle: settleEarned,
  },
];
