/** Looks through a whole file piece by piece: nothing larger than a piece is ever in memory. */
import { CsvReader, type CsvRow, type Encoding } from '../../../../src/exchange/csv.js';
import { JsonScanning, Scanning, type Scan } from '../../../../src/exchange/scanning.js';
import { JsonReader, rowAt, type JsonRow } from '../../../../src/exchange/json-rows.js';
import { encodingOf } from '../../../../src/exchange/file-format.js';

const PIECE = 1024 * 1024;

/** How the rows of a file are written. `list`: of JSON, the key under which they stand; null where they stand by themselves. */
export interface Form {
  readonly format: 'csv' | 'json';
  readonly delimiter: string;
  readonly list: string | null;
}

/** Pieces of text; `read` hears how many bytes are read. A screen stays awake between them. */
async function* textOf(file: Blob, encoding: Encoding, signal: AbortSignal, read?: (bytes: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for (let at = 0; at < file.size; at += PIECE) {
    signal.throwIfAborted();
    const bytes = await file.slice(at, at + PIECE).arrayBuffer();
    yield decoder.decode(bytes, { stream: true });
    read?.(Math.min(at + PIECE, file.size));
    await new Promise((resolve) => setTimeout(resolve));
  }
  yield decoder.decode();
}

/** Objects as rows of these paths; what is no object has no cells. */
export const rowsIn = (rows: readonly JsonRow[], paths: readonly string[]): CsvRow[] => rows.map(({ line, value }) => {
  const cells = typeof value === 'string' ? {} : rowAt(value, paths);
  return { line, cells: typeof value === 'string' ? [] : paths.map((path) => cells[path]!) };
});

/** `header`: the columns, of JSON the paths. */
async function* rowsOf(file: Blob, encoding: Encoding, { format, delimiter, list }: Form, header: readonly string[], signal: AbortSignal): AsyncGenerator<CsvRow[]> {
  if (format === 'json') {
    const reader = new JsonReader(list ?? undefined);
    for await (const text of textOf(file, encoding, signal)) yield rowsIn(reader.push(text), header);
    yield rowsIn(reader.end(), header);
    return;
  }
  const reader = new CsvReader(delimiter);
  for await (const text of textOf(file, encoding, signal)) yield reader.push(text);
  yield reader.end();
}

/** Counts the rows and gathers the values of each column. */
export async function scan(file: Blob, encoding: Encoding, { format, delimiter, list }: Form, signal: AbortSignal, read?: (bytes: number) => void): Promise<Scan> {
  const scanning = format === 'json' ? new JsonScanning(list ?? undefined) : new Scanning(delimiter);
  for await (const text of textOf(file, encoding, signal, read)) scanning.push(text);
  return scanning.end();
}

/** The rows that end on these lines. Where objects share a line it cannot be told which is meant: it has none. */
export async function rowsAt(file: Blob, encoding: Encoding, form: Form, header: readonly string[], lines: ReadonlySet<number>, signal: AbortSignal): Promise<Map<number, readonly string[]>> {
  const found = new Map<number, readonly string[]>();
  for await (const some of rowsOf(file, encoding, form, header, signal)) {
    for (const { line, cells } of some) if (lines.has(line)) found.set(line, found.has(line) ? [] : cells);
    if (form.format === 'csv' && found.size === lines.size) break;
  }
  return found;
}

/** Whether all of it is written in UTF-8. */
export async function isUtf8(file: Blob, signal: AbortSignal): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for (let at = 0; at < file.size; at += PIECE) {
      signal.throwIfAborted();
      decoder.decode(await file.slice(at, at + PIECE).arrayBuffer(), { stream: true });
    }
    decoder.decode();
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    return false;
  }
}

/** The same text in UTF-8, as the server takes it. The browser keeps the pieces, on disk when they are many. */
export async function inUtf8(file: Blob, encoding: Encoding, signal: AbortSignal): Promise<Blob> {
  if (encoding === 'utf-8') return file;
  const pieces: Blob[] = [];
  for await (const text of textOf(file, encoding, signal)) pieces.push(new Blob([text]));
  return new Blob(pieces, { type: 'text/csv' });
}

/** Encoding of the whole file: by its beginning, and when that may be UTF-8 by all of it. */
export async function encodingIn(file: Blob, head: Uint8Array, signal: AbortSignal): Promise<Encoding> {
  const first = encodingOf(head);
  return first === 'utf-8' && !(await isUtf8(file, signal)) ? 'windows-1252' : first;
}
