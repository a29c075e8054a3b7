/**
 * Why a customer needs attention at an instant, the gravest reason first, and since when. Pure: read from its journey, its
 * facts (attention-facts.ts) and the rules, for an instant at or after the last of its entries. docs/attention.md is the text.
 */
import { REASONS, type ReasonName } from '../customers/snooze.js';
import { DAY } from '../kernel/calendar.js';
import type { Days } from '../kernel/days.js';
import type { Facts, Money, Since, TermAhead } from './attention-facts.js';
import type { Journey, RingState, Spell, Standing } from './journey.js';
import { RING_NAMES, type Ring, type Rules } from './rules.js';

export interface Reason {
  readonly reason: ReasonName;
  readonly says: string;
  /** When it began; of several alike (two severe issues) the first. Epoch ms, as all instants here. */
  readonly since: number;
  /** When the newest of several alike began; else as `since`. */
  readonly newest: number;
  /** What lies ahead: when the ring would go out, when the term or its notice ends, when the day of the step ends. */
  readonly until?: number;
  readonly ring?: Ring;
  /** A year of the contract. */
  readonly money?: Money;
  /** Ids of the entries behind it. */
  readonly because: readonly string[];
}

type Grounds = Pick<Reason, 'since' | 'because'> & Partial<Reason>;

const reason = (name: ReasonName, says: string, { newest, ...grounds }: Grounds): Reason => ({ reason: name, says, newest: newest ?? grounds.since, ...grounds });
const counted = (several: number, one: string, many: string): string => (several === 1 ? one : `${several} ${many}`);
const least = (instants: readonly number[]): number => instants.reduce((a, b) => Math.min(a, b), Infinity);
const most = (instants: readonly number[]): number => instants.reduce((a, b) => Math.max(a, b), -Infinity);

/** Several alike as one: since the first of them. */
function together(name: ReasonName, all: readonly Since[], says: string, more: Partial<Reason> = {}): Reason[] {
  if (all.length === 0) return [];
  return [reason(name, says, { since: least(all.map(({ since }) => since)), newest: most(all.map(({ since }) => since)), because: [...new Set(all.flatMap(({ because }) => because))], ...more })];
}

const isLit = ({ state }: RingState): boolean => state === 'lit' || state === 'at risk';

/** Why a ring that is lit would go out. */
const WOULD: Readonly<Partial<Record<string, string>>> = {
  dormant: 'not heard from lately',
  expired: 'its term ends',
  cancelled: 'it was cancelled',
  'no longer a customer': 'Purchase goes out',
  'value not seen': 'no value shown lately',
  'promise missed': 'a promise of ours is overdue',
  'champion lost': 'the champion left',
  lapsed: 'nobody stood up for us lately',
};

/** Since the risk is as it stands: the ring is lit, its end within the warning, and what would end it has happened. */
function atRisk(ring: RingState & { state: 'lit' | 'at risk' }, journey: Journey, facts: Facts, at: number): Reason {
  const spell = journey.spells.find((one) => one.ring === ring.ring && one.from <= at && (one.to === null || at < one.to))!;
  const known = spell.closedBy.map((id) => facts.cited[id]?.[0] ?? spell.from);
  return reason('ring at risk', `${RING_NAMES[ring.ring]} at risk: ${WOULD[ring.cause ?? ''] ?? ring.cause}`, { since: most([spell.from, ring.atRiskFrom!, ...known]), until: spell.to!, ring: ring.ring, because: spell.closedBy });
}

/** When the stretch began in which one of these is lit without a break, up to the instant. */
function unbroken(spells: readonly Spell[], at: number): number {
  let since = at;
  for (const { from, to } of [...spells].sort((a, b) => (b.to ?? Infinity) - (a.to ?? Infinity))) if (from < since && (to ?? Infinity) >= since) since = from;
  return since;
}

/** Since a later ring is lit and this one is out and due: the last of the three to begin. */
function gap(ring: RingState, journey: Journey, at: number): Reason {
  const later = journey.spells.filter((spell) => spell.ring > ring.ring && spell.from <= at);
  const lit = later.filter(({ to }) => to === null || at < to);
  // A renewal falls due when the last term has ended.
  const due = ring.ring === 4 ? most(journey.terms.filter(({ from, until }) => from <= at && until !== null && until <= at).map(({ until }) => until!)) : -Infinity;
  const [out, because] = ring.state === 'out' ? [ring.since, ring.because] : [-Infinity, lit.flatMap(({ openedBy }) => openedBy)];
  return reason('gap', `${RING_NAMES[ring.ring]} is missing while a later ring is lit`, { since: most([unbroken(later, at), out, due]), ring: ring.ring, because: [...new Set(because)] });
}

/**
 * The date of a term that lies ahead: the end of the notice, then the end. One that goes on by silence has only the end of
 * the notice, or without one of the period, by which it can be ended; and none when it goes on in periods no longer than the warning.
 */
export function dateOf({ end, period, notice, ending }: TermAhead, at: number, warning: number): { readonly date: number; readonly says: string; readonly after: number } | undefined {
  if (ending !== undefined) return { date: ending.at, says: 'A contract was ended, and none follows', after: ending.said };
  if (end === null) return undefined;
  const noticeBy = end - notice * DAY;
  if (period !== null) {
    if (period <= warning) return undefined;
    const date = noticeBy + Math.max(0, Math.floor((at - noticeBy) / period) + 1) * period;
    return { date, says: 'A contract goes on by itself after this date', after: date - period };
  }
  return notice > 0 && at < noticeBy ? { date: noticeBy, says: 'The notice date of a contract is ahead, and none follows', after: -Infinity } : { date: end, says: 'A contract ends, and none follows', after: -Infinity };
}

/** Since its date is within the warning, the term in force, and what ended it said. */
function termAhead(term: TermAhead, at: number, warning: number): Reason[] {
  const found = at < term.from ? undefined : dateOf(term, at, warning);
  if (found === undefined) return [];
  const { date, says, after } = found;
  const since = most([term.from, date - warning, after]);
  if (at < since || at >= date) return [];
  return [reason('term ahead', says, { since, until: date, because: term.ending === undefined ? [term.id] : [term.id, term.ending.by], ...(term.money !== undefined && { money: term.money }) })];
}

/** A step is overdue when the day on which it was due is over, and due today from the start of that day; not before it was planned. */
function dueSteps(facts: Facts, at: number, days: Days): Reason[] {
  const today = days.of(at);
  const end = days.start(today + 1);
  const due = facts.steps.map(({ id, planned, due: instant }) => ({ day: days.of(instant), planned, because: [id] }));
  const overdue = due.filter(({ day }) => day < today).map(({ day, planned, because }) => ({ because, since: Math.max(planned, days.start(day + 1)) }));
  const now = due.filter(({ day }) => day === today).map(({ planned, because }) => ({ because, since: Math.max(planned, days.start(today)) }));
  return [
    ...together('step overdue', overdue, counted(overdue.length, 'A planned step is overdue', 'planned steps are overdue')),
    ...together('step due today', now, counted(now.length, 'A planned step is due today', 'planned steps are due today'), { until: end }),
  ];
}

/** A promise is missed as soon as its due instant has passed, and due today before that on its day. */
function duePromises(facts: Facts, at: number, days: Days): Reason[] {
  const today = days.of(at);
  const missed = facts.promises.filter(({ due }) => due < at).map(({ id, made, due }) => ({ since: Math.max(made, due + 1), because: [id] }));
  const now = facts.promises.filter(({ due }) => due >= at && days.of(due) === today);
  return [
    ...together('promise missed', missed, counted(missed.length, 'A promise of ours is missed', 'promises of ours are missed')),
    ...together('promise due today', now.map(({ id, made }) => ({ since: Math.max(made, days.start(today)), because: [id] })), counted(now.length, 'A promise of ours is due today', 'promises of ours are due today'), { until: least(now.map(({ due }) => due)) }),
  ];
}

/** A customer with nothing dated ahead: since the last such date passed or was dealt with, and it is a customer. */
function nothingDated({ dated }: Facts, purchase: RingState): Reason[] {
  if (purchase.state !== 'lit' && purchase.state !== 'at risk') return [];
  return [reason('no dated next step', 'A customer without a dated next step or decision', { since: most([purchase.since, dated?.until ?? -Infinity]), because: dated === undefined || dated.until! < purchase.since ? purchase.because : dated.because })];
}

export function reasonsFor(journey: Journey, standing: Standing, facts: Facts, rules: Rules, days: Days): Reason[] {
  const { at, rings } = standing;
  const purchase = rings[1]!;
  const severe = journey.severe.map(({ id, since }) => ({ since, because: [id] }));
  const ringReasons = rings.flatMap((ring): Reason[] => {
    if (ring.state === 'at risk') return [atRisk(ring, journey, facts, at)];
    if (ring.ring === 1 && ring.state === 'out' && isLit(purchase)) {
      const since = Math.max(ring.since, (purchase as { since: number }).since);
      return [reason('silent', 'A customer we do not hear from', { since, ring: 1, because: ring.because })];
    }
    return standing.gaps.includes(ring.ring) ? [gap(ring, journey, at)] : [];
  });
  const isDated = facts.dated !== undefined && (facts.dated.until === null || at < facts.dated.until);
  return [
    ...together('severe issue open', severe, counted(severe.length, 'A severe issue is open', 'severe issues are open')),
    ...ringReasons,
    ...facts.terms.flatMap((term) => termAhead(term, at, rules.warning.terms * DAY)),
    ...duePromises(facts, at, days),
    ...dueSteps(facts, at, days),
    ...(isDated ? [] : nothingDated(facts, purchase)),
    ...together('decider unknown', facts.unknown, counted(facts.unknown.length, 'Nobody is known to take an open decision', 'open decisions have nobody known to take them')),
    ...together('decider not met', facts.unmet, counted(facts.unmet.length, 'Somebody who decides was never met', 'who decide were never met')),
    ...together('late joiner', facts.late, counted(facts.late.length, 'Somebody who decides came in late', 'who decide came in late')),
  ].sort((a, b) => rankOf(a) - rankOf(b) || a.since - b.since || (a.ring ?? 0) - (b.ring ?? 0));
}

/** 0 is the gravest. */
export const rankOf = ({ reason: name }: Pick<Reason, 'reason'>): number => REASONS.indexOf(name);

/** What decides the place of a customer among others: its gravest reason, how many there are, and since when the gravest. */
export interface Gravity {
  /** Of the gravest; as many as there are sorts of reasons when there is none. */
  readonly rank: number;
  readonly count: number;
  /** Epoch ms; null without a reason. */
  readonly since: number | null;
}

/** `reasons` gravest first. */
export const gravityOf = (reasons: readonly Pick<Reason, 'reason' | 'since'>[]): Gravity => ({ rank: reasons.length === 0 ? REASONS.length : rankOf(reasons[0]!), count: reasons.length, since: reasons[0]?.since ?? null });

/** Gravest first; those without a reason last. */
export const byGravity = (a: Gravity, b: Gravity): number => a.rank - b.rank || b.count - a.count || (a.since ?? 0) - (b.since ?? 0);

/** The first instant of the day before the one that contains the instant; a date that the zone leaves out is no day. */
export function startOfYesterday(at: number, days: Days): number {
  const today = days.of(at);
  let day = today - 1;
  while (days.start(day) === days.start(today)) day -= 1;
  return days.start(day);
}

/** New since yesterday: it, or the newest of several alike, began yesterday or today. */
export const isNew = ({ newest }: Pick<Reason, 'newest'>, at: number, days: Days): boolean => newest >= startOfYesterday(at, days);
