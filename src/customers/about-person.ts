/** What the entries in force say of one person: consents and objections as they stand, roles, acts, answers. Pure; instants in epoch ms. */
import { ACTS } from './catalogue.js';
import type { CustomerState, Interaction } from './customer.js';
import { wordsAgainst } from './customer.state.js';
import { peopleOf } from './entry.js';
import { closedFor, type Closed } from './objections.js';

const byTime = (a: Interaction, b: Interaction): number => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1);

/** Entries whose field `person` is the person, the oldest first. */
export function ownEntries(state: CustomerState, person: string): Interaction[] {
  return [...state.interactions.values()].filter(({ fields }) => fields['person'] === person).sort(byTime);
}

/** Entries that name the person at all, the oldest first. */
export function entriesNaming(state: CustomerState, person: string): Interaction[] {
  return [...state.interactions.values()].filter((entry) => peopleOf(entry).includes(person)).sort(byTime);
}

const isConsent = ({ kind }: Interaction): boolean => kind === 'consent-given' || kind === 'consent-withdrawn';

/** Consents given and withdrawn, the oldest first; at one instant the withdrawal is last, and wins. */
export function consentsOf(state: CustomerState, person: string): Interaction[] {
  return ownEntries(state, person).filter(isConsent).sort((a, b) => a.occurredAt - b.occurredAt || Number(a.kind === 'consent-withdrawn') - Number(b.kind === 'consent-withdrawn') || byTime(a, b));
}

/** The last word on each purpose by the instant, by purpose. */
export function consentsAt(history: readonly Interaction[], at: number): Interaction[] {
  const last = new Map<string, Interaction>();
  for (const entry of history) if (entry.occurredAt <= at) last.set(String(entry.fields['purpose']), entry);
  return [...last].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

/** Objections to contact and their liftings, the oldest first. */
export const objectionsOf = (state: CustomerState, person: string): Interaction[] => wordsAgainst(state, person).sort(byTime);

export const closedNow = (state: CustomerState, person: string, at: number): Closed[] => closedFor(wordsAgainst(state, person), at);

export const isAct = ({ kind }: Interaction): boolean => (ACTS as readonly string[]).includes(kind);

/** What an answer from 0 to 10 makes of who gave it. */
export function recommends(nps: number): 'promoter' | 'passive' | 'detractor' {
  return nps >= 9 ? 'promoter' : nps >= 7 ? 'passive' : 'detractor';
}

/** Roles given and not lost by leaving: by role, since when and by which entry. */
export function rolesOf(own: readonly Interaction[]): { readonly role: string; readonly since: number; readonly entry: string }[] {
  const roles = new Map<string, { readonly role: string; readonly since: number; readonly entry: string }>();
  for (const { id, kind, occurredAt, fields } of own) {
    if (kind === 'person-left') roles.clear();
    const given = kind === 'role-given' ? [String(fields['role'])] : kind === 'person-added' ? ((fields['roles'] ?? []) as readonly string[]) : [];
    for (const role of given) if (!roles.has(role)) roles.set(role, { role, since: occurredAt, entry: id });
  }
  return [...roles.values()];
}
