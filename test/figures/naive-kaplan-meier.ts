/** The curve and its quantiles once more, by counting anew at every time; with one bug of `BUGS`, or none. */
import type { Curve, CurveQuantile, Observation, Step } from '../../src/figures/kaplan-meier.js';

export interface Estimator {
  readonly kaplanMeier: (rows: readonly Observation[], confidence?: number) => Curve;
  readonly quantilesOf: (curve: Curve, shares: readonly number[]) => CurveQuantile[];
}

export type Bug =
  | 'tied events count once'
  | 'tied events are not at risk together'
  | 'censored before the event'
  | 'the censored stay at risk'
  | 'the last counts as an event'
  | 'near-equal times are apart'
  | 'variance without the denominators of Greenwood'
  | 'variance of a plain share'
  | 'error of the logarithm'
  | 'interval on the plain scale'
  | 'upper limit above 1'
  | 'limits where nobody is left'
  | 'always 95 %'
  | 'no middle'
  | 'middle up to the next censored'
  | 'no middle at the end'
  | 'no tolerance'
  | 'the first time that reaches the share'
  | 'the limits exchanged'
  | 'the order of the rows counts'
  | 'rows spread as arguments';

const TOLERANCE = Math.sqrt(Number.EPSILON);
/** R's `qnorm` of the confidence levels that the checks use. */
const Z: Readonly<Record<number, number>> = { 0.95: 1.9599639845400536, 0.8: 1.2815515655446008 };

/** Each time and the one it stands for. */
function meant(rows: readonly Observation[]): Map<number, number> {
  const times = [...new Set(rows.map(({ days }) => days))].sort((a, b) => a - b);
  const mean = times.reduce((sum, one) => sum + one, 0) / times.length;
  const result = new Map<number, number>();
  times.forEach((time, index) => {
    const before = times[index - 1];
    const near = before !== undefined && Math.min(time - before, (time - before) / mean) <= TOLERANCE;
    result.set(time, near ? result.get(before)! : time);
  });
  return result;
}

function curveOf(bug: Bug | undefined, rows: readonly Observation[], confidence: number): Curve {
  if (bug === 'rows spread as arguments') Math.max(...rows.map(({ days }) => days));
  const stands = meant(rows);
  const told = rows.map(({ days, event }) => ({ days: bug === 'near-equal times are apart' ? days : stands.get(days)!, event: event || (bug === 'the last counts as an event' && rows.every((other) => other.days <= days)) }));
  const z = Z[bug === 'always 95 %' ? 0.95 : confidence]!;
  let [survival, variance] = [1, 0];
  const times = [...new Set(told.map(({ days }) => days))];
  if (bug !== 'the order of the rows counts') times.sort((a, b) => a - b);
  const steps = times.map((time): Step => {
    const now = told.filter(({ days }) => days === time);
    const happened = now.filter(({ event }) => event).length;
    const censored = now.length - happened;
    const events = bug === 'tied events count once' ? Math.min(1, happened) : happened;
    let atRisk = told.filter(({ days, event }) => days >= time || (bug === 'the censored stay at risk' && !event)).length;
    if (bug === 'censored before the event') atRisk -= events > 0 ? censored : 0;
    if (bug === 'tied events are not at risk together') atRisk -= Math.max(0, events - 1);
    survival *= 1 - events / atRisk;
    variance += events / (atRisk * (bug === 'variance without the denominators of Greenwood' ? atRisk : atRisk - events));
    if (bug === 'variance of a plain share') variance = (1 - survival) / survival / rows.length;
    const log = Math.sqrt(variance);
    const error = survival * log;
    const plain = bug === 'interval on the plain scale';
    const high = plain ? survival + z * error : Math.exp(Math.log(survival) + z * log);
    const limits = {
      standardError: bug === 'error of the logarithm' ? log : error,
      low: plain ? Math.max(0, survival - z * error) : Math.exp(Math.log(survival) - z * log),
      high: bug === 'upper limit above 1' ? high : Math.min(1, high),
    };
    const none = bug === 'limits where nobody is left' ? { standardError: 0, low: 0, high: 0 } : { standardError: null, low: null, high: null };
    return { days: time, atRisk, events, censored, survival, ...(survival < 1e-12 ? none : limits) };
  });
  return { n: rows.length, events: rows.filter(({ event }) => event).length, confidence, steps };
}

/** R's `findq` step by step: losses without repetition, sorted; constant interpolation from the right, shifted both ways. */
function lineOf(bug: Bug | undefined, steps: readonly Step[], value: (step: Step) => number | null): (share: number) => number | null {
  const all = [{ days: 0, loss: 0 as number | null }, ...steps.map((step) => ({ days: step.days, loss: value(step) === null ? null : 1 - value(step)! }))];
  const points = all.filter(({ loss }, index) => all.findIndex((other) => other.loss === loss) === index);
  const numbers = points.filter((point): point is { days: number; loss: number } => point.loss !== null);
  const ordered = bug === 'the first time that reaches the share' ? numbers : [...numbers].sort((a, b) => a.loss - b.loss);
  const timeAt = (share: number, by: number): number | null => (share < Math.min(...numbers.map(({ loss }) => loss)) + by ? null : (ordered.find(({ loss }) => loss + by >= share)?.days ?? null));
  return (share) => {
    const exact = bug === 'no tolerance';
    const first = timeAt(share, exact ? 0 : TOLERANCE);
    const next = exact ? (ordered.find(({ loss }) => loss > share)?.days ?? null) : timeAt(share, -TOLERANCE);
    const last = points.at(-1)!.loss;
    if (last !== null && Math.abs(share - last) < TOLERANCE && bug !== 'no middle at the end') return first === null ? null : (first + all.at(-1)!.days) / 2;
    if (share === 0) return 0;
    if (first === null || next === null) return null;
    if (bug === 'no middle') return first;
    if (bug === 'middle up to the next censored' && next !== first) return (first + steps.find(({ days }) => days > first)!.days) / 2;
    return (first + next) / 2;
  };
}

export function naive(bug?: Bug): Estimator {
  return {
    kaplanMeier: (rows, confidence = 0.95) => curveOf(bug, rows, confidence),
    quantilesOf: ({ steps }, shares) => {
      const [days, earlier, later] = [(step: Step) => step.survival, (step: Step) => step.low, (step: Step) => step.high].map((value) => lineOf(bug, steps, value)) as [(share: number) => number | null, (share: number) => number | null, (share: number) => number | null];
      const [low, high] = bug === 'the limits exchanged' ? [later, earlier] : [earlier, later];
      return shares.map((share) => ({ share, days: days(share), low: low(share), high: high(share) }));
    },
  };
}
