/** A first mapping, from the names of the columns and what stands in them. Pure. */
import { layoutOf, mappingFor } from './layouts.js';
import type { Cell, Mapping } from './mapping.js';
import { commonFields, kinds, type Field } from '../customers/catalogue.js';
import { folded } from '../customers/words.js';
import { datesOf, type DateFormat } from './file-format.js';

/** A column, and the different values in it, as far as they were read, with how often each occurs. */
export interface Column {
  readonly name: string;
  readonly values: ReadonlyMap<string, number>;
  /** There are more different values than are listed. */
  readonly hasMore: boolean;
  /** How its values are written as dates, by all of them; left out where only those listed were looked at. */
  readonly dates?: DateFormat | null;
}

const datesIn = ({ dates, values }: Column): DateFormat | null => (dates === undefined ? datesOf(values.keys()) : dates);

const plain = (text: string): string => folded(text.replace(/([a-z\d])([A-Z])/g, '$1 $2')).replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

const WHO = '(customer|account|client|company|organi[sz]ation|kunden?|firma|cliente|societe|case)';
const NAMES: readonly (readonly [string, RegExp])[] = [
  ['customer.sourceId', new RegExp(`^${WHO} ?(id|no|nr|number|nummer|key|code|ref)$`)],
  ['customer.name', new RegExp(`^(${WHO}( ?name)?|name)$`)],
  ['customer.segment', /^(industry|segment|branche|sector|customer (type|segment))$/],
  ['customer.origin', /^(origin|lead source|herkunft)$/],
  ['customer.owner', /^((account )?(owner|manager)|responsible|assigned( to)?|betreuer|zustandig)$/],
  ['entry.sourceId', /^((ticket|entry|interaction|event|record|row|message|activity|issue)( ?(id|no|nr|number|key))|id|key|uuid)$/],
  ['entry.occurredAt', /^(date|time|datum|timestamp|when|zeit|(created|occurred|happened|opened|started|closed|completed?|sent)( ?(at|on|date|time|timestamp))?|date ?time|(activity|event|entry) (date|time))$/],
  ['entry.kind', /^(type|kind|art|typ|category|activity( ?(id|type|name))?|event( ?type)?|interaction( type)?|action)$/],
  ['entry.side', /^(direction|side|in out|inbound|richtung|initiator|by)$/],
  ['entry.channel', /^(channel|medium|kanal|via)$/],
  ['entry.severity', /^(severity|priority|prio(ritat)?|urgency)$/],
  ['entry.offering', /^(product|offering|plan|produkt|service|angebot)$/],
  ['entry.department', /^(department|team|abteilung)$/],
  ['entry.nps', /^(nps|nps score)$/],
  ['entry.csat', /^(csat|satisfaction)$/],
  ['entry.stars', /^(stars|rating)$/],
  ['entry.currency', /^(currency|wahrung)$/],
];
const TEXTS = /^(subject|title|summary|notes?|description|text|comments?|message|body|betreff|notiz|beschreibung|details)$/;

const KIND_WORDS: readonly (readonly [string, string])[] = Object.entries(kinds)
  .filter(([, { group }]) => group !== 'ours')
  .flatMap(([kind, { label, synonyms = [] }]) => [kind, label, ...synonyms].map((word) => [plain(word), kind] as const))
  .sort(([a], [b]) => b.length - a.length);

/** The kind that a value names, or whose name stands in it. */
export function kindFor(value: string): string | undefined {
  const text = plain(value);
  if (text === '') return undefined;
  return (KIND_WORDS.find(([word]) => word === text) ?? KIND_WORDS.find(([word]) => word.length > 2 && ` ${text} `.includes(` ${word} `)))?.[1];
}

const SIDES: readonly (readonly [RegExp, string])[] = [[/^(in|inbound|incoming|received|customer|client|eingehend|ein|from customer|they)$/, 'customer'], [/^(out|outbound|outgoing|sent|us|we|agent|ausgehend|aus|to customer|internal)$/, 'us']];
const SEVERITIES: readonly (readonly [RegExp, string])[] = [[/^(1|critical|urgent|blocker|kritisch|p1)$/, '1'], [/^(2|high|major|hoch|p2)$/, '2'], [/^(3|medium|normal|mittel|p3)$/, '3'], [/^(4|low|minor|niedrig|p4)$/, '4']];

/** Where a field of an entry is described. */
export function specOf(field: string): Field | undefined {
  return commonFields[field] ?? Object.values(kinds).map(({ fields }) => fields[field]).find((spec) => spec !== undefined);
}

/** What a value of a column would be called in this field; undefined when nothing is near. */
export function valueFor(field: string, value: string): string | undefined {
  if (field === 'entry.kind') return kindFor(value);
  const text = plain(value);
  if (field === 'entry.side') return SIDES.find(([pattern]) => pattern.test(text))?.[1];
  if (field === 'entry.severity') return SEVERITIES.find(([pattern]) => pattern.test(text))?.[1];
  return choicesOf(field)?.find((choice) => plain(choice) === text);
}

/** What the field may hold, when that is a short list: kinds, choices, yes and no, a few numbers. */
export function choicesOf(field: string): readonly string[] | undefined {
  if (field === 'entry.kind') return Object.entries(kinds).flatMap(([kind, { group }]) => (group === 'ours' ? [] : [kind]));
  if (!field.startsWith('entry.')) return undefined;
  const spec = specOf(field.slice('entry.'.length));
  if (spec?.type === 'flag') return ['true', 'false'];
  if (spec?.type === 'integer' && spec.min !== undefined && spec.max !== undefined && spec.max - spec.min <= 10) return Array.from({ length: spec.max - spec.min + 1 }, (_, index) => String(spec.min! + index));
  return spec?.choices;
}

/** The column as a cell of this field: with its values translated where the field holds a short list and they are not its own. */
export function cellFor(field: string, { name, values }: Column): Cell {
  const choices = choicesOf(field);
  if (choices === undefined || (field !== 'entry.kind' && [...values.keys()].every((value) => value === '' || choices.includes(value.trim())))) return `{${name}}`;
  return { column: name, values: Object.fromEntries([...values.keys()].map((value) => value.trim()).filter((value) => value !== '').flatMap((value) => {
    const found = valueFor(field, value);
    return found === undefined ? [] : [[value, found]];
  })) };
}

/** A short name of where the file came from: the same for the files of every month. */
export function sourceOf(fileName: string): string {
  const name = plain(fileName.replace(/\.[^.]*$/, '')).replace(/\b\d+\b/g, ' ').trim().replace(/\s+/g, '-').slice(0, 40);
  return /^[a-z]/.test(name) ? name.replace(/[^a-z0-9-]/g, '') : 'file';
}

/** What stands in several rows is the id of something else. */
const isUnique = ({ values }: Column): boolean => [...values].every(([value, count]) => value === '' || count === 1);

/** The ready mapping of a known product, fitted to the columns; else one by their names and what stands in them. */
export function suggest(columns: readonly Column[], fileName: string, delimiter: string): Mapping {
  const names = columns.map(({ name }) => name);
  const layout = layoutOf(names);
  if (layout !== undefined) return { ...mappingFor(layout, names), ...(delimiter !== ',' && { delimiter }) };
  const named = new Map<string, Column>();
  const taken = new Set<string>();
  for (const [field, pattern] of NAMES) {
    const column = columns.find((one) => !taken.has(one.name) && pattern.test(plain(one.name)) && (field !== 'entry.sourceId' || isUnique(one)));
    if (column === undefined) continue;
    named.set(field, column);
    taken.add(column.name);
  }
  // By what stands in it, when no name tells: the first column of dates.
  if (!named.has('entry.occurredAt') || datesIn(named.get('entry.occurredAt')!) === null) {
    const found = columns.find((column) => !taken.has(column.name) && datesIn(column) !== null);
    if (found !== undefined) named.set('entry.occurredAt', found);
  }
  const texts = columns.filter(({ name }) => !taken.has(name) && TEXTS.test(plain(name)));
  const source = sourceOf(fileName);
  const cells: Record<'customer' | 'entry', Record<string, Cell>> = { customer: { source }, entry: {} };
  const name = named.get('customer.name');
  if (!named.has('customer.sourceId') && name !== undefined) cells.customer['sourceId'] = `{${name.name}}`;
  for (const [path, column] of named) {
    const [part, field] = path.split('.') as ['customer' | 'entry', string];
    cells[part][field] = cellFor(path, column);
  }
  if (texts.length > 0) cells.entry['summary'] = texts.slice(0, 3).map(({ name: column }) => `{${column}}`).join(': ');
  if (cells.entry['sourceId'] !== undefined) cells.entry['source'] = source;
  const dated = named.get('entry.occurredAt');
  const format = dated === undefined ? undefined : datesIn(dated)?.format;
  // Without a date, a kind or a text it is a list of customers.
  const isBare = ['occurredAt', 'kind', 'summary'].every((field) => cells.entry[field] === undefined);
  return { customer: cells.customer, ...(!isBare && { entry: cells.entry }), ...(format !== undefined && { dates: { format } }), ...(delimiter !== ',' && { delimiter }) };
}
