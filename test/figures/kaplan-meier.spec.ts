/** The curve against R and against what must hold of any curve. Beside it each planted bug turns the named check red. */
import fc from 'fast-check';
import { kaplanMeier, quantilesOf, type Observation, type Step } from '../../src/figures/kaplan-meier.js';
import { close, expected } from './expected.js';
import { naive, type Bug, type Estimator } from './naive-kaplan-meier.js';

const SEED = 20_260_301;
const real: Estimator = { kaplanMeier, quantilesOf };

const sets = expected.sets.map((set) => ({ ...set, rows: set.days.map((days, index): Observation => ({ days, event: set.event[index] === 1 })) }));

/** The columns of every set's curve, as R has them. */
function columns(estimator: Estimator, ...names: (keyof Step)[]): void {
  for (const { name, rows, confidence, curve } of sets) {
    const { steps } = estimator.kaplanMeier(rows, confidence);
    for (const column of names) close(steps.map((step) => step[column]), curve[column], `${column} of ${name}`);
  }
}

function quantilesAsR(estimator: Estimator, ...names: ('days' | 'low' | 'high')[]): void {
  for (const { name, rows, confidence, quantiles } of sets) {
    const read = estimator.quantilesOf(estimator.kaplanMeier(rows, confidence), quantiles.share);
    for (const column of names) close(read.map((one) => one[column]), quantiles[column], `${column} of the quantiles of ${name}`);
  }
}

/** Far enough from each other never to be taken as equal. */
const eighths = fc.nat(400).map((n) => n / 8);
const apart = fc.array(fc.record({ days: eighths, event: fc.boolean() }), { maxLength: 40 });
const days = fc.oneof(fc.nat(12), eighths, fc.double({ min: 0, max: 1000, noNaN: true }));
const row = fc.record({ days, event: fc.boolean() });
const someRows = fc.array(row, { maxLength: 40 });
/** Throws what the predicate threw on the smallest value found, with that value. */
function holds<T>(arbitrary: fc.Arbitrary<T>, predicate: (value: T) => void): void {
  const { failed, errorInstance, counterexample } = fc.check(fc.property(arbitrary, predicate), { seed: SEED, numRuns: 400 });
  if (failed) throw new Error(`${errorInstance instanceof Error ? errorInstance.message : String(errorInstance)}, of ${JSON.stringify(counterexample)}`);
}

function must(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

const CHECKS: Readonly<Record<string, (estimator: Estimator) => void>> = {
  'the steps and counts are those of R': (estimator) => columns(estimator, 'days', 'atRisk', 'events', 'censored'),
  'survival is that of R': (estimator) => columns(estimator, 'survival'),
  'standard errors are those of R': (estimator) => columns(estimator, 'standardError'),
  'limits are those of R': (estimator) => columns(estimator, 'low', 'high'),
  'quantiles are those of R': (estimator) => quantilesAsR(estimator, 'days'),
  'limits of quantiles are those of R': (estimator) => quantilesAsR(estimator, 'low', 'high'),
  'survival never rises and lies between 0 and 1, its limits around it': (estimator) =>
    holds(someRows, (rows) => {
      let before: Step | undefined;
      for (const step of estimator.kaplanMeier(rows).steps) {
        must(step.survival >= 0 && step.survival <= (before?.survival ?? 1), `survival ${step.survival} after ${before?.survival ?? 1}`);
        must(before === undefined || before.days < step.days, `step at ${step.days} after ${before?.days}`);
        must((step.low === null) === (step.survival === 0) && (step.high === null) === (step.survival === 0), 'limits are null where nobody is left, and only there');
        must(step.low === null || (step.low >= 0 && step.low <= step.survival && step.survival <= step.high! && step.high! <= 1), `limits ${step.low} to ${step.high}`);
        before = step;
      }
    }),
  'each row is counted once': (estimator) =>
    holds(someRows, (rows) => {
      const { n, events, steps } = estimator.kaplanMeier(rows);
      let left = rows.length;
      for (const step of steps) {
        must(step.atRisk === left, `${step.atRisk} at risk, ${left} left`);
        left -= step.events + step.censored;
      }
      must(left === 0 && n === rows.length && events === rows.filter(({ event }) => event).length, `${left} left at the end`);
    }),
  'another order of the rows changes nothing': (estimator) =>
    holds(someRows.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))), ([rows, shuffled]) => {
      const [one, other] = [estimator.kaplanMeier(rows), estimator.kaplanMeier(shuffled)];
      must(JSON.stringify(one) === JSON.stringify(other), `${JSON.stringify(one)} and ${JSON.stringify(other)}`);
    }),
  'where none is censored survival is the share still waiting': (estimator) =>
    holds(fc.array(fc.nat(12), { minLength: 1, maxLength: 40 }), (times) => {
      for (const step of estimator.kaplanMeier(times.map((time) => ({ days: time, event: true }))).steps) {
        const waiting = times.filter((time) => time > step.days).length / times.length;
        close([step.survival, step.standardError], [waiting, waiting === 0 ? null : Math.sqrt((waiting * (1 - waiting)) / times.length)], `survival at ${step.days}`);
      }
    }),
  'of one who is censored last nothing is known but that it took longer': (estimator) =>
    holds(apart, (rows) => {
      const { steps } = estimator.kaplanMeier(rows);
      const longer = estimator.kaplanMeier([...rows, { days: 2000, event: false }]);
      must(longer.steps.length === steps.length + 1 && longer.steps.every(({ survival }) => survival > 0), 'the curve does not reach 0');
      const last = longer.steps.at(-1)!;
      must(last.survival === (longer.steps.at(-2)?.survival ?? 1) && last.atRisk === 1, 'nor does it fall where one is last seen');
    }),
  'who is last seen at the time of an event was at risk for it': (estimator) =>
    holds(apart, (rows) => {
      const falls = (some: readonly Observation[]): unknown => estimator.kaplanMeier(some).steps.filter(({ events }) => events > 0).map((step) => [step.days, step.atRisk, step.survival]);
      const [one, other] = [falls(rows), falls(rows.map((row) => (row.event ? row : { ...row, days: row.days + 1 / 16 })))];
      must(JSON.stringify(one) === JSON.stringify(other), `${JSON.stringify(one)}, and seen a little longer ${JSON.stringify(other)}`);
    }),
  'a quantile is the first time by which it has happened for the share': (estimator) =>
    holds(fc.tuple(someRows, fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100 + 1e-6)), ([rows, share]) => {
      const curve = estimator.kaplanMeier(rows);
      const reached = curve.steps.find(({ survival }) => 1 - survival >= share);
      const [read] = estimator.quantilesOf(curve, [share]);
      must(read!.days === (reached?.days ?? null), `${read!.days} instead of ${reached?.days ?? null}`);
      must(read!.low === null || read!.days === null || read!.low <= read!.days, `low limit ${read!.low} of ${read!.days}`);
      must(read!.high === null || read!.days === null || read!.days <= read!.high, `high limit ${read!.high} of ${read!.days}`);
    }),
  'a million rows are taken': (estimator) => {
    // A thousand for each of a thousand days; every fourth of a day is censored, after the events of that day.
    const curve = estimator.kaplanMeier(Array.from({ length: 1_000_000 }, (_, index) => ({ days: (index * 7919) % 1000, event: Math.floor(index / 1000) % 4 !== 0 })));
    const survival: number[] = [];
    for (let day = 0, left = 1; day < 1000; day += 1) survival.push((left *= 1 - 750 / (1_000_000 - 1000 * day)));
    close(curve.steps.map((step) => step.survival), survival, 'survival');
    must(estimator.quantilesOf(curve, [0.5])[0]!.days === survival.findIndex((one) => one <= 0.5), 'median');
  },
};

/** Each bug and the check it turns red, by the very assertion that looks for it. */
const BUGS: readonly [bug: Bug, check: string, says: RegExp][] = [
  ['near-equal times are apart', 'the steps and counts are those of R', /days of times that are equal but for rounding: 10 instead of 5/],
  ['tied events count once', 'the steps and counts are those of R', /events of lung by month/],
  ['tied events count once', 'each row is counted once', /at risk|left at the end/],
  ['tied events are not at risk together', 'survival is that of R', /survival of lung by month/],
  ['tied events are not at risk together', 'where none is censored survival is the share still waiting', /survival at/],
  ['censored before the event', 'survival is that of R', /survival of lung by month/],
  ['censored before the event', 'who is last seen at the time of an event was at risk for it', /a little longer/],
  ['the last counts as an event', 'survival is that of R', /survival of lung by month.*: 0 instead/],
  ['the last counts as an event', 'of one who is censored last nothing is known but that it took longer', /does not reach 0/],
  ['the censored stay at risk', 'the steps and counts are those of R', /atRisk of lung by month/],
  ['variance without the denominators of Greenwood', 'standard errors are those of R', /standardError of lung by month/],
  ['variance without the denominators of Greenwood', 'where none is censored survival is the share still waiting', /survival at/],
  ['variance of a plain share', 'standard errors are those of R', /standardError of lung by month/],
  ['error of the logarithm', 'standard errors are those of R', /standardError of lung by month/],
  ['interval on the plain scale', 'limits are those of R', /low of lung by month/],
  ['upper limit above 1', 'limits are those of R', /high of aml.*instead of 1$/],
  ['upper limit above 1', 'survival never rises and lies between 0 and 1, its limits around it', /limits/],
  ['limits where nobody is left', 'limits are those of R', /low of veteran.*: 0 instead of null/],
  ['limits where nobody is left', 'survival never rises and lies between 0 and 1, its limits around it', /limits are null/],
  ['always 95 %', 'limits are those of R', /low of veteran at 80 %/],
  ['no middle', 'quantiles are those of R', /three quarters and half exactly.*: 2 instead of 2.5/],
  ['middle up to the next censored', 'quantiles are those of R', /three quarters and half exactly.*: 4.5 instead of 6.5/],
  ['no middle at the end', 'quantiles are those of R', /null instead of 999/],
  ['no tolerance', 'quantiles are those of R', /half but for the last bit/],
  ['the first time that reaches the share', 'limits of quantiles are those of R', /high of the quantiles of aml/],
  ['the limits exchanged', 'limits of quantiles are those of R', /low of the quantiles of lung by month/],
  ['the limits exchanged', 'a quantile is the first time by which it has happened for the share', /(low|high) limit/],
  ['the order of the rows counts', 'another order of the rows changes nothing', /and/],
  ['the order of the rows counts', 'survival never rises and lies between 0 and 1, its limits around it', /after/],
  ['rows spread as arguments', 'a million rows are taken', /Maximum call stack/],
];

describe('the curve', () => {
  it.each(Object.entries(CHECKS))('%s', (_, check) => check(real));

  it('is empty without rows, and so are its quantiles', () => {
    expect(kaplanMeier([])).toEqual({ n: 0, events: 0, confidence: 0.95, steps: [] });
    expect(quantilesOf(kaplanMeier([]), [0, 0.5, 1])).toEqual([0, 0.5, 1].map((share) => ({ share, days: null, low: null, high: null })));
  });

  it.each([-1, NaN, Infinity])('refuses %s days', (odd) => {
    expect(() => kaplanMeier([{ days: 1, event: true }, { days: odd, event: false }])).toThrow(/days are a number from 0 on/);
  });

  it.each([0, 1, 95, NaN])('refuses a confidence of %s', (odd) => {
    expect(() => kaplanMeier([], odd)).toThrow(/confidence is a share/);
  });

  it.each([-0.1, 50, NaN])('refuses a quantile at %s', (odd) => {
    expect(() => quantilesOf(kaplanMeier([]), [odd])).toThrow(/a share lies between 0 and 1/);
  });
});

describe('the sets of R', () => {
  it('hold what they are there for', () => {
    const of = (start: string): (typeof sets)[number] => sets.find(({ name }) => name.startsWith(start))!;
    const share = ({ rows }: (typeof sets)[number]): number => rows.filter(({ event }) => !event).length / rows.length;
    expect(of('lung').curve.days.length).toBeLessThan(of('lung').rows.length / 6);
    expect(of('lung').curve.events.some((events, index) => events! > 1 && of('lung').curve.censored[index]! > 1)).toBe(true);
    expect(share(of('ovarian'))).toBeGreaterThan(0.5);
    expect(of('ovarian').curve.censored.at(-1)).toBe(1);
    expect(of('three quarters').curve.survival).toContain(0.5);
    const nearly = of('half but for the last bit').curve.survival[5]! - 0.5;
    expect(nearly !== 0 && Math.abs(nearly) < 1e-15).toBe(true);
    const highs = of('aml').curve.high;
    expect(highs.some((high, index) => index > 0 && high! > highs[index - 1]!)).toBe(true);
    for (const asked of [0.1, 0.25, 0.5, 0.75, 0.9]) expect(of('aml').quantiles.share).toContain(asked);
  });

  it('name the command and the versions that made them', () => {
    expect(expected.made).toEqual({ by: 'Rscript test/figures/expected.R > test/figures/expected.json', R: expect.stringMatching(/^R version 4\./), survival: expect.stringMatching(/^3\./) });
  });
});

describe('the naive curve, with nothing planted', () => {
  it.each(Object.entries(CHECKS).filter(([name]) => !name.startsWith('a million')))('%s', (_, check) => check(naive()));

  it('agrees with the real one on any rows', () => {
    const shares = [0, 0.1, 0.25, 1 / 3, 0.5, 0.75, 0.9, 1];
    holds(someRows, (rows) => {
      const [one, other] = [kaplanMeier(rows), naive().kaplanMeier(rows)];
      for (const column of ['days', 'atRisk', 'events', 'censored', 'survival', 'standardError', 'low', 'high'] as const) close(one.steps.map((step) => step[column]), other.steps.map((step) => step[column]), column);
      expect(quantilesOf(one, shares)).toEqual(naive().quantilesOf(one, shares));
    });
  });
});

describe('a planted bug is found', () => {
  it.each(BUGS)('%s, by: %s', (bug, check, says) => {
    expect(() => CHECKS[check]!(naive(bug))).toThrow(says);
  });

  it('by every check there is', () => {
    expect([...new Set(BUGS.map(([, check]) => check))].sort()).toEqual(Object.keys(CHECKS).sort());
  });
});
