/** The naive evaluator on examples worked out by hand from docs/rings.md and the page on the domain. */
import fc from 'fast-check';
import type { Interaction } from '../../src/customers/customer.js';
import { checkEntry, type FieldValue } from '../../src/customers/entry.js';
import { PRESETS, RINGS, type Ring, type Rules } from '../../src/rings/rules.js';
import { BASE, entry, histories, told } from './histories.js';
import { causeAt, DAY, litAt, markAt, stateAt, termsOf } from './naive.js';

const annual = PRESETS['annual-contracts']!;
const day = (days: number): number => BASE + days * DAY;
const US = ['outreach', 'note', 'role-given', 'person-added', 'person-left', 'issue-resolved'];
let count = 0;
const on = (days: number, kind: string, fields: Record<string, FieldValue> = {}, more: Partial<Interaction> = {}): Interaction =>
  entry(`n${++count}`, kind, day(days), US.includes(kind) ? 'us' : 'customer', fields, more);
const litRings = (entries: readonly Interaction[], days: number, rules: Rules = annual, ms = 0): Ring[] => RINGS.filter((ring) => litAt(entries, rules, ring, day(days) + ms));
const states = (entries: readonly Interaction[], days: number, rules: Rules = annual): string[] => RINGS.map((ring) => stateAt(entries, rules, ring, day(days)));

describe('naive: ring 1', () => {
  test('contact counts 90 days, the end excluded, and not before it happened', () => {
    const history = [on(10, 'enquiry')];
    expect(litAt(history, annual, 1, day(10) - 1)).toBe(false);
    expect(litAt(history, annual, 1, day(10))).toBe(true);
    expect(litAt(history, annual, 1, day(100) - 1)).toBe(true);
    expect(litAt(history, annual, 1, day(100))).toBe(false);
    expect(causeAt(history, annual, 1, day(100))).toBe('dormant');
  });

  test('our own doing lights nothing; an attended call of ours does', () => {
    expect(litRings([on(0, 'outreach'), on(0, 'call', { attended: false }, { side: 'us' })], 0)).toEqual([]);
    expect(litRings([on(0, 'call', { attended: true }, { side: 'us' })], 0)).toEqual([1]);
  });

  test('contact counts 180 days for a customer; when ring 2 goes out in between, the 90 days decide', () => {
    const history = [on(0, 'purchase', { end: day(40) })]; // grace until 100
    expect(litAt(history, annual, 1, day(100) - 1)).toBe(true);
    expect(litAt(history, annual, 1, day(100))).toBe(false);
    expect(litAt([on(0, 'purchase')], annual, 1, day(180) - 1)).toBe(true);
    expect(litAt([on(0, 'purchase')], annual, 1, day(180))).toBe(false);
  });

  test('at one instant fit-declined wins, later contact relights, a customer is not darkened', () => {
    expect(litRings([on(5, 'enquiry'), on(5, 'fit-declined')], 5)).toEqual([]);
    const reopened = [on(5, 'enquiry'), on(20, 'fit-declined'), on(30, 'reply')];
    expect(litRings(reopened, 19)).toEqual([1]);
    expect(litRings(reopened, 20)).toEqual([]);
    expect(causeAt(reopened, annual, 1, day(20))).toBe('closed with thanks');
    expect(litRings(reopened, 30)).toEqual([1]);
    expect(litRings([on(5, 'purchase'), on(20, 'fit-declined')], 20)).toEqual([1, 2]);
  });

  test('an open decision keeps it lit until needed-by or closing, and cannot light it', () => {
    const opened = on(50, 'decision-opened', { neededBy: day(300) }, { side: 'us' });
    expect(litRings([opened], 60)).toEqual([]);
    const kept = [on(0, 'enquiry'), opened];
    expect(litRings(kept, 299)).toEqual([1]);
    expect(litRings(kept, 300)).toEqual([]);
    expect(causeAt(kept, annual, 1, day(300))).toBe('dormant');
    const closed = [...kept, on(200, 'decision-closed', { outcome: 'nothing' }, { about: opened.id, side: 'us' })];
    expect(litRings(closed, 200, annual, -1)).toEqual([1]);
    expect(litRings(closed, 200)).toEqual([]);
    expect(litRings([opened, on(100, 'enquiry')], 250)).toEqual([1]);
  });
});

describe('naive: ring 2', () => {
  test('a year and the grace of 60 days', () => {
    const history = [on(0, 'purchase')];
    expect(litAt(history, annual, 2, day(425) - 1)).toBe(true);
    expect(litAt(history, annual, 2, day(425))).toBe(false);
    expect(causeAt(history, annual, 2, day(425))).toBe('expired');
  });

  test('signed late, it counts from the signature; signed ahead, from the start', () => {
    const late = [on(40, 'purchase', { start: day(0), end: day(365) })];
    expect([39, 40, 424].map((days) => litAt(late, annual, 2, day(days)))).toEqual([false, true, true]);
    const ahead = [on(0, 'purchase', { start: day(20) })];
    expect([0, 19, 20, 444, 445].map((days) => litAt(ahead, annual, 2, day(days)))).toEqual([false, false, true, true, false]);
  });

  test('a cancellation without a term takes those that counted strictly before; never backwards', () => {
    const a = on(0, 'purchase');
    const both = [a, on(50, 'purchase'), on(50, 'cancellation', { effective: day(20) })];
    expect(litRings([a, both[2]!], 50).includes(2)).toBe(false);
    expect(litRings([a, both[2]!], 49).includes(2)).toBe(true);
    expect(litRings(both, 50).includes(2)).toBe(true);
    expect(causeAt([a, both[2]!], annual, 2, day(50))).toBe('cancelled');
    const later = [a, on(50, 'cancellation', { effective: day(90), term: a.id })];
    expect([89, 90].map((days) => litAt(later, annual, 2, day(days)))).toEqual([true, false]);
  });

  test('only a full refund darkens', () => {
    const a = on(0, 'purchase');
    expect(litAt([a, on(9, 'refund')], annual, 2, day(9))).toBe(true);
    expect(litAt([a, on(9, 'refund', { full: true })], annual, 2, day(9))).toBe(false);
    expect(causeAt([a, on(9, 'refund', { full: true })], annual, 2, day(9))).toBe('refunded');
  });

  test('a purchase without an end counts until cancelled for managed services', () => {
    const managed = PRESETS['managed-services']!;
    expect(litAt([on(0, 'purchase')], managed, 2, day(30_000))).toBe(true);
    expect(litAt([on(0, 'purchase', { end: day(10) })], managed, 2, day(70))).toBe(false);
  });

  test('a consultancy lives on 365 days after a stated end', () => {
    const consultancy = PRESETS['consultancy']!;
    const history = [on(0, 'purchase', { end: day(100) })];
    expect([464, 465].map((days) => litAt(history, consultancy, 2, day(days)))).toEqual([true, false]);
  });

  test('an end that is not after the start is no term', () => {
    expect(litAt([on(50, 'purchase', { end: day(50) })], annual, 2, day(50))).toBe(false);
  });
});

describe('naive: ring 3', () => {
  test('value of a customer counts 180 days', () => {
    const history = [on(0, 'purchase'), on(10, 'outcome-confirmed')];
    expect(litRings(history, 189, annual)).toEqual([1, 2, 3]);
    expect(litAt(history, annual, 3, day(190))).toBe(false);
    expect(causeAt(history, annual, 3, day(190))).toBe('value not seen');
    expect(litAt([on(10, 'outcome-confirmed')], annual, 3, day(10))).toBe(false);
    expect(litAt([on(0, 'purchase'), on(10, 'onboarding-step')], annual, 3, day(10))).toBe(false);
  });

  test('no longer a customer comes first', () => {
    const history = [on(0, 'purchase', { end: day(30) }), on(5, 'value-reached')];
    expect(litAt(history, annual, 3, day(90) - 1)).toBe(true);
    expect(causeAt(history, annual, 3, day(90))).toBe('no longer a customer');
  });

  test('a promise 30 days missed; delivered before that, or new value since, saves it', () => {
    const made = [on(0, 'purchase'), on(10, 'value-reached'), on(15, 'promise-made', { due: day(20) }, { id: 'p' })];
    expect(litAt(made, annual, 3, day(50) - 1)).toBe(true);
    expect(litAt(made, annual, 3, day(50))).toBe(false);
    expect(causeAt(made, annual, 3, day(50))).toBe('promise missed');
    expect(litAt([...made, on(49, 'promise-delivered', {}, { about: 'p' })], annual, 3, day(60))).toBe(true);
    expect(litAt([...made, on(50, 'promise-delivered', {}, { about: 'p' })], annual, 3, day(60))).toBe(false);
    expect(litAt([...made, on(51, 'value-reached')], annual, 3, day(60))).toBe(true);
  });

  test('30 days without a champion after one left; another one, or new value, saves it', () => {
    const left = [on(0, 'purchase'), on(0, 'role-given', { person: 'ada', role: 'champion' }), on(10, 'value-reached'), on(20, 'person-left', { person: 'ada' })];
    expect(litAt(left, annual, 3, day(50) - 1)).toBe(true);
    expect(litAt(left, annual, 3, day(50))).toBe(false);
    expect(causeAt(left, annual, 3, day(50))).toBe('champion lost');
    expect(litAt([...left, on(49, 'role-given', { person: 'bob', role: 'champion' })], annual, 3, day(60))).toBe(true);
    expect(litAt([...left, on(50, 'role-given', { person: 'bob', role: 'champion' })], annual, 3, day(60))).toBe(false);
    expect(litAt([...left, on(50, 'value-reached')], annual, 3, day(60))).toBe(false);
    expect(litAt([...left, on(51, 'value-reached')], annual, 3, day(60))).toBe(true);
    const someoneElse = [on(0, 'purchase'), on(10, 'value-reached'), on(20, 'person-left', { person: 'ada' })];
    expect(litAt(someoneElse, annual, 3, day(60))).toBe(true);
  });

  test('csat 4-5 counts after a review for managed services, always in a shop, never by default', () => {
    const history = [on(0, 'purchase'), on(10, 'business-review'), on(99, 'survey-answered', { csat: 4 })];
    const lit = (name: string, entries: Interaction[]): boolean => litAt(entries, PRESETS[name]!, 3, day(100));
    expect(lit('managed-services', history)).toBe(true);
    expect(lit('managed-services', [history[0]!, on(9, 'business-review'), history[2]!])).toBe(false);
    expect(lit('managed-services', [history[0]!, on(99, 'business-review'), history[2]!])).toBe(true);
    expect(lit('managed-services', [history[0]!, on(100, 'business-review'), history[2]!])).toBe(false);
    expect(lit('shop', [history[0]!, history[2]!])).toBe(true);
    expect(lit('shop', [history[0]!, on(99, 'survey-answered', { csat: 3 })])).toBe(false);
    expect(lit('annual-contracts', history)).toBe(false);
  });
});

describe('naive: ring 4', () => {
  test('a second purchase follows from 30 days before the end to the end of the grace', () => {
    const second = (start: number): boolean => litAt([on(0, 'purchase'), on(start, 'purchase')], annual, 4, day(start));
    expect([334, 335, 365, 425, 426].map(second)).toEqual([false, true, true, true, false]);
  });

  test('a renewal signed early begins where the term ends, and is lit from there', () => {
    const history = [on(0, 'purchase'), on(200, 'renewal')];
    expect(termsOf(history, annual, undefined)[1]).toMatchObject({ start: day(365), end: day(730) });
    expect(litAt(history, annual, 4, day(365) - 1)).toBe(false);
    expect(litAt(history, annual, 4, day(365))).toBe(true);
    expect(stateAt(history, annual, 4, day(300))).toBe('not due');
    expect(stateAt(history, annual, 2, day(300))).toBe('lit');
    expect([789, 790].map((days) => litAt(history, annual, 4, day(days)))).toEqual([true, false]);
  });

  test('a renewal with nothing before it follows too; a purchase does not', () => {
    expect(litAt([on(0, 'renewal')], annual, 4, day(0))).toBe(true);
    expect(litAt([on(0, 'purchase')], annual, 4, day(0))).toBe(false);
  });

  test('silence renews, marked tacit, until cancelled', () => {
    const history = [on(0, 'purchase', { renews: 'automatic', end: day(100) }), on(150, 'cancellation', { effective: day(200) })];
    expect([99, 100, 199, 200].map((days) => litAt(history, annual, 4, day(days)))).toEqual([false, true, true, false]);
    expect(markAt(history, annual, 4, day(100))).toBe('tacit');
    expect(causeAt(history, annual, 4, day(200))).toBe('cancelled');
    const openEnded = [on(0, 'purchase', { renews: 'open-ended' })];
    expect([364, 365, 9999].map((days) => litAt(openEnded, annual, 4, day(days)))).toEqual([false, true, true]);
  });

  test('a silent term is replaced by the one that follows', () => {
    const history = [on(0, 'purchase', { renews: 'automatic', end: day(100) }), on(300, 'purchase', { end: day(310) })];
    // The second begins at the end of the third period: the first does not go on beyond day 300, grace until 360; the second until 370.
    expect([359, 369, 370].map((days) => litAt(history, annual, 2, day(days)))).toEqual([true, true, false]);
    // Begins within 60 days after the end of the second period (200), ends after that: the first does not go on beyond 250, grace until 310.
    const early = [on(0, 'purchase', { renews: 'automatic', end: day(100) }), on(250, 'purchase', { end: day(255) })];
    expect([314, 315].map((days) => litAt(early, annual, 2, day(days)))).toEqual([true, false]);
  });

  test('a shop: any later order within the time it counts', () => {
    const shop = PRESETS['shop']!;
    const second = (start: number): boolean => litAt([on(0, 'purchase'), on(start, 'purchase')], shop, 4, day(start));
    expect([0, 1, 120, 121].map(second)).toEqual([false, true, true, false]);
  });
});

describe('naive: ring 5', () => {
  const act = (days: number, fields: Record<string, FieldValue> = {}): Interaction => on(days, 'reference', { person: 'ada', verification: 'evidenced', ...fields });

  test('an evidenced act counts 365 days; a claimed one from when it is verified', () => {
    expect([0, 364, 365].map((days) => litAt([act(0)], annual, 5, day(days)))).toEqual([true, true, false]);
    expect(causeAt([act(0)], annual, 5, day(365))).toBe('lapsed');
    const claimed = act(0, { verification: 'claimed' });
    const raised = [claimed, on(20, 'act-verified', { level: 'confirmed' }, { about: claimed.id })];
    expect([19, 20, 364, 365].map((days) => litAt(raised, annual, 5, day(days)))).toEqual([false, true, true, false]);
  });

  test('the darkener wins the tie, of that person only; an act against by anybody', () => {
    const darkened = (darkener: Interaction): boolean => !litAt([act(10), darkener], annual, 5, day(20));
    expect(darkened(on(10, 'consent-withdrawn', { person: 'ada', purpose: 'x' }))).toBe(true);
    expect(darkened(on(9, 'consent-withdrawn', { person: 'ada', purpose: 'x' }))).toBe(false);
    expect(darkened(on(10, 'consent-withdrawn', { person: 'bob', purpose: 'x' }))).toBe(false);
    expect(darkened(on(10, 'survey-answered', { person: 'ada', nps: 6 }))).toBe(true);
    expect(darkened(on(10, 'survey-answered', { person: 'ada', nps: 7 }))).toBe(false);
    expect(darkened(on(15, 'person-left', { person: 'ada' }))).toBe(true);
    expect(darkened(on(15, 'person-left', { person: 'bob' }))).toBe(false);
    expect(darkened(on(15, 'review', { person: 'bob', stars: 2 }))).toBe(true);
    expect(darkened(on(15, 'review', { person: 'bob', stars: 3 }))).toBe(false);
    expect(causeAt([act(10), on(20, 'person-left', { person: 'ada' })], annual, 5, day(20))).toBe('person left');
    expect(causeAt([act(10), on(20, 'person-left', { person: 'ada' }), on(20, 'public-post', { person: 'bob', stance: 'against' })], annual, 5, day(20))).toBe('detractor');
  });

  test('with something given in return alone: marked', () => {
    expect(markAt([act(0, { incentivised: true })], annual, 5, day(0))).toBe('incentivised');
    expect(markAt([act(0, { incentivised: true }), act(0)], annual, 5, day(0))).toBeUndefined();
  });
});

describe('naive: all rings', () => {
  test('{1, 2, 4}: renewed without value', () => {
    const history = [on(0, 'purchase'), on(365, 'renewal')];
    expect(litRings(history, 400)).toEqual([1, 2, 4]);
    expect(states(history, 400)).toEqual(['lit', 'lit', 'nothing recorded', 'lit', 'nothing recorded']);
  });

  test('{1, 2, 3, 5} in a first term: ring 4 is not due', () => {
    const history = [on(0, 'purchase'), on(20, 'value-reached'), on(30, 'testimonial', { person: 'ada', verification: 'confirmed' })];
    expect(litRings(history, 40)).toEqual([1, 2, 3, 5]);
    expect(states(history, 40)).toEqual(['lit', 'lit', 'lit', 'not due', 'lit']);
    expect(stateAt(history, annual, 4, day(365))).toBe('not reached');
  });

  test('at risk: 30 days before it goes out; rings 2 and 4 from 90 days before the end, the notice or the cancellation', () => {
    expect([59, 60, 89, 90].map((days) => stateAt([on(0, 'enquiry')], annual, 1, day(days)))).toEqual(['lit', 'at risk', 'at risk', 'out']);
    const at = (entries: Interaction[], ...days: number[]): string[] => days.map((one) => stateAt(entries, annual, 2, day(one)));
    expect(at([on(0, 'purchase')], 274, 275, 424, 425)).toEqual(['lit', 'at risk', 'at risk', 'out']);
    expect(at([on(0, 'purchase', { noticeDays: 120 })], 244, 245)).toEqual(['lit', 'at risk']);
    expect(at([on(0, 'purchase'), on(100, 'cancellation', { effective: day(200) })], 99, 100, 200)).toEqual(['lit', 'at risk', 'out']);
    expect(at([on(0, 'purchase', { renews: 'open-ended' })], 5000)).toEqual(['lit']);
  });

  test('nothing recorded, not reached, out', () => {
    expect(states([], 0)).toEqual(RINGS.map(() => 'nothing recorded'));
    expect(stateAt([on(0, 'email', {}, { side: 'us' })], annual, 1, day(0))).toBe('not reached');
    expect(stateAt([on(0, 'outreach')], annual, 1, day(0))).toBe('nothing recorded');
    expect(stateAt([on(0, 'reference', { person: 'ada' })], annual, 5, day(0))).toBe('not reached');
    expect(stateAt([on(0, 'reference', { person: 'ada', verification: 'evidenced' })], annual, 5, day(365))).toBe('out');
  });

  test('asked for one offering: terms, acts and value that name it or none', () => {
    const history = [on(0, 'purchase', {}, { offering: 'alpha' }), on(5, 'value-reached', {}, { offering: 'beta' })];
    const lit = (offering: string): Ring[] => RINGS.filter((ring) => litAt(history, annual, ring, day(10), { offering }));
    expect(lit('alpha')).toEqual([1, 2]);
    expect(lit('beta')).toEqual([1]);
  });

  test('the histories of the fuzzer are made of entries the catalogue takes', () => {
    const iso = (field: FieldValue, name: string): FieldValue => (['start', 'end', 'effective', 'neededBy', 'due'].includes(name) ? new Date(field as number).toISOString() : field);
    for (const history of fc.sample(histories, { numRuns: 300, seed: 1 })) {
      expect(new Set(history.map(({ id }) => id)).size).toBe(history.length);
      for (const { kind, occurredAt, side, about, offering, people, fields } of history) {
        const own = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, iso(field, name)]));
        const raw = { kind, occurredAt: new Date(occurredAt).toISOString(), side, about, offering, people, ...own, ...(kind === 'person-added' && { name: 'Somebody' }), ...((kind === 'decision-opened' || kind === 'promise-made') && { what: 'Which' }) };
        const { problems, entry: read } = checkEntry(raw, { now: day(20_000), zone: 'UTC', ...(typeof own['person'] === 'string' && { person: own['person'] }) });
        expect([raw, problems]).toEqual([raw, undefined]);
        expect(read!.fields).toMatchObject(fields);
        if (about !== undefined) expect(history.map(({ id }) => id)).toContain(about);
      }
    }
  });

  test('a history can be told', () => {
    expect(told([on(3, 'purchase', { end: day(9) }, { offering: 'alpha' })])).toMatch(/^day 3 n\d+ purchase offering=alpha end=9$/);
  });
});
