/** Shares with their interval, and quantiles of plain numbers. Of nothing there is no figure: null, never 0. */
import { deviateFor } from './normal-deviate.js';

/** `k` of `n`, as a share between 0 and 1 with its limits. */
export interface Share {
  readonly k: number;
  readonly n: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/**
 * `k` of `n` with the score interval of E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical
 * Inference", JASA 22 (1927), 209-212, without continuity correction (method 3 of R. G. Newcombe, Statistics in Medicine 17
 * (1998), 857-872). Null when n is 0. Throws a RangeError unless k and n are whole numbers with 0 ≤ k ≤ n and confidence
 * lies between 0 and 1.
 */
export function wilson(k: number, n: number, confidence = 0.95): Share | null {
  if (!Number.isSafeInteger(n) || !Number.isSafeInteger(k) || k < 0 || k > n) throw new RangeError(`k of n are whole numbers with 0 ≤ k ≤ n, not ${k} of ${n}`);
  const z = deviateFor(confidence);
  if (n === 0) return null;
  const share = k / n;
  const z2 = z * z;
  const middle = share + z2 / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  const scale = 1 + z2 / n;
  // At the ends the limit is exact; computed, it would miss by the last bit.
  return { k, n, share, low: k === 0 ? 0 : (middle - half) / scale, high: k === n ? 1 : (middle + half) / scale };
}

/**
 * Quantiles of the values, for shares between 0 and 1, in the unit of the values: type 7 of R. J. Hyndman and Y. Fan,
 * "Sample Quantiles in Statistical Packages", American Statistician 50 (1996), 361-365, which R and spreadsheets use
 * (linear between the order statistics; the median is the usual one). Null without values.
 * Throws a RangeError for a value that is not finite and a share outside 0 to 1.
 */
export function quantiles(values: readonly number[], shares: readonly number[]): number[] | null {
  const ordered = Float64Array.from(values).sort();
  const odd = ordered.find((value) => !Number.isFinite(value));
  if (odd !== undefined) throw new RangeError(`a quantile is of finite numbers, not of ${odd}`);
  const read = shares.map((share) => {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`a share lies between 0 and 1, not at ${share}`);
    const place = (ordered.length - 1) * share;
    const before = Math.floor(place);
    const [low, high] = [ordered[before]!, ordered[Math.ceil(place)]!];
    return low === high ? low : low + (place - before) * (high - low);
  });
  return ordered.length === 0 ? null : read;
}
