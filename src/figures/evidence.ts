/** Evidence in an order of its own, whatever the order of the walk, so that pages of it neither skip nor repeat. Pure. */
import type { OwnedMark } from './figure.js';

export interface Keyed {
  /** Unlike every other, and short enough for a cursor. */
  readonly key: string;
  readonly mark: OwnedMark;
}

/** FNV-1a, 32 bits: only keeps keys short; marks that share one are told apart by their number. */
export function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Marks with their keys: the customer, why it stands there, and which of equal ones it is. What grows with asOf is no part of it. */
export function keysOf(marks: readonly OwnedMark[]): Keyed[] {
  const seen = new Map<string, number>();
  const said = marks.map((mark) => {
    const why = JSON.stringify([mark.group ?? '', [...mark.because].sort()]);
    return { mark, why, text: `${why} ${mark.above} ${mark.below} ${mark.days ?? ''}` };
  });
  // Of equal keys their own order decides, not that of the walk.
  said.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  return said.map(({ mark, why }) => {
    const base = `${mark.subject ?? mark.customer} ${hashOf(why)}`;
    const number = seen.get(base) ?? 0;
    seen.set(base, number + 1);
    return { key: `${base} ${String(number).padStart(6, '0')}`, mark };
  });
}

export const byKey = (a: Keyed, b: Keyed): number => (a.key < b.key ? -1 : 1);
