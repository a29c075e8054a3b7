/** Mappings: how the columns of somebody's file become customers and entries. Pure. */
import { instantOf, isZone, parseInstant } from '../kernel/calendar.js';
import type { FieldProblem } from '../kernel/refusal.js';
import { commonFields, fieldsOf, kinds, type Field } from '../customers/catalogue.js';
import { readField } from '../customers/entry.js';
import { ENCODINGS, type Encoding } from './csv.js';
import { cellReader, columnsOf, conditionOf, epoch, isCell, isoOf, isWhen, whenColumns, type Cells, type Dates, type FileRow, type ReadCell, type When } from './cells.js';

export { columnsOf, type Cell } from './cells.js';


export interface FurtherEntry {
  /** Rows that give this entry too; all without it. */
  readonly when?: When;
  /** `about: "#0"` names the entry that the row gives first. */
  readonly entry: Cells;
}

/** Rows that are left out, and why, in a few words: they are counted under these. */
export interface LeftOut {
  readonly when: When;
  readonly why: string;
}

export interface Mapping {
  readonly customer: Cells;
  /** Left out, the file only speaks of customers. */
  readonly entry?: Cells;
  /** Further entries that a row gives, each with a sourceId of its own. */
  readonly also?: readonly FurtherEntry[];
  readonly skip?: readonly LeftOut[];
  /** How dates are written: `ISO` (default), `unix`, `unix-ms`, or a pattern of YYYY MM DD HH mm ss. Without a zone in the text they are read in `zone`. */
  readonly dates?: { readonly format?: string; readonly zone?: string };
  /** Field separator of the file; left out, its beginning tells. */
  readonly delimiter?: string;
  /** How the file's text is written; left out, its beginning tells. */
  readonly encoding?: Encoding;
  /** csv (default), or json: an object a line, or a list of objects. Their columns are paths: `properties.plan`, `contacts.0.id`. */
  readonly format?: 'csv' | 'json';
  /** Of a JSON document that is one object: where in it the list stands. */
  readonly list?: string;
}

export type MappedRow =
  | { readonly customer: Values; readonly entry?: Values; readonly also: readonly Values[]; readonly problems?: undefined; readonly skipped?: undefined }
  | { readonly problems: readonly FieldProblem[]; readonly skipped?: undefined }
  | { readonly skipped: string; readonly problems?: undefined };
type Values = Readonly<Record<string, unknown>>;

/** What a customer's fields may be; the same as the API takes. */
const CUSTOMER: Readonly<Record<string, Field>> = {
  source: { type: 'text', says: '', example: '', max: 100 },
  sourceId: { type: 'text', says: '', example: '', max: 200 },
  name: { type: 'text', says: '', example: '', max: 200 },
  segment: { type: 'text', says: '', example: '', max: 100 },
  origin: { type: 'text', says: '', example: '', max: 100 },
  owner: { type: 'colleague', says: '', example: '' },
  team: { type: 'persons', says: '', example: '' },
};

/** What is wrong with the customer of a row. */
export function checkCustomer(customer: Readonly<Record<string, unknown>>): FieldProblem[] {
  return Object.entries(customer).flatMap(([field, value]): FieldProblem[] => {
    const read = readField(value, CUSTOMER[field]!, 'UTC');
    return 'code' in read ? [{ field: `customer.${field}`, code: read.code, message: read.message }] : [];
  });
}

const KNOWN = { customer: Object.keys(CUSTOMER), entry: ['kind', ...Object.keys(commonFields), ...Object.values(kinds).flatMap((kind) => Object.keys(kind.fields))] };
/** Reasons to leave rows out, and entries of one row, at most. */
const MOST = 20;

/** What is wrong with a mapping, given the columns of the file (when they are known). */
export function checkMapping(mapping: unknown, columns?: readonly string[]): FieldProblem[] {
  if (typeof mapping !== 'object' || mapping === null || Array.isArray(mapping)) return [{ field: 'mapping', code: 'not-an-object', message: 'must be a JSON object with customer, and entry where the file has some' }];
  const { customer, entry, also, skip, dates, delimiter, encoding, format, list, ...unknown } = mapping as Record<string, unknown>;
  const problems: FieldProblem[] = Object.keys(unknown).map((field) => ({ field, code: 'unknown-field', message: 'is not known in a mapping' }));
  const unread = (path: string, named: readonly string[]): void => {
    for (const column of columns === undefined ? [] : named.filter((name) => !columns.includes(name))) {
      problems.push({ field: path, code: 'unknown-column', message: `names the column ${column}, which the file does not have; it has ${columns!.slice(0, 20).join(', ')}` });
    }
  };
  const checkCells = (path: string, cells: unknown, known: readonly string[]): void => {
    if (typeof cells !== 'object' || cells === null) return void problems.push({ field: path, code: 'missing', message: 'must say which columns make it' });
    for (const [field, cell] of Object.entries(cells)) {
      if (!known.includes(field)) problems.push({ field: `${path}.${field}`, code: 'unknown-field', message: 'is not a field' });
      else if (!isCell(cell)) problems.push({ field: `${path}.${field}`, code: 'not-a-cell', message: 'must be a constant, a text with {Column}, or { "column": …, "values": … }' });
      else unread(`${path}.${field}`, columnsOf(cell));
    }
  };
  const mustGive = (path: string, cells: unknown, fields: readonly string[]): void => {
    for (const field of fields) if ((cells as Record<string, unknown> | null | undefined)?.[field] === undefined) problems.push({ field: `${path}.${field}`, code: 'missing', message: 'must be given' });
  };
  const checkWhen = (path: string, when: unknown): void => {
    if (!isWhen(when)) problems.push({ field: path, code: 'not-a-condition', message: 'must be { "column": …, "is": […] }, with isNot or ahead, or a list of these' });
    else unread(path, whenColumns(when));
  };
  const listed = (path: string, value: unknown, each: (path: string, one: Record<string, unknown>) => void): void => {
    if (value === undefined) return;
    if (!Array.isArray(value) || value.length > MOST || !value.every((one) => typeof one === 'object' && one !== null)) return void problems.push({ field: path, code: 'not-a-list', message: `must be a list of at most ${MOST}` });
    for (const [index, one] of (value as Record<string, unknown>[]).entries()) each(`${path}[${index}]`, one);
  };
  checkCells('customer', customer, KNOWN.customer);
  mustGive('customer', customer, ['source', 'sourceId']);
  if (entry !== undefined) {
    checkCells('entry', entry, KNOWN.entry);
    // What others name must be found again.
    mustGive('entry', entry, ['kind', 'occurredAt', ...(also === undefined ? [] : ['source', 'sourceId'])]);
  } else if (also !== undefined) problems.push({ field: 'entry', code: 'missing', message: 'must be given where also is: its entries come beside that of the row' });
  listed('also', also, (path, one) => {
    if (one['when'] !== undefined) checkWhen(`${path}.when`, one['when']);
    checkCells(`${path}.entry`, one['entry'], KNOWN.entry);
    mustGive(`${path}.entry`, one['entry'], ['kind', 'occurredAt', 'source', 'sourceId']);
  });
  listed('skip', skip, (path, one) => {
    checkWhen(`${path}.when`, one['when']);
    if (typeof one['why'] !== 'string' || !/^\S.{0,59}$/.test(one['why'])) problems.push({ field: `${path}.why`, code: 'missing', message: 'must say why in at most 60 characters' });
  });
  if (dates !== undefined) problems.push(...checkDates(dates));
  if (delimiter !== undefined && (typeof delimiter !== 'string' || !/^[^"\r\n]$/.test(delimiter))) problems.push({ field: 'delimiter', code: 'not-one-character', message: 'must be one character, no quote and no line break' });
  if (encoding !== undefined && !ENCODINGS.includes(encoding as Encoding)) problems.push({ field: 'encoding', code: 'unknown-choice', message: `must be one of ${ENCODINGS.join(', ')}` });
  if (format !== undefined && format !== 'csv' && format !== 'json') problems.push({ field: 'format', code: 'unknown-choice', message: 'must be csv or json' });
  if (list !== undefined && (typeof list !== 'string' || list === '')) problems.push({ field: 'list', code: 'not-text', message: 'must name where the list stands' });
  return problems;
}

function checkDates(dates: unknown): FieldProblem[] {
  if (typeof dates !== 'object' || dates === null) return [{ field: 'dates', code: 'not-an-object', message: 'must be { "format": …, "zone": … }' }];
  const { format, zone } = dates as Record<string, unknown>;
  const problems: FieldProblem[] = [];
  const tokens = typeof format === 'string' ? (format.match(TOKEN) ?? []) : [];
  if (format !== undefined && (typeof format !== 'string' || new Set(tokens).size < tokens.length)) problems.push({ field: 'dates.format', code: 'not-a-format', message: 'must be ISO, unix, unix-ms, or a pattern with each of YYYY MM DD HH mm ss at most once' });
  if (zone !== undefined && (typeof zone !== 'string' || !isZone(zone))) problems.push({ field: 'dates.zone', code: 'not-a-zone', message: 'must be an IANA time zone, such as Europe/Berlin' });
  return problems;
}

const TOKEN = /YYYY|MM|DD|HH|mm|ss/g;
const TOKENS: Readonly<Record<string, string>> = { YYYY: '(?<year>\\d{4})', MM: '(?<month>\\d{1,2})', DD: '(?<day>\\d{1,2})', HH: '(?<hour>\\d{1,2})', mm: '(?<minute>\\d{2})', ss: '(?<second>\\d{2})' };

/** Reads dates written as the format says. @returns ISO 8601, or undefined when the text is no such date. */
export function dateReader(format: string, zone: string): (text: string) => string | undefined {
  if (format === 'ISO') {
    return (text) => {
      // Some write a space before the offset, or UTC.
      const plain = text.replace(/^([\d-]{10}[ T][\d:.]+) ?(?:UTC|([+-]\d{2}:?\d{2}))$/, (_, wall: string, offset: string | undefined) => `${wall}${offset ?? 'Z'}`);
      const at = parseInstant(plain, zone);
      return at === undefined ? plain : isoOf(at);
    };
  }
  if (format === 'unix') return (text) => epoch(text, 1000);
  if (format === 'unix-ms') return (text) => epoch(text, 1);
  const escaped = format.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(TOKEN, (token) => TOKENS[token]!);
  const pattern = new RegExp(`^${escaped}$`);
  return (text) => {
    const part = pattern.exec(text)?.groups;
    if (part === undefined) return undefined;
    const at = (name: string, otherwise: number): number => Number(part[name] ?? otherwise);
    const [year, month, day, hour, minute, second] = [at('year', 1970), at('month', 1), at('day', 1), at('hour', 0), at('minute', 0), at('second', 0)];
    const wall = Date.UTC(year, month - 1, day, hour, minute, second);
    const back = new Date(wall);
    if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return undefined;
    return isoOf(instantOf(wall, zone));
  };
}

/** Text from a file, as the type of the field wants it. Numbers and flags that are none stay text, for the check to refuse. */
function typed(text: string, field: Field | undefined, readDate: (text: string) => string | undefined): unknown {
  switch (field?.type) {
    case 'integer':
    case 'number':
    case 'money':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case 'flag':
      return /^(true|yes|1)$/i.test(text) ? true : /^(false|no|0)$/i.test(text) ? false : text;
    case 'tags':
    case 'choices':
    case 'persons':
      return text.split(';').map((item) => item.trim()).filter((item) => item !== '');
    case 'instant':
      return readDate(text) ?? text;
    default:
      return text;
  }
}

/** Columns that a mapping reads: of JSON, paths. */
export function columnsRead({ customer, entry, also = [], skip = [] }: Mapping): Set<string> {
  const cells = [customer, entry ?? {}, ...also.map((further) => further.entry)].flatMap((one) => Object.values(one));
  return new Set([...cells.flatMap(columnsOf), ...[...also, ...skip].flatMap(({ when }) => whenColumns(when))]);
}

/** Makes the function that maps a row; the mapping has been checked. `now` (epoch ms) is asked where a condition does. */
export function rowMapper(mapping: Mapping, organisationZone: string, now: () => number = () => Infinity): (row: FileRow) => MappedRow {
  const { format = 'ISO', zone = organisationZone } = mapping.dates ?? {};
  const readDate = dateReader(format, zone);
  const dates: Dates = { read: readDate, readAsUtc: dateReader(format, 'UTC'), zone, now };
  const skip = mapping.skip?.map(({ when, why }) => ({ holds: conditionOf(when, dates), why })) ?? [];
  const readersOf = (cells: Cells, part: string): FieldReader[] => Object.entries(cells).map(([field, cell]) => ({ field, read: cellReader(cell, dates, `${part}.${field}`) }));
  const customerOf = readersOf(mapping.customer, 'customer');
  const entryReader = ({ kind: kindCell, ...cells }: Cells, part: string): ((row: FileRow, problems: FieldProblem[]) => Record<string, unknown>) => {
    const readKind = cellReader(kindCell!, dates, `${part}.kind`);
    const all = readersOf(cells, part);
    // A column that a row's kind has no field for is left out: one file holds many kinds.
    const fitting = new Map(Object.keys(kinds).map((kind) => [kind, all.filter(({ field }) => Object.hasOwn(fieldsOf(kind), field))]));
    return (row, problems) => {
      const kind = readKind(row, problems);
      const specs = fieldsOf(String(kind));
      const values: Record<string, unknown> = {};
      for (const { field, read } of fitting.get(String(kind)) ?? []) {
        const text = read(row, problems);
        // Constants may be what their field is.
        if (text !== undefined && text !== '') values[field] = typeof text === 'string' ? typed(text, specs[field], readDate) : text;
      }
      values['kind'] = kind;
      return values;
    };
  };
  const entryOf = mapping.entry === undefined ? undefined : entryReader(mapping.entry, 'entry');
  const further = mapping.also?.map(({ when, entry }, index) => ({ holds: conditionOf(when, dates), read: entryReader(entry, `also[${index}].entry`) })) ?? [];
  return (row) => {
    const out = skip.find(({ holds }) => holds(row));
    if (out !== undefined) return { skipped: out.why };
    const problems: FieldProblem[] = [];
    const entry = entryOf?.(row, problems);
    const also = further.filter(({ holds }) => holds(row)).map(({ read }) => read(row, problems));
    const customer: Record<string, unknown> = {};
    for (const { field, read } of customerOf) {
      const text = String(read(row, problems) ?? '');
      // All text, but the team.
      if (text !== '') customer[field] = field === 'team' ? typed(text, CUSTOMER['team'], readDate) : text;
    }
    if (customer['sourceId'] === undefined) problems.push({ field: 'customer.sourceId', code: 'missing', message: 'is empty in this row' });
    return problems.length > 0 ? { problems } : { customer, ...(entry !== undefined && { entry }), also };
  };
}

interface FieldReader {
  readonly field: string;
  readonly read: ReadCell;
}
