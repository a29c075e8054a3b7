/** What the operations about people's data answer with. */
import { ACTS, CHANNELS, kinds, ROLES, STANCES } from './customers/catalogue.js';
import type { Answered } from './docs.answers.js';
import { both, choice, CUSTOMER, ENTRY, flag, instant, list, named, nullable, object, oneOf, PERSON, ref, text, whole, type Schema } from './docs.schemas.js';
import { OUTCOMES, REQUEST_KINDS } from './privacy/person-request.js';
import { COLUMNS, NOT_INCLUDED } from './privacy/person-export.js';
import { KEPT } from './privacy/silence.js';

const LATER = '2026-06-30T00:00:00.000Z';
const answer = (description: string, schema: Schema, more: Partial<Answered> = {}): Answered => ({ status: 200, description, schema, ...more });
const orNone = (schema: Schema): Schema => nullable({ ...schema, enum: [...(schema['enum'] as string[]), null] });
const entry = text('Id of the entry.', ENTRY);
const colleague = (says: string): Schema => text(says, 'ada');
const customer = named('The customer.', text('Id of the customer.', CUSTOMER), 'Morel & Fils');
const person = named('The person.', text('Id of the person.', PERSON), 'Ines Morel');
const next = nullable(text('Give it as `cursor` for the next page; null on the last.', 'WzAsMSwiYSJd'));
const form = orNone(choice('How it was given or taken back; null when that was not said.', kinds['consent-given']!.fields['form']!.choices!));
const channel = orNone(choice('The channel; null: all of them.', CHANNELS, 'phone'));
const sealed = (says: string, example: string): Schema => nullable(text(`${says}; null without, or when it was erased.`, example));

const consent = object('A consent.', {
  entry,
  purpose: text('For what.', 'reference-calls'),
  state: choice('Given, or withdrawn.', ['given', 'withdrawn']),
  since: instant('Since when.'),
  scope: sealed('How far it goes', 'Two calls a year with companies of similar size'),
  wording: sealed('The text they agreed to', 'I agree that Five Ovens names me as a reference for two calls a year.'),
  form,
  loggedBy: colleague('Id of the colleague who logged it.'),
});
const consents = {
  consents: object('What they agreed to.', { now: list('The last word on each purpose.', consent), history: list('All of it, the oldest first.', consent) }),
  objections: object('Whether they object to being contacted.', {
    now: list('What is closed now; empty when nothing is.', object('What is closed.', { channel, since: instant('Since when.') })),
    history: list('All of it, the oldest first.', object('An objection, or its lifting.', { entry, change: choice('Which.', ['objected', 'lifted']), channel, at: instant('When.'), words: sealed('Their words', 'Please take me off your list'), loggedBy: colleague('Id of the colleague who logged it.') })),
  }),
};

const request = object('A request.', {
  id: text('Its id.', '0a7f3f4c-6f57-8a53-9a51-1c2d3e4f5a6b'),
  kind: choice('What they ask.', REQUEST_KINDS),
  customer: nullable(customer),
  person: nullable(person),
  who: sealed('Who asks, where no person is named', 'ines.morel@example.org'),
  words: sealed('What they ask, in their words', 'Please tell me what you have about me'),
  receivedAt: instant('When it came.'),
  dueAt: instant('When it is to be answered.', LATER),
  overdue: flag('It is open, and was due before now.', false),
  recordedBy: colleague('Id of the colleague who recorded it.'),
  extended: nullable(object('It was given more time.', { at: instant('When that was said.'), by: colleague('By whom.'), reason: sealed('Why', 'Six years of letters have to be read') })),
  notes: list('What was done or said on the way.', object('A note.', { at: instant('When.'), by: colleague('By whom.'), note: sealed('What', 'Asked for proof that it is her') })),
  closed: nullable(object('It was closed.', { at: instant('When.'), by: colleague('By whom.'), outcome: choice('What came of it.', OUTCOMES), done: sealed('What was done, or why not', 'Sent the export by post') })),
  revision: whole('Its last revision; give it as If-Match.', 1),
});

// ---- the export -------------------------------------------------------------------------------------------

const recorded = { entry, event: text('Id of its event in the log.', ENTRY), recordedAt: instant('When it was recorded.'), recordedBy: colleague('Id of the colleague who recorded it.') };
const version = (change: string, says: string): Schema => both(
  says,
  object('Its place.', { entry, change: choice('What was recorded.', [change]), inForce: flag('It is what the entry says now.', true) }, {
    movedFrom: object('Where it was logged before it was moved here.', { customer: text('Id of the customer.', CUSTOMER), interaction: text('Id it had there.', ENTRY) }),
    erased: list('Paths of the personal fields that were erased; they are null.', { type: 'string' }, { example: ['summary'] }),
  }),
  ref('Version'),
);
export const privacySchemas = (): Record<string, Schema> => ({
  'PersonLine.logged': version('logged', 'An entry as it was logged.'),
  'PersonLine.corrected': version('corrected', 'A later version of an entry.'),
  'PersonLine.no-longer-named': object('The entry was corrected, and names the person no more.', { ...recorded, change: choice('What was recorded.', ['no-longer-named']) }),
  'PersonLine.retracted': object('The entry was taken back.', { ...recorded, change: choice('What was recorded.', ['retracted']), reason: sealed('Why', 'Logged at the wrong person') }, {
    because: text('Id of the entry whose retraction took it along.', ENTRY),
    replacedBy: text('Id of the entry that stands in its place.', ENTRY),
    movedTo: object('Where it went.', { customer: text('Id of the customer.', CUSTOMER), interaction: text('Id it has there.', ENTRY) }),
  }),
});

const details = {
  name: sealed('Full name', 'Ines Morel'),
  email: sealed('E-mail address', 'ines.morel@example.org'),
  phone: sealed('Phone number', '+49 30 1234567'),
  roles: list('Roles from the start.', { type: 'string', enum: ROLES }, { example: ['decider'] }),
  recordedAt: instant('When this version was recorded.'),
  recordedBy: colleague('By whom.'),
};
const score = (says: string, example: number): Schema => nullable(whole(`${says}; null without.`, example));
const exported = object('All that is held about one person.', {
  person: text('Id of the person.', PERSON),
  customer,
  exportedAt: instant('When this was made.'),
  notIncluded: list('What is not in it, and what to look at before it is passed on.', text('A sentence.', NOT_INCLUDED[0]!)),
  details: object('Name and ways to reach them.', { now: nullable(object('As it stands.', details)), versions: list('Every version, the oldest first.', object('A version.', details)) }),
  roles: list('Roles they have.', object('A role.', { role: choice('Which.', ROLES), since: instant('Since when.'), entry })),
  left: nullable(instant('When they left; null while they are there.', LATER)),
  stances: list('Stances they took, the oldest first.', object('A stance.', { entry, kind: text('Kind of the entry.', 'stance-stated'), at: instant('When.'), stance: choice('Which.', STANCES) })),
  ...consents,
  acts: list('What they did for us in public, or against.', object('An act.', { entry, kind: choice('Which.', ACTS), at: instant('When.'), stars: score('Stars of a review', 5), verification: text('How well it was proved when it was logged.', 'evidenced') })),
  surveys: list('What they answered.', object('An answer.', { entry, at: instant('When.'), nps: score('Would recommend, 0 to 10', 9), csat: score('Satisfied, 1 to 5', 4), ces: score('Easy, 1 to 7', 6) })),
  derived: object('What is worked out from the entries.', {
    recommends: orNone(choice('What their last answer to “would you recommend us” makes of them; null without one.', ['promoter', 'passive', 'detractor'])),
    lastContact: nullable(instant('When they last took part in a conversation, or did something; null when never.')),
    lastEntry: nullable(instant('When an entry in force that names them last happened; null without one.')),
    entriesInForce: whole('How many entries in force name them.', 12),
  }),
  requests: list('What they asked about their data.', request),
  entries: list('Every version of every entry that names them, and retractions, in the order of recording.', oneOf('One of them.', 'change', { logged: 'PersonLine.logged', corrected: 'PersonLine.corrected', 'no-longer-named': 'PersonLine.no-longer-named', retracted: 'PersonLine.retracted' })),
});

// ---- people of whom nothing is heard ----------------------------------------------------------------------

const silent = { customer, person, silentSince: instant('When something that names them last happened or was recorded.') };
const due = object('Whom a sweep would erase now.', {
  months: nullable(whole('The setting erasePeopleAfterMonths; null: off, nobody is erased unasked.', 36)),
  before: nullable(instant('Whoever was not named since then is silent; null when it is off.')),
  total: whole('How many would be erased.', 3),
  items: list('Them, by id; at most `limit`.', object('A person.', silent)),
  keptTotal: whole('How many are silent and kept.', 1),
  kept: list('Them, by id; at most `limit`.', object('A person.', { ...silent, because: choice('Why they are kept.', KEPT) })),
});
const swept = object('What the sweep did.', {
  startedAt: instant('When it began.'),
  months: whole('The setting it went by.', 36),
  erased: whole('People erased.', 3),
  kept: whole('People silent and kept.', 1),
  failed: whole('People whose erasure was refused or went wrong; the next sweep tries them again.', 0),
  people: list('The first 200 of those erased.', object('A person.', { customer: text('Id of the customer.', CUSTOMER), person: text('Id of the person.', PERSON), receipt: text('Id of the receipt.', ENTRY) })),
});

export const PRIVACY_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/customers/{id}/people/{person}/consents': [answer('Consents and objections.', object('Consents and objections.', consents))],
  'GET /api/v1/customers/{id}/people/{person}/export': [
    answer('The file, as JSON.', exported),
    answer('The file, as a table in UTF-8 with a byte order mark.', { type: 'string', description: `Columns: ${COLUMNS.join(', ')}. Cells that a spreadsheet would run begin with an apostrophe.`, example: COLUMNS.join(',') }, { type: 'text/csv' }),
  ],
  'GET /api/v1/requests': [answer('A page of the register.', object('Requests: overdue ones first, then open ones by when they are due, then closed ones.', { open: whole('How many are open.', 3), overdue: whole('How many of these were due before now.', 1), items: list('The page.', request), next }))],
  'POST /api/v1/requests': [{ status: 201, description: 'Recorded; on disk when this answer comes. The id is that of the request.', schema: ref('WrittenDto'), etag: true }],
  'PATCH /api/v1/requests/{id}': [{ status: 200, description: 'Recorded; on disk when this answer comes.', schema: ref('WrittenDto'), etag: true }],
  'GET /api/v1/erasures/due': [answer('Whom it concerns.', due)],
  'POST /api/v1/erasures/sweep': [answer('The sweep is through.', swept)],
};
