/** The sample organisation: the same for the same seed and day. */
import { tellAsks, tellPromises } from './commitments.js';
import { customerIdOf, type CustomerInput } from '../customers/customers.writer.js';
import { toIso } from '../kernel/calendar.js';
import { act } from './advocacy.js';
import { tellAlignment } from './alignment.js';
import { amend, type Amendment } from './amendments.js';
import { FIRST_TERM } from './customers.js';
import { COLLEAGUES, OWN_ENTRIES, type SampleColleague } from './organisation.js';
import { factsOf } from './profile.js';
import { PROSPECTS, type Scenario } from './prospects.js';
import { Random } from './random.js';
import { RETURNING } from './returning.js';
import { Calendar, Story } from './story.js';

export const SCENARIOS: readonly Scenario[] = [...PROSPECTS, ...FIRST_TERM, ...RETURNING];
export const DEFAULT_SEED = 5;
export const SOURCE = 'sample';

type Raw = Readonly<Record<string, unknown>>;

export interface SampleCustomer {
  readonly id: string;
  readonly scenario: string;
  /** The lit rings it ends with under the default rules: one of these sets. */
  readonly lit: Scenario['lit'];
  readonly input: CustomerInput & { readonly source: string; readonly sourceId: string };
  /** First owner. */
  readonly owner: string;
  /** As they go over the wire, by time; `#n` names the nth of this list, or the person it adds. */
  readonly entries: readonly Raw[];
  /** Who logs each of them. */
  readonly actors: readonly string[];
  readonly amendments: readonly Amendment[];
}

export interface Sample {
  readonly colleagues: readonly SampleColleague[];
  /** Entries tied to no customer. */
  readonly own: readonly { readonly actor: string; readonly entry: Raw }[];
  /** Who referred comes before the referred. */
  readonly customers: readonly SampleCustomer[];
}

export interface SampleOptions {
  readonly seed?: number;
  /** Epoch ms: the instant at which the story ends. */
  readonly today?: number;
  /** IANA zone of working hours. */
  readonly zone?: string;
}

interface Told {
  readonly id: string;
  readonly sourceId: string;
  readonly scenario: Scenario;
  readonly story: Story;
  readonly owner: string;
  referredBy?: Told;
}

const boughtOn = ({ story }: Told): number => Math.min(Infinity, ...story.drafts.filter(({ raw }) => raw['kind'] === 'purchase').map(({ at }) => story.day(at)));

/** In touch all along, and a customer. */
const isSteady = ({ name, lit }: Scenario): boolean => lit.every((set) => set.includes(1) && set.includes(2)) && !/fading|lapsed|detractor|withdrawn|left|return|praised|gone/.test(name);

/** Those who came on somebody's advice get to know whose; the adviser's history gets the referral. */
function linkReferrals(told: readonly Told[], random: Random): void {
  // Only those whose standing another act cannot change: in touch all along, and either advocates anyway or merely said to be.
  const mayRefer = told.filter(({ scenario }) => isSteady(scenario));
  const uses = new Map<Told, number>();
  for (const one of told.filter(({ story }) => story.origin === 'referral').sort((a, b) => a.story.began - b.story.began)) {
    const { began } = one.story;
    const able = mayRefer.filter((by) => by !== one && boughtOn(by) < began - 60 && (uses.get(by) ?? 0) < 3);
    if (able.length === 0) continue;
    // Chains first: those who were referred themselves.
    const by = random.pick(able.filter((other) => other.referredBy !== undefined).length > 0 && random.chance(0.4) ? able.filter((other) => other.referredBy !== undefined) : able);
    uses.set(by, (uses.get(by) ?? 0) + 1);
    one.referredBy = by;
    const advocate = by.scenario.lit.every((set) => set.includes(5));
    act(by.story, began - random.int(3, 12), { kind: 'referral', referred: one.id, referredName: one.story.facts.name, proof: advocate ? 'evidenced' : 'claimed', by: by.story.someone((began - 15) * 1440) });
    const asked = one.story.drafts.find(({ raw }) => raw['kind'] === 'enquiry');
    if (asked !== undefined) asked.raw['summary'] = `Rings on the advice of ${by.story.facts.name}, has seen the ${by.story.facts.model} at work there. Bakes on ${one.story.facts.old}.`;
  }
}

function tellAll(seed: number, calendar: Calendar): Told[] {
  const random = new Random(seed, 'order');
  const taken = new Set<string>();
  const plan = SCENARIOS.flatMap((scenario) => Array.from({ length: scenario.count }, (_, nth) => ({ scenario, nth })));
  return random.shuffled(plan).map(({ scenario, nth }, index): Told => {
    const own = new Random(seed, index);
    const sourceId = `${seed}-${String(index + 1).padStart(3, '0')}`;
    const facts = factsOf(seed, index, own, taken, scenario.name === 'large chain' ? 'bakery-chain' : undefined);
    const story = new Story(facts, own, calendar);
    const owner = story.owner;
    scenario.tell(story, nth);
    return { id: customerIdOf({ source: SOURCE, sourceId }, ''), sourceId, scenario, story, owner };
  });
}

/** Referrers first. */
function inOrder(told: readonly Told[]): Told[] {
  const depth = ({ referredBy }: Told): number => (referredBy === undefined ? 0 : 1 + depth(referredBy));
  return [...told].map((one, index) => [depth(one), index, one] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , one]) => one);
}

export function sampleOf({ seed = DEFAULT_SEED, today = Date.now(), zone = 'UTC' }: SampleOptions = {}): Sample {
  const calendar = new Calendar(today, zone);
  const told = tellAll(seed, calendar);
  const random = new Random(seed, 'links');
  linkReferrals(told, random);
  for (const [index, { story, scenario }] of told.entries()) {
    const own = new Random(seed, `commitments ${index}`);
    if (isSteady(scenario)) tellPromises(story, own);
    tellAsks(story, own, isSteady(scenario));
  }
  for (const [index, { story, scenario }] of told.entries()) tellAlignment(story, new Random(seed, `alignment ${index}`), isSteady(scenario));
  const before = told.map(({ story }) => story.finished());
  const amended = amend(told.map(({ id, story, scenario }, index) => ({ id, story, scenario: scenario.name, finished: before[index]! })), new Random(seed, 'amendments'));
  const customers = inOrder(told).map((one): SampleCustomer => {
    const { id, sourceId, scenario, story: { facts, origin }, owner, referredBy } = one;
    const { entries, actors, amendments } = amended.get(id)!;
    return {
      id,
      scenario: scenario.name,
      lit: scenario.lit,
      input: { name: facts.name, segment: facts.segment, origin, owner, ...(referredBy !== undefined && { referredBy: referredBy.id }), source: SOURCE, sourceId },
      owner,
      entries,
      actors,
      amendments,
    };
  });
  const own = OWN_ENTRIES.map(([daysAgo, actor, entry], index) => ({ actor, entry: { ...entry, occurredAt: toIso(calendar.instant(-daysAgo * 1440 + 9 * 60 + index)), source: SOURCE, sourceId: `${seed}-own-${index}` } }));
  return { colleagues: COLLEAGUES, own, customers };
}

