/**
 * What a figure is: a pure function that says, customer by customer, what stands above and below its line in a window, and
 * because of which entries. One definition is served to API, CLI and docs.
 */
import type { Rules } from '../rings/rules.js';
import type { Facts } from './facts.js';
import { quantiles as quantilesOf, wilson } from './intervals.js';
import { kaplanMeier, quantilesOf as curveQuantiles, type Curve } from './kaplan-meier.js';

/** Half-open [from, to) in epoch ms; `to` is the instant the figure speaks of (asOf). */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** What one customer brings to a figure. */
export interface Mark {
  /** Currency, cause, kind, quarter …: figures with groups have a value for each. */
  readonly group?: string;
  readonly above: number;
  readonly below: number;
  /** Of a curve: days until the event (`above` 1) or until we stopped looking (0). Of quantiles: the value. */
  readonly days?: number;
  /** Of a curve: the customer had it before the clock began; counted apart. */
  readonly already?: true;
  /** The customer it speaks of, when another's entries made it. */
  readonly subject?: string;
  /** Ids of the entries that put it there. */
  readonly because: readonly string[];
}

/**
 * share: above of below, in whole things, with an interval (Wilson, 95 %) · ratio: sum over sum, of money · sum: of `above` ·
 * mean: sum over count · points: 100 × sum over count, from -100 to 100 · curve: Kaplan-Meier in days · quantiles: of `days`.
 */
export type Shape = 'share' | 'ratio' | 'sum' | 'mean' | 'points' | 'curve' | 'quantiles';

/** A window of a hundred years: no business has a longer memory. */
export const ALL_TIME = 36_500;

export interface Figure {
  /** Kebab-case, for URLs. */
  readonly name: string;
  readonly title: string;
  readonly topic: string;
  /** Raised whenever the meaning changes, so that a kept value can say why it differs. */
  readonly version: number;
  /** What it tells, in a sentence. */
  readonly says: string;
  /** What is above and what is below the line, or what is summed. */
  readonly formula: string;
  /** Where the definition comes from. */
  readonly source: string;
  readonly shape: Shape;
  readonly unit: 'share' | 'money' | 'customers' | 'entries' | 'days' | 'points' | 'grade';
  /** What a group is; left out where there is one value only. */
  readonly groups?: string;
  /** Its groups are departments of ours. */
  readonly byDepartment?: true;
  /** Days of the window when none is asked for; null: it speaks of one instant; ALL_TIME: of everything so far. */
  readonly window: number | null;
  /** It is shown when at least one entry of one of these kinds is known; empty: always. */
  readonly needs: readonly string[];
  /** Of all customers, also those with nothing to say (no marks). `zone` decides days and quarters. */
  marks(facts: Facts, window: Window, context: { readonly rules: Rules; readonly zone: string }): readonly Mark[];
  /** Puts the marks of several customers together that speak of the same one; left out where each speaks of itself. */
  settle?(marks: readonly OwnedMark[]): readonly OwnedMark[];
}

export interface OwnedMark extends Mark {
  readonly customer: string;
}

export interface Outcome {
  readonly group: string | null;
  /** How many stand below the line: of shares and means what is counted, of money the customers. */
  readonly n: number;
  readonly above: number;
  readonly below: number;
  /** Null when nothing stands below the line: never 0. */
  readonly value: number | null;
  readonly low?: number;
  readonly high?: number;
  readonly curve?: Curve;
  readonly quantiles?: readonly { readonly share: number; readonly days: number | null; readonly low?: number | null; readonly high?: number | null }[];
  readonly already?: number;
}

export const SHARES: readonly number[] = [0.1, 0.25, 0.5, 0.75, 0.9];

/** Takes marks one customer after the other and keeps no more of them than the value needs. */
class Sum {
  private above = 0;
  private below = 0;
  private customers = 0;
  private last: string | undefined;
  private already = 0;
  private readonly days: number[] = [];
  private readonly happened: boolean[] = [];

  constructor(private readonly shape: Shape) {}

  add({ above, below, days = 0, already, customer, subject }: OwnedMark): void {
    this.above += above;
    this.below += below;
    const whose = subject ?? customer;
    if (whose !== this.last) this.customers += 1;
    this.last = whose;
    if (already === true) this.already += 1;
    else if (this.shape === 'curve' || this.shape === 'quantiles') {
      this.days.push(days);
      this.happened.push(above === 1);
    }
  }

  outcome(group: string | null): Outcome {
    const { above, below, customers } = this;
    const base = { group, above, below };
    const divided = below === 0 ? null : above / below;
    switch (this.shape) {
      case 'share': {
        const share = wilson(above, below);
        return { ...base, n: below, value: share?.share ?? null, ...(share !== null && { low: share.low, high: share.high }) };
      }
      case 'ratio':
        return { ...base, n: customers, value: divided };
      case 'sum':
        return { ...base, n: customers, value: above };
      case 'mean':
        return { ...base, n: below, value: divided };
      case 'points':
        return { ...base, n: below, value: divided === null ? null : (100 * above) / below };
      case 'curve': {
        const curve = kaplanMeier(this.days.map((days, i) => ({ days, event: this.happened[i]! })));
        const quantiles = curveQuantiles(curve, SHARES);
        return { ...base, n: this.days.length, value: quantiles.find(({ share }) => share === 0.5)?.days ?? null, curve, quantiles, already: this.already };
      }
      case 'quantiles': {
        const found = quantilesOf(this.days, SHARES);
        return { ...base, n: this.days.length, value: found?.[SHARES.indexOf(0.5)] ?? null, quantiles: SHARES.map((share, i) => ({ share, days: found?.[i] ?? null })) };
      }
    }
  }
}

type Summed = Pick<Figure, 'shape' | 'groups' | 'settle'>;

/** Adds up the marks of a figure as they come, customer by customer. */
export class Tally {
  private readonly sums = new Map<string, Sum>();
  /** Kept only where marks of several customers speak of one. */
  private readonly unsettled: OwnedMark[] = [];

  constructor(private readonly figure: Summed) {}

  add(mark: OwnedMark): void {
    if (this.figure.settle === undefined) this.sum(mark);
    else this.unsettled.push(mark);
  }

  /** One value for each group, by name; without groups exactly one. */
  outcomes(): Outcome[] {
    for (const mark of this.figure.settle?.(this.unsettled) ?? []) this.sum(mark);
    this.unsettled.length = 0;
    if (this.figure.groups === undefined) return [(this.sums.get('') ?? new Sum(this.figure.shape)).outcome(null)];
    return [...this.sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([group, sum]) => sum.outcome(group));
  }

  private sum(mark: OwnedMark): void {
    const group = this.figure.groups === undefined ? '' : (mark.group ?? '');
    let sum = this.sums.get(group);
    if (sum === undefined) this.sums.set(group, (sum = new Sum(this.figure.shape)));
    sum.add(mark);
  }
}

/** The values of a figure from the marks of all customers, each customer's in a row. */
export function outcomesOf(figure: Summed, marks: readonly OwnedMark[]): Outcome[] {
  const tally = new Tally(figure);
  for (const mark of marks) tally.add(mark);
  return tally.outcomes();
}
