/** How many customers put their name behind us. */
import type { Figure, Mark } from './figure.js';
import { litAt, worthAt, type Facts } from './facts.js';

const SOURCE = 'Five-Ring’s own proposal (domain, section 5)';

/** Everybody with ring 2 lit is below the line; those who also `count` are above. */
function amongCustomers(facts: Facts, at: number, count: (facts: Facts) => readonly string[] | undefined): Mark[] {
  const customer = litAt(facts, 2, at);
  if (customer === undefined) return [];
  const because = count(facts);
  return [{ above: because === undefined ? 0 : 1, below: 1, because: because ?? customer.openedBy }];
}

const advocate = (at: number) => (facts: Facts): readonly string[] | undefined => litAt(facts, 5, at)?.openedBy;

export const advocacyFigures: readonly Figure[] = [
  {
    name: 'advocacy-rate',
    title: 'Advocacy rate',
    topic: 'Advocacy',
    version: 1,
    says: 'Of those who are customers, how many have their name behind us.',
    formula: 'customers with rings 2 and 5 lit / customers with ring 2 lit',
    source: SOURCE,
    shape: 'share',
    unit: 'share',
    window: null,
    needs: [],
    marks: (facts, { to }) => amongCustomers(facts, to, advocate(to)),
  },
  {
    name: 'advocacy-rate-by-revenue',
    title: 'Advocacy rate by revenue',
    topic: 'Advocacy',
    version: 1,
    says: 'Of a year’s revenue, how much comes from customers who have their name behind us.',
    formula: 'revenue of customers with rings 2 and 5 lit / revenue of customers with ring 2 lit, for each currency',
    source: SOURCE,
    shape: 'ratio',
    unit: 'share',
    groups: 'currency',
    window: null,
    needs: ['purchase', 'renewal'],
    marks: (facts, { to }) =>
      litAt(facts, 2, to) === undefined ? [] : [...worthAt(facts, to)].map(([group, { amount, because }]) => ({ group, above: advocate(to)(facts) === undefined ? 0 : amount, below: amount, because: [...because, ...(advocate(to)(facts) ?? [])] })),
  },
];
