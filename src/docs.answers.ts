/** What each operation answers: one table, from which the document is made, and against which real answers are tested. */
import { EXPORT_ANSWERS } from './docs.export.js';
import { OPERATIONS_ANSWERS } from './docs.operations.js';
import { AUDIT_ANSWERS } from './docs.audit.js';
import { ALIGNMENT_ANSWERS, alignmentSchemas } from './docs.alignment.js';
import { HELPED_ANSWERS } from './docs.helped.js';
import { ACCOUNT_ANSWERS } from './docs.accounts.js';
import { CHANNELS, commonFields, DEPARTMENTS, HINT, kinds, ROLES, RULED_EVENTS } from './customers/catalogue.js';
import { FIGURE_ANSWERS, figureSchemas } from './docs.figures.js';
import { REASONS } from './customers/snooze.js';
import { CALENDAR_ANSWERS, CONTRACT_ANSWERS } from './docs.contracts.js';
import { IMPORT_ANSWERS } from './docs.imports.js';
import { HANDOVER_ANSWERS } from './docs.handovers.js';
import { OVERVIEW_ANSWERS } from './docs.overview.js';
import { PRIVACY_ANSWERS, privacySchemas } from './docs.privacy.js';
import { ADVOCACY_ANSWERS, advocacySchemas } from './docs.advocacy.js';
import { PROMISE_ANSWERS } from './docs.promises.js';
import { PROOF_ANSWERS, verdict } from './docs.proof.js';
import { OIDC_ANSWERS } from './docs.oidc.js';
import { RULES_ANSWERS } from './docs.rules.js';
import { ERASURE_ANSWERS } from './docs.erasures.js';
import { SETTINGS_ANSWERS } from './docs.settings.js';
import { as, both, choice, CUSTOMER, ENTRY, entrySchemas, flag, hidden, instant, list, map, named, nullable, object, oneOf, PERSON, ref, text, whole, type Schema } from './docs.schemas.js';
import { DEFAULT_PRESET, PRESETS, RING_NAMES, type Rules } from './rings/rules.js';

export interface Answered {
  readonly status: number;
  readonly description: string;
  readonly schema: Schema;
  /** JSON when left out. */
  readonly type?: string;
  readonly etag?: true;
}

const NDJSON = 'application/x-ndjson';
const LATER = '2026-06-30T00:00:00.000Z';

const customerId = text('Id of the customer.', CUSTOMER);
const customerNamed = named('The customer.', customerId, 'Morel & Fils');
const position = nullable(text('Place in the log; give it as `after` to read what was written.', '1042'));
const next = nullable(text('Give it as `cursor` for the next page; null on the last.', 'eyJhIjoxfQ'));
const entryIds = (says: string): Schema => list(says, { type: 'string' }, { example: [ENTRY] });
const ringNumbers = (says: string, example: readonly number[]): Schema => list(says, { type: 'integer', minimum: 1, maximum: 5 }, { example });
const page = (says: string, items: Schema, more: Record<string, Schema> = {}): Schema => object(says, { items: list('The page.', items), next, ...more });
const repeated = flag('The request had been carried out before; this is its first answer.', false);

// ---- rings ------------------------------------------------------------------------------------------------

const ring = whole('The ring, 1 to 5.', 1, { minimum: 1, maximum: 5 });
const ringName = choice('Its name.', Object.values(RING_NAMES));
const CAUSES = ['dormant', 'closed with thanks', 'expired', 'cancelled', 'refunded', 'no longer a customer', 'value not seen', 'promise missed', 'champion lost', 'lapsed', 'consent withdrawn', 'detractor', 'person left'];
const cause = (says: string, example = 'dormant'): Schema => choice(says, CAUSES, example);
/** A choice that may be none. */
const orNone = (schema: Schema): Schema => nullable({ ...schema, enum: [...(schema['enum'] as string[]), null] });
const marked = choice('Lit by silence alone (tacit), or by acts for which something was given alone (incentivised).', ['tacit', 'incentivised']);
const ringState = (says: string, states: readonly string[], properties: Record<string, Schema> = {}, optional: Record<string, Schema> = {}): Schema => object(says, { ring, name: ringName, state: choice('How it stands.', states), ...properties }, optional);

const wouldLight = list('Kinds of entries that would light it.', { type: 'string' }, { example: ['reply', 'enquiry'] });

const RING_SCHEMAS: Readonly<Record<string, Schema>> = {
  'Ring.nothing-recorded': ringState('Nothing was recorded that could light it.', ['nothing recorded'], { wouldLight }),
  'Ring.not-reached': ringState('Something was recorded that could light it, and it never was lit.', ['not reached'], { wouldLight }),
  'Ring.not-due': ringState('A renewal is not due yet.', ['not due'], { before: instant('It does not fall due before this.', LATER) }),
  'Ring.lit': ringState(
    'It is lit; at risk when it goes out soon unless something happens.',
    ['lit', 'at risk'],
    {
      since: instant('Lit since.'),
      until: nullable(instant('When it goes out if nothing more happens; null for never.', LATER)),
      atRiskFrom: nullable(instant('At risk from then on; null for never.', '2026-05-31T00:00:00.000Z')),
      endsBy: orNone(cause('Why it would go out; null when it never would.')),
      because: entryIds('Ids of the entries that light it.'),
    },
    { marked },
  ),
  'Ring.out': ringState('It was lit, and is no longer.', ['out'], { since: instant('Out since.'), cause: cause('Why it went out.'), because: entryIds('Ids of the entries whose happening or running out ended it.'), wouldLight }),
  Ring: oneOf('How a ring stands.', 'state', { lit: 'Ring.lit', 'at risk': 'Ring.lit', out: 'Ring.out', 'not due': 'Ring.not-due', 'not reached': 'Ring.not-reached', 'nothing recorded': 'Ring.nothing-recorded' }),
};

const standing = {
  lit: ringNumbers('Rings lit, at risk or not.', [1, 2, 3]),
  depth: whole('Consecutive lit rings from ring 1.', 3, { minimum: 0, maximum: 5 }),
  gaps: ringNumbers('Rings out and due while a later one is lit.', []),
  label: choice('What the customer is to us.', ['prospect', 'customer', 'former customer'], 'customer'),
  says: text('The lit rings in words.', '4 of 5, missing Contact'),
};

const spell = object(
  'A period through which a ring was lit.',
  {
    ring,
    name: ringName,
    from: instant('Its beginning.'),
    to: nullable(instant('Its end, also one to come; null when it would never end.', LATER)),
    openedBy: entryIds('Ids of the entries that lit it.'),
    closedBy: entryIds('Ids of the entries whose happening or running out ends it.'),
    cause: orNone(cause('Why it ends; null when it does not.')),
  },
  { marked },
);

const journey = object('The journey of a customer at an instant.', {
  customer: customerId,
  at: instant('The instant it speaks of.'),
  ...standing,
  pausedForAsks: entryIds('Ids of open severe issues; ask for nothing while there are any.'),
  renewedAhead: nullable(instant('When a following term already bought begins; null without one.', LATER)),
  rings: list('The five rings.', ref('Ring')),
  spells: list('Every period of every ring, by ring and beginning.', spell),
  offering: nullable(text('The offering it was narrowed to; null for all.', 'service-plan')),
  asKnown: nullable(text('Place in the log up to which it is known; give it as `asKnown` to have the same answer again.', '1042')),
  rulesVersion: text('Version of the rules by which it was derived.', 'annual-contracts-1f0c2b7e'),
  revision: whole('Last revision of the customer that it has seen.', 7),
});

const ringChange = object('A ring went on or out between two entries.', {
  type: choice('What this item is.', ['ring-change']),
  ring,
  name: ringName,
  change: choice('Which way.', ['lit', 'out']),
  at: instant('When.'),
  cause: orNone(cause('Why it went out; null when it went on.')),
  because: entryIds('Ids of the entries that made the change.'),
  rulesVersion: text('Version of the rules by which they made it.', 'annual-contracts-1f0c2b7e'),
});

const reasonName = (says: string): Schema => choice(says, REASONS, 'ring at risk');
const money = object('An amount a year.', { amount: whole('In minor units of the currency.', 1_200_000), currency: text('ISO 4217 code.', 'EUR') });
const reasonFields = {
  reason: reasonName('The sort of reason.'),
  says: text('The reason in words.', 'Contact at risk: not heard from lately'),
  since: instant('Since when.'),
  until: nullable(instant('What lies ahead: when the ring would go out, the contract or its notice ends, the day of the step is over; null without such a date.', LATER)),
  new: flag('It, or the newest of several alike, began yesterday or today.', true),
  ring: nullable(object('The ring it is about; null for none.', { ring, name: ringName })),
  money: nullable({ ...money, description: 'What the contract is worth a year; null when it is about none, or not known.' }),
  because: entryIds('Ids of the entries behind it.'),
};
const attentionReason = object('A reason.', reasonFields);
const snoozeFields = {
  at: instant('When it was set.'),
  until: instant('Until when.', LATER),
  only: orNone(reasonName('The one sort of reason it is for; null for all.')),
  by: named('Who set it.', text('Id of the colleague.', 'ada'), 'Ada Berg'),
};
const snooze = object('A snooze.', snoozeFields);
const needsAttention = object('A customer that needs attention.', {
  id: customerId,
  name: nullable(text('Its name; null when it was erased.', 'Morel & Fils')),
  owner: nullable(named('Who owns the relationship; null when nobody does.', text('Id of the colleague.', 'ada'), 'Ada Berg')),
  label: choice('What the customer is to us.', ['prospect', 'customer', 'former customer'], 'customer'),
  ...reasonFields,
  reasons: list('All its reasons, the gravest first; the first is that of the line.', attentionReason),
  atStake: nullable(list('What it is worth a year, by currency; null when that is not known.', money)),
  snoozed: flag('It is hidden, and shown because snoozed ones were asked for.', false),
  broughtBack: flag('It was snoozed, and something as grave came up since.', false),
  snoozes: list('Snoozes in force.', object('A snooze.', { ...snoozeFields, id: text('Its id: its words can be erased as those of an entry (erase-text).', ENTRY), why: nullable(text('Why it can wait; null when it was erased.', 'Nobody is there until mid-December')) })),
});

const customerInPortfolio = object('A customer with its rings.', {
  id: customerId,
  name: nullable(text('Its name; null when it was erased.', 'Morel & Fils')),
  segment: nullable(text('Its segment; null without one.', 'bakeries')),
  owner: nullable(named('Who owns the relationship; null when nobody does.', text('Id of the colleague.', 'ada'), 'Ada Berg')),
  rings: list('The five rings.', object('A ring.', { ring, state: choice('How it stands.', ['nothing recorded', 'not reached', 'not due', 'lit', 'at risk', 'out'], 'lit') })),
  ...standing,
  worth: list('What its contracts are worth a year, by currency; empty when that is not known.', money),
  lastContact: nullable(instant('When we last heard from it; null when never.')),
  nextStep: nullable(instant('When its next planned step is due; null without one.', LATER)),
  nextDecision: nullable(instant('When its next open decision is needed; null without one.', LATER)),
  attention: list('Why it needs attention now, the gravest reason first; without what is snoozed.', attentionReason),
  snoozes: list('Snoozes in force.', snooze),
});

const annual = PRESETS[DEFAULT_PRESET]!;
const days = (says: string, example: number | null): Schema => whole(`${says}, in days.`, example);
const kindNames = (says: string, example: readonly string[]): Schema => list(says, { type: 'string' }, { example });
const rules = object('The policy that lights and darkens rings.', {
  preset: text('The preset it comes from.', annual.preset),
  contact: object('Ring 1.', {
    window: days('How long contact counts while ring 2 is out', annual.contact.window),
    windowWhileCustomer: days('How long it counts while ring 2 is lit', annual.contact.windowWhileCustomer),
    except: kindNames('Kinds of the customer’s side that are no evidence of contact.', annual.contact.except),
    attended: kindNames('Kinds that count when attended, whoever began them.', annual.contact.attended),
  }),
  purchase: object('Ring 2.', {
    length: nullable(days('How long a purchase without an end counts; null: until cancelled', annual.purchase.length)),
    beyondEnd: days('How long a purchase counts beyond an end that was stated', annual.purchase.beyondEnd),
    grace: days('How long the ring stays lit after the end', annual.purchase.grace),
  }),
  adoption: object('Ring 3.', {
    window: days('How long shown value counts', annual.adoption.window),
    evidence: kindNames('Kinds that show value.', annual.adoption.evidence),
    csatAfterReview: nullable(days('A survey with csat 4-5 counts so long after a business review; 0: any survey; null: never', 90)),
    championLost: days('How long without a champion, after one left, until it darkens', annual.adoption.championLost),
  }),
  renewal: object('Ring 4.', {
    early: days('How long before the end of a term the following one may begin', annual.renewal.early),
    tacit: flag('Silence counts where a term goes on by itself.', annual.renewal.tacit),
    alsoWithin: nullable(days('A later term that begins so long after the end of an earlier one follows it too; null: no', 0)),
  }),
  advocacy: object('Ring 5.', { window: days('How long an act of advocacy counts', annual.advocacy.window) }),
  warning: object('When to warn before a ring goes out.', { days: days('Rings 1, 3 and 5', annual.warning.days), terms: days('Rings 2 and 4, before the end of the last term', annual.warning.terms) }),
  expected: object('How often we want to hear from a customer.', { contact: nullable(days('Contact; null: off', annual.expected.contact)), review: nullable(days('A business review; null: off', annual.expected.review)) }),
  response: days('How long an opening move waits for an answer', annual.response),
} satisfies Record<keyof Rules, Schema>);

// ---- customers --------------------------------------------------------------------------------------------

const customerRead = object(
  'A customer.',
  {
    id: customerId,
    name: nullable(text('Its name; null when it was erased.', 'Morel & Fils')),
    segment: nullable(text('Its segment; null without one.', 'bakeries')),
    origin: nullable(text('Where it first heard of us; null when not known.', 'trade-fair')),
    referredBy: nullable(text('Id of the customer who referred it; null when nobody did.', CUSTOMER)),
    owner: nullable(text('Id of the colleague who owns the relationship; null when nobody does.', 'ada')),
    team: list('Ids of the colleagues who work with it.', { type: 'string' }, { example: ['ada', 'ben'] }),
    entries: whole('How many entries it has; retracted ones do not count.', 12),
    people: whole('How many people are known there.', 2),
  },
  { source: text('System it comes from.', 'crm'), sourceId: text('Its id in that system.', 'C-1042') },
);

const person = object('A person at the customer.', {
  id: text('Id of the person.', PERSON),
  name: nullable(text('Full name; null when it was erased.', 'Ines Morel')),
  email: nullable(text('E-mail address; null without one, or when it is hidden.', 'ines.morel@example.org')),
  phone: nullable(text('Phone number; null without one, or when it is hidden.', '+49 30 1234567')),
  roles: list('Roles, from the start and given later.', { type: 'string', enum: ROLES }, { example: ['decider'] }),
  left: nullable(instant('When they left; null while they are there.', LATER)),
  lastEntry: instant('When they were last part of an entry.'),
  addedBy: text('Id of the entry that added them.', ENTRY),
}, { hidden });

const entryWithVersions = both('An entry with its history.', ref('Read'), object('Its history.', { versions: list('Each version as it was recorded, oldest first.', ref('Version')) }));
const atCustomer = (says: string, entry: string): Schema => both(says, object('Where it is.', { customer: customerNamed }), ref(entry));

const field = object(
  'A field of an entry.',
  { type: text('Type of its value.', 'choice'), says: text('What it means.', 'Who acted.'), example: { description: 'A value, of the type of the field.', example: 'customer' } },
  {
    required: flag('It must be given.', true),
    choices: list('The values it may have.', { type: 'string' }, { example: ['customer', 'us'] }),
    min: { type: 'number', description: 'Least value.', example: 1 },
    max: { type: 'number', description: 'Greatest value, or length of a text.', example: 4000 },
    of: list('Kinds of the entries it may name.', { type: 'string' }, { example: ['decision-opened'] }),
    personal: flag('Personal data: sealed in the log.', true),
    hint: text('What not to write here.', HINT),
    contact: flag('A way to reach a person: hidden from whoever may not see these.', true),
    binds: flag('Retracting the entry it names takes this one out too.', true),
    untilEnd: flag('A date alone means the end of that day.', true),
  },
);
const fieldExample = (name: string): unknown => ({ [name]: commonFields[name] });
const catalogue = object('The catalogue.', {
  items: list('Every kind of entry.', object(
    'A kind.',
    {
      kind: text('Its name.', 'call'),
      group: choice('Its group.', [...new Set(Object.values(kinds).map(({ group }) => group))]),
      label: text('Its name for people.', 'Call'),
      side: choice('Who acts.', ['customer', 'us', 'either'], 'either'),
      fields: map('Its own fields by name.', ref('Field'), { attended: kinds['call']!.fields['attended'] }),
    },
    {
      synonyms: list('What people also call it.', { type: 'string' }, { example: ['phone', 'rang'] }),
      channel: choice('The channel when none is given.', CHANNELS, 'phone'),
      anyOf: list('At least one of these fields must be given.', { type: 'string' }, { example: ['customerBenefit', 'providerBenefit'] }),
      approaches: flag('We approach the people it names: refused for those who object to being contacted.', true),
      event: choice('The event it is recorded as, where it has rules of its own (promises, asks).', RULED_EVENTS),
    },
  )),
  common: map('Fields that every kind has, by name.', ref('Field'), fieldExample('side')),
  channels: list('All channels.', { type: 'string' }, { example: CHANNELS }),
  departments: list('All departments.', { type: 'string' }, { example: DEPARTMENTS }),
  roles: list('All roles of people.', { type: 'string' }, { example: ROLES }),
});

const loggedEvent = object(
  'An event as it stands in the log.',
  {
    position: text('Its place in the log.', '1042'),
    stream: text('The stream it belongs to.', `customer-${CUSTOMER}`),
    revision: whole('Its place in the stream, from 0.', 7),
    id: text('Its id.', ENTRY),
    type: text('What happened.', 'InteractionLogged'),
    recordedAt: instant('When it was recorded.'),
    metadata: object('Who caused it, and by what.', {
      commandId: text('The command that wrote it; a repeat has the same.', '6f1c2b7e5b3a8c8e9a518d3c2f1e0b6a'),
      n: whole('Which of the command’s events it is, from 0.', 0),
      mac: text('Keyed hash of the request.', 'q83vEjRWeJCrze8SNFZ4kA'),
      correlationId: text('Id of the request, or the chain of requests.', ENTRY),
      causationId: nullable(text('Id of the event that caused it; null for the first of a request.', ENTRY)),
      actor: text('Id of the colleague who acted.', 'ada'),
    }),
    data: map('What it says, by its type; personal fields are opened, or null when they were erased.', true, { kind: 'reply', occurredAt: 1772443800000, side: 'customer', fields: {} }),
    erased: list('Paths of the fields that were erased.', { type: 'string' }, { example: [] }),
  },
);

// ---- operations -------------------------------------------------------------------------------------------

const problem: Schema = {
  ...object(
    'A refusal or an error, by RFC 9457.',
    {
      type: text('Names the problem, like code.', 'urn:five-ring:problem:invalid-fields', { format: 'uri' }),
      title: text('The status in words.', 'Bad request'),
      status: whole('The HTTP status.', 400),
      code: text('The problem, for programs.', 'invalid-fields'),
      detail: text('The problem, for people.', 'entries[0].occurredAt: must be an ISO 8601 date or date-time'),
      requestId: text('Id of the request; the server’s own log has it too.', ENTRY),
    },
    {
      errors: list('The fields that offend.', object('One of them.', { field: text('Its path, as it was sent.', 'entries[0].occurredAt'), code: text('What is wrong, for programs.', 'not-a-date'), detail: text('What is wrong, for people.', 'must be an ISO 8601 date or date-time') })),
      entries: list('Entries that stand in the way.', object('One of them.', { id: text('Its id.', ENTRY), kind: text('Its kind.', 'step-done') }, { falls: flag('It is taken out too; others stay.', true) })),
      revision: whole('The newest revision, when yours is older.', 8),
    },
  ),
  additionalProperties: true,
};

const health = object('How it fares.', {
  status: choice('Whether it serves.', ['ok', 'behind', 'failing']),
  detail: text('The status in words.', 'All is well.'),
  parked: whole('Streams that a view could not take; the status says which, to administrators.', 0),
  lagSeconds: { type: 'number', description: 'Age in seconds of the oldest event that the views do not have yet; 0 when they have all.', example: 0 },
}, {
  store: object('Of a log on another machine.', {
    connected: flag('Whether it answers.', true),
    lastContact: whole('When it last answered, epoch ms.', 1_790_000_000_000),
    reconnects: whole('Connections given up and made anew since the start.', 0),
    notes: list('What somebody should look at.', text('A sentence.', 'KurrentDB at db:2113 did not answer in time.')),
  }),
});

/** The lines of an answer in NDJSON. */
const lines = (progress: Schema, result: Schema): Schema => ({
  description: 'Each line is one of these; the last is a result or a problem.',
  oneOf: [object('How far it has come.', { progress }), object('The end.', { result }), object('The end: it went wrong.', { problem: as('What went wrong.', ref('Problem')) })],
});

export const PROBLEMS = { '4XX': 'Refused: a code and the offending fields; nothing was recorded.', '5XX': 'Not served: a code and the id of the request; nothing was recorded.' } as const;

/** Schemas that answers name. */
export const answerSchemas = (): Record<string, Schema> => ({
  ...entrySchemas(),
  ...RING_SCHEMAS,
  ...figureSchemas(),
  ...privacySchemas(),
  ...alignmentSchemas(),
  ...advocacySchemas(),
  RingChange: ringChange,
  TimelineEntry: both('An entry in the timeline.', object('Its place in the timeline.', { type: choice('What this item is.', ['entry']) }, { versions: list('Of a corrected entry each version, oldest first; only with `originals`.', ref('Version')) }), ref('Read')),
  Rules: rules,
  Field: field,
  Problem: problem,
});

const RECORDED = 'Recorded; on disk when this answer comes.';
const written = (status: number, description = RECORDED, schema = ref('WrittenDto')): Answered => ({ status, description, schema, etag: true });
const read = (description: string, schema: Schema, more: Partial<Answered> = {}): Answered => ({ status: 200, description, schema, ...more });

/** By method and path: what a success answers with. */
export const ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /health/live': [read('It answers.', object('The process answers.', { status: choice('Always ok.', ['ok']) }))],
  'GET /health/ready': [read('It serves.', health), { status: 503, description: 'It does not serve now, and says why.', schema: health }],
  'GET /metrics': [read('The metrics.', { type: 'string', description: 'Metrics as Prometheus reads them.', example: '# TYPE five_ring_events_total counter' }, { type: 'text/plain' })],
  'GET /api/v1/live': [read('Changes, as they happen.', text('Server-sent events.', 'id: 1042\nevent: change\ndata: {"streams":[]}'), { type: 'text/event-stream' })],
  'GET /api/v1/verify': [read('The check, line by line.', lines(object('How far.', { done: whole('Events checked.', 1000) }), verdict), { type: NDJSON })],
  ...PROOF_ANSWERS,
  ...IMPORT_ANSWERS,

  'GET /api/v1/customers': [read('The customer.', customerRead)],
  'POST /api/v1/customers': [written(201, `Registered. ${RECORDED}`), written(200, `It was there; what differs is updated. ${RECORDED}`)],
  'GET /api/v1/customers/{id}': [read('The customer.', customerRead, { etag: true })],
  'PATCH /api/v1/customers/{id}': [written(200)],
  'GET /api/v1/customers/{id}/people': [read('The people.', object('The people.', { items: list('In the order in which they were added.', person) }))],
  'POST /api/v1/customers/{id}/people': [written(201, RECORDED, both('What was written.', ref('WrittenDto'), object('Who was added.', { person: text('Id of the person.', PERSON) })))],
  'GET /api/v1/customers/{id}/interactions': [read('The entry.', entryWithVersions)],
  'POST /api/v1/customers/{id}/interactions': [written(201)],
  'GET /api/v1/customers/{id}/interactions/{interaction}': [read('The entry.', entryWithVersions)],
  'PUT /api/v1/customers/{id}/interactions/{interaction}': [written(200)],
  'POST /api/v1/customers/{id}/interactions/{interaction}/retract': [written(200)],
  'POST /api/v1/customers/{id}/interactions/{interaction}/move': [written(200)],
  'POST /api/v1/customers/{id}/snooze': [written(200)],
  'DELETE /api/v1/customers/{id}/snooze': [written(200)],
  'GET /api/v1/customers/{id}/journey': [read('The journey.', journey)],
  'GET /api/v1/customers/{id}/timeline': [read('A page of the timeline.', page('Entries and ring changes, newest first.', oneOf('An entry or a ring change.', 'type', { entry: 'TimelineEntry', 'ring-change': 'RingChange' })))],

  'GET /api/v1/interactions': [read('The entry.', both('An entry with its history, and its customer.', object('Where it is.', { customer: customerNamed }), entryWithVersions))],
  'GET /api/v1/portfolio': [read('A page of the portfolio.', page('Customers.', customerInPortfolio, { total: whole('How many there are on all pages.', 80), worth: list('What those on all pages are worth a year, by currency; the currency that most have first.', money), segments: list('All segments there are, those of other customers too.', { type: 'string' }, { example: ['bakeries'] }) }))],
  'GET /api/v1/attention': [read('A page of the attention list.', page('Customers, the gravest first.', needsAttention, { total: whole('How many there are on all pages.', 12) }))],
  'GET /api/v1/issues': [read('A page of open issues.', page('Issues.', atCustomer('An open issue.', 'Read.issue-opened')))],
  'GET /api/v1/steps': [read('A page of planned steps.', page('Steps.', atCustomer('A planned step.', 'Read.step-planned')))],
  'GET /api/v1/search': [
    read('What was found.', object('What was found.', {
      customers: list('Customers by name.', customerNamed),
      people: list('People by name.', object('A person.', { id: text('Id of the person.', PERSON), name: nullable(text('Full name.', 'Ines Morel')), customer: customerNamed })),
      entries: list('Entries by their texts.', atCustomer('An entry.', 'Read')),
    })),
  ],
  ...OVERVIEW_ANSWERS,
  ...ADVOCACY_ANSWERS,
  ...PROMISE_ANSWERS,
  ...ALIGNMENT_ANSWERS,
  ...HELPED_ANSWERS,
  ...RULES_ANSWERS,
  ...ACCOUNT_ANSWERS,
  ...CONTRACT_ANSWERS,
  ...CALENDAR_ANSWERS,
  ...HANDOVER_ANSWERS,
  ...SETTINGS_ANSWERS,
  ...ERASURE_ANSWERS,
  ...OIDC_ANSWERS,
  ...PRIVACY_ANSWERS,
  ...AUDIT_ANSWERS,
  ...OPERATIONS_ANSWERS,
  ...EXPORT_ANSWERS,
  'GET /api/v1/kinds': [read('The catalogue.', catalogue)],

  ...FIGURE_ANSWERS,
  'POST /api/v1/kept-figures': [written(201)],

  'GET /api/v1/colleagues': [
    read('The colleagues.', object('The colleagues.', {
      items: list('By name.', object('A colleague.', { id: text('Id of the colleague.', 'ada'), name: nullable(text('Full name; null when it was erased.', 'Ada Berg')), department: choice('Department.', DEPARTMENTS, 'service'), active: flag('Works here.', true) })),
    })),
  ],
  'POST /api/v1/colleagues': [written(201)],
  'PATCH /api/v1/colleagues/{id}': [written(200)],

  'GET /api/v1/log': [read('A page of the log.', object('Events in the order they were recorded.', { items: list('The page.', loggedEvent), next: nullable(text('Give it as `since` for what comes after; null while the log is empty.', '1042')) }))],
  'POST /api/v1/log': [
    written(201, RECORDED, object('What was written.', { entries: entryIds('Ids of the entries written.'), revision: whole('Last revision of the stream; also the ETag.', 0), position, repeated })),
  ],
};
