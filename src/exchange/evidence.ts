/** What the rows of a file could light: of each customer in it, for which rings it brings evidence. Pure. */
import type { Entry } from '../customers/entry.js';
import { ACTS } from '../customers/catalogue.js';
import { folded } from '../customers/words.js';
import { isContact, kindsThatLight, stanceOf } from '../rings/fold.js';
import { RING_NAMES, RINGS, type Ring, type Rules } from '../rings/rules.js';
import { numberOf } from './numbers.js';

export interface RingEvidence {
  readonly ring: Ring;
  readonly name: string;
  /** Customers of the file with evidence in it that could light the ring, of how many. */
  readonly customers: number;
  readonly of: number;
  /** What would supply it for the others: kinds of entries, and what these need; empty when none lacks it. */
  readonly kinds: readonly string[];
  readonly needs: string | null;
  /** Columns of the file that the mapping does not read and that may hold it, by their names. */
  readonly columns: readonly string[];
}

const NEEDS: Readonly<Record<Ring, string>> = {
  1: 'what the customer did; or calls, meetings, chats and visits with attended: true',
  2: 'what was bought, best with start, end and amount',
  3: 'what the customer got out of it, in their own judgement',
  4: 'a renewal, a second purchase, or a purchase that renews by itself (renews)',
  5: 'who stood up for us (person), and verification evidenced or confirmed',
};

const HINTS: Readonly<Record<Ring, RegExp>> = {
  1: /\b(attend(ed|ees|ance)|participants?|direction|inbound|reply|replies|answered|outcome)\b/,
  2: /\b(contract|purchase[ds]?|orders?|subscriptions?|amount|price|revenue|mrr|arr|won|signed|start|plan)\b/,
  3: /\b(outcomes?|value|goals?|benefits?|acceptance|accepted|csat|satisfaction|results?)\b/,
  4: /\b(renew(al|als|ed|s)?|expir(y|es|ation)|end|until|extension|auto renew)\b/,
  5: /\b(references?|reviews?|stars|rating|testimonials?|referrals?|referred|case stud(y|ies)|advoca(te|cy)|recommend(s|ed|ation)?|nps)\b/,
};

const words = (name: string): string => folded(name.replace(/([a-z\d])([A-Z])/g, '$1 $2')).replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

const proved = (level: unknown): boolean => level === 'evidenced' || level === 'confirmed';

/** Rings that the entry alone could light. A purchase lights ring 4 when it goes on by itself. */
export function ringsFor(entry: Pick<Entry, 'kind' | 'side' | 'fields'>, rules: Rules): Ring[] {
  const { kind, fields } = entry;
  const bought = kind === 'purchase' || kind === 'renewal';
  const { evidence, csatAfterReview } = rules.adoption;
  return [
    ...(isContact(entry, rules) ? [1 as const] : []),
    ...(bought ? [2 as const] : []),
    ...(evidence.includes(kind) || (csatAfterReview !== null && kind === 'survey-answered' && Number(fields['csat']) >= 4) ? [3 as const] : []),
    ...(kind === 'renewal' || (kind === 'purchase' && rules.renewal.tacit && (fields['renews'] === 'automatic' || fields['renews'] === 'open-ended')) ? [4 as const] : []),
    ...(((ACTS as readonly string[]).includes(kind) && stanceOf(entry) === 'for' && proved(fields['verification'])) || (kind === 'act-verified' && proved(fields['level'])) ? [5 as const] : []),
  ];
}

const bit = (ring: Ring): number => 1 << ring;

export class Evidence {
  private readonly rings = new Map<number, number>();

  constructor(private readonly rules: Rules) {}

  /** Without an entry the file only speaks of the customer. */
  take(customer: string, entry?: Pick<Entry, 'kind' | 'side' | 'fields'>): void {
    const key = numberOf(customer);
    const before = this.rings.get(key) ?? 0;
    if (entry === undefined) return void this.rings.set(key, before);
    // Who buys a second time has decided the same again.
    const again = entry.kind === 'purchase' && (before & bit(2)) !== 0 ? bit(4) : 0;
    this.rings.set(key, ringsFor(entry, this.rules).reduce((all, ring) => all | bit(ring), before | again));
  }

  /** `unused`: columns that the mapping does not read. */
  result(unused: readonly string[]): RingEvidence[] {
    const counts = new Map<Ring, number>(RINGS.map((ring) => [ring, 0]));
    for (const lit of this.rings.values()) for (const ring of RINGS) if ((lit & bit(ring)) !== 0) counts.set(ring, counts.get(ring)! + 1);
    return RINGS.map((ring) => {
      const [customers, of] = [counts.get(ring)!, this.rings.size];
      const lacks = customers < of || of === 0;
      return { ring, name: RING_NAMES[ring], customers, of, kinds: lacks ? kindsThatLight(ring, this.rules) : [], needs: lacks ? NEEDS[ring] : null, columns: lacks ? unused.filter((name) => HINTS[ring].test(words(name))) : [] };
    });
  }
}
