/**
 * What came before decisions in our favour: which opening moves, and what somebody said had helped. What came before need not have
 * been the cause: said so wherever it is shown. Pure.
 */
import type { Interaction } from '../customers/customer.js';
import { DAY } from '../kernel/calendar.js';
import { wilson } from './intervals.js';
import type { Facts } from './facts.js';
import type { Figure, Mark, Outcome, Window } from './figure.js';
import { OPENING, openingMoves } from './moves.js';

/** How long before a decision a move counts: a quarter. */
export const BEFORE_DAYS = 90;
/** Window when none is asked for. */
export const HELPED_WINDOW = 365;

/** Decisions in our favour. */
export const FAVOURABLE: readonly string[] = ['purchase', 'renewal', 'expansion'];
/** All that customers decide: in our favour, against us, or for another, later, or nothing. */
export const DECIDED: readonly string[] = [...FAVOURABLE, 'contraction', 'cancellation', 'decision-closed'];

const NOT_RECORDED = 'not recorded';

/** Fields of an entry by which yields are told apart. */
export const HELPED_BY = ['kind', 'channel', 'department', 'campaign'] as const;
export type HelpedBy = (typeof HELPED_BY)[number];

const groupBy: Readonly<Record<HelpedBy, (move: Interaction) => string | undefined>> = {
  kind: ({ kind }) => kind,
  channel: ({ channel }) => channel ?? NOT_RECORDED,
  department: ({ department }) => department ?? NOT_RECORDED,
  campaign: ({ fields }) => fields['campaign'] as string | undefined,
};

/** Of the moves in the window whose days have passed: whether a decision in our favour came within them. */
const yieldBy = (by: HelpedBy | null): Figure['marks'] => (facts: Facts, { from, to }: Window) => {
  const decisions = facts.entries.filter(({ kind, occurredAt }) => FAVOURABLE.includes(kind) && occurredAt < to);
  return openingMoves(facts).flatMap(({ entry }): Mark[] => {
    const { occurredAt: at } = entry;
    const group = by === null ? '' : groupBy[by](entry);
    if (group === undefined || at < from || at >= to || at + BEFORE_DAYS * DAY > to) return [];
    const next = decisions.find(({ occurredAt }) => occurredAt > at && occurredAt <= at + BEFORE_DAYS * DAY);
    return [{ ...(by !== null && { group }), above: Number(next !== undefined), below: 1, because: next === undefined ? [entry.id] : [entry.id, next.id] }];
  });
};

const base = { topic: 'What helped', version: 1, source: 'Five-Ring’s own proposal', window: HELPED_WINDOW, needs: OPENING } as const;

const yields = (by: HelpedBy | null): Figure => ({
  ...base,
  name: by === null ? 'decision-yield' : `decision-yield-by-${by}`,
  title: by === null ? 'Moves followed by a decision' : `Moves followed by a decision, by ${by}`,
  says: 'Of the times we approached a customer, after how many did it decide in our favour in time.',
  formula: `opening moves followed by a purchase, renewal or expansion within ${BEFORE_DAYS} days / opening moves in the window whose ${BEFORE_DAYS} days have passed`,
  shape: 'share',
  unit: 'share',
  ...(by !== null && { groups: by }),
  ...(by === 'department' && { byDepartment: true as const }),
  marks: yieldBy(by),
});

export const overallYield = yields(null);
export const yieldFigures: Readonly<Record<HelpedBy, Figure>> = { kind: yields('kind'), channel: yields('channel'), department: yields('department'), campaign: yields('campaign') };

/** Days from the moves before a decision in our favour to it, by kind of move. */
export const leadTimes: Figure = {
  ...base,
  name: 'decision-lead-time',
  title: 'Days from move to decision',
  says: 'How long before a decision in our favour the opening moves before it were made.',
  formula: `days from each opening move in the ${BEFORE_DAYS} days before to the purchase, renewal or expansion in the window`,
  shape: 'quantiles',
  unit: 'days',
  groups: 'kind of move',
  marks: (facts, window) => decisionsIn(facts, window).flatMap((decision) => (FAVOURABLE.includes(decision.entry.kind) ? decision.moves.map(({ entry, days }): Mark => ({ group: entry.kind, above: 1, below: 1, days, because: [entry.id, decision.entry.id] })) : [])),
};

export interface Came {
  readonly entry: Interaction;
  /** Days before the decision. */
  readonly days: number;
}

export interface HelpedLink {
  readonly link: Interaction;
  /** The entry that is said to have helped; null where it is not named. */
  readonly helped: Interaction | null;
  readonly days: number | null;
}

export interface HelpedDecision {
  readonly entry: Interaction;
  readonly moves: readonly Came[];
  readonly links: readonly HelpedLink[];
}

/** Decisions of the window, the earliest first, with the opening moves in the days before and what is said to have helped. */
export function decisionsIn(facts: Facts, { from, to }: Window): HelpedDecision[] {
  const byId = new Map(facts.entries.map((entry) => [entry.id, entry]));
  const links = Map.groupBy(facts.entries.filter(({ kind, occurredAt }) => kind === 'helped-decision' && occurredAt < to), ({ fields }) => String(fields['decision']));
  const moves = openingMoves(facts);
  return facts.entries.flatMap((entry): HelpedDecision[] => {
    const { id, kind, about, occurredAt: at, fields } = entry;
    if (!DECIDED.includes(kind) || at < from || at >= to) return [];
    const before = (one: Interaction): number => (at - one.occurredAt) / DAY;
    // A link may name the decision by its opening.
    const named = [id, ...(kind === 'decision-closed' ? [about] : [fields['decision']])].flatMap((name) => (typeof name === 'string' ? (links.get(name) ?? []) : []));
    return [{
      entry,
      moves: moves.flatMap((move) => (move.entry.occurredAt < at && before(move.entry) <= BEFORE_DAYS ? [{ entry: move.entry, days: before(move.entry) }] : [])),
      links: [...new Set(named)].map((link) => {
        const helped = link.about === undefined ? undefined : byId.get(link.about);
        return { link, helped: helped ?? null, days: helped === undefined ? null : before(helped) };
      }),
    }];
  });
}

export const ADVICE = ['do more', 'stop or change', 'as the others', 'too few to say'] as const;
export type Advice = (typeof ADVICE)[number];

/** Of fewer than these moves nothing is advised. */
export const LEAST_MOVES = 10;

/**
 * What to make of a group beside all the others: its interval lies above their share, below it, or around it. An interval of 95 %
 * of each of many groups: one in twenty stands out by chance alone.
 */
export function adviceOf(group: Pick<Outcome, 'above' | 'below'>, all: Pick<Outcome, 'above' | 'below'>): Advice {
  const [above, below] = [all.above - group.above, all.below - group.below];
  const own = wilson(group.above, group.below);
  if (own === null || group.below < LEAST_MOVES || below < LEAST_MOVES) return 'too few to say';
  const others = above / below;
  return own.low > others ? 'do more' : own.high < others ? 'stop or change' : 'as the others';
}
