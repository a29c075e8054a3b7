/** What the operation about contracts ahead answers with. */
import type { Answered } from './docs.answers.js';
import { choice, CUSTOMER, ENTRY, instant, list, named, nullable, object, text, whole } from './docs.schemas.js';

const money = object('An amount a year.', { amount: whole('In minor units of the currency.', 1_200_000), currency: text('ISO 4217 code.', 'EUR') });

const ahead = object('A page.', {
  items: list('The page.', object('A contract with a date ahead.', {
    customer: named('Whose it is.', text('Id of the customer.', CUSTOMER), 'Morel & Fils'),
    owner: nullable(named('Who owns the relationship; null when nobody does.', text('Id of the colleague.', 'ada'), 'Ada Berg')),
    contract: text('Id of the purchase or renewal that made it.', ENTRY),
    date: instant('The date.', '2027-02-01T00:00:00.000Z'),
    what: choice('What it is the date of: it ends; the notice ends; it goes on by itself after it; it was ended, and that takes effect.', ['ends', 'notice', 'goes on', 'ended']),
    money: nullable({ ...money, description: 'What it is worth a year; null when that is not known.' }),
    offering: nullable(text('What was bought; null when it does not say.', 'service-plan')),
    start: nullable(instant('First day of the term.', '2026-02-01T00:00:00.000Z')),
    end: nullable(instant('Its end; of one that goes on by itself the next; null: open-ended.', '2027-02-01T00:00:00.000Z')),
    noticeDays: whole('Days of notice before the end; 0: none.', 90),
    noticeBy: nullable(instant('Last day to give notice; null without notice.', '2026-11-03T00:00:00.000Z')),
    renews: choice('What happens at the end when nobody acts.', ['no', 'automatic', 'open-ended']),
    wouldChooseAgain: nullable(object('The last answer to whether they would choose us again; null when never asked.', { answer: choice('The answer.', ['yes', 'no', 'unsure']), entry: text('Id of the entry that says so.', ENTRY), at: instant('When it was said.') })),
    decisions: list('The decision it came from, and those open.', object('A decision.', {
      entry: text('Id of the entry that opened it.', ENTRY),
      what: nullable(text('What is to be decided; null when it was erased.', 'Which supplier for the new line')),
      openedAt: instant('When it was opened.'),
      neededBy: nullable(instant('When it is needed; null when it does not say.', '2026-12-15T00:00:00.000Z')),
      closedAt: nullable(instant('When it was closed; null while it is open.', '2026-12-10T00:00:00.000Z')),
      outcome: nullable(choice('What was decided; null while it is open.', ['us', 'another', 'postponed', 'nothing'])),
    })),
    alternatives: list('What else the customer looked at, since it was bought.', object('An alternative.', { entry: text('Id of the entry.', ENTRY), at: instant('When they looked.'), alternative: nullable(text('What it was; null when it was erased.', 'Doing it in-house')) })),
  })),
  next: nullable(text('Give it as `cursor` for the next page; null on the last.', 'eyJhIjoxfQ')),
  total: whole('How many there are on all pages.', 3),
  worth: list('What those on all pages are worth a year, by currency.', money),
});

export const CALENDAR_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/calendar.ics': [{ status: 200, description: 'The calendar.', type: 'text/calendar', schema: text('A calendar as RFC 5545 writes it.', 'BEGIN:VCALENDAR') }],
};

export const CONTRACT_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/contracts-ahead': [{ status: 200, description: 'A page of contracts.', schema: ahead }],
};
