/** Importing files of other products from the command line, by a ready mapping, on a folder of their own. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAYOUTS } from '../../src/exchange/layouts.js';
import { build, type Built, type Run, type Running } from './five-ring.js';

let built: Built;
let data: string;
let server: Running | undefined;
beforeAll(async () => {
  built = build();
  data = mkdtempSync(join(tmpdir(), 'five-ring-layouts-'));
  server = built.start(['serve'], { FIVE_RING_DATA: data, PORT: '0', LOG_LEVEL: 'silent' });
  await server.says(/http:/);
});
afterAll(async () => {
  await server?.end('SIGTERM');
  built.remove();
  rmSync(data, { recursive: true, force: true });
});

const cli = (...args: string[]): Promise<Run> => built.run(args, { FIVE_RING_DATA: data, FIVE_RING_AS: 'ada' });
const example = (name: string): string => join(__dirname, '..', '..', 'docs', 'examples', name);

it('lists them, and shows one', async () => {
  const { out, code } = await cli('import', 'layouts');
  expect(code).toBe(0);
  for (const { name } of LAYOUTS) expect(out).toMatch(new RegExp(`^${name} `, 'm'));
  expect(JSON.parse((await cli('import', 'layouts', 'zendesk-tickets')).out)).toMatchObject({ entry: { kind: 'issue-opened' }, also: [{ entry: { kind: 'issue-resolved', about: '#0' } }, {}] });
  expect(await cli('import', 'layouts', 'zendesk')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('zendesk-tickets') });
});

it('says of a file which it is, and writes the mapping fitted to it', async () => {
  const map = join(data, 'map.json');
  const { out, code } = await cli('import', example('hubspot-meetings.csv'), '--save-mapping', map);
  expect(code).toBe(0);
  expect(out).toMatch(/It has the layout of HubSpot Meetings: five-ring import \S+ --layout hubspot-meetings --dry-run/);
  expect(JSON.parse(readFileSync(map, 'utf8'))).toMatchObject({ entry: { sourceId: 'meeting-{hs_object_id}' } });
  expect((await cli('import', example('segment-events.ndjson'))).out).toMatch(/JSON[^]*--layout segment-events --dry-run/);
  const other = join(data, 'other.json');
  writeFileSync(other, '{"rows":[{"account":{"id":"J1","name":"Morel"},"date":"2026-01-02","type":"enquiry"},{"account":{"id":"J2","name":"Berg"},"date":"2026-01-03","type":"reply"}]}');
  const json = join(data, 'json.json');
  const suggested = await cli('import', other, '--save-mapping', json);
  expect(suggested).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/other\.json: JSON, 2 objects in the list rows, utf-8\. Columns are paths\.[^]*account\.id/) });
  expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ format: 'json', list: 'rows', customer: { sourceId: '{account.id}' } });
  await cli('colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales');
  expect((await cli('import', other, '--mapping', json, '--dry-run')).out).toContain('2 rows read: 2 entries added, 2 new customers, 0 rows refused');
  writeFileSync(other, '["a", 1]');
  expect(await cli('import', other)).toMatchObject({ code: 1, err: expect.stringContaining('This is JSON without an object') });
});

it('imports by name, or by the columns alone, and tells what was left out', async () => {
  await cli('colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales');
  const dry = await cli('import', example('zendesk-tickets.csv'), '--layout', 'auto', '--dry-run');
  expect(dry).toMatchObject({ code: 0, err: '' });
  expect(dry.out).toContain('Dry run, nothing was written. It would be: 7 rows read: 8 entries added, 3 new customers, 1 row here already, 2 rows left out (merged into another ticket 1, deleted 1), 0 rows refused.');
  expect((await cli('import', example('zendesk-tickets.csv'), '--layout', 'zendesk-tickets')).out).toContain('7 rows read: 8 entries added');
  expect((await cli('import', example('intercom-conversations.json'), '--layout', 'auto')).out).toContain('7 rows read: 6 entries added, 2 new customers');
  // A mapping that was saved and not changed is the same import.
  const map = join(data, 'tickets.json');
  await cli('import', example('zendesk-tickets.csv'), '--save-mapping', map);
  expect(existsSync(map)).toBe(true);
  expect((await cli('import', example('zendesk-tickets.csv'), '--mapping', map)).out).toContain('0 entries added');
});

it('refuses what does not fit', async () => {
  expect(await cli('import', example('zendesk-tickets.csv'), '--layout', 'hubspot-calls')).toMatchObject({ code: 1, err: expect.stringContaining('hubspot-calls needs Record ID, Activity date, Call direction') });
  expect(await cli('import', example('zendesk-tickets.csv'), '--layout', 'x')).toMatchObject({ code: 1, err: expect.stringContaining('must be auto or one of') });
  expect(await cli('import', example('zendesk-tickets.csv'), '--layout', 'auto', '--mapping', 'x')).toMatchObject({ code: 2 });
});

describe('customers alone, by a mapping without entry', () => {
  const file = (): string => join(data, 'customers.csv');
  /** Says of the import what is in the way of a list of customers that went in as one. */
  async function faults(mapping: object): Promise<string[]> {
    const map = join(data, 'customers.json');
    writeFileSync(map, JSON.stringify(mapping));
    const { out, code, err } = await cli('import', file(), '--mapping', map);
    return [...(code === 0 && err === '' ? [] : [`ended with ${code}: ${err}`]), ...(/2 rows read: 0 entries added, 2 new customers, 0 rows refused/.test(out) ? [] : [out])];
  }
  const customer = { source: 'list', sourceId: '{Account}', name: '{Name}', owner: 'ada' };

  it('registers them, knows them again, brings them up to date, and takes them back', async () => {
    writeFileSync(file(), 'Account,Name\nL1,Morel & Fils\nL2,Berg Tools\n');
    expect(await faults({ customer })).toEqual([]);
    const map = join(data, 'customers.json');
    expect((await cli('import', file(), '--mapping', map)).out).toContain('2 rows read: 0 entries added, 0 new customers, 2 rows here already, 0 rows refused');
    writeFileSync(file(), 'Account,Name\nL1,Morel & Filles\nL2,Berg Tools\n');
    const changed = await cli('--json', 'import', file(), '--mapping', map);
    expect(JSON.parse(changed.out)).toMatchObject({ customersChanged: 1, customersCreated: 0, entriesAdded: 0, alreadyHere: 1 });
    expect((await cli('customer', 'list')).out).toContain('Morel & Filles');
    expect((await cli('import', 'undo', JSON.parse(changed.out).run)).out).toContain('1 customer as before');
    expect((await cli('customer', 'list')).out).not.toContain('Filles');
  });

  it('planted bug: a mapping that makes an entry of each row is found', async () => {
    writeFileSync(file(), 'Account,Name\nM1,Third\nM2,Fourth\n');
    expect(await faults({ customer, entry: { kind: 'note', side: 'us', occurredAt: '2026-01-01', summary: '{Name}' } })).toHaveLength(1);
  });
});
