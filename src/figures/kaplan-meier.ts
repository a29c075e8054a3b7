/**
 * How long until something happens, when for some it has not happened yet: the curve of E. L. Kaplan and P. Meier,
 * "Nonparametric Estimation from Incomplete Observations", JASA 53 (1958), 457-481.
 *
 * The answers are those of R: `survfit(Surv(days, event) ~ 1, conf.type = "log")` and `quantile()` of it, package
 * survival 3.5. `test/figures/expected.json` holds what R said.
 */
import { deviateFor } from './normal-deviate.js';

/** R's `sqrt(.Machine$double.eps)`: what is nearer than this is taken as equal. */
const TOLERANCE = 2 ** -26;

export interface Observation {
  /** From the start until it happened, or until we last looked; a fraction is welcome. */
  readonly days: number;
  /** True: it happened. False: not yet when we last looked (censored). */
  readonly event: boolean;
}

/** What holds from one time on, until the next step. */
export interface Step {
  readonly days: number;
  /** For how many it had not happened just before, and who were still watched. */
  readonly atRisk: number;
  readonly events: number;
  /** Last seen at this very time: at risk for its events, gone after them. */
  readonly censored: number;
  /** The share for whom it has not happened, 0 to 1. */
  readonly survival: number;
  /** Greenwood's, of `survival` itself (R: `summary(fit)$std.err`). Null where survival is 0, as are the limits. */
  readonly standardError: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface Curve {
  readonly n: number;
  readonly events: number;
  readonly confidence: number;
  /** One for each time at which something happened or somebody was last seen, in order. */
  readonly steps: readonly Step[];
}

/** The time by which it has happened for a share, with its limits; null where the curve does not get that far. */
export interface CurveQuantile {
  readonly share: number;
  readonly days: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

interface Tally {
  readonly days: number;
  events: number;
  censored: number;
}

/** The days of those with or without the event, in order. */
function sorted(rows: readonly Observation[], event: boolean): Float64Array {
  const days = new Float64Array(rows.reduce((n, row) => n + Number(row.event === event), 0));
  let n = 0;
  for (const row of rows) {
    if (!Number.isFinite(row.days) || row.days < 0) throw new RangeError(`days are a number from 0 on, not ${row.days}`);
    // Adding 0 makes -0 a 0.
    if (row.event === event) days[n++] = row.days + 0;
  }
  return days.sort();
}

/** One for each different time. */
function talliesOf(rows: readonly Observation[]): Tally[] {
  const [happened, unseen] = [sorted(rows, true), sorted(rows, false)];
  const tallies: Tally[] = [];
  for (let i = 0, j = 0; i < happened.length || j < unseen.length; ) {
    const days = Math.min(happened[i] ?? Infinity, unseen[j] ?? Infinity);
    const tally = { days, events: 0, censored: 0 };
    for (; happened[i] === days; i += 1) tally.events += 1;
    for (; unseen[j] === days; j += 1) tally.censored += 1;
    tallies.push(tally);
  }
  return tallies;
}

/**
 * R's `timefix` (`aeqSurv`), so that 0.1 + 0.2 and 0.3 are one time: neighbours that differ by at most the tolerance,
 * absolutely or as a part of the mean of the different times, are one time, the first of their chain. In days that is
 * about a millisecond, or a tenth of a second where the mean is a hundred days.
 */
function joined(tallies: readonly Tally[]): Tally[] {
  const mean = tallies.reduce((sum, { days }) => sum + days, 0) / tallies.length;
  const result: Tally[] = [];
  let before = -Infinity;
  for (const tally of tallies) {
    const gap = tally.days - before;
    before = tally.days;
    const last = result.at(-1);
    if (last === undefined || !(gap <= TOLERANCE || gap / mean <= TOLERANCE)) result.push({ ...tally });
    else {
      last.events += tally.events;
      last.censored += tally.censored;
    }
  }
  return result;
}

/**
 * The curve of the rows, in any order; without rows, no steps. O(n log n).
 *
 * Survival is the product of (atRisk - events) / atRisk; the variance of its logarithm is Greenwood's, the sum of
 * events / (atRisk (atRisk - events)) (M. Greenwood 1926); the limits are exp(log(survival) ± z · standard error of the
 * logarithm), the upper capped at 1. `confidence` is a share between 0 and 1. Throws a RangeError for days that are
 * negative or not finite, and for another confidence.
 */
export function kaplanMeier(rows: readonly Observation[], confidence = 0.95): Curve {
  const z = deviateFor(confidence);
  let [atRisk, events, survival, variance] = [rows.length, 0, 1, 0];
  const steps = joined(talliesOf(rows)).map((tally): Step => {
    survival *= (atRisk - tally.events) / atRisk;
    variance += tally.events / (atRisk * (atRisk - tally.events));
    const error = Math.sqrt(variance);
    const limits = survival === 0 ? { standardError: null, low: null, high: null } : { standardError: survival * error, low: survival * Math.exp(-z * error), high: Math.min(1, survival * Math.exp(z * error)) };
    const step = { days: tally.days, atRisk, events: tally.events, censored: tally.censored, survival, ...limits };
    atRisk -= tally.events + tally.censored;
    events += tally.events;
    return step;
  });
  return { n: rows.length, events, confidence, steps };
}

/**
 * The rule of R's `quantile.survfit` for one line of the curve: the time of the smallest loss that reaches the share.
 * Where a loss equals the share (within the tolerance) the line is flat there, and the answer is the middle between this
 * time and the next at which the line changes; after its last change, the last time of all.
 *
 * The upper limit may rise again late in a curve. R takes the smallest loss that suffices, wherever it stands, and so do we.
 */
function reader(steps: readonly Step[], valueOf: (step: Step) => number | null): (share: number) => number | null {
  const days = [0];
  const losses = [0];
  // A value counts where it is met first. Only after a rise can it have been met other than just before.
  let met: Set<number> | undefined;
  let last: number | null = 1;
  for (const step of steps) {
    const value = valueOf(step);
    if (value === last) continue;
    if (value !== null) {
      if (last !== null && value > last) met ??= new Set(losses);
      const loss = 1 - value;
      if (met?.has(loss)) continue;
      met?.add(loss);
      days.push(step.days);
      losses.push(loss);
    }
    last = value;
  }
  const end = steps.at(-1)?.days ?? 0;
  const reaching = (share: number, slack: number): number | null => {
    let best: number | undefined;
    for (let i = 0; i < losses.length; i += 1) if (losses[i]! + slack >= share && (best === undefined || losses[i]! < losses[best]!)) best = i;
    return best === undefined ? null : days[best]!;
  };
  return (share) => {
    const first = share < TOLERANCE ? null : reaching(share, TOLERANCE);
    const atTheEnd = last !== null && Math.abs(share - (1 - last)) < TOLERANCE;
    if (!atTheEnd && share === 0) return 0;
    const next = atTheEnd ? end : reaching(share, -TOLERANCE);
    return first === null || next === null ? null : (first + next) / 2;
  };
}

/**
 * The days by which it has happened for each share (0 to 1), as R's `quantile(fit, shares)`; `low` is read off the lower
 * limit of the curve and so is the earlier. Null where R says NA: the curve, or its limit, ends before.
 * Asked for one share alone that lies above the last loss by less than the tolerance, R says NA, and the last middle when
 * asked for a lower share as well; we always say the latter. Throws a RangeError for a share outside 0 to 1.
 */
export function quantilesOf({ steps }: Curve, shares: readonly number[]): CurveQuantile[] {
  const [days, low, high] = [reader(steps, (step) => step.survival), reader(steps, (step) => step.low), reader(steps, (step) => step.high)];
  return shares.map((share) => {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`a share lies between 0 and 1, not at ${share}`);
    return { share, days: days(share), low: low(share), high: high(share) };
  });
}
