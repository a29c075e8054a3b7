/**
 * The journey of a customer: one pass over its entries gives every spell of every ring. Pure; reads no clock.
 * docs/rings.md is the text of the law. Each piece of evidence becomes a piece of time; pieces are cut by what
 * darkens them and joined into spells.
 */
import { ACTS, kinds } from '../customers/catalogue.js';
import type { Interaction } from '../customers/customer.js';
import { isObjection } from '../customers/objections.js';
import { promisesIn } from '../customers/promises.js';
import { DAY } from '../kernel/calendar.js';
import type { Cause, Journey, Spell } from './journey.js';
import { PROMISE_MISSED, RINGS, type Ring, type Rules } from './rules.js';
import { fits, followingIn, lastEnd, termsIn, type Term } from './terms.js';

/** A stretch [from, to) of time that one entry lights, and why it ends. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly by: string;
  readonly cause: Cause;
  readonly closedBy: readonly string[];
  readonly atRiskFrom: number;
  readonly marked?: boolean;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Which cause is told when several pieces end together: the first of the list. */
const RANK: Readonly<Record<Ring, readonly Cause[]>> = {
  1: ['closed with thanks', 'dormant'],
  2: ['expired', 'cancelled', 'refunded'],
  3: ['no longer a customer', 'promise missed', 'champion lost', 'value not seen'],
  4: ['expired', 'cancelled', 'refunded'],
  5: ['lapsed', 'consent withdrawn', 'detractor', 'person left'],
};

const byTime = (a: Interaction, b: Interaction): number => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1);

/**
 * Joins pieces that touch or overlap. `snuffed` are pieces darkened in the instant they would have begun: they light nothing,
 * but say why the ring is out then.
 */
function join(ring: Ring, pieces: readonly Piece[], snuffed: readonly Piece[] = []): Spell[] {
  const sorted = pieces.filter((piece) => piece.from < piece.to).sort((a, b) => a.from - b.from);
  const spells: Spell[] = [];
  let group: Piece[] = [];
  let to = -Infinity;
  const close = (): void => {
    if (group.length > 0) spells.push(spellOf(ring, group, to, snuffed.filter((piece) => piece.from === to)));
  };
  for (const piece of sorted) {
    if (piece.from > to) {
      close();
      group = [];
      to = -Infinity;
    }
    group.push(piece);
    to = Math.max(to, piece.to);
  }
  close();
  return spells;
}

function spellOf(ring: Ring, pieces: readonly Piece[], to: number, snuffed: readonly Piece[]): Spell {
  const from = pieces[0]!.from;
  const ids = (list: readonly string[]): string[] => [...new Set(list)].sort();
  const openedBy = ids(pieces.filter((piece) => piece.from === from).map(({ by }) => by));
  const marked = pieces.every((piece) => piece.marked === true) ? { marked: ring === 4 ? ('tacit' as const) : ('incentivised' as const) } : {};
  if (to === Infinity) return { ring, from, to: null, openedBy, closedBy: [], cause: null, atRiskFrom: null, ...marked };
  const last = [...pieces.filter((piece) => piece.to === to), ...snuffed];
  const cause = RANK[ring].find((candidate) => last.some((piece) => piece.cause === candidate))!;
  const closing = last.filter((piece) => piece.cause === cause);
  const atRiskFrom = Math.max(from, Math.min(...last.map((piece) => piece.atRiskFrom)));
  return { ring, from, to, openedBy, closedBy: ids(closing.flatMap((piece) => piece.closedBy)), cause, atRiskFrom, ...marked };
}

/** What of the piece lies outside the spans; where a span begins, the piece ends by that span's doing. */
function without(piece: Piece, spans: readonly (Span & { readonly cause: Cause; readonly by: string; readonly warning: number })[]): Piece[] {
  let rest: Piece[] = [piece];
  for (const span of spans) {
    rest = rest.flatMap((part) => {
      if (span.to <= part.from || span.from >= part.to) return [part];
      // Begun in the dark, it leaves an empty piece behind, which says why.
      const to = Math.max(part.from, span.from);
      const before: Piece = { ...part, to, cause: span.cause, closedBy: [span.by], atRiskFrom: to - span.warning };
      return [before, { ...part, from: span.to }].filter(({ from, to: end }) => from <= end);
    });
  }
  return rest;
}

// ---- rings 2 and 4: terms ---------------------------------------------------------------------------------

function termPiece(term: Term, terms: readonly Term[], rules: Rules): Piece {
  const end = lastEnd(term, terms, rules);
  const expiry = end + rules.purchase.grace * DAY;
  const risks = end === Infinity ? [] : [end - rules.warning.terms * DAY, end - term.noticeDays * DAY];
  if (term.terminated >= expiry) {
    return { from: term.from, to: expiry, by: term.id, cause: 'expired', closedBy: [term.id], atRiskFrom: Math.min(Infinity, ...risks) };
  }
  const ending = term.endings.filter(({ effect }) => effect === term.terminated);
  const cause = ending.some((one) => one.cause === 'cancelled') ? 'cancelled' : 'refunded';
  const closing = ending.filter((one) => one.cause === cause);
  return {
    from: term.from,
    to: term.terminated,
    by: term.id,
    cause,
    closedBy: closing.map(({ entry }) => entry.id),
    atRiskFrom: Math.min(...risks, ...closing.map(({ entry }) => entry.occurredAt)),
  };
}

function renewalPieces(term: Term, piece: Piece, terms: readonly Term[], rules: Rules): Piece[] {
  const clip = ({ from, to }: Span): Piece => (to < piece.to ? { ...piece, from, to } : { ...piece, from });
  const pieces = followingIn(term, terms, rules).map(clip);
  if (term.period !== null && rules.renewal.tacit && lastEnd(term, terms, rules) > term.firstEnd) {
    pieces.push({ ...piece, from: Math.max(term.from, term.firstEnd), marked: true });
  }
  return pieces;
}

// ---- ring 1: contact --------------------------------------------------------------------------------------

/** Whether an entry is contact evidence: it alone could light ring 1. How somebody may be reached never is, whatever the rules. */
export function isContact(entry: Pick<Interaction, 'side' | 'kind' | 'fields'>, rules: Rules): boolean {
  const { except, attended } = rules.contact;
  return (entry.side === 'customer' && !except.includes(entry.kind) && !isObjection(entry.kind)) || (attended.includes(entry.kind) && entry.fields['attended'] === true);
}

/** Stretches in which a fit-declined stands against the latest evidence while ring 2 is out. */
function declinedSpans(sorted: readonly Interaction[], evidence: readonly Interaction[], customerIn: readonly Span[], warning: number) {
  return sorted
    .filter(({ kind }) => kind === 'fit-declined')
    .flatMap((declined) => {
      const next = evidence.find(({ occurredAt }) => occurredAt > declined.occurredAt)?.occurredAt ?? Infinity;
      let from = declined.occurredAt;
      const spans: Span[] = [];
      for (const customer of customerIn) {
        if (customer.to <= from) continue;
        spans.push({ from, to: Math.min(customer.from, next) });
        from = customer.to;
      }
      spans.push({ from, to: next });
      return spans.filter((span) => span.from < span.to).map((span) => ({ ...span, cause: 'closed with thanks' as const, by: declined.id, warning }));
    });
}

function contactPieces(sorted: readonly Interaction[], customerIn: readonly Span[], rules: Rules): Piece[] {
  const warning = rules.warning.days * DAY;
  const evidence = sorted.filter((entry) => isContact(entry, rules));
  const piece = (by: string, from: number, to: number): Piece => ({ from, to, by, cause: 'dormant', closedBy: [by], atRiskFrom: to - warning });
  const fresh = evidence.flatMap(({ id, occurredAt: t }) => [
    piece(id, t, t + rules.contact.window * DAY),
    ...customerIn.map((span) => piece(id, Math.max(t, span.from), Math.min(t + rules.contact.windowWhileCustomer * DAY, span.to))).filter(({ from, to }) => from < to),
  ]);
  const declined = declinedSpans(sorted, evidence, customerIn, warning);
  const lit = fresh.flatMap((one) => without(one, declined));
  const closed = Map.groupBy(sorted.filter(({ kind }) => kind === 'decision-closed'), ({ about }) => about);
  const kept = sorted
    .filter((entry) => entry.kind === 'decision-opened' && entry.fields['neededBy'] !== undefined)
    .flatMap((decision) => {
      const opened = decision.occurredAt;
      const closings = (closed.get(decision.id) ?? []).map(({ occurredAt }) => Math.max(opened, occurredAt));
      const until = Math.min(decision.fields['neededBy'] as number, ...closings);
      const starts = lit.filter(({ from, to }) => from < to && from < until && to > opened).map(({ from }) => Math.max(from, opened));
      const from = Math.min(Infinity, ...starts);
      return from < until ? without(piece(decision.id, from, until), declined) : [];
    });
  return [...lit, ...kept];
}

// ---- ring 3: adoption -------------------------------------------------------------------------------------

function isValue(entry: Interaction, reviews: readonly Interaction[], rules: Rules): boolean {
  if (rules.adoption.evidence.includes(entry.kind)) return true;
  const within = rules.adoption.csatAfterReview;
  if (within === null || entry.kind !== 'survey-answered' || !(Number(entry.fields['csat']) >= 4)) return false;
  return within === 0 || reviews.some((review) => review.occurredAt <= entry.occurredAt && entry.occurredAt < review.occurredAt + within * DAY);
}

/** When each person was a champion; at one instant leaving wins. */
function championSpans(sorted: readonly Interaction[]): (Span & { readonly person: string })[] {
  const since = new Map<string, number>();
  const spans: (Span & { readonly person: string })[] = [];
  for (const entry of sorted) {
    const person = entry.fields['person'] as string | undefined;
    if (person === undefined) continue;
    const begins = (entry.kind === 'role-given' && entry.fields['role'] === 'champion') || (entry.kind === 'person-added' && (entry.fields['roles'] as readonly string[] | undefined)?.includes('champion'));
    if (begins === true && !since.has(person)) since.set(person, entry.occurredAt);
    if (begins === true || entry.kind !== 'person-left') continue;
    const from = since.get(person);
    since.delete(person);
    if (from !== undefined && from < entry.occurredAt) spans.push({ person, from, to: entry.occurredAt });
  }
  return [...spans, ...[...since].map(([person, from]) => ({ person, from, to: Infinity }))];
}

/** Leaving last at each instant, so that it wins. */
const leavingLast = (a: Interaction, b: Interaction): number => a.occurredAt - b.occurredAt || Number(a.kind === 'person-left') - Number(b.kind === 'person-left') || (a.id < b.id ? -1 : 1);

interface Darkener {
  readonly at: number;
  readonly cause: Cause;
  readonly by: string;
}

function championLosses(sorted: readonly Interaction[], rules: Rules): Darkener[] {
  const spans = championSpans([...sorted].sort(leavingLast));
  const days = rules.adoption.championLost * DAY;
  return sorted.flatMap((entry): Darkener[] => {
    if (entry.kind !== 'person-left') return [];
    const left = entry.occurredAt;
    const wasChampion = spans.some(({ person, to }) => to === left && person === entry.fields['person']);
    const anyLeft = spans.some(({ from, to }) => from < left + Math.max(1, days) && to > left);
    return wasChampion && !anyLeft ? [{ at: left + days, cause: 'champion lost', by: entry.id }] : [];
  });
}

/** Promises that reach so many days missed: a delivery later than that takes nothing back. */
function missedPromises(sorted: readonly Interaction[], rules: Rules): Darkener[] {
  const days = (rules.adoption.promiseMissed ?? PROMISE_MISSED) * DAY;
  return promisesIn(sorted).flatMap(({ id, due, delivered }): Darkener[] => (delivered !== null && (delivered.at <= due || delivered.at < due + days) ? [] : [{ at: due + days, cause: 'promise missed', by: id }]));
}

/** The piece up to the first darkener since its evidence; unless it ran out by itself before. */
function darken(piece: Piece, evidenceAt: number, darkeners: readonly Darkener[], order: readonly Cause[], warning: number): Piece {
  const standing = darkeners.filter(({ at }) => at >= evidenceAt && at < piece.to);
  const at = Math.min(...standing.map((darkener) => darkener.at));
  if (standing.length === 0) return piece;
  const now = standing.filter((darkener) => darkener.at === at);
  const cause = order.find((candidate) => now.some((darkener) => darkener.cause === candidate))!;
  return { ...piece, to: at, cause, closedBy: now.filter((darkener) => darkener.cause === cause).map(({ by }) => by), atRiskFrom: at - warning };
}

function adoptionPieces(sorted: readonly Interaction[], customer: readonly Spell[], rules: Rules, offering: string | undefined): Piece[] {
  const warning = rules.warning.days * DAY;
  const reviews = sorted.filter((entry) => entry.kind === 'business-review' && fits(entry.offering, offering));
  const losses = [...championLosses(sorted, rules), ...missedPromises(sorted, rules)];
  return sorted
    .filter((entry) => fits(entry.offering, offering) && isValue(entry, reviews, rules))
    .flatMap(({ id, occurredAt: t }) => {
      const to = t + rules.adoption.window * DAY;
      const piece = darken({ from: t, to, by: id, cause: 'value not seen', closedBy: [id], atRiskFrom: to - warning }, t, losses, RANK[3], warning);
      return customer.flatMap((spell): Piece[] => {
        const from = Math.max(piece.from, spell.from);
        const end = spell.to ?? Infinity;
        if (end > piece.to) return [{ ...piece, from }];
        return [{ ...piece, from, to: end, cause: 'no longer a customer', closedBy: spell.closedBy, atRiskFrom: end - warning }];
      });
    });
}

// ---- ring 5: advocacy -------------------------------------------------------------------------------------

/** Where an act stands: a review by its stars, else as stated, else for. */
export function stanceOf(act: Pick<Interaction, 'kind' | 'fields'>): string {
  if (act.kind === 'review') return Number(act.fields['stars']) >= 4 ? 'for' : Number(act.fields['stars']) === 3 ? 'mixed' : 'against';
  return (act.fields['stance'] as string | undefined) ?? 'for';
}

const proved = (level: unknown): boolean => level === 'evidenced' || level === 'confirmed';

/** What darkens the acts of the person it names. */
function personalDarkener(entry: Interaction): (Darkener & { readonly person: string })[] {
  const person = entry.fields['person'] as string | undefined;
  if (person === undefined) return [];
  const by = { person, at: entry.occurredAt, by: entry.id };
  if (entry.kind === 'consent-withdrawn') return [{ ...by, cause: 'consent withdrawn' }];
  if (entry.kind === 'survey-answered' && Number(entry.fields['nps'] ?? 10) <= 6) return [{ ...by, cause: 'detractor' }];
  return entry.kind === 'person-left' ? [{ ...by, cause: 'person left' }] : [];
}

function advocacyPieces(sorted: readonly Interaction[], rules: Rules, offering: string | undefined, erased: ReadonlyMap<string, number>): Piece[] {
  const warning = rules.warning.days * DAY;
  const acts = sorted.filter((entry) => (ACTS as readonly string[]).includes(entry.kind) && fits(entry.offering, offering));
  const against = acts.filter((act) => stanceOf(act) === 'against').map(({ occurredAt: at, id: by }): Darkener => ({ at, by, cause: 'detractor' }));
  const byPerson = Map.groupBy(sorted.flatMap(personalDarkener), ({ person }) => person);
  const verified = Map.groupBy(sorted.filter(({ kind, fields }) => kind === 'act-verified' && proved(fields['level'])), ({ about }) => about);
  return acts
    .filter((act) => stanceOf(act) === 'for')
    .flatMap((act): Piece[] => {
      const t = act.occurredAt;
      const proofs = proved(act.fields['verification']) ? [t] : (verified.get(act.id) ?? []).map(({ occurredAt }) => occurredAt);
      if (proofs.length === 0) return [];
      const personal = byPerson.get(act.fields['person'] as string) ?? [];
      const to = t + rules.advocacy.window * DAY;
      const piece: Piece = { from: Math.max(t, Math.min(...proofs)), to, by: act.id, cause: 'lapsed', closedBy: [act.id], atRiskFrom: to - warning, marked: act.fields['incentivised'] === true };
      // Who had themselves erased stands behind nothing any more; no entry says so but the act itself.
      const gone = erased.get(act.fields['person'] as string);
      const asked: Darkener[] = gone === undefined ? [] : [{ at: gone, cause: 'consent withdrawn', by: act.id }];
      return [darken(piece, t, [...against, ...personal, ...asked], RANK[5], warning)];
    });
}

// ---- the whole --------------------------------------------------------------------------------------------

const lighting = new WeakMap<Rules, Readonly<Record<Ring, readonly string[]>>>();

/** Kinds of entries that could light a ring under the rules. */
export function kindsThatLight(ring: Ring, rules: Rules): readonly string[] {
  let byRing = lighting.get(rules);
  if (byRing === undefined) {
    byRing = { 1: findLighting(1, rules), 2: findLighting(2, rules), 3: findLighting(3, rules), 4: findLighting(4, rules), 5: findLighting(5, rules) };
    lighting.set(rules, byRing);
  }
  return byRing[ring];
}

function findLighting(ring: Ring, rules: Rules): readonly string[] {
  switch (ring) {
    case 1:
      return Object.entries(kinds).filter(([name, kind]) => (kind.side !== 'us' && !rules.contact.except.includes(name) && !isObjection(name)) || rules.contact.attended.includes(name)).map(([name]) => name);
    case 2:
    case 4:
      return ['purchase', 'renewal'];
    case 3:
      return [...rules.adoption.evidence, ...(rules.adoption.csatAfterReview === null ? [] : ['survey-answered'])];
    case 5:
      return [...ACTS];
  }
}

/** When ring 2 is lit, by the terms among these entries and what ends them. */
export function purchaseSpells(entries: readonly Interaction[], rules: Rules): Spell[] {
  const terms = termsIn(entries, rules);
  return join(2, terms.map((term) => termPiece(term, terms, rules)));
}

/** Only what names the offering or names none, where the offering matters. */
export interface FoldOptions {
  readonly offering?: string;
  /** When people were erased, epoch ms, by person. */
  readonly erased?: ReadonlyMap<string, number>;
}

const NOBODY: ReadonlyMap<string, number> = new Map();

/** The journey over all time that these entries make. The order in which they come does not matter. */
export function fold(entries: Iterable<Interaction>, rules: Rules, options: FoldOptions = {}): Journey {
  const { offering, erased = NOBODY } = options;
  const sorted = [...entries].sort(byTime);
  const fitting = sorted.filter((entry) => fits(entry.offering, offering) || (entry.kind !== 'purchase' && entry.kind !== 'renewal'));
  const terms = termsIn(fitting, rules);
  const pieces = terms.map((term) => termPiece(term, terms, rules));
  const purchase = join(2, pieces);
  const customerIn = purchase.map(({ from, to }) => ({ from, to: to ?? Infinity }));
  const snuffed = (all: readonly Piece[]): Piece[] => all.filter(({ from, to }) => from === to);
  const contact = contactPieces(sorted, customerIn, rules);
  const adoption = adoptionPieces(sorted, purchase, rules, offering);
  const spells = [
    ...join(1, contact, snuffed(contact)),
    ...purchase,
    ...join(3, adoption, snuffed(adoption)),
    ...join(4, terms.flatMap((term, index) => renewalPieces(term, pieces[index]!, terms, rules))),
    ...join(5, advocacyPieces(sorted, rules, offering, erased)),
  ];
  const first = (ring: Ring): number | null => {
    const names = kindsThatLight(ring, rules);
    return sorted.find((entry) => names.includes(entry.kind) && (ring === 1 || fits(entry.offering, offering)))?.occurredAt ?? null;
  };
  const resolved = new Set(sorted.filter(({ kind }) => kind === 'issue-resolved').map(({ about }) => about));
  return {
    spells,
    seen: Object.fromEntries(RINGS.map((ring) => [ring, first(ring)])) as Record<Ring, number | null>,
    terms: terms.map((term) => {
      const until = Math.min(lastEnd(term, terms, rules), term.terminated);
      const { id, start, from, firstEnd, period } = term;
      return { id, start, from, end: firstEnd, until: until === Infinity ? null : until, period, follows: followingIn(term, terms, rules).length > 0 };
    }),
    severe: sorted.filter((entry) => entry.kind === 'issue-opened' && Number(entry.fields['severity']) <= 2 && !resolved.has(entry.id)).map(({ id, occurredAt }) => ({ id, since: occurredAt })),
  };
}
