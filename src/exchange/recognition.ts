/** What is said of a file before it is imported: how it is written, what stands in it, and a first mapping. Pure. */
import type { FieldProblem } from '../kernel/refusal.js';
import { layoutOf, layoutOfJson, type Layout } from './layouts.js';
import { checkMapping, columnsOf, columnsRead, type Mapping } from './mapping.js';
import type { Encoding } from './csv.js';
import type { DateFormat } from './file-format.js';
import { datesRead, type Looked } from './scanning.js';
import { suggest } from './suggest.js';

export interface RecognisedColumn {
  readonly name: string;
  /** Some of its values, the most frequent first. */
  readonly examples: readonly string[];
  /** Different values, up to 100. */
  readonly values: number;
  readonly hasMore: boolean;
  /** How its values are written as dates; null when they are none. */
  readonly dates: DateFormat | null;
}

export interface Recognised {
  readonly format: 'csv' | 'json';
  /** Of JSON whose list stands under a key of one object: that key; else null. */
  readonly list: string | null;
  readonly encoding: Encoding;
  readonly isMixed: boolean;
  readonly delimiter: string;
  readonly rows: number;
  readonly columns: readonly RecognisedColumn[];
  /** The column that says when something happened; null when none does. */
  readonly dates: ({ readonly column: string } & DateFormat) | null;
  /** Ready mapping that its columns fit; null when none does. */
  readonly layout: string | null;
  /** That of the layout, or one by the names of the columns. */
  readonly mapping: Mapping;
  /** What the mapping lacks to be imported. */
  readonly problems: readonly FieldProblem[];
  /** Columns that the mapping does not read. */
  readonly unused: readonly string[];
}

const EXAMPLES = 3;

export function recognised({ format, list, encoding, isMixed, delimiter, rows, header, columns }: Looked, fileName: string): Recognised {
  const ready = format === 'json' ? jsonLayout(header, list) : layoutOf(header);
  const form = { ...(format === 'json' && { format, ...(list !== null && { list }) }), ...(encoding !== 'utf-8' && { encoding }) };
  const mapping: Mapping = format === 'json' && ready !== undefined ? { ...ready.mapping, ...form } : { ...suggest(columns, fileName, delimiter), ...form };
  const read = columnsRead(mapping);
  const when = mapping.entry?.['occurredAt'];
  return {
    format,
    list,
    encoding,
    isMixed,
    delimiter,
    rows,
    columns: columns.map(({ name, values, hasMore, dates }) => ({ name, examples: [...values].filter(([value]) => value !== '').sort(([, a], [, b]) => b - a).slice(0, EXAMPLES).map(([value]) => value), values: values.size, hasMore, dates: dates ?? null })),
    dates: when === undefined ? null : datesRead(columns, columnsOf(when)),
    layout: ready?.name ?? null,
    mapping,
    // What a mapping of JSON reads need not stand in every file.
    problems: checkMapping(mapping, format === 'json' ? undefined : header),
    unused: header.filter((name) => name !== '' && !read.has(name)),
  };
}

/** `header`: the paths that its objects have. */
function jsonLayout(header: readonly string[], list: string | null): Layout | undefined {
  const layout = layoutOfJson((path) => header.some((one) => one === path || one.startsWith(`${path}.`)));
  // A mapping with a list reads objects that stand by themselves as well.
  return list === null || layout?.mapping.list === list ? layout : undefined;
}

/** Why a file is none that can be imported, in a sentence. `why`: as `Look` found. */
export function whyNot(why: string): string {
  const otherwise: Readonly<Record<string, string>> = {
    empty: 'The file is empty.',
    header: 'The first row names no column: the names must stand in the first row.',
    doubled: 'A column stands twice in the first row: give each a name of its own.',
    spreadsheet: 'This is a workbook, not CSV: save the sheet as CSV in the program that made it.',
    json: 'This is JSON without an object that can be read: an object a line is needed, a list of objects, or one object that holds such a list.',
    binary: 'This is no text: a CSV file is needed.',
  };
  return otherwise[why] ?? `This is no text but ${/^[aeiou]/.test(why) ? 'an' : 'a'} ${why}: a CSV file is needed.`;
}
