/** What the operations about promises answer with. */
import { DEPARTMENTS } from './customers/catalogue.js';
import { PROMISE_STATES } from './customers/promises.js';
import type { Answered } from './docs.answers.js';
import { both, choice, CUSTOMER, ENTRY, flag, instant, list, named, nullable, object, PERSON, ref, text, whole } from './docs.schemas.js';

const LATER = '2026-06-30T21:59:59.999Z';
const step = (says: string) => nullable(object(says, { at: instant('When.'), entry: text('Id of the entry that says so.', ENTRY) }));
const colleague = (says: string) => named(says, text('Id of the colleague.', 'ada'), 'Ada Berg');

const promise = object('A promise.', {
  id: text('Its id: that of the entry by which it was made.', ENTRY),
  customer: named('To whom.', text('Id of the customer.', CUSTOMER), 'Morel & Fils'),
  yours: flag('You own the customer, are in its team, or nobody owns it.', true),
  what: nullable(text('What was promised; null when it was erased.', 'A quote for the second line')),
  made: instant('When it was made.'),
  due: instant('By when.', LATER),
  state: choice('open: not delivered, and still due · missed: its due instant has passed · kept: delivered by then · repaired: delivered later.', PROMISE_STATES),
  dueToday: flag('Open, and due on the day that is today.', false),
  daysLate: whole('Whole days by which it is, or was, late; 0 when it is not.', 0),
  owner: colleague('Who sees to it.'),
  department: nullable({ ...choice('The department that owes it; null when that is not known.', DEPARTMENTS, 'service'), enum: [...DEPARTMENTS, null] }),
  people: list('To whom it was given.', named('One of them.', text('Id of the person.', PERSON), 'Ines Morel')),
  offering: nullable(text('The offering it is about; null when it names none.', 'service-plan')),
  givenIn: nullable(text('Id of the entry in which it was given; null when that was not said.', ENTRY)),
  summary: nullable(text('More about it; null without, or when it was erased.', 'They need it for the bank')),
  loggedBy: nullable(colleague('Who made it known.')),
  produced: step('When it was ready; null while nobody said so.'),
  delivered: step('When it got to the customer; null while it has not.'),
  confirmed: step('When the customer confirmed it; null while they have not.'),
});

const page = object('A page of promises.', {
  items: list('The page, the earliest due first.', promise),
  next: nullable(text('Give it as `cursor` for the next page; null on the last.', 'eyJhIjoxfQ')),
  totals: object('How many there are, whatever states are asked for.', {
    open: whole('Not delivered, and still due.', 4), dueToday: whole('Of these, due today.', 1), missed: whole('Not delivered, and overdue.', 2), kept: whole('Delivered by then.', 31), repaired: whole('Delivered later.', 3), confirmed: whole('Of the delivered, confirmed by the customer.', 20),
  }),
});

const recorded = { status: 201, description: 'Recorded; on disk when this answer comes.', etag: true } as const;
const withStep: Answered = { ...recorded, schema: ref('WrittenDto') };

export const PROMISE_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/promises': [{ status: 200, description: 'A page of promises.', schema: page }],
  'GET /api/v1/customers/{id}/promises': [{ status: 200, description: 'A page of the promises made to the customer.', schema: page }],
  'POST /api/v1/customers/{id}/promises': [{ ...recorded, schema: both('What was recorded.', ref('WrittenDto'), object('And the promise.', { promise: text('Id of the promise.', ENTRY) })) }],
  'POST /api/v1/customers/{id}/promises/{interaction}/produced': [withStep],
  'POST /api/v1/customers/{id}/promises/{interaction}/delivered': [withStep],
  'POST /api/v1/customers/{id}/promises/{interaction}/confirmed': [withStep],
  'POST /api/v1/customers/{id}/promises/{interaction}/withdraw': [{ status: 200, description: 'Taken back, with its steps.', schema: ref('WrittenDto'), etag: true }],
};
