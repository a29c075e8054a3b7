/** How decisions flow: small customers in words, and the active days against a naive count of days. */
import fc from 'fast-check';
import type { Interaction } from '../../src/customers/customer.js';
import { decisionsOf } from '../../src/figures/decisions.js';
import type { Figure, Mark, Window } from '../../src/figures/figure.js';
import { flowFigures } from '../../src/figures/flow-figures.js';
import { told } from '../rings/histories.js';
import { dealings, naiveActiveDays, windowsOf, type DayBug } from './naive-dealings.js';
import { asking, becauseOf, CONTEXT, DAY, day, days, factsFrom, hearing, holds, marking, must, named, ours, proves, said, same, theirs, type Bugs, type Checks, type Named } from './told.js';

const real = named(flowFigures);

const opened = (n: number, id: string, neededBy?: number): Interaction => theirs(n, id, 'decision-opened', neededBy === undefined ? {} : { neededBy: day(neededBy) });
const closed = (n: number, about: string, outcome = 'us'): Interaction => ours(n, `${about} closed ${n}`, 'decision-closed', { outcome }, { about });

/** Opened on days 0, 5 and 8; the first closed after 10 days, the second after 20. */
const story = [opened(0, 'oven', 12), opened(5, 'mixer', 20), opened(8, 'rent'), closed(10, 'oven'), closed(25, 'mixer', 'nothing')];
const berlin = { ...CONTEXT, zone: 'Europe/Berlin' };

const CHECKS: Checks<Named> = {
  'open decisions are those not closed before the instant': (figures) => {
    for (const [at, ids] of [[0, []], [9, ['oven', 'mixer', 'rent']], [10, ['oven', 'mixer', 'rent']], [11, ['mixer', 'rent']], [30, ['rent']]] as const) {
      same(becauseOf(figures['open-decisions']!, story, days(at - 90, at)), ids.map((id) => [id]), `open on day ${at}`);
    }
    same(said(figures['open-decisions']!, [story, [opened(1, 'x')]], days(0, 30)), { all: '2' }, 'of two customers');
  },
  'a decision is closed once, in the window of its first closing, whatever was decided': (figures) => {
    const again = [...story, closed(28, 'oven')];
    same(said(figures['decisions-closed']!, [again], days(0, 30)), { all: '2' }, 'closed');
    same(said(figures['decisions-closed']!, [again], days(10, 25)), { all: '1' }, 'from day 10 to 25');
    same(becauseOf(figures['decisions-closed']!, again, days(0, 30)), [['oven', 'oven closed 10'], ['mixer', 'mixer closed 25']], 'because');
  },
  // Day 0 is Wednesday, 1 January 2020.
  'by week, from Monday on in the zone': (figures) => {
    const weeks = [4, 5, 11.98].flatMap((n, index) => [opened(0, `d${index}`), closed(n, `d${index}`)]);
    same(said(figures['decisions-closed-by-week']!, [weeks], days(0, 30)), { '2019-12-30': '1', '2020-01-06': '2' }, 'in UTC');
    same(said(figures['decisions-closed-by-week']!, [weeks], days(0, 30), berlin), { '2019-12-30': '1', '2020-01-06': '1', '2020-01-13': '1' }, 'in Berlin');
  },
  'the time to a decision, in days, of those closed in the window': (figures) => {
    same(said(figures['decision-time']!, [story], days(0, 30)), { all: '15 of 2' }, 'median');
    same(said(figures['decision-time']!, [story], days(20, 30)), { all: '20 of 1' }, 'median of those closed late');
    same(said(figures['decision-time']!, [[opened(3, 'x'), closed(1, 'x')]], days(0, 30)), { all: '0 of 1' }, 'closed before it was opened');
  },
  'days with customer action: opened on day 0, asked twice on day 2, closed by us on day 4': (figures) => {
    const asked = [opened(0, 'oven'), theirs(2, 'a', 'question-asked'), theirs(2.5, 'b', 'question-asked'), ours(3, 'c', 'call'), closed(4, 'oven')];
    same(said(figures['decision-active-days']!, [asked], days(-10, 30)), { all: '2 of 5' }, 'days');
    same(becauseOf(figures['decision-active-days']!, asked, days(-10, 30)), [['oven', 'a']], 'because');
    same(said(figures['decision-active-days']!, [asked], days(1, 3)), { all: '1 of 2' }, 'within the window');
    same(said(figures['decision-active-days']!, [asked], days(5, 30)), { all: 'no value' }, 'after it');
  },
  'decided in time is decided on the day at the latest, of those with a date': (figures) => {
    same(said(figures['decided-in-time']!, [story], days(0, 30)), { all: '1 of 2' }, 'one in time, one late, one open');
    same(said(figures['decided-in-time']!, [[...story, closed(26, 'rent')]], days(0, 30)), { all: '1 of 2' }, 'and one without a date');
    same(said(figures['decided-in-time']!, [[opened(0, 'x', 10), closed(10.9, 'x')]], days(0, 30)), { all: '1 of 1' }, 'on the evening of the day');
    same(said(figures['decided-in-time']!, [[opened(0, 'x', 10), closed(10.98, 'x')]], days(0, 30), berlin), { all: '0 of 1' }, 'where the next day has begun');
  },
  'active days are as a naive count has them, in a zone that changes its clocks': (figures) => {
    const zone = 'America/New_York';
    const context = { ...CONTEXT, zone };
    // Six weeks around 8 March 2020.
    const moved = (entries: readonly Interaction[]): Interaction[] => entries.map((one) => ({ ...one, occurredAt: one.occurredAt + 50 * DAY }));
    const property = fc.property(
      dealings.map(moved).chain((entries) => windowsOf(entries).map((window) => ({ entries, window }))),
      ({ entries, window }) => {
        const facts = factsFrom(entries);
        const marks = figures['decision-active-days']!.marks(facts, window, context);
        same(marks.map(({ above, below }) => ({ above, below })), naiveActiveDays(facts, window, zone), `days in\n${told(entries)}\n`);
        for (const { above, below, because } of marks) must(above <= below && because.length >= above, 'more action than days');
      },
    );
    holds(property, 300);
  },
};

/** The active days as the naive count with a bug has them. */
const miscounted = (bug: DayBug): Partial<Named> => ({ 'decision-active-days': { ...real['decision-active-days']!, marks: (facts, window, { zone }): Mark[] => naiveActiveDays(facts, window, zone, bug).map((mark) => ({ ...mark, because: Array.from({ length: mark.above }, () => '?') })) } });
const MISCOUNTED: readonly DayBug[] = ['days of 24 hours', 'our action counts', 'the day of closing does not count', 'the last closing closes', 'days before the window count', 'days after the window count', 'actions, not days', 'the zone is UTC'];
const NAIVE = 'active days are as a naive count has them, in a zone that changes its clocks';
const TWICE = 'days with customer action: opened on day 0, asked twice on day 2, closed by us on day 4';

const later = ({ from, to }: Window): Window => ({ from: from + 1, to: to + 1 });
/** Each closing as if it were the only one. */
const allClosings = (figure: Figure): Figure => ({
  ...figure,
  marks: (facts, window, context) => facts.entries.filter(({ kind }) => kind === 'decision-closed').flatMap((one) => figure.marks({ ...facts, entries: facts.entries.filter((other) => other.kind !== 'decision-closed' || other === one) }, window, context)),
});

const BUGS: Bugs<Named> = [
  ['closed at the instant is closed', 'open decisions are those not closed before the instant', /open on day 0/, { 'open-decisions': asking(real['open-decisions']!, (facts, window, context) => [facts, later(window), context]) }],
  ['never closed', 'open decisions are those not closed before the instant', /open on day 11/, { 'open-decisions': hearing(real['open-decisions']!, (one) => (one.kind === 'decision-closed' ? undefined : one)) }],
  ['closed twice', 'a decision is closed once, in the window of its first closing, whatever was decided', /closed: {"all":"3"}/, { 'decisions-closed': allClosings(real['decisions-closed']!) }],
  ['only for us', 'a decision is closed once, in the window of its first closing, whatever was decided', /closed: {"all":"1"}/, { 'decisions-closed': hearing(real['decisions-closed']!, (one) => (one.fields['outcome'] === 'nothing' ? undefined : one)) }],
  ['weeks from Sunday on', 'by week, from Monday on in the zone', /in UTC/, { 'decisions-closed-by-week': hearing(real['decisions-closed-by-week']!, (one) => ({ ...one, occurredAt: one.occurredAt + DAY })) }],
  ['weeks of UTC', 'by week, from Monday on in the zone', /in Berlin/, { 'decisions-closed-by-week': asking(real['decisions-closed-by-week']!, (facts, window) => [facts, window, CONTEXT]) }],
  ['in weeks', 'the time to a decision, in days, of those closed in the window', /"2.1429 of 2"/, { 'decision-time': marking(real['decision-time']!, (mark) => ({ ...mark, days: mark.days! / 7 })) }],
  ['those opened in the window', 'the time to a decision, in days, of those closed in the window', /closed late/, { 'decision-time': asking(real['decision-time']!, (facts, window, context) => [{ ...facts, entries: facts.entries.filter((one) => one.kind !== 'decision-opened' || one.occurredAt >= window.from) }, window, context]) }],
  ['closed before it was opened, it takes less than nothing', 'the time to a decision, in days, of those closed in the window', /"-2 of 1"/, { 'decision-time': marking(real['decision-time']!, (mark, facts) => ({ ...mark, days: mark.because.map((id) => facts.entries.find((one) => one.id === id)!.occurredAt).reduce((from, to) => (to - from) / DAY) })) }],
  ['every action is a day', TWICE, /"3 of 5"/, miscounted('actions, not days')],
  ['our action is theirs', TWICE, /"4 of 5"/, miscounted('our action counts')],
  ['the evening is too late', 'decided in time is decided on the day at the latest, of those with a date', /on the evening/, { 'decided-in-time': marking(real['decided-in-time']!, (mark, facts) => ({ ...mark, above: Number(decisionsOf(facts).some(({ id, neededBy, closed: end }) => id === mark.because[0] && end!.at <= neededBy!)) })) }],
  ['without a date is in time', 'decided in time is decided on the day at the latest, of those with a date', /"2 of 3"/, { 'decided-in-time': hearing(real['decided-in-time']!, (one) => ({ ...one, fields: { neededBy: day(999), ...one.fields } })) }],
  ...MISCOUNTED.map((bug) => [bug, NAIVE, /days in/, miscounted(bug)] as const),
];

proves('the flow of decisions', real, CHECKS, BUGS);
