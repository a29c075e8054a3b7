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
  })),
  next: nullable(text('Give it as `cursor` for the next page; null on the last.', 'eyJhIjoxfQ')),
  total: whole('How many there are on all pages.', 3),
  worth: list('What those on all pages are worth a year, by currency.', money),
});

export const CONTRACT_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/contracts-ahead': [{ status: 200, description: 'A page of contracts.', schema: ahead }],
};
