/** What the overview of a customer answers with. */
import { CHANNELS, DEPARTMENTS, ROLES, STANCES } from './customers/catalogue.js';
import { REASONS } from './customers/snooze.js';
import type { Answered } from './docs.answers.js';
import { choice, CUSTOMER, ENTRY, flag, hidden, instant, list, named, nullable, object, PERSON, text, whole } from './docs.schemas.js';
import { LACKS } from './figures/overview.js';

const LATER = '2026-06-30T00:00:00.000Z';
const entry = (says: string) => text(says, ENTRY);
const colleague = (says: string) => named(says, text('Id of the colleague.', 'ada'), 'Ada Berg');
const offering = nullable(text('The offering it is about; null when it names none.', 'service-plan'));
const summary = nullable(text('What was written; null when nothing was, or it was erased.', 'The second line stands still'));

const person = object('A person at the customer.', {
  id: text('Id of the person.', PERSON),
  name: nullable(text('Full name; null when it was erased.', 'Ines Morel')),
  email: nullable(text('E-mail address; null without one, or when it is hidden.', 'ines.morel@example.org')),
  phone: nullable(text('Phone number; null without one, or when it is hidden.', '+49 30 1234567')),
  roles: list('Roles they have.', { type: 'string', enum: ROLES }, { example: ['decider'] }),
  left: nullable(instant('When they left; null while they are there.', LATER)),
  stance: nullable(object('The last stance they took; null when none is known.', { stance: choice('For, mixed or against.', STANCES), at: instant('When.'), entry: entry('Id of the entry that says so.') })),
  lastContact: nullable(instant('When we last heard from them, or they took part; null when never.')),
  lastEntry: instant('When they were last part of an entry.'),
  consents: list('The last word on each purpose.', object('One of them.', { purpose: text('What for.', 'reference'), given: flag('They agree; false when they took it back.', true), at: instant('Since when.'), entry: entry('Id of the entry that says so.') })),
  objections: list('Channels by which they do not want to be contacted.', object('One of them.', { channel: nullable({ ...choice('The channel; null for all.', CHANNELS, 'email'), enum: [...CHANNELS, null] }), since: instant('Since when.') })),
}, { hidden });

const decision = object('A decision the customer has before it.', {
  entry: entry('Id of the entry that opened it.'),
  what: nullable(text('What is to be decided; null when it was erased.', 'Which supplier for the new line')),
  opened: instant('When it was opened.'),
  neededBy: nullable(instant('When it is needed; null when that is not known.', LATER)),
  offering,
  deciders: list('Who decides: those named who are there, else those in the role.', object('One of them.', {
    person: named('Who.', text('Id of the person.', PERSON), 'Ines Morel'),
    met: flag('We have heard from them, or they took part.', true),
    stance: nullable({ ...choice('Their last stance; null when none is known.', STANCES), enum: [...STANCES, null] }),
    late: flag('They were first seen less than 14 days before the decision is needed.', false),
  })),
  lacks: list('What a good decision needs and this one has not.', { type: 'string', enum: LACKS }, { example: ['need agreed'] }),
});

const overview = object('How things stand at a customer.', {
  id: text('Id of the customer.', CUSTOMER),
  name: nullable(text('Its name; null when it was erased.', 'Morel & Fils')),
  at: instant('The instant it speaks of.'),
  segment: nullable(text('Its segment; null without one.', 'bakeries')),
  owner: nullable(colleague('Who owned the relationship; null when nobody did.')),
  team: list('Who works with it.', colleague('A colleague.')),
  worth: list('What its contracts are worth a year, by currency; empty when that is not known.', object('An amount a year.', { amount: whole('In minor units of the currency.', 1_200_000), currency: text('ISO 4217 code.', 'EUR') })),
  lastContact: nullable(instant('When we last heard from it; null when never.')),
  people: list('In the order in which they were added.', person),
  decisions: list('Decisions ahead, the one needed first is first.', decision),
  issues: list('Open issues, the gravest and oldest first.', object('An issue.', { entry: entry('Id of the entry that opened it.'), severity: whole('1 (worst) to 4; 1 and 2 are severe.', 2, { minimum: 1, maximum: 4 }), since: instant('Since when.'), summary, offering })),
  steps: list('Steps planned and not done, the earliest due first.', object('A step.', { entry: entry('Id of the entry that planned it.'), due: instant('When it is due.', LATER), who: colleague('Whose step.'), summary })),
  promises: list('Promises of ours not delivered, the earliest due first.', object('A promise.', {
    entry: entry('Id of the entry by which it was made.'),
    what: nullable(text('What was promised; null when it was erased.', 'A quote for the second line')),
    made: instant('When it was made.'),
    due: instant('By when.', LATER),
    state: choice('Open, or missed since its due instant passed.', ['open', 'missed']),
    owner: colleague('Who sees to it.'),
    department: nullable({ ...choice('The department that owes it; null when that is not known.', DEPARTMENTS, 'sales'), enum: [...DEPARTMENTS, null] }),
    produced: nullable(instant('When it was produced; null while it is not.')),
    offering,
  })),
  offerings: list('Offerings that its entries name.', { type: 'string' }, { example: ['service-plan'] }),
  snoozes: list('Snoozes in force; none of a past day.', object('A snooze.', { id: text('Its id: its words can be erased as those of an entry (erase-text).', ENTRY), at: instant('When it was set.'), until: instant('Until when.', LATER), only: nullable({ ...choice('The one sort of reason it is for; null for all.', REASONS, 'ring at risk'), enum: [...REASONS, null] }), by: colleague('Who set it.'), why: nullable(text('Why it can wait; null when it was erased.', 'Nobody is there until mid-December')) })),
  handover: nullable(object('It was handed over, and the new owner has not said that they took it; null when nothing waits, and of a past day.', { by: colleague('Who gave it.'), at: instant('When.'), entry: entry('Id of the entry that says so.') })),
  entries: whole('How many entries had happened.', 12),
  firstEntry: nullable(instant('When the first of them happened; null without any.')),
});

export const OVERVIEW_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/customers/{id}/overview': [{ status: 200, description: 'How things stand.', schema: overview }],
};
