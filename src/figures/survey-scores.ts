/** What answers to the three survey questions add up to. Without answers there is no figure: null, never 0. */
import { wilson, type Share } from './intervals.js';

export interface NpsCounts {
  /** Answers of 9 and 10. */
  readonly promoters: number;
  /** 7 and 8. */
  readonly passives: number;
  /** 0 to 6. */
  readonly detractors: number;
}

export interface Nps extends NpsCounts {
  readonly n: number;
  /** -100 to 100, not rounded. */
  readonly score: number;
}

function whole(score: number, from: number, to: number, what: string): void {
  if (!Number.isInteger(score) || score < from || score > to) throw new RangeError(`${what} is a whole number from ${from} to ${to}, not ${score}`);
}

/** Which answers are which. Throws a RangeError for an answer that is not a whole number from 0 to 10. */
export function npsCounts(answers: Iterable<number>): NpsCounts {
  const counts = { promoters: 0, passives: 0, detractors: 0 };
  for (const answer of answers) {
    whole(answer, 0, 10, 'nps');
    counts[answer >= 9 ? 'promoters' : answer >= 7 ? 'passives' : 'detractors'] += 1;
  }
  return counts;
}

/**
 * Percentage of promoters less percentage of detractors, of all who answered: F. F. Reichheld, "The One Number You Need to
 * Grow", Harvard Business Review 81/12 (2003). Null without answers. Throws a RangeError for counts that are not whole
 * numbers from 0 on.
 */
export function nps({ promoters, passives, detractors }: NpsCounts): Nps | null {
  for (const count of [promoters, passives, detractors]) whole(count, 0, Number.MAX_SAFE_INTEGER, 'a count');
  const n = promoters + passives + detractors;
  return n === 0 ? null : { promoters, passives, detractors, n, score: (100 * (promoters - detractors)) / n };
}

/** The share of answers of 4 or 5, on the scale 1 to 5, with its Wilson interval. Throws a RangeError off the scale. */
export function csat(answers: Iterable<number>): Share | null {
  let [satisfied, n] = [0, 0];
  for (const answer of answers) {
    whole(answer, 1, 5, 'csat');
    n += 1;
    satisfied += Number(answer >= 4);
  }
  return wilson(satisfied, n);
}

/** The mean of answers on the scale 1 to 7, where high is easy. Throws a RangeError off the scale. */
export function ces(answers: Iterable<number>): { readonly n: number; readonly mean: number } | null {
  let [sum, n] = [0, 0];
  for (const answer of answers) {
    whole(answer, 1, 7, 'ces');
    n += 1;
    sum += answer;
  }
  return n === 0 ? null : { n, mean: sum / n };
}
