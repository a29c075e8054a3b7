/** Text for people: tables that line up, dates in the organisation's zone, numbers one can read. */
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colour on a terminal only, and not where NO_COLOR says so. */
export const styled = (style: Style, text: string): string => (process.stdout.isTTY ? styleText(style, text) : text);

/** Text from outside on one line, without anything that moves a cursor. */
export const plain = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ').trim();

const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const WIDE = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\uFF01-\uFF60]/u;

/** Columns of a terminal that the text takes. */
export function width(text: string): number {
  let columns = 0;
  for (const character of text.replaceAll(ESCAPES, '').replaceAll(/[\p{M}\p{Cf}]/gu, '')) columns += WIDE.test(character) ? 2 : 1;
  return columns;
}

function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (width(kept + character) >= columns) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** A table; the last column is cut to fit a terminal. Numbers given as numbers are set right. */
export function table(headers: readonly string[], rows: readonly (readonly (string | number)[])[], indent = ''): string {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? number(cell) : cell)));
  const widths = headers.map((header, column) => Math.max(width(header), ...cells.map((row) => width(row[column] ?? ''))));
  const room = (process.stdout.isTTY ? process.stdout.columns : 0) - indent.length - widths.slice(0, -1).reduce((sum, each) => sum + each + 2, 0);
  const line = (row: readonly string[], numeric: (column: number) => boolean): string =>
    (indent + row.map((cell, column) => {
      if (column === row.length - 1 && !numeric(column)) return room >= 10 ? cut(cell, room) : cell;
      const space = ' '.repeat(widths[column]! - width(cell));
      return numeric(column) ? space + cell : cell + space;
    }).join('  ')).trimEnd();
  const numericIn = (column: number): boolean => rows.some((row) => typeof row[column] === 'number');
  const head = line(headers, numericIn);
  return [...(head.trim() === '' ? [] : [styled('bold', head)]), ...cells.map((row) => line(row, numericIn))].join('\n');
}

export const number = (value: number): string => value.toLocaleString('en-GB', { maximumFractionDigits: 20 });

/** `3 rows`, `1 row`. */
export const count = (value: number, one: string, many = one.endsWith('y') ? `${one.slice(0, -1)}ies` : `${one}s`): string => `${number(value)} ${value === 1 ? one : many}`;

/** Minor units as the currency writes them. */
export function money(minor: number, currency: string): string {
  const digits = new Intl.NumberFormat('en-GB', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return `${(minor / 10 ** digits).toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${currency}`;
}

export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = value < 1000 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), units.length - 1);
  return `${(value / 1000 ** power).toFixed(power < 2 ? 0 : 1)} ${units[power]}`;
}

export class Dates {
  private readonly minutes: Intl.DateTimeFormat;

  constructor(zone: string) {
    // The Swedish way of writing dates is ISO 8601's.
    this.minutes = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  }

  time(iso: string | null): string {
    return iso === null ? '–' : this.minutes.format(new Date(iso));
  }

  day(iso: string | null): string {
    return iso === null ? '–' : this.time(iso).slice(0, 10);
  }
}
