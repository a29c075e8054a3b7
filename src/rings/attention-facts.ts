/**
 * What the reasons for attention need of a customer beside its journey, in little: it stands in the portfolio's row. Made from
 * the entries that have happened, and good for any instant at or after the last of them. Pure; instants in epoch ms.
 */
import type { Interaction } from '../customers/customer.js';
import { peopleOf } from '../customers/entry.js';
import { promisesIn } from '../customers/promises.js';
import { DAY } from '../kernel/calendar.js';
import { isContact } from './fold.js';
import type { Journey } from './journey.js';
import type { Rules } from './rules.js';
import { fits, lastEnd, termsIn, type Term } from './terms.js';

/** A decider first seen less than this before the decision is needed is a late joiner (domain, section 7). */
const LATE = 14 * DAY;

export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** What contracts are worth a year, as another slice reads it. */
export interface Worth {
  /** By term, the last known amount. */
  readonly terms: Readonly<Record<string, Money>>;
  /** What the customer is worth from each instant on until the next, ascending; the first is at or before the last entry. */
  readonly steps: readonly { readonly from: number; readonly worth: readonly Money[] }[];
}

/** Reads amounts from terms and what changed them; another slice knows how. */
export type WorthOf = (entries: readonly Interaction[], terms: readonly Term[], rules: Rules) => Worth;

export interface Since {
  readonly since: number;
  readonly because: readonly string[];
}

/** A term that may come to an end, with what was bought to follow it taken into account. */
export interface TermAhead {
  readonly id: string;
  readonly from: number;
  /** Its end; of one that goes on by silence its first, null when it has none. */
  readonly end: number | null;
  readonly period: number | null;
  readonly notice: number;
  /** What ends it early: when it takes effect, when it was said, and by which entry. */
  readonly ending?: { readonly at: number; readonly said: number; readonly by: string };
  readonly money?: Money;
}

export interface Facts {
  /** Of the entries that reasons name: when they happened, and the revision of what they say now. */
  readonly cited: Readonly<Record<string, readonly [occurredAt: number, revision: number]>>;
  /** Planned steps not done. */
  readonly steps: readonly { readonly id: string; readonly planned: number; readonly due: number }[];
  /** Promises of ours not delivered. */
  readonly promises: readonly { readonly id: string; readonly made: number; readonly due: number }[];
  /** Until when there is a step not done, or an open decision with a needed-by ahead: null as long as nothing more happens; undefined when there never was. */
  readonly dated?: { readonly until: number | null; readonly because: readonly string[] };
  /** Terms in force, or that will be, with nothing bought that follows. */
  readonly terms: readonly TermAhead[];
  /** Of open decisions: nobody is known to decide; who decides was not met; who decides was first seen late. */
  readonly unknown: readonly Since[];
  readonly unmet: readonly Since[];
  readonly late: readonly Since[];
  readonly worth: Worth['steps'];
}

const last = (instants: readonly number[]): number => instants.reduce((a, b) => Math.max(a, b), -Infinity);

/** What closed each of the entries of a kind; the earliest counts, and not before it was opened. */
function closings(entries: readonly Interaction[], opens: string, closes: string): { readonly opened: Interaction; readonly closed?: { readonly at: number; readonly by: string } }[] {
  const byAbout = Map.groupBy(entries.filter(({ kind }) => kind === closes), ({ about }) => about);
  return entries.filter(({ kind }) => kind === opens).map((opened) => {
    const closing = (byAbout.get(opened.id) ?? []).reduce<Interaction | undefined>((a, b) => (a === undefined || b.occurredAt < a.occurredAt ? b : a), undefined);
    return closing === undefined ? { opened } : { opened, closed: { at: Math.max(opened.occurredAt, closing.occurredAt), by: closing.id } };
  });
}

const neededBy = (decision: Interaction): number | undefined => decision.fields['neededBy'] as number | undefined;

function datedUntil(steps: ReturnType<typeof closings>, decisions: ReturnType<typeof closings>): Facts['dated'] {
  const covers = [
    ...steps.map(({ opened, closed }) => ({ until: closed?.at ?? Infinity, by: closed?.by ?? opened.id })),
    ...decisions.flatMap(({ opened, closed }) => {
      const needed = neededBy(opened);
      return needed === undefined || needed <= opened.occurredAt ? [] : [closed !== undefined && closed.at < needed ? { until: closed.at, by: closed.by } : { until: needed, by: opened.id }];
    }),
  ];
  if (covers.length === 0) return undefined;
  const until = last(covers.map((cover) => cover.until));
  return { until: until === Infinity ? null : until, because: [covers.find((cover) => cover.until === until)!.by] };
}

/** Whether another term takes up where this one ends, and goes on beyond. */
function isFollowed(term: Term, end: number, terms: readonly Term[], rules: Rules): boolean {
  const [least, most] = [end - rules.renewal.early * DAY, end + rules.purchase.grace * DAY];
  return terms.some((other) => other !== term && fits(other.offering, term.offering) && other.start >= least && other.start <= most && other.end > end && other.terminated > Math.max(end, other.from));
}

function termsAhead(terms: readonly Term[], now: number, rules: Rules, worth: Worth | undefined): TermAhead[] {
  return terms.flatMap((term): TermAhead[] => {
    const { id, from, period, noticeDays: notice, terminated } = term;
    const until = Math.min(lastEnd(term, terms, rules), terminated);
    // One that goes on by silence ends only where it is ended, or replaced: then it is followed.
    if (until <= Math.max(now, from) || (until === Infinity ? period === null : until < terminated && period !== null) || (until < Infinity && isFollowed(term, until, terms, rules))) return [];
    const ending = term.endings.find(({ effect }) => effect === terminated);
    const money = worth?.terms[id];
    return [{
      id, from, end: term.end === Infinity ? null : term.firstEnd, period, notice,
      ...(ending !== undefined && terminated === until && { ending: { at: terminated, said: ending.entry.occurredAt, by: ending.entry.id } }),
      ...(money !== undefined && { money }),
    }];
  });
}

/** What is known of a person's part in decisions. */
interface Person {
  readonly id: string;
  /** The first entry that names them at all. */
  readonly seen: Interaction;
  /** Since when in the role of a decider; null when not, or no longer. */
  readonly decider: number | null;
  /** The entry by which they left; undefined while they are there. */
  readonly left: Interaction | undefined;
  readonly wasDecider: boolean;
  readonly met: boolean;
}

const takesPart = (entry: Interaction, person: string): boolean => entry.people.includes(person) || entry.fields['person'] === person;

/** `entries` in the order in which they happened; at one instant leaving is last. */
function personOf(id: string, entries: readonly Interaction[], rules: Rules): Person {
  let decider: number | null = null;
  let left: Interaction | undefined;
  let wasDecider = false;
  for (const entry of entries) {
    if (entry.fields['person'] !== id) continue;
    if (entry.kind === 'person-left') [decider, left] = [null, entry];
    if (entry.kind !== 'person-added' && entry.kind !== 'role-given') continue;
    left = undefined;
    const decides = entry.fields['role'] === 'decider' || (entry.fields['roles'] as readonly string[] | undefined)?.includes('decider') === true;
    if (decides) [decider, wasDecider] = [decider ?? entry.occurredAt, true];
  }
  return { id, seen: entries[0]!, decider, left, wasDecider, met: entries.some((entry) => takesPart(entry, id) && isContact(entry, rules)) };
}

const leavingLast = (a: Interaction, b: Interaction): number => a.occurredAt - b.occurredAt || Number(a.kind === 'person-left') - Number(b.kind === 'person-left') || (a.id < b.id ? -1 : 1);

/** Who decides: those named who are still there; when none is, those there in the role of a decider. */
function deciding(open: readonly Interaction[], entries: readonly Interaction[], rules: Rules): Pick<Facts, 'unknown' | 'unmet' | 'late'> {
  const [unknown, unmet, late]: [Since[], Since[], Since[]] = [[], [], []];
  if (open.length === 0) return { unknown, unmet, late };
  const byPerson = new Map<string, Interaction[]>();
  for (const entry of [...entries].sort(leavingLast)) {
    for (const id of peopleOf(entry)) {
      const own = byPerson.get(id);
      if (own === undefined) byPerson.set(id, [entry]);
      else own.push(entry);
    }
  }
  const people = [...byPerson].map(([id, own]) => personOf(id, own, rules));
  for (const decision of open) {
    const opened = decision.occurredAt;
    const named = people.filter(({ id }) => ((decision.fields['deciders'] ?? []) as readonly string[]).includes(id));
    const present = named.filter((person) => person.left === undefined);
    const gone = [...named, ...(present.length > 0 ? [] : people.filter(({ wasDecider }) => wasDecider))].flatMap(({ left }) => left ?? []);
    const namedGone = last(named.flatMap(({ left }) => left?.occurredAt ?? []));
    const deciders = present.length > 0
      ? present.map((person) => ({ person, since: opened }))
      : people.filter((person) => person.decider !== null).map((person) => ({ person, since: Math.max(opened, namedGone, person.decider!) }));
    if (deciders.length === 0) {
      const since = Math.max(opened, last(gone.map(({ occurredAt }) => occurredAt)));
      unknown.push({ since, because: [decision.id, ...gone.filter(({ occurredAt }) => occurredAt === since && occurredAt > opened).map(({ id }) => id)] });
    }
    for (const { person, since } of deciders) {
      const because = [...new Set([decision.id, person.seen.id])];
      if (!person.met) unmet.push({ since, because });
      if ((neededBy(decision) ?? Infinity) - person.seen.occurredAt < LATE) late.push({ since: Math.max(since, person.seen.occurredAt), because });
    }
  }
  return { unknown, unmet, late };
}

/** `entries` in force that have happened. */
export function factsOf(entries: readonly Interaction[], journey: Journey, rules: Rules, worthOf?: WorthOf): Facts {
  const [steps, decisions] = [closings(entries, 'step-planned', 'step-done'), closings(entries, 'decision-opened', 'decision-closed')];
  const now = last(entries.map(({ occurredAt }) => occurredAt));
  const dated = datedUntil(steps, decisions);
  const terms = journey.terms.length === 0 ? [] : termsIn(entries, rules);
  const worth = terms.length === 0 ? undefined : worthOf?.(entries, terms, rules);
  const facts = {
    steps: steps.flatMap(({ opened, closed }) => (closed === undefined ? [{ id: opened.id, planned: opened.occurredAt, due: Number(opened.fields['due']) }] : [])),
    promises: promisesIn(entries).flatMap(({ id, made, due, delivered }) => (delivered === null ? [{ id, made: made.occurredAt, due }] : [])),
    ...(dated !== undefined && { dated }),
    terms: termsAhead(terms, now, rules, worth),
    ...deciding(decisions.flatMap(({ opened, closed }) => (closed === undefined ? [opened] : [])), entries, rules),
    worth: worth?.steps ?? [],
  };
  // Those that may hold, and of each ring the last: spells stand by ring, then by when they began.
  const spells = journey.spells.filter(({ to, ring }, index, all) => to === null || to > now || all[index + 1]?.ring !== ring);
  const named = new Set([
    ...journey.severe.map(({ id }) => id), ...facts.steps.map(({ id }) => id), ...facts.promises.map(({ id }) => id), ...(dated?.because ?? []),
    ...facts.terms.flatMap(({ id, ending }) => (ending === undefined ? [id] : [id, ending.by])),
    ...[...facts.unknown, ...facts.unmet, ...facts.late].flatMap(({ because }) => because), ...spells.flatMap(({ openedBy, closedBy }) => [...openedBy, ...closedBy]),
  ]);
  return { cited: Object.fromEntries(entries.filter(({ id }) => named.has(id)).map(({ id, occurredAt, revision }) => [id, [occurredAt, revision]])), ...facts };
}

/** What the customer is worth a year at the instant; undefined when nothing is known. */
export function worthAt({ worth }: Facts, at: number): readonly Money[] | undefined {
  const now = worth.findLast(({ from }) => from <= at)?.worth;
  return now === undefined || now.length === 0 ? undefined : now;
}


