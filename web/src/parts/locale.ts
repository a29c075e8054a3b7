/** Numbers, money and dates as this reader writes them. Formatters are made once: making one costs more than using it. */
const LOCALE = navigator.language;
/** Words stand in the language of the texts. */
const WORDS = 'en';

const once = <K, V>(make: (key: K) => V): ((key: K) => V) => {
  const made = new Map<K, V>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) made.set(key, (value = make(key)));
    return value;
  };
};

const DAY_MS = 86_400_000;

const dateTime = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' });
const date = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium' });
const calendarDay = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone: 'UTC' });
const relative = new Intl.RelativeTimeFormat(WORDS, { numeric: 'auto' });
const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const decimal = once((digits: number) => new Intl.NumberFormat(LOCALE, { maximumFractionDigits: digits }));
const percent = once((digits: number) => new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: digits }));
const currency = once((code: string) => new Intl.NumberFormat(LOCALE, { style: 'currency', currency: code, trailingZeroDisplay: 'stripIfInteger' }));

const long = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'full' });
/** Today by this reader's calendar, with the day of the week. */
export const sayToday = (): string => long.format(new Date());
/** An instant, ISO 8601, with the time of day of this reader's clock. */
export const sayInstant = (iso: string): string => dateTime.format(new Date(iso));
/** A time somebody gave: a day alone was meant where it says midnight. */
export function sayGiven(iso: string): string {
  const at = new Date(iso);
  return at.getHours() === 0 && at.getMinutes() === 0 && at.getSeconds() === 0 ? date.format(at) : dateTime.format(at);
}
/** An instant up to which something is counted: a midnight is the end of the day before, not the first moment of the next. */
export function sayUpTo(iso: string): string {
  const at = new Date(iso);
  return at.getHours() === 0 && at.getMinutes() === 0 && at.getSeconds() === 0 ? date.format(at.getTime() - 1) : dateTime.format(at);
}
/** The last day of what is counted up to an instant. */
export const sayLastDay = (iso: string): string => date.format(Date.parse(iso) - 1);
/** The day of an instant by this reader's calendar. */
export const sayDate = (iso: string): string => date.format(new Date(iso));
/** A calendar day of the organisation, `2026-11-22`: the same day wherever it is read. */
export const sayDay = (day: string): string => calendarDay.format(new Date(`${day}T00:00:00Z`));
/** "3 days ago", "tomorrow". Counts calendar days from one day on; by the clock below. */
export function sayRelative(iso: string, now = Date.now()): string {
  const at = Date.parse(iso);
  const minutes = Math.round((at - now) / 60_000);
  if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute');
  const start = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0);
  const days = Math.round((start(at) - start(now)) / DAY_MS);
  if (days === 0) return relative.format(Math.round(minutes / 60), 'hour');
  if (Math.abs(days) < 45) return relative.format(days, 'day');
  return Math.abs(days) < 700 ? relative.format(Math.round(days / 30.44), 'month') : relative.format(Math.round(days / 365.25), 'year');
}
/** The same by days alone, for what has a day and no hour that matters: "today", "in 5 days". */
export function sayDays(iso: string, now = Date.now()): string {
  const start = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0);
  return Math.abs(start(Date.parse(iso)) - start(now)) < DAY_MS / 2 ? relative.format(0, 'day') : sayRelative(new Date(start(Date.parse(iso))).toISOString(), start(now));
}
export const sayNumber = (value: number, digits = 0): string => (digits === 0 ? whole : decimal(digits)).format(value);
/** A share between 0 and 1. */
export const sayPercent = (share: number, digits = 0): string => percent(digits).format(share);
/** Integer minor units of an ISO 4217 currency. `whole`: rounded to the unit, for lists and sums. */
export function sayMoney(amount: number, code: string, whole = false): string {
  const format = currency(code);
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(whole ? Math.round(amount / 10 ** digits) : amount / 10 ** digits);
}
