/** What there is to be erased: which entries and fields are sealed under a key and can be read until now. */
import { sealedIn } from '../kernel/aggregate.js';
import type { RecordedEvent } from '../kernel/event-store.js';
import { Refusal } from '../kernel/refusal.js';
import { customer, customerStream, isLogged, type Elsewhere } from '../customers/customer.js';
import type { Executor } from '../shell/executor.js';
import type { Vault } from '../vault/vault.js';

/** What goes with some keys. */
export interface Scan {
  /** How many entries lose their text, or a part of it. */
  readonly entries: number;
  readonly fields: number;
  readonly alsoAt: readonly Elsewhere[];
}

/** One entry, in all its versions; or why a customer was snoozed. */
export interface Text {
  readonly kind: string;
  readonly fields: number;
  /** Names of the keys of its own that are not destroyed yet. */
  readonly live: readonly string[];
  readonly alsoAt: readonly Elsewhere[];
}

const SNOOZED = 'AttentionSnoozed';

export class Erasable {
  constructor(
    private readonly executor: Executor,
    private readonly vault: Vault,
  ) {}

  /** @throws Refusal `unknown-customer`. */
  async customerOf(id: string) {
    const loaded = await this.executor.load(customer, customerStream(id));
    if (!loaded.state.registered) throw new Refusal('missing', 'unknown-customer', 'No such customer.');
    return loaded;
  }

  /** What is sealed under any of these keys and can be read until now. */
  async scan(stream: string, subjects: readonly string[]): Promise<Scan> {
    const going = new Set(subjects);
    const entries = new Set<string>();
    let fields = 0;
    const events = await this.executor.eventsFrom(stream, 0);
    for (const event of events) {
      const own = [...sealedIn(event.data)].filter(({ s }) => s.some((subject) => going.has(subject)) && s.every((subject) => this.vault.keyOf(subject) !== undefined));
      fields += own.length;
      const entry = entryOf(event);
      if (own.length > 0 && entry !== undefined) entries.add(entry);
    }
    return { entries: entries.size, fields, alsoAt: elsewhere(events, entries) };
  }

  /** Ids of the people of whom something is sealed in the stream, some more than once. */
  async peopleSealed(stream: string): Promise<string[]> {
    const subjects = (await this.executor.eventsFrom(stream, 0)).flatMap(({ data }) => [...sealedIn(data)].flatMap(({ s }) => s));
    return subjects.filter((subject) => subject.startsWith('person:')).map((subject) => subject.slice('person:'.length));
  }

  /** @throws Refusal `unknown-entry`. */
  async textOf(of: string, interaction: string): Promise<Text> {
    const events = await this.executor.eventsFrom(customerStream(of), 0);
    const own = events.filter((event) => textOf(event) === interaction);
    const logged = own.find(({ type }) => isLogged(type) || type === SNOOZED);
    if (logged === undefined) throw new Refusal('missing', 'unknown-entry', 'No such entry at this customer.');
    const sealed = own.filter(({ type }) => type !== 'EntryTextErased').flatMap(({ data }) => [...sealedIn(data)]);
    const keys = new Set(sealed.flatMap(({ s }) => s.filter((subject) => subject.startsWith('text:'))));
    const gone = await this.vault.destroyedOf([...keys]);
    const live = [...keys].filter((key) => !gone.has(key));
    return { kind: logged.type === SNOOZED ? 'snooze' : (logged.data as { kind: string }).kind, fields: sealed.filter(({ s }) => live.length === 0 || s.some((subject) => live.includes(subject))).length, live, alsoAt: elsewhere(events, new Set([interaction])) };
  }
}

/** The entry that an event of a customer is about. */
function entryOf({ type, id, data }: RecordedEvent): string | undefined {
  if (isLogged(type)) return id;
  return type === 'InteractionCorrected' || type === 'InteractionRetracted' ? (data as { original: string }).original : undefined;
}

/** The entry or snooze whose words an event holds. */
const textOf = (event: RecordedEvent): string | undefined => (event.type === SNOOZED ? event.id : entryOf(event));

/** Where these entries went when they were moved, or came from. */
function elsewhere(events: readonly RecordedEvent[], entries: ReadonlySet<string>): Elsewhere[] {
  return events.flatMap((event) => {
    const { movedTo, movedFrom } = event.data as { movedTo?: Elsewhere; movedFrom?: Elsewhere };
    const place = movedTo ?? movedFrom;
    return place !== undefined && entries.has(entryOf(event) ?? '') ? [place] : [];
  });
}
