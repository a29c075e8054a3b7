/** What a journey is: the spells of each ring, and how it stands at an instant. */
import type { Ring } from './rules.js';

export type Cause =
  | 'dormant' | 'closed with thanks'
  | 'expired' | 'cancelled' | 'refunded'
  | 'no longer a customer' | 'value not seen' | 'promise missed' | 'champion lost'
  | 'lapsed' | 'consent withdrawn' | 'detractor' | 'person left';

/** A maximal interval [from, to) in which a ring was lit. Instants in epoch ms. */
export interface Spell {
  readonly ring: Ring;
  readonly from: number;
  /** Null when it would never end if nothing more happened. */
  readonly to: number | null;
  /** Ids of the entries that lit it, and of those whose happening or running out ends it; ascending. */
  readonly openedBy: readonly string[];
  readonly closedBy: readonly string[];
  /** Why it ends; null when `to` is. */
  readonly cause: Cause | null;
  /** From when on it is at risk of ending; null when it never would end. */
  readonly atRiskFrom: number | null;
  /** Lit throughout by silence alone (ring 4), or by acts for which something was given alone (ring 5). */
  readonly marked?: 'tacit' | 'incentivised';
}

/** What one pass over the entries gives; `standingOf` reads it for any instant after the last of them. */
export interface Journey {
  /** By ring, then from. */
  readonly spells: readonly Spell[];
  /** Per ring the first instant at which an entry of a kind that could light it happened; null when there is none. */
  readonly seen: Readonly<Record<Ring, number | null>>;
  /** When each term counts; `end` is its own or, going on by silence, its first; `until` when it stops being in force. */
  readonly terms: readonly { readonly id: string; readonly start: number; readonly from: number; readonly end: number; readonly until: number | null; readonly period: number | null; readonly follows: boolean }[];
  /** Severe issues still open. */
  readonly severe: readonly { readonly id: string; readonly since: number }[];
}

export type RingState =
  | { readonly ring: Ring; readonly state: 'nothing recorded'; readonly wouldLight: readonly string[] }
  | { readonly ring: Ring; readonly state: 'not reached' }
  | { readonly ring: Ring; readonly state: 'not due'; readonly before: number }
  | { readonly ring: Ring; readonly state: 'lit' | 'at risk'; readonly since: number; readonly until: number | null; readonly atRiskFrom: number | null; readonly cause: Cause | null; readonly because: readonly string[]; readonly marked?: Spell['marked'] }
  | { readonly ring: Ring; readonly state: 'out'; readonly since: number; readonly cause: Cause; readonly because: readonly string[] };

export interface Standing {
  /** The instant it speaks of. */
  readonly at: number;
  readonly rings: readonly RingState[];
  readonly lit: readonly Ring[];
  /** Consecutive lit rings from ring 1. */
  readonly depth: number;
  /** Rings out and due while a later one is lit. */
  readonly gaps: readonly Ring[];
  readonly label: 'prospect' | 'customer' | 'former customer';
  /** Ids of open severe issues: no asks while there are any. Darkens nothing. */
  readonly pausedForAsks: readonly string[];
  /** A following term already bought, lit from then on. */
  readonly renewedAhead: number | null;
}
