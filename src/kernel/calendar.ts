/** Days and instants in the organisation's time zone. Instants are epoch ms; a day inside a window is 24 hours. */

export const DAY = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, format);
  }
  return format;
}

/** Whether the IANA name is one this runtime knows. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** Date.UTC without its century of its own: it takes the years 0 to 99 for 1900 to 1999. */
function utc(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  return new Date(0).setUTCFullYear(year, month, day) + hour * 3_600_000 + minute * 60_000 + second * 1000;
}

/** Wall-clock reading of an instant in a zone, as if it were UTC (epoch ms, whole seconds). */
function wallClock(instant: number, zone: string): number {
  const part: Record<string, string> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instant)) part[type] = value;
  const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year']);
  return utc(year, Number(part['month']) - 1, Number(part['day']), Number(part['hour']), Number(part['minute']), Number(part['second']));
}

/** The first instant that reads as the given wall-clock time (epoch ms as if UTC) in the zone; in a gap, the instant after it. */
export function instantOf(wall: number, zone: string): number {
  const offset = (instant: number): number => wallClock(instant, zone) - Math.floor(instant / 1000) * 1000;
  const before = wall - offset(wall - DAY);
  const after = wall - offset(wall + DAY);
  if (wallClock(before, zone) === Math.floor(wall / 1000) * 1000) return before;
  if (wallClock(after, zone) === Math.floor(wall / 1000) * 1000) return after;
  return before;
}

/** The day of an instant in the zone, `YYYY-MM-DD`. */
export function dayOf(instant: number, zone: string): string {
  return new Date(wallClock(instant, zone)).toISOString().slice(0, 10);
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Reads ISO 8601: a date (start of the day in the zone), a local date-time (in the zone) or one with an offset.
 * @returns epoch ms, or undefined when it is none of these or no day of the calendar.
 */
export function parseInstant(text: string, zone: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match;
  const wall = new Date(0);
  wall.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (wall.getUTCMonth() !== Number(month) - 1 || wall.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const ms = Math.trunc(Number(`0.${fraction === '' ? '0' : fraction}`) * 1000);
  const local = wall.getTime() + Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second) * 1000;
  if (offset === undefined) return instantOf(local, zone) + ms;
  if (offset === 'Z') return local + ms;
  const sign = offset.startsWith('-') ? -1 : 1;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(-2));
  if (hours > 18 || minutes > 59) return undefined;
  return local + ms - sign * (hours * 3_600_000 + minutes * 60_000);
}

/** ISO 8601 in UTC, as every instant goes over the wire. */
export const toIso = (instant: number): string => new Date(instant).toISOString();

/** The first instant of a day `YYYY-MM-DD` in the zone. */
export const startOfDay = (day: string, zone: string): number => instantOf(Date.parse(`${day}T00:00:00Z`), zone);

/** The first instant after the day that contains `instant`. */
export function endOfDay(instant: number, zone: string): number {
  const next = new Date(`${dayOf(instant, zone)}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return startOfDay(next.toISOString().slice(0, 10), zone);
}
