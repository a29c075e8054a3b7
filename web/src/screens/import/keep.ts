/** The last mapping is kept in this browser, for the next file with the same columns, until its author signs out. */
import type { Mapping } from '../../../../src/exchange/mapping.js';
import { onLeave } from '../../app/session.js';

const KEY = 'five-ring.import-mapping';
onLeave(() => localStorage.removeItem(KEY));

export const keepMapping = (columns: readonly string[], mapping: Mapping): void => localStorage.setItem(KEY, JSON.stringify({ columns, mapping }));

export function keptMapping(columns: readonly string[]): Mapping | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as { readonly columns: readonly string[]; readonly mapping: Mapping } | null;
    return kept !== null && JSON.stringify(kept.columns) === JSON.stringify(columns) ? kept.mapping : null;
  } catch {
    return null;
  }
}
