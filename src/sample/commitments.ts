/** What was promised along the way, and who was asked to stand up for us: told once the rest of a story is known. */
import type { Random } from './random.js';
import { A_DAY, type Draft, type Moment, type Person, type Story } from './story.js';

const WHAT = ['The drawing of the flue', 'A second quote, with service in it', 'The bake curves of last month', 'A spare lamp for deck 3', 'The name of a baker who went through the same', 'The invoice in two halves', 'A date for the inspection', 'The recipe card of the steam course'] as const;
const GIVEN_IN: readonly unknown[] = ['visit', 'meeting', 'call', 'business-review'];
const ACTS: readonly unknown[] = ['reference', 'review', 'testimonial', 'case-study', 'speaking'];

const last = (s: Story, kind: string, at: Moment, fits: (draft: Draft) => boolean = () => true): Draft | undefined => s.drafts.filter((draft) => draft.raw['kind'] === kind && draft.at <= at && fits(draft)).sort((a, b) => a.at - b.at).at(-1);

/** Promises given in talks of the last months: most kept, some late, some missed, some still open. Those who are steady lose no ring by it. */
export function tellPromises(s: Story, random: Random): void {
  const talks = s.drafts.filter(({ raw, at }) => GIVEN_IN.includes(raw['kind']) && at > -150 * A_DAY && at < s.calendar.now - 60);
  for (const talk of talks.filter(() => random.chance(0.22)).slice(0, 3)) {
    const given = s.day(talk.at);
    const due = given + random.int(3, 21);
    const department = random.chance(0.5) ? { by: s.technician } : random.chance(0.4) ? { by: s.operator } : { by: talk.by };
    const people = Array.isArray(talk.raw['people']) ? { people: talk.raw['people'] as unknown[] } : {};
    const what = random.pick(WHAT);
    const made = s.tell(talk.at + 25, talk.by, 'promise-made', { what, due: s.calendar.date(due), owner: department.by, about: talk, ...people });
    delete made.raw['department'];
    // Late, but never for 30 days; some of those that fell due lately are not delivered yet.
    const late = random.chance(0.15);
    if (due > -14 && random.chance(0.45)) continue;
    const on = late ? due + random.int(2, 14) : Math.max(given, due - random.int(0, 4));
    const delivered = Math.max(on * A_DAY + 14 * 60, made.at + 30);
    if (random.chance(0.5) && delivered - 180 > made.at) s.tell(delivered - 180, department.by, 'promise-produced', { about: made });
    s.tell(delivered, department.by, 'promise-delivered', { about: made, summary: late ? 'Later than we had said; rang before it went out.' : 'Went out with the van.' });
    if (random.chance(0.55)) s.tell(s.after(delivered, 1, 4), talk.by, 'promise-confirmed', { about: made, channel: 'phone' });
  }
}

/** A severe issue is open, they have left, or objected to contact by some channel. */
function mayNotAsk(s: Story, person: unknown, at: Moment): boolean {
  const severe = s.drafts.filter(({ raw, at: opened }) => raw['kind'] === 'issue-opened' && Number(raw['severity']) <= 2 && opened <= at);
  const isOpen = (issue: Draft): boolean => !s.drafts.some(({ raw, at: solved }) => raw['kind'] === 'issue-resolved' && raw['about'] === issue && solved <= at);
  const own = (kind: string): boolean => last(s, kind, at, ({ raw }) => raw['person'] === person) !== undefined;
  return severe.some(isOpen) || own('person-left') || own('contact-objected') || own('consent-withdrawn');
}

/** Who did something on request was asked for it; some who would recommend us were asked lately, one or two of them as often as may be. */
export function tellAsks(s: Story, random: Random, isSteady: boolean): void {
  const asked = new Map<unknown, Moment[]>();
  const hasRoom = (person: unknown, at: Moment): boolean => (asked.get(person) ?? []).filter((one) => Math.abs(one - at) < 91 * A_DAY).length < 2;
  const ask = (person: unknown, act: unknown, at: Moment, wording: string, more: Readonly<Record<string, unknown>> = {}): Draft | undefined => {
    if (at >= s.calendar.now || mayNotAsk(s, person, at) || !hasRoom(person, at)) return undefined;
    asked.set(person, [...(asked.get(person) ?? []), at]);
    return s.tell(at, s.owner, 'advocacy-asked', { person, act, wording, channel: 'phone', ...more });
  };
  for (const act of s.drafts.filter(({ raw }) => ACTS.includes(raw['kind']) && raw['about'] === undefined).sort((a, b) => a.at - b.at)) {
    const { person, kind } = act.raw;
    const consent = last(s, 'consent-given', act.at - A_DAY, ({ raw }) => raw['person'] === person);
    if (consent === undefined) continue;
    const asking = ask(person, kind, consent.at + 90, 'You said yes on the phone: may we go on as the sheet says?', act.raw['incentivised'] === true ? { incentivised: true } : {});
    if (asking === undefined) continue;
    s.tell(asking.at + 45, s.owner, 'advocacy-accepted', { about: asking, channel: 'phone' });
    act.raw['about'] = asking;
  }
  if (!isSteady) return;
  const fan = s.drafts.filter(({ raw }) => raw['kind'] === 'survey-answered' && Number(raw['nps']) >= 9 && raw['person'] !== undefined).at(-1);
  const person = fan?.raw['person'];
  const there = s.people.find(({ draft }: Person) => draft === person);
  if (fan === undefined || there === undefined || there.left !== undefined || fan.at < -200 * A_DAY || !random.chance(0.7)) return;
  const from = Math.max(fan.at, -70 * A_DAY) + 2 * A_DAY;
  s.tell(from, s.owner, 'consent-given', { person, purpose: 'reference-calls', form: 'spoken', channel: 'phone', summary: `${there.first} may be asked for a call with another baker, twice a quarter at most.` });
  const first = ask(person, random.pick(['reference', 'review', 'testimonial'] as const), from + 3 * A_DAY, 'Would you take one call from a bakery of your size?', { due: s.calendar.date(s.day(from) + 30) });
  if (first !== undefined && random.chance(0.6)) s.tell(first.at + 2 * A_DAY, s.owner, random.chance(0.5) ? 'advocacy-declined' : 'advocacy-accepted', { about: first, channel: 'phone' });
  if (random.chance(0.6)) ask(person, 'referral', from + 20 * A_DAY, 'Is there anybody at the guild whose oven is older than yours was?');
}
