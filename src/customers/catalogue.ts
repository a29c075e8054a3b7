/**
 * The interaction catalogue: every kind of thing that can happen between us and a customer.
 * API checks, CLI flags, forms, import, ring rules and docs all read this one table; adding a kind is one entry here.
 */

export type Side = 'customer' | 'us';

export const CHANNELS = ['email', 'phone', 'meeting', 'chat', 'web', 'event', 'social', 'post', 'in-person', 'product', 'other'] as const;
export const DEPARTMENTS = ['marketing', 'sales', 'service', 'operations', 'executive', 'partner'] as const;
export const ROLES = ['decider', 'budget-holder', 'user', 'technical', 'champion', 'influencer'] as const;
export const STANCES = ['for', 'mixed', 'against'] as const;
export const LEVELS = ['claimed', 'evidenced', 'confirmed'] as const;

export interface Field {
  /**
   * text: free text · tag: short lower-case key · choice: one of `choices` · integer, number · flag: true or false ·
   * instant: ISO 8601 · money: integer minor units · currency: ISO 4217 · link: http(s) address ·
   * entry: id of an earlier entry of the same customer, of one of the kinds `of` · person, colleague, customer: an id · …s: a list of these.
   */
  readonly type:
    | 'text' | 'tag' | 'tags' | 'choice' | 'choices' | 'integer' | 'number' | 'flag' | 'instant'
    | 'money' | 'currency' | 'link' | 'entry' | 'person' | 'persons' | 'colleague' | 'customer';
  readonly says: string;
  readonly example: unknown;
  readonly required?: true;
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly of?: readonly string[];
  /** Personal data: sealed in the log. */
  readonly personal?: true;
  /** What not to write here. */
  readonly hint?: string;
  /** A way to reach a person: taken out for whoever may not see these (`contacts.ts`). */
  readonly contact?: true;
  /** The entry makes no sense without what it names: retracting that takes this entry out too. */
  readonly binds?: true;
  /** Of an instant: a date alone means the end of that day, not its start. */
  readonly untilEnd?: true;
}

/** Kinds with rules of their own, which only the customer's history can answer, are recorded as events of their own. */
export const RULED_EVENTS = ['PromiseMade', 'PromiseProduced', 'PromiseDelivered', 'PromiseConfirmed', 'AdvocacyAsked', 'AdvocacyAccepted', 'AdvocacyDeclined'] as const;
export type RuledEvent = (typeof RULED_EVENTS)[number];

export interface Kind {
  readonly group: 'conversation' | 'understanding' | 'decision' | 'promise' | 'value' | 'service' | 'voice' | 'message' | 'advocacy' | 'people' | 'ours';
  readonly label: string;
  readonly side: Side | 'either';
  readonly synonyms?: readonly string[];
  /** The channel when none is given. */
  readonly channel?: (typeof CHANNELS)[number];
  readonly fields: Readonly<Record<string, Field>>;
  /** At least one of these fields must be there. */
  readonly anyOf?: readonly string[];
  /** We approach the people it names: refused for those who object to being contacted. */
  readonly approaches?: true;
  /** The event it is recorded as; without one, as any other entry. */
  readonly event?: RuledEvent;
}

/** Under every field of free text. */
export const HINT = 'Write what was said and done. No health, faith, politics or family matters, no passwords or card numbers, no opinion about the person: they may read it.';

const text = (says: string, example: string, more: Partial<Field> = {}): Field => ({ type: 'text', says, example, max: 4000, personal: true, hint: HINT, ...more });
/** A personal text that leaves no room for more than what it asks for. */
const fact = (says: string, example: string, more: Partial<Field> = {}): Field => ({ type: 'text', says, example, personal: true, ...more });
const key = (says: string, example: string, more: Partial<Field> = {}): Field => ({ type: 'tag', says, example, ...more });
const entry = (of: readonly string[], says: string, more: Partial<Field> = {}): Field => ({ type: 'entry', of, says, example: '0191e7a0-7c1e-7b3a-9d55-3f2a5e0c1b11', ...more });
const person = (says: string, more: Partial<Field> = {}): Field => ({ type: 'person', says, example: '5b0a7c1e-0d0f-4f5e-8f3e-2a9f6f1f0c21', ...more });
const required = { required: true } as const;

const TERMS = ['purchase', 'renewal'] as const;
export const ACTS = ['reference', 'referral', 'review', 'testimonial', 'case-study', 'speaking', 'public-post'] as const;

/** The entry this one ends or answers. */
const ends = (of: readonly string[], says: string): Field => entry(of, says, { required: true, binds: true });
const attended: Readonly<Record<string, Field>> = {
  attended: { type: 'flag', says: 'Somebody of the customer took part.', example: true },
  rideAlong: { type: 'flag', says: 'A colleague of another department came along.', example: false },
};
const amount: Readonly<Record<string, Field>> = {
  amount: { type: 'money', says: 'Amount a year, in minor units of the currency (cents).', example: 1200000, min: 0 },
  currency: { type: 'currency', says: 'ISO 4217 code; needed with an amount.', example: 'EUR' },
};
const decision = entry(['decision-opened'], 'The decision this belongs to.');
const wouldChooseAgain: Field = { type: 'choice', choices: ['yes', 'no', 'unsure'], says: 'Would the customer choose us again?', example: 'yes' };
const term = {
  offering: key('What was bought.', 'service-plan'),
  start: { type: 'instant', says: 'First day of the term. Default: when it happened; for a renewal the end of the term it follows, if later.', example: '2026-01-01' },
  end: { type: 'instant', says: 'End of the term (the first day it no longer covers). Default: as the rules say, 365 days.', example: '2027-01-01' },
  ...amount,
  renews: { type: 'choice', choices: ['no', 'automatic', 'open-ended'], says: 'What happens at the end when nobody acts. Default: no.', example: 'no' },
  noticeDays: { type: 'integer', says: 'Days of notice before the end.', example: 90, min: 0, max: 3650 },
  decision,
  wouldChooseAgain,
} satisfies Record<string, Field>;
const boundTerm = entry(TERMS, 'The term it is about; without one, all terms that began before.', { binds: true });
const value: Readonly<Record<string, Field>> = {
  measure: key('What was measured, in the customer’s words.', 'hours-saved'),
  value: { type: 'number', says: 'How much, in the unit of the measure.', example: 120 },
};
const act: Readonly<Record<string, Field>> = {
  person: person('Who at the customer stood up for us.', required),
  stance: { type: 'choice', choices: STANCES, says: 'For, mixed or against. Default: for.', example: 'for' },
  verification: { type: 'choice', choices: LEVELS, says: 'claimed (we heard so), evidenced (link, recording, third party) or confirmed (by the customer). Default: claimed.', example: 'evidenced' },
  incentivised: { type: 'flag', says: 'Something was given in return.', example: false },
  link: { type: 'link', says: 'Where it can be seen.', example: 'https://example.org/story', personal: true },
  reach: { type: 'integer', says: 'How many people it reached.', example: 250, min: 0 },
};
/** A review says by its stars where it stands. */
const { stance: _stance, ...actByStars } = act;
const consent: Readonly<Record<string, Field>> = {
  person: person('Whose consent.', required),
  purpose: key('For what.', 'reference-calls', required),
  scope: text('How far it goes, in the words agreed.', 'Two calls a year with companies of similar size'),
  wording: text('The text they agreed to, or by which they took it back, word for word.', 'I agree that Five Ovens names me as a reference for two calls a year. I can take this back at any time.'),
  form: { type: 'choice', choices: ['signed', 'online-form', 'email', 'spoken', 'other'], says: 'How it was given or taken back.', example: 'signed' },
};
const against: Field = { type: 'choice', choices: CHANNELS, says: 'Only this channel; all of them without it.', example: 'phone' };
const campaign: Readonly<Record<string, Field>> = {
  claims: { type: 'tags', says: 'What the message claims.', example: ['saves-time'] },
  needTags: { type: 'tags', says: 'Needs the message speaks to.', example: ['less-downtime'] },
  offering: key('What it offers.', 'service-plan'),
  callToAction: key('What it asks the reader to do.', 'book-a-demo'),
};

function kind(group: Kind['group'], label: string, side: Kind['side'], fields: Kind['fields'] = {}, more: Partial<Kind> = {}): Kind {
  return { group, label, side, fields, ...more };
}

export const KINDS = {
  // conversation
  outreach: kind('conversation', 'Outreach', 'us', {}, { approaches: true, synonyms: ['approach', 'cold call', 'first mail'] }),
  reply: kind('conversation', 'Reply', 'customer', {}, { synonyms: ['answer', 'response'] }),
  enquiry: kind('conversation', 'Enquiry', 'customer', {}, { synonyms: ['request', 'lead', 'inquiry'] }),
  call: kind('conversation', 'Call', 'either', attended, { channel: 'phone', synonyms: ['phone', 'rang'] }),
  meeting: kind('conversation', 'Meeting', 'either', attended, { channel: 'meeting', synonyms: ['demo', 'workshop', 'video call'] }),
  chat: kind('conversation', 'Chat', 'either', attended, { channel: 'chat', synonyms: ['message', 'messenger'] }),
  visit: kind('conversation', 'Visit', 'either', attended, { channel: 'in-person', synonyms: ['on site', 'trip'] }),
  email: kind('conversation', 'E-mail', 'either', {}, { channel: 'email', synonyms: ['mail'] }),
  'event-attended': kind('conversation', 'Event attended', 'customer', { event: key('Which event.', 'spring-fair') }, { channel: 'event', synonyms: ['trade fair', 'webinar'] }),
  note: kind('conversation', 'Note', 'us', {}, { synonyms: ['remark', 'memo'] }),
  'step-planned': kind('conversation', 'Step planned', 'us', {
    who: { type: 'colleague', says: 'Who will do it. Default: who logs it.', example: 'ada' },
    due: { type: 'instant', says: 'When it is due.', example: '2026-12-01', required: true },
  }, { synonyms: ['task', 'next step', 'to do', 'follow-up'] }),
  'step-done': kind('conversation', 'Step done', 'us', { about: ends(['step-planned'], 'The step that was planned.') }, { synonyms: ['task done'] }),
  // understanding
  'need-stated': kind('understanding', 'Need stated', 'customer', {
    tag: key('The need, as a short key.', 'less-downtime', required),
    rank: { type: 'integer', says: 'Its place among the customer’s needs, 1 first.', example: 1, min: 1, max: 99 },
  }, { synonyms: ['requirement', 'pain'] }),
  'want-stated': kind('understanding', 'Want stated', 'customer', { tag: key('The wish, as a short key.', 'newer-model', required) }, { synonyms: ['wish'] }),
  'need-agreed': kind('understanding', 'Need agreed', 'either', { tag: key('The need both sides agree on.', 'less-downtime', required), about: entry(['need-stated', 'want-stated'], 'Where it was stated.') }),
  'priority-recorded': kind('understanding', 'Priority recorded', 'us', { tag: key('What this department believes is the customer’s first priority.', 'less-downtime', required) }),
  'objection-raised': kind('understanding', 'Objection raised', 'customer', { reason: text('What speaks against it.', 'Too expensive for the first year', required) }),
  'question-asked': kind('understanding', 'Question asked', 'customer', { question: text('The question.', 'Does it work offline?') }),
  'question-answered': kind('understanding', 'Question answered', 'us', { about: ends(['question-asked'], 'The question.') }),
  'stance-stated': kind('understanding', 'Stance stated', 'customer', {
    person: person('Whose stance.', required),
    stance: { type: 'choice', choices: STANCES, says: 'For, mixed or against.', example: 'for', required: true },
  }),
  'benefit-recorded': kind('understanding', 'Benefit recorded', 'either', {
    customerBenefit: text('What the customer gains.', 'Two hours a day less paperwork'),
    providerBenefit: text('What we gain.', 'A first customer in the region'),
  }, { anyOf: ['customerBenefit', 'providerBenefit'] }),
  'alternative-considered': kind('understanding', 'Alternative considered', 'customer', { alternative: text('What else they look at.', 'Doing it in-house', required) }, { synonyms: ['competitor'] }),
  'why-us': kind('understanding', 'Why us', 'customer', { words: text('In their own words.', 'You answered within the hour', required) }),
  'preference-stated': kind('understanding', 'Preference stated', 'customer', { prefers: { type: 'choice', choices: CHANNELS, says: 'The channel they want to be reached by.', example: 'phone', required: true }, person: person('Whose preference.') }),
  'awareness-confirmed': kind('understanding', 'Awareness confirmed', 'customer', { offering: key('The offering they know of.', 'service-plan', required) }),
  'relevance-recorded': kind('understanding', 'Relevance recorded', 'us', {
    offering: key('The offering.', 'service-plan', required),
    relevant: { type: 'flag', says: 'It would help this customer; false takes that back. Default: true.', example: true },
  }, { synonyms: ['relevant offering', 'cross-sell', 'would fit'] }),
  'fit-declined': kind('understanding', 'Fit declined', 'either', { reason: text('Why it does not fit.', 'Too small for our minimum order') }, { synonyms: ['not a fit', 'closed with thanks'] }),
  // decision
  'decision-opened': kind('decision', 'Decision opened', 'either', {
    what: text('What is to be decided.', 'Which supplier for the new line', required),
    neededBy: { type: 'instant', says: 'When the decision is needed.', example: '2026-12-15' },
    deciders: { type: 'persons', says: 'Who decides.', example: ['5b0a7c1e-0d0f-4f5e-8f3e-2a9f6f1f0c21'] },
  }, { synonyms: ['opportunity', 'deal'] }),
  'decision-closed': kind('decision', 'Decision closed', 'either', {
    about: ends(['decision-opened'], 'The decision.'),
    outcome: { type: 'choice', choices: ['us', 'another', 'postponed', 'nothing'], says: 'What was decided.', example: 'us', required: true },
  }),
  purchase: kind('decision', 'Purchase', 'customer', term, { synonyms: ['order', 'won', 'contract signed'] }),
  renewal: kind('decision', 'Renewal', 'customer', { ...term, term: entry(TERMS, 'The term it renews.') }, { synonyms: ['extension', 'reorder'] }),
  expansion: kind('decision', 'Expansion', 'customer', { term: boundTerm, ...amount, amount: { ...amount['amount'], required: true } as Field, decision, wouldChooseAgain }, { synonyms: ['upsell', 'more seats'] }),
  contraction: kind('decision', 'Contraction', 'customer', { term: boundTerm, ...amount, amount: { ...amount['amount'], required: true } as Field, decision, wouldChooseAgain }, { synonyms: ['downgrade'] }),
  cancellation: kind('decision', 'Cancellation', 'customer', {
    term: boundTerm,
    effective: { type: 'instant', says: 'When it takes effect. Default: when it happened.', example: '2026-12-31' },
    reason: text('Why, in their words.', 'The project was stopped'),
    decision,
    wouldChooseAgain,
  }, { synonyms: ['churn', 'termination', 'notice'] }),
  refund: kind('decision', 'Refund', 'customer', {
    term: boundTerm,
    full: { type: 'flag', says: 'The whole price went back; only then the purchase no longer counts.', example: true },
    ...amount,
    decision,
    wouldChooseAgain,
  }, { synonyms: ['money back', 'return'] }),
  'helped-decision': kind('decision', 'Helped a decision', 'either', {
    about: ends([], 'The entry that helped.'),
    decision: entry(['decision-opened', 'decision-closed', 'purchase', 'renewal', 'expansion'], 'The decision it helped.', { required: true, binds: true }),
    level: { type: 'choice', choices: ['claimed', 'confirmed'], says: 'Our claim, or confirmed by the customer.', example: 'confirmed', required: true },
  }),
  // promise
  'promise-made': kind('promise', 'Promise made', 'us', {
    what: text('What was promised.', 'A quote for the second line', required),
    due: { type: 'instant', says: 'By when; a date alone means the end of that day. Missed once it has passed without delivery.', example: '2030-12-15', required: true, untilEnd: true },
    owner: { type: 'colleague', says: 'Who sees to it. Default: who logs it.', example: 'ada' },
  }, { event: 'PromiseMade', synonyms: ['commitment', 'we will'] }),
  'promise-produced': kind('promise', 'Promise produced', 'us', { about: ends(['promise-made'], 'The promise.') }, { event: 'PromiseProduced', synonyms: ['ready to deliver'] }),
  'promise-delivered': kind('promise', 'Promise delivered', 'us', { about: ends(['promise-made'], 'The promise.') }, { event: 'PromiseDelivered', synonyms: ['promise kept'] }),
  'promise-confirmed': kind('promise', 'Promise confirmed', 'customer', { about: ends(['promise-made'], 'The promise.') }, { event: 'PromiseConfirmed', synonyms: ['promise received'] }),
  // value
  'onboarding-step': kind('value', 'Onboarding step', 'either', { step: key('Which step.', 'first-login', required) }, { synonyms: ['set-up'] }),
  'training-completed': kind('value', 'Training completed', 'customer', { training: key('Which training.', 'basics') }),
  acceptance: kind('value', 'Acceptance', 'customer', {}, { synonyms: ['hand-over', 'sign-off'] }),
  'value-reached': kind('value', 'Value reached', 'customer', value, { synonyms: ['milestone'] }),
  'outcome-confirmed': kind('value', 'Outcome confirmed', 'customer', { ...value, ...amount, amount: { ...amount['amount'], says: 'What the outcome is worth, in minor units.' } as Field }, { synonyms: ['success', 'result'] }),
  'usage-report': kind('value', 'Usage report', 'us', { measure: { ...value['measure'], required: true } as Field, value: { ...value['value'], required: true } as Field }, { channel: 'product' }),
  'business-review': kind('value', 'Business review', 'either', {}, { channel: 'meeting', synonyms: ['QBR', 'review meeting'] }),
  // service
  'issue-opened': kind('service', 'Issue opened', 'customer', { severity: { type: 'integer', says: '1 (worst) to 4; 1 and 2 are severe.', example: 2, min: 1, max: 4, required: true } }, { synonyms: ['ticket', 'complaint', 'fault', 'problem'] }),
  'issue-resolved': kind('service', 'Issue resolved', 'us', { about: ends(['issue-opened'], 'The issue.') }, { synonyms: ['fixed', 'solved'] }),
  'issue-confirmed': kind('service', 'Issue confirmed solved', 'customer', { about: ends(['issue-opened'], 'The issue.') }),
  // voice
  'survey-answered': kind('voice', 'Survey answered', 'customer', {
    person: person('Who answered. Default: with a score nps, the one person who took part.'),
    nps: { type: 'integer', says: 'Would recommend, 0 to 10.', example: 9, min: 0, max: 10 },
    csat: { type: 'integer', says: 'Satisfied, 1 to 5.', example: 4, min: 1, max: 5 },
    ces: { type: 'integer', says: 'Easy, 1 to 7, high is easy.', example: 6, min: 1, max: 7 },
  }, { channel: 'web', anyOf: ['nps', 'csat', 'ces'], synonyms: ['NPS', 'CSAT', 'CES', 'feedback'] }),
  // message
  'message-sent': kind('message', 'Message sent', 'us', { campaign: key('Which campaign.', 'spring-mailing'), ...campaign }, { approaches: true, channel: 'email', synonyms: ['newsletter', 'mailing'] }),
  'message-response': kind('message', 'Message response', 'customer', { campaign: key('Which campaign.', 'spring-mailing'), about: entry(['message-sent'], 'The message.') }, { synonyms: ['click', 'sign-up'] }),
  'statement-made': kind('message', 'Statement made', 'us', { key: key('What the statement is about.', 'delivery-time', required), value: text('What was said.', 'Four weeks', { required: true, max: 200 }) }),
  'concession-granted': kind('message', 'Concession granted', 'us', { what: text('What was conceded.', '10 % discount in the first year'), ...amount }, { synonyms: ['discount'] }),
  // advocacy
  reference: kind('advocacy', 'Reference', 'customer', act, { synonyms: ['reference call'] }),
  referral: kind('advocacy', 'Referral', 'customer', { ...act, referredCustomer: { type: 'customer', says: 'Whom they brought to us.', example: '7f9c2b7e-5b3a-4c8e-9a51-8d3c2f1e0b6a' } }, { synonyms: ['recommendation', 'introduced'] }),
  review: kind('advocacy', 'Review', 'customer', { ...actByStars, stars: { type: 'integer', says: '4-5 for, 3 mixed, 1-2 against.', example: 5, min: 1, max: 5, required: true } }, { channel: 'web', synonyms: ['rating'] }),
  testimonial: kind('advocacy', 'Testimonial', 'customer', act, { synonyms: ['quote'] }),
  'case-study': kind('advocacy', 'Case study', 'customer', act, { synonyms: ['success story'] }),
  speaking: kind('advocacy', 'Speaking', 'customer', act, { channel: 'event', synonyms: ['talk', 'panel'] }),
  'public-post': kind('advocacy', 'Public post', 'customer', { ...act, stance: { ...act['stance'], says: 'For, mixed or against.', required: true } as Field }, { channel: 'social', synonyms: ['post', 'tweet'] }),
  'act-verified': kind('advocacy', 'Act verified', 'either', {
    about: ends(ACTS, 'The act.'),
    level: { type: 'choice', choices: ['evidenced', 'confirmed'], says: 'How well it is proved now.', example: 'confirmed', required: true },
    link: { type: 'link', says: 'The proof.', example: 'https://example.org/story', personal: true },
  }),
  'advocacy-asked': kind('advocacy', 'Asked for advocacy', 'us', {
    person: person('Who was asked.', required),
    act: { type: 'choice', choices: ACTS, says: 'What they were asked for.', example: 'reference', required: true },
    due: { type: 'instant', says: 'By when it would help; a date alone means the end of that day.', example: '2030-12-15', untilEnd: true },
    wording: text('What they were asked, in our words.', 'Would you take one call from a bakery of your size?', required),
    incentivised: { type: 'flag', says: 'Something was offered in return.', example: false },
  }, { event: 'AdvocacyAsked', approaches: true, synonyms: ['ask', 'reference request'] }),
  'advocacy-accepted': kind('advocacy', 'Ask accepted', 'customer', { about: ends(['advocacy-asked'], 'The ask.') }, { event: 'AdvocacyAccepted', synonyms: ['said yes'] }),
  'advocacy-declined': kind('advocacy', 'Ask declined', 'customer', {
    about: ends(['advocacy-asked'], 'The ask.'),
    reason: text('Why, in their words.', 'Not before the audit is over'),
  }, { event: 'AdvocacyDeclined', synonyms: ['said no'] }),
  'consent-given': kind('advocacy', 'Consent given', 'customer', consent),
  'consent-withdrawn': kind('advocacy', 'Consent withdrawn', 'customer', consent),
  // people
  'person-added': kind('people', 'Person added', 'us', {
    person: person('Id of the person; the server gives it. Only a correction may repeat it.'),
    name: fact('Full name.', 'Ines Morel', { required: true, max: 200 }),
    email: fact('E-mail address.', 'ines.morel@example.org', { max: 320, contact: true }),
    phone: fact('Phone number.', '+49 30 1234567', { max: 40, contact: true }),
    roles: { type: 'choices', choices: ROLES, says: 'Roles from the start.', example: ['decider'] },
  }, { synonyms: ['contact', 'new contact'] }),
  'role-given': kind('people', 'Role given', 'us', { person: person('Who.', required), role: { type: 'choice', choices: ROLES, says: 'Which role.', example: 'champion', required: true } }),
  'contact-objected': kind('people', 'Contact objected', 'customer', {
    person: person('Who does not want to be contacted.', required),
    against,
    words: text('What they said, in their own words.', 'Please take me off your list'),
  }, { synonyms: ['opt-out', 'unsubscribed', 'do not contact'] }),
  'objection-lifted': kind('people', 'Objection lifted', 'customer', {
    person: person('Who may be contacted again.', required),
    against: { ...against, says: 'Only for this channel; for all of them without it.' },
    words: text('What they said, in their own words.', 'You may write to me again'),
  }, { synonyms: ['opt-in', 'subscribed again'] }),
  'person-left': kind('people', 'Person left', 'us', { person: person('Who left.', required) }, { synonyms: ['quit'] }),
  'owner-changed': kind('people', 'Owner changed', 'us', { owner: { type: 'colleague', says: 'The new owner.', example: 'ada', required: true } }),
  'handover-acknowledged': kind('people', 'Handover acknowledged', 'us', {}),
  // ours, tied to no customer
  'campaign-launched': kind('ours', 'Campaign launched', 'us', {
    campaign: key('Key of the campaign.', 'spring-mailing', required),
    ...campaign,
    audienceRoles: { type: 'choices', choices: ROLES, says: 'Roles it is meant for.', example: ['decider'] },
  }),
  'enablement-completed': kind('ours', 'Enablement completed', 'us', {
    colleague: { type: 'colleague', says: 'Who was trained.', example: 'ada', required: true },
    offering: key('For which offering.', 'service-plan', required),
  }),
  'change-made': kind('ours', 'Change made', 'us', {
    what: text('What was changed.', 'New onboarding in three steps', { required: true }),
    why: text('Why.', 'Half of the new customers never reached the second step', { required: true }),
  }),
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

/** The catalogue as a plain lookup, for names that come from outside. */
export const kinds: Readonly<Record<string, Kind>> = KINDS;

export const isKind = (name: string): name is KindName => Object.hasOwn(KINDS, name);

/** Fields every entry of a customer may have, beside those of its kind. */
export const COMMON = {
  occurredAt: { type: 'instant', says: 'When it happened, ISO 8601; a date alone means the start of that day in the organisation’s time zone. Default: now. At most 5 minutes ahead.', example: '2026-03-02T14:30:00Z' },
  side: { type: 'choice', choices: ['customer', 'us'], says: 'Who acted. Needed where the kind leaves it open.', example: 'customer' },
  channel: { type: 'choice', choices: CHANNELS, says: 'How. Default: the usual channel of the kind.', example: 'phone' },
  department: { type: 'choice', choices: DEPARTMENTS, says: 'Which department. Default: that of the colleague who logs.', example: 'service' },
  people: { type: 'persons', says: 'People at the customer who took part.', example: ['5b0a7c1e-0d0f-4f5e-8f3e-2a9f6f1f0c21'] },
  about: entry([], 'An earlier entry this one answers, ends or belongs to; `#0` names the first entry of the same request.'),
  offering: { type: 'tag', says: 'The offering it is about.', example: 'service-plan' },
  summary: { type: 'text', says: 'What happened, in a sentence or two.', example: 'Asked when the second line will be delivered', max: 4000, personal: true, hint: HINT },
  customerGot: { type: 'text', says: 'What did the customer get out of it?', example: 'Knows the delivery date', max: 1000, personal: true, hint: HINT },
  feeling: { type: 'integer', says: 'How they felt, -2 to +2.', example: 1, min: -2, max: 2 },
  feelingBy: { type: 'choice', choices: ['stated', 'observed'], says: 'Stated by the customer, or observed by us. Default: observed.', example: 'observed' },
  source: { type: 'tag', says: 'The system it came from.', example: 'helpdesk' },
  sourceId: { type: 'text', says: 'Its id there: the key for “already have it”.', example: 'T-10442', max: 200 },
} as const satisfies Record<string, Field>;

export const commonFields: Readonly<Record<string, Field>> = COMMON;

// Asked several times of every entry that is written or read: put together once.
const FIELDS: ReadonlyMap<string, Readonly<Record<string, Field>>> = new Map(Object.entries(kinds).map(([name, kind]) => [name, Object.freeze({ ...commonFields, ...kind.fields })]));
const NO_FIELDS = Object.freeze({});
const OF_TYPE = new Map([...FIELDS].map(([name, fields]) => [name, Map.groupBy(Object.entries(fields), ([, { type }]) => type)]));
const namesWhere = (holds: (field: Field) => boolean) => new Map([...FIELDS].map(([name, fields]) => [name, Object.keys(fields).filter((field) => holds(fields[field]!))]));
const PERSONAL = namesWhere(({ personal }) => personal === true);
const REQUIRED = namesWhere((field) => field.required === true);

/** All fields of a kind by name: the common ones, and its own, which win. */
export const fieldsOf = (name: string): Readonly<Record<string, Field>> => FIELDS.get(name) ?? NO_FIELDS;

/** Fields of a kind of this type. */
export const fieldsOfType = (name: string, type: Field['type']): readonly (readonly [string, Field])[] => OF_TYPE.get(name)?.get(type) ?? [];

/** Fields of a kind that are personal data. */
export const personalFieldsOf = (name: string): readonly string[] => PERSONAL.get(name) ?? [];

/** Fields that an entry of the kind must have. */
export const requiredFieldsOf = (name: string): readonly string[] => REQUIRED.get(name) ?? [];
