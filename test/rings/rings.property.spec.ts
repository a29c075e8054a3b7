/** The fold against the naive evaluator of the same sentences, on histories made to fall on every boundary. */
import fc from 'fast-check';
import type { Interaction } from '../../src/customers/customer.js';
import { fold as foldEntries } from '../../src/rings/fold.js';
import type { Spell, Standing } from '../../src/rings/journey.js';
import { PRESETS, RINGS, type Ring, type Rules } from '../../src/rings/rules.js';
import { standingAt as standingOfEntries } from '../../src/rings/standing.js';
import { historiesWithErasures, OFFERINGS, told, BASE } from './histories.js';
import { boundaryInstants, causeAt, DAY, ERASED, happenedBy, kindsThatLight, litAt, markAt, naiveSpells, stanceOf, stateAt, type Options } from './naive.js';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 400);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_301);
const BROKEN_RUNS = 3000;

interface Fold {
  readonly spellsOf: (entries: Iterable<Interaction>, rules: Rules, options?: Options) => readonly Spell[];
  readonly standingAt: (entries: Iterable<Interaction>, rules: Rules, at: number, options?: Options) => Standing;
}
/** What are entries, and who was erased when. */
function apart(all: Iterable<Interaction>): { entries: Interaction[]; erased: ReadonlyMap<string, number> } {
  const [entries, erased] = [[...all].filter(({ kind }) => kind !== ERASED), [...all].filter(({ kind }) => kind === ERASED)];
  return { entries, erased: new Map(erased.map(({ fields, occurredAt }) => [fields['person'] as string, occurredAt])) };
}
const spellsOf: Fold['spellsOf'] = (all, rules, options) => {
  const { entries, erased } = apart(all);
  return foldEntries(entries, rules, { ...options, erased }).spells;
};
const standingAt: Fold['standingAt'] = (all, rules, at, options) => {
  const { entries, erased } = apart(all);
  return standingOfEntries(entries, rules, at, { ...options, erased });
};
const real: Fold = { spellsOf, standingAt };

/** Settings no preset has. */
const odd: Rules = {
  ...PRESETS['annual-contracts']!,
  preset: 'odd',
  contact: { ...PRESETS['annual-contracts']!.contact, window: 30, windowWhileCustomer: 90 },
  purchase: { length: 30, beyondEnd: 10, grace: 5 },
  adoption: { window: 90, evidence: ['value-reached', 'acceptance'], csatAfterReview: 30, championLost: 0 },
  renewal: { early: 60, tacit: false, alsoWithin: 5 },
  advocacy: { window: 60 },
  warning: { days: 0, terms: 0 },
};
const ALL_RULES: readonly Rules[] = [...Object.values(PRESETS), odd];

// ---- the property -----------------------------------------------------------------------------------------

const isLit = (spells: readonly Spell[], ring: Ring, at: number): boolean => spells.some((spell) => spell.ring === ring && spell.from <= at && (spell.to === null || at < spell.to));

class Disagreement extends Error {}

function same(found: unknown, expected: unknown, what: () => string): void {
  if (Object.is(found, expected)) return;
  const [is, should] = [JSON.stringify(found), JSON.stringify(expected)];
  if (is !== should) throw new Disagreement(`${what()}: the fold says ${is}, the text ${should}`);
}

const dayOf = (at: number | null): string => (at === null ? 'never' : `${Math.floor((at - BASE) / DAY)}${(at - BASE) % DAY === 0 ? '' : `+${(((at - BASE) % DAY) + DAY) % DAY}ms`}`);

/** At most `most` of them, spread out. */
function some<T>(items: readonly T[], most: number, shift: number): T[] {
  if (items.length <= most) return [...items];
  const step = items.length / most;
  return Array.from({ length: most }, (_, index) => items[(Math.floor(index * step) + shift) % items.length]!);
}

interface Case {
  readonly history: Interaction[];
  readonly order: readonly number[];
  readonly shift: number;
}

function shuffled(history: readonly Interaction[], order: readonly number[]): Interaction[] {
  return history.map((one, index) => ({ one, key: order[index % order.length]! * 100 + index })).sort((a, b) => a.key - b.key).map(({ one }) => one);
}

const core = ({ ring, from, to, cause }: Pick<Spell, 'ring' | 'from' | 'to' | 'cause'>): unknown[] => [ring, from, to, cause];
/** A spell as it was known at an instant: what came later is not there. */
const until = (spells: readonly Spell[], at: number): unknown[] =>
  spells.filter(({ from }) => from <= at).map((spell) => (spell.to !== null && spell.to <= at ? [...core(spell), spell.openedBy, spell.closedBy, spell.marked] : [spell.ring, spell.from, spell.openedBy]));

function checkSpells(fold: Fold, rules: Rules, options: Options, { history, order, shift }: Case): readonly Spell[] {
  const spells = fold.spellsOf(history, rules, options);
  const boundaries = boundaryInstants(history, rules, options.offering);

  spells.forEach((spell, index) => {
    const before = spells[index - 1];
    if (spell.to !== null && spell.to <= spell.from) throw new Disagreement(`empty spell of ring ${spell.ring} at ${dayOf(spell.from)}`);
    if (before !== undefined && before.ring > spell.ring) throw new Disagreement('spells are not ordered by ring');
    if (before?.ring === spell.ring && (before.to === null || before.to >= spell.from)) throw new Disagreement(`spells of ring ${spell.ring} touch at ${dayOf(spell.from)}`);
    same(spell.cause === null, spell.to === null, () => `cause of ring ${spell.ring} out at ${dayOf(spell.to)}`);
    if (spell.to !== null) same(spell.cause, causeAt(history, rules, spell.ring, spell.to, options), () => `cause of ring ${spell.ring} out at ${dayOf(spell.to)}`);
    const there = (ids: readonly string[], by: number): boolean => ids.length > 0 && ids.every((id, place) => (place === 0 || ids[place - 1]! < id) && history.some((one) => one.id === id && one.occurredAt <= by));
    if (!there(spell.openedBy, spell.from)) throw new Disagreement(`ring ${spell.ring} at ${dayOf(spell.from)} is opened by ${spell.openedBy.join(' ')}`);
    if (spell.to !== null && !there(spell.closedBy, spell.to)) throw new Disagreement(`ring ${spell.ring} at ${dayOf(spell.to)} is closed by ${spell.closedBy.join(' ')}`);
    if (spell.atRiskFrom !== null && !Number.isFinite(spell.atRiskFrom)) throw new Disagreement(`ring ${spell.ring} from ${dayOf(spell.from)} is at risk from ${spell.atRiskFrom}`);
    const inside = [spell.from, ...boundaries.filter((at) => at > spell.from && (spell.to === null || at < spell.to))];
    const marks = new Set(inside.map((at) => markAt(history, rules, spell.ring, at, options)));
    same(spell.marked ?? null, (marks.size === 1 ? [...marks][0] : undefined) ?? null, () => `mark of ring ${spell.ring} from ${dayOf(spell.from)}`);
  });
  for (const ring of RINGS) {
    const own = spells.filter((spell) => spell.ring === ring);
    const expected = naiveSpells(history, rules, options).filter((spell) => spell.ring === ring);
    same(own.map(core), expected.map(core), () => `spells of ring ${ring}`);
  }
  const edges = spells.flatMap(({ from, to }) => (to === null ? [from] : [from, to]));
  const instants = new Set([...edges, ...some(boundaries, 40, shift)].flatMap((at) => [at - 1, at, at + 1]));
  instants.add(BASE + 50_000 * DAY);
  for (const at of instants) {
    for (const ring of RINGS) same(isLit(spells, ring, at), litAt(history, rules, ring, at, options), () => `ring ${ring} at ${dayOf(at)}`);
  }
  same(fold.spellsOf(shuffled(history, order), rules, options), spells, () => 'another order of arrival');
  for (const at of [...some(boundaries, 3, shift), ...some(edges, 3, shift)]) {
    const then = fold.spellsOf(happenedBy(history, at), rules, options);
    same(until(then, at), until(spells, at), () => `what was known on ${dayOf(at)}`);
  }
  return spells;
}

function checkStanding(fold: Fold, rules: Rules, options: Options, { history }: Case, at: number): void {
  const standing = fold.standingAt(history, rules, at, options);
  const states = RINGS.map((ring) => stateAt(history, rules, ring, at, options));
  const lit = RINGS.filter((ring) => litAt(history, rules, ring, at, options));
  const on = dayOf(at);
  same(standing.at, at, () => 'instant');
  same(standing.rings.map(({ ring, state }) => [ring, state]), RINGS.map((ring, index) => [ring, states[index]]), () => `states on ${on}`);
  same(standing.lit, lit, () => `lit on ${on}`);
  let depth = 0;
  while (lit.includes((depth + 1) as Ring)) depth += 1;
  same(standing.depth, depth, () => `depth on ${on}`);
  const gaps = RINGS.filter((ring, index) => !lit.includes(ring) && states[index] !== 'not due' && lit.some((later) => later > ring));
  same(standing.gaps, gaps, () => `gaps on ${on}`);
  const seen = happenedBy(history, at);
  const wasCustomer = boundaryInstants(seen, rules, options.offering).some((u) => u <= at && litAt(seen, rules, 2, u, options));
  same(standing.label, lit.includes(2) ? 'customer' : wasCustomer ? 'former customer' : 'prospect', () => `label on ${on}`);
  const solved = new Set(seen.filter(({ kind }) => kind === 'issue-resolved').map(({ about }) => about));
  const severe = seen.filter((one) => one.kind === 'issue-opened' && (one.fields['severity'] as number) <= 2 && !solved.has(one.id)).map(({ id }) => id);
  same([...standing.pausedForAsks].sort(), severe.sort(), () => `open severe issues on ${on}`);
  for (const state of standing.rings) {
    if (state.state === 'nothing recorded') same([...state.wouldLight].sort(), [...new Set(kindsThatLight(rules, state.ring))].sort(), () => `kinds that would light ring ${state.ring}`);
    if (state.state === 'not due' && state.before <= at) throw new Disagreement(`ring 4 on ${on} is not due before ${dayOf(state.before)}`);
  }
  // Since when, and until when if nothing more happens: the spells of what had happened by then.
  const spells = naiveSpells(seen, rules, options);
  for (const state of standing.rings) {
    const last = spells.filter((spell) => spell.ring === state.ring && spell.from <= at).at(-1);
    if (state.state === 'lit' || state.state === 'at risk') same([state.since, state.until, state.cause], [last?.from, last?.to, last?.cause], () => `ring ${state.ring} on ${on}, since and until`);
    if (state.state === 'out') same([state.since, state.cause], [last?.to, last?.cause], () => `ring ${state.ring} on ${on}, out since`);
  }
}

function agrees(fold: Fold, rules: Rules, one: Case): void {
  for (const offering of [undefined, OFFERINGS[0]]) {
    if (offering !== undefined && !one.history.some((entry) => entry.offering !== undefined)) continue;
    const options: Options = offering === undefined ? {} : { offering };
    try {
      const spells = checkSpells(fold, rules, options, one);
      const boundaries = boundaryInstants(one.history, rules, offering);
      const edges = spells.flatMap(({ from, to, atRiskFrom }) => [from, to, atRiskFrom].filter((at): at is number => at !== null && Number.isFinite(at)));
      const off = (one.shift % 3) - 1;
      const instants = new Set([...some(boundaries, 4, one.shift), ...some(edges, 4, one.shift)].flatMap((at) => [at, at + off]));
      instants.add(BASE + one.shift * 40_000_000);
      for (const at of instants) checkStanding(fold, rules, options, one, at);
    } catch (error) {
      if (!(error instanceof Disagreement)) throw error;
      throw new Disagreement(`${error.message}\n  rules ${rules.preset}, offering ${offering ?? 'all'}\n${told(one.history)}`);
    }
  }
}

const cases: fc.Arbitrary<Case> = fc.record({ history: historiesWithErasures, order: fc.array(fc.nat(9), { minLength: 14, maxLength: 14 }), shift: fc.nat(5000) });
const agreement = (fold: Fold, rules: Rules): fc.IProperty<[Case]> => fc.property(cases, (one) => agrees(fold, rules, one));

/** Fails where the broken fold is caught on a history that the real one gets right. */
const caught = (broken: Fold, rules: Rules): fc.IProperty<[Case]> =>
  fc.property(cases, (one) => {
    try {
      agrees(broken, rules, one);
    } catch (error) {
      try {
        agrees(real, rules, one);
      } catch {
        return;
      }
      throw error;
    }
  });

function assertAgreement(rules: Rules): void {
  const result = fc.check(agreement(real, rules), { numRuns: RUNS, seed: SEED });
  if (!result.failed) return;
  const why = result.errorInstance instanceof Error ? result.errorInstance : undefined;
  throw new Error(`seed ${SEED}, run ${result.numRuns}, path ${result.counterexamplePath ?? '-'}\n${why instanceof Disagreement ? why.message : (why?.stack ?? 'unknown')}`);
}

describe('the fold says what the text says', () => {
  test.each(ALL_RULES.map((rules) => [rules.preset, rules] as const))('%s', (_, rules) => assertAgreement(rules), 600_000);

  test('the histories reach every ring, cause and state', () => {
    const reached = new Set<string>();
    for (const { history, shift } of fc.sample(cases, { numRuns: 2000, seed: SEED })) {
      const rules = ALL_RULES[shift % ALL_RULES.length]!;
      for (const spell of spellsOf(history, rules)) {
        reached.add(`${spell.ring} ${spell.cause ?? 'for ever'}`);
        for (const { ring, state } of standingAt(history, rules, spell.from - (shift % 2)).rings) reached.add(`${ring} ${state}`);
        for (const { ring, state } of standingAt(history, rules, spell.to ?? spell.from).rings) reached.add(`${ring} ${state}`);
        if (spell.marked !== undefined) reached.add(`${spell.ring} ${spell.marked}`);
      }
    }
    const states = ['nothing recorded', 'not reached', 'lit', 'at risk', 'out'];
    const expected = [
      ...RINGS.flatMap((ring) => states.map((state) => `${ring} ${state}`)).filter((state) => state !== '2 not reached' && state !== '1 not reached' ),
      ...['dormant', 'closed with thanks'].map((cause) => `1 ${cause}`),
      ...[2, 4].flatMap((ring) => ['expired', 'cancelled', 'refunded', 'for ever'].map((cause) => `${ring} ${cause}`)),
      ...['no longer a customer', 'value not seen', 'promise missed', 'champion lost'].map((cause) => `3 ${cause}`),
      ...['lapsed', 'consent withdrawn', 'detractor', 'person left'].map((cause) => `5 ${cause}`),
      '4 not due', '4 tacit', '5 incentivised',
    ];
    expect(expected.filter((one) => !reached.has(one))).toEqual([]);
  });
});

// ---- planted bugs -----------------------------------------------------------------------------------------

/** A fold that is given other entries, or other rules, than it is asked about. */
const given = (change: (entries: Interaction[]) => Interaction[], rulesOf: (rules: Rules) => Rules = (rules) => rules): Fold => ({
  spellsOf: (entries, rules, options) => spellsOf(change([...entries]), rulesOf(rules), options),
  standingAt: (entries, rules, at, options) => standingAt(change([...entries]), rulesOf(rules), at, options),
});
const eachEntry = (change: (entry: Interaction) => Interaction): Fold => given((entries) => entries.map(change));
const underRules = (change: (rules: Rules) => Rules): Fold => given((entries) => entries, change);
/** A fold whose spells are changed afterwards. */
const spelt = (change: (spells: readonly Spell[]) => readonly Spell[]): Fold => ({ ...real, spellsOf: (entries, rules, options) => change(spellsOf(entries, rules, options)) });
const stood = (change: (standing: Standing) => Standing): Fold => ({ ...real, standingAt: (...asked) => change(standingAt(...asked)) });
const later = (entry: Interaction, ms = 1): Interaction => ({ ...entry, occurredAt: entry.occurredAt + ms });
const darkens = (entry: Interaction): boolean =>
  ['fit-declined', 'cancellation', 'refund', 'consent-withdrawn', 'person-left'].includes(entry.kind)
  || (entry.kind === 'survey-answered' && ((entry.fields['nps'] as number | undefined) ?? 10) <= 6)
  || (entry.fields['person'] !== undefined && (entry.kind === 'review' || entry.fields['stance'] !== undefined) && stanceOf(entry) === 'against');

const BUGS: Record<string, Fold> = {
  'an objection to contact is contact': eachEntry((entry) => (entry.kind === 'contact-objected' ? { ...entry, kind: 'reply' } : entry)),
  'a window that includes its end': spelt((spells) => spells.map((spell) => (spell.to === null ? spell : { ...spell, to: spell.to + 1 }))),
  'a window that excludes its beginning': spelt((spells) => spells.map((spell) => ({ ...spell, from: spell.from + 1 }))),
  'ring 5 alone lasts 1 ms more': spelt((spells) => spells.map((spell) => (spell.ring === 5 && spell.to !== null ? { ...spell, to: spell.to + 1 } : spell))),
  'spells that are not maximal': spelt((spells) => spells.flatMap((spell) => (spell.to === null || spell.to - spell.from < 2 ? [spell] : [{ ...spell, to: spell.from + 1 }, { ...spell, from: spell.from + 1 }]))),
  'a short gap bridged': spelt((spells) =>
    spells.flatMap((spell, index) => {
      const next = spells[index + 1];
      const before = spells[index - 1];
      const joins = (a: Spell | undefined, b: Spell | undefined): boolean => a !== undefined && b !== undefined && a.ring === b.ring && b.from - a.to! < 30 * DAY;
      return joins(before, spell) ? [] : joins(spell, next) ? [{ ...next!, from: spell.from }] : [spell];
    })),
  'the last recorded of one instant wins': given((entries) => entries.filter((one, index) => !entries.some((other, at) => at > index && other.occurredAt === one.occurredAt && other.side === one.side))),
  'the order of arrival is taken for the order of events': given((entries) => entries.map((one, index) => ({ ...one, occurredAt: one.occurredAt + index }))),
  'the darkener loses the tie': eachEntry((one) => (darkens(one) ? later(one) : one)),
  'fit-declined loses the tie': eachEntry((one) => (one.kind === 'fit-declined' ? later(one) : one)),
  'an erased person still stands behind their acts': given((entries) => entries.filter(({ kind }) => kind !== ERASED)),
  'erasing loses the tie': eachEntry((one) => (one.kind === ERASED ? later(one) : one)),
  'leaving loses the tie': eachEntry((one) => (one.kind === 'person-left' ? later(one) : one)),
  'a contract counts before it was signed': eachEntry((one) => ('start' in one.fields ? { ...one, occurredAt: Math.min(one.occurredAt, one.fields['start'] as number) } : one)),
  'a cancellation takes effect backwards': eachEntry((one) => ('effective' in one.fields ? { ...one, occurredAt: one.fields['effective'] as number } : one)),
  'a verification counts from the act': given((entries) => entries.map((one) => (one.kind === 'act-verified' ? { ...one, occurredAt: entries.find(({ id }) => id === one.about)?.occurredAt ?? one.occurredAt } : one))),
  'our own doing counts': eachEntry((one) => (one.side === 'us' ? { ...one, side: 'customer' } : one)),
  'unattended counts': eachEntry((one) => ('attended' in one.fields ? { ...one, fields: { ...one.fields, attended: true } } : one)),
  'a partial refund darkens': eachEntry((one) => (one.kind === 'refund' ? { ...one, fields: { ...one.fields, full: true } } : one)),
  'a named cancellation takes all': eachEntry((one) => ({ ...one, fields: Object.fromEntries(Object.entries(one.fields).filter(([name]) => name !== 'term')) })),
  'notice is not read': eachEntry((one) => ({ ...one, fields: Object.fromEntries(Object.entries(one.fields).filter(([name]) => name !== 'noticeDays')) })),
  'whose act it was is not read': eachEntry((one) => ('person' in one.fields ? { ...one, fields: { ...one.fields, person: 'ada' } } : one)),
  'the offering is not read': eachEntry(({ offering: _, ...one }) => one),
  'asked for one offering, all are read': { spellsOf: (entries, rules) => spellsOf(entries, rules), standingAt: (entries, rules, at) => standingAt(entries, rules, at) },
  'grace a day longer': underRules((rules) => ({ ...rules, purchase: { ...rules.purchase, grace: rules.purchase.grace + 1 } })),
  'contact a day longer': underRules((rules) => ({ ...rules, contact: { ...rules.contact, window: rules.contact.window + 1 } })),
  'contact of customers a day longer': underRules((rules) => ({ ...rules, contact: { ...rules.contact, windowWhileCustomer: rules.contact.windowWhileCustomer + 1 } })),
  'value a day longer': underRules((rules) => ({ ...rules, adoption: { ...rules.adoption, window: rules.adoption.window + 1 } })),
  'champions missed a day later': underRules((rules) => ({ ...rules, adoption: { ...rules.adoption, championLost: rules.adoption.championLost + 1 } })),
  'promises missed a day later': underRules((rules) => ({ ...rules, adoption: { ...rules.adoption, promiseMissed: 31 } })),
  'a promise once missed is forgiven when it is delivered': given((entries) => entries.filter(({ id, kind }) => kind !== 'promise-made' || !entries.some((other) => other.kind === 'promise-delivered' && other.about === id))),
  'followed five days earlier': underRules((rules) => ({ ...rules, renewal: { ...rules.renewal, early: rules.renewal.early + 5 } })),
  'silence does not renew': underRules((rules) => ({ ...rules, renewal: { ...rules.renewal, tacit: false } })),
  'acts a day longer': underRules((rules) => ({ ...rules, advocacy: { window: rules.advocacy.window + 1 } })),
  'warned a day earlier': underRules((rules) => ({ ...rules, warning: { ...rules.warning, days: rules.warning.days + 1 } })),
  'warned of terms a day earlier': underRules((rules) => ({ ...rules, warning: { ...rules.warning, terms: rules.warning.terms + 1 } })),
  'any cause': spelt((spells) => spells.map((spell) => ({ ...spell, cause: spell.cause === 'refunded' || spell.cause === 'cancelled' ? 'expired' : spell.cause }))),
  'consent is not told from leaving': spelt((spells) => spells.map((spell) => ({ ...spell, cause: spell.cause === 'consent withdrawn' ? 'person left' : spell.cause }))),
  'not due is a gap': stood((standing) => ({ ...standing, gaps: RINGS.filter((ring) => !standing.lit.includes(ring) && standing.lit.some((one) => one > ring)) })),
  'depth counts all lit rings': stood((standing) => ({ ...standing, depth: standing.lit.length })),
  'standing knows the future': { ...real, standingAt: (entries, rules, at, options) => ({ ...standingAt(entries, rules, at, options), rings: standingAt([...entries].map((one) => ({ ...one, occurredAt: Math.min(one.occurredAt, at) })), rules, at, options).rings }) },
};

describe('planted bugs turn it red', () => {
  test.each(Object.entries(BUGS))('%s', (_, fold) => {
    const result = fc.check(caught(fold, PRESETS['annual-contracts']!), { numRuns: BROKEN_RUNS, seed: SEED, endOnFailure: true });
    expect(result.failed).toBe(true);
    expect(result.errorInstance).toBeInstanceOf(Disagreement);
  });
});
