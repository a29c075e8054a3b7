/** Cells of tables that a spreadsheet will open. */

/** A spreadsheet takes a cell that begins like this for a formula; the wide forms too, once it has normalised them. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Text that would be run is told to be text by an apostrophe; numbers stay numbers. */
export const defused = (cell: string | number | null): string | number => (cell === null ? '' : typeof cell === 'string' && FORMULA.test(cell) ? `'${cell}` : cell);
