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
  const facts = JSON.parse(JSON.stringify(factsOf(known, journey, rules, atStake(known, rules)))) as Facts;
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
