/** Projections: events become rows, by tables of small functions. The views layer does the rest. */
import type { RecordedEvent } from './event-store.js';

/** What a column holds; the subset that SQLite and PostgreSQL share. `flag` is 0 or 1, `json` is text. */
export type ColumnType = 'text' | 'integer' | 'real' | 'flag' | 'json';

export interface Table {
  readonly columns: Readonly<Record<string, ColumnType | `${ColumnType}?`>>;
  readonly key: readonly string[];
  /** Further indexes, each a list of columns. */
  readonly indexes?: readonly (readonly string[])[];
  /** The integer column that `add` adds to; it and the key are all columns. A row whose sum comes to 0 is removed. `along`: the integer column of the key along which sums stand in a series. */
  readonly sum?: { readonly column: string; readonly along: string };
}

export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

export type RowOp =
  /** Insert, or replace the row with the same key. */
  | { readonly op: 'put'; readonly table: string; readonly row: Row }
  /** Change some columns of the rows that match. */
  | { readonly op: 'patch'; readonly table: string; readonly where: Row; readonly set: Row }
  /** Remove the rows that match. */
  | { readonly op: 'remove'; readonly table: string; readonly where: Row }
  /** Remove the rows of which another table of the view has one with the same value in the column, among those that match there. */
  | { readonly op: 'remove-with'; readonly table: string; readonly column: string; readonly other: string; readonly where: Row }
  /**
   * Add to the sums of a series, whether their rows are there or not. `series`: values of the table's key without `along`, in its order;
   * `amounts`: place, amount, place, amount …, each place once. Not to be repeated: see `Totals`.
   */
  | { readonly op: 'add'; readonly table: string; readonly series: readonly Value[]; readonly amounts: readonly number[] };

export const put = (table: string, row: Row): RowOp => ({ op: 'put', table, row });
export const patch = (table: string, where: Row, set: Row): RowOp => ({ op: 'patch', table, where, set });
export const remove = (table: string, where: Row): RowOp => ({ op: 'remove', table, where });
export const removeWith = (table: string, column: string, other: string, where: Row): RowOp => ({ op: 'remove-with', table, column, other, where });
export const add = (table: string, series: readonly Value[], amounts: readonly number[]): RowOp => ({ op: 'add', table, series, amounts });

interface Named {
  readonly name: string;
  /** Raise it when the rows change their meaning: the view is then built anew. */
  readonly version: number | string;
  readonly tables: Readonly<Record<string, Table>>;
}

/** Rows from single events. The handler table is the list of events it handles. */
export interface EventView extends Named {
  readonly from: 'events';
  /** `true`: personal fields arrive unsealed (names and the search index only). */
  readonly unsealed?: boolean;
  // Each handler knows the type of its own events; the table as a whole cannot.
  readonly handlers: Readonly<Record<string, (event: RecordedEvent) => readonly RowOp[]>>;
}

/**
 * Sums over all streams, kept up by differences: what a stream adds to them is stored beside them, and compared with what it
 * adds now. An event that arrives twice finds its part stored, and changes nothing.
 */
export interface Totals<Known> {
  /** Table of what each stream adds: `stream` (the key) and `part` (json); a stream that adds nothing has no row. */
  readonly parts: string;
  /** What the stream adds, as text; equal text for equal parts, '' for nothing. */
  partOf(known: Known): string;
  /** Additions to tables with a `sum` that lead from the sums with the one part to the sums with the other. */
  between(before: string, after: string): readonly RowOp[];
}

/** Rows from the folded state of a whole stream; all rows of the stream are replaced when one of its events arrives. */
export interface StreamView<State = unknown, Known = unknown> extends Named {
  readonly from: 'streams';
  /** Streams with this prefix. */
  readonly prefix: string;
  initial(stream: string): State;
  evolve(state: State, event: RecordedEvent): State;
  /** What rows and totals are made from: worked out once for both. */
  known(state: State): Known;
  /** Rows by table; each must carry the column `stream`. */
  rows(known: Known): Readonly<Record<string, readonly Row[]>>;
  readonly totals?: Totals<Known>;
}

export type View = EventView | StreamView;
