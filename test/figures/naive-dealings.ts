/** Dense histories of dealings, and the sentences on moves and active days once more, word for word and slow; with one bug, or none. */
import fc from 'fast-check';
import type { Interaction } from '../../src/customers/customer.js';
import type { Facts } from '../../src/figures/facts.js';
import type { Mark, Window } from '../../src/figures/figure.js';
import { dayOf } from '../../src/kernel/calendar.js';
import { BASE, entry } from '../rings/histories.js';
import { DAY } from './told.js';

const KINDS = {
  outreach: 'us', 'message-sent': 'us', note: 'us', 'step-planned': 'us', 'question-answered': 'us', 'issue-resolved': 'us', 'owner-changed': 'us',
  enquiry: 'customer', reply: 'customer', 'question-asked': 'customer', 'issue-opened': 'customer', 'survey-answered': 'customer', purchase: 'customer', 'message-response': 'customer',
  call: 'either', meeting: 'either', visit: 'either', email: 'either', 'decision-opened': 'either', 'decision-closed': 'either', 'business-review': 'either',
} as const;
const kind = fc.constantFrom(...(Object.keys(KINDS) as (keyof typeof KINDS)[]));
const often = fc.constantFrom('outreach', 'message-sent', 'call', 'reply', 'decision-opened', 'decision-closed') as fc.Arbitrary<keyof typeof KINDS>;

const draft = fc.record({
  kind: fc.oneof({ arbitrary: kind, weight: 3 }, { arbitrary: often, weight: 2 }),
  side: fc.constantFrom('customer' as const, 'us' as const),
  day: fc.oneof({ arbitrary: fc.nat(40), weight: 1 }, { arbitrary: fc.constantFrom(0, 7, 14, 21, 28), weight: 1 }),
  ms: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, -1, DAY / 2, 23 * 3_600_000),
  about: fc.option(fc.nat(30), { freq: 2 }),
  /** At the instant of what it names. */
  atOnce: fc.constantFrom(true, false, false, false),
  actor: fc.constantFrom('ada', 'ada', 'ada', 'ada', 'ben'),
  channel: fc.option(fc.constantFrom('email', 'phone')),
  department: fc.option(fc.constantFrom('sales', 'service')),
  campaign: fc.option(fc.constantFrom('spring', 'autumn')),
  score: fc.integer({ min: 1, max: 5 }),
  needed: fc.option(fc.nat(60)),
  feeling: fc.option(fc.integer({ min: -2, max: 2 })),
  stated: fc.boolean(),
  got: fc.boolean(),
  source: fc.constantFrom(null, null, null, null, null, null, null, 'helpdesk'),
});

/** Up to 50 entries within six weeks, in any order: a few, some, or many. */
export const dealings: fc.Arbitrary<Interaction[]> = fc.oneof(fc.array(draft, { maxLength: 6, size: 'max' }), fc.array(draft, { maxLength: 20, size: 'max' }), fc.array(draft, { minLength: 30, maxLength: 50, size: 'max' })).map((drafts) => {
  const ids = drafts.map((_, index) => `e${String.fromCharCode(97 + ((index * 7) % 26))}${index}`);
  return drafts.map((one, index) => {
    const side = KINDS[one.kind] === 'either' ? one.side : KINDS[one.kind] as 'customer' | 'us';
    // A closing names a decision where there is one.
    const of = drafts.flatMap((other, at) => (at !== index && (one.kind !== 'decision-closed' || other.kind === 'decision-opened') ? [ids[at]!] : []));
    const about = one.about === null && one.kind !== 'decision-closed' ? undefined : of[(one.about ?? 0) % Math.max(1, of.length)];
    const fields = {
      ...(one.kind === 'message-sent' && one.campaign !== null && { campaign: one.campaign }),
      ...(one.kind === 'survey-answered' && { nps: 2 * one.score, csat: one.score, ces: one.score }),
      ...(one.kind === 'owner-changed' && { owner: one.actor }),
      ...(one.kind === 'decision-opened' && one.needed !== null && { neededBy: BASE + one.needed * DAY }),
    };
    const when = (one.atOnce && about !== undefined && drafts[ids.indexOf(about)]) || one;
    return entry(ids[index]!, one.kind, BASE + when.day * DAY + when.ms, side, fields, {
      actor: one.actor,
      ...(about !== undefined && { about }),
      ...(one.channel !== null && { channel: one.channel }),
      ...(one.department !== null && { department: one.department }),
      ...(one.feeling !== null && { feeling: one.feeling, ...(one.stated && { feelingBy: 'stated' }) }),
      ...(one.got && { saysCustomerGot: true as const }),
      ...(one.source !== null && { source: one.source, sourceId: String(index) }),
    });
  });
});

/** Windows that begin and end on, before and after entries. */
export const windowsOf = (entries: readonly Interaction[]): fc.Arbitrary<Window> =>
  fc.tuple(fc.constantFrom(...entries.map(({ occurredAt }) => occurredAt), BASE + 60 * DAY), fc.constantFrom(-1, 0, 1, 7 * DAY, 13 * DAY, 14 * DAY, 14 * DAY + 1), fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant(365))).map(([at, shift, length]) => ({ from: at + shift - length * DAY, to: at + shift }));

// ---- moves ------------------------------------------------------------------------------------------------

export type MoveBug =
  | 'eight days of silence'
  | 'what happened 7 days before is in them'
  | 'the same instant comes after'
  | 'what names the move at once comes before'
  | 'an answer is a move'
  | 'a decision asks for an answer'
  | 'what is named may come later'
  | 'answers and resolutions are moves'
  | 'what the customer began is a move'
  | 'at the end of the response window still counts'
  | 'at once is no response'
  | 'what happens at the end of the window is known'
  | 'the window has passed a day early';

const OPENING = ['outreach', 'message-sent', 'call', 'meeting', 'visit'];
const ASKS = ['reply', 'enquiry', 'call', 'meeting', 'visit', 'email', 'question-asked', 'issue-opened', 'survey-answered', 'message-response'];

/** Each opening move in the window with its state at the end, and the entry that drew it there. */
export function naiveMoves(entries: readonly Interaction[], { from, to }: Window, response: number, bug?: MoveBug): { move: Interaction; state: string; by: string | undefined }[] {
  const sorted = [...entries].sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));
  const theirs = sorted.filter(({ side }) => side === 'customer');
  const quiet = (bug === 'eight days of silence' ? 8 : 7) * DAY;
  const opens = bug === 'answers and resolutions are moves' ? [...OPENING, 'question-answered', 'issue-resolved'] : OPENING;
  return sorted
    .filter(({ id, kind, side, occurredAt: t, about }) => {
      if (!opens.includes(kind) || (side !== 'us' && bug !== 'what the customer began is a move')) return false;
      const answers = theirs.some((one) => one.id === about && (bug === 'what is named may come later' || one.occurredAt <= t) && (ASKS.includes(one.kind) || (bug === 'a decision asks for an answer' && one.kind === 'decision-opened')));
      if (answers && bug !== 'an answer is a move') return false;
      return !theirs.some((one) => {
        const c = one.occurredAt;
        if (c === t) return bug !== 'the same instant comes after' && one.id !== id && (one.about !== id || bug === 'what names the move at once comes before');
        return c < t && (t < c + quiet || (t === c + quiet && bug === 'what happened 7 days before is in them'));
      });
    })
    .filter(({ occurredAt }) => from <= occurredAt && occurredAt < to)
    .map((move) => {
      const t = move.occurredAt;
      const known = (one: Interaction): boolean => one.occurredAt < to || (one.occurredAt === to && bug === 'what happens at the end of the window is known');
      const drawn = theirs.find(({ occurredAt: c, ...one }) => {
        if (!known({ ...one, occurredAt: c })) return false;
        if (c === t) return one.about === move.id && bug !== 'at once is no response';
        return c > t && (c < t + response * DAY || (c === t + response * DAY && bug === 'at the end of the response window still counts'));
      });
      const passed = t + (response - Number(bug === 'the window has passed a day early')) * DAY <= to;
      return { move, state: drawn !== undefined ? 'drew a response' : passed ? 'none' : 'no response yet', by: drawn?.id };
    });
}

// ---- active days ------------------------------------------------------------------------------------------

export type DayBug =
  | 'days of 24 hours'
  | 'our action counts'
  | 'the day of closing does not count'
  | 'the last closing closes'
  | 'days before the window count'
  | 'days after the window count'
  | 'actions, not days'
  | 'the zone is UTC';

/** For each decision: days with action, and days open, within the window. */
export function naiveActiveDays({ entries }: Facts, { from, to }: Window, zone: string, bug?: DayBug): Pick<Mark, 'above' | 'below'>[] {
  const known = entries.filter(({ occurredAt }) => occurredAt < to || bug === 'days after the window count');
  const begin = bug === 'days before the window count' ? -Infinity : from;
  return known
    .filter(({ kind, occurredAt }) => kind === 'decision-opened' && occurredAt < to)
    .flatMap((decision) => {
      const closings = known.filter((one) => one.kind === 'decision-closed' && one.about === decision.id).map((one) => one.occurredAt);
      const closed = closings.length === 0 ? Infinity : Math.max(decision.occurredAt, bug === 'the last closing closes' ? Math.max(...closings) : Math.min(...closings));
      if (closed < begin) return [];
      const first = Math.max(begin, decision.occurredAt);
      const last = Math.min(closed, bug === 'days after the window count' ? to + DAY : to - 1);
      const day = (at: number): string => (bug === 'days of 24 hours' ? String(Math.floor((at - first) / DAY)) : dayOf(at, bug === 'the zone is UTC' ? 'UTC' : zone));
      const open = new Set<string>();
      for (let at = first; at < last; at += 3_600_000) open.add(day(at));
      if (bug !== 'the day of closing does not count' || closed >= to) open.add(day(last));
      const acted = known.filter((one) => (one.side === 'customer' || bug === 'our action counts') && first <= one.occurredAt && one.occurredAt <= last).map((one) => day(one.occurredAt));
      return [{ above: bug === 'actions, not days' ? acted.length : new Set(acted).size, below: open.size }];
    });
}
