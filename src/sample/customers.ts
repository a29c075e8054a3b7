/** Scenarios of those who bought, in their first term. Days count from today, back into the past. */
import { act, leave, liftObjection, objectToContact, speakAgainst, withdrawConsent } from './advocacy.js';
import { buy, champion, firstContact, openDecision, renew, renewalTalk, takeIntoUse, understand, value, type Deal } from './chapters.js';
import { everyday, fault, survey, unanswered } from './everyday.js';
import { FAULTS } from './notes.js';
import { anyOpening, dayIn, on, type Scenario } from './prospects.js';
import type { Draft, Moment, Story } from './story.js';

const us = { side: 'us' } as const;

export interface Won {
  readonly purchase: Draft;
  /** Day it was bought. */
  readonly bought: number;
  /** From when on the oven is in use. */
  readonly used: Moment;
}

/** From the first contact to an oven in use. */
export function won(s: Story, bought: number, deal: Deal = {}, full = true): Won {
  const from = understand(s, firstContact(s, Math.max(-729, bought - s.random.int(78, 100)), anyOpening(s)));
  const decision = openDecision(s, from, 0);
  const day = Math.max(bought, s.day(s.after(decision.at, 10)));
  (decision.raw as { neededBy: string }).neededBy = s.calendar.date(day + s.random.int(1, 12));
  decision.raw['summary'] = 'Wants it settled before the next season begins.';
  everyday(s, s.after(decision.at, 10), s.on(day - 2), { prospect: true, rate: 2.2 });
  const purchase = buy(s, day, deal, decision);
  return { purchase, bought: s.day(purchase.at), used: takeIntoUse(s, purchase.at, full) };
}

/** Word from them in the last weeks. */
export function recent(s: Story, from = 6, to = 40): void {
  const at = s.on(-s.random.int(from, to));
  const p = s.someone(at);
  s.tell(at, s.owner, 'call', { side: 'customer', attended: true, people: [p.draft], summary: s.random.pick([`${p.first} rang about the plan for the holidays and asked for the hotline hours.`, `${p.first} wanted to know whether the new van comes to ${s.facts.town} too.`, `${p.first} rang: second loader, what would it cost? No hurry.`]) });
}

const live = (s: Story, { used }: Won, rate = 1): void => everyday(s, used, s.calendar.now, { rate });

/** First year, value seen and still fresh. */
function valued(s: Story, bought: number, deal: Deal = {}): Won {
  const story = won(s, bought, deal);
  if (bought < -200 && s.random.chance(0.6)) value(s, story.bought + 75, false);
  value(s, Math.max(story.bought + 62, dayIn(s, 12, 110)));
  live(s, story);
  recent(s);
  return story;
}

export const FIRST_TERM: readonly Scenario[] = [
  { name: 'onboarding', count: 12, lit: [[1, 2]], tell: (s) => live(s, won(s, dayIn(s, 12, 75)), 1.5) },
  { name: 'value in the first year', count: 24, lit: [[1, 2, 3]], tell: (s) => void valued(s, dayIn(s, 130, 260)) },
  { name: 'advocate in the first year', count: 16, lit: [[1, 2, 3, 5]], tell(s) { const { used } = valued(s, dayIn(s, 150, 260)); champion(s, used); act(s, dayIn(s, 6, 80)); } },
  { name: 'advocate before value', count: 5, lit: [[1, 2, 5]], tell(s) { live(s, won(s, dayIn(s, 110, 240)), 1.2); recent(s); act(s, dayIn(s, 8, 45), { kind: s.random.pick(['public-post', 'review'] as const) }); } },
  { name: 'value once, not since', count: 6, lit: [[1, 2]], tell(s) { const story = won(s, dayIn(s, 330, 600), { length: 730 }); value(s, story.bought + s.random.int(70, 110)); live(s, story); recent(s); } },
  { name: 'value fading', count: 5, lit: [[1, 2, 3]], tell(s) { const story = won(s, dayIn(s, 245, 262)); value(s, dayIn(s, 155, 174)); live(s, story); recent(s); } },
  {
    name: 'silent in the first year', count: 5, lit: [[2]],
    tell(s) { won(s, dayIn(s, 262, 268)); unanswered(s, on(-172), s.calendar.now, 30); },
  },
  {
    name: 'silent advocate', count: 4, lit: [[2, 5]],
    tell(s) {
      const story = won(s, dayIn(s, 480, 560), { length: 730 });
      champion(s, story.used);
      everyday(s, story.used, on(-200));
      act(s, dayIn(s, 205, 320));
      unanswered(s, on(-180), s.calendar.now, 40);
    },
  },
  {
    name: 'champion left', count: 6, lit: [[1, 2]],
    tell(s) {
      const story = won(s, dayIn(s, 230, 262));
      const p = champion(s, story.used);
      value(s, dayIn(s, 100, 145));
      leave(s, dayIn(s, 48, 80), p, `${p.first} went to a hotel by the sea; the rest of the team bakes by feel again.`);
      live(s, story);
      recent(s);
    },
  },
  {
    name: 'champion left, another came', count: 3, lit: [[1, 2, 3]],
    tell(s) {
      const story = won(s, dayIn(s, 230, 262));
      const p = champion(s, story.used);
      value(s, dayIn(s, 90, 140));
      const left = dayIn(s, 50, 70);
      leave(s, left, p);
      const next = s.meet(s.after(on(left + 8), 1), ['user'], 'New head baker, had a deck oven of ours before.');
      s.tell(s.after(next.draft.at, 2, 6), s.owner, 'role-given', { person: next.draft, role: 'champion', summary: `${next.first} took up the cause within a week.` });
      live(s, story);
      recent(s);
    },
  },
  {
    name: 'champion just gone', count: 2, lit: [[1, 2, 3]],
    tell(s) {
      const story = won(s, dayIn(s, 200, 250));
      const p = champion(s, story.used);
      value(s, dayIn(s, 60, 110));
      leave(s, dayIn(s, 6, 18), p);
      live(s, story);
      recent(s, 2, 5);
    },
  },
  {
    name: 'consent withdrawn', count: 4, lit: [[1, 2, 3]],
    tell(s, nth) {
      const { used } = valued(s, dayIn(s, 190, 260));
      champion(s, used);
      const { by } = act(s, dayIn(s, 60, 110), { kind: 'testimonial' });
      withdrawConsent(s, dayIn(s, 8, 40), by);
      if (nth < 2) objectToContact(s, dayIn(s, 5, 7), by);
      if (nth === 1) liftObjection(s, dayIn(s, 2, 3), by);
    },
  },
  {
    name: 'advocate turned detractor', count: 4, lit: [[1, 2, 3]],
    tell(s, nth) {
      const { used } = valued(s, dayIn(s, 190, 260));
      champion(s, used);
      const { by } = act(s, dayIn(s, 90, 110), { kind: 'review' });
      s.thread(s.calendar.now, () => void fault(s, s.on(-62), FAULTS[7]));
      s.thread(s.calendar.now, () => void fault(s, s.on(-48), FAULTS[1]));
      if (nth % 2 === 0) survey(s, s.on(dayIn(s, 8, 30)), s.random.int(2, 5), by, '“Two burnt batches and nobody said sorry.”');
      else speakAgainst(s, dayIn(s, 8, 30), by);
    },
  },
  {
    name: 'advocate left', count: 3, lit: [[1, 2, 3]],
    tell(s) { valued(s, dayIn(s, 190, 260)); const { by } = act(s, dayIn(s, 70, 110), { by: s.someone(on(-115), 'user'), kind: 'reference' }); leave(s, dayIn(s, 8, 40), by); },
  },
  { name: 'review with something in return', count: 4, lit: [[1, 2, 3, 5]], tell(s) { const { used } = valued(s, dayIn(s, 170, 260)); act(s, dayIn(s, 10, 70), { by: s.someone(used, 'user'), kind: 'review', proof: 'evidenced', incentivised: true }); } },
  { name: 'said to have praised us', count: 4, lit: [[1, 2, 3]], tell(s) { const { used } = valued(s, dayIn(s, 170, 260)); act(s, dayIn(s, 20, 90), { by: s.someone(used, 'decider'), kind: s.random.pick(['reference', 'referral'] as const), proof: 'claimed' }); } },
  {
    name: 'term ends soon', count: 7, lit: [[1, 2, 3]],
    tell(s, nth) {
      const story = valued(s, dayIn(s, 290, 340));
      renewalTalk(s, dayIn(s, 6, 14), story.bought + 365);
      const due = nth % 2 === 0 ? -s.random.int(1, 4) : s.random.int(2, 14);
      s.tell(s.on(-8), s.owner, 'step-planned', { who: s.owner, due: s.calendar.date(due), summary: `Offer for the second year, with the rent of the service in it; promised for ${s.calendar.spoken(due)}` });
    },
  },
  { name: 'notice date passed', count: 3, lit: [[1, 2, 3]], tell: (s) => void valued(s, dayIn(s, 210, 240), { noticeDays: 180 }) },
  { name: 'in grace', count: 3, lit: [[1, 2, 3]], tell(s) { const story = valued(s, dayIn(s, 385, 408)); renewalTalk(s, story.bought + 340, story.bought + 365); s.tell(s.on(-9), s.owner, 'note', { summary: 'Contract has run out, oven still bakes, nobody has signed. Decision is with the tax adviser.' }); } },
  { name: 'oven down now', count: 5, lit: [[1, 2, 3]], tell(s, nth) { valued(s, dayIn(s, 150, 250)); fault(s, s.on(-s.random.int(4, 6)), FAULTS[[2, 0, 7, 1][nth % 4]!], true); } },
  { name: 'renewed ahead', count: 4, lit: [[1, 2, 3]], tell(s) { const { bought, purchase } = valued(s, dayIn(s, 300, 340)); renewalTalk(s, -40, bought + 365); renew(s, dayIn(s, 6, 20), purchase, { start: s.calendar.date(bought + 365), end: s.calendar.date(bought + 730) }); } },
  {
    name: 'notice given', count: 4, lit: [[1, 2]],
    tell(s) {
      const story = won(s, dayIn(s, 240, 300));
      live(s, story);
      recent(s);
      const at = s.on(dayIn(s, 5, 30));
      const p = s.someone(at, 'decider');
      s.tell(at, s.owner, 'cancellation', { term: story.purchase, effective: s.calendar.date(story.bought + 365), reason: 'The shop is handed over, the successor buys bake-off', channel: 'post', people: [p.draft], summary: `Notice by letter, friendly. ${p.first} will keep to the end of the term.` });
    },
  },
  {
    name: 'refunded', count: 4, lit: [[]],
    tell(s) {
      const { purchase, used } = won(s, dayIn(s, 210, 450), {}, false);
      s.thread(s.calendar.now, () => void fault(s, s.after(used, 2, 5), FAULTS[2]));
      const at = s.after(used, 18, 32);
      const p = s.someone(at, 'decider');
      s.tell(at, s.operator, 'refund', { term: purchase, full: true, amount: s.facts.rent, currency: s.facts.currency, people: [p.draft], summary: `The house mains cannot carry the ${s.facts.model}; our survey had missed it. Whole rent back, oven fetched, ${p.first} was fair about it.` });
    },
  },
  {
    name: 'cancelled after severe issues', count: 12, lit: [[], [1]],
    tell(s, nth) {
      const late = nth % 4 === 3;
      const story = won(s, late ? dayIn(s, 230, 300) : dayIn(s, 420, 610));
      const end = late ? dayIn(s, 12, 40) : story.bought + s.random.int(200, 300);
      value(s, Math.min(story.bought + 90, end - 40), false);
      everyday(s, story.used, on(end - 60), { rate: 0.7 });
      for (const before of [52, 37, 24, 12]) s.thread(on(end), () => void fault(s, s.on(end - before), FAULTS[s.random.pick([0, 1, 2, 7])]));
      const at = s.on(end);
      const p = s.someone(at, 'decider');
      s.tell(at, s.owner, 'cancellation', { term: story.purchase, reason: s.random.pick(['Four stops in two months, in the middle of the season', 'Trust is gone: the same deck three times', 'Our own electrician has to come with yours every time']), channel: 'phone', people: [p.draft], summary: `${p.first} was calm, which is worse. Will not be talked round.`, feeling: -2 });
      const fetched = s.after(at, 5, 9);
      s.tell(fetched, s.operator, 'visit', { ...us, attended: late, people: [p.draft], summary: `${s.facts.model} fetched. ${late ? `${p.first} helped to load it and said that it was never about the people.` : 'Nobody came out.'}` });
      if (!late) unanswered(s, fetched, Math.min(s.calendar.now, fetched + on(200)), 70);
    },
  },
];
