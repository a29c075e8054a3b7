/** What was written down wrongly at first: corrected, retracted, or moved to the customer it was about. */
import { toIso } from '../kernel/calendar.js';
import type { Random } from './random.js';
import type { Story } from './story.js';

type Raw = Readonly<Record<string, unknown>>;

export type Amendment =
  /** The full content it should have had. */
  | { readonly type: 'correct'; readonly entry: number; readonly raw: Raw }
  | { readonly type: 'retract'; readonly entry: number; readonly reason: string; readonly including: readonly number[] }
  | { readonly type: 'move'; readonly entry: number; readonly to: string };

interface Before {
  readonly id: string;
  readonly scenario: string;
  readonly story: Story;
  readonly finished: { readonly entries: readonly Raw[]; readonly actors: readonly string[] };
}

interface Amended {
  readonly entries: Raw[];
  readonly actors: string[];
  readonly amendments: Amendment[];
}

const day = (raw: Raw): string => String(raw['occurredAt']).slice(0, 10);

/** A slip in an entry, put right: the list gets the slip, the amendment the right content. */
function misprint(one: Amended, nth: number, random: Random): void {
  const wanted = nth % 3 === 0 ? ['purchase', 'renewal'] : nth % 3 === 1 ? ['call', 'visit'] : ['need-stated'];
  const index = one.entries.findIndex((raw, at) => wanted.includes(String(raw['kind'])) && at > 2);
  if (index < 0) return;
  const right = one.entries[index]!;
  const wrong: Raw =
    typeof right['amount'] === 'number' ? { ...right, amount: right['amount'] * 10 }
    : right['kind'] === 'need-stated' ? { ...right, rank: Number(right['rank']) + 2 }
    : { ...right, summary: `${String(right['summary'])} (to be completed)` };
  one.entries[index] = wrong;
  one.amendments.push({ type: 'correct', entry: index, raw: typeof right['amount'] === 'number' || random.chance(0.4) ? right : { ...right, feeling: 1 } });
}

/** The same thing logged twice, by two people who were both there; with what was answered to the second. */
function duplicate(one: Amended): void {
  const index = one.entries.findIndex((raw) => raw['kind'] === 'question-asked');
  const answer = one.entries.findIndex((raw) => raw['kind'] === 'question-answered' && raw['about'] === `#${index}`);
  if (index >= 0 && answer > index) {
    const length = one.entries.length;
    one.entries.push({ ...one.entries[index]! }, { ...one.entries[answer]!, about: `#${length}` });
    one.actors.push('greta', 'greta');
    one.amendments.push({ type: 'retract', entry: length, reason: 'Logged twice, once by sales and once by service', including: [length + 1] });
    return;
  }
  const call = one.entries.findIndex(({ kind }) => kind === 'call' || kind === 'note');
  if (call < 0) return;
  one.entries.push({ ...one.entries[call]! });
  one.actors.push(one.actors[call]!);
  one.amendments.push({ type: 'retract', entry: one.entries.length - 1, reason: 'Logged twice', including: [] });
}

/** A mail filed at one customer that was about another. */
function misfiled(here: Amended, there: Before & Amended): void {
  const { facts } = there.story;
  const raw = there.entries.findLast(({ kind }) => kind === 'email' || kind === 'call');
  if (raw === undefined) return;
  const occurredAt = toIso(Date.parse(String(raw['occurredAt'])) + 41 * 60_000);
  here.entries.push({ kind: 'email', side: 'us', department: 'operations', occurredAt, summary: `Delivery of ${day(raw)} to ${facts.street} confirmed to ${facts.name}, with the times of the van.` });
  here.actors.push('hugo');
  here.amendments.push({ type: 'move', entry: here.entries.length - 1, to: there.id });
}

export function amend(customers: readonly Before[], random: Random): Map<string, Amended> {
  const all = customers.map((one) => ({ ...one, entries: [...one.finished.entries], actors: [...one.finished.actors], amendments: [] as Amendment[] }));
  const lively = random.shuffled(all.filter(({ scenario, entries }) => entries.length > 30 && entries.length < 900 && /value|all five|of old|onboarding/.test(scenario)));
  lively.slice(0, 18).forEach((one, nth) => misprint(one, nth, random));
  lively.slice(18, 28).forEach(duplicate);
  for (let nth = 28; nth + 1 < 38; nth += 2) if (lively[nth + 1] !== undefined) misfiled(lively[nth]!, lively[nth + 1]!);
  return new Map(all.map(({ id, entries, actors, amendments }) => [id, { entries, actors, amendments }]));
}
