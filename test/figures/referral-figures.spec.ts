/** Customers who bring customers: some say who sent them, some are named by who sent them, some are both. */
import type { Interaction } from '../../src/customers/customer.js';
import type { FieldValue } from '../../src/customers/entry.js';
import { outcomesOf, type Figure, type OwnedMark } from '../../src/figures/figure.js';
import { referralFigures } from '../../src/figures/referral-figures.js';
import { customerOf, retelling } from './customers.js';
import { asking, becauseOf, CONTEXT, days, named, proves, said, same, theirs, type Bugs, type Checks, type Named } from './told.js';

const real = named(referralFigures);
const [rate, conversion, growth] = ['referral-rate', 'referral-conversion', 'earned-growth'].map((name) => real[name]!) as [Figure, Figure, Figure];
const EUR = { amount: 100, currency: 'EUR' };
const bought = (n: number, id = `buy${n}`, fields: Record<string, FieldValue> = EUR) => theirs(n, id, 'purchase', fields);
const referral = (n: number, id: string, whom?: string, fields: Record<string, FieldValue> = {}) => theirs(n, id, 'referral', { person: 'ines', ...(whom !== undefined && { referredCustomer: whom }), ...fields });
const enquiry = (n: number, id = `ask${n}`) => theirs(n, id, 'enquiry');

type Whole = Readonly<Record<string, { readonly by?: string; readonly entries: readonly Interaction[] }>>;
const marksOf = (figure: Figure, customers: Whole, window: ReturnType<typeof days>): OwnedMark[] =>
  Object.entries(customers).flatMap(([id, { by, entries }]) => figure.marks(customerOf(entries, { id, ...(by !== undefined && { referredBy: by }) }), window, CONTEXT).map((mark) => ({ customer: id, ...mark })));
const reads = (figure: Figure, customers: Whole, window: ReturnType<typeof days>): string => outcomesOf(figure, marksOf(figure, customers, window)).map(({ group, above, below, n }) => `${group === null ? '' : `${group} `}${above} of ${below} (${n})`).join(', ');

const OLD: Whole = {
  old: { entries: [bought(0), referral(10, 'r1', 'both'), referral(20, 'r2', 'named'), referral(30, 'r3', 'nobody'), referral(40, 'r4')] },
  both: { by: 'old', entries: [enquiry(12), bought(50, 'buy-both')] },
  named: { entries: [enquiry(25), bought(60, 'buy-named', { ...EUR, amount: 30 })] },
  says: { by: 'old', entries: [enquiry(15)] },
  stranger: { entries: [bought(50, 'buy-stranger', { ...EUR, amount: 500 })] },
};
const ONCE = 'four are referred, each once however it is known, and two of them bought';
const GROWS = 'of 100 earned growth adds what grew and what new referred customers bring, and no strangers';

const CHECKS: Checks<Named> = {
  'of those who are customers, who referred somebody in the window': (figures) => {
    const customers = [[bought(0), referral(10, 'r')], [bought(0)], [referral(10, 'prospect')], [bought(0), referral(2, 'before')], [bought(0), referral(10, 'warns', 'x', { stance: 'against' })]];
    same(said(figures['referral-rate']!, customers, days(5, 50)), { all: '1 of 4' }, 'rate');
    same([becauseOf(figures['referral-rate']!, customers[0]!, days(5, 50)), becauseOf(figures['referral-rate']!, customers[1]!, days(5, 50))], [[['r']], [['buy0']]], 'because');
  },
  [ONCE]: (figures) => {
    same(reads(figures['referral-conversion']!, OLD, days(-100, 100)), '2 of 4 (4)', 'conversion');
    const settled = figures['referral-conversion']!.settle!(marksOf(figures['referral-conversion']!, OLD, days(-100, 100)));
    same(settled.map(({ customer, because }) => [customer, ...[...because].sort()]), [['both', 'ask12', 'buy-both', 'r1'], ['named', 'buy-named', 'r2'], ['nobody', 'r3'], ['says', 'ask15']], 'because');
  },
  'referred in the window, bought by now': (figures) => {
    same(reads(figures['referral-conversion']!, OLD, days(14, 55)), '0 of 3 (3)', 'from day 14 to 55');
    same(reads(figures['referral-conversion']!, OLD, days(-100, 11)), '0 of 1 (1)', 'on day 11');
  },
  'nobody refers itself, and what was sent back was not bought': (figures) => {
    same(reads(figures['referral-conversion']!, { a: { by: 'a', entries: [bought(0), referral(10, 'r', 'a')] } }, days(-100, 100)), '0 of 0 (0)', 'itself');
    same(reads(figures['referral-conversion']!, { a: { by: 'b', entries: [bought(0), theirs(5, 'back', 'refund', { full: true })] } }, days(-100, 100)), '0 of 1 (1)', 'sent back');
  },
  [GROWS]: (figures) => {
    const grown: Whole = { ...OLD, old: { entries: [...OLD['old']!.entries, theirs(70, 'up', 'expansion', { ...EUR, amount: 120 })] } };
    same(reads(figures['earned-growth']!, grown, days(5, 100)), 'EUR 150 of 100 (3)', '20 grown, 100 and 30 from new ones');
    same(reads(figures['earned-growth']!, { a: { entries: [bought(0), theirs(50, 'end', 'cancellation')] } }, days(5, 100)), 'EUR -100 of 100 (1)', 'lost');
    const settled = figures['earned-growth']!.settle!(marksOf(figures['earned-growth']!, grown, days(5, 100)));
    same(settled.map(({ customer, because }) => [customer, ...[...because].sort()]), [['both', 'ask12', 'buy-both', 'r1'], ['named', 'buy-named', 'r2'], ['old', 'buy0', 'up']], 'because');
  },
  'who was a customer before is not new, who came back neither': (figures) => {
    same(reads(figures['earned-growth']!, OLD, days(55, 100)), 'EUR 30 of 700 (4)', 'both had bought before');
    const back: Whole = { old: { entries: [bought(0)] }, a: { by: 'old', entries: [bought(-600, 'first'), bought(50, 'again')] } };
    same(reads(figures['earned-growth']!, back, days(5, 100)), 'EUR 0 of 100 (1)', 'came back');
  },
};

const unsettled = (figure: Figure): Figure => ({ ...figure, settle: (marks) => marks });
const BUGS: Bugs<Named> = [
  ['prospects are active', 'of those who are customers, who referred somebody in the window', /"1 of 5"/, { 'referral-rate': retelling(rate, (one) => (one.id === 'prospect' ? { ...one, kind: 'purchase', fields: {} } : one)) }],
  ['any time', 'of those who are customers, who referred somebody in the window', /"2 of 4"/, { 'referral-rate': asking(rate, (facts, { to }, context) => [facts, { from: -Infinity, to }, context]) }],
  ['a warning is a referral', 'of those who are customers, who referred somebody in the window', /"2 of 4"/, { 'referral-rate': retelling(rate, (one) => ({ ...one, fields: { ...one.fields, stance: 'for' } })) }],
  ['either side counts', ONCE, /\d of 5/, { 'referral-conversion': unsettled(conversion) }],
  ['only what its own file says', ONCE, /1 of 2/, { 'referral-conversion': retelling(conversion, (one) => (one.kind === 'referral' ? undefined : one)) }],
  ['only what the referral names', ONCE, /2 of 3/, { 'referral-conversion': asking(conversion, (facts, ...rest) => [{ ...facts, referredBy: null }, ...rest]) }],
  ['whoever bought was referred', ONCE, /4 of/, { 'referral-conversion': { ...conversion, settle: (marks) => conversion.settle!(marks.map((mark) => ({ ...mark, below: 1 }))) } }],
  ['the future is known', 'referred in the window, bought by now', /2 of 3|1 of 3|1 of 4|2 of 4/, { 'referral-conversion': asking(conversion, (facts, { from, to }, context) => [facts, { from, to: to + 50 * 86_400_000 }, context]) }],
  ['it refers itself', 'nobody refers itself, and what was sent back was not bought', /itself: "1 of 2/, { 'referral-conversion': asking(conversion, (facts, ...rest) => [{ ...facts, customer: facts.referredBy === facts.customer ? 'other' : facts.customer }, ...rest]) }],
  ['sent back or not', 'nobody refers itself, and what was sent back was not bought', /sent back: "1 of 1/, { 'referral-conversion': retelling(conversion, (one) => (one.kind === 'refund' ? undefined : one)) }],
  ['every new customer is earned', GROWS, /EUR 650 of 100/, { 'earned-growth': { ...growth, settle: (marks) => marks.filter(({ group }) => group !== undefined) } }],
  ['what is new is left out', GROWS, /EUR 20 of 100/, { 'earned-growth': { ...growth, settle: (marks) => growth.settle!(marks).filter(({ below }) => below > 0) } }],
  ['100 % are not taken off', GROWS, /EUR 250 of 100/, { 'earned-growth': { ...growth, marks: (...ask) => growth.marks(...ask).map((mark) => ({ ...mark, above: mark.above + mark.below })) } }],
  ['who came back is new', 'who was a customer before is not new, who came back neither', /EUR 100 of 100/, { 'earned-growth': retelling(growth, (one) => (one.id === 'first' ? undefined : one)) }],
];

proves('referrals', real, CHECKS, BUGS);
