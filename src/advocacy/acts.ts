/**
 * Acts of advocacy, each credited once however often it was reported. Pure; instants in epoch ms.
 * Two entries report the same act when they are of the same kind and person, and about the same ask, or the same customer
 * referred, or (where neither tells them apart) of the same day.
 */
import { isAct } from '../customers/about-person.js';
import { ASK } from '../customers/asks.js';
import { LEVELS } from '../customers/catalogue.js';
import type { Interaction } from '../customers/customer.js';
import type { Days } from '../kernel/days.js';
import { stanceOf } from '../rings/fold.js';

export interface Act {
  /** Id of the entry that reported it first, by when it happened. */
  readonly id: string;
  /** Ids of the others. */
  readonly also: readonly string[];
  readonly person: string;
  readonly kind: string;
  readonly at: number;
  /** The best of all reports. */
  readonly level: string;
  readonly incentivised: boolean;
  /** The largest of all reports; null when none says. */
  readonly reach: number | null;
  readonly referred: string | null;
  /** The ask it answers; null when it came by itself. */
  readonly ask: string | null;
  readonly offering: string | null;
}

const best = (levels: readonly string[]): string => LEVELS.findLast((level) => levels.includes(level)) ?? 'claimed';
const referredIn = ({ fields }: Interaction): string | null => (fields['referredCustomer'] as string | undefined) ?? null;

/** Acts with stance for, the oldest first. */
export function creditedActs(entries: readonly Interaction[], days: Days): Act[] {
  const asks = new Set(entries.filter(({ kind }) => kind === ASK).map(({ id }) => id));
  const proofs = Map.groupBy(entries.filter(({ kind }) => kind === 'act-verified'), ({ about }) => about);
  const askOf = ({ about }: Interaction): string | null => (about !== undefined && asks.has(about) ? about : null);
  const same = (a: Interaction, b: Interaction): boolean => {
    if (a.kind !== b.kind || a.fields['person'] !== b.fields['person']) return false;
    if (askOf(a) !== null && askOf(a) === askOf(b)) return true;
    const [one, other] = [referredIn(a), referredIn(b)];
    if (one !== null && other !== null) return one === other;
    return days.of(a.occurredAt) === days.of(b.occurredAt);
  };
  const groups: Interaction[][] = [];
  const acts = entries.filter((entry) => isAct(entry) && stanceOf(entry) === 'for').sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));
  for (const act of acts) {
    const group = groups.find((one) => one.some((report) => same(report, act)));
    if (group === undefined) groups.push([act]);
    else group.push(act);
  }
  return groups.map((reports) => {
    const [first, ...others] = reports as [Interaction, ...Interaction[]];
    const reaches = reports.flatMap(({ fields }) => (typeof fields['reach'] === 'number' ? [fields['reach']] : []));
    return {
      id: first.id, also: others.map(({ id }) => id), person: String(first.fields['person']), kind: first.kind, at: first.occurredAt,
      level: best(reports.flatMap(({ id, fields }) => [String(fields['verification'] ?? 'claimed'), ...(proofs.get(id) ?? []).map((proof) => String(proof.fields['level']))])),
      incentivised: reports.some(({ fields }) => fields['incentivised'] === true),
      reach: reaches.length === 0 ? null : reaches.reduce((a, b) => Math.max(a, b)),
      referred: reports.map(referredIn).find((one) => one !== null) ?? null,
      ask: reports.map(askOf).find((one) => one !== null) ?? null,
      offering: first.offering ?? null,
    };
  });
}
