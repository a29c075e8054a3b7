/** A figure as somebody saw it, kept to be opened again: what was asked, what came out, and the digest of its evidence. */
import type { Aggregate, Decided } from '../kernel/aggregate.js';
import type { Outcome } from './figure.js';

/** Everything that the answer depends on, beside the log itself. */
export interface Asked {
  readonly figure: string;
  /** Version of the figure's definition. */
  readonly definition: number;
  readonly rulesVersion: string;
  readonly asOf: number;
  /** Place in the log up to which it was known; null when nothing was. */
  readonly asKnown: string | null;
  /** Days of the window; null for a figure of one instant. */
  readonly window: number | null;
  readonly filter: { readonly segment?: string; readonly origin?: string; readonly owner?: string; readonly department?: string };
  readonly offering: string | null;
}

export interface Kept {
  readonly asked: Asked;
  /** Curves are left out: their evidence says the same. */
  readonly outcomes: readonly Omit<Outcome, 'curve'>[];
  readonly digest: string;
  readonly label: string;
}

export type KeptEvent = Decided<'FigureKept', Kept>;
export interface KeepFigure {
  readonly type: 'KeepFigure';
  readonly kept: Kept;
}

export interface KeptState {
  kept: Kept | null;
}

export const keptStream = (id: string): string => `kept-${id}`;

export const keptFigure: Aggregate<KeepFigure, KeptEvent, KeptState> = {
  name: 'kept-figure',
  initial: () => ({ kept: null }),
  decide: ({ kept }, state) => (state.kept === null ? [{ type: 'FigureKept', data: kept }] : []),
  evolve: (_state, { data }) => ({ kept: data }),
  personal: () => [],
};
