/** Folds the row operations of a batch in memory, so that each row is written once. */
import type { Row, RowOp, Table, Value } from '../kernel/view.js';

/** Consecutive operations on one table that can go out as one statement, or a few. */
export type Step =
  | { readonly op: 'put'; readonly table: string; readonly rows: readonly Row[] }
  | Sums
  /** Rows that match any of these, all of the same columns. */
  | { readonly op: 'remove'; readonly table: string; readonly wheres: readonly Row[] }
  | Extract<RowOp, { op: 'patch' | 'remove-with' }>;

/** What to add to the sums of a table, series by series in an order of their own, each by place; what came to 0 among it. */
export interface Sums {
  readonly op: 'add';
  readonly table: string;
  readonly series: readonly Series[];
}

export interface Series {
  readonly values: readonly Value[];
  readonly amounts: Map<number, number>;
}

export const keyOf = (row: Row, key: readonly string[]): string => JSON.stringify(key.map((column) => row[column]));

const covers = (where: Row, key: readonly string[]): boolean => key.length === Object.keys(where).length && key.every((column) => column in where);

const matches = (row: Row, where: Row): boolean => Object.keys(where).every((column) => row[column] === where[column]);

/** What is to be done with a table next: first the removals, then the rows, none of which those would remove. */
interface Gathered {
  readonly removals: Map<string, Row[]>;
  readonly rows: Map<string, Row>;
}

/** Operations between two turns. */
const FOLDED_AT_ONCE = 250;

/**
 * Keeps the order per table. Removals and puts gather until something other than these or a patch of a gathered row comes;
 * a later put of the same key replaces the earlier one, a removal takes away what was gathered before it. Yields now and then.
 */
export function* foldOps(ops: readonly RowOp[], tables: Readonly<Record<string, Table>>): Generator<undefined, Step[]> {
  const steps: Step[] = [];
  const gathered = new Map<string, Gathered>();
  // Tables with a sum know no other operation, so their place among the steps does not matter.
  const sums = new Map<string, Map<string, Series>>();
  const flush = (table: string): void => {
    const { removals, rows } = gathered.get(table) ?? NOTHING;
    for (const wheres of removals.values()) steps.push({ op: 'remove', table, wheres });
    if (rows.size > 0) steps.push({ op: 'put', table, rows: [...rows.values()] });
    gathered.delete(table);
  };
  const of = (table: string): Gathered => {
    let all = gathered.get(table);
    if (all === undefined) gathered.set(table, (all = { removals: new Map(), rows: new Map() }));
    return all;
  };
  for (const [n, op] of ops.entries()) {
    if (n % FOLDED_AT_ONCE === 0) yield;
    if (op.op === 'add') {
      let ofTable = sums.get(op.table);
      if (ofTable === undefined) sums.set(op.table, (ofTable = new Map<string, Series>()));
      const name = op.series.join('\u0000');
      let series = ofTable.get(name);
      if (series === undefined) ofTable.set(name, (series = { values: op.series, amounts: new Map() }));
      const { amounts } = series;
      for (let i = 0; i < op.amounts.length; i += 2) amounts.set(op.amounts[i]!, (amounts.get(op.amounts[i]!) ?? 0) + op.amounts[i + 1]!);
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
    if (op.op === 'put') {
      of(op.table).rows.set(keyOf(op.row, key), op.row);
      continue;
    }
    if (op.op === 'remove') {
      const { removals, rows } = of(op.table);
      if (covers(op.where, key)) rows.delete(keyOf(op.where, key));
      else for (const [name, row] of rows) if (matches(row, op.where)) rows.delete(name);
      const columns = Object.keys(op.where).join();
      const wheres = removals.get(columns);
      if (wheres === undefined) removals.set(columns, [op.where]);
      else wheres.push(op.where);
      continue;
    }
    const rows = gathered.get(op.table)?.rows;
    const gatheredRow = covers(op.where, key) ? rows?.get(keyOf(op.where, key)) : undefined;
    if (rows !== undefined && gatheredRow !== undefined) {
      rows.set(keyOf(gatheredRow, key), { ...gatheredRow, ...op.set });
      continue;
    }
    flush(op.table);
    steps.push(op);
  }
  for (const table of [...gathered.keys()]) flush(table);
  for (const [table, ofTable] of sums) steps.push({ op: 'add', table, series: [...ofTable].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, series]) => series) });
  return steps;
}

const NOTHING: Gathered = { removals: new Map(), rows: new Map() };

/** Series by series, row after row in one list: the values of the key in its order, and what to add. Nothing that is 0. */
export function* sumsOf({ series }: Sums, { key, sum }: Table): Generator<Value[]> {
  const place = key.indexOf(sum!.along);
  for (const { values, amounts } of series) {
    const [before, after] = [values.slice(0, place), values.slice(place)];
    const rows: Value[] = [];
    for (const at of [...amounts.keys()].sort((a, b) => a - b)) if (amounts.get(at) !== 0) rows.push(...before, at, ...after, amounts.get(at)!);
    yield rows;
  }
}
