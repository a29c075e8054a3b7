/** Reads CSV as it comes, to look at it: first rows, values of columns, rows of certain lines. What goes in, the server reads. Pure. */
export const ENCODINGS = ['utf-8', 'windows-1252', 'utf-16le', 'utf-16be'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export interface CsvRow {
  /** Line of the text on which the row ends, the first being 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Takes text in pieces. Empty lines are no rows; line breaks may be of any kind; a quote within quotes is doubled. */
export class CsvReader {
  private cells: string[] = [];
  private cell = '';
  private isQuoted = false;
  /** A quote was read within quotes: the end of them, or the first of two. */
  private isLeaving = false;
  private wasQuoted = false;
  private line = 1;
  private afterReturn = false;
  private isFirst = true;

  constructor(private readonly delimiter: string) {}

  push(text: string): CsvRow[] {
    const rows: CsvRow[] = [];
    let at = 0;
    if (this.isFirst && text !== '') {
      this.isFirst = false;
      if (text.charCodeAt(0) === 0xfeff) at = 1;
    }
    for (; at < text.length; at++) {
      const char = text[at]!;
      if (this.afterReturn) {
        this.afterReturn = false;
        if (char === '\n') continue;
      }
      if (this.isQuoted && !this.isLeaving) {
        if (char === '"') this.isLeaving = true;
        else {
          if (char === '\n') this.line += 1;
          this.cell += char;
        }
        continue;
      }
      if (this.isLeaving) {
        this.isLeaving = false;
        if (char === '"') {
          this.cell += char;
          continue;
        }
        this.isQuoted = false;
      }
      if (char === this.delimiter) this.endCell();
      else if (char === '\n' || char === '\r') {
        this.afterReturn = char === '\r';
        this.endRow(rows);
        this.line += 1;
      } else if (char === '"' && this.cell === '' && !this.wasQuoted) {
        this.isQuoted = true;
        this.wasQuoted = true;
      } else this.cell += char;
    }
    return rows;
  }

  /** The last row, when no line break ends it. */
  end(): CsvRow[] {
    const rows: CsvRow[] = [];
    this.endRow(rows);
    return rows;
  }

  private endCell(): void {
    this.cells.push(this.cell);
    this.cell = '';
    this.wasQuoted = false;
  }

  private endRow(rows: CsvRow[]): void {
    if (this.cells.length > 0 || this.cell !== '' || this.wasQuoted) {
      this.endCell();
      rows.push({ line: this.line, cells: this.cells });
      this.cells = [];
    }
  }
}

const quoted = (cell: string): string => (/["\r\n;,\t|]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
export const csvLine = (cells: readonly string[], delimiter: string): string => `${cells.map(quoted).join(delimiter)}\r\n`;
