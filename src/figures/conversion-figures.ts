/** How long customers take from one ring to the next, and how many get there. */
import { DAY } from '../kernel/calendar.js';
import { RING_NAMES, type Ring } from '../rings/rules.js';
import type { Facts } from './facts.js';
import { ALL_TIME, type Figure, type Mark, type Window } from './figure.js';

/**
 * One row a customer: from the first time ring k was lit to the first time ring k+1 was lit after that, or to the end of the
 * window. Whoever lost ring k meanwhile, or left, is still waited for. Ring k+1 lit at or before the start is counted apart.
 */
function conversion(facts: Facts, ring: 1 | 2 | 3 | 4, { from, to }: Window): Mark[] {
  const start = facts.spells[ring][0];
  if (start === undefined || start.from < from || start.from >= to) return [];
  const next = facts.spells[(ring + 1) as Ring][0];
  if (next === undefined || next.from > to) return [{ above: 0, below: 1, days: (to - start.from) / DAY, because: start.openedBy }];
  const because = [...new Set([...start.openedBy, ...next.openedBy])];
  if (next.from <= start.from) return [{ above: 0, below: 0, already: true, because }];
  return [{ above: 1, below: 1, days: (next.from - start.from) / DAY, because }];
}

const saysOf = {
  1: 'How long it takes from first contact to a purchase, and how many get there.',
  2: 'How long it takes from a purchase to value confirmed, and how many get there.',
  3: 'How long it takes from value confirmed to a renewal, and how many get there.',
  4: 'How long it takes from a renewal to putting their name behind us, and how many get there.',
} as const;

const needsOf = { 1: [], 2: ['purchase', 'renewal'], 3: ['purchase', 'renewal'], 4: ['purchase', 'renewal'] } as const;

export const conversionFigures: readonly Figure[] = ([1, 2, 3, 4] as const).map((ring): Figure => {
  const [here, there] = [RING_NAMES[ring], RING_NAMES[(ring + 1) as Ring]];
  return {
    name: `ring-conversion-${ring}-to-${ring + 1}`,
    title: `From ${here} to ${there}`,
    topic: 'Rings',
    version: 1,
    says: saysOf[ring],
    formula: `customers whose first spell of ring ${ring} began in the window, by default ever: days until ring ${ring + 1} is lit; those who have not got there by now count as waiting, also when they lost ring ${ring} or left; ring ${ring + 1} lit at the start or before is counted apart (already)`,
    source: 'Kaplan and Meier 1958, with Greenwood’s variance and limits on the logarithm; cohorts: Five-Ring’s own proposal (domain, section 5)',
    shape: 'curve',
    unit: 'days',
    window: ALL_TIME,
    needs: needsOf[ring],
    marks: (facts, window) => conversion(facts, ring, window),
  };
});
