/** How outcomes are said: counts first below 30, money in its currency, and no value where there is none. */
import { outcomesOf, type OwnedMark } from '../../src/figures/figure.js';
import { FIGURES, figureOf } from '../../src/figures/figures.js';
import { says, sayValue, type SaidOutcome, type Sayable } from '../../src/figures/says.js';

const marks = (above: number, below: number): OwnedMark[] => Array.from({ length: below }, (_, i) => ({ customer: `c${i}`, above: i < above ? 1 : 0, below: 1, because: [] }));
const share = (above: number, below: number): SaidOutcome => outcomesOf({ shape: 'share' }, marks(above, below))[0]!;
const SHARE: Sayable = { shape: 'share', unit: 'share' };
const money = (value: number, of: Partial<SaidOutcome> = {}): SaidOutcome => ({ group: 'EUR', n: 40, above: value, below: 40, value, ...of });

type Say = typeof says;

/** What a way of saying gets wrong: empty when nothing. */
function wrong(say: Say): string[] {
  const cases: [string, string][] = [
    ['4 of 25 (16 %; 6.4 to 34.7 %)', say(SHARE, share(4, 25))],
    ['29.3 % (70 of 239; 23.9 to 35.3 %)', say(SHARE, share(70, 239))],
    ['29 of 29 (100 %; 88.3 to 100 %)', say(SHARE, share(29, 29))],
    ['100 % (30 of 30; 88.6 to 100 %)', say(SHARE, share(30, 30))],
    ['no value: nothing below the line', say(SHARE, share(0, 0))],
    ['0 of 3 (0 %; 0 to 56.1 %)', say(SHARE, share(0, 3))],
    ['over 99.9 % (9,999 of 10,000; 99.9 to 100 %)', say(SHARE, share(9999, 10_000))],
    ['104.2 % (12,504 EUR of 12,000 EUR; 40 customers)', say({ shape: 'ratio', unit: 'share', groups: 'currency' }, { group: 'EUR', n: 40, above: 1_250_400, below: 1_200_000, value: 1.042 })],
    ['1 customer: 10.50 EUR of 21 EUR (50 %)', say({ shape: 'ratio', unit: 'share', groups: 'currency' }, { group: 'EUR', n: 1, above: 1050, below: 2100, value: 0.5 })],
    ['no value: nobody below the line', say({ shape: 'ratio', unit: 'share' }, { group: null, n: 0, above: 0, below: 0, value: null })],
    ['12,345.60 EUR (40 customers)', say({ shape: 'sum', unit: 'money', groups: 'currency and quarter due' }, money(1_234_560, { group: 'EUR 2026-Q3' }))],
    ['500 JPY (40 customers)', say({ shape: 'sum', unit: 'money', groups: 'currency' }, money(500, { group: 'JPY' }))],
    ['1 customer', say({ shape: 'sum', unit: 'customers', groups: 'rings lit' }, money(1))],
    ['7 entries', say({ shape: 'sum', unit: 'entries' }, money(7, { group: null, n: 0 }))],
    ['+23 points (of 239)', say({ shape: 'points', unit: 'points' }, money(22.6, { n: 239 }))],
    ['of 25: -4 points', say({ shape: 'points', unit: 'points' }, money(-4, { n: 25 }))],
    ['of 2: 4.33', say({ shape: 'mean', unit: 'grade' }, money(13 / 3, { n: 2 }))],
    ['half get there in 41 days (70 of 239 so far; 3 had it before)', say({ shape: 'curve', unit: 'days' }, money(41.3, { n: 239, above: 70, already: 3 }))],
    ['2 of 9 so far; fewer than half get there', say({ shape: 'curve', unit: 'days' }, { group: null, n: 9, above: 2, below: 9, value: null })],
    ['no value: nobody on the way', say({ shape: 'curve', unit: 'days' }, { group: null, n: 0, above: 0, below: 0, value: null })],
    ['half within 1 day, 9 in 10 within 12 days (of 30)', say({ shape: 'quantiles', unit: 'days' }, money(1, { n: 30, quantiles: [{ share: 0.9, days: 12.4 }] }))],
  ];
  return cases.filter(([expected, is]) => expected !== is).map(([expected, is]) => `${expected} ≠ ${is}`);
}

it('says how many first when they are few, and what it was made of in any case', () => expect(wrong(says)).toEqual([]));

it('writes numbers as the locale does', () => {
  expect(says(SHARE, share(70, 239), 'de-DE')).toBe('29,3 % (70 of 239; 23,9 to 35,3 %)');
  expect(says({ shape: 'sum', unit: 'money', groups: 'currency' }, money(1_234_560), 'de-DE')).toBe('12.345,60 EUR (40 customers)');
});

it('has a sentence for every figure, also where nothing is known', () => {
  for (const figure of FIGURES) {
    for (const outcome of outcomesOf(figure, [{ customer: 'c', group: 'EUR', above: 1, below: 1, days: 3, because: [] }])) {
      const { curve: _curve, ...bare } = outcome;
      expect(says(figure, bare)).not.toMatch(/undefined|NaN|null/);
      expect(sayValue(figure, bare)).not.toMatch(/undefined|NaN|null|%.*%/);
    }
    if (figure.groups === undefined) expect(says(figure, outcomesOf({ shape: figure.shape }, [])[0]!)).not.toMatch(/undefined|NaN|null|Infinity/);
  }
  expect(figureOf('advocacy-rate')).toMatchObject(SHARE);
});

describe('planted bugs', () => {
  const bugs: readonly (readonly [string, Say])[] = [
    ['the percentage comes first, however few', (figure: Sayable, outcome: SaidOutcome, locale) => says(figure, { ...outcome, n: 1000 }, locale)],
    ['counts come first, however many', (figure, outcome, locale) => says(figure, { ...outcome, n: Math.min(outcome.n, 29) }, locale)],
    ['nothing is 0 %', (figure, outcome, locale) => says(figure, { ...outcome, value: outcome.value ?? 0 }, locale)],
    ['money is in minor units', (figure, outcome, locale) => says({ ...figure, groups: null }, outcome, locale)],
    ['the interval is left out', (figure, { low: _low, high: _high, ...outcome }, locale) => says(figure, outcome, locale)],
  ];
  it.each(bugs)('%s', (_name, say) => expect(wrong(say)).not.toEqual([]));
});
