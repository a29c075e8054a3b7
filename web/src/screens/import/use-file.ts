import { useCallback, useEffect, useRef, useState } from 'react';
import { CsvReader, type CsvRow, type Encoding } from '../../../../src/exchange/csv.js';
import { delimiterOf, notText } from '../../../../src/exchange/file-format.js';
import { isJson, JsonReader, listIn } from '../../../../src/exchange/json-rows.js';
import type { Scan } from '../../../../src/exchange/scanning.js';
import { encodingIn, inUtf8, rowsIn, scan, type Form } from './scan.js';

/** A file that was looked at. */
export interface Opened extends Form {
  readonly name: string;
  /** In UTF-8, whatever it was. */
  readonly blob: Blob;
  readonly size: number;
  readonly encoding: Encoding;
  readonly header: readonly string[];
  readonly first: readonly CsvRow[];
  readonly scanned: Scan;
}

export interface FileState {
  readonly opened: Opened | null;
  /** Share of the file that is read while it is looked through. */
  readonly looking: number | null;
  /** Why it cannot be used: a key of the texts. */
  readonly wrong: string | null;
  readonly name: string | null;
  readonly open: (file: File, choice?: { readonly encoding?: Encoding; readonly delimiter?: string }) => void;
  /** The same file, read in another way. */
  readonly readAs: (choice: { readonly encoding?: Encoding; readonly delimiter?: string }) => void;
}

const HEAD = 256 * 1024;
const FIRST_ROWS = 8;

async function look(file: File, choice: { readonly encoding?: Encoding; readonly delimiter?: string }, signal: AbortSignal, read: (share: number) => void): Promise<Opened | string> {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const wrong = notText(head);
  if (wrong !== null) return wrong;
  const encoding = choice.encoding ?? (await encodingIn(file, head, signal));
  const text = new TextDecoder(encoding).decode(head, { stream: true });
  if (text.trim() === '') return 'empty';
  if (isJson(head)) {
    const list = listIn(text) ?? null;
    const form = { format: 'json', list, delimiter: ',' } as const;
    const blob = await inUtf8(file, encoding, signal);
    const scanned = await scan(blob, 'utf-8', form, signal, (bytes) => read(bytes / blob.size));
    if (scanned.rows === 0) return 'json';
    const objects = new JsonReader(list ?? undefined).push(text).filter(({ value }) => typeof value !== 'string');
    return { name: file.name, blob, size: file.size, encoding, ...form, header: scanned.header, first: rowsIn(objects.slice(0, FIRST_ROWS), scanned.header), scanned };
  }
  const delimiter = choice.delimiter ?? delimiterOf(text);
  const reader = new CsvReader(delimiter);
  const rows = reader.push(text);
  if (file.size <= HEAD) rows.push(...reader.end());
  const header = rows[0]?.cells;
  if (header === undefined) return 'header';
  if (rows.length < 2) return 'headerOnly';
  const doubled = header.some((name, index) => name !== '' && header.indexOf(name) < index);
  if (doubled) return 'doubled';
  const blob = await inUtf8(file, encoding, signal);
  const form = { format: 'csv', list: null, delimiter } as const;
  const scanned = await scan(blob, 'utf-8', form, signal, (bytes) => read(bytes / blob.size));
  return { name: file.name, blob, size: file.size, encoding, ...form, header, first: rows.slice(1, FIRST_ROWS + 1), scanned };
}

/** Opens a file and looks through it; another one, or leaving, gives up the one before. */
export function useFile(): FileState {
  const [state, setState] = useState<Pick<FileState, 'opened' | 'looking' | 'wrong' | 'name'>>({ opened: null, looking: null, wrong: null, name: null });
  const running = useRef<AbortController | null>(null);
  const file = useRef<File | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const open = useCallback<FileState['open']>((given, choice = {}) => {
    running.current?.abort();
    const own = new AbortController();
    running.current = own;
    file.current = given;
    const show = (next: Partial<FileState>): void => {
      if (running.current === own) setState({ opened: null, looking: null, wrong: null, name: given.name, ...next });
    };
    show({ looking: 0 });
    look(given, choice, own.signal, (looking) => show({ looking })).then(
      (found) => show(typeof found === 'string' ? { wrong: found } : { opened: found }),
      // It went away under our hands, or may not be read.
      () => show({ wrong: 'unreadable' }),
    );
  }, []);
  const readAs = useCallback<FileState['readAs']>((choice) => {
    if (file.current !== null) open(file.current, choice);
  }, [open]);
  return { ...state, open, readAs };
}
