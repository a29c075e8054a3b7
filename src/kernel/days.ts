/** Days as whole numbers: how many days after 1970-01-01 the date in the organisation's time zone is. */
import { DAY, instantOf } from './calendar.js';

/**
 * Days of one zone. Each is [start(day), start(day + 1)); where the zone leaves a date out, that day has no length. What was
 * found out about a date is kept: the calendar of a zone is slow to read.
 */
export class Days {
  private readonly starts = new Map<number, number>();
  /** By day of UTC: how many ms a zone is ahead of it throughout that day; undefined when that changes. */
  private readonly offsets = new Map<number, number | undefined>();

  constructor(readonly zone: string) {}

  /** The first instant of the day. */
  start(day: number): number {
    let start = this.starts.get(day);
    if (start === undefined) this.starts.set(day, (start = instantOf(day * DAY, this.zone)));
    return start;
  }

  /** The day that contains the instant: the last that has begun by then. */
  of(instant: number): number {
    const utc = Math.floor(instant / DAY);
    let offset = this.offsets.get(utc);
    if (offset === undefined && !this.offsets.has(utc)) this.offsets.set(utc, (offset = this.steady(utc)));
    if (offset !== undefined) return Math.floor((instant + offset) / DAY);
    let day = utc + 1;
    while (this.start(day) > instant) day -= 1;
    while (this.start(day + 1) <= instant) day += 1;
    return day;
  }

  /** When the zone is as far ahead of UTC from the day before until the day after, how far. */
  private steady(utc: number): number | undefined {
    const [first, ...others] = [-1, 0, 1, 2].map((n) => (utc + n) * DAY - this.start(utc + n));
    return others.every((offset) => offset === first) ? first : undefined;
  }
}

/** The first day of the month that lies `months` after the one that contains the day. */
export function firstOfMonth(day: number, months = 0): number {
  const date = new Date(day * DAY);
  return new Date(0).setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / DAY;
}

/** `YYYY-MM-DD`. */
export const dateOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);
