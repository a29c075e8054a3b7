/** Everything the figures read about one customer, made once from what is known of it. Pure; reads no clock. */
import type { CustomerState, Interaction } from '../customers/customer.js';
import { fold } from '../rings/fold.js';
import type { Journey, Spell } from '../rings/journey.js';
import type { KnownCustomer } from '../rings/portfolio.view.js';
import { RINGS, type Ring, type Rules } from '../rings/rules.js';
import { fits, termsIn } from '../rings/terms.js';
import { contractsOf, revenueAt, type Contract, type Worth } from './revenue.js';

export interface Facts {
  readonly customer: string;
  /** The one offering asked for; undefined: all. */
  readonly offering: string | undefined;
  readonly segment: string | null;
  readonly origin: string | null;
  readonly referredBy: string | null;
  readonly firstOwner: string | null;
  /** Colleagues who look after the customer, as last recorded. */
  readonly team: readonly string[];
  /** In force, corrected, by when they happened, then by id. */
  readonly entries: readonly Interaction[];
  /** When people were erased, by person. */
  readonly erased: ReadonlyMap<string, number>;
  /** Over all time; by causality (docs/rings.md) it holds at every instant, whatever happened later. */
  readonly journey: Journey;
  readonly spells: Readonly<Record<Ring, readonly Spell[]>>;
  readonly contracts: readonly Contract[];
}

/** Of what the state knows; asked for one offering, terms, acts and value entries that name it or none. */
export function factsOf(state: CustomerState, rules: Rules, offering?: string): Facts {
  const entries = [...state.interactions.values()].sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));
  return factsFrom({ state, entries, journey: fold(entries, rules, { erased: state.erased, ...(offering !== undefined && { offering }) }) }, rules, offering);
}

/** The same of a customer that is sorted and folded already. */
export function factsFrom({ state, entries, journey }: KnownCustomer, rules: Rules, offering?: string): Facts {
  let contracts: readonly Contract[] | undefined;
  const signed = (): readonly Contract[] => {
    const fitting = entries.filter((entry) => fits(entry.offering, offering) || (entry.kind !== 'purchase' && entry.kind !== 'renewal'));
    return contractsOf(entries, termsIn(fitting, rules), rules);
  };
  return {
    customer: state.id,
    offering,
    segment: state.segment,
    origin: state.origin,
    referredBy: state.referredBy,
    firstOwner: state.firstOwner,
    team: state.team,
    entries,
    erased: state.erased,
    journey,
    spells: Object.fromEntries(RINGS.map((ring) => [ring, journey.spells.filter((spell) => spell.ring === ring)])) as unknown as Record<Ring, readonly Spell[]>,
    // Most figures never ask.
    get contracts() {
      return (contracts ??= signed());
    },
  };
}

export const holdsAt = ({ from, to }: Pick<Spell, 'from' | 'to'>, at: number): boolean => from <= at && (to === null || at < to);

/** The spell in which the ring was lit at the instant. */
export const litAt = ({ spells }: Facts, ring: Ring, at: number): Spell | undefined => spells[ring].find((spell) => holdsAt(spell, at));

/** Rings lit at the instant, ascending. */
export const litSetAt = (facts: Facts, at: number): Ring[] => RINGS.filter((ring) => litAt(facts, ring, at) !== undefined);

/** Revenue a year at the instant, by currency. */
export const worthAt = ({ contracts }: Facts, at: number): ReadonlyMap<string, Worth> => revenueAt(contracts, at);

/** The part of it that comes from contracts that recur: what does not recur cannot be kept or lost. */
export const recurringAt = ({ contracts }: Facts, at: number): ReadonlyMap<string, Worth> => revenueAt(contracts, at, ({ recurs }) => recurs);

/** Who owned the customer at the instant: the last owner by then, by when it happened. */
export function ownerAt({ entries, firstOwner }: Facts, at: number): string | null {
  const last = entries.findLast(({ kind, occurredAt }) => kind === 'owner-changed' && occurredAt <= at);
  return (last?.fields['owner'] as string | undefined) ?? firstOwner;
}

/** Entries that happened in [from, to). */
export const entriesIn = ({ entries }: Facts, { from, to }: { readonly from: number; readonly to: number }): Interaction[] => entries.filter(({ occurredAt }) => occurredAt >= from && occurredAt < to);
