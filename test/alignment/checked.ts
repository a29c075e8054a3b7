/** What a check says of customers told in a few words. */
import { DEFAULTS, type Settings } from '../../src/access/settings.js';
import { Ours, type Enablement, type Launch } from '../../src/alignment/campaigns.js';
import type { Grounds } from '../../src/alignment/detectors.js';
import type { Interaction } from '../../src/customers/customer.js';
import { before, Counter, type Check, type Finding, type Verdict } from '../../src/figures/checking.js';
import type { Facts } from '../../src/figures/facts.js';
import type { Window } from '../../src/figures/figure.js';
import { day, factsFrom, RULES } from '../figures/told.js';

export interface Told {
  readonly launches?: readonly Partial<Launch>[];
  readonly enablements?: readonly Enablement[];
  readonly thresholds?: Partial<Settings>;
  /** What statements say, by entry; left out: erased. */
  readonly said?: Readonly<Record<string, string>>;
}

export const enabled = (colleague: string, offering: string, n: number): Enablement => ({ entry: `${colleague}-${offering}`, colleague, offering, at: day(n) });

export function grounds({ launches = [], enablements = [], thresholds = {}, said = {} }: Told = {}): Grounds {
  const launched = launches.map((one): Launch => ({ entry: `launch-${one.campaign}`, campaign: 'spring', at: day(-100), claims: [], needTags: [], offering: null, callToAction: null, audienceRoles: [], ...one }));
  return { rules: RULES, zone: 'UTC', thresholds: { ...DEFAULTS, ...thresholds }, ours: new Ours(launched, enablements), said: (_customer, { id }) => said[id] ?? null };
}

export interface In {
  readonly segment?: string;
  readonly entries: readonly Interaction[];
}

const factsOf = (one: readonly Interaction[] | In, index: number): Facts => {
  const { segment, entries } = Array.isArray(one) ? { segment: undefined, entries: one as readonly Interaction[] } : (one as In);
  return { ...factsFrom(entries, {}, `c${index}`), segment: segment ?? null };
};

export function verdictOf<Context>(check: Check<Context>, customers: readonly (readonly Interaction[] | In)[], window: Window, context: Context): Verdict {
  const counter = new Counter(check, context);
  for (const [index, one] of customers.entries()) counter.add(check.look(before(factsOf(one, index), window.to), window, context));
  return counter.verdict();
}

/** "fires: 2 of 3; needs in 1", a line for the whole and, with `parts`, for each group. */
export function told<Context>(check: Check<Context>, customers: readonly (readonly Interaction[] | In)[], window: Window, context: Context): string {
  const { answer, off, n, missing } = verdictOf(check, customers, window, context);
  return [`${answer}: ${off} of ${n}`, ...missing.map(({ what, records }) => `${what} in ${records}`)].join('; ');
}

export const parts = <Context>(check: Check<Context>, customers: readonly (readonly Interaction[] | In)[], window: Window, context: Context): Record<string, string> =>
  Object.fromEntries(verdictOf(check, customers, window, context).groups.map(({ group, answer, says }) => [group, `${answer}: ${says}`]));

/** What was found at one customer: "off because a b". */
export const found = <Context>(check: Check<Context>, entries: readonly Interaction[], window: Window, context: Context): string[] =>
  check.look(before(factsOf(entries, 0), window.to), window, context).map(({ found: what, missing, because, says }: Finding) => `${what}${missing === undefined ? '' : ` (${missing})`} because ${because.join(' ')}${says === undefined ? '' : `: ${says}`}`);

/** The check of customers whose entries are told otherwise. */
export const hearing = <Context>(check: Check<Context>, change: (entry: Interaction) => Interaction | undefined): Check<Context> => ({ ...check, look: (facts, ...rest) => check.look({ ...facts, entries: facts.entries.flatMap((one) => change(one) ?? []) }, ...rest) });
/** The check with other findings. */
export const finding = <Context>(check: Check<Context>, change: (one: Finding) => Finding | undefined): Check<Context> => ({ ...check, look: (...ask) => check.look(...ask).flatMap((one) => change(one) ?? []) });
