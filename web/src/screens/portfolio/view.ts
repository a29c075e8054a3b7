/** What the portfolio shows, as it stands in the address: links work, and going back brings back what was seen. Whatever else an address says is left out. */
import { RING_STATES, SORTS, type SortOrder } from '../../../../src/rings/portfolio.js';

export { RING_STATES, SORTS };
export type { SortOrder };

export const WHOSE = ['mine', 'all'] as const;
export type Whose = (typeof WHOSE)[number];

export interface View {
  readonly whose: Whose;
  readonly owner: string | null;
  readonly segment: string | null;
  /** `4:at risk`, a ring and how it stands. */
  readonly rings: readonly string[];
  readonly atRisk: boolean;
  /** The ring that is missing while a later one is lit. */
  readonly gap: number | null;
  readonly snoozed: boolean;
  readonly text: string;
  readonly sort: SortOrder;
  readonly reverse: boolean;
}

export const allOf = (whose: Whose): View => ({ whose, owner: null, segment: null, rings: [], atRisk: false, gap: null, snoozed: false, text: '', sort: 'attention', reverse: false });

const textIn = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : '');
const oneOf = <T extends string>(values: readonly T[], value: unknown, otherwise: T): T => values.find((one) => one === value) ?? otherwise;
const isRing = (one: string): boolean => /^[1-5]:/.test(one) && RING_STATES.some((state) => state === one.slice(2));

/** `usual`: whose customers this reader sees when the address does not say. */
export function viewIn(search: Readonly<Record<string, unknown>>, usual: Whose): View {
  const { whose, owner, segment, rings, atRisk, gap, snoozed, text, sort, reverse } = search;
  return {
    whose: oneOf(WHOSE, whose, usual),
    owner: /^[\w.-]{1,64}$/.test(textIn(owner)) ? textIn(owner) : null,
    segment: textIn(segment).slice(0, 100) || null,
    rings: [...new Set(textIn(rings).split(',').filter(isRing))],
    atRisk: atRisk === true,
    gap: [1, 2, 3, 4, 5].find((ring) => ring === gap) ?? null,
    snoozed: snoozed === true,
    text: textIn(text),
    sort: oneOf(SORTS, sort, 'attention'),
    reverse: reverse === true,
  };
}

/** What of it the address need say. */
export function searchOf(view: View, usual: Whose): Record<string, string | number | true> {
  const without = allOf(usual);
  return Object.fromEntries(Object.entries({ ...view, rings: view.rings.join(',') }).filter(([key, value]) => value !== '' && value !== null && value !== without[key as keyof View])) as Record<string, string | number | true>;
}

/** How many filters narrow it, without whose they are and what was typed. */
export const filtersIn = ({ owner, segment, rings, atRisk, gap, snoozed }: View): number => [owner !== null, segment !== null, rings.length > 0, atRisk, gap !== null, snoozed].filter(Boolean).length;
