/** Whether we do what we say: promises kept and confirmed, and where the chain from the promise to the customer breaks. */
import { promisesIn, promiseStateAt, type PromiseMade } from '../customers/promises.js';
import { fits } from '../rings/terms.js';
import type { Facts } from './facts.js';
import type { Figure, Mark, Window } from './figure.js';

const QUARTER = 90;
const NOT_RECORDED = 'not recorded';
const promised = { topic: 'Promises', version: 1, source: 'Five-Ring’s own proposal (domain, section 5)', shape: 'share', unit: 'share', window: QUARTER, needs: ['promise-made'] } as const;
const byDepartment = { groups: 'department that owes it', byDepartment: true } as const;

/** By what had happened before the end of the window. */
const promisesBy = ({ entries, offering }: Facts, to: number): PromiseMade[] => promisesIn(entries.filter(({ occurredAt }) => occurredAt < to)).filter(({ made }) => fits(made.offering, offering));

const dueIn = (facts: Facts, { from, to }: Window): PromiseMade[] => promisesBy(facts, to).filter(({ due }) => due >= from && due < to);
const deliveredIn = (facts: Facts, { from, to }: Window): PromiseMade[] => promisesBy(facts, to).filter(({ delivered }) => delivered !== null && delivered.at >= from);
const department = ({ made }: PromiseMade): string => made.department ?? NOT_RECORDED;

const behind = ({ id, produced, delivered, confirmed }: PromiseMade): string[] => [id, ...[produced, delivered, confirmed].flatMap((step) => step?.entry ?? [])];
const mark = (promise: PromiseMade, above: boolean, grouped: boolean): Mark => ({ ...(grouped && { group: department(promise) }), above: above ? 1 : 0, below: 1, because: behind(promise) });

const isKept = ({ due, delivered }: PromiseMade): boolean => delivered !== null && delivered.at <= due;
/** What was delivered had been produced, whether somebody said so or not. */
const isProduced = (promise: PromiseMade): boolean => isKept(promise) || (promise.produced !== null && promise.produced.at <= promise.due);

const kept = (grouped: boolean): Figure['marks'] => (facts, window) => dueIn(facts, window).map((promise) => mark(promise, isKept(promise), grouped));
const confirmed = (grouped: boolean): Figure['marks'] => (facts, window) => deliveredIn(facts, window).map((promise) => mark(promise, promise.confirmed !== null, grouped));

export const promiseFigures: readonly Figure[] = [
  {
    ...promised,
    name: 'promise-kept',
    title: 'Promises kept',
    says: 'Of the promises that fell due, how many were delivered in time.',
    formula: 'promises delivered at their due instant or before / promises whose due instant falls in the window; those that were withdrawn count nowhere',
    marks: kept(false),
  },
  {
    ...promised,
    name: 'promise-repaired',
    title: 'Missed promises repaired',
    says: 'Of the promises that were missed, how many were delivered after all.',
    formula: 'promises delivered after their due instant, by now / promises whose due instant falls in the window and passed without delivery',
    marks: (facts, window) => dueIn(facts, window).filter((promise) => !isKept(promise)).map((promise) => mark(promise, promiseStateAt(promise, window.to) === 'repaired', false)),
  },
  {
    ...promised,
    name: 'promise-confirmed',
    title: 'Promises confirmed',
    says: 'Of the promises that were delivered, how many the customer confirmed.',
    formula: 'promises confirmed by the customer by now / promises delivered in the window, in time or late',
    marks: confirmed(false),
  },
  {
    ...promised,
    ...byDepartment,
    name: 'promise-produced-by-department',
    title: 'Chain of promises: produced in time',
    says: 'Where the chain breaks, first link: of the promises that fell due, how many were ready in time.',
    formula: 'promises produced, or delivered, at their due instant or before / promises whose due instant falls in the window, for each department that owes them',
    marks: (facts, window) => dueIn(facts, window).map((promise) => mark(promise, isProduced(promise), true)),
  },
  {
    ...promised,
    ...byDepartment,
    name: 'promise-kept-by-department',
    title: 'Chain of promises: delivered in time',
    says: 'Where the chain breaks, second link: of the promises that fell due, how many reached the customer in time.',
    formula: 'promises delivered at their due instant or before / promises whose due instant falls in the window, for each department that owes them',
    marks: kept(true),
  },
  {
    ...promised,
    ...byDepartment,
    name: 'promise-confirmed-by-department',
    title: 'Chain of promises: confirmed',
    says: 'Where the chain breaks, last link: of the promises that were delivered, how many the customer confirmed.',
    formula: 'promises confirmed by the customer by now / promises delivered in the window, for each department that owes them',
    marks: confirmed(true),
  },
];
