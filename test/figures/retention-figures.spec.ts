/** What stays, what is renewed and what is at risk: contracts told in a line each. */
import type { Interaction } from '../../src/customers/customer.js';
import type { FieldValue } from '../../src/customers/entry.js';
import { recurringAt, worthAt } from '../../src/figures/facts.js';
import type { Figure } from '../../src/figures/figure.js';
import { duesIn } from '../../src/figures/renewals.js';
import { retentionFigures } from '../../src/figures/retention-figures.js';
import { valueAtRiskFigures } from '../../src/figures/value-at-risk.js';
import { PRESETS, type Rules } from '../../src/rings/rules.js';
import { customerOf, retelling, ruling } from './customers.js';
import { asking, becauseOf, CONTEXT, DAY, day, days, marking, named, proves, RULES, said, same, theirs, type Bugs, type Checks, type Named } from './told.js';

const real = named([...retentionFigures, ...valueAtRiskFigures]);
const [grr, nrr, rate, decided, logos, repeat, atRisk] = ['gross-revenue-retention', 'net-revenue-retention', 'renewal-rate', 'renewal-rate-by-decision', 'logo-retention', 'repeat-rate', 'value-at-risk'].map((name) => real[name]!) as [Figure, Figure, Figure, Figure, Figure, Figure, Figure];
const SHOP = PRESETS['shop']!;
const EUR = { amount: 100, currency: 'EUR' };
const bought = (n: number, id = `buy${n}`, fields: Record<string, FieldValue> = EUR, offering?: string) => theirs(n, id, 'purchase', fields, offering === undefined ? {} : { offering });
const renewed = (n: number, id: string, fields: Record<string, FieldValue> = {}) => theirs(n, id, 'renewal', fields);
const ended = (n: number, id = 'end', fields: Record<string, FieldValue> = {}) => theirs(n, id, 'cancellation', fields);
const under = (rules: Rules, figure: Figure, customers: readonly (readonly Interaction[])[], window: ReturnType<typeof days>): unknown => said(figure, customers.map((entries) => customerOf(entries, { rules })), window, { ...CONTEXT, rules });

const KEEPS = 'of 300 at the start 150 are kept and 250 are there: one grew, one shrank, one left, one is new';
const KEPT = [
  [bought(0), theirs(50, 'up', 'expansion', { ...EUR, amount: 200 })],
  [bought(0), theirs(50, 'down', 'contraction', { ...EUR, amount: 50 })],
  [bought(0), ended(50)],
  [bought(50)],
];
const DUE = 'due is what ends in the window and was still in force when its renewal could have begun';
const SILENCE = 'silence renews period by period until the notice, and is no decision';
const RISK = 'at risk is the revenue of customers whose contract runs out, or who lost ring 3, in the quarter of the last end';

const CHECKS: Checks<Named> = {
  [KEEPS]: (figures) => {
    const window = days(10, 100);
    same(said(figures[grr.name]!, KEPT, window), { EUR: '150 of 300' }, 'GRR');
    same(said(figures[nrr.name]!, KEPT, window), { EUR: '250 of 300' }, 'NRR');
    same(said(figures[logos.name]!, KEPT, window), { all: '2 of 3' }, 'logos');
    same(KEPT.map((entries) => becauseOf(figures[nrr.name]!, entries, window)), [[['buy0', 'up']], [['buy0', 'down']], [['buy0', 'end']], []], 'because');
  },
  'currencies are kept apart, and a customer that pays in another now is kept': (figures) => {
    const moved = [bought(0, 'old', EUR, 'plan'), ended(50, 'end', { term: 'old' }), bought(50, 'new', { amount: 120, currency: 'USD' }, 'box')];
    same(said(figures[nrr.name]!, [moved, [bought(0, 'usd', { amount: 7, currency: 'USD' })]], days(10, 100)), { EUR: '0 of 100', USD: '7 of 7' }, 'NRR');
    same(said(figures[logos.name]!, [moved], days(10, 100)), { all: '1 of 1' }, 'logos');
  },
  'of customers without revenue, and of what does not recur, there is no retention': (figures) => {
    same([said(figures[grr.name]!, [[bought(0, 'a', {})], [bought(0, 'b', { ...EUR, amount: 0 })]], days(10, 100)), said(figures[logos.name]!, [[bought(0, 'b', { ...EUR, amount: 0 })]], days(10, 100))], [{}, { all: 'no value' }], 'nothing at the start');
    same([grr, rate, logos, atRisk].map(({ name }) => under(SHOP, figures[name]!, [[bought(0)]], days(10, 150))), [{}, { all: 'no value' }, { all: 'no value' }, {}], 'a shop');
    same(under(SHOP, figures[grr.name]!, [[bought(0), bought(0, 'box', { ...EUR, amount: 20, renews: 'automatic' })]], days(10, 200)), { EUR: '20 of 20' }, 'a shop with a subscription');
  },
  [DUE]: (figures) => {
    const due = (...customers: Interaction[][]): unknown => said(figures[rate.name]!, customers, days(300, 400)).all;
    same(due([bought(0)], [bought(0), renewed(360, 'r')], [bought(40)], [bought(-66)]), '1 of 2', 'one renewed, one not, one later, one before');
    same(due([bought(0), renewed(336, 'r', { start: day(336) })], [bought(0), bought(390, 'late')]), '2 of 2', 'early, and in the grace by a purchase');
    same(due([bought(0), bought(200, 'other')]), '0 of 1', 'side by side is no renewal');
    same(due([bought(0), ended(200)], [bought(0), ended(334)]), 'no value', 'ended before its renewal could begin');
    same(due([bought(0), ended(250, 'end', { effective: day(364) })], [bought(0), ended(336)]), '0 of 2', 'ended as of the end');
    same(due([bought(0), renewed(340, 'r', { start: day(365) }), ended(350, 'end', { term: 'r' })]), '0 of 1', 'the renewal was ended before it began');
    same(said(figures[rate.name]!, [[bought(0), renewed(400, 'r')]], days(300, 399)).all, '0 of 1', 'in its grace it is not renewed until it is');
    same(becauseOf(figures[rate.name]!, [bought(0), renewed(360, 'r')], days(300, 400)), [['buy0', 'r']], 'because');
    same(becauseOf(figures[rate.name]!, [bought(0), ended(250, 'end', { effective: day(365) })], days(300, 400)), [['buy0', 'end']], 'because of the notice');
  },
  [SILENCE]: (figures) => {
    const silent = [bought(0, 'a', { ...EUR, renews: 'automatic' }), ended(1000, 'end', { effective: day(1095) })];
    const rates = (entries: Interaction[], from: number, to: number): unknown => [rate, decided].map(({ name }) => said(figures[name]!, [entries], days(from, to)).all).join(', ');
    same([rates(silent, 0, 731), rates(silent, 731, 2000), rates(silent, 0, 2000)], ['2 of 2, 0 of 2', '0 of 1, 0 of 1', '2 of 3, 0 of 3'], 'two years by silence, then notice');
    same(rates([bought(0, 'a', { ...EUR, renews: 'open-ended' })], 0, 800), '2 of 2, 0 of 2', 'open-ended: once a year');
    const replaced = [bought(0, 'a', { ...EUR, renews: 'automatic' }), renewed(735, 'r', { start: day(740), renews: 'automatic' })];
    same(rates(replaced, 0, 1100), '2 of 2, 1 of 2', 'replaced just after its second year, by decision');
    same(rates([bought(0, 'a', { ...EUR, end: day(30), renews: 'automatic' }), renewed(75, 'r', { start: day(80) })], 0, 130), '3 of 3, 1 of 3', 'by the month: one decision is one renewal');
    same(under({ ...RULES, renewal: { ...RULES.renewal, tacit: false } }, figures[rate.name]!, [silent], days(0, 2000)), { all: '0 of 1' }, 'where silence is no renewal only the notice is told');
  },
  'a second purchase at a later instant is a repeat, what was sent back is none': (figures) => {
    const customers = [[bought(0)], [bought(0), bought(9, 'again')], [bought(0), bought(0, 'two')], [bought(0), renewed(300, 'r')], [bought(0), bought(9, 'back'), theirs(10, 'all', 'refund', { full: true, term: 'back' })], [bought(500)]];
    same(said(figures[repeat.name]!, customers, days(0, 400)), { all: '2 of 5' }, 'repeat rate');
    same(becauseOf(figures[repeat.name]!, customers[1]!, days(0, 400)), [['buy0', 'again']], 'because');
    same(said(figures[repeat.name]!, [customers[1]!], days(1, 400)), { all: 'no value' }, 'the first purchase was before the window');
  },
  [RISK]: (figures) => {
    // Day 275 is 2 October 2020; the year of a purchase on day 0 ends with 30 December 2020.
    const risk = (n: number, ...customers: Interaction[][]): unknown => said(figures[atRisk.name]!, customers, days(n, n));
    same([risk(274, [bought(0)]), risk(275, [bought(0)])], [{}, { 'EUR 2020-Q4': '100' }], '90 days before the end');
    same(risk(380, [bought(0)]), { 'EUR 2020-Q4': '100' }, 'in its grace');
    same(risk(300, [bought(0, 'a', { ...EUR, end: day(366) })]), { 'EUR 2020-Q4': '100' }, 'what ends with the year is due in it');
    same([risk(300, [bought(0), renewed(350, 'r')]), risk(351, [bought(0), renewed(350, 'r')])], [{ 'EUR 2020-Q4': '100' }, {}], 'until it is renewed');
    const lost = [bought(0, 'a', { ...EUR, renews: 'open-ended' }), theirs(5, 'value', 'outcome-confirmed')];
    same([risk(184, lost), risk(185, lost)], [{}, { 'EUR no date': '100' }], 'ring 3 out');
    same(risk(185, [bought(0, 'a', { ...EUR, renews: 'automatic' }), lost[1]!]), { 'EUR 2020-Q4': '100' }, 'by the period');
    same(risk(200, [bought(0, 'a', { ...EUR, renews: 'open-ended' })]), {}, 'ring 3 never lit is not out');
    same(risk(10, [lost[0]!, ended(9, 'end', { effective: day(100) })]), { 'EUR 2020-Q2': '100' }, 'notice given');
    same(risk(275, [bought(0), bought(0, 'usd', { amount: 7, currency: 'USD', end: day(500) }, 'box')], [bought(0)]), { 'EUR 2020-Q4': '100' }, 'the last contract still runs');
    same(becauseOf(figures[atRisk.name]!, lost, days(185, 185)), [['a', 'value']], 'because');
  },
};

// ---- planted bugs -----------------------------------------------------------------------------------------

const bug = (figure: Figure, marks: Figure['marks']): Partial<Named> => ({ [figure.name]: { ...figure, marks } });
const windowed = (figure: Figure, change: (window: { from: number; to: number }) => { from: number; to: number }): Partial<Named> => ({ [figure.name]: asking(figure, (facts, window, context) => [facts, change(window), context]) });
const heard = (figure: Figure, change: Parameters<typeof retelling>[1]): Partial<Named> => ({ [figure.name]: retelling(figure, change) });
const ruled = (figure: Figure, change: (rules: Rules) => Rules): Partial<Named> => ({ [figure.name]: ruling(figure, change) });
/** Kept revenue whatever it is of. */
const everything: Figure['marks'] = (facts, { from, to }) => [...worthAt(facts, from)].map(([group, { amount, because }]) => ({ group, above: Math.min(amount, worthAt(facts, to).get(group)?.amount ?? 0), below: amount, because }));

const BUGS: Bugs<Named> = [
  ['growth is kept', KEEPS, /GRR: .*"250 of 300"/, { [grr.name]: nrr }],
  ['new customers are counted', KEEPS, /NRR: .*"350 of 300"/, bug(nrr, (facts, { from, to }) => [...recurringAt(facts, to)].map(([group, { amount, because }]) => ({ group, above: amount, below: recurringAt(facts, from).get(group)?.amount ?? 0, because })).concat(recurringAt(facts, to).size > 0 ? [] : [...recurringAt(facts, from)].map(([group, { amount, because }]) => ({ group, above: 0, below: amount, because }))))],
  ['what ended it is not named', KEEPS, /because: \[\[\["buy0","up"\]\],\[\["buy0","down"\]\],\[\["buy0"\]\]/, { [nrr.name]: marking(nrr, (mark) => ({ ...mark, because: mark.because.filter((id) => id !== 'end') })) }],
  ['one currency', 'currencies are kept apart, and a customer that pays in another now is kept', /NRR: {"EUR":"127 of 107"}/, heard(nrr, (one) => ('currency' in one.fields ? { ...one, fields: { ...one.fields, currency: 'EUR' } } : one))],
  ['kept in the same currency', 'currencies are kept apart, and a customer that pays in another now is kept', /logos: {"all":"0 of 1"}/, bug(logos, (...ask) => nrr.marks(...ask).map(({ above, because }) => ({ above: Math.sign(above), below: 1, because })))],
  ['what does not recur is kept or lost', 'of customers without revenue, and of what does not recur, there is no retention', /a shop|nothing at the start/, bug(grr, everything)],
  ['everything is due in its window whatever the rules', 'of customers without revenue, and of what does not recur, there is no retention', /a shop/, bug(rate, (facts, window, { rules }) => duesIn({ ...facts, contracts: facts.contracts.map((one) => ({ ...one, recurs: true })) }, window, rules).map(({ because }) => ({ above: 0, below: 1, because })))],
  ['the window is not read', DUE, /one later/, windowed(rate, ({ from, to }) => ({ from: from - 70 * DAY, to }))],
  ['a contract beside it renews it', DUE, /side by side/, bug(rate, (facts, window, { rules }) => duesIn(facts, window, rules).map(({ verdict, because }) => ({ above: verdict !== 'not renewed' || facts.contracts.length > 1 && facts.contracts[1]!.term.start === day(200) ? 1 : 0, below: 1, because })))],
  ['whatever was ended is due', DUE, /ended before its renewal/, heard(rate, (one) => (one.kind === 'cancellation' && one.occurredAt < day(335) ? { ...one, fields: { ...one.fields, effective: day(364) } } : one))],
  ['whatever was ended is not due', DUE, /ended as of the end/, bug(rate, (facts, window, { rules }) => duesIn(facts, window, rules).filter(() => !facts.contracts.some(({ term }) => term.id.startsWith('buy') && term.endings.length > 0)).map(({ verdict, because }) => ({ above: Number(verdict === 'renewed'), below: 1, because })))],
  ['a renewal that never began', DUE, /ended before it began/, heard(rate, (one) => (one.fields['term'] === 'r' ? undefined : one))],
  ['the future renews', DUE, /in its grace/, bug(rate, (facts, { from, to }, { rules }) => duesIn(facts, { from, to: to === day(399) ? day(401) : to }, rules).map(({ verdict, because }) => ({ above: Number(verdict !== 'not renewed'), below: 1, because })))],
  ['silence is a decision', SILENCE, /2 of 2, 2 of 2/, { [decided.name]: rate }],
  ['tacit renewals are left out below', SILENCE, /no value/, bug(decided, (facts, window, { rules }) => duesIn(facts, window, rules).filter(({ verdict }) => verdict !== 'tacit').map(({ verdict, because }) => ({ above: Number(verdict === 'renewed'), below: 1, because })))],
  ['at the end of the first period silence ends it', SILENCE, /"0 of 1, 0 of 2"/, heard(rate, (one) => (one.fields['renews'] === 'automatic' ? { ...one, fields: EUR } : one))],
  ['two lines of one order are a repeat', 'a second purchase at a later instant is a repeat, what was sent back is none', /"3 of 5"/, heard(repeat, (one) => (one.id === 'two' ? { ...one, occurredAt: one.occurredAt + 1 } : one))],
  ['sent back or not', 'a second purchase at a later instant is a repeat, what was sent back is none', /"3 of 5"/, heard(repeat, (one) => (one.kind === 'refund' ? undefined : one))],
  ['only purchases', 'a second purchase at a later instant is a repeat, what was sent back is none', /"1 of 5"/, heard(repeat, (one) => (one.kind === 'renewal' ? undefined : one))],
  ['the renewal to come is known', RISK, /until it is renewed/, bug(atRisk, (facts, window, context) => (facts.entries.some(({ kind }) => kind === 'renewal') ? [] : atRisk.marks(facts, window, context)))],
  ['a day of warning more', RISK, /90 days before/, ruled(atRisk, (rules) => ({ ...rules, warning: { ...rules.warning, terms: rules.warning.terms + 1 } }))],
  ['in the quarter after', RISK, /what ends with the year/, { [atRisk.name]: marking(atRisk, (mark, { contracts }) => (contracts[0]!.term.end === day(366) ? { ...mark, group: 'EUR 2021-Q1' } : mark)) }],
  ['ring 3 is not read', RISK, /ring 3 out/, heard(atRisk, (one) => (one.kind === 'outcome-confirmed' ? undefined : one))],
];

proves('retention', real, CHECKS, BUGS);
