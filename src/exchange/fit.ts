/** Fits a ready mapping to a file, by the file's beginning. Pure. */
import type { FieldProblem } from '../kernel/refusal.js';
import { CsvReader } from './csv.js';
import { isJson, JsonReader, valueAt } from './json-rows.js';
import { lackedBy, layoutNamed, layoutOf, layoutOfJson, LAYOUTS, mappingFor, type Layout } from './layouts.js';
import type { Mapping } from './mapping.js';
import { delimiterOf, encodingOf } from './file-format.js';

/** Lets the columns say which layout it is. */
export const AUTO = 'auto';
export const LAYOUT_NAMES: readonly string[] = LAYOUTS.map(({ name }) => name);

export type Fitted = { readonly layout: Layout; readonly mapping: Mapping; readonly problems?: undefined } | { readonly problems: readonly FieldProblem[] };

/** The layout of a JSON file with this beginning; undefined when it is none of those known, or its first object is longer than the beginning. */
export function layoutOfJsonText(text: string): Layout | undefined {
  const lists = [...new Set(LAYOUTS.filter(({ mapping }) => mapping.format === 'json').map(({ mapping }) => mapping.list))];
  for (const list of lists) {
    const value = new JsonReader(list).push(text).find((row) => typeof row.value === 'object')?.value;
    const layout = layoutOfJson((path) => valueAt(value, path) !== undefined);
    if (layout !== undefined && layout.mapping.list === list) return layout;
  }
  return undefined;
}

function headerOf(head: Uint8Array): readonly string[] {
  const text = new TextDecoder(encodingOf(head)).decode(head, { stream: true });
  const reader = new CsvReader(delimiterOf(text));
  return [...reader.push(text), ...reader.end()][0]?.cells ?? [];
}

/** `name`: of a layout, or `auto`. `head`: the first bytes of the file. */
export function fitted(head: Uint8Array, name: string): Fitted {
  const json = isJson(head);
  const columns = json ? [] : headerOf(head);
  const none = (code: string, message: string): Fitted => ({ problems: [{ field: 'layout', code, message }] });
  const layout = name !== AUTO ? layoutNamed(name) : json ? layoutOfJsonText(new TextDecoder().decode(head, { stream: true })) : layoutOf(columns);
  if (layout === undefined) return name === AUTO ? none('unknown-layout', `cannot be told: the file has the columns of none of ${LAYOUT_NAMES.join(', ')}`) : none('unknown-choice', `must be ${AUTO} or one of ${LAYOUT_NAMES.join(', ')}`);
  if ((layout.mapping.format === 'json') !== json) return none('wrong-format', `${layout.name} reads ${layout.reads}; the file is ${json ? 'JSON' : 'no JSON'}`);
  const lacked = json ? [] : lackedBy(layout, columns);
  if (lacked.length > 0) return none('unknown-column', `${layout.name} needs ${lacked.join(', ')}, which the file does not have; it has ${columns.slice(0, 20).join(', ')}`);
  return { layout, mapping: mappingFor(layout, columns) };
}
