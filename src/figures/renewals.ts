/** Which contracts came up for renewal, and what became of them. */
import { DAY } from '../kernel/calendar.js';
import type { Rules } from '../rings/rules.js';
import { fits, type Term } from '../rings/terms.js';
import { endingsBy } from './acts.js';
import type { Facts } from './facts.js';
import type { Window } from './figure.js';
import type { Contract } from './revenue.js';

export interface Due {
  /** The end of the term or, of one that goes on by silence, of one of its periods. */
  readonly at: number;
  readonly verdict: 'renewed' | 'tacit' | 'not renewed';
  /** The term, and what renewed or ended it. */
  readonly because: readonly string[];
}

/** Ends of the term, or of its periods, in the window. Periods of less than a day are no rhythm of renewal: they have the first end only. */
function* endsIn({ firstEnd, period }: Term, { from, to }: Window): Generator<number> {
  if (period === null || period < DAY) {
    if (firstEnd >= from && firstEnd < to) yield firstEnd;
    return;
  }
  for (let k = Math.max(0, Math.ceil((from - firstEnd) / period)); firstEnd + k * period < to; k += 1) yield firstEnd + k * period;
}

/** Whether `b` is, by what is known at the instant, the contract that renews `a` where a period of it ends. */
function renews(b: Contract, a: Contract, end: number, known: number, rules: Rules): boolean {
  if (b === a || b.term.occurredAt > known || b.term.start <= a.term.start || !fits(a.term.offering, b.term.offering)) return false;
  if (b.term.start < end - rules.renewal.early * DAY || b.term.start > end + rules.purchase.grace * DAY || b.term.end <= end) return false;
  // Of several period ends within reach it takes up the nearest.
  if (a.term.period !== null && Math.abs(b.term.start - end) > a.term.period / 2) return false;
  return !endingsBy(b.term, known).some(({ effect }) => effect <= b.from);
}

/**
 * What fell due in the window, of contracts that recur. A term is due at its end; one that goes on by silence at the end of
 * each period. One that a cancellation or full refund had ended by the time its renewal could have begun (the rules'
 * `renewal.early` days before the end) never came up for renewal: it is lost revenue, not a renewal refused. Ended later
 * than that, or as of the end, it was due and not renewed. Renewed is what a fitting term follows that was bought by the end
 * of the window (one that was ended before it began does not count); tacit, what went on by silence. What has just fallen
 * due and has neither is not renewed yet, though its grace may still run.
 */
export function duesIn({ contracts }: Facts, window: Window, rules: Rules): Due[] {
  return contracts.flatMap((contract): Due[] => {
    const { term, until } = contract;
    if (!contract.recurs || term.occurredAt > window.to) return [];
    const dues: Due[] = [];
    for (const at of endsIn(term, window)) {
      const opened = Math.max(term.from, term.period === null || at === term.firstEnd ? -Infinity : at - term.period);
      if (opened >= at || opened >= until || Math.max(opened, at - rules.renewal.early * DAY) >= term.terminated) continue;
      const next = contracts.find((other) => renews(other, contract, at, window.to, rules));
      if (next !== undefined) dues.push({ at, verdict: 'renewed', because: [term.id, next.term.id] });
      else if (term.period === null || term.terminated <= at) dues.push({ at, verdict: 'not renewed', because: [term.id, ...endingsBy(term, window.to).map(({ entry }) => entry.id)] });
      // Neither in force nor ended, it was replaced in the course of the period.
      else if (at < until && rules.renewal.tacit) dues.push({ at, verdict: 'tacit', because: [term.id] });
    }
    return dues;
  });
}
