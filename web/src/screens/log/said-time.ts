/** When, in plain words: "yesterday 3pm", "last friday", "2 days ago". Days and times of day by the clock of whoever writes. Pure. */

export interface Said {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `2026-11-20`, when a day was said and no time of day. */
  readonly day?: string;
}

const MINUTE = 60_000;
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const NUMBERS: Readonly<Record<string, number>> = { a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, twelve: 12, 'a couple of': 2, half: 0.5, 'half a': 0.5, 'half an': 0.5 };
/** Hour that stands for a part of the day. */
const PARTS: Readonly<Record<string, number>> = { morning: 9, noon: 12, midday: 12, lunch: 12, lunchtime: 12, afternoon: 15, evening: 19, night: 21, midnight: 0 };
const UNITS: Readonly<Record<string, 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'>> = { m: 'minute', min: 'minute', mins: 'minute', minute: 'minute', h: 'hour', hr: 'hour', hrs: 'hour', hour: 'hour', d: 'day', day: 'day', w: 'week', wk: 'week', week: 'week', month: 'month', y: 'year', year: 'year' };

const NUMBER = `\\d{1,3}|${Object.keys(NUMBERS).sort((a, b) => b.length - a.length).join('|')}`;
const UNIT = `${Object.keys(UNITS).sort((a, b) => b.length - a.length).join('|')}`;
const DISTANCE = new RegExp(`^(?:(in) )?(${NUMBER}) ?(${UNIT})s?(?: (ago|from now|later|before))?\\b`);
const WEEKDAY = new RegExp(`^(?:(last|past|next|this|on) )?(${WEEKDAYS.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)}|s|nes|rs|urs)?`).join('|')})\\b`);
const MONTH = `(${MONTHS.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)}|t)?`).join('|')})`;
const DAY_MONTH = new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)?\\.? (?:of )?${MONTH}\\b\\.?(?:,? (\\d{4}))?`);
const MONTH_DAY = new RegExp(`^${MONTH}\\.? (\\d{1,2})(?:st|nd|rd|th)?\\b(?:,? (\\d{4}))?`);

const dayText = (date: Date): string => `${String(date.getFullYear()).padStart(4, '0')}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
/** How `readTime` takes an instant back: `2026-11-20 15:00`. */
export function writeTime(at: number): string {
  const date = new Date(at);
  return `${dayText(date)} ${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}

const startOf = (at: number): Date => new Date(new Date(at).setHours(0, 0, 0, 0));
function daysFrom(date: Date, days: number): Date {
  const moved = new Date(date);
  moved.setDate(moved.getDate() + days);
  return moved;
}
/** The same day so many months on; the last of the month where it has no such day. */
function monthsFrom(date: Date, months: number): Date {
  const moved = new Date(date.getFullYear(), date.getMonth() + months, 1, date.getHours(), date.getMinutes());
  moved.setDate(Math.min(date.getDate(), new Date(moved.getFullYear(), moved.getMonth() + 1, 0).getDate()));
  return moved;
}
/** Undefined for 31 February. */
function calendarDay(year: number, month: number, day: number): Date | undefined {
  const date = new Date(year, month, day);
  date.setFullYear(year);
  return date.getMonth() === month && date.getDate() === day ? date : undefined;
}
const indexOf = (names: readonly string[], name: string): number => names.findIndex((one) => one.startsWith(name.slice(0, 3)));

type Direction = 'past' | 'future';
interface Step {
  readonly rest: string;
  readonly day?: Date;
  /** Exactly then: nothing may follow. */
  readonly at?: number;
}

/** A day without its year: the nearest one in the direction, today included. */
function nearest(month: number, day: number, year: string | undefined, today: Date, direction: Direction): Date | undefined {
  if (year !== undefined) return calendarDay(Number(year.length === 2 ? `20${year}` : year), month, day);
  const here = calendarDay(today.getFullYear(), month, day);
  if (here === undefined) return undefined;
  if (direction === 'past' && here > today) return calendarDay(today.getFullYear() - 1, month, day);
  return direction === 'future' && here < today ? calendarDay(today.getFullYear() + 1, month, day) : here;
}

/** The day at the beginning of the text. @returns undefined when none stands there. */
function readDay(text: string, now: number, direction: Direction, monthFirst: boolean): Step | undefined {
  const today = startOf(now);
  const simple = /^(the day before yesterday|the day after tomorrow|yesterday|today|tomorrow|tonight|last night)\b/.exec(text);
  if (simple !== null) {
    const days = { 'the day before yesterday': -2, 'last night': -1, yesterday: -1, today: 0, tonight: 0, tomorrow: 1, 'the day after tomorrow': 2 }[simple[1]!]!;
    const rest = text.slice(simple[0].length);
    return { day: daysFrom(today, days), rest: simple[1]!.endsWith('night') ? `evening${rest}` : rest };
  }
  const weeks = /^(last|next) (week|month|year)\b/.exec(text);
  if (weeks !== null) {
    const sign = weeks[1] === 'last' ? -1 : 1;
    const day = weeks[2] === 'week' ? daysFrom(today, 7 * sign) : monthsFrom(today, (weeks[2] === 'month' ? 1 : 12) * sign);
    return { day, rest: text.slice(weeks[0].length) };
  }
  const distance = DISTANCE.exec(text);
  if (distance !== null && (distance[1] !== undefined || distance[4] !== undefined || direction === 'future')) {
    const [whole, ahead, number, unit, word] = distance;
    const sign = ahead !== undefined || word === 'from now' || word === 'later' || word === undefined ? 1 : -1;
    const count = (NUMBERS[number!] ?? Number(number)) * sign;
    const rest = text.slice(whole.length);
    switch (UNITS[unit!]!) {
      case 'minute':
        return { at: now + count * MINUTE, rest };
      case 'hour':
        return { at: now + count * 60 * MINUTE, rest };
      case 'day':
        return { day: daysFrom(today, Math.round(count)), rest };
      case 'week':
        return { day: daysFrom(today, Math.round(count * 7)), rest };
      case 'month':
        return { day: Number.isInteger(count) ? monthsFrom(today, count) : daysFrom(today, Math.round(count * 30)), rest };
      case 'year':
        return { day: monthsFrom(today, Math.round(count * 12)), rest };
    }
  }
  const weekday = WEEKDAY.exec(text);
  if (weekday !== null) {
    const away = (indexOf(WEEKDAYS, weekday[2]!) - today.getDay() + 7) % 7;
    const said = weekday[1];
    const goesBack = said === 'last' || said === 'past' || (said !== 'next' && direction === 'past');
    // "last friday" and "next friday" are never today.
    const days = goesBack ? (away === 0 ? (said === 'last' || said === 'past' ? -7 : 0) : away - 7) : away === 0 && said === 'next' ? 7 : away;
    return { day: daysFrom(today, days), rest: text.slice(weekday[0].length) };
  }
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:t(?=\d))?/.exec(text);
  if (iso !== null) {
    const day = calendarDay(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]));
    return day === undefined ? undefined : { day, rest: text.slice(iso[0].length) };
  }
  const numeric = /^(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d{2})?)?(?=\s|$)/.exec(text);
  if (numeric !== null) {
    const [whole, first, separator, second, year] = numeric;
    const [day, month] = monthFirst && separator !== '.' ? [second!, first!] : [first!, second!];
    const read = nearest(Number(month) - 1, Number(day), year, today, direction);
    return read === undefined ? undefined : { day: read, rest: text.slice(whole.length) };
  }
  const named = DAY_MONTH.exec(text);
  const turned = named === null ? MONTH_DAY.exec(text) : null;
  if (named !== null || turned !== null) {
    const [day, month, year, whole] = named !== null ? [named[1], named[2], named[3], named[0]] : [turned![2], turned![1], turned![3], turned![0]];
    const read = nearest(indexOf(MONTHS, month!), Number(day), year, today, direction);
    return read === undefined ? undefined : { day: read, rest: text.slice(whole.length) };
  }
  return undefined;
}

/** Minutes after midnight; null when the text says no time of day that can be. */
function readClock(text: string): number | null {
  const part = /^(?:in the |this |at |around )?([a-z]+)$/.exec(text)?.[1];
  if (part !== undefined) return Object.hasOwn(PARTS, part) ? PARTS[part]! * 60 : null;
  const clock = /^(at |around |about )?(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2}(?:\.\d+)?)? ?(am|pm|a\.m\.|p\.m\.|h|o'clock|uhr)?$/.exec(text);
  if (clock === null) return null;
  const [, at, hours, minutes = '0', half] = clock;
  const isHalf = half !== undefined && /^[ap]/.test(half);
  // A number alone is no time.
  if (at === undefined && clock[3] === undefined && half === undefined) return null;
  let hour = Number(hours);
  if (Number(minutes) > 59 || hour > (isHalf ? 12 : 23) || (isHalf && hour === 0)) return null;
  if (isHalf) hour = (hour % 12) + (half.startsWith('p') ? 12 : 0);
  // "at 3" is in the working day.
  else if (at !== undefined && clock[3] === undefined && half === undefined && hour >= 1 && hour <= 6) hour += 12;
  return hour * 60 + Number(minutes);
}

/**
 * @param direction where a day or time that leaves it open lies: what happened is in the past, what is planned in the future.
 * @param monthFirst whether 11/12 is 12 November.
 * @returns undefined when it cannot be read. Nothing said is now.
 */
export function readTime(said: string, now: number, direction: Direction = 'past', monthFirst = false): Said | undefined {
  const text = said.trim().toLowerCase().replace(/\s+/g, ' ').replace(/^(?:on )(?=\d)/, '').replace(/\bthe day (?=before yesterday|after tomorrow)|(?<!the )\bday (?=before yesterday|after tomorrow)/, 'the day ').replace(/^(?:the day )?(before yesterday|after tomorrow)/, 'the day $1');
  if (text === '' || text === 'now' || text === 'just now') return { at: now };
  // A whole instant, with its zone.
  if (/^\d{4}-\d{2}-\d{2}t.*(?:z|[+-]\d{2}:\d{2})$/.test(text)) {
    const at = Date.parse(text.toUpperCase());
    return Number.isNaN(at) ? undefined : { at };
  }
  const first = readDay(text, now, direction, monthFirst);
  if (first?.at !== undefined) return first.rest.trim() === '' ? { at: first.at } : undefined;
  const rest = (first?.rest ?? text).trim().replace(/^,\s*/, '');
  if (first !== undefined && rest === '') return { at: first.day!.getTime(), day: dayText(first.day!) };
  let minutes = readClock(rest);
  let day = first?.day;
  if (minutes === null && day === undefined) {
    // "3pm yesterday": the time first.
    const turned = /^(.*?\d ?(?:am|pm|a\.m\.|p\.m\.|h|o'clock)?|noon|midday|midnight)(?: on)?,? ([a-z].*)$/.exec(rest);
    const second = turned === null ? undefined : readDay(turned[2]!, now, direction, monthFirst);
    if (turned === null || second?.day === undefined || second.rest.trim() !== '') return undefined;
    minutes = readClock(turned[1]!);
    day = second.day;
  }
  if (minutes === null) return undefined;
  const at = (of: Date): number => new Date(of).setHours(Math.floor(minutes / 60), minutes % 60, 0, 0);
  if (day !== undefined) return { at: at(day) };
  // A time alone is today's, unless that lies on the wrong side of now.
  const today = startOf(now);
  const here = at(today);
  if (direction === 'past' && here > now + 5 * MINUTE) return { at: at(daysFrom(today, -1)) };
  return { at: direction === 'future' && here < now ? at(daysFrom(today, 1)) : here };
}
