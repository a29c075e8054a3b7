/** What a file is, by its first bytes: its encoding, what separates its fields, how its dates are written. Pure. */
import { CsvReader, type Encoding } from './csv.js';


/** Files that are no text, by how they begin. */
const SIGNATURES: readonly (readonly [string, readonly number[]])[] = [
  ['spreadsheet', [0x50, 0x4b, 0x03, 0x04]],
  ['spreadsheet', [0xd0, 0xcf, 0x11, 0xe0]],
  ['pdf', [0x25, 0x50, 0x44, 0x46]],
  ['archive', [0x1f, 0x8b]],
  ['picture', [0x89, 0x50, 0x4e, 0x47]],
  ['picture', [0xff, 0xd8, 0xff]],
];

/** Why a file with these first bytes is none that can be read: `empty`, or what it is instead; null when it is text. */
export function notText(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return 'empty';
  const found = SIGNATURES.find(([, signature]) => signature.every((byte, index) => bytes[index] === byte));
  if (found !== undefined) return found[0];
  if (encodingOf(bytes).startsWith('utf-16')) return null;
  // Text has no zeros, and no other control characters to speak of.
  let odd = 0;
  for (const byte of bytes) {
    if (byte === 0) return 'binary';
    if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) odd += 1;
  }
  return odd > bytes.length / 100 ? 'binary' : null;
}

/** By the mark at its beginning, by zeros in every other byte, or as UTF-8 if it is valid; else it is taken for Windows-1252. The bytes may end within a character. */
export function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const some = bytes.subarray(0, 2000);
  const zeros = [0, 0];
  for (const [index, byte] of some.entries()) if (byte === 0) zeros[index % 2]! += 1;
  if (zeros[1]! > some.length / 4 && zeros[0] === 0) return 'utf-16le';
  if (zeros[0]! > some.length / 4 && zeros[1] === 0) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

export const DELIMITERS = [',', ';', '\t', '|'] as const;

/** What cuts the first rows into the same number of fields, and into the most. A comma when nothing does. */
export function delimiterOf(text: string): string {
  let best = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const reader = new CsvReader(delimiter);
    const rows = reader.push(text).slice(0, 30);
    if (rows.length === 0) rows.push(...reader.end());
    const width = rows[0]?.cells.length ?? 0;
    if (width < 2) continue;
    const score = width * (rows.filter(({ cells }) => cells.length === width).length / rows.length) ** 2;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

const TIMES = ['', ' HH:mm', ' HH:mm:ss'] as const;
const DAYS = ['YYYY-MM-DD', 'DD.MM.YYYY', 'DD/MM/YYYY', 'MM/DD/YYYY', 'YYYY/MM/DD', 'DD-MM-YYYY', 'YYYYMMDD'] as const;
export const DATE_FORMATS: readonly string[] = ['ISO', ...DAYS.flatMap((day) => TIMES.map((time) => day + time)), 'unix', 'unix-ms'];

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Whether a text is a date of the pattern: what the mapping's reader takes, without a zone to think of, as it is asked of every value of a file. */
function shapeOf(format: string): (text: string) => boolean {
  const tokens: readonly string[] = format.match(/YYYY|MM|DD|HH|mm|ss/g) ?? [];
  const pattern = new RegExp(`^${format.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/YYYY|MM|DD|HH|mm|ss/g, (token) => (token === 'YYYY' ? '(\\d{4})' : token === 'mm' || token === 'ss' ? '(\\d{2})' : '(\\d{1,2})'))}$`);
  const [year, month, day, hour, minute, second] = ['YYYY', 'MM', 'DD', 'HH', 'mm', 'ss'].map((token) => tokens.indexOf(token) + 1) as [number, number, number, number, number, number];
  return (text) => {
    const parts = pattern.exec(text);
    if (parts === null) return false;
    const at = (index: number, otherwise: number): number => (index === 0 ? otherwise : Number(parts[index]));
    const [y, m, d] = [at(year, 1970), at(month, 1), at(day, 1)];
    return y >= 1900 && y < 2200 && m >= 1 && m <= 12 && d >= 1 && d <= new Date(Date.UTC(y, m, 0)).getUTCDate() && at(hour, 0) <= 23 && at(minute, 0) <= 59 && at(second, 0) <= 59;
  };
}

const SHAPES: ReadonlyMap<string, (text: string) => boolean> = new Map(DATE_FORMATS.map((format) => [format, shapeOf(format)]));

function reads(format: string, value: string): boolean {
  if (format === 'ISO') return ISO.test(value) && !Number.isNaN(Date.parse(value));
  // Any whole number would be one: only those of the years 2000 to 2100 are taken for dates.
  if (format === 'unix') return /^\d{9,10}$/.test(value) && Number(value) >= 946_684_800;
  if (format === 'unix-ms') return /^\d{12,13}$/.test(value) && Number(value) >= 946_684_800_000;
  return SHAPES.get(format)!(value);
}

/** A column with a few bad dates in it still is one of dates. */
const MOST = 0.6;

export interface DateFormat {
  readonly format: string;
  /** Another way that fits as many, such as the month first: the data do not tell which it is, somebody must. */
  readonly or: string | null;
}

/** Values after which what most of them are not is given up. */
const ENOUGH = 200;

/** Finds out how the values of a column are written as dates, value by value. */
export class DateWatch {
  private given = 0;
  private last = '';
  private readonly fits: Map<string, number>;

  constructor(formats: readonly string[] = DATE_FORMATS) {
    this.fits = new Map(formats.map((format) => [format, 0]));
  }

  take(text: string): void {
    const value = text.trim();
    if (value === '' || value === this.last) return;
    this.last = value;
    this.given += 1;
    for (const [format, count] of this.fits) if (reads(format, value)) this.fits.set(format, count + 1);
    if (this.given % ENOUGH === 0) for (const [format, count] of this.fits) if (count < this.given * MOST) this.fits.delete(format);
  }

  /** Null when most values are no dates. */
  result(): DateFormat | null {
    const most = Math.max(0, ...this.fits.values());
    if (most === 0 || most < this.given * MOST) return null;
    const [format, or] = [...this.fits].filter(([, count]) => count === most).map(([one]) => one);
    return { format: format!, or: or !== undefined && /^(DD|MM)/.test(or) && /^(DD|MM)/.test(format!) ? or : null };
  }
}

/** How these values are written as dates, when most that are not empty are. */
export function datesOf(values: Iterable<string>): DateFormat | null {
  const watch = new DateWatch();
  for (const value of new Set(values)) watch.take(value);
  return watch.result();
}
