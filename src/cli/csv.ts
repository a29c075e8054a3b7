/** Tables for spreadsheets. */
import { stringify } from 'csv-stringify/sync';
import { defused } from '../customers/spreadsheet.js';

export { defused };

/** Without the last line end: whoever prints it adds one. */
export const csv = (headers: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string => stringify([[...headers], ...rows.map((row) => row.map(defused))]).trimEnd();
