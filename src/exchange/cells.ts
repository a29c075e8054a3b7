/** Cells of a mapping: what a field of a customer or an entry is made of, and for which rows. Pure. */
import { parseInstant } from '../kernel/calendar.js';
import type { FieldProblem } from '../kernel/refusal.js';
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

/** Makes the function that says whether a row fulfils the condition: worked out once for a file, as it is asked for every row. */
export function conditionOf(when: When | undefined, dates: Dates): (row: FileRow) => boolean {
  if (when === undefined) return () => true;
  const conditions = (Array.isArray(when) ? (when as readonly Condition[]) : [when as Condition]).map(({ column, is, isNot, has, ahead }) => {
    const lower = (texts: readonly string[] | undefined): ReadonlySet<string> | undefined => texts && new Set(texts.map((one) => one.toLowerCase()));
    const [among, notAmong, words] = [lower(is), lower(isNot), lower(has)];
    return (row: FileRow): boolean => {
      const text = (row[column] ?? '').trim();
      const own = text.toLowerCase();
      if (among !== undefined && !among.has(own)) return false;
      if (notAmong !== undefined && notAmong.has(own)) return false;
      if (words !== undefined && !own.split(/[\s,;]+/).some((word) => words.has(word))) return false;
      if (ahead === undefined) return true;
      const at = parseInstant(dates.read(text) ?? text, dates.zone);
      return (at !== undefined && at > dates.now()) === ahead;
    };
  });
  return (row) => conditions.every((holds) => holds(row));
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

/** What a cell gives for a row: undefined or '' when nothing. A value that the mapping does not know is added to the problems. */
export type ReadCell = (row: FileRow, problems: FieldProblem[]) => string | number | boolean | undefined;

/** Makes the function that reads a cell, once for a file. `path`: of the field it is for, to name it in problems. */
export function cellReader(cell: Cell, dates: Dates, path: string): ReadCell {
  if (typeof cell === 'number' || typeof cell === 'boolean') return () => cell;
  if (typeof cell === 'string') return textReader(cell);
  const inner = (one: Cell): ReadText => {
    const read = cellReader(one, dates, path);
    return (row, problems) => String(read(row, problems) ?? '');
  };
  const holds = conditionOf(cell.when, dates);
  const read = contentReader(cell, inner, path);
  const ways = waysOf(cell.as);
  const currency = cell.currency === undefined ? undefined : inner(cell.currency);
  return (row, problems) => {
    if (!holds(row)) return undefined;
    const text = read(row, problems);
    if (text === undefined || text === '') return text;
    const made = ways.reduce((before, way) => madeOf(before, way, dates, () => currency!(row, problems)), text);
    return cell.cut === undefined ? made : shortened(made, cell.cut);
  };
}

type ReadText = (row: FileRow, problems: FieldProblem[]) => string;

function textReader(text: string): (row: FileRow) => string {
  // Every second piece is the name of a column.
  const pieces = text.split(NAMED);
  return (row) => {
    let made = pieces[0]!;
    for (let at = 1; at < pieces.length; at += 2) made += (row[pieces[at]!] ?? '') + pieces[at + 1]!;
    return made.trim();
  };
}

function contentReader(cell: Exclude<Cell, string | number | boolean>, inner: (one: Cell) => ReadText, path: string): (row: FileRow, problems: FieldProblem[]) => string | undefined {
  if ('text' in cell) return inner(cell.text);
  if ('first' in cell) {
    const all = cell.first.map(inner);
    return (row, problems) => {
      for (const read of all) {
        const text = read(row, problems);
        if (text !== '') return text;
      }
      return undefined;
    };
  }
  if ('join' in cell) {
    const all = cell.join.map(inner);
    return (row, problems) => all.map((read) => read(row, problems)).filter((text) => text !== '').join(cell.with ?? '\n');
  }
  const { column, values, default: otherwise } = cell;
  const translated = values === undefined ? undefined : translator(values);
  return (row, problems) => {
    const text = (row[column] ?? '').trim();
    if (translated === undefined) return text === '' ? otherwise : text;
    const value = translated(text) ?? otherwise;
    if (value === undefined && text !== '') problems.push({ field: path, code: 'unmapped-value', message: `the mapping has no value for ${text.slice(0, 60)} in ${column}` });
    return value;
  };
}

/** As it is written, else whatever the case. */
function translator(values: Readonly<Record<string, string>>): (text: string) => string | undefined {
  const exact = new Map(Object.entries(values));
  const lower = new Map(Object.entries(values).reverse().map(([text, value]) => [text.toLowerCase(), value]));
  return (text) => exact.get(text) ?? lower.get(text.toLowerCase());
}

const DATE = /^\d{4}-\d{2}-\d{2}/;
const MIDNIGHT = /^(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?(?: ?(?:Z|UTC|[+-]00:?00))?$/;

function madeOf(text: string, way: Way, dates: Dates, currency: () => string): string {
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
      return minorUnits(text, currency());
    case 'tag':
      return tagOf(text);
  }
}
