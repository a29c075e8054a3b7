/** An entry as it is written down, and the check that turns outside input into one. Pure: the catalogue is the rule book. */
import type { PersonalField } from '../kernel/aggregate.js';
import { DAY, dayOf, parseInstant, startOfDay, toIso } from '../kernel/calendar.js';
import type { FieldProblem } from '../kernel/refusal.js';
import { commonFields, fieldsOf, isKind, kinds, personalFieldsOf, requiredFieldsOf, type Field, type Side } from './catalogue.js';

export type FieldValue = string | number | boolean | readonly string[];

/** An entry whose form is right. Instants are epoch ms; what only the customer's state can tell is checked by `decide`. */
export interface Entry {
  readonly kind: string;
  readonly occurredAt: number;
  readonly side: Side;
  readonly channel?: string;
  readonly department?: string;
  readonly people?: readonly string[];
  /** Id of the entry it answers or ends. */
  readonly about?: string;
  readonly offering?: string;
  readonly summary?: string;
  readonly customerGot?: string;
  readonly feeling?: number;
  readonly feelingBy?: string;
  readonly source?: string;
  readonly sourceId?: string;
  /** The kind's own fields. */
  readonly fields: Readonly<Record<string, FieldValue>>;
}

export interface CheckContext {
  /** Epoch ms: the default for occurredAt, and what the future is measured from. */
  readonly now: number;
  readonly zone: string;
  /** Department of the colleague who logs. */
  readonly department?: string;
  /** Id that a person-added may name: that of the person it added, when it is corrected. Else the server gives one. */
  readonly person?: string;
  /** Path of the entry in the request, for the problems: `entries[0].`. */
  readonly path?: string;
}

/** How far ahead of the server's clock something may have happened. */
export const FUTURE_TOLERANCE = 5 * 60_000;
/** Years outside this range are typing errors, and dates beyond it do not survive every database. */
const YEARS = { from: Date.UTC(1900, 0, 1), to: Date.UTC(2200, 0, 1) };
const TAG = /^[\p{L}\p{N}][\p{L}\p{N} ._:/+-]{0,99}$/u;
/** Ids of entries, people, customers and colleagues. */
export const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** One of these, or `#0`: the first entry of the same request. */
const REFERENCE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$|^#\d{1,3}$/;
const MAX_LIST = 50;

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The last millisecond of the day that begins at the instant, whatever its length. */
const endOfDay = (start: number, zone: string): number => startOfDay(dayOf(start + 1.5 * DAY, zone), zone) - 1;

type Read = { readonly value: FieldValue } | { readonly code: string; readonly message: string };

const wrong = (code: string, message: string): Read => ({ code, message });

function list(value: unknown, one: (item: unknown) => Read): Read {
  if (!Array.isArray(value)) return wrong('not-a-list', 'must be a list');
  if (value.length > MAX_LIST) return wrong('too-many', `must have at most ${MAX_LIST} items`);
  const items: string[] = [];
  for (const item of value) {
    const read = one(item);
    if ('code' in read) return read;
    items.push(read.value as string);
  }
  return { value: [...new Set(items)] };
}

function numeric(value: unknown, field: Field, whole: boolean): Read {
  if (typeof value !== 'number' || !Number.isFinite(value)) return wrong('not-a-number', 'must be a number');
  if (whole && !Number.isSafeInteger(value)) return wrong('not-whole', 'must be a whole number');
  if (field.min !== undefined && value < field.min) return wrong('too-small', `must be at least ${field.min}`);
  if (field.max !== undefined && value > field.max) return wrong('too-large', `must be at most ${field.max}`);
  return { value };
}

function matching(value: unknown, pattern: RegExp, code: string, message: string): Read {
  return typeof value === 'string' && pattern.test(value) ? { value } : wrong(code, message);
}

function oneOf(value: unknown, choices: readonly string[]): Read {
  return typeof value === 'string' && choices.includes(value) ? { value } : wrong('unknown-choice', `must be one of ${choices.join(', ')}`);
}

function readText(value: unknown, max: number): Read {
  if (typeof value !== 'string') return wrong('not-text', 'must be text');
  const trimmed = value.trim();
  if (trimmed === '') return wrong('empty', 'must not be empty');
  if (trimmed.length > max) return wrong('too-long', `must have at most ${max} characters`);
  return { value: trimmed };
}

function isLink(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
}

const isTag = (item: unknown): Read => matching(item, TAG, 'not-a-tag', 'must be a short key: letters, digits, space . _ : / + -, at most 100');
const isId = (item: unknown): Read => matching(item, REFERENCE, 'not-an-id', 'must be an id');

/** Reads one field of any type. */
export function readField(value: unknown, field: Field, zone: string): Read {
  switch (field.type) {
    case 'text':
      return readText(value, field.max ?? 4000);
    case 'link': {
      const read = readText(value, 2000);
      return 'value' in read && !isLink(read.value as string) ? wrong('not-a-link', 'must be an http or https address') : read;
    }
    case 'tag':
      return isTag(value);
    case 'tags':
      return list(value, isTag);
    case 'choice':
      return oneOf(value, field.choices ?? []);
    case 'choices':
      return list(value, (item) => oneOf(item, field.choices ?? []));
    case 'integer':
    case 'money':
      return numeric(value, field, true);
    case 'number':
      return numeric(value, field, false);
    case 'flag':
      return typeof value === 'boolean' ? { value } : wrong('not-a-flag', 'must be true or false');
    case 'currency':
      return matching(value, /^[A-Z]{3}$/, 'not-a-currency', 'must be an ISO 4217 code such as EUR');
    case 'instant': {
      const instant = typeof value === 'string' ? parseInstant(value, zone) : undefined;
      if (instant === undefined) return wrong('not-a-date', 'must be an ISO 8601 date or date-time');
      if (instant < YEARS.from || instant >= YEARS.to) return wrong('out-of-range', 'must be between 1900 and 2199');
      return { value: field.untilEnd === true && DATE.test(value as string) ? endOfDay(instant, zone) : instant };
    }
    case 'entry':
    case 'person':
    case 'colleague':
    case 'customer':
      return isId(value);
    case 'persons':
      return list(value, isId);
  }
}

export type Checked = { readonly entry: Entry; readonly problems?: undefined } | { readonly entry?: undefined; readonly problems: readonly FieldProblem[] };

/** Checks the form of one entry: `{ kind, occurredAt?, side?, … }`, unknown fields refused by name. */
export function checkEntry(raw: unknown, context: CheckContext): Checked {
  const path = context.path ?? '';
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return { problems: [{ field: path.replace(/\.$/, '') || 'entry', code: 'not-an-object', message: 'must be an object with a kind' }] };
  }
  const input = raw as Record<string, unknown>;
  const name = input['kind'];
  if (typeof name !== 'string' || !isKind(name)) {
    const message = name === undefined ? 'must be given' : `is not in the catalogue${typeof name === 'string' ? `: ${name.slice(0, 60)}` : ''}; see /api/v1/kinds`;
    return { problems: [{ field: `${path}kind`, code: name === undefined ? 'missing' : 'unknown-kind', message }] };
  }
  const kind = kinds[name]!;
  const fields = fieldsOf(name);
  const problems: FieldProblem[] = [];
  const problem = (field: string, code: string, message: string): void => void problems.push({ field: `${path}${field}`, code, message });
  const common: Record<string, FieldValue> = {};
  const own: Record<string, FieldValue> = {};

  for (const field of Object.keys(input)) {
    const value = input[field];
    if (field === 'kind' || value === undefined || value === null) continue;
    const spec = Object.hasOwn(fields, field) ? fields[field]! : undefined;
    if (spec === undefined) {
      problem(field, 'unknown-field', `is not a field of ${name}`);
      continue;
    }
    const read = readField(value, spec, context.zone);
    if ('code' in read) problem(field, read.code, read.message);
    else (Object.hasOwn(commonFields, field) ? common : own)[field] = read.value;
  }
  for (const field of requiredFieldsOf(name)) if (input[field] === undefined || input[field] === null) problem(field, 'missing', `must be given for ${name}`);
  if (kind.anyOf !== undefined && !kind.anyOf.some((field) => field in own) && problems.length === 0) {
    problem(kind.anyOf[0]!, 'missing', `one of ${kind.anyOf.join(', ')} must be given`);
  }

  const side = (common['side'] ?? (kind.side === 'either' ? undefined : kind.side)) as Side | undefined;
  if (side === undefined) problem('side', 'missing', `must be given for ${name}: customer or us`);
  else if (kind.side !== 'either' && side !== kind.side) problem('side', 'wrong-side', `must be ${kind.side} for ${name}`);
  const occurredAt = (common['occurredAt'] ?? context.now) as number;
  if (occurredAt > context.now + FUTURE_TOLERANCE) problem('occurredAt', 'in-the-future', 'must not be in the future; plan it as step-planned instead');
  if (own['amount'] !== undefined && own['currency'] === undefined) problem('currency', 'missing', 'must be given with an amount');
  if (common['sourceId'] !== undefined && common['source'] === undefined) problem('source', 'missing', 'must be given with a sourceId');
  if (name === 'person-added' && own['person'] !== undefined && own['person'] !== context.person) {
    problem('person', 'given-by-server', context.person === undefined ? 'is given by the server; leave it out' : 'must stay the same person');
  }
  // A renewal without a start may begin later, where the term before it ends.
  const start = own['start'] ?? (name === 'purchase' ? occurredAt : undefined);
  if (typeof own['end'] === 'number' && typeof start === 'number' && own['end'] <= start) problem('end', 'not-after-start', own['start'] === undefined ? 'must be after it happened, when no start is given' : 'must be after start');
  if (typeof own['due'] === 'number' && kind.event !== undefined && own['due'] <= occurredAt) problem('due', 'in-the-past', 'must lie after it happened');
  if (own['renews'] === 'open-ended' && own['end'] !== undefined) problem('end', 'open-ended', 'must be left out when the term is open-ended');

  if (problems.length > 0 || side === undefined) return { problems };
  const [only, ...others] = (common['people'] ?? []) as readonly string[];
  // A score that only one person can have given is that person's.
  if (name === 'survey-answered' && own['nps'] !== undefined && own['person'] === undefined && only !== undefined && others.length === 0) own['person'] = only;
  const channel = common['channel'] ?? kind.channel;
  const department = common['department'] ?? context.department;
  const feelingBy = common['feelingBy'] ?? (common['feeling'] === undefined ? undefined : 'observed');
  const entry = {
    ...common,
    kind: name,
    occurredAt,
    side,
    ...(channel !== undefined && { channel }),
    ...(department !== undefined && { department }),
    ...(feelingBy !== undefined && { feelingBy }),
    fields: own,
  } as Entry;
  return { entry };
}

/** People an entry names: those who took part, and the one its kind is about. */
export function peopleOf(entry: Pick<Entry, 'people' | 'fields'>): readonly string[] {
  if (entry.people === undefined && entry.fields['person'] === undefined && entry.fields['deciders'] === undefined) return [];
  const people = new Set(entry.people ?? []);
  if (typeof entry.fields['person'] === 'string') people.add(entry.fields['person']);
  for (const person of (entry.fields['deciders'] ?? []) as readonly string[]) people.add(person);
  return [...people];
}

/** Whose keys seal what is said about these people, else about the customer. Named by what they belong to: an id chosen by a colleague is nobody else's. */
export const subjectsOf = (people: readonly string[], customer: string): string[] => (people.length > 0 ? people.map((id) => `person:${id}`) : [`customer:${customer}`]);

/** The personal fields that an entry has, to be sealed under the keys of these subjects. */
export function personalIn(entry: Entry, subjects: readonly string[]): PersonalField[] {
  return personalFieldsOf(entry.kind)
    .filter((field) => field in entry || field in entry.fields)
    .map((field) => ({ path: field in entry ? [field] : ['fields', field], subjects }));
}

/** The entry as it goes over the wire, and as `checkEntry` reads it back: flat, instants in ISO 8601. */
export function toWire(entry: Entry): Record<string, unknown> {
  const specs = fieldsOf(entry.kind);
  const { kind, occurredAt, side, fields, ...common } = entry;
  const wire: Record<string, unknown> = { kind, occurredAt: toIso(occurredAt), side };
  for (const part of [common, fields] as const) {
    for (const [field, value] of Object.entries(part)) {
      if (Object.hasOwn(specs, field)) wire[field] = specs[field]!.type === 'instant' && typeof value === 'number' ? toIso(value) : value;
    }
  }
  return wire;
}

/** Puts ids in the place of `#0`, which names an entry (or the person it adds) of the same request. */
export function resolveWithin(entry: Entry, ids: readonly { readonly entry: string; readonly person?: string }[]): Entry {
  const specs = fieldsOf(entry.kind);
  const resolve = (field: string, value: FieldValue): FieldValue => {
    const type = specs[field]?.type;
    const one = (text: string): string => {
      const named = text.startsWith('#') ? ids[Number(text.slice(1))] : undefined;
      return named === undefined ? text : ((type === 'entry' ? named.entry : named.person) ?? text);
    };
    if (type === 'entry' || type === 'person') return one(value as string);
    return type === 'persons' ? (value as readonly string[]).map(one) : value;
  };
  const fields = Object.fromEntries(Object.entries(entry.fields).map(([field, value]) => [field, resolve(field, value)]));
  return {
    ...entry,
    fields,
    ...(entry.about !== undefined && { about: resolve('about', entry.about) as string }),
    ...(entry.people !== undefined && { people: resolve('people', entry.people) as readonly string[] }),
  };
}

/** Common fields with a default that the input leaves out. */
export const DEFAULTED = ['occurredAt', 'channel', 'department'] as const;
export type Defaulted = (typeof DEFAULTED)[number];

export function defaultedIn(raw: unknown): Defaulted[] {
  const input = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>;
  return DEFAULTED.filter((field) => input[field] === undefined || input[field] === null);
}
