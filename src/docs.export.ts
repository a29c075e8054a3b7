/** What the exports answer with: files, each in its own form. */
import type { Answered } from './docs.answers.js';
import { flag, instant, object, text, whole, map, type Schema } from './docs.schemas.js';
import { ENTRY_COLUMNS, SPELL_COLUMNS } from './exchange/tables.js';

const table = (columns: readonly string[]): Schema => ({ type: 'string', description: `In UTF-8 with a byte order mark. Columns: ${columns.join(', ')}. Cells that a spreadsheet would run begin with an apostrophe.`, example: columns.slice(0, 6).join(',') });

const logLine: Schema = {
  description: 'Each line is one of these: the first says what the file is, the last that it is whole.',
  oneOf: [
    object('The first line.', { fiveRingLog: whole('Format of the file.', 1), exportedAt: instant('When it was made.'), version: text('Of the program that made it.', '0.1.0') }),
    object('An event, in log order.', {
      id: text('Id of the event.', '0191e7a0-7c1e-7b3a-9d55-3f2a5e0c1b11'),
      stream: text('Stream it belongs to.', 'customer-7f9c2b7e-5b3a-8c8e-9a51-8d3c2f1e0b6a'),
      revision: whole('Place in its stream, from 0.', 7),
      type: text('Type of the event.', 'InteractionLogged'),
      recordedAt: instant('When it was recorded.'),
      metadata: map('Who caused it, by which command, and in which chain of causes.', true, { actor: 'ada' }),
      data: map('As it is stored: what is personal is sealed.', true, { kind: 'call' }),
    }),
    object('The last line.', { end: flag('Always true.', true), events: whole('Events in the file.', 1042), head: text('Head of the proof over all of them.', 'd2a84f4b8b650937ec8f73cd8be2c74add5a911ba64df27458ed8229da804a26') }),
  ],
};

const file = (description: string, schema: Schema, type: string): readonly Answered[] => [{ status: 200, description, schema, type }];

export const EXPORT_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/export/log': file('The log, line by line.', logLine, 'application/x-ndjson'),
  'GET /api/v1/export/interactions': file('The table of entries.', table(ENTRY_COLUMNS), 'text/csv'),
  'GET /api/v1/export/journeys': file('The table of stretches in which rings were lit.', table(SPELL_COLUMNS), 'text/csv'),
  'GET /api/v1/export/xes': file('The event log.', { type: 'string', description: 'XES, IEEE 1849-2016.', example: '<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">' }, 'application/xml'),
  'GET /api/v1/customers/{id}/export': file('The page.', { type: 'string', description: 'HTML in one file, without a script.', example: '<!doctype html>' }, 'text/html'),
};
