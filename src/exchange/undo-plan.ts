/** What undoing an import would take back at one customer, and what others have built on it since. Pure. */
import { customer, type CustomerState, type Details } from '../customers/customer.js';
import { isLogged } from '../customers/customer.state.js';
import type { Entry } from '../customers/entry.js';
import type { RecordedEvent } from '../kernel/event-store.js';

/** Something that stands on what the import recorded. */
export interface BuiltUpon {
  /** Stream it stands in; `entry` where it is an entry, with its kind. */
  readonly stream: string;
  readonly entry?: string;
  readonly kind?: string;
  /** What it does with what the import recorded. */
  readonly why: 'names it' | 'corrects it' | 'moved it' | 'stands at its customer' | 'changed its customer';
}

export interface UndoPlan {
  /** Revision of the stream it was made for. */
  readonly revision: number;
  /** Entries it logged that are in force, the last recorded first, with the commands that logged them. */
  readonly retract: readonly { readonly original: string; readonly commandId: string }[];
  /** Entries it corrected, with the revision of the event that says what they said before. */
  readonly restore: readonly { readonly original: string; readonly revision: number }[];
  /** Details it changed, with the revisions of the events that say what they were before. */
  readonly details: ReadonlyMap<keyof Details, number>;
  /** Whether it registered the customer, who goes. */
  readonly registration: boolean;
  readonly builtUpon: readonly BuiltUpon[];
}

const DETAILS = ['name', 'segment', 'origin', 'referredBy', 'team'] as const;
/** What nobody builds by: they take away, or are about us. */
const HARMLESS = ['InteractionRetracted', 'RegistrationUndone', 'AttentionSnoozed', 'SnoozeEnded', 'PersonErased', 'CustomerErased', 'EntryTextErased'];

/** All texts in an event's data, however deep. */
export function* textsIn(node: unknown): Generator<string> {
  if (typeof node === 'string') yield node;
  else if (typeof node === 'object' && node !== null) for (const child of Object.values(node)) yield* textsIn(child);
}

export const namesAny = (data: unknown, ids: ReadonlySet<string>): boolean => {
  for (const text of textsIn(data)) if (ids.has(text)) return true;
  return false;
};

/** `events`: all of the customer's stream. */
export function planUndo(run: string, stream: string, events: readonly RecordedEvent[]): UndoPlan {
  const isOurs = ({ metadata }: RecordedEvent): boolean => metadata.correlationId === run;
  let state: CustomerState = customer.initial(stream);
  for (const event of events) state = customer.evolve(state, event as never);
  const added = new Map<string, string>();
  const people = new Set<string>();
  const versions = new Map<string, RecordedEvent[]>();
  let registeredBy: RecordedEvent | undefined;
  let wroteDetails = new Map<keyof Details, RecordedEvent[]>();
  for (const event of events) {
    const { type, id, data, metadata } = event;
    if (type === 'CustomerRegistered' || type === 'CustomerDetailsChanged') {
      if (type === 'CustomerRegistered') {
        registeredBy = event;
        wroteDetails = new Map();
      }
      for (const field of DETAILS) if (type === 'CustomerRegistered' || Object.hasOwn(data as object, field)) wroteDetails.set(field, [...(wroteDetails.get(field) ?? []), event]);
    }
    if (isLogged(type)) {
      versions.set(id, [event]);
      if (isOurs(event)) added.set(id, metadata.commandId);
      if (isOurs(event) && (data as Entry).kind === 'person-added') people.add((data as Entry).fields['person'] as string);
    } else if (type === 'InteractionCorrected') versions.get((data as { original: string }).original)?.push(event);
  }
  const inForce = [...added.keys()].filter((id) => state.interactions.has(id));
  const goes = registeredBy !== undefined && isOurs(registeredBy) && state.registered && state.erasedAt === null;
  const named = new Set([...added.keys(), ...people]);
  const builtUpon: BuiltUpon[] = [];
  const entryOf = (id: string): { readonly entry: string; readonly kind: string } => ({ entry: id, kind: state.interactions.get(id)!.kind });
  for (const id of inForce) if (!isOurs(versions.get(id)!.at(-1)!)) builtUpon.push({ stream, ...entryOf(id), why: 'corrects it' });
  for (const event of events) {
    const { type, data } = event;
    if (isOurs(event)) continue;
    if (type === 'InteractionRetracted') {
      const { original, movedTo } = data as { original: string; movedTo?: unknown };
      if (movedTo !== undefined && added.has(original)) builtUpon.push({ stream, entry: original, why: 'moved it' });
    }
    if (HARMLESS.includes(type) || type === 'CustomerRegistered') continue;
    const entry = isLogged(type) ? event.id : type === 'InteractionCorrected' ? (data as { original: string }).original : undefined;
    if (entry !== undefined) {
      // Of others' entries what counts is what they say now.
      if (added.has(entry) || versions.get(entry)!.at(-1) !== event || !state.interactions.has(entry)) continue;
      if (namesAny(data, named)) builtUpon.push({ stream, ...entryOf(entry), why: 'names it' });
      else if (goes) builtUpon.push({ stream, ...entryOf(entry), why: 'stands at its customer' });
    } else if (type === 'CustomerDetailsChanged') {
      if (goes && event.revision > registeredBy!.revision) builtUpon.push({ stream, why: 'changed its customer' });
    } else if (namesAny(data, named) || goes) builtUpon.push({ stream, why: 'names it' });
  }
  const restore = [...versions].flatMap(([original, all]) => {
    if (added.has(original) || !isOurs(all.at(-1)!) || !state.interactions.has(original) || state.erasedAt !== null || state.erasedTexts.has(original)) return [];
    return [{ original, revision: all.findLast((event) => !isOurs(event))!.revision }];
  });
  const details = new Map(goes ? [] : [...wroteDetails].flatMap(([field, all]): [keyof Details, number][] => {
    const before = all.findLast((event) => !isOurs(event));
    return isOurs(all.at(-1)!) && before !== undefined && state.erasedAt === null ? [[field, before.revision]] : [];
  }));
  return { revision: events.length - 1, retract: inForce.reverse().map((original) => ({ original, commandId: added.get(original)! })), restore, details, registration: goes, builtUpon };
}

/** Nothing is left to take back. */
export const isDone = ({ retract, restore, details, registration }: UndoPlan): boolean => retract.length === 0 && restore.length === 0 && details.size === 0 && !registration;
