/** Opening moves: when we approach a customer of our own accord, and what the customer does next. */
import { kinds } from '../customers/catalogue.js';
import type { Interaction } from '../customers/customer.js';
import { DAY } from '../kernel/calendar.js';
import { firstSince } from './decisions.js';
import type { Facts } from './facts.js';

export const OPENING: readonly string[] = ['outreach', 'message-sent', 'call', 'meeting', 'visit'];
/** Days in which the customer has been silent before an opening move. */
export const QUIET_DAYS = 7;
/** What of the customer asks for an answer; what is about it answers it, however late. */
const ANSWERABLE: readonly string[] = ['conversation', 'understanding', 'service', 'voice', 'message'];

export type MoveState = 'drew a response' | 'no response yet' | 'none';

export interface Move {
  readonly entry: Interaction;
  /** The first the customer did after it, whenever that was. */
  readonly next: Interaction | undefined;
}

/**
 * Our opening moves. The customer was silent before: no entry of its side at c with c ≤ t < c + 7 days, where t is the
 * move. What is dated the same instant comes before (a date without a time is all we know), unless it names the move: then
 * it follows. A move about something the customer said or asked is an answer. O(n log n).
 */
function findMoves({ entries }: Facts): Move[] {
  const theirs = entries.filter(({ side }) => side === 'customer');
  const instants = theirs.map(({ occurredAt }) => occurredAt);
  const byId = new Map(theirs.map((entry) => [entry.id, entry]));
  const naming = Map.groupBy(theirs.filter(({ about }) => about !== undefined), ({ about }) => about);
  return entries.flatMap((entry): Move[] => {
    const { id, kind, side, about, occurredAt: at } = entry;
    if (side !== 'us' || !OPENING.includes(kind)) return [];
    const answered = about === undefined ? undefined : byId.get(about);
    if (answered !== undefined && answered.occurredAt <= at && ANSWERABLE.includes(kinds[answered.kind]?.group ?? '')) return [];
    const now = firstSince(instants, at);
    const later = firstSince(instants, at + 1);
    const before = firstSince(instants, at - QUIET_DAYS * DAY + 1);
    const atOnce = naming.get(id)?.find(({ occurredAt }) => occurredAt === at);
    for (let i = now; i < later; i += 1) if (theirs[i]!.about !== id) return [];
    return before < now ? [] : [{ entry, next: atOnce ?? theirs[later] }];
  });
}

const found = new WeakMap<Facts, readonly Move[]>();

/** By when they happened. */
export function openingMoves(facts: Facts): readonly Move[] {
  const moves = found.get(facts) ?? findMoves(facts);
  found.set(facts, moves);
  return moves;
}

/** When the time for a response is over. */
export const dueAt = ({ entry }: Move, responseDays: number): number => entry.occurredAt + responseDays * DAY;

/** How the move stands by what happened before `to`: each is in exactly one state. */
export function stateOf(move: Move, responseDays: number, to: number): MoveState {
  const due = dueAt(move, responseDays);
  if (move.next !== undefined && move.next.occurredAt < Math.min(due, to)) return 'drew a response';
  return due <= to ? 'none' : 'no response yet';
}
