/** Opens a kept figure: computes it again, and says whether it is unchanged, or what changed and because of which entries. */
import { Injectable } from '@nestjs/common';
import { isLogged, type CustomerEvent } from '../customers/customer.js';
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
import { Walk } from './walk.reader.js';

export type Cause = 'late entry' | 'correction' | 'retraction' | 'details changed' | 'new rules' | 'new definition';

export interface Difference {
  readonly cause: Cause;
  /** Of events: the customer, the entry it is about, and when it was recorded. */
  readonly customer?: string;
  /** Whose department changed, where the figure is of one department. */
  readonly colleague?: string;
  readonly entry?: string;
  readonly recordedAt?: number;
}

export interface Opened {
  readonly kept: Kept;
  readonly unchanged: boolean;
  readonly now: readonly Outcome[];
  readonly differences: readonly Difference[];
  /** Whether the log still gives exactly what was kept, read as it was known then by the rules and the definition of then; null when the definition has changed since, or the rules of then are not known any more. */
  readonly givenAgain: boolean | null;
}

/** Null for what no figure reads. */
const CAUSES: Readonly<Record<CustomerEvent['type'], Cause | null>> = {
  CustomerRegistered: 'late entry',
  CustomerDetailsChanged: 'details changed',
  InteractionLogged: 'late entry',
  PromiseMade: 'late entry',
  PromiseProduced: 'late entry',
  PromiseDelivered: 'late entry',
  PromiseConfirmed: 'late entry',
  AdvocacyAsked: 'late entry',
  AdvocacyAccepted: 'late entry',
  AdvocacyDeclined: 'late entry',
  InteractionCorrected: 'correction',
  InteractionRetracted: 'retraction',
  RegistrationUndone: 'retraction',
  AttentionSnoozed: null,
  SnoozeEnded: null,
  // From its own instant on, which is later than any that was kept.
  PersonErased: null,
  CustomerErased: null,
  EntryTextErased: null,
};

@Injectable()
export class KeptReader {
  constructor(
    private readonly figures: FiguresReader,
    private readonly executor: Executor,
    private readonly inForce: RulesInForce,
    private readonly known: Known,
    private readonly organisation: Organisation,
    private readonly walk: Walk,
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
    const now = await this.inForce.at(upTo);
    // By their version: those published shortly before may not have taken effect yet when it was kept.
    const known = await this.inForce.ofVersion(asked.rulesVersion);
    const then = known ?? now;
    const marks = (position: string | null, rules: typeof now): ReturnType<FiguresReader['settled']> =>
      this.figures.settled({ figure, window: windowTo(asked.asOf, asked.window), upTo: position, rules: rules.rules, zone: this.organisation.zone, filter: asked.filter, ...(asked.offering !== null && { offering: asked.offering }), ...(signal !== undefined && { signal }) });
    const today = await marks(upTo, now);
    const isNewDefinition = figure.version !== asked.definition;
    if (!isNewDefinition && today.digest === kept.digest) return { kept, unchanged: true, now: today.outcomes, differences: [], givenAgain: true };
    const before = await marks(asked.asKnown, then);
    const byOldRules = then.version === now.version ? today : await marks(upTo, then);
    const differences: Difference[] = [
      ...(isNewDefinition ? [{ cause: 'new definition' as const }] : []),
      ...(known !== undefined && byOldRules.digest === today.digest ? [] : [{ cause: 'new rules' as const }]),
      ...(await this.movedColleagues(asked, upTo)),
      ...(await this.eventsBehind(asked, differing(before.marks, byOldRules.marks), figure.settle !== undefined, signal)),
    ];
    return { kept, unchanged: false, now: today.outcomes, differences, givenAgain: isNewDefinition || known === undefined ? null : before.digest === kept.digest };
  }

  /** What was recorded since, at the customers whose marks differ, and could play a part; `others`: also what other customers' entries say about them. */
  private async eventsBehind(asked: Asked, { customers, entries }: Differing, others: boolean, signal: AbortSignal | undefined): Promise<Difference[]> {
    const found: Difference[] = [];
    const take = (event: RecordedEvent): void => {
      // What happened after the instant asked for plays no part.
      if (isLogged(event.type) && (event.data as { occurredAt: number }).occurredAt >= asked.asOf) return;
      const cause = CAUSES[event.type as CustomerEvent['type']];
      if (cause !== null) found.push({ cause, customer: event.stream.slice('customer-'.length), entry: entryOf(event), recordedAt: event.recordedAt });
    };
    for (const customer of customers) {
      signal?.throwIfAborted();
      const events = await this.executor.eventsFrom(`customer-${customer}`, 0);
      for (const event of events) if (!this.known.includes(asked.asKnown, event.position)) take(event);
    }
    if (!others || customers.size === 0) return found;
    for await (const event of this.known.after(asked.asKnown, signal)) {
      if (event.stream.startsWith('customer-') && !customers.has(event.stream.slice('customer-'.length)) && entries.has(entryOf(event))) take(event);
    }
    return found;
  }

  private async movedColleagues({ asKnown, filter }: Asked, upTo: string | null): Promise<Difference[]> {
    if (filter.department === undefined) return [];
    const [then, now] = [await this.walk.departments(asKnown), await this.walk.departments(upTo)];
    const mine = (of: ReadonlyMap<string, string>, id: string): boolean => of.get(id) === filter.department;
    return [...now.keys()].filter((id) => then.has(id) && mine(then, id) !== mine(now, id)).sort().map((colleague) => ({ cause: 'details changed' as const, colleague }));
  }
}

const entryOf = ({ id, data }: RecordedEvent): string => (data as { original?: string }).original ?? id;

interface Differing {
  readonly customers: ReadonlySet<string>;
  /** Ids of the entries behind their marks, on either side. */
  readonly entries: ReadonlySet<string>;
}

/** Customers whose marks are not the same on both sides. */
function differing(a: readonly OwnedMark[], b: readonly OwnedMark[]): Differing {
  const byCustomer = (marks: readonly OwnedMark[]): Map<string, OwnedMark[]> => Map.groupBy(marks, ({ customer, subject }) => subject ?? customer);
  const lines = (marks: readonly OwnedMark[] = []): string => marks.map((mark) => JSON.stringify([mark.group, mark.above, mark.below, mark.days, mark.because])).sort().join('\n');
  const [left, right] = [byCustomer(a), byCustomer(b)];
  const customers = [...new Set([...left.keys(), ...right.keys()])].filter((customer) => lines(left.get(customer)) !== lines(right.get(customer))).sort();
  const marks = customers.flatMap((customer) => [...(left.get(customer) ?? []), ...(right.get(customer) ?? [])]);
  return { customers: new Set(customers), entries: new Set(marks.flatMap(({ because }) => because)) };
}

/** What of an outcome is kept. */
export const withoutCurve = ({ curve: _curve, ...outcome }: Outcome): Omit<Outcome, 'curve'> => outcome;

