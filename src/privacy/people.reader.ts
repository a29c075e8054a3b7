/** Reads all that is held about one person: consents and objections as they stand, and the export. */
import { Inject, Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { closedNow, consentsAt, consentsOf, entriesNaming, isAct, objectionsOf, ownEntries, recommends, rolesOf } from '../customers/about-person.js';
import { customerStream, isLogged, type CustomerState, type Interaction } from '../customers/customer.js';
import { CustomersReader } from '../customers/customers.reader.js';
import { Organisation } from '../customers/customers.writer.js';
import { toWire, type Entry } from '../customers/entry.js';
import { namesOf } from '../customers/search.view.js';
import { defused } from '../customers/spreadsheet.js';
import { toIso } from '../kernel/calendar.js';
import type { EventStore, RecordedEvent } from '../kernel/event-store.js';
import { Refusal } from '../kernel/refusal.js';
import { Executor } from '../shell/executor.js';
import { openFields } from '../vault/codec.js';
import { Vault } from '../vault/vault.js';
import { COLUMNS, linesAbout, NOT_INCLUDED, rowOf, type Line } from './person-export.js';
import { RequestsReader } from './requests.reader.js';

/** Events read at once. */
const PAGE = 500;
/** Lines that go out together. */
const LINES = 100;

@Injectable()
export class PeopleReader {
  constructor(
    private readonly customers: CustomersReader,
    private readonly executor: Executor,
    private readonly vault: Vault,
    private readonly organisation: Organisation,
    private readonly requests: RequestsReader,
    @Inject('EventStore') private readonly store: EventStore,
  ) {}

  /** What the person agreed to and objects to: now, and how it came to be. @throws Refusal `missing`. */
  async consents(customer: string, person: string): Promise<object> {
    const { state } = await this.customers.stateOf(customer);
    if (!state.people.has(person)) throw unknownPerson();
    return this.consentsIn(state, person);
  }

  private async consentsIn(state: CustomerState, person: string): Promise<Record<'consents' | 'objections', { readonly now: object[]; readonly history: object[] }>> {
    const now = this.organisation.now();
    const consents = consentsOf(state, person);
    const told = new Map(await Promise.all([...consents, ...objectionsOf(state, person)].map(async (entry) => [entry.id, await this.said(state.id, entry)] as const)));
    const of = (entry: Interaction): Record<string, unknown> => told.get(entry.id)!;
    const consent = (entry: Interaction): object => ({ entry: entry.id, purpose: entry.fields['purpose'], state: entry.kind === 'consent-given' ? 'given' : 'withdrawn', since: toIso(entry.occurredAt), scope: of(entry)['scope'] ?? null, wording: of(entry)['wording'] ?? null, form: entry.fields['form'] ?? null, loggedBy: entry.actor });
    return {
      consents: { now: consentsAt(consents, now).map(consent), history: consents.map(consent) },
      objections: {
        now: closedNow(state, person, now).map(({ channel, since }) => ({ channel, since: toIso(since) })),
        history: objectionsOf(state, person).map((entry) => ({ entry: entry.id, change: entry.kind === 'contact-objected' ? 'objected' : 'lifted', channel: entry.fields['against'] ?? null, at: toIso(entry.occurredAt), words: of(entry)['words'] ?? null, loggedBy: entry.actor })),
      },
    };
  }

  /** What the entry says now, opened. */
  private async said(customer: string, { revision }: Interaction): Promise<Record<string, unknown>> {
    return this.wireOf(await this.executor.eventAt(customerStream(customer), revision));
  }

  private wireOf(event: RecordedEvent): Record<string, unknown> {
    return toWire(openFields(event.data, event.id, this.vault.keyOf).data as unknown as Entry);
  }

  /**
   * All about one person, in pieces of text: the file is never held whole. The first piece comes only when it is known that there
   * is such a person. @throws Refusal `missing`.
   */
  async export(customer: string, person: string, format: 'json' | 'csv'): Promise<AsyncGenerator<string>> {
    const { state, revision } = await this.customers.stateOf(customer);
    const details = await this.details(state, person, revision);
    return format === 'json' ? this.json(state, person, revision, details) : this.table(state, person, revision);
  }

  /** Events of the customer up to a revision, read page by page; those that arrive meanwhile are left to the next export. */
  private async *events(customer: string, upTo: number): AsyncGenerator<RecordedEvent> {
    for (let from = 0; from <= upTo; from += PAGE) yield* await this.store.read(customerStream(customer), from, Math.min(PAGE, upTo - from + 1));
  }

  private async *lines(state: CustomerState, person: string, upTo: number): AsyncGenerator<Line> {
    const read = linesAbout(person, (entry, revision) => state.interactions.get(entry)?.revision === revision);
    for await (const event of this.events(state.id, upTo)) {
      const line = read(event, () => openFields(event.data, event.id, this.vault.keyOf));
      if (line !== undefined) yield line;
    }
  }

  /** Name, address and number in every version, the oldest first. @throws Refusal `missing` when nobody ever was called so here. */
  private async details(state: CustomerState, person: string, upTo: number): Promise<Record<string, unknown>[]> {
    const versions: Record<string, unknown>[] = [];
    let named = false;
    for await (const event of this.events(state.id, upTo)) {
      const data = event.data as Partial<Entry>;
      if (!isLogged(event.type) && event.type !== 'InteractionCorrected') continue;
      const own = data.fields?.['person'] === person;
      named ||= own;
      if (!own || data.kind !== 'person-added') continue;
      const { name, email, phone, roles } = this.wireOf(event);
      versions.push({ name: name ?? null, email: email ?? null, phone: phone ?? null, roles: roles ?? [], recordedAt: toIso(event.recordedAt), recordedBy: event.metadata.actor });
    }
    if (!named && !state.people.has(person)) throw unknownPerson();
    return versions;
  }

  private async *json(state: CustomerState, person: string, upTo: number, versions: Record<string, unknown>[]): AsyncGenerator<string> {
    const own = ownEntries(state, person);
    const naming = entriesNaming(state, person);
    const names = await namesOf(this.customers.db, [state.id], 'customer');
    const newest = (entries: readonly Interaction[]): string | null => (entries.length === 0 ? null : toIso(entries.at(-1)!.occurredAt));
    const nps = own.findLast(({ kind, fields }) => kind === 'survey-answered' && typeof fields['nps'] === 'number')?.fields['nps'] as number | undefined;
    const head = {
      person,
      customer: { id: state.id, name: names.get(state.id) ?? null },
      exportedAt: toIso(this.organisation.now()),
      notIncluded: NOT_INCLUDED,
      details: { now: versions.at(-1) ?? null, versions },
      roles: rolesOf(own).map(({ role, since, entry }) => ({ role, since: toIso(since), entry })),
      left: newest(own.filter(({ kind }) => kind === 'person-left')),
      stances: own.filter(({ fields }) => fields['stance'] !== undefined).map(({ id, kind, occurredAt, fields }) => ({ entry: id, kind, at: toIso(occurredAt), stance: fields['stance'] })),
      ...(await this.consentsIn(state, person)),
      acts: own.filter(isAct).map(({ id, kind, occurredAt, fields }) => ({ entry: id, kind, at: toIso(occurredAt), stars: fields['stars'] ?? null, verification: fields['verification'] ?? 'claimed' })),
      surveys: own.filter(({ kind }) => kind === 'survey-answered').map(({ id, occurredAt, fields }) => ({ entry: id, at: toIso(occurredAt), nps: fields['nps'] ?? null, csat: fields['csat'] ?? null, ces: fields['ces'] ?? null })),
      derived: {
        recommends: nps === undefined ? null : recommends(nps),
        lastContact: newest(naming.filter(({ side, kind }) => side === 'customer' || ['call', 'meeting', 'chat', 'visit'].includes(kind))),
        lastEntry: newest(naming),
        entriesInForce: naming.length,
      },
      requests: await this.requests.about(state.id, person),
    };
    yield `${JSON.stringify(head).slice(0, -1)},"entries":[`;
    let first = true;
    for await (const piece of joined(this.lines(state, person, upTo), (line) => JSON.stringify(line), ',\n')) {
      yield first ? piece : `,\n${piece}`;
      first = false;
    }
    yield ']}\n';
  }

  /** With a byte order mark: without it, spreadsheets take the text for another encoding. */
  private async *table(state: CustomerState, person: string, upTo: number): AsyncGenerator<string> {
    yield `\uFEFF${stringify([[...COLUMNS]])}`;
    yield* joined(this.lines(state, person, upTo), (line) => stringify([rowOf(line).map(defused)]), '');
  }
}

/** Items as text, some at a time: a piece for every line would be slow, one for all would be large. */
async function* joined<T>(items: AsyncIterable<T>, text: (item: T) => string, between: string): AsyncGenerator<string> {
  let some: string[] = [];
  for await (const item of items) {
    some.push(text(item));
    if (some.length < LINES) continue;
    yield some.join(between);
    some = [];
  }
  if (some.length > 0) yield some.join(between);
}

const unknownPerson = (): Refusal => new Refusal('missing', 'unknown-person', 'No such person at this customer.');
