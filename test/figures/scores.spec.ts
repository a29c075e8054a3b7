/** Shares, scores and plain quantiles against published examples and R. Beside them planted bugs turn the named check red. */
import fc from 'fast-check';
import { quantiles, wilson, type Share } from '../../src/figures/intervals.js';
import { deviateFor } from '../../src/figures/normal-deviate.js';
import { ces, csat, nps, npsCounts, type NpsCounts } from '../../src/figures/survey-scores.js';
import { close, expected } from './expected.js';

const SEED = 20_260_301;

interface Figures {
  readonly wilson: typeof wilson;
  readonly quantiles: typeof quantiles;
  readonly nps: typeof nps;
  readonly npsCounts: typeof npsCounts;
  readonly csat: typeof csat;
  readonly ces: typeof ces;
  readonly deviateFor: typeof deviateFor;
}
const real: Figures = { wilson, quantiles, nps, npsCounts, csat, ces, deviateFor };

/** R. G. Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven methods", Statistics in Medicine 17 (1998), 857-872, table I, method 3 (score, no continuity correction). */
const NEWCOMBE = [
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
] as const;

function must(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}
const same = (found: unknown, should: unknown, what: string): void => must(JSON.stringify(found) === JSON.stringify(should), `${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(should)}`);
const repeated = (counts: Readonly<Record<number, number>>): number[] => Object.entries(counts).flatMap(([answer, times]) => Array.from({ length: times }, () => Number(answer)));

const CHECKS: Readonly<Record<string, (figures: Figures) => void>> = {
  'Wilson: the table of Newcombe': (figures) => {
    for (const [k, n, low, high] of NEWCOMBE) {
      const found = figures.wilson(k, n)!;
      same([found.low.toFixed(4), found.high.toFixed(4)], [low.toFixed(4), high.toFixed(4)], `${k} of ${n}`);
    }
  },
  'Wilson: R at any confidence': (figures) => {
    for (const { k, n, confidence, limits } of expected.scores) {
      const found = figures.wilson(k, n, confidence)!;
      close([found.share, found.low, found.high], [k / n, ...limits], `${k} of ${n} at ${confidence}`);
    }
  },
  'Wilson: inside 0 and 1, around the share, and mirrored': (figures) => {
    const shares = fc.tuple(fc.nat(300), fc.nat(300)).map(([k, more]) => [k, k + more + 1] as const);
    const property = fc.property(shares, ([k, n]) => {
      const [one, other] = [figures.wilson(k, n)!, figures.wilson(n - k, n)!];
      must(one.low >= 0 && one.low <= one.share && one.share <= one.high && one.high <= 1, `${one.low} to ${one.high} around ${one.share}`);
      close([one.low, one.high], [1 - other.high, 1 - other.low], `${k} of ${n}, mirrored`);
      must((one.low === 0) === (k === 0) && (one.high === 1) === (k === n), `ends of ${k} of ${n}: ${one.low} to ${one.high}`);
    });
    const { failed, errorInstance } = fc.check(property, { seed: SEED, numRuns: 400 });
    if (failed) throw errorInstance;
  },
  'the normal distribution of R': (figures) => {
    close(expected.deviates.confidence.map((confidence) => figures.deviateFor(confidence)), expected.deviates.z, 'deviate');
  },
  // "if research shows that 30% of the responders is a promotor and 20% is a detractor, the NPS is +10": DELA, annual report 2018, annualreport2018.dela.nl/begrippenlijst/net-promotor-score
  'NPS: a published example': (figures) => {
    same(figures.nps({ promoters: 30, passives: 50, detractors: 20 }), { promoters: 30, passives: 50, detractors: 20, n: 100, score: 10 }, 'NPS');
    same(figures.nps({ promoters: 0, passives: 0, detractors: 4 })!.score, -100, 'only detractors');
    same(figures.nps({ promoters: 1, passives: 1, detractors: 1 })!.score, 0, 'as many of each');
  },
  // The same source: "a score between 0 and 10. The group of responders who give a mark of 0 to 6 are called detractors. The group marking a 9 or 10 are qualified as promoters, and the remainder (7 and 8) are considered passive-neutral."
  'NPS: who is what': (figures) => {
    const groups = Array.from({ length: 11 }, (_, answer) => Object.entries(figures.npsCounts([answer])).find(([, count]) => count === 1)?.[0]);
    same(groups, [...Array.from({ length: 7 }, () => 'detractors'), 'passives', 'passives', 'promoters', 'promoters'], 'groups');
    same(figures.npsCounts([10, 0, 7, 10, 6, 8]), { promoters: 2, passives: 2, detractors: 2 }, 'counts');
  },
  'CSAT: the share of 4 and 5, as any share': (figures) => {
    same(figures.csat(repeated({ 1: 8, 2: 5, 3: 8, 4: 3, 5: 1 })), wilson(4, 25), '4 of 25');
  },
  'CES: the mean, and of how many': (figures) => {
    same(figures.ces([1, 7, 7, 6]), { n: 4, mean: 5.25 }, 'CES');
  },
  'quantiles: type 7 of R': (figures) => {
    for (const { values, share, type7 } of expected.plain) {
      const given = [...values];
      close(figures.quantiles(given, share)!, type7, `quantiles of ${values.length}`);
      same(given, values, 'the values stay in their order');
    }
  },
  'of nothing there is no figure': (figures) => {
    const none: NpsCounts = { promoters: 0, passives: 0, detractors: 0 };
    same([figures.wilson(0, 0), figures.nps(none), figures.csat([]), figures.ces([]), figures.quantiles([], [0.5])], [null, null, null, null, null], 'figures of nothing');
  },
  'what is off the scale is refused': (figures) => {
    const odd: Readonly<Record<string, () => unknown>> = {
      '3 of 2': () => figures.wilson(3, 2),
      '-1 of 2': () => figures.wilson(-1, 2),
      'half of 2': () => figures.wilson(0.5, 2),
      '0 of NaN': () => figures.wilson(0, NaN),
      'confidence 1': () => figures.wilson(1, 2, 1),
      'nps 11': () => figures.npsCounts([11]),
      'nps -1': () => figures.npsCounts([-1]),
      'nps 8.5': () => figures.npsCounts([8.5]),
      '-1 promoters': () => figures.nps({ promoters: -1, passives: 0, detractors: 3 }),
      'csat 0': () => figures.csat([0]),
      'csat 6': () => figures.csat([6]),
      'ces 0': () => figures.ces([0]),
      'ces 8': () => figures.ces([8]),
      'a quantile of NaN': () => figures.quantiles([1, NaN], [0.5]),
      'a quantile of Infinity': () => figures.quantiles([1, Infinity], [0.5]),
      'a quantile at 50': () => figures.quantiles([1], [50]),
    };
    for (const [what, ask] of Object.entries(odd)) {
      let answer: unknown;
      try {
        answer = ask();
      } catch (error) {
        must(error instanceof RangeError, `${what}: ${String(error)}`);
        continue;
      }
      throw new Error(`${what} must be refused, not: ${JSON.stringify(answer)}`);
    }
  },
};

// ---- planted bugs -----------------------------------------------------------------------------------------

/** A share whose limits are computed otherwise. */
const limited = (limits: (share: number, n: number, z: number) => readonly [number, number]): Partial<Figures> => ({
  wilson: (k, n, confidence = 0.95): Share | null => {
    const share = wilson(k, n, confidence);
    if (share === null) return null;
    const [low, high] = limits(share.share, n, deviateFor(confidence));
    return { ...share, low, high };
  },
});
const wald = limited((p, n, z) => [p - z * Math.sqrt((p * (1 - p)) / n), p + z * Math.sqrt((p * (1 - p)) / n)]);
const agrestiCoull = limited((share, n, z) => {
  const p = (share * n + (z * z) / 2) / (n + z * z);
  const half = z * Math.sqrt((p * (1 - p)) / (n + z * z));
  return [Math.max(0, p - half), Math.min(1, p + half)];
});
const atTheEnds = limited((p, n, z) => {
  const [middle, half, scale] = [p + (z * z) / (2 * n), z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n)), 1 + (z * z) / n];
  return [(middle - half) / scale, (middle + half) / scale];
});
const scored = (score: (counts: NpsCounts, n: number) => number): Partial<Figures> => ({ nps: (counts) => (nps(counts) === null ? null : { ...nps(counts)!, score: score(counts, nps(counts)!.n) }) });
const grouped = (change: (answer: number) => number): Partial<Figures> => ({ npsCounts: (answers) => npsCounts([...answers].map(change)) });
/** The value at one place of the ordered ones. */
const picked = (place: (n: number, share: number) => number): Partial<Figures> => ({ quantiles: (values, shares) => (quantiles(values, shares) === null ? null : shares.map((share) => [...values].sort((a, b) => a - b)[place(values.length, share)]!)) });

const BUGS: readonly [bug: string, check: string, says: RegExp, planted: Partial<Figures>][] = [
  ['the interval of Wald', 'Wilson: the table of Newcombe', /81 of 263/, wald],
  ['the interval of Wald', 'Wilson: inside 0 and 1, around the share, and mirrored', /around/, wald],
  ['the interval of Agresti and Coull', 'Wilson: the table of Newcombe', /81 of 263/, agrestiCoull],
  ['95 % whatever was asked', 'Wilson: R at any confidence', /4 of 25 at 0.8/, { wilson: (k, n) => wilson(k, n) }],
  ['ends that miss by the last bit', 'Wilson: inside 0 and 1, around the share, and mirrored', /around|ends of/, atTheEnds],
  ['1.96 in place of the deviate', 'the normal distribution of R', /deviate\[6\]: 1.96 /, { deviateFor: (confidence) => (confidence === 0.95 ? 1.96 : deviateFor(confidence)) }],
  ['one side of the distribution', 'the normal distribution of R', /deviate/, { deviateFor: (confidence) => deviateFor(Math.max(1e-9, 2 * confidence - 1)) }],
  ['of promoters and detractors only', 'NPS: a published example', /"score":20/, scored(({ promoters, detractors }) => (100 * (promoters - detractors)) / Math.max(1, promoters + detractors))],
  ['promoters only', 'NPS: a published example', /"score":30/, scored(({ promoters }, n) => (100 * promoters) / n)],
  ['a share in place of points', 'NPS: a published example', /"score":0.1/, scored(({ promoters, detractors }, n) => (promoters - detractors) / n)],
  ['8 is a promoter', 'NPS: who is what', /groups/, grouped((answer) => (answer === 8 ? 9 : answer))],
  ['6 is passive', 'NPS: who is what', /groups/, grouped((answer) => (answer === 6 ? 7 : answer))],
  ['0 is no answer', 'NPS: who is what', /groups: \[null,/, { npsCounts: (answers) => npsCounts([...answers].filter((answer) => answer !== 0)) }],
  ['3 satisfies', 'CSAT: the share of 4 and 5, as any share', /4 of 25/, { csat: (answers) => csat([...answers].map((answer) => (answer === 3 ? 4 : answer))) }],
  ['only 5 satisfies', 'CSAT: the share of 4 and 5, as any share', /4 of 25/, { csat: (answers) => csat([...answers].map((answer) => (answer === 4 ? 3 : answer))) }],
  ['1 is easy', 'CES: the mean, and of how many', /"mean":2.75/, { ces: (answers) => ces([...answers].map((answer) => 8 - answer)) }],
  ['the nearest value', 'quantiles: type 7 of R', /quantiles of 11/, picked((n, share) => Math.max(0, Math.ceil(n * share) - 1))],
  ['the values sorted as text', 'quantiles: type 7 of R', /quantiles of 11/, { quantiles: (values, shares) => (values.length === 0 ? null : shares.map((share) => [...values].map(String).sort().map(Number)[Math.round((values.length - 1) * share)]!)) }],
  ['the values sorted in place', 'quantiles: type 7 of R', /stay in their order/, { quantiles: (values, shares) => quantiles((values as number[]).sort((a, b) => a - b), shares) }],
  ['0 of nothing', 'of nothing there is no figure', /"share":0/, { wilson: (k, n) => wilson(k, n) ?? { k, n, share: 0, low: 0, high: 1 } }],
  ['a score of nothing', 'of nothing there is no figure', /"score":0/, { nps: (counts) => nps(counts) ?? { ...counts, n: 0, score: 0 } }],
  ['more than all', 'what is off the scale is refused', /3 of 2 must be refused/, { wilson: (k, n, confidence) => wilson(Math.min(k, n), n, confidence) }],
  ['off the scale is cut to it', 'what is off the scale is refused', /nps 11 must be refused/, { npsCounts: (answers) => npsCounts([...answers].map((answer) => Math.min(10, answer))) }],
];

describe('the figures', () => {
  it.each(Object.entries(CHECKS))('%s', (_, check) => check(real));
});

describe('a planted bug is found', () => {
  it.each(BUGS)('%s, by: %s', (_bug, check, says, planted) => {
    expect(() => CHECKS[check]!({ ...real, ...planted })).toThrow(says);
  });

  it('by every check there is', () => {
    expect([...new Set(BUGS.map(([, check]) => check))].sort()).toEqual(Object.keys(CHECKS).sort());
  });
});
