/** What the operations for those who run it answer with: status, parked streams, the sample. */
import type { Answered } from './docs.answers.js';
import { as, CUSTOMER, instant, list, nullable, object, ref, text, whole, type Schema } from './docs.schemas.js';

const parkedStream = object('One of them.', { view: text('The view.', 'timeline'), stream: text('The stream.', `customer-${CUSTOMER}`), revision: whole('It waits from this revision on.', 7), reason: text('Why.', 'the row was refused') });

const status = object('What runs, and where.', {
  version: text('Of Five-Ring.', '0.1.0'),
  node: text('Version of Node.js.', '24.21.0'),
  startedAt: instant('When it was started.'),
  store: text('Where the log is, without passwords.', 'sqlite:/var/lib/five-ring/log.db'),
  zone: text('Time zone that decides days.', 'Europe/Berlin'),
  disk: nullable(object('Of the data folder; null where the system does not say.', { free: whole('Bytes that can still be written.', 21_474_836_480), total: whole('Bytes in all.', 107_374_182_400) })),
  files: list('Files of the data folder, the largest first.', object('A file.', { name: text('Its name.', 'log.db'), bytes: whole('Its size.', 1_048_576) })),
  lastBackup: nullable(object('The newest that five-ring backup or upgrade made of these data; null when there is none.', { at: instant('When it was made.'), version: text('Of the program that made it.', '0.1.0'), problems: whole('How much was wrong with the copies.', 0) })),
  parked: list('Streams that a view could not take.', parkedStream),
});

const retried = object('What became of it.', {
  freed: whole('Streams that are shown again.', 1),
  parked: list('Those that still fail.', parkedStream),
});

const sampleLines: Schema = {
  description: 'Each line is one of these; the last is a result or a problem.',
  oneOf: [
    object('How far it has come.', { progress: object('How far.', { done: whole('Entries logged.', 500), of: whole('Entries there are to log.', 6000) }) }),
    object('The end.', { result: object('What was loaded.', { colleagues: whole('Colleagues.', 9), customers: whole('Customers.', 80), entries: whole('Entries.', 6000) }) }),
    object('The end: it went wrong.', { problem: as('What went wrong.', ref('Problem')) }),
  ],
};

const rebuildLines: Schema = {
  description: 'Each line is one of these; the last is a result or a problem.',
  oneOf: [
    object('How far it has come.', { progress: object('How far.', { done: whole('Events of the log that the new views know.', 500), of: whole('Events that the live ones know.', 6000) }) }),
    object('The end.', { result: object('The new views are live.', { events: whole('Events they speak of.', 6000), parked: whole('Streams that a view could not take.', 0), ms: whole('How long it took, in milliseconds.', 900) }) }),
    object('The end: it went wrong.', { problem: as('What went wrong; the views are as they were.', ref('Problem')) }),
  ],
};

export const OPERATIONS_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/status': [{ status: 200, description: 'The status.', schema: status }],
  'POST /api/v1/parked/retry': [{ status: 200, description: 'Tried.', schema: retried }],
  'POST /api/v1/rebuild': [{ status: 200, description: 'The making, line by line.', schema: rebuildLines, type: 'application/x-ndjson' }],
  'POST /api/v1/sample': [{ status: 200, description: 'The loading, line by line.', schema: sampleLines, type: 'application/x-ndjson' }],
};
