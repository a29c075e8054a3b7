/** How this reader writes dates and money. */
const parts = new Intl.DateTimeFormat(navigator.language).formatToParts(new Date(2026, 10, 22)).map(({ type }) => type);
/** Whether 11/12 is 12 November. */
export const monthFirst = parts.indexOf('month') < parts.indexOf('day');

export const CURRENCIES: readonly string[] = Intl.supportedValuesOf('currency');
const digits = new Map<string, number>();
/** Digits after the point; 2 for what is no currency. */
export function digitsOf(currency: string): number {
  let known = digits.get(currency);
  if (known === undefined) digits.set(currency, (known = CURRENCIES.includes(currency) ? (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2) : 2));
  return known;
}
