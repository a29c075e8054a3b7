/** Why a customer needs attention now, the gravest reason first. */
import type { Standing } from './journey.js';
import { RING_NAMES } from './rules.js';

export interface Reason {
  readonly reason: 'severe issue open' | 'ring at risk' | 'silent' | 'gap' | 'step overdue';
  readonly says: string;
  /** Since when; epoch ms. */
  readonly since: number;
}

export interface Pending {
  /** Due instants of planned steps. */
  readonly steps: readonly number[];
  /** When each severe issue was opened. */
  readonly severe: readonly number[];
}

const ORDER: readonly Reason['reason'][] = ['severe issue open', 'ring at risk', 'silent', 'gap', 'step overdue'];

export function reasonsFor(standing: Standing, pending: Pending): Reason[] {
  const reasons: Reason[] = [];
  if (pending.severe.length > 0) reasons.push({ reason: 'severe issue open', says: pending.severe.length === 1 ? 'A severe issue is open' : `${pending.severe.length} severe issues are open`, since: Math.min(...pending.severe) });
  for (const ring of standing.rings) {
    const name = RING_NAMES[ring.ring];
    if (ring.state === 'at risk') reasons.push({ reason: 'ring at risk', says: `${name} would go out: ${ring.cause}`, since: ring.atRiskFrom ?? standing.at });
    else if (ring.ring === 1 && ring.state === 'out' && standing.lit.includes(2)) reasons.push({ reason: 'silent', says: 'A customer we do not hear from', since: ring.since });
    else if (standing.gaps.includes(ring.ring)) {
      const laterSince = standing.rings.flatMap((later) => (later.ring > ring.ring && (later.state === 'lit' || later.state === 'at risk') ? [later.since] : []));
      reasons.push({ reason: 'gap', says: `${name} is missing while a later ring is lit`, since: Math.max(Math.min(...laterSince), ring.state === 'out' ? ring.since : -Infinity) });
    }
  }
  const overdue = pending.steps.filter((due) => due < standing.at);
  if (overdue.length > 0) reasons.push({ reason: 'step overdue', says: overdue.length === 1 ? 'A planned step is overdue' : `${overdue.length} planned steps are overdue`, since: Math.min(...overdue) });
  return reasons.sort((a, b) => ORDER.indexOf(a.reason) - ORDER.indexOf(b.reason) || a.since - b.since);
}

/** Gravest first; those without a reason last. */
export function byAttention(a: readonly Reason[], b: readonly Reason[]): number {
  const rank = (reasons: readonly Reason[]): number => (reasons.length === 0 ? ORDER.length : ORDER.indexOf(reasons[0]!.reason));
  return rank(a) - rank(b) || b.length - a.length || (a[0]?.since ?? 0) - (b[0]?.since ?? 0);
}
