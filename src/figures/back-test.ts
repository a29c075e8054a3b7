/**
 * How well "at risk" foresaw losses: each past month end M is judged as we could have judged it then, and compared with what is
 * known now. Pure; reads no clock.
 *
 * Predicted at M: rings that stand at risk at M in the journey folded from the events that were recorded by M alone (an event
 * is in when its place in the log is at or before the last one whose running maximum of recordedAt is not later than M). No
 * event recorded later takes part, whatever date it carries: no late entry, no correction, no retraction.
 *
 * Happened (a true loss): in the journey folded from all that is known now, the ring was lit at M, and that spell ended after M
 * and no later than the horizon. A ring that, as known now, was out at M already cannot be lost: a warning about it is false. A
 * spell that would end later but for what came since did not end: a warning that was heeded is false here too, so precision
 * is the least that the warnings were worth.
 *
 * The horizon is how far ahead the rules warn: `warning.days` for rings 1, 3 and 5; for rings 2 and 4, whose warning begins
 * `warning.terms` before the end of the term while the ring goes out `purchase.grace` after it, both together. A month is judged
 * for a ring once its horizon has passed; before, nobody can know.
 */
import { customer } from '../customers/customer.js';
import { DAY } from '../kernel/calendar.js';
import type { RecordedEvent } from '../kernel/event-store.js';
import { fold } from '../rings/fold.js';
import type { Journey } from '../rings/journey.js';
import { RINGS, type Ring, type Rules } from '../rings/rules.js';
import { journeyAt, standingOf } from '../rings/standing.js';
import { holdsAt } from './facts.js';
import { quantiles } from './intervals.js';

/** A month end, and what was known at it. */
export interface Cut {
  readonly at: number;
  readonly knows: (event: RecordedEvent) => boolean;
}

export interface Score {
  /** Customers that had the ring lit at M, as known now. */
  readonly n: number;
  readonly predicted: number;
  readonly happened: number;
  readonly both: number;
  /** Both of predicted; null when nothing was. */
  readonly precision: number | null;
  /** Both of happened; null when nothing did. */
  readonly recall: number | null;
  /** Median of the days from the first month end that foresaw a loss to the loss; null when none was foreseen. */
  readonly daysAhead: number | null;
}

export interface BackTested {
  /** Null for a ring whose horizon has not passed yet. */
  readonly months: readonly { readonly at: number; readonly rings: Readonly<Record<Ring, Score | null>> }[];
  readonly overall: Readonly<Record<Ring, Score>>;
  /** Days in which a predicted loss must come. */
  readonly horizons: Readonly<Record<Ring, number>>;
}

export function horizonOf(ring: Ring, { warning, purchase }: Rules): number {
  return ring === 2 || ring === 4 ? warning.terms + purchase.grace : warning.days;
}

/** Rings at risk at each cut, one after the other, by what was known at it. `events` are one customer's, in the order of the log; cuts ascend. */
export function* predictionsOf(stream: string, events: readonly RecordedEvent[], cuts: readonly Cut[], rules: Rules): Generator<Ring[]> {
  let state = customer.initial(stream);
  let next = 0;
  let journey: Journey | undefined;
  let until = -Infinity;
  for (const { at, knows } of cuts) {
    const before = next;
    while (next < events.length && knows(events[next]!)) state = customer.evolve(state, events[next++]! as never);
    if (!state.registered) {
      yield [];
      continue;
    }
    // Without a new event it is the same journey, unless something recorded had not happened yet.
    if (journey === undefined || next > before || until > -Infinity) {
      journey = journeyAt(state.interactions.values(), rules, at, { erased: state.erased });
      until = [...state.interactions.values()].some(({ occurredAt }) => occurredAt > at) || [...state.erased.values()].some((since) => since > at) ? at : -Infinity;
    }
    yield standingOf(journey, rules, at).rings.filter((ring) => ring.state === 'at risk').map(({ ring }) => ring);
  }
}

interface Counts {
  n: number;
  predicted: number;
  happened: number;
  both: number;
  readonly ahead: number[];
}

const zero = (): Counts => ({ n: 0, predicted: 0, happened: 0, both: 0, ahead: [] });

function scored({ ahead, ...counts }: Counts): Score {
  const { predicted, happened, both } = counts;
  return { ...counts, precision: predicted === 0 ? null : both / predicted, recall: happened === 0 ? null : both / happened, daysAhead: quantiles(ahead, [0.5])?.[0] ?? null };
}

const byRing = <T>(of: (ring: Ring) => T): Record<Ring, T> => ({ 1: of(1), 2: of(2), 3: of(3), 4: of(4), 5: of(5) });

/** Takes customers one after the other. */
export class BackTest {
  private readonly counts: readonly Record<Ring, Counts>[];
  /** Over all months; of each loss only the first month that foresaw it counts for the days ahead. */
  private readonly firsts = byRing((): number[] => []);

  constructor(
    private readonly rules: Rules,
    /** Month ends, ascending. */
    private readonly cuts: readonly Cut[],
    private readonly now: number,
    private readonly predict: (...asked: Parameters<typeof predictionsOf>) => Iterable<readonly Ring[]> = predictionsOf,
  ) {
    this.counts = cuts.map(() => byRing(zero));
  }

  /** All events of one customer that are known now, in the order of the log. Each step is a month; it is taken when all are done. */
  *take(stream: string, events: readonly RecordedEvent[]): Generator<void> {
    const predictions: (readonly Ring[])[] = [];
    for (const prediction of this.predict(stream, events, this.cuts, this.rules)) {
      predictions.push(prediction);
      yield;
    }
    const known = events.reduce((state, event) => customer.evolve(state, event as never), customer.initial(stream));
    const { spells } = fold([...known.interactions.values()], this.rules, { erased: known.erased });
    const foreseen = new Set<string>();
    for (const [i, { at }] of this.cuts.entries()) {
      for (const ring of RINGS) {
        if (!this.isOver(ring, at)) continue;
        const counts = this.counts[i]![ring];
        const spell = spells.find((one) => one.ring === ring && holdsAt(one, at));
        const lost = spell !== undefined && spell.to !== null && spell.to <= at + horizonOf(ring, this.rules) * DAY ? spell.to : null;
        const predicted = predictions[i]!.includes(ring);
        counts.n += Number(spell !== undefined);
        counts.predicted += Number(predicted);
        counts.happened += Number(lost !== null);
        if (lost === null || !predicted) continue;
        counts.both += 1;
        counts.ahead.push((lost - at) / DAY);
        if (!foreseen.has(`${ring} ${lost}`)) this.firsts[ring].push((lost - at) / DAY);
        foreseen.add(`${ring} ${lost}`);
      }
    }
  }

  result(): BackTested {
    const sum = (ring: Ring): Counts => {
      const all = this.counts.map((month) => month[ring]);
      const add = (key: 'n' | 'predicted' | 'happened' | 'both'): number => all.reduce((total, one) => total + one[key], 0);
      return { n: add('n'), predicted: add('predicted'), happened: add('happened'), both: add('both'), ahead: this.firsts[ring] };
    };
    return {
      months: this.cuts.map(({ at }, i) => ({ at, rings: byRing((ring) => (this.isOver(ring, at) ? scored(this.counts[i]![ring]) : null)) })),
      overall: byRing((ring) => scored(sum(ring))),
      horizons: byRing((ring) => horizonOf(ring, this.rules)),
    };
  }

  private isOver(ring: Ring, at: number): boolean {
    return at + horizonOf(ring, this.rules) * DAY <= this.now;
  }
}
