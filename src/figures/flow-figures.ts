/** How decisions flow: how many wait, how many are made, how long one takes, and how much of that time the customer is at work on it. */
import { DAY, dayOf } from '../kernel/calendar.js';
import { decisionsOf, firstSince, type Decision } from './decisions.js';
import type { Facts } from './facts.js';
import type { Figure, Mark, Window } from './figure.js';

const SOURCE = 'Five-Ring’s own proposal (domain, section 5)';
const flow = { topic: 'Flow of decisions', version: 1, source: SOURCE, needs: ['decision-opened'] } as const;
/** A quarter. */
const QUARTER = 90;

interface Closed extends Decision {
  readonly closed: NonNullable<Decision['closed']>;
}

const closedIn = (facts: Facts, { from, to }: Window): Closed[] => decisionsOf(facts).filter((one): one is Closed => one.closed !== null && one.closed.at >= from && one.closed.at < to);

/** Days since 1970 of the calendar in the zone. */
const dayNumber = (instant: number, zone: string): number => Date.parse(dayOf(instant, zone)) / DAY;

/** The Monday of the week in the zone, `YYYY-MM-DD`. Day 0, 1 January 1970, was a Thursday. */
function weekOf(instant: number, zone: string): string {
  const day = dayNumber(instant, zone);
  return new Date((day - ((((day + 3) % 7) + 7) % 7)) * DAY).toISOString().slice(0, 10);
}

/**
 * For each decision open at some time in the window: calendar days it was open there, and those of them on which the
 * customer did anything. The days on which it was opened and closed count; nothing after `window.to` is looked at.
 */
function activeDays(facts: Facts, { from, to }: Window, zone: string): Mark[] {
  const open = decisionsOf(facts).flatMap(({ id, opened, closed }) => {
    if (opened >= to || (closed !== null && closed.at < from)) return [];
    return [{ id, first: Math.max(opened, from), last: closed !== null && closed.at < to ? closed.at : to - 1 }];
  });
  if (open.length === 0) return [];
  const first = open.reduce((least, one) => Math.min(least, one.first), Infinity);
  const actions = facts.entries.filter(({ side, occurredAt }) => side === 'customer' && occurredAt >= first && occurredAt < to);
  const instants = actions.map(({ occurredAt }) => occurredAt);
  const days = instants.map((instant) => dayNumber(instant, zone));
  // Where the next day begins, so that a busy day is one step.
  const next = days.map(() => days.length);
  for (let i = days.length - 2; i >= 0; i -= 1) next[i] = days[i] === days[i + 1] ? next[i + 1]! : i + 1;
  return open.map((one): Mark => {
    const acted: string[] = [];
    for (let i = firstSince(instants, one.first); i < instants.length && instants[i]! <= one.last; i = next[i]!) acted.push(actions[i]!.id);
    return { above: acted.length, below: dayNumber(one.last, zone) - dayNumber(one.first, zone) + 1, because: [...new Set([one.id, ...acted])] };
  });
}

export const flowFigures: readonly Figure[] = [
  {
    ...flow,
    name: 'open-decisions',
    title: 'Open decisions',
    says: 'How many decisions customers have before them.',
    formula: 'decisions opened before the instant, and not closed before it',
    shape: 'sum',
    unit: 'entries',
    window: null,
    marks: (facts, { to }) => decisionsOf(facts).flatMap(({ id, opened, closed }) => (opened < to && (closed === null || closed.at >= to) ? [{ above: 1, below: 1, because: [id] }] : [])),
  },
  {
    ...flow,
    name: 'decisions-closed',
    title: 'Decisions closed',
    says: 'How many decisions were made, whatever was decided: also for another, to wait, or for nothing.',
    formula: 'decisions whose first closing lies in the window; by week: see decisions-closed-by-week',
    shape: 'sum',
    unit: 'entries',
    window: QUARTER,
    marks: (facts, window) => closedIn(facts, window).map(({ id, closed }) => ({ above: 1, below: 1, because: [id, closed.by] })),
  },
  {
    ...flow,
    name: 'decisions-closed-by-week',
    title: 'Decisions closed, week by week',
    says: 'How many decisions were made in each week. A week without any has no line; the first and last week of the window may be parts.',
    formula: 'decisions whose first closing lies in the window, by week from Monday on',
    shape: 'sum',
    unit: 'entries',
    groups: 'week, by the date of its Monday',
    window: QUARTER,
    marks: (facts, window, { zone }) => closedIn(facts, window).map(({ id, closed }) => ({ group: weekOf(closed.at, zone), above: 1, below: 1, because: [id, closed.by] })),
  },
  {
    ...flow,
    name: 'decision-time',
    title: 'Time to a decision',
    says: 'How many days decisions took, of those made in the window. What is still open is not in it, so that while old decisions wait it looks shorter than it is: see open decisions.',
    formula: 'days from decision-opened to its first decision-closed, of those closed in the window; quantiles of type 7, as spreadsheets have them',
    shape: 'quantiles',
    unit: 'days',
    window: QUARTER,
    marks: (facts, window) => closedIn(facts, window).map(({ id, opened, closed }) => ({ above: 1, below: 1, days: (closed.at - opened) / DAY, because: [id, closed.by] })),
  },
  {
    ...flow,
    name: 'decision-active-days',
    title: 'Days with customer action (a proxy)',
    says: 'Of the days on which a decision was open, on how many the customer did anything at all. A proxy for the time at work on it: we do not see whether the action was about this decision.',
    formula: 'days with an entry of the customer’s side / days open; over each decision open at some time in the window, within the window; calendar days, those of opening and closing too',
    shape: 'ratio',
    unit: 'share',
    window: QUARTER,
    marks: (facts, window, { zone }) => activeDays(facts, window, zone),
  },
  {
    ...flow,
    name: 'decided-in-time',
    title: 'Decided in time',
    says: 'Of the decisions made that had a date, how many were made by it. One that is overdue and still open is not in it.',
    formula: 'decisions closed on the needed-by day or before / decisions closed in the window that have a needed-by day',
    shape: 'share',
    unit: 'share',
    window: QUARTER,
    marks: (facts, window, { zone }) =>
      closedIn(facts, window).flatMap(({ id, neededBy, closed }) => (neededBy === null ? [] : [{ above: Number(dayNumber(closed.at, zone) <= dayNumber(neededBy, zone)), below: 1, because: [id, closed.by] }])),
  },
];
