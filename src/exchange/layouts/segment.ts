/** Segment: calls as the connections deliver them and the archives keep them, one object a line. Names of events are those of its public specs. */
import type { Layout } from '../layouts.js';

/** What these events are; all others are left out, for nobody but their company knows what they say. */
const EVENTS: Readonly<Record<string, string>> = {
  'Signed Up': 'enquiry',
  'Trial Started': 'enquiry',
  'Demo Requested': 'enquiry',
  'Form Submitted': 'enquiry',
  'Account Created': 'onboarding-step',
  'Account Added User': 'onboarding-step',
  'Invite Sent': 'onboarding-step',
  'Email Link Clicked': 'message-response',
  'Order Completed': 'purchase',
  'Order Refunded': 'refund',
  'Account Deleted': 'cancellation',
};

const events: Layout = {
  name: 'segment-events',
  product: 'Segment',
  what: 'Events',
  reads: 'NDJSON of track calls, one a line',
  knownBy: ['messageId', 'type', 'timestamp', 'context'],
  mapping: {
    format: 'json',
    customer: { source: 'segment', sourceId: { first: ['{context.groupId}', '{userId}'] } },
    entry: {
      kind: { column: 'event', values: EVENTS },
      occurredAt: '{timestamp}',
      side: 'customer',
      channel: { column: 'event', values: { 'Account Created': 'product', 'Account Added User': 'product', 'Invite Sent': 'product', 'Email Link Clicked': 'email' }, default: 'web' },
      step: { column: 'event', as: 'tag' },
      campaign: { column: 'context.campaign.name', as: 'tag' },
      amount: { first: ['{properties.revenue}', '{properties.total}'], as: 'minor-units', currency: '{properties.currency}', when: { column: 'properties.currency', isNot: [''] } },
      currency: '{properties.currency}',
      summary: '{event}',
      source: 'segment',
      sourceId: '{messageId}',
    },
    skip: [
      { when: { column: 'type', isNot: ['track'] }, why: 'not a track call' },
      { when: [{ column: 'context.groupId', is: [''] }, { column: 'userId', is: [''] }], why: 'of nobody known' },
      { when: { column: 'event', isNot: Object.keys(EVENTS) }, why: 'an event that is no kind' },
    ],
  },
};

export const SEGMENT: readonly Layout[] = [events];
