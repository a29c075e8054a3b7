/** What the operations about alignment answer with: detectors, checks, what they found, campaigns, enablements, tags. */
import { SETTING_NAMES, SETTING_UNITS } from './access/settings.js';
import { ROLES } from './customers/catalogue.js';
import type { Answered } from './docs.answers.js';
import { choice, CUSTOMER, ENTRY, instant, list, map, named, nullable, object, ref, text, whole, type Schema } from './docs.schemas.js';
import { ANSWERS, FOUND } from './figures/checking.js';

const read = (description: string, schema: Schema): Answered => ({ status: 200, description, schema });
const strings = (says: string, example: readonly string[]): Schema => list(says, { type: 'string' }, { example });

const answer = choice('Its answer: it fires, it is clean, or it cannot tell.', ANSWERS, 'clean');
const missing = list('What was not recorded, and in how many records.', object('One of it.', { what: text('What is missing.', 'stated needs of the customer'), records: whole('In how many records.', 3) }));
const counts = {
  answer,
  n: whole('How many are known.', 24),
  off: whole('How many of these are off.', 4),
  missing,
  value: text('The numbers in a sentence: the counts first below 30.', '4 of 24 (16.7 %; 6.7 to 35.9 %) of answers of customers with stated needs'),
};
const verdict = { ...counts, parts: list('The groups, each judged; empty where there are none.', object('A group.', { group: text('The group.', 'spring-mailing'), ...counts })) };
const check = {
  name: text('Name of the check.', 'need-in-message'),
  title: text('Its name for people.', 'Messages speak to needs'),
  says: text('What it tells.', 'Whether those who answer a campaign have a need it speaks to.'),
  fires: text('When it fires, to the letter.', 'half or more share no tag of their first three needs with the message'),
  counts: text('What n counts.', 'answers of customers with stated needs'),
  groups: nullable(text('What a group is; null: there are none.', 'campaign')),
};
const finding = {
  found: choice('What it is: off, fits, or unknown.', FOUND),
  group: nullable(text('Its group; null where there are none.', 'spring-mailing')),
  missing: nullable(text('Of what is unknown: what was not recorded; else null.', null)),
  says: nullable(text('What is off or fits, in a few words; null where the entries say it.', 'needs less-downtime; message even-bake')),
  because: strings('Ids of the customer’s entries that say so.', [ENTRY]),
  own: strings('Ids of entries of ours, tied to no customer, that play a part.', [ENTRY]),
};
const customer = object('The customer.', { id: text('Id of the customer.', CUSTOMER), name: nullable(text('Its name; null when it was erased.', 'Morel & Fils')) });
const windowOf = (says: string): Schema => object(says, { from: instant('Its first instant.', '2025-07-01T00:00:00.000Z'), to: instant('Its end, no part of it.', '2026-07-01T00:00:00.000Z') });
const clocks = {
  asOf: instant('What was true then: the instant it speaks of.'),
  asKnown: nullable(text('Place in the log up to which it is known; give it as `asKnown`, with `asOf`, to have the same answer again. Null: nothing was.', '1042')),
  rulesVersion: text('Version of the rules it was computed by.', 'annual-contracts-1f0c2b7e'),
};
const head = {
  ...clocks,
  filter: map('What the customers were narrowed to.', { type: 'string' }, { segment: 'bakeries' }),
  note: nullable(text('Which departments were put together, and why; null where none were.', null)),
  parked: whole('Streams that a view could not take; their customers may be missing.', 0),
};
const cost = object('What it cost.', { customers: whole('Customers read.', 358), events: whole('Events read.', 19_763), ms: whole('Milliseconds.', 240) });
const by = named('Who logged it.', text('Id of the colleague.', 'ada'), 'Ada Berg');
const uses = (says: string): Schema => list(says, ref('TagInUse'));

const evidence = [read('A page of what was found.', object('What was found.', {
  ...head,
  total: whole('How many there are on all pages.', 24),
  items: list('The page: first what is off, then what is unknown, then what fits.', object('What was found at a customer.', { customer, check: text('Name of the check.', 'need-in-message'), ...finding })),
  next: nullable(text('Give it as `cursor`, with the `asOf` and `asKnown` of this page, for the next; null on the last.', 'eyJhIjoxfQ')),
  read: cost,
}))];

export const alignmentSchemas = (): Record<string, Schema> => ({
  TagInUse: object('A key in use.', { tag: text('The key.', 'less-downtime'), uses: whole('How often: customers for needs, campaigns for what campaigns say.', 12) }),
});

export const ALIGNMENT_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/alignment': [read('The detectors.', object('The six detectors.', {
    ...head,
    period: windowOf('What is looked at.'),
    items: list('In their order.', object('A detector.', {
      number: whole('Its number, 1 to 6.', 1),
      name: text('Its name.', 'message-and-need'),
      title: text('Its name for people.', 'Message and need'),
      says: text('What is misaligned.', 'We speak of something else than what they need.'),
      answer,
      thresholds: list('Its thresholds as they were known.', object('A threshold.', {
        setting: choice('Name of the setting.', SETTING_NAMES, 'alignmentNeedPercent'),
        value: whole('What it is.', 50),
        unit: nullable(choice('What it counts.', SETTING_UNITS, 'percent')),
        says: text('What it means.', 'Alignment looks back so far where nothing else is said.'),
      })),
      checks: list('Its checks; it fires where one of them does.', object('A check.', { ...check, ...verdict })),
    })),
    read: cost,
  }))],
  'GET /api/v1/alignment/{detector}/evidence': evidence,
  'GET /api/v1/checks': [read('The checks.', object('The checks.', { ...head, items: list('In their order.', object('A check.', { ...check, period: nullable(windowOf('What is looked at; null: it speaks of one instant.')), ...verdict })), read: cost }))],
  'GET /api/v1/checks/{check}/evidence': evidence,
  'GET /api/v1/customers/{id}/checks': [read('The checks at the customer.', object('The checks at a customer.', {
    customer: text('Id of the customer.', CUSTOMER),
    ...clocks,
    items: list('All checks, then those of the detectors.', object('A check.', {
      ...check,
      detector: nullable(text('The detector it belongs to; null: it stands by itself.', 'message-and-need')),
      answer: nullable({ ...answer, description: 'Its answer; null where it does not concern this customer.' }),
      findings: list('What it found.', object('A finding.', finding)),
    })),
  }))],
  'GET /api/v1/campaigns': [read('The campaigns.', object('The campaigns.', {
    items: list('The newest first.', object('A campaign.', {
      campaign: text('Key of the campaign.', 'spring-mailing'),
      claims: strings('What it claims.', ['saves-time']),
      needTags: strings('Needs it speaks to.', ['less-downtime']),
      offering: nullable(text('What it offers; null when it does not say.', 'service-plan')),
      callToAction: nullable(text('What it asks the reader to do; null when it does not say.', 'book-a-demo')),
      audienceRoles: list('Roles it is meant for.', { type: 'string', enum: ROLES }, { example: ['decider'] }),
      entry: text('Id of the entry that launched it last.', ENTRY),
      launchedAt: instant('When that was.'),
      launches: whole('How often it was launched.', 1),
      by,
    })),
  }))],
  'GET /api/v1/enablements': [read('The enablements.', object('The enablements.', {
    items: list('The newest first.', object('An enablement.', { entry: text('Id of the entry.', ENTRY), colleague: named('Who was trained.', text('Id of the colleague.', 'ada'), 'Ada Berg'), offering: text('For which offering.', 'service-plan'), completedAt: instant('When.'), by })),
  }))],
  'GET /api/v1/tags': [read('Keys in use.', object('Keys in use.', {
    claims: uses('What campaigns claim.'),
    needTags: uses('Needs that campaigns speak to.'),
    needs: uses('Needs that customers stated.'),
    offerings: uses('Offerings named by customers’ entries and campaigns.'),
    callsToAction: uses('What campaigns ask for.'),
  }))],
};
