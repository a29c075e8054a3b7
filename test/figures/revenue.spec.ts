/** What customers are worth a year, at any instant, from contracts told in a line each. */
import type { Interaction } from '../../src/customers/customer.js';
import type { FieldValue } from '../../src/customers/entry.js';
import { countingAt, revenueAt, type Contract } from '../../src/figures/revenue.js';
import { PRESETS, type Rules } from '../../src/rings/rules.js';
import { customerOf } from './customers.js';
import { day, proves, RULES, same, theirs, type Bugs, type Checks } from './told.js';

interface Books {
  readonly revenueAt: typeof revenueAt;
  readonly contracts: (entries: readonly Interaction[], rules: Rules) => readonly Contract[];
}
const real: Books = { revenueAt, contracts: (entries, rules) => customerOf(entries, { rules }).contracts };

const EUR = { currency: 'EUR' };
const bought = (n: number, id: string, amount: number, fields: Record<string, FieldValue> = {}, offering?: string) => theirs(n, id, 'purchase', { ...EUR, amount, ...fields }, offering === undefined ? {} : { offering });
const renewed = (n: number, id: string, fields: Record<string, FieldValue> = {}) => theirs(n, id, 'renewal', fields);

/** `100 EUR by a` on each day, or `-`. */
function reads(books: Books, entries: readonly Interaction[], on: readonly number[], rules = RULES): string {
  const contracts = books.contracts(entries, rules);
  return on.map((n) => [...books.revenueAt(contracts, day(n))].map(([currency, { amount, because }]) => `${amount} ${currency} by ${[...because].sort().join('+')}`).sort().join(', ') || '-').join(' | ');
}

const CHECKS: Checks<Books> = {
  'a year’s contract counts from the day it was signed to the end of its grace': (books) => {
    same(reads(books, [bought(10, 'a', 100)], [9, 10, 374, 375, 434, 435]), '- | 100 EUR by a | 100 EUR by a | 100 EUR by a | 100 EUR by a | -', 'a year and 60 days');
  },
  'one signed before it begins counts from its start, one signed late from its signature': (books) => {
    same(reads(books, [bought(0, 'a', 100, { start: day(20) })], [0, 19, 20]), '- | - | 100 EUR by a', 'ahead');
    same(reads(books, [bought(40, 'a', 100, { start: day(0), end: day(365) })], [0, 39, 40]), '- | - | 100 EUR by a', 'late');
  },
  'expansion and contraction carry the new amount from the day they happened': (books) => {
    const grown = [bought(0, 'a', 100), theirs(50, 'x', 'expansion', { ...EUR, amount: 150, term: 'a' }), theirs(100, 'y', 'contraction', { ...EUR, amount: 80 })];
    same(reads(books, grown, [49, 50, 99, 100, 400]), '100 EUR by a | 150 EUR by x | 150 EUR by x | 80 EUR by y | 80 EUR by y', 'in grace the last amount');
    const before = [bought(0, 'a', 100, { start: day(50) }), theirs(10, 'z', 'expansion', { ...EUR, amount: 150, term: 'a' }), theirs(20, 'b', 'contraction', { ...EUR, amount: 120, term: 'a' })];
    same(reads(books, before, [49, 50]), '- | 120 EUR by b', 'changed before it began: the last change');
  },
  'a change that names no contract is about the fitting one that began last': (books) => {
    const two = [bought(0, 'a', 100, {}, 'plan'), bought(10, 'b', 30, {}, 'box'), theirs(20, 'x', 'expansion', { ...EUR, amount: 130 }, { offering: 'plan' }), theirs(30, 'y', 'expansion', { ...EUR, amount: 40 })];
    same(reads(books, two, [10, 20, 30]), '130 EUR by a+b | 160 EUR by b+x | 170 EUR by x+y', 'two offerings');
    same(reads(books, [bought(0, 'a', 100), theirs(380, 'x', 'contraction', { ...EUR, amount: 60 })], [379, 380]), '100 EUR by a | 60 EUR by x', 'also in the grace');
  },
  'a renewal signed early is not counted twice, and gives the old contract back when it is ended': (books) => {
    const early = [bought(0, 'a', 100), renewed(300, 'b', { ...EUR, amount: 120, start: day(345), end: day(710) })];
    same(reads(books, early, [344, 345, 366, 426]), '100 EUR by a | 120 EUR by b | 120 EUR by b | 120 EUR by b', 'from its start');
    same(reads(books, [...early, theirs(330, 'c', 'cancellation', { term: 'b' })], [344, 345, 364]), '100 EUR by a | 100 EUR by a | 100 EUR by a', 'never begun');
    same(reads(books, [...early, theirs(350, 'c', 'cancellation', { term: 'b' })], [349, 350, 364]), '120 EUR by b | 100 EUR by a | 100 EUR by a', 'ended before the old one');
  },
  'a renewal that names no amount goes on at the last one': (books) => {
    const same100 = [bought(0, 'a', 100), theirs(50, 'x', 'expansion', { ...EUR, amount: 150 }), renewed(360, 'b')];
    same(reads(books, same100, [364, 365, 729]), '150 EUR by x | 150 EUR by x | 150 EUR by x', 'carried on');
    same(reads(books, [theirs(0, 'a', 'purchase')], [10]), '-', 'nothing is known of a purchase without an amount');
    same(reads(books, [bought(0, 'a', 100), renewed(360, 'b', { ...EUR, amount: 0 })], [365]), '0 EUR by b', 'for nothing is an amount');
  },
  'side by side contracts are added, also in their grace; currencies are kept apart': (books) => {
    const two = [bought(0, 'a', 100), bought(0, 'b', 50)];
    same(reads(books, two, [10, 380]), '150 EUR by a+b | 150 EUR by a+b', 'two of a day');
    same(reads(books, [bought(0, 'a', 100), bought(0, 'b', 50, { currency: 'USD' })], [10]), '100 EUR by a, 50 USD by b', 'two currencies');
  },
  'in grace a contract gives way to a fitting one that began later': (books) => {
    same(reads(books, [bought(0, 'a', 100), bought(300, 'b', 120)], [299, 300, 365]), '100 EUR by a | 220 EUR by a+b | 120 EUR by b', 'a contract that overlaps');
    same(reads(books, [bought(0, 'a', 100, {}, 'plan'), bought(300, 'b', 120, {}, 'box')], [365]), '220 EUR by a+b', 'another offering');
  },
  'what goes on by silence counts until it is ended; a cancellation counts when it takes effect, without grace': (books) => {
    for (const renews of ['automatic', 'open-ended']) {
      const silent = [bought(0, 'a', 100, { renews }), theirs(800, 'c', 'cancellation', { effective: day(900) })];
      same(reads(books, silent, [366, 800, 899, 900]), '100 EUR by a | 100 EUR by a | 100 EUR by a | -', renews);
    }
    same(reads(books, [bought(0, 'a', 100), theirs(100, 'c', 'cancellation')], [99, 100]), '100 EUR by a | -', 'in mid-term');
    same(reads(books, [bought(0, 'a', 100), theirs(100, 'c', 'refund', { full: true })], [99, 100]), '100 EUR by a | -', 'refunded');
    same(reads(books, [bought(0, 'a', 100), theirs(100, 'c', 'refund')], [100]), '100 EUR by a', 'refunded in part');
  },
  'what recurs: everything under contracts, what goes on by silence where purchases are repeated': (books) => {
    const two = [bought(0, 'a', 100), bought(0, 'b', 50, { renews: 'automatic' })];
    const recurring = (rules: Rules) => books.contracts(two, rules).filter(({ recurs }) => recurs).map(({ term }) => term.id).join();
    same([recurring(RULES), recurring(PRESETS['capital-goods']!)], ['a,b', 'b'], 'recurring');
  },
};

// ---- planted bugs -----------------------------------------------------------------------------------------

/** Other entries than were told. */
const heard = (change: (one: Interaction, all: readonly Interaction[]) => Interaction): Partial<Books> => ({ contracts: (entries, rules) => real.contracts(entries.map((one) => change(one, entries)), rules) });
const made = (change: (contract: Contract, all: readonly Contract[]) => Contract): Partial<Books> => ({ contracts: (entries, rules) => real.contracts(entries, rules).map((one, _index, all) => change(one, all)) });
const summed = (contracts: readonly Contract[], at: number): ReturnType<typeof revenueAt> => revenueAt(contracts.map((one) => ({ ...one, takenUpBy: [] })), at);
const without = (field: string) => heard((one) => ({ ...one, fields: Object.fromEntries(Object.entries(one.fields).filter(([name]) => name !== field)) }));

const BUGS: Bugs<Books> = [
  ['no grace', 'a year’s contract counts from the day it was signed to the end of its grace', /\| - \| - \| -"/, made((one) => ({ ...one, graceUntil: one.until }))],
  ['it counts before it was signed', 'one signed before it begins counts from its start, one signed late from its signature', /late/, made((one) => ({ ...one, from: one.term.start, steps: one.steps.map((step) => ({ ...step, from: one.term.start })) }))],
  ['the change is added to the amount', 'expansion and contraction carry the new amount from the day they happened', /250 EUR/, heard((one) => (one.kind === 'expansion' ? { ...one, fields: { ...one.fields, amount: Number(one.fields['amount']) + 100 } } : one))],
  ['of changes before the start the greatest id counts', 'expansion and contraction carry the new amount from the day they happened', /150 EUR by z/, made((one) => ({ ...one, steps: one.steps.toSorted((a, b) => a.from - b.from || (a.by < b.by ? -1 : 1)) }))],
  ['a change is about every offering', 'a change that names no contract is about the fitting one that began last', /two offerings/, heard(({ offering, ...one }) => (one.kind === 'expansion' || offering === undefined ? one : { ...one, offering }))],
  ['what takes up is added', 'a renewal signed early is not counted twice, and gives the old contract back when it is ended', /220 EUR/, { revenueAt: summed }],
  ['what takes up ends the old one for good', 'a renewal signed early is not counted twice, and gives the old contract back when it is ended', /ended before the old one|never begun/, made((one, all) => ({ ...one, until: Math.min(one.until, ...all.filter(({ term }) => one.takenUpBy.includes(term.id)).map(({ from }) => from)), graceUntil: one.takenUpBy.length > 0 ? 0 : one.graceUntil }))],
  ['no amount is nothing', 'a renewal that names no amount goes on at the last one', /carried on: "150 EUR by x \| - \| -"/, made((one) => ({ ...one, steps: one.steps.filter(({ by }) => by === one.term.id || one.term.kind === 'purchase') }))],
  ['one of those in their grace', 'side by side contracts are added, also in their grace; currencies are kept apart', /\| 50 EUR by b/, { revenueAt: (contracts, at) => revenueAt(countingAt(contracts, at).some(({ until }) => at < until) ? contracts : countingAt(contracts, at).slice(-1), at) }],
  ['one currency', 'side by side contracts are added, also in their grace; currencies are kept apart', /150 EUR/, heard((one) => ({ ...one, fields: { ...one.fields, ...('currency' in one.fields && EUR) } }))],
  ['the grace stands whatever was bought', 'in grace a contract gives way to a fitting one that began later', /overlaps/, made((one) => ({ ...one, until: one.graceUntil }))],
  ['a cancellation counts at once', 'what goes on by silence counts until it is ended; a cancellation counts when it takes effect, without grace', /automatic/, without('effective')],
  ['every refund is a full one', 'what goes on by silence counts until it is ended; a cancellation counts when it takes effect, without grace', /in part/, heard((one) => (one.kind === 'refund' ? { ...one, fields: { full: true } } : one))],
  ['everything recurs', 'what recurs: everything under contracts, what goes on by silence where purchases are repeated', /"a,b","a,b"/, made((one) => ({ ...one, recurs: true }))],
];

proves('revenue', real, CHECKS, BUGS);
