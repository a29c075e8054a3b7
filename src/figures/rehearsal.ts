/**
 * A rehearsal of rules: every customer once by the rules in force and once by a draft, side by side. Pure; nothing of it is
 * kept. By causality (docs/rings.md) one fold of all entries tells every earlier instant too.
 */
import type { CustomerState } from '../customers/customer.js';
import type { RingState, Spell } from '../rings/journey.js';
import { RINGS, type Ring, type Rules } from '../rings/rules.js';
import { standingOf } from '../rings/standing.js';
import { factsOf, litAt, litSetAt, type Facts } from './facts.js';
import { Tally, type Figure, type Outcome } from './figure.js';
import { windowTo } from './ask.js';

/** A customer that would stand otherwise now. */
export interface Change {
  readonly customer: string;
  readonly before: readonly Ring[];
  readonly after: readonly Ring[];
  /** Rings that stand otherwise, lit or not. */
  readonly rings: readonly { readonly ring: Ring; readonly before: RingState['state']; readonly after: RingState['state'] }[];
}

/** At the end of a stretch of time: how many customers have what lit, and how many rings went out in it. */
export interface Point {
  at: number;
  customers: number;
  advocates: number;
  readonly lit: Record<Ring, number>;
  readonly lost: Record<Ring, number>;
}

export interface Rehearsed {
  readonly changes: readonly Change[];
  /** All of them, however many are listed. */
  readonly changed: number;
  readonly figures: readonly { readonly figure: Figure; readonly live: readonly Outcome[]; readonly draft: readonly Outcome[] }[];
  readonly series: { readonly live: readonly Point[]; readonly draft: readonly Point[] };
}

const MOST_LISTED = 200;
const none = (): Record<Ring, number> => ({ 1: 0, 2: 0, 3: 0, 4: 0, 5: 0 });

/** Spells that ended in (from, to]. */
const endedIn = (spells: readonly Spell[], from: number, to: number): number => spells.filter((spell) => spell.to !== null && spell.to > from && spell.to <= to).length;

/** One of the two sides. */
class Side {
  private readonly tallies: readonly Tally[];
  readonly points: Point[];

  constructor(
    private readonly rules: Rules,
    private readonly figures: readonly Figure[],
    private readonly now: number,
    private readonly zone: string,
    private readonly ends: readonly number[],
    private readonly begin: number,
  ) {
    this.tallies = figures.map((figure) => new Tally(figure));
    this.points = ends.map((at) => ({ at, customers: 0, advocates: 0, lit: none(), lost: none() }));
  }

  take(state: CustomerState): Facts {
    const facts = factsOf(state, this.rules);
    for (const [i, figure] of this.figures.entries()) {
      for (const mark of figure.marks(facts, windowTo(this.now, figure.window), { rules: this.rules, zone: this.zone })) this.tallies[i]!.add({ customer: facts.customer, ...mark });
    }
    for (const [i, at] of this.ends.entries()) {
      const point = this.points[i]!;
      const isCustomer = litAt(facts, 2, at) !== undefined;
      point.customers += Number(isCustomer);
      point.advocates += Number(isCustomer && litAt(facts, 5, at) !== undefined);
      for (const ring of RINGS) {
        point.lit[ring] += Number(litAt(facts, ring, at) !== undefined);
        point.lost[ring] += endedIn(facts.spells[ring], this.ends[i - 1] ?? this.begin, at);
      }
    }
    return facts;
  }

  outcomes(): Outcome[][] {
    return this.tallies.map((tally) => tally.outcomes());
  }
}

export interface Rehearsing {
  readonly live: Rules;
  readonly draft: Rules;
  readonly figures: readonly Figure[];
  /** The instant that counts as now. */
  readonly now: number;
  readonly zone: string;
  /** Ends of the stretches of the series, ascending, and where the first begins. */
  readonly ends: readonly number[];
  readonly begin: number;
}

/** Takes customers one after the other. */
export class Rehearsal {
  private readonly live: Side;
  private readonly draft: Side;
  private readonly changes: Change[] = [];
  private changed = 0;

  constructor(private readonly given: Rehearsing) {
    const { figures, now, zone, ends, begin } = given;
    this.live = new Side(given.live, figures, now, zone, ends, begin);
    this.draft = new Side(given.draft, figures, now, zone, ends, begin);
  }

  take(state: CustomerState): void {
    const { live, draft, now } = this.given;
    const [before, after] = [this.live.take(state), this.draft.take(state)];
    const [then, thereafter] = [standingOf(before.journey, live, now), standingOf(after.journey, draft, now)];
    const rings = RINGS.flatMap((ring, i) => (then.rings[i]!.state === thereafter.rings[i]!.state ? [] : [{ ring, before: then.rings[i]!.state, after: thereafter.rings[i]!.state }]));
    if (rings.length === 0) return;
    this.changed += 1;
    if (this.changes.length < MOST_LISTED) this.changes.push({ customer: state.id, before: litSetAt(before, now), after: litSetAt(after, now), rings });
  }

  result(): Rehearsed {
    const [live, draft] = [this.live.outcomes(), this.draft.outcomes()];
    return {
      changes: this.changes,
      changed: this.changed,
      figures: this.given.figures.map((figure, i) => ({ figure, live: live[i]!, draft: draft[i]! })),
      series: { live: this.live.points, draft: this.draft.points },
    };
  }
}
