/**
 * What we promised a customer, and what became of it: a chain from made to produced, delivered and confirmed. Missed and repaired
 * are derived, never recorded. Pure; instants in epoch ms. docs/promises.md is the text.
 */
import { toIso } from '../kernel/calendar.js';
import type { FieldProblem } from '../kernel/refusal.js';
import type { Interaction } from './customer.state.js';
import type { Entry } from './entry.js';

export const PROMISE = 'promise-made';
/** The steps after it was made, in their order. */
export const PROMISE_STEPS = ['produced', 'delivered', 'confirmed'] as const;
export type PromiseStep = (typeof PROMISE_STEPS)[number];

/** open: not delivered, and the due instant has not passed · missed: it has · kept: delivered by then · repaired: delivered later. */
export const PROMISE_STATES = ['open', 'missed', 'kept', 'repaired'] as const;
export type PromiseState = (typeof PROMISE_STATES)[number];

export interface Step {
  readonly at: number;
  /** Id of the entry that says so. */
  readonly entry: string;
}

export interface PromiseMade extends Readonly<Record<PromiseStep, Step | null>> {
  /** Id of the entry by which it was made: the promise's own. */
  readonly id: string;
  readonly made: Interaction;
  readonly due: number;
  /** Who sees to it. */
  readonly owner: string;
}

const stepOf = (kind: string): PromiseStep | undefined => PROMISE_STEPS.find((step) => kind === `promise-${step}`);

/** The promises that these entries make, in their order. Of several entries for one step the earliest counts; a confirmation counts from the delivery on. */
export function promisesIn(entries: Iterable<Interaction>): PromiseMade[] {
  const made: Interaction[] = [];
  const steps = new Map<string, Partial<Record<PromiseStep, Step>>>();
  for (const entry of entries) {
    if (entry.kind === PROMISE) made.push(entry);
    const step = stepOf(entry.kind);
    if (step === undefined || entry.about === undefined) continue;
    let own = steps.get(entry.about);
    if (own === undefined) steps.set(entry.about, (own = {}));
    const known = own[step];
    if (known === undefined || entry.occurredAt < known.at) own[step] = { at: entry.occurredAt, entry: entry.id };
  }
  return made.map((entry) => {
    const { produced = null, delivered = null, confirmed = null } = steps.get(entry.id) ?? {};
    return { id: entry.id, made: entry, due: Number(entry.fields['due']), owner: String(entry.fields['owner'] ?? entry.actor), produced, delivered, confirmed: delivered === null ? null : confirmed };
  });
}

/** By what had happened by the instant; in exactly one of the states. */
export function promiseStateAt({ due, delivered }: Pick<PromiseMade, 'due' | 'delivered'>, at: number): PromiseState {
  if (delivered !== null && delivered.at <= at) return delivered.at <= due ? 'kept' : 'repaired';
  return at > due ? 'missed' : 'open';
}

const WORDS: Readonly<Record<PromiseStep, string>> = { produced: 'produced', delivered: 'delivered', confirmed: 'confirmed by the customer' };

/** What stands against a step of a promise: it comes once, and in its order. `others`: the other entries of the customer. */
export function promiseProblems(entry: Entry, others: Iterable<Interaction>, path: string): FieldProblem[] {
  const wrong = (field: string, code: string, message: string): FieldProblem[] => [{ field: path + field, code, message }];
  const step = stepOf(entry.kind);
  const known = promisesIn(others);
  const at = entry.occurredAt;
  if (entry.kind === PROMISE) return [];
  const promise = known.find(({ id }) => id === entry.about);
  if (step === undefined || promise === undefined) return [];
  if (promise[step] !== null) return wrong('about', `already-${step}`, `is ${WORDS[step]} already, since ${toIso(promise[step].at)}`);
  if (at < promise.made.occurredAt) return wrong('occurredAt', 'before-the-promise', `must not be before the promise was made, ${toIso(promise.made.occurredAt)}`);
  if (step === 'produced' && promise.delivered !== null && at > promise.delivered.at) return wrong('occurredAt', 'after-the-delivery', `must not be after it was delivered, ${toIso(promise.delivered.at)}`);
  if (step === 'delivered' && promise.produced !== null && at < promise.produced.at) return wrong('occurredAt', 'before-it-was-produced', `must not be before it was produced, ${toIso(promise.produced.at)}`);
  if (step === 'confirmed' && promise.delivered === null) return wrong('about', 'not-delivered', 'was not delivered yet: record the delivery first');
  if (step === 'confirmed' && at < promise.delivered!.at) return wrong('occurredAt', 'before-the-delivery', `must not be before it was delivered, ${toIso(promise.delivered!.at)}`);
  return [];
}
