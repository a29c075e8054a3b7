/** Checks of how a relationship is led, in words and numbers that anybody can check by hand: each fires, is clean, cannot tell, and heeds what comes late. */
import type { Interaction } from '../../src/customers/customer.js';
import { CHECKS as ALL, type Led, type LedCheck } from '../../src/figures/checks.js';
import type { Finding } from '../../src/figures/checking.js';
import { finding, found, hearing, parts, told } from '../alignment/checked.js';
import { CONTEXT, days, on, ours, proves, same, theirs, type Bugs, type Checks } from './told.js';

type Named = Readonly<Record<string, LedCheck>>;
const real: Named = Object.fromEntries(ALL.map((check) => [check.name, check]));
const YEAR = days(0, 365);
const context: Led = CONTEXT;

const of = (check: LedCheck | undefined, window = YEAR) => (...entries: Interaction[]): string => told(check!, [entries], window, context);
const want = (n: number, tag: string) => theirs(n, `want-${tag}`, 'want-stated', { tag });
const need = (n: number, tag: string, rank?: number) => theirs(n, `need-${tag}`, 'need-stated', { tag, ...(rank !== undefined && { rank }) });
const agreed = (n: number, tag: string, about?: string) => ours(n, `agreed-${tag}`, 'need-agreed', { tag }, { ...(about !== undefined && { about }) });
const buy = (n: number) => theirs(n, `buy${n}`, 'purchase');
const benefit = (n: number, who: 'customerBenefit' | 'providerBenefit', more: Partial<Interaction> = {}) => ours(n, `${who}${n}`, 'benefit-recorded', {}, { has: [who], ...more });
const decider = (n: number, id: string) => ours(n, `p-${id}`, 'person-added', { person: id, roles: ['decider'] });
const opened = (n: number, fields: Record<string, string[] | number> = {}) => theirs(n, 'what', 'decision-opened', fields);
const closed = (n: number) => theirs(n, 'done', 'decision-closed', { outcome: 'us' }, { about: 'what' });
const stance = (n: number, person: string, how: string) => theirs(n, `stance${n}`, 'stance-stated', { person, stance: how });
const outcome = (n: number, value: number, measure = 'hours') => theirs(n, `outcome${n}`, 'outcome-confirmed', { measure, value });
const times = (count: number, one: (index: number) => Interaction): Interaction[] => Array.from({ length: count }, (_, index) => one(index));
const at = (n: number): number => days(n, n).from;

const CHECKS: Checks<Named> = {
  'want and need: a purchase over an open gap': ({ 'want-and-need': check }) => {
    const answer = of(check);
    same(answer(want(1, 'new'), need(2, 'less'), buy(10)), 'fires: 1 of 1', 'a gap');
    same(answer(want(1, 'less'), need(2, 'less'), buy(10)), 'clean: 0 of 1', 'they want what they need');
    same(answer(want(1, 'new'), need(2, 'less'), agreed(3, 'quiet', 'want-new'), buy(10)), 'clean: 0 of 1', 'agreed on');
    same(answer(want(1, 'new'), buy(10)), 'cannot tell: 0 of 0; needs stated before the purchase in 1', 'no needs');
    same(answer(need(1, 'less'), buy(10)), 'cannot tell: 0 of 0; wants stated before the purchase in 1', 'no wants');
    same(answer(want(1, 'new'), need(2, 'less')), 'cannot tell: 0 of 0; a purchase in 1', 'nothing bought');
    same([answer(want(1, 'new'), need(2, 'less'), buy(10), agreed(11, 'new')), answer(want(1, 'new'), need(2, 'less'), agreed(9, 'new'), buy(10))], ['fires: 1 of 1', 'clean: 0 of 1'], 'agreed afterwards, and before but told late');
    same(found(check!, [want(1, 'new'), need(2, 'less'), buy(10)], YEAR, context), ['off because buy10 want-new need-less: wants new; needs less'], 'because');
  },
  'mutual benefit: of both sides, before they first bought': ({ 'mutual-benefit-before': check }) => {
    const answer = of(check);
    same(answer(benefit(1, 'customerBenefit'), benefit(2, 'providerBenefit'), buy(10)), 'clean: 0 of 1', 'both');
    same(answer(benefit(1, 'customerBenefit'), buy(10)), 'fires: 1 of 1', 'one');
    same(answer(ours(1, 'both', 'benefit-recorded', {}, { has: ['customerBenefit', 'providerBenefit'] }), buy(10)), 'clean: 0 of 1', 'in one entry');
    same(answer(buy(10)), 'cannot tell: 0 of 0; benefits of either side before the purchase in 1', 'none');
    same(answer(benefit(1, 'customerBenefit'), buy(10), benefit(10, 'providerBenefit')), 'fires: 1 of 1', 'on the day of the purchase');
    same(answer(benefit(1, 'customerBenefit')), 'cannot tell: 0 of 0; a first purchase in 1', 'nothing bought');
    same([answer(benefit(1, 'customerBenefit'), buy(10)), answer(benefit(1, 'customerBenefit'), benefit(9, 'providerBenefit'), buy(10))], ['fires: 1 of 1', 'clean: 0 of 1'], 'told late');
  },
  'mutual benefit: confirmed for both sides afterwards': ({ 'mutual-benefit-confirmed': check }) => {
    const answer = of(check);
    same(answer(buy(0), outcome(50, 3), benefit(60, 'providerBenefit')), 'clean: 0 of 1', 'both');
    same(answer(buy(0), outcome(50, 3)), 'fires: 1 of 1', 'theirs alone');
    same(answer(buy(0), benefit(50, 'customerBenefit'), benefit(60, 'providerBenefit')), 'fires: 1 of 1', 'that they gain is our word');
    same(answer(buy(0), benefit(50, 'customerBenefit', { side: 'customer' }), benefit(60, 'providerBenefit')), 'clean: 0 of 1', 'their own word');
    same(answer(buy(0)), 'cannot tell: 0 of 0; confirmed benefits of either side in 1', 'none');
    same(of(check, days(0, 179))(buy(0), outcome(50, 3)), 'cannot tell: 0 of 0; a first purchase long enough ago in 1', 'still time');
    same([answer(buy(0), outcome(50, 3)), answer(buy(0), outcome(50, 3), benefit(364, 'providerBenefit'))], ['fires: 1 of 1', 'clean: 0 of 1'], 'told late');
  },
  'qualified: need agreed, both benefits, a decider known and met': ({ qualified: check }) => {
    const answer = of(check);
    const all = [agreed(1, 'less'), benefit(2, 'customerBenefit'), benefit(3, 'providerBenefit'), decider(4, 'ines'), ours(5, 'met', 'meeting', { attended: true }, { people: ['ines'] }), opened(6)];
    const without = (id: string): string => told(check!, [all.filter((one) => one.id !== id)], YEAR, context);
    same(answer(...all), 'clean: 0 of 1', 'all of it');
    same(all.slice(0, 5).map(({ id }) => without(id)), ['fires: 1 of 1', 'fires: 1 of 1', 'fires: 1 of 1', 'fires: 1 of 1', 'fires: 1 of 1'], 'without one');
    same(answer(opened(6)), 'cannot tell: 0 of 0; anything of need, benefits and deciders in 1', 'nothing');
    same(answer(...all, buy(7)), 'cannot tell: 0 of 0; a prospect with an open decision in 1', 'a customer');
    same(answer(...all, closed(8)), 'cannot tell: 0 of 0; a prospect with an open decision in 1', 'decided');
    same(found(check!, all.slice(1), YEAR, context)[0]!.split(': ').slice(1), ['without', 'need agreed'], 'what is lacking');
    same([without('met'), answer(...all)], ['fires: 1 of 1', 'clean: 0 of 1'], 'a meeting told late');
  },
  'buyer alignment: the last stance of each decider': ({ 'buyer-alignment': check }) => {
    const answer = of(check);
    const both = [decider(1, 'ines'), decider(1, 'jo'), opened(2)];
    same(answer(...both, stance(3, 'ines', 'for'), stance(4, 'jo', 'for')), 'clean: 0 of 2', 'all for it');
    same(answer(...both, stance(3, 'ines', 'for'), stance(4, 'jo', 'mixed')), 'fires: 1 of 2', 'one in doubt');
    same(answer(...both, stance(3, 'ines', 'against'), stance(4, 'jo', 'for'), stance(5, 'ines', 'for')), 'clean: 0 of 2', 'won over');
    same(answer(...both, stance(3, 'ines', 'for')), 'clean: 0 of 1; stance of a decider in 1', 'one of two');
    same(answer(...both), 'cannot tell: 0 of 0; stance of a decider in 2', 'no stance');
    same(answer(opened(2), stance(3, 'ines', 'for')), 'cannot tell: 0 of 0; who decides in 1', 'nobody decides');
    same([answer(...both, stance(3, 'ines', 'for')), answer(...both, stance(3, 'ines', 'for'), stance(300, 'ines', 'against'))], ['clean: 0 of 1; stance of a decider in 1', 'fires: 1 of 1; stance of a decider in 1'], 'told late');
  },
  'late joiners: a decider first seen under 14 days before the decision': ({ 'late-joiners': check }) => {
    const answer = of(check);
    same(answer(decider(6, 'ines'), opened(2), closed(20)), 'clean: 0 of 1', '14 days');
    same(answer(decider(7, 'ines'), opened(2), closed(20)), 'fires: 1 of 1', '13 days');
    same(answer(decider(7, 'ines'), opened(2, { neededBy: at(20) })), 'fires: 1 of 1', 'before it is needed');
    same(answer(decider(7, 'ines'), opened(2)), 'cannot tell: 0 of 0; when the decision is needed in 1', 'no date');
    same(answer(opened(2), closed(20)), 'cannot tell: 0 of 0; who decides in 1', 'nobody known');
    same([answer(decider(7, 'ines'), opened(2), closed(20)), answer(theirs(1, 'seen', 'reply', {}, { people: ['ines'] }), decider(7, 'ines'), opened(2), closed(20))], ['fires: 1 of 1', 'clean: 0 of 1'], 'seen before, told late');
  },
  'next decision: active customers have one with a date, or a step': ({ 'next-decision-dated': check }) => {
    const answer = of(check);
    const step = ours(300, 'step', 'step-planned', { due: at(400) });
    same(answer(buy(10)), 'fires: 1 of 1', 'nothing');
    same(answer(buy(10), step), 'clean: 0 of 1', 'a step');
    same(answer(buy(10), step, ours(310, 'did', 'step-done', {}, { about: 'step' })), 'fires: 1 of 1', 'a step done');
    same(answer(buy(10), opened(300, { neededBy: at(366) })), 'clean: 0 of 1', 'a decision ahead');
    same(answer(buy(10), opened(300, { neededBy: at(364) })), 'fires: 1 of 1', 'overdue');
    same(answer(buy(10), opened(300)), 'fires: 1 of 1', 'without a date');
    same(answer(want(1, 'x')), 'cannot tell: 0 of 0; an active customer in 1', 'no customer');
    same([answer(buy(10)), told(check!, [[buy(10), on(364, 'late', 'step-planned', 'us', { due: at(370) })]], days(0, 365), context), told(check!, [[buy(10), on(364, 'late', 'step-planned', 'us', { due: at(370) })]], days(0, 364), context)], ['fires: 1 of 1', 'clean: 0 of 1', 'fires: 1 of 1'], 'a step planned late');
  },
  'flat value: the last confirmed is no more than the one before': ({ 'flat-value': check }) => {
    const answer = of(check);
    same(answer(buy(0), outcome(50, 3), outcome(300, 3)), 'fires: 1 of 1', 'the same');
    same(answer(buy(0), outcome(50, 3), outcome(300, 4)), 'clean: 0 of 1', 'more');
    same(answer(buy(0), outcome(50, 3), outcome(60, 5, 'other'), outcome(300, 4)), 'clean: 0 of 1; a second outcome to compare with in 1', 'two measures');
    same(answer(buy(0), outcome(50, 3)), 'cannot tell: 0 of 0; a second outcome to compare with in 1', 'one only');
    same(answer(buy(0)), 'cannot tell: 0 of 0; an outcome confirmed with measure and value in 1', 'none');
    same(answer(buy(0), ours(50, 'u1', 'usage-report', { measure: 'hours', value: 3 }), ours(60, 'u2', 'usage-report', { measure: 'hours', value: 3 })), 'cannot tell: 0 of 0; an outcome confirmed with measure and value in 1', 'flat usage is fine');
    same([answer(buy(0), outcome(50, 3), outcome(300, 3)), answer(buy(0), outcome(50, 3), outcome(200, 2), outcome(300, 3))], ['fires: 1 of 1', 'clean: 0 of 1'], 'one in between, told late');
    same(parts(check!, [[buy(0), outcome(50, 3), outcome(300, 3)]], YEAR, context), { hours: 'fires: 1 of 1 (100 %; 20.7 to 100 %) of measures of active customers with two outcomes' }, 'by measure');
  },
  'shared understanding: what each department believes, and what the customer says': ({ 'shared-understanding': check }) => {
    const answer = of(check);
    const believes = (n: number, department: string, tag: string) => ours(n, `${department}${n}`, 'priority-recorded', { tag }, { department: department });
    same(answer(need(1, 'less'), believes(2, 'sales', 'less'), believes(3, 'service', 'less')), 'clean: 0 of 2', 'agreed');
    same(answer(need(1, 'less'), believes(2, 'sales', 'less'), believes(3, 'service', 'quiet')), 'fires: 1 of 2', 'one does not');
    same(answer(need(1, 'less'), believes(2, 'sales', 'quiet'), believes(3, 'sales', 'less')), 'clean: 0 of 1', 'the last counts');
    same(answer(need(1, 'less', 2), need(2, 'quiet', 1), believes(3, 'sales', 'quiet')), 'clean: 0 of 1', 'ranked first');
    same(answer(believes(3, 'sales', 'quiet')), 'cannot tell: 0 of 0; needs stated by the customer in 1', 'no needs');
    same(answer(need(1, 'less')), 'cannot tell: 0 of 0; priorities recorded by departments in 1', 'no priorities');
    same([answer(need(1, 'less'), believes(3, 'sales', 'less')), answer(need(1, 'less', 2), need(300, 'quiet', 1), believes(3, 'sales', 'less'))], ['clean: 0 of 1', 'fires: 1 of 1'], 'a need told late');
  },
  'prepared: a step or a need in the 48 hours before we approach': ({ prepared: check }) => {
    const answer = of(check);
    const call = ours(20, 'call', 'call');
    const step = (n: number) => ours(n, 'step', 'step-planned', { due: at(20) });
    same(answer(call), 'fires: 1 of 1', 'nothing');
    same(answer(step(18.5), call), 'clean: 0 of 1', 'a step the day before');
    same(answer(step(18), call), 'fires: 1 of 1', 'exactly 48 hours before');
    same(answer(agreed(19, 'less'), call), 'clean: 0 of 1', 'a need');
    same(answer(step(20.1), call), 'fires: 1 of 1', 'afterwards');
    same(answer(theirs(19, 'rang', 'call'), call), 'cannot tell: 0 of 0; an opening move of ours in 1', 'we answered');
    same([answer(call), answer(agreed(19, 'less'), call)], ['fires: 1 of 1', 'clean: 0 of 1'], 'a need told late');
  },
  'price before value: a concession with no value on file before': ({ 'price-before-value': check }) => {
    const answer = of(check);
    const gave = ours(20, 'gave', 'concession-granted');
    same(answer(gave), 'fires: 1 of 1', 'nothing');
    same(answer(outcome(10, 3), gave), 'clean: 0 of 1', 'an outcome');
    same(answer(benefit(10, 'customerBenefit'), gave), 'clean: 0 of 1', 'a benefit');
    same(answer(outcome(20, 3), gave), 'fires: 1 of 1', 'on the same day');
    same(answer(buy(1)), 'cannot tell: 0 of 0; a concession in 1', 'no concession');
    same([answer(gave), answer(benefit(19, 'providerBenefit'), gave)], ['fires: 1 of 1', 'clean: 0 of 1'], 'told late');
  },
  'rat race: ours up by a fifth, twice, and theirs not': ({ 'rat-race': check }) => {
    const race = of(check, days(180, 270));
    const did = (period: number, count: number) => times(count, (index) => ours(90 * period + index + 1, `o${period}-${index}`, 'email'));
    const they = (period: number, count: number) => times(count, (index) => theirs(90 * period + index + 1, `t${period}-${index}`, 'reply'));
    const start = ours(0, 'start', 'note');
    same(race(start, ...did(0, 5), ...did(1, 6), ...did(2, 8), ...they(0, 1), ...they(1, 1)), 'fires: 1 of 1', '5, 6, 8');
    same(race(start, ...did(0, 5), ...did(1, 6), ...did(2, 7)), 'clean: 0 of 1', '5, 6, 7: less than a fifth');
    same(race(start, ...did(0, 5), ...did(1, 6), ...did(2, 8), ...they(2, 1)), 'clean: 0 of 1', 'theirs up');
    same(race(start, ...did(0, 4), ...did(1, 6), ...did(2, 8)), 'cannot tell: 0 of 0; 5 interactions of ours in the first period in 1', 'too few');
    same(race(...did(0, 5), ...did(1, 6), ...did(2, 8)), 'cannot tell: 0 of 0; three periods on record in 1', 'too young');
    same([race(start, ...did(0, 5), ...did(1, 6), ...did(2, 8)), race(start, ...did(0, 5), ...did(1, 6), ...did(2, 8), theirs(200, 'late', 'reply'))], ['fires: 1 of 1', 'clean: 0 of 1'], 'a reply told late');
  },
};

const names = Object.keys(CHECKS);
const spoilt = (name: string, change: (check: LedCheck) => Partial<LedCheck>): Partial<Named> => ({ [name]: { ...real[name]!, ...change(real[name]!) } });
const hears = (name: string, change: (one: Interaction) => Interaction | undefined): Partial<Named> => spoilt(name, (check) => ({ look: hearing(check, change).look }));
const finds = (name: string, change: (one: Finding) => Finding | undefined): Partial<Named> => spoilt(name, (check) => ({ look: finding(check, change).look }));
const unknownIsOff = (one: Finding): Finding => (one.found === 'unknown' ? { ...one, found: 'off' } : one);

const BUGS: Bugs<Named> = [
  ['what was agreed is not read', names[0]!, /agreed on/, hears('want-and-need', (one) => (one.kind === 'need-agreed' ? undefined : one))],
  ['no needs are a gap', names[0]!, /no needs/, finds('want-and-need', unknownIsOff)],
  ['sides are not told apart', names[1]!, /one/, hears('mutual-benefit-before', (one) => (one.has === undefined ? one : { ...one, has: ['customerBenefit', 'providerBenefit'] }))],
  ['our word is theirs', names[2]!, /our word/, hears('mutual-benefit-confirmed', (one) => ({ ...one, side: 'customer' }))],
  ['nobody needs to be met', names[3]!, /without one/, hears('qualified', (one) => (one.kind === 'person-added' ? { ...one, side: 'customer', kind: 'person-added', people: ['ines'] } : one))],
  ['the first stance counts', names[4]!, /won over|told late/, spoilt('buyer-alignment', (check) => ({ look: (facts, ...rest) => check.look({ ...facts, entries: facts.entries.filter((one, index, all) => one.kind !== 'stance-stated' || all.findIndex((other) => other.kind === 'stance-stated' && other.fields['person'] === one.fields['person']) === index) }, ...rest) }))],
  ['no stance is against', names[4]!, /one of two/, finds('buyer-alignment', unknownIsOff)],
  ['seen is when they were added', names[5]!, /told late/, hears('late-joiners', (one) => ({ ...one, people: [] }))],
  ['steps done still count', names[6]!, /a step done/, hears('next-decision-dated', (one) => (one.kind === 'step-done' ? undefined : one))],
  ['usage is value', names[7]!, /flat usage/, hears('flat-value', (one) => (one.kind === 'usage-report' ? { ...one, kind: 'outcome-confirmed' } : one))],
  ['measures are mixed', names[7]!, /two measures/, hears('flat-value', (one) => (one.kind === 'outcome-confirmed' ? { ...one, fields: { ...one.fields, measure: 'hours' } } : one))],
  ['ranks are not read', names[8]!, /ranked first/, hears('shared-understanding', (one) => (one.kind === 'need-stated' ? { ...one, fields: { tag: one.fields['tag']! } } : one))],
  ['every call is a move', names[9]!, /we answered/, hears('prepared', (one) => (one.side === 'customer' && one.kind === 'call' ? undefined : one))],
  ['benefits are no value', names[10]!, /a benefit/, hears('price-before-value', (one) => (one.kind === 'benefit-recorded' ? undefined : one))],
  ['theirs is not read', names[11]!, /theirs up/, hears('rat-race', (one) => (one.side === 'customer' ? undefined : one))],
];

proves('checks', real, CHECKS, BUGS);
