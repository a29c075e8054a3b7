/**
 * How things stand at a customer at an instant, beside its rings: people, decisions ahead, open issues, planned steps, worth.
 * Pure; instants in epoch ms. Only entries that had happened by then count.
 */
import { closedNow, consentsAt, consentsOf, isAct, rolesOf } from '../customers/about-person.js';
import { ownerOf, type CustomerState, type Interaction } from '../customers/customer.js';
import { peopleOf } from '../customers/entry.js';
import type { Closed } from '../customers/objections.js';
import { promisesIn, type PromiseMade } from '../customers/promises.js';
import { DAY } from '../kernel/calendar.js';
import type { Money } from '../rings/attention-facts.js';
import { isContact, stanceOf } from '../rings/fold.js';
import type { Rules } from '../rings/rules.js';
import { fits, termsIn } from '../rings/terms.js';
import { contractsOf, revenueAt } from './revenue.js';

/** What a good decision needs and this one has not; in the order in which it is best seen to. */
export const LACKS = ['decider', 'decider met', 'date', 'need agreed', 'customer benefit', 'our benefit', 'decision in time'] as const;
export type Lack = (typeof LACKS)[number];

/** A decider first seen less than this before the decision is needed is a late joiner (domain, section 7). */
const LATE = 14 * DAY;

export interface PersonThen {
  readonly id: string;
  readonly roles: readonly string[];
  readonly left: number | null;
  /** The last stance they took, by an entry or an act. */
  readonly stance: { readonly stance: string; readonly at: number; readonly entry: string } | null;
  /** When we last heard from them, or they took part. */
  readonly lastContact: number | null;
  readonly lastEntry: number;
  /** The last word on each purpose. */
  readonly consents: readonly Interaction[];
  readonly closed: readonly Closed[];
  /** The entry that added them. */
  readonly added: Interaction;
}

export interface DecisionAhead {
  readonly entry: Interaction;
  readonly neededBy: number | null;
  readonly deciders: readonly { readonly person: string; readonly isMet: boolean; readonly stance: string | null; readonly isLate: boolean }[];
  readonly lacks: readonly Lack[];
}

export interface Overview {
  readonly owner: string | null;
  readonly worth: readonly Money[];
  readonly lastContact: number | null;
  readonly people: readonly PersonThen[];
  /** The one needed first is first; those without a date are last. */
  readonly decisions: readonly DecisionAhead[];
  /** Open, the gravest and oldest first. */
  readonly issues: readonly Interaction[];
  /** Planned and not done, the earliest due first. */
  readonly steps: readonly Interaction[];
  /** Promises of ours not delivered, the earliest due first. */
  readonly promises: readonly PromiseMade[];
  /** Named by any entry, in alphabetical order. */
  readonly offerings: readonly string[];
  readonly entries: number;
  readonly firstEntry: number | null;
}

/** Whose benefit a benefit-recorded names, by entry: the words are sealed, and the state does not have them. */
export type Benefits = ReadonlyMap<string, { readonly customer: boolean; readonly provider: boolean }>;

const byTime = (a: Interaction, b: Interaction): number => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1);
const newest = (entries: readonly Interaction[]): number | null => entries.reduce<number | null>((last, { occurredAt }) => (last === null || occurredAt > last ? occurredAt : last), null);

function open(entries: readonly Interaction[], opens: string, closes: string): Interaction[] {
  const closed = new Set(entries.filter(({ kind }) => kind === closes).map(({ about }) => about));
  return entries.filter(({ kind, id }) => kind === opens && !closed.has(id));
}

function personOf(id: string, state: CustomerState, naming: readonly Interaction[], at: number, rules: Rules): PersonThen | undefined {
  const added = state.interactions.get(state.people.get(id)!);
  if (added === undefined) return undefined;
  const own = naming.filter(({ fields }) => fields['person'] === id);
  const stance = own.findLast((entry) => isAct(entry) || entry.fields['stance'] !== undefined);
  // Who came back after leaving is there again.
  const presence = own.findLast(({ kind }) => kind === 'person-left' || kind === 'person-added' || kind === 'role-given');
  return {
    id,
    roles: rolesOf(own).map(({ role }) => role),
    left: presence?.kind === 'person-left' ? presence.occurredAt : null,
    stance: stance === undefined ? null : { stance: isAct(stance) ? stanceOf(stance) : String(stance.fields['stance']), at: stance.occurredAt, entry: stance.id },
    lastContact: newest(naming.filter((entry) => isContact(entry, rules))),
    lastEntry: newest(naming) ?? added.occurredAt,
    consents: consentsAt(consentsOf(state, id), at),
    closed: closedNow(state, id, at),
    added,
  };
}

function decisionOf(entry: Interaction, people: readonly PersonThen[], entries: readonly Interaction[], byPerson: ReadonlyMap<string, readonly Interaction[]>, at: number, benefits: Benefits): DecisionAhead {
  const neededBy = (entry.fields['neededBy'] as number | undefined) ?? null;
  const named = (entry.fields['deciders'] ?? []) as readonly string[];
  const present = people.filter(({ left }) => left === null);
  const those = present.filter(({ id }) => named.includes(id));
  // When none who was named is there any more, it is for those in the role.
  const deciders = (those.length > 0 ? those : present.filter(({ roles }) => roles.includes('decider'))).map((person) => ({
    person: person.id,
    isMet: person.lastContact !== null,
    stance: person.stance?.stance ?? null,
    isLate: (neededBy ?? Infinity) - (byPerson.get(person.id)?.[0]?.occurredAt ?? entry.occurredAt) < LATE,
  }));
  const fitting = entries.filter(({ offering }) => fits(offering, entry.offering));
  const hasBenefit = (side: 'customer' | 'provider'): boolean => fitting.some(({ id }) => benefits.get(id)?.[side] === true);
  const lacking: Readonly<Record<Lack, boolean>> = {
    decider: deciders.length === 0,
    'decider met': deciders.some(({ isMet }) => !isMet),
    date: neededBy === null,
    'need agreed': !fitting.some(({ kind }) => kind === 'need-agreed'),
    'customer benefit': !hasBenefit('customer'),
    'our benefit': !hasBenefit('provider'),
    'decision in time': neededBy !== null && neededBy < at,
  };
  return { entry, neededBy, deciders, lacks: LACKS.filter((lack) => lacking[lack]) };
}

/** The state without what happened later. */
function stateBy(state: CustomerState, at: number): CustomerState {
  const interactions = new Map([...state.interactions].filter(([, { occurredAt }]) => occurredAt <= at));
  return { ...state, interactions, objections: new Set([...state.objections].filter((id) => interactions.has(id))) };
}

/** As it was at the instant, by what the state knows. */
export function overviewAt(known: CustomerState, rules: Rules, at: number, benefits: Benefits): Overview {
  const state = stateBy(known, at);
  const entries = [...state.interactions.values()].sort(byTime);
  const byPerson = new Map<string, Interaction[]>();
  for (const entry of entries) {
    for (const person of peopleOf(entry)) {
      const naming = byPerson.get(person);
      if (naming === undefined) byPerson.set(person, [entry]);
      else naming.push(entry);
    }
  }
  const people = [...state.people.keys()].flatMap((id) => personOf(id, state, byPerson.get(id) ?? [], at, rules) ?? []);
  const terms = termsIn(entries, rules);
  return {
    owner: ownerOf(state),
    worth: [...revenueAt(contractsOf(entries, terms, rules), at)].map(([currency, { amount }]) => ({ amount, currency })).sort((a, b) => (a.currency < b.currency ? -1 : 1)),
    lastContact: newest(entries.filter((entry) => isContact(entry, rules))),
    people,
    decisions: open(entries, 'decision-opened', 'decision-closed').map((entry) => decisionOf(entry, people, entries, byPerson, at, benefits)).sort((a, b) => (a.neededBy ?? Infinity) - (b.neededBy ?? Infinity) || byTime(a.entry, b.entry)),
    issues: open(entries, 'issue-opened', 'issue-resolved').sort((a, b) => Number(a.fields['severity']) - Number(b.fields['severity']) || byTime(a, b)),
    promises: promisesIn(entries).filter(({ delivered }) => delivered === null).sort((a, b) => a.due - b.due || byTime(a.made, b.made)),
    steps: open(entries, 'step-planned', 'step-done').sort((a, b) => Number(a.fields['due']) - Number(b.fields['due']) || byTime(a, b)),
    offerings: [...new Set(entries.flatMap(({ offering }) => offering ?? []))].sort(),
    entries: entries.length,
    firstEntry: entries[0]?.occurredAt ?? null,
  };
}
