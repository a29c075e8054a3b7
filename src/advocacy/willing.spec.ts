/** Whom to ask, and what counts once: in words and numbers anyone can check. */
import { ASK_BUDGET } from '../customers/asks.js';
import { customer, type Interaction } from '../customers/customer.js';
import { DAY } from '../kernel/calendar.js';
import { Days } from '../kernel/days.js';
import { fold } from '../rings/fold.js';
import { PRESETS } from '../rings/rules.js';
import { creditedActs } from './acts.js';
import { loadOf, verdictOn, willingIn, type Verdict, type Wanted } from './willing.js';

const BASE = Date.UTC(2026, 0, 1);
const day = (n: number): number => BASE + n * DAY;
const RULES = PRESETS['annual-contracts']!;
const one = (n: number, id: string, kind: string, side: 'us' | 'customer', fields: Interaction['fields'] = {}, more: Partial<Interaction> = {}): Interaction => ({ id, kind, occurredAt: day(n), side, people: [], fields, mac: id, actor: 'ada', revision: 1, ...more });
const theirs = (n: number, id: string, kind: string, fields: Interaction['fields'] = {}, more: Partial<Interaction> = {}): Interaction => one(n, id, kind, 'customer', { person: 'ines', ...fields }, more);
const ines = one(0, 'p', 'person-added', 'us', { person: 'ines', roles: ['decider'] });
const consent = theirs(1, 'c', 'consent-given', { purpose: 'calls' });
const nps = (n: number, score: number, id = `nps${n}`): Interaction => theirs(n, id, 'survey-answered', { nps: score });
const act = (n: number, fields: Interaction['fields'] = {}, id = `act${n}`, more: Partial<Interaction> = {}): Interaction => theirs(n, id, 'reference', { verification: 'evidenced', ...fields }, more);
const asked = (n: number): Interaction => one(n, `ask${n}`, 'advocacy-asked', 'us', { person: 'ines', act: 'reference' });

function known(entries: readonly Interaction[], segment = 'bakeries') {
  const state = customer.initial('customer-c1');
  Object.assign(state, { registered: true, segment });
  for (const entry of entries) state.interactions.set(entry.id, entry);
  state.people.set('ines', 'p');
  const sorted = [...entries].sort((a, b) => a.occurredAt - b.occurredAt);
  return willingIn(state, sorted, fold(sorted, RULES).spells, creditedActs(sorted, new Days('UTC')));
}
/** How it stands on the day: `may`, what stands against it, or that nothing is known. */
function whether(n: number, entries: readonly Interaction[], wanted: Wanted = {}): string {
  const [found] = known([ines, ...entries]);
  if (found === undefined) return 'nothing is known';
  const { mayAsk, against } = verdictOn(found, wanted, day(n), ASK_BUDGET);
  return mayAsk ? 'may' : against.map(({ ground }) => ground).join(', ');
}
const verdict = (n: number, entries: readonly Interaction[], wanted: Wanted = {}): Verdict => verdictOn(known([ines, ...entries])[0]!, wanted, day(n), ASK_BUDGET);

describe('whom to ask', () => {
  it.each([
    ['a promoter with consent', whether(20, [consent, nps(10, 9)]), 'may'],
    ['a passive', whether(20, [consent, nps(10, 8)]), 'nothing is known'],
    ['a promoter once, by the last answer none', whether(20, [consent, nps(10, 9), nps(15, 6)]), 'not willing'],
    ['an advocate while Advocacy is lit', whether(20, [consent, act(10)]), 'may'],
    ['an advocate of long ago', whether(400, [consent, act(10)]), 'not willing'],
    ['an act we only heard of lights nothing', whether(20, [consent, act(10, { verification: 'claimed' })]), 'not willing'],
    ['no consent: we cannot tell', whether(20, [nps(10, 9)]), 'no consent'],
    ['consent taken back', whether(20, [consent, nps(10, 9), theirs(12, 'w', 'consent-withdrawn', { purpose: 'calls' })]), 'no consent'],
    ['left', whether(20, [consent, nps(10, 9), theirs(12, 'l', 'person-left')]), 'left'],
    ['a severe issue open', whether(20, [consent, nps(10, 9), theirs(12, 'i', 'issue-opened', { severity: 1 })]), 'severe issue open'],
    ['it is resolved', whether(20, [consent, nps(10, 9), theirs(12, 'i', 'issue-opened', { severity: 1 }), one(13, 'r', 'issue-resolved', 'us', {}, { about: 'i' })]), 'may'],
    ['asked twice lately', whether(20, [consent, nps(10, 9), asked(15), asked(16)]), 'budget spent'],
    ['90 days after the first ask', whether(105, [consent, nps(10, 9), asked(15), asked(16)]), 'may'],
    ['one of the two taken back', whether(20, [consent, nps(10, 9), asked(16)]), 'may'],
  ])('%s', (_, found, should) => expect(found).toBe(should));

  it('counts what fits, and names the entries behind each ground', () => {
    const entries = [consent, nps(10, 9), act(12, {}, 'act12', { offering: 'plan' })];
    const found = verdict(20, entries, { act: 'reference', offering: 'plan', segment: 'bakeries', role: 'decider' });
    expect([found.fit, found.left, found.nextFree]).toEqual([4, 2, day(20)]);
    expect(found.for.map(({ ground, because }) => [ground, because])).toEqual([['promoter', ['nps10']], ['advocate', ['act12']], ['consent', ['c']], ['offering', []], ['segment', []], ['role', []], ['act done before', ['act12']]]);
    expect(verdict(20, entries, { act: 'speaking', offering: 'oven', segment: 'mills', role: 'user' }).fit).toBe(0);
  });
});

describe('an act counts once', () => {
  const ids = (...entries: Interaction[]): string[] => creditedActs(entries, new Days('UTC')).map(({ id, also }) => [id, ...also].join('+'));
  const referral = (n: number, id: string, whom: string): Interaction => theirs(n, id, 'referral', { referredCustomer: whom });
  it.each([
    ['reported twice on a day', ids(act(10, {}, 'a'), act(10.5, {}, 'b')), ['a+b']],
    ['on two days it is two', ids(act(10, {}, 'a'), act(11, {}, 'b')), ['a', 'b']],
    ['by two people it is two', ids(act(10, {}, 'a'), act(10, { person: 'jon' }, 'b')), ['a', 'b']],
    ['of two kinds it is two', ids(act(10, {}, 'a'), theirs(10, 'b', 'testimonial')), ['a', 'b']],
    ['the same customer referred, whenever', ids(referral(10, 'a', 'x'), referral(40, 'b', 'x'), referral(40, 'c', 'y')), ['a+b', 'c']],
    ['about the same ask, whenever', ids(asked(5), act(10, {}, 'a', { about: 'ask5' }), act(30, {}, 'b', { about: 'ask5' })), ['a+b']],
    ['against us it is none', ids(act(10, { stance: 'against' }, 'a')), []],
  ])('%s', (_, found, should) => expect(found).toEqual(should));

  it('has the best proof and the widest reach of its reports', () => {
    const [found] = creditedActs([act(10, { reach: 5, verification: 'claimed' }, 'a'), act(10, { reach: 9, incentivised: true, verification: 'claimed' }, 'b'), one(12, 'v', 'act-verified', 'us', { level: 'confirmed' }, { about: 'a' })], new Days('UTC'));
    expect(found).toMatchObject({ level: 'confirmed', reach: 9, incentivised: true });
  });
});

it('the load of an advocate: how often asked, what became of it, what it reached', () => {
  const [found] = known([ines, consent, asked(5), asked(50), one(6, 'no', 'advocacy-declined', 'customer', {}, { about: 'ask5' }), act(60, { reach: 12 }, 'a', { about: 'ask50' })]);
  expect(loadOf(found!, day(100), ASK_BUDGET)).toEqual({ asks: 2, recent: 1, lastAsk: day(50), states: { waiting: 0, accepted: 0, declined: 1, done: 1 }, acts: 1, lastAct: day(60), reach: 12, evidenced: 1, incentivised: 0 });
});
