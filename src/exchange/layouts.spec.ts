/** Each example file, read row by row with its ready mapping: what comes of it, field by field where a trap lies. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { checkEntry } from '../customers/entry.js';
import { checkMapping, columnsRead, rowMapper, type Mapping, type MappedRow } from './mapping.js';
import { JsonReader, rowAt, valueAt } from './json-rows.js';
import { lackedBy, LAYOUTS, layoutNamed, layoutOf, layoutOfJson, mappingFor, type Layout } from './layouts.js';

const EXAMPLES = join(__dirname, '..', '..', 'docs', 'examples');
const FILES: Readonly<Record<string, string>> = { 'intercom-conversations': 'json', 'segment-events': 'ndjson', 'posthog-events': 'ndjson' };
const NOW = Date.UTC(2026, 0, 1);
const ZONE = 'America/New_York';

const textOf = (name: string): string => readFileSync(join(EXAMPLES, `${name}.${FILES[name] ?? 'csv'}`), 'utf8');

interface Read {
  readonly columns: readonly string[];
  readonly layout: Layout | undefined;
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly mapping: Mapping;
}

function read(name: string): Read {
  const layout = layoutNamed(name)!;
  const text = textOf(name);
  if (layout.mapping.format === 'json') {
    const reader = new JsonReader(layout.mapping.list);
    const values = [...reader.push(text), ...reader.end()].map(({ value }) => value);
    const mapping = mappingFor(layout, []);
    return { columns: [], layout: layoutOfJson((path) => valueAt(values[0], path) !== undefined), rows: values.map((value) => rowAt(value, columnsRead(mapping))), mapping };
  }
  const [columns = [], ...rows] = parse(text, { bom: true });
  return { columns, layout: layoutOf(columns), rows: rows.map((cells) => Object.fromEntries(columns.map((column, index) => [column, cells[index]!]))), mapping: mappingFor(layout, columns) };
}

interface Made {
  readonly customer: Readonly<Record<string, unknown>>;
  readonly entry: Readonly<Record<string, unknown>>;
}
const made = (name: string, change: (mapping: Mapping) => Mapping = (mapping) => mapping): { entries: Made[]; skipped: string[]; problems: unknown[] } => {
  const { rows, mapping } = read(name);
  const mapped: MappedRow[] = rows.map(rowMapper(change(mapping), ZONE, () => NOW));
  const entries = mapped.flatMap((row) => (row.problems === undefined && row.skipped === undefined && row.entry !== undefined ? [row.entry, ...row.also].map((entry) => ({ customer: row.customer, entry })) : []));
  return {
    entries,
    skipped: mapped.flatMap(({ skipped }) => skipped ?? []),
    problems: [...mapped.flatMap(({ problems = [] }) => problems), ...entries.flatMap(({ entry }) => checkEntry(entry, { now: NOW, zone: ZONE }).problems ?? [])],
  };
};
const entryOf = (name: string, sourceId: string, change?: (mapping: Mapping) => Mapping): Readonly<Record<string, unknown>> => made(name, change).entries.find(({ entry }) => entry['sourceId'] === sourceId)!.entry;
const instantOf = (name: string, sourceId: string, change?: (mapping: Mapping) => Mapping): string => {
  const { entry } = checkEntry(entryOf(name, sourceId, change), { now: NOW, zone: ZONE });
  return new Date(entry!.occurredAt).toISOString();
};

describe.each(LAYOUTS.map(({ name }) => name))('%s', (name) => {
  it('is known by the columns of its example, and no other is', () => expect(read(name).layout?.name).toBe(name));

  it('is a mapping that fits its example', () => {
    const { columns, mapping } = read(name);
    expect(checkMapping(mapping, mapping.format === 'json' ? undefined : columns)).toEqual([]);
    expect(checkMapping(layoutNamed(name)!.mapping)).toEqual([]);
  });

  it('makes good entries of every row that it does not leave out', () => expect(made(name).problems).toEqual([]));

  it('is known without the columns that may be missing, too, and refused without the others', () => {
    const layout = layoutNamed(name)!;
    if (layout.mapping.format === 'json') return;
    expect(layoutOf(layout.knownBy)?.name).toBe(name);
    expect(checkMapping(mappingFor(layout, layout.knownBy), layout.knownBy).filter(({ field }) => !field.startsWith('customer.'))).toEqual([]);
    expect(lackedBy(layout, layout.knownBy.slice(1))).toEqual([layout.knownBy[0]]);
  });
});

it('no header of daily life is taken for one of them', () => {
  expect(layoutOf(['Id', 'Date', 'Type', 'Subject', 'Customer', 'Status'])).toBeUndefined();
  expect(layoutOf([])).toBeUndefined();
  expect(layoutOfJson((path) => ['id', 'event', 'timestamp'].includes(path))).toBeUndefined();
});

describe('bodies in HTML are text', () => {
  it.each([
    ['hubspot-calls', 'call-50011', 'Delivery of the second oven\nAsked when the second oven comes.\n- Week 12 is fine\n- Ramp at the back & a forklift needed'],
    ['hubspot-calls', 'call-50012', 'Call back about spare parts\nNobody at the desk. Tried twice.'],
    ['hubspot-calls', 'call-50013', 'Yearly service\nPlain text: pressure < 2 bar, agreed to come on Monday'],
    ['hubspot-meetings', 'meeting-60023', 'Contract, second try\nNew date'],
    ['hubspot-notes', 'note-70032', 'Mail from Maja <maja@lindgren.example>: new bank details follow\nPays within 10 days'],
    ['hubspot-emails', 'email-80041', 'Offer for the second oven\nDear Ines,\nthe offer is attached.'],
    ['hubspot-emails', 'email-80042', 'Re: Offer for the second oven\nThank you. Can you deliver before the 20th?\n\nInes'],
    ['gainsight-timeline', '1I00TL0004', 'Champion goes on leave\nPlain words & no tags'],
    ['intercom-conversations', '31001', 'Printer\nHi, the label printer prints twice.\nSince Monday – why?'],
    ['intercom-conversations', '31004', 'Norway\nDo you ship to Norway?'],
  ])('%s %s', (name, id, text) => expect(entryOf(name, id)['summary']).toBe(text));

  it('planted: a mapping that forgets it leaves tags behind', () => {
    const forgetful = (mapping: Mapping): Mapping => JSON.parse(JSON.stringify(mapping, (_key, value: unknown) => (value === 'html' ? undefined : value))) as Mapping;
    expect(entryOf('hubspot-calls', 'call-50011', forgetful)['summary']).toContain('<strong>');
  });

  it('what redacted there stays there', () => expect(entryOf('intercom-conversations', '31005')['summary']).toBeUndefined());
});

describe('dates', () => {
  it.each([
    ['hubspot-calls', 'call-50011', '2024-02-06T14:30:00.000Z', 'without an offset: in the zone of the organisation'],
    ['hubspot-calls', 'call-50013', '2024-02-08T14:00:00.000Z', 'in ms since 1970'],
    ['hubspot-meetings', 'meeting-60023', '2024-03-20T10:00:00.000Z', 'in ms since 1970'],
    ['salesforce-tasks', '00T000000000002AAA', '2024-01-16T05:00:00.000Z', 'a day, written with a midnight, begins where we are'],
    ['salesforce-tasks', '00T000000000009AAA', '2024-02-14T15:00:00.000Z', 'done before the day it was due'],
    ['salesforce-events', '00U000000000002AAA', '2024-03-11T04:00:00.000Z', 'all day: a day'],
    ['salesforce-events', '00U000000000003AAA', '2024-03-12T00:00:00.000Z', 'at midnight at Greenwich, and not all day: that instant'],
    ['gainsight-timeline', '1I00TL0002', '2024-06-10T04:00:00.000Z', 'midnight at Greenwich: a day'],
    ['gainsight-timeline', '1I00TL0003', '2024-06-19T10:00:00.000Z', 'in ms since 1970'],
    ['intercom-conversations', '31001', '2024-09-03T09:00:00.000Z', 'in seconds since 1970'],
    ['intercom-conversations', '31002-reply', '2024-09-05T10:00:00.000Z', 'in seconds since 1970'],
    ['posthog-events', '01920000-0000-7000-8000-000000000001', '2024-10-01T09:00:00.000Z', 'without an offset: in UTC'],
    ['posthog-events', '01920000-0000-7000-8000-000000000005', '2024-10-05T14:00:00.000Z', 'with an offset'],
  ])('%s %s is %s: %s', (name, id, instant) => expect(instantOf(name, id)).toBe(instant));

  it('planted: a mapping that takes midnight for a time puts the day on the day before', () => {
    const literal = (mapping: Mapping): Mapping => JSON.parse(JSON.stringify(mapping, (_key, value: unknown) => (value === 'day' ? undefined : value))) as Mapping;
    expect(instantOf('salesforce-events', '00U000000000002AAA', literal)).toBe('2024-03-11T00:00:00.000Z');
    expect(new Intl.DateTimeFormat('en', { timeZone: ZONE, day: 'numeric' }).format(Date.parse('2024-03-11T00:00:00.000Z'))).toBe('10');
  });
});

it('who acted, and whether somebody was there', () => {
  const of = (name: string): string[] => made(name).entries.map(({ entry }) => ['sourceId', 'kind', 'side', 'attended'].map((field) => (entry[field] as string | boolean | undefined) ?? '-').join(' '));
  expect(of('hubspot-calls')).toEqual(['call-50011 call customer true', 'call-50012 call us false', 'call-50012 call us false', 'call-50013 call us true', 'call-50014 call customer -']);
  expect(of('hubspot-meetings')).toEqual(['meeting-60021 meeting us true', 'meeting-60022 meeting us false', 'meeting-60023 meeting us -']);
  expect(of('hubspot-emails')).toEqual(['email-80041 email us -', 'email-80042 email customer -', 'email-80043 email us -']);
  expect(of('salesforce-tasks').filter((one) => / (call|email) /.test(one))).toEqual(['00T000000000001AAA call customer -', '00T000000000002AAA email us -', '00T000000000009AAA call us -']);
  expect(of('gainsight-timeline').map((one) => one.slice(11))).toEqual(['call us true', 'visit us true', 'email us -', 'note us -', 'business-review us -', 'business-review us -', 'note us -']);
  expect(of('intercom-conversations')).toEqual(['31001 chat customer -', '31001-rating survey-answered - -', '31002 chat us -', '31002-reply reply - -', '31004 email customer -', '31005 chat customer -', '31001 chat customer -', '31001-rating survey-answered - -']);
});

it('whose it is', () => {
  const of = (name: string): unknown[] => [...new Map(made(name).entries.map(({ customer }) => [customer['sourceId'], customer['name']]))];
  expect(of('hubspot-calls')).toEqual([['9001', 'Backhaus Sommer'], ['9002', 'Café Lindgren'], ['contact-720', 'Jo Weiss (jo@weiss.example)']]);
  expect(of('hubspot-meetings')).toEqual([['9001', 'Backhaus Sommer'], ['9002', 'Café Lindgren']]);
  expect(of('salesforce-tasks')).toEqual([['001000000000001AAA', 'Nordlicht Rooms'], ['00Q000000000021AAA', undefined]]);
  expect(of('zendesk-tickets')).toEqual([['Backhaus Sommer', 'Backhaus Sommer'], ['Café Lindgren', 'Café Lindgren'], ['requester-88003', 'Jo Weiss']]);
  expect(of('segment-events')).toEqual([['hafen-logistik', undefined], ['u-90', undefined]]);
});

it('amounts are in the smallest unit, of a currency with cents or without', () => {
  const amounts = made('segment-events').entries.map(({ entry }) => entry).filter((entry) => entry['currency'] !== undefined);
  expect(amounts.map(({ kind, amount, currency }) => [kind, amount, currency])).toEqual([['purchase', 129950, 'EUR'], ['purchase', 129950, 'EUR'], ['purchase', 9800, 'JPY'], ['refund', 9800, 'JPY']]);
});

it('a name that is no key becomes one', () => expect(entryOf('segment-events', 'ajs-0007')['campaign']).toBe('Autumn -2024-'));

it('tickets: how grave, by which way, and how they liked it', () => {
  expect(made('zendesk-tickets').entries.map(({ entry }) => [entry['sourceId'], entry['severity'] ?? entry['csat'] ?? '-', entry['channel'] ?? '-', entry['about'] ?? '-'])).toEqual([
    ['2101', 1, 'email', '-'], ['2101-solved', '-', '-', '#0'], ['2101-satisfaction', 5, '-', '#0'],
    ['2102', 4, 'web', '-'], ['2102-solved', '-', '-', '#0'], ['2102-satisfaction', 1, '-', '#0'],
    ['2103', 3, 'phone', '-'],
    ['2106', 2, 'chat', '-'], ['2106', 2, 'chat', '-'],
  ]);
});

it('planted: without its list of reasons a mapping imports what was deleted', () => {
  const { skip: _, ...rest } = read('salesforce-tasks').mapping;
  expect(made('salesforce-tasks').skipped).toContain('deleted');
  expect(made('salesforce-tasks', () => rest).entries.map(({ entry }) => entry['sourceId'])).toContain('00T000000000006AAA');
});

it('the page names each of them, what it is known by, and its example', () => {
  const page = readFileSync(join(EXAMPLES, '..', 'ready-mappings.md'), 'utf8');
  for (const { name, knownBy } of LAYOUTS) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    expect(row).toContain(`| ${knownBy.join(', ')} |`);
    expect(row).toContain(`(examples/${name}.${FILES[name] ?? 'csv'})`);
  }
  expect(page).toContain('No file of any of these products was at hand.');
});
