/** Salesforce: the objects Task and Event, as Data Loader and the queries of the API write them. */
import type { Cells, When } from '../cells.js';
import type { Layout } from '../layouts.js';
import type { LeftOut } from '../mapping.js';

const YES = ['true', '1'];

/** The account; who has none is a customer by the lead or contact. */
const customer: Cells = {
  source: 'salesforce',
  sourceId: { first: ['{AccountId}', '{WhoId}'] },
  name: { first: ['{Account.Name}', '{Who.Name}'], cut: 200 },
};
const otherNames = { 'Account.Name': ['Account Name', 'AccountName'], 'Who.Name': ['Who Name', 'WhoName'] };

const deleted: LeftOut = { when: { column: 'IsDeleted', is: YES }, why: 'deleted' };
const series: LeftOut = { when: { column: 'IsRecurrence', is: YES }, why: 'pattern of a series' };
const nobodys: LeftOut = { when: [{ column: 'AccountId', is: [''] }, { column: 'WhoId', is: [''] }], why: 'tied to no account, lead or contact' };

/** Logged when it is done; all else is a step that was planned. */
const LOGGED = ['Call', 'Email', 'ListEmail'];
const logged = { column: 'TaskSubtype', is: LOGGED };
const planned = { column: 'TaskSubtype', isNot: LOGGED };
/** Statuses are each company's own; IsClosed tells, and without it the one that comes with Salesforce. */
const closed: readonly When[] = [{ column: 'IsClosed', is: YES }, [{ column: 'IsClosed', is: [''] }, { column: 'Status', is: ['Completed'] }]];

const stepDone: Cells = {
  kind: 'step-done',
  about: '#0',
  occurredAt: { first: ['{CompletedDateTime}', { column: 'ActivityDate', as: 'day', when: { column: 'ActivityDate', ahead: false } }, '{LastModifiedDate}'] },
  source: 'salesforce',
  sourceId: '{Id}-done',
};

const tasks: Layout = {
  name: 'salesforce-tasks',
  product: 'Salesforce',
  what: 'Tasks',
  reads: 'a CSV export of the object Task (Data Loader, or a query)',
  knownBy: ['Id', 'Subject', 'Status', 'ActivityDate', 'TaskSubtype'],
  otherNames,
  mapping: {
    customer,
    entry: {
      kind: { column: 'TaskSubtype', values: { Call: 'call', Email: 'email', ListEmail: 'email' }, default: 'step-planned' },
      occurredAt: {
        first: [
          { text: '{CreatedDate}', when: planned },
          // A day without a time, however it is written.
          { column: 'ActivityDate', as: 'day', when: { column: 'ActivityDate', ahead: false } },
          '{CompletedDateTime}',
          '{CreatedDate}',
        ],
      },
      side: { first: [{ column: 'CallType', values: { Inbound: 'customer' }, default: 'us', when: logged }, 'us'] },
      due: { first: [{ column: 'ActivityDate', as: 'day' }, '{CreatedDate}'] },
      summary: { join: ['{Subject}', '{Description}'], cut: 4000 },
      source: 'salesforce',
      sourceId: '{Id}',
    },
    also: closed.map((when) => ({ when: [planned, ...[when].flat()], entry: stepDone })),
    skip: [
      deleted,
      series,
      { when: [logged, { column: 'IsClosed', is: ['false', '0'] }], why: 'not done yet' },
      { when: [logged, { column: 'IsClosed', is: [''] }, { column: 'Status', isNot: ['Completed'] }], why: 'not done yet' },
      nobodys,
    ],
  },
};

const events: Layout = {
  name: 'salesforce-events',
  product: 'Salesforce',
  what: 'Events',
  reads: 'a CSV export of the object Event (Data Loader, or a query)',
  knownBy: ['Id', 'Subject', 'StartDateTime', 'IsAllDayEvent'],
  otherNames: { ...otherNames, StartDateTime: ['ActivityDateTime'] },
  mapping: {
    customer,
    entry: {
      kind: { column: 'Type', values: { Call: 'call' }, default: 'meeting' },
      // Midnight at Greenwich is the day of an event that has no time, and the time of one that has.
      occurredAt: { first: [{ column: 'StartDateTime', as: 'day', when: { column: 'IsAllDayEvent', is: YES } }, '{StartDateTime}'] },
      side: 'us',
      summary: { join: ['{Subject}', '{Description}'], cut: 4000 },
      source: 'salesforce',
      sourceId: '{Id}',
    },
    skip: [
      deleted,
      { when: { column: 'IsChild', is: YES }, why: 'copy for somebody invited' },
      series,
      { when: { column: 'IsPrivate', is: YES }, why: 'private' },
      { when: { column: 'StartDateTime', ahead: true }, why: 'still ahead' },
      nobodys,
    ],
  },
};

export const SALESFORCE: readonly Layout[] = [tasks, events];
