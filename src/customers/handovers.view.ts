/** Who was made the owner of which customer, when and by whom, and who said that they took it: the entries alone that say so. */
import type { Kysely } from 'kysely';
import type { RecordedEvent } from '../kernel/event-store.js';
import { patch, put, remove, type EventView, type RowOp } from '../kernel/view.js';
import type { ColleagueTables } from './colleagues.view.js';
import type { Entry } from './entry.js';
import type { SearchTables } from './search.view.js';

export interface HandoverTables {
  /** `owner`: who was made it; of an acknowledgement the empty text. `about`: the entry that an acknowledgement names. */
  owner_entries: { entry: string; customer: string; kind: string; owner: string; occurred_at: number; actor: string; about: string | null };
  /** Colleagues whose account is disabled. */
  shut_out: { colleague: string };
}

/** The owner at registration comes before all that says so later. */
const BEFORE_ALL = -8_640_000_000_000_000;
const KINDS = ['owner-changed', 'handover-acknowledged'];

const customerOf = (event: RecordedEvent): string => event.stream.slice('customer-'.length);
const content = (data: Entry) => ({ owner: String(data.fields['owner'] ?? ''), occurred_at: data.occurredAt, about: data.about ?? null });

export const handoversView: EventView = {
  from: 'events',
  name: 'handovers',
  version: 2,
  tables: {
    owner_entries: {
      columns: { entry: 'text', customer: 'text', kind: 'text', owner: 'text', occurred_at: 'integer', actor: 'text', about: 'text?' },
      key: ['entry'],
      indexes: [['customer', 'kind'], ['owner', 'kind']],
    },
    shut_out: { columns: { colleague: 'text' }, key: ['colleague'] },
  },
  handlers: {
    CustomerRegistered: (event): RowOp[] => {
      const { owner } = event.data as { owner?: string };
      return owner === undefined ? [] : [put('owner_entries', { entry: event.id, customer: customerOf(event), kind: 'registered', owner, occurred_at: BEFORE_ALL, actor: event.metadata.actor, about: null })];
    },
    RegistrationUndone: (event): RowOp[] => [remove('owner_entries', { customer: customerOf(event), kind: 'registered' })],
    InteractionLogged: (event): RowOp[] => {
      const data = event.data as Entry;
      return KINDS.includes(data.kind) ? [put('owner_entries', { entry: event.id, customer: customerOf(event), kind: data.kind, actor: event.metadata.actor, ...content(data) })] : [];
    },
    InteractionCorrected: (event): RowOp[] => {
      const data = event.data as Entry & { original: string };
      return KINDS.includes(data.kind) ? [patch('owner_entries', { entry: data.original }, content(data))] : [];
    },
    AccountChanged: (event): RowOp[] => {
      const colleague = event.stream.slice('user-'.length);
      const { enabled } = event.data as { enabled?: boolean };
      return enabled === undefined ? [] : [enabled ? remove('shut_out', { colleague }) : put('shut_out', { colleague })];
    },
    InteractionRetracted: (event): RowOp[] => [remove('owner_entries', { entry: (event.data as { original: string }).original })],
  },
};

type Tables = HandoverTables & ColleagueTables & SearchTables;

/** A customer with the entry that made its owner the owner. */
export type OwnedRow = HandoverTables['owner_entries'];

/** A place between two rows: what was handed over longest ago comes first. */
export interface HandoverCursor {
  readonly occurredAt: number;
  readonly entry: string;
}

/** The rows that say who owns each customer now. */
function owning(db: Kysely<Tables>) {
  return db.selectFrom('owner_entries as o').selectAll('o').where('o.owner', '<>', '').where((is) => is.not(is.exists(
    is.selectFrom('owner_entries as later').select('later.entry').whereRef('later.customer', '=', 'o.customer').where('later.owner', '<>', '')
      .where((and) => and.or([and('later.occurred_at', '>', and.ref('o.occurred_at')), and.and([and('later.occurred_at', '=', and.ref('o.occurred_at')), and('later.entry', '>', and.ref('o.entry'))])])),
  )));
}

/** Customers handed over to somebody who has not said that they took them (`acknowledges` of handover.ts, as a query). */
export async function unacknowledgedIn(db: Kysely<Tables>, to: string | undefined, cursor: HandoverCursor | undefined, limit: number): Promise<OwnedRow[]> {
  let query = owning(db).where('o.kind', '=', 'owner-changed').whereRef('o.actor', '<>', 'o.owner').where((is) => is.not(is.exists(
    is.selectFrom('owner_entries as taken').select('taken.entry').whereRef('taken.customer', '=', 'o.customer').where('taken.kind', '=', 'handover-acknowledged').whereRef('taken.actor', '=', 'o.owner')
      .where((or) => or.or([or('taken.about', '=', or.ref('o.entry')), or.and([or('taken.about', 'is', null), or('taken.occurred_at', '>=', or.ref('o.occurred_at'))])])),
  )));
  if (to !== undefined) query = query.where('o.owner', '=', to);
  return page(query, cursor, limit);
}

/** Customers whose owner no longer works here, was never known, or may not sign in. */
export async function leftBehindIn(db: Kysely<Tables>, cursor: HandoverCursor | undefined, limit: number): Promise<OwnedRow[]> {
  return page(owning(db).where((is) => is.or([
    is.not(is.exists(is.selectFrom('colleagues').select('colleagues.id').whereRef('colleagues.id', '=', 'o.owner').where('colleagues.active', '=', 1))),
    is.exists(is.selectFrom('shut_out').select('shut_out.colleague').whereRef('shut_out.colleague', '=', 'o.owner')),
  ])), cursor, limit);
}

function page(query: ReturnType<typeof owning>, cursor: HandoverCursor | undefined, limit: number): Promise<OwnedRow[]> {
  const after = cursor === undefined ? query : query.where((is) => is.or([is('o.occurred_at', '>', cursor.occurredAt), is.and([is('o.occurred_at', '=', cursor.occurredAt), is('o.entry', '>', cursor.entry)])]));
  return after.orderBy('o.occurred_at').orderBy('o.entry').limit(limit).execute();
}

/** Customers that this colleague owns, or once owned. */
export async function onceOwnedBy(db: Kysely<Tables>, colleague: string): Promise<string[]> {
  const rows = await db.selectFrom('owner_entries').select('customer').distinct().where('owner', '=', colleague).orderBy('customer').execute();
  return rows.map(({ customer }) => customer);
}
