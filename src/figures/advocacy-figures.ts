/** How many customers put their name behind us, and how many who would do. */
import { ASK } from '../customers/asks.js';
import type { Interaction } from '../customers/customer.js';
import { DAY } from '../kernel/calendar.js';
import type { Spell } from '../rings/journey.js';
import type { Rules } from '../rings/rules.js';
import { actsFor, unpaidAdvocacy } from './acts.js';
import { entriesIn, holdsAt, litAt, worthAt, type Facts } from './facts.js';
import type { Figure, Mark, Window } from './figure.js';

const SOURCE = 'Five-Ring’s own proposal (domain, section 5)';
/** Days a promoter is given for the first act. */
const ACTIVATION = 90;

/** Everybody with ring 2 lit is below the line; those who also `count` are above. */
function amongCustomers(facts: Facts, at: number, count: (facts: Facts) => readonly string[] | undefined): Mark[] {
  const customer = litAt(facts, 2, at);
  if (customer === undefined) return [];
  const because = count(facts);
  return [{ above: because === undefined ? 0 : 1, below: 1, because: because ?? customer.openedBy }];
}

const advocate = (at: number) => (facts: Facts): readonly string[] | undefined => litAt(facts, 5, at)?.openedBy;
const everAdvocate = (at: number) => (facts: Facts): readonly string[] | undefined => facts.spells[5].find(({ from }) => from <= at)?.openedBy;
const unpaidAdvocate = (at: number, rules: Rules) => (facts: Facts): readonly string[] | undefined => unpaidAdvocacy(facts, rules).find((spell: Spell) => holdsAt(spell, at))?.openedBy;

/**
 * A person's clock starts when they first answer 9 or 10, or are first asked, whichever is earlier; who had acted before was
 * active already and is left out. Answers that name nobody cannot be followed.
 */
function activations(facts: Facts, { from, to }: Window): Mark[] {
  const firsts = new Map<unknown, Interaction>();
  for (const act of actsFor(facts)) if (!firsts.has(act.fields['person'])) firsts.set(act.fields['person'], act);
  const known = new Set<unknown>();
  return entriesIn(facts, { from: -Infinity, to }).flatMap((answer): Mark[] => {
    const { kind, fields, occurredAt: at, id } = answer;
    const person = fields['person'];
    const starts = kind === ASK || (kind === 'survey-answered' && Number(fields['nps']) >= 9);
    if (!starts || person === undefined || known.has(person)) return [];
    known.add(person);
    const first = firsts.get(person);
    if (at < from || at + ACTIVATION * DAY > to || (first !== undefined && first.occurredAt < at)) return [];
    const acted = first !== undefined && first.occurredAt < at + ACTIVATION * DAY;
    return [{ above: acted ? 1 : 0, below: 1, because: acted ? [id, first.id] : [id] }];
  });
}

const common = { topic: 'Advocacy', version: 1, source: SOURCE, shape: 'share', unit: 'share', window: null, needs: [] } as const;

export const advocacyFigures: readonly Figure[] = [
  {
    ...common,
    name: 'advocacy-rate',
    title: 'Advocacy rate',
    says: 'Of those who are customers, how many have their name behind us.',
    formula: 'customers with rings 2 and 5 lit / customers with ring 2 lit',
    marks: (facts, { to }) => amongCustomers(facts, to, advocate(to)),
  },
  {
    ...common,
    name: 'advocacy-rate-by-revenue',
    title: 'Advocacy rate by revenue',
    says: 'Of a year’s revenue, how much comes from customers who have their name behind us.',
    formula: 'revenue of customers with rings 2 and 5 lit / revenue of customers with ring 2 lit, for each currency',
    shape: 'ratio',
    groups: 'currency',
    needs: ['purchase', 'renewal'],
    marks: (facts, { to }) => {
      if (litAt(facts, 2, to) === undefined) return [];
      const acts = advocate(to)(facts);
      return [...worthAt(facts, to)].map(([group, { amount, because }]) => ({ group, above: acts === undefined ? 0 : amount, below: amount, because: [...new Set([...because, ...(acts ?? [])])] }));
    },
  },
  {
    ...common,
    name: 'advocacy-rate-ever',
    title: 'Ever advocated',
    says: 'Of those who are customers, how many have put their name behind us at least once, today or earlier.',
    formula: 'customers with ring 2 lit whose ring 5 has been lit at some time so far / customers with ring 2 lit',
    marks: (facts, { to }) => amongCustomers(facts, to, everAdvocate(to)),
  },
  {
    ...common,
    name: 'advocacy-rate-unpaid',
    title: 'Advocacy rate without incentives',
    says: 'Of those who are customers, how many have their name behind us though nothing was given for it.',
    formula: 'customers with ring 2 lit whose ring 5 would be lit without acts for which something was given / customers with ring 2 lit',
    marks: (facts, { to }, { rules }) => amongCustomers(facts, to, unpaidAdvocate(to, rules)),
  },
  {
    ...common,
    name: 'advocate-activation',
    title: 'Advocate activation',
    version: 2,
    says: 'Of the people who said they would recommend us, or whom we asked to, how many did something for us within 90 days.',
    formula:
      'people whose first act for us, verified or not, falls within 90 days after their first answer of 9 or 10, or the first time they were asked, whichever came first / people for whom that falls in the window and is 90 days old; who had acted before it is left out',
    window: 365,
    needs: ['survey-answered', 'advocacy-asked'],
    marks: activations,
  },
];
