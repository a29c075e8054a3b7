/** Customers whose contracts have amounts and who refer others: nasty histories with money in them. */
import fc from 'fast-check';
import { customer, type Interaction } from '../../src/customers/customer.js';
import { factsOf, type Facts } from '../../src/figures/facts.js';
import type { Figure } from '../../src/figures/figure.js';
import type { Rules } from '../../src/rings/rules.js';
import { entry, histories } from '../rings/histories.js';
import { DAY, RULES } from './told.js';

export interface Whose {
  readonly id?: string;
  readonly referredBy?: string;
  readonly rules?: Rules;
  readonly offering?: string;
}

export function customerOf(entries: readonly Interaction[], { id = 'c1', referredBy, rules = RULES, offering }: Whose = {}): Facts {
  const state = customer.initial(`customer-${id}`);
  Object.assign(state, { registered: true, referredBy: referredBy ?? null });
  for (const one of entries) state.interactions.set(one.id, one);
  return factsOf(state, rules, offering);
}

/** The same customer with other entries, all over again: spells and contracts, too. */
export function retold({ customer: id, referredBy, offering }: Facts, entries: readonly Interaction[], rules: Rules = RULES): Facts {
  return customerOf(entries, { id, rules, ...(referredBy !== null && { referredBy }), ...(offering !== undefined && { offering }) });
}

/** The figure of customers who told something else. */
export const retelling = (figure: Figure, change: (one: Interaction, facts: Facts) => Interaction | undefined): Figure => ({
  ...figure,
  marks: (facts, window, context) => figure.marks(retold(facts, facts.entries.flatMap((one) => change(one, facts) ?? []), context.rules), window, context),
});

/** The figure under other rules, those of the spells included. */
export const ruling = (figure: Figure, change: (rules: Rules) => Rules): Figure => ({
  ...figure,
  marks: (facts, window, context) => figure.marks(retold(facts, facts.entries, change(context.rules)), window, { ...context, rules: change(context.rules) }),
});

const money = fc.record({ amount: fc.constantFrom(0, 100, 100, 250, 1000), currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'USD') });

/** Histories in which most terms have an amount, some of which changes; and some referrals name a customer. */
export const lives: fc.Arbitrary<Interaction[]> = fc
  .record({
    history: histories,
    amounts: fc.array(fc.option(money, { freq: 5 }), { minLength: 14, maxLength: 14 }),
    changes: fc.array(fc.record({ kind: fc.constantFrom('expansion', 'contraction'), of: fc.nat(13), days: fc.constantFrom(-5, 0, 5, 60, 200, 365, 400), named: fc.boolean(), money }), { maxLength: 3 }),
    referred: fc.array(fc.constantFrom('c1', 'c2', 'c9'), { minLength: 14, maxLength: 14 }),
  })
  .map(({ history, amounts, changes, referred }) => {
    const told = history.map((one, i): Interaction => {
      if (one.kind === 'referral') return { ...one, fields: { ...one.fields, referredCustomer: referred[i]! } };
      const paid = amounts[i];
      return (one.kind === 'purchase' || one.kind === 'renewal') && paid != null ? { ...one, fields: { ...one.fields, ...paid } } : one;
    });
    const terms = told.filter(({ kind }) => kind === 'purchase' || kind === 'renewal');
    const changed = changes.flatMap(({ kind, of, days, named, money: fields }, i) => {
      const term = terms.length === 0 ? undefined : terms[of % terms.length]!;
      return term === undefined ? [] : [entry(`x${i}`, kind, term.occurredAt + days * DAY, 'customer', { ...fields, ...(named && { term: term.id }) }, term.offering !== undefined ? { offering: term.offering } : {})];
    });
    return [...told, ...changed];
  });

/** Instants at which anything might change: when entries happened, the dates they carry, and a year, a quarter and a grace later. */
export function instantsOf(entries: readonly Interaction[]): number[] {
  const dates = entries.flatMap(({ occurredAt, fields }) => [occurredAt, ...['start', 'end', 'effective'].flatMap((field) => (typeof fields[field] === 'number' ? [fields[field]] : []))]);
  const all = dates.flatMap((at) => [at, ...[30, 60, 90, 180, 365, 425].map((days) => at + days * DAY)]);
  return [...new Set(all.flatMap((at) => [at - 1, at, at + 1]))].sort((a, b) => a - b);
}
