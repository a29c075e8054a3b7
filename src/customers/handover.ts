/** Handing over: a colleague gives a customer to another, who says that they took it. Read from the entries; nothing is kept of it apart. */
import type { CustomerState, Interaction } from './customer.state.js';
import { ownerEntryOf } from './customer.state.js';

/** How many customers one request may name. */
export const MOST_CUSTOMERS = 1000;

export interface Handover {
  /** The entry that made them the owner. */
  readonly entry: string;
  readonly owner: string;
  /** Who gave it. */
  readonly by: string;
  readonly occurredAt: number;
}

/** Whether this entry says, of a handover, that it was taken: by the new owner, and naming it, or naming none and not before it. */
export const acknowledges = ({ kind, actor, about, occurredAt }: Pick<Interaction, 'kind' | 'actor' | 'about' | 'occurredAt'>, handover: Handover): boolean =>
  kind === 'handover-acknowledged' && actor === handover.owner && (about === undefined ? occurredAt >= handover.occurredAt : about === handover.entry);

/** The handover that its owner has not acknowledged; undefined when there is none: also when they took the customer themselves. */
export function unacknowledged(state: CustomerState): Handover | undefined {
  const last = ownerEntryOf(state);
  if (last === undefined) return undefined;
  const handover = { entry: last.id, owner: String(last.fields['owner']), by: last.actor, occurredAt: last.occurredAt };
  if (handover.by === handover.owner || [...state.interactions.values()].some((entry) => acknowledges(entry, handover))) return undefined;
  return handover;
}
