/** Cells of a mapping: what a field of a customer or an entry is made of, and for which rows. Pure. */
import { parseInstant } from '../kernel/calendar.js';
import { textOfHtml } from './html.js';

/** Holds for a row whose column is one of the texts `is`, none of `isNot`, has a word of `has` (whatever their case; '' is an empty cell), or a date ahead of now. */
export interface Condition {
  readonly column: string;
  readonly is?: readonly string[];
  readonly isNot?: readonly string[];
  readonly has?: readonly string[];
  readonly ahead?: boolean;
}

/** Of several conditions all must hold. */
export type When = Condition | readonly Condition[];

/**
 * What is done with the text of a cell. html: made into plain text · day: a date alone, without its time · midnight: the same,
 * if the time is midnight · unix, unix-ms: an instant since 1970, if it is a number · first-item: what stands before a semicolon ·
 * minor-units: an amount such as 12.50 in the smallest unit of `currency` · tag: made a short key.
 */
export const WAYS = ['html', 'day', 'midnight', 'unix', 'unix-ms', 'first-item', 'minor-units', 'tag'] as const;
type Way = (typeof WAYS)[number];

interface Making {
  /** Empty for other rows. */
  readonly when?: When;
  /** Of several, one after the other. */
  readonly as?: Way | readonly Way[];
  /** Of an amount: what gives its ISO 4217 code. */
  readonly currency?: Cell;
  /** Longer texts end here, with a sign that they do. */
  readonly cut?: number;
}

/** A column, whose values may be translated. */
export interface ColumnCell extends Making {
  readonly column: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly default?: string;
}
/** A text with `{Column}` in it. */
export interface TextCell extends Making {
  readonly text: string;
}
/** The first of these that is not empty. */
export interface FirstCell extends Making {
  readonly first: readonly Cell[];
}
/** All of these that are not empty, with `with` (a line break) between them. */
export interface JoinCell extends Making {
  readonly join: readonly Cell[];
  readonly with?: string;
}

/** A text with `{Column}` in it, a constant, or one of the above. */
export type Cell = string | number | boolean | ColumnCell | TextCell | FirstCell | JoinCell;
export type Cells = Readonly<Record<string, Cell>>;
export type FileRow = Readonly<Record<string, string>>;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((text) => typeof text === 'string');
const knows = (value: object, keys: readonly string[]): boolean => Object.keys(value).every((key) => keys.includes(key));
const optional = (value: unknown, type: string): boolean => value === undefined || typeof value === type;

function isCondition(value: unknown): value is Condition {
  if (!isObject(value) || !knows(value, ['column', 'is', 'isNot', 'has', 'ahead'])) return false;
  const { column, is, isNot, has, ahead } = value;
  return typeof column === 'string' && (is === undefined || isTexts(is)) && (isNot === undefined || isTexts(isNot)) && (has === undefined || isTexts(has)) && optional(ahead, 'boolean') && Object.keys(value).length > 1;
}

export const isWhen = (value: unknown): value is When => isCondition(value) || (Array.isArray(value) && value.length > 0 && value.every(isCondition));

/** Cells within cells, at most. */
const DEEPEST = 4;
const waysOf = (as: unknown): readonly Way[] => (as === undefined ? [] : Array.isArray(as) ? (as as Way[]) : [as as Way]);
const MAKING = ['when', 'as', 'currency', 'cut'];

export function isCell(value: unknown, depth = 0): value is Cell {
  if (['string', 'number', 'boolean'].includes(typeof value)) return true;
  if (!isObject(value) || depth > DEEPEST) return false;
  const { when, as, currency, cut } = value;
  if (!(when === undefined || isWhen(when)) || !waysOf(as).every((way) => WAYS.includes(way)) || !(cut === undefined || (Number.isSafeInteger(cut) && (cut as number) > 0))) return false;
  if (waysOf(as).includes('minor-units') !== (currency !== undefined) || (currency !== undefined && !isCell(currency, depth + 1))) return false;
  const areCells = (list: unknown): boolean => Array.isArray(list) && list.length > 0 && list.every((one) => isCell(one, depth + 1));
  if ('column' in value) {
    const { values } = value;
    return knows(value, [...MAKING, 'column', 'values', 'default']) && typeof value['column'] === 'string' && (values === undefined || (isObject(values) && isTexts(Object.values(values)))) && optional(value['default'], 'string');
  }
  if ('text' in value) return knows(value, [...MAKING, 'text']) && typeof value['text'] === 'string';
  if ('first' in value) return knows(value, [...MAKING, 'first']) && areCells(value['first']);
  return knows(value, [...MAKING, 'join', 'with']) && areCells(value['join']) && optional(value['with'], 'string');
}

const NAMED = /\{([^{}]+)\}/g;

export const whenColumns = (when: When | undefined): string[] => (when === undefined ? [] : Array.isArray(when) ? when : [when as Condition]).map(({ column }: Condition) => column);

/** Columns that the cell reads. */
export function columnsOf(cell: Cell): string[] {
  if (typeof cell === 'string') return [...cell.matchAll(NAMED)].map((match) => match[1]!);
  if (typeof cell !== 'object') return [];
  const own = 'column' in cell ? [cell.column] : 'text' in cell ? columnsOf(cell.text) : ('first' in cell ? cell.first : cell.join).flatMap(columnsOf);
  return [...own, ...whenColumns(cell.when), ...(cell.currency === undefined ? [] : columnsOf(cell.currency))];
}

/** Dates of a file, and what time it is. */
export interface Dates {
  /** As the mapping's format says; undefined for what is no such date. */
  readonly read: (text: string) => string | undefined;
  /** The same, but at Greenwich. */
  readonly readAsUtc: (text: string) => string | undefined;
  readonly zone: string;
  /** Epoch ms. */
  readonly now: () => number;
}

export function holds(when: When | undefined, row: FileRow, dates: Dates): boolean {
  return when === undefined || (Array.isArray(when) ? (when as readonly Condition[]) : [when as Condition]).every(({ column, is, isNot, has, ahead }) => {
    const text = (row[column] ?? '').trim();
    const among = (texts: readonly string[]): boolean => texts.some((one) => one.toLowerCase() === text.toLowerCase());
    if (is !== undefined && !among(is)) return false;
    if (isNot !== undefined && among(isNot)) return false;
    if (has !== undefined && !text.toLowerCase().split(/[\s,;]+/).some((word) => has.some((one) => one.toLowerCase() === word))) return false;
    if (ahead === undefined) return true;
    const at = parseInstant(dates.read(text) ?? text, dates.zone);
    return (at !== undefined && at > dates.now()) === ahead;
  });
}

export function isoOf(instant: number): string | undefined {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** Seconds or, with unit 1, milliseconds since 1970. */
export const epoch = (text: string, unit: number): string | undefined => (/^-?\d{1,14}(\.\d+)?$/.test(text) ? isoOf(Number(text) * unit) : undefined);

/** 12.50 of a currency with cents is 1250. What is no amount stays, for the check to refuse. */
function minorUnits(text: string, currency: string): string {
  if (!/^-?\d{1,13}(\.\d+)?$/.test(text) || !/^[A-Z]{3}$/i.test(currency)) return text;
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  return String(Math.round(Number(text) * 10 ** maximumFractionDigits));
}

const tagOf = (text: string): string => text.replace(/[^\p{L}\p{N} ._:/+-]+/gu, '-').replace(/^[^\p{L}\p{N}]+/u, '').slice(0, 100).trim();

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '').trimEnd()}…`;
}

/** What the cell gives for a row: undefined or '' when nothing. `untranslated` is told of a value that the mapping does not know. */
export function cellOf(cell: Cell, row: FileRow, dates: Dates, untranslated: (text: string, column: string) => void): string | number | boolean | undefined {
  if (typeof cell === 'number' || typeof cell === 'boolean') return cell;
  if (typeof cell === 'string') return cell.replace(NAMED, (_, column: string) => row[column] ?? '').trim();
  if (!holds(cell.when, row, dates)) return undefined;
  const inner = (one: Cell): string => String(cellOf(one, row, dates, untranslated) ?? '');
  const text = contentOf(cell, row, inner, untranslated);
  if (text === undefined || text === '') return text;
  const made = waysOf(cell.as).reduce((before, way) => madeOf(before, way, cell.currency, dates, inner), text);
  return cell.cut === undefined ? made : shortened(made, cell.cut);
}

function contentOf(cell: Exclude<Cell, string | number | boolean>, row: FileRow, inner: (one: Cell) => string, untranslated: (text: string, column: string) => void): string | undefined {
  if ('text' in cell) return inner(cell.text);
  if ('first' in cell) {
    for (const one of cell.first) {
      const text = inner(one);
      if (text !== '') return text;
    }
    return undefined;
  }
  if ('join' in cell) return cell.join.map(inner).filter((text) => text !== '').join(cell.with ?? '\n');
  const text = (row[cell.column] ?? '').trim();
  if (cell.values === undefined) return text === '' ? cell.default : text;
  const value = translated(cell.values, text) ?? cell.default;
  if (value === undefined && text !== '') untranslated(text, cell.column);
  return value;
}

/** As it is written, else whatever the case. */
function translated(values: Readonly<Record<string, string>>, text: string): string | undefined {
  if (Object.hasOwn(values, text)) return values[text];
  const lower = text.toLowerCase();
  return Object.entries(values).find(([value]) => value.toLowerCase() === lower)?.[1];
}

const DATE = /^\d{4}-\d{2}-\d{2}/;
const MIDNIGHT = /^(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?(?: ?(?:Z|UTC|[+-]00:?00))?$/;

function madeOf(text: string, way: Way, currency: Cell | undefined, dates: Dates, inner: (one: Cell) => string): string {
  switch (way) {
    case 'html':
      return textOfHtml(text);
    case 'day':
      return DATE.exec(text)?.[0] ?? DATE.exec(dates.readAsUtc(text) ?? '')?.[0] ?? text;
    case 'midnight':
      return MIDNIGHT.exec(text)?.[1] ?? text;
    case 'unix':
      return epoch(text, 1000) ?? text;
    case 'unix-ms':
      return epoch(text, 1) ?? text;
    case 'first-item':
      return text.split(';', 1)[0]!.trim();
    case 'minor-units':
      return minorUnits(text, inner(currency!));
    case 'tag':
      return tagOf(text);
  }
}
