/** What the operations about erasures answer with. */
import { ERASED_KINDS } from './privacy/erasure-list.js';
import type { Answered } from './docs.answers.js';
import { choice, CUSTOMER, ENTRY, flag, instant, list, nullable, object, PERSON, text, whole, type Schema } from './docs.schemas.js';

const receipt = (says: string): Schema => object(says, {
  id: text('Names the erasure.', '0191e7a0-7c1e-7b3a-9d55-3f2a5e0c1b11'),
  kind: choice('What was erased.', ERASED_KINDS, 'person'),
  customer: nullable(text('Id of the customer; null for a colleague.', CUSTOMER)),
  target: text('Id of the person, customer, entry or colleague.', PERSON),
  at: instant('When.'),
  by: text('Id of the colleague who did it.', 'ada'),
  reason: nullable(text('Why; null when that was erased too.', 'Asked for it by letter of 2 March')),
  people: list('Ids of the people who were erased.', { type: 'string' }, { example: [PERSON] }),
  entries: whole('Entries whose text can no longer be read. That they happened, when, and all figures stay.', 12),
  fields: whole('Sealed fields that can no longer be read.', 31),
  backupsExpire: instant('When the last copy of the keys is to be gone: until then, whoever holds one can still read.'),
  alsoAt: list('Copies of entries at other customers, made when they were moved: to be erased there.', object('A copy.', { customer: text('Id of the customer.', CUSTOMER), interaction: text('Id of the entry there.', ENTRY) })),
  cleaned: flag('The files of names and search words are free of it too; on a large database that takes a moment.', true),
  position: nullable(text('Place in the log of the event that says so; null when the log knows nothing of it.', '1042')),
});

const answer: readonly Answered[] = [{ status: 200, description: 'Erased; the keys are gone from the disk when this answer comes.', schema: receipt('The receipt.') }];

export const ERASURE_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'POST /api/v1/customers/{id}/people/{person}/erase': answer,
  'POST /api/v1/customers/{id}/erase': answer,
  'POST /api/v1/customers/{id}/interactions/{interaction}/erase-text': answer,
  'POST /api/v1/colleagues/{id}/erase': answer,
  'GET /api/v1/erasures': [{ status: 200, description: 'The receipts.', schema: object('The receipts.', { items: list('The newest first.', receipt('A receipt.')), next: nullable(text('Cursor of the next page; null on the last.', 'WzE3NzI0NDM4MDAwMDAsIjAxOTEiXQ')) }) }],
};
