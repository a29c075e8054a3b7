/** People of whom nothing was heard for so long that nobody needs their data any more, and what speaks against erasing them. Pure; instants in epoch ms. */
import { entriesNaming, ownEntries, rolesOf } from '../customers/about-person.js';
import type { CustomerState, Interaction } from '../customers/customer.js';

/** So many calendar months before the instant, in UTC; where that month is shorter, its last day. */
export function monthsBefore(instant: number, months: number): number {
  const then = new Date(instant);
  const day = then.getUTCDate();
  then.setUTCDate(1);
  then.setUTCMonth(then.getUTCMonth() - months);
  const last = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() + 1, 0)).getUTCDate();
  return then.setUTCDate(Math.min(day, last));
}

/** Why somebody is kept though nothing was heard. */
export const KEPT = ['open step', 'open decision', 'open issue', 'open question', 'contract', 'request', 'restriction'] as const;
export type Kept = (typeof KEPT)[number];

/** What opens something that waits for its end, and what ends it. */
const OPEN: readonly (readonly [opens: string, ends: string, kept: Kept])[] = [
  ['step-planned', 'step-done', 'open step'],
  ['decision-opened', 'decision-closed', 'open decision'],
  ['issue-opened', 'issue-resolved', 'open issue'],
  ['question-asked', 'question-answered', 'open question'],
];
const TERMS = ['purchase', 'renewal'];
const DECIDES = ['decider', 'budget-holder'];

const isEnded = (state: CustomerState, { id }: Interaction, ends: string): boolean => [...(state.namedBy.get(id) ?? [])].some((by) => state.interactions.get(by)?.kind === ends);

/**
 * Why the person is kept; null when nothing speaks against erasing them. `isCustomer`: whether a term of the customer is in force, asked only where it matters. A
 * contract keeps those who signed it and those who decide about it, as long as they have not left.
 */
export function keptBecause(state: CustomerState, person: string, isCustomer: () => boolean): Kept | null {
  const naming = entriesNaming(state, person);
  const isOpen = (entry: Interaction, opens: string, ends: string): boolean => entry.kind === opens && !isEnded(state, entry, ends);
  const open = OPEN.find(([opens, ends]) => naming.some((entry) => isOpen(entry, opens, ends)));
  if (open !== undefined) return open[2];
  const own = ownEntries(state, person);
  const decides = rolesOf(own).some(({ role }) => DECIDES.includes(role));
  // Who decides about all decides about an open decision that names nobody.
  if (decides && [...state.interactions.values()].some((entry) => isOpen(entry, 'decision-opened', 'decision-closed'))) return 'open decision';
  const left = own.findLast(({ kind }) => kind === 'person-left' || kind === 'role-given' || kind === 'person-added')?.kind === 'person-left';
  return !left && (decides || naming.some(({ kind }) => TERMS.includes(kind))) && isCustomer() ? 'contract' : null;
}

/** When something that names the person happened last; -Infinity when nothing does. */
export const lastNamed = (state: CustomerState, person: string): number => entriesNaming(state, person).at(-1)?.occurredAt ?? -Infinity;
