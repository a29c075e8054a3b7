/** Leaving a customer alone until a date: which of the reasons for attention a snooze covers is the rings' affair. */
import { DAY, dayOf, startOfDay } from '../kernel/calendar.js';
import { Refusal, invalid, type FieldProblem } from '../kernel/refusal.js';

/** Why a customer may need attention, gravest first. They stand in the log where a snooze is for one of them alone. */
export const REASONS = [
  'severe issue open', 'ring at risk', 'term ahead', 'silent', 'gap', 'promise missed', 'step overdue', 'promise due today', 'step due today',
  'no dated next step', 'decider unknown', 'decider not met', 'late joiner',
] as const;

export type ReasonName = (typeof REASONS)[number];

/** What stands in the log of a snooze; `reason` is why, in words. */
export interface SnoozeDetails {
  /** When it was set, and until when it holds; epoch ms. */
  readonly at: number;
  readonly until: number;
  readonly reason: string;
  /** The one sort of reason it is for; all without it. */
  readonly only?: string;
}

/** What the state keeps of a snooze. Once `until` has passed it means nothing more: no event says so. */
export interface Snooze {
  readonly at: number;
  readonly until: number;
  readonly only?: string;
  /** Who set it. */
  readonly by: string;
  /** Revision of its event: what was recorded later it does not cover. */
  readonly revision: number;
}

/** By the sort of reason it is for, '' for all. */
export type Snoozes = ReadonlyMap<string, Snooze>;

/** The end of the day a year after the one that contains the instant. */
function inAYear(now: number, zone: string): number {
  const [year, ...rest] = dayOf(now, zone).split('-');
  const day = [String(Number(year) + 1).padStart(4, '0'), ...rest].join('-').replace(/-02-29$/, '-02-28');
  return startOfDay(dayOf(startOfDay(day, zone) + 1.5 * DAY, zone), zone);
}

/** @throws Refusal naming what is wrong with until, reason and only. */
export function checkSnooze({ at, until, reason, only }: SnoozeDetails, zone: string): void {
  const problems: FieldProblem[] = [];
  if (until <= at) problems.push({ field: 'until', code: 'in-the-past', message: 'must lie ahead; a date means the start of that day' });
  else if (until >= inAYear(at, zone)) problems.push({ field: 'until', code: 'too-far', message: 'must be at most a year ahead' });
  if (reason.trim() === '') problems.push({ field: 'reason', code: 'missing', message: 'must say why' });
  if (only !== undefined && !(REASONS as readonly string[]).includes(only)) problems.push({ field: 'only', code: 'unknown-choice', message: `must be one of ${REASONS.join(', ')}` });
  if (problems.length > 0) throw invalid(problems);
}

/** @throws Refusal when nothing of this sort is snoozed now. */
export function checkSnoozed(snoozes: Snoozes, now: number, only: string | undefined): void {
  const inForce = [...snoozes.values()].filter(({ until }) => now < until);
  if (inForce.length === 0) throw new Refusal('conflict', 'not-snoozed', 'Nothing is snoozed at this customer.');
  if (only !== undefined && !inForce.some((snooze) => snooze.only === only)) throw new Refusal('conflict', 'not-snoozed', `No snooze for “${only}” alone is in force at this customer.`);
}
