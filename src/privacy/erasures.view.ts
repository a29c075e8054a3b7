/** Erasures, a row each: what was erased and when, without why, which stays sealed in the log. */
import type { Kysely } from 'kysely';
import type { ErasedThen } from '../customers/customer.state.js';
import { subjectsOf } from '../customers/entry.js';
import type { RecordedEvent } from '../kernel/event-store.js';
import { put, type EventView, type RowOp } from '../kernel/view.js';

export interface ErasureRow {
  id: string;
  kind: string;
  customer: string | null;
  target: string;
  at: number;
  by: string;
  people: string;
  entries: number;
  fields: number;
  also: string;
  /** Names of the keys that went. */
  subjects: string;
  stream: string;
  revision: number;
  position: string;
}

export interface ErasureTables {
  erasures: ErasureRow;
}

type What = Pick<ErasureRow, 'kind' | 'customer' | 'target'> & { readonly people: readonly string[]; readonly subjects: readonly string[] };

/** What an event says was erased; undefined when it says nothing of the kind. */
export function erasedBy({ type, stream, data }: Pick<RecordedEvent, 'type' | 'stream' | 'data'>): What | undefined {
  const customer = stream.slice('customer-'.length);
  switch (type) {
    case 'PersonErased': {
      const { person } = data as { person: string };
      return { kind: 'person', customer, target: person, people: [person], subjects: subjectsOf([person], customer) };
    }
    case 'CustomerErased': {
      const { people } = data as { people: readonly string[] };
      return { kind: 'customer', customer, target: customer, people, subjects: [...subjectsOf([], customer), ...people.flatMap((person) => subjectsOf([person], customer))] };
    }
    case 'EntryTextErased': {
      const { original, keys } = data as { original: string; keys: readonly string[] };
      return { kind: 'text', customer, target: original, people: [], subjects: keys };
    }
    case 'ColleagueErased': {
      const id = stream.slice('colleague-'.length);
      return { kind: 'colleague', customer: null, target: id, people: [], subjects: [`colleague:${id}`] };
    }
    default:
      return undefined;
  }
}

function rowOf(event: RecordedEvent): RowOp[] {
  const { people, subjects, ...what } = erasedBy(event)!;
  const { erasure, at, entries, fields, alsoAt } = event.data as ErasedThen;
  const { stream, revision, position, metadata } = event;
  return [put('erasures', { id: erasure, ...what, at, by: metadata.actor, people: JSON.stringify(people), entries, fields, also: JSON.stringify(alsoAt), subjects: JSON.stringify(subjects), stream, revision, position })];
}

export const erasuresView: EventView = {
  from: 'events',
  name: 'erasures',
  version: 1,
  tables: {
    erasures: {
      columns: { id: 'text', kind: 'text', customer: 'text?', target: 'text', at: 'integer', by: 'text', people: 'json', entries: 'integer', fields: 'integer', also: 'json', subjects: 'json', stream: 'text', revision: 'integer', position: 'text' },
      key: ['id'],
      indexes: [['at', 'id']],
    },
  },
  handlers: { PersonErased: rowOf, CustomerErased: rowOf, EntryTextErased: rowOf, ColleagueErased: rowOf },
};

/** The newest first, after a place. */
export function erasuresIn(db: Kysely<ErasureTables>, limit: number, before?: { readonly at: number; readonly id: string }): Promise<ErasureRow[]> {
  let query = db.selectFrom('erasures').selectAll();
  if (before !== undefined) query = query.where((is) => is.or([is('at', '<', before.at), is.and([is('at', '=', before.at), is('id', '<', before.id)])]));
  return query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

/** Names of all keys that the log says are gone. */
export async function subjectsErased(db: Kysely<ErasureTables>): Promise<string[]> {
  const rows = await db.selectFrom('erasures').select('subjects').execute();
  return rows.flatMap(({ subjects }) => JSON.parse(subjects) as string[]);
}
