/** Entries of ours that are tied to no customer, without what is sealed: campaigns, enablements, changes. */
import type { Kysely } from 'kysely';
import { isSealed } from '../kernel/aggregate.js';
import { put, type EventView } from '../kernel/view.js';
import type { Entry, FieldValue } from './entry.js';

export interface OwnEntryTables {
  own_entries: { id: string; kind: string; stream: string; revision: number; position: string; occurred_at: number; recorded_at: number; actor: string; offering: string | null; fields: string };
}

/** As the view holds it. */
export interface OwnEntryRow {
  readonly id: string;
  readonly kind: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly occurredAt: number;
  readonly actor: string;
  readonly offering: string | null;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

export const ownEntriesView: EventView = {
  from: 'events',
  name: 'own-entries',
  version: 1,
  tables: {
    own_entries: {
      columns: { id: 'text', kind: 'text', stream: 'text', revision: 'integer', position: 'text', occurred_at: 'integer', recorded_at: 'integer', actor: 'text', offering: 'text?', fields: 'json' },
      key: ['id'],
      indexes: [['kind', 'occurred_at']],
    },
  },
  handlers: {
    OwnEntryLogged: ({ id, stream, revision, position, recordedAt, metadata, data }) => {
      const { kind, occurredAt, offering, fields } = data as Entry;
      const open = Object.fromEntries(Object.entries(fields).filter(([, value]) => !isSealed(value)));
      return [put('own_entries', { id, kind, stream, revision, position, occurred_at: occurredAt, recorded_at: recordedAt, actor: metadata.actor, offering: offering ?? null, fields: JSON.stringify(open) })];
    },
  },
};

/** Those of a kind, the earliest first. */
export async function ownEntriesIn(db: Kysely<OwnEntryTables>, kind: string): Promise<OwnEntryRow[]> {
  const rows = await db.selectFrom('own_entries').selectAll().where('kind', '=', kind).orderBy('occurred_at').orderBy('id').execute();
  return rows.map(({ occurred_at: occurredAt, recorded_at: _recorded, fields, ...row }) => ({ ...row, occurredAt, fields: JSON.parse(fields) as OwnEntryRow['fields'] }));
}
