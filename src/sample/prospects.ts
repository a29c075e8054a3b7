/** Scenarios of those who have not bought. Days count from today, back into the past. */
import { act } from './advocacy.js';
import { firstContact, openDecision, understand, type Opening } from './chapters.js';
import { campaigns, checkIn, everyday, unanswered } from './everyday.js';
import { A_DAY, type Moment, type Story } from './story.js';

export interface Scenario {
  readonly name: string;
  readonly count: number;
  /** The lit rings it ends with: one of these sets, under the default rules. */
  readonly lit: readonly (readonly number[])[];
  readonly tell: (s: Story, nth: number) => void;
}

const us = { side: 'us' } as const;

export const anyOpening = (s: Story): Opening => s.random.weighted<Opening>([[3, 'trade-fair'], [3, 'website'], [2, 'cold-outreach'], [2, 'mailing'], [2.4, 'referral']]);
export const dayIn = (s: Story, from: number, to: number): number => -s.random.int(from, to);
export const on = (day: number): Moment => day * A_DAY;

function stepAhead(s: Story, due: number, what: string): void {
  const at = s.on(-s.random.int(6, 12));
  s.tell(at, s.owner, 'step-planned', { who: s.owner, due: s.calendar.date(due), people: [s.someone(at).draft], summary: `${what}; promised for ${s.calendar.spoken(due)}` });
}

export const PROSPECTS: readonly Scenario[] = [
  {
    name: 'never answered', count: 7, lit: [[]],
    tell(s, nth) {
      const day = dayIn(s, 30, 650);
      s.origin = 'cold-outreach';
      s.began = day;
      const at = s.on(day);
      const p = s.meet(at, ['decider'], 'Found in the guild register.');
      s.tell(s.after(at, 0), s.owner, 'outreach', { channel: 'email', people: [p.draft], summary: `Introduced us to ${p.first}, with the figures of a bakery of the same size.` });
      if (nth % 2 === 0) s.tell(s.after(at, 7, 12), s.owner, 'outreach', { channel: 'post', people: [p.draft], summary: 'Sent the brochure with a card by hand.' });
      else s.tell(s.after(at, 7, 12), s.owner, 'call', { ...us, attended: false, people: [p.draft], summary: `Rang at the shop, ${p.first} is never there before noon. Left a number.` });
    },
  },
  {
    name: 'went quiet', count: 18, lit: [[]],
    tell(s) {
      const from = understand(s, firstContact(s, dayIn(s, 190, 700), anyOpening(s)), s.random.chance(0.5));
      let last = from;
      if (s.random.chance(0.6)) {
        const opened = openDecision(s, from, 30);
        const p = s.someone(opened.at, 'decider');
        const outcome = s.random.pick(['another', 'postponed', 'nothing'] as const);
        last = s.after(opened.at, 16, 24);
        s.tell(last, s.owner, 'decision-closed', { side: 'customer', about: opened, outcome, channel: 'email', people: [p.draft], summary: { another: `${p.first} took ${s.facts.rival}: a month earlier and no ceiling to open.`, postponed: `${p.first} puts it off until the roof is done, perhaps next year.`, nothing: `${p.first} stays with ${s.facts.old} for another winter.` }[outcome] });
      }
      unanswered(s, last, Math.min(s.calendar.now, last + on(240)), 60);
    },
  },
  {
    name: 'declined with thanks', count: 12, lit: [[]],
    tell(s) {
      const thorough = s.random.chance(0.3);
      const from = understand(s, firstContact(s, dayIn(s, 85, 640), anyOpening(s)), thorough);
      const at = s.after(from, 3, 14);
      const p = s.someone(at, 'decider');
      const [side, reason, summary] = s.random.pick([
        ['us', 'Fewer than six bakes a week: our rent would never pay for itself', `Told ${p.first} honestly that a good used oven does it, and named two dealers. Parted as friends.`],
        ['us', 'No three-phase power in the house and none to be had', `Offered ${p.first} to ring again when the house is rewired.`],
        ['customer', 'Wants to own, not to rent', `${p.first} thanks for the test bake and the plain talk.`],
        ['customer', 'The bakery will be sold within two years', `${p.first} does not want to bind whoever comes next. Sends us the successor, perhaps.`],
      ] as const);
      s.tell(at, s.owner, 'fit-declined', { side, reason, channel: 'phone', people: [p.draft], summary, customerGot: 'A clear answer within the week' });
    },
  },
  {
    name: 'in talks', count: 16, lit: [[1]],
    tell(s, nth) {
      const from = understand(s, firstContact(s, dayIn(s, 52, 70), anyOpening(s)));
      openDecision(s, from, s.random.int(70, 110));
      s.thread(s.calendar.now, () => checkIn(s, s.on(-s.random.int(6, 9))));
      stepAhead(s, nth % 3 === 0 ? -s.random.int(1, 4) : s.random.int(3, 20), s.random.pick(['Offer with and without service', 'Load plan and a price for the flue', 'Date for a second test bake']));
    },
  },
  {
    name: 'fresh lead', count: 10, lit: [[1]],
    tell(s) {
      understand(s, firstContact(s, dayIn(s, 4, 20), s.random.pick(['website', 'referral', 'trade-fair'] as const)));
    },
  },
  {
    name: 'talk cooling down', count: 5, lit: [[1]],
    tell(s) {
      firstContact(s, dayIn(s, 112, 118), anyOpening(s));
      const at = s.on(dayIn(s, 66, 84));
      const p = s.someone(at);
      s.tell(at, s.owner, 'call', { ...us, attended: true, people: [p.draft], summary: `${p.first} has no head for ovens before the tax audit is over. Wants a call “in some weeks”.` });
      unanswered(s, at, s.calendar.now, 20);
    },
  },
  {
    name: 'decides when the building stands', count: 4, lit: [[1]],
    tell(s) {
      const from = understand(s, firstContact(s, dayIn(s, 258, 270), anyOpening(s)));
      openDecision(s, from, s.random.int(290, 340));
      const at = s.on(-191);
      s.tell(at, s.owner, 'note', { people: [s.someone(at).draft], summary: 'New bakehouse waits for the permit; the decision on the oven has a date, until then they want to be left in peace.' });
    },
  },
  {
    name: 'recommends without buying', count: 5, lit: [[1, 5]],
    tell(s) {
      const at = firstContact(s, dayIn(s, 330, 600), 'trade-fair');
      const p = s.someone(at);
      s.tell(s.after(at, 4, 9), s.owner, 'note', { people: [p.draft], summary: `${p.first} teaches at the bakers’ school, buys nothing, but is asked by everybody.` });
      everyday(s, s.after(at, 10), s.calendar.now, { prospect: true, rate: 0.4 });
      act(s, dayIn(s, 100, 280), { by: p, kind: 'speaking' });
      const recent = s.on(dayIn(s, 10, 55));
      s.tell(recent, s.owner, 'meeting', { ...us, attended: true, people: [p.draft], summary: `Lunch with ${p.first}: two of the pupils take over bakeries next year.` });
    },
  },
  {
    name: 'spoke for us once', count: 3, lit: [[5]],
    tell(s) {
      const at = firstContact(s, dayIn(s, 400, 620), 'trade-fair');
      act(s, dayIn(s, 130, 320), { by: s.someone(at), kind: s.random.pick(['public-post', 'speaking', 'testimonial'] as const) });
      campaigns(s, on(-110), s.calendar.now, 0);
    },
  },
];
