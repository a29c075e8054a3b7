/**
 * Asking people to stand up for us: when we may, what became of it, and the acts that count. Pure; instants in epoch ms.
 * docs/advocacy.md is the text.
 */
import { DAY, toIso } from '../kernel/calendar.js';
import { Refusal, type FieldProblem } from '../kernel/refusal.js';
import { ACTS } from './catalogue.js';
import type { Interaction } from './customer.state.js';
import type { Entry } from './entry.js';

export const ASK = 'advocacy-asked';

/** How often one person may be asked: so many times in any stretch of so many days. */
export interface AskBudget {
  readonly asks: number;
  readonly days: number;
}

export const ASK_BUDGET: AskBudget = { asks: 2, days: 90 };

/** waiting: no answer yet · accepted · declined · done: an act in force answers it. */
export const ASK_STATES = ['waiting', 'accepted', 'declined', 'done'] as const;
export type AskState = (typeof ASK_STATES)[number];

export interface Answer {
  readonly said: 'accepted' | 'declined' | 'done';
  readonly at: number;
  readonly entry: string;
}

export interface Ask {
  /** Id of the entry. */
  readonly id: string;
  readonly asked: Interaction;
  readonly person: string;
  readonly act: string;
  /** By when; null when nothing was said. */
  readonly due: number | null;
  /** What they said, the oldest first, and the acts that answer it. */
  readonly answers: readonly Answer[];
}

const SAYS: Readonly<Record<string, Answer['said']>> = { 'advocacy-accepted': 'accepted', 'advocacy-declined': 'declined' };

/** The asks that these entries hold, in their order, with what answers them: acts by naming the ask in `about`. */
export function asksIn(entries: Iterable<Interaction>): Ask[] {
  const all = [...entries];
  const asks = all.filter(({ kind }) => kind === ASK);
  if (asks.length === 0) return [];
  const about = Map.groupBy(all.filter((entry) => entry.about !== undefined), (entry) => entry.about);
  return asks.map((asked) => {
    const person = String(asked.fields['person']);
    const answers = (about.get(asked.id) ?? []).flatMap(({ id, kind, occurredAt, fields }): Answer[] => {
      const said = SAYS[kind] ?? ((ACTS as readonly string[]).includes(kind) && fields['person'] === person ? 'done' : undefined);
      return said === undefined ? [] : [{ said, at: occurredAt, entry: id }];
    });
    answers.sort((a, b) => a.at - b.at || (a.entry < b.entry ? -1 : 1));
    return { id: asked.id, asked, person, act: String(asked.fields['act']), due: (asked.fields['due'] as number | undefined) ?? null, answers };
  });
}

/** By what had happened by the instant: an act speaks louder than an answer, and of the answers the last counts. */
export function askStateAt({ answers }: Pick<Ask, 'answers'>, at: number): AskState {
  const heard = answers.filter((answer) => answer.at <= at);
  return heard.some(({ said }) => said === 'done') ? 'done' : (heard.at(-1)?.said ?? 'waiting');
}

/** Whether a stretch of the budget's length holds the instant and more asks than allowed. */
function exceeds(asked: readonly number[], at: number, { asks, days }: AskBudget): boolean {
  const all = [...asked, at].sort((a, b) => a - b);
  return all.some((last, index) => {
    const first = all[index - asks];
    return first !== undefined && last - first < days * DAY && first <= at && at <= last;
  });
}

/** When somebody asked at these instants may be asked again: now, or the first instant later; null: never. */
export function nextFree(asked: readonly number[], now: number, budget: AskBudget): number | null {
  if (budget.asks < 1) return null;
  const candidates = [now, ...asked.map((at) => at + budget.days * DAY).filter((at) => at > now)].sort((a, b) => a - b);
  return candidates.find((at) => !exceeds(asked, at, budget)) ?? null;
}

/** How many asks are left at the instant. */
export const asksLeft = (asked: readonly number[], at: number, { asks, days }: AskBudget): number => Math.max(0, asks - asked.filter((one) => one <= at && at - one < days * DAY).length);

/** Severe issues open at the instant: no asks while there are any. The oldest first. */
export function severeAt(entries: readonly Interaction[], at: number): Interaction[] {
  const resolved = new Set(entries.filter(({ kind, occurredAt }) => kind === 'issue-resolved' && occurredAt <= at).map(({ about }) => about));
  return entries.filter(({ id, kind, occurredAt, fields }) => kind === 'issue-opened' && occurredAt <= at && Number(fields['severity']) <= 2 && !resolved.has(id)).sort((a, b) => a.occurredAt - b.occurredAt);
}

/** Consents of the person in force at the instant: the last word on each purpose; at one instant the withdrawal wins. */
export function consentsInForce(entries: readonly Interaction[], person: string, at: number): Interaction[] {
  const last = new Map<string, Interaction>();
  for (const entry of entries) {
    if ((entry.kind !== 'consent-given' && entry.kind !== 'consent-withdrawn') || entry.fields['person'] !== person || entry.occurredAt > at) continue;
    const purpose = String(entry.fields['purpose']);
    const before = last.get(purpose);
    if (before === undefined || entry.occurredAt > before.occurredAt || (entry.occurredAt === before.occurredAt && entry.kind === 'consent-withdrawn')) last.set(purpose, entry);
  }
  return [...last.values()].filter(({ kind }) => kind === 'consent-given');
}

/** By which entry the person had left by the instant; undefined while they are there. */
export function leftBy(entries: readonly Interaction[], person: string, at: number): Interaction | undefined {
  const presence = entries.filter(({ kind, fields, occurredAt }) => occurredAt <= at && fields['person'] === person && (kind === 'person-left' || kind === 'person-added' || kind === 'role-given'));
  const last = presence.sort((a, b) => a.occurredAt - b.occurredAt || Number(a.kind === 'person-left') - Number(b.kind === 'person-left')).at(-1);
  return last?.kind === 'person-left' ? last : undefined;
}

/**
 * What stands against an ask or an answer to one. `others`: the other entries of the customer. An objection to contact is said
 * by whoever checks approaches.
 * @throws Refusal `paused-for-asks`, `no-consent`, `budget-spent` (with `nextFree`).
 */
export function askProblems(entry: Entry, others: readonly Interaction[], budget: AskBudget, path: string): FieldProblem[] {
  const at = entry.occurredAt;
  const refused = (code: string, message: string, field: string, more: Record<string, unknown>): Refusal => new Refusal('conflict', code, message, [{ field: path + field, code, message }], more);
  const named = (all: readonly Interaction[]): object[] => all.map(({ id, kind }) => ({ id, kind }));
  if (entry.kind !== ASK) {
    const asked = others.find(({ id }) => id === entry.about);
    if (asked === undefined) return [];
    // Who declined may say yes after all, and the other way round; not the same twice.
    const last = asksIn(others).find(({ id }) => id === asked.id)?.answers.findLast(({ said }) => said !== 'done');
    if (last !== undefined && last.said === SAYS[entry.kind]) return [{ field: `${path}about`, code: 'already-answered', message: `was ${last.said} already, on ${toIso(last.at)}` }];
    return at < asked.occurredAt ? [{ field: `${path}occurredAt`, code: 'before-the-ask', message: `must not be before they were asked, ${toIso(asked.occurredAt)}` }] : [];
  }
  const person = String(entry.fields['person']);
  const left = leftBy(others, person, at);
  if (left !== undefined) throw refused('person-left', `They left on ${toIso(left.occurredAt)}.`, 'person', { entries: named([left]) });
  const severe = severeAt(others, at);
  if (severe.length > 0) throw refused('paused-for-asks', 'Nobody here is asked for anything while a severe issue is open; see to that first.', 'person', { entries: named(severe) });
  if (consentsInForce(others, person, at).length === 0) throw refused('no-consent', 'They have given no consent that is in force; log it (consent-given) before you ask.', 'person', {});
  const before = others.filter(({ kind, fields }) => kind === ASK && fields['person'] === person);
  const asked = before.map(({ occurredAt }) => occurredAt);
  if (!exceeds(asked, at, budget) && budget.asks > 0) return [];
  const free = nextFree(asked, at, budget);
  const within = before.filter(({ occurredAt }) => Math.abs(occurredAt - at) < budget.days * DAY);
  const when = free === null ? 'nobody may be asked at present' : `free again from ${toIso(free)}`;
  throw refused('budget-spent', `One person is asked at most ${budget.asks} times in ${budget.days} days; ${when}.`, 'person', { nextFree: free === null ? null : toIso(free), entries: named(within) });
}
