/** Makes of what a request says a question that can be answered: instants, a place in the log, rules, windows. */
import { Injectable } from '@nestjs/common';
import { DAY, parseInstant, toIso } from '../kernel/calendar.js';
import { invalid, Refusal } from '../kernel/refusal.js';
import { RulesInForce, type VersionedRules } from '../rings/rules-in-force.js';
import type { Sight } from '../shell/caller.js';
import { Clocks, type Clocked, type GivenClocks } from '../shell/clocks.js';
import type { Figure } from './figure.js';
import { FIGURES, figureOf } from './figures.js';
import { departmentsTogether, refuseNamed, refuseSmall } from './named-colleagues.js';
import { Walk } from './walk.reader.js';
import type { Filter } from './figures.reader.js';

/** As it came: words and dates. */
export interface Given extends GivenClocks {
  readonly segment?: string;
  readonly origin?: string;
  readonly owner?: string;
  readonly department?: string;
  readonly offering?: string;
}

export interface Asking extends Clocked {
  readonly rules: VersionedRules;
  readonly filter: Filter;
  readonly offering?: string;
  /** Departments that are shown as one; left out where each may be shown, or none is. */
  readonly together?: ReadonlySet<string>;
}

const YEAR = 365 * DAY;

@Injectable()
export class Questions {
  constructor(
    readonly clocks: Clocks,
    private readonly inForce: RulesInForce,
    private readonly walk: Walk,
  ) {}

  get zone(): string {
    return this.clocks.zone;
  }

  /** @throws Refusal that names the figures there are. */
  figure(name: string): Figure {
    const figure = figureOf(name);
    if (figure === undefined) throw new Refusal('missing', 'unknown-figure', `There is no figure ${JSON.stringify(name)}; there are ${FIGURES.map((one) => one.name).join(', ')}.`);
    return figure;
  }

  /** Where a series begins: a date means the start of that day; without one a year before. @throws Refusal for what is no date, or not before asOf. */
  since(text: string | undefined, asOf: number): number {
    if (text === undefined) return asOf - YEAR;
    const from = parseInstant(text, this.zone);
    if (from === undefined) throw invalid([{ field: 'from', code: 'not-a-date', message: 'must be an ISO 8601 date or date-time' }]);
    if (from >= asOf) throw invalid([{ field: 'from', code: 'after-as-of', message: `must be before asOf (${toIso(asOf)})` }]);
    return from;
  }

  /** @throws Refusal for clocks that do not fit, and where the reader may not ask about those who are named. */
  async asking(given: Given, sight: Sight, byDepartment: boolean): Promise<Asking> {
    refuseNamed(given, sight);
    const clocks = await this.clocks.read(given);
    const { segment, origin, owner, department, offering } = given;
    const together = byDepartment || department !== undefined ? await this.together(sight, clocks.upTo) : undefined;
    refuseSmall(department, together);
    const filter = { ...(segment !== undefined && { segment }), ...(origin !== undefined && { origin }), ...(owner !== undefined && { owner }), ...(department !== undefined && { department }) };
    return { ...clocks, rules: await this.inForce.at(clocks.upTo), filter, ...(offering !== undefined && { offering }), ...(byDepartment && together !== undefined && { together }) };
  }

  /** Departments that are no group by themselves, as known up to the position; undefined where the reader may see each. */
  async together({ colleagueFigures }: Sight, upTo: string | null): Promise<ReadonlySet<string> | undefined> {
    return colleagueFigures === true ? undefined : departmentsTogether((await this.walk.colleagues(upTo)).values());
  }
}
