/** Ends without a purchase, and what was taken up again after one. Pure. */
import { isContact } from '../rings/fold.js';
import type { Rules } from '../rings/rules.js';
import { decisionsOf } from './decisions.js';
import { litAt, type Facts } from './facts.js';
import type { Mark, Window } from './figure.js';

const LOST: Readonly<Record<string, string>> = { another: 'lost to another', nothing: 'lost to nothing', postponed: 'postponed' };

const one = (group: string, ...because: string[]): Mark => ({ group, above: 1, below: 1, because });

/** A mark for each end in the window, and for each that was taken up again in it. */
export function endingsIn(facts: Facts, { from, to }: Window, rules: Rules): Mark[] {
  const inside = (at: number): boolean => at >= from && at < to;
  const byId = new Map(facts.entries.map((entry) => [entry.id, entry]));
  const declined = facts.entries.filter(({ kind, occurredAt }) => kind === 'fit-declined' && litAt(facts, 2, occurredAt) === undefined);
  const again = declined.map(({ id, occurredAt }, index) => {
    const until = declined[index + 1]?.occurredAt ?? Infinity;
    return { id, taken: facts.entries.find((entry) => entry.occurredAt > occurredAt && entry.occurredAt <= until && isContact(entry, rules)) };
  });
  return [
    ...declined.filter(({ occurredAt }) => inside(occurredAt)).map(({ id, side }) => one(side === 'us' ? 'declined by us' : 'declined by the customer', id)),
    ...decisionsOf(facts).flatMap(({ id, closed }) => {
      const group = closed !== null && inside(closed.at) ? LOST[String(byId.get(closed.by)?.fields['outcome'])] : undefined;
      return group === undefined ? [] : [one(group, id, closed!.by)];
    }),
    ...again.flatMap(({ id, taken }) => (taken !== undefined && inside(taken.occurredAt) ? [one('taken up again', id, taken.id)] : [])),
  ];
}
