/** Looks through a file as it comes, whatever its length: its rows are counted, and of each column it is kept what values it has. Pure. */
import { CsvReader, type CsvRow, type Encoding } from './csv.js';
import { delimiterOf, encodingOf, notText, DateWatch, type DateFormat } from './file-format.js';
import { isJson } from './json-rows.js';
import type { Column } from './suggest.js';

/** Different values of a column that are listed, and how long they may be. */
export const LISTED = 100;
const LONGEST = 200;

/** Columns beyond these are not looked into. */
const COLUMNS = 1000;

interface Watched {
  readonly name: string;
  readonly values: Map<string, number>;
  hasMore: boolean;
  readonly dates: DateWatch;
}

/** Takes the text of a CSV file in pieces. */
export class Scanning {
  private readonly reader: CsvReader;
  private header: readonly string[] | undefined;
  private watched: Watched[] = [];
  private count = 0;

  constructor(delimiter: string) {
    this.reader = new CsvReader(delimiter);
  }

  push(text: string): void {
    this.take(this.reader.push(text));
  }

  end(): { readonly rows: number; readonly header: readonly string[]; readonly columns: readonly Column[] } {
    this.take(this.reader.end());
    return { rows: this.count, header: this.header ?? [], columns: this.watched.map(({ dates, ...column }) => ({ ...column, dates: dates.result() })) };
  }

  private take(rows: readonly CsvRow[]): void {
    for (const { cells } of rows) {
      if (this.header === undefined) {
        this.header = cells;
        this.watched = cells.slice(0, COLUMNS).map((name) => ({ name, values: new Map<string, number>(), hasMore: false, dates: new DateWatch() }));
        continue;
      }
      this.count += 1;
      this.watched.forEach((own, index) => {
        const value = cells[index] ?? '';
        const seen = own.values.get(value);
        if (seen === undefined) own.dates.take(value);
        if (seen !== undefined) own.values.set(value, seen + 1);
        else if (own.values.size < LISTED && value.length <= LONGEST) own.values.set(value, 1);
        else own.hasMore = true;
      });
    }
  }
}

/** First bytes by which a file is recognised. */
export const HEAD = 256 * 1024;

/** What a file was found to be. */
export interface Looked {
  readonly encoding: Encoding;
  /** It has characters of UTF-8 and bytes that are none: text of two encodings, or damaged. */
  readonly isMixed: boolean;
  readonly delimiter: string;
  /** Rows below the header. */
  readonly rows: number;
  readonly header: readonly string[];
  readonly columns: readonly Column[];
}

/** Takes the bytes of a file in pieces, and says in the end what it is. */
export class Look {
  private head: Uint8Array[] | null = [];
  private size = 0;
  private encoding: Encoding = 'utf-8';
  private decoder: InstanceType<typeof TextDecoder> | undefined;
  private isMixed = false;
  private hasLetters = false;
  private delimiter = ',';
  private scanning: Scanning | undefined;
  private why: string | null = null;

  /** `given`: what is known already. */
  constructor(private readonly given: { readonly encoding?: Encoding; readonly delimiter?: string } = {}) {}

  push(bytes: Uint8Array): void {
    if (this.head === null) return void this.read(bytes);
    this.head.push(bytes);
    this.size += bytes.length;
    if (this.size >= HEAD) this.begin();
  }

  /** What it is; or why it is none that can be read: `empty`, `header`, `doubled`, or what it is instead of text. */
  end(): Looked | string {
    if (this.head !== null) this.begin();
    if (this.why !== null) return this.why;
    try {
      this.scanning!.push(this.decoder!.decode());
    } catch {
      this.isMixed = this.hasLetters;
      this.encoding = 'windows-1252';
    }
    const { rows, header, columns } = this.scanning!.end();
    if (header.length === 0) return 'empty';
    if (header.every((name) => name.trim() === '')) return 'header';
    if (header.some((name, index) => name !== '' && header.indexOf(name) < index)) return 'doubled';
    return { encoding: this.encoding, isMixed: this.isMixed, delimiter: this.delimiter, rows, header, columns };
  }

  private begin(): void {
    const bytes = joined(this.head!, this.size);
    this.head = null;
    // JSON has no rows; as CSV it could be one row without an end.
    this.why = notText(bytes) ?? (isJson(bytes) ? 'json' : null);
    if (this.why !== null) return;
    this.encoding = this.given.encoding ?? encodingOf(bytes);
    this.delimiter = this.given.delimiter ?? delimiterOf(new TextDecoder(this.encoding).decode(bytes, { stream: true }));
    this.decoder = new TextDecoder(this.encoding, { fatal: this.encoding === 'utf-8' && this.given.encoding === undefined });
    this.scanning = new Scanning(this.delimiter);
    this.read(bytes);
  }

  private read(bytes: Uint8Array): void {
    if (this.why !== null) return;
    try {
      const text = this.decoder!.decode(bytes, { stream: true });
      this.hasLetters ||= /[^\x00-\x7f]/.test(text);
      this.scanning!.push(text);
    } catch {
      // Its beginning passed for UTF-8, and this does not.
      this.isMixed = this.hasLetters;
      this.encoding = 'windows-1252';
      this.decoder = new TextDecoder('windows-1252');
      this.scanning!.push(this.decoder.decode(bytes, { stream: true }));
    }
  }
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** The column whose dates the mapping reads, and how they are written; null when it reads none. */
export function datesRead(columns: readonly Column[], named: readonly string[]): ({ readonly column: string } & DateFormat) | null {
  for (const column of columns) if (named.includes(column.name) && column.dates != null) return { column: column.name, ...column.dates };
  return null;
}
