/** What the operations about what helped answer with. */
import type { Answered } from './docs.answers.js';
import { choice, CUSTOMER, ENTRY, flag, instant, list, map, nullable, object, text, whole, type Schema } from './docs.schemas.js';
import { ADVICE, HELPED_BY } from './figures/helped-figures.js';

const number = (description: string, example: number): Schema => ({ type: 'number', description, example });
const read = (description: string, schema: Schema): Answered => ({ status: 200, description, schema });

const head = {
  asOf: instant('What was true then: the instant it speaks of.'),
  asKnown: nullable(text('Place in the log up to which it is known; give it as `asKnown`, with `asOf`, to have the same answer again. Null: nothing was.', '1042')),
  rulesVersion: text('Version of the rules it was computed by.', 'annual-contracts-1f0c2b7e'),
  filter: map('What the customers were narrowed to.', { type: 'string' }, { segment: 'bakeries' }),
  note: nullable(text('Which departments were put together, and why; null where none were.', null)),
  parked: whole('Streams that a view could not take; their customers may be missing.', 0),
  period: object('What is looked at.', { from: instant('Its first instant.', '2025-07-01T00:00:00.000Z'), to: instant('Its end, no part of it.', '2026-07-01T00:00:00.000Z') }),
  beforeDays: whole('Days before a decision in which a move counts.', 90),
  caution: text('What not to read into it.', 'What came before a decision need not have been its cause.'),
  read: object('What it cost.', { customers: whole('Customers read.', 358), events: whole('Events read.', 19_763), ms: whole('Milliseconds.', 240) }),
};
const outcome = {
  group: nullable(text('The group; null: all together.', 'visit')),
  n: whole('Opening moves whose days have passed.', 25),
  followed: whole('How many of these a decision in our favour followed in time.', 4),
  value: nullable(number('The share; null when there are none.', 0.16)),
  low: nullable(number('Lower limit, 95 % (Wilson).', 0.064)),
  high: nullable(number('Upper limit.', 0.347)),
  says: text('The share in a sentence: the counts first below 30.', '4 of 25 (16 %; 6.4 to 34.7 %)'),
};
const happened = {
  entry: text('Id of the entry.', ENTRY),
  kind: text('Its kind.', 'visit'),
  at: instant('When it happened.'),
  channel: nullable(text('Its channel; null when not recorded.', 'in-person')),
  department: nullable(text('Our department; null when not recorded.', 'sales')),
  campaign: nullable(text('Its campaign; null without one.', null)),
};
const daysBefore = number('Days before the decision.', 12.5);

export const HELPED_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/helped': [read('What helped.', object('What came before decisions in our favour.', {
    ...head,
    overall: object('All opening moves together.', outcome),
    by: list('By each of these.', object('A way to tell moves apart.', {
      by: choice('What tells them apart.', HELPED_BY),
      groups: list('The most fruitful first.', object('A group.', { ...outcome, advice: choice('Beside all others: its interval lies above their share (do more), below it (stop or change) or around it; of fewer than 10 moves nothing is said.', ADVICE) })),
    })),
    leadTimes: list('Days from the moves before a decision in our favour to it.', object('A kind of move.', { kind: text('The kind.', 'visit'), n: whole('How many.', 12), medianDays: nullable(number('Half came within so many days.', 21.5)), says: text('In a sentence.', 'of 12: half within 21.5 days') })),
  }))],
  'GET /api/v1/helped/decisions': [read('A page of decisions.', object('Decisions, and what came before.', {
    ...head,
    total: whole('How many there are on all pages.', 41),
    withMove: whole('How many of these had an opening move in the days before.', 30),
    withLink: whole('Of how many somebody said what helped.', 7),
    items: list('The newest first.', object('A decision.', {
      customer: object('The customer.', { id: text('Id of the customer.', CUSTOMER), name: nullable(text('Its name; null when it was erased.', 'Morel & Fils')) }),
      decision: object('What was decided.', { ...happened, outcome: nullable(text('Of a decision closed: for whom; else null.', null)), favourable: flag('In our favour.', true) }),
      moves: list('Our opening moves in the days before, the earliest first.', object('A move.', { ...happened, daysBefore })),
      links: list('What is said to have helped.', object('A link.', {
        entry: text('Id of the entry helped-decision.', ENTRY),
        level: nullable(choice('Our claim, or confirmed by the customer.', ['claimed', 'confirmed'])),
        side: choice('Who said so.', ['customer', 'us'], 'us'),
        helped: nullable(object('What helped; null when it is not named or was retracted.', happened)),
        daysBefore: nullable(daysBefore),
      })),
    })),
    next: nullable(text('Give it as `cursor`, with the `asOf` and `asKnown` of this page, for the next; null on the last.', 'eyJhIjoxfQ')),
  }))],
};
