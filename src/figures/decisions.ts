/** Decisions the customer has before it: from decision-opened to the first decision-closed about it, whatever was decided. */
import type { Interaction } from '../customers/customer.js';
import type { Facts } from './facts.js';

export interface Decision {
  readonly id: string;
  readonly opened: number;
  /** The earliest closing; never before it was opened. */
  readonly closed: { readonly at: number; readonly by: string } | null;
  readonly neededBy: number | null;
}

export function decisionsOf({ entries }: Facts): Decision[] {
  const closings = new Map<string, Interaction>();
  for (const entry of entries) if (entry.kind === 'decision-closed' && entry.about !== undefined && !closings.has(entry.about)) closings.set(entry.about, entry);
  return entries.flatMap(({ id, kind, occurredAt: opened, fields }): Decision[] => {
    if (kind !== 'decision-opened') return [];
    const closing = closings.get(id);
    const neededBy = fields['neededBy'];
    return [{ id, opened, closed: closing === undefined ? null : { at: Math.max(opened, closing.occurredAt), by: closing.id }, neededBy: typeof neededBy === 'number' ? neededBy : null }];
  });
}

/** First index in ascending instants that is at or after `at`. O(log n). */
export function firstSince(instants: readonly number[], at: number): number {
  let [low, high] = [0, instants.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (instants[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
