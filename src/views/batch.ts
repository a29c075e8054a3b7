/** Folds the row operations of a batch in memory, so that each row is written once. */
import type { Row, RowOp, Table, Value } from '../kernel/view.js';

/** Consecutive operations on one table that can go out as one statement, or a few. */
export type Step =
  | { readonly op: 'put'; readonly table: string; readonly rows: readonly Row[] }
  | Sums
  | Extract<RowOp, { op: 'patch' | 'remove' | 'remove-with' }>;

/** What to add to the sums of a table, by key; nothing that is 0. */
export interface Sums {
  readonly op: 'add';
  readonly table: string;
  readonly amounts: readonly { readonly key: readonly Value[]; readonly amount: number }[];
}

export const keyOf = (row: Row, key: readonly string[]): string => JSON.stringify(key.map((column) => row[column]));

const covers = (where: Row, key: readonly string[]): boolean => key.length === Object.keys(where).length && key.every((column) => column in where);

/**
 * Keeps the order per table. Puts gather until something other than a put or a patch of a gathered row comes;
 * a later put of the same key replaces the earlier one.
 */
export function foldOps(ops: readonly RowOp[], tables: Readonly<Record<string, Table>>): Step[] {
  const steps: Step[] = [];
  const gathered = new Map<string, Map<string, Row>>();
  // Tables with a sum know no other operation, so their place among the steps does not matter.
  const sums = new Map<string, Map<string, { readonly key: readonly Value[]; amount: number }>>();
  const flush = (table: string): void => {
    const rows = gathered.get(table);
    if (rows !== undefined && rows.size > 0) steps.push({ op: 'put', table, rows: [...rows.values()] });
    gathered.delete(table);
  };
  for (const op of ops) {
    if (op.op === 'add') {
      const amounts = sums.get(op.table) ?? new Map<string, { readonly key: readonly Value[]; amount: number }>();
      if (amounts.size === 0) sums.set(op.table, amounts);
      const name = op.key.join('\u0000');
      const sum = amounts.get(name);
      if (sum === undefined) amounts.set(name, { key: op.key, amount: op.amount });
      else sum.amount += op.amount;
      continue;
    }
    if (op.op === 'remove-with') {
      // Both tables as they are by now.
      flush(op.table);
      flush(op.other);
      steps.push(op);
      continue;
    }
    const { key } = tables[op.table]!;
    const rows = gathered.get(op.table) ?? new Map<string, Row>();
    if (op.op === 'put') {
      gathered.set(op.table, rows.set(keyOf(op.row, key), op.row));
      continue;
    }
    const gatheredRow = covers(op.where, key) ? rows.get(keyOf(op.where, key)) : undefined;
    if (op.op === 'patch' && gatheredRow !== undefined) {
      rows.set(keyOf(gatheredRow, key), { ...gatheredRow, ...op.set });
      continue;
    }
    flush(op.table);
    steps.push(op);
  }
  for (const table of gathered.keys()) flush(table);
  for (const [table, amounts] of sums) steps.push({ op: 'add', table, amounts: [...amounts].filter(([, { amount }]) => amount !== 0).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum) });
  return steps;
}
