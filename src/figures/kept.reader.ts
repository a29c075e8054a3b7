/** Opens a kept figure: computes it again, and says whether it is unchanged, or what changed and because of which entries. */
import { Injectable } from '@nestjs/common';
import type { CustomerEvent } from '../customers/customer.js';
import { Organisation } from '../customers/customers.writer.js';
import type { RecordedEvent } from '../kernel/event-store.js';
import { Refusal } from '../kernel/refusal.js';
import { RulesInForce } from '../rings/rules-in-force.js';
import { Executor } from '../shell/executor.js';
import { Known } from '../shell/known.js';
import { windowTo } from './ask.js';
import type { Outcome, OwnedMark } from './figure.js';
import { figureOf } from './figures.js';
import { FiguresReader } from './figures.reader.js';
import { keptFigure, keptStream, type Asked, type Kept } from './kept-figure.js';

export type Cause = 'late entry' | 'correction' | 'retraction' | 'details changed' | 'new rules' | 'new definition';

export interface Difference {
  readonly cause: Cause;
  /** Of events: the customer, the entry it is about, and when it was recorded. */
  readonly customer?: string;
  readonly entry?: string;
  readonly recordedAt?: number;
}

export interface Opened {
  readonly kept: Kept;
  readonly unchanged: boolean;
  readonly now: readonly Outcome[];
  readonly differences: readonly Difference[];
  /** Whether the log still gives exactly what was kept, read as it was known then by the rules and the definition of then; null when the definition has changed since. */
  readonly givenAgain: boolean | null;
}

/** Null for what no figure reads. */
const CAUSES: Readonly<Record<CustomerEvent['type'], Cause | null>> = {
  CustomerRegistered: 'late entry',
  CustomerDetailsChanged: 'details changed',
  InteractionLogged: 'late entry',
  InteractionCorrected: 'correction',
  InteractionRetracted: 'retraction',
  AttentionSnoozed: null,
  SnoozeEnded: null,
};

@Injectable()
export class KeptReader {
  constructor(
    private readonly figures: FiguresReader,
    private readonly executor: Executor,
    private readonly inForce: RulesInForce,
    private readonly known: Known,
    private readonly organisation: Organisation,
  ) {}

  async kept(id: string): Promise<Kept> {
    const { state } = await this.executor.load(keptFigure, keptStream(id));
    if (state.kept === null) throw new Refusal('missing', 'unknown-kept-figure', 'No such kept figure.');
    return state.kept;
  }

  async open(id: string, signal?: AbortSignal): Promise<Opened> {
    const kept = await this.kept(id);
    const { asked } = kept;
    const figure = figureOf(asked.figure);
    if (figure === undefined) throw new Refusal('missing', 'unknown-figure', `The figure ${asked.figure} is no longer defined; it was ${JSON.stringify(kept.outcomes.map(({ value }) => value))}.`);
    const upTo = this.known.now();
    const [then, now] = [await this.inForce.at(asked.asKnown), await this.inForce.at(upTo)];
    const marks = (position: string | null, rules: typeof then): ReturnType<FiguresReader['settled']> =>
      this.figures.settled({ figure, window: windowTo(asked.asOf, asked.window), upTo: position, rules: rules.rules, zone: this.organisation.zone, filter: asked.filter, ...(asked.offering !== null && { offering: asked.offering }), ...(signal !== undefined && { signal }) });
    const today = await marks(upTo, now);
    const isNewDefinition = figure.version !== asked.definition;
    if (!isNewDefinition && today.digest === kept.digest) return { kept, unchanged: true, now: today.outcomes, differences: [], givenAgain: true };
    const before = await marks(asked.asKnown, then);
    const byOldRules = then.version === now.version ? today : await marks(upTo, then);
    const differences: Difference[] = [
      ...(isNewDefinition ? [{ cause: 'new definition' as const }] : []),
      ...(byOldRules.digest === today.digest ? [] : [{ cause: 'new rules' as const }]),
      ...(await this.eventsBehind(asked, changedCustomers(before.marks, byOldRules.marks))),
    ];
    return { kept, unchanged: false, now: today.outcomes, differences, givenAgain: isNewDefinition ? null : before.digest === kept.digest };
  }

  /** What was recorded since, at the customers whose marks differ, and could play a part. */
  private async eventsBehind(asked: Asked, customers: readonly string[]): Promise<Difference[]> {
    const found: Difference[] = [];
    for (const customer of customers) {
      const events = await this.executor.eventsFrom(`customer-${customer}`, 0);
      for (const event of events.filter(({ position }) => !this.known.includes(asked.asKnown, position))) {
        // What happened after the instant asked for plays no part.
        if (event.type === 'InteractionLogged' && (event.data as { occurredAt: number }).occurredAt >= asked.asOf) continue;
        const cause = CAUSES[event.type as CustomerEvent['type']];
        if (cause !== null) found.push({ cause, customer, entry: entryOf(event), recordedAt: event.recordedAt });
      }
    }
    return found;
  }
}

const entryOf = ({ id, data }: RecordedEvent): string => (data as { original?: string }).original ?? id;

/** Customers whose marks are not the same on both sides. */
function changedCustomers(a: readonly OwnedMark[], b: readonly OwnedMark[]): string[] {
  const lines = (marks: readonly OwnedMark[]): Map<string, string> => {
    const byCustomer = Map.groupBy(marks, ({ customer, subject }) => subject ?? customer);
    return new Map([...byCustomer].map(([customer, own]) => [customer, own.map((mark) => JSON.stringify([mark.group, mark.above, mark.below, mark.days, mark.because])).sort().join('\n')]));
  };
  const [left, right] = [lines(a), lines(b)];
  return [...new Set([...left.keys(), ...right.keys()])].filter((customer) => left.get(customer) !== right.get(customer)).sort();
}

/** What of an outcome is kept. */
export const withoutCurve = ({ curve: _curve, ...outcome }: Outcome): Omit<Outcome, 'curve'> => outcome;

