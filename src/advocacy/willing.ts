/**
 * Who might stand up for us, and whether we may ask them. What is known of a person is made once from the customer's entries
 * (`willingIn`) and read for any instant after the last of them (`verdictOn`). Pure; instants in epoch ms. docs/advocacy.md is the text.
 */
import { closedNow, recommends, rolesOf } from '../customers/about-person.js';
import { asksIn, askStateAt, asksLeft, consentsInForce, leftBy, nextFree, severeAt, type Ask, type AskBudget, type AskState } from '../customers/asks.js';
import { ownerOf, type CustomerState, type Interaction } from '../customers/customer.js';
import { peopleOf } from '../customers/entry.js';
import type { Closed } from '../customers/objections.js';
import { DAY, toIso } from '../kernel/calendar.js';
import type { Spell } from '../rings/journey.js';
import type { Act } from './acts.js';

/** What an ask is looked for with; what is left out fits everybody. */
export interface Wanted {
  readonly act?: string;
  readonly offering?: string;
  readonly segment?: string;
  readonly role?: string;
}

/** All that is known of somebody who answered 9 or 10, did something for us, or was asked. */
export interface Willing {
  readonly customer: string;
  readonly person: string;
  readonly segment: string | null;
  readonly owner: string | null;
  readonly roles: readonly string[];
  /** Offerings of entries that name them, and of what their customer bought. */
  readonly offerings: readonly string[];
  /** The last answer to whether they would recommend us. */
  readonly nps: { readonly score: number; readonly at: number; readonly entry: string } | null;
  readonly acts: readonly Act[];
  readonly asks: readonly Pick<Ask, 'id' | 'act' | 'due' | 'answers'>[];
  /** When each of these asks was made, in their order. */
  readonly asked: readonly number[];
  /** When ring 5 of their customer was lit, and by which acts. */
  readonly lit: readonly Pick<Spell, 'from' | 'to' | 'openedBy'>[];
  readonly consents: readonly { readonly purpose: string; readonly entry: string }[];
  readonly closed: readonly Closed[];
  readonly left: string | null;
  readonly severe: readonly string[];
}

/** Everybody at the customer of whom there is something to tell, by id. `entries` by when they happened; `acts` as they are credited. */
export function willingIn(state: CustomerState, entries: readonly Interaction[], spells: readonly Spell[], acts: readonly Act[]): Willing[] {
  const asks = asksIn(entries);
  const answers = entries.filter(({ kind, fields }) => kind === 'survey-answered' && typeof fields['nps'] === 'number' && typeof fields['person'] === 'string');
  const people = new Set([...asks.map(({ person }) => person), ...acts.map(({ person }) => person), ...answers.filter(({ fields }) => Number(fields['nps']) >= 9).map(({ fields }) => String(fields['person']))]);
  if (people.size === 0) return [];
  const now = Math.max(...entries.map(({ occurredAt }) => occurredAt));
  const severe = severeAt(entries, now).map(({ id }) => id);
  const bought = entries.flatMap(({ kind, offering }) => ((kind === 'purchase' || kind === 'renewal') && offering !== undefined ? [offering] : []));
  const lit = spells.filter(({ ring }) => ring === 5).map(({ from, to, openedBy }) => ({ from, to, openedBy }));
  return [...people].filter((person) => state.people.has(person) && !state.erased.has(person)).sort().map((person) => {
    const naming = entries.filter((entry) => peopleOf(entry).includes(person));
    const own = naming.filter(({ fields }) => fields['person'] === person);
    const nps = answers.findLast(({ fields }) => fields['person'] === person);
    const theirs = asks.filter((ask) => ask.person === person);
    return {
      customer: state.id, person, segment: state.segment, owner: ownerOf(state),
      roles: rolesOf(own).map(({ role }) => role).sort(),
      offerings: [...new Set([...bought, ...naming.flatMap(({ offering }) => offering ?? [])])].sort(),
      nps: nps === undefined ? null : { score: Number(nps.fields['nps']), at: nps.occurredAt, entry: nps.id },
      acts: acts.filter((act) => act.person === person),
      asks: theirs.map(({ id, act, due, answers: said }) => ({ id, act, due, answers: said })),
      asked: theirs.map(({ asked }) => asked.occurredAt),
      lit,
      consents: consentsInForce(entries, person, now).map(({ id, fields }) => ({ purpose: String(fields['purpose']), entry: id })).sort((a, b) => (a.purpose < b.purpose ? -1 : 1)),
      closed: closedNow(state, person, now),
      left: leftBy(entries, person, now)?.id ?? null,
      severe,
    };
  });
}

/** Why somebody may be asked, or may not, with the entries behind it. */
export interface Ground {
  readonly ground: 'promoter' | 'advocate' | 'consent' | 'offering' | 'segment' | 'role' | 'act done before' | 'not willing' | 'left' | 'objects to contact' | 'no consent' | 'severe issue open' | 'budget spent';
  readonly says: string;
  readonly because: readonly string[];
}

export interface Verdict {
  readonly mayAsk: boolean;
  readonly for: readonly Ground[];
  readonly against: readonly Ground[];
  /** How many of the things wanted they fit. */
  readonly fit: number;
  readonly left: number;
  /** When they may be asked again as far as the budget goes; null: never. */
  readonly nextFree: number | null;
}

const ground = (name: Ground['ground'], says: string, because: readonly string[] = []): Ground => ({ ground: name, says, because });

/** Whether to ask the person at the instant, at or after the last entry of their customer. */
export function verdictOn(one: Willing, wanted: Wanted, at: number, budget: AskBudget): Verdict {
  const lit = one.lit.find(({ from, to }) => from <= at && (to === null || at < to));
  const reasons: Ground[] = [];
  if (one.nps !== null && recommends(one.nps.score) === 'promoter') reasons.push(ground('promoter', `Would recommend us: ${one.nps.score} of 10.`, [one.nps.entry]));
  if (lit !== undefined && one.acts.length > 0) reasons.push(ground('advocate', `Stood up for us ${one.acts.length === 1 ? 'once' : `${one.acts.length} times`}, and Advocacy is lit.`, one.acts.map(({ id }) => id)));
  const against: Ground[] = reasons.length > 0 ? [] : [ground('not willing', 'Neither a promoter by their last answer, nor an advocate with Advocacy lit.', one.nps === null ? [] : [one.nps.entry])];
  if (one.left !== null) against.push(ground('left', 'Is not there any more.', [one.left]));
  const whole = one.closed.some(({ channel }) => channel === null);
  if (whole) against.push(ground('objects to contact', 'Objects to being contacted.'));
  if (one.consents.length === 0) against.push(ground('no consent', 'Has given no consent that is in force.'));
  else reasons.push(ground('consent', `Agreed to: ${one.consents.map(({ purpose }) => purpose).join(', ')}.`, one.consents.map(({ entry }) => entry)));
  if (one.severe.length > 0) against.push(ground('severe issue open', 'A severe issue is open at their company: see to that first.', one.severe));
  const left = asksLeft(one.asked, at, budget);
  const free = nextFree(one.asked, at, budget);
  if (free !== at) against.push(ground('budget spent', `Was asked ${budget.asks} times within ${budget.days} days; ${free === null ? 'nobody may be asked at present' : `free again from ${toIso(free)}`}.`, one.asks.filter((_, index) => at - one.asked[index]! < budget.days * DAY).map(({ id }) => id)));
  const fits: Ground[] = [];
  if (wanted.offering !== undefined && one.offerings.includes(wanted.offering)) fits.push(ground('offering', `Knows ${wanted.offering}.`));
  if (wanted.segment !== undefined && one.segment === wanted.segment) fits.push(ground('segment', `Is of the segment ${wanted.segment}.`));
  if (wanted.role !== undefined && one.roles.includes(wanted.role)) fits.push(ground('role', `Is ${wanted.role} there.`));
  const before = wanted.act === undefined ? [] : one.acts.filter(({ kind }) => kind === wanted.act).map(({ id }) => id);
  if (before.length > 0) fits.push(ground('act done before', `Did a ${wanted.act} before.`, before));
  return { mayAsk: against.length === 0, for: [...reasons, ...fits], against, fit: fits.length, left, nextFree: free };
}

/** The best fit first; then who has more to say for it, was asked less, and longest ago; then by customer and person. */
export function byFit(a: { readonly one: Willing; readonly verdict: Verdict }, b: { readonly one: Willing; readonly verdict: Verdict }): number {
  const lastAsked = ({ asked }: Willing): number => asked.reduce((last, at) => Math.max(last, at), -Infinity);
  const grounds = ({ for: all }: Verdict): number => all.filter((one) => one.ground === 'promoter' || one.ground === 'advocate').length;
  const key = ({ customer, person }: Willing): string => `${customer} ${person}`;
  const [earlier, later] = [lastAsked(a.one), lastAsked(b.one)];
  return Number(b.verdict.mayAsk) - Number(a.verdict.mayAsk) || b.verdict.fit - a.verdict.fit || grounds(b.verdict) - grounds(a.verdict) || b.verdict.left - a.verdict.left || (earlier === later ? 0 : earlier - later) || (key(a.one) < key(b.one) ? -1 : 1);
}

/** What an advocate carries, and what they gave. */
export interface Load {
  readonly asks: number;
  /** Asks within the budget's stretch before the instant. */
  readonly recent: number;
  readonly lastAsk: number | null;
  readonly states: Readonly<Record<AskState, number>>;
  readonly acts: number;
  readonly lastAct: number | null;
  readonly reach: number;
  readonly evidenced: number;
  readonly incentivised: number;
}

export function loadOf({ asks, asked, acts }: Willing, at: number, budget: AskBudget): Load {
  const states = { waiting: 0, accepted: 0, declined: 0, done: 0 };
  for (const ask of asks) states[askStateAt(ask, at)] += 1;
  const newest = (instants: readonly number[]): number | null => instants.reduce<number | null>((last, one) => (last === null || one > last ? one : last), null);
  return {
    asks: asks.length, recent: asked.filter((one) => one <= at && at - one < budget.days * DAY).length, lastAsk: newest(asked), states,
    acts: acts.length, lastAct: newest(acts.map((act) => act.at)), reach: acts.reduce((sum, { reach }) => sum + (reach ?? 0), 0),
    evidenced: acts.filter(({ level }) => level !== 'claimed').length, incentivised: acts.filter(({ incentivised }) => incentivised).length,
  };
}
