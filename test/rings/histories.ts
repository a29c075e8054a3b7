/** Small, nasty histories: few entries, many ties, and dates that fall on the boundaries of the windows. */
import fc from 'fast-check';
import { ACTS } from '../../src/customers/catalogue.js';
import type { FieldValue } from '../../src/customers/entry.js';
import type { Interaction } from '../../src/customers/customer.js';
import { DAY, ERASED } from './naive.js';

export { boundaryInstants } from './naive.js';

export const BASE = Date.UTC(2020, 0, 1);
export const OFFERINGS = ['alpha', 'beta'] as const;
const PEOPLE = ['ada', 'bob', 'cem'] as const;

/** Writes an entry down; instants in days since the base, or with `at` in ms. */
export function entry(id: string, kind: string, occurredAt: number, side: 'customer' | 'us', fields: Record<string, FieldValue | undefined> = {}, more: Partial<Interaction> = {}): Interaction {
  const given = Object.entries(fields).filter((pair): pair is [string, FieldValue] => pair[1] !== undefined);
  return { id, kind, occurredAt, side, people: [], fields: Object.fromEntries(given), mac: id, actor: 'test', revision: 1, ...more };
}

/** An instant as a place in the history's few days, and a distance from there. */
interface When {
  readonly place: number;
  readonly days: number;
  readonly ms: number;
}

const NO_OFFSET = 6;
const when: fc.Arbitrary<When> = fc.record({
  place: fc.nat(5),
  days: fc.oneof(
    { arbitrary: fc.constant(0), weight: NO_OFFSET },
    { arbitrary: fc.constantFrom(5, 10, 30, 60, 90, 120, 150, 180, 305, 335, 365, 395, 425, 730, -30, -60, -90, -365), weight: 4 },
  ),
  ms: fc.oneof({ arbitrary: fc.constant(0), weight: 12 }, { arbitrary: fc.constantFrom(1, -1), weight: 1 }),
});
/** Given in so many of ten. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>, ofTen = 5): fc.Arbitrary<T | undefined> =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 10 - ofTen }, { arbitrary, weight: ofTen });

/** An entry before its references are resolved: each is a number, taken modulo what there is. */
interface Draft {
  readonly kind: string;
  readonly when: When;
  readonly side: 'customer' | 'us';
  readonly offering?: string | undefined;
  readonly fields?: Record<string, FieldValue | undefined>;
  /** Fields that hold instants. */
  readonly dates?: Record<string, When | undefined>;
  readonly about?: { readonly of: readonly string[]; readonly pick: number | undefined };
  /** The field `term`. */
  readonly term?: number | undefined;
  readonly people?: readonly string[];
}

const TERMS = ['purchase', 'renewal'];
const person = fc.constantFrom(...PEOPLE);
const offering = fc.oneof({ arbitrary: fc.constant(undefined), weight: 3 }, { arbitrary: fc.constantFrom(...OFFERINGS), weight: 2 });
const either = fc.constantFrom('customer' as const, 'us' as const);
const theirs = fc.constant('customer' as const);
const ours = fc.constant('us' as const);

const term = fc.record({
  kind: fc.constantFrom('purchase', 'purchase', 'renewal'),
  when,
  side: theirs,
  offering,
  fields: fc.record({
    renews: maybe(fc.constantFrom('no', 'automatic', 'automatic', 'open-ended'), 6),
    noticeDays: maybe(fc.constantFrom(0, 30, 90, 120), 4),
    /** Days from start to end; resolved below. */
    lasts: maybe(fc.constantFrom(5, 10, 30, 60, 120, 180, 365, 365, 730)),
  }),
  dates: fc.record({ start: maybe(when, 3) }),
  term: maybe(fc.nat(9), 4),
});

const cancellation = fc.record({ kind: fc.constant('cancellation'), when, side: theirs, offering, dates: fc.record({ effective: maybe(when, 4) }), term: maybe(fc.nat(9), 4) });
const refund = fc.record({ kind: fc.constant('refund'), when, side: theirs, offering, fields: fc.record({ full: fc.constantFrom(true, true, false, undefined) }), term: maybe(fc.nat(9), 4) });
const decisionOpened = fc.record({ kind: fc.constant('decision-opened'), when, side: either, dates: fc.record({ neededBy: maybe(when, 8) }) });
const about = (of: readonly string[]): fc.Arbitrary<{ of: readonly string[]; pick: number }> => fc.record({ of: fc.constant(of), pick: fc.nat(9) });
const decisionClosed = fc.record({ kind: fc.constant('decision-closed'), when, side: either, fields: fc.record({ outcome: fc.constantFrom('us', 'nothing') }), about: about(['decision-opened']) });
const fitDeclined = fc.record({ kind: fc.constant('fit-declined'), when, side: either });

const act = fc
  .record({
    kind: fc.constantFrom(...ACTS),
    when,
    side: theirs,
    offering,
    fields: fc.record({
      person: person,
      stance: maybe(fc.constantFrom('for', 'for', 'mixed', 'against'), 3),
      verification: maybe(fc.constantFrom('claimed', 'evidenced', 'evidenced', 'confirmed'), 8),
      incentivised: maybe(fc.constantFrom(true, true, false), 5),
    }),
    stars: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ stars, ...draft }): Draft => {
    // A review says by its stars where it stands.
    const more: Record<string, FieldValue | undefined> = draft.kind === 'review' ? { stars, stance: undefined } : draft.kind === 'public-post' ? { stance: draft.fields.stance ?? 'for' } : {};
    return { ...draft, fields: { ...draft.fields, ...more } };
  });
const verified = fc.record({ kind: fc.constant('act-verified'), when, side: either, fields: fc.record({ level: fc.constantFrom('evidenced', 'confirmed') }), about: about(ACTS) });
const consent = fc.record({ kind: fc.constantFrom('consent-withdrawn', 'consent-withdrawn', 'consent-given'), when, side: theirs, fields: fc.record({ person, purpose: fc.constant('reference-calls') }) });
const survey = fc
  .record({
    kind: fc.constant('survey-answered'),
    when,
    side: theirs,
    offering,
    fields: fc.record({ person: maybe(person, 8), nps: maybe(fc.constantFrom(0, 6, 7, 10), 5), csat: maybe(fc.constantFrom(1, 3, 4, 5), 6) }),
  })
  .map((draft): Draft => (draft.fields.nps === undefined && draft.fields.csat === undefined ? { ...draft, fields: { ...draft.fields, ces: 6 } } : draft));
const objection = fc.record({ kind: fc.constantFrom('contact-objected', 'contact-objected', 'objection-lifted'), when, side: theirs, fields: fc.record({ person }) });
const value = fc.record({ kind: fc.constantFrom('value-reached', 'outcome-confirmed', 'acceptance'), when, side: theirs, offering });
const businessReview = fc.record({ kind: fc.constant('business-review'), when, side: either, offering });
const role = fc.record({ kind: fc.constant('role-given'), when, side: ours, fields: fc.record({ person, role: fc.constantFrom('champion', 'champion', 'champion', 'user') }) });
const added = fc.record({ kind: fc.constant('person-added'), when, side: ours, fields: fc.record({ person: person, roles: fc.constantFrom<string[]>(['champion'], ['champion', 'user'], ['decider'], []) }) });
const left = fc.record({ kind: fc.constant('person-left'), when, side: ours, fields: fc.record({ person }) });
const erased = fc.record({ kind: fc.constant(ERASED), when, side: ours, fields: fc.record({ person }) });
const promised = fc.record({ kind: fc.constant('promise-made'), when, side: ours, fields: fc.record({ lasts: fc.constantFrom(1, 30, 60) }) });
const delivered = fc.record({ kind: fc.constant('promise-delivered'), when, side: ours, about: about(['promise-made']) });
const conversation = fc.record({ kind: fc.constantFrom('call', 'meeting', 'chat', 'visit'), when, side: either, fields: fc.record({ attended: maybe(fc.boolean(), 7) }), people: fc.subarray([...PEOPLE]) });
const contact = fc.record({ kind: fc.constantFrom('reply', 'enquiry', 'question-asked', 'training-completed'), when, side: theirs, people: fc.subarray([...PEOPLE]) });
const noise = fc.record({ kind: fc.constantFrom('outreach', 'note', 'message-sent', 'handover-acknowledged', 'email'), when, side: ours, offering });
const issue = fc.record({ kind: fc.constant('issue-opened'), when, side: theirs, fields: fc.record({ severity: fc.integer({ min: 1, max: 4 }) }) });
const solved = fc.record({ kind: fc.constant('issue-resolved'), when, side: ours, about: about(['issue-opened']) });

type Weighted = { weight: number; arbitrary: fc.Arbitrary<Draft> };
const all: Record<string, Weighted> = {
  term: { weight: 9, arbitrary: term },
  cancellation: { weight: 3, arbitrary: cancellation },
  refund: { weight: 1, arbitrary: refund },
  decisionOpened: { weight: 2, arbitrary: decisionOpened },
  decisionClosed: { weight: 1, arbitrary: decisionClosed },
  fitDeclined: { weight: 2, arbitrary: fitDeclined },
  act: { weight: 5, arbitrary: act },
  verified: { weight: 2, arbitrary: verified },
  consent: { weight: 1, arbitrary: consent },
  objection: { weight: 1, arbitrary: objection },
  survey: { weight: 3, arbitrary: survey },
  value: { weight: 4, arbitrary: value },
  businessReview: { weight: 1, arbitrary: businessReview },
  role: { weight: 2, arbitrary: role },
  added: { weight: 1, arbitrary: added },
  left: { weight: 2, arbitrary: left },
  promised: { weight: 1, arbitrary: promised },
  delivered: { weight: 1, arbitrary: delivered },
  conversation: { weight: 2, arbitrary: conversation },
  contact: { weight: 2, arbitrary: contact },
  noise: { weight: 1, arbitrary: noise },
  issue: { weight: 1, arbitrary: issue },
  solved: { weight: 1, arbitrary: solved },
};
const only = (...names: string[]): fc.Arbitrary<Draft> => fc.oneof(...names.map((name) => all[name]!));
/** Everything, or the entries around one ring, so that they meet. */
const draftsOf: readonly fc.Arbitrary<Draft>[] = [
  only(...Object.keys(all)),
  only('contact', 'conversation', 'objection', 'fitDeclined', 'decisionOpened', 'decisionClosed', 'noise', 'term', 'cancellation'),
  only('term', 'cancellation', 'refund'),
  only('term', 'value', 'survey', 'businessReview', 'role', 'added', 'left', 'cancellation'),
  only('term', 'value', 'promised', 'delivered', 'left', 'role'),
  fc.oneof({ weight: 2, arbitrary: term }, { weight: 3, arbitrary: value }, { weight: 3, arbitrary: role }, { weight: 3, arbitrary: left }),
  only('act', 'verified', 'consent', 'survey', 'left'),
];

const withErasures = (...names: string[]): fc.Arbitrary<Draft> => fc.oneof({ weight: 1, arbitrary: erased }, ...names.map((name) => all[name]!));

function resolve(drafts: readonly Draft[], places: readonly number[]): Interaction[] {
  const instant = (at: When): number => BASE + (places[at.place % places.length]! * 5 + at.days) * DAY + at.ms;
  const ids = drafts.map((_, index) => `e${String.fromCharCode(97 + ((index * 7) % 26))}${index}`);
  const pick = (of: readonly string[], number: number | undefined, self: number): string | undefined => {
    const there = drafts.flatMap(({ kind }, index) => (of.includes(kind) && index !== self ? [ids[index]!] : []));
    return number === undefined || there.length === 0 ? undefined : there[number % there.length];
  };
  const people = new Set<FieldValue>();
  const erasedPeople = new Set<FieldValue>();
  return drafts.flatMap((draft, index): Interaction[] => {
    const occurredAt = instant(draft.when);
    const { lasts, ...fields } = draft.fields ?? {};
    for (const [name, at] of Object.entries(draft.dates ?? {})) if (at !== undefined) fields[name] = instant(at);
    if (draft.term !== undefined && draft.kind !== 'purchase') fields['term'] = pick(TERMS, draft.term, index);
    if (draft.kind === 'promise-made') fields['due'] = occurredAt + Number(lasts) * DAY;
    else if (typeof lasts === 'number' && fields['renews'] !== 'open-ended') fields['end'] = ((fields['start'] as number | undefined) ?? occurredAt) + lasts * DAY;
    const named = draft.about === undefined ? undefined : pick(draft.about.of, draft.about.pick, index);
    if (draft.about !== undefined && named === undefined) return [];
    if (draft.kind === 'person-added') {
      if (people.has(fields['person']!)) return [];
      people.add(fields['person']!);
    }
    // The first time counts: nobody is erased twice.
    if (draft.kind === ERASED) {
      if (erasedPeople.has(fields['person']!)) return [];
      erasedPeople.add(fields['person']!);
    }
    const more = { ...(draft.offering !== undefined && { offering: draft.offering }), ...(named !== undefined && { about: named }), ...(draft.people !== undefined && { people: draft.people }) };
    return [entry(ids[index]!, draft.kind, occurredAt, draft.side, fields, { ...more, revision: index + 1 })];
  });
}

const madeOf = (of: readonly fc.Arbitrary<Draft>[]): fc.Arbitrary<Interaction[]> =>
  fc
    .record({
      places: fc.array(fc.oneof(fc.nat(30), fc.nat(120), fc.nat(438)), { minLength: 1, maxLength: 6 }),
      drafts: fc.oneof(...of.map((drafts) => fc.array(drafts, { minLength: 0, maxLength: 14, size: 'max' }))),
    })
    .map(({ places, drafts }) => resolve(drafts, places));

/** Histories of 0 to 14 entries, in the order they arrived, on a grid of five days over some six years. */
export const histories = madeOf(draftsOf);
/** The same with people who were erased, as `ERASED` among the entries. */
export const historiesWithErasures = madeOf([...draftsOf, withErasures('act', 'verified', 'consent', 'survey', 'left'), withErasures('act', 'verified'), withErasures(...Object.keys(all))]);

/** A history as short text, for the message of a failure. */
export function told(entries: readonly Interaction[]): string {
  const day = (at: number): string => {
    const days = Math.round((at - BASE) / DAY);
    const ms = at - BASE - days * DAY;
    return `${days}${ms === 0 ? '' : ms > 0 ? `+${ms}ms` : `${ms}ms`}`;
  };
  const dates = ['start', 'end', 'effective', 'neededBy'];
  return [...entries]
    .sort((a, b) => a.occurredAt - b.occurredAt)
    .map((one) => {
      const fields = Object.entries(one.fields).map(([name, field]) => `${name}=${dates.includes(name) ? day(field as number) : String(field)}`);
      return `day ${day(one.occurredAt)} ${one.id} ${one.kind}${one.side === 'us' ? ' (us)' : ''} ${[one.offering && `offering=${one.offering}`, one.about && `about=${one.about}`, ...fields].filter(Boolean).join(' ')}`;
    })
    .join('\n');
}
