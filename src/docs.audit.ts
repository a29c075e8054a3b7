/** What the audit answers with. */
import { ACTIONS } from './access/audit.js';
import type { Answered } from './docs.answers.js';
import { choice, CUSTOMER, ENTRY, instant, list, nullable, object, text, whole } from './docs.schemas.js';

const record = object('What was noted.', {
  at: instant('When.'),
  action: choice('What was done. `backup`: a copy of the data was made on the server’s machine. `denied`: it was not allowed. `gap`: so many records were lost. `retention`: so many were removed at their age.', ACTIONS, 'export'),
  outcome: choice('How it ended.', ['done', 'refused', 'failed']),
  colleague: nullable(text('Id of the colleague; null when nobody was known.', 'ada')),
  via: choice('How they showed who they are. `operator`: by holding the data folder.', ['operator', 'session', 'key', 'nobody'], 'session'),
  route: text('Method and route, without what stands in its braces; of a copy the verb that made it.', 'GET /api/v1/customers/:id/timeline'),
  target: nullable(text('Id of the customer, colleague or figure in the path; of a sign-in that was refused the account that was tried; null without one.', CUSTOMER)),
  part: nullable(text('Id of the entry or person in the path; null without one.', ENTRY)),
  status: whole('HTTP status of the answer; 0 of copies, and of what the audit says of itself.', 200),
  address: text('Address the request came from.', '192.0.2.7'),
  request: text('Id of the request; the server’s own log has it too.', 'k3j1-7'),
  times: whole('How many of the same it stands for.', 1),
  until: nullable(instant('End of a gap; null of all else.')),
});

export const AUDIT_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/audit': [{ status: 200, description: 'A page of the audit; with `format=csv` all that fits, as CSV.', schema: object('A page.', { items: list('The newest first.', record), next: nullable(text('Give it as `cursor` for the next page; null on the last.', 'eyJhIjoxfQ')) }) }],
};
