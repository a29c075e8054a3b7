/**
 * What a list needs of a customer to find its place there, and until when it stays as it is if nothing is recorded. Both are
 * worked out once, and kept (lines.reader.ts). Pure; instants in epoch ms.
 */
import { DAY } from '../kernel/calendar.js';
import type { Days } from '../kernel/days.js';
import { dateOf, gravityOf, type Gravity, type Reason } from './attention.js';
import { worthAt, type Money, type TermAhead } from './attention-facts.js';
import type { RingState, Standing } from './journey.js';
import type { Ring, Rules } from './rules.js';
import { heldAt, type Held } from './snoozed.js';

/** A reason without its words. */
export type Brief = Pick<Reason, 'reason' | 'since' | 'newest'>;
const briefly = ({ reason, since, newest }: Reason): Brief => ({ reason, since, newest });

export interface ContractAhead {
  /** Id of the purchase or renewal. */
  readonly contract: string;
  readonly date: number;
  /** What it is the date of: it was ended, it goes on by itself afterwards, its notice ends, or it ends. */
  readonly what: 'ended' | 'goes on' | 'notice' | 'ends';
  readonly money: Money | null;
}

export interface Line {
  /** How each ring stands, the first first. */
  readonly states: readonly RingState['state'][];
  readonly depth: number;
  readonly lit: number;
  readonly gaps: readonly Ring[];
  readonly label: Standing['label'];
  /** What asks for attention, the gravest first; what is snoozed; and how grave the first are together. */
  readonly reasons: readonly Brief[];
  readonly covered: readonly Brief[];
  readonly gravity: Gravity;
  /** A snooze is in force. */
  readonly snoozed: boolean;
  /** What it is worth a year, by currency; empty when that is not known. */
  readonly worth: readonly Money[];
  /** Contracts in force that nothing follows, with the date that lies ahead. */
  readonly contracts: readonly ContractAhead[];
  /** When the next planned step is due. */
  readonly nextStep: number | null;
}

export function lineOf(held: Held, rules: Rules, at: number, days: Days): Line {
  const { standing, attention } = heldAt(held, rules, at, days);
  return {
    states: standing.rings.map(({ state }) => state),
    depth: standing.depth,
    lit: standing.lit.length,
    gaps: standing.gaps,
    label: standing.label,
    reasons: attention.reasons.map(briefly),
    covered: attention.covered.map(briefly),
    gravity: gravityOf(attention.reasons),
    snoozed: attention.snoozes.length > 0,
    worth: worthAt(held.facts, at) ?? [],
    contracts: held.facts.terms.flatMap((term) => contractAhead(term, at, rules)),
    nextStep: held.facts.steps.length === 0 ? null : Math.min(...held.facts.steps.map(({ due }) => due)),
  };
}

function contractAhead(term: TermAhead, at: number, rules: Rules): ContractAhead[] {
  const date = term.from > at ? undefined : dateOf(term, at, rules.warning.terms * DAY)?.date;
  if (date === undefined || date <= at) return [];
  const { ending, period, end, notice } = term;
  const what = ending !== undefined ? 'ended' : period !== null ? 'goes on' : notice > 0 && date < end! ? 'notice' : 'ends';
  return [{ contract: term.id, date, what, money: term.money ?? null }];
}

/** Instants at which something may begin or end, many of them for nothing: it is enough that none is missing. */
function boundaries({ journey, facts, snoozes }: Held, rules: Rules, at: number): (number | null | undefined)[] {
  const warning = rules.warning.terms * DAY;
  const turn = (first: number, period: number): number => first + Math.max(0, Math.floor((at - first) / period) + 1) * period;
  const ahead = (term: TermAhead): (number | undefined)[] => {
    const date = dateOf(term, at, warning)?.date;
    const [end, notice] = term.end === null ? [] : [term.end, term.end - term.notice * DAY];
    return [term.from, term.ending?.said, ...[date, end, notice, term.ending?.at].flatMap((one) => (one === undefined ? [] : [one, one - warning]))];
  };
  return [
    ...journey.spells.flatMap(({ from, to, atRiskFrom }) => [from, to, atRiskFrom]),
    ...Object.values(journey.seen),
    ...journey.terms.flatMap(({ start, from, end, until, period }) => [start, from, end, until, period === null ? null : turn(end, period)]),
    ...journey.severe.map(({ since }) => since),
    facts.dated?.until,
    ...facts.promises.map(({ due }) => due + 1),
    ...facts.terms.flatMap(ahead),
    ...facts.worth.map(({ from }) => from),
    ...snoozes.flatMap((snooze) => [snooze.at, snooze.until]),
  ];
}

/** The first instant after `at` at which the line may be another. A new day begins one: steps fall due by days. */
export function holdsUntil(held: Held, rules: Rules, at: number, days: Days): number {
  let until = days.start(days.of(at) + 1);
  for (const boundary of boundaries(held, rules, at)) if (typeof boundary === 'number' && boundary > at && boundary < until) until = boundary;
  return until;
}
