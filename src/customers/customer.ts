/**
 * The customer: its people and everything that happened between us, in one stream `customer-<id>`.
 * Nothing here says how far the customer has come; the rings slice derives that from the state below.
 */
import type { Aggregate, Decided, PersonalField, Recorded } from '../kernel/aggregate.js';
import { isSealed } from '../kernel/aggregate.js';
import { Refusal, invalid, type FieldProblem } from '../kernel/refusal.js';
import { fieldsOf, type Field, type Side } from './catalogue.js';
import { peopleOf, personalIn, type Entry, type FieldValue } from './entry.js';

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
  | (Decided<'InteractionCorrected', Entry & { readonly mac: string; readonly original: string }>)
  | (Decided<'InteractionRetracted', { readonly original: string; readonly reason?: string; readonly because?: string; readonly movedTo?: Elsewhere }>);

// ---- commands ---------------------------------------------------------------------------------------------

/** An entry with the id it will have and the keyed hash of its content. */
export interface EntryToLog {
  readonly id: string;
  readonly mac: string;
  readonly entry: Entry;
}

export type CustomerCommand =
  /** Registers the customer, or when it is there (same source and sourceId) takes over what differs; `owner`: the entry for another owner then. */
  | { readonly type: 'RegisterCustomer'; readonly details: Details & Partial<Origin> & { readonly owner?: string }; readonly mayExist: boolean; readonly owner?: EntryToLog }
  /** `owner`: the entry that says who owns the customer from now on. */
  | { readonly type: 'ChangeDetails'; readonly details: Partial<Details>; readonly owner?: EntryToLog }
  | { readonly type: 'LogInteractions'; readonly entries: readonly EntryToLog[]; readonly movedFrom?: Elsewhere }
  | { readonly type: 'CorrectInteraction'; readonly original: string; readonly entry: Entry; readonly mac: string }
  /** `including` must name exactly the entries that fall with it, or the refusal lists them. */
  | { readonly type: 'RetractInteraction'; readonly original: string; readonly reason?: string; readonly including: readonly string[]; readonly movedTo?: Elsewhere };

// ---- state ------------------------------------------------------------------------------------------------

/** What the state keeps of an entry: all but its personal fields. */
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
  readonly source?: string;
  readonly sourceId?: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly mac: string;
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
  /** Ids of entries by source and sourceId. */
  readonly bySource: Map<string, string>;
  /** Ids of the entries that name this one. */
  readonly namedBy: Map<string, Set<string>>;
  /** Entry that added the person, by person; retracted ones are gone. */
  readonly people: Map<string, string>;
}

const sourceKey = (source: string, sourceId: string): string => `${source}\n${sourceId}`;

function initial(stream: string): CustomerState {
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
    bySource: new Map(),
    namedBy: new Map(),
    people: new Map(),
  };
}

/** The last owner by the time it happened, then by id: the order of arrival does not matter. */
export function ownerOf(state: CustomerState): string | null {
  let last: Interaction | undefined;
  for (const entry of state.interactions.values()) {
    if (entry.kind !== 'owner-changed') continue;
    if (last === undefined || entry.occurredAt > last.occurredAt || (entry.occurredAt === last.occurredAt && entry.id > last.id)) last = entry;
  }
  return (last?.fields['owner'] as string | undefined) ?? state.firstOwner;
}

/** Fields of an entry that name other entries, with their specification. */
function* references(entry: Pick<Entry, 'kind' | 'about' | 'fields'>): Generator<{ field: string; spec: Field; id: string }> {
  for (const [field, spec] of Object.entries(fieldsOf(entry.kind))) {
    if (spec.type !== 'entry') continue;
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

// ---- decide -----------------------------------------------------------------------------------------------

/** Checks what only the state can tell: that people and entries named are there, and of the right kind. */
function checkNames(entry: Entry, state: CustomerState, fresh: ReadonlyMap<string, Entry>, path: string, self?: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const { field, spec, id } of references(entry)) {
    const kind = state.interactions.get(id)?.kind ?? fresh.get(id)?.kind;
    if (kind === undefined || id === self) {
      const message = state.retracted.has(id) ? 'names an entry that was retracted' : 'names no earlier entry of this customer';
      problems.push({ field: path + field, code: 'unknown-entry', message });
    } else if (spec.of !== undefined && spec.of.length > 0 && !spec.of.includes(kind)) {
      problems.push({ field: path + field, code: 'wrong-kind', message: `must name ${spec.of.join(' or ')}, not ${kind}` });
    }
  }
  if (entry.kind !== 'person-added') {
    const added = new Set([...fresh.values()].filter(({ kind }) => kind === 'person-added').map(({ fields }) => fields['person']));
    for (const id of peopleOf(entry)) {
      if (state.people.has(id) || added.has(id)) continue;
      const field = entry.fields['person'] === id ? 'person' : entry.people?.includes(id) ? 'people' : 'deciders';
      problems.push({ field: path + field, code: 'unknown-person', message: `${id} is nobody at this customer` });
    }
  } else {
    const person = entry.fields['person'] as string;
    const addedBy = state.people.get(person);
    if (addedBy !== undefined && addedBy !== self) problems.push({ field: `${path}person`, code: 'already-there', message: `${person} is already a person at this customer` });
  }
  return problems;
}

function logInteractions(entries: readonly EntryToLog[], state: CustomerState, movedFrom: Elsewhere | undefined): CustomerEvent[] {
  const fresh = new Map<string, Entry>();
  const problems: FieldProblem[] = [];
  const events: CustomerEvent[] = [];
  const given = new Set<string>();
  entries.forEach(({ id, mac, entry }, index) => {
    const path = `entries[${index}].`;
    const origin = entry.source === undefined || entry.sourceId === undefined ? undefined : sourceKey(entry.source, entry.sourceId);
    if (origin !== undefined && given.has(origin)) {
      problems.push({ field: `${path}sourceId`, code: 'given-twice', message: 'stands twice in this request' });
      return;
    }
    if (origin !== undefined) given.add(origin);
    const known = origin === undefined ? undefined : state.bySource.get(origin);
    if (known !== undefined) {
      const current = state.interactions.get(known);
      if (current === undefined || current.mac === mac) return;
      if (current.kind !== entry.kind) {
        problems.push({ field: `${path}kind`, code: 'kind-cannot-change', message: `the entry with this sourceId is a ${current.kind}; retract it and log again` });
        return;
      }
      // The person keeps the id it was given when it was first imported.
      const person = current.kind === 'person-added' ? { fields: { ...entry.fields, person: current.fields['person']! } } : {};
      const corrected = { ...entry, ...person };
      problems.push(...checkNames(corrected, state, fresh, path, known));
      events.push({ type: 'InteractionCorrected', data: { ...corrected, mac, original: known } });
      return;
    }
    problems.push(...checkNames(entry, state, fresh, path));
    fresh.set(id, entry);
    events.push({ type: 'InteractionLogged', id, data: { ...entry, mac, ...(movedFrom !== undefined && { movedFrom }) } });
  });
  if (problems.length > 0) throw invalid(problems);
  return events;
}

function inForce(state: CustomerState, id: string): Interaction {
  const entry = state.interactions.get(id);
  if (entry !== undefined) return entry;
  if (state.retracted.has(id)) throw new Refusal('conflict', 'retracted', 'This entry was retracted; a retraction is final.');
  throw new Refusal('missing', 'unknown-entry', 'No such entry at this customer.');
}

function retract(command: Extract<CustomerCommand, { type: 'RetractInteraction' }>, state: CustomerState): CustomerEvent[] {
  const entry = inForce(state, command.original);
  if (entry.kind === 'person-added') {
    const person = entry.fields['person'] as string;
    const naming = [...state.interactions.values()].filter((other) => other.id !== entry.id && peopleOf(other).includes(person));
    if (naming.length > 0) {
      throw new Refusal('conflict', 'person-named', 'Other entries name this person; correct or retract those first.', [], { entries: naming.map(({ id, kind }) => ({ id, kind })) });
    }
  }
  const falling = fallingWith(state, command.original);
  const named = new Set(command.including);
  if (falling.length !== named.size || falling.some((id) => !named.has(id))) {
    const entries = falling.map((id) => ({ id, kind: state.interactions.get(id)!.kind }));
    throw new Refusal('conflict', 'names-others', 'Retracting this entry takes others out that name it; repeat with `including` listing exactly these.', [], { entries });
  }
  const { reason, movedTo } = command;
  return [
    { type: 'InteractionRetracted', data: { original: command.original, ...(reason !== undefined && { reason }), ...(movedTo !== undefined && { movedTo }) } },
    ...falling.map((id): CustomerEvent => ({ type: 'InteractionRetracted', data: { original: id, because: command.original } })),
  ];
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** What of the details differs from the state. */
function differing(details: Partial<Details>, state: CustomerState): Partial<Details> {
  return {
    ...(details.name !== undefined && details.nameMac !== undefined && details.nameMac !== state.nameMac && { name: details.name, nameMac: details.nameMac }),
    ...(details.segment !== undefined && details.segment !== state.segment && { segment: details.segment }),
    ...(details.origin !== undefined && details.origin !== state.origin && { origin: details.origin }),
    ...(details.referredBy !== undefined && details.referredBy !== state.referredBy && { referredBy: details.referredBy }),
    ...(details.team !== undefined && !sameList(details.team, state.team) && { team: details.team }),
  };
}

function changeDetails(details: Partial<Details>, state: CustomerState): CustomerEvent[] {
  if (details.referredBy === state.id) throw invalid([{ field: 'referredBy', code: 'itself', message: 'cannot be the customer itself' }]);
  const change = differing(details, state);
  return Object.keys(change).length === 0 ? [] : [{ type: 'CustomerDetailsChanged', data: change }];
}

function decide(command: CustomerCommand, state: CustomerState): CustomerEvent[] {
  if (command.type === 'RegisterCustomer') {
    if (!state.registered) return [{ type: 'CustomerRegistered', data: command.details }];
    if (!command.mayExist) throw new Refusal('conflict', 'already-there', 'This customer is already registered.');
    const { name, nameMac, segment, origin, referredBy, team } = command.details;
    // What is left out is not taken away.
    const changed = changeDetails({ name, nameMac, ...(segment != null && { segment }), ...(origin != null && { origin }), ...(referredBy != null && { referredBy }), ...(team !== undefined && { team }) }, state);
    const newOwner = command.owner !== undefined && command.details.owner !== ownerOf(state);
    return newOwner ? [...changed, ...logInteractions([command.owner!], state, undefined)] : changed;
  }
  if (!state.registered) throw new Refusal('missing', 'unknown-customer', 'No such customer.');
  switch (command.type) {
    case 'ChangeDetails':
      return [...changeDetails(command.details, state), ...(command.owner === undefined ? [] : logInteractions([command.owner], state, undefined))];
    case 'LogInteractions':
      return logInteractions(command.entries, state, command.movedFrom);
    case 'CorrectInteraction': {
      const current = inForce(state, command.original);
      if (current.mac === command.mac) return [];
      if (current.kind !== command.entry.kind) {
        throw invalid([{ field: 'kind', code: 'kind-cannot-change', message: `must stay ${current.kind}; retract the entry and log it again` }]);
      }
      if (current.kind === 'person-added' && current.fields['person'] !== command.entry.fields['person']) {
        throw invalid([{ field: 'person', code: 'person-cannot-change', message: 'must stay the same person' }]);
      }
      const problems = checkNames(command.entry, state, new Map(), '', command.original);
      if (problems.length > 0) throw invalid(problems);
      return [{ type: 'InteractionCorrected', data: { ...command.entry, mac: command.mac, original: command.original } }];
    }
    case 'RetractInteraction':
      return retract(command, state);
  }
}

// ---- evolve -----------------------------------------------------------------------------------------------


function interactionOf(id: string, event: Recorded<Extract<CustomerEvent, { type: 'InteractionLogged' | 'InteractionCorrected' }>>): Interaction {
  const { data } = event;
  const { kind, occurredAt, side, channel, department, about, offering, feeling, source, sourceId, mac } = data;
  const fields: Record<string, FieldValue> = {};
  for (const [field, value] of Object.entries(data.fields)) if (!isSealed(value)) fields[field] = value;
  return {
    id,
    kind,
    occurredAt,
    side,
    people: data.people ?? [],
    fields,
    mac,
    actor: event.metadata.actor,
    revision: event.revision,
    ...(channel !== undefined && { channel }),
    ...(department !== undefined && { department }),
    ...(about !== undefined && { about }),
    ...(offering !== undefined && { offering }),
    ...(feeling !== undefined && { feeling }),
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
  if (entry.kind === 'person-added') state.people.set(entry.fields['person'] as string, entry.id);
}

function leave(state: CustomerState, id: string): void {
  const entry = state.interactions.get(id);
  if (entry === undefined) return;
  state.interactions.delete(id);
  for (const reference of references(entry)) state.namedBy.get(reference.id)?.delete(id);
  if (entry.kind === 'person-added') state.people.delete(entry.fields['person'] as string);
}

function evolve(state: CustomerState, event: Recorded<CustomerEvent>): CustomerState {
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
      enter(state, interactionOf(event.id, event as never));
      return state;
    case 'InteractionCorrected': {
      const { original } = event.data as { original: string };
      if (state.retracted.has(original)) return state;
      leave(state, original);
      enter(state, interactionOf(original, event as never));
      return state;
    }
    case 'InteractionRetracted': {
      const { original } = event.data as { original: string };
      leave(state, original);
      state.retracted.add(original);
      return state;
    }
  }
  return unknownEvent(event.type);
}

function unknownEvent(type: never): never {
  throw new Error(`unknown event ${String(type)}`);
}

// ---- personal data ----------------------------------------------------------------------------------------

function personal(event: CustomerEvent, state: Pick<CustomerState, 'id'>): PersonalField[] {
  const customer = [state.id];
  switch (event.type) {
    case 'CustomerRegistered':
    case 'CustomerDetailsChanged':
      return [{ path: ['name'], subjects: customer }];
    case 'InteractionLogged':
    case 'InteractionCorrected': {
      const people = peopleOf(event.data);
      return personalIn(event.data, people.length > 0 ? people : customer);
    }
    case 'InteractionRetracted':
      return [{ path: ['reason'], subjects: customer }];
  }
}

export const customer: Aggregate<CustomerCommand, CustomerEvent, CustomerState> = { name: 'customer', initial, decide, evolve, personal };

export const customerStream = (id: string): string => `customer-${id}`;
