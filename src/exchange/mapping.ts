/** Mappings: how the columns of somebody's file become customers and entries. Pure. */
import { instantOf, isZone } from '../kernel/calendar.js';
import type { FieldProblem } from '../kernel/refusal.js';
import { commonFields, fieldsOf, kinds, type Field } from '../customers/catalogue.js';
import { readField } from '../customers/entry.js';

/** A text with `{Column}` in it, a constant, or a column whose values are translated. */
export type Cell = string | number | boolean | { readonly column: string; readonly values?: Readonly<Record<string, string>>; readonly default?: string };

export interface Mapping {
  readonly customer: Readonly<Record<string, Cell>>;
  readonly entry: Readonly<Record<string, Cell>>;
  /** How dates are written: `ISO` (default), `unix`, `unix-ms`, or a pattern of YYYY MM DD HH mm ss. Without a zone in the text they are read in `zone`. */
  readonly dates?: { readonly format?: string; readonly zone?: string };
  /** Field separator of the file; a comma when left out. */
  readonly delimiter?: string;
}

export type MappedRow =
  | { readonly customer: Readonly<Record<string, unknown>>; readonly entry: Readonly<Record<string, unknown>>; readonly problems?: undefined }
  | { readonly problems: readonly FieldProblem[] };


const isTexts = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');

function isColumn(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { column, values, default: otherwise } = value as Record<string, unknown>;
  return typeof column === 'string' && (values === undefined || isTexts(values)) && ['string', 'undefined'].includes(typeof otherwise);
}

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

const isCell = (value: unknown): value is Cell => ['string', 'number', 'boolean'].includes(typeof value) || isColumn(value);

const columnsOf = (cell: Cell): string[] => (typeof cell === 'object' ? [cell.column] : typeof cell === 'string' ? [...cell.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1]!) : []);

/** What is wrong with a mapping, given the columns of the file (when they are known). */
export function checkMapping(mapping: unknown, columns?: readonly string[]): FieldProblem[] {
  if (typeof mapping !== 'object' || mapping === null || Array.isArray(mapping)) return [{ field: 'mapping', code: 'not-an-object', message: 'must be a JSON object with customer and entry' }];
  const { customer, entry, dates, delimiter, ...unknown } = mapping as Record<string, unknown>;
  const problems: FieldProblem[] = Object.keys(unknown).map((field) => ({ field, code: 'unknown-field', message: 'is not known in a mapping' }));
  const known = { customer: Object.keys(CUSTOMER), entry: ['kind', ...Object.keys(commonFields), ...Object.values(kinds).flatMap((kind) => Object.keys(kind.fields))] };
  for (const [part, cells] of Object.entries({ customer, entry })) {
    if (typeof cells !== 'object' || cells === null) {
      problems.push({ field: part, code: 'missing', message: 'must say which columns make it' });
      continue;
    }
    for (const [field, cell] of Object.entries(cells)) {
      if (!known[part as keyof typeof known].includes(field)) problems.push({ field: `${part}.${field}`, code: 'unknown-field', message: 'is not a field' });
      else if (!isCell(cell)) problems.push({ field: `${part}.${field}`, code: 'not-a-cell', message: 'must be a constant, a text with {Column}, or { "column": …, "values": … }' });
      else if (columns !== undefined) {
        for (const column of columnsOf(cell).filter((name) => !columns.includes(name))) {
          problems.push({ field: `${part}.${field}`, code: 'unknown-column', message: `names the column ${column}, which the file does not have; it has ${columns.slice(0, 20).join(', ')}` });
        }
      }
    }
  }
  for (const [path, cell] of [['customer.source', (customer as Record<string, unknown> | undefined)?.['source']], ['customer.sourceId', (customer as Record<string, unknown> | undefined)?.['sourceId']], ['entry.kind', (entry as Record<string, unknown> | undefined)?.['kind']], ['entry.occurredAt', (entry as Record<string, unknown> | undefined)?.['occurredAt']]] as const) {
    if (cell === undefined) problems.push({ field: path, code: 'missing', message: 'must be given' });
  }
  if (dates !== undefined) problems.push(...checkDates(dates));
  if (delimiter !== undefined && (typeof delimiter !== 'string' || !/^[^"\r\n]$/.test(delimiter))) problems.push({ field: 'delimiter', code: 'not-one-character', message: 'must be one character, no quote and no line break' });
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
  if (format === 'ISO') return (text) => text;
  if (format === 'unix' || format === 'unix-ms') {
    const unit = format === 'unix' ? 1000 : 1;
    return (text) => (/^-?\d{1,14}(\.\d+)?$/.test(text) ? isoOf(Number(text) * unit) : undefined);
  }
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

function isoOf(instant: number): string | undefined {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
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

/** Makes the function that maps a row; the mapping has been checked. */
export function rowMapper(mapping: Mapping, zone: string): (row: Readonly<Record<string, string>>) => MappedRow {
  const readDate = dateReader(mapping.dates?.format ?? 'ISO', mapping.dates?.zone ?? zone);
  return (row) => {
    const problems: FieldProblem[] = [];
    const textOf = (cell: Cell, path: string): string | number | boolean | undefined => {
      if (typeof cell === 'number' || typeof cell === 'boolean') return cell;
      if (typeof cell === 'string') return cell.replace(/\{([^{}]+)\}/g, (_, column: string) => row[column] ?? '').trim();
      const text = (row[cell.column] ?? '').trim();
      if (cell.values === undefined) return text === '' ? cell.default : text;
      const value = Object.hasOwn(cell.values, text) ? cell.values[text] : cell.default;
      if (value === undefined && text !== '') problems.push({ field: path, code: 'unmapped-value', message: `the mapping has no value for ${text.slice(0, 60)} in ${cell.column}` });
      return value;
    };
    const read = (cells: Readonly<Record<string, Cell>>, part: string, specs: Readonly<Record<string, Field>>): Record<string, unknown> => {
      const values: Record<string, unknown> = {};
      for (const [field, cell] of Object.entries(cells)) {
        const text = textOf(cell, `${part}.${field}`);
        if (text === undefined || text === '') continue;
        // A customer's fields are all text; an entry's constants may be what their field is.
        values[field] = typeof text === 'string' || part === 'customer' ? typed(String(text), specs[field], readDate) : text;
      }
      return values;
    };
    const kind = textOf(mapping.entry['kind']!, 'entry.kind');
    const specs = fieldsOf(String(kind));
    const { kind: _kind, ...cells } = mapping.entry;
    // A column that this row's kind has no field for is left out: one file holds many kinds.
    const fitting = Object.fromEntries(Object.entries(cells).filter(([field]) => Object.hasOwn(specs, field)));
    const entry = { ...read(fitting, 'entry', specs), kind };
    const customer = read(mapping.customer, 'customer', { team: { type: 'persons', says: '', example: '' } });
    if (customer['sourceId'] === undefined) problems.push({ field: 'customer.sourceId', code: 'missing', message: 'is empty in this row' });
    return problems.length > 0 ? { problems } : { customer, entry };
  };
}
