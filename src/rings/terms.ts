/** Terms: what was bought, from when to when, what ended it early, and which term follows which. See docs/rings.md. */
import type { Interaction } from '../customers/customer.js';
import { DAY } from '../kernel/calendar.js';
import type { Rules } from './rules.js';

/** What ends terms before their time: a cancellation or a full refund. */
interface Ending {
  readonly entry: Interaction;
  readonly cause: 'cancelled' | 'refunded';
  readonly effect: number;
}

export interface Term {
  readonly id: string;
  readonly kind: string;
  readonly offering: string | undefined;
  readonly occurredAt: number;
  readonly start: number;
  /** First end; Infinity for an open-ended term, whose first period ends a year after the start. */
  readonly end: number;
  /** End as stated, without what it counts beyond. */
  readonly statedEnd: number;
  /** End of the first period: `end`, or a year after the start. */
  readonly firstEnd: number;
  /** Length of the periods in which it goes on by silence; null when it does not. */
  readonly period: number | null;
  /** When it begins to count: not before it happened. */
  readonly from: number;
  readonly noticeDays: number;
  readonly endings: readonly Ending[];
  /** When the first of the endings takes effect; Infinity when none does. */
  readonly terminated: number;
}

const YEAR = 365 * DAY;

/** Both name the same offering, or either names none. */
export const fits = (a: string | undefined, b: string | undefined): boolean => a === undefined || b === undefined || a === b;

function endingsIn(entries: readonly Interaction[]): Ending[] {
  return entries.flatMap((entry): Ending[] => {
    if (entry.kind !== 'cancellation' && !(entry.kind === 'refund' && entry.fields['full'] === true)) return [];
    const effective = (entry.fields['effective'] as number | undefined) ?? entry.occurredAt;
    return [{ entry, cause: entry.kind === 'refund' ? 'refunded' : 'cancelled', effect: Math.max(effective, entry.occurredAt) }];
  });
}

function applies({ entry }: Ending, term: Pick<Term, 'id' | 'offering' | 'from'>): boolean {
  const named = entry.fields['term'];
  if (named !== undefined) return named === term.id;
  return fits(entry.offering, term.offering) && term.from < entry.occurredAt;
}

/** First period end strictly after the instant. */
function periodEndAfter(term: Term, instant: number): number {
  if (term.period === null || instant < term.firstEnd) return term.firstEnd;
  return term.firstEnd + (Math.floor((instant - term.firstEnd) / term.period) + 1) * term.period;
}

function defaultStart(renewal: Interaction, earlier: readonly Term[]): number {
  const at = renewal.occurredAt;
  const before = earlier.filter((term) => term.occurredAt < at);
  const named = before.filter((term) => term.id === renewal.fields['term']);
  const candidates = named.length > 0 ? named : before.filter((term) => fits(term.offering, renewal.offering));
  const ends = candidates.map((term) => {
    const effects = term.endings.filter(({ entry }) => entry.occurredAt < at).map(({ effect }) => effect);
    return Math.min(periodEndAfter(term, at), ...effects);
  });
  return Math.max(at, ...ends);
}

function lengthOf(entry: Interaction, start: number, rules: Rules): Pick<Term, 'end' | 'statedEnd' | 'firstEnd' | 'period'> {
  const { renews } = entry.fields;
  const stated = entry.fields['end'] as number | undefined;
  if (renews === 'open-ended' || (stated === undefined && renews === undefined && rules.purchase.length === null)) {
    return { end: Infinity, statedEnd: Infinity, firstEnd: start + YEAR, period: YEAR };
  }
  const end = stated === undefined ? start + (rules.purchase.length ?? 365) * DAY : stated + rules.purchase.beyondEnd * DAY;
  return { end, statedEnd: stated ?? end, firstEnd: end, period: renews === 'automatic' ? end - start : null };
}

/** All terms, in the order in which they happened. Entries whose end is not after their start are none. */
export function termsIn(entries: readonly Interaction[], rules: Rules): Term[] {
  const endings = endingsIn(entries);
  const bought = entries.filter(({ kind }) => kind === 'purchase' || kind === 'renewal');
  bought.sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));
  const terms: Term[] = [];
  for (const entry of bought) {
    const given = entry.fields['start'] as number | undefined;
    const start = given ?? (entry.kind === 'renewal' ? defaultStart(entry, terms) : entry.occurredAt);
    const length = lengthOf(entry, start, rules);
    if (length.end <= start) continue;
    const base = { id: entry.id, offering: entry.offering, from: Math.max(start, entry.occurredAt) };
    const own = endings.filter((ending) => applies(ending, base));
    terms.push({
      ...base,
      ...length,
      kind: entry.kind,
      occurredAt: entry.occurredAt,
      start,
      noticeDays: (entry.fields['noticeDays'] as number | undefined) ?? 0,
      endings: own,
      terminated: Math.min(Infinity, ...own.map(({ effect }) => effect)),
    });
  }
  return terms;
}

/** Whether `b` takes up where a period of `a` ends. */
export function takesUp(b: Term, a: Term, rules: Rules): boolean {
  if (a === b || !fits(a.offering, b.offering)) return false;
  const least = b.start - rules.purchase.grace * DAY;
  const most = b.start + rules.renewal.early * DAY;
  // Of all period ends the earliest that is late enough: if it will not do, no later one will.
  const steps = a.period === null ? 0 : Math.max(0, Math.ceil((least - a.firstEnd) / a.period));
  const end = a.firstEnd + steps * (a.period ?? 0);
  const begun = steps === 0 || end - (a.period ?? 0) < a.terminated;
  return begun && end >= least && end <= most && b.end > end;
}

function follows(b: Term, a: Term, rules: Rules): boolean {
  if (takesUp(b, a, rules)) return true;
  const within = rules.renewal.alsoWithin;
  if (within === null || a === b || !fits(a.offering, b.offering) || b.start <= a.start) return false;
  return a.period !== null || b.start <= a.statedEnd + within * DAY;
}

/** When the term stops being in force if nothing ends it early: its end, where another replaces it, or never. */
export function lastEnd(term: Term, terms: readonly Term[], rules: Rules): number {
  if (term.period === null) return term.end;
  const replaced = terms.filter((other) => other.start > term.start && takesUp(other, term, rules)).map((other) => Math.max(term.firstEnd, other.start, other.occurredAt));
  return Math.min(Infinity, ...replaced);
}

/** The instants [from, to) at which the term counts as following another. */
export function followingIn(term: Term, terms: readonly Term[], rules: Rules): { readonly from: number; readonly to: number }[] {
  const since = terms.filter((other) => follows(term, other, rules)).map((other) => other.occurredAt);
  const spans = since.length > 0 ? [{ from: Math.max(term.from, Math.min(...since)), to: Infinity }] : [];
  const alone = !terms.some((other) => other.start < term.start && other.occurredAt <= term.occurredAt && fits(other.offering, term.offering));
  if (term.kind === 'renewal' && alone) spans.push({ from: term.from, to: Infinity });
  return spans;
}
