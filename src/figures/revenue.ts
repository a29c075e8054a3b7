/** What a customer is worth a year, by currency, at any instant: read from its terms and what changed their amounts. */
import type { Interaction } from '../customers/customer.js';
import { DAY } from '../kernel/calendar.js';
import type { Rules } from '../rings/rules.js';
import { fits, lastEnd, takesUp, type Term } from '../rings/terms.js';

/** From `from` on, until the next step of the same term, the term is worth `amount` a year in minor units of the currency. */
interface Step {
  readonly from: number;
  readonly amount: number;
  readonly currency: string;
  readonly by: string;
}

export interface Contract {
  readonly term: Term;
  /** In force in [from, until): until another term takes it up, it ends, or is ended. */
  readonly from: number;
  readonly until: number;
  /** Until when its last amount counts when nothing else fitting is in force: the end of the grace. */
  readonly graceUntil: number;
  readonly steps: readonly Step[];
}

export interface Worth {
  readonly amount: number;
  /** Ids of the entries that say so: the term, or the last change of its amount. */
  readonly because: readonly string[];
}

/** The term an expansion or contraction is about: the one it names, else the fitting one in force that began last. */
function changed(entry: Interaction, contracts: readonly Omit<Contract, 'steps'>[]): string | undefined {
  const named = entry.fields['term'];
  if (named !== undefined) return named as string;
  const inForce = contracts.filter(({ term, from, until }) => from <= entry.occurredAt && entry.occurredAt < until && fits(term.offering, entry.offering));
  return inForce.sort((a, b) => a.from - b.from || (a.term.id < b.term.id ? -1 : 1)).at(-1)?.term.id;
}

/** All contracts of a customer, each with its amounts over time. A term without an amount has no steps. */
export function contractsOf(entries: readonly Interaction[], terms: readonly Term[], rules: Rules): Contract[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const bare = terms.map((term) => {
    const end = Math.min(lastEnd(term, terms, rules), term.terminated);
    const takenUp = terms.filter((other) => other.start > term.start && takesUp(other, term, rules)).map(({ from }) => from);
    return { term, from: term.from, until: Math.max(term.from, Math.min(end, ...takenUp)), graceUntil: Math.min(lastEnd(term, terms, rules) + rules.purchase.grace * DAY, term.terminated) };
  });
  const changes = Map.groupBy(entries.filter(({ kind }) => kind === 'expansion' || kind === 'contraction'), (entry) => changed(entry, bare));
  return bare.map((contract) => {
    const stepOf = (entry: Interaction, from: number): Step[] => {
      const { amount, currency } = entry.fields;
      return typeof amount === 'number' && typeof currency === 'string' ? [{ from, amount, currency, by: entry.id }] : [];
    };
    const steps = [...stepOf(byId.get(contract.term.id)!, contract.from), ...(changes.get(contract.term.id) ?? []).flatMap((entry) => stepOf(entry, Math.max(entry.occurredAt, contract.from)))];
    return { ...contract, steps: steps.sort((a, b) => a.from - b.from || Number(a.by !== contract.term.id) - Number(b.by !== contract.term.id) || (a.by < b.by ? -1 : 1)) };
  });
}

/**
 * Revenue a year at an instant, by currency: the sum over the terms in force; of a term in its grace the last amount,
 * when no fitting term is in force (domain: "in grace: the last amount").
 */
export function revenueAt(contracts: readonly Contract[], at: number): ReadonlyMap<string, Worth> {
  const inForce = contracts.filter(({ from, until }) => from <= at && at < until);
  const inGrace = contracts.filter(({ from, until, graceUntil, term }) => from <= at && until <= at && at < graceUntil && !inForce.some((other) => fits(other.term.offering, term.offering)));
  // Of several that fit each other in their grace the last to end counts.
  const counted = [...inForce, ...inGrace.filter((one) => !inGrace.some((other) => other !== one && fits(other.term.offering, one.term.offering) && (other.until > one.until || (other.until === one.until && other.term.id > one.term.id))))];
  const worth = new Map<string, { amount: number; because: string[] }>();
  for (const { steps } of counted) {
    const step = steps.findLast(({ from }) => from <= at);
    if (step === undefined) continue;
    const sum = worth.get(step.currency) ?? { amount: 0, because: [] };
    worth.set(step.currency, { amount: sum.amount + step.amount, because: [...sum.because, step.by] });
  }
  return worth;
}
