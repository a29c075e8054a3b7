/** Which rings are lit, which were lost and why, and which of these came back. */
import { DAY } from '../kernel/calendar.js';
import type { Spell } from '../rings/journey.js';
import { RING_NAMES, RINGS, type Ring } from '../rings/rules.js';
import { litAt, litSetAt, type Facts } from './facts.js';
import type { Figure, Window } from './figure.js';

const nameOf = (ring: Ring): string => `${ring} ${RING_NAMES[ring]}`;
/** Days in which a lost ring counts as regained. */
const REGAINED = 90;

/** In the file at an instant: something about the customer had happened by then. */
const inFile = ({ entries }: Facts, at: number): boolean => entries.length > 0 && entries[0]!.occurredAt <= at;

/** What lit the rings, or put them out last; where neither is known the first entry, which put the customer in the file. */
const because = (facts: Facts, at: number, rings: readonly Ring[]): string[] => {
  const ids = rings.flatMap((ring) => litAt(facts, ring, at)?.openedBy ?? facts.spells[ring].findLast(({ to }) => to !== null && to <= at)?.closedBy ?? []);
  return ids.length > 0 ? [...new Set(ids)] : [facts.entries[0]!.id];
};

interface Loss {
  readonly ring: Ring;
  /** Lit when the window began. */
  readonly spell: Spell;
  /** When it went out, in the window; null when it did not. */
  readonly at: number | null;
}

/** Rings lit at the start of the window, and when they first went out in it. At one instant (an empty window) nothing goes out. */
function lossesIn(facts: Facts, { from, to }: Window): Loss[] {
  return RINGS.flatMap((ring): Loss[] => {
    const spell = litAt(facts, ring, from);
    return spell === undefined ? [] : [{ ring, spell, at: spell.to !== null && spell.to < to ? spell.to : null }];
  });
}

const common = { topic: 'Rings', version: 1, source: 'Five-Ring’s own proposal (domain, section 5)', needs: [] } as const;

export const ringFigures: readonly Figure[] = [
  {
    ...common,
    name: 'ring-distribution',
    title: 'Customers by rings lit',
    says: 'How many customers have which rings lit.',
    formula: 'customers of whom anything had been recorded to have happened by then, counted by the set of rings lit; “none”: all rings are out',
    shape: 'sum',
    unit: 'customers',
    groups: 'rings lit',
    window: null,
    marks: (facts, { to }) => {
      if (!inFile(facts, to)) return [];
      const lit = litSetAt(facts, to);
      return [{ group: lit.length === 0 ? 'none' : lit.join('+'), above: 1, below: 1, because: because(facts, to, lit.length === 0 ? RINGS : lit) }];
    },
  },
  {
    ...common,
    name: 'ring-share',
    title: 'Share with each ring lit',
    says: 'Of all customers and prospects in the file, how many have each ring lit.',
    formula: 'customers with the ring lit / customers of whom anything had happened by then, prospects and former customers among them',
    shape: 'share',
    unit: 'share',
    groups: 'ring',
    window: null,
    marks: (facts, { to }) => (inFile(facts, to) ? RINGS.map((ring) => ({ group: nameOf(ring), above: litAt(facts, ring, to) === undefined ? 0 : 1, below: 1, because: because(facts, to, [ring]) })) : []),
  },
  {
    ...common,
    name: 'ring-losses',
    title: 'Rings lost',
    says: 'Of the customers who had a ring lit when the window began, how many lost it at some time in it.',
    formula: 'lit at the start and out at some time in the window, back since or not / lit at the start, for each ring',
    shape: 'share',
    unit: 'share',
    groups: 'ring',
    window: 365,
    marks: (facts, window) => lossesIn(facts, window).map(({ ring, spell, at }) => ({ group: nameOf(ring), above: at === null ? 0 : 1, below: 1, because: at === null ? spell.openedBy : [...new Set([...spell.openedBy, ...spell.closedBy])] })),
  },
  {
    ...common,
    name: 'ring-loss-causes',
    title: 'Why rings were lost',
    says: 'What put rings out: the losses counted by their cause.',
    formula: 'rings lit at the start and out at some time in the window, by ring and by the cause of the first time',
    shape: 'sum',
    unit: 'customers',
    groups: 'ring and cause',
    window: 365,
    marks: (facts, window) => lossesIn(facts, window).flatMap(({ ring, spell, at }) => (at === null ? [] : [{ group: `${nameOf(ring)}: ${spell.cause}`, above: 1, below: 1, because: spell.closedBy }])),
  },
  {
    ...common,
    name: 'rings-regained',
    title: 'Rings regained within 90 days',
    says: 'Of the rings lost, how many were lit again within 90 days.',
    formula: 'losses (as in “Rings lost”: of rings lit when the window began, the first time out) followed by the ring being lit again less than 90 days later / those losses that are 90 days old, for each ring',
    shape: 'share',
    unit: 'share',
    groups: 'ring',
    window: 365,
    marks: (facts, window) =>
      lossesIn(facts, window).flatMap(({ ring, spell, at }) => {
        if (at === null || at + REGAINED * DAY > window.to) return [];
        const again = facts.spells[ring].find(({ from }) => from > at && from < at + REGAINED * DAY);
        return [{ group: nameOf(ring), above: again === undefined ? 0 : 1, below: 1, because: [...new Set([...spell.closedBy, ...(again?.openedBy ?? [])])] }];
      }),
  },
];
