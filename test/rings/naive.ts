/**
 * The sentences of docs/rings.md said directly, one instant at a time, without intervals or cleverness.
 * An independent reading: it shares nothing with the production fold but the rules and the catalogue.
 */
import { ACTS, kinds } from '../../src/customers/catalogue.js';
import type { Interaction } from '../../src/customers/customer.js';
import type { Cause, RingState, Spell } from '../../src/rings/journey.js';
import { RINGS, type Ring, type Rules } from '../../src/rings/rules.js';

export const DAY = 86_400_000;
/** That a person was erased is no entry; here it stands among them as if it were one. */
export const ERASED = 'person-erased';

export interface Options {
  readonly offering?: string;
}

type Entries = readonly Interaction[];

// ---- reading entries --------------------------------------------------------------------------------------

const instantIn = (entry: Interaction, field: string): number | undefined => entry.fields[field] as number | undefined;
const personOf = (entry: Interaction): string | undefined => entry.fields['person'] as string | undefined;
const fits = (a: string | undefined, b: string | undefined): boolean => a === undefined || b === undefined || a === b;

/** Remembers what is a function of one list of entries, so that asking for the next instant is not slow. */
function remembered<R>(compute: (entries: Entries, rules: Rules, offering: string | undefined) => R): typeof compute {
  const known = new WeakMap<Entries, { rules: Rules; offering: string | undefined; result: R }[]>();
  return (entries, rules, offering) => {
    let results = known.get(entries);
    if (results === undefined) known.set(entries, (results = []));
    let found = results.find((one) => one.rules === rules && one.offering === offering);
    if (found === undefined) results.push((found = { rules, offering, result: compute(entries, rules, offering) }));
    return found.result;
  };
}

const cuts = new WeakMap<Entries, Map<number, Entries>>();

/** Nothing counts before it happened: the entries of which the instant may know. */
export function happenedBy(entries: Entries, at: number): Entries {
  let known = cuts.get(entries);
  if (known === undefined) cuts.set(entries, (known = new Map<number, Entries>()));
  const seen = entries.filter((entry) => entry.occurredAt <= at);
  if (seen.length === entries.length) return entries;
  // As many entries at or before an instant are always the same ones.
  if (!known.has(seen.length)) known.set(seen.length, seen);
  return known.get(seen.length)!;
}

// ---- terms ------------------------------------------------------------------------------------------------

export interface Term {
  readonly entry: Interaction;
  readonly id: string;
  readonly offering: string | undefined;
  readonly occurredAt: number;
  readonly start: number;
  /** Null when open-ended. */
  readonly end: number | null;
  readonly from: number;
  readonly silent: boolean;
  /** E0, and how long the periods are. */
  readonly firstEnd: number;
  readonly period: number;
}

export interface Stop {
  readonly entry: Interaction;
  readonly effect: number;
  readonly cause: 'cancelled' | 'refunded';
}

/** Cancellations and full refunds that apply to the term. */
export function stopsOf(term: Term, seen: Entries): Stop[] {
  const stops: Stop[] = [];
  for (const entry of seen) {
    const cancels = entry.kind === 'cancellation';
    const refunds = entry.kind === 'refund' && entry.fields['full'] === true;
    if (!cancels && !refunds) continue;
    const named = entry.fields['term'];
    const applies = named === undefined ? fits(entry.offering, term.offering) && term.from < entry.occurredAt : named === term.id;
    if (!applies) continue;
    const effect = Math.max((cancels ? instantIn(entry, 'effective') : undefined) ?? entry.occurredAt, entry.occurredAt);
    stops.push({ entry, effect, cause: cancels ? 'cancelled' : 'refunded' });
  }
  return stops;
}

/** The end that a renewal without a start begins at. */
function endFor(renewal: Interaction, followed: Term, seen: Entries): number {
  let end = followed.end ?? Infinity;
  if (followed.silent) {
    end = followed.firstEnd;
    while (end <= renewal.occurredAt) end += followed.period;
  }
  for (const stop of stopsOf(followed, seen)) if (stop.entry.occurredAt < renewal.occurredAt) end = Math.min(end, stop.effect);
  return end;
}

export const termsOf = remembered((seen, rules, offering): Term[] => {
  const terms: Term[] = [];
  const written = seen.filter(({ kind }) => kind === 'purchase' || kind === 'renewal').filter((entry) => fits(entry.offering, offering));
  for (const entry of [...written].sort((a, b) => a.occurredAt - b.occurredAt)) {
    const before = terms.filter(({ occurredAt }) => occurredAt < entry.occurredAt);
    let start = instantIn(entry, 'start');
    if (start === undefined) {
      start = entry.occurredAt;
      if (entry.kind === 'renewal') {
        const named = before.filter(({ id }) => id === entry.fields['term']);
        const followed = named.length > 0 ? named : before.filter((term) => fits(term.offering, entry.offering));
        for (const term of followed) start = Math.max(start, endFor(entry, term, seen));
      }
    }
    const stated = instantIn(entry, 'end');
    const renews = entry.fields['renews'];
    const openEnded = renews === 'open-ended' || (renews === undefined && stated === undefined && rules.purchase.length === null);
    const length = rules.purchase.length ?? 365;
    const end = openEnded ? null : stated === undefined ? start + length * DAY : stated + rules.purchase.beyondEnd * DAY;
    if (end !== null && end <= start) continue;
    const firstEnd = end ?? start + 365 * DAY;
    terms.push({
      entry,
      id: entry.id,
      offering: entry.offering,
      occurredAt: entry.occurredAt,
      start,
      end,
      from: Math.max(start, entry.occurredAt),
      silent: openEnded || renews === 'automatic',
      firstEnd,
      period: firstEnd - start,
    });
  }
  return terms;
});

/** Ring 4, first sentence: B begins around an end of A. */
function followsAnEnd(b: Term, a: Term, seen: Entries, rules: Rules): boolean {
  if (a.id === b.id || !fits(a.offering, b.offering)) return false;
  const at = (e: number): boolean => b.start >= e - rules.renewal.early * DAY && b.start <= e + rules.purchase.grace * DAY && (b.end === null || b.end > e);
  if (!a.silent) return at(a.end!);
  if (at(a.firstEnd)) return true;
  const stopped = Math.min(Infinity, ...stopsOf(a, seen).map(({ effect }) => effect));
  for (let began = a.firstEnd; began < stopped && began + a.period - rules.renewal.early * DAY <= b.start; began += a.period) {
    if (at(began + a.period)) return true;
  }
  return false;
}

function follows(b: Term, a: Term, seen: Entries, rules: Rules): boolean {
  if (a.id === b.id) return false;
  if (followsAnEnd(b, a, seen, rules)) return true;
  const within = rules.renewal.alsoWithin;
  return within !== null && fits(a.offering, b.offering) && a.start < b.start && (a.silent || b.start <= ((a.entry.fields['end'] as number | undefined) ?? a.end!) + within * DAY);
}

/** What the entries seen say of each term: when it ends at last, what stops it, whether it follows another. */
interface Known {
  readonly term: Term;
  readonly lastEnd: number;
  readonly stops: readonly Stop[];
  readonly follows: boolean;
}

const knownTerms = remembered((seen, rules, offering): Known[] => {
  const terms = termsOf(seen, rules, offering);
  return terms.map((term) => ({ term, lastEnd: lastEnd(term, terms, seen, rules), stops: stopsOf(term, seen), follows: followsAnything(term, terms, seen, rules) }));
});

/** Where the term ends at last. */
function lastEnd(term: Term, terms: readonly Term[], seen: Entries, rules: Rules): number {
  if (!term.silent) return term.end!;
  let last = Infinity;
  for (const other of terms) {
    if (other.start > term.start && followsAnEnd(other, term, seen, rules)) last = Math.min(last, Math.max(term.firstEnd, other.start, other.occurredAt));
  }
  return last;
}

function followsAnything(term: Term, terms: readonly Term[], seen: Entries, rules: Rules): boolean {
  if (terms.some((other) => follows(term, other, seen, rules))) return true;
  return term.entry.kind === 'renewal' && !terms.some((other) => other.id !== term.id && fits(other.offering, term.offering) && other.start < term.start && other.entry.occurredAt <= term.entry.occurredAt);
}

// ---- rings 2 and 4 ----------------------------------------------------------------------------------------

const stopped = (known: Known, at: number): boolean => known.stops.some(({ effect }) => effect <= at);
const expired = (known: Known, rules: Rules, at: number): boolean => at >= known.lastEnd + rules.purchase.grace * DAY;

function lightingPurchase(seen: Entries, rules: Rules, at: number, offering: string | undefined): Known[] {
  return knownTerms(seen, rules, offering).filter((known) => known.term.from <= at && !expired(known, rules, at) && !stopped(known, at));
}

function lightingRenewal(seen: Entries, rules: Rules, at: number, offering: string | undefined): Known[] {
  // A term replaced at its first end has not gone on by silence.
  const silently = ({ term, lastEnd: end }: Known): boolean => rules.renewal.tacit && term.silent && at >= term.firstEnd && end > term.firstEnd;
  return lightingPurchase(seen, rules, at, offering).filter((known) => silently(known) || known.follows);
}

// ---- ring 1 -----------------------------------------------------------------------------------------------

/** An objection to contact, and its lifting, say how somebody may be reached. */
const NEVER_CONTACT: readonly string[] = ['contact-objected', 'objection-lifted'];

function isContact(entry: Interaction, rules: Rules): boolean {
  if (NEVER_CONTACT.includes(entry.kind)) return false;
  if (entry.side === 'customer' && !rules.contact.except.includes(entry.kind)) return true;
  return rules.contact.attended.includes(entry.kind) && entry.fields['attended'] === true;
}

function contactAt(all: Entries, rules: Rules, at: number, offering: string | undefined): { fresh: boolean; darkened: boolean } {
  const seen = happenedBy(all, at);
  const customer = lightingPurchase(seen, rules, at, offering).length > 0;
  const contacts = seen.filter((entry) => isContact(entry, rules));
  const fresh = contacts.some(({ occurredAt: t }) => at < t + rules.contact.window * DAY || (customer && at < t + rules.contact.windowWhileCustomer * DAY));
  const latest = Math.max(-Infinity, ...contacts.map(({ occurredAt }) => occurredAt));
  const darkened = !customer && seen.some((entry) => entry.kind === 'fit-declined' && entry.occurredAt >= latest);
  return { fresh, darkened };
}

function keptAt(seen: Entries, rules: Rules, at: number, offering: string | undefined): boolean {
  return seen.some((decision) => {
    if (decision.kind !== 'decision-opened') return false;
    const neededBy = instantIn(decision, 'neededBy');
    if (neededBy === undefined || neededBy <= at) return false;
    if (seen.some((entry) => entry.kind === 'decision-closed' && entry.about === decision.id)) return false;
    const opened = decision.occurredAt;
    return [opened, ...boundaryInstants(seen, rules, offering).filter((u) => u > opened && u <= at)].some((u) => {
      const { fresh, darkened } = contactAt(seen, rules, u, offering);
      return fresh && !darkened;
    });
  });
}

// ---- ring 3 -----------------------------------------------------------------------------------------------

const valueEvidence = remembered((seen, rules, offering): Interaction[] => {
  const read = seen.filter((entry) => fits(entry.offering, offering));
  const within = rules.adoption.csatAfterReview;
  return read.filter((entry) => {
    if (rules.adoption.evidence.includes(entry.kind)) return true;
    if (within === null || entry.kind !== 'survey-answered' || !((entry.fields['csat'] as number | undefined ?? 0) >= 4)) return false;
    return within === 0 || read.some(({ kind, occurredAt }) => kind === 'business-review' && occurredAt <= entry.occurredAt && entry.occurredAt - occurredAt < within * DAY);
  });
});

const makesChampion = (entry: Interaction): boolean =>
  (entry.kind === 'role-given' && entry.fields['role'] === 'champion')
  || (entry.kind === 'person-added' && ((entry.fields['roles'] ?? []) as readonly string[]).includes('champion'));

function isChampion(person: string, seen: Entries, at: number): boolean {
  const about = seen.filter((entry) => personOf(entry) === person && entry.occurredAt <= at);
  const made = Math.max(-Infinity, ...about.filter(makesChampion).map(({ occurredAt }) => occurredAt));
  const left = Math.max(-Infinity, ...about.filter(({ kind }) => kind === 'person-left').map(({ occurredAt }) => occurredAt));
  return made > left;
}

/** Instants at which the want of a champion darkens. */
const championsLost = remembered((seen, rules): number[] => {
  const people = [...new Set(seen.flatMap((entry) => personOf(entry) ?? []))];
  const length = rules.adoption.championLost * DAY;
  return seen
    .filter((entry) => entry.kind === 'person-left' && isChampion(personOf(entry)!, seen, entry.occurredAt - 1))
    .map(({ occurredAt }) => occurredAt)
    .filter((left) => {
      // The instant of the leaving counts even when the length is 0.
      const instants = [left, ...seen.map(({ occurredAt }) => occurredAt).filter((u) => u > left && u < left + length)];
      return !instants.some((u) => people.some((person) => isChampion(person, seen, u)));
    })
    .map((left) => left + length);
});

/** Instants at which a promise that was not delivered reaches the days after which it darkens. */
const promisesMissed = remembered((seen, rules): number[] =>
  seen
    .filter(({ kind }) => kind === 'promise-made')
    .map((promise) => ({ promise, reached: instantIn(promise, 'due')! + (rules.adoption.promiseMissed ?? 30) * DAY }))
    .filter(({ promise, reached }) => !seen.some(({ kind, about, occurredAt }) => kind === 'promise-delivered' && about === promise.id && occurredAt < Math.max(reached, instantIn(promise, 'due')! + 1)))
    .map(({ reached }) => reached));

function adoptionAt(seen: Entries, rules: Rules, at: number, offering: string | undefined): { customer: boolean; seenLately: boolean; darkened: boolean; missed: boolean } {
  const latest = Math.max(-Infinity, ...valueEvidence(seen, rules, offering).map(({ occurredAt }) => occurredAt));
  const stands = (d: number): boolean => latest <= d && d <= at;
  const missed = promisesMissed(seen, rules, undefined).some(stands);
  return {
    missed,
    customer: lightingPurchase(seen, rules, at, offering).length > 0,
    seenLately: at < latest + rules.adoption.window * DAY,
    darkened: missed || championsLost(seen, rules, undefined).some(stands),
  };
}

// ---- ring 5 -----------------------------------------------------------------------------------------------

const isAct = (entry: Interaction): boolean => (ACTS as readonly string[]).includes(entry.kind);

export function stanceOf(act: Interaction): string {
  if (act.kind !== 'review') return (act.fields['stance'] as string | undefined) ?? 'for';
  const stars = act.fields['stars'] as number;
  return stars >= 4 ? 'for' : stars === 3 ? 'mixed' : 'against';
}

function isProved(act: Interaction, seen: Entries): boolean {
  const proved = (level: unknown): boolean => level === 'evidenced' || level === 'confirmed';
  return proved(act.fields['verification']) || seen.some((entry) => entry.kind === 'act-verified' && entry.about === act.id && proved(entry.fields['level']));
}

/** The causes that hold for an act at an instant, in table order; empty when it lights the ring. */
function againstAct(act: Interaction, seen: Entries, rules: Rules, at: number, offering: string | undefined): Cause[] {
  const since = seen.filter((entry) => entry.occurredAt >= act.occurredAt);
  const same = (entry: Interaction): boolean => personOf(entry) !== undefined && personOf(entry) === personOf(act);
  const causes: Cause[] = [];
  if (at >= act.occurredAt + rules.advocacy.window * DAY) causes.push('lapsed');
  if (since.some((entry) => (entry.kind === 'consent-withdrawn' || entry.kind === ERASED) && same(entry))) causes.push('consent withdrawn');
  const detractor = (entry: Interaction): boolean =>
    (entry.kind === 'survey-answered' && same(entry) && entry.fields['nps'] !== undefined && (entry.fields['nps'] as number) <= 6)
    || (isAct(entry) && fits(entry.offering, offering) && stanceOf(entry) === 'against');
  if (since.some(detractor)) causes.push('detractor');
  if (since.some((entry) => entry.kind === 'person-left' && same(entry))) causes.push('person left');
  return causes;
}

function lightingAdvocacy(seen: Entries, rules: Rules, at: number, offering: string | undefined): Interaction[] {
  return seen.filter((act) => isAct(act) && fits(act.offering, offering) && stanceOf(act) === 'for' && isProved(act, seen) && againstAct(act, seen, rules, at, offering).length === 0);
}

// ---- questions --------------------------------------------------------------------------------------------

/** Whether the ring is lit at the instant. */
export function litAt(entries: Entries, rules: Rules, ring: Ring, at: number, options: Options = {}): boolean {
  const seen = happenedBy(entries, at);
  const { offering } = options;
  switch (ring) {
    case 1: {
      const { fresh, darkened } = contactAt(seen, rules, at, offering);
      return !darkened && (fresh || keptAt(seen, rules, at, offering));
    }
    case 2:
      return lightingPurchase(seen, rules, at, offering).length > 0;
    case 3: {
      const { customer, seenLately, darkened } = adoptionAt(seen, rules, at, offering);
      return customer && seenLately && !darkened;
    }
    case 4:
      return lightingRenewal(seen, rules, at, offering).length > 0;
    case 5:
      return lightingAdvocacy(seen, rules, at, offering).length > 0;
  }
}

/** Why the ring is out at an instant just before which it was lit. */
export function causeAt(entries: Entries, rules: Rules, ring: Ring, at: number, options: Options = {}): Cause {
  const seen = happenedBy(entries, at);
  const before = happenedBy(entries, at - 1);
  const { offering } = options;
  switch (ring) {
    case 1: {
      const { fresh } = contactAt(seen, rules, at, offering);
      return fresh || keptAt(seen, rules, at, offering) ? 'closed with thanks' : 'dormant';
    }
    case 2:
    case 4: {
      const lighting = (ring === 2 ? lightingPurchase : lightingRenewal)(before, rules, at - 1, offering);
      const now = knownTerms(seen, rules, offering).filter(({ term }) => lighting.some((one) => one.term.id === term.id));
      const stops = now.flatMap((known) => known.stops).filter(({ effect }) => effect <= at);
      const holds = {
        expired: now.some((known) => expired(known, rules, at)),
        cancelled: stops.some(({ cause }) => cause === 'cancelled'),
        refunded: stops.some(({ cause }) => cause === 'refunded'),
      };
      return (['expired', 'cancelled', 'refunded'] as const).find((cause) => holds[cause])!;
    }
    case 3: {
      const { customer, seenLately, missed } = adoptionAt(seen, rules, at, offering);
      return !customer ? 'no longer a customer' : !seenLately ? 'value not seen' : missed ? 'promise missed' : 'champion lost';
    }
    case 5: {
      // All of them lasted until now; the first cause that holds for any.
      const holding = lightingAdvocacy(before, rules, at - 1, offering).flatMap((act) => againstAct(act, seen, rules, at, offering));
      return (['lapsed', 'consent withdrawn', 'detractor', 'person left'] as const).find((cause) => holding.includes(cause))!;
    }
  }
}

/** Whether all that lights the ring at the instant is silence (ring 4), or acts for which something was given (ring 5). */
export function markAt(entries: Entries, rules: Rules, ring: Ring, at: number, options: Options = {}): Spell['marked'] {
  const seen = happenedBy(entries, at);
  const { offering } = options;
  if (ring === 4) return lightingRenewal(seen, rules, at, offering).some((known) => known.follows) ? undefined : 'tacit';
  if (ring === 5) return lightingAdvocacy(seen, rules, at, offering).some((act) => act.fields['incentivised'] !== true) ? undefined : 'incentivised';
  return undefined;
}

/** Kinds an entry of which could light the ring. */
export function kindsThatLight(rules: Rules, ring: Ring): string[] {
  switch (ring) {
    case 1:
      return Object.entries(kinds).filter(([name, kind]) => (kind.side !== 'us' && !NEVER_CONTACT.includes(name) && !rules.contact.except.includes(name)) || rules.contact.attended.includes(name)).map(([name]) => name);
    case 2:
    case 4:
      return ['purchase', 'renewal'];
    case 3:
      return [...rules.adoption.evidence, ...(rules.adoption.csatAfterReview === null ? [] : ['survey-answered'])];
    case 5:
      return [...ACTS];
  }
}

/** The first instant after `at` at which the ring is out, if nothing more happened; Infinity: it never would be. */
function goesOut(seen: Entries, rules: Rules, ring: Ring, at: number, options: Options): number {
  return boundaryInstants(seen, rules, options.offering).find((u) => u > at && !litAt(seen, rules, ring, u, options)) ?? Infinity;
}

export function stateAt(entries: Entries, rules: Rules, ring: Ring, at: number, options: Options = {}): RingState['state'] {
  const seen = happenedBy(entries, at);
  const { offering } = options;
  if (litAt(seen, rules, ring, at, options)) {
    const out = goesOut(seen, rules, ring, at, options);
    if (ring !== 2 && ring !== 4) return out <= at + rules.warning.days * DAY ? 'at risk' : 'lit';
    if (out === Infinity) return 'lit';
    // Of terms that last equally long the earliest warning counts.
    const last = (ring === 2 ? lightingPurchase : lightingRenewal)(seen, rules, out - 1, offering);
    const warnings = last.flatMap(({ term, lastEnd: end, stops }) => {
      const notice = term.entry.fields['noticeDays'] as number | undefined;
      // One that takes effect as the grace runs out does not end it: it expires.
      const cancellations = stops.filter(({ effect }) => effect === out && effect < end + rules.purchase.grace * DAY).map(({ entry }) => entry.occurredAt);
      return [end - rules.warning.terms * DAY, ...(notice === undefined ? [] : [end - notice * DAY]), ...cancellations];
    });
    return at >= Math.min(...warnings) ? 'at risk' : 'lit';
  }
  if (ring === 4) {
    // Of a term that goes on by silence an end lies ahead as long as it goes on.
    if (knownTerms(seen, rules, offering).some((known) => known.term.from <= at && at < known.lastEnd && !stopped(known, at))) return 'not due';
  }
  const everLit = boundaryInstants(seen, rules, offering).some((u) => u <= at && litAt(seen, rules, ring, u, options));
  if (everLit) return 'out';
  const lighting = kindsThatLight(rules, ring);
  const read = ring === 1 ? seen : seen.filter((entry) => fits(entry.offering, offering));
  return read.some(({ kind }) => lighting.includes(kind)) ? 'not reached' : 'nothing recorded';
}

/** Every instant at which anything could change; ascending. */
export const boundaryInstants = remembered((entries, rules, offering): number[] => {
  const instants = new Set<number>();
  const add = (...more: (number | undefined)[]): void => more.forEach((one) => one !== undefined && Number.isFinite(one) && instants.add(one));
  const { contact, purchase, adoption, advocacy, warning } = rules;
  const warned = (end: number): void => add(end, end - warning.days * DAY);
  for (const entry of entries) {
    const t = entry.occurredAt;
    add(t, instantIn(entry, 'neededBy'));
    if (instantIn(entry, 'effective') !== undefined) warned(instantIn(entry, 'effective')!);
    if (instantIn(entry, 'neededBy') !== undefined) warned(instantIn(entry, 'neededBy')!);
    if (isContact(entry, rules)) [contact.window, contact.windowWhileCustomer].forEach((days) => warned(t + days * DAY));
    if (entry.kind === 'person-left') warned(t + adoption.championLost * DAY);
    if (entry.kind === 'promise-made') warned(instantIn(entry, 'due')! + (adoption.promiseMissed ?? 30) * DAY);
    if (adoption.evidence.includes(entry.kind) || entry.kind === 'survey-answered') warned(t + adoption.window * DAY);
    if (isAct(entry)) warned(t + advocacy.window * DAY);
  }
  for (const term of termsOf(entries, rules, offering)) {
    const notice = (term.entry.fields['noticeDays'] as number | undefined) ?? 0;
    for (const end of [term.start, term.from, term.firstEnd, term.firstEnd + term.period]) {
      add(end, end + purchase.grace * DAY, end - warning.terms * DAY, end - notice * DAY, end + (purchase.grace - warning.days) * DAY);
    }
  }
  return [...instants].sort((a, b) => a - b);
});

export type NaiveSpell = Pick<Spell, 'ring' | 'from' | 'to' | 'cause'>;

/** All spells, by trying every boundary. Knows nothing of what opened or closed them. */
export function naiveSpells(entries: Entries, rules: Rules, options: Options = {}): NaiveSpell[] {
  const spells: NaiveSpell[] = [];
  for (const ring of RINGS) {
    let from: number | undefined;
    const instants = boundaryInstants(entries, rules, options.offering);
    for (const at of instants) {
      const lit = litAt(entries, rules, ring, at, options);
      if (lit && from === undefined) from = at;
      if (!lit && from !== undefined) {
        spells.push({ ring, from, to: at, cause: causeAt(entries, rules, ring, at, options) });
        from = undefined;
      }
    }
    if (from !== undefined) spells.push({ ring, from, to: null, cause: null });
  }
  return spells;
}
