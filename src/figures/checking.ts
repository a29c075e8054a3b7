/**
 * What a check is: a pure function that says of each customer what is off, what fits, and where it cannot tell because something
 * was not recorded; each with the entries that say so. Added up, a check has one of three answers. Pure; instants in epoch ms.
 */
import type { Facts } from './facts.js';
import type { Window } from './figure.js';
import { says as saysShare } from './says.js';
import { wilson } from './intervals.js';

export const ANSWERS = ['fires', 'clean', 'cannot tell'] as const;
export type Answer = (typeof ANSWERS)[number];
export const FOUND = ['off', 'fits', 'unknown'] as const;
export type Found = (typeof FOUND)[number];

export interface Finding {
  readonly found: Found;
  /** Campaign, segment, role …: checks with groups have one for each finding. */
  readonly group?: string;
  /** Of what is unknown: what was not recorded. */
  readonly missing?: string;
  /** What is off or fits, in a few words that name no person. */
  readonly says?: string;
  /** Ids of the customer's entries that say so. */
  readonly because: readonly string[];
  /** Ids of entries of ours that are tied to no customer. */
  readonly own?: readonly string[];
}

/** When what is off counts as too much. */
export interface Rule {
  /** Percent of what is known. */
  readonly percent: number;
  /** Fires from that percent on; else above it. */
  readonly from: boolean;
  /** How many must be known before anything is said. */
  readonly least: number;
}

/** One of them is one too many. */
export const ANY: Rule = { percent: 0, from: false, least: 1 };

export interface Missing {
  readonly what: string;
  readonly records: number;
}

export interface Judged {
  readonly answer: Answer;
  /** How many are known, and how many of these are off. */
  readonly n: number;
  readonly off: number;
  readonly missing: readonly Missing[];
  readonly says: string;
}

export interface JudgedGroup extends Judged {
  readonly group: string;
}

export interface Verdict extends Judged {
  readonly groups: readonly JudgedGroup[];
}

/** What was found, counted. */
export interface Count {
  off: number;
  fits: number;
  readonly missing: Map<string, number>;
}

export interface Check<Context> {
  /** Kebab-case, for URLs. */
  readonly name: string;
  readonly title: string;
  /** What it tells, in a sentence. */
  readonly says: string;
  /** When it fires, to the letter. */
  readonly fires: string;
  /** What n counts. */
  readonly counts: string;
  /** What is missing where nothing was found at all. */
  readonly needs: string;
  /** What a group is. */
  readonly groups?: string;
  /** Its groups are departments of ours. */
  readonly byDepartment?: true;
  /** `whole`: all together; `both`: or one of the groups by itself; `groups`: each by itself only. */
  readonly over: 'whole' | 'both' | 'groups';
  readonly rule: (context: Context) => Rule;
  /** Reads nothing that happened at the end of the window or later. */
  readonly look: (facts: Facts, window: Window, context: Context) => readonly Finding[];
  /** Where counting is not enough: the groups, judged. */
  readonly judge?: (counts: ReadonlyMap<string, Count>, context: Context) => readonly JudgedGroup[];
}

const missingOf = ({ missing }: Count): Missing[] => [...missing].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, records]) => ({ what, records }));

/** Share and interval of what is off, the counts first below 30. */
function sayOff(off: number, n: number, counts: string): string {
  const share = wilson(off, n);
  return share === null ? `no ${counts}` : `${saysShare({ shape: 'share', unit: 'share' }, { group: null, n, above: off, below: n, value: share.share, low: share.low, high: share.high })} of ${counts}`;
}

/** A count against a rule. It is clean only where as many or more are known as are not. */
export function judged(count: Count, rule: Rule, counts: string): Judged {
  const { off } = count;
  const n = off + count.fits;
  const missing = missingOf(count);
  const unknown = missing.reduce((sum, { records }) => sum + records, 0);
  const tooMuch = off > 0 && (rule.from ? 100 * off >= rule.percent * n : 100 * off > rule.percent * n);
  const enough = n >= rule.least && n > 0;
  const answer: Answer = enough && tooMuch ? 'fires' : !enough || unknown > n ? 'cannot tell' : 'clean';
  const few = enough || n === 0 ? '' : `; ${rule.least} are needed`;
  return { answer, n, off, missing, says: `${sayOff(off, n, counts)}${few}` };
}

const GRAVEST: readonly Answer[] = ['fires', 'clean', 'cannot tell'];

/** Of several answers: fires where one does, else clean where one is. */
export const together = (answers: readonly Answer[]): Answer => GRAVEST.find((answer) => answers.includes(answer)) ?? 'cannot tell';

/** Takes findings one customer after the other, and keeps their number alone. */
export class Counter<Context> {
  private readonly counts = new Map<string, Count>();
  private customers = 0;

  constructor(
    private readonly check: Check<Context>,
    private readonly context: Context,
  ) {}

  add(findings: readonly Finding[]): void {
    this.customers += 1;
    for (const { group = '', found, missing = 'not recorded' } of findings) {
      let count = this.counts.get(group);
      if (count === undefined) this.counts.set(group, (count = { off: 0, fits: 0, missing: new Map() }));
      if (found === 'unknown') count.missing.set(missing, (count.missing.get(missing) ?? 0) + 1);
      else count[found] += 1;
    }
  }

  verdict(): Verdict {
    const { check, context } = this;
    const rule = check.rule(context);
    const all: Count = { off: 0, fits: 0, missing: new Map() };
    for (const { off, fits, missing } of this.counts.values()) {
      all.off += off;
      all.fits += fits;
      for (const [what, records] of missing) all.missing.set(what, (all.missing.get(what) ?? 0) + records);
    }
    if (all.off + all.fits + all.missing.size === 0) all.missing.set(check.needs, this.customers);
    const groups = check.groups === undefined ? [] : (check.judge?.(this.counts, context) ?? [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([group, count]) => ({ group, ...judged(count, rule, check.counts) })));
    const whole = judged(all, rule, check.counts);
    const of = groups.map(({ answer }) => answer);
    const answer = check.over === 'groups' ? together(of) : check.over === 'both' && of.includes('fires') ? 'fires' : whole.answer;
    const firing = groups.filter((group) => group.answer === 'fires');
    const says = check.over === 'groups' && groups.length > 0 ? `${firing.length} of ${groups.length} ${check.counts}` : whole.says;
    return { ...whole, answer, says, groups };
  }
}

/** What a customer's own findings come to: nothing where the check does not concern it. */
export function answerOf(findings: readonly Finding[]): Answer | null {
  if (findings.length === 0) return null;
  return findings.some(({ found }) => found === 'off') ? 'fires' : findings.some(({ found }) => found === 'fits') ? 'clean' : 'cannot tell';
}

const past = new WeakMap<Facts, { readonly to: number; readonly facts: Facts }>();

/** The facts by what had happened before the instant. What follows from the journey holds at every instant already. */
export function before(facts: Facts, to: number): Facts {
  const { entries } = facts;
  const last = entries.at(-1);
  if (last === undefined || last.occurredAt < to) return facts;
  const known = past.get(facts);
  if (known?.to === to) return known.facts;
  const { customer, offering, segment, origin, referredBy, firstOwner, team, erased, journey, spells } = facts;
  const cut: Facts = { customer, offering, segment, origin, referredBy, firstOwner, team, erased, journey, spells, entries: entries.filter(({ occurredAt }) => occurredAt < to), get contracts() { return facts.contracts; } };
  past.set(facts, { to, facts: cut });
  return cut;
}
