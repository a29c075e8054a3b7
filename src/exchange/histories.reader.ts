/** Customers with all their events, one after the other: each as of one moment, and none longer in memory than it is asked for. */
import { Inject, Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { customer, customerStream, ownerOf, type CustomerState, type Interaction } from '../customers/customer.js';
import { seenBy } from '../customers/contacts.js';
import { peopleOf, toWire, type Entry } from '../customers/entry.js';
import { namesOf, type SearchTables } from '../customers/search.view.js';
import { toIso } from '../kernel/calendar.js';
import { isFar, type EventStore, type RecordedEvent } from '../kernel/event-store.js';
import { Refusal } from '../kernel/refusal.js';
import type { Sight } from '../shell/caller.js';
import { openFields } from '../vault/codec.js';
import { Vault } from '../vault/vault.js';
import { Views } from '../views/views.js';

const PAGE = 500;
/** Streams read at once from a log on another machine. */
const FAR_TOGETHER = 16;

/** A customer as it stands, with its name and the events that made it. */
export interface History {
  readonly id: string;
  /** Null when it was erased. */
  readonly name: string | null;
  readonly state: CustomerState;
  readonly owner: string | null;
  /** In force, by when they happened, then by id. */
  readonly entries: readonly Interaction[];
  /** By revision. */
  readonly events: readonly RecordedEvent[];
  /** When each entry was first recorded, epoch ms, by its id. */
  readonly recorded: ReadonlyMap<string, number>;
}

/** What an entry says, flat, as it goes over the wire. */
export interface Said {
  readonly wire: Readonly<Record<string, unknown>>;
  /** Fields whose key is gone. */
  readonly erased: readonly string[];
  /** Of the first version. */
  readonly recordedAt: string;
  readonly loggedBy: string;
}

@Injectable()
export class Histories {
  constructor(
    @Inject('EventStore') private readonly store: EventStore,
    private readonly views: Views,
    private readonly vault: Vault,
  ) {}

  private get db(): Kysely<SearchTables> {
    return this.views.db;
  }

  /** Every customer that is registered, by id. What is recorded meanwhile is in it or not, customer by customer. */
  async *all(): AsyncGenerator<History> {
    const together = isFar(this.store) ? FAR_TOGETHER : 1;
    for (let after = ''; ; ) {
      const page = await this.views.streams('portfolio', ['portfolio'], after, PAGE);
      for (let at = 0; at < page.length; at += together) {
        for (const history of await Promise.all(page.slice(at, at + together).map((stream) => this.read(stream)))) {
          if (history !== undefined) yield history;
          await nextTurn();
        }
      }
      if (page.length < PAGE) return;
      after = page.at(-1)!;
    }
  }

  /** @throws Refusal `missing`. */
  async one(id: string): Promise<History> {
    const history = await this.read(customerStream(id));
    if (history === undefined) throw new Refusal('missing', 'unknown-customer', 'No such customer.');
    return history;
  }

  private async read(stream: string): Promise<History | undefined> {
    const events = await this.store.read(stream);
    const state = events.reduce((before, event) => customer.evolve(before, event as never), customer.initial(stream));
    if (!state.registered) return undefined;
    const names = await namesOf(this.db, [state.id], 'customer');
    const entries = [...state.interactions.values()].sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));
    const recorded = new Map(events.filter(({ type }) => type === 'InteractionLogged').map(({ id, recordedAt }) => [id, recordedAt]));
    return { id: state.id, name: names.get(state.id) ?? null, state, owner: ownerOf(state), entries, events, recorded };
  }

  /** Names of the people on these entries, by id. */
  peopleOn(entries: readonly Interaction[]): Promise<Map<string, string>> {
    return namesOf(this.db, entries.flatMap((entry) => peopleOf(entry)), 'person');
  }

  colleagues(ids: readonly string[]): Promise<Map<string, string>> {
    return namesOf(this.db, ids, 'colleague');
  }

  /** What each of some entries of the customer says, as this reader may see it. */
  *said({ events, recorded }: History, entries: readonly Interaction[], sight: Sight): Generator<readonly [Interaction, Said]> {
    for (const entry of entries) {
      const event = events[entry.revision]!;
      const { data, erased } = openFields(event.data, event.id, this.vault.keyOf);
      const wire = seenBy(sight, toWire(data as unknown as Entry));
      yield [entry, { wire, erased, recordedAt: toIso(recorded.get(entry.id) ?? event.recordedAt), loggedBy: entry.actor }];
    }
  }
}
