/** Reads of customers: the log gives content, the views give order and search. */
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { toIso } from '../kernel/calendar.js';
import type { Position, RecordedEvent } from '../kernel/event-store.js';
import { Refusal } from '../kernel/refusal.js';
import type { Sight } from '../shell/caller.js';
import { Executor } from '../shell/executor.js';
import { openFields } from '../vault/codec.js';
import { Vault } from '../vault/vault.js';
import { Views } from '../views/views.js';
import { seenBy } from './contacts.js';
import { customer, customerStream, isLogged, ownerOf, type CustomerState, type Interaction } from './customer.js';
import { peopleOf, toWire, type Entry } from './entry.js';
import { namesLike, namesOf, type SearchTables } from './search.view.js';
import { entriesLike, entryBySource, timelineOf, type TimelineCursor, type TimelineFilter, type TimelineRow, type TimelineTables } from './timeline.view.js';

export type WireEntry = Record<string, unknown> & { readonly id: string; readonly occurredAt: string };

@Injectable()
export class CustomersReader {
  constructor(
    private readonly executor: Executor,
    private readonly vault: Vault,
    private readonly views: Views,
  ) {}

  get db(): Kysely<TimelineTables & SearchTables> {
    return this.views.db;
  }

  /** State and revision of a customer. @throws Refusal `missing`. */
  async stateOf(id: string): Promise<{ readonly state: CustomerState; readonly revision: number; readonly position: string | null }> {
    const loaded = await this.executor.load(customer, customerStream(id));
    if (!loaded.state.registered) throw new Refusal('missing', 'unknown-customer', 'No such customer.');
    return loaded;
  }

  /** The customer as it was known by the events that are included. @throws Refusal `missing`. */
  async stateAt(id: string, isIncluded: (position: Position) => boolean): Promise<{ readonly state: CustomerState; readonly revision: number }> {
    const stream = customerStream(id);
    const events = (await this.executor.eventsFrom(stream, 0)).filter(({ position }) => isIncluded(position));
    const state = events.reduce((before, event) => customer.evolve(before, event as never), customer.initial(stream));
    if (!state.registered) throw new Refusal('missing', 'unknown-customer', events.length === 0 ? 'No such customer, or not known yet then.' : 'No such customer.');
    return { state, revision: events.length - 1 };
  }

  async customer(id: string): Promise<{ body: Record<string, unknown>; revision: number }> {
    const { state, revision } = await this.stateOf(id);
    const names = await namesOf(this.db, [id], 'customer');
    const { segment, origin, referredBy, team, firstSource } = state;
    return { body: { id, name: names.get(id) ?? null, segment, origin, referredBy, owner: ownerOf(state), team, ...firstSource, entries: state.interactions.size, people: state.people.size }, revision };
  }

  /** People at the customer with their roles, in the order in which they were added. */
  async people(id: string, sight: Sight): Promise<Record<string, unknown>[]> {
    const { state } = await this.stateOf(id);
    const entries = [...state.interactions.values()];
    return Promise.all(
      [...state.people].map(async ([person, addedBy]) => {
        const added = await this.opened(id, state.interactions.get(addedBy)!.revision);
        const own = entries.filter((entry) => entry.fields['person'] === person && entry.kind === 'role-given').map((entry) => String(entry.fields['role']));
        const left = entries.filter((entry) => entry.fields['person'] === person && entry.kind === 'person-left').map(({ occurredAt }) => occurredAt);
        const last = Math.max(...entries.filter((entry) => peopleOf(entry).includes(person)).map(({ occurredAt }) => occurredAt));
        const fields = seenBy(sight, { kind: 'person-added', ...(added.data as unknown as Entry).fields }) as Record<string, unknown>;
        return {
          id: person,
          name: fields['name'] ?? null,
          email: fields['email'] ?? null,
          phone: fields['phone'] ?? null,
          ...(fields['hidden'] !== undefined && { hidden: fields['hidden'] }),
          roles: [...new Set([...((fields['roles'] as readonly string[] | undefined) ?? []), ...own])],
          left: left.length === 0 ? null : toIso(Math.max(...left)),
          lastEntry: toIso(last),
          addedBy,
        };
      }),
    );
  }

  /** One entry with its history: each version as it was recorded, oldest first. */
  async entry(id: string, interaction: string, sight: Sight): Promise<Record<string, unknown>> {
    await this.stateOf(id);
    const row = await this.db.selectFrom('timeline').selectAll().where('id', '=', interaction).where('customer', '=', id).executeTakeFirst();
    if (row === undefined) throw new Refusal('missing', 'unknown-entry', 'No such entry at this customer.');
    return { ...(await this.wire([row], sight))[0]!, versions: (await this.versions(id, [row], sight)).get(row.id) };
  }

  /** Every version of each entry, the original first: by entry. All are of one customer; its stream is read once. */
  async versions(id: string, rows: readonly TimelineRow[], sight: Sight): Promise<Map<string, Record<string, unknown>[]>> {
    const byEntry = new Map<string, Record<string, unknown>[]>(rows.map((row) => [row.id, []]));
    if (rows.length === 0) return byEntry;
    for (const event of await this.executor.eventsFrom(customerStream(id), Math.min(...rows.map(({ revision }) => revision)))) {
      const entry = isLogged(event.type) ? event.id : event.type === 'InteractionCorrected' ? (event.data as { original: string }).original : undefined;
      const versions = entry === undefined ? undefined : byEntry.get(entry);
      versions?.push({ ...seenBy(sight, toWire(openFields(event.data, event.id, this.vault.keyOf).data as unknown as Entry)), recordedAt: toIso(event.recordedAt), recordedBy: event.metadata.actor, event: event.id });
    }
    return byEntry;
  }

  async timeline(id: string, filter: TimelineFilter, cursor: TimelineCursor | undefined, limit: number, sight: Sight): Promise<TimelineRow[]> {
    await this.stateOf(id);
    return timelineOf(this.db, id, filter, cursor, limit, sight);
  }

  /** The entry of this customer that came from a source under an id there. @throws Refusal `missing`. */
  async entryBySource(id: string, source: string, sourceId: string, sight: Sight): Promise<Record<string, unknown>> {
    const row = await entryBySource(this.db, source, sourceId, id);
    if (row === undefined) throw new Refusal('missing', 'unknown-entry', 'No entry from this source at this customer.');
    return this.entry(id, row.id, sight);
  }

  /** The entry that came from a source under an id there, with its customer. @throws Refusal `missing`. */
  async anywhereBySource(source: string, sourceId: string, sight: Sight): Promise<Record<string, unknown>> {
    const row = await entryBySource(this.db, source, sourceId);
    if (row === undefined) throw new Refusal('missing', 'unknown-entry', 'No entry from this source.');
    const names = await namesOf(this.db, [row.customer], 'customer');
    return { customer: { id: row.customer, name: names.get(row.customer) ?? null }, ...(await this.entry(row.customer, row.id, sight)) };
  }

  async search(text: string, limit: number, sight: Sight) {
    const [customers, people, rows] = await Promise.all([namesLike(this.db, 'customer', text, limit), namesLike(this.db, 'person', text, limit), entriesLike(this.db, text, limit, sight)]);
    const names = await namesOf(this.db, [...rows.map(({ customer: of }) => of), ...people.map(({ customer: of }) => of)], 'customer');
    const entries = await this.wire(rows, sight);
    return {
      customers: customers.map(({ id, name }) => ({ id, name })),
      people: people.map((person) => ({ id: person.id, name: person.name, customer: { id: person.customer, name: names.get(person.customer) ?? null } })),
      entries: entries.map((entry, index) => ({ customer: { id: rows[index]!.customer, name: names.get(rows[index]!.customer) ?? null }, ...entry })),
    };
  }

  /** Content of timeline rows as this reader may see it, read from the log and opened; people with their names. */
  async wire(rows: readonly TimelineRow[], sight: Sight): Promise<WireEntry[]> {
    const events = await Promise.all(rows.map((row) => this.opened(row.customer, row.content_revision)));
    const names = await namesOf(this.db, events.flatMap(({ data }) => peopleOf(data as unknown as Entry)), 'person');
    const colleagues = await namesOf(this.db, rows.map(({ actor }) => actor), 'colleague');
    return rows.map((row, index) => {
      const { data, erased } = events[index]!;
      const wire = seenBy(sight, toWire(data as unknown as Entry));
      const people = wire['people'] === undefined ? {} : { people: (wire['people'] as string[]).map((person) => ({ id: person, name: names.get(person) ?? null })) };
      const moved = (data as { movedFrom?: unknown }).movedFrom;
      return {
        id: row.id,
        ...wire,
        occurredAt: toIso(row.occurred_at),
        ...people,
        recordedAt: toIso(row.recorded_at),
        loggedBy: { id: row.actor, name: colleagues.get(row.actor) ?? null },
        corrected: row.content_revision !== row.revision,
        retracted: row.retracted === 1,
        ...(moved !== undefined && { movedFrom: moved }),
        ...(erased.length > 0 && { erased }),
      };
    });
  }

  /** What entries say, by their ids, as this reader may see it: each in the version that the interaction stands for. */
  async contentOf(id: string, entries: readonly Interaction[], sight: Sight): Promise<Map<string, Record<string, unknown>>> {
    return new Map(await Promise.all([...new Set(entries)].map(async (entry): Promise<[string, Record<string, unknown>]> => [entry.id, seenBy(sight, toWire((await this.opened(id, entry.revision)).data as unknown as Entry))])));
  }

  /** Entries as they are now, by their ids, as this reader may see them; ids of none are left out. */
  async entriesOf(ids: readonly string[], sight: Sight): Promise<Map<string, WireEntry>> {
    if (ids.length === 0) return new Map();
    const rows = await this.db.selectFrom('timeline').selectAll().where('id', 'in', ids).execute();
    return new Map((await this.wire(rows, sight)).map((entry) => [entry.id, entry]));
  }

  /** Rows of the timeline for entries as they were known once: in the version that each interaction stands for, and in force. */
  async rowsOf(entries: readonly Interaction[]): Promise<TimelineRow[]> {
    if (entries.length === 0) return [];
    const rows = await this.db.selectFrom('timeline').selectAll().where('id', 'in', entries.map(({ id }) => id)).execute();
    const byId = new Map(rows.map((row) => [row.id, row]));
    return entries.flatMap((entry) => {
      const row = byId.get(entry.id);
      return row === undefined ? [] : [{ ...row, occurred_at: entry.occurredAt, content_revision: entry.revision, retracted: 0 }];
    });
  }

  /** The snooze at the revision: its id, by which its words can be erased, and why, null when they were. */
  async snoozeSaid(id: string, revision: number): Promise<{ readonly id: string; readonly why: string | null }> {
    const event = await this.executor.eventAt(customerStream(id), revision);
    const { reason } = openFields(event.data, event.id, this.vault.keyOf).data as { reason?: unknown };
    return { id: event.id, why: typeof reason === 'string' ? reason : null };
  }

  private async opened(id: string, revision: number): Promise<ReturnType<typeof openFields>> {
    const event: RecordedEvent = await this.executor.eventAt(customerStream(id), revision);
    return openFields(event.data, event.id, this.vault.keyOf);
  }
}
