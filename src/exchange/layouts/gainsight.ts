/** Gainsight: activities of the Timeline, as a report on Activity Timeline exports them, or with the names of the API. */
import type { Layout } from '../layouts.js';

const timeline: Layout = {
  name: 'gainsight-timeline',
  product: 'Gainsight',
  what: 'Timeline activities',
  reads: 'the CSV export of a report on the object Activity Timeline',
  knownBy: ['GSID', 'Activity Date', 'Activity Type', 'Company Name', 'Subject'],
  otherNames: {
    GSID: ['Activity Id', 'Activity GSID'],
    'Activity Date': ['ActivityDate'],
    'Activity Type': ['Type Name', 'TypeName', 'ActivityTypeName', 'Type'],
    'Company Id': ['CompanyId', 'Company GSID'],
    'Company Name': ['CompanyName', 'Company'],
    'Notes Plain Text': ['NotesPlainText', 'Notes (Plain Text)'],
    'External Attendees': ['ExternalAttendees'],
    'Is Deleted': ['IsDeleted', 'Deleted'],
    'Is Draft': ['IsDraft', 'Draft'],
  },
  mapping: {
    customer: { source: 'gainsight', sourceId: { first: ['{Company Id}', '{Company Name}'] }, name: '{Company Name}' },
    entry: {
      kind: {
        column: 'Activity Type',
        values: { Call: 'call', Meeting: 'meeting', 'Web Meeting': 'meeting', 'In-Person Meeting': 'visit', 'In Person Meeting': 'visit', Email: 'email', Update: 'note', Milestone: 'note', EBR: 'business-review', QBR: 'business-review', 'Business Review': 'business-review' },
        default: 'note',
      },
      occurredAt: { column: 'Activity Date', as: ['unix-ms', 'midnight'] },
      side: 'us',
      attended: { text: 'true', when: { column: 'External Attendees', isNot: [''] } },
      summary: { join: ['{Subject}', { first: ['{Notes Plain Text}', { column: 'Notes', as: 'html' }] }], cut: 4000 },
      source: 'gainsight',
      sourceId: '{GSID}',
    },
    skip: [
      { when: { column: 'Is Deleted', is: ['true', 'yes', '1'] }, why: 'deleted' },
      { when: { column: 'Is Draft', is: ['true', 'yes', '1'] }, why: 'a draft' },
      { when: { column: 'Activity Date', ahead: true }, why: 'still ahead' },
      { when: { column: 'Company Name', is: [''] }, why: 'tied to no company' },
    ],
  },
};

export const GAINSIGHT: readonly Layout[] = [timeline];
