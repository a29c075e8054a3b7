/** What rows become, by the code the server reads them with. Pure, but for the clock that is given. */
import { checkCustomer, checkMapping, columnsOf as readBy, columnsRead, rowMapper, type Cell, type Mapping } from '../../../../src/exchange/mapping.js';
import { checkEntry } from '../../../../src/customers/entry.js';

export interface Became {
  readonly line: number;
  readonly customer: string;
  readonly kind: string;
  readonly side: string;
  /** Epoch ms. */
  readonly at: number | null;
  readonly text: string;
  /** What is wrong, by the path of the field in the mapping. */
  readonly problems: readonly { readonly field: string; readonly message: string }[];
}

/** A field as the mapping calls it: the checks of entries leave `entry.` out. */
export const pathOf = (field: string): string => (/^(customer|entry|dates)\.|^(row|delimiter|mapping|file)$/.test(field) ? field : `entry.${field}`);

/** Columns that a cell of the mapping reads. */
export function columnsOf(cell: Cell | undefined): readonly string[] {
  return cell === undefined ? [] : readBy(cell);
}

export function cellAt(mapping: Mapping, path: string): Cell | undefined {
  const [part, field] = path.split('.') as ['customer' | 'entry', string];
  return part === 'customer' || part === 'entry' ? mapping[part]?.[field] : undefined;
}

/** `zone`: for times without an offset, where the mapping names none. Nothing, while the mapping does not fit the columns. */
export function becomeOf(mapping: Mapping, columns: readonly string[], rows: readonly { readonly line: number; readonly cells: readonly string[] }[], now: number, zone = 'UTC'): readonly Became[] {
  const isJson = mapping.format === 'json';
  if (checkMapping(mapping, isJson ? undefined : columns).length > 0) return [];
  // A path that no object of the file has is empty, as the server reads it.
  const empty = isJson ? [...columnsRead(mapping)].map((name) => [name, ''] as const) : [];
  const map = rowMapper(mapping, zone, () => now);
  return rows.map(({ line, cells }): Became => {
    const nothing = { line, customer: '', kind: '', side: '', at: null, text: '' };
    if (cells.length !== columns.length) return { ...nothing, problems: [{ field: 'row', message: `has ${cells.length} cells, not ${columns.length}` }] };
    const mapped = map(Object.fromEntries([...empty, ...columns.map((name, index) => [name, cells[index]!] as const)]));
    if (mapped.skipped !== undefined) return { ...nothing, text: mapped.skipped, problems: [] };
    if (mapped.problems !== undefined) return { ...nothing, problems: mapped.problems.map(({ field, message }) => ({ field: pathOf(field), message })) };
    const { customer, entry = {} } = mapped;
    const checked = mapped.entry === undefined ? undefined : checkEntry(entry, { now, zone: mapping.dates?.zone ?? zone });
    const problems = [...(checked?.problems ?? []), ...checkCustomer(customer)].map(({ field, message }) => ({ field: pathOf(field), message }));
    const shown = (value: unknown): string => (typeof value === 'string' ? value : '');
    const { occurredAt = null, side = entry['side'] } = checked?.entry ?? {};
    return { line, customer: shown(customer['name']) || shown(customer['sourceId']), kind: shown(entry['kind']), side: shown(side), at: occurredAt, text: shown(entry['summary']), problems };
  });
}
