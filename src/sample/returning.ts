/** Scenarios of those who bought again, or whose time with us is over. Days count from today, back into the past. */
import { act } from './advocacy.js';
import { buy, champion, firstContact, renew, renewalTalk, takeIntoUse, value } from './chapters.js';
import { everyday, fault, unanswered } from './everyday.js';
import { dayIn, on, type Scenario } from './prospects.js';
import { recent, won, type Won } from './customers.js';
import type { Deal } from './chapters.js';
import type { Draft, Moment, Story } from './story.js';

interface Life {
  readonly rate?: number;
  /** Value in the last months, or only long ago, or never. */
  readonly value?: 'fresh' | 'old' | 'never';
}

/** Bought, renewed after a year, and well into the second. */
function renewed(s: Story, { rate = 1, value: seen = 'fresh' }: Life = {}): Won & { readonly renewal: Draft } {
  const story = won(s, dayIn(s, 432, 600));
  const end = story.bought + 365;
  if (seen !== 'never') value(s, story.bought + 85, false);
  if (seen === 'fresh') {
    value(s, story.bought + s.random.int(220, 300), true);
    value(s, dayIn(s, 12, 120));
  }
  champion(s, story.used);
  renewalTalk(s, end - s.random.int(70, 110), end);
  const renewal = renew(s, end - s.random.int(4, 30), story.purchase, { start: s.calendar.date(end), end: s.calendar.date(end + 365) });
  everyday(s, story.used, s.calendar.now, { rate });
  recent(s);
  return { ...story, renewal };
}

/** Taken over from the order book, with a contract that goes on until notice is given. */
function longStanding(s: Story, until: Moment, rate: number, deal: Deal = { renews: 'open-ended', noticeDays: 90 }): Won {
  const at = firstContact(s, dayIn(s, 712, 727), 'order-book');
  s.meet(s.after(at, 0), ['user'], 'Head baker, on nights.');
  const purchase = buy(s, s.day(s.after(at, 3, 5)), deal);
  const used = s.after(purchase.at, 4, 8);
  everyday(s, used, until, { rate });
  return { purchase, bought: s.day(purchase.at), used };
}

/** A second year, signed before the first ends. */
function secondYear(s: Story, bought: number, purchase: Draft): Draft {
  renewalTalk(s, bought + 290, bought + 365);
  return renew(s, bought + 345, purchase, { start: s.calendar.date(bought + 365), end: s.calendar.date(bought + 730) });
}

function expired(s: Story, from: number, to: number): Won {
  const story = won(s, dayIn(s, from, to));
  const end = story.bought + 365;
  value(s, end - s.random.int(60, 120));
  everyday(s, story.used, on(end - 45), { rate: 0.7 });
  unanswered(s, on(end - 40), Math.min(on(end + 40), s.calendar.now), 18);
  return story;
}

/** A chain: many shops, several contracts, somebody on the phone every day. */
function chain(s: Story, rate: number): void {
  const story = renewed(s, { rate });
  const { facts: f } = s;
  const more: (readonly [number, number, string])[] = [[130, 1.4, 'two shops more get the same oven'], [270, 1.9, 'the old bakehouse follows'], [330, 1.7, 'one shop closed, its oven goes back']];
  let before = 1;
  for (const [after, times, why] of more) {
    const at = s.on(story.bought + after);
    s.tell(at, s.owner, times > before ? 'expansion' : 'contraction', { term: story.purchase, amount: Math.round(f.rent * times), currency: f.currency, offering: 'deck-oven', people: [s.someone(at, 'decider').draft], summary: `Contract changed: ${why}.` });
    before = times;
  }
  const plan = buy(s, story.bought + 140, { offering: 'service-plan', renews: 'automatic', noticeDays: 90 });
  s.tell(s.after(plan.at, 2), s.technician, 'handover-acknowledged', { summary: `List of all ${f.sites} sites with keys and alarm codes taken over.` });
  buy(s, story.bought + 300, { offering: 'remote-monitoring', renews: 'automatic' });
  for (const months of [6, 9, 12, 15]) s.thread(s.calendar.now, () => void fault(s, s.on(story.bought + months * 30)));
  act(s, dayIn(s, 20, 200), { kind: 'case-study' });
  act(s, dayIn(s, 20, 300), { kind: 'reference' });
  s.tell(s.on(story.bought + 200), 'hugo', 'owner-changed', { owner: s.owner, summary: `Large accounts go to ${s.name(s.owner)} from now on.` });
}

export const RETURNING: readonly Scenario[] = [
  { name: 'renewed with value', count: 20, lit: [[1, 2, 3, 4]], tell: (s) => void renewed(s) },
  { name: 'renewed without value', count: 9, lit: [[1, 2, 4]], tell: (s, nth) => void renewed(s, { value: nth % 2 === 0 ? 'never' : 'old', rate: 0.8 }) },
  { name: 'all five', count: 20, lit: [[1, 2, 3, 4, 5]], tell(s) { renewed(s, { rate: 1.2 }); if (s.random.chance(0.5)) act(s, dayIn(s, 150, 300)); act(s, dayIn(s, 8, 140)); } },
  { name: 'large chain', count: 3, lit: [[1, 2, 3, 4, 5]], tell: (s, nth) => chain(s, [9, 6, 5][nth % 3]!) },
  { name: 'renewed advocate without value', count: 5, lit: [[1, 2, 4, 5]], tell(s) { renewed(s, { value: 'old' }); act(s, dayIn(s, 20, 300)); } },
  { name: 'lapsed advocate', count: 4, lit: [[1, 2, 3, 4]], tell(s) { const { used } = renewed(s); act(s, Math.min(s.day(used) + 45, -380) + s.random.int(0, 8), { by: s.someone(used, 'user') }); } },
  { name: 'advocacy fading', count: 4, lit: [[1, 2, 3, 4, 5]], tell(s) { renewed(s); act(s, dayIn(s, 342, 356)); } },
  {
    name: 'renewed by silence', count: 9, lit: [[1, 2, 4], [1, 2, 3, 4]],
    tell(s, nth) {
      const story = won(s, dayIn(s, 430, 600), { renews: 'automatic', noticeDays: 90 });
      value(s, story.bought + 80);
      if (nth % 3 === 0) value(s, dayIn(s, 20, 120));
      everyday(s, story.used, s.calendar.now, { rate: 0.7 });
      recent(s);
    },
  },
  { name: 'customer of old', count: 10, lit: [[1, 2, 3, 4], [1, 2, 3, 4, 5]], tell(s, nth) { longStanding(s, s.calendar.now, 1.1); for (const day of [-560, -400, -240]) value(s, day); value(s, dayIn(s, 15, 130)); recent(s); if (nth % 2 === 0) act(s, dayIn(s, 30, 320)); } },
  { name: 'silent for long, still paying', count: 4, lit: [[2, 4]], tell(s) { longStanding(s, on(dayIn(s, 196, 260)), 0.7); unanswered(s, on(-180), s.calendar.now, 40); } },
  { name: 'silent, once spoke for us', count: 4, lit: [[2, 4, 5]], tell(s) { longStanding(s, on(-205), 0.7); act(s, dayIn(s, 206, 330)); unanswered(s, on(-180), s.calendar.now, 40); } },
  {
    name: 'second term ends soon', count: 5, lit: [[1, 2, 3, 4]],
    tell(s) {
      const { bought, purchase } = longStanding(s, s.calendar.now, 1, {});
      secondYear(s, bought, purchase);
      for (const day of [-600, -430, -290, -120]) value(s, day + s.random.int(0, 60));
      recent(s);
      renewalTalk(s, dayIn(s, 20, 50), bought + 730);
    },
  },
  {
    name: 'left in the second year', count: 4, lit: [[]],
    tell(s) {
      const { bought, purchase } = longStanding(s, on(-155), 0.8, {});
      const renewal = secondYear(s, bought, purchase);
      value(s, dayIn(s, 230, 280));
      const at = s.on(dayIn(s, 105, 140));
      const p = s.someone(at, 'decider');
      s.tell(at, s.owner, 'cancellation', { term: renewal, reason: 'The bakehouse closes, the shop goes on with bought-in bread', channel: 'post', people: [p.draft], summary: `${p.first} wrote three pages of thanks. There is nothing to win back here.` });
    },
  },
  {
    name: 'second year given back', count: 2, lit: [[]],
    tell(s) {
      const { bought, purchase } = longStanding(s, on(-400), 0.8, {});
      const renewal = secondYear(s, bought, purchase);
      const at = s.on(bought + 385);
      const p = s.someone(at, 'decider');
      s.tell(at, s.operator, 'refund', { term: renewal, full: true, amount: s.facts.rent, currency: s.facts.currency, people: [p.draft], summary: `Renewed by the partner who has since left; ${p.first} asked for the rent of the second year back and got it.` });
      unanswered(s, on(-300), on(-100), 60);
    },
  },
  {
    name: 'old contract ran out', count: 3, lit: [[]],
    tell(s) {
      const at = firstContact(s, dayIn(s, 712, 727), 'order-book');
      s.meet(s.after(at, 0), ['user'], 'Head baker, on nights.');
      const signed = s.after(at, 2, 4);
      const p = s.someone(signed, 'decider');
      s.tell(signed, s.owner, 'renewal', { offering: 'deck-oven', amount: s.facts.rent, currency: s.facts.currency, start: s.calendar.date(s.day(signed)), end: s.calendar.date(s.day(signed) + 365), people: [p.draft], channel: 'post', summary: `${p.first} signed one more year, “the last one before I hand over”.` });
      everyday(s, signed, on(-400), { rate: 0.7 });
      unanswered(s, on(-390), on(-290), 25);
    },
  },
  { name: 'contract ran out', count: 8, lit: [[]], tell: (s) => void expired(s, 530, 640) },
  { name: 'gone, recommends us still', count: 6, lit: [[5], [1, 5]], tell(s, nth) { const { used } = expired(s, 560, 640); act(s, nth % 2 === 0 ? dayIn(s, 110, 200) : dayIn(s, 10, 60), { by: s.someone(used, 'decider'), kind: s.random.pick(['reference', 'referral'] as const), proof: 'later' }); } },
  {
    name: 'won back', count: 4, lit: [[1, 2, 3], [1, 2]],
    tell(s, nth) {
      const story = won(s, dayIn(s, 610, 640));
      everyday(s, story.used, on(story.bought + 180), { rate: 0.6 });
      const at = s.on(story.bought + 200);
      const p = s.someone(at, 'decider');
      s.tell(at, s.owner, 'cancellation', { term: story.purchase, reason: `${s.facts.rival} at half the rent`, channel: 'email', people: [p.draft], summary: `${p.first} goes with the cheaper one. Left the door open.` });
      const back = dayIn(s, 95, 180);
      const asked = s.on(back - 20);
      s.tell(asked, s.owner, 'enquiry', { channel: 'phone', people: [p.draft], summary: `${p.first} rings: ${s.facts.rival} lets them wait two days for a part. “Have you still got our ${s.facts.model}?”` });
      const again = buy(s, back);
      const used = takeIntoUse(s, again.at, false);
      if (nth % 2 === 0) value(s, dayIn(s, 8, 50));
      everyday(s, used, s.calendar.now);
      recent(s);
    },
  },
  {
    name: 'owner changed', count: 5, lit: [[1, 2, 3, 4]],
    tell(s) {
      renewed(s);
      const before = s.owner;
      const next = before === 'ben' ? 'clara' : 'ben';
      const at = s.on(dayIn(s, 4, 5));
      s.tell(at, before, 'owner-changed', { owner: next, summary: `${s.name(next)} takes over, ${s.name(before)} goes on leave for half a year.` });
      s.tell(s.after(at, 0, 1), next, 'handover-acknowledged', { summary: `Talked it through with ${s.name(before)}: term, promises, who is who in the bakehouse.` });
    },
  },
];

