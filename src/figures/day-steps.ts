/**
 * What one customer adds to the totals by day: for each measure the days on which it changes. A level goes up on the first
 * day at whose end it holds, and down on the first at whose end it holds no longer; a flow counts on the day it happens.
 * Days that lie ahead are among them, so no clock is read and nothing is due at midnight.
 */
import type { Days } from '../kernel/days.js';
import type { KnownCustomer } from '../rings/portfolio.view.js';
import { purchaseSpells } from '../rings/fold.js';
import { RINGS, type Rules } from '../rings/rules.js';
import { unpaidAdvocacy } from './acts.js';
import { factsFrom, recurringAt, worthAt, type Facts } from './facts.js';
import type { Worth } from './revenue.js';
import { npsCounts } from './survey-scores.js';

/** Days of the window in which rings are lost. */
export const LOSS_WINDOW = 90;
/** Days between the start and the end of what revenue is compared. */
export const REVENUE_WINDOW = 365;

/** By measure: day, amount, day, amount …, by day; no amount is 0. */
export type Steps = Readonly<Record<string, readonly number[]>>;

interface DaySpan {
  /** Holds at the end of the days [from, to). */
  readonly from: number;
  readonly to: number;
}

class Collected {
  private readonly byMeasure = new Map<string, number[]>();
  private readonly levels = new Map<string, number>();

  add(measure: string, day: number, amount: number): void {
    if (amount === 0 || day === Infinity) return;
    const steps = this.byMeasure.get(measure);
    if (steps === undefined) this.byMeasure.set(measure, [day, amount]);
    else steps.push(day, amount);
  }

  /** From the day on the level is so high; asked in the order of days. */
  hold(measure: string, day: number, level: number): void {
    const before = this.levels.get(measure) ?? 0;
    if (level === before) return;
    this.levels.set(measure, level);
    this.add(measure, day, level - before);
  }

  steps(): Steps {
    return Object.fromEntries([...this.byMeasure].map(([measure, steps]) => [measure, inOrder(steps)] as const).filter(([, steps]) => steps.length > 0));
  }
}

/** By day, what falls on one day added up. */
function inOrder(steps: readonly number[]): number[] {
  let sorted = true;
  for (let i = 2; i < steps.length; i += 2) if (steps[i]! <= steps[i - 2]!) sorted = false;
  if (sorted) return [...steps];
  const byDay = new Map<number, number>();
  for (let i = 0; i < steps.length; i += 2) byDay.set(steps[i]!, (byDay.get(steps[i]!) ?? 0) + steps[i + 1]!);
  return [...byDay].filter(([, amount]) => amount !== 0).sort(([a], [b]) => a - b).flat();
}

/** The first day at whose end the instant has come. */
const from = (days: Days, instant: number): number => days.of(instant - 1);
const spanOf = (days: Days, spell: { readonly from: number; readonly to: number | null }): DaySpan => ({ from: from(days, spell.from), to: spell.to === null || spell.to === Infinity ? Infinity : from(days, spell.to) });
const within = (spans: readonly DaySpan[], day: number): boolean => spans.some((span) => span.from <= day && day < span.to);
const ordered = (all: Iterable<number>): number[] => [...new Set(all)].filter((day) => day !== Infinity).sort((a, b) => a - b);
const edges = (spans: readonly DaySpan[]): number[] => spans.flatMap((span) => [span.from, span.to]);

const TERM_KINDS: readonly string[] = ['purchase', 'renewal', 'cancellation', 'refund'];

/**
 * When ring 2 was at risk, each instant judged by what had happened by then: what was at risk and then renewed was at risk.
 * Only terms and what ends them have a say.
 */
function atRisk({ entries, journey }: KnownCustomer, rules: Rules): { from: number; to: number }[] {
  const all = entries.filter(({ kind }) => TERM_KINDS.includes(kind));
  return all.flatMap(({ occurredAt: since }, i) => {
    const until = all[i + 1]?.occurredAt ?? Infinity;
    if (until === since) return [];
    const spells = i === all.length - 1 ? journey.spells.filter(({ ring }) => ring === 2) : purchaseSpells(all.slice(0, i + 1), rules);
    return spells.flatMap((spell) => {
      const risk = { from: Math.max(since, spell.from, spell.atRiskFrom ?? Infinity), to: Math.min(until, spell.to ?? Infinity) };
      return risk.from < risk.to ? [risk] : [];
    });
  });
}

function flows(to: Collected, { spells, entries }: Facts, days: Days): void {
  for (const ring of RINGS) {
    for (const spell of spells[ring]) {
      to.add(`gained:${ring}`, days.of(spell.from), 1);
      if (spell.to !== null) to.add(`lost:${ring}:${spell.cause}`, days.of(spell.to), 1);
    }
  }
  for (const { kind, side, occurredAt, fields } of entries) {
    const day = days.of(occurredAt);
    to.add(side === 'customer' ? 'customer-entries' : 'our-entries', day, 1);
    if (kind !== 'survey-answered' || typeof fields['nps'] !== 'number') continue;
    const { promoters, passives } = npsCounts([fields['nps']]);
    to.add(`nps:${promoters === 1 ? 'promoter' : passives === 1 ? 'passive' : 'detractor'}`, day, 1);
  }
}

/** Lit now, lit when the window of losses began, and out since then at some time, by the cause of the first time. */
function rings(to: Collected, { spells }: Facts, days: Days): void {
  for (const ring of RINGS) {
    for (const spell of spells[ring]) {
      const span = spanOf(days, spell);
      if (span.from >= span.to) continue;
      to.add(`lit:${ring}`, span.from, 1);
      to.add(`lit:${ring}`, span.to, -1);
      to.add(`lit90:${ring}`, span.from + LOSS_WINDOW, 1);
      to.add(`lit90:${ring}`, span.to + LOSS_WINDOW, -1);
      if (spell.to === null) continue;
      const lost = { from: Math.max(span.from + LOSS_WINDOW, days.of(spell.to)), to: span.to + LOSS_WINDOW };
      if (lost.from >= lost.to) continue;
      to.add(`lost90:${ring}:${spell.cause}`, lost.from, 1);
      to.add(`lost90:${ring}:${spell.cause}`, lost.to, -1);
    }
  }
}

interface Revenue {
  readonly day: number;
  /** By currency: all of it, and what of it recurs. */
  readonly all: ReadonlyMap<string, number>;
  readonly recurring: ReadonlyMap<string, number>;
}

const NOTHING: Omit<Revenue, 'day'> = { all: new Map(), recurring: new Map() };
const amountsOf = (worth: ReadonlyMap<string, Worth>): ReadonlyMap<string, number> => new Map([...worth].map(([currency, { amount }]) => [currency, amount]));
const revenueOn = (revenue: readonly Revenue[], day: number): Omit<Revenue, 'day'> => revenue.findLast((one) => one.day <= day) ?? NOTHING;
const currenciesOf = (revenue: readonly Revenue[]): string[] => [...new Set(revenue.flatMap(({ all }) => [...all.keys()]))];

function revenueByDay(facts: Facts, days: Days): Revenue[] {
  const { contracts } = facts;
  const instants = contracts.flatMap(({ from, until, graceUntil, steps }) => [from, until, graceUntil, ...steps.map((step) => step.from)]);
  const allRecur = contracts.every(({ recurs }) => recurs);
  return ordered(instants.filter((instant) => instant !== Infinity).map((instant) => from(days, instant))).map((day) => {
    const end = days.start(day + 1);
    const all = amountsOf(worthAt(facts, end));
    return { day, all, recurring: allRecur ? all : amountsOf(recurringAt(facts, end)) };
  });
}

/** What is lit together, who are advocates, and the revenue of each. */
function together(to: Collected, known: KnownCustomer, facts: Facts, revenue: readonly Revenue[], days: Days, rules: Rules): void {
  const lit = RINGS.map((ring) => facts.spells[ring].map((spell) => spanOf(days, spell)));
  const unpaid = unpaidAdvocacy(facts, rules).map((spell) => spanOf(days, spell));
  const risk = revenue.length === 0 ? [] : atRisk(known, rules).map((span) => spanOf(days, span));
  const first = facts.entries.length === 0 ? Infinity : from(days, facts.entries[0]!.occurredAt);
  const everAdvocated = Math.min(Infinity, ...lit[4]!.map((span) => span.from));
  const outOf3 = Math.min(Infinity, ...lit[2]!.map((span) => span.to));
  const currencies = currenciesOf(revenue);
  let set: string | undefined;
  for (const day of ordered([first, ...lit.flatMap(edges), ...edges(unpaid), ...edges(risk), ...revenue.map((one) => one.day)])) {
    const on = RINGS.filter((ring) => within(lit[ring - 1]!, day));
    const now = day < first ? undefined : on.join('+') || 'none';
    if (now !== set) {
      if (set !== undefined) to.hold(`set:${set}`, day, 0);
      if (now !== undefined) to.hold(`set:${now}`, day, 1);
      set = now;
    }
    const customer = on.includes(2);
    const advocate = customer && on.includes(5);
    to.hold('advocates', day, Number(advocate));
    to.hold('advocates-plain', day, Number(customer && within(unpaid, day)));
    to.hold('ever-advocated', day, Number(customer && day >= everAdvocated));
    if (currencies.length === 0) continue;
    const { all, recurring } = revenueOn(revenue, day);
    const atRiskNow = customer && (within(risk, day) || (day >= outOf3 && !on.includes(3)));
    for (const currency of currencies) {
      to.hold(`revenue:${currency}`, day, all.get(currency) ?? 0);
      to.hold(`advocate-revenue:${currency}`, day, advocate ? (all.get(currency) ?? 0) : 0);
      to.hold(`at-risk:${currency}`, day, atRiskNow ? (recurring.get(currency) ?? 0) : 0);
      to.hold(`at-risk-customers:${currency}`, day, Number(atRiskNow && recurring.has(currency)));
    }
  }
}

/** Of those with recurring revenue when the year began: how many, that revenue, what it is at its end, and what of it was kept. */
function overAYear(to: Collected, revenue: readonly Revenue[]): void {
  const currencies = currenciesOf(revenue);
  for (const day of ordered(revenue.flatMap((one) => [one.day, one.day + REVENUE_WINDOW]))) {
    const [before, now] = [revenueOn(revenue, day - REVENUE_WINDOW).recurring, revenueOn(revenue, day).recurring];
    for (const currency of currencies) {
      const [start, end] = [before.get(currency) ?? 0, now.get(currency) ?? 0];
      to.hold(`year-customers:${currency}`, day, Number(start > 0));
      to.hold(`year-start:${currency}`, day, start);
      to.hold(`year-end:${currency}`, day, start > 0 ? end : 0);
      to.hold(`year-kept:${currency}`, day, Math.min(start, end));
    }
  }
}

const FLOWS = /^(lost|gained|nps):|-entries$/;
export const isFlow = (measure: string): boolean => FLOWS.test(measure);

/** Owners, each from a day on: who owned the customer at its end. The first has always been. */
export function ownersOf({ entries, state }: KnownCustomer, days: Days): { readonly from: number; readonly owner: string | null }[] {
  const owners: { from: number; owner: string | null }[] = [{ from: -Infinity, owner: state.firstOwner }];
  for (const { kind, occurredAt, fields } of entries) {
    if (kind !== 'owner-changed') continue;
    const day = from(days, occurredAt);
    if (owners.at(-1)!.from === day) owners.pop();
    if (owners.at(-1)?.owner !== fields['owner']) owners.push({ from: day, owner: fields['owner'] as string });
  }
  return owners;
}

/** What of the steps falls to the days [from, to): a level begins and ends with them, a flow counts in them. */
export function during(steps: Steps, { from: begin, to: end }: DaySpan): Steps {
  const cut = new Collected();
  for (const [measure, own] of Object.entries(steps)) {
    let [level, held] = [0, false];
    for (let i = 0; i < own.length; i += 2) {
      const [day, amount] = [own[i]!, own[i + 1]!];
      if (isFlow(measure)) {
        if (day >= begin && day < end) cut.add(measure, day, amount);
        continue;
      }
      if (day >= end) break;
      if (day >= begin && !held) {
        held = true;
        cut.add(measure, begin, level);
      }
      level += amount;
      if (day >= begin) cut.add(measure, day, amount);
    }
    if (isFlow(measure)) continue;
    if (!held) cut.add(measure, begin, level);
    cut.add(measure, end, -level);
  }
  return cut.steps();
}

/** What the steps of several come to together. */
export function joined(all: readonly Steps[]): Steps {
  if (all.length === 1) return all[0]!;
  const sum = new Collected();
  for (const steps of all) for (const [measure, own] of Object.entries(steps)) for (let i = 0; i < own.length; i += 2) sum.add(measure, own[i]!, own[i + 1]!);
  return sum.steps();
}

export function stepsOf(known: KnownCustomer, rules: Rules, days: Days): Steps {
  const facts = factsFrom(known, rules);
  const to = new Collected();
  const revenue = revenueByDay(facts, days);
  flows(to, facts, days);
  rings(to, facts, days);
  together(to, known, facts, revenue, days, rules);
  if (revenue.length > 0) overAYear(to, revenue);
  return to.steps();
}

