/** People at a customer as entries tell of them: their roles, since when they are known, and whether they left. Pure. */
import type { Interaction } from '../customers/customer.js';
import { peopleOf } from '../customers/entry.js';

export interface Known {
  /** Roles at the instant, in the order in which they were given. */
  readonly roles: readonly string[];
  /** The first entry that names them at all. */
  readonly seen: Interaction;
  /** The entry by which they left; undefined while they are there. */
  readonly left: Interaction | undefined;
  /** Entry that gave the role, by role. */
  readonly given: ReadonlyMap<string, string>;
}

/** Everybody named in entries up to the instant; at one instant leaving is last. */
export function peopleAt(entries: readonly Interaction[], at: number): ReadonlyMap<string, Known> {
  const people = new Map<string, { roles: Map<string, string>; seen: Interaction; left: Interaction | undefined }>();
  const then = entries.filter(({ occurredAt }) => occurredAt <= at);
  const leavingLast = [...then].sort((a, b) => a.occurredAt - b.occurredAt || Number(a.kind === 'person-left') - Number(b.kind === 'person-left'));
  for (const entry of leavingLast) {
    for (const id of peopleOf(entry)) if (!people.has(id)) people.set(id, { roles: new Map(), seen: entry, left: undefined });
    const one = people.get(entry.fields['person'] as string);
    if (one === undefined) continue;
    if (entry.kind === 'person-left') [one.roles, one.left] = [new Map<string, string>(), entry];
    if (entry.kind !== 'person-added' && entry.kind !== 'role-given') continue;
    one.left = undefined;
    const given = entry.kind === 'role-given' ? [entry.fields['role'] as string] : ((entry.fields['roles'] ?? []) as readonly string[]);
    for (const role of given) if (!one.roles.has(role)) one.roles.set(role, entry.id);
  }
  return new Map([...people].map(([id, { roles, seen, left }]) => [id, { roles: [...roles.keys()], seen, left, given: roles }]));
}

/** Who decides: those named by the decision who are still there; when none is, those there in the role of a decider. */
export function decidersOf(decision: Interaction, people: ReadonlyMap<string, Known>): string[] {
  const there = (id: string): boolean => people.get(id)?.left === undefined;
  const named = ((decision.fields['deciders'] ?? []) as readonly string[]).filter(there);
  return named.length > 0 ? named : [...people].filter(([, { roles }]) => roles.includes('decider')).map(([id]) => id);
}

/** Takes part in the entry, or is whom it is about. */
export const names = (entry: Interaction, person: string): boolean => entry.people.includes(person) || entry.fields['person'] === person;
