/** Tables for spreadsheets. */
import { stringify } from 'csv-stringify/sync';

/** A spreadsheet takes a cell that begins like this for a formula; the wide forms too, once it has normalised them. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Text that would be run is told to be text by an apostrophe; numbers stay numbers. */
export const defused = (cell: string | number | null): string | number => (cell === null ? '' : typeof cell === 'string' && FORMULA.test(cell) ? `'${cell}` : cell);

/** Without the last line end: whoever prints it adds one. */
export const csv = (headers: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string => stringify([[...headers], ...rows.map((row) => row.map(defused))]).trimEnd();
