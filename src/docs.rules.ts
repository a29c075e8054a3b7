/** What the operations about rules answer with. */
import type { Answered } from './docs.answers.js';
import { as, choice, CUSTOMER, flag, instant, list, map, named, nullable, object, ref, text, whole, type Schema } from './docs.schemas.js';
import { DEFAULT_PRESET, PRESETS, RING_NAMES, RINGS } from './rings/rules.js';
import { expectations, sentences } from './rings/sentences.js';

const NDJSON = 'application/x-ndjson';
const annual = PRESETS[DEFAULT_PRESET]!;
const [said, expected] = [sentences(annual), expectations(annual)];
const share = (description: string, example: number | null): Schema => nullable({ type: 'number', description, example });
const byRing = (says: string, of: (ring: (typeof RINGS)[number]) => Schema): Schema => object(says, Object.fromEntries(RINGS.map((one) => [String(one), of(one)])));

const version = text('Version of the rules; any change makes another.', 'annual-contracts-1f0c2b7e');
const head = {
  version,
  preset: text('The name they go by; that of the preset they come from.', annual.preset),
  revision: nullable(whole('Revision of the publication, also the ETag; null for those of the environment.', 0)),
  since: nullable(instant('When they were published; null for those of the environment.')),
  by: nullable(named('Who published them; null for those of the environment.', text('Id of the colleague.', 'ada'), 'Ada Berg')),
  reason: nullable(text('Why; null for those of the environment.', 'Our customers answer within six weeks')),
};
const ruleSentences = (says: string): Schema => byRing(says, (one) => object(`Ring ${one}.`, { name: text('Its name.', RING_NAMES[one]), says: text('What lights and darkens it.', said[one].says) }));
const ruleExpectations = (says: string): Schema => object(says, { contact: text('How often we should hear from a customer.', expected.contact), review: text('How often a business review should be held.', expected.review), response: text('How long an opening move waits.', expected.response) });
const value = (says: string, example: unknown): Schema => nullable({ description: says, example });
const differences = {
  fields: list('Numbers, flags and lists that differ.', object('A field.', { field: text('Its path.', 'contact.window'), before: value('Its value before.', 90), after: value('Its value after.', 60) })),
  sentences: list('Sentences that differ.', object('A sentence.', { about: text('What it speaks of.', '1 Contact'), before: text('What it said.', said[1].says), after: text('What it says.', said[1].says) })),
};
const rulesAsData = as('The rules as data; all lengths in days.', ref('Rules'));

const inForce = object('The rules in force.', {
  ...head,
  takingEffect: nullable(object('Published rules on their way into force; null when there are none.', { ...head, done: whole('Events of the log that the new views know.', 12_000), of: whole('Events that the views in force know.', 19_763) })),
  rings: byRing('Names of the rings.', (one) => text(`Ring ${one}.`, RING_NAMES[one])),
  sentences: ruleSentences('The rules in sentences.'),
  expectations: ruleExpectations('What they expect of us.'),
  rules: rulesAsData,
  presets: map('Ready-made rules by name.', ref('Rules'), PRESETS),
});

const history = object('Every version.', { items: list('The newest first.', object('A version.', { ...head, inForce: flag('They are in force.', true), differences: object('What they changed.', differences), rules: rulesAsData })) });
const comparison = object('What is different.', { a: version, b: version, ...differences });
const checked = object('What was found.', {
  ok: flag('It could be published.', true),
  problems: list('What is wrong.', object('A problem.', { field: text('Path of the field.', 'advocacy.window'), code: text('What is wrong, for programs.', 'not-days'), detail: text('What is wrong, for people.', 'must be a whole number of days from 1 to 36500') })),
  version: nullable(version),
  sentences: nullable(ruleSentences('The draft in sentences; null when something is wrong with it.')),
  expectations: nullable(ruleExpectations('What it expects of us.')),
  differences: nullable(object('What would be different from the rules in force.', differences)),
});

const ringNumbers = (says: string, example: readonly number[]): Schema => list(says, { type: 'integer', minimum: 1, maximum: 5 }, { example });
const ring = whole('The ring.', 1, { minimum: 1, maximum: 5 });
const state = (says: string): Schema => choice(says, ['nothing recorded', 'not reached', 'not due', 'lit', 'at risk', 'out'], 'lit');
const read = object('What it cost.', { customers: whole('Customers read.', 358), events: whole('Events read.', 19_763), ms: whole('Milliseconds.', 1240) });
const asked = { asOf: instant('The instant that counts as now.'), asKnown: nullable(text('Place in the log up to which it was read; null: nothing was recorded.', '1042')) };
const counts = (says: string): Schema => byRing(says, (one) => whole(`Ring ${one}.`, 12));
const series = (says: string): Schema => list(says, object('A point.', { at: instant('The end of its stretch of time.'), customers: whole('Customers with ring 2 lit then.', 239), advocates: whole('Of these, with ring 5 lit.', 70), lit: counts('Customers with the ring lit then.'), lost: counts('How often the ring went out since the point before.') }));

const rehearsal = object('The rehearsal.', {
  live: version,
  draft: version,
  ...asked,
  differences: object('What is different in the draft.', differences),
  changed: whole('Customers that would stand otherwise now.', 31),
  customers: list('The first 200 of them.', object('A customer.', {
    id: text('Its id.', CUSTOMER),
    name: nullable(text('Its name; null when it was erased.', 'Morel & Fils')),
    before: ringNumbers('Rings lit by the rules in force.', [1, 2]),
    after: ringNumbers('Rings lit by the draft.', [2]),
    rings: list('Rings that would stand otherwise.', object('A ring.', { ring, before: state('By the rules in force.'), after: state('By the draft.') })),
  })),
  figures: list('Every figure now.', object('A figure.', {
    name: text('Its name.', 'advocacy-rate'),
    title: text('Its name for people.', 'Advocacy rate'),
    unit: text('What it is counted in.', 'share'),
    shifts: flag('It is another by the draft.', true),
    live: list('By the rules in force.', ref('Outcome')),
    draft: list('By the draft.', ref('Outcome')),
  })),
  series: object('The whole history, by the month; at most 120 points.', { live: series('By the rules in force.'), draft: series('By the draft.') }),
  read,
});

const score = object('A score.', {
  n: whole('Customers that had the ring lit at the month end, as known now.', 120),
  predicted: whole('At risk at the month end, by what was known then.', 8),
  happened: whole('Lit then and lost within the horizon, as known now.', 6),
  both: whole('Predicted, and happened.', 5),
  precision: share('Both of predicted; null when nothing was predicted.', 0.625),
  recall: share('Both of happened; null when nothing happened.', 0.833),
  daysAhead: share('Median of the days from the month end that foresaw a loss to the loss, of each loss the first; null when none was foreseen.', 22),
});
const scores = (says: string): Schema => list(says, object('A ring.', { ring, name: choice('Its name.', Object.values(RING_NAMES)), horizon: whole('Days in which a predicted loss must come.', 30), score: nullable(score) }));
const backTest = object('The back-test.', {
  rulesVersion: version,
  ...asked,
  months: list('Each month end.', object('A month end.', { at: instant('The instant.'), rings: scores('Each ring; without a score while its horizon has not passed.') })),
  overall: scores('Each ring over all months.'),
  read,
});

const lines = (result: Schema): Schema => ({
  description: 'Each line is one of these; the last is a result or a problem.',
  oneOf: [object('How far it has come.', { progress: object('How far.', { done: whole('Customers read.', 100), of: whole('Customers there are.', 358) }) }), object('The end.', { result }), object('The end: it went wrong.', { problem: as('What went wrong.', ref('Problem')) })],
});
const answer = (description: string, schema: Schema, more: Partial<Answered> = {}): Answered => ({ status: 200, description, schema, ...more });

export const RULES_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/rules': [answer('The rules.', inForce, { etag: true })],
  'GET /api/v1/rules/history': [answer('The history.', history)],
  'GET /api/v1/rules/compare': [answer('The comparison.', comparison)],
  'POST /api/v1/rules/check': [answer('The check.', checked)],
  'POST /api/v1/rules': [{ status: 201, description: 'Recorded; on disk when this answer comes. The id is the version.', schema: ref('WrittenDto'), etag: true }],
  'POST /api/v1/rules/rehearsals': [answer('The rehearsal, line by line.', lines(rehearsal), { type: NDJSON })],
  'GET /api/v1/rules/back-test': [answer('The back-test, line by line.', lines(backTest), { type: NDJSON })],
};
