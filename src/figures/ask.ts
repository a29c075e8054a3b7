/** What a figure is asked for, and the periods of a series. Pure: now and the zone are inputs. */
import { DAY, dayOf, startOfDay } from '../kernel/calendar.js';
import { invalid } from '../kernel/refusal.js';
import { ALL_TIME, type Window } from './figure.js';

export const PERIODS = ['day', 'week', 'month', 'quarter'] as const;
export type Period = (typeof PERIODS)[number];

export const SPLITS = ['department', 'segment', 'origin', 'offering'] as const;
export type Split = (typeof SPLITS)[number];

/** More points than anybody can look at. */
export const MOST_POINTS = 400;

/** The day on which the period that contains the day began, as the instant of its start. */
export function startOfPeriod(instant: number, period: Period, zone: string): number {
  const day = new Date(`${dayOf(instant, zone)}T00:00:00Z`);
  if (period === 'week') day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  if (period === 'month') day.setUTCDate(1);
  if (period === 'quarter') day.setUTCMonth(Math.floor(day.getUTCMonth() / 3) * 3, 1);
  return startOfDay(day.toISOString().slice(0, 10), zone);
}

/** The start of the period after the one that contains the instant. */
export function nextPeriod(instant: number, period: Period, zone: string): number {
  const day = new Date(`${dayOf(startOfPeriod(instant, period, zone), zone)}T00:00:00Z`);
  if (period === 'day') day.setUTCDate(day.getUTCDate() + 1);
  if (period === 'week') day.setUTCDate(day.getUTCDate() + 7);
  if (period === 'month') day.setUTCMonth(day.getUTCMonth() + 1);
  if (period === 'quarter') day.setUTCMonth(day.getUTCMonth() + 3);
  return startOfDay(day.toISOString().slice(0, 10), zone);
}

/** Ends of the periods that begin in [from, to), the last cut at `to`. @throws Refusal when they are too many. */
export function periodEnds(from: number, to: number, period: Period, zone: string): number[] {
  const ends: number[] = [];
  for (let start = from; start < to; start = ends.at(-1)!) {
    if (ends.length === MOST_POINTS) throw invalid([{ field: 'by', code: 'too-many-points', message: `would give more than ${MOST_POINTS} points; ask for a longer period or a shorter time` }]);
    ends.push(Math.min(nextPeriod(start, period, zone), to));
  }
  return ends;
}

/** The window of `days` that ends at an instant; without days the instant alone. */
export const windowTo = (to: number, days: number | null): Window => ({ from: days === null ? to : to - days * DAY, to });

/** The window just before one: as long; for an instant, or everything so far, the given number of days earlier. */
export const before = ({ from, to }: Window, days: number): Window => (from === to ? windowTo(to - days * DAY, null) : to - from >= ALL_TIME * DAY ? { from: from - days * DAY, to: to - days * DAY } : { from: from - (to - from), to: from });
