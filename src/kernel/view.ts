/** Projections: events become rows, by tables of small functions. The views layer does the rest. */
import type { RecordedEvent } from './event-store.js';

/** What a column holds; the subset that SQLite and PostgreSQL share. `flag` is 0 or 1, `json` is text. */
export type ColumnType = 'text' | 'integer' | 'real' | 'flag' | 'json';

export interface Table {
  readonly columns: Readonly<Record<string, ColumnType | `${ColumnType}?`>>;
  readonly key: readonly string[];
  /** Further indexes, each a list of columns. */
  readonly indexes?: readonly (readonly string[])[];
}

export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

export type RowOp =
  /** Insert, or replace the row with the same key. */
  | { readonly op: 'put'; readonly table: string; readonly row: Row }
  /** Change some columns of the rows that match. */
  | { readonly op: 'patch'; readonly table: string; readonly where: Row; readonly set: Row }
  /** Remove the rows that match. */
  | { readonly op: 'remove'; readonly table: string; readonly where: Row };

export const put = (table: string, row: Row): RowOp => ({ op: 'put', table, row });
export const patch = (table: string, where: Row, set: Row): RowOp => ({ op: 'patch', table, where, set });
export const remove = (table: string, where: Row): RowOp => ({ op: 'remove', table, where });

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

/** Rows from the folded state of a whole stream; all rows of the stream are replaced when one of its events arrives. */
export interface StreamView<State = unknown> extends Named {
  readonly from: 'streams';
  /** Streams with this prefix. */
  readonly prefix: string;
  initial(stream: string): State;
  evolve(state: State, event: RecordedEvent): State;
  /** Rows by table; each must carry the column `stream`. */
  rows(state: State): Readonly<Record<string, readonly Row[]>>;
}

export type View = EventView | StreamView;
