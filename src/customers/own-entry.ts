/** Entries that are ours and tied to no customer: campaigns launched, enablements completed, changes made. */
import type { Aggregate, Decided } from '../kernel/aggregate.js';
import { personalIn, type Entry } from './entry.js';

export type OwnEntryEvent = Decided<'OwnEntryLogged', Entry & { readonly mac: string }>;
export type OwnEntryCommand = { readonly type: 'LogOwnEntry'; readonly id: string; readonly entry: Entry; readonly mac: string };

/** Content hashes by source and sourceId: an entry that came before is not written again. */
export type OwnEntryState = Set<string>;

const known = (entry: Pick<Entry, 'source' | 'sourceId'>, mac: string): string => `${entry.source ?? ''}\n${entry.sourceId ?? ''}\n${mac}`;

export const ownEntry: Aggregate<OwnEntryCommand, OwnEntryEvent, OwnEntryState> = {
  name: 'own-entry',
  initial: () => new Set(),
  decide({ id, entry, mac }, state) {
    if (entry.sourceId !== undefined && state.has(known(entry, mac))) return [];
    return [{ type: 'OwnEntryLogged', id, data: { ...entry, mac } }];
  },
  evolve: (state, { data }) => state.add(known(data, data.mac)),
  personal: ({ data }) => personalIn(data, ['organisation']),
};

/** Where the changes we made stand. */
export const CHANGES_STREAM = 'changes';

/** One stream per campaign, one per colleague's enablements, one for the changes. */
export function ownStream(entry: Entry): string {
  if (entry.kind === 'campaign-launched') return `campaign-${String(entry.fields['campaign'])}`;
  if (entry.kind === 'enablement-completed') return `enablement-${String(entry.fields['colleague'])}`;
  return CHANGES_STREAM;
}
