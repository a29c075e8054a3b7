/** Names, and the words of names and entries. The only view that holds personal data in the clear; purged on erasure. */
import type { Kysely } from 'kysely';
import type { RecordedEvent } from '../kernel/event-store.js';
import { printOf } from '../kernel/stamp.js';
import { put, remove, removeWith, type EventView, type RowOp } from '../kernel/view.js';
import { fieldsOf } from './catalogue.js';
import { LOGGED, type Details } from './customer.js';
import { peopleOf, subjectsOf, type Entry } from './entry.js';
import { folded, wordsOf } from './words.js';

export interface SearchTables {
  /** `entry`: the entry that added the person; empty for others. */
  names: { id: string; kind: string; customer: string; entry: string; name: string; sort_key: string; print: number };
  name_words: { word: string; id: string; kind: string; entry: string };
  /** `contact`: the word stands in ways to reach a person alone. */
  entry_words: { word: string; entry: string; contact: number };
  /** Under whose keys the texts of the entry were sealed: `person:…` of those it names, else `customer:…`. */
  entry_subjects: { subject: string; entry: string };
}

const customerOf = (event: RecordedEvent): string => event.stream.slice('customer-'.length);

function name(kind: 'customer' | 'person' | 'colleague', id: string, customer: string, text: string | null | undefined, entry = ''): RowOp[] {
  if (text === null || text === undefined) return [];
  return [
    put('names', { id, kind, customer, entry, name: text, sort_key: folded(text).slice(0, 200), print: printOf(`${id} ${text}`) }),
    remove('name_words', { kind, id }),
    ...wordsOf(text).map((word) => put('name_words', { word, id, kind, entry })),
  ];
}

function entryWords(entry: string, customer: string, data: Entry): RowOp[] {
  const texts = (isContact: boolean): string[] => Object.entries(fieldsOf(data.kind))
    .filter(([, field]) => field.type === 'text' && (field.contact ?? false) === isContact)
    .map(([key]) => (data as unknown as Record<string, unknown>)[key] ?? data.fields[key])
    .filter((text): text is string => typeof text === 'string');
  const words = wordsOf(...texts(false));
  const contacts = wordsOf(...texts(true)).filter((word) => !words.includes(word));
  return [
    ...words.map((word) => put('entry_words', { word, entry, contact: 0 })),
    ...contacts.map((word) => put('entry_words', { word, entry, contact: 1 })),
    // Also where no word can be read any more: a replay must come to the same rows.
    ...subjectsOf(peopleOf(data), customer).map((subject) => put('entry_subjects', { subject, entry })),
    ...(data.kind === 'person-added' ? name('person', data.fields['person'] as string, customer, data.fields['name'] as string | null, entry) : []),
  ];
}

/** Nobody is found any more by what was sealed for them. */
const forgotten = (subject: string): RowOp[] => [removeWith('entry_words', 'entry', 'entry_subjects', { subject }), remove('entry_subjects', { subject })];
const nameless = (kind: 'customer' | 'person' | 'colleague', id: string): RowOp[] => [remove('names', { kind, id }), remove('name_words', { kind, id })];
const wordless = (entry: string): RowOp[] => [remove('entry_words', { entry }), remove('entry_subjects', { entry })];

export const searchView: EventView = {
  from: 'events',
  name: 'search',
  version: 7,
  unsealed: true,
  tables: {
    names: { columns: { id: 'text', kind: 'text', customer: 'text', entry: 'text', name: 'text', sort_key: 'text', print: 'integer' }, key: ['kind', 'id'], indexes: [['kind', 'sort_key', 'id'], ['kind', 'print'], ['entry']] },
    name_words: { columns: { word: 'text', id: 'text', kind: 'text', entry: 'text' }, key: ['kind', 'id', 'word'], indexes: [['kind', 'word'], ['entry']] },
    entry_words: { columns: { word: 'text', entry: 'text', contact: 'flag' }, key: ['entry', 'word'], indexes: [['word', 'entry']] },
    entry_subjects: { columns: { subject: 'text', entry: 'text' }, key: ['subject', 'entry'], indexes: [['entry']] },
  },
  handlers: {
    CustomerRegistered: (event) => name('customer', customerOf(event), customerOf(event), (event.data as Details).name),
    RegistrationUndone: (event) => nameless('customer', customerOf(event)),
    CustomerDetailsChanged: (event) => name('customer', customerOf(event), customerOf(event), (event.data as Partial<Details>).name),
    ...Object.fromEntries(LOGGED.map((type) => [type, (event: RecordedEvent) => entryWords(event.id, customerOf(event), event.data as Entry)])),
    InteractionCorrected: (event) => {
      const data = event.data as Entry & { original: string };
      return [...wordless(data.original), ...entryWords(data.original, customerOf(event), data)];
    },
    InteractionRetracted: (event) => {
      const entry = (event.data as { original: string }).original;
      // A person whose adding was taken back is nobody any more.
      return [...wordless(entry), remove('names', { entry }), remove('name_words', { entry })];
    },
    PersonErased: (event) => {
      const { person } = event.data as { person: string };
      return [...nameless('person', person), ...forgotten(`person:${person}`)];
    },
    CustomerErased: (event) => {
      const { people } = event.data as { people: readonly string[] };
      const customer = customerOf(event);
      return [...nameless('customer', customer), ...forgotten(`customer:${customer}`), ...people.flatMap((person) => [...nameless('person', person), ...forgotten(`person:${person}`)])];
    },
    EntryTextErased: (event) => [remove('entry_words', { entry: (event.data as { original: string }).original })],
    ColleagueErased: (event) => nameless('colleague', event.stream.slice('colleague-'.length)),
    ColleagueAdded: (event) => name('colleague', event.stream.slice('colleague-'.length), '', (event.data as { name: string }).name),
    ColleagueChanged: (event) => name('colleague', event.stream.slice('colleague-'.length), '', (event.data as { name?: string }).name),
  },
};

/** Names by id; ids without a name (unknown, or erased) are left out. Colleagues choose their ids: say which kind is meant. */
export async function namesOf(db: Kysely<SearchTables>, ids: readonly string[], kind: 'customer' | 'person' | 'colleague'): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const wanted = [...new Set(ids)];
  for (let at = 0; at < wanted.length; at += 500) {
    const rows = await db.selectFrom('names').select(['id', 'name']).where('kind', '=', kind).where('id', 'in', wanted.slice(at, at + 500)).execute();
    for (const row of rows) names.set(row.id, row.name);
  }
  return names;
}

/** A text that is another when any name of the kind is another. */
export async function namesPrintIn(db: Kysely<SearchTables>, kind: 'customer' | 'person' | 'colleague'): Promise<string> {
  const { count, sum } = await db.selectFrom('names').select(({ fn }) => [fn.countAll().as('count'), fn.sum('print').as('sum')]).where('kind', '=', kind).executeTakeFirstOrThrow();
  return `${count} ${sum}`;
}

/** By what all names of the kind are ordered, by id. */
export async function sortKeysIn(db: Kysely<SearchTables>, kind: 'customer' | 'person' | 'colleague'): Promise<Map<string, string>> {
  const rows = await db.selectFrom('names').select(['id', 'sort_key']).where('kind', '=', kind).execute();
  return new Map(rows.map(({ id, sort_key: key }) => [id, key]));
}

/** End of the range of words that begin with the prefix, in code point order. */
const after = (prefix: string): string => `${prefix}\u{10FFFF}`;

/** Ids of names that have, for each word of the text, a word beginning with it; in name order. */
export async function namesLike(db: Kysely<SearchTables>, kind: 'customer' | 'person' | 'colleague', text: string, limit: number): Promise<SearchTables['names'][]> {
  let query = db.selectFrom('names').selectAll().where('kind', '=', kind);
  for (const word of wordsOf(text)) {
    query = query.where('id', 'in', db.selectFrom('name_words').select('id').where('kind', '=', kind).where('word', '>=', word).where('word', '<', after(word)));
  }
  return query.orderBy('sort_key').orderBy('id').limit(limit).execute();
}

/** Ids of entries of any customer that have, for each word of the text, a word beginning with it: one query a word. `contacts`: also in ways to reach a person. */
export function entriesWith(db: Kysely<SearchTables>, text: string, contacts: boolean) {
  return wordsOf(text).map((word) => db.selectFrom('entry_words').select('entry').where('word', '>=', word).where('word', '<', after(word)).where('contact', '<=', contacts ? 1 : 0));
}

/** For each word of the text, the range of words that begin with it. */
export function wordRanges(text: string): { readonly from: string; readonly to: string }[] {
  return wordsOf(text).map((word) => ({ from: word, to: after(word) }));
}
