/** PostHog: events as its API lists them and its batch exports keep them, one object a line. Names of events are made up by each company: these are examples to go on from. */
import type { Layout } from '../layouts.js';

const EVENTS: Readonly<Record<string, string>> = {
  'user signed up': 'enquiry',
  user_signed_up: 'enquiry',
  'signed up': 'enquiry',
  'trial started': 'enquiry',
  trial_started: 'enquiry',
  'demo requested': 'enquiry',
  demo_requested: 'enquiry',
  'account created': 'onboarding-step',
  account_created: 'onboarding-step',
  'onboarding completed': 'onboarding-step',
  onboarding_completed: 'onboarding-step',
  'user invited': 'onboarding-step',
  user_invited: 'onboarding-step',
  'purchase completed': 'purchase',
  purchase_completed: 'purchase',
  'subscription cancelled': 'cancellation',
  subscription_cancelled: 'cancellation',
  subscription_canceled: 'cancellation',
};

const events: Layout = {
  name: 'posthog-events',
  product: 'PostHog',
  what: 'Events',
  reads: 'JSON of the API: pages of GET /events, or NDJSON of a batch export',
  knownBy: ['uuid', 'event', 'distinct_id', 'timestamp', 'properties'],
  mapping: {
    format: 'json',
    list: 'results',
    // Batch exports write times without a zone, in UTC.
    dates: { zone: 'UTC' },
    customer: { source: 'posthog', sourceId: { first: ['{properties.$groups.company}', '{properties.$groups.organization}', '{distinct_id}'] } },
    entry: {
      kind: { column: 'event', values: EVENTS },
      occurredAt: '{timestamp}',
      side: 'customer',
      channel: 'product',
      step: { column: 'event', as: 'tag' },
      amount: { first: ['{properties.revenue}', '{properties.amount}'], as: 'minor-units', currency: '{properties.currency}', when: { column: 'properties.currency', isNot: [''] } },
      currency: '{properties.currency}',
      summary: '{event}',
      source: 'posthog',
      sourceId: '{uuid}',
    },
    skip: [
      { when: { column: 'event', is: ['survey sent', 'survey shown', 'survey dismissed'] }, why: 'a survey, whose scale it does not say' },
      { when: { column: 'event', isNot: Object.keys(EVENTS) }, why: 'an event that is no kind' },
      { when: [{ column: 'properties.$is_identified', is: ['false'] }, { column: 'properties.$groups.company', is: [''] }, { column: 'properties.$groups.organization', is: [''] }], why: 'of nobody known' },
    ],
  },
};

export const POSTHOG: readonly Layout[] = [events];
