/** Answers questions about figures by walking over all customers: values, the period before, series, and the evidence behind them. */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CustomerState } from '../customers/customer.js';
import { namesOf } from '../customers/search.view.js';
import type { Position } from '../kernel/event-store.js';
import type { Rules } from '../rings/rules.js';
import { Views } from '../views/views.js';
import type { Split } from './ask.js';
import { factsOf, ownerAt, type Facts } from './facts.js';
import { shownAs, shownBy } from './named-colleagues.js';
import { outcomesOf, Tally, type Figure, type Outcome, type OwnedMark, type Window } from './figure.js';
import { Turns, Walk, type Read } from './walk.reader.js';

export interface Filter {
  readonly segment?: string;
  readonly origin?: string;
  readonly owner?: string;
  readonly department?: string;
}

export interface Question {
  readonly figures: readonly Figure[];
  /** By figure, in the order of the figures: the windows asked for. */
  readonly windows: readonly (readonly Window[])[];
  readonly upTo: Position | null;
  readonly rules: Rules;
  readonly zone: string;
  readonly split?: Split;
  readonly filter?: Filter;
  /** Departments that are shown as one. */
  readonly together?: ReadonlySet<string>;
  /** Only terms, acts and value entries that name this offering or none. */
  readonly offering?: string;
  readonly signal?: AbortSignal;
}

export interface Answered {
  /** Of the part of the customers that the split names; null without a split. */
  readonly part: string | null;
  /** By figure, by window. */
  readonly outcomes: readonly (readonly (readonly Outcome[])[])[];
}

export interface Answer {
  readonly parts: readonly Answered[];
  /** Kinds of which at least one entry had happened by the end of the last window. */
  readonly kinds: ReadonlySet<string>;
  /** When the first entry of all happened; null when there is none. */
  readonly firstEntry: number | null;
  readonly read: Read;
}

/** Whether the business has what the figure speaks of. */
export const isShown = ({ needs }: Figure, kinds: ReadonlySet<string>): boolean => needs.length === 0 || needs.some((kind) => kinds.has(kind));

@Injectable()
export class FiguresReader {
  /** Of states that the walk keeps, and that nobody changes. */
  private readonly facts = new WeakMap<CustomerState, { readonly rules: Rules; readonly facts: Facts }>();

  constructor(
    private readonly walk: Walk,
    private readonly views: Views,
  ) {}

  async answer(question: Question): Promise<Answer> {
    const { figures, windows } = question;
    const tallies = new Map<string | null, Tally[][]>();
    const talliesOf = (part: string | null): Tally[][] => {
      let own = tallies.get(part);
      if (own === undefined) tallies.set(part, (own = figures.map((figure, i) => windows[i]!.map(() => new Tally(figure)))));
      return own;
    };
    if (question.split === undefined) talliesOf(null);
    const { kinds, firstEntry, read } = await this.eachMark(question, (part, figure, window, mark) => talliesOf(part)[figure]![window]!.add(mark));
    const parts = [...tallies].sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1)).map(([part, own]) => ({ part, outcomes: own.map((list) => list.map((tally) => tally.outcomes())) }));
    return { parts, kinds, firstEntry, read };
  }

  /** Every mark of one figure in one window, by customer, and their digest: the same evidence gives the same digest. */
  async evidence(question: Omit<Question, 'figures' | 'windows' | 'split'> & { readonly figure: Figure; readonly window: Window }): Promise<{ readonly marks: readonly OwnedMark[]; readonly digest: string; readonly read: Read }> {
    const { figure, window, ...rest } = question;
    const marks: OwnedMark[] = [];
    const { read } = await this.eachMark({ ...rest, figures: [figure], windows: [[window]] }, (_part, _figure, _window, mark) => void marks.push(mark));
    const settled = figure.settle?.(marks) ?? marks;
    return { marks: settled, digest: digestOf(settled), read };
  }

  /** The values of one figure in one window, with the digest of their evidence. */
  async settled(question: Parameters<FiguresReader['evidence']>[0]): Promise<{ readonly outcomes: readonly Outcome[]; readonly marks: readonly OwnedMark[]; readonly digest: string }> {
    const { marks, digest } = await this.evidence(question);
    // The marks are settled already.
    const { shape, groups } = question.figure;
    return { outcomes: outcomesOf({ shape, ...(groups !== undefined && { groups }) }, marks), marks, digest };
  }

  names(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return namesOf(this.views.db, ids, 'customer');
  }

  private async eachMark(question: Question, take: (part: string | null, figure: number, window: number, mark: OwnedMark) => void): Promise<Omit<Answer, 'parts'>> {
    const { windows, rules, zone, upTo, signal } = question;
    const figures = question.figures.map((figure) => shownBy(figure, question.together));
    const read: Read = { customers: 0, events: 0, ms: 0 };
    const kinds = new Set<string>();
    const last = Math.max(...windows.flat().map(({ to }) => to));
    let firstEntry: number | null = null;
    const departments = question.split === 'department' || question.filter?.department !== undefined ? await this.walk.departments(upTo) : new Map<string, string>();
    const turns = new Turns(signal);
    for await (const state of this.walk.customers(upTo, read, signal)) {
      for (const { kind, occurredAt } of state.interactions.values()) {
        if (occurredAt < last) kinds.add(kind);
        if (firstEntry === null || occurredAt < firstEntry) firstEntry = occurredAt;
      }
      for (const { part, facts } of this.parts(state, question)) {
        for (const [i, figure] of figures.entries()) {
          for (const [j, window] of windows[i]!.entries()) {
            const owner = ownerAt(facts, window.to);
            const department = owner === null ? null : (departments.get(owner) ?? null);
            if (!fits(facts, owner, department, question.filter)) continue;
            const named = question.split !== 'department' ? part : department === null ? 'none' : shownAs(department, question.together);
            for (const mark of figure.marks(facts, window, { rules, zone })) take(named, i, j, { customer: state.id, ...mark });
            // One customer in a long series is work enough for several turns.
            if (turns.isOver) await turns.next();
          }
        }
      }
    }
    return { kinds, firstEntry, read };
  }

  /** A customer's facts: once, or once for each offering it has to do with. */
  private *parts(state: CustomerState, { split, rules, offering }: Question): Generator<{ readonly part: string | null; readonly facts: Facts }> {
    if (split === 'offering') {
      const offerings = new Set([...state.interactions.values()].flatMap((entry) => (entry.offering === undefined ? [] : [entry.offering])));
      for (const one of offerings) yield { part: one, facts: factsOf(state, rules, one) };
      return;
    }
    const facts = offering === undefined ? this.factsOf(state, rules) : factsOf(state, rules, offering);
    yield { part: split === 'segment' ? (facts.segment ?? 'none') : split === 'origin' ? (facts.origin ?? 'none') : null, facts };
  }

  private factsOf(state: CustomerState, rules: Rules): Facts {
    const known = this.facts.get(state);
    if (known?.rules === rules) return known.facts;
    const facts = factsOf(state, rules);
    this.facts.set(state, { rules, facts });
    return facts;
  }
}

/** Whether the customer is one of those asked about. */
export function fits(facts: Facts, owner: string | null, department: string | null, filter: Filter | undefined): boolean {
  if (filter === undefined) return true;
  const { segment, origin } = filter;
  return (
    (segment === undefined || facts.segment === segment) &&
    (origin === undefined || facts.origin === origin) &&
    (filter.owner === undefined || owner === filter.owner) &&
    (filter.department === undefined || department === filter.department)
  );
}

/** SHA-256 over the marks in an order of their own, whatever the order of the walk. */
export function digestOf(marks: readonly OwnedMark[]): string {
  const lines = marks.map(({ customer, subject, group, above, below, days, already, because }) => JSON.stringify([customer, subject ?? null, group ?? null, above, below, days ?? null, already ?? false, [...because].sort()]));
  const hash = createHash('sha256');
  for (const line of lines.sort()) hash.update(line).update('\n');
  return hash.digest('hex');
}
