/** Customers told in a few words, what a figure says of them, and how checks and planted bugs stand beside each other. */
import fc from 'fast-check';
import { customer, type Interaction } from '../../src/customers/customer.js';
import type { FieldValue } from '../../src/customers/entry.js';
import { factsOf, type Facts } from '../../src/figures/facts.js';
import { outcomesOf, type Figure, type Mark, type Window } from '../../src/figures/figure.js';
import { DAY } from '../../src/kernel/calendar.js';
import { PRESETS, type Rules } from '../../src/rings/rules.js';
import { BASE, entry } from '../rings/histories.js';

export { BASE, DAY };
export const RULES: Rules = PRESETS['annual-contracts']!;
/** Days since the base, in UTC. */
export const day = (n: number): number => BASE + n * DAY;
export const days = (from: number, to: number): Window => ({ from: day(from), to: day(to) });

/** An entry on a day; the id names it in the answer. */
export const on = (n: number, id: string, kind: string, side: 'customer' | 'us', fields: Record<string, FieldValue> = {}, more: Partial<Interaction> = {}): Interaction => entry(id, kind, day(n), side, fields, more);
export const theirs = (n: number, id: string, kind: string, fields: Record<string, FieldValue> = {}, more: Partial<Interaction> = {}): Interaction => on(n, id, kind, 'customer', fields, more);
export const ours = (n: number, id: string, kind: string, fields: Record<string, FieldValue> = {}, more: Partial<Interaction> = {}): Interaction => on(n, id, kind, 'us', fields, more);

export interface Told {
  readonly team?: readonly string[];
  readonly firstOwner?: string;
}

export function factsFrom(entries: readonly Interaction[], { team = [], firstOwner }: Told = {}, id = 'c1'): Facts {
  const state = customer.initial(`customer-${id}`);
  Object.assign(state, { registered: true, team, firstOwner: firstOwner ?? null });
  for (const one of entries) state.interactions.set(one.id, one);
  return factsOf(state, RULES);
}

export type Context = Parameters<Figure['marks']>[2];
export const CONTEXT: Context = { rules: RULES, zone: 'UTC' };

/** What the figure says of these customers, by group: `2 of 3`, or the value and of how many. */
export function said(figure: Figure, customers: readonly (readonly Interaction[] | Facts)[], window: Window, context: Context = CONTEXT): Record<string, string> {
  const marks = customers.flatMap((one, index) => {
    const facts = 'spells' in one ? one : factsFrom(one, {}, `c${index}`);
    return figure.marks(facts, window, context).map((mark) => ({ ...mark, customer: `c${index}` }));
  });
  return Object.fromEntries(
    outcomesOf(figure, marks).map(({ group, above, below, value, n }) => {
      const number = value === null ? 'no value' : figure.shape === 'share' || figure.shape === 'ratio' ? `${above} of ${below}` : figure.shape === 'sum' ? String(value) : `${Number(value.toFixed(4))} of ${n}`;
      return [group ?? 'all', number];
    }),
  );
}

export const becauseOf = (figure: Figure, entries: readonly Interaction[], window: Window, context: Context = CONTEXT): string[][] => figure.marks(factsFrom(entries), window, context).map(({ because }) => [...because]);

// ---- checks and bugs --------------------------------------------------------------------------------------

/** Figures by name. */
export type Named = Readonly<Record<string, Figure>>;
export const named = (figures: readonly Figure[]): Named => Object.fromEntries(figures.map((figure) => [figure.name, figure]));

export function must(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}
export const same = (found: unknown, should: unknown, what: string): void => must(JSON.stringify(found) === JSON.stringify(should), `${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(should)}`);

const SEED = 20_260_301;
/** A planted bug need not be told in its smallest case, and is looked for longer. */
let shrinking = true;

/** Throws what the property throws, for the smallest case found. */
export function holds<Values>(property: fc.IPropertyWithHooks<Values>, numRuns: number): void {
  const { failed, errorInstance } = fc.check(property, { seed: SEED, numRuns: shrinking ? numRuns : 5 * numRuns, endOnFailure: !shrinking });
  if (failed) throw errorInstance;
}

type Ask = Parameters<Figure['marks']>;
/** The figure asked otherwise: other facts, another window, other rules. */
export const asking = (figure: Figure, change: (...ask: Ask) => Ask): Figure => ({ ...figure, marks: (...ask) => figure.marks(...change(...ask)) });
/** The figure with other marks. */
export const marking = (figure: Figure, change: (mark: Mark, ...ask: Ask) => Mark | undefined): Figure => ({ ...figure, marks: (...ask) => figure.marks(...ask).flatMap((mark) => change(mark, ...ask) ?? []) });
/** The figure of customers whose entries are told otherwise. */
export const hearing = (figure: Figure, change: (entry: Interaction, facts: Facts) => Interaction | undefined): Figure =>
  asking(figure, (facts, ...rest) => [{ ...facts, entries: facts.entries.flatMap((one) => change(one, facts) ?? []) }, ...rest]);

export type Checks<Subject> = Readonly<Record<string, (subject: Subject) => void>>;
export type Bugs<Subject> = readonly (readonly [bug: string, check: string, says: RegExp, planted: Partial<Subject>])[];

/** Every check holds, every planted bug turns its check red, and every check is turned red by one. */
export function proves<Subject extends object>(what: string, real: Subject, checks: Checks<Subject>, bugs: Bugs<Subject>): void {
  describe(what, () => {
    it.each(Object.entries(checks))('%s', (_, check) => check(real));
  });
  describe(`${what}: a planted bug is found`, () => {
    it.each(bugs)('%s, by: %s', (_bug, check, says, planted) => {
      shrinking = false;
      try {
        expect(() => checks[check]!({ ...real, ...planted })).toThrow(says);
      } finally {
        shrinking = true;
      }
    });
    it('by every check there is', () => {
      expect([...new Set(bugs.map(([, check]) => check))].sort()).toEqual(Object.keys(checks).sort());
    });
  });
}
