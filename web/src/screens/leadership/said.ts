/** A value in words of this reader's locale: what is read first, and what second. */
import { says, sayMoney, sayValue, type Sayable, type SaidOutcome } from '../../../../src/figures/says.js';
import type { FiguresValueResponse, Outcome } from '../../api/generated/types.gen.js';

const LOCALE = navigator.language;
export const ALL_TIME = 36_500;

export interface Said {
  readonly first: string;
  readonly second: string;
}

/** "29.3 % (70 of 239)" in its two parts; below 30 the counts are the first. */
export function inTwo(sentence: string): Said {
  const few = /^(\d+ customers?): (.*)$/.exec(sentence);
  if (few !== null) return { first: few[1]!, second: few[2]! };
  const both = /^(.*?) \((.*)\)$/.exec(sentence);
  if (both !== null) return { first: both[1]!, second: both[2]! };
  const curve = /^(\d.* so far); (.*)$/.exec(sentence);
  if (curve !== null) return { first: curve[1]!, second: curve[2]! };
  const none = /^no value: (.*)$/.exec(sentence);
  if (none !== null) return { first: '–', second: sentence };
  const at = /^(of \d[^:]*): (.*)$/.exec(sentence);
  return at === null ? { first: sentence, second: '' } : { first: at[2]!, second: at[1]! };
}

export const say = (figure: Sayable, outcome: SaidOutcome): string => says(figure, outcome, LOCALE);
export const said = (figure: Sayable, outcome: SaidOutcome): Said => inTwo(say(figure, outcome));
export const sayAlone = (figure: Sayable, outcome: Pick<SaidOutcome, 'group' | 'value'>): string => sayValue(figure, outcome, LOCALE);
export const money = (minor: number, currency: string): string => sayMoney(minor, currency, LOCALE);

const whole = new Map<string, Intl.NumberFormat>();
/** For sums that are read at a glance: without what is less than a whole unit. Below a hundred units every part of one counts. */
export function roundMoney(minor: number, currency: string): string {
  let format = whole.get(currency);
  if (format === undefined) whole.set(currency, (format = new Intl.NumberFormat(LOCALE, { style: 'currency', currency, currencyDisplay: 'code' })));
  const unit = 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2);
  return money(Math.abs(minor) < 100 * unit ? minor : Math.round(minor / unit) * unit, currency);
}

/** On an axis: "200K". */
export function briefMoney(minor: number, currency: string): string {
  const unit = 10 ** (new Intl.NumberFormat(LOCALE, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2);
  return new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 }).format(minor / unit);
}

/** Currency and quarter of a group such as "EUR 2027-Q1". */
export const dueOf = (group: string | null): { readonly currency: string; readonly due: string } => ({ currency: (group ?? '').slice(0, 3), due: (group ?? '').slice(4) });

/** Sums by currency of a figure whose groups are currency and quarter. */
export function byCurrency(outcomes: readonly Pick<Outcome, 'group' | 'above' | 'n'>[]): Map<string, { readonly amount: number; readonly n: number }> {
  const sums = new Map<string, { amount: number; n: number }>();
  for (const { group, above, n } of outcomes) {
    const { currency } = dueOf(group);
    const sum = sums.get(currency) ?? { amount: 0, n: 0 };
    sums.set(currency, { amount: sum.amount + above, n: sum.n + n });
  }
  return sums;
}

export interface Line {
  readonly group: string | null;
  readonly now: Said;
  readonly before: string | null;
}

/** Each group of the first part, with what it was before. */
export function linesOf(figure: FiguresValueResponse): Line[] {
  const [part] = figure.parts;
  const then = new Map((part?.before ?? []).map((outcome) => [outcome.group, outcome]));
  return (part?.values ?? []).map((outcome) => {
    const earlier = then.get(outcome.group);
    return { group: outcome.group, now: said(figure, outcome), before: earlier === undefined ? null : say(figure, earlier) };
  });
}
