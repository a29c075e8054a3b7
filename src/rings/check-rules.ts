/** Whether anything at all, as it came, is a set of rules that can be used. Safe for any JSON value. */
import { kinds } from '../customers/catalogue.js';
import { isObjection } from '../customers/objections.js';
import type { FieldProblem } from '../kernel/refusal.js';
import { PROMISE_MISSED, type Rules } from './rules.js';

/** What a field holds. `least`: of a length in days; `orNull`: it may be switched off; `optional`: it may be left out, and is this then. */
type Spec =
  | { readonly is: 'days'; readonly least: 0 | 1; readonly orNull?: true; readonly optional?: number }
  | { readonly is: 'kinds'; readonly evidence: 'no' | 'customer' | 'attended' }
  | { readonly is: 'flag' };

const days = (least: 0 | 1): Spec => ({ is: 'days', least });
const daysOrNull = (least: 0 | 1): Spec => ({ is: 'days', least, orNull: true });

/** Every field of the rules but `preset`, in the order in which they are written down. */
const FIELDS = {
  contact: { window: days(1), windowWhileCustomer: days(1), except: { is: 'kinds', evidence: 'no' }, attended: { is: 'kinds', evidence: 'attended' } },
  purchase: { length: daysOrNull(1), beyondEnd: days(0), grace: days(0) },
  adoption: { window: days(1), evidence: { is: 'kinds', evidence: 'customer' }, csatAfterReview: daysOrNull(0), championLost: days(1), promiseMissed: { is: 'days', least: 1, optional: PROMISE_MISSED } },
  renewal: { early: days(0), tacit: { is: 'flag' }, alsoWithin: daysOrNull(0) },
  advocacy: { window: days(1) },
  warning: { days: days(0), terms: days(0) },
  expected: { contact: daysOrNull(0), review: daysOrNull(0) },
  response: days(0),
} as const satisfies { readonly [Part in Exclude<keyof Rules, 'preset'>]: Spec | { readonly [Field in keyof Rules[Part]]: Spec } };

/** A hundred years. */
const MOST_DAYS = 36_500;
const MOST_KINDS = 200;
/** Who sends more mistakes than this reads no more of them. */
const MOST_PROBLEMS = 50;
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isSpec = (spec: object): spec is Spec => 'is' in spec;
/** Text from outside, short enough to repeat. */
const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
const problem = (field: string, code: string, message: string): FieldProblem => ({ field, code, message });

function* checkKinds(field: string, value: unknown, evidence: 'no' | 'customer' | 'attended'): Generator<FieldProblem> {
  if (!Array.isArray(value) || value.length > MOST_KINDS || value.some((name) => typeof name !== 'string')) {
    yield problem(field, 'not-kinds', `must be a list of at most ${MOST_KINDS} names of kinds`);
    return;
  }
  const names = value as string[];
  if (new Set(names).size < names.length) yield problem(field, 'twice', 'must not name a kind twice');
  if (evidence === 'customer' && names.length === 0) yield problem(field, 'empty', 'must name at least one kind');
  for (const name of names) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) yield problem(field, 'unknown-kind', `${shown(name)} is not in the catalogue`);
    else if (evidence === 'no') continue;
    else if (kind.side === 'us') yield problem(field, 'our-own-doing', `${name} is done by us; only what the customer does lights a ring`);
    else if (evidence === 'attended' && !('attended' in kind.fields)) yield problem(field, 'not-attended', `${name} has nobody who attends`);
    else if (evidence === 'customer' && kind.side === 'either') yield problem(field, 'our-own-doing', `${name} may be done by us alone; only what the customer does lights a ring`);
  }
}

function* checkField(field: string, value: unknown, spec: Spec): Generator<FieldProblem> {
  switch (spec.is) {
    case 'days': {
      const ok = (value === null && spec.orNull === true) || (Number.isInteger(value) && Number(value) >= spec.least && Number(value) <= MOST_DAYS);
      if (!ok) yield problem(field, 'not-days', `must be a whole number of days from ${spec.least} to ${MOST_DAYS}${spec.orNull === true ? ', or null' : ''}`);
      return;
    }
    case 'flag':
      if (typeof value !== 'boolean') yield problem(field, 'not-a-flag', 'must be true or false');
      return;
    case 'kinds':
      yield* checkKinds(field, value, spec.evidence);
  }
}

/** Every field must be there but the optional ones, and no other. */
function* checkKeys(path: string, given: Record<string, unknown>, wanted: readonly string[], optional: readonly string[] = []): Generator<FieldProblem> {
  for (const key of Object.keys(given)) if (!wanted.includes(key)) yield problem(path + (key.length > 60 ? `${key.slice(0, 60)}…` : key), 'unknown-field', 'is not a field of the rules');
  for (const key of wanted) if (!Object.hasOwn(given, key) && !optional.includes(key)) yield problem(path + key, 'missing', 'must be given');
}

function* findProblems(given: unknown): Generator<FieldProblem> {
  if (!isObject(given)) {
    yield problem('rules', 'not-an-object', 'must be an object, as five-ring rules presets NAME prints one');
    return;
  }
  yield* checkKeys('', given, ['preset', ...Object.keys(FIELDS)]);
  if (Object.hasOwn(given, 'preset') && (typeof given['preset'] !== 'string' || !NAME.test(given['preset']))) yield problem('preset', 'not-a-name', 'must be a name: lower-case letters, digits and -, at most 64');
  for (const [part, spec] of Object.entries(FIELDS)) {
    if (!Object.hasOwn(given, part)) continue;
    const value = given[part];
    if (isSpec(spec)) yield* checkField(part, value, spec);
    else if (!isObject(value)) yield problem(part, 'not-an-object', `must be an object with ${Object.keys(spec).join(', ')}`);
    else {
      yield* checkKeys(`${part}.`, value, Object.keys(spec), Object.entries<Spec>(spec).filter(([, own]) => 'optional' in own).map(([field]) => field));
      for (const [field, own] of Object.entries<Spec>(spec)) if (Object.hasOwn(value, field)) yield* checkField(`${part}.${field}`, value[field], own);
    }
  }
}

/** What only shows when each field is right by itself. */
function* findContradictions({ contact }: Rules): Generator<FieldProblem> {
  if (contact.windowWhileCustomer < contact.window) yield problem('contact.windowWhileCustomer', 'too-small', 'must not be shorter than contact.window');
  const theirs = Object.entries(kinds).some(([name, { side }]) => side !== 'us' && !contact.except.includes(name) && !isObjection(name));
  if (!theirs && contact.attended.length === 0) yield problem('contact.except', 'nothing-left', 'leaves no kind by which the customer could light the ring');
}

/** What is wrong with what should be a set of rules; empty when it can be used. At most 50 problems. */
export function checkRules(given: unknown): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const one of findProblems(given)) if (problems.push(one) === MOST_PROBLEMS) return problems;
  return problems.length > 0 ? problems : [...findContradictions(given as Rules)];
}

/** The same rules with their fields in one order, so that equal rules are equal text. Of what `checkRules` found nothing wrong with. */
export function rulesFrom(given: unknown): Rules {
  const from = given as Record<string, unknown>;
  const part = ([name, spec]: [string, object]): [string, unknown] => [name, isSpec(spec) ? from[name] : Object.fromEntries(Object.keys(spec).map((field) => [field, (from[name] as Record<string, unknown>)[field]]).filter(([, value]) => value !== undefined))];
  return { preset: from['preset'], ...Object.fromEntries(Object.entries(FIELDS).map(part)) } as unknown as Rules;
}

/** What a field is when it is left out. */
const givenOr = (spec: Spec, value: unknown): unknown => (value === undefined && 'optional' in spec ? spec.optional : value);

/** Every field as a path and its value, in one order; lists of kinds as sets. */
export function fieldsOfRules(rules: Rules): ReadonlyMap<string, unknown> {
  const values = rules as unknown as Readonly<Record<string, unknown>>;
  const plain = (value: unknown): unknown => (Array.isArray(value) ? [...(value as string[])].sort() : value);
  return new Map(Object.entries(FIELDS).flatMap(([name, spec]): [string, unknown][] => (isSpec(spec) ? [[name, values[name]]] : Object.entries<Spec>(spec).map(([field, own]) => [`${name}.${field}`, plain(givenOr(own, (values[name] as Record<string, unknown>)[field]))]))));
}
