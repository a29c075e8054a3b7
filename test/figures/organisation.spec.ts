/** Twelve customers through the real store, executor, views and reader: every figure says what was computed by hand; each bug planted does not. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { viewsFor } from '../../src/app.module.js';
import { kinds } from '../../src/customers/catalogue.js';
import { colleague, colleagueStream } from '../../src/customers/colleague.js';
import { customer, customerStream, type CustomerCommand } from '../../src/customers/customer.js';
import { checkEntry } from '../../src/customers/entry.js';
import { windowTo, type Split } from '../../src/figures/ask.js';
import type { Figure, Outcome } from '../../src/figures/figure.js';
import { FIGURES, figureOf } from '../../src/figures/figures.js';
import { FiguresReader } from '../../src/figures/figures.reader.js';
import { Walk } from '../../src/figures/walk.reader.js';
import { DAY } from '../../src/kernel/calendar.js';
import type { EventStore, RecordedEvent } from '../../src/kernel/event-store.js';
import { PRESETS, type Rules } from '../../src/rings/rules.js';
import { Clocks } from '../../src/shell/clocks.js';
import { Executor } from '../../src/shell/executor.js';
import { commandIdOf, derivedId } from '../../src/shell/ids.js';
import { Known } from '../../src/shell/known.js';
import { Projector } from '../../src/shell/projector.js';
import { SqliteStore } from '../../src/stores/sqlite.store.js';
import { SqliteVault } from '../../src/vault/sqlite.vault.js';
import type { Views } from '../../src/views/views.js';
import { COLLEAGUES, COLUMNS, CUSTOMERS, EXPECTED, PARTS, PRESET_NAMES, type Told } from './organisation.js';
import { openRows } from '../view-rows.js';

const FOUNDED = Date.UTC(2024, 0, 1);
const NOW = Date.UTC(2026, 7, 15);

// ---- the notation -------------------------------------------------------------------------------------------

interface Send {
  readonly at: number;
  readonly actor: string;
  readonly customer: string;
  readonly command: CustomerCommand;
}

const LINE = /^(\d{4}-\d\d-\d\d)(?: x(\d+) every (\d+)d)? ([<>]) (?:(\w+): )?([a-z-]+)((?: \S+=\S+)*)$/;
const midnight = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** A value as the API would be sent it. */
function valueOf(text: string, type: string | undefined): unknown {
  if (type === 'flag') return text === 'yes';
  if (type === 'integer') return Number(text);
  return type === 'choices' ? text.split(',') : text;
}

function* sendsOf({ name: id, owner, entries }: Told): Generator<Send> {
  const idOf = (label: string): string => derivedId('organisation', id, label);
  const entryIn = (line: string, shift: number) => {
    const match = LINE.exec(line);
    if (match === null) throw new Error(`not in the notation: ${line}`);
    const [, date, , , side, label, kind, rest] = match;
    let at = midnight(date!) + shift;
    let actor: string = owner;
    const raw: Record<string, unknown> = { kind, side: side === '<' ? 'customer' : 'us', occurredAt: new Date(at).toISOString(), ...(kind === 'person-added' && { name: 'N. N.' }) };
    for (const [key, text] of rest!.trim().split(' ').filter(Boolean).map((pair) => pair.split('=') as [string, string])) {
      const type = (kinds[kind!]!.fields as Record<string, { type: string }>)[key]?.type;
      if (key === 'EUR' || key === 'CHF') Object.assign(raw, { currency: key, amount: Number(text) * 100 });
      else if (key === 'stated' || key === 'observed') Object.assign(raw, { feeling: Number(text), feelingBy: key });
      else if (key === 'got') raw['customerGot'] = text;
      else if (key === 'by') actor = text;
      else if (key === 'recorded') at = midnight(text);
      else raw[key] = key === 'about' || type === 'entry' ? idOf(text) : valueOf(text, type);
    }
    const checked = checkEntry(raw, { now: NOW, zone: 'UTC', department: COLLEAGUES[actor as keyof typeof COLLEAGUES], ...(typeof raw['person'] === 'string' && { person: raw['person'] }) });
    if (checked.problems !== undefined) throw new Error(`${line}: ${JSON.stringify(checked.problems)}`);
    return { at, actor, label, entry: checked.entry, mac: JSON.stringify(checked.entry) };
  };
  for (const [n, line] of entries.trim().split('\n').map((one) => one.trim()).entries()) {
    const [, day, amends, label, content] = /^(\S+) (corrects|retracts) (\w+)(?:: (.*))?$/.exec(line) ?? [];
    if (amends === 'retracts') yield { at: midnight(day!), actor: owner, customer: id, command: { type: 'RetractInteraction', original: idOf(label!) } };
    else if (amends === 'corrects') {
      const { entry, mac } = entryIn(content!, 0);
      yield { at: midnight(day!), actor: owner, customer: id, command: { type: 'CorrectInteraction', original: idOf(label!), entry, mac } };
    } else {
      const [, , times = '1', every = '0'] = LINE.exec(line) ?? [];
      for (let i = 0; i < Number(times); i += 1) {
        const { at, actor, label: own, entry, mac } = entryIn(line, i * Number(every) * DAY);
        yield { at, actor, customer: id, command: { type: 'LogInteractions', entries: [{ id: idOf(own ?? `${n} ${i}`), mac, entry }] } };
      }
    }
  }
}

// ---- the real thing -----------------------------------------------------------------------------------------

interface Planted {
  /** What a reader of the log gets to see. */
  readonly hears?: (event: RecordedEvent) => RecordedEvent | undefined;
  readonly rules?: (preset: string) => Rules;
  readonly asKnown?: (date: string) => string;
  readonly figures?: (figure: Figure) => Figure;
}

let folder: string;
let store: SqliteStore;
let rows: Views;
let projector: Projector;
let vault: SqliteVault;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'five-ring-organisation-'));
  let now = FOUNDED;
  store = SqliteStore.open(join(folder, 'log.db'), { now: () => now });
  vault = SqliteVault.open(':memory:');
  const executor = new Executor(store, vault);
  let count = 0;
  const envelope = (actor: string) => ({ actor, correlationId: 'test' });
  const next = () => ({ commandId: commandIdOf('organisation', String((count += 1))), mac: 'm' });
  for (const [id, department] of Object.entries(COLLEAGUES)) await executor.execute(colleague, colleagueStream(id), [{ ...next(), command: { type: 'AddColleague', details: { name: id, nameMac: id, department } } }], envelope('ada'));
  for (const { name, segment, origin, owner, team = [], referredBy } of CUSTOMERS) {
    await executor.execute(customer, customerStream(name), [{ ...next(), command: { type: 'RegisterCustomer', details: { name, nameMac: name, segment, origin, owner, team, ...(referredBy !== undefined && { referredBy }) }, mayExist: false } }], envelope('ada'));
  }
  for (const { at, actor, customer: id, command } of CUSTOMERS.flatMap((told) => [...sendsOf(told)]).sort((a, b) => a.at - b.at)) {
    now = at;
    await executor.execute(customer, customerStream(id), [{ ...next(), command }], envelope(actor));
  }
  const views = viewsFor(PRESETS['annual-contracts']!, 'UTC');
  rows = await openRows(views);
  projector = new Projector(store, views, rows, vault.keyOf);
  await projector.start();
  await projector.caughtUp();
});

afterAll(async () => {
  await projector.stop();
  await store.close();
  await rows.close();
  await vault.close();
  rmSync(folder, { recursive: true });
});

/** A cell by figure and group, or by split and part. */
type Column = ReadonlyMap<string, string>;

const short = (value: number): string => String(Number(value.toFixed(4)));
const money = (cents: number): string => short(cents / 100);

function cell(figure: Figure, { value, n, above, below, already = 0 }: Outcome): string {
  if (figure.shape === 'curve') return `${value === null ? 'never' : `${short(value)} d`}, ${above} of ${n}${already > 0 ? `, ${already} already` : ''}`;
  if (value === null) return 'none';
  if (figure.shape === 'ratio' && figure.groups === 'currency') return `${money(Math.round(value * below))} of ${money(below)}`;
  if (figure.shape === 'share' || figure.shape === 'ratio') return `${above} of ${below}`;
  if (figure.shape === 'sum') return figure.unit === 'money' ? money(value) : String(value);
  return `${short(value)} of ${n}`;
}

async function columnOf(preset: string, [asOf, asKnown]: readonly [string, string], { hears = (event) => event, rules = (name) => PRESETS[name]!, asKnown: known = (date) => date, figures = (figure) => figure }: Planted = {}, split?: Split): Promise<Column> {
  const heard: EventStore = new Proxy(store, {
    get: (target, name) =>
      name === 'read' ? async (...of: Parameters<EventStore['read']>) => (await target.read(...of)).flatMap((event) => hears(event) ?? []) : (Reflect.get(target, name) as (() => void) | undefined)?.bind(target),
  });
  const knowing = new Known(store, rows);
  const clocked = await new Clocks(knowing, 'UTC', () => NOW).read({ asOf, asKnown: known(asKnown) });
  const asked = (split === undefined ? FIGURES : [figureOf('advocacy-rate')!]).map(figures);
  const reader = new FiguresReader(new Walk(heard, rows, knowing), rows);
  const { parts } = await reader.answer({ figures: asked, windows: asked.map(({ window }) => [windowTo(clocked.asOf, window)]), upTo: clocked.upTo, rules: rules(preset), zone: 'UTC', ...(split !== undefined && { split }) });
  const column = new Map<string, string>();
  for (const { part, outcomes } of parts) {
    for (const [i, figure] of asked.entries()) {
      for (const outcome of outcomes[i]![0]!) {
        const said = cell(figure, outcome);
        if (part === null) column.set([figure.name, ...(outcome.group === null ? [] : [outcome.group])].join(' · '), said);
        else if (said !== 'none') column.set(`${split} · ${part}`, said);
      }
    }
  }
  return column;
}

// ---- the table ----------------------------------------------------------------------------------------------

const tableIn = (text: string): string[][] => text.trim().split('\n').filter((line) => !line.startsWith('#')).slice(1).map((line) => line.split('|').map((one) => one.trim()));
const expected = (table: readonly string[][], column: number): Column => new Map(table.flatMap((row) => (row[column + 1] === '-' ? [] : [[row[0]!, row[column + 1]!] as const])));

/** What differs, as `figure: found instead of expected`. */
function differences(found: Column, should: Column): string[] {
  const names = [...new Set([...should.keys(), ...found.keys()])];
  return names.filter((name) => found.get(name) !== should.get(name)).map((name) => `${name}: ${found.get(name) ?? '-'} instead of ${should.get(name) ?? '-'}`);
}

const TABLE = tableIn(EXPECTED);
const ALL = PRESET_NAMES.flatMap((preset, i) => COLUMNS.map((clocks, j) => ({ preset, clocks, column: i * COLUMNS.length + j })));

/** Every difference there is, with its column. */
async function wrong(planted: Planted = {}): Promise<string[]> {
  const found: string[] = [];
  for (const { preset, clocks, column } of ALL) {
    for (const difference of differences(await columnOf(preset, clocks, planted), expected(TABLE, column))) found.push(`${preset}, ${clocks.join(' as known ')}: ${difference}`);
  }
  return found;
}

const uncovered = (figures: readonly Pick<Figure, 'name'>[]): string[] => figures.map(({ name }) => name).filter((name) => !TABLE.some(([row]) => row!.split(' · ')[0] === name));

describe('an organisation of twelve customers', () => {
  it.each(ALL)('$preset, $clocks: every figure as computed by hand', async ({ preset, clocks, column }) => {
    expect(differences(await columnOf(preset, clocks), expected(TABLE, column))).toEqual([]);
  });

  it.each(['department', 'segment', 'origin', 'offering'] as const)('its advocacy rate by %s', async (split) => {
    const table = tableIn(PARTS).filter(([row]) => row!.startsWith(`${split} · `));
    for (const [column, clocks] of COLUMNS.entries()) expect([clocks, differences(await columnOf('annual-contracts', clocks, {}, split), expected(table, column))]).toEqual([clocks, []]);
  });

  it('the table has every figure, and a cell in every column', () => {
    expect(CUSTOMERS).toHaveLength(12);
    expect(uncovered(FIGURES)).toEqual([]);
    expect(uncovered([...FIGURES, { name: 'brand-new' }])).toEqual(['brand-new']);
    expect(TABLE.filter((row) => row.length !== 1 + ALL.length || row.includes(''))).toEqual([]);
    expect(new Set(TABLE.map(([row]) => row)).size).toBe(TABLE.length);
  });
});

describe('a planted bug is found', () => {
  const without = (type: string) => (event: RecordedEvent) => (event.type === type ? undefined : event);
  const BUGS: readonly (readonly [string, RegExp, Planted])[] = [
    ['asKnown is ignored', /2025-12-31 as known 2026-01-15: nps: 16.6667 of 6 instead of 40 of 5/, { asKnown: () => '2026-07-31' }],
    ['a retraction is ignored', /2025-12-31 as known 2026-07-31: advocacy-rate: 2 of 9 instead of 1 of 9/, { hears: without('InteractionRetracted') }],
    ['a correction is ignored', /as known 2026-07-31: net-revenue-retention · EUR: 85000 of 44000 instead of 40000 of 44000/, { hears: without('InteractionCorrected') }],
    ['it happened when it was recorded', /2025-06-30 as known 2026-07-31: csat: 1 of 1 instead of 1 of 2/, { hears: (event) => ({ ...event, data: { ...(event.data as object), ...('occurredAt' in (event.data as object) && { occurredAt: event.recordedAt }) } }) }],
    ['the rules of the other preset', /consultancy.*advocacy-rate: 3 of 8 instead of 3 of 7/, { rules: (name) => PRESETS[PRESET_NAMES.find((other) => other !== name)!]! }],
    ['the default rules whatever the preset', /consultancy.*response-yield: 1 of 4 instead of 2 of 4/, { rules: () => PRESETS['annual-contracts']! }],
    ['nothing is marked as incentivised', /advocacy-rate-unpaid: 3 of 8 instead of 2 of 8/, { hears: (event) => ({ ...event, data: JSON.parse(JSON.stringify(event.data).replace('"incentivised":true', '"incentivised":false')) as typeof event.data }) }],
    ['windows a month longer', /2025-06-30.*dialogue-balance: 4 of 9 instead of 4 of 8/, { figures: (figure) => ({ ...figure, marks: (facts, { from, to }, context) => figure.marks(facts, { from: from === to ? from : from - 30 * DAY, to }, context) }) }],
  ];

  it.each(BUGS)('%s', async (_, says, planted) => {
    expect((await wrong(planted)).filter((difference) => says.test(difference))).not.toEqual([]);
  });
});
