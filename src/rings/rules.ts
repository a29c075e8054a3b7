/**
 * The policy that lights and darkens rings, as data, and the ready-made sets for kinds of business.
 * Windows and thresholds are this project's own proposal; every number can be changed.
 */
export type Ring = 1 | 2 | 3 | 4 | 5;
export const RINGS: readonly Ring[] = [1, 2, 3, 4, 5];
export const RING_NAMES: Readonly<Record<Ring, string>> = { 1: 'Contact', 2: 'Purchase', 3: 'Adoption', 4: 'Renewal', 5: 'Advocacy' };

/** All lengths in days of 24 hours. */
export interface Rules {
  readonly preset: string;
  readonly contact: {
    /** How long contact counts while ring 2 is out, and while it is lit. */
    readonly window: number;
    readonly windowWhileCustomer: number;
    /** Customer-side kinds that are no contact evidence. */
    readonly except: readonly string[];
    /** Kinds that count with `attended: true`, whoever began them. */
    readonly attended: readonly string[];
  };
  readonly purchase: {
    /** How long a purchase without an end counts; null: until cancelled. */
    readonly length: number | null;
    /** How long a purchase counts beyond an end that was stated (a project that lives on). */
    readonly beyondEnd: number;
    /** How long ring 2 stays lit after the end. */
    readonly grace: number;
  };
  readonly adoption: {
    readonly window: number;
    /** Customer-side kinds that show value. */
    readonly evidence: readonly string[];
    /** A survey with csat 4-5 counts when a business review was held at most so many days before; 0: any survey; null: never. */
    readonly csatAfterReview: number | null;
    /** Days without any champion, after one left, that darken. */
    readonly championLost: number;
    /** Days after its due instant at which a promise not delivered darkens; `PROMISE_MISSED` without it (rules published before promises were recorded have none). */
    readonly promiseMissed?: number;
  };
  readonly renewal: {
    /** A following term may begin so many days before the end of the one it follows. */
    readonly early: number;
    /** Whether silence (automatic, open-ended) counts. */
    readonly tacit: boolean;
    /** A later term that begins at most so many days after the end of an earlier one follows it too; null: no. */
    readonly alsoWithin: number | null;
  };
  readonly advocacy: { readonly window: number };
  /** When to warn before a ring goes out; `terms` for rings 2 and 4, before the end of the last term. */
  readonly warning: { readonly days: number; readonly terms: number };
  /** How often contact and a business review are expected; null: off. */
  readonly expected: { readonly contact: number | null; readonly review: number | null };
  /** How long an opening move waits for an answer before it counts as unanswered. */
  readonly response: number;
}

const annual: Rules = {
  preset: 'annual-contracts',
  contact: {
    window: 90,
    windowWhileCustomer: 180,
    except: ['fit-declined', 'cancellation', 'refund', 'consent-withdrawn'],
    attended: ['call', 'meeting', 'chat', 'visit'],
  },
  purchase: { length: 365, beyondEnd: 0, grace: 60 },
  adoption: { window: 180, evidence: ['outcome-confirmed', 'value-reached'], csatAfterReview: null, championLost: 30 },
  renewal: { early: 30, tacit: true, alsoWithin: null },
  advocacy: { window: 365 },
  warning: { days: 30, terms: 90 },
  expected: { contact: 90, review: 180 },
  response: 14,
};

export const PROMISE_MISSED = 30;

/** Presets by name; the first is the default. */
export const PRESETS: Readonly<Record<string, Rules>> = {
  'annual-contracts': annual,
  'managed-services': {
    ...annual,
    preset: 'managed-services',
    contact: { ...annual.contact, windowWhileCustomer: 120 },
    purchase: { length: null, beyondEnd: 0, grace: 60 },
    adoption: { ...annual.adoption, window: 365, csatAfterReview: 90 },
    expected: { contact: 90, review: 365 },
  },
  'capital-goods': {
    ...annual,
    preset: 'capital-goods',
    contact: { ...annual.contact, window: 365, windowWhileCustomer: 365 },
    purchase: { length: 3650, beyondEnd: 0, grace: 90 },
    adoption: { ...annual.adoption, window: 365, evidence: [...annual.adoption.evidence, 'acceptance'] },
    renewal: { ...annual.renewal, alsoWithin: 0 },
    advocacy: { window: 730 },
    expected: { contact: 180, review: 365 },
    response: 45,
  },
  consultancy: {
    ...annual,
    preset: 'consultancy',
    contact: { ...annual.contact, window: 180, windowWhileCustomer: 365 },
    purchase: { length: 365, beyondEnd: 365, grace: 0 },
    adoption: { ...annual.adoption, window: 365, evidence: ['outcome-confirmed'] },
    renewal: { ...annual.renewal, alsoWithin: 730 },
    advocacy: { window: 730 },
    expected: { contact: 120, review: null },
    response: 21,
  },
  shop: {
    ...annual,
    preset: 'shop',
    contact: { ...annual.contact, window: 60, windowWhileCustomer: 120 },
    purchase: { length: 120, beyondEnd: 0, grace: 0 },
    adoption: { ...annual.adoption, window: 365, csatAfterReview: 0 },
    renewal: { ...annual.renewal, alsoWithin: 0 },
    expected: { contact: null, review: null },
    response: 7,
  },
};

export const DEFAULT_PRESET = 'annual-contracts';
