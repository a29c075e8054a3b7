/** Cursors: a place in a list, packed so that nobody builds on what is inside. */
import { Refusal } from '../kernel/refusal.js';

const packCursor = (place: readonly (string | number)[]): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** A page, and the cursor of the next one, cut from one row more than asked for. */
export function paged<T>(rows: readonly T[], limit: number, place: (row: T) => readonly (string | number)[]): { readonly page: readonly T[]; readonly next: string | null } {
  const page = rows.slice(0, limit);
  return { page, next: rows.length > limit ? packCursor(place(page.at(-1)!)) : null };
}

/** How many rows came before the page, by a cursor of `pagedByNumber`; one that no list gave may be any number. */
export function startIn(place: readonly (string | number)[] | undefined): number {
  const start = Number(place?.[0] ?? 0);
  return Number.isSafeInteger(start) && start > 0 ? start : 0;
}

/** A page of a list that has no key to go on from: the cursor says how many came before. */
export function pagedByNumber<T>(all: readonly T[], place: readonly (string | number)[] | undefined, limit: number): { readonly page: readonly T[]; readonly next: string | null } {
  const start = startIn(place);
  return paged(all.slice(start, start + limit + 1), limit, () => [start + limit]);
}

/** The place a cursor holds; undefined without one. @throws Refusal when it is no cursor of this shape. */
export function placeIn(cursor: string | undefined, shape: readonly ('string' | 'number')[]): (string | number)[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(place) && place.length === shape.length && place.every((part, index) => typeof part === shape[index])) return place as (string | number)[];
  } catch {
    // Falls through to the refusal.
  }
  throw new Refusal('invalid', 'not-a-cursor', 'cursor: is not one that this list gave', [{ field: 'cursor', code: 'not-a-cursor', message: 'is not one that this list gave' }]);
}
