/** The six detectors in words and numbers that anybody can check by hand: each fires, is clean, cannot tell, and heeds what comes late. */
import { DETECTORS, type DetectorCheck } from '../../src/alignment/detectors.js';
import type { Interaction } from '../../src/customers/customer.js';
import { days, ours, proves, same, theirs, type Bugs, type Checks } from '../figures/told.js';
import { enabled, finding, found, grounds, hearing, parts, told, type Told } from './checked.js';

type Named = Readonly<Record<string, DetectorCheck>>;
const real: Named = Object.fromEntries(DETECTORS.flatMap(({ checks }) => checks.map((check) => [check.name, check])));
/** Half a year that ends on day 180. */
const WINDOW = days(0, 180);

const spring: Told = { launches: [{ campaign: 'spring', needTags: ['less-downtime'], offering: 'plan' }] };
const need = (n: number, tag: string, more: object = {}) => theirs(n, `need-${tag}`, 'need-stated', { tag, ...more });
const answer = (n: number, more: Partial<Interaction> = {}) => theirs(n, `answer${n}`, 'message-response', { campaign: 'spring' }, { channel: 'email', ...more });
const purchase = (n: number, more: Partial<Interaction> = {}) => theirs(n, `buy${n}`, 'purchase', {}, more);
const times = <T>(count: number, one: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => one(index));

const matching = [need(1, 'less-downtime'), answer(10)];
const beside = [need(1, 'even-bake'), answer(10)];

/** A decider who is asked on day 10 and decides on day 50. */
const decides = (...more: Interaction[]) => [ours(1, 'ines', 'person-added', { person: 'ines', roles: ['decider'] }), theirs(10, 'what', 'decision-opened', { deciders: ['ines'] }), ...more, theirs(50, 'done', 'decision-closed', { outcome: 'us' }, { about: 'what' })];
const mail = (n: number, ...people: string[]) => ours(n, `mail${n}`, 'message-sent', { campaign: 'spring' }, { people });

const CHECKS: Checks<Named> = {
  '1 message and need: fires from 5 of 10, is clean at 4 of 10, and says nothing of 9': ({ 'need-in-message': check }) => {
    const of = (off: number, n: number, told_: Told = spring) => told(check!, [...times(off, () => beside), ...times(n - off, () => matching)], WINDOW, grounds(told_));
    same(of(5, 10), 'fires: 5 of 10', 'half');
    same(of(4, 10), 'clean: 4 of 10', 'fewer than half');
    same(of(9, 9), 'cannot tell: 9 of 9', 'too few');
    same(of(4, 10, { ...spring, thresholds: { alignmentNeedPercent: 40 } }), 'fires: 4 of 10', 'another threshold');
    same(of(9, 9, { ...spring, thresholds: { alignmentNeedLeast: 9 } }), 'fires: 9 of 9', 'fewer are enough');
    same(told(check!, [...times(4, () => matching), ...times(8, () => [answer(10)])], WINDOW, grounds(spring)), 'cannot tell: 0 of 4; stated needs of the customer in 8', 'without needs');
    same(told(check!, times(12, () => matching), WINDOW, grounds({ launches: [{ campaign: 'spring' }] })), 'cannot tell: 0 of 0; need tags of the message in 12', 'without tags');
    same(told(check!, [[need(1, 'x')], [need(2, 'y')]], WINDOW, grounds(spring)), 'cannot tell: 0 of 0; an answer to a campaign in 2', 'nobody answered');
  },
  '1 message and need: the first three needs count, by rank, and a message says more than its campaign': ({ 'need-in-message': check }) => {
    const ranked = (rank: number) => [need(1, 'a', { rank: 1 }), need(2, 'b', { rank: 2 }), need(3, 'c', { rank: 3 }), need(4, 'less-downtime', { rank }), answer(10)];
    same(found(check!, ranked(4), WINDOW, grounds(spring)), ['off because answer10 need-a need-b need-c: needs a, b, c; message less-downtime'], 'the fourth');
    same(found(check!, ranked(2), WINDOW, grounds(spring)).map((one) => one.slice(0, 4)), ['fits'], 'ranked up');
    const own = [need(1, 'even-bake'), ours(5, 'own', 'message-sent', { campaign: 'spring', needTags: ['even-bake'] }), theirs(9, 'yes', 'reply', {}, { about: 'own' })];
    same(found(check!, own, WINDOW, grounds(spring)), ['fits because own yes need-even-bake: needs even-bake; message even-bake'], 'the message itself');
  },
  '1 message and need: one campaign that misses is enough, and a need told late changes the verdict': ({ 'need-in-message': check }) => {
    const summer = { campaign: 'summer', needTags: ['even-bake'] };
    const both = grounds({ launches: [...spring.launches!, summer] });
    const at = (campaign: string) => theirs(20, `to-${campaign}`, 'message-response', { campaign });
    const customers = [...times(10, () => [need(1, 'less-downtime'), answer(10)]), ...times(11, () => [need(1, 'even-bake'), at('summer')]), ...times(10, () => [need(1, 'even-bake'), answer(10), at('summer')])];
    same(told(check!, customers, WINDOW, both), 'fires: 10 of 41', 'as a whole it would be clean');
    same(parts(check!, customers, WINDOW, both), { spring: 'fires: 10 of 20 (50 %; 29.9 to 70.1 %) of answers of customers with stated needs', summer: 'clean: 0 of 21 (0 %; 0 to 15.5 %) of answers of customers with stated needs' }, 'by campaign');
    const late = times(10, () => [...beside, need(170, 'less-downtime')]);
    same([told(check!, times(10, () => beside), WINDOW, grounds(spring)), told(check!, late, WINDOW, grounds(spring)), told(check!, late, days(-10, 170), grounds(spring))], ['fires: 10 of 10', 'clean: 0 of 10', 'fires: 10 of 10'], 'a need more');
  },
  '1 ride-alongs: one in the segment within 90 days is enough, and who never noted one cannot tell': ({ 'ride-alongs': check }) => {
    const visit = (n: number, rideAlong?: boolean) => ours(n, `visit${n}`, 'visit', { attended: true, ...(rideAlong !== undefined && { rideAlong }) });
    const mills = (...entries: Interaction[]) => ({ segment: 'mills', entries });
    same(told(check!, [mills(visit(90, true)), mills(visit(100, false))], WINDOW, grounds()), 'clean: 1 of 2', 'on the 90th day before');
    same(told(check!, [mills(visit(89, true)), mills(visit(100))], WINDOW, grounds()), 'fires: 1 of 1; whether somebody rode along in 1', 'the day before that');
    same(told(check!, [mills(visit(100)), mills(visit(110))], WINDOW, grounds()), 'cannot tell: 0 of 0; whether somebody rode along in 2', 'never noted');
    same(parts(check!, [mills(visit(100, true)), { segment: 'shops', entries: [visit(100, false)] }], WINDOW, grounds()), { mills: 'clean: ridden along to 1 of 1 customers', shops: 'fires: ridden along to 0 of 1 customers' }, 'by segment');
    same(told(check!, [mills(visit(89, true))], WINDOW, grounds({ thresholds: { alignmentRideAlongDays: 91 } })), 'clean: 0 of 1', 'another threshold');
    same(told(check!, [mills(visit(100, false)), mills(visit(175, true))], days(0, 175), grounds()), 'fires: 1 of 1', 'before the late one');
  },
  '2 untrained team: whoever handles a response was trained for the offering before': ({ 'trained-for-responses': check }) => {
    const handled = [answer(10), ours(12, 'call12', 'call', {}, { actor: 'ben' })];
    const by = (told_: Told, entries = handled) => told(check!, [entries], WINDOW, grounds({ ...spring, ...told_ }));
    same(by({ enablements: [enabled('ada', 'plan', 1)] }), 'fires: 1 of 1', 'another was trained');
    same(by({ enablements: [enabled('ben', 'plan', 12)] }), 'clean: 0 of 1', 'on the day');
    same(by({ enablements: [enabled('ben', 'plan', 13)] }), 'fires: 1 of 1', 'the day after');
    same(by({ enablements: [enabled('ben', 'care', 1)] }), 'fires: 1 of 1', 'for something else');
    same(by({}), 'cannot tell: 0 of 0; any enablement of ours in 1', 'no enablement on record');
    same(by({ launches: [], enablements: [enabled('ben', 'plan', 1)] }), 'cannot tell: 0 of 0; the offering of the message in 1', 'no offering');
    same(by({ enablements: [enabled('ben', 'plan', 1)] }, [answer(10), ours(12, 'call12', 'call', {}, { actor: 'import', source: 'crm' })]), 'cannot tell: 0 of 0; who handled what came from another system in 1', 'imported');
    same(by({ enablements: [enabled('ben', 'plan', 1)] }, [answer(10), ours(40, 'call40', 'call', {}, { actor: 'ben' })]), 'cannot tell: 0 of 0; who handled the response in 1', 'too late to be a follow-up');
    same(by({ enablements: [enabled('ben', 'plan', 1)] }, [answer(170)]), 'cannot tell: 0 of 0; an answer to a campaign in 1', 'still time');
    same(by({ thresholds: { alignmentUntrainedPercent: 50 }, enablements: [enabled('ben', 'plan', 1)] }, [...handled, answer(60), ours(61, 'call61', 'call', {}, { actor: 'cem' })]), 'clean: 1 of 2', 'half is allowed');
    same(found(check!, [answer(10), mail(11, 'x'), ours(12, 'call12', 'call', {}, { actor: 'ben' })], WINDOW, grounds({ ...spring, enablements: [enabled('ben', 'plan', 1)] })), ['fits because answer10 call12: plan'], 'a mailing is no follow-up');
  },
  '3 deciders: half or more got or answered a message in the 90 days before they decided': ({ 'deciders-reached': check }) => {
    const of = (...customers: Interaction[][]) => told(check!, customers, WINDOW, grounds());
    same(of(decides(mail(20, 'ines')), decides()), 'clean: 1 of 2', 'half');
    same(of(decides(mail(20, 'ines')), decides(), decides()), 'fires: 2 of 3', 'a third');
    same(of(decides(mail(20, 'jo'))), 'fires: 1 of 1', 'somebody else got it');
    same(of(decides(mail(20))), 'cannot tell: 0 of 0; to whom the message went in 1', 'nobody is named');
    same(of(decides(mail(20, 'jo'), theirs(21, 'said', 'reply', {}, { about: 'mail20', people: ['ines'] }))), 'clean: 0 of 1', 'she answered it');
    same(of(decides(mail(-41, 'ines'))), 'fires: 1 of 1', '91 days before');
    same(of(decides(mail(-39, 'ines'))), 'clean: 0 of 1', '89 days before');
    same(of([theirs(10, 'what', 'decision-opened'), theirs(50, 'done', 'decision-closed', { outcome: 'us' }, { about: 'what' })]), 'cannot tell: 0 of 0; who decided in 1', 'nobody known');
    same(of([mail(20, 'ines')]), 'cannot tell: 0 of 0; a decision that was closed in 1', 'no decision');
    same(told(check!, [decides(mail(20, 'ines')), decides()], WINDOW, grounds({ thresholds: { alignmentDeciderPercent: 60 } })), 'fires: 1 of 2', 'another threshold');
    same([of(decides()), of(decides(mail(49, 'ines')))], ['fires: 1 of 1', 'clean: 0 of 1'], 'a message logged late');
  },
  '3 roles: of recipients and of deciders they differ by less than 20 points': ({ 'roles-of-recipients': check }) => {
    const person = (id: string, ...roles: string[]) => ours(1, `p-${id}`, 'person-added', { person: id, roles });
    const closed = (...who: string[]) => [theirs(10, 'what', 'decision-opened', { deciders: who }), theirs(50, 'done', 'decision-closed', { outcome: 'us' }, { about: 'what' })];
    const five = (deciders: number) => times(5, (index) => person(`r${index}`, index < deciders ? 'decider' : 'user'));
    const recipients = mail(20, ...times(5, (index) => `r${index}`));
    const of = (deciders: number, points = 20) => parts(check!, [[person('d', 'decider'), ...five(deciders), recipients, ...closed('d')]], WINDOW, grounds({ thresholds: { alignmentRolePoints: points } }));
    same(of(4), { decider: 'fires: 4 of 5 recipients, 1 of 1 deciders', user: 'fires: 1 of 5 recipients, 0 of 1 deciders' }, 'exactly 20 points');
    same(of(4, 21), { decider: 'clean: 4 of 5 recipients, 1 of 1 deciders', user: 'clean: 1 of 5 recipients, 0 of 1 deciders' }, 'under 21');
    const answerOf = (...entries: Interaction[]) => told(check!, [[person('d', 'decider'), ...entries, ...closed('d')]], WINDOW, grounds()).split(':')[0];
    same(answerOf(...five(5), recipients), 'clean', 'the same');
    same(answerOf(), 'cannot tell', 'no recipients');
    const unknown = [person('r0'), mail(20, 'r0')];
    same([answerOf(...unknown), answerOf(...unknown, ours(60, 'given', 'role-given', { person: 'r0', role: 'decider' }))], ['cannot tell', 'clean'], 'a role told late');
  },
  '4 statements: another word about the same within 30 days': ({ 'statements-agree': check }) => {
    const state = (n: number, id: string, key = 'delivery-time') => ours(n, id, 'statement-made', { key });
    const said = { a: 'Four weeks', b: ' four  WEEKS', c: 'Six weeks' };
    const of = (...entries: Interaction[]) => told(check!, [entries], WINDOW, grounds({ said }));
    same(of(state(10, 'a'), state(20, 'c')), 'fires: 1 of 1', 'another word');
    same(of(state(10, 'a'), state(20, 'b')), 'clean: 0 of 1', 'the same word, written otherwise');
    same(of(state(10, 'a'), state(40, 'c')), 'fires: 1 of 1', 'on the 30th day');
    same(of(state(10, 'a'), state(41, 'c')), 'cannot tell: 0 of 0; two statements about the same within the set days in 1', 'on the 31st');
    same(of(state(10, 'a'), state(20, 'c', 'price')), 'cannot tell: 0 of 0; two statements about the same within the set days in 1', 'about something else');
    same(of(state(10, 'a'), state(20, 'gone')), 'cannot tell: 0 of 0; what was said: it was erased in 1', 'erased');
    same([of(state(10, 'a'), state(30, 'b')), of(state(10, 'a'), state(20, 'c'), state(30, 'b'))], ['clean: 0 of 1', 'fires: 2 of 2'], 'one in between, told late');
    same(told(check!, [[state(10, 'a'), state(20, 'c')], [state(10, 'a'), state(20, 'b')]], WINDOW, grounds({ said, thresholds: { alignmentStatementPercent: 50 } })), 'clean: 1 of 2', 'half is allowed');
  },
  '4 questions: one without an answer after 14 days': ({ 'questions-answered': check }) => {
    const ask = (n: number) => theirs(n, `ask${n}`, 'question-asked');
    const reply = (n: number, about: string) => ours(n, `reply${n}`, 'question-answered', {}, { about });
    const of = (...entries: Interaction[]) => told(check!, [entries], WINDOW, grounds());
    same(of(ask(166)), 'fires: 1 of 1', '14 days ago');
    same(of(ask(167)), 'cannot tell: 0 of 0; a question of a customer in 1', 'still time');
    same(of(ask(10), reply(100, 'ask10')), 'clean: 0 of 1', 'late, but answered');
    same(of(ask(10), reply(100, 'ask11')), 'fires: 1 of 1', 'another question');
    same([of(ask(10)), of(ask(10), reply(12, 'ask10'))], ['fires: 1 of 1', 'clean: 0 of 1'], 'the answer logged late');
    same(told(check!, [[ask(10), reply(11, 'ask10'), ask(20)]], WINDOW, grounds({ thresholds: { alignmentUnansweredPercent: 50 } })), 'clean: 1 of 2', 'half is allowed');
  },
  '5 follow-up channel: the one of the answer, or one they prefer': ({ 'channel-of-follow-up': check }) => {
    const call = (n: number, channel?: string) => ours(n, `call${n}`, 'call', {}, { ...(channel !== undefined && { channel: channel }) });
    const prefer = (n: number, person?: string) => theirs(n, `prefer${n}`, 'preference-stated', { prefers: 'phone', ...(person !== undefined && { person }) });
    const of = (...entries: Interaction[]) => told(check!, [entries], WINDOW, grounds());
    const asked = answer(10, { people: ['ines'] });
    same(of(asked, call(12, 'phone')), 'fires: 1 of 1', 'answered by mail, called');
    same(of(asked, ours(12, 'mail', 'email', {}, { channel: 'email' })), 'clean: 0 of 1', 'by mail');
    same(of(prefer(5, 'ines'), asked, call(12, 'phone')), 'clean: 0 of 1', 'she prefers calls');
    same(of(prefer(5, 'jo'), asked, call(12, 'phone')), 'fires: 1 of 1', 'he prefers calls');
    same(of(prefer(5), asked, call(12, 'phone')), 'clean: 0 of 1', 'the customer prefers calls');
    same(of(asked, call(12, 'phone'), prefer(13)), 'fires: 1 of 1', 'said afterwards');
    same(of(asked, call(12)), 'cannot tell: 0 of 0; channel of the follow-up in 1', 'no channel');
    same(of(theirs(10, 'a', 'reply'), call(12, 'phone')), 'cannot tell: 0 of 0; channel of the answer in 1', 'no channel of theirs');
    same(of(asked), 'cannot tell: 0 of 0; an answer of a customer that was followed up in 1', 'not followed up');
    same(of(asked, ours(11, 'mail', 'email', {}, { channel: 'email' }), call(12, 'phone')), 'clean: 0 of 1', 'a first follow-up told late');
    same(told(check!, [[asked, call(12, 'phone')], [asked, ours(12, 'm', 'email', {}, { channel: 'email' })]], WINDOW, grounds({ thresholds: { alignmentChannelPercent: 50 } })), 'clean: 1 of 2', 'half is allowed');
  },
  '6 ignored: no opening move of ours within the 90 days in which contact is expected': ({ 'customers-approached': check }) => {
    const of = (...entries: Interaction[]) => told(check!, [entries], WINDOW, grounds());
    same(of(purchase(0), ours(89, 'call', 'call')), 'fires: 1 of 1', '91 days ago');
    same(of(purchase(0), ours(90, 'call', 'call')), 'clean: 0 of 1', '90 days ago');
    same(of(purchase(0), theirs(99, 'rang', 'call'), ours(100, 'call', 'call')), 'fires: 1 of 1', 'only called back');
    same(of(purchase(91)), 'cannot tell: 0 of 0; an active customer for as long as the rules expect contact in 1', 'customer for 89 days');
    same([of(purchase(0)), of(purchase(0), ours(150, 'call', 'outreach'))], ['fires: 1 of 1', 'clean: 0 of 1'], 'a call told late');
    same(found(check!, [purchase(0), ours(20, 'call', 'call')], WINDOW, grounds()), ['off because buy0 call'], 'because');
    same(told(check!, [[purchase(0)], [purchase(0), ours(150, 'c', 'call')]], WINDOW, grounds({ thresholds: { alignmentIgnoredPercent: 50 } })), 'clean: 1 of 2', 'half is allowed');
  },
  '6 ignored: no business review within the 180 days in which one is expected': ({ 'customers-reviewed': check }) => {
    const review = (n: number) => ours(n, `review${n}`, 'business-review');
    const of = (...entries: Interaction[]) => told(check!, [entries], days(0, 200), grounds());
    same(of(purchase(0), review(19)), 'fires: 1 of 1', '181 days ago');
    same(of(purchase(0), review(20)), 'clean: 0 of 1', '180 days ago');
    same(of(purchase(21)), 'cannot tell: 0 of 0; an active customer for as long as the rules expect a review in 1', 'customer for 179 days');
    same([of(purchase(0)), of(purchase(0), review(100))], ['fires: 1 of 1', 'clean: 0 of 1'], 'a review told late');
  },
  '6 ignored: a relevant offering that they do not know of': ({ 'aware-of-relevant-offerings': check }) => {
    const mark = (n: number, offering: string, relevant?: boolean) => ours(n, `mark${n}`, 'relevance-recorded', { ...(relevant !== undefined && { relevant }) }, { offering });
    const knows = (offering: string) => theirs(50, 'knows', 'awareness-confirmed', {}, { offering });
    const of = (...entries: Interaction[]) => told(check!, [entries], WINDOW, grounds());
    same(of(purchase(0), mark(10, 'care')), 'fires: 1 of 1', 'unaware');
    same(of(purchase(0), mark(10, 'care'), knows('care')), 'clean: 0 of 1', 'aware');
    same(of(purchase(0), mark(10, 'care'), knows('plan')), 'fires: 1 of 1', 'aware of another');
    same(of(purchase(0, { offering: 'care' }), mark(10, 'care')), 'clean: 0 of 1', 'bought');
    same(of(purchase(0)), 'cannot tell: 0 of 0; an offering marked relevant in 1', 'nothing marked');
    same(of(mark(10, 'care')), 'cannot tell: 0 of 0; an active customer in 1', 'no customer');
    same(told(check!, [[purchase(0), mark(10, 'care')], [purchase(0)], [purchase(0)]], WINDOW, grounds()), 'fires: 1 of 1; an offering marked relevant in 2', 'of three');
    same([of(purchase(0), mark(10, 'care')), of(purchase(0), mark(10, 'care'), mark(60, 'care', false))], ['fires: 1 of 1', 'cannot tell: 0 of 0; an active customer in 1'], 'taken back late');
  },
};

const [FIRST, RANKED, BOTH, RIDE, TRAINED, REACHED, ROLES_, STATED, ASKED, CHANNEL, APPROACHED, REVIEWED, AWARE] = Object.keys(CHECKS) as [string, string, string, string, string, string, string, string, string, string, string, string, string];
const spoilt = (name: string, change: (check: DetectorCheck) => DetectorCheck): Partial<Named> => ({ [name]: change(real[name]!) });

const BUGS: Bugs<Named> = [
  ['more than half is needed', FIRST, /half/, spoilt('need-in-message', (check) => ({ ...check, rule: (context) => ({ ...check.rule(context), from: false }) }))],
  ['two are enough', FIRST, /too few/, spoilt('need-in-message', (check) => ({ ...check, rule: (context) => ({ ...check.rule(context), least: 2 }) }))],
  ['what is missing counts as clean', FIRST, /without needs/, spoilt('need-in-message', (check) => finding(check, (one) => (one.found === 'unknown' ? { ...one, found: 'fits' } : one)))],
  ['ranks are not read', RANKED, /ranked up/, spoilt('need-in-message', (check) => hearing(check, (one) => ({ ...one, fields: Object.fromEntries(Object.entries(one.fields).filter(([field]) => field !== 'rank')) })))],
  ['campaigns are judged together alone', BOTH, /as a whole/, spoilt('need-in-message', (check) => ({ ...check, over: 'whole' }))],
  ['a silent meeting has no ride-along', RIDE, /in 1|never noted/, spoilt('ride-alongs', (check) => finding(check, (one) => (one.found === 'unknown' ? { ...one, found: 'off' } : one)))],
  ['segments are not told apart', RIDE, /by segment/, spoilt('ride-alongs', (check) => finding(check, (one) => ({ ...one, group: 'all' })))],
  ['whoever is trained later was trained', TRAINED, /the day after/, spoilt('trained-for-responses', (check) => ({ ...check, look: (facts, window, context) => check.look(facts, window, { ...context, ours: Object.assign(Object.create(context.ours) as typeof context.ours, { enabled: (colleague: string, offering: string) => context.ours.enabled(colleague, offering, Infinity) }) }) }))],
  ['mailings are follow-ups', TRAINED, /a mailing/, spoilt('trained-for-responses', (check) => hearing(check, (one) => (one.kind === 'message-sent' ? { ...one, kind: 'email' } : one)))],
  ['half is too few', REACHED, /half/, spoilt('deciders-reached', (check) => ({ ...check, rule: (context) => ({ ...check.rule(context), from: true }) }))],
  ['a message to nobody reached nobody', REACHED, /nobody is named/, spoilt('deciders-reached', (check) => finding(check, (one) => (one.found === 'unknown' ? { ...one, found: 'off' } : one)))],
  ['answers are not read', REACHED, /answered/, spoilt('deciders-reached', (check) => hearing(check, (one) => (one.kind === 'reply' ? undefined : one)))],
  ['more than 20 points are needed', ROLES_, /exactly/, spoilt('roles-of-recipients', (check) => ({ ...check, judge: (counts, context) => check.judge!(counts, { ...context, thresholds: { ...context.thresholds, alignmentRolePoints: context.thresholds.alignmentRolePoints + 1 } }) }))],
  ['any two statements are compared', STATED, /about something else/, spoilt('statements-agree', (check) => hearing(check, (one) => ({ ...one, fields: { key: 'k' } })))],
  ['every word is another', STATED, /written otherwise/, spoilt('statements-agree', (check) => finding(check, (one) => ({ ...one, found: 'off' })))],
  ['any answer will do', ASKED, /another question/, spoilt('questions-answered', (check) => hearing(check, (one) => (one.kind === 'question-answered' ? { ...one, about: 'ask10' } : one)))],
  ['nobody waits', ASKED, /still time/, spoilt('questions-answered', (check) => ({ ...check, look: (facts, window, context) => check.look(facts, window, { ...context, thresholds: { ...context.thresholds, alignmentAnswerDays: 1 } }) }))],
  ['anybody’s preference', CHANNEL, /he prefers/, spoilt('channel-of-follow-up', (check) => hearing(check, (one) => (one.kind === 'preference-stated' ? { ...one, fields: { prefers: 'phone' } } : one)))],
  ['preferences are not read', CHANNEL, /she prefers/, spoilt('channel-of-follow-up', (check) => hearing(check, (one) => (one.kind === 'preference-stated' ? undefined : one)))],
  ['calling back is approaching', APPROACHED, /called back/, spoilt('customers-approached', (check) => hearing(check, (one) => (one.side === 'customer' && one.kind === 'call' ? undefined : one)))],
  ['a new customer is ignored', APPROACHED, /89 days/, spoilt('customers-approached', (check) => finding({ ...check, look: (facts, window, context) => { const findings = check.look(facts, window, context); return findings.length > 0 ? findings : [{ found: 'off' as const, because: ['buy91'] }]; } }, (one) => one))],
  ['reviews are expected like contact', REVIEWED, /180 days ago/, spoilt('customers-reviewed', (check) => ({ ...check, look: (facts, window, context) => check.look(facts, window, { ...context, rules: { ...context.rules, expected: { contact: 90, review: 90 } } }) }))],
  ['marked is marked', AWARE, /taken back/, spoilt('aware-of-relevant-offerings', (check) => hearing(check, (one) => ({ ...one, fields: {} })))],
  ['any awareness will do', AWARE, /aware of another/, spoilt('aware-of-relevant-offerings', (check) => hearing(check, (one) => (one.kind === 'awareness-confirmed' ? { ...one, offering: 'care' } : one)))],
];

proves('detectors', real, CHECKS, BUGS);

it('every check belongs to one detector, and says what it is', () => {
  const checks = DETECTORS.flatMap((detector) => detector.checks);
  expect(DETECTORS.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
  for (const { says, fires, counts, needs } of checks) expect([says, fires, counts, needs].every((text) => text.trim() === text && text !== '')).toBe(true);
});
