/** The two clocks of every question: asOf, what was true then, and asKnown, what we had recorded by then. */
import { endOfDay, parseInstant, toIso } from '../kernel/calendar.js';
import type { Position } from '../kernel/event-store.js';
import { invalid, type Refusal } from '../kernel/refusal.js';
import type { Known } from './known.js';

/** As they came: dates, instants, or for asKnown a position of the log. */
export interface GivenClocks {
  readonly asOf?: string;
  readonly asKnown?: string;
}

export interface Clocked {
  readonly asOf: number;
  /** Place in the log up to which it is known; null: nothing is. */
  readonly upTo: Position | null;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

export class Clocks {
  constructor(
    private readonly known: Known,
    readonly zone: string,
    readonly now: () => number = Date.now,
  ) {}

  /**
   * The instant that text names: a date means the end of that day, today's means now.
   * @throws Refusal for what is no date, or lies ahead of `latest`.
   */
  instant(text: string, field: string, latest = this.now()): number {
    const parsed = parseInstant(text, this.zone);
    if (parsed === undefined) throw invalid([{ field, code: 'not-a-date', message: 'must be an ISO 8601 date or date-time' }]);
    if (parsed > latest) throw invalid([{ field, code: 'in-the-future', message: 'lies ahead; nothing is known of it yet' }]);
    return DATE.test(text) ? Math.min(endOfDay(parsed, this.zone), latest) : parsed;
  }

  /** @throws Refusal naming the field: no date, in the future, asOf after asKnown, no position of the log. */
  async read(given: GivenClocks): Promise<Clocked> {
    const now = this.now();
    const asOf = given.asOf === undefined ? now : this.instant(given.asOf, 'asOf', now);
    if (given.asKnown === undefined) {
      const upTo = this.known.now();
      // What was recorded just now may not be known yet: so that the same can be asked again, the answer speaks of the time before.
      const next = await this.known.nextAfter(upTo);
      return { asOf: next === null ? asOf : Math.min(asOf, next), upTo };
    }
    const isDate = parseInstant(given.asKnown, this.zone) !== undefined;
    // A position is what was known from its event on, until the next one came.
    const until = isDate ? this.instant(given.asKnown, 'asKnown', now) : await this.overtaken(given.asKnown);
    const upTo = isDate ? await this.known.at(until!) : given.asKnown;
    if (until === null || asOf <= until) return { asOf, upTo };
    if (given.asOf === undefined) return { asOf: until, upTo };
    throw tooEarly(until);
  }

  private async overtaken(position: Position): Promise<number | null> {
    try {
      return await this.known.overtakenAt(position);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw invalid([{ field: 'asKnown', code: 'not-a-date', message: 'must be an ISO 8601 date or date-time, or a position of the log' }]);
    }
  }
}

const tooEarly = (until: number): Refusal => invalid([{ field: 'asOf', code: 'after-as-known', message: `must not be later than asKnown (${toIso(until)}): what was true then was not known yet` }]);
