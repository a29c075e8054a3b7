/** The organisation of the sample: Hearthline rents out deck ovens to bakeries by the year, and services them. */

export interface SampleColleague {
  readonly id: string;
  readonly name: string;
  readonly department: 'marketing' | 'sales' | 'service' | 'operations';
}

export const COLLEAGUES: readonly SampleColleague[] = [
  { id: 'ada', name: 'Ada Brandt', department: 'sales' },
  { id: 'ben', name: 'Ben Okafor', department: 'sales' },
  { id: 'clara', name: 'Clara Weiss', department: 'sales' },
  { id: 'dina', name: 'Dina Haddad', department: 'marketing' },
  { id: 'emil', name: 'Emil Sørensen', department: 'marketing' },
  { id: 'farid', name: 'Farid Nasser', department: 'service' },
  { id: 'greta', name: 'Greta Lund', department: 'service' },
  { id: 'hugo', name: 'Hugo Petit', department: 'operations' },
];

export const colleagueOf = (id: string): SampleColleague => COLLEAGUES.find((one) => one.id === id)!;
export const firstNameOf = (id: string): string => colleagueOf(id).name.split(' ')[0]!;

export const SELLERS = ['ada', 'ben', 'clara'] as const;
export const TECHNICIANS = ['farid', 'greta'] as const;
export const MARKETERS = ['dina', 'emil'] as const;

/** What is sold, always by the year. */
export const OFFERINGS = {
  'deck-oven': 'the deck oven',
  'service-plan': 'the service plan',
  'remote-monitoring': 'remote monitoring',
  training: 'baker training',
} as const;
export type Offering = keyof typeof OFFERINGS;

export interface Campaign {
  readonly key: string;
  /** Days before today on which it was launched. */
  readonly daysAgo: number;
  readonly offering: Offering;
  readonly callToAction: string;
  readonly claims: readonly string[];
  readonly needTags: readonly string[];
  readonly audienceRoles: readonly string[];
  readonly says: string;
  readonly answer: string;
}

export const CAMPAIGNS: readonly Campaign[] = [
  { key: 'energy-check', daysAgo: 612, offering: 'deck-oven', callToAction: 'book-an-energy-check', claims: ['a-fifth-less-energy'], needTags: ['lower-energy-cost'], audienceRoles: ['decider', 'budget-holder'], says: 'Mailing on the free energy check: what an old deck oven costs a night, and what a Hearthline one does.', answer: 'Sent back the card for the energy check and gave the meter readings of last year.' },
  { key: 'service-weeks', daysAgo: 430, offering: 'service-plan', callToAction: 'book-an-inspection', claims: ['no-night-lost'], needTags: ['less-downtime'], audienceRoles: ['user', 'technical'], says: 'Service weeks: inspection of burners, seals and steam before the busy season, at a fixed price.', answer: 'Signed up for an inspection on the service weeks page.' },
  { key: 'steam-workshop', daysAgo: 255, offering: 'training', callToAction: 'reserve-a-seat', claims: ['even-crust'], needTags: ['even-bake'], audienceRoles: ['user', 'champion'], says: 'Invitation to the steam workshop in the test bakery: one day on steam, crust and long doughs.', answer: 'Reserved a seat at the steam workshop.' },
  { key: 'watch-every-bake', daysAgo: 118, offering: 'remote-monitoring', callToAction: 'ask-for-a-trial', claims: ['faults-seen-first', 'hygiene-records'], needTags: ['less-downtime', 'hygiene-records'], audienceRoles: ['technical', 'decider'], says: 'Remote monitoring: bake curves and faults on one screen, first month free.', answer: 'Clicked through to the trial month of remote monitoring and left a number.' },
  { key: 'open-bake-day', daysAgo: 38, offering: 'deck-oven', callToAction: 'come-and-bake', claims: ['even-crust', 'a-fifth-less-energy'], needTags: ['even-bake', 'lower-energy-cost'], audienceRoles: ['decider', 'influencer'], says: 'Invitation to the open bake day: bring your own dough and bake it on our decks.', answer: 'Will come to the open bake day and bring a dough of their own.' },
];

/** Entries that belong to no customer: [days ago, who logged it, the entry]. */
export const OWN_ENTRIES: readonly (readonly [number, string, Readonly<Record<string, unknown>>])[] = [
  ...CAMPAIGNS.map(({ key, daysAgo, offering, callToAction, claims, needTags, audienceRoles, says }, index) => [daysAgo, MARKETERS[index % 2]!, { kind: 'campaign-launched', campaign: key, offering, callToAction, claims, needTags, audienceRoles, summary: says }] as const),
  ...([
    [700, 'ada', 'deck-oven'], [700, 'ben', 'deck-oven'], [640, 'clara', 'deck-oven'], [690, 'farid', 'service-plan'], [690, 'greta', 'service-plan'], [460, 'ada', 'service-plan'],
    [300, 'ben', 'service-plan'], [130, 'farid', 'remote-monitoring'], [126, 'ada', 'remote-monitoring'], [270, 'greta', 'training'], [60, 'hugo', 'deck-oven'],
  ] as const).map(([daysAgo, colleague, offering]) => [daysAgo, 'hugo', { kind: 'enablement-completed', colleague, offering, summary: `${firstNameOf(colleague)} finished the course on ${OFFERINGS[offering]} and passed the practical part.` }] as const),
  [545, 'hugo', { kind: 'change-made', what: 'Every new oven gets a first-bake visit in the second week', why: 'Four of ten first complaints came from steam settings nobody had explained' }],
  [372, 'greta', { kind: 'change-made', what: 'Seals and igniters ride along in both service vans', why: 'A third of the repairs needed a second trip for a part under 40 euros' }],
  [208, 'ada', { kind: 'change-made', what: 'A value talk with the customer 120 days before a term ends', why: 'Renewals were talked about only when the invoice was due' }],
  [74, 'hugo', { kind: 'change-made', what: 'Night hotline from 1 to 6 o’clock, taken by a technician', why: 'Bakers call when they bake; the mailbox answered too late' }],
];
