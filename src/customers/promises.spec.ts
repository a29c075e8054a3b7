/** A promise through its states, by hand; and in exactly one of them at any instant. */
import fc from 'fast-check';
import { DAY } from '../kernel/calendar.js';
import type { Interaction } from './customer.js';
import type { Entry } from './entry.js';
import { promiseProblems, promisesIn, promiseStateAt, PROMISE_STATES, type PromiseMade } from './promises.js';

const BASE = Date.UTC(2026, 0, 1);
const day = (n: number): number => BASE + n * DAY;
const on = (n: number, id: string, kind: string, more: Partial<Interaction> = {}): Interaction => ({ id, kind, occurredAt: day(n), side: 'us', people: [], fields: {}, mac: id, actor: 'ada', revision: 1, ...more });
const made = (due: number, more: Partial<Interaction> = {}): Interaction => on(0, 'p', 'promise-made', { fields: { due: day(due) }, ...more });
const step = (n: number, what: string): Interaction => on(n, what, `promise-${what}`, { about: 'p' });
const only = (...entries: Interaction[]): PromiseMade => promisesIn(entries)[0]!;
const states = (promise: PromiseMade, ...at: number[]): string[] => at.map((n) => promiseStateAt(promise, n));

describe('a promise', () => {
  it('is open until its due instant, and missed from the next millisecond on', () => {
    expect(states(only(made(10)), day(0), day(10), day(10) + 1, day(90))).toEqual(['open', 'open', 'missed', 'missed']);
  });
  it('is kept when it is delivered at the due instant, and repaired a millisecond later', () => {
    expect(states(only(made(10), step(10, 'delivered')), day(9), day(10), day(90))).toEqual(['open', 'kept', 'kept']);
    expect(states(only(made(10), { ...step(10, 'delivered'), occurredAt: day(10) + 1 }), day(10), day(10) + 1)).toEqual(['open', 'repaired']);
    expect(states(only(made(10), step(30, 'delivered')), day(20), day(30))).toEqual(['missed', 'repaired']);
  });
  it('changes its verdict when a delivery is heard of later, or taken back', () => {
    const [late, known] = [[made(10)], [made(10), step(9, 'delivered')]];
    expect([late, known, late].map((entries) => promiseStateAt(only(...entries), day(40)))).toEqual(['missed', 'kept', 'missed']);
  });
  it('belongs to whoever made it, unless it names somebody', () => {
    expect([only(made(10)).owner, only(made(10, { fields: { due: day(10), owner: 'ben' } })).owner]).toEqual(['ada', 'ben']);
  });
  it('is not confirmed without a delivery', () => {
    expect(only(made(10), step(5, 'confirmed')).confirmed).toBeNull();
    expect(only(made(10), step(5, 'confirmed'), step(4, 'delivered')).confirmed).toEqual({ at: day(5), entry: 'confirmed' });
  });
});

const entry = (n: number, kind: string, about?: string): Entry => ({ kind, occurredAt: day(n), side: 'us', fields: {}, ...(about !== undefined && { about }) });
const refused = (one: Entry, ...others: Interaction[]): string[] => promiseProblems(one, others, '').map(({ field, code }) => `${field} ${code}`);

it.each<[string, Entry, Interaction[], string[]]>([
  ['delivered', entry(5, 'promise-delivered', 'p'), [made(10)], []],
  ['delivered twice', entry(5, 'promise-delivered', 'p'), [made(10), step(4, 'delivered')], ['about already-delivered']],
  ['delivered before it was made', entry(-1, 'promise-delivered', 'p'), [made(10)], ['occurredAt before-the-promise']],
  ['delivered before it was produced', entry(3, 'promise-delivered', 'p'), [made(10), step(4, 'produced')], ['occurredAt before-it-was-produced']],
  ['produced, heard of after the delivery', entry(3, 'promise-produced', 'p'), [made(10), step(4, 'delivered')], []],
  ['produced after the delivery', entry(5, 'promise-produced', 'p'), [made(10), step(4, 'delivered')], ['occurredAt after-the-delivery']],
  ['confirmed before it was delivered', entry(5, 'promise-confirmed', 'p'), [made(10)], ['about not-delivered']],
  ['confirmed at an earlier time than delivered', entry(3, 'promise-confirmed', 'p'), [made(10), step(4, 'delivered')], ['occurredAt before-the-delivery']],
  ['confirmed', entry(4, 'promise-confirmed', 'p'), [made(10), step(4, 'delivered')], []],
])('a step that is %s', (_, one, others, problems) => expect(refused(one, ...others)).toEqual(problems));

const history = fc.array(fc.record({ what: fc.constantFrom('produced', 'delivered', 'confirmed'), n: fc.integer({ min: 0, max: 40 }) }), { maxLength: 6 });

it('is in exactly one state at any instant, and what it is follows from due and delivery alone', () => {
  fc.assert(fc.property(history, fc.integer({ min: 1, max: 30 }), fc.integer({ min: -1, max: 45 }), fc.constantFrom(-1, 0, 1), (steps, due, n, ms) => {
    const promise = only(made(due), ...steps.map(({ what, n: at }, index) => ({ ...step(at, what), id: `s${index}` })));
    const at = day(n) + ms;
    const delivered = steps.filter(({ what, n: on }) => what === 'delivered' && day(on) <= at).map(({ n: on }) => on);
    const first = Math.min(Infinity, ...delivered);
    const inState = { open: first === Infinity && at <= day(due), missed: first === Infinity && at > day(due), kept: first <= due, repaired: first > due && first < Infinity };
    expect(PROMISE_STATES.filter((state) => inState[state])).toEqual([promiseStateAt(promise, at)]);
  }), { numRuns: 2000, seed: 20261122 });
});
