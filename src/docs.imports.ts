/** What the operations about imports answer with. */
import type { Answered } from './docs.answers.js';
import { as, choice, CUSTOMER, flag, instant, list, map, named, nullable, object, ref, text, whole, type Schema } from './docs.schemas.js';
import { ENCODINGS } from './exchange/csv.js';
import { DATE_FORMATS } from './exchange/file-format.js';
import { RING_NAMES } from './rings/rules.js';

const NDJSON = 'application/x-ndjson';
const RUN = CUSTOMER;

const run = text('Id of the run.', RUN);
const position = nullable(text('Place in the log; give it as `after` to read what was written. Null when nothing was.', '1042'));
const recorded = {
  customersCreated: whole('Customers registered.', 40),
  customersChanged: whole('Customers brought up to date.', 2),
  entriesAdded: whole('Entries logged.', 1990),
  entriesCorrected: whole('Entries corrected.', 5),
};
const counts = {
  rows: whole('Rows read.', 2000),
  ...recorded,
  alreadyHere: whole('Rows that were here already.', 3),
  failed: whole('Rows that were refused.', 2),
  skipped: whole('Rows that the mapping leaves out.', 4),
  skippedBecause: map('How many of these for which of its reasons.', whole('Rows.', 4), { deleted: 4 }),
  further: whole('Entries that rows gave beside their first: rows + further = added + corrected + here already + refused + left out.', 0),
  kinds: map('Entries logged, by kind.', whole('Entries.', 1990), { call: 1990 }),
};
const line = whole('Line on which it ends.', 17);
const wrong = list('What is wrong with it.', object('A field.', { field: text('The field.', 'occurredAt'), code: text('What is wrong, for programs.', 'not-a-date'), message: text('What is wrong, for people.', 'must be an ISO 8601 date or date-time') }));
const column = (says: string): Schema => list(says, { type: 'string' }, { example: ['Contract end'] });
const encoding = choice('How its text is written.', ENCODINGS);
const delimiter = text('What separates its fields.', ';');
const formats = {
  format: choice('How dates are written, as a mapping says it.', DATE_FORMATS, 'DD/MM/YYYY'),
  or: nullable(text('Another way that fits as well, such as the month first: the data do not tell, somebody must. Null when they do.', 'MM/DD/YYYY')),
};

const result = object('The result.', {
  ...counts,
  dryRun: flag('It was only tried.', false),
  run: nullable(text('Id of the run, to list and to undo it; null on a dry run, and while nothing was ever recorded.', RUN)),
  readAs: object('How the file was read: as the mapping says, or as its beginning shows.', { encoding, delimiter }),
  rings: list('What the file has for each ring.', object('A ring.', {
    ring: whole('The ring.', 2, { minimum: 1, maximum: 5 }),
    name: choice('Its name.', Object.values(RING_NAMES)),
    customers: whole('Customers of the file with evidence in it that could light the ring.', 12),
    of: whole('Customers of the file with good rows.', 40),
    kinds: list('Kinds of entries that would supply it for the others; empty when none lacks it.', { type: 'string' }, { example: ['purchase', 'renewal'] }),
    needs: nullable(text('What these entries must say; null when no customer lacks it.', 'what was bought, best with start, end and amount')),
    columns: column('Columns that the mapping does not read and that may hold it, by their names.'),
  })),
  errors: list('The first of the rows that were refused.', object('A row.', { line, errors: wrong })),
  position,
});

const undoCounts = {
  customersRemoved: whole('Customers that the import registered, out of sight now.', 40),
  customersRestored: whole('Customers whose details are as before.', 2),
  entriesRetracted: whole('Entries taken back.', 1990),
  entriesRestored: whole('Entries that say again what they said before.', 5),
  kept: whole('Customers left as they are: somebody built on them in the very moment, or what stood there before was erased.', 0),
};
const undone = object('What was taken back.', { run, ...undoCounts, repeated: flag('It had been undone before; the counts are those of then.', false), position });

const broken = object('The end: it went wrong.', { problem: as('What went wrong.', ref('Problem')) });
const lines = (...schemas: readonly Schema[]): Schema => ({ description: 'Each line is one of these; the last is a result or a problem.', oneOf: [...schemas, broken] });

const listed = object('The imports.', {
  items: list('The newest first.', object('An import.', {
    id: run,
    source: text('The source of its customers, as the mapping says.', 'crm'),
    file: nullable(text('Name of the file; null when it had none.', 'tickets.csv')),
    status: choice('How it stands. Broken off: run it again with the same key, and it goes on.', ['running', 'broken off', 'finished', 'undoing', 'undone'], 'finished'),
    startedAt: instant('When it first recorded something.'),
    startedBy: named('By whom.', text('Id of the colleague.', 'ada'), 'Ada Berg'),
    finishedAt: nullable(instant('When its file had been read to the end; null before.')),
    recorded: nullable(object('What it recorded; null until it has finished.', { ...recorded, rows: whole('Rows of the file.', 2000), failed: whole('Rows that were refused.', 2) })),
    undoneAt: nullable(instant('When it was undone; null when it was not.')),
    undoneBy: nullable(named('By whom.', text('Id of the colleague.', 'ada'), 'Ada Berg')),
    undone: nullable(object('What was taken back; null when it was not undone.', undoCounts)),
  })),
});

const recognised = object('What the file is.', {
  format: choice('How the file is written.', ['csv', 'json']),
  list: nullable(text('Of JSON whose list stands under a key of one object: that key; else null.', 'conversations')),
  encoding,
  isMixed: flag('It has letters of UTF-8 and bytes that are none: text of two encodings, or damaged.', false),
  delimiter,
  rows: whole('Rows below the header; of JSON, objects.', 2000),
  columns: list('The columns, in their order.', object('A column.', {
    name: text('Its name; of JSON, a path.', 'Opened at'),
    examples: list('Some of its values, the most frequent first.', { type: 'string' }, { example: ['31.12.2025 09:00'] }),
    values: whole('Different values, up to 100.', 100),
    hasMore: flag('There are more, or longer ones.', true),
    dates: nullable(object('How its values are written as dates; null when they are none.', formats)),
  })),
  dates: nullable(object('The column that says when something happened; null when none does.', { column: text('Its name.', 'Opened at'), ...formats })),
  layout: nullable(text('Ready mapping that its columns fit; null when none does.', 'hubspot-calls')),
  mapping: map('That of the layout; else a first mapping, by the names of the columns and what stands in them: look it over before you import.', true, { customer: { source: 'tickets', sourceId: '{Customer}' }, entry: { kind: 'issue-opened', occurredAt: '{Opened at}' } }),
  problems: list('What the mapping lacks.', object('A problem.', { field: text('The field of the mapping.', 'entry.kind'), code: text('What is wrong, for programs.', 'missing'), message: text('What is wrong, for people.', 'must be given') })),
  unused: column('Columns that the mapping does not read.'),
});

const layouts = object('The ready mappings.', {
  items: list('By product.', object('One of them.', {
    name: text('Its name, for layout.', 'hubspot-calls'),
    product: text('Whose files it reads.', 'HubSpot'),
    what: text('What their rows are.', 'Calls'),
    reads: text('Which file it reads.', 'the CSV export of the calls index page'),
    format: choice('How the file is written.', ['csv', 'json']),
    knownBy: list('Columns that the file must have; of JSON, paths.', { type: 'string' }, { example: ['Record ID'] }),
    mapping: map('The mapping, before it is fitted to the columns of a file: those that a file lacks are left out.', true, { customer: { source: 'hubspot', sourceId: '{Associated Company IDs}' }, entry: { kind: 'call', occurredAt: '{Activity date}' } }),
  })),
});

const answer = (description: string, schema: Schema, more: Partial<Answered> = {}): Answered => ({ status: 200, description, schema, ...more });

export const IMPORT_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'POST /api/v1/imports': [answer('The import, line by line.', lines(object('The counts so far.', { progress: object('Counts.', counts) }), object('A row that was refused.', { bad: object('The row.', { line, errors: wrong, row: text('Its text, at most 10,000 characters; empty when it cannot be told from what stands around it.', 'Morel,soon') }) }), object('The end.', { result })), { type: NDJSON })],
  'GET /api/v1/imports': [answer('The imports.', listed)],
  'GET /api/v1/imports/layouts': [answer('The ready mappings.', layouts)],
  'POST /api/v1/imports/recognise': [answer('What the file is.', recognised)],
  'POST /api/v1/imports/{id}/undo': [answer('The undo, line by line.', lines(object('How far it has come.', { progress: object('Customers.', { customers: whole('Customers looked after.', 100), of: whole('Customers that the import touched.', 3804) }) }), object('The end.', { result: undone })), { type: NDJSON })],
};
