/** Each reason for attention: a case in which it fires, one just before, and one in which it has been dealt with. Beside them planted bugs. */
import type { Interaction } from '../../src/customers/customer.js';
import type { FieldValue } from '../../src/customers/entry.js';
import type { ReasonName } from '../../src/customers/snooze.js';
import { startOfDay } from '../../src/kernel/calendar.js';
import { Days } from '../../src/kernel/days.js';
import * as sound from '../../src/rings/attention.js';
import { factsOf as soundFacts, type Facts } from '../../src/rings/attention-facts.js';
import { atStake } from '../../src/figures/at-stake.js';
import { fold } from '../../src/rings/fold.js';
import { PRESETS, type Rules } from '../../src/rings/rules.js';
import { standingOf } from '../../src/rings/standing.js';

const DAY = 86_400_000;
const HOUR = DAY / 24;
const ZONE = 'Europe/Berlin';
const RULES = PRESETS['annual-contracts']!;
const days = new Days(ZONE);
/** Noon in Berlin of a winter's day. */
const NOW = startOfDay('2026-01-20', ZONE) + 12 * HOUR;

type Fields = Record<string, FieldValue>;
let revision = 0;
const one = (id: string, kind: string, occurredAt: number, fields: Fields = {}, more: Partial<Interaction> = {}): Interaction => ({ id, kind, occurredAt, side: 'customer', people: [], fields, mac: id, actor: 'ada', revision: (revision += 1), ...more });
const ago = (n: number): number => NOW - n * DAY;
const ahead = (n: number): number => NOW + n * DAY;

interface Code {
  readonly factsOf: typeof soundFacts;
  readonly reasonsFor: typeof sound.reasonsFor;
}
const SOUND: Code = { factsOf: soundFacts, reasonsFor: sound.reasonsFor };

/** Reasons at an instant, by the entries that had happened by then. */
function reasonsAt(entries: readonly Interaction[], at = NOW, { factsOf, reasonsFor }: Code = SOUND, rules: Rules = RULES): sound.Reason[] {
  const known = entries.filter(({ occurredAt }) => occurredAt <= at).sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));
  const journey = fold(known, rules);
  const facts = JSON.parse(JSON.stringify(factsOf(known, journey, rules, atStake))) as Facts;
  return reasonsFor(journey, standingOf(journey, rules, at), facts, rules, days);
}

/** A customer with whom all is well at NOW: bought, heard from, value shown, a step planned. */
const well = (more: Fields = {}): Interaction[] => [
  one('bought', 'purchase', ago(100), { end: ahead(265), amount: 1_200_000, currency: 'EUR', ...more }),
  one('value', 'outcome-confirmed', ago(10)),
  one('step', 'step-planned', ago(9), { due: ahead(30) }, { side: 'us' }),
];
const prospect = (): Interaction[] => [one('asked', 'enquiry', ago(10))];
const decider = one('p', 'person-added', ago(9), { person: 'ines', roles: ['decider'] }, { side: 'us' });
const met = one('m', 'meeting', ago(8), { attended: true }, { side: 'us', people: ['ines'] });
const open = (fields: Fields = {}, at = ago(5)): Interaction => one('d', 'decision-opened', at, fields);

interface Case {
  readonly says: string;
  readonly reason: ReasonName;
  readonly entries: readonly Interaction[];
  /** When it begins: just before it does not stand. */
  readonly since: number;
  readonly because: readonly string[];
  /** Entries after which it does not stand any more, and when they have happened. */
  readonly cleared: readonly Interaction[];
  readonly more?: Partial<sound.Reason>;
}

const END = ahead(40);
const CASES: readonly Case[] = [
  { says: 'a severe issue', reason: 'severe issue open', entries: [...well(), one('i', 'issue-opened', ago(3), { severity: 2 })], since: ago(3), because: ['i'], cleared: [one('r', 'issue-resolved', ago(1), {}, { side: 'us', about: 'i' })] },
  { says: 'contact running out', reason: 'ring at risk', entries: [one('asked', 'enquiry', ago(70))], since: ago(10), because: ['asked'], cleared: [one('again', 'reply', ago(1))], more: { ring: 1, until: ahead(20) } },
  {
    says: 'a contract cancelled ahead', reason: 'ring at risk', entries: [...well(), one('c', 'cancellation', ago(4), { effective: ahead(200) })], since: ago(4), because: ['c'],
    cleared: [one('new', 'purchase', ago(1), { start: ahead(200), end: ahead(600) })], more: { ring: 2, until: ahead(200) },
  },
  {
    says: 'a champion who left: not before that', reason: 'ring at risk', entries: [...well(), one('k', 'person-added', ago(50), { person: 'kim', roles: ['champion'] }, { side: 'us' }), one('l', 'person-left', ago(2), { person: 'kim' }, { side: 'us' })],
    since: ago(2), because: ['l'], cleared: [one('n', 'person-added', ago(1), { person: 'noa', roles: ['champion'] }, { side: 'us' })], more: { ring: 3, until: ahead(28) },
  },
  { says: 'the end of a contract', reason: 'term ahead', entries: well({ end: END }), since: END - 90 * DAY, because: ['bought'], cleared: [one('r', 'renewal', ago(1), { end: ahead(400) })], more: { until: END, money: { amount: 1_200_000, currency: 'EUR' } } },
  { says: 'the notice of a contract', reason: 'term ahead', entries: well({ end: ahead(140), noticeDays: 60 }), since: ago(10), because: ['bought'], cleared: [one('r', 'renewal', ago(1), { start: ahead(140), end: ahead(500) })], more: { until: ahead(80) } },
  { says: 'the notice of one that goes on by silence', reason: 'term ahead', entries: well({ end: ahead(100), noticeDays: 30, renews: 'automatic' }), since: ago(20), because: ['bought'], cleared: [one('r', 'renewal', ago(1), { start: ahead(100), end: ahead(500) })], more: { until: ahead(70) } },
  { says: 'a contract ended early', reason: 'term ahead', entries: [...well(), one('c', 'cancellation', ago(4), { effective: ahead(60) })], since: ago(4), because: ['bought', 'c'], cleared: [one('new', 'purchase', ago(1), { start: ahead(60), end: ahead(600) })], more: { until: ahead(60) } },
  { says: 'silence', reason: 'silent', entries: [one('bought', 'purchase', ago(200), { end: ahead(200) })], since: ago(20), because: ['bought'], cleared: [one('w', 'reply', ago(1))], more: { ring: 1 } },
  { says: 'a gap', reason: 'gap', entries: [one('p', 'person-added', ago(200), { person: 'ines' }, { side: 'us' }), one('w', 'reply', ago(20)), one('ref', 'reference', ago(15), { person: 'ines', verification: 'evidenced' }), ], since: ago(15), because: ['ref'], cleared: [one('b', 'purchase', ago(1)), one('v', 'value-reached', ago(1))], more: { ring: 2 } },
  { says: 'a promise missed', reason: 'promise missed', entries: [...well(), one('pr', 'promise-made', ago(9), { due: ago(2) }, { side: 'us' })], since: ago(2) + 1, because: ['pr'], cleared: [one('dl', 'promise-delivered', ago(1), {}, { side: 'us', about: 'pr' })] },
  { says: 'a promise due today', reason: 'promise due today', entries: [...well(), one('pr', 'promise-made', ago(9), { due: NOW + HOUR }, { side: 'us' })], since: startOfDay('2026-01-20', ZONE), because: ['pr'], cleared: [one('dl', 'promise-delivered', ago(0.1), {}, { side: 'us', about: 'pr' })], more: { until: NOW + HOUR } },
  { says: 'a step overdue', reason: 'step overdue', entries: [...well(), one('s', 'step-planned', ago(9), { due: startOfDay('2026-01-18', ZONE) }, { side: 'us' })], since: startOfDay('2026-01-19', ZONE), because: ['s'], cleared: [one('o', 'step-done', ago(0.1), {}, { side: 'us', about: 's' })] },
  { says: 'a step due today', reason: 'step due today', entries: [...well(), one('s', 'step-planned', ago(9), { due: NOW + HOUR }, { side: 'us' })], since: startOfDay('2026-01-20', ZONE), because: ['s'], cleared: [one('o', 'step-done', ago(0.1), {}, { side: 'us', about: 's' })], more: { until: startOfDay('2026-01-21', ZONE) } },
  { says: 'the last step done', reason: 'no dated next step', entries: [...well(), one('o', 'step-done', ago(4), {}, { side: 'us', about: 'step' })], since: ago(4), because: ['o'], cleared: [one('n', 'step-planned', ago(1), { due: ahead(3) }, { side: 'us' })] },
  { says: 'a decision whose day has passed', reason: 'no dated next step', entries: [...well().slice(0, 2), open({ neededBy: ago(2) }, ago(20))], since: ago(2), because: ['d'], cleared: [open({ neededBy: ahead(3) }, ago(1))] },
  { says: 'nothing dated from the start', reason: 'no dated next step', entries: well().slice(0, 2), since: ago(100), because: ['bought'], cleared: [open({ neededBy: ahead(3) }, ago(1))] },
  { says: 'nobody known to decide', reason: 'decider unknown', entries: [...prospect(), open()], since: ago(5), because: ['d'], cleared: [one('p', 'person-added', ago(1), { person: 'ines', roles: ['decider'] }, { side: 'us' })] },
  { says: 'the decider left', reason: 'decider unknown', entries: [...prospect(), decider, open(), one('l', 'person-left', ago(2), { person: 'ines' }, { side: 'us' })], since: ago(2), because: ['d', 'l'], cleared: [one('c', 'decision-closed', ago(1), { outcome: 'nothing' }, { about: 'd' })] },
  { says: 'a decider never met', reason: 'decider not met', entries: [...prospect(), decider, open()], since: ago(5), because: ['d', 'p'], cleared: [one('w', 'reply', ago(1), {}, { people: ['ines'] })] },
  { says: 'somebody named to decide, never met', reason: 'decider not met', entries: [...prospect(), { ...decider, fields: { person: 'ines' } }, open({ deciders: ['ines'] })], since: ago(5), because: ['d', 'p'], cleared: [one('m', 'visit', ago(1), { attended: true }, { side: 'us', people: ['ines'] })] },
  { says: 'a late joiner', reason: 'late joiner', entries: [...prospect(), open({ neededBy: ahead(5) - 1 }, ago(9.5)), decider, met], since: ago(9), because: ['d', 'p'], cleared: [one('c', 'decision-closed', ago(1), { outcome: 'us' }, { about: 'd' })] },
];

/** What is wrong with what the code says of a case; empty when nothing is. */
function faults({ reason, entries, since, because, cleared, more }: Case, code: Code = SOUND): string[] {
  const named = (all: readonly sound.Reason[]): sound.Reason | undefined => all.find((found) => found.reason === reason && (more?.ring === undefined || found.ring === more.ring));
  const says: string[] = [];
  const found = named(reasonsAt(entries, NOW, code));
  if (found === undefined) return ['does not fire'];
  const expected = { since, newest: since, because, ...more };
  for (const [key, value] of Object.entries(expected)) if (JSON.stringify(found[key as keyof sound.Reason]) !== JSON.stringify(value)) says.push(`${key} ${JSON.stringify(found[key as keyof sound.Reason])}, not ${JSON.stringify(value)}`);
  if (named(reasonsAt(entries, since, code)) === undefined) says.push('does not stand when it begins');
  const before = named(reasonsAt(entries, since - 1, code));
  if (before !== undefined && !(reason === 'no dated next step' && since === ago(100))) says.push('stands before it begins');
  if (named(reasonsAt([...entries, ...cleared], NOW, code)) !== undefined) says.push('stands when it is dealt with');
  return says;
}

describe('each reason', () => {
  it.each(CASES.map((given) => [given.reason, given.says, given] as const))('%s: %s', (_reason, _says, given) => expect(faults(given)).toEqual([]));
  it('there is a case of every sort', async () => {
    const { REASONS } = await import('../../src/customers/snooze.js');
    expect([...new Set(CASES.map(({ reason }) => reason))].sort()).toEqual([...REASONS].sort());
  });
  it('nothing stands at a customer with whom all is well, nor at a prospect', () => {
    expect(reasonsAt(well())).toEqual([]);
    expect(reasonsAt(prospect())).toEqual([]);
    expect(reasonsAt([])).toEqual([]);
  });
});

describe('new since yesterday', () => {
  // In Berlin the clock goes forward on 2026-03-29 and back on 2026-10-25: days of 23 and 25 hours.
  it.each([
    ['the day after a day of 23 hours', '2026-03-30T08:00:00+02:00', '2026-03-28T23:00:00Z'],
    ['a day of 23 hours', '2026-03-29T08:00:00+02:00', '2026-03-27T23:00:00Z'],
    ['the day after a day of 25 hours', '2026-10-26T08:00:00+01:00', '2026-10-24T22:00:00Z'],
    ['a day of 25 hours, in its last hour', '2026-10-25T23:59:00+01:00', '2026-10-23T22:00:00Z'],
    ['the first moment of a day', '2026-03-30T00:00:00+02:00', '2026-03-28T23:00:00Z'],
  ])('begins with the day before, on %s', (_says, now, start) => {
    const [at, from] = [Date.parse(now), Date.parse(start)];
    expect(sound.startOfYesterday(at, days)).toBe(from);
    const severe = (since: number): boolean => sound.isNew(reasonsAt([one('i', 'issue-opened', since, { severity: 1 })], at)[0]!, at, days);
    expect([severe(from - 1), severe(from)]).toEqual([false, true]);
  });

  it('passes over a date that the zone leaves out', () => {
    const apia = new Days('Pacific/Apia');
    expect(new Date(sound.startOfYesterday(Date.parse('2011-12-31T12:00:00+14:00'), apia)).toISOString()).toBe('2011-12-29T10:00:00.000Z');
  });

  it('of several alike, the newest makes it new, and the first says since when', () => {
    const [found] = reasonsAt([one('i', 'issue-opened', ago(9), { severity: 1 }), one('j', 'issue-opened', ago(1), { severity: 2 })]);
    expect(found).toMatchObject({ since: ago(9), newest: ago(1), because: ['i', 'j'], says: '2 severe issues are open' });
    expect(sound.isNew(found!, NOW, days)).toBe(true);
  });
});

describe('what comes and goes', () => {
  it('a term is not told while its warning has not begun, when it goes on without end, or in periods no longer than the warning', () => {
    const told = (fields: Fields): boolean => reasonsAt(well(fields)).some(({ reason }) => reason === 'term ahead');
    expect(told({ end: ahead(90) + 1 })).toBe(false);
    expect(told({ end: ahead(90) })).toBe(true);
    expect(told({ renews: 'open-ended' })).toBe(false);
    expect(told({ start: ago(100), end: ago(70), renews: 'automatic' })).toBe(false);
    // Once the notice has passed, an automatic one is certain until the next.
    expect(told({ end: ahead(20), noticeDays: 30, renews: 'automatic', start: ago(345) })).toBe(false);
    // A term that is followed by one taken back is followed by none.
    expect(reasonsAt([...well({ end: END }), one('r', 'renewal', ago(2), { end: ahead(400) }), one('c', 'cancellation', ago(1), { term: 'r', effective: END })]).find(({ reason }) => reason === 'term ahead')?.because).toEqual(['bought']);
  });

  it('a gap begins when all of it holds: out, due, and something later lit', () => {
    const entries = [one('bought', 'purchase', ago(300), { end: ago(30) }), one('value', 'value-reached', ago(20)), one('ref', 'reference', ago(100), { person: 'ines', verification: 'evidenced' }), one('step', 'step-planned', ago(9), { due: ahead(30) })];
    expect(reasonsAt(entries).find(({ reason }) => reason === 'gap')).toMatchObject({ ring: 4, since: ago(30), because: ['ref'] });
    expect(reasonsAt(entries, ago(30) - 1).some(({ reason, ring }) => reason === 'gap' && ring === 4)).toBe(false);
  });

  it('who decides is who is named and still there, else who has the role', () => {
    const role = { ...decider, occurredAt: ago(30) };
    const other = one('q', 'person-added', ago(30), { person: 'kim' }, { side: 'us' });
    const early = open({ deciders: ['kim'], neededBy: ahead(90) });
    const unmet = (...more: Interaction[]): unknown => reasonsAt([...prospect(), role, other, early, ...more]).filter(({ reason }) => reason === 'decider not met').map(({ since, because }) => [since, because]);
    expect(unmet()).toEqual([[ago(5), ['d', 'q']]]);
    expect(unmet(one('l', 'person-left', ago(2), { person: 'kim' }, { side: 'us' }))).toEqual([[ago(2), ['d', 'p']]]);
    // A call nobody attended is no meeting.
    expect(unmet(one('c', 'call', ago(1), { attended: false }, { side: 'us', people: ['kim'] }))).toHaveLength(1);
    expect(unmet(one('c', 'call', ago(1), { attended: true }, { side: 'us', people: ['kim'] }))).toHaveLength(0);
  });

  it('nothing depends on what happens later, or on the order of arrival', () => {
    const all = CASES.flatMap(({ entries, cleared }, index) => [...entries, ...cleared].map((entry) => ({ ...entry, id: `${index}${entry.id}`, ...(entry.about !== undefined && { about: `${index}${entry.about}` }) })));
    const shuffled = [...all].reverse();
    for (const at of all.flatMap(({ occurredAt }) => [occurredAt - 1, occurredAt])) {
      const reasons = reasonsAt(all, at);
      expect(reasonsAt(shuffled, at)).toEqual(reasons);
      for (const { since, newest, because, says } of reasons) expect({ says, in: since <= newest && newest <= at && because.every((id) => all.some((entry) => entry.id === id && entry.occurredAt <= at)) }).toEqual({ says, in: true });
    }
  });

  it('a reason that stands has stood since, as long as nothing happened', () => {
    for (const { entries } of CASES) {
      const last = Math.max(...entries.map(({ occurredAt }) => occurredAt));
      for (const { reason, since, ring } of reasonsAt(entries)) if (since > last) expect(reasonsAt(entries, since).some((found) => found.reason === reason && found.ring === ring && found.since === since)).toBe(true);
    }
  });
});

describe('planted bugs', () => {
  /** The facts, or the reasons, spoilt. */
  const facts = (spoil: (facts: Facts, entries: readonly Interaction[]) => Partial<Facts>): Code => ({ ...SOUND, factsOf: (entries, ...rest) => { const own = soundFacts(entries, ...rest); return { ...own, ...spoil(own, entries) }; } });
  const told = (spoil: (reasons: sound.Reason[], ...given: Parameters<typeof sound.reasonsFor>) => sound.Reason[]): Code => ({ ...SOUND, reasonsFor: (...given) => spoil(sound.reasonsFor(...given), ...given) });
  const sinceOf = (name: ReasonName, since: (reason: sound.Reason, ...given: Parameters<typeof sound.reasonsFor>) => number): Code => told((reasons, ...given) => reasons.map((reason) => (reason.reason === name ? { ...reason, since: since(reason, ...given) } : reason)));
  const BUGS: [string, Code][] = [
    ['a severe issue stays when it is resolved', told((reasons, journey) => (reasons.some(({ reason }) => reason === 'severe issue open') || journey.severe.length > 0 ? reasons : [...reasons, { reason: 'severe issue open', says: '', since: ago(3), newest: ago(3), because: ['i'] }]))],
    ['a ring is at risk before what would end it has happened', sinceOf('ring at risk', ({ ring }, journey) => journey.spells.find((spell) => spell.ring === ring)!.from)],
    ['the warning of a term is a day late', sinceOf('term ahead', ({ since }) => since + DAY)],
    ['what follows a term is not seen', facts((own, entries) => ({ terms: [...own.terms, ...entries.filter(({ kind, id }) => kind === 'purchase' && !own.terms.some((term) => term.id === id)).map(({ id, occurredAt, fields }) => ({ id, from: occurredAt, end: fields['end'] as number, period: null, notice: 0 }))] }))],
    ['a notice is passed over', facts((own) => ({ terms: own.terms.map((term) => ({ ...term, notice: 0 })) }))],
    ['a step is overdue at the instant it is due', sinceOf('step overdue', (_reason, _journey, _standing, { steps }) => Math.min(...steps.map(({ due }) => due)))],
    ['days are those of UTC', { ...SOUND, reasonsFor: (journey, standing, own, rules) => sound.reasonsFor(journey, standing, own, rules, new Days('UTC')) }],
    ['steps stay when they are done', facts((_own, entries) => ({ steps: entries.filter(({ kind }) => kind === 'step-planned').map(({ id, occurredAt, fields }) => ({ id, planned: occurredAt, due: fields['due'] as number })) }))],
    ['a decision never runs out', facts((own) => ({ ...(own.dated !== undefined && { dated: { ...own.dated, until: null } }) }))],
    ['silence is told as a gap', told((reasons) => reasons.map((reason) => (reason.reason === 'silent' ? { ...reason, reason: 'gap' } : reason)))],
    ['a decider who left still decides', facts((own) => ({ unknown: own.unknown.filter(({ because }) => because.length === 1) }))],
    ['our own mail is a meeting', facts((own, entries) => ({ unmet: own.unmet.filter(({ because }) => !entries.some(({ id, kind }) => because.includes(id) && kind === 'person-added')) }))],
    ['late means a day', facts((own, entries) => ({ late: own.late.filter(({ because }) => entries.some(({ id, fields }) => because.includes(id) && (fields['neededBy'] as number) - ago(9) < DAY)) }))],
    ['the gap begins with the later ring of all time', sinceOf('gap', (_reason, journey) => Math.min(...journey.spells.map(({ from }) => from)))],
  ];
  it.each(BUGS)('%s', (_says, code) => expect(CASES.flatMap((given) => faults(given, code))).not.toEqual([]));
  it('none of these is in the sound code', () => expect(CASES.flatMap((given) => faults(given))).toEqual([]));
});
