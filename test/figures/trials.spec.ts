/** Rehearsals and back-tests: what they must never do, each beside a planted bug that does it. */
import fc from 'fast-check';
import { customer, type Interaction } from '../../src/customers/customer.js';
import { BackTest, predictionsOf, type Cut } from '../../src/figures/back-test.js';
import { FIGURES } from '../../src/figures/figures.js';
import { Rehearsal } from '../../src/figures/rehearsal.js';
import type { RecordedEvent } from '../../src/kernel/event-store.js';
import { PRESETS, type Ring, type Rules } from '../../src/rings/rules.js';
import { BASE, entry, histories } from '../rings/histories.js';

const DAY = 86_400_000;
const rules = PRESETS['annual-contracts']!;
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 150);

const stateOf = (entries: readonly Interaction[]) => {
  const state = customer.initial('customer-c1');
  state.registered = true;
  for (const one of entries) state.interactions.set(one.id, one);
  return state;
};

function rehearsed(entries: readonly Interaction[], live: Rules, draft: Rules) {
  const now = BASE + 2200 * DAY;
  const rehearsal = new Rehearsal({ live, draft, figures: FIGURES, now, zone: 'UTC', begin: BASE, ends: [BASE + 500 * DAY, BASE + 1200 * DAY, now] });
  rehearsal.take(stateOf(entries));
  return rehearsal.result();
}

describe('a rehearsal', () => {
  const shifts = ({ changed, figures, series }: ReturnType<typeof rehearsed>): boolean =>
    changed > 0 || figures.some(({ live, draft }) => JSON.stringify(live) !== JSON.stringify(draft)) || JSON.stringify(series.live) !== JSON.stringify(series.draft);

  it('of the rules in force changes nobody and shifts nothing', () => {
    fc.assert(fc.property(histories, fc.constantFrom(...Object.values(PRESETS)), (entries, live) => !shifts(rehearsed(entries, live, structuredClone(live)))), { numRuns: RUNS });
  });

  it('planted bug: a draft that is not the live rules is found', () => {
    const result = fc.check(fc.property(histories, (entries) => !shifts(rehearsed(entries, rules, { ...rules, contact: { ...rules.contact, window: 89 } }))), { numRuns: 1000, seed: 1 });
    expect(result.failed).toBe(true);
  });

  it('names who would stand otherwise, and why', () => {
    const now = BASE + 2200 * DAY;
    const result = rehearsed([entry('a', 'reply', now - 70 * DAY, 'customer')], rules, { ...rules, contact: { ...rules.contact, window: 60 } });
    expect(result.changes).toEqual([{ customer: 'c1', before: [1], after: [], rings: [{ ring: 1, before: 'at risk', after: 'out' }] }]);
    expect(result.series.live.at(-1)).toMatchObject({ lit: { 1: 1 }, lost: { 1: 0 } });
    expect(result.series.draft.at(-1)).toMatchObject({ lit: { 1: 0 }, lost: { 1: 1 } });
  });
});

/** An entry as it stands in the log, recorded at an instant. */
const eventOf = ({ id, kind, occurredAt, side, people, about, offering, fields, mac }: Interaction, revision: number, recordedAt: number): RecordedEvent => ({
  id, type: 'InteractionLogged', stream: 'customer-c1', revision, position: String(revision), recordedAt,
  data: { kind, occurredAt, side, people, about, offering, fields, mac },
  metadata: { commandId: id, n: 0, mac, correlationId: id, causationId: null, actor: 'ada' },
});

const registered: RecordedEvent = { ...eventOf(entry('r', 'note', BASE, 'us'), 0, BASE), type: 'CustomerRegistered', data: { name: 'x', nameMac: 'x' } };
/** Events in log order; each recorded some days after it happened, and never before the one before it. */
const logs = fc.tuple(histories, fc.array(fc.nat(200), { minLength: 14, maxLength: 14 })).map(([entries, lags]) => {
  const recorded = entries.map((one, i) => ({ one, at: one.occurredAt + lags[i % lags.length]! * DAY })).sort((a, b) => a.at - b.at);
  return [registered, ...recorded.map(({ one, at }, i) => eventOf(one, i + 1, at))];
});
const cutsAt = (instants: readonly number[]): Cut[] => instants.map((at) => ({ at, knows: ({ recordedAt }) => recordedAt <= at }));
const months = cutsAt(Array.from({ length: 24 }, (_, n) => BASE + (n + 1) * 90 * DAY));

type Predict = (...asked: Parameters<typeof predictionsOf>) => Iterable<readonly Ring[]>;

describe('a back-test', () => {
  /** Whether what was recorded after a cut changes what was predicted at it. */
  const peeks = (predict: Predict) => (events: RecordedEvent[]): boolean =>
    months.some((cut, i) => JSON.stringify([...predict('customer-c1', events, months, rules)][i]) !== JSON.stringify([...predict('customer-c1', events.filter((event) => cut.knows(event)), months, rules)][i]));

  it('predicts by nothing that was recorded after the cut', () => {
    fc.assert(fc.property(logs, (events) => !peeks(predictionsOf)(events)), { numRuns: RUNS });
  });

  it('planted bug: a prediction that peeks is found', () => {
    const peeking: Predict = (stream, events, cuts, by) => predictionsOf(stream, events, cuts.map(({ at }) => ({ at, knows: ({ data }) => ((data as { occurredAt?: number }).occurredAt ?? 0) <= at })), by);
    expect(fc.check(fc.property(logs, (events) => !peeks(peeking)(events)), { numRuns: 1000, seed: 1 }).failed).toBe(true);
  });

  it('asked for all months at once predicts what it predicts for one alone', () => {
    fc.assert(fc.property(logs, (events) => months.every((cut, i) => JSON.stringify([...predictionsOf('customer-c1', events, months, rules)][i]) === JSON.stringify([...predictionsOf('customer-c1', events, [cut], rules)][0]))), { numRuns: RUNS });
  });

  const scores = (events: readonly RecordedEvent[], days: readonly number[], predict?: Predict) => {
    const test = new BackTest(rules, cutsAt(days.map((day) => BASE + day * DAY)), BASE + 400 * DAY, predict);
    for (const _ of test.take('customer-c1', events));
    return test.result();
  };
  const reply = (id: string, day: number, revision: number, recorded = day): RecordedEvent => eventOf(entry(id, 'reply', BASE + day * DAY, 'customer'), revision, BASE + recorded * DAY);

  it('counts a loss that was foreseen, once for the days ahead', () => {
    // Contact of day 0 lasts to day 90; at risk from day 60.
    const { months: each, overall } = scores([registered, reply('a', 0, 1)], [30, 65, 80, 95]);
    expect(each.map(({ rings }) => [rings[1]!.n, rings[1]!.predicted, rings[1]!.happened, rings[1]!.both])).toEqual([[1, 0, 0, 0], [1, 1, 1, 1], [1, 1, 1, 1], [0, 0, 0, 0]]);
    expect(overall[1]).toEqual({ n: 3, predicted: 2, happened: 2, both: 2, precision: 1, recall: 1, daysAhead: 25 });
    expect(overall[5]).toEqual({ n: 0, predicted: 0, happened: 0, both: 0, precision: null, recall: null, daysAhead: null });
  });

  it('takes a warning that was heeded for a false one, and a late entry for nothing known then', () => {
    expect(scores([registered, reply('a', 0, 1), reply('b', 85, 2)], [80]).overall[1]).toMatchObject({ predicted: 1, happened: 0, precision: 0, recall: null });
    // Recorded on day 100, of day 70: at day 80 the ring seemed at risk; it was not.
    expect(scores([registered, reply('a', 0, 1), reply('b', 70, 2, 100)], [80]).overall[1]).toMatchObject({ predicted: 1, happened: 0 });
    // Lost on day 90, and nobody had recorded the contact by day 80.
    expect(scores([registered, reply('a', 0, 1, 100)], [80]).overall[1]).toMatchObject({ n: 1, predicted: 0, happened: 1, recall: 0 });
  });

  it('takes a customer in steps, a month each, so that others get their turn in between', () => {
    let asked = 0;
    const predict: Predict = function* (...given) {
      for (const prediction of predictionsOf(...given)) yield ((asked += 1), prediction);
    };
    const steps = new BackTest(rules, months, BASE + 400 * DAY, predict).take('customer-c1', [registered, reply('a', 0, 1)]);
    for (let step = 1; step <= months.length; step += 1) {
      expect(steps.next().done).toBe(false);
      expect(asked).toBe(step);
    }
    expect(steps.next().done).toBe(true);
  });

  it('judges no month whose horizon has not passed', () => {
    const { months: [month], overall, horizons } = scores([registered, reply('a', 300, 1)], [390]);
    expect(horizons).toEqual({ 1: 30, 2: 150, 3: 30, 4: 150, 5: 30 });
    expect(month!.rings).toEqual({ 1: null, 2: null, 3: null, 4: null, 5: null });
    expect(overall[1].n).toBe(0);
  });
});
