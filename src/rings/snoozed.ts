/** What a snooze hides. It covers the reasons that stood, and were on record, when it was set. Pure. */
import type { Snooze, Snoozes } from '../customers/snooze.js';
import type { Days } from '../kernel/days.js';
import { rankOf, reasonsFor, type Reason } from './attention.js';
import type { Facts } from './attention-facts.js';
import type { Journey, Standing } from './journey.js';
import type { Rules } from './rules.js';
import { standingOf } from './standing.js';

export interface Attention {
  /** The reasons that ask for attention now, gravest first. */
  readonly reasons: readonly Reason[];
  /** Those that are snoozed. */
  readonly covered: readonly Reason[];
  /** Snoozes in force, the one for all first. */
  readonly snoozes: readonly Snooze[];
  /** A snooze for all is in force, and something came up since that is as grave as what it covers. */
  readonly broughtBack: boolean;
}

/** Began by the time the snooze was set, and by what was recorded then. */
function covers({ at, only, revision }: Snooze, reason: Reason, { cited }: Facts): boolean {
  if (only !== undefined && only !== reason.reason) return false;
  return reason.newest <= at && reason.because.every((id) => (cited[id]?.[1] ?? -1) < revision);
}

/** `reasons` gravest first. */
export function attentionOf(reasons: readonly Reason[], all: Snoozes | readonly Snooze[], facts: Facts, at: number): Attention {
  const snoozes = [...all.values()].filter((snooze) => snooze.at <= at && at < snooze.until).sort((a, b) => ((a.only ?? '') < (b.only ?? '') ? -1 : 1));
  const own = snoozes.filter(({ only }) => only !== undefined);
  const ofAll = snoozes.find(({ only }) => only === undefined);
  const coveredBy = (some: readonly Snooze[]) => (reason: Reason): boolean => some.some((snooze) => covers(snooze, reason, facts));
  const open = reasons.filter((reason) => !coveredBy(own)(reason));
  if (ofAll === undefined) return { reasons: open, covered: reasons.filter(coveredBy(own)), snoozes, broughtBack: false };
  const gravest = reasons.find(coveredBy([ofAll]));
  const isBack = open.some((reason) => !covers(ofAll, reason, facts) && (gravest === undefined || rankOf(reason) <= rankOf(gravest)));
  return isBack ? { reasons: open, covered: reasons.filter(coveredBy(own)), snoozes, broughtBack: true } : { reasons: [], covered: reasons, snoozes, broughtBack: false };
}

/** What the portfolio's row holds of a customer. */
export interface Held {
  readonly journey: Journey;
  readonly facts: Facts;
  readonly snoozes: readonly Snooze[];
}

/** How a customer stands, and what asks for attention, at an instant at or after the last of its entries. */
export function heldAt<T extends Held>(row: T, rules: Rules, at: number, days: Days): { readonly row: T; readonly standing: Standing; readonly attention: Attention } {
  const standing = standingOf(row.journey, rules, at);
  return { row, standing, attention: attentionOf(reasonsFor(row.journey, standing, row.facts, rules, days), row.snoozes, row.facts, at) };
}
