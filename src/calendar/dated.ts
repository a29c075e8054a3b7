/** What stands in a colleague's calendar: dates of contracts, decisions, steps, promises and asks. No person and no free text is in it. Pure. */
import { DAY, dayOf } from '../kernel/calendar.js';
import { sayMoney } from '../figures/says.js';
import type { TermAhead } from '../rings/attention-facts.js';
import type { CalendarEvent } from './ics.js';

/** How far back and ahead a calendar goes. */
export const BACK_DAYS = 90;
export const AHEAD_DAYS = 730;

export interface DatedThing {
  /** Id of the entry it comes from. */
  readonly entry: string;
  readonly what: 'contract ends' | 'contract goes on' | 'contract was ended' | 'notice' | 'decision' | 'step' | 'promise' | 'ask';
  readonly at: number;
  readonly customer: string;
  readonly details: string;
}

const SUMMARY: Readonly<Record<DatedThing['what'], string>> = {
  'contract ends': 'Contract ends',
  'contract goes on': 'Contract goes on by itself',
  'contract was ended': 'Contract ended early',
  notice: 'Last day to give notice',
  decision: 'Decision needed',
  step: 'Step due',
  promise: 'Promise due',
  ask: 'Asked to stand up for us, due',
};

/** Dates of a contract that lie after `at`; of one that goes on by itself the next ones. */
export function datesOf(term: TermAhead, at: number, customer: string): DatedThing[] {
  const { id: entry, end, period, notice, ending, money } = term;
  const details = money === undefined ? '' : `${sayMoney(money.amount, money.currency)} a year`;
  const dated = (what: DatedThing['what'], instant: number): DatedThing[] => (instant > at ? [{ entry, what, at: instant, customer, details }] : []);
  if (ending !== undefined) return dated('contract was ended', ending.at);
  if (end === null) return [];
  const turns = period === null ? 0 : Math.max(0, Math.floor((at - end) / period) + 1) * period;
  const noticeBy = end - notice * DAY;
  const noticeTurns = period === null ? 0 : Math.max(0, Math.floor((at - noticeBy) / period) + 1) * period;
  return [...(notice > 0 ? dated('notice', noticeBy + noticeTurns) : []), ...dated(period === null ? 'contract ends' : 'contract goes on', end + turns)];
}

/** As calendar entries, by day; what lies too far back or ahead is left out. */
export function eventsOf(things: readonly DatedThing[], at: number, zone: string): CalendarEvent[] {
  return things
    .filter((thing) => thing.at >= at - BACK_DAYS * DAY && thing.at < at + AHEAD_DAYS * DAY)
    .sort((a, b) => a.at - b.at || (a.entry < b.entry ? -1 : 1))
    .map(({ entry, what, at: instant, customer, details }) => ({ uid: `${what.replaceAll(' ', '-')}-${entry}@five-ring`, day: dayOf(instant, zone), summary: `${SUMMARY[what]}: ${customer}`, description: details }));
}
