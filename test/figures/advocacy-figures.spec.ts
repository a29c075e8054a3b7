/** Who puts their name behind us: customers told in a line each. */
import type { FieldValue } from '../../src/customers/entry.js';
import { advocacyFigures } from '../../src/figures/advocacy-figures.js';
import { litAt } from '../../src/figures/facts.js';
import type { Figure } from '../../src/figures/figure.js';
import { PRESETS } from '../../src/rings/rules.js';
import { retelling, ruling } from './customers.js';
import { asking, becauseOf, day, days, marking, named, proves, said, same, theirs, type Bugs, type Checks, type Named } from './told.js';

const real = named(advocacyFigures);
const bought = (n: number, fields: Record<string, FieldValue> = {}) => theirs(n, `buy${n}`, 'purchase', fields);
const act = (n: number, id: string, fields: Record<string, FieldValue> = {}, kind = 'testimonial') => theirs(n, id, kind, { person: 'ines', verification: 'evidenced', ...fields });
const nps = (n: number, id: string, score: number, person = 'ines') => theirs(n, id, 'survey-answered', { nps: score, person });
const EUR = { amount: 100, currency: 'EUR' };

const CHECKS: Checks<Named> = {
  'of three customers one advocates, one did once, and who is no customer is not counted': (figures) => {
    const customers = [[bought(0), act(300, 'now')], [bought(0), bought(350), act(10, 'then')], [bought(0)], [act(300, 'prospect')]];
    same(said(figures['advocacy-rate']!, customers, days(400, 400)), { all: '1 of 3' }, 'rate');
    same(said(figures['advocacy-rate-ever']!, customers, days(400, 400)), { all: '2 of 3' }, 'ever');
    same(becauseOf(figures['advocacy-rate-ever']!, customers[1]!, days(400, 400)), [['then']], 'because of the act');
    same(becauseOf(figures['advocacy-rate']!, customers[2]!, days(400, 400)), [['buy0']], 'because of the purchase');
  },
  'by revenue, a currency at a time': (figures) => {
    const customers = [[bought(0, { ...EUR, amount: 300 }), act(10, 'a')], [bought(0, EUR)], [bought(0, { amount: 7, currency: 'USD' })], [bought(0), act(10, 'b')]];
    same(said(figures['advocacy-rate-by-revenue']!, customers, days(20, 20)), { EUR: '300 of 400', USD: '0 of 7' }, 'by revenue');
  },
  'what was given something for is left out, whatever comes later': (figures) => {
    const paid = [bought(0), act(10, 'gift', { incentivised: true })];
    const both = [...paid, act(50, 'free')];
    same([said(figures['advocacy-rate-unpaid']!, [paid], days(20, 20)), said(figures['advocacy-rate']!, [paid], days(20, 20))], [{ all: '0 of 1' }, { all: '1 of 1' }], 'paid');
    same([49, 50].map((n) => said(figures['advocacy-rate-unpaid']!, [both], days(n, n))), [{ all: '0 of 1' }, { all: '1 of 1' }], 'then of its own accord');
    same(said(figures['advocacy-rate-unpaid']!, [[bought(0), bought(330), act(0, 'free'), act(300, 'gift', { incentivised: true })]], days(370, 370)), { all: '0 of 1' }, 'of its own accord once, since then paid');
  },
  'a promoter is given 90 days for the first act, from the first answer of 9 or 10': (figures) => {
    const rate = (...entries: Parameters<typeof said>[1][number][]): unknown => said(figures['advocate-activation']!, entries, days(0, 200));
    same(rate([nps(10, 's', 9), act(99, 'a')], [nps(10, 's', 10), act(100, 'a')], [nps(10, 's', 8), act(11, 'a')]), { all: '1 of 2' }, 'in time, too late, no promoter');
    same(rate([nps(110, 's', 9), act(111, 'a')], [nps(111, 's', 9), act(112, 'a')]), { all: '1 of 1' }, 'the second has not had 90 days');
    same(rate([nps(10, 's', 9), nps(50, 't', 10), act(120, 'a')]), { all: '0 of 1' }, 'a later answer gives no new time');
    same(rate([act(5, 'a'), nps(10, 's', 9), act(20, 'b')]), { all: 'no value' }, 'active before');
    same(becauseOf(figures['advocate-activation']!, [nps(10, 's', 9), act(10, 'a')], days(0, 200)), [['s', 'a']], 'because');
  },
  'people are counted, and acts of others or against us are none of theirs': (figures) => {
    const customers = [[nps(10, 's', 9, 'ines'), nps(10, 't', 9, 'jon'), act(20, 'a', { person: 'jon' })], [nps(10, 's', 9), act(20, 'bad', { stars: 1 }, 'review')], [theirs(10, 's', 'survey-answered', { nps: 9 }), act(20, 'a')]];
    same(said(figures['advocate-activation']!, customers, days(0, 200)), { all: '1 of 3' }, 'activation');
    same(said(figures['advocate-activation']!, [[nps(10, 's', 9), act(20, 'heard', { verification: 'claimed' })]], days(0, 200)), { all: '1 of 1' }, 'an act we only heard of is one');
  },
};

const byMark: Figure = { ...real['advocacy-rate']!, marks: (facts, { to }) => (litAt(facts, 2, to) === undefined ? [] : [{ above: Number(litAt(facts, 5, to) !== undefined && litAt(facts, 5, to)!.marked === undefined), below: 1, because: [] }]) };
const activation = real['advocate-activation']!;
const FIRST = 'of three customers one advocates, one did once, and who is no customer is not counted';
const IN_TIME = 'a promoter is given 90 days for the first act, from the first answer of 9 or 10';

const BUGS: Bugs<Named> = [
  ['everybody is below the line', FIRST, /rate: .*"2 of 4"/, { 'advocacy-rate': { ...real['advocacy-rate']!, marks: (facts, { to }) => [{ above: Number(litAt(facts, 5, to) !== undefined), below: 1, because: [] }] } }],
  ['once an advocate, always one', FIRST, /rate: .*"2 of 3"/, { 'advocacy-rate': real['advocacy-rate-ever']! }],
  ['ever is now', FIRST, /ever: .*"1 of 3"/, { 'advocacy-rate-ever': real['advocacy-rate']! }],
  ['customers are counted, not revenue', 'by revenue, a currency at a time', /"1 of 2"/, { 'advocacy-rate-by-revenue': marking(real['advocacy-rate-by-revenue']!, (mark) => ({ ...mark, above: Math.sign(mark.above), below: 1 })) }],
  ['the mark of the whole spell is read', 'what was given something for is left out, whatever comes later', /then of its own accord/, { 'advocacy-rate-unpaid': byMark }],
  ['incentives are not read', 'what was given something for is left out, whatever comes later', /paid/, { 'advocacy-rate-unpaid': real['advocacy-rate']! }],
  ['8 is a promoter', IN_TIME, /"1 of 3"|"2 of 3"/, { 'advocate-activation': retelling(activation, (one) => (one.fields['nps'] === 8 ? { ...one, fields: { ...one.fields, nps: 9 } } : one)) }],
  ['the 90th day still counts', IN_TIME, /in time.*"2 of 2"/, { 'advocate-activation': retelling(activation, (one) => (one.kind === 'testimonial' ? { ...one, occurredAt: Math.max(one.occurredAt - 1, day(10)) } : one)) }],
  ['nobody has to wait', IN_TIME, /"2 of 2"|"1 of 2"/, { 'advocate-activation': asking(activation, (facts, window, context) => [facts, { ...window, to: window.to + 90 * 86_400_000 }, context]) }],
  ['the last answer starts the clock', IN_TIME, /no new time/, { 'advocate-activation': retelling(activation, (one, { entries }) => (one.id === 's' && entries.some(({ id }) => id === 't') ? undefined : one)) }],
  ['one mark a customer', 'people are counted, and acts of others or against us are none of theirs', /"\d of 2"/, { 'advocate-activation': { ...activation, marks: (...ask) => activation.marks(...ask).slice(0, 1) } }],
  ['anybody’s act', 'people are counted, and acts of others or against us are none of theirs', /"3 of 3"|"2 of 3"|"3 of 4"|"2 of 2"|"1 of 2"/, { 'advocate-activation': retelling(activation, (one) => ('person' in one.fields ? { ...one, fields: { ...one.fields, person: 'x' } } : one)) }],
  ['only proved acts', 'people are counted, and acts of others or against us are none of theirs', /only heard of/, { 'advocate-activation': retelling(activation, (one) => (one.fields['verification'] === 'claimed' ? undefined : one)) }],
  ['other rules', 'of three customers one advocates, one did once, and who is no customer is not counted', /rate/, { 'advocacy-rate': ruling(real['advocacy-rate']!, () => ({ ...PRESETS['capital-goods']! })) }],
];

proves('advocacy', real, CHECKS, BUGS);
