/** Ready mappings: how the files of other products become entries. Data, each in its own file; here is how one is found and fitted to a file. Pure. */
import type { Cell, Cells, Condition, When } from './cells.js';
import { GAINSIGHT } from './layouts/gainsight.js';
import { HUBSPOT } from './layouts/hubspot.js';
import { INTERCOM } from './layouts/intercom.js';
import { POSTHOG } from './layouts/posthog.js';
import { SALESFORCE } from './layouts/salesforce.js';
import { SEGMENT } from './layouts/segment.js';
import { ZENDESK } from './layouts/zendesk.js';
import type { Mapping } from './mapping.js';

export interface Layout {
  /** `hubspot-calls` */
  readonly name: string;
  readonly product: string;
  /** What its rows are: Calls. */
  readonly what: string;
  /** Which file it reads. */
  readonly reads: string;
  /** A file with all of these columns has this layout. */
  readonly knownBy: readonly string[];
  /** What else a column of the mapping may be called. */
  readonly otherNames?: Readonly<Record<string, readonly string[]>>;
  /** Its columns may be missing in a file, but for those it is known by. */
  readonly mapping: Mapping;
}

export const LAYOUTS: readonly Layout[] = [...HUBSPOT, ...SALESFORCE, ...GAINSIGHT, ...ZENDESK, ...INTERCOM, ...SEGMENT, ...POSTHOG];

export const layoutNamed = (name: string): Layout | undefined => LAYOUTS.find((layout) => layout.name === name);

/** Columns are the same whatever their case, spaces and signs. */
const plain = (column: string): string => column.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** What the file calls a column; undefined when it has none such. */
type Naming = (column: string) => string | undefined;

function namingOf({ otherNames = {} }: Layout, columns: readonly string[]): Naming {
  const named = new Map(columns.map((column) => [plain(column), column]));
  return (column) => [column, ...(otherNames[column] ?? [])].map((name) => named.get(plain(name))).find((name) => name !== undefined);
}

/** The layout of a CSV file with these columns: of several the one that asks for most. */
export function layoutOf(columns: readonly string[]): Layout | undefined {
  const fitting = LAYOUTS.filter((layout) => layout.mapping.format !== 'json' && layout.knownBy.every((column) => namingOf(layout, columns)(column) !== undefined));
  return fitting.toSorted((a, b) => b.knownBy.length - a.knownBy.length)[0];
}

/** The layout of a JSON file whose first object has something, if only null, at the paths for which `has` says so. */
export const layoutOfJson = (has: (path: string) => boolean): Layout | undefined => LAYOUTS.find(({ mapping, knownBy }) => mapping.format === 'json' && knownBy.every(has));

/** Columns that a layout needs and the file has not. */
export const lackedBy = (layout: Layout, columns: readonly string[]): string[] => layout.knownBy.filter((column) => namingOf(layout, columns)(column) === undefined);

/** The mapping of a layout with the names of the file's own columns, and without what it has no columns for: as it may be saved and changed. */
export function mappingFor(layout: Layout, columns: readonly string[]): Mapping {
  const { mapping } = layout;
  if (mapping.format === 'json') return mapping;
  const naming = namingOf(layout, columns);
  const { also, skip, ...rest } = mapping;
  const further = also?.flatMap(({ when, entry }) => {
    const fitted = fitWhen(when, naming);
    return fitted === 'never' ? [] : [{ ...(fitted !== undefined && { when: fitted }), entry: fitCells(entry, naming) }];
  });
  const leftOut = skip?.flatMap(({ when, why }) => {
    const fitted = fitWhen(when, naming);
    // Without its columns it would leave out every row, or none.
    return fitted === 'never' || fitted === undefined ? [] : [{ when: fitted, why }];
  });
  return {
    ...rest,
    customer: fitCells(mapping.customer, naming),
    ...(mapping.entry !== undefined && { entry: fitCells(mapping.entry, naming) }),
    ...(further !== undefined && further.length > 0 && { also: further }),
    ...(leftOut !== undefined && leftOut.length > 0 && { skip: leftOut }),
  };
}

function fitCells(cells: Cells, naming: Naming): Cells {
  return Object.fromEntries(Object.entries(cells).flatMap(([field, cell]) => {
    const fitted = fitCell(cell, naming);
    return fitted === undefined ? [] : [[field, fitted]];
  }));
}

function fitText(text: string, naming: Naming): string | undefined {
  const lacks = [...text.matchAll(/\{([^{}]+)\}/g)].some((match) => naming(match[1]!) === undefined);
  return lacks ? undefined : text.replace(/\{([^{}]+)\}/g, (_, column: string) => `{${naming(column)!}}`);
}

/** The cell in the file's own names; undefined when it lacks what it would read. */
function fitCell(cell: Cell, naming: Naming): Cell | undefined {
  if (typeof cell === 'string') return fitText(cell, naming);
  if (typeof cell !== 'object') return cell;
  const { when: given, currency: from, ...rest } = cell;
  const when = fitWhen(given, naming);
  const currency = from === undefined ? undefined : fitCell(from, naming);
  if (when === 'never' || (from !== undefined && currency === undefined)) return undefined;
  const making = { ...(when !== undefined && { when }), ...(currency !== undefined && { currency }) };
  if ('column' in rest) {
    const column = naming(rest.column);
    if (column !== undefined) return { ...rest, column, ...making };
    return rest.default === undefined || rest.default === '' ? undefined : { text: rest.default, ...making };
  }
  if ('text' in rest) {
    const text = fitText(rest.text, naming);
    return text === undefined ? undefined : { ...rest, text, ...making };
  }
  const inner = ('first' in rest ? rest.first : rest.join).flatMap((one) => fitCell(one, naming) ?? []);
  if (inner.length === 0) return undefined;
  return 'first' in rest ? { ...rest, first: inner, ...making } : { ...rest, join: inner, ...making };
}

/** What is left of conditions when those about columns that are not there count as about empty ones. */
function fitWhen(when: When | undefined, naming: Naming): When | 'never' | undefined {
  if (when === undefined) return undefined;
  const left: Condition[] = [];
  for (const condition of Array.isArray(when) ? (when as readonly Condition[]) : [when as Condition]) {
    const column = naming(condition.column);
    if (column !== undefined) left.push({ ...condition, column });
    else if (condition.is?.includes('') === false || condition.isNot?.includes('') === true || condition.has !== undefined || condition.ahead === true) return 'never';
  }
  return left.length === 0 ? undefined : left;
}
