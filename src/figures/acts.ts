/** Acts of advocacy and purchases, as figures read them: what had happened by an instant, and nothing later. */
import { ACTS } from '../customers/catalogue.js';
import type { Interaction } from '../customers/customer.js';
import { fold, stanceOf } from '../rings/fold.js';
import type { Spell } from '../rings/journey.js';
import type { Rules } from '../rings/rules.js';
import { fits, type Term } from '../rings/terms.js';
import type { Facts } from './facts.js';

const isAct = ({ kind }: Interaction): boolean => (ACTS as readonly string[]).includes(kind);

/** Acts for us, however well they are verified: proof is asked for by ring 5 alone. In the order in which they happened. */
export const actsFor = ({ entries, offering }: Facts): Interaction[] => entries.filter((entry) => isAct(entry) && fits(entry.offering, offering) && stanceOf(entry) === 'for');

/** All that ring 5 is read from. */
const OF_RING_5: ReadonlySet<string> = new Set([...ACTS, 'act-verified', 'consent-withdrawn', 'survey-answered', 'person-left']);

const unpaid = new WeakMap<Facts, readonly Spell[]>();

/**
 * The spells of ring 5 had the acts for which something was given not happened. The mark `incentivised` of a spell speaks
 * of its whole length and so of the future, too; these do not.
 */
export function unpaidAdvocacy(facts: Facts, rules: Rules): readonly Spell[] {
  let spells = unpaid.get(facts);
  if (spells === undefined) {
    const paid = new Set(actsFor(facts).filter(({ fields }) => fields['incentivised'] === true));
    const { entries, offering, erased } = facts;
    spells = paid.size === 0 ? facts.spells[5] : fold(entries.filter((entry) => OF_RING_5.has(entry.kind) && !paid.has(entry)), rules, { erased, ...(offering !== undefined && { offering }) }).spells.filter(({ ring }) => ring === 5);
    unpaid.set(facts, spells);
  }
  return spells;
}

/** Endings of the term that were known at the instant. */
export const endingsBy = ({ endings }: Term, at: number): Term['endings'] => endings.filter(({ entry }) => entry.occurredAt <= at);

/** Purchases and renewals by the instant, in the order in which they happened, without those known to be refunded in full by then. */
export const boughtBy = ({ contracts }: Facts, at: number): Term[] =>
  contracts.map(({ term }) => term).filter((term) => term.occurredAt <= at && !endingsBy(term, at).some(({ cause }) => cause === 'refunded'));
