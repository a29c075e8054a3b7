/** Makes of what a request says a question that can be answered: instants, a place in the log, rules, windows. */
import { Injectable } from '@nestjs/common';
import { Organisation } from '../customers/customers.writer.js';
import { parseInstant, toIso } from '../kernel/calendar.js';
import type { Position } from '../kernel/event-store.js';
import { invalid, Refusal } from '../kernel/refusal.js';
import { RulesInForce, type VersionedRules } from '../rings/rules-in-force.js';
import { Known } from '../shell/known.js';
import { instantIn } from './ask.js';
import type { Figure } from './figure.js';
import { FIGURES, figureOf } from './figures.js';
import type { Filter } from './figures.reader.js';

/** As it came: words and dates. */
export interface Given {
  readonly asOf?: string;
  readonly asKnown?: string;
  readonly segment?: string;
  readonly origin?: string;
  readonly owner?: string;
  readonly department?: string;
  readonly offering?: string;
}

export interface Clocks {
  /** What was true then. */
  readonly asOf: number;
  /** Place in the log up to which it is known; null: nothing is. */
  readonly upTo: Position | null;
}

export interface Asking extends Clocks {
  readonly rules: VersionedRules;
  readonly filter: Filter;
  readonly offering?: string;
}

@Injectable()
export class Questions {
  constructor(
    private readonly known: Known,
    private readonly inForce: RulesInForce,
    private readonly organisation: Organisation,
  ) {}

  get zone(): string {
    return this.organisation.zone;
  }

  /** @throws Refusal that names the figures there are. */
  figure(name: string): Figure {
    const figure = figureOf(name);
    if (figure === undefined) throw new Refusal('missing', 'unknown-figure', `There is no figure ${JSON.stringify(name)}; there are ${FIGURES.map((one) => one.name).join(', ')}.`);
    return figure;
  }

  /** @throws Refusal naming the field: no date, in the future, asOf after asKnown, no position of the log. */
  async clocks(given: Pick<Given, 'asOf' | 'asKnown'>): Promise<Clocks> {
    const now = this.organisation.now();
    const asOf = given.asOf === undefined ? now : instantIn(given.asOf, 'asOf', now, this.zone);
    if (given.asKnown === undefined) return { asOf, upTo: this.known.now() };
    const tooEarly = (until: number): Refusal => invalid([{ field: 'asOf', code: 'after-as-known', message: `must not be later than asKnown (${toIso(until)}): what was true then was not known yet` }]);
    if (parseInstant(given.asKnown, this.zone) !== undefined) {
      const asKnown = instantIn(given.asKnown, 'asKnown', now, this.zone);
      if (asOf > asKnown && given.asOf !== undefined) throw tooEarly(asKnown);
      return { asOf: Math.min(asOf, asKnown), upTo: await this.known.at(asKnown) };
    }
    const overtaken = await this.overtaken(given.asKnown);
    // Known from that event on, until the next one came.
    if (overtaken !== null && asOf > overtaken) {
      if (given.asOf !== undefined) throw tooEarly(overtaken);
      return { asOf: overtaken, upTo: given.asKnown };
    }
    return { asOf, upTo: given.asKnown };
  }

  async asking(given: Given): Promise<Asking> {
    const clocks = await this.clocks(given);
    const { segment, origin, owner, department, offering } = given;
    const filter = { ...(segment !== undefined && { segment }), ...(origin !== undefined && { origin }), ...(owner !== undefined && { owner }), ...(department !== undefined && { department }) };
    return { ...clocks, rules: await this.inForce.at(clocks.upTo), filter, ...(offering !== undefined && { offering }) };
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
