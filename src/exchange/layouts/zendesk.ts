/** Zendesk: tickets, as the CSV export of the account writes them. A hyphen stands for an empty cell. */
import type { Layout } from '../layouts.js';

const NONE = ['', '-'];

const tickets: Layout = {
  name: 'zendesk-tickets',
  product: 'Zendesk',
  what: 'Tickets',
  reads: 'the CSV export of tickets',
  knownBy: ['Id', 'Requester', 'Subject', 'Status', 'Created at'],
  otherNames: { 'Satisfaction Score': ['Satisfaction'], 'Requester id': ['Requester ID'], Organization: ['Organisation', 'Requester organization'] },
  mapping: {
    customer: {
      source: 'zendesk',
      sourceId: { first: [{ column: 'Organization', when: { column: 'Organization', isNot: NONE } }, { text: 'requester-{Requester id}', when: { column: 'Requester id', isNot: NONE } }, 'requester {Requester}'], cut: 200 },
      name: { first: [{ column: 'Organization', when: { column: 'Organization', isNot: NONE } }, '{Requester}'], cut: 200 },
    },
    entry: {
      kind: 'issue-opened',
      occurredAt: '{Created at}',
      channel: {
        column: 'Via',
        values: { Mail: 'email', Email: 'email', 'Web form': 'web', 'Help Center': 'web', 'Web Widget': 'web', Chat: 'chat', Messaging: 'chat', 'Native messaging': 'chat', Phone: 'phone', Voice: 'phone', 'Phone call (inbound)': 'phone', 'Phone call (incoming)': 'phone', Voicemail: 'phone', Twitter: 'social', 'X (formerly Twitter)': 'social', Facebook: 'social', 'Facebook Message': 'social', 'Facebook Post': 'social' },
        default: 'other',
      },
      department: 'service',
      severity: { column: 'Priority', values: { Urgent: '1', High: '2', Normal: '3', Low: '4' }, default: '3' },
      summary: { column: 'Subject', cut: 4000 },
      source: 'zendesk',
      sourceId: '{Id}',
    },
    also: [
      {
        when: { column: 'Status', is: ['Solved', 'Closed'] },
        entry: {
          kind: 'issue-resolved',
          about: '#0',
          occurredAt: { first: [{ column: 'Solved at', when: { column: 'Solved at', isNot: NONE } }, '{Updated at}', '{Created at}'] },
          department: 'service',
          source: 'zendesk',
          sourceId: '{Id}-solved',
        },
      },
      {
        when: { column: 'Satisfaction Score', is: ['Good', 'Good with comment', 'Bad', 'Bad with comment'] },
        entry: {
          kind: 'survey-answered',
          about: '#0',
          // The export does not say when they answered: not before it was solved.
          occurredAt: { first: [{ column: 'Solved at', when: { column: 'Solved at', isNot: NONE } }, '{Updated at}', '{Created at}'] },
          csat: { column: 'Satisfaction Score', values: { Good: '5', 'Good with comment': '5', Bad: '1', 'Bad with comment': '1' } },
          department: 'service',
          source: 'zendesk',
          sourceId: '{Id}-satisfaction',
        },
      },
    ],
    skip: [
      { when: { column: 'Status', is: ['Deleted'] }, why: 'deleted' },
      { when: { column: 'Status', is: ['Suspended'] }, why: 'suspended' },
      { when: { column: 'Tags', has: ['closed_by_merge'] }, why: 'merged into another ticket' },
    ],
  },
};

export const ZENDESK: readonly Layout[] = [tickets];
