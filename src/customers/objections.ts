/**
 * Who asked not to be contacted, and whether it holds. Pure; instants in epoch ms.
 * For one channel the last word decides, of those that speak of it or of all channels; at one instant the objection wins.
 */
import { toIso } from '../kernel/calendar.js';
import type { FieldProblem } from '../kernel/refusal.js';
import { CHANNELS, kinds } from './catalogue.js';
import type { Entry } from './entry.js';

/** What of an entry tells of an objection. */
type Word = Pick<Entry, 'kind' | 'occurredAt' | 'fields'>;
type Approach = Pick<Entry, 'kind' | 'occurredAt' | 'channel' | 'people' | 'fields'>;

export const isObjection = (kind: string): boolean => kind === 'contact-objected' || kind === 'objection-lifted';

const later = (a: Word, b: Word): number => b.occurredAt - a.occurredAt || Number(b.kind === 'contact-objected') - Number(a.kind === 'contact-objected');

/** Since when a channel is closed for the person at the instant; undefined while it is open. */
function closedSince(words: readonly Word[], channel: string | undefined, at: number): number | undefined {
  const heard = words.filter(({ occurredAt, fields }) => occurredAt <= at && (fields['against'] === undefined || fields['against'] === channel)).sort(later);
  if (heard[0]?.kind !== 'contact-objected') return undefined;
  const lifted = heard.findIndex(({ kind }) => kind === 'objection-lifted');
  return heard.slice(0, lifted < 0 ? heard.length : lifted).at(-1)!.occurredAt;
}

export interface Closed {
  /** null: every channel. */
  readonly channel: string | null;
  readonly since: number;
}

/** What is closed for the person at the instant: one entry for all channels, else one a channel. `words`: those about the person. */
export function closedFor(words: readonly Word[], at: number): Closed[] {
  const closed = CHANNELS.flatMap((channel): { channel: string; since: number }[] => {
    const since = closedSince(words, channel, at);
    return since === undefined ? [] : [{ channel, since }];
  });
  const whole = closedSince(words, undefined, at);
  if (whole !== undefined && closed.length === CHANNELS.length) return [{ channel: null, since: whole }];
  return closed;
}

/** Since when whoever approaches the person by this channel acts against an objection; a channel that is not said may be a closed one. */
function objectedSince(words: readonly Word[], { channel, occurredAt }: Approach): number | undefined {
  if (words.length === 0) return undefined;
  if (channel !== undefined) return closedSince(words, channel, occurredAt);
  const closed = closedFor(words, occurredAt);
  return closed.length === 0 ? undefined : Math.min(...closed.map(({ since }) => since));
}

/** People who are approached: those who take part, and the one it is about. */
function approached({ people, fields }: Approach): { readonly person: string; readonly field: string }[] {
  const own = fields['person'];
  const named = (people ?? []).map((person) => ({ person, field: 'people' }));
  return typeof own === 'string' && !named.some(({ person }) => person === own) ? [...named, { person: own, field: 'person' }] : named;
}

/**
 * What stands against approaching those whom the entry names. `wordsOf`: objections and liftings of a person in force.
 * `before`: the entry it corrects; what that did against the same objection was done, and stays to be corrected.
 */
export function objectionsTo(entry: Approach, wordsOf: (person: string) => readonly Word[], path: string, before?: Approach): FieldProblem[] {
  if (kinds[entry.kind]?.approaches !== true) return [];
  const did = before !== undefined && kinds[before.kind]?.approaches === true ? approached(before).map(({ person }) => person) : [];
  return approached(entry).flatMap(({ person, field }): FieldProblem[] => {
    const words = wordsOf(person);
    const since = objectedSince(words, entry);
    if (since === undefined || (did.includes(person) && objectedSince(words, before!) !== undefined)) return [];
    const how = entry.channel === undefined ? (closedFor(words, entry.occurredAt)[0]!.channel === null ? '' : ' by some channels; say which one was used') : ` by ${entry.channel}`;
    return [{ field: path + field, code: 'person-objected', message: `names ${person}, who objects to being contacted${how} since ${toIso(since)}` }];
  });
}
