/** Intercom: conversations as the API gives them, one object each or whole pages of its list. */
import type { Layout } from '../layouts.js';

const THEIRS = ['user', 'lead', 'contact'];
const channel = { column: 'source.type', values: { email: 'email', phone_call: 'phone', phone_switch: 'phone', facebook: 'social', instagram: 'social', twitter: 'social' }, default: 'chat' } as const;

const conversations: Layout = {
  name: 'intercom-conversations',
  product: 'Intercom',
  what: 'Conversations',
  reads: 'JSON of the API: pages of GET /conversations, or one conversation a line',
  knownBy: ['id', 'created_at', 'source.delivered_as', 'source.author.type'],
  mapping: {
    format: 'json',
    list: 'conversations',
    customer: {
      source: 'intercom',
      sourceId: { first: ['{contacts.contacts.0.id}', '{contacts.0.id}', { column: 'source.author.id', when: { column: 'source.author.type', is: THEIRS } }] },
      name: { first: [{ column: 'source.author.name', when: { column: 'source.author.type', is: THEIRS } }, { column: 'contacts.contacts.0.name' }], cut: 200 },
    },
    entry: {
      kind: { column: 'source.type', values: { email: 'email', phone_call: 'call', phone_switch: 'call' }, default: 'chat' },
      occurredAt: { column: 'created_at', as: 'unix' },
      side: { column: 'source.author.type', values: { user: 'customer', lead: 'customer', contact: 'customer' }, default: 'us' },
      channel,
      // What was redacted there is not read here.
      summary: { join: [{ first: ['{title}', { column: 'source.subject', as: 'html' }] }, { column: 'source.body', as: 'html' }], cut: 4000, when: { column: 'source.redacted', isNot: ['true'] } },
      source: 'intercom',
      sourceId: '{id}',
    },
    also: [
      {
        when: [{ column: 'source.author.type', isNot: THEIRS }, { column: 'first_contact_reply.created_at', isNot: [''] }],
        entry: { kind: 'reply', about: '#0', occurredAt: { column: 'first_contact_reply.created_at', as: 'unix' }, channel, source: 'intercom', sourceId: '{id}-reply' },
      },
      {
        when: { column: 'conversation_rating.rating', isNot: [''] },
        entry: {
          kind: 'survey-answered',
          about: '#0',
          occurredAt: { first: [{ column: 'conversation_rating.created_at', as: 'unix' }, { column: 'updated_at', as: 'unix' }] },
          csat: '{conversation_rating.rating}',
          channel: 'chat',
          summary: { column: 'conversation_rating.remark', cut: 4000 },
          source: 'intercom',
          sourceId: '{id}-rating',
        },
      },
    ],
    skip: [
      { when: [{ column: 'source.author.type', isNot: THEIRS }, { column: 'first_contact_reply.created_at', is: [''] }, { column: 'source.delivered_as', is: ['automated'] }], why: 'an automatic message nobody answered' },
      { when: [{ column: 'contacts.contacts.0.id', is: [''] }, { column: 'contacts.0.id', is: [''] }, { column: 'source.author.type', isNot: THEIRS }], why: 'tied to no contact' },
    ],
  },
};

export const INTERCOM: readonly Layout[] = [conversations];
