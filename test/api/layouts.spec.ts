/** Every example file, imported by its ready mapping: tried, imported, imported again; counts exact, nothing refused. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Importer } from '../../src/exchange/importer.js';
import { LAYOUTS } from '../../src/exchange/layouts.js';
import { csv, faultsOf, mapping, TestApp, type Json } from './app.js';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.withAda();
});
afterAll(() => app.remove());
afterEach(() => void (app.nest.get(Importer).rowsAtOnce = 2000));

const EXTENSIONS: Readonly<Record<string, string>> = { 'intercom-conversations': 'json', 'segment-events': 'ndjson', 'posthog-events': 'ndjson' };
const textOf = (name: string): string => readFileSync(join(__dirname, '..', '..', 'docs', 'examples', `${name}.${EXTENSIONS[name] ?? 'csv'}`), 'utf8');

async function send(text: string, query: string): Promise<Json> {
  const before = await app.eventsInLog();
  const answer = await app.import([csv(text)], { query });
  if (answer.status !== 200) throw new Error(answer.text);
  const { result } = JSON.parse(answer.text.trim().split('\n').at(-1)!);
  expect(result.rows + result.further).toBe(result.entriesAdded + result.entriesCorrected + result.alreadyHere + result.failed + result.skipped);
  expect(Object.values(result.skippedBecause as Record<string, number>).reduce((sum, one) => sum + one, 0)).toBe(result.skipped);
  return { ...result, grown: (await app.eventsInLog()) - before };
}

interface Expected {
  readonly rows: number;
  readonly customers: number;
  readonly kinds: Readonly<Record<string, number>>;
  /** Doubled rows: all that they would give is here already. */
  readonly doubled: number;
  readonly skipped: Readonly<Record<string, number>>;
}

const EXPECTED: Readonly<Record<string, Expected>> = {
  'hubspot-calls': { rows: 8, customers: 3, kinds: { call: 4 }, doubled: 1, skipped: { 'did not take place': 1, 'not over yet': 1, 'tied to no company or contact': 1 } },
  'hubspot-meetings': { rows: 7, customers: 0, kinds: { meeting: 3 }, doubled: 0, skipped: { deleted: 1, 'did not take place': 1, 'moved to another time': 1, 'still ahead': 1 } },
  'hubspot-notes': { rows: 4, customers: 0, kinds: { note: 2 }, doubled: 1, skipped: { 'tied to no company or contact': 1 } },
  'hubspot-emails': { rows: 5, customers: 0, kinds: { email: 3 }, doubled: 0, skipped: { 'was not delivered': 1, 'not sent yet': 1 } },
  'salesforce-tasks': { rows: 10, customers: 2, kinds: { call: 2, email: 1, 'step-planned': 2, 'step-done': 1 }, doubled: 1, skipped: { deleted: 1, 'pattern of a series': 1, 'not done yet': 1, 'tied to no account, lead or contact': 1 } },
  'salesforce-events': { rows: 9, customers: 0, kinds: { meeting: 3, call: 1 }, doubled: 0, skipped: { deleted: 1, 'copy for somebody invited': 1, private: 1, 'pattern of a series': 1, 'still ahead': 1 } },
  'gainsight-timeline': { rows: 9, customers: 2, kinds: { call: 1, visit: 1, email: 1, note: 2, 'business-review': 1 }, doubled: 1, skipped: { deleted: 1, 'a draft': 1 } },
  'zendesk-tickets': { rows: 7, customers: 3, kinds: { 'issue-opened': 4, 'issue-resolved': 2, 'survey-answered': 2 }, doubled: 1, skipped: { deleted: 1, 'merged into another ticket': 1 } },
  'intercom-conversations': { rows: 7, customers: 2, kinds: { chat: 3, email: 1, reply: 1, 'survey-answered': 1 }, doubled: 2, skipped: { 'an automatic message nobody answered': 1, 'tied to no contact': 1 } },
  'segment-events': { rows: 11, customers: 2, kinds: { enquiry: 1, 'onboarding-step': 1, purchase: 2, 'message-response': 1, refund: 1 }, doubled: 1, skipped: { 'not a track call': 2, 'of nobody known': 1, 'an event that is no kind': 1 } },
  'posthog-events': { rows: 10, customers: 2, kinds: { enquiry: 2, 'onboarding-step': 1, purchase: 1, cancellation: 1 }, doubled: 1, skipped: { 'an event that is no kind': 2, 'a survey, whose scale it does not say': 1, 'of nobody known': 1 } },
};
const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((all, one) => all + one, 0);

it('each ready mapping has an example', () => expect(Object.keys(EXPECTED)).toEqual(LAYOUTS.map(({ name }) => name)));

describe.each(Object.entries(EXPECTED))('%s', (name, expected) => {
  it('is tried, imported and imported again, with exact counts', async () => {
    const counts = { rows: expected.rows, customersCreated: expected.customers, entriesAdded: sum(expected.kinds), entriesCorrected: 0, alreadyHere: expected.doubled, failed: 0, errors: [], skipped: sum(expected.skipped), skippedBecause: expected.skipped };
    expect(await send(textOf(name), `?dryRun=true&layout=${name}`)).toMatchObject({ ...counts, grown: 0 });
    const before = (await app.events()).length;
    expect(await send(textOf(name), `?layout=${name}`)).toMatchObject(counts);
    const kinds: Record<string, number> = {};
    for (const { type, data } of (await app.events()).slice(before)) {
      const { kind } = data as { kind: string };
      if (type === 'InteractionLogged') kinds[kind] = (kinds[kind] ?? 0) + 1;
    }
    expect(kinds).toEqual(expected.kinds);
    // The header alone says which it is; a row at a time comes to the same.
    app.nest.get(Importer).rowsAtOnce = 1;
    expect(await send(textOf(name), '?layout=auto')).toMatchObject({ ...counts, customersCreated: 0, customersChanged: 0, entriesAdded: 0, alreadyHere: sum(expected.kinds) + expected.doubled, grown: 0 });
  });
});

it('a ticket that was solved is closed, one that was not is open; both by their own entries', async () => {
  const ticket = await app.read(`/api/v1/customers?source=zendesk&sourceId=${encodeURIComponent('Backhaus Sommer')}`);
  const entries = (await app.read(`/api/v1/customers/${ticket.id}/timeline?limit=50`)).items;
  const opened = entries.find(({ kind }: Json) => kind === 'issue-opened');
  expect(entries.find(({ kind }: Json) => kind === 'issue-resolved').about).toBe(opened.id);
  expect(entries.find(({ kind }: Json) => kind === 'survey-answered')).toMatchObject({ csat: 5, about: opened.id });
});

it('solved since the last import: the entry that was there is named by the one that comes', async () => {
  const text = textOf('zendesk-tickets');
  const solved = text.replace(/Open,-,Phone(.*?),-,-,-,-,-,Not Offered/, (_, between: string) => `Solved,-,Phone${between},-,-,-,2024-08-09 10:00,-,Good`);
  expect(solved).not.toBe(text);
  expect(await send(solved, '?layout=zendesk-tickets')).toMatchObject({ entriesAdded: 2, entriesCorrected: 0, failed: 0 });
  const { id } = await app.read('/api/v1/customers?source=zendesk&sourceId=requester-88003');
  const entries = (await app.read(`/api/v1/customers/${id}/timeline?limit=50`)).items;
  expect(entries.map(({ kind }: Json) => kind).toSorted()).toEqual(['issue-opened', 'issue-resolved', 'survey-answered']);
  const opened = entries.find(({ kind }: Json) => kind === 'issue-opened');
  for (const { kind, about, type } of entries) if (type === 'entry' && kind !== 'issue-opened') expect(about).toBe(opened.id);
});

it('lists them, with what each is known by', async () => {
  const { items } = await app.read('/api/v1/imports/layouts');
  expect(items.map(({ name }: Json) => name)).toEqual(LAYOUTS.map(({ name }) => name));
  expect(items[0]).toMatchObject({ product: 'HubSpot', format: 'csv', knownBy: expect.arrayContaining(['Record ID']) });
});

describe('refuses', () => {
  it.each<[string, string, string, string]>([
    ['a layout that is none', '?layout=hubspot', 'a,b\n', 'layout'],
    ['a file without its columns', '?layout=hubspot-calls', 'Record ID,Date\n1,2\n', 'layout'],
    ['a file that none fits', '?layout=auto', 'Record ID,Date\n1,2\n', 'layout'],
    ['JSON for CSV', '?layout=hubspot-calls', '{"a":1}\n', 'layout'],
    ['CSV for JSON', '?layout=segment-events', 'a,b\n', 'layout'],
    ['JSON that none fits', '?layout=auto', '[{"a":1}]', 'layout'],
    ['an empty file', '?layout=auto', '', 'layout'],
  ])('%s', async (_, query, text, field) => {
    const before = await app.eventsInLog();
    expect(faultsOf(await app.import([csv(text)], { query }), 400, undefined, field)).toEqual([]);
    expect(await app.eventsInLog()).toBe(before);
  });

  it('a mapping beside a layout', async () => {
    expect(faultsOf(await app.import([mapping({}), csv(textOf('hubspot-calls'))], { query: '?layout=auto' }), 400, 'not-both', 'mapping')).toEqual([]);
  });

  it('rows of JSON that are none, by their lines; the others go in', async () => {
    const lines = textOf('segment-events').trim().split('\n');
    const text = [lines[0]!.replace('ajs-0001', 'ajs-9001'), 'no json', lines[1]!.slice(0, 60), lines[1]!.replace('ajs-0002', 'ajs-9002'), `{"a":"${'x'.repeat(1_100_000)}"}`, lines[4]!.replace('ajs-0005', 'ajs-9005')].join('\n');
    const result = await send(text, '?layout=segment-events');
    expect(result).toMatchObject({ rows: 6, entriesAdded: 3, failed: 3 });
    expect(result.errors.map(({ line, errors }: Json) => [line, errors[0].field, errors[0].code])).toEqual([[2, 'row', 'malformed-row'], [3, 'row', 'malformed-row'], [5, 'row', 'malformed-row']]);
  });
});
