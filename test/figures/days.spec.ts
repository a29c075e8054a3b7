/** The totals by day say what a walk over all customers says, for any history, day, zone and batches; each bug planted is found. */
import fc from 'fast-check';
import { colleaguesView } from '../../src/customers/colleagues.view.js';
import { customer, type CustomerState, type Interaction } from '../../src/customers/customer.js';
import { DaysReader } from '../../src/figures/days.reader.js';
import { totalsByDay, type DaySplit } from '../../src/figures/days.view.js';
import { factsOf, ownerAt } from '../../src/figures/facts.js';
import { outcomesOf, type OwnedMark, type Window } from '../../src/figures/figure.js';
import { figureOf } from '../../src/figures/figures.js';
import { Days } from '../../src/kernel/days.js';
import type { EventStore } from '../../src/kernel/event-store.js';
import type { RowOp, View } from '../../src/kernel/view.js';
import { portfolioView, type CustomerTotals } from '../../src/rings/portfolio.view.js';
import { PRESETS, RING_NAMES, RINGS, type Rules } from '../../src/rings/rules.js';
import { commandIdOf, derivedId } from '../../src/shell/ids.js';
import { Projector } from '../../src/shell/projector.js';
import { MemoryStore } from '../../src/stores/memory.store.js';
import type { Views } from '../../src/views/views.js';
import { entry } from '../rings/histories.js';
import { instantsOf, lives } from './customers.js';
import { must } from './told.js';
import { openRows } from '../view-rows.js';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 60);
const ZONES = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia'] as const;
const DAY = 86_400_000;

type Amendment = { readonly customer: number; readonly pick: number; readonly how: 'retract' | 'correct' | 'owner' | 'segment' | 'late'; readonly days: number };

interface Case {
  readonly customers: readonly (readonly Interaction[])[];
  readonly amendments: readonly Amendment[];
  readonly batch: number;
  readonly zone: string;
  readonly rules: Rules;
  /** Chosen among the instants at which something might change. */
  readonly days: readonly number[];
}

const cases: fc.Arbitrary<Case> = fc.record({
  customers: fc.array(lives, { minLength: 1, maxLength: 3 }),
  amendments: fc.array(fc.record({ customer: fc.nat(2), pick: fc.nat(30), how: fc.constantFrom('retract', 'correct', 'owner', 'owner', 'segment', 'late'), days: fc.constantFrom(-400, -90, -1, 0, 1, 30, 365) }), { maxLength: 8 }),
  batch: fc.integer({ min: 1, max: 30 }),
  zone: fc.constantFrom(...ZONES),
  rules: fc.constantFrom(PRESETS['annual-contracts']!, PRESETS['annual-contracts']!, PRESETS['shop']!, PRESETS['managed-services']!),
  days: fc.array(fc.nat(100_000), { minLength: 4, maxLength: 8 }),
});

let made = 0;

class Log {
  readonly store: EventStore = new MemoryStore({ now: () => 0 });
  readonly states = new Map<string, CustomerState>();

  async add(id: string, type: string, data: unknown, event = derivedId(`x${(made += 1)}`)): Promise<void> {
    const commandId = commandIdOf(`${made += 1}`);
    const stream = `customer-${id}`;
    const written = { id: event, type, data, metadata: { commandId, n: 0, mac: commandId, correlationId: 'test', causationId: null, actor: 'ada' } };
    await this.store.append(stream, [written], 'any');
    const [recorded] = (await this.store.read(stream)).slice(-1);
    this.states.set(id, customer.evolve(this.states.get(id) ?? customer.initial(stream), recorded as never));
  }

  log = (id: string, one: Interaction): Promise<void> => this.add(id, 'InteractionLogged', one, derivedId(id, one.id));
}

/** The ids of references go with the entries. */
const at = (id: string, one: Interaction): Interaction => ({ ...one, ...(one.about !== undefined && { about: derivedId(id, one.about) }), fields: { ...one.fields, ...(typeof one.fields['term'] === 'string' && { term: derivedId(id, one.fields['term']) }) } });

async function* tell({ customers, amendments }: Case, log: Log): AsyncGenerator<void> {
  for (const [n, entries] of customers.entries()) {
    await log.add(`c${n}`, 'CustomerRegistered', { name: 'N', nameMac: 'm', segment: n === 0 ? null : `s${n % 2}`, origin: n === 1 ? 'fair' : null, ...(n !== 2 && { owner: 'ada' }) });
    for (const one of entries) await log.log(`c${n}`, at(`c${n}`, one));
    yield;
  }
  for (const { customer: n, pick, how, days } of amendments) {
    const id = `c${n % customers.length}`;
    const there = [...log.states.get(id)!.interactions.values()];
    const one = there[pick % Math.max(1, there.length)];
    if (how === 'segment') await log.add(id, 'CustomerDetailsChanged', { segment: pick % 2 === 0 ? null : 's9' });
    else if (one === undefined) continue;
    else if (how === 'retract') await log.add(id, 'InteractionRetracted', { original: one.id });
    else if (how === 'correct') await log.add(id, 'InteractionCorrected', { ...one, occurredAt: one.occurredAt + days * DAY, original: one.id });
    else if (how === 'owner') await log.log(id, entry(`o${made += 1}`, 'owner-changed', one.occurredAt + days * DAY, 'us', { owner: pick % 2 === 0 ? 'ben' : 'ada' }));
    else await log.log(id, entry(`l${made += 1}`, 'reply', one.occurredAt + days * DAY, 'customer'));
    yield;
  }
}

/** What may be planted. */
interface Planted {
  readonly totals?: (sound: CustomerTotals, given: Case) => CustomerTotals;
  readonly views?: (rows: Views) => void;
}

function viewsOf(given: Case, planted: Planted): View[] {
  const sound = totalsByDay(given.rules, given.zone);
  return [colleaguesView, portfolioView(given.rules, planted.totals?.(sound, given) ?? sound)];
}

async function projected(log: Log, given: Case, planted: Planted, batch: number): Promise<{ rows: Views; projector: Projector }> {
  const views = viewsOf(given, planted);
  const rows = await openRows(views);
  planted.views?.(rows);
  const projector = new Projector(log.store, views, rows, () => undefined, { batch, cachedEvents: batch % 2 === 0 ? 20 : 300_000 });
  await projector.start();
  return { rows, projector };
}

async function live(given: Case, planted: Planted): Promise<{ log: Log; rows: Views }> {
  const log = new Log();
  const { rows, projector } = await projected(log, given, planted, given.batch);
  for await (const _ of tell(given, log)) await projector.caughtUp();
  await projector.caughtUp();
  await projector.stop();
  must((await rows.parked()).length === 0, `nothing is parked: ${JSON.stringify(await rows.parked())}`);
  return { log, rows };
}

// ---- what a walk says ---------------------------------------------------------------------------------------

type Said = Map<string, number>;

/** Every measure for the customers in `which`, from the figures by customer. */
function walked(states: readonly CustomerState[], given: Case, days: Days, day: number): Said {
  const said: Said = new Map();
  const to = days.start(day + 1);
  const facts = states.map((state) => factsOf(state, given.rules));
  const outcomes = (name: string, window: Window) => {
    const figure = figureOf(name)!;
    const marks = facts.flatMap((one) => figure.marks(one, window, { rules: given.rules, zone: given.zone }).map((mark): OwnedMark => ({ ...mark, customer: one.customer })));
    return outcomesOf(figure, marks);
  };
  const back = (n: number): Window => ({ from: days.start(day + 1 - n), to });
  const now: Window = { from: to, to };
  for (const { group, above } of outcomes('ring-distribution', now)) said.set(`set:${group}`, above);
  for (const { group, above } of outcomes('ring-share', now)) said.set(`lit:${group![0]}`, above);
  said.set('advocates', outcomes('advocacy-rate', now)[0]!.above);
  said.set('advocates-plain', outcomes('advocacy-rate-unpaid', now)[0]!.above);
  said.set('ever-advocated', outcomes('advocacy-rate-ever', now)[0]!.above);
  for (const { group, above, below } of outcomes('advocacy-rate-by-revenue', now)) said.set(`revenue:${group}`, below).set(`advocate-revenue:${group}`, above);
  for (const { group, above, below, n } of outcomes('net-revenue-retention', back(365))) said.set(`year-end:${group}`, above).set(`year-start:${group}`, below).set(`year-customers:${group}`, n);
  for (const { group, above } of outcomes('gross-revenue-retention', back(365))) said.set(`year-kept:${group}`, above);
  for (const { group, above, n } of outcomes('value-at-risk', now)) {
    const currency = group!.slice(0, 3);
    said.set(`at-risk:${currency}`, (said.get(`at-risk:${currency}`) ?? 0) + above).set(`at-risk-customers:${currency}`, (said.get(`at-risk-customers:${currency}`) ?? 0) + n);
  }
  const rings = new Map(RINGS.map((ring) => [`${ring} ${RING_NAMES[ring]}`, ring]));
  for (const { group, below } of outcomes('ring-losses', back(90))) said.set(`lit90:${rings.get(group!)}`, below);
  for (const { group, above } of outcomes('ring-loss-causes', back(90))) said.set(`lost90:${group![0]}:${group!.split(': ')[1]}`, above);
  return new Map([...said].filter(([, amount]) => amount !== 0));
}

/** The flows of a stretch, told apart from levels: entry by entry and spell by spell. */
function flowed(states: readonly CustomerState[], given: Case, days: Days, first: number, last: number): Said {
  const said: Said = new Map();
  const one = (measure: string): unknown => said.set(measure, (said.get(measure) ?? 0) + 1);
  const [from, to] = [days.start(first), days.start(last + 1)];
  const inside = (instant: number): boolean => instant >= from && instant < to;
  for (const state of states) {
    const facts = factsOf(state, given.rules);
    for (const spell of facts.journey.spells) {
      if (inside(spell.from)) one(`gained:${spell.ring}`);
      if (spell.to !== null && inside(spell.to)) one(`lost:${spell.ring}:${spell.cause}`);
    }
    for (const { kind, side, occurredAt, fields } of facts.entries.filter(({ occurredAt }) => inside(occurredAt))) {
      one(side === 'customer' ? 'customer-entries' : 'our-entries');
      const answer = fields['nps'];
      if (kind === 'survey-answered' && typeof answer === 'number' && inside(occurredAt)) one(answer >= 9 ? 'nps:promoter' : answer >= 7 ? 'nps:passive' : 'nps:detractor');
    }
  }
  return said;
}

const sorted = (said: Iterable<readonly [string, number]>): string => JSON.stringify([...said].filter(([, amount]) => amount !== 0).sort(([a], [b]) => (a < b ? -1 : 1)));

const LEVELS = ['lit:*', 'set:*', 'advocates', 'advocates-plain', 'ever-advocated', 'revenue:*', 'advocate-revenue:*', 'year-*', 'at-risk:*', 'at-risk-customers:*', 'lit90:*', 'lost90:*'];
const FLOWS = ['lost:*', 'gained:*', 'nps:*', 'customer-entries', 'our-entries'];

/** Days at which something might change, and those around them. */
function daysOf(log: Log, given: Case, days: Days): number[] {
  const instants = [...log.states.values()].flatMap((state) => instantsOf([...state.interactions.values()]));
  if (instants.length === 0) return [20_000];
  return given.days.map((pick) => days.of(instants[pick % instants.length]!) + (pick % 3) - 1);
}

// ---- checks ---------------------------------------------------------------------------------------------------

const placeOf = (state: CustomerState, split: DaySplit, at: number, rules: Rules): string => {
  if (split === '') return '';
  return (split === 'owner' ? ownerAt(factsOf(state, rules), at) : state[split]) ?? '';
};

async function saysWhatAWalkSays(given: Case, planted: Planted = {}): Promise<void> {
  const { log, rows } = await live(given, planted);
  const days = new Days(given.zone);
  const reader = new DaysReader(rows);
  const states = [...log.states.values()];
  const asked = daysOf(log, given, days);
  for (const split of ['', 'segment', 'origin', 'owner'] as const) {
    const levels = await reader.levelsAt(asked, LEVELS, split);
    for (const [i, day] of asked.entries()) {
      const end = days.start(day + 1);
      for (const [value, own] of Map.groupBy(states, (state) => placeOf(state, split, end, given.rules))) {
        const found = [...levels].map(([measure, byValue]) => [measure, byValue.get(value)?.[i] ?? 0] as const);
        const expected = sorted(walked(own, given, days, day));
        must(sorted(found) === expected, `the totals of ${split} ${value} at the end of day ${day} in ${given.zone}: ${sorted(found)} is not ${expected}`);
      }
    }
    if (split === 'owner') continue;
    const windows = asked.map((day, i) => ({ first: day - [0, 1, 90, 400][i % 4]!, last: day }));
    const flows = await reader.flowsIn(windows, FLOWS, split);
    for (const [i, { first, last }] of windows.entries()) {
      for (const [value, own] of Map.groupBy(states, (state) => placeOf(state, split, 0, given.rules))) {
        const found = [...flows].map(([measure, byValue]) => [measure, byValue.get(value)?.[i] ?? 0] as const);
        const expected = sorted(flowed(own, given, days, first, last));
        must(sorted(found) === expected, `the flows of ${split} ${value} from day ${first} to ${last} in ${given.zone}: ${sorted(found)} is not ${expected}`);
      }
    }
  }
  await rows.close();
}

/** Compared with a replay by the sound view: what is kept as 0, or counted twice, or not taken back, is seen. */
async function liveEqualsReplay(given: Case, planted: Planted = {}): Promise<void> {
  const { log, rows } = await live(given, planted);
  const fresh = await projected(log, given, {}, 500);
  await fresh.projector.caughtUp();
  await fresh.projector.stop();
  const [one, other] = [await rows.digest(), await fresh.rows.digest()];
  for (const table of Object.keys(other)) must(one[table] === other[table], `${table} differs from a fresh replay`);
  await rows.close();
  await fresh.rows.close();
}

async function redeliveryAddsNothing(given: Case, planted: Planted = {}): Promise<void> {
  const { log, rows } = await live(given, planted);
  const before = await rows.digest();
  await rows.apply({ ops: [], checkpoint: null });
  const views = viewsOf(given, planted);
  const again = new Projector(log.store, views, rows, () => undefined, { batch: 7 });
  await again.start();
  await again.caughtUp();
  await again.stop();
  const after = await rows.digest();
  for (const table of Object.keys(after)) must(after[table] === before[table], `${table} is another after events came again`);
  await rows.close();
}

const checks = { saysWhatAWalkSays, liveEqualsReplay, redeliveryAddsNothing };

const assertAll = (check: (given: Case) => Promise<void>, runs: number) => fc.assert(fc.asyncProperty(cases, (given) => check(given)), { numRuns: runs, seed: 20261122 });

describe('totals by day', () => {
  it(`say what a walk over all customers says (${RUNS} histories)`, () => assertAll(saysWhatAWalkSays, RUNS), 240_000);
  it('equal a fresh replay in one batch', () => assertAll(liveEqualsReplay, RUNS), 120_000);
  it('stay the same when events are delivered again', () => assertAll(redeliveryAddsNothing, RUNS), 120_000);
});

/** An `apply` that does something else with the operations. */
const applying = (change: (ops: readonly RowOp[]) => readonly RowOp[]): Planted => ({
  views: (rows) => {
    const apply = rows.apply.bind(rows);
    rows.apply = (given) => apply({ ...given, ops: change(given.ops) });
  },
});

/** In these tables nothing is ever taken away from a sum. */
const onlyUpwards = (tables: readonly string[]): Planted =>
  applying((ops) => ops.map((op) => (op.op !== 'add' || !tables.includes(op.table) ? op : { ...op, amounts: op.amounts.map((amount, i) => (i % 2 === 1 ? Math.max(0, amount) : amount)) })));

/** Nothing is removed for having come to 0, on either engine. */
function keepingZeros(rows: Views): void {
  const kept = (sql: string): string => sql.replace(/^(DELETE FROM .* WHERE "amount" = 0)$/, '$1 AND 1 = 2');
  const inner = rows as unknown as { prepared?(sql: string): unknown; session?: { all(sql: string, values?: readonly unknown[]): unknown } };
  if (inner.session !== undefined) {
    const all = inner.session.all.bind(inner.session);
    inner.session.all = (sql, values) => all(kept(sql), values);
    return;
  }
  const sound = inner.prepared!.bind(rows);
  inner.prepared = (sql) => sound(kept(sql));
}

const totals = (change: (sound: CustomerTotals, given: Case) => Partial<CustomerTotals>): Planted => ({ totals: (sound, given) => ({ ...sound, ...change(sound, given) }) });

describe('a planted bug is found', () => {
  it.each<[string, keyof typeof checks, Planted]>([
    ['what is no longer so is not taken back', 'saysWhatAWalkSays', totals((sound) => ({ between: (_before, after) => sound.between('', after) }))],
    ['what was retracted stays', 'liveEqualsReplay', onlyUpwards(['figure_days', 'figure_months'])],
    ['an event that comes again is added again', 'redeliveryAddsNothing', { views: (rows) => { rows.partsOf = async () => new Map(); } }],
    ['the part of a stream is not stored', 'redeliveryAddsNothing', applying((ops) => ops.filter((op) => op.op !== 'put' || op.table !== 'figure_parts'))],
    ['the day begins elsewhere', 'saysWhatAWalkSays', { totals: (_sound, given) => totalsByDay(given.rules, given.zone === 'UTC' ? 'Asia/Kathmandu' : 'UTC') }],
    ['the last owner has always been the owner', 'saysWhatAWalkSays', totals((sound, given) => ({ partOf: (known) => sound.partOf({ ...known, state: { ...known.state, firstOwner: ownerAt(factsOf(known.state, given.rules), Infinity) }, entries: known.entries.filter(({ kind }) => kind !== 'owner-changed') }) }))],
    ['months are not kept up', 'saysWhatAWalkSays', onlyUpwards(['figure_months'])],
    ['rows that come to 0 are kept', 'liveEqualsReplay', { views: keepingZeros }],
  ])('%s, by: %s', async (_bug, check, planted) => {
    const result = await fc.check(fc.asyncProperty(cases, (given) => checks[check](given, planted)), { numRuns: 60, seed: 20261122, endOnFailure: true });
    expect(String(result.errorInstance)).toMatch(/is not|differs|is another/);
  }, 120_000);
});
