/** The rules as sentences a person can check. */
import { RING_NAMES, type Ring, type Rules } from './rules.js';

const days = (count: number): string => (count === 1 ? '1 day' : `${count} days`);

export function sentences(rules: Rules): Record<Ring, { readonly name: string; readonly says: string }> {
  const { contact, purchase, adoption, renewal, advocacy } = rules;
  const evidence = adoption.evidence.join(' or ');
  const csat = adoption.csatAfterReview === null ? '' : adoption.csatAfterReview === 0 ? ', or a survey with csat 4-5' : `, or a survey with csat 4-5 within ${days(adoption.csatAfterReview)} after a business review`;
  const length = purchase.length === null ? 'counts until it is cancelled' : `counts for ${days(purchase.length)}`;
  const also = renewal.alsoWithin === null ? '' : renewal.alsoWithin === 0 ? ' A purchase while an earlier one still counts follows it too.' : ` A purchase within ${days(renewal.alsoWithin)} after the last one follows it too.`;
  const says: Record<Ring, string> = {
    1: `Lit while we heard from the customer in the last ${days(contact.window)} (${days(contact.windowWhileCustomer)} while Purchase is lit), or met in an attended ${contact.attended.join(', ')}. A decision still open keeps it lit; fit-declined darkens it until we hear from them again, unless Purchase is lit.`,
    2: `Lit while a term is in force, and ${days(purchase.grace)} after its end; a purchase without dates ${length}${purchase.beyondEnd > 0 ? `, one with an end for ${days(purchase.beyondEnd)} beyond it` : ''}. A cancellation or a full refund darkens it.`,
    3: `Lit while Purchase is lit and the customer showed value in the last ${days(adoption.window)}: ${evidence}${csat}. ${days(adoption.championLost)} without a champion after one left darken it.`,
    4: `Lit while Purchase is lit by a term that follows another: begun from ${days(renewal.early)} before its end to the end of the grace.${renewal.tacit ? ' Going on by silence counts, marked tacit.' : ''}${also}`,
    5: `Lit while somebody at the customer stood up for us, proved, in the last ${days(advocacy.window)}. Withdrawn consent, an NPS of 0-6 or the leaving of that person, or an act against us, darken it.`,
  };
  return Object.fromEntries(Object.entries(says).map(([ring, text]) => [ring, { name: RING_NAMES[Number(ring) as Ring], says: text }])) as Record<Ring, { name: string; says: string }>;
}
