/** What a customer's contracts are worth a year from now on, if nothing more happens: for the portfolio's row. */
import type { Interaction } from '../customers/customer.js';
import type { Money, Worth } from '../rings/attention-facts.js';
import type { Rules } from '../rings/rules.js';
import type { Term } from '../rings/terms.js';
import { contractsOf, revenueAt } from './revenue.js';

export function atStake(entries: readonly Interaction[], terms: readonly Term[], rules: Rules): Worth {
  const contracts = contractsOf(entries, terms, rules);
  const now = entries.reduce((last, { occurredAt }) => Math.max(last, occurredAt), -Infinity);
  const instants = new Set([now, ...contracts.flatMap(({ from, until, graceUntil, steps }) => [from, until, graceUntil, ...steps.map((step) => step.from)])]);
  const ahead = [...instants].filter((at) => at >= now && at < Infinity).sort((a, b) => a - b);
  const worthOf = (at: number): Money[] => [...revenueAt(contracts, at)].map(([currency, { amount }]) => ({ amount, currency })).sort((a, b) => (a.currency < b.currency ? -1 : 1));
  const last = contracts.flatMap(({ term, steps }): [string, Money][] => (steps.length === 0 ? [] : [[term.id, { amount: steps.at(-1)!.amount, currency: steps.at(-1)!.currency }]]));
  return { terms: Object.fromEntries(last), steps: ahead.map((from) => ({ from, worth: worthOf(from) })) };
}
