/** What a contract is and what was said and decided about it, as an entry of the customer tells. Pure; instants in epoch ms. */
import type { Interaction } from '../customers/customer.js';
import { DAY } from '../kernel/calendar.js';
import type { Rules } from './rules.js';
import { fits, termsIn } from './terms.js';

export interface ContractDecision {
  readonly entry: Interaction;
  readonly neededBy: number | null;
  /** The first closing; null while it is open. */
  readonly closed: Interaction | null;
}

export interface ContractDetails {
  readonly offering: string | null;
  readonly start: number;
  /** Its end; of one that goes on by itself the next; null: open-ended without one. */
  readonly end: number | null;
  readonly noticeDays: number;
  /** Last day to give notice before that end; null without notice. */
  readonly noticeBy: number | null;
  readonly renews: 'no' | 'automatic' | 'open-ended';
  /** The last answer to whether they would choose us again, about this contract, and the entry that says so. */
  readonly wouldChooseAgain: { readonly answer: string; readonly entry: Interaction } | null;
  /** Decisions it came from, and those open that may end it or go on with it. */
  readonly decisions: readonly ContractDecision[];
  /** What else the customer looked at, since it was bought. */
  readonly alternatives: readonly Interaction[];
}

/** `entries` in force that have happened, by when they did; undefined when they make no such contract. */
export function contractDetails(entries: readonly Interaction[], contract: string, rules: Rules, at: number): ContractDetails | undefined {
  const term = termsIn(entries, rules).find(({ id }) => id === contract);
  const bought = entries.find(({ id }) => id === contract);
  if (term === undefined || bought === undefined) return undefined;
  const { offering, start, firstEnd, period, noticeDays } = term;
  // Open-ended has no end of its own, but a year it goes on by.
  const isOpen = bought.fields['renews'] === 'open-ended' || term.end === Infinity;
  const end = period === null || at < firstEnd ? firstEnd : firstEnd + (Math.floor((at - firstEnd) / period) + 1) * period;
  const concerns = (entry: Interaction): boolean => entry.id === contract || entry.fields['term'] === contract || (entry.fields['term'] === undefined && entry.occurredAt >= bought.occurredAt && fits(entry.offering, offering) && entry.kind !== 'purchase');
  const again = entries.findLast((entry) => typeof entry.fields['wouldChooseAgain'] === 'string' && concerns(entry));
  const closings = new Map(entries.filter(({ kind }) => kind === 'decision-closed').toReversed().map((entry) => [entry.about, entry]));
  const decisions = entries
    .filter((entry) => entry.kind === 'decision-opened' && (entry.id === bought.fields['decision'] || (!closings.has(entry.id) && fits(entry.offering, offering))))
    .map((entry): ContractDecision => ({ entry, neededBy: typeof entry.fields['neededBy'] === 'number' ? entry.fields['neededBy'] : null, closed: closings.get(entry.id) ?? null }));
  return {
    offering: offering ?? null,
    start,
    end: isOpen ? null : end,
    noticeDays,
    noticeBy: isOpen || noticeDays === 0 ? null : end - noticeDays * DAY,
    renews: isOpen ? 'open-ended' : period === null ? 'no' : 'automatic',
    wouldChooseAgain: again === undefined ? null : { answer: String(again.fields['wouldChooseAgain']), entry: again },
    decisions,
    alternatives: entries.filter((entry) => entry.kind === 'alternative-considered' && entry.occurredAt >= bought.occurredAt && fits(entry.offering, offering)),
  };
}
