/** The shape of an export about one person: what stands in a line of it, and in a row of the table. Pure. */
import { COMMON } from '../customers/catalogue.js';
import { isLogged } from '../customers/customer.js';
import { peopleOf, toWire, type Entry } from '../customers/entry.js';
import { toIso } from '../kernel/calendar.js';
import type { RecordedEvent } from '../kernel/event-store.js';
import type { Opened } from '../vault/codec.js';

/** What is not in it, and why: said to whoever reads it. */
export const NOT_INCLUDED: readonly string[] = [
  'Who looked at these data is not part of this file: that stands in the audit, a register of its own.',
  'Other people are named by their ids only. Texts that speak of several people are included as they were written: read them before you pass this on.',
  'Where an entry was corrected so that it names this person no more, the file says so without what it says now.',
];

export interface Line {
  readonly entry: string;
  readonly event: string;
  readonly change: 'logged' | 'corrected' | 'no-longer-named' | 'retracted';
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly [field: string]: unknown;
}

/**
 * Reads a customer's events in the order of recording and says what each tells about the person. Keeps no more than the ids of
 * the entries that name them. `isInForce`: whether the event holds what its entry says now.
 */
export function linesAbout(person: string, isInForce: (entry: string, revision: number) => boolean): (event: RecordedEvent, open: () => Opened) => Line | undefined {
  const naming = new Set<string>();
  return (event, open) => {
    const original = (event.data as { readonly original?: string }).original;
    const line = (change: Line['change'], entry: string): Line => ({ entry, event: event.id, change, recordedAt: toIso(event.recordedAt), recordedBy: event.metadata.actor });
    if (event.type === 'InteractionRetracted') {
      if (original === undefined || !naming.delete(original)) return undefined;
      const { data } = open();
      const { reason, because, replacedBy, movedTo } = data;
      return { ...line('retracted', original), reason: reason ?? null, ...(because !== undefined && { because }), ...(replacedBy !== undefined && { replacedBy }), ...(movedTo !== undefined && { movedTo }) };
    }
    if (!isLogged(event.type) && event.type !== 'InteractionCorrected') return undefined;
    const entry = original ?? event.id;
    if (!peopleOf(event.data as Entry).includes(person)) return naming.delete(entry) ? line('no-longer-named', entry) : undefined;
    naming.add(entry);
    const { data, erased } = open();
    const movedFrom = data['movedFrom'];
    return {
      ...line(original === undefined ? 'logged' : 'corrected', entry),
      ...toWire(data as unknown as Entry),
      inForce: isInForce(entry, event.revision),
      ...(movedFrom !== undefined && { movedFrom }),
      ...(erased.length > 0 && { erased }),
    };
  };
}

const FIRST = ['entry', 'event', 'change', 'inForce', 'recordedAt', 'recordedBy', 'kind'] as const;
const COMMON_COLUMNS = Object.keys(COMMON);
const LAST = ['reason', 'erased'] as const;
export const COLUMNS: readonly string[] = [...FIRST, ...COMMON_COLUMNS, 'fields', ...LAST];

const cell = (value: unknown): string | number | null => (value === undefined || value === null ? null : typeof value === 'number' || typeof value === 'string' ? value : typeof value === 'boolean' ? (value ? 'yes' : 'no') : Array.isArray(value) ? value.join('; ') : JSON.stringify(value));

/** A row of the table: `fields` holds, as JSON, what only entries of its kind have. */
export function rowOf(line: Line): (string | number | null)[] {
  const known = new Set(COLUMNS);
  const rest = Object.fromEntries(Object.entries(line).filter(([field]) => !known.has(field)));
  return COLUMNS.map((column) => (column === 'fields' ? (Object.keys(rest).length === 0 ? null : JSON.stringify(rest)) : cell(line[column])));
}
