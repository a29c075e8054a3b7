/** How a customer stands at an instant, read from its journey. */
import type { Interaction } from '../customers/customer.js';
import { fold, kindsThatLight, type FoldOptions } from './fold.js';
import type { Journey, RingState, Spell, Standing } from './journey.js';
import { RINGS, type Ring, type Rules } from './rules.js';

const holds = (spell: Spell, at: number): boolean => spell.from <= at && (spell.to === null || at < spell.to);

/** When a renewal falls due at the earliest; null when no term is in force that would have to end first. */
function notDueBefore(journey: Journey, at: number): number | null {
  const ends = journey.terms
    .filter((term) => term.from <= at && (term.until === null || at < term.until))
    .map(({ end, period, until }) => {
      const next = period === null || at < end ? end : end + (Math.floor((at - end) / period) + 1) * period;
      return Math.min(next, until ?? Infinity);
    })
    .filter((end) => end > at);
  return ends.length === 0 ? null : Math.max(...ends);
}

function ringAt(ring: Ring, journey: Journey, rules: Rules, at: number): RingState {
  const spells = journey.spells.filter((spell) => spell.ring === ring);
  const current = spells.find((spell) => holds(spell, at));
  if (current !== undefined) {
    const state = current.atRiskFrom !== null && at >= current.atRiskFrom ? 'at risk' : 'lit';
    const { from, to, atRiskFrom, cause, openedBy, marked } = current;
    return { ring, state, since: from, until: to, atRiskFrom, cause, because: openedBy, ...(marked !== undefined && { marked }) };
  }
  if (ring === 4) {
    const before = notDueBefore(journey, at);
    if (before !== null) return { ring, state: 'not due', before };
  }
  const last = spells.filter((spell) => spell.to !== null && spell.to <= at).at(-1);
  if (last !== undefined) return { ring, state: 'out', since: last.to!, cause: last.cause!, because: last.closedBy };
  const seen = journey.seen[ring];
  return seen !== null && seen <= at ? { ring, state: 'not reached' } : { ring, state: 'nothing recorded', wouldLight: kindsThatLight(ring, rules) };
}

/** How it stands at an instant at or after the last of the journey's entries. */
export function standingOf(journey: Journey, rules: Rules, at: number): Standing {
  const rings = RINGS.map((ring) => ringAt(ring, journey, rules, at));
  const lit = rings.filter(({ state }) => state === 'lit' || state === 'at risk').map(({ ring }) => ring);
  const highest = lit.at(-1) ?? 0;
  const gone = RINGS.find((ring) => !lit.includes(ring));
  const renewals = journey.terms.filter((term) => term.follows && term.start > at && (term.until === null || term.until > term.start)).map(({ start }) => start);
  return {
    at,
    rings,
    lit,
    depth: gone === undefined ? RINGS.length : gone - 1,
    gaps: rings.filter(({ ring, state }) => ring < highest && state !== 'not due' && !lit.includes(ring)).map(({ ring }) => ring),
    label: lit.includes(2) ? 'customer' : journey.spells.some((spell) => spell.ring === 2 && spell.from <= at) ? 'former customer' : 'prospect',
    pausedForAsks: journey.severe.map(({ id }) => id),
    renewedAhead: renewals.length === 0 ? null : Math.min(...renewals),
  };
}

/** The journey as it was at an instant, by the entries that had happened by then, and those erased by then. */
export function journeyAt(entries: Iterable<Interaction>, rules: Rules, at: number, options: FoldOptions = {}): Journey {
  const erased = new Map([...(options.erased ?? [])].filter(([, since]) => since <= at));
  return fold([...entries].filter(({ occurredAt }) => occurredAt <= at), rules, { ...options, erased });
}

/** How it stood at an instant, by the entries that had happened by then. */
export function standingAt(entries: Iterable<Interaction>, rules: Rules, at: number, options: FoldOptions = {}): Standing {
  return standingOf(journeyAt(entries, rules, at, options), rules, at);
}
