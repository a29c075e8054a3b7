/** HubSpot: the activities as its index pages export them, with the labels of their properties or with the names of the API. */
import type { Cell, Cells, When } from '../cells.js';
import type { Layout } from '../layouts.js';
import type { LeftOut } from '../mapping.js';

const given = (column: string): When => ({ column, isNot: [''] });
const PRIMARY = 'Associated Company IDs (Primary)';

/** The company; who has none is a customer by the contact. Of several the first counts. */
const customer: Cells = {
  source: 'hubspot',
  sourceId: { first: [{ column: PRIMARY, as: 'first-item' }, { column: 'Associated Company IDs', as: 'first-item' }, { text: 'contact-{Associated Contact IDs}', as: 'first-item', when: given('Associated Contact IDs') }] },
  name: { first: [{ column: 'Associated Company (Primary)', as: 'first-item' }, { column: 'Associated Company', as: 'first-item' }, { column: 'Associated Contact', as: 'first-item' }], cut: 200 },
};

const deleted: LeftOut = { when: { column: 'Archived', is: ['true', 'yes', '1'] }, why: 'deleted' };
const nobodys: LeftOut = { when: [{ column: PRIMARY, is: [''] }, { column: 'Associated Company IDs', is: [''] }, { column: 'Associated Contact IDs', is: [''] }], why: 'tied to no company or contact' };

/** Exports write dates in the zone of the account; the API in UTC, or in ms since 1970. */
const at = (column: string): Cell => ({ column, as: 'unix-ms' });
const ID = { 'Record ID': ['hs_object_id', 'Object ID'], 'Activity date': ['hs_timestamp'], Archived: ['hs_archived'], [PRIMARY]: ['Primary Associated Company ID', 'associated_company_id'] };
const summary = (title: string, body: Cell): Cell => ({ join: [title, body], cut: 4000 });
const html = (column: string): Cell => ({ column, as: 'html' });

const calls: Layout = {
  name: 'hubspot-calls',
  product: 'HubSpot',
  what: 'Calls',
  reads: 'the CSV export of the calls index page',
  knownBy: ['Record ID', 'Activity date', 'Call direction'],
  otherNames: { ...ID, 'Call title': ['hs_call_title'], 'Call notes': ['hs_call_body', 'Call body'], 'Call direction': ['hs_call_direction'], 'Call outcome': ['hs_call_disposition'], 'Call status': ['hs_call_status'] },
  mapping: {
    customer,
    entry: {
      kind: 'call',
      occurredAt: at('Activity date'),
      side: { column: 'Call direction', values: { INBOUND: 'customer', OUTBOUND: 'us' }, default: 'us' },
      attended: {
        first: [
          {
            column: 'Call outcome',
            values: {
              Connected: 'true', 'f240bbac-87c9-4f6e-bf70-924b57d47db7': 'true',
              Busy: 'false', '9d9162e7-6cf3-4944-bf63-4dff82258764': 'false',
              'Left live message': 'false', 'a4c4c377-d246-4b32-a13b-75a56a4cd0ff': 'false',
              'Left voicemail': 'false', 'b2cf5968-551e-4856-9783-52b3da59a7d0': 'false',
              'No answer': 'false', '73a0d17f-1163-4015-bdd5-ec830791da20': 'false',
              'Wrong number': 'false', '17b47fee-58de-441e-a44c-c6300d46f273': 'false',
            },
            default: '',
          },
          { column: 'Call status', values: { NO_ANSWER: 'false', 'No answer': 'false', BUSY: 'false', MISSED: 'false' }, default: '' },
        ],
      },
      summary: summary('{Call title}', html('Call notes')),
      source: 'hubspot',
      sourceId: 'call-{Record ID}',
    },
    skip: [
      deleted,
      { when: { column: 'Call status', is: ['CANCELED', 'CANCELLED', 'FAILED'] }, why: 'did not take place' },
      { when: { column: 'Call status', is: ['QUEUED', 'RINGING', 'IN_PROGRESS', 'In progress', 'CONNECTING', 'CALLING_CRM_USER', 'SCHEDULED'] }, why: 'not over yet' },
      { when: { column: 'Activity date', ahead: true }, why: 'still ahead' },
      nobodys,
    ],
  },
};

const meetings: Layout = {
  name: 'hubspot-meetings',
  product: 'HubSpot',
  what: 'Meetings',
  reads: 'the CSV export of the meetings index page',
  knownBy: ['Record ID', 'Meeting start time', 'Meeting outcome'],
  otherNames: { ...ID, 'Meeting name': ['hs_meeting_title', 'Meeting title'], 'Meeting description': ['hs_meeting_body', 'Meeting body'], 'Meeting start time': ['hs_meeting_start_time', 'Start time'], 'Meeting outcome': ['hs_meeting_outcome'] },
  mapping: {
    customer,
    entry: {
      kind: 'meeting',
      occurredAt: { first: [at('Meeting start time'), at('Activity date')] },
      side: 'us',
      attended: { column: 'Meeting outcome', values: { COMPLETED: 'true', NO_SHOW: 'false', 'No show': 'false' }, default: '' },
      summary: summary('{Meeting name}', html('Meeting description')),
      source: 'hubspot',
      sourceId: 'meeting-{Record ID}',
    },
    skip: [
      deleted,
      { when: { column: 'Meeting outcome', is: ['CANCELED', 'CANCELLED'] }, why: 'did not take place' },
      { when: { column: 'Meeting outcome', is: ['RESCHEDULED'] }, why: 'moved to another time' },
      { when: { column: 'Meeting start time', ahead: true }, why: 'still ahead' },
      nobodys,
    ],
  },
};

const notes: Layout = {
  name: 'hubspot-notes',
  product: 'HubSpot',
  what: 'Notes',
  reads: 'the CSV export of notes',
  knownBy: ['Record ID', 'Activity date', 'Note body'],
  otherNames: { ...ID, 'Note body': ['hs_note_body'] },
  mapping: {
    customer,
    entry: { kind: 'note', occurredAt: at('Activity date'), summary: { column: 'Note body', as: 'html', cut: 4000 }, source: 'hubspot', sourceId: 'note-{Record ID}' },
    skip: [deleted, nobodys],
  },
};

const emails: Layout = {
  name: 'hubspot-emails',
  product: 'HubSpot',
  what: 'E-mails',
  reads: 'the CSV export of one-to-one e-mails',
  knownBy: ['Record ID', 'Activity date', 'Email direction'],
  otherNames: { ...ID, 'Email subject': ['hs_email_subject'], 'Text body': ['hs_email_text'], 'Email body': ['hs_email_html', 'HTML body'], 'Email direction': ['hs_email_direction'], 'Email send status': ['hs_email_status', 'Email status'] },
  mapping: {
    customer,
    entry: {
      kind: 'email',
      occurredAt: at('Activity date'),
      // A mail that was forwarded to HubSpot may be of either side; so may one that says nothing.
      side: { column: 'Email direction', values: { INCOMING_EMAIL: 'customer', 'Incoming email': 'customer', INCOMING: 'customer' }, default: 'us' },
      summary: summary('{Email subject}', { first: ['{Text body}', html('Email body')] }),
      source: 'hubspot',
      sourceId: 'email-{Record ID}',
    },
    skip: [
      deleted,
      { when: { column: 'Email send status', is: ['BOUNCED', 'FAILED'] }, why: 'was not delivered' },
      { when: { column: 'Email send status', is: ['SCHEDULED', 'SENDING', 'DRAFT'] }, why: 'not sent yet' },
      nobodys,
    ],
  },
};

export const HUBSPOT: readonly Layout[] = [calls, meetings, notes, emails];
