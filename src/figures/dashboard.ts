/** The default dashboard: what is shown first, each with its course and with what it was a period before. Pure. */
import { DAY } from '../kernel/calendar.js';
import { firstOfMonth } from '../kernel/days.js';
import { RINGS, type Ring } from '../rings/rules.js';
import { MOST_POINTS, type Period } from './ask.js';
import { LOSS_WINDOW } from './day-steps.js';
import { wilson } from './intervals.js';
import { nps } from './survey-scores.js';

export interface DashboardQuestion {
  /** The day at whose end it speaks; days since 1970-01-01 in the organisation's time zone. */
  readonly asOf: number;
  readonly split?: 'segment' | 'origin' | 'owner' | 'department';
  readonly period: Period;
  /** How many points a course has, the day itself the last; the others are the ends of the periods before. At most 400. */
  readonly points: number;
}

/** By measure and value of the split: a number for each day, or stretch, asked for. */
export type Levels = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

/** One value of a figure. */
export interface Reading {
  /** The day at whose end it speaks. */
  readonly day: number;
  /** Null when nothing stands below the line: never 0. */
  readonly value: number | null;
  /** Customers, or answers, below the line; of sums those who are in it. */
  readonly n: number;
  readonly above: number;
  readonly below: number;
  /** Of shares: the limits of the 95 % Wilson interval. */
  readonly low?: number;
  readonly high?: number;
}

export interface Course {
  /** Currency, lit set or ring; null where there is one value only. */
  readonly group: string | null;
  readonly now: Reading;
  /** One period earlier. */
  readonly before: Reading;
  /** Oldest first; the last is `now`. */
  readonly series: readonly Reading[];
  /** Of lost rings: how many for each cause now, the most frequent first. */
  readonly causes?: readonly { readonly cause: string; readonly customers: number }[];
}

export type PanelName = 'advocacy-rate' | 'ring-distribution' | 'net-revenue-retention' | 'gross-revenue-retention' | 'value-at-risk' | 'ring-losses' | 'nps';

export interface Panel {
  readonly name: PanelName;
  readonly unit: 'share' | 'customers' | 'money' | 'points';
  /** Days of its window; null: it speaks of one instant. */
  readonly window: number | null;
  /** One for each group. */
  readonly courses: readonly Course[];
}

export interface DashboardPart {
  /** Value of the split; null for customers without one, and undivided. */
  readonly value: string | null;
  /** What the business has: without terms or surveys the figures about them are left out. */
  readonly panels: readonly Panel[];
}

export interface Dashboard {
  readonly question: DashboardQuestion;
  /** Undivided exactly one; else one for each value, by name. */
  readonly parts: readonly DashboardPart[];
  /** Customers whose last events could not be counted. */
  readonly parked: number;
}

export const LEVEL_MEASURES: readonly string[] = ['lit:2', 'advocates', 'set:*', 'year-*', 'at-risk:*', 'at-risk-customers:*', 'revenue:*'];
export const LOSS_MEASURES: readonly string[] = ['lit90:*', 'lost90:*'];
export const NPS_MEASURES: readonly string[] = ['nps:*'];

function endBefore(day: number, period: Period): number {
  // Day 3 (1970-01-04) was a Sunday, the end of a week.
  if (period === 'day') return day - 1;
  if (period === 'week') return day - 1 - ((((day - 4) % 7) + 7) % 7);
  return firstOfMonth(day, period === 'month' ? 0 : -(new Date(day * DAY).getUTCMonth() % 3)) - 1;
}

/** The same day a period before; where that month has no such day, its last. */
function periodBefore(day: number, period: Period): number {
  if (period === 'day') return day - 1;
  if (period === 'week') return day - 7;
  const months = period === 'month' ? -1 : -3;
  return Math.min(firstOfMonth(day, months) + (day - firstOfMonth(day)), firstOfMonth(day, months + 1) - 1);
}

/** Days of the course, oldest first; then the day a period before the last of them. @throws RangeError for too many points. */
export function dashboardDays({ asOf, period, points }: DashboardQuestion): { readonly levels: readonly number[]; readonly windows: readonly { readonly first: number; readonly last: number }[] } {
  if (!Number.isInteger(points) || points < 1 || points > MOST_POINTS) throw new RangeError(`points are from 1 to ${MOST_POINTS}, not ${points}`);
  const days = [asOf];
  while (days.length < points) days.unshift(endBefore(days[0]!, period));
  const levels = [...days, periodBefore(asOf, period)];
  return { levels, windows: levels.map((last) => ({ first: last - LOSS_WINDOW + 1, last })) };
}

type Read = Omit<Reading, 'day'>;

const ratio = (above: number, below: number, n: number): Read => ({ above, below, n, value: below === 0 ? null : above / below });

function share(above: number, below: number): Read {
  const found = wilson(above, below);
  return { ...ratio(above, below, below), ...(found !== null && { low: found.low, high: found.high }) };
}

/** Reads the measures of one value of the split, at the nth day asked for; 0 where nothing was added. */
class Part {
  constructor(
    private readonly levels: Levels,
    private readonly value: string,
    private readonly days: readonly number[],
  ) {}

  at(measure: string, n: number): number {
    return this.levels.get(measure)?.get(this.value)?.[n] ?? 0;
  }

  /** What follows the prefix in the names of measures of which this part has anything, at any time up to the last day. */
  ending(prefix: string): string[] {
    return [...this.levels].filter(([measure, byValue]) => measure.startsWith(prefix) && byValue.has(this.value)).map(([measure]) => measure.slice(prefix.length)).sort();
  }

  course(group: string | null, read: (n: number) => Read): Course {
    const readings = this.days.map((day, n): Reading => ({ day, ...read(n) }));
    return { group, now: readings.at(-2)!, before: readings.at(-1)!, series: readings.slice(0, -1) };
  }
}

function lossesOf(part: Part, ring: Ring, last: number): Course {
  const causes = part.ending(`lost90:${ring}:`);
  const lost = (n: number): number => causes.reduce((sum, cause) => sum + part.at(`lost90:${ring}:${cause}`, n), 0);
  const counted = causes.map((cause) => ({ cause, customers: part.at(`lost90:${ring}:${cause}`, last) })).filter(({ customers }) => customers > 0);
  return { ...part.course(String(ring), (n) => share(lost(n), part.at(`lit90:${ring}`, n))), causes: counted.sort((a, b) => b.customers - a.customers || (a.cause < b.cause ? -1 : 1)) };
}

function panelsOf(part: Part, last: number): Panel[] {
  const panels: Panel[] = [
    { name: 'advocacy-rate', unit: 'share', window: null, courses: [part.course(null, (n) => share(part.at('advocates', n), part.at('lit:2', n)))] },
    { name: 'ring-distribution', unit: 'customers', window: null, courses: part.ending('set:').map((set) => part.course(set, (n) => { const customers = part.at(`set:${set}`, n); return { above: customers, below: customers, n: customers, value: customers }; })) },
  ];
  const currencies = part.ending('revenue:');
  if (currencies.length > 0) {
    const retained = (measure: string): Course[] => currencies.map((currency) => part.course(currency, (n) => ratio(part.at(`${measure}:${currency}`, n), part.at(`year-start:${currency}`, n), part.at(`year-customers:${currency}`, n))));
    panels.push(
      { name: 'net-revenue-retention', unit: 'share', window: 365, courses: retained('year-end') },
      { name: 'gross-revenue-retention', unit: 'share', window: 365, courses: retained('year-kept') },
      { name: 'value-at-risk', unit: 'money', window: null, courses: currencies.map((currency) => part.course(currency, (n) => { const amount = part.at(`at-risk:${currency}`, n); return { above: amount, below: part.at(`revenue:${currency}`, n), n: part.at(`at-risk-customers:${currency}`, n), value: amount }; })) },
    );
  }
  const lit = RINGS.filter((ring) => part.ending(`lit90:${ring}`).length > 0);
  if (lit.length > 0) panels.push({ name: 'ring-losses', unit: 'share', window: LOSS_WINDOW, courses: lit.map((ring) => lossesOf(part, ring, last)) });
  if (part.ending('nps:').length > 0) {
    panels.push({
      name: 'nps',
      unit: 'points',
      window: LOSS_WINDOW,
      courses: [
        part.course(null, (n) => {
          const counts = { promoters: part.at('nps:promoter', n), passives: part.at('nps:passive', n), detractors: part.at('nps:detractor', n) };
          const score = nps(counts);
          return { above: counts.promoters - counts.detractors, below: score?.n ?? 0, n: score?.n ?? 0, value: score?.score ?? null };
        }),
      ],
    });
  }
  return panels;
}

/** Puts the totals together; they are of the days, and the windows, that `dashboardDays` names. */
export function dashboardOf(question: DashboardQuestion, levels: Levels, answers: Levels, parked: number): Dashboard {
  const days = dashboardDays(question).levels;
  const all: Levels = new Map([...levels, ...answers]);
  const values = question.split === undefined ? [''] : [...new Set([...all.values()].flatMap((byValue) => [...byValue.keys()]))].sort();
  return { question, parts: values.map((value) => ({ value: value === '' ? null : value, panels: panelsOf(new Part(all, value, days), days.length - 2) })), parked };
}
