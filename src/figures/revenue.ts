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
  /** In force in [from, until): until it ends, is replaced, or is ended. */
  readonly from: number;
  readonly until: number;
  /** Until when its last amount counts after that: the end of the grace. As long as it counts at all, ring 2 is lit by it. */
  readonly graceUntil: number;
  /** Ids of later terms that take up where it ends: as soon as one of them counts, it does not. */
  readonly takenUpBy: readonly string[];
  /** What is sold here comes up for renewal: it goes on by silence, or the rules know no business by repeated purchase. */
  readonly recurs: boolean;
  readonly steps: readonly Step[];
}

export interface Worth {
  readonly amount: number;
  /** Ids of the entries that say so: the term, or the last change of its amount. */
  readonly because: readonly string[];
}

type Bare = Omit<Contract, 'steps'>;

/**
 * The contracts whose amounts count at an instant: those in force; and those in their grace (domain: "in grace: the last
 * amount") unless a fitting one that began later is in force. A contract that another has taken up counts no more while
 * that one counts, so that a renewal signed early is not counted twice.
 */
export function countingAt<T extends Bare>(contracts: readonly T[], at: number): T[] {
  const counting = contracts.filter(({ from, until, graceUntil }) => from <= at && (at < until || at < graceUntil));
  if (counting.length < 2) return counting;
  const ids = new Set(counting.map(({ term }) => term.id));
  const replaced = (one: T): boolean => at >= one.until && counting.some((other) => at < other.until && other.from > one.from && fits(other.term.offering, one.term.offering));
  return counting.filter((one) => !one.takenUpBy.some((id) => ids.has(id)) && !replaced(one));
}

/** The term an expansion or contraction is about: the one it names, else the fitting one that counted then and began last. */
function changed(entry: Interaction, contracts: readonly Bare[]): string | undefined {
  const named = entry.fields['term'];
  if (named !== undefined) return named as string;
  const fitting = countingAt(contracts, entry.occurredAt).filter(({ term }) => fits(term.offering, entry.offering));
  return fitting.sort((a, b) => a.from - b.from || (a.term.id < b.term.id ? -1 : 1)).at(-1)?.term.id;
}

/**
 * All contracts of a customer, each with its amounts over time. A term that takes up another and names no amount goes on at
 * the last amount of that one; of other terms without an amount nothing is known, and they have no steps.
 */
export function contractsOf(entries: readonly Interaction[], terms: readonly Term[], rules: Rules): Contract[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const bare = terms.map((term): Bare => {
    const last = lastEnd(term, terms, rules);
    return {
      term,
      from: term.from,
      until: Math.max(term.from, Math.min(last, term.terminated)),
      graceUntil: Math.min(last + rules.purchase.grace * DAY, term.terminated),
      takenUpBy: terms.filter((other) => other.start > term.start && takesUp(other, term, rules)).map(({ id }) => id),
      recurs: term.period !== null || rules.renewal.alsoWithin === null,
    };
  });
  const changes = Map.groupBy(entries.filter(({ kind }) => kind === 'expansion' || kind === 'contraction').sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1)), (entry) => changed(entry, bare));
  const stepOf = (entry: Interaction, from: number): Step[] => {
    const { amount, currency } = entry.fields;
    return typeof amount === 'number' && typeof currency === 'string' ? [{ from, amount, currency, by: entry.id }] : [];
  };
  const steps = new Map<string, readonly Step[]>();
  // By start: what a term takes up is known before it.
  for (const { term, from } of bare.toSorted((a, b) => a.term.start - b.term.start)) {
    const own = stepOf(byId.get(term.id)!, from);
    const before = own.length > 0 ? [] : bare.filter(({ takenUpBy }) => takenUpBy.includes(term.id)).sort((a, b) => a.from - b.from || (a.term.id < b.term.id ? -1 : 1));
    const carried = before.flatMap((one) => steps.get(one.term.id)!.findLast((step) => step.from <= from) ?? []).at(-1);
    const later = (changes.get(term.id) ?? []).flatMap((entry) => stepOf(entry, Math.max(entry.occurredAt, from)));
    steps.set(term.id, [...own, ...(carried === undefined ? [] : [{ ...carried, from }]), ...later]);
  }
  return bare.map((contract) => ({ ...contract, steps: steps.get(contract.term.id)! }));
}

/** Revenue a year at an instant, by currency: the sum over the contracts that count then, and are asked for. Nothing is converted. */
export function revenueAt(contracts: readonly Contract[], at: number, asked: (contract: Contract) => boolean = () => true): ReadonlyMap<string, Worth> {
  const worth = new Map<string, { amount: number; because: string[] }>();
  for (const contract of countingAt(contracts, at)) {
    const step = contract.steps.findLast(({ from }) => from <= at);
    if (step === undefined || !asked(contract)) continue;
    const sum = worth.get(step.currency) ?? { amount: 0, because: [] };
    worth.set(step.currency, { amount: sum.amount + step.amount, because: sum.because.includes(step.by) ? sum.because : [...sum.because, step.by] });
  }
  return worth;
}
