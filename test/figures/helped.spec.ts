/** What came before decisions, in words and numbers that anybody can check by hand. */
import type { Interaction } from '../../src/customers/customer.js';
import type { Figure } from '../../src/figures/figure.js';
import { adviceOf, decisionsIn, leadTimes, overallYield, yieldFigures } from '../../src/figures/helped-figures.js';
import { becauseOf, days, factsFrom, hearing, on, ours, proves, said, same, theirs, type Bugs, type Checks } from './told.js';

interface Subject {
  readonly all: Figure;
  readonly by: Readonly<Record<string, Figure>>;
  readonly times: Figure;
  readonly decisions: typeof decisionsIn;
  readonly advice: typeof adviceOf;
}
const real: Subject = { all: overallYield, by: yieldFigures, times: leadTimes, decisions: decisionsIn, advice: adviceOf };

const call = (n: number, more: Partial<Interaction> = {}) => ours(n, `call${n}`, 'call', {}, { channel: 'phone', department: 'sales', ...more });
const buy = (n: number) => theirs(n, `buy${n}`, 'purchase');
const helped = (n: number, about: string, decision: string, level = 'claimed', side: 'us' | 'customer' = 'us') => on(n, `link${n}`, 'helped-decision', side, { decision, level }, { about });
/** Day 0 a call, day 20 a mail, bought on day 30; day 200 a call that nothing came of. */
const story = [call(0), ours(20, 'mail', 'message-sent', { campaign: 'spring' }, { channel: 'email', department: 'marketing' }), buy(30), call(200)];
const WINDOW = days(0, 365);

const told = (subject: Subject, entries: readonly Interaction[], window = WINDOW): string[] =>
  subject.decisions(factsFrom(entries), window).map(({ entry, moves, links }) => `${entry.id}: ${moves.map(({ entry: { id }, days: n }) => `${id} ${n}`).join(', ')}${links.map(({ link, helped: what, days: n }) => `; ${String(link.fields['level'])} ${what?.id ?? 'gone'} ${n}`).join('')}`);

const CHECKS: Checks<Subject> = {
  'two of three moves were followed by a purchase within 90 days': ({ all, by }) => {
    same(said(all, [story], WINDOW), { all: '2 of 3' }, 'yield');
    same(said(by['kind']!, [story], WINDOW), { call: '1 of 2', 'message-sent': '1 of 1' }, 'kind');
    same(said(by['channel']!, [story], WINDOW), { email: '1 of 1', phone: '1 of 2' }, 'channel');
    same(said(by['department']!, [story], WINDOW), { marketing: '1 of 1', sales: '1 of 2' }, 'department');
    same(said(by['campaign']!, [story], WINDOW), { spring: '1 of 1' }, 'campaign');
    same(becauseOf(all, story, WINDOW), [['call0', 'buy30'], ['mail', 'buy30'], ['call200']], 'because');
  },
  'a move counts once its 90 days have passed, and a decision on the 90th day in time': ({ all }) => {
    same(said(all, [[call(0), buy(90)]], WINDOW), { all: '1 of 1' }, 'on the 90th');
    same(said(all, [[call(0), buy(91)]], WINDOW), { all: '0 of 1' }, 'on the 91st');
    same(said(all, [[call(275)], [call(276)]], WINDOW), { all: '0 of 1' }, 'still time for one');
    same(said(all, [[buy(0), call(0)]], WINDOW), { all: 'no value' }, 'an answer to the purchase of that day');
    same(said(all, [[call(0), theirs(30, 'gone', 'cancellation')]], WINDOW), { all: '0 of 1' }, 'a decision against us');
    same([said(all, [[call(0)]], WINDOW), said(all, [[call(0), buy(30)]], WINDOW)], [{ all: '0 of 1' }, { all: '1 of 1' }], 'a purchase told late');
  },
  'before each decision: our moves, what is said to have helped, and how long': (subject) => {
    same(told(subject, [...story, helped(31, 'mail', 'buy30', 'confirmed', 'customer')]), ['buy30: call0 30, mail 10; confirmed mail 10'], 'a purchase');
    same(told(subject, [call(0), theirs(5, 'what', 'decision-opened'), theirs(40, 'done', 'decision-closed', { outcome: 'another' }, { about: 'what' }), helped(41, 'call0', 'what')]), ['done: call0 40; claimed call0 40'], 'named by its opening');
    same(told(subject, [call(0), buy(91)]), ['buy91: '], 'too long ago');
    same(told(subject, [call(0), buy(30), helped(31, 'was-retracted', 'buy30')]), ['buy30: call0 30; claimed gone null'], 'what helped was retracted');
    same(told(subject, story, days(31, 365)), [], 'before the window');
  },
  'days from move to decision, by kind': ({ times }) => {
    same(said(times, [story], WINDOW), { call: '30 of 1', 'message-sent': '10 of 1' }, 'days');
  },
  'more of what stands out above all others, less of what stands out below, and nothing of a few': ({ advice }) => {
    const beside = (above: number, below: number) => advice({ above, below }, { above: above + 20, below: below + 100 });
    same([beside(10, 20), beside(1, 40), beside(5, 20), beside(9, 9)], ['do more', 'stop or change', 'as the others', 'too few to say'], 'beside 20 of 100');
    same(advice({ above: 10, below: 20 }, { above: 11, below: 25 }), 'too few to say', 'beside five others');
  },
};

const moved = (subject: Subject, change: (one: Interaction) => Interaction | undefined): Partial<Subject> => ({ all: hearing(subject.all, change) });
const [TWO, WHEN, EACH, LONG, ADVISED] = Object.keys(CHECKS) as [string, string, string, string, string];
const BUGS: Bugs<Subject> = [
  ['renewals alone are decisions', TWO, /yield/, moved(real, (one) => (one.kind === 'purchase' ? { ...one, kind: 'acceptance' } : one))],
  ['kinds are not told apart', TWO, /kind/, { by: { ...yieldFigures, kind: yieldFigures.channel } }],
  ['every decision is one for us', WHEN, /against us/, moved(real, (one) => (one.kind === 'cancellation' ? { ...one, kind: 'renewal' } : one))],
  ['nobody has to wait', WHEN, /still time/, { all: { ...overallYield, marks: (facts, window, context) => overallYield.marks(facts, { ...window, to: window.to + 86_400_000 }, context) } }],
  ['links are not read', EACH, /a purchase/, { decisions: (...ask) => decisionsIn(...ask).map((one) => ({ ...one, links: [] })) }],
  ['moves of any age', EACH, /too long ago/, { decisions: (facts, window) => decisionsIn(facts, window).map((one) => ({ ...one, moves: facts.entries.filter(({ kind, side, occurredAt }) => side === 'us' && kind !== 'helped-decision' && occurredAt < one.entry.occurredAt).map((entry) => ({ entry, days: (one.entry.occurredAt - entry.occurredAt) / 86_400_000 })) })) }],
  ['days are weeks', LONG, /days/, { times: { ...leadTimes, marks: (...ask) => leadTimes.marks(...ask).map((mark) => ({ ...mark, days: mark.days! / 7 })) } }],
  ['a few are enough', ADVISED, /beside 20/, { advice: (group, all) => (group.below < 10 ? 'do more' : adviceOf(group, all)) }],
];

proves('what helped', real, CHECKS, BUGS);
