/** The timeline: a thin index of a customer's entries, without content. In order of when things happened, not of recording. */
import type { Kysely } from 'kysely';
import type { RecordedEvent } from '../kernel/event-store.js';
import { patch, put, remove, type EventView, type Row, type RowOp } from '../kernel/view.js';
import type { Sight } from '../shell/caller.js';
import { LOGGED, type Interaction } from './customer.state.js';
import { peopleOf, type Entry } from './entry.js';
import { entriesWith, wordRanges, type SearchTables } from './search.view.js';

export interface TimelineRow {
  id: string;
  customer: string;
  occurred_at: number;
  recorded_at: number;
  kind: string;
  side: string;
  department: string | null;
  channel: string | null;
  offering: string | null;
  source: string | null;
  source_id: string | null;
  actor: string;
  /** Revision of the event that logged it, and of the one that holds its content now. */
  revision: number;
  content_revision: number;
  retracted: number;
}

export interface TimelineTables {
  timeline: TimelineRow;
  timeline_people: { entry: string; person: string };
}

const content = (event: RecordedEvent, data: Entry): Row => ({
  occurred_at: data.occurredAt,
  kind: data.kind,
  side: data.side,
  department: data.department ?? null,
  channel: data.channel ?? null,
  offering: data.offering ?? null,
  source: data.source ?? null,
  source_id: data.sourceId ?? null,
  content_revision: event.revision,
});

const people = (entry: string, data: Entry): RowOp[] => peopleOf(data).map((person) => put('timeline_people', { entry, person }));

const logged = (event: RecordedEvent): RowOp[] => {
  const data = event.data as Entry;
  const customer = event.stream.slice('customer-'.length);
  const row = { id: event.id, customer, recorded_at: event.recordedAt, actor: event.metadata.actor, revision: event.revision, retracted: 0, ...content(event, data) };
  return [put('timeline', row), ...people(event.id, data)];
};

export const timelineView: EventView = {
  from: 'events',
  name: 'timeline',
  version: 2,
  tables: {
    timeline: {
      columns: {
        id: 'text', customer: 'text', occurred_at: 'integer', recorded_at: 'integer', kind: 'text', side: 'text', department: 'text?', channel: 'text?', offering: 'text?',
        source: 'text?', source_id: 'text?', actor: 'text', revision: 'integer', content_revision: 'integer', retracted: 'flag',
      },
      key: ['id'],
      indexes: [['customer', 'occurred_at', 'id'], ['source', 'source_id']],
    },
    timeline_people: { columns: { entry: 'text', person: 'text' }, key: ['entry', 'person'], indexes: [['person']] },
  },
  handlers: {
    ...Object.fromEntries(LOGGED.map((type) => [type, logged])),
    InteractionCorrected: (event) => {
      const data = event.data as Entry & { original: string };
      return [patch('timeline', { id: data.original }, content(event, data)), remove('timeline_people', { entry: data.original }), ...people(data.original, data)];
    },
    InteractionRetracted: (event) => [patch('timeline', { id: (event.data as { original: string }).original }, { retracted: 1 })],
  },
};

export interface TimelineFilter {
  readonly kinds?: readonly string[];
  readonly side?: string;
  readonly department?: string;
  readonly channel?: string;
  readonly person?: string;
  readonly offering?: string;
  /** Happened at or after, and before; epoch ms. */
  readonly from?: number;
  readonly to?: number;
  readonly text?: string;
  readonly retracted?: boolean;
}

/** A place between two entries of a timeline. */
export interface TimelineCursor {
  readonly occurredAt: number;
  readonly id: string;
}

type Tables = TimelineTables & SearchTables;

/** The same of entries as they were once known, by their ids; words are not asked for. */
export function fitting(entries: Iterable<Interaction>, { kinds, side, department, channel, person, offering, from = -Infinity, to = Infinity }: TimelineFilter, cursor: TimelineCursor | undefined): Interaction[] {
  const isAsked = (asked: string | undefined, is: string | undefined): boolean => asked === undefined || asked === is;
  return [...entries]
    .filter((entry) => kinds?.includes(entry.kind) !== false && isAsked(side, entry.side) && isAsked(department, entry.department) && isAsked(channel, entry.channel) && isAsked(offering, entry.offering))
    .filter((entry) => entry.occurredAt >= from && entry.occurredAt < to && (person === undefined || peopleOf(entry).includes(person)))
    .filter(({ occurredAt, id }) => cursor === undefined || occurredAt < cursor.occurredAt || (occurredAt === cursor.occurredAt && id < cursor.id))
    .sort((a, b) => b.occurredAt - a.occurredAt || (a.id < b.id ? 1 : -1));
}

/** Entries of a customer, newest happening first, after the cursor. Words of what the reader may not see find nothing. */
export async function timelineOf(db: Kysely<Tables>, customer: string, filter: TimelineFilter, cursor: TimelineCursor | undefined, limit: number, { contacts }: Sight): Promise<TimelineRow[]> {
  let query = db.selectFrom('timeline').selectAll().where('customer', '=', customer);
  if (filter.retracted !== true) query = query.where('retracted', '=', 0);
  if (filter.kinds !== undefined) query = query.where('kind', 'in', filter.kinds);
  if (filter.side !== undefined) query = query.where('side', '=', filter.side);
  if (filter.department !== undefined) query = query.where('department', '=', filter.department);
  if (filter.channel !== undefined) query = query.where('channel', '=', filter.channel);
  if (filter.offering !== undefined) query = query.where('offering', '=', filter.offering);
  if (filter.from !== undefined) query = query.where('occurred_at', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('occurred_at', '<', filter.to);
  if (filter.person !== undefined) query = query.where('id', 'in', db.selectFrom('timeline_people').select('entry').where('person', '=', filter.person));
  // Within one customer: each entry is asked for the word, by its key.
  for (const { from, to } of filter.text === undefined ? [] : wordRanges(filter.text)) {
    query = query.where((is) => is.exists(is.selectFrom('entry_words').select('entry').whereRef('entry_words.entry', '=', 'timeline.id').where('word', '>=', from).where('word', '<', to).where('contact', '<=', contacts ? 1 : 0)));
  }
  if (cursor !== undefined) {
    query = query.where((is) => is.or([is('occurred_at', '<', cursor.occurredAt), is.and([is('occurred_at', '=', cursor.occurredAt), is('id', '<', cursor.id)])]));
  }
  return query.orderBy('occurred_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

/** Entries of all customers that match the text, newest happening first. Words of what the reader may not see find nothing. */
export async function entriesLike(db: Kysely<Tables>, text: string, limit: number, { contacts }: Sight): Promise<TimelineRow[]> {
  let query = db.selectFrom('timeline').selectAll().where('retracted', '=', 0);
  for (const entries of entriesWith(db, text, contacts)) query = query.where('id', 'in', entries);
  return query.orderBy('occurred_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

/** The entry that came from this source under this id, of this customer or of any; one in force first, then the newest. */
export async function entryBySource(db: Kysely<Tables>, source: string, sourceId: string, customer?: string): Promise<TimelineRow | undefined> {
  let query = db.selectFrom('timeline').selectAll().where('source', '=', source).where('source_id', '=', sourceId);
  if (customer !== undefined) query = query.where('customer', '=', customer);
  return query.orderBy('retracted').orderBy('recorded_at', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst();
}
