/** Checks of how a relationship is led, customer by customer (domain, section 7). A new one is one entry in the list. Pure. */
import type { Interaction } from '../customers/customer.js';
import { DAY } from '../kernel/calendar.js';
import { isContact } from '../rings/fold.js';
import type { Spell } from '../rings/journey.js';
import type { Rules } from '../rings/rules.js';
import { ANY, type Check, type Finding } from './checking.js';
import { decisionsOf, type Decision } from './decisions.js';
import { isOurs } from './dialogue-figures.js';
import { litAt, type Facts } from './facts.js';
import type { Window } from './figure.js';
import { openingMoves } from './moves.js';
import { decidersOf, names, peopleAt, type Known } from './people.js';

export interface Led {
  readonly rules: Rules;
  readonly zone: string;
}

export type LedCheck = Check<Led> & {
  /** Days of the window when none is asked for; null: it speaks of one instant. */
  readonly window: number | null;
};

const QUARTER = 90;
const YEAR = 365;
/** A decider first seen less than this before the decision is a late joiner. */
const LATE_DAYS = 14;
/** How long before a move preparation counts. */
const PREPARED_HOURS = 48;
/** The rat race: ours up by so many percent, in two periods running, from no fewer than so many. */
const UP_PERCENT = 20;
const LEAST_ACTIONS = 5;

const inside = ({ from, to }: Window, at: number): boolean => at >= from && at < to;
const ids = (...entries: readonly (Interaction | undefined)[]): string[] => [...new Set(entries.flatMap((entry) => (entry === undefined ? [] : [entry.id])))];
const tagOf = ({ fields }: Interaction): string => String(fields['tag']);
const ofKind = ({ entries }: Facts, ...kinds: readonly string[]): Interaction[] => entries.filter(({ kind }) => kinds.includes(kind));
const words = (tags: readonly string[]): string => tags.join(', ');

const base = { over: 'whole', rule: () => ANY } as const;

/** The spell in which they are a customer just before the instant; undefined when they are none. */
export const customerAt = (facts: Facts, to: number): Spell | undefined => litAt(facts, 2, to - 1);

// ---- want and need ----------------------------------------------------------------------------------------

/** Wants stated by then, each with what closes the gap between it and the needs: a need of the same tag, or one agreed on about it. */
function wantsBy(facts: Facts, at: number): { readonly want: Interaction; readonly need: Interaction | undefined }[] {
  const by = (entry: Interaction): boolean => entry.occurredAt <= at;
  const needs = ofKind(facts, 'need-stated', 'need-agreed').filter(by);
  return ofKind(facts, 'want-stated').filter(by).map((want) => ({ want, need: needs.find((need) => need.about === want.id || tagOf(need) === tagOf(want)) }));
}

const wantAndNeed: LedCheck = {
  ...base,
  name: 'want-and-need',
  title: 'Want and need',
  says: 'Whether a purchase closes over a gap between what they want and what they need. A reason to look, never a block.',
  fires: 'a purchase in the window with a want on file before it that no need stated or agreed by then has the tag of, and no agreed need is about',
  counts: 'purchases with wants and needs on file',
  needs: 'a purchase',
  window: YEAR,
  look: (facts, window) =>
    ofKind(facts, 'purchase').filter(({ occurredAt }) => inside(window, occurredAt)).map((purchase): Finding => {
      const wants = wantsBy(facts, purchase.occurredAt);
      const needs = ofKind(facts, 'need-stated', 'need-agreed').filter(({ occurredAt }) => occurredAt <= purchase.occurredAt);
      if (wants.length === 0) return { found: 'unknown', missing: 'wants stated before the purchase', because: ids(purchase) };
      if (needs.length === 0) return { found: 'unknown', missing: 'needs stated before the purchase', because: ids(purchase, ...wants.map(({ want }) => want)) };
      const open = wants.filter(({ need }) => need === undefined);
      const said = `wants ${words([...new Set(wants.map(({ want }) => tagOf(want)))])}; needs ${words([...new Set(needs.map(tagOf))])}`;
      return open.length > 0 ? { found: 'off', says: said, because: ids(purchase, ...open.map(({ want }) => want), ...needs) } : { found: 'fits', says: said, because: ids(purchase, ...wants.flatMap(({ want, need }) => [want, need])) };
    }),
};

// ---- mutual benefit ---------------------------------------------------------------------------------------

const SIDES = { customerBenefit: 'the customer’s benefit', providerBenefit: 'our benefit' } as const;

/** The first entry that says what each side gains, among these. */
function benefitsIn(entries: readonly Interaction[]): Record<keyof typeof SIDES, Interaction | undefined> {
  const first = (side: string): Interaction | undefined => entries.find(({ kind, has }) => kind === 'benefit-recorded' && has?.includes(side) === true);
  return { customerBenefit: first('customerBenefit'), providerBenefit: first('providerBenefit') };
}

function mutual(found: Record<keyof typeof SIDES, Interaction | undefined>, about: readonly Interaction[], missing: string): Finding {
  const both = Object.keys(SIDES) as (keyof typeof SIDES)[];
  const absent = both.filter((side) => found[side] === undefined);
  const because = ids(...about, found.customerBenefit, found.providerBenefit);
  if (absent.length === both.length) return { found: 'unknown', missing, because };
  return absent.length > 0 ? { found: 'off', says: `without ${SIDES[absent[0]!]}`, because } : { found: 'fits', because };
}

/** When they first became customers, in the window. */
function becameIn(facts: Facts, window: Window): { readonly at: number; readonly by: readonly Interaction[] }[] {
  const first = facts.spells[2][0];
  if (first === undefined || !inside(window, first.from)) return [];
  return [{ at: first.from, by: facts.entries.filter(({ id }) => first.openedBy.includes(id)) }];
}

const benefitBefore: LedCheck = {
  ...base,
  name: 'mutual-benefit-before',
  title: 'Mutual benefit on file before the purchase',
  says: 'Whether it was written down, before they bought, what both sides gain.',
  fires: 'a customer that first bought in the window with the benefit of one side alone recorded before',
  counts: 'new customers with a benefit on file',
  needs: 'a first purchase',
  window: YEAR,
  look: (facts, window) => becameIn(facts, window).map(({ at, by }) => mutual(benefitsIn(facts.entries.filter(({ occurredAt }) => occurredAt < at)), by, 'benefits of either side before the purchase')),
};

const benefitConfirmed: LedCheck = {
  ...base,
  name: 'mutual-benefit-confirmed',
  title: 'Mutual benefit confirmed',
  says: 'Whether both sides’ benefit was confirmed once they had bought: theirs by an outcome or in their own words, ours by a record.',
  fires: 'a customer that first bought in the window, for whom the time in which the rules count value has passed, with the benefit of one side alone confirmed since',
  counts: 'customers with a benefit confirmed',
  needs: 'a first purchase long enough ago',
  window: 2 * YEAR,
  look: (facts, window, { rules }) =>
    becameIn(facts, window).flatMap(({ at, by }): Finding[] => {
      const since = facts.entries.filter(({ occurredAt }) => occurredAt > at);
      const { customerBenefit, providerBenefit } = benefitsIn(since);
      const outcome = since.find(({ kind }) => kind === 'outcome-confirmed') ?? (customerBenefit?.side === 'customer' ? customerBenefit : undefined);
      const found = { customerBenefit: outcome, providerBenefit };
      // Until its time has passed only what is there already is told.
      if (at + rules.adoption.window * DAY > window.to && (outcome === undefined || providerBenefit === undefined)) return [];
      return [mutual(found, by, 'confirmed benefits of either side')];
    }),
};

// ---- who decides ------------------------------------------------------------------------------------------

interface Facing extends Decision {
  readonly entry: Interaction;
  readonly people: ReadonlyMap<string, Known>;
  readonly deciders: readonly string[];
}

/** Decisions with who decides them, as of when they were closed, else of the end of the window. */
function facing(facts: Facts, window: Window, wanted: (decision: Decision) => boolean): Facing[] {
  const byId = new Map(facts.entries.map((entry) => [entry.id, entry]));
  return decisionsOf(facts).filter(wanted).map((decision) => {
    const entry = byId.get(decision.id)!;
    const people = peopleAt(facts.entries, decision.closed?.at ?? window.to);
    return { ...decision, entry, people, deciders: decidersOf(entry, people) };
  });
}

const isOpen = ({ closed }: Decision): boolean => closed === null;
const facesOrFaced = (window: Window) => (decision: Decision): boolean => isOpen(decision) || inside(window, decision.closed!.at);

const qualified: LedCheck = {
  ...base,
  name: 'qualified',
  title: 'Qualified',
  says: 'Whether prospects before a decision are qualified: need agreed, both benefits recorded, a decider known and met.',
  fires: 'a prospect with an open decision for which something of that, but not all of it, is on file',
  counts: 'prospects before a decision',
  needs: 'a prospect with an open decision',
  window: null,
  look(facts, window, { rules }) {
    if (customerAt(facts, window.to) !== undefined) return [];
    const [decision] = facing(facts, window, isOpen);
    if (decision === undefined) return [];
    const agreed = facts.entries.find(({ kind }) => kind === 'need-agreed');
    const { customerBenefit, providerBenefit } = benefitsIn(facts.entries);
    const met = decision.deciders.flatMap((person) => facts.entries.find((entry) => names(entry, person) && isContact(entry, rules)) ?? [])[0];
    const decider = decision.deciders.length > 0 ? decision.people.get(decision.deciders[0]!)!.seen : undefined;
    const parts = { 'need agreed': agreed, 'the customer’s benefit': customerBenefit, 'our benefit': providerBenefit, 'a decider known': decider, 'a decider met': met };
    const lacking = Object.entries(parts).filter(([, entry]) => entry === undefined).map(([name]) => name);
    const because = ids(decision.entry, ...Object.values(parts));
    if (lacking.length === Object.keys(parts).length) return [{ found: 'unknown', missing: 'anything of need, benefits and deciders', because }];
    return [lacking.length > 0 ? { found: 'off', says: `without: ${lacking.join(', ')}`, because } : { found: 'fits', because }];
  },
};

const aligned: LedCheck = {
  ...base,
  name: 'buyer-alignment',
  title: 'Buyer alignment',
  says: 'Whether those who decide are for it.',
  fires: 'a decider of an open decision whose last stance is not for',
  counts: 'deciders with a stance on file',
  needs: 'an open decision',
  window: null,
  look: (facts, window) =>
    facing(facts, window, isOpen).flatMap(({ entry, deciders }): Finding[] => {
      if (deciders.length === 0) return [{ found: 'unknown', missing: 'who decides', because: ids(entry) }];
      return deciders.map((person): Finding => {
        const last = facts.entries.findLast(({ kind, fields }) => kind === 'stance-stated' && fields['person'] === person);
        if (last === undefined) return { found: 'unknown', missing: 'stance of a decider', because: ids(entry) };
        const stance = String(last.fields['stance']);
        return { found: stance === 'for' ? 'fits' : 'off', says: `last stance: ${stance}`, because: ids(entry, last) };
      });
    }),
};

const lateJoiners: LedCheck = {
  ...base,
  name: 'late-joiners',
  title: 'Late joiners',
  says: 'Whether somebody who decides turned up shortly before the decision.',
  fires: `a decider first seen under ${LATE_DAYS} days before the decision: before it was closed or, while it is open, is needed`,
  counts: 'deciders',
  needs: 'a decision',
  window: YEAR,
  look: (facts, window) =>
    facing(facts, window, facesOrFaced(window)).flatMap(({ entry, closed, neededBy, deciders, people }): Finding[] => {
      const at = closed?.at ?? neededBy;
      if (at === null) return [{ found: 'unknown', missing: 'when the decision is needed', because: ids(entry) }];
      if (deciders.length === 0) return [{ found: 'unknown', missing: 'who decides', because: ids(entry) }];
      return deciders.map((person): Finding => {
        const { seen } = people.get(person)!;
        return { found: at - seen.occurredAt < LATE_DAYS * DAY ? 'off' : 'fits', says: `first seen ${Math.floor((at - seen.occurredAt) / DAY)} days before`, because: ids(entry, seen) };
      });
    }),
};

// ---- what comes next, and what came of it -----------------------------------------------------------------

const openers = (facts: Facts, to: number): Interaction[] => {
  const openedBy = customerAt(facts, to)?.openedBy ?? [];
  return facts.entries.filter(({ id }) => openedBy.includes(id));
};

const nextDated: LedCheck = {
  ...base,
  name: 'next-decision-dated',
  title: 'Next decision dated',
  says: 'Whether active customers have a dated next decision or step: no deal is ever won for good.',
  fires: 'an active customer without an open decision needed by a day ahead, and without a planned step not done',
  counts: 'active customers',
  needs: 'an active customer',
  window: null,
  look(facts, window) {
    if (customerAt(facts, window.to) === undefined) return [];
    const done = new Set(ofKind(facts, 'step-done').map(({ about }) => about));
    const steps = ofKind(facts, 'step-planned').filter(({ id }) => !done.has(id));
    const decisions = facing(facts, window, (decision) => isOpen(decision) && decision.neededBy !== null && decision.neededBy >= window.to).map(({ entry }) => entry);
    const ahead = [...steps, ...decisions];
    return [ahead.length > 0 ? { found: 'fits', because: ids(...ahead) } : { found: 'off', because: ids(...openers(facts, window.to)) }];
  },
};

const flatValue: LedCheck = {
  ...base,
  name: 'flat-value',
  title: 'Flat value',
  says: 'Whether the value that customers confirm still grows. Flat usage is fine; flat value is not.',
  fires: 'of an active customer the last outcome confirmed in the window for a measure is no more than the one before it',
  counts: 'measures of active customers with two outcomes',
  needs: 'an active customer',
  groups: 'measure',
  window: YEAR,
  look(facts, window) {
    if (customerAt(facts, window.to) === undefined) return [];
    const confirmed = ofKind(facts, 'outcome-confirmed').filter(({ fields }) => typeof fields['measure'] === 'string' && typeof fields['value'] === 'number');
    if (confirmed.length === 0) return [{ found: 'unknown', group: 'none measured', missing: 'an outcome confirmed with measure and value', because: ids(...openers(facts, window.to)) }];
    return [...Map.groupBy(confirmed, ({ fields }) => String(fields['measure']))].flatMap(([group, outcomes]): Finding[] => {
      const [first, last] = [outcomes.at(-2), outcomes.at(-1)!];
      if (first === undefined) return [{ found: 'unknown', group, missing: 'a second outcome to compare with', because: ids(last) }];
      if (!inside(window, last.occurredAt)) return [{ found: 'unknown', group, missing: 'an outcome confirmed in the window', because: ids(last) }];
      const [before, now] = [Number(first.fields['value']), Number(last.fields['value'])];
      return [{ found: now <= before ? 'off' : 'fits', group, says: `${before}, then ${now}`, because: ids(first, last) }];
    });
  },
};

const sharedUnderstanding: LedCheck = {
  ...base,
  name: 'shared-understanding',
  title: 'Shared understanding',
  says: 'Whether our departments agree with the customer on what comes first.',
  fires: 'the first priority that a department last recorded is not the need that the customer ranks first, else stated first',
  counts: 'departments that recorded a priority',
  needs: 'a priority recorded by a department',
  groups: 'department',
  byDepartment: true,
  window: null,
  look(facts) {
    const needs = new Map<string, Interaction>();
    for (const need of ofKind(facts, 'need-stated')) needs.set(tagOf(need), need);
    const rank = ({ fields }: Interaction): number => (typeof fields['rank'] === 'number' ? fields['rank'] : Infinity);
    const own = [...needs.values()].sort((a, b) => rank(a) - rank(b) || a.occurredAt - b.occurredAt)[0];
    const last = new Map(ofKind(facts, 'priority-recorded').map((priority) => [priority.department ?? 'not recorded', priority]));
    if (last.size === 0) return own === undefined ? [] : [{ found: 'unknown', group: 'none', missing: 'priorities recorded by departments', because: ids(own) }];
    return [...last].map(([group, priority]): Finding => (own === undefined ? { found: 'unknown', group, missing: 'needs stated by the customer', because: ids(priority) } : { found: tagOf(priority) === tagOf(own) ? 'fits' : 'off', group, says: `we say ${tagOf(priority)}, they say ${tagOf(own)}`, because: ids(priority, own) }));
  },
};

// ---- how we go about it -----------------------------------------------------------------------------------

const prepared: LedCheck = {
  ...base,
  name: 'prepared',
  title: 'Prepared',
  says: 'Whether we prepare before we approach a customer.',
  fires: `an opening move of ours with neither a step planned nor a need recorded in the ${PREPARED_HOURS} hours before`,
  counts: 'opening moves',
  needs: 'an opening move of ours',
  window: QUARTER,
  look(facts, window) {
    const preparations = ofKind(facts, 'step-planned', 'need-stated', 'need-agreed');
    return openingMoves(facts).flatMap(({ entry }): Finding[] => {
      const { occurredAt: at } = entry;
      if (!inside(window, at)) return [];
      const ready = preparations.filter(({ occurredAt }) => occurredAt <= at && occurredAt > at - PREPARED_HOURS * 3_600_000);
      return [ready.length > 0 ? { found: 'fits', because: ids(entry, ...ready) } : { found: 'off', because: ids(entry) }];
    });
  },
};

const valueBeforePrice: LedCheck = {
  ...base,
  name: 'price-before-value',
  title: 'Price before value',
  says: 'Whether we give way on the price before anybody wrote down what it is worth.',
  fires: 'a concession granted with no benefit and no outcome on file before it',
  counts: 'concessions',
  needs: 'a concession',
  window: YEAR,
  look: (facts, window) =>
    ofKind(facts, 'concession-granted').filter(({ occurredAt }) => inside(window, occurredAt)).map((concession): Finding => {
      const value = facts.entries.find(({ kind, occurredAt }) => ['benefit-recorded', 'outcome-confirmed', 'value-reached'].includes(kind) && occurredAt < concession.occurredAt);
      return { found: value === undefined ? 'off' : 'fits', because: ids(concession, value) };
    }),
};

const ratRace: LedCheck = {
  ...base,
  name: 'rat-race',
  title: 'Rat race',
  says: 'Whether we do ever more while the customer does not.',
  fires: `in two periods running our interactions are up by ${UP_PERCENT} % or more on the period before, and the customer’s are not up; a period is as long as the window`,
  counts: 'customers with three periods to compare',
  needs: 'a customer',
  window: QUARTER,
  look(facts, { from, to }) {
    const length = to - from;
    const starts = [to - 3 * length, to - 2 * length, from];
    const first = facts.entries[0];
    const periods = starts.map((start) => facts.entries.filter(({ occurredAt }) => occurredAt >= start && occurredAt < start + length));
    const ours = periods.map((entries) => entries.filter(isOurs));
    const theirs = periods.map((entries) => entries.filter(({ side }) => side === 'customer').length);
    const because = ids(...ours.flat());
    if (because.length === 0) return [];
    if (first!.occurredAt > starts[0]!) return [{ found: 'unknown', missing: 'three periods on record', because }];
    const [a, b, c] = ours.map((entries) => entries.length) as [number, number, number];
    if (a < LEAST_ACTIONS) return [{ found: 'unknown', missing: `${LEAST_ACTIONS} interactions of ours in the first period`, because }];
    const up = (x: number, y: number): boolean => 100 * y >= (100 + UP_PERCENT) * x;
    const races = up(a, b) && up(b, c) && theirs[1]! <= theirs[0]! && theirs[2]! <= theirs[1]!;
    return [{ found: races ? 'off' : 'fits', says: `ours ${a}, ${b}, ${c}; theirs ${theirs.join(', ')}`, because }];
  },
};

export const CHECKS: readonly LedCheck[] = [wantAndNeed, benefitBefore, benefitConfirmed, qualified, aligned, lateJoiners, nextDated, flatValue, sharedUnderstanding, prepared, valueBeforePrice, ratRace];
