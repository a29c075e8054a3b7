/** What the detectors and checks read, told beside the stories: it changes none of them, as nothing of it lights or darkens a ring. */
import { OFFERINGS, type Offering } from './organisation.js';
import type { Random } from './random.js';
import { A_DAY, type Draft, type Story } from './story.js';

const ofKind = ({ drafts }: Story, ...kinds: readonly string[]): Draft[] => drafts.filter(({ raw }) => kinds.includes(String(raw['kind']))).sort((a, b) => a.at - b.at);

/** Half of the wants were talked about before the purchase, until it was plain what was needed. */
function closeGaps(s: Story, random: Random): void {
  const [purchase] = ofKind(s, 'purchase');
  if (purchase === undefined || random.chance(0.5)) return;
  for (const want of ofKind(s, 'want-stated').filter(({ at }) => at < purchase.at - A_DAY)) {
    const at = Math.min(want.at + random.int(1, 4) * A_DAY, purchase.at - 60);
    s.tell(at, s.owner, 'need-agreed', { side: 'us', about: want, tag: s.facts.needs[0]!.tag, channel: 'phone', summary: `Went through the wish together: what is behind it is “${s.facts.needs[0]!.tag.replaceAll('-', ' ')}”, and that is what is signed.` });
  }
}

/** What we gain, looked at again after the customer confirmed what they gain. */
function confirmOurs(s: Story, random: Random): void {
  const [purchase] = ofKind(s, 'purchase');
  const outcome = ofKind(s, 'outcome-confirmed').find(({ at }) => purchase !== undefined && at > purchase.at);
  if (outcome === undefined || random.chance(0.5)) return;
  s.tell(outcome.at + random.int(2, 9) * A_DAY, s.owner, 'benefit-recorded', { side: 'us', providerBenefit: random.pick(['Fewer call-outs at night than we had reckoned with', 'A bakehouse we may show to others', 'Figures from real nights for the works']), summary: 'Looked at our side of it after the first year’s figures.' });
}

/** What else would help them: known already, or not yet spoken of. */
function markRelevant(s: Story, random: Random): void {
  const bought = ofKind(s, 'purchase', 'renewal');
  const first = bought[0];
  if (first === undefined || random.chance(0.45)) return;
  const owned = new Set(bought.map(({ raw }) => raw['offering']));
  const known = ofKind(s, 'awareness-confirmed').find(({ raw, at }) => at > first.at && !owned.has(raw['offering']));
  const open = (Object.keys(OFFERINGS) as Offering[]).filter((offering) => !owned.has(offering));
  if (open.length === 0) return;
  const [offering, at] = known === undefined ? [random.pick(open), first.at + random.int(30, 120) * A_DAY] : [known.raw['offering'] as Offering, known.at - A_DAY];
  s.tell(at, s.owner, 'relevance-recorded', { offering, summary: `${OFFERINGS[offering].replace(/^./, (letter) => letter.toUpperCase())} would help at ${s.facts.street}: ${s.facts.batch} on one shift.` });
}

/** The same word twice. */
function repeatOneself(s: Story, random: Random): void {
  const [purchase] = ofKind(s, 'purchase');
  if (purchase === undefined || !random.chance(0.12)) return;
  const at = Math.max(purchase.at + 20 * A_DAY, s.on(-random.int(30, 150)));
  const value = `${random.int(6, 30)} hours`;
  for (const [days, by] of [[0, s.owner], [random.int(4, 20), s.technician]] as const) s.tell(at + days * A_DAY, by, 'statement-made', { key: 'night-call-out-time', value, channel: 'phone', summary: `Said that the van is there within ${value} at night.` });
}

/** They look around before they sign again; where they are in touch with us anyway. */
function lookAround(s: Story, random: Random): void {
  if (ofKind(s, 'purchase').length === 0 || !random.chance(0.15)) return;
  const at = s.on(-random.int(15, 110));
  const person = s.someone(at, 'decider');
  if (person.draft.at < at) s.tell(at, s.owner, 'alternative-considered', { alternative: random.pick(['A second-hand oven from a bakery that closes', 'The oven of the works in the next town, bought instead of rented', 'Going on with the old one for a year']), people: [person.draft], channel: 'phone', summary: `${person.first} says openly that they compare before they sign again.` });
}

/** `steady`: in touch with us in all that the story may end with. */
export function tellAlignment(s: Story, random: Random, steady: boolean): void {
  closeGaps(s, random);
  confirmOurs(s, random);
  markRelevant(s, random);
  repeatOneself(s, random);
  if (steady) lookAround(s, random);
}
