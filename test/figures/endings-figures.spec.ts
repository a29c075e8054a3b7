/** How it ended, in words and numbers that anybody can check by hand. */
import type { Interaction } from '../../src/customers/customer.js';
import { endingsFigures } from '../../src/figures/endings-figures.js';
import { becauseOf, days, hearing, named, on, ours, proves, said, same, theirs, type Bugs, type Checks, type Named } from './told.js';

const real = named(endingsFigures);
const WINDOW = days(0, 100);
const declined = (n: number, side: 'us' | 'customer') => on(n, `no${n}`, 'fit-declined', side);
const decided = (n: number, outcome: string) => [theirs(n, `what${n}`, 'decision-opened'), theirs(n + 5, `done${n}`, 'decision-closed', { outcome }, { about: `what${n}` })];

const CHECKS: Checks<Named> = {
  'a no for good reasons is apart from a loss, by who said it': ({ endings }) => {
    const customers = [[declined(10, 'us')], [declined(10, 'customer')], [declined(11, 'customer')], decided(10, 'another'), decided(10, 'nothing'), decided(10, 'postponed'), decided(10, 'us')];
    same(said(endings!, customers, WINDOW), { 'declined by the customer': '2', 'declined by us': '1', 'lost to another': '1', 'lost to nothing': '1', postponed: '1' }, 'ends');
    same(said(endings!, [[theirs(0, 'buy', 'purchase'), declined(10, 'customer')]], WINDOW), {}, 'of a customer it is none');
    same(said(endings!, [[declined(100, 'us')], decided(95, 'another')], WINDOW), {}, 'after the window');
    same([said(endings!, [decided(10, 'another')], WINDOW), said(endings!, [[...decided(10, 'another'), theirs(12, 'first', 'decision-closed', { outcome: 'us' }, { about: 'what10' })]], WINDOW)], [{ 'lost to another': '1' }, {}], 'a first closing told late');
  },
  'it can be taken up again, by the customer': ({ endings }) => {
    const reply = (n: number): Interaction => theirs(n, `reply${n}`, 'reply');
    same(said(endings!, [[declined(10, 'customer'), reply(50)]], WINDOW), { 'declined by the customer': '1', 'taken up again': '1' }, 'a reply');
    same(becauseOf(endings!, [declined(10, 'customer'), reply(50)], WINDOW), [['no10'], ['no10', 'reply50']], 'because');
    same(said(endings!, [[declined(10, 'customer'), ours(50, 'call', 'call')]], WINDOW), { 'declined by the customer': '1' }, 'we alone cannot');
    same(said(endings!, [[declined(-10, 'customer'), reply(50), reply(60)]], WINDOW), { 'taken up again': '1' }, 'once, also of an earlier no');
  },
};

const endings = real['endings']!;
const [APART, AGAIN] = Object.keys(CHECKS) as [string, string];
const BUGS: Bugs<Named> = [
  ['who said it is not read', APART, /ends/, { endings: hearing(endings, (one) => ({ ...one, side: 'customer' })) }],
  ['no is lost', APART, /ends/, { endings: { ...endings, marks: (...ask) => endings.marks(...ask).map((mark) => ({ ...mark, group: 'lost to nothing' })) } }],
  ['we take it up', AGAIN, /we alone/, { endings: hearing(endings, (one) => (one.kind === 'call' ? { ...one, side: 'customer' } : one)) }],
];

proves('endings', real, CHECKS, BUGS);
