/** What somebody is writing down, as the form holds it, and the request it becomes. Pure. */
import type { Field } from '../../api/generated/types.gen.js';
import { readTime } from './said-time.js';

export interface KindOf {
  readonly kind: string;
  readonly label: string;
  readonly group: string;
  readonly side: 'customer' | 'us' | 'either';
  readonly fields: Readonly<Record<string, Field>>;
  readonly synonyms?: readonly string[];
  readonly anyOf?: readonly string[];
}
export interface Catalogue {
  readonly items: readonly KindOf[];
  readonly common: Readonly<Record<string, Field>>;
}

/** One thing that happened. Values are as typed: instants in words, money in whole units of its currency. */
export interface Fact {
  readonly kind: string | null;
  readonly values: Readonly<Record<string, unknown>>;
}
export interface NewPerson {
  readonly name: string;
}
export interface Draft {
  /** One without an id is new. */
  readonly customer: { readonly id?: string; readonly name: string } | null;
  /** When it happened, as typed; empty is now. */
  readonly when: string;
  /** People that are new with this entry: `new:0` is the first. */
  readonly newPeople: readonly NewPerson[];
  /** The first is the entry; the others say more about it. */
  readonly facts: readonly Fact[];
  readonly step: { readonly what: string; readonly due: string };
}

/** Stands for the entry itself where a further fact names an entry. */
export const THIS_ENTRY = 'this';
export const newPersonId = (index: number): string => `new:${index}`;

export const emptyDraft = (more: Partial<Draft> = {}): Draft => ({ customer: null, when: '', newPeople: [], facts: [{ kind: null, values: {} }], step: { what: '', due: '' }, ...more });

/** Whether there is anything that would be a pity to lose. */
export const isWritten = ({ customer, when, newPeople, facts, step }: Draft): boolean =>
  (customer !== null && customer.id === undefined) || when.trim() !== '' || newPeople.length > 0 || facts.length > 1 || step.what.trim() !== '' || step.due.trim() !== '' || facts.some(({ kind, values }) => kind !== null || Object.values(values).some((value) => value !== '' && value !== undefined));

export const kindIn = (catalogue: Catalogue, kind: string | null): KindOf | undefined => catalogue.items.find((one) => one.kind === kind);
/** The fields of a kind by name, its own before the common ones. */
export const fieldsOf = (catalogue: Catalogue, kind: KindOf): Readonly<Record<string, Field>> => ({ ...kind.fields, ...Object.fromEntries(Object.entries(catalogue.common).filter(([name]) => !Object.hasOwn(kind.fields, name))) });

const given = (value: unknown): boolean => value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0) && !(typeof value === 'string' && value.trim() === '');

/** The currency of an amount; none when there is none. */
const codeIn = (values: Readonly<Record<string, unknown>>): string => (typeof values['currency'] === 'string' ? values['currency'] : '');

export interface Context {
  readonly catalogue: Catalogue;
  readonly now: number;
  readonly monthFirst: boolean;
  /** Digits after the point of a currency. */
  readonly digitsOf: (currency: string) => number;
  /** Instants that stand in the entry that is corrected: what was typed is the same, so is the instant. */
  readonly kept?: Readonly<Record<string, { readonly text: string; readonly iso: string }>>;
}

export interface Request {
  readonly entries: readonly Readonly<Record<string, unknown>>[];
  /** For each entry, where the form shows what is wrong with it: `0.`, `step.`, `person0.`. */
  readonly places: readonly string[];
}

/** What is wrong, by place: a code of the texts. */
export type Problems = Readonly<Record<string, string>>;

/** Whether a field stands for a time ahead, so that "friday" is the next one. */
export const directionOf = (field: string): 'past' | 'future' => (field === 'occurredAt' || field === 'start' ? 'past' : 'future');

export function requestOf(draft: Draft, context: Context): { readonly request: Request; readonly problems: Problems } {
  const { catalogue, now, monthFirst, digitsOf, kept = {} } = context;
  const problems: Record<string, string> = {};
  const entries: Record<string, unknown>[] = [];
  const places: string[] = [];
  const instant = (said: string, place: string, direction: 'past' | 'future'): string | undefined => {
    if (kept[place]?.text === said) return kept[place].iso;
    const read = readTime(said, now, direction, monthFirst);
    if (read === undefined) {
      problems[place] = 'notATime';
      return undefined;
    }
    return read.day ?? new Date(read.at).toISOString();
  };
  // The day alone would lie ahead for those whose day has begun before the organisation's: today, said so, is now.
  const happened = readTime(draft.when, now, 'past', monthFirst);
  const occurredAt = happened?.day !== undefined && happened.day === readTime('today', now)!.day ? new Date(now).toISOString() : instant(draft.when, 'when', 'past');

  if (draft.customer === null) problems['customer'] = 'needed';
  for (const [index, { name }] of draft.newPeople.entries()) {
    entries.push({ kind: 'person-added', name, ...(occurredAt !== undefined && { occurredAt }) });
    places.push(`person${index}.`);
  }
  const main = entries.length;
  const idOf = (person: string): string => (person.startsWith('new:') ? `#${person.slice(4)}` : person);

  for (const [index, { kind: name, values }] of draft.facts.entries()) {
    const at = `${index}.`;
    const kind = kindIn(catalogue, name);
    if (kind === undefined) {
      problems[`${at}kind`] = 'needed';
      continue;
    }
    const entry: Record<string, unknown> = { kind: kind.kind, ...(occurredAt !== undefined && { occurredAt }) };
    for (const [field, spec] of Object.entries(fieldsOf(catalogue, kind))) {
      const value = values[field];
      if (field === 'occurredAt') continue;
      if (!given(value)) {
        if (spec.required === true) problems[at + field] = 'needed';
        continue;
      }
      // A currency says nothing without an amount.
      if (field === 'currency' && !given(values['amount'])) continue;
      switch (spec.type) {
        case 'instant':
          entry[field] = instant(value as string, at + field, directionOf(field));
          break;
        case 'money':
          entry[field] = Math.round(Number(value) * 10 ** digitsOf(codeIn(values)));
          break;
        case 'person':
          entry[field] = idOf(value as string);
          break;
        case 'persons':
          entry[field] = (value as string[]).map(idOf);
          break;
        case 'entry':
          entry[field] = value === THIS_ENTRY ? `#${main}` : value;
          break;
        case 'text':
        case 'tag':
        case 'link':
          entry[field] = (value as string).trim();
          break;
        default:
          entry[field] = value;
      }
    }
    if (kind.side === 'either' && !given(values['side'])) problems[`${at}side`] = 'needed';
    if (given(values['feelingBy']) && !given(values['feeling'])) delete entry['feelingBy'];
    if (kind.anyOf !== undefined && !kind.anyOf.some((field) => given(values[field]))) problems[`${at}${kind.anyOf[0]!}`] = 'oneOf';
    if (index > 0) {
      // A further fact belongs to the entry, and to the people in it, unless it says otherwise.
      if (!Object.hasOwn(kind.fields, 'about') && entry['about'] === undefined) entry['about'] = `#${main}`;
      const people = draft.facts[0]!.values['people'];
      if (entry['people'] === undefined && given(people) && kind.group !== 'people') entry['people'] = (people as string[]).map(idOf);
    }
    entries.push(entry);
    places.push(at);
  }
  const { what, due } = draft.step;
  if (given(what) || given(due)) {
    const dueAt = given(due) ? instant(due, 'step.due', 'future') : undefined;
    if (!given(due)) problems['step.due'] = 'needed';
    entries.push({ kind: 'step-planned', ...(given(what) && { summary: what.trim() }), due: dueAt, about: `#${main}` });
    places.push('step.');
  }
  return { request: { entries, places }, problems };
}

/** The server's refusals by the place in the form: `entries[1].person` of a request whose second entry is the first fact is `0.person`. */
export function placesOf(fields: Readonly<Record<string, string>>, { places }: Pick<Request, 'places'>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([path, says]) => {
    const found = /^entries\[(\d+)\]\.?(.*)$/.exec(path);
    const place = found === null ? undefined : places[Number(found[1])];
    if (found === null || place === undefined) return [path, says];
    const field = found[2]!;
    if (field === 'occurredAt') return ['when', says];
    if (place.startsWith('person')) return ['0.people', says];
    return [place + (place === 'step.' && field === 'summary' ? 'what' : field), says];
  }));
}

/** An entry that was recorded, as the form holds it, to be corrected; and its instants, which stay when their text does. */
export function draftOf(entry: Readonly<Record<string, unknown>>, customer: { readonly id: string; readonly name: string }, { catalogue, digitsOf, write }: Pick<Context, 'catalogue' | 'digitsOf'> & { readonly write: (at: number) => string }): { readonly draft: Draft; readonly kept: NonNullable<Context['kept']> } {
  const kind = kindIn(catalogue, entry['kind'] as string);
  const values: Record<string, unknown> = {};
  const kept: Record<string, { text: string; iso: string }> = {};
  const text = (iso: string, place: string): string => {
    const said = write(Date.parse(iso));
    kept[place] = { text: said, iso };
    return said;
  };
  for (const [field, spec] of Object.entries(kind === undefined ? {} : fieldsOf(catalogue, kind))) {
    const value = entry[field];
    if (value === undefined || value === null || field === 'occurredAt') continue;
    if (spec.type === 'instant') values[field] = text(value as string, `0.${field}`);
    else if (spec.type === 'money') values[field] = (value as number) / 10 ** digitsOf(codeIn(entry));
    // People come with their names.
    else if (spec.type === 'persons') values[field] = (value as readonly (string | { readonly id: string })[]).map((one) => (typeof one === 'string' ? one : one.id));
    else values[field] = value;
  }
  const when = text(entry['occurredAt'] as string, 'when');
  return { draft: emptyDraft({ customer, when, facts: [{ kind: kind?.kind ?? null, values }] }), kept };
}
