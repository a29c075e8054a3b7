/** What the operations about figures answer with. */
import { as, choice, CUSTOMER, ENTRY, flag, instant, KEPT, list, map, named, nullable, object, ref, text, whole, type Schema } from './docs.schemas.js';
import type { Answered } from './docs.answers.js';
import { PERIODS } from './figures/ask.js';

const number = (description: string, example: number | null, more: Schema = {}): Schema => ({ type: 'number', description, example, ...more });
const read = (description: string, schema: Schema): Answered => ({ status: 200, description, schema });

const SHAPES = ['share', 'ratio', 'sum', 'mean', 'points', 'curve', 'quantiles'];
const UNITS = ['share', 'money', 'customers', 'entries', 'days', 'points', 'grade'];
const figureName = text('Name of the figure.', 'advocacy-rate');
const asOf = instant('What was true then: the instant it speaks of.');
const asKnown = nullable(text('Place in the log up to which it is known; give it as `asKnown`, with `asOf`, to have the same answer again. Null: nothing was.', '1042'));
const rulesVersion = text('Version of the rules it was computed by.', 'annual-contracts-1f0c2b7e');
const filter = map('What the customers were narrowed to.', { type: 'string' }, { segment: 'bakeries' });
const digest = text('SHA-256 over all evidence: the same evidence gives the same.', '0f5a0d0c4b6e4a7c9d1e2f3a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e');
const counted = object('What it cost.', { customers: whole('Customers read.', 358), events: whole('Events read.', 19_763), ms: whole('Milliseconds.', 240) });
const windowOf = (says: string): Schema => object(says, { from: instant('Its first instant.', '2025-07-01T00:00:00.000Z'), to: instant('Its end, no part of it.', '2026-07-01T00:00:00.000Z') });

const dayText = text('The day at whose end it holds.', '2026-06-30', { format: 'date' });
const dayReading = (says: string): Schema => object(says, {
  day: dayText,
  value: nullable(number('The value; null when nothing stands below the line, never 0.', 0.293)),
  n: whole('How many stand below the line.', 239),
  above: number('What stands above the line, or the sum.', 70),
  below: number('What stands below it.', 239),
  says: text('The value in a sentence.', '29.3 % (70 of 239; 23.9 to 35.3 %)'),
}, { low: number('Of shares: lower limit, 95 %.', 0.239), high: number('Of shares: upper limit, 95 %.', 0.353) });

const definition = {
  name: figureName,
  title: text('Its name for people.', 'Advocacy rate'),
  topic: text('What it belongs to.', 'Advocacy'),
  version: whole('Raised whenever its meaning changes.', 1),
  says: text('What it tells.', 'Of those who are customers, how many have their name behind us.'),
  formula: text('What stands above and below the line, or what is summed.', 'customers with rings 2 and 5 lit / customers with ring 2 lit'),
  source: text('Where the definition comes from.', 'Five-Ring’s own proposal (domain, section 5)'),
  shape: choice('How its value is made: share of whole things, ratio of sums, sum, mean, points from -100 to 100, curve (Kaplan-Meier), quantiles.', SHAPES),
  unit: choice('What the value is counted in; money in minor units of the currency that the group names.', UNITS),
  groups: nullable(text('What a group is; null: there is one value only.', 'currency')),
  window: nullable(whole('Days of its window when none is asked for; null: it speaks of one instant; 36500: of everything so far.', 365)),
  needs: list('It is shown when an entry of one of these kinds is known; empty: always.', { type: 'string' }, { example: ['purchase', 'renewal'] }),
};

const curve = object('The curve of a figure that asks how long something takes.', {
  n: whole('How many it follows.', 70),
  events: whole('For how many it happened.', 41),
  confidence: number('Of the limits.', 0.95),
  steps: list('One for each time at which something happened or somebody was last seen.', object('What holds from then on.', {
    days: number('Days from the start.', 41),
    atRisk: whole('For how many it had not happened just before.', 60),
    events: whole('For how many it happened then.', 1),
    censored: whole('How many were last seen then.', 0),
    survival: number('The share for whom it has not happened.', 0.5),
    standardError: nullable(number('Greenwood’s; null where survival is 0.', 0.06)),
    low: nullable(number('Lower limit, 95 %.', 0.4)),
    high: nullable(number('Upper limit, 95 %.', 0.62)),
  })),
});

const outcome = object(
  'A value, and what it was made of.',
  {
    group: nullable(text('The group it speaks of: a currency, a cause, a kind; null: there is one value only.', 'EUR')),
    n: whole('How many stand below the line: of shares and means what is counted, of money the customers. Below 30, show the counts first.', 239),
    above: number('What stands above the line, or the sum.', 70),
    below: number('What stands below it.', 239),
    value: nullable(number('The value; null when nothing stands below the line, never 0.', 0.293)),
    says: text('The value in a sentence: the counts first below 30.', '29.3 % (70 of 239; 23.9 to 35.3 %)'),
  },
  {
    low: number('Of shares: lower limit, 95 % (Wilson).', 0.239),
    high: number('Of shares: upper limit.', 0.353),
    quantiles: list('Of curves and quantiles: days by which it has happened for a share.', object('One of them.', { share: number('The share.', 0.5), days: nullable(number('Days; null when it has not come that far.', 41)) }, { low: nullable(number('Lower limit, 95 %.', 30)), high: nullable(number('Upper limit, 95 %.', 60)) })),
    already: whole('Of curves: who had it before the clock began; not counted.', 3),
  },
);
const withCurve: Schema = { ...outcome, properties: { ...(outcome['properties'] as Record<string, Schema>), curve: as('Of curves: the curve itself.', ref('Curve')) } };
const outcomes = (says: string, of = 'Outcome'): Schema => list(says, ref(of));

const part = nullable(text('The part of the customers it speaks of; null without a split.', 'bakeries'));
const head = {
  ...definition,
  asOf,
  asKnown,
  rulesVersion,
  period: nullable(windowOf('The window; null for a figure of one instant.')),
  filter,
  shown: flag('Entries of a kind it needs are known.', true),
  note: nullable(text('Why there is nothing to show, or what was put together; null otherwise.', null)),
  parked: whole('Streams that a view could not take; their customers may be missing.', 0),
};
const split = nullable(text('What the customers were divided by; null: not at all.', 'segment'));

const mark = object(
  'What one customer brings to the figure.',
  {
    customer: object('The customer.', { id: text('Id of the customer.', CUSTOMER), name: nullable(text('Its name; null when it was erased.', 'Morel & Fils')) }),
    group: nullable(text('Its group; null: there is one value only.', 'EUR')),
    above: number('What it adds above the line.', 1),
    below: number('What it adds below it.', 1),
    because: list('Ids of the entries that put it there.', { type: 'string' }, { example: [ENTRY] }),
  },
  { days: number('Of curves and quantiles: its days.', 41), already: flag('It had it before the clock began; it is not counted.', true) },
);

const CAUSES = ['late entry', 'correction', 'retraction', 'details changed', 'new rules', 'new definition'];
const keptId = text('Id of the kept figure.', KEPT);
const label = text('What it was kept for.', 'Board meeting, second quarter');

export const figureSchemas = (): Record<string, Schema> => ({ Curve: curve, Outcome: outcome, OutcomeWithCurve: withCurve });

export const FIGURE_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/figures': [read('The figures.', object('The figures.', { items: list('In the order in which they are shown.', object('A figure.', definition)) }))],
  'GET /api/v1/figures/{name}': [
    read('The figure.', object('A figure at a date.', {
      ...head,
      split,
      parts: list('One without a split, else one for each part that has a customer.', object('A part.', { part, values: outcomes('The values, by group.', 'OutcomeWithCurve'), before: outcomes('The values of the period before.') })),
      before: windowOf('The period before: as long; of one instant, and of everything so far, 30 days earlier.'),
      read: counted,
    })),
  ],
  'GET /api/v1/figures/{name}/series': [
    read('The series.', object('A figure over time.', {
      ...head,
      by: choice('How long a step is.', ['day', 'week', 'month', 'quarter'], 'month'),
      split,
      points: list('The instants, oldest first; the last is asOf.', { type: 'string', format: 'date-time' }, { example: ['2026-06-01T00:00:00.000Z'] }),
      parts: list('One without a split, else one for each part.', object('A part.', { part, series: list('For each point the values, by group.', { type: 'array', items: ref('Outcome') }) })),
      read: counted,
    })),
  ],
  'GET /api/v1/figures/{name}/evidence': [
    read('A page of the evidence.', object('Customers with the entries that put them there.', {
      figure: figureName,
      asOf,
      asKnown,
      rulesVersion,
      digest,
      total: whole('How many there are on all pages.', 239),
      items: list('The page.', mark),
      next: nullable(text('Give it as `cursor`, with the `asOf` and `asKnown` of this page, for the next; null on the last.', 'eyJhIjoxfQ')),
      read: counted,
    })),
  ],
  'GET /api/v1/dashboard': [
    read('The dashboard.', object('The default dashboard.', {
      asOf: text('The day at whose end it speaks.', '2026-06-30', { format: 'date' }),
      asKnown: nullable(text('Place in the log up to which it is known. Null: nothing was recorded, or its sums are still being made after many events came at once.', '1042')),
      by: choice('What lies between two points, and between a value and the one before.', PERIODS),
      split: nullable(text('What it is divided by.', 'segment')),
      note: nullable(text('Which departments were put together, and why; null where none were.', null)),
      parked: whole('Customers whose last events could not be counted.', 0),
      parts: list('Undivided exactly one.', object('One part of the customers.', {
        part: nullable(text('Value of the split; null: all customers, or those without one.', 'bakeries')),
        panels: list('What the business has: figures about terms or surveys that it does not have are left out.', object('A figure.', {
          name: figureName,
          title: text('Its name for people.', 'Advocacy rate'),
          says: text('What it tells.', 'Of those who are customers, how many have their name behind us.'),
          unit: choice('What the value is counted in.', ['share', 'customers', 'money', 'points']),
          window: nullable(whole('Days of its window; null: it speaks of one instant.', 90)),
          courses: list('One for each group.', object('A course.', {
            group: nullable(text('Currency, lit set or ring; null: there is one value only.', 'EUR')),
            now: dayReading('The value.'),
            before: dayReading('The value a period before.'),
            series: list('Oldest first; the last is now.', object('A point.', { day: dayText, value: nullable(number('The value; null when nothing stands below the line.', 0.293)), n: whole('How many stand below the line.', 239) })),
          }, { causes: list('Of lost rings, the most frequent first.', object('A cause.', { cause: text('The cause.', 'dormant'), customers: whole('How many lost the ring by it.', 4) })) })),
        })),
      })),
    })),
  ],
  'GET /api/v1/changes-made': [
    read('Changes we made.', object('Changes we made.', {
      items: list('The oldest first.', object('One of them.', {
        entry: text('Id of the entry.', ENTRY),
        occurredAt: instant('When it was made.'),
        what: nullable(text('What was changed; null when it was erased.', 'New onboarding in three steps')),
        why: nullable(text('Why; null when it was erased.', 'Half of the new customers never reached the second step')),
        by: named('Who logged it.', text('Id of the colleague.', 'ada'), 'Ada Berg'),
      })),
    })),
  ],
  'GET /api/v1/kept-figures': [
    read('Kept figures.', object('Kept figures.', {
      items: list('The newest first.', object('One of them.', { id: keptId, figure: figureName, label, asOf, by: text('Id of the colleague who kept it.', 'ada'), keptAt: instant('When it was kept.') })),
    })),
  ],
  'GET /api/v1/kept-figures/{id}': [
    read('The kept figure, as it was and as it is.', object('A kept figure.', {
      id: keptId,
      label,
      figure: figureName,
      asOf,
      asKnown,
      rulesVersion,
      definition: whole('Version of the definition it was computed by.', 1),
      window: nullable(whole('Days of its window; null: it speaks of one instant.', 365)),
      filter,
      digest,
      unchanged: flag('The same evidence gives the same value.', true),
      kept: outcomes('The values as they were kept.'),
      now: outcomes('The values for the same instant as they are known now.'),
      differences: list('What changed them; empty when nothing did.', object('A cause.', { cause: choice('What it is.', CAUSES) }, {
        customer: text('Id of the customer.', CUSTOMER),
        colleague: text('Id of the colleague whose department changed.', 'ada'),
        entry: text('Id of the entry.', ENTRY),
        recordedAt: instant('When it was recorded.'),
      })),
      givenAgain: nullable(flag('The log, read as it was known then, gives exactly what was kept; null when the definition has changed since.', true)),
    })),
  ],
};
