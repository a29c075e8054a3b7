/** Whether customers respond: small customers in words, and the moves against a naive reading of the sentences. */
import fc from 'fast-check';
import type { Interaction } from '../../src/customers/customer.js';
import type { Facts } from '../../src/figures/facts.js';
import type { Figure, Mark, Window } from '../../src/figures/figure.js';
import { responseFigures } from '../../src/figures/response-figures.js';
import { told } from '../rings/histories.js';
import { dealings, naiveMoves, windowsOf, type MoveBug } from './naive-dealings.js';
import { asking, becauseOf, CONTEXT, days, factsFrom, hearing, holds, marking, must, named, ours, proves, RULES, said, same, theirs, type Bugs, type Checks, type Named } from './told.js';

const real = named(responseFigures);

const reply = (n: number, more: Partial<Interaction> = {}) => theirs(n, `reply${n}`, 'reply', {}, more);
const call = (n: number, more: Partial<Interaction> = {}) => ours(n, `call${n}`, 'call', {}, more);

/** Day 0 a call, answered on day 3; day 20 a message, never answered; day 50 an outreach. */
const story = [call(0, { channel: 'phone', department: 'sales' }), reply(3), ours(20, 'mail', 'message-sent', { campaign: 'spring' }, { channel: 'email', department: 'marketing' }), ours(50, 'letter', 'outreach', {}, { channel: 'post' })];

function agrees(figures: Named, entries: readonly Interaction[], window: Window): void {
  const context = { ...CONTEXT, rules: { ...RULES, response: 14 } };
  const facts = factsFrom(entries);
  const found = (name: string): string[] => figures[name]!.marks(facts, window, context).map(({ group, above, below, because }) => `${group ?? ''} ${above}/${below} ${because.join(' ')}`).sort();
  const moves = naiveMoves(entries, window, 14);
  const because = ({ move, by }: (typeof moves)[number]): string => (by === undefined ? move.id : `${move.id} ${by}`);
  same(found('opening-moves'), moves.map((one) => `${one.state} 1/1 ${because(one)}`).sort(), `states in\n${told(entries)}\n`);
  const due = moves.filter(({ move }) => move.occurredAt + 14 * 86_400_000 <= window.to);
  same(found('response-yield'), due.map((one) => ` ${Number(one.by !== undefined)}/1 ${because(one)}`).sort(), `yield in\n${told(entries)}\n`);
}

const CHECKS: Checks<Named> = {
  'of two moves whose time has passed one drew a response, and one still waits': (figures) => {
    same(said(figures['response-yield']!, [story], days(0, 60)), { all: '1 of 2' }, 'yield');
    same(said(figures['opening-moves']!, [story], days(0, 60)), { 'drew a response': '1', 'no response yet': '1', none: '1' }, 'states');
    same(becauseOf(figures['response-yield']!, story, days(0, 60)), [['call0', 'reply3'], ['mail']], 'because');
  },
  'by kind, channel, department and campaign': (figures) => {
    same(said(figures['response-yield-by-kind']!, [story], days(0, 70)), { call: '1 of 1', 'message-sent': '0 of 1', outreach: '0 of 1' }, 'kind');
    same(said(figures['response-yield-by-channel']!, [story], days(0, 70)), { email: '0 of 1', phone: '1 of 1', post: '0 of 1' }, 'channel');
    same(said(figures['response-yield-by-department']!, [story], days(0, 70)), { marketing: '0 of 1', 'not recorded': '0 of 1', sales: '1 of 1' }, 'department');
    same(said(figures['response-yield-by-campaign']!, [story], days(0, 70)), { spring: '0 of 1' }, 'campaign');
  },
  'a response that comes too late is none, and one within the window of the rules is one': (figures) => {
    same(said(figures['opening-moves']!, [[call(0), reply(14)]], days(0, 60)), { none: '1' }, 'on the 14th day');
    same(said(figures['opening-moves']!, [[call(0), reply(13)]], days(0, 60)), { 'drew a response': '1' }, 'on the 13th day');
    same(said(figures['opening-moves']!, [[call(0), reply(14)]], days(0, 60), { ...CONTEXT, rules: { ...RULES, response: 45 } }), { 'drew a response': '1' }, 'where 45 days are given');
  },
  'only our own first word is a move: no answer, no call of the customer, nothing within 7 days of the customer': (figures) => {
    const moves = (...entries: Interaction[]): Record<string, string> => said(figures['opening-moves']!, [entries], days(0, 60));
    same(moves(reply(0), call(6)), {}, 'six days after a reply');
    same(moves(reply(0), call(7)), { none: '1' }, 'seven days after a reply');
    same(moves(reply(5), call(5)), {}, 'on the day of a reply');
    same(moves(theirs(0, 'fault', 'issue-opened', { severity: 3 }), call(20, { about: 'fault' })), {}, 'about a fault they reported');
    same(moves(theirs(0, 'plan', 'decision-opened'), call(20, { about: 'plan' })), { none: '1' }, 'about a decision they face');
    same(moves(theirs(9, 'rang', 'call')), {}, 'a call of theirs');
    same(moves(ours(9, 'a', 'question-answered', {}, { about: 'q' }), ours(9, 'b', 'issue-resolved', {}, { about: 'i' }), ours(9, 'c', 'note'), ours(9, 'd', 'email')), {}, 'answers, resolutions, notes, mails');
    same(moves(call(5), theirs(5, 'asked', 'question-asked', {}, { about: 'call5' })), { 'drew a response': '1' }, 'asked during our call');
  },
  'every move is in exactly one of three states, and in the yield once its time has passed': (figures) => {
    const property = fc.property(
      dealings.chain((entries) => windowsOf(entries).map((window) => ({ entries, window }))),
      ({ entries, window }) => agrees(figures, entries, window),
    );
    holds(property, 1000);
  },
  'a busy customer takes no more than a few looks at each entry': (figures) => {
    let looks = 0;
    const watched = Array.from({ length: 2000 }, (_, index) => {
      const one = index % 3 === 0 ? reply(index) : call(index);
      const at = one.occurredAt;
      return Object.defineProperty({ ...one, id: `e${index}` }, 'occurredAt', { enumerable: true, get: () => ((looks += 1), at) });
    });
    const facts = { ...factsFrom([]), entries: watched };
    for (const figure of Object.values(figures)) figure.marks(facts, days(0, 3000), CONTEXT);
    must(looks <= 40 * watched.length, `${looks} looks at ${watched.length} entries`);
  },
};

/** The figures as the naive reading with a bug has them. */
function misread(bug: MoveBug): Partial<Named> {
  const marks = (states: boolean) => (facts: Facts, window: Window, { rules }: Parameters<Figure['marks']>[2]): Mark[] =>
    naiveMoves(facts.entries, window, rules.response, bug).flatMap(({ move, state, by }): Mark[] => {
      const mark = { above: states ? 1 : Number(by !== undefined), below: 1, because: by === undefined ? [move.id] : [move.id, by] };
      if (states) return [{ ...mark, group: state }];
      return move.occurredAt + rules.response * 86_400_000 > window.to ? [] : [mark];
    });
  return { 'opening-moves': { ...real['opening-moves']!, marks: marks(true) }, 'response-yield': { ...real['response-yield']!, marks: marks(false) } };
}

const ONCE = 'every move is in exactly one of three states, and in the yield once its time has passed';
const MISREAD: readonly MoveBug[] = ['eight days of silence', 'what happened 7 days before is in them', 'the same instant comes after', 'what names the move at once comes before', 'an answer is a move', 'a decision asks for an answer', 'what is named may come later', 'answers and resolutions are moves', 'what the customer began is a move', 'at the end of the response window still counts', 'at once is no response', 'what happens at the end of the window is known', 'the window has passed a day early'];

const BUGS: Bugs<Named> = [
  ['what waits counts as unanswered', 'of two moves whose time has passed one drew a response, and one still waits', /"1 of 3"/, { 'response-yield': asking(real['response-yield']!, (facts, window, context) => [facts, { ...window, to: window.to + 14 * 86_400_000 }, context]) }],
  ['the response is not named', 'of two moves whose time has passed one drew a response, and one still waits', /because/, { 'response-yield': marking(real['response-yield']!, (mark) => ({ ...mark, because: mark.because.slice(0, 1) })) }],
  ['what has no department is left out', 'by kind, channel, department and campaign', /department/, { 'response-yield-by-department': marking(real['response-yield-by-department']!, (mark) => (mark.group === 'not recorded' ? undefined : mark)) }],
  ['what has no campaign is a campaign', 'by kind, channel, department and campaign', /"none"/, { 'response-yield-by-campaign': hearing(real['response-yield-by-campaign']!, (one) => ({ ...one, fields: { campaign: 'none', ...one.fields } })) }],
  ['14 days whatever the rules', 'a response that comes too late is none, and one within the window of the rules is one', /where 45 days/, { 'opening-moves': asking(real['opening-moves']!, (facts, window, context) => [facts, window, { ...context, rules: RULES }]) }],
  ['at the end of the response window still counts', 'a response that comes too late is none, and one within the window of the rules is one', /on the 14th day/, misread('at the end of the response window still counts')],
  ['an answer is a move', 'only our own first word is a move: no answer, no call of the customer, nothing within 7 days of the customer', /about a fault/, misread('an answer is a move')],
  ['what the customer began is a move', 'only our own first word is a move: no answer, no call of the customer, nothing within 7 days of the customer', /a call of theirs/, misread('what the customer began is a move')],
  ...MISREAD.map((bug) => [bug, ONCE, /instead of/, misread(bug)] as const),
  ['a move in two states', ONCE, /states in/, { 'opening-moves': { ...real['opening-moves']!, marks: (...ask) => real['opening-moves']!.marks(...ask).flatMap((mark) => (mark.group === 'none' ? [mark, { ...mark, group: 'no response yet' }] : [mark])) } }],
  ['every entry is compared with every other', 'a busy customer takes no more than a few looks at each entry', /looks at 2000/, misread('an answer is a move')],
];

proves('the response', real, CHECKS, BUGS);
