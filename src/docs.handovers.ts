/** What the operations about handing over answer with. */
import type { Answered } from './docs.answers.js';
import { CUSTOMER, ENTRY, flag, instant, list, named, nullable, object, text, whole } from './docs.schemas.js';

const customerNamed = named('The customer.', text('Id of the customer.', CUSTOMER), 'Morel & Fils');
const colleague = (says: string, id: string, name: string) => named(says, text('Id of the colleague.', id), name);

const waiting = object('A page.', {
  items: list('The page.', object('A customer that waits.', {
    customer: customerNamed,
    owner: colleague('Who owns it now.', 'ben', 'Ben Orth'),
    by: colleague('Who made them the owner.', 'ada', 'Ada Berg'),
    at: nullable(instant('Since when they own it; null: from its registration on.')),
    entry: nullable(text('Id of the entry that says so; null: its registration does.', ENTRY)),
  })),
  next: nullable(text('Give it as `cursor` for the next page; null on the last.', 'eyJhIjoxfQ')),
});

const done = object('What was done.', {
  items: list('Each customer.', object('A customer.', {
    customer: text('Id of the customer.', CUSTOMER),
    done: flag('It was done; false when it was so already.', true),
    repeated: flag('An earlier sending of this request did it.', false),
    entry: nullable(text('Id of the entry that says so; null when nothing had to be done.', ENTRY)),
  })),
  done: whole('With how many it was done.', 1),
  unchanged: whole('With how many nothing had to be done.', 0),
  position: nullable(text('Place in the log; give it as `after` to read what was written. Null when nothing was.', '1042')),
});

export const HANDOVER_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/handovers': [{ status: 200, description: 'A page of customers that wait.', schema: waiting }],
  'POST /api/v1/handovers': [{ status: 200, description: 'What was done with each; on disk when this answer comes.', schema: done }],
  'POST /api/v1/handovers/acknowledge': [{ status: 200, description: 'What was done with each; on disk when this answer comes.', schema: done }],
};
