/**
 * An outcome in a sentence, for API, command line and report. Below 30 the counts come first and the percentage second: a
 * percentage of a few looks surer than it is. Numbers as the locale writes them. Pure.
 */
import type { Figure, Outcome } from './figure.js';

/** Of fewer than these, how many comes before how much. */
export const FEW = 30;

export const LOCALE = 'en-GB';

/** What of a definition decides how its values are said. */
export interface Sayable extends Pick<Figure, 'shape' | 'unit'> {
  readonly groups?: string | null;
}

export type SaidOutcome = Omit<Outcome, 'curve'>;

const formats = new Map<string, Intl.NumberFormat>();

function formatted(value: number, locale: string, options: Intl.NumberFormatOptions): string {
  const key = `${locale} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (format === undefined) formats.set(key, (format = new Intl.NumberFormat(locale, options)));
  return format.format(value);
}

export const sayNumber = (value: number, locale = LOCALE): string => formatted(value, locale, { maximumFractionDigits: 2 });

/** Minor units as the currency writes them; whole amounts without decimals. */
export function sayMoney(minor: number, currency: string, locale = LOCALE): string {
  const digits = new Intl.NumberFormat(locale, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return `${formatted(minor / 10 ** digits, locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, trailingZeroDisplay: 'stripIfInteger' })} ${currency}`;
}

const tenths = (value: number, locale: string): string => formatted(value, locale, { maximumFractionDigits: 1 });

/** A share never reads as none or as all when it is neither. */
function percentOf(share: number, locale: string): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.05) return `under ${tenths(0.1, locale)} %`;
  if (percent > 99.95 && percent < 100) return `over ${tenths(99.9, locale)} %`;
  return `${tenths(percent, locale)} %`;
}

export function sayDays(days: number, locale = LOCALE): string {
  const said = formatted(days, locale, { maximumFractionDigits: days < 10 ? 1 : 0 });
  return `${said} ${said === '1' ? 'day' : 'days'}`;
}

const ONE = { customers: 'customer', entries: 'entry' } as const;
const counted = (value: number, unit: 'customers' | 'entries', locale: string): string => `${sayNumber(value, locale)} ${value === 1 ? ONE[unit] : unit}`;

/** The currency that a group names: of itself, or with a quarter. */
const currencyOf = ({ groups }: Sayable, group: string | null): string | undefined => (groups?.startsWith('currency') === true ? (/^[A-Z]{3}\b/.exec(group ?? '') ?? [])[0] : undefined);

const points = (value: number, locale: string): string => `${formatted(value, locale, { maximumFractionDigits: 0, signDisplay: 'exceptZero' })} points`;

/** The value alone, without what it was made of; `–` without one. */
export function sayValue(figure: Sayable, { group, value }: Pick<SaidOutcome, 'group' | 'value'>, locale = LOCALE): string {
  if (value === null) return '–';
  const currency = currencyOf(figure, group);
  switch (figure.unit) {
    case 'share':
      return figure.shape === 'ratio' ? `${tenths(100 * value, locale)} %` : percentOf(value, locale);
    case 'money':
      return currency === undefined ? sayNumber(value, locale) : sayMoney(value, currency, locale);
    case 'customers':
    case 'entries':
      return counted(value, figure.unit, locale);
    case 'days':
      return sayDays(value, locale);
    case 'points':
      return points(value, locale);
    case 'grade':
      return sayNumber(value, locale);
  }
}

/** What an outcome says: "4 of 25 (16 %; 6.4 to 34.7 %)", "29.3 % (70 of 239; 23.9 to 35.3 %)", "half get there in 41 days (70 of 239 so far)". */
export function says(figure: Sayable, outcome: SaidOutcome, locale = LOCALE): string {
  const { n, above, below, value, low, high, group, quantiles, already = 0 } = outcome;
  const few = n < FEW;
  const said = sayValue(figure, outcome, locale);
  const currency = currencyOf(figure, group);
  switch (figure.shape) {
    case 'share': {
      if (value === null) return 'no value: nothing below the line';
      const interval = low === undefined || high === undefined ? [] : [`${tenths(100 * low, locale)} to ${tenths(100 * high, locale)} %`];
      const counts = `${sayNumber(above, locale)} of ${sayNumber(below, locale)}`;
      return few ? `${counts} (${[said, ...interval].join('; ')})` : `${said} (${[counts, ...interval].join('; ')})`;
    }
    case 'ratio': {
      if (value === null) return n === 0 ? 'no value: nobody below the line' : 'no value: nothing below the line';
      const counts = currency === undefined ? `${sayNumber(above, locale)} of ${sayNumber(below, locale)}` : `${sayMoney(above, currency, locale)} of ${sayMoney(below, currency, locale)}`;
      const whose = counted(n, 'customers', locale);
      return few ? `${whose}: ${counts} (${said})` : `${said} (${counts}; ${whose})`;
    }
    case 'sum':
      return figure.unit === 'money' ? `${said} (${counted(n, 'customers', locale)})` : said;
    case 'mean':
    case 'points':
      if (value === null) return 'no value: nothing below the line';
      return few ? `of ${sayNumber(n, locale)}: ${said}` : `${said} (of ${sayNumber(n, locale)})`;
    case 'curve': {
      const had = already === 0 ? '' : `; ${sayNumber(already, locale)} had it before`;
      if (n === 0) return `no value: nobody on the way${had}`;
      const counts = `${sayNumber(above, locale)} of ${sayNumber(n, locale)} so far`;
      const half = value === null ? 'fewer than half get there' : `half get there in ${said}`;
      return few ? `${counts}; ${half}${had}` : `${half} (${counts}${had})`;
    }
    case 'quantiles': {
      if (value === null) return 'no value: nothing to measure';
      const long = quantiles?.find(({ share }) => share === 0.9)?.days ?? null;
      const half = `half within ${said}${long === null ? '' : `, 9 in 10 within ${sayDays(long, locale)}`}`;
      return few ? `of ${sayNumber(n, locale)}: ${half}` : `${half} (of ${sayNumber(n, locale)})`;
    }
  }
}
