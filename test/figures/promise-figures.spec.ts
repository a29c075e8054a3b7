/** Promises kept, repaired and confirmed, and where the chain breaks: worked out by hand. */
import type { Interaction } from '../../src/customers/customer.js';
import type { Figure } from '../../src/figures/figure.js';
import { promiseFigures } from '../../src/figures/promise-figures.js';
import { asking, becauseOf, day, days, hearing, named, ours, proves, said, same, theirs, type Bugs, type Checks, type Named } from './told.js';

const real = named(promiseFigures);
const promise = (n: number, id: string, due: number, department?: string): Interaction => ours(n, id, 'promise-made', { due: day(due) }, department === undefined ? {} : { department });
const step = (n: number, of: string, what: 'produced' | 'delivered'): Interaction => ours(n, `${of}-${what}`, `promise-${what}`, {}, { about: of });
const thanks = (n: number, of: string): Interaction => theirs(n, `${of}-confirmed`, 'promise-confirmed', {}, { about: of });

/** Due on days 10, 20, 30 and 40: on time and confirmed, on the very instant, five days late, never. */
const FOUR = [
  promise(0, 'a', 10, 'sales'), step(8, 'a', 'produced'), step(9, 'a', 'delivered'), thanks(12, 'a'),
  promise(0, 'b', 20, 'sales'), step(20, 'b', 'delivered'),
  promise(0, 'c', 30, 'service'), step(29, 'c', 'produced'), step(35, 'c', 'delivered'),
  promise(0, 'd', 40, 'service'),
];
const KEPT = 'of four that fell due two were kept, one at its very instant';
const REPAIRED = 'of the two that were missed one was repaired, from the day of its delivery on';
const CONFIRMED = 'of three that were delivered one was confirmed, late ones among them';
const CHAIN = 'the chain breaks between producing and delivering in service, and before producing';
const LATE = 'a delivery that is heard of later turns missed into kept, one taken back the other way round';
const ask = (figures: Named, name: string, from: number, to: number, entries: readonly Interaction[] = FOUR): unknown => said(figures[name]!, [entries], days(from, to));

const CHECKS: Checks<Named> = {
  [KEPT]: (figures) => {
    same(ask(figures, 'promise-kept', 0, 100), { all: '2 of 4' }, 'kept');
    same(ask(figures, 'promise-kept', 20, 40), { all: '1 of 2' }, 'due on day 20 and before day 40');
    same(ask(figures, 'promise-kept', 50, 100), { all: 'no value' }, 'nothing fell due');
    same(becauseOf(figures['promise-kept']!, FOUR, days(0, 15)), [['a', 'a-produced', 'a-delivered', 'a-confirmed']], 'because');
  },
  [REPAIRED]: (figures) => {
    same(ask(figures, 'promise-repaired', 0, 100), { all: '1 of 2' }, 'in the end');
    same(ask(figures, 'promise-repaired', 0, 35), { all: '0 of 1' }, 'before the delivery on day 35');
  },
  [CONFIRMED]: (figures) => {
    same(ask(figures, 'promise-confirmed', 0, 100), { all: '1 of 3' }, 'confirmed');
    same(ask(figures, 'promise-confirmed', 0, 12), { all: '0 of 1' }, 'before the customer said so on day 12');
    same(ask(figures, 'promise-confirmed-by-department', 0, 100), { sales: '1 of 2', service: '0 of 1' }, 'by department');
  },
  [CHAIN]: (figures) => {
    same(ask(figures, 'promise-produced-by-department', 0, 100), { sales: '2 of 2', service: '1 of 2' }, 'produced');
    same(ask(figures, 'promise-kept-by-department', 0, 100), { sales: '2 of 2', service: '0 of 2' }, 'delivered');
    same(ask(figures, 'promise-kept-by-department', 0, 100, [promise(0, 'x', 10)]), { 'not recorded': '0 of 1' }, 'nobody knows whose');
  },
  [LATE]: (figures) => {
    same(ask(figures, 'promise-kept', 0, 100, [...FOUR, step(39, 'd', 'delivered')]), { all: '3 of 4' }, 'heard of later');
    same(ask(figures, 'promise-kept', 0, 100, FOUR.filter(({ id }) => id !== 'a-delivered')), { all: '1 of 4' }, 'the delivery taken back');
    same(ask(figures, 'promise-kept', 0, 100, FOUR.filter(({ id, about }) => id !== 'd' && about !== 'd')), { all: '2 of 3' }, 'the promise withdrawn');
    same(ask(figures, 'promise-confirmed', 0, 100, FOUR.filter(({ id }) => id !== 'a-delivered')), { all: '0 of 2' }, 'what was not delivered is not confirmed');
  },
};

const later = (ms: number) => (one: Interaction): Interaction => (one.kind === 'promise-delivered' ? { ...one, occurredAt: one.occurredAt + ms } : one);
const without = (kind: string) => (one: Interaction): Interaction | undefined => (one.kind === kind ? undefined : one);
const { 'promise-kept': kept, 'promise-repaired': repaired, 'promise-confirmed': confirmed } = real as Record<string, Figure>;
const BUGS: Bugs<Named> = [
  ['the due instant is too late', KEPT, /"1 of 4"/, { 'promise-kept': hearing(kept!, later(1)) }],
  ['late is kept', KEPT, /"3 of 4"/, { 'promise-kept': hearing(kept!, later(-6 * 86_400_000)) }],
  ['the end of the window is in it', KEPT, /"1 of 3"/, { 'promise-kept': asking(kept!, (facts, { from, to }, context) => [facts, { from, to: to + 1 }, context]) }],
  ['kept ones are repaired', REPAIRED, /"\d of 4"/, { 'promise-repaired': kept! }],
  ['the future is known', REPAIRED, /before the delivery/, { 'promise-repaired': asking(repaired!, (facts, { from, to }, context) => [facts, { from, to: to + 86_400_000 }, context]) }],
  ['delivered is confirmed', CONFIRMED, /"3 of 3"|"2 of 3"/, { 'promise-confirmed': { ...confirmed!, marks: (...given) => confirmed!.marks(...given).map((mark) => ({ ...mark, above: 1 })) } }],
  ['what was delivered without a word before was not produced', CHAIN, /produced: .*"1 of 2"/, { 'promise-produced-by-department': { ...real['promise-produced-by-department']!, marks: (facts, ...rest) => real['promise-produced-by-department']!.marks({ ...facts, entries: facts.entries.flatMap((one) => without('promise-delivered')(one) ?? []) }, ...rest) } }],
  ['a confirmation stands without a delivery', LATE, /not delivered is not confirmed/, { 'promise-confirmed': { ...confirmed!, marks: (facts, window, context) => [...confirmed!.marks(facts, window, context), ...(facts.entries.some(({ kind, about }) => kind === 'promise-confirmed' && !facts.entries.some((other) => other.kind === 'promise-delivered' && other.about === about)) ? [{ above: 1, below: 1, because: [] }] : [])] } }],
];

proves('promises', real, CHECKS, BUGS);
