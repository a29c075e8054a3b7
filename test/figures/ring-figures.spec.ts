/** Which rings are lit and lost, and how long the next one takes: customers told in a line each. */
import type { FieldValue } from '../../src/customers/entry.js';
import { conversionFigures } from '../../src/figures/conversion-figures.js';
import { ALL_TIME, outcomesOf, type Figure } from '../../src/figures/figure.js';
import { ringFigures } from '../../src/figures/ring-figures.js';
import { customerOf, retelling } from './customers.js';
import { asking, becauseOf, CONTEXT, DAY, day, days, marking, named, ours, proves, said, same, theirs, type Bugs, type Checks, type Named } from './told.js';

const real = named([...ringFigures, ...conversionFigures]);
const bought = (n: number, id = `buy${n}`, fields: Record<string, FieldValue> = {}) => theirs(n, id, 'purchase', fields);
const value = (n: number, id = `value${n}`) => theirs(n, id, 'outcome-confirmed');
const enquiry = (n: number) => theirs(n, `ask${n}`, 'enquiry');
const LOST = 'lit at the start and out in the window is lost, with its cause; back again or not';
const LOSSES = [
  [bought(0)], // ring 2 out on day 425, ring 1 out on day 180
  [bought(0), theirs(200, 'end', 'cancellation')],
  [bought(0), bought(330, 'again')],
  [bought(150)],
];

const curve = (figure: Figure, customers: readonly (readonly ReturnType<typeof theirs>[])[], to: number, from = -ALL_TIME): unknown => {
  const marks = customers.flatMap((entries, i) => figure.marks(customerOf(entries), { from: day(from), to: day(to) }, CONTEXT).map((mark) => ({ ...mark, customer: `c${i}` })));
  const [outcome] = outcomesOf(figure, marks);
  return { rows: marks.map(({ already, days: waited, above }) => (already === true ? 'already' : `${waited} days${above === 1 ? '' : ', waiting'}`)), n: outcome!.n, already: outcome!.already, half: outcome!.value };
};

const CHECKS: Checks<Named> = {
  'customers stand once, by the rings they have lit; who only exists in the future does not': (figures) => {
    const customers = [[bought(0), value(5)], [enquiry(0)], [ours(0, 'we', 'outreach')], [enquiry(30)], []];
    same(said(figures['ring-distribution']!, customers, days(10, 10)), { 1: '1', '1+2+3': '1', none: '1' }, 'distribution');
    same(said(figures['ring-share']!, customers, days(10, 10)), { '1 Contact': '2 of 3', '2 Purchase': '1 of 3', '3 Adoption': '1 of 3', '4 Renewal': '0 of 3', '5 Advocacy': '0 of 3' }, 'share');
    same(becauseOf(figures['ring-distribution']!, customers[0]!, days(10, 10)), [['buy0', 'value5']], 'because');
    same(becauseOf(figures['ring-share']!, [bought(0)], days(500, 500))[1], ['buy0'], 'out because the contract ran out');
  },
  [LOST]: (figures) => {
    const window = days(100, 465);
    same(said(figures['ring-losses']!, LOSSES, window), { '1 Contact': '3 of 3', '2 Purchase': '2 of 3' }, 'losses');
    same(said(figures['ring-loss-causes']!, LOSSES, window), { '1 Contact: dormant': '3', '2 Purchase: cancelled': '1', '2 Purchase: expired': '1' }, 'causes');
    same(becauseOf(figures['ring-losses']!, LOSSES[1]!, window)[1], ['buy0', 'end'], 'because');
    same([424, 425, 426].map((to) => said(figures['ring-losses']!, [[bought(0)]], days(300, to))['2 Purchase']), ['0 of 1', '0 of 1', '1 of 1'], 'the end of the window is not in it');
  },
  'regained is what is lit again within 90 days, of losses that are 90 days old': (figures) => {
    const back = (n: number) => [bought(0), theirs(100, 'end', 'cancellation'), bought(n, 'back')];
    const two = (customers: readonly ReturnType<typeof back>[], to: number): unknown => said(figures['rings-regained']!, customers, days(50, to))['2 Purchase'];
    same([two([back(189), back(190)], 190), two([back(101)], 189)], ['1 of 2', undefined], 'regained');
    same(becauseOf(figures['rings-regained']!, back(120), days(50, 300)).at(-1), ['end', 'back'], 'because');
  },
  'a curve waits for whoever has not got there, lost the ring or left, and counts apart who had it already': (figures) => {
    const figure = figures['ring-conversion-2-to-3']!;
    const customers = [[bought(0), value(20)], [bought(0), theirs(10, 'end', 'cancellation')], [bought(0), value(0)], [bought(50), value(150)], [enquiry(0)]];
    same(curve(figure, customers, 100), { rows: ['20 days', '100 days, waiting', 'already', '50 days, waiting'], n: 3, already: 1, half: null }, 'by day 100');
    same(curve(figure, customers, 150), { rows: ['20 days', '150 days, waiting', 'already', '100 days'], n: 3, already: 1, half: 100 }, 'by day 150');
  },
  'only the first time counts, and only who began in the window': (figures) => {
    const again = [bought(0), theirs(10, 'end', 'cancellation'), bought(50), value(60)];
    same(curve(figures['ring-conversion-2-to-3']!, [again], 100), { rows: ['60 days'], n: 1, already: 0, half: 60 }, 'from the first purchase');
    same([curve(figures['ring-conversion-2-to-3']!, [again], 100, 1), curve(figures['ring-conversion-2-to-3']!, [again], 100, 0)].map((one) => (one as { n: number }).n), [0, 1], 'cohort');
    same(becauseOf(figures['ring-conversion-2-to-3']!, again, days(0, 100)), [['buy0', 'value60']], 'because');
  },
  'every step has its curve': (figures) => {
    const whole = [enquiry(0), bought(10), value(30), theirs(60, 'more', 'renewal', { start: day(375) }), theirs(400, 'act', 'reference', { person: 'ines', verification: 'confirmed' })];
    same([1, 2, 3, 4].map((k) => (curve(figures[`ring-conversion-${k}-to-${k + 1}`]!, [whole], 500) as { rows: string[] }).rows), [['10 days'], ['20 days'], ['345 days'], ['25 days']], 'steps');
  },
};

const conversion = real['ring-conversion-2-to-3']!;
const WAITS = 'a curve waits for whoever has not got there, lost the ring or left, and counts apart who had it already';

const BUGS: Bugs<Named> = [
  ['everybody is in the file at any time', 'customers stand once, by the rings they have lit; who only exists in the future does not', /"none":"2"/, { 'ring-distribution': { ...real['ring-distribution']!, marks: (facts, window, context) => { const marks = real['ring-distribution']!.marks(facts, window, context); return marks.length > 0 || facts.entries.length === 0 ? marks : [{ group: 'none', above: 1, below: 1, because: [] }]; } } }],
  ['prospects are not counted', 'customers stand once, by the rings they have lit; who only exists in the future does not', /share: .*"1 of 1"/, { 'ring-share': { ...real['ring-share']!, marks: (...ask) => { const marks = real['ring-share']!.marks(...ask); return marks[1]?.above === 1 ? marks : []; } } }],
  ['lost is what is out at the end', LOST, /"1 Contact":"2 of 3"|"2 Purchase":"1 of 3"/, { 'ring-losses': { ...real['ring-losses']!, marks: (facts, window, context) => real['ring-losses']!.marks(facts, window, context).map((mark) => ({ ...mark, above: facts.spells[Number(mark.group![0]) as 1].some(({ from, to }) => from <= window.to && (to === null || window.to < to)) ? 0 : 1 })) } }],
  ['whoever had it in the window is below', LOST, /"2 Purchase":"2 of 4"/, { 'ring-losses': { ...real['ring-losses']!, marks: (facts, { from, to }) => ([1, 2] as const).flatMap((ring) => { const spell = facts.spells[ring].find((one) => one.from < to && (one.to === null || one.to > from)); return spell === undefined ? [] : [{ group: ring === 1 ? '1 Contact' : '2 Purchase', above: Number(spell.to !== null && spell.to < to), below: 1, because: [] }]; }) } }],
  ['the end of the window is in it', LOST, /the end of the window/, { 'ring-losses': asking(real['ring-losses']!, (facts, { from, to }, context) => [facts, { from, to: to + 1 }, context]) }],
  ['every cause is running out', LOST, /"2 Purchase: expired":"2"/, { 'ring-loss-causes': marking(real['ring-loss-causes']!, (mark) => ({ ...mark, group: mark.group!.replace('cancelled', 'expired') })) }],
  ['the 90th day still counts', 'regained is what is lit again within 90 days, of losses that are 90 days old', /"2 of 2"/, { 'rings-regained': retelling(real['rings-regained']!, (one) => (one.id === 'back' ? { ...one, occurredAt: one.occurredAt - 1 } : one)) }],
  ['a loss of yesterday is not regained', 'regained is what is lit again within 90 days, of losses that are 90 days old', /"1 of 1"/, { 'rings-regained': asking(real['rings-regained']!, (facts, { from, to }, context) => [facts, { from, to: to + DAY }, context]) }],
  ['whoever left is seen no longer', WAITS, /"10 days, waiting"/, { 'ring-conversion-2-to-3': marking(conversion, (mark, { spells }) => (mark.above === 0 && mark.already !== true && spells[2][0]!.cause === 'cancelled' ? { ...mark, days: (spells[2][0]!.to! - spells[2][0]!.from) / DAY } : mark)) }],
  ['already is in no time', WAITS, /"0 days"/, { 'ring-conversion-2-to-3': marking(conversion, ({ already, ...mark }) => (already === true ? { ...mark, above: 1, below: 1, days: 0 } : mark)) }],
  ['the future is known', WAITS, /by day 100/, { 'ring-conversion-2-to-3': asking(conversion, (facts, { from, to }, context) => [facts, { from, to: to + 50 * DAY }, context]) }],
  ['from the last purchase', 'only the first time counts, and only who began in the window', /"10 days"/, { 'ring-conversion-2-to-3': retelling(conversion, (one, { entries }) => (one.kind === 'purchase' && entries.some(({ kind, occurredAt }) => kind === 'purchase' && occurredAt > one.occurredAt) ? undefined : one)) }],
  ['everybody whatever the window', 'only the first time counts, and only who began in the window', /\[1,1\]/, { 'ring-conversion-2-to-3': asking(conversion, (facts, { to }, context) => [facts, { from: -Infinity, to }, context]) }],
  ['one ring further', 'every step has its curve', /\["20 days"\],\["345 days"\]/, { 'ring-conversion-1-to-2': conversion }],
];

proves('rings', real, CHECKS, BUGS);
