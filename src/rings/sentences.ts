/** The rules as sentences a person can check: every number and every kind of them is said. */
import { kinds } from '../customers/catalogue.js';
import { PROMISE_MISSED, RING_NAMES, RINGS, type Ring, type Rules } from './rules.js';

const days = (count: number): string => (count === 1 ? '1 day' : `${count} days`);
/** What a kind is called, within a sentence. */
const called = (kind: string): string => {
  const label = kinds[kind]?.label ?? kind;
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
};
const begun = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const among = (names: readonly string[], word: string): string => (names.length < 2 ? (names[0] ?? 'nothing') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`);

export function sentences(rules: Rules): Record<Ring, { readonly name: string; readonly says: string }> {
  const { contact, purchase, adoption, renewal, advocacy, warning } = rules;
  const evidence = among(adoption.evidence.map(called), 'or');
  const csat = adoption.csatAfterReview === null ? '' : adoption.csatAfterReview === 0 ? ', or a survey with csat 4-5' : `, or a survey with csat 4-5 within ${days(adoption.csatAfterReview)} after a business review`;
  const length = purchase.length === null ? 'counts until it is cancelled' : `counts for ${days(purchase.length)}`;
  const also = renewal.alsoWithin === null ? '' : renewal.alsoWithin === 0 ? ' A purchase while an earlier one still counts follows it too.' : ` A purchase within ${days(renewal.alsoWithin)} after the last one follows it too.`;
  const attended = contact.attended.length === 0 ? '' : `, or met in an attended ${among(contact.attended.map(called), 'or')}`;
  const except = contact.except.length === 0 ? '' : ` ${begun(among(contact.except.map(called), 'and'))} do not count as hearing from them.`;
  const never = ' Objecting to being contacted, or lifting that, never does.';
  const soon = ` At risk in the last ${days(warning.days)} before it would go out.`;
  const ending = ` At risk from ${days(warning.terms)} before the end of the last term.`;
  const says: Record<Ring, string> = {
    1: `Lit while we heard from the customer in the last ${days(contact.window)} (${days(contact.windowWhileCustomer)} while Purchase is lit)${attended}.${except}${never} A decision still open keeps it lit; a declined fit darkens it until we hear from them again, unless Purchase is lit.${soon}`,
    2: `Lit while a term is in force, and ${days(purchase.grace)} after its end; a purchase without dates ${length}${purchase.beyondEnd > 0 ? `, one with an end for ${days(purchase.beyondEnd)} beyond it` : ''}. A cancellation or a full refund darkens it.${ending}`,
    3: `Lit while Purchase is lit and the customer showed value in the last ${days(adoption.window)}: ${evidence}${csat}. ${days(adoption.championLost)} without a champion after one left, or a promise of ours missed for ${days(adoption.promiseMissed ?? PROMISE_MISSED)}, darken it.${soon}`,
    4: `Lit while Purchase is lit by a term that follows another: begun from ${days(renewal.early)} before its end to the end of the grace of ${days(purchase.grace)}.${renewal.tacit ? ' Going on by silence counts, marked tacit.' : ' Going on by silence does not count.'}${also}${ending}`,
    5: `Lit while somebody at the customer stood up for us, proved, in the last ${days(advocacy.window)}. Withdrawn consent, an NPS of 0-6 or the leaving of that person, or an act against us, darken it.${soon}`,
  };
  return Object.fromEntries(RINGS.map((ring) => [ring, { name: RING_NAMES[ring], says: says[ring] }])) as Record<Ring, { name: string; says: string }>;
}

/** What the rules ask of us: no ring hangs on it. */
export function expectations({ expected, response }: Rules): { readonly contact: string; readonly review: string; readonly response: string } {
  return {
    contact: expected.contact === null ? 'Nothing is said about how often we should hear from a customer.' : `We should hear from a customer at least every ${days(expected.contact)}.`,
    review: expected.review === null ? 'Nothing is said about how often a business review should be held.' : `A business review should be held at least every ${days(expected.review)}.`,
    response: `An opening move that drew no response within ${days(response)} counts as unanswered.`,
  };
}

/** All sentences in one order: the rings, then what is expected of us. */
export function statements(rules: Rules): { readonly about: string; readonly says: string }[] {
  const rings = sentences(rules);
  const ours = expectations(rules);
  return [...RINGS.map((ring) => ({ about: `${ring} ${rings[ring].name}`, says: rings[ring].says })), { about: 'Contact expected', says: ours.contact }, { about: 'Reviews expected', says: ours.review }, { about: 'Response', says: ours.response }];
}
