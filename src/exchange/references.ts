/** References of a file: it names people, entries and customers by the ids they have where they came from. Pure. */
import type { CustomerState, EntryToLog } from '../customers/customer.js';
import { sourceKey } from '../customers/customer.state.js';
import { fieldsOf, fieldsOfType, type Field } from '../customers/catalogue.js';
import type { Entry, FieldValue } from '../customers/entry.js';

/** Rows that are recorded together, by the key of their sourceId. */
export type Together = ReadonlyMap<string, EntryToLog>;

/**
 * The entry with our ids of the people and entries of its customer that it names by their sourceId. They are looked for under
 * the entry's own source, then under the customer's; what is an id of ours, and what nobody knows, stays as it is.
 */
export function withOurIds(entry: Entry, sources: readonly string[], state: CustomerState, together: Together): Entry {
  const specs = fieldsOf(entry.kind);
  const known = (id: string): { readonly entry: string; readonly person: FieldValue | undefined } | undefined => {
    for (const source of sources) {
      const key = sourceKey(source, id);
      const there = state.bySource.get(key);
      if (there !== undefined) return { entry: there, person: state.interactions.get(there)?.fields['person'] };
      const coming = together.get(key);
      if (coming !== undefined) return { entry: coming.id, person: coming.entry.fields['person'] };
    }
    return undefined;
  };
  const person = (id: string): string => (state.people.has(id) ? id : String(known(id)?.person ?? id));
  const ours = (field: string, value: FieldValue): FieldValue => {
    switch (specs[field]?.type) {
      case 'entry':
        return state.interactions.has(value as string) ? value : (known(value as string)?.entry ?? value);
      case 'person':
        return entry.kind === 'person-added' ? value : person(value as string);
      case 'persons':
        return (value as readonly string[]).map(person);
      default:
        return value;
    }
  };
  return {
    ...entry,
    fields: Object.fromEntries(Object.entries(entry.fields).map(([field, value]) => [field, ours(field, value)])),
    ...(entry.about !== undefined && { about: ours('about', entry.about) as string }),
    ...(entry.people !== undefined && { people: ours('people', entry.people) as readonly string[] }),
  };
}

/** Whether the entry names anybody or anything at its customer. */
export function namesSomebody(entry: Entry): boolean {
  const has = (type: Field['type']): boolean => fieldsOfType(entry.kind, type).some(([field]) => field in entry.fields);
  return entry.about !== undefined || entry.people !== undefined || (entry.kind !== 'person-added' && (has('entry') || has('person') || has('persons')));
}

/** Whether the entry names another customer. */
export function namesCustomer(entry: Entry): boolean {
  return fieldsOfType(entry.kind, 'customer').some(([field]) => field in entry.fields);
}
