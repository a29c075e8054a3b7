/**
 * How far imports reach: the streams each run wrote to, and what names a customer from another stream. So that an undo reads
 * what belongs to its run, however long the log has become since.
 */
import type { Kysely } from 'kysely';
import { fieldsOf, KINDS } from '../customers/catalogue.js';
import { LOGGED } from '../customers/customer.state.js';
import type { Entry } from '../customers/entry.js';
import type { TimelineTables } from '../customers/timeline.view.js';
import type { RecordedEvent } from '../kernel/event-store.js';
import { put, type EventView, type RowOp } from '../kernel/view.js';

export interface ReachTables {
  import_streams: { run: string; stream: string };
  /** `entry`: empty where it is no entry that names it. `run`: the correlation of the event. Rows stay when the naming is taken back. */
  namings: { named: string; stream: string; entry: string; run: string };
}

/** An id made from other texts, as those of runs are; requests bring new ones (RFC 9562, versions 8 and 7). */
const isDerived = (id: string): boolean => id[14] === '8';

const NAMES_CUSTOMER = new Map(Object.keys(KINDS).map((kind) => [kind, Object.entries(fieldsOf(kind)).filter(([, { type }]) => type === 'customer').map(([field]) => field)]));

const naming = ({ stream, metadata }: RecordedEvent, named: unknown, entry = ''): RowOp[] => (typeof named === 'string' ? [put('namings', { named, stream, entry, run: metadata.correlationId })] : []);
const wrote = ({ stream, metadata }: RecordedEvent): RowOp[] => (isDerived(metadata.correlationId) ? [put('import_streams', { run: metadata.correlationId, stream })] : []);
const details = (event: RecordedEvent): RowOp[] => [...wrote(event), ...naming(event, (event.data as { referredBy?: unknown }).referredBy)];
const said = (event: RecordedEvent, entry: string): RowOp[] => {
  const { kind, fields } = event.data as Entry;
  return [...wrote(event), ...(NAMES_CUSTOMER.get(kind) ?? []).flatMap((field) => naming(event, fields[field], entry))];
};

export const importReachView: EventView = {
  from: 'events',
  name: 'import-reach',
  version: 1,
  tables: {
    import_streams: { columns: { run: 'text', stream: 'text' }, key: ['run', 'stream'] },
    namings: { columns: { named: 'text', stream: 'text', entry: 'text', run: 'text' }, key: ['named', 'stream', 'entry'] },
  },
  handlers: {
    CustomerRegistered: details,
    CustomerDetailsChanged: details,
    ...Object.fromEntries(LOGGED.map((type) => [type, (event: RecordedEvent) => said(event, event.id)])),
    InteractionCorrected: (event) => said(event, (event.data as { original: string }).original),
    InteractionRetracted: wrote,
    PersonRequestReceived: (event) => {
      const { customer, person } = event.data as { customer?: unknown; person?: unknown };
      return [...naming(event, customer), ...naming(event, person)];
    },
  },
};

/** Names of the streams a run wrote to, in order. */
export async function streamsOf(db: Kysely<ReachTables>, run: string): Promise<string[]> {
  const rows = await db.selectFrom('import_streams').select('stream').where('run', '=', run).orderBy('stream').execute();
  return rows.map(({ stream }) => stream);
}

/** So many are asked for at a time: SQLite takes no more in a list than it has variables. */
const TOGETHER = 500;

/** What names one of these customers or people in a stream, by others than the run; it may have been taken back since. */
export async function namingsOf(db: Kysely<ReachTables>, names: readonly string[], run: string): Promise<ReachTables['namings'][]> {
  const found: ReachTables['namings'][] = [];
  for (let at = 0; at < names.length; at += TOGETHER) {
    found.push(...(await db.selectFrom('namings').selectAll().where('named', 'in', names.slice(at, at + TOGETHER)).where('run', '<>', run).orderBy('stream').orderBy('entry').execute()));
  }
  return found;
}

/** An entry in force that names a person, with the revisions at which it was logged and last corrected. */
export interface PersonNaming {
  readonly person: string;
  readonly entry: string;
  readonly customer: string;
  readonly revision: number;
  readonly content_revision: number;
}

/** Entries in force that name one of these people, at whichever customer. */
export async function entriesNaming(db: Kysely<TimelineTables>, people: readonly string[]): Promise<PersonNaming[]> {
  const found: PersonNaming[] = [];
  for (let at = 0; at < people.length; at += TOGETHER) {
    found.push(...(await db.selectFrom('timeline_people').innerJoin('timeline', 'timeline.id', 'timeline_people.entry').select(['person', 'entry', 'customer', 'revision', 'content_revision'])
      .where('person', 'in', people.slice(at, at + TOGETHER)).where('retracted', '=', 0).orderBy('entry').execute()));
  }
  return found;
}
