/** Looks through a file as it comes, whatever its length: its rows are counted, and of each column it is kept what values it has. Pure. */
import { CsvReader, type CsvRow, type Encoding } from './csv.js';
import { delimiterOf, encodingOf, notText, DateWatch, type DateFormat } from './file-format.js';
import { isJson, JsonReader, listIn, pathsIn, type JsonRow } from './json-rows.js';
import type { Column } from './suggest.js';

/** Different values of a column that are listed, and how long they may be. */
export const LISTED = 100;
const LONGEST = 200;

/** Columns beyond these are not looked into. */
const COLUMNS = 1000;

/** What is kept of a column. */
class Watched {
  private readonly values = new Map<string, number>();
  private hasMore = false;
  private readonly dates = new DateWatch();

  constructor(private readonly name: string) {}

  take(value: string): void {
    const seen = this.values.get(value);
    if (seen === undefined) this.dates.take(value);
    if (seen !== undefined) this.values.set(value, seen + 1);
    else if (this.values.size < LISTED && value.length <= LONGEST) this.values.set(value, 1);
    else this.hasMore = true;
  }

  get column(): Column {
    const { name, values, hasMore, dates } = this;
    return { name, values, hasMore, dates: dates.result() };
  }
}

/** What was found in all of a file. */
export interface Scan {
  readonly rows: number;
  readonly header: readonly string[];
  readonly columns: readonly Column[];
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

  end(): Scan {
    this.take(this.reader.end());
    return { rows: this.count, header: this.header ?? [], columns: this.watched.map(({ column }) => column) };
  }

  private take(rows: readonly CsvRow[]): void {
    for (const { cells } of rows) {
      if (this.header === undefined) {
        this.header = cells;
        this.watched = cells.slice(0, COLUMNS).map((name) => new Watched(name));
        continue;
      }
      this.count += 1;
      this.watched.forEach((own, index) => own.take(cells[index] ?? ''));
    }
  }
}

/** Takes the text of a JSON file in pieces: its columns are the paths that its objects have. `list`: the key of the list. */
export class JsonScanning {
  private readonly reader: JsonReader;
  private readonly watched = new Map<string, Watched>();
  private count = 0;

  constructor(list?: string) {
    this.reader = new JsonReader(list);
  }

  push(text: string): void {
    this.take(this.reader.push(text));
  }

  end(): Scan {
    this.take(this.reader.end());
    return { rows: this.count, header: [...this.watched.keys()], columns: [...this.watched.values()].map(({ column }) => column) };
  }

  private take(rows: readonly JsonRow[]): void {
    for (const { value } of rows) {
      if (typeof value === 'string') continue;
      this.count += 1;
      for (const [path, text] of pathsIn(value)) {
        let own = this.watched.get(path);
        if (own === undefined && this.watched.size < COLUMNS) this.watched.set(path, (own = new Watched(path)));
        own?.take(text);
      }
    }
  }
}

/** First bytes by which a file is recognised. */
export const HEAD = 256 * 1024;

/** What a file was found to be. */
export interface Looked extends Scan {
  readonly format: 'csv' | 'json';
  /** Of JSON whose list stands under a key of one object: that key; else null. */
  readonly list: string | null;
  readonly encoding: Encoding;
  /** It has characters of UTF-8 and bytes that are none: text of two encodings, or damaged. */
  readonly isMixed: boolean;
  /** A comma, of JSON. */
  readonly delimiter: string;
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
  private format: 'csv' | 'json' = 'csv';
  private list: string | null = null;
  private scanning: Scanning | JsonScanning | undefined;
  private why: string | null = null;

  /** `given`: what is known already. */
  constructor(private readonly given: { readonly encoding?: Encoding; readonly delimiter?: string } = {}) {}

  push(bytes: Uint8Array): void {
    if (this.head === null) return void this.read(bytes);
    this.head.push(bytes);
    this.size += bytes.length;
    if (this.size >= HEAD) this.begin();
  }

  /** What it is; or why it is none that can be read: `empty`, `header`, `doubled`, `json` without an object, or what it is instead of text. */
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
    const { encoding, isMixed, delimiter, format, list } = this;
    const looked: Looked = { format, list, encoding, isMixed, delimiter, rows, header, columns };
    if (format === 'json') return rows === 0 ? 'json' : looked;
    if (header.length === 0) return 'empty';
    if (header.every((name) => name.trim() === '')) return 'header';
    if (header.some((name, index) => name !== '' && header.indexOf(name) < index)) return 'doubled';
    return looked;
  }

  private begin(): void {
    const bytes = joined(this.head!, this.size);
    this.head = null;
    this.why = notText(bytes);
    if (this.why !== null) return;
    this.encoding = this.given.encoding ?? encodingOf(bytes);
    const text = new TextDecoder(this.encoding).decode(bytes, { stream: true });
    // As CSV it could be one row without an end.
    if (isJson(bytes)) {
      this.format = 'json';
      this.list = listIn(text) ?? null;
    } else this.delimiter = this.given.delimiter ?? delimiterOf(text);
    this.decoder = new TextDecoder(this.encoding, { fatal: this.encoding === 'utf-8' && this.given.encoding === undefined });
    this.scanning = this.format === 'json' ? new JsonScanning(this.list ?? undefined) : new Scanning(this.delimiter);
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
