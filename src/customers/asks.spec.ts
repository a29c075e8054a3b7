/** The budget of asks: by hand, and never exceeded whatever is asked in whatever order. */
import fc from 'fast-check';
import { DAY } from '../kernel/calendar.js';
import { Refusal } from '../kernel/refusal.js';
import { ASK, ASK_BUDGET, askProblems, asksIn, asksLeft, askStateAt, nextFree } from './asks.js';
import type { Interaction } from './customer.js';
import type { Entry } from './entry.js';

const BASE = Date.UTC(2026, 0, 1);
const day = (n: number): number => BASE + n * DAY;
const one = (n: number, id: string, kind: string, fields: Interaction['fields'] = {}, more: Partial<Interaction> = {}): Interaction => ({ id, kind, occurredAt: day(n), side: 'us', people: [], fields, mac: id, actor: 'ada', revision: 1, ...more });
const asked = (n: number, person = 'ines'): Interaction => one(n, `ask${n}`, ASK, { person, act: 'reference' });
const consent = (n: number, kind = 'consent-given', person = 'ines'): Interaction => one(n, `${kind}${n}`, kind, { person, purpose: 'calls' });
const ask = (n: number): Entry => ({ kind: ASK, occurredAt: day(n), side: 'us', fields: { person: 'ines', act: 'reference' } });

const freeFrom = ({ details }: Refusal): number => Date.parse(details['nextFree'] as string);

/** What an ask on the day gives: 'may', or the code of the refusal. */
function verdict(n: number, ...others: Interaction[]): string {
  try {
    return askProblems(ask(n), [consent(0), ...others], ASK_BUDGET, '').map(({ code }) => code).join() || 'may';
  } catch (error) {
    if (error instanceof Refusal) return error.details['nextFree'] === undefined ? error.code : `${error.code} until day ${(freeFrom(error) - BASE) / DAY}`;
    throw error;
  }
}

describe('the budget of two in 90 days', () => {
  it.each([
    ['never asked', verdict(10), 'may'],
    ['asked once', verdict(11, asked(10)), 'may'],
    ['asked twice', verdict(20, asked(10), asked(15)), 'budget-spent until day 100'],
    ['the first was 90 days ago', verdict(100, asked(10), asked(15)), 'may'],
    ['the first was a day less ago', verdict(99, asked(10), asked(15)), 'budget-spent until day 100'],
    ['others were asked', verdict(20, asked(10, 'jon'), asked(15, 'jon')), 'may'],
    ['heard of late: before both', verdict(5, asked(10), asked(15)), 'budget-spent until day 100'],
    ['heard of late: long before both', verdict(3, asked(95), asked(98)), 'may'],
  ])('%s', (_, found, should) => expect(found).toBe(should));

  it('is free again at the first instant at which 90 days hold less than two', () => {
    expect([nextFree([], 5, ASK_BUDGET), nextFree([day(10)], day(12), ASK_BUDGET), nextFree([day(10), day(15)], day(20), ASK_BUDGET), nextFree([], 5, { asks: 0, days: 90 })]).toEqual([5, day(12), day(100), null]);
    expect([asksLeft([day(10), day(15)], day(20), ASK_BUDGET), asksLeft([day(10), day(15)], day(100), ASK_BUDGET), asksLeft([], day(0), ASK_BUDGET)]).toEqual([0, 1, 2]);
  });

  it('is never exceeded: of asks in any order, those let through hold it', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 25 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 120 }), (instants, asks, days) => {
      const taken: Interaction[] = [];
      for (const [index, n] of instants.entries()) {
        try {
          if (askProblems(ask(n), [consent(-1), ...taken], { asks, days }, '').length === 0) taken.push({ ...asked(n), id: `a${index}` });
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          // What it says is true: then it may be asked.
          const free = freeFrom(error);
          expect(nextFree(taken.map(({ occurredAt }) => occurredAt), free, { asks, days })).toBe(free);
        }
      }
      for (const { occurredAt: from } of taken) expect(taken.filter(({ occurredAt: at }) => at >= from && at < from + days * DAY).length).toBeLessThanOrEqual(asks);
    }), { numRuns: 500, seed: 20261122 });
  });
});

describe('an ask is refused', () => {
  const severe = one(5, 'i', 'issue-opened', { severity: 2 });
  it.each([
    ['while a severe issue is open', verdict(10, severe), 'paused-for-asks'],
    ['no more when it is resolved', verdict(10, severe, one(9, 'r', 'issue-resolved', {}, { about: 'i' })), 'may'],
    ['not by one that is not severe', verdict(10, one(5, 'i', 'issue-opened', { severity: 3 })), 'may'],
    ['not by one that comes later', verdict(4, severe), 'may'],
    ['when the consent was taken back', verdict(10, consent(9, 'consent-withdrawn')), 'no-consent'],
    ['not when it was given again', verdict(10, consent(8, 'consent-withdrawn'), consent(9)), 'may'],
    ['when they left', verdict(10, one(9, 'l', 'person-left', { person: 'ines' })), 'person-left'],
  ])('%s', (_, found, should) => expect(found).toBe(should));
});

it('stands by the last answer, and by the act before all', () => {
  const answers = [asked(1), one(3, 'no', 'advocacy-declined', {}, { about: 'ask1' }), one(5, 'yes', 'advocacy-accepted', {}, { about: 'ask1' }), one(4, 'other', 'reference', { person: 'jon' }, { about: 'ask1' }), one(7, 'act', 'reference', { person: 'ines' }, { about: 'ask1' })];
  const [found] = asksIn(answers);
  expect([2, 3, 5, 7].map((n) => askStateAt(found!, day(n)))).toEqual(['waiting', 'declined', 'accepted', 'done']);
  // The act taken back, it is accepted again.
  expect(askStateAt(asksIn(answers.slice(0, -1))[0]!, day(9))).toBe('accepted');
});
