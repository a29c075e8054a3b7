/**
 * The customer: its people and everything that happened between us, in one stream `customer-<id>`.
 * Nothing here says how far the customer has come; the rings slice derives that from the state.
 */
import type { Aggregate, PersonalField } from '../kernel/aggregate.js';
import { Refusal, invalid, type FieldProblem } from '../kernel/refusal.js';
import { evolve, fallingWith, initial, loggedAs, namingStill, ownerOf, references, sourceKey, wordsAgainst, type CustomerEvent, type CustomerState, type Details, type Elsewhere, type Interaction, type Origin } from './customer.state.js';
import { ASK, ASK_BUDGET, askProblems, type AskBudget } from './asks.js';
import { ACTS, kinds } from './catalogue.js';
import { peopleOf, personalIn, subjectsOf, type Defaulted, type Entry } from './entry.js';
import { isObjection, objectionsTo } from './objections.js';
import { promiseProblems } from './promises.js';
import { checkSnooze, checkSnoozed, type SnoozeDetails } from './snooze.js';

export { fallingWith, isLogged, LOGGED, ownerOf } from './customer.state.js';
export type { CustomerEvent, CustomerState, Details, Elsewhere, Interaction, Origin } from './customer.state.js';

// ---- commands ---------------------------------------------------------------------------------------------

/** An entry with the id it will have and the keyed hash of its content. */
export interface EntryToLog {
  readonly id: string;
  readonly mac: string;
  readonly entry: Entry;
  /** Fields the request left out and that got a default: when the entry turns out to be a correction, it keeps what it had. */
  readonly defaulted?: readonly Defaulted[];
}

export type CustomerCommand =
  /** Registers the customer, or when it is there (same source and sourceId) takes over what differs; `owner`: the entry for another owner then. */
  | { readonly type: 'RegisterCustomer'; readonly details: Details & Partial<Origin> & { readonly owner?: string }; readonly mayExist: boolean; readonly owner?: EntryToLog }
  /** `owner`: the entry that says who owns the customer from now on. */
  | { readonly type: 'ChangeDetails'; readonly details: Partial<Details>; readonly owner?: EntryToLog }
  /** `budget`: how often one person may be asked; the usual one without it. */
  | { readonly type: 'LogInteractions'; readonly entries: readonly EntryToLog[]; readonly movedFrom?: Elsewhere; readonly budget?: AskBudget }
  | ({ readonly type: 'CorrectInteraction'; readonly original: string; readonly budget?: AskBudget } & Omit<EntryToLog, 'id'>)
  /** An entry of another kind in its place: the original is retracted, the new one logged. */
  | ({ readonly type: 'ReplaceInteraction'; readonly original: string } & EntryToLog)
  /** `including` must name exactly the entries that fall with it; without it, the refusal lists all that name the entry. */
  | { readonly type: 'RetractInteraction'; readonly original: string; readonly reason?: string; readonly including?: readonly string[]; readonly movedTo?: Elsewhere }
  /** `zone` decides what a year ahead is. */
  | { readonly type: 'SnoozeAttention'; readonly snooze: SnoozeDetails; readonly zone: string }
  /** `only`: just the one for this sort of reason; without it, all. */
  | { readonly type: 'EndSnooze'; readonly now: number; readonly only?: string }
  /** Takes back what a run of an import recorded here; whoever sends it has made sure that nothing is built on it, at the revision it gives. What is gone already is passed over. */
  | UndoImport
  /** Says in the log what was erased: the keys are gone already, so nothing of it is refused. */
  | { readonly type: 'ErasePerson'; readonly erased: Erasing<'PersonErased'> }
  | { readonly type: 'EraseCustomer'; readonly erased: Erasing<'CustomerErased'> }
  | { readonly type: 'EraseText'; readonly erased: Erasing<'EntryTextErased'> };

export interface UndoImport {
  readonly type: 'UndoImport';
  readonly run: string;
  /** Entries it logged, with the commands that did. */
  readonly retract: readonly { readonly original: string; readonly commandId: string }[];
  /** Entries it corrected, as they stood before. */
  readonly restore: readonly { readonly original: string; readonly entry: Entry; readonly mac: string }[];
  /** Of the details it changed, what they were before. */
  readonly details: Partial<Details>;
  /** Whether the customer goes with it. */
  readonly registration: boolean;
}

export type Erasing<Type extends CustomerEvent['type']> = Extract<CustomerEvent, { type: Type }>['data'];

// ---- decide -----------------------------------------------------------------------------------------------

/** Checks what only the state can tell: that people and entries named are there, and of the right kind. `before`: the entry it corrects. */
function checkNames(entry: Entry, state: CustomerState, fresh: ReadonlyMap<string, Entry>, path: string, before?: Interaction): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const named = new Map(before === undefined ? [] : [...references(before)].map(({ field, id }) => [field, id]));
  for (const { field, spec, id } of references(entry)) {
    // What it named may have been retracted since.
    if (state.retracted.has(id) && named.get(field) === id) continue;
    const kind = state.interactions.get(id)?.kind ?? fresh.get(id)?.kind;
    if (kind === undefined || id === before?.id) {
      const message = state.retracted.has(id) ? 'names an entry that was retracted' : 'names no earlier entry of this customer';
      problems.push({ field: path + field, code: 'unknown-entry', message });
    } else if (spec.of !== undefined && spec.of.length > 0 && !spec.of.includes(kind)) {
      problems.push({ field: path + field, code: 'wrong-kind', message: `must name ${spec.of.join(' or ')}, not ${kind}` });
    }
  }
  const erased = erasedNamed(entry, state, path);
  if (erased.length > 0) return [...problems, ...erased];
  if (entry.kind !== 'person-added') {
    const isAdded = (id: string): boolean => [...fresh.values()].some(({ kind, fields }) => kind === 'person-added' && fields['person'] === id);
    for (const id of peopleOf(entry)) {
      if (state.people.has(id) || isAdded(id)) continue;
      problems.push({ field: path + naming(entry, id), code: 'unknown-person', message: `${id} is nobody at this customer` });
    }
  } else {
    const person = entry.fields['person'] as string;
    const addedBy = state.people.get(person);
    if (addedBy !== undefined && addedBy !== before?.id) problems.push({ field: `${path}person`, code: 'already-there', message: `${person} is already a person at this customer` });
  }
  return problems;
}

/** Objections and liftings of one request: by the entry they correct, or a place of their own; `index` is their place in it. */
interface WordInRequest {
  readonly index: number;
  readonly corrects: string | undefined;
  readonly entry: Entry;
}

/** Refuses to approach those who object. Of the same request, what stands earlier in it was said before what happened at the same instant. */
function checkObjections(entry: Entry, state: CustomerState, path: string, before?: Interaction, index = 0, words: readonly WordInRequest[] = []): FieldProblem[] {
  const wordsOf = (person: string) => [
    ...wordsAgainst(state, person).filter(({ id }) => !words.some(({ corrects }) => corrects === id)),
    ...words.flatMap((word) => (word.entry.fields['person'] === person && (word.index < index || word.entry.occurredAt < entry.occurredAt) ? [word.entry] : [])),
  ];
  return objectionsTo(entry, wordsOf, path, before);
}

/** An entry of this request that stands in no state yet, as the rules of promises and asks read it. */
const asLogged = (id: string, entry: Entry): Interaction => ({ ...entry, id, people: entry.people ?? [], mac: '', actor: '', revision: -1 });

const isAct = ({ kind }: Pick<Entry, 'kind'>): boolean => (ACTS as readonly string[]).includes(kind);

/** An act answers an ask of the person who did it; and nobody brings us themselves. */
function checkAct(entry: Entry, state: CustomerState, fresh: ReadonlyMap<string, Entry>, path: string): FieldProblem[] {
  const asked = entry.about === undefined ? undefined : (state.interactions.get(entry.about) ?? fresh.get(entry.about));
  return [
    ...(asked?.kind === ASK && asked.fields['person'] !== entry.fields['person'] ? [{ field: `${path}about`, code: 'another-person', message: 'is an ask of somebody else' }] : []),
    ...(entry.fields['referredCustomer'] === state.id ? [{ field: `${path}referredCustomer`, code: 'itself', message: 'cannot be the customer itself' }] : []),
  ];
}

/** What the rules of its kind say against a promise, an ask, or a step of one. */
function checkRules(entry: Entry, state: CustomerState, fresh: ReadonlyMap<string, Entry>, budget: AskBudget, path: string, before?: Interaction): FieldProblem[] {
  if (isAct(entry)) return checkAct(entry, state, fresh, path);
  if (kinds[entry.kind]?.event === undefined) return [];
  const others = [...state.interactions.values(), ...[...fresh].map(([id, one]) => asLogged(id, one))].filter(({ id }) => id !== before?.id);
  return entry.kind.startsWith('promise-') ? promiseProblems(entry, others, path) : askProblems(entry, others, budget, path);
}

/** A step of a promise, or an answer to an ask, is about the people that one names, unless it says others: its text is theirs. */
function aboutTheSame(entry: Entry, state: CustomerState, fresh: ReadonlyMap<string, Entry>): Entry {
  if (kinds[entry.kind]?.event === undefined || entry.kind === ASK || entry.about === undefined || entry.people !== undefined) return entry;
  const named = state.interactions.get(entry.about) ?? fresh.get(entry.about);
  const people = named === undefined ? [] : peopleOf(named).filter((person) => !state.erased.has(person));
  return people.length === 0 ? entry : { ...entry, people };
}

/** The field of the entry that names the person. */
const naming = (entry: Entry, person: string): string => (entry.fields['person'] === person ? 'person' : entry.people?.includes(person) ? 'people' : 'deciders');

/** Nothing more is recorded about somebody who was erased. */
function erasedNamed(entry: Entry, state: CustomerState, path: string): FieldProblem[] {
  return peopleOf(entry).filter((person) => state.erased.has(person)).map((person) => ({ field: path + naming(entry, person), code: 'person-erased', message: `${person} was erased: nothing more is recorded about them` }));
}

/** The entry that came from the same source under the same id, in force or not. */
function bySourceOf(entry: Entry, state: CustomerState): string | undefined {
  return entry.source === undefined || entry.sourceId === undefined ? undefined : state.bySource.get(sourceKey(entry.source, entry.sourceId));
}

/** No two entries in force come from the same source under the same id. */
function checkSource(entry: Entry, state: CustomerState, self: string): FieldProblem[] {
  const holder = bySourceOf(entry, state);
  if (holder === undefined || holder === self || !state.interactions.has(holder)) return [];
  return [{ field: 'sourceId', code: 'held-by-another', message: `is that of the entry ${holder}` }];
}

/** The entry with what it keeps of the one it stands for: what the request left out, where it came from, and the person it added. */
function keeping({ entry, defaulted = [] }: Pick<EntryToLog, 'entry' | 'defaulted'>, before: Interaction): Entry {
  const { occurredAt, channel, department, ...rest } = entry;
  const kept = <F extends Defaulted>(field: F, given: Entry[F]): Entry[F] => (defaulted.includes(field) ? before[field] : given);
  const now = { channel: kept('channel', channel), department: kept('department', department) };
  return {
    ...rest,
    occurredAt: kept('occurredAt', occurredAt),
    ...(now.channel !== undefined && { channel: now.channel }),
    ...(now.department !== undefined && { department: now.department }),
    ...(entry.source === undefined && before.source !== undefined && { source: before.source, ...(before.sourceId !== undefined && { sourceId: before.sourceId }) }),
    ...(entry.kind === 'person-added' && { fields: { ...entry.fields, person: before.fields['person']! } }),
  };
}

function logInteractions(entries: readonly EntryToLog[], state: CustomerState, movedFrom: Elsewhere | undefined, budget: AskBudget = ASK_BUDGET): CustomerEvent[] {
  const fresh = new Map<string, Entry>();
  const problems: FieldProblem[] = [];
  const events: CustomerEvent[] = [];
  const given = new Set<string>();
  const words = entries.flatMap((toLog, index): WordInRequest[] => {
    const corrects = isObjection(toLog.entry.kind) && movedFrom === undefined ? bySourceOf(toLog.entry, state) : undefined;
    const current = corrects === undefined ? undefined : state.interactions.get(corrects);
    // What was retracted stays so, and says nothing.
    if (!isObjection(toLog.entry.kind) || (corrects !== undefined && current === undefined)) return [];
    return [{ index, corrects, entry: current === undefined ? toLog.entry : keeping(toLog, current) }];
  });
  entries.forEach((toLog, index) => {
    const { id, mac } = toLog;
    const entry = aboutTheSame(toLog.entry, state, fresh);
    const path = `entries[${index}].`;
    const origin = entry.source === undefined || entry.sourceId === undefined ? undefined : sourceKey(entry.source, entry.sourceId);
    if (origin !== undefined && given.has(origin)) {
      problems.push({ field: `${path}sourceId`, code: 'given-twice', message: 'stands twice in this request' });
      return;
    }
    if (origin !== undefined) given.add(origin);
    const known = bySourceOf(entry, state);
    const current = known === undefined ? undefined : state.interactions.get(known);
    if (movedFrom !== undefined && current !== undefined) {
      throw new Refusal('conflict', 'already-there', 'The customer it goes to has an entry with this source and sourceId.', [{ field: 'sourceId', code: 'already-there', message: `is that of the entry ${current.id} there` }]);
    }
    // What was retracted stays so when its source sends it again; an entry that comes back from elsewhere is logged.
    if (known !== undefined && movedFrom === undefined) {
      if (current === undefined || current.mac === mac) return;
      if (current.kind !== entry.kind) {
        problems.push({ field: `${path}kind`, code: 'kind-cannot-change', message: `the entry with this sourceId is a ${current.kind}; retract it and log again` });
        return;
      }
      // The person keeps the id it was given when it was first imported.
      const corrected = aboutTheSame(keeping(toLog, current), state, fresh);
      problems.push(...checkNames(corrected, state, fresh, path, current), ...checkObjections(corrected, state, path, current, index, words), ...checkRules(corrected, state, fresh, budget, path, current));
      events.push({ type: 'InteractionCorrected', data: { ...corrected, mac, original: known } });
      return;
    }
    problems.push(...checkNames(entry, state, fresh, path), ...checkObjections(entry, state, path, undefined, index, words));
    // What names nobody and nothing is said first.
    if (problems.length === 0) problems.push(...checkRules(entry, state, fresh, budget, path));
    fresh.set(id, entry);
    events.push({ type: loggedAs(entry.kind), id, data: { ...entry, mac, ...(movedFrom !== undefined && { movedFrom }) } });
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
  const staying = namingStill(state, [command.original, ...falling]);
  const { including } = command;
  const named = new Set(including);
  if ((including === undefined && staying.length > 0) || falling.length !== named.size || falling.some((id) => !named.has(id))) {
    const listed = (ids: readonly string[], falls: boolean) => ids.map((id) => ({ id, kind: state.interactions.get(id)!.kind, falls }));
    throw new Refusal('conflict', 'names-others', 'Other entries name this one: those that fall are taken out with it, the others stay; repeat with `including` listing exactly those that fall.', [], { entries: [...listed(falling, true), ...listed(staying, false)] });
  }
  const { reason, movedTo } = command;
  return [
    { type: 'InteractionRetracted', data: { original: command.original, ...(reason !== undefined && { reason }), ...(movedTo !== undefined && { movedTo }) } },
    ...falling.map((id): CustomerEvent => ({ type: 'InteractionRetracted', data: { original: id, because: command.original } })),
  ];
}

function correct(command: Extract<CustomerCommand, { type: 'CorrectInteraction' }>, state: CustomerState): CustomerEvent[] {
  const current = inForce(state, command.original);
  if (current.mac === command.mac) return [];
  if (current.kind !== command.entry.kind) throw invalid([{ field: 'kind', code: 'kind-cannot-change', message: `must stay ${current.kind}` }]);
  const corrected = aboutTheSame(keeping(command, current), state, new Map());
  const problems = [...checkNames(corrected, state, new Map(), '', current), ...checkObjections(corrected, state, '', current), ...checkSource(corrected, state, current.id)];
  if (problems.length > 0) throw invalid(problems);
  const against = checkRules(corrected, state, new Map(), command.budget ?? ASK_BUDGET, '', current);
  if (against.length > 0) throw invalid(against);
  return [{ type: 'InteractionCorrected', data: { ...corrected, mac: command.mac, original: current.id } }];
}

function replace(command: Extract<CustomerCommand, { type: 'ReplaceInteraction' }>, state: CustomerState): CustomerEvent[] {
  const current = inForce(state, command.original);
  const isFixed = (kind: string): boolean => kind === 'person-added' || kinds[kind]?.event !== undefined;
  if (isFixed(current.kind) || isFixed(command.entry.kind)) {
    throw invalid([{ field: 'kind', code: 'kind-cannot-change', message: `cannot change from ${current.kind} to ${command.entry.kind}; retract the entry and log again` }]);
  }
  // The usual channel of the new kind comes before that of the old entry.
  const defaulted = (command.defaulted ?? []).filter((field) => field !== 'channel' || command.entry.channel === undefined);
  const entry = keeping({ entry: command.entry, defaulted }, current);
  const problems = [...checkNames(entry, state, new Map(), '', current), ...checkObjections(entry, state, '', current), ...checkSource(entry, state, current.id)];
  if (problems.length > 0) throw invalid(problems);
  retract({ type: 'RetractInteraction', original: current.id, including: [] }, state);
  return [
    { type: 'InteractionRetracted', data: { original: current.id, replacedBy: command.id } },
    { type: 'InteractionLogged', id: command.id, data: { ...entry, mac: command.mac } },
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

/** Nothing, when the owner is the owner already. */
function changeOwner(owner: EntryToLog | undefined, state: CustomerState): CustomerEvent[] {
  return owner === undefined || owner.entry.fields['owner'] === ownerOf(state) ? [] : logInteractions([owner], state, undefined);
}

function undoImport({ run, retract, restore, details, registration }: UndoImport, state: CustomerState): CustomerEvent[] {
  return [
    ...retract.filter(({ original }) => state.interactions.has(original)).map(({ original, commandId }): CustomerEvent => ({ type: 'InteractionRetracted', data: { original, undone: { run, commandId } } })),
    ...restore.filter(({ original, mac }) => state.interactions.has(original) && state.interactions.get(original)!.mac !== mac).map(({ original, entry, mac }): CustomerEvent => ({ type: 'InteractionCorrected', data: { ...entry, mac, original } })),
    ...(registration ? [{ type: 'RegistrationUndone', data: { run } } satisfies CustomerEvent] : changeDetails(details, state)),
  ];
}

function refuseErased(state: CustomerState): void {
  if (state.erasedAt !== null) throw new Refusal('conflict', 'customer-erased', 'This customer was erased: nothing more is recorded about it.');
}

function decide(command: CustomerCommand, state: CustomerState): CustomerEvent[] {
  if (command.type === 'RegisterCustomer') {
    if (!state.registered) return [{ type: 'CustomerRegistered', data: command.details }];
    if (!command.mayExist) throw new Refusal('conflict', 'already-there', 'This customer is already registered.');
    refuseErased(state);
    const { name, nameMac, segment, origin, referredBy, team } = command.details;
    // What is left out is not taken away.
    const changed = changeDetails({ name, nameMac, ...(segment != null && { segment }), ...(origin != null && { origin }), ...(referredBy != null && { referredBy }), ...(team !== undefined && { team }) }, state);
    return [...changed, ...changeOwner(command.owner, state)];
  }
  if (!state.registered) throw new Refusal('missing', 'unknown-customer', 'No such customer.');
  switch (command.type) {
    case 'ErasePerson':
      return state.erased.has(command.erased.person) ? [] : [{ type: 'PersonErased', data: command.erased }];
    case 'EraseCustomer':
      return state.erasedAt !== null ? [] : [{ type: 'CustomerErased', data: command.erased }];
    case 'EraseText':
      return [{ type: 'EntryTextErased', data: command.erased }];
    default:
      // Taking back an entry says nothing about anybody; a reason would.
      if (command.type === 'UndoImport' && command.restore.length === 0) break;
      if (command.type !== 'RetractInteraction' || command.reason !== undefined) refuseErased(state);
  }
  switch (command.type) {
    case 'ChangeDetails':
      return [...changeDetails(command.details, state), ...changeOwner(command.owner, state)];
    case 'LogInteractions':
      return logInteractions(command.entries, state, command.movedFrom, command.budget);
    case 'CorrectInteraction':
      return correct(command, state);
    case 'ReplaceInteraction':
      return replace(command, state);
    case 'RetractInteraction':
      return retract(command, state);
    case 'UndoImport':
      return undoImport(command, state);
    case 'SnoozeAttention':
      checkSnooze(command.snooze, command.zone);
      return [{ type: 'AttentionSnoozed', data: command.snooze }];
    case 'EndSnooze': {
      const { now, only } = command;
      checkSnoozed(state.snoozes, now, only);
      return [{ type: 'SnoozeEnded', data: only === undefined ? {} : { only } }];
    }
  }
}

// ---- personal data ----------------------------------------------------------------------------------------

function personal(event: CustomerEvent, state: CustomerState): PersonalField[] {
  switch (event.type) {
    case 'CustomerRegistered':
    case 'CustomerDetailsChanged':
      return [{ path: ['name'], subjects: subjectsOf([], state.id) }];
    case 'InteractionLogged':
    case 'PromiseMade':
    case 'PromiseProduced':
    case 'PromiseDelivered':
    case 'PromiseConfirmed':
    case 'AdvocacyAsked':
    case 'AdvocacyAccepted':
    case 'AdvocacyDeclined':
    case 'InteractionCorrected': {
      const fields = personalIn(event.data, subjectsOf(peopleOf(event.data), state.id));
      // Who somebody is is erased with them.
      return event.data.kind === 'person-added' ? fields : fields.map((field) => ({ ...field, alone: true as const }));
    }
    case 'InteractionRetracted': {
      // Why it was taken back is about the people it named, and part of its text.
      const entry = state.interactions.get(event.data.original);
      const people = entry === undefined ? [] : peopleOf(entry).filter((person) => !state.erased.has(person));
      return [{ path: ['reason'], subjects: subjectsOf(people, state.id), alone: true }];
    }
    case 'AttentionSnoozed':
      return [{ path: ['reason'], subjects: subjectsOf([], state.id), alone: true }];
    case 'PersonErased':
    case 'EntryTextErased':
      return [{ path: ['reason'], subjects: subjectsOf([], state.id) }];
    case 'CustomerErased':
      // The customer's own key is gone.
      return [{ path: ['reason'], subjects: ['organisation'] }];
    case 'SnoozeEnded':
    case 'RegistrationUndone':
      return [];
  }
}

export const customer: Aggregate<CustomerCommand, CustomerEvent, CustomerState> = { name: 'customer', initial, decide, evolve, personal };

export const customerStream = (id: string): string => `customer-${id}`;
