/** What happened at a customer, as it stands in the log, and the state that follows from it. */
import type { Decided, Recorded } from '../kernel/aggregate.js';
import { isSealed } from '../kernel/aggregate.js';
import { fieldsOfType, kinds, RULED_EVENTS, type Field, type RuledEvent, type Side } from './catalogue.js';
import type { Entry, FieldValue } from './entry.js';
import { isObjection } from './objections.js';
import type { Snooze, SnoozeDetails } from './snooze.js';

// ---- events -----------------------------------------------------------------------------------------------

export interface Details {
  readonly name: string;
  /** Keyed hash of the name, to see whether it changed. */
  readonly nameMac: string;
  readonly segment?: string | null;
  readonly origin?: string | null;
  /** Id of the customer who referred this one. */
  readonly referredBy?: string | null;
  readonly team?: readonly string[];
}

export interface Origin {
  readonly source: string;
  readonly sourceId: string;
}

/** Where an entry stood before it was moved here, or went to. */
export interface Elsewhere {
  readonly customer: string;
  readonly interaction: string;
}

export type CustomerEvent =
  | (Decided<'CustomerRegistered', Details & Partial<Origin> & { readonly owner?: string }>)
  | (Decided<'CustomerDetailsChanged', Partial<Details>>)
  /** The event's id is the id of the interaction. `mac` is a keyed hash of the content. */
  | (Decided<'InteractionLogged', Entry & { readonly mac: string; readonly movedFrom?: Elsewhere }>)
  /** Entries with rules of their own (promises.ts, asks.ts): the same in form, and retracted and corrected as any other. */
  | (Decided<RuledEvent, Entry & { readonly mac: string; readonly movedFrom?: Elsewhere }>)
  | (Decided<'InteractionCorrected', Entry & { readonly mac: string; readonly original: string }>)
  | (Decided<'InteractionRetracted', { readonly original: string; readonly reason?: string; readonly because?: string; readonly movedTo?: Elsewhere; readonly replacedBy?: string; readonly undone?: UndoneEntry }>)
  /** The import that registered the customer was undone, and nothing was built on it: it is as if it had never been there. May be followed by another registration. */
  | (Decided<'RegistrationUndone', { readonly run: string }>)
  /** Replaces an earlier one for the same. One that runs out leaves no event. */
  | (Decided<'AttentionSnoozed', SnoozeDetails>)
  /** Ends the one that is `only` for this sort of reason; without it, all. */
  | (Decided<'SnoozeEnded', { readonly only?: string }>)
  /** The keys of what they name are destroyed already. What it counts could no longer be read from then on. */
  | (Decided<'PersonErased', { readonly person: string } & ErasedThen>)
  | (Decided<'CustomerErased', { readonly people: readonly string[] } & ErasedThen>)
  /** `keys`: the names of the keys of its versions' texts. */
  | (Decided<'EntryTextErased', { readonly original: string; readonly keys: readonly string[] } & ErasedThen>);

/** Of an entry that an import logged and its undoing took back: the run, and the command that is free to be carried out once more. */
export interface UndoneEntry {
  readonly run: string;
  readonly commandId: string;
}

export type LoggedEvent = 'InteractionLogged' | RuledEvent;
/** Events by which an entry comes into being: the event's id is its id. */
export const LOGGED: readonly LoggedEvent[] = ['InteractionLogged', ...RULED_EVENTS];
export const isLogged = (type: string): type is LoggedEvent => (LOGGED as readonly string[]).includes(type);
/** The event that an entry of a kind is recorded as. */
export const loggedAs = (kind: string): LoggedEvent => kinds[kind]?.event ?? 'InteractionLogged';

/** Of every erasure: its name, when it began, epoch ms, why, and what it took. */
export interface ErasedThen {
  readonly erasure: string;
  readonly at: number;
  readonly reason?: string;
  readonly entries: number;
  readonly fields: number;
  /** Copies of its entries at other customers, to which they were moved, or from which they came. */
  readonly alsoAt: readonly Elsewhere[];
}

// ---- state ------------------------------------------------------------------------------------------------

/** What the state keeps of an entry: all but its personal fields; of what the customer got, that it is said. */
export interface Interaction {
  readonly id: string;
  readonly kind: string;
  readonly occurredAt: number;
  readonly side: Side;
  readonly channel?: string;
  readonly department?: string;
  readonly people: readonly string[];
  readonly about?: string;
  readonly offering?: string;
  readonly feeling?: number;
  readonly feelingBy?: string;
  /** It says what the customer got; the words stay sealed in the log. */
  readonly saysCustomerGot?: true;
  /** Of a kind that must have one of several fields: which sealed ones it has; the words stay in the log. */
  readonly has?: readonly string[];
  readonly source?: string;
  readonly sourceId?: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly mac: string;
  /** Who logged it; who corrected it stands in the event only. */
  readonly actor: string;
  /** Revision of the event that holds the content: the log entry, or its last correction. */
  readonly revision: number;
}

export interface CustomerState {
  readonly id: string;
  registered: boolean;
  nameMac: string;
  segment: string | null;
  origin: string | null;
  referredBy: string | null;
  team: readonly string[];
  /** Owner at registration; later owners are entries. */
  firstOwner: string | null;
  firstSource: Partial<Origin>;
  /** Entries in force, corrected, by id. */
  readonly interactions: Map<string, Interaction>;
  readonly retracted: Set<string>;
  /** Commands of imports whose entries were taken back as the import was undone: the same row, imported again, is a new entry. */
  readonly undone: Set<string>;
  /** Ids of entries by source and sourceId. */
  readonly bySource: Map<string, string>;
  /** Ids of the entries that name this one. */
  readonly namedBy: Map<string, Set<string>>;
  /** Entry that added the person, by person; retracted ones are gone. */
  readonly people: Map<string, string>;
  /** Ids of the entries in force by which people objected to being contacted, or lifted that. */
  readonly objections: Set<string>;
  /** Snoozes set and not ended, by the sort of reason they are for, '' for all; whether they have run out tells the clock. */
  readonly snoozes: Map<string, Snooze>;
  /** When a person was erased, epoch ms. */
  readonly erased: Map<string, number>;
  /** When all of the customer was erased; null: it was not. */
  erasedAt: number | null;
  /** Entries whose text was erased, by id. */
  readonly erasedTexts: Set<string>;
}

export const sourceKey = (source: string, sourceId: string): string => `${source}\n${sourceId}`;

export function initial(stream: string): CustomerState {
  return {
    id: stream.slice('customer-'.length),
    registered: false,
    nameMac: '',
    segment: null,
    origin: null,
    referredBy: null,
    team: [],
    firstOwner: null,
    firstSource: {},
    interactions: new Map(),
    retracted: new Set(),
    undone: new Set(),
    bySource: new Map(),
    namedBy: new Map(),
    people: new Map(),
    objections: new Set(),
    snoozes: new Map(),
    erased: new Map(),
    erasedAt: null,
    erasedTexts: new Set(),
  };
}

/** The entry that says who owns the customer now: the last by the time it happened, then by id; the order of arrival does not matter. */
export function ownerEntryOf(state: CustomerState): Interaction | undefined {
  let last: Interaction | undefined;
  for (const entry of state.interactions.values()) {
    if (entry.kind !== 'owner-changed') continue;
    if (last === undefined || entry.occurredAt > last.occurredAt || (entry.occurredAt === last.occurredAt && entry.id > last.id)) last = entry;
  }
  return last;
}

export function ownerOf(state: CustomerState): string | null {
  return (ownerEntryOf(state)?.fields['owner'] as string | undefined) ?? state.firstOwner;
}

/** Fields of an entry that name other entries, with their specification. */
export function* references(entry: Pick<Entry, 'kind' | 'about' | 'fields'>): Generator<{ field: string; spec: Field; id: string }> {
  for (const [field, spec] of fieldsOfType(entry.kind, 'entry')) {
    const id = field === 'about' ? entry.about : entry.fields[field];
    if (typeof id === 'string') yield { field, spec, id };
  }
}

/** Entries that lose their meaning when this one goes, however far the chain reaches. */
export function fallingWith(state: CustomerState, id: string): string[] {
  const falling = new Set<string>();
  const visit = (named: string): void => {
    for (const by of state.namedBy.get(named) ?? []) {
      const entry = state.interactions.get(by);
      if (entry === undefined || falling.has(by) || by === id) continue;
      if ([...references(entry)].some((reference) => reference.id === named && reference.spec.binds === true)) {
        falling.add(by);
        visit(by);
      }
    }
  };
  visit(id);
  return [...falling];
}

/** Entries in force that name one of these, and stay when they go. */
export function namingStill(state: CustomerState, gone: readonly string[]): string[] {
  const naming = new Set(gone.flatMap((id) => [...(state.namedBy.get(id) ?? [])]));
  return [...naming].filter((id) => state.interactions.has(id) && !gone.includes(id));
}

/** Entries in force by which the person objected to being contacted, or lifted that. */
export const wordsAgainst = (state: CustomerState, person: string): Interaction[] =>
  [...state.objections].flatMap((id) => {
    const entry = state.interactions.get(id)!;
    return entry.fields['person'] === person ? [entry] : [];
  });

// ---- evolve -----------------------------------------------------------------------------------------------

function interactionOf(id: string, event: Recorded<Extract<CustomerEvent, { type: LoggedEvent | 'InteractionCorrected' }>>, actor: string): Interaction {
  const { data } = event;
  const { kind, occurredAt, side, channel, department, about, offering, feeling, feelingBy, customerGot, source, sourceId, mac } = data;
  const fields: Record<string, FieldValue> = {};
  for (const [field, value] of Object.entries(data.fields)) if (!isSealed(value)) fields[field] = value;
  const has = (kinds[kind]?.anyOf ?? []).filter((field) => isSealed(data.fields[field]));
  return {
    id,
    kind,
    occurredAt,
    side,
    people: data.people ?? [],
    fields,
    mac,
    actor,
    revision: event.revision,
    ...(channel !== undefined && { channel }),
    ...(department !== undefined && { department }),
    ...(about !== undefined && { about }),
    ...(offering !== undefined && { offering }),
    ...(feeling !== undefined && { feeling }),
    ...(feelingBy !== undefined && { feelingBy }),
    ...(customerGot !== undefined && { saysCustomerGot: true as const }),
    ...(has.length > 0 && { has }),
    ...(source !== undefined && { source }),
    ...(sourceId !== undefined && { sourceId }),
  };
}

function enter(state: CustomerState, entry: Interaction): void {
  state.interactions.set(entry.id, entry);
  for (const { id } of references(entry)) {
    const by = state.namedBy.get(id);
    if (by === undefined) state.namedBy.set(id, new Set([entry.id]));
    else by.add(entry.id);
  }
  if (entry.source !== undefined && entry.sourceId !== undefined) state.bySource.set(sourceKey(entry.source, entry.sourceId), entry.id);
  if (isObjection(entry.kind)) state.objections.add(entry.id);
  if (entry.kind === 'person-added') state.people.set(entry.fields['person'] as string, entry.id);
}

function leave(state: CustomerState, id: string): void {
  const entry = state.interactions.get(id);
  if (entry === undefined) return;
  state.interactions.delete(id);
  state.objections.delete(id);
  for (const reference of references(entry)) state.namedBy.get(reference.id)?.delete(id);
  if (entry.kind === 'person-added') state.people.delete(entry.fields['person'] as string);
}

/** What an undone import brought may be brought again: its sourceId and its command are free. */
function release(state: CustomerState, id: string, { commandId }: UndoneEntry): void {
  state.undone.add(commandId);
  const { source, sourceId } = state.interactions.get(id) ?? {};
  if (source !== undefined && sourceId !== undefined && state.bySource.get(sourceKey(source, sourceId)) === id) state.bySource.delete(sourceKey(source, sourceId));
}

/** The first time counts. */
function erase(state: CustomerState, person: string, at: number): void {
  if (!state.erased.has(person)) state.erased.set(person, at);
}

export function evolve(state: CustomerState, event: Recorded<CustomerEvent>): CustomerState {
  switch (event.type) {
    case 'CustomerRegistered': {
      const { nameMac, segment, origin, referredBy, team, owner, source, sourceId } = event.data as Extract<CustomerEvent, { type: 'CustomerRegistered' }>['data'];
      state.registered = true;
      state.nameMac = nameMac;
      state.segment = segment ?? null;
      state.origin = origin ?? null;
      state.referredBy = referredBy ?? null;
      state.team = team ?? [];
      state.firstOwner = owner ?? null;
      state.firstSource = { ...(source !== undefined && { source }), ...(sourceId !== undefined && { sourceId }) };
      return state;
    }
    case 'CustomerDetailsChanged': {
      const { nameMac, segment, origin, referredBy, team } = event.data as Partial<Details>;
      if (nameMac !== undefined) state.nameMac = nameMac;
      if (segment !== undefined) state.segment = segment;
      if (origin !== undefined) state.origin = origin;
      if (referredBy !== undefined) state.referredBy = referredBy;
      if (team !== undefined) state.team = team;
      return state;
    }
    case 'InteractionLogged':
    case 'PromiseMade':
    case 'PromiseProduced':
    case 'PromiseDelivered':
    case 'PromiseConfirmed':
    case 'AdvocacyAsked':
    case 'AdvocacyAccepted':
    case 'AdvocacyDeclined':
      enter(state, interactionOf(event.id, event as never, event.metadata.actor));
      return state;
    case 'InteractionCorrected': {
      const { original } = event.data as { original: string };
      const before = state.interactions.get(original);
      if (before === undefined) return state;
      leave(state, original);
      // A pair it no longer has is free for another.
      if (before.source !== undefined && before.sourceId !== undefined) state.bySource.delete(sourceKey(before.source, before.sourceId));
      enter(state, interactionOf(original, event as never, before.actor));
      return state;
    }
    case 'InteractionRetracted': {
      const { original, undone } = event.data as { original: string; undone?: UndoneEntry };
      if (undone !== undefined) release(state, original, undone);
      leave(state, original);
      state.retracted.add(original);
      return state;
    }
    case 'RegistrationUndone':
      Object.assign(state, { registered: false, nameMac: '', segment: null, origin: null, referredBy: null, team: [], firstOwner: null, firstSource: {} } satisfies Partial<CustomerState>);
      state.snoozes.clear();
      return state;
    case 'AttentionSnoozed': {
      const { at, until, only } = event.data as SnoozeDetails;
      state.snoozes.set(only ?? '', { at, until, by: event.metadata.actor, revision: event.revision, ...(only !== undefined && { only }) });
      return state;
    }
    case 'SnoozeEnded': {
      const { only } = event.data as { only?: string };
      if (only === undefined) state.snoozes.clear();
      else state.snoozes.delete(only);
      return state;
    }
    case 'PersonErased': {
      const { person, at } = event.data as { person: string } & ErasedThen;
      erase(state, person, at);
      return state;
    }
    case 'CustomerErased': {
      const { people, at } = event.data as { people: readonly string[] } & ErasedThen;
      for (const person of people) erase(state, person, at);
      state.erasedAt ??= at;
      return state;
    }
    case 'EntryTextErased':
      state.erasedTexts.add((event.data as { original: string }).original);
      return state;
  }
  return unknownEvent(event.type);
}

function unknownEvent(type: never): never {
  throw new Error(`unknown event ${String(type)}`);
}
