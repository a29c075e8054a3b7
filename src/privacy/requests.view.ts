/** The register of requests: one row each, without a word of what was said. */
import type { Kysely } from 'kysely';
import { patch, put, type EventView } from '../kernel/view.js';
import type { Received } from './person-request.js';

export interface RequestRow {
  id: string;
  kind: string;
  customer: string | null;
  person: string | null;
  received_at: number;
  due_at: number;
  closed: number;
  outcome: string | null;
  /** Open ones by when they are due, closed ones the newest first. */
  place: number;
}

export interface RequestTables {
  requests: RequestRow;
}

const idOf = (stream: string): string => stream.slice('request-'.length);

export const requestsView: EventView = {
  from: 'events',
  name: 'requests',
  version: 1,
  tables: {
    requests: {
      columns: { id: 'text', kind: 'text', customer: 'text?', person: 'text?', received_at: 'integer', due_at: 'integer', closed: 'flag', outcome: 'text?', place: 'integer' },
      key: ['id'],
      indexes: [['closed', 'place', 'id'], ['person']],
    },
  },
  handlers: {
    PersonRequestReceived: ({ stream, data }) => {
      const { kind, customer, person, receivedAt, dueAt } = data as Received;
      return [put('requests', { id: idOf(stream), kind, customer: customer ?? null, person: person ?? null, received_at: receivedAt, due_at: dueAt, closed: 0, outcome: null, place: dueAt })];
    },
    PersonRequestExtended: ({ stream, data }) => {
      const { dueAt } = data as { dueAt: number };
      return [patch('requests', { id: idOf(stream) }, { due_at: dueAt, place: dueAt })];
    },
    PersonRequestClosed: ({ stream, data, recordedAt }) => [patch('requests', { id: idOf(stream) }, { closed: 1, outcome: (data as { outcome: string }).outcome, place: -recordedAt })],
  },
};

export interface RequestPlace {
  readonly closed: number;
  readonly place: number;
  readonly id: string;
}

/** Open ones by when they are due, so that overdue ones are first; then closed ones, the newest first. `closed`: only these, or only open ones. */
export function requestsIn(db: Kysely<RequestTables>, closed: boolean | undefined, after: RequestPlace | undefined, limit: number): Promise<RequestRow[]> {
  let query = db.selectFrom('requests').selectAll();
  if (closed !== undefined) query = query.where('closed', '=', Number(closed));
  if (after !== undefined) {
    query = query.where((is) => is.or([
      is('closed', '>', after.closed),
      is.and([is('closed', '=', after.closed), is('place', '>', after.place)]),
      is.and([is('closed', '=', after.closed), is('place', '=', after.place), is('id', '>', after.id)]),
    ]));
  }
  return query.orderBy('closed').orderBy('place').orderBy('id').limit(limit).execute();
}

/** How many are open, and how many of these were due before the instant. */
export async function openRequests(db: Kysely<RequestTables>, at: number): Promise<{ readonly open: number; readonly overdue: number }> {
  const rows = await db.selectFrom('requests').select(['due_at']).where('closed', '=', 0).execute();
  return { open: rows.length, overdue: rows.filter(({ due_at }) => due_at < at).length };
}

/** Of these people, those whose request is not answered, or whose data are restricted: nothing of theirs is erased unasked. */
export async function peopleHeld(db: Kysely<RequestTables>, people: readonly string[]): Promise<ReadonlyMap<string, 'request' | 'restriction'>> {
  const held = new Map<string, 'request' | 'restriction'>();
  if (people.length === 0) return held;
  const rows = await db.selectFrom('requests').select(['person', 'kind', 'closed', 'outcome']).where('person', 'in', people).execute();
  for (const { person, kind, closed, outcome } of rows) {
    if (closed === 0) held.set(person!, 'request');
    else if (kind === 'restriction' && (outcome === 'done' || outcome === 'partly') && !held.has(person!)) held.set(person!, 'restriction');
  }
  return held;
}

/** Requests about a person, the oldest first. */
export function requestsAbout(db: Kysely<RequestTables>, customer: string, person: string): Promise<RequestRow[]> {
  return db.selectFrom('requests').selectAll().where('person', '=', person).where('customer', '=', customer).orderBy('received_at').orderBy('id').execute();
}
