/** What a snooze hides, until when, and what brings a customer back. Beside it planted bugs. */
import { customer, type CustomerCommand } from '../../src/customers/customer.js';
import type { Snooze } from '../../src/customers/snooze.js';
import { parseInstant } from '../../src/kernel/calendar.js';
import { Refusal } from '../../src/kernel/refusal.js';
import type { Reason } from '../../src/rings/attention.js';
import type { Facts } from '../../src/rings/attention-facts.js';
import { attentionOf as sound } from '../../src/rings/snoozed.js';

const DAY = 86_400_000;
const SET = Date.UTC(2026, 5, 1, 12);
const NOW = SET + 5 * DAY;
const UNTIL = SET + 20 * DAY;

const snooze = (more: Partial<Snooze> = {}): Snooze => ({ at: SET, until: UNTIL, by: 'ada', revision: 10, ...more });
const because = (reason: Reason['reason'], since: number, id: string, more: Partial<Reason> = {}): Reason => ({ reason, says: reason, since, newest: since, because: [id], ...more });
/** Entries 1 to 9 were recorded before the snooze, the others after. */
const cited = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`e${n}`, [0, n] as const]));
const facts = { cited } as unknown as Facts;

const risk = because('ring at risk', SET - 3 * DAY, 'e3');
const gap = because('gap', SET - 9 * DAY, 'e4');

type Code = typeof sound;
interface Case {
  readonly says: string;
  readonly reasons: readonly Reason[];
  readonly snoozes: readonly Snooze[];
  readonly at?: number;
  readonly shown: readonly string[];
  readonly back?: boolean;
}

const CASES: readonly Case[] = [
  { says: 'nothing is snoozed', reasons: [risk, gap], snoozes: [], shown: ['ring at risk', 'gap'] },
  { says: 'what stood is hidden', reasons: [risk, gap], snoozes: [snooze()], shown: [] },
  { says: 'it is there again when the snooze is over', reasons: [risk], snoozes: [snooze()], at: UNTIL, shown: ['ring at risk'] },
  { says: 'and hidden until a moment before', reasons: [risk], snoozes: [snooze()], at: UNTIL - 1, shown: [] },
  { says: 'a graver reason that began since brings it back, with all', reasons: [because('severe issue open', SET + DAY, 'e12'), risk], snoozes: [snooze()], shown: ['severe issue open', 'ring at risk'], back: true },
  { says: 'one as grave does too', reasons: [risk, because('ring at risk', SET + 1, 'e5')], snoozes: [snooze()], shown: ['ring at risk', 'ring at risk'], back: true },
  { says: 'one less grave does not', reasons: [risk, because('gap', SET + DAY, 'e12')], snoozes: [snooze()], shown: [] },
  { says: 'a second of the same sort does', reasons: [{ ...risk, reason: 'severe issue open', newest: SET + DAY, because: ['e3', 'e12'] }], snoozes: [snooze()], shown: ['severe issue open'], back: true },
  { says: 'what had happened but was recorded later does', reasons: [because('severe issue open', SET - DAY, 'e11'), risk], snoozes: [snooze()], shown: ['severe issue open', 'ring at risk'], back: true },
  { says: 'what began at the instant of the snooze is covered', reasons: [{ ...risk, since: SET, newest: SET }], snoozes: [snooze()], shown: [] },
  { says: 'where nothing stood, anything brings it back', reasons: [because('late joiner', SET + DAY, 'e12')], snoozes: [snooze()], shown: ['late joiner'], back: true },
  { says: 'one sort alone', reasons: [risk, gap], snoozes: [snooze({ only: 'gap' })], shown: ['ring at risk'] },
  { says: 'one sort alone, and that was all', reasons: [gap], snoozes: [snooze({ only: 'gap' })], shown: [] },
  { says: 'two sorts alone, one of them over', reasons: [risk, gap], snoozes: [snooze({ only: 'gap' }), snooze({ only: 'ring at risk', until: NOW })], shown: ['ring at risk'] },
  { says: 'a new one of the sort shows', reasons: [gap, because('gap', SET + DAY, 'e12')], snoozes: [snooze({ only: 'gap' })], shown: ['gap'] },
  { says: 'before it was set nothing is hidden', reasons: [gap], snoozes: [snooze()], at: SET - 1, shown: ['gap'] },
];

function faults({ reasons, snoozes, at = NOW, shown, back = false }: Case, code: Code = sound): string[] {
  const found = code(reasons, snoozes, facts, at);
  const said = [found.reasons.map(({ reason }) => reason), found.broughtBack, found.reasons.length + found.covered.length];
  const expected = [shown, back, reasons.length];
  return JSON.stringify(said) === JSON.stringify(expected) ? [] : [`${JSON.stringify(said)}, not ${JSON.stringify(expected)}`];
}

describe('what a snooze hides', () => {
  it.each(CASES.map((given) => [given.says, given] as const))('%s', (_says, given) => expect(faults(given)).toEqual([]));

  it.each<[string, Code]>([
    ['it never runs out', (reasons, snoozes, own, at) => sound(reasons, [...snoozes.values()].map((one) => ({ ...one, until: Infinity })), own, at)],
    ['it hides whatever comes', (reasons, snoozes, own, at) => sound(reasons.map((reason) => ({ ...reason, newest: 0, because: [] })), snoozes, own, at)],
    ['it forgets what was recorded later', (reasons, snoozes, own, at) => sound(reasons.map((reason) => ({ ...reason, because: [] })), snoozes, own, at)],
    ['it looks at the first of several alone', (reasons, snoozes, own, at) => sound(reasons.map((reason) => ({ ...reason, newest: reason.since, because: reason.because.slice(0, 1) })), snoozes, own, at)],
    ['anything brings it back', (reasons, snoozes, own, at) => { const held = sound(reasons, snoozes, own, at); return held.reasons.length === 0 && reasons.some(({ newest }) => newest > SET) ? { ...held, reasons, covered: [], broughtBack: true } : held; }],
    ['one sort stands for all', (reasons, snoozes, own, at) => sound(reasons, [...snoozes.values()].map(({ only: _only, ...one }) => one), own, at)],
    ['it hides what was before', (reasons, snoozes, own, at) => sound(reasons, [...snoozes.values()].map((one) => ({ ...one, at: 0 })), own, at)],
  ])('planted bug: %s', (_says, code) => expect(CASES.flatMap((given) => faults(given, code))).not.toEqual([]));
});

describe('setting and ending one', () => {
  const known = (): ReturnType<typeof customer.initial> => ({ ...customer.initial('customer-c'), registered: true });
  const after = (...commands: CustomerCommand[]): ReturnType<typeof customer.initial> => commands.reduce((state, command) => customer.decide(command, state).reduce((before, event, n) => customer.evolve(before, { ...event, id: `e${n}`, stream: 'customer-c', revision: n, position: '1', recordedAt: 0, metadata: { actor: 'ada' } } as never), state), known());
  const set = (until: number, more: object = {}, at = SET, zone = 'Europe/Berlin'): CustomerCommand => ({ type: 'SnoozeAttention', snooze: { at, until, reason: 'Away', ...more }, zone });
  const refusal = (command: CustomerCommand, state = known()): string | undefined => {
    try {
      customer.decide(command, state);
      return undefined;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return error.fields.length === 0 ? error.code : error.fields.map(({ field, code }) => `${field} ${code}`).join();
    }
  };

  it.each([
    ['now', SET, 'until in-the-past'],
    ['a moment ahead', SET + 1, undefined],
    ['the end of the day a year ahead', Date.UTC(2027, 5, 1, 22) - 1, undefined],
    ['a year and a day ahead', Date.UTC(2027, 5, 1, 22), 'until too-far'],
  ])('until %s', (_says, until, expected) => expect(refusal(set(until))).toBe(expected));

  it('a year from the leap day, and over a change of the clock, is the same date', () => {
    const day = (text: string): number => parseInstant(text, 'Europe/Berlin')!;
    const from = (now: string, until: string): string | undefined => refusal(set(day(until), {}, day(now)));
    expect([from('2028-02-29T12:00', '2029-02-28T23:59'), from('2028-02-29T12:00', '2029-03-01')]).toEqual([undefined, 'until too-far']);
    expect([from('2027-03-01T12:00', '2028-03-01T23:59'), from('2027-03-01T12:00', '2028-03-02')]).toEqual([undefined, 'until too-far']);
    expect([from('2026-10-25T12:00', '2027-10-25T23:59'), from('2026-10-25T12:00', '2027-10-26')]).toEqual([undefined, 'until too-far']);
    expect([from('2026-03-28T12:00', '2027-03-28T23:59'), from('2026-03-28T12:00', '2027-03-29')]).toEqual([undefined, 'until too-far']);
  });

  it('all that is wrong is named', () => {
    expect(refusal(set(SET - DAY, { reason: ' ', only: 'boredom' }))).toBe('until in-the-past,reason missing,only unknown-choice');
    expect(refusal(set(UNTIL), customer.initial('customer-c'))).toBe('unknown-customer');
  });

  it('the last for the same counts; ending takes one, or all', () => {
    const twice = after(set(UNTIL), set(UNTIL + DAY, {}, SET + DAY), set(UNTIL, { only: 'gap' }));
    expect([...twice.snoozes.values()].map(({ until, only, by }) => [until, only, by])).toEqual([[UNTIL + DAY, undefined, 'ada'], [UNTIL, 'gap', 'ada']]);
    const end = (only?: string, now = NOW): CustomerCommand => ({ type: 'EndSnooze', now, ...(only !== undefined && { only }) });
    expect([...after(set(UNTIL), set(UNTIL, { only: 'gap' }), end('gap')).snoozes.keys()]).toEqual(['']);
    expect(after(set(UNTIL), set(UNTIL, { only: 'gap' }), end()).snoozes.size).toBe(0);
    expect([refusal(end()), refusal(end('gap'), after(set(UNTIL))), refusal(end(undefined, UNTIL), after(set(UNTIL)))]).toEqual(['not-snoozed', 'not-snoozed', 'not-snoozed']);
  });

  it('the words are sealed under the key of the customer and one of their own, and not in the state', () => {
    const [event] = customer.decide(set(UNTIL), known());
    expect(event).toMatchObject({ type: 'AttentionSnoozed', data: { at: SET, until: UNTIL, reason: 'Away' } });
    expect(customer.personal(event!, known())).toEqual([{ path: ['reason'], subjects: ['customer:c'], alone: true }]);
    expect(JSON.stringify([...after(set(UNTIL)).snoozes])).not.toContain('Away');
  });
});
