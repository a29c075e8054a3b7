/** What an import writes, what it says it did, and that a dry run says the same and writes nothing. */
import { Importer } from '../../src/exchange/importer.js';
import { AppendTooLarge, type EventStore } from '../../src/kernel/event-store.js';
import { Executor } from '../../src/shell/executor.js';
import { PassingStore } from '../passing-store.js';
import { csv, faultsOf, mapping, TestApp, type Json } from './app.js';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.withAda();
  await app.colleague('ben');
});
afterAll(() => app.remove());
afterEach(() => void Object.assign(app.nest.get(Importer), { rowsAtOnce: 2000, rowsInOrder: 20_000 }));

const MAP = {
  customer: { source: 'crm', sourceId: '{Account}', owner: '{Owner}', name: '{Name}', segment: '{Segment}' },
  entry: { kind: '{Kind}', side: { column: 'Kind', values: { referral: 'customer' }, default: 'us' }, occurredAt: '2026-01-01', source: 'crm', sourceId: '{Id}', summary: '{Text}', campaign: '{Text}', owner: '{To}', people: '{People}', person: '{People}', about: '{About}', referredCustomer: '{About}' },
};
const COLUMNS = ['Account', 'Owner', 'Name', 'Segment', 'Kind', 'Id', 'Text', 'To', 'People', 'About'] as const;
type Cells = Partial<Record<(typeof COLUMNS)[number], string>>;
const file = (rows: readonly Cells[]): string => [COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((column) => row[column] ?? (column === 'Kind' ? 'note' : '')).join(','))].join('\n');

async function send(text: string, dryRun: boolean): Promise<Json> {
  const before = await app.eventsInLog();
  const answer = await app.import([mapping(MAP), csv(text)], { query: `?dryRun=${dryRun}` });
  expect(answer.status).toBe(200);
  const { result } = JSON.parse(answer.text.trim().split('\n').at(-1)!);
  // Beside what says that the run began and ended.
  const after = (await app.events()).slice(before);
  const grown = after.filter(({ stream }) => stream !== 'imports').length;
  expect(after.length - grown).toBe(grown === 0 ? 0 : 2);
  expect(result.run === null).toBe(grown === 0);
  expect(result.entriesAdded + result.entriesCorrected + result.alreadyHere + result.failed + result.skipped).toBe(result.rows + result.further);
  if (dryRun) expect(grown).toBe(0);
  expect(result.position === null).toBe(grown === 0);
  return { ...result, grown };
}

/** Tries, imports, and imports again. The trial must have said what came, and the repeat must write nothing. */
async function importing(rows: readonly Cells[] | string): Promise<Json> {
  const text = typeof rows === 'string' ? rows : file(rows);
  const { dryRun: _dry, position: _none, grown: _nothing, run: _noRun, ...said } = await send(text, true);
  const { dryRun: _real, position: _position, grown, run: _run, ...done } = await send(text, false);
  expect(said).toEqual(done);
  const again = await send(text, false);
  expect(again).toMatchObject({ grown: 0, entriesAdded: 0, entriesCorrected: 0, customersCreated: 0, customersChanged: 0, rows: done.rows, failed: done.failed });
  expect((await send(text, true)).alreadyHere).toBe(again.alreadyHere);
  return { ...done, grown };
}
const errorsOf = (result: Json): string[] => result.errors.flatMap(({ line, errors }: Json) => errors.map(({ field, code }: Json) => `${line} ${field} ${code}`));

const customerOf = (account: string): Promise<Json> => app.read(`/api/v1/customers?source=crm&sourceId=${account}`);

/** Of the entries in force, newest first. */
async function textsOf(account: string): Promise<string[]> {
  const { items } = await app.read(`/api/v1/customers/${(await customerOf(account)).id}/timeline`);
  return items.map(({ summary }: Json) => summary);
}

/** Rows recorded together, with one each row is a chunk of its own; and rows recorded as they come, before the rest is put in order on disk. */
describe.each([[2000, 20_000], [1, 20_000], [2, 0]])('with %d rows at once, %d in the order of the file', (rowsAtOnce, rowsInOrder) => {
  const at = (name: string): string => `${name}${rowsAtOnce}-${rowsInOrder}`;
  beforeEach(() => void Object.assign(app.nest.get(Importer), { rowsAtOnce, rowsInOrder }));

  it('content that comes back is a correction', async () => {
    const Account = at('back');
    for (const [Text, counts] of [['open', { entriesAdded: 1 }], ['closed', { entriesCorrected: 1 }], ['open', { entriesCorrected: 1 }]] as const) {
      expect(await importing([{ Account, Id: '1', Text }])).toMatchObject(counts);
      expect(await textsOf(Account)).toEqual([Text]);
    }
  });

  it('of several rows with one sourceId the last counts, however often the file is imported', async () => {
    const Account = at('last');
    expect(await importing(['open', 'closed', 'open', 'gone'].map((Text) => ({ Account, Id: '1', Text })))).toMatchObject({ entriesAdded: 1, entriesCorrected: 1, alreadyHere: 2 });
    expect(await textsOf(Account)).toEqual(['gone']);
    expect(await importing(['open', 'closed', 'gone'].map((Text) => ({ Account, Id: '1', Text })))).toMatchObject({ alreadyHere: 3, grown: 0 });
  });

  it('of two equal rows with one sourceId one is added', async () => {
    const row = { Account: at('equal'), Id: '1', Text: 'once' };
    expect(await importing([row, row])).toMatchObject({ rows: 2, entriesAdded: 1, alreadyHere: 1, customersCreated: 1 });
  });

  it('equal rows without a sourceId are separate', async () => {
    const row = { Account: at('separate'), Text: 'twice' };
    expect(await importing([row, row])).toMatchObject({ rows: 2, entriesAdded: 2, customersCreated: 1 });
  });

  it('rows that say different things of their customer: the last counts', async () => {
    const Account = at('owned');
    const rows = [{ Account, Owner: 'ben', Segment: 'one', Text: 'a' }, { Account, Owner: 'ada', Segment: 'two', Text: 'b' }];
    expect(await importing(rows)).toMatchObject({ entriesAdded: 2, customersCreated: 1, customersChanged: rowsAtOnce === 1 ? 1 : 0 });
    expect(await customerOf(Account)).toMatchObject({ owner: 'ada', segment: 'two' });
    expect(await importing(rows.toReversed())).toMatchObject({ alreadyHere: 2, customersChanged: 1, grown: 2 });
    expect(await customerOf(Account)).toMatchObject({ owner: 'ben', segment: 'one' });
  });

  it('what a row leaves empty is not taken away: the name least of all', async () => {
    const Account = at('empty');
    const rows = [{ Account, Name: 'Morel & Fils', Segment: 'bakers', Id: '1', Text: 'a' }, { Account, Id: '2', Text: 'b' }];
    expect(await importing(rows)).toMatchObject({ entriesAdded: 2, customersCreated: 1, customersChanged: 0 });
    expect(await customerOf(Account)).toMatchObject({ name: 'Morel & Fils', segment: 'bakers' });
    expect(await importing([{ Account, Id: '3', Text: 'c' }])).toMatchObject({ entriesAdded: 1, customersChanged: 0 });
    expect(await importing([{ Account, Owner: 'ben', Id: '3', Text: 'c' }])).toMatchObject({ entriesAdded: 0, customersChanged: 1 });
    expect(await customerOf(Account)).toMatchObject({ name: 'Morel & Fils', segment: 'bakers', owner: 'ben' });
    expect(await importing([{ Account: at('nameless'), Text: 'a' }])).toMatchObject({ customersCreated: 1 });
    expect(await customerOf(at('nameless'))).toMatchObject({ name: at('nameless') });
  });

  it('what a row names must be there; the others go in', async () => {
    const Account = at('names');
    const result = await importing([
      { Account, Text: 'good' },
      { Account, Kind: 'owner-changed', To: 'ghost' },
      { Account, Kind: 'referral', People: 'stranger', About: 'nobody' },
      { Account, Text: 'x', People: 'stranger' },
      { Account, Kind: 'issue-resolved', About: 'nothing', Text: 'x' },
      { Account, Owner: 'ghost', Text: 'x' },
      { Account, Kind: 'campaign-launched', Text: 'x' },
      { Account, Kind: 'owner-changed', To: 'ben' },
    ]);
    expect(errorsOf(result).toSorted()).toEqual(['3 owner unknown-colleague', '4 referredCustomer unknown-customer', '5 people unknown-person', '6 about unknown-entry', '7 customer.owner unknown-colleague', '8 kind needs-no-customer']);
    expect(result).toMatchObject({ rows: 8, failed: 6, entriesAdded: 2, customersCreated: 1 });
  });

  it('a customer all whose rows are bad is not there', async () => {
    expect(await importing([{ Account: at('bad'), Text: 'x', People: 'stranger' }, { Account: at('bad'), Text: 'y', People: 'stranger' }])).toMatchObject({ failed: 2, customersCreated: 0, grown: 0 });
  });

  it('an entry cannot become another kind', async () => {
    const Account = at('kinds');
    await importing([{ Account, Id: '1', Text: 'x' }]);
    const result = await importing([{ Account, Id: '1', Text: 'x', Kind: 'email' }]);
    expect(errorsOf(result)).toEqual(['2 kind kind-cannot-change']);
    expect(result.failed).toBe(1);
  });

  it('malformed rows are rows', async () => {
    expect(await importing(`${file([{ Account: at('rows'), Text: 'x' }])}\n1,2\n`)).toMatchObject({ rows: 2, entriesAdded: 1, failed: 1 });
  });
});

it('a long file: who is named may come later in it, as the customers named are recorded first', async () => {
  Object.assign(app.nest.get(Importer), { rowsAtOnce: 1, rowsInOrder: 0 });
  const map = { customer: MAP.customer, entry: { kind: '{Kind}', side: MAP.entry.side, occurredAt: '2026-01-01', source: 'crm', sourceId: '{Id}', summary: '{Text}', name: '{Text}', referredCustomer: '{About}', person: '{People}' } };
  const rows: Cells[] = [{ Account: 'later-a', Id: 'i', Kind: 'person-added', Text: 'Ines Morel' }, { Account: 'later-a', Id: 'p', Kind: 'referral', About: 'later-b', People: 'i' }, { Account: 'later-a', Id: 'q', Text: 'after' }, { Account: 'later-b', Id: '1', Text: 'x' }];
  for (const [dryRun, added] of [[true, 4], [false, 4], [false, 0]] as const) {
    const answer = await app.import([mapping(map), csv(file(rows))], { query: `?dryRun=${dryRun}` });
    const { result } = JSON.parse(answer.text.trim().split('\n').at(-1)!);
    expect(result).toMatchObject({ rows: 4, entriesAdded: added, alreadyHere: 4 - added, failed: 0, errors: [] });
  }
});

describe.each([[2000, 20_000], [1, 20_000], [2, 0]])('customers alone, %d rows at once, %d in the order of the file', (rowsAtOnce, rowsInOrder) => {
  beforeEach(() => void Object.assign(app.nest.get(Importer), { rowsAtOnce, rowsInOrder }));
  const of = `${rowsAtOnce}-${rowsInOrder}`;
  const bare = { customer: MAP.customer };
  async function take(rows: readonly string[]): Promise<Json> {
    const text = `Account,Owner,Name,Segment\n${rows.join('\n')}\n`;
    const results: Json[] = [];
    for (const dryRun of [true, false]) {
      const answer = await app.import([mapping(bare), csv(text)], { query: `?dryRun=${dryRun}` });
      expect(answer.status).toBe(200);
      const { dryRun: _dry, position: _position, run: _run, ...said } = JSON.parse(answer.text.trim().split('\n').at(-1)!).result;
      results.push(said);
    }
    const [tried, done] = results;
    expect(tried).toEqual(done);
    expect(done.customersCreated + done.customersChanged + done.alreadyHere + done.failed + done.skipped).toBe(done.rows);
    return done;
  }
  const file = [`alone-${of}-1,ada,Alone & Co,bakers`, `alone-${of}-2,,Other,`];

  it('are registered, known again, and brought up to date', async () => {
    expect(await take(file)).toMatchObject({ rows: 2, customersCreated: 2, customersChanged: 0, alreadyHere: 0, entriesAdded: 0, failed: 0 });
    expect(await customerOf(`alone-${of}-1`)).toMatchObject({ name: 'Alone & Co', segment: 'bakers', owner: 'ada' });
    const before = await app.eventsInLog();
    expect(await take(file)).toMatchObject({ rows: 2, customersCreated: 0, customersChanged: 0, alreadyHere: 2 });
    expect(await app.eventsInLog()).toBe(before);
    expect(await take([`alone-${of}-1,,New name,`, `alone-${of}-1,,Newer name,`, `alone-${of}-2,,Other,`])).toMatchObject({ rows: 3, customersChanged: 1, alreadyHere: 2 });
    expect(await customerOf(`alone-${of}-1`)).toMatchObject({ name: 'Newer name', segment: 'bakers', owner: 'ada' });
  });

  it('whose row is wrong are refused by line, and the others go in', async () => {
    const done = await take([`refused-${of},ghost,Refused,`, ',,Nobody,', `taken-${of},,Taken,`]);
    expect(done).toMatchObject({ rows: 3, customersCreated: 1, failed: 2 });
    expect(errorsOf(done).toSorted()).toEqual(['2 customer.owner unknown-colleague', '3 customer.sourceId missing']);
  });
});

it('a mapping with further entries must have a first', async () => {
  const answer = await app.import([mapping({ customer: MAP.customer, also: [] }), csv('Account,Owner,Name,Segment\n')]);
  expect(faultsOf(answer, 400, 'missing', 'entry')).toEqual([]);
});

it('refuses a file with a column twice, and takes one with nameless columns', async () => {
  const text = file([{ Account: 'columns', Text: 'x' }]);
  const answer = await app.import([mapping(MAP), csv(text.replace('Account,', 'Account,Account,'))]);
  expect(faultsOf(answer, 400, 'doubled-column', 'file')).toEqual([]);
  const [header, row] = text.split('\n');
  expect(await importing(`${header},,\n${row},,\n`)).toMatchObject({ entriesAdded: 1 });
});

it('a dry run sees what was recorded, and leaves the state as it was', async () => {
  const Account = 'dry';
  await importing([{ Account, Id: '1', Text: 'a', Name: 'Dry & Co', Owner: 'ada' }]);
  expect(await send(file([{ Account, Id: '1', Text: 'b', Name: 'Drier & Co', Owner: 'ben' }, { Account, Id: '2', Text: 'c', Name: 'Drier & Co', Owner: 'ben' }]), true)).toMatchObject({ entriesCorrected: 1, entriesAdded: 1, customersChanged: 1, customersCreated: 0 });
  expect(await customerOf(Account)).toMatchObject({ name: 'Dry & Co', owner: 'ada' });
  expect(await textsOf(Account)).toEqual(['a']);
  expect(await importing([{ Account, Id: '1', Text: 'a', Name: 'Dry & Co', Owner: 'ada' }])).toMatchObject({ alreadyHere: 1, grown: 0 });
});

it('an entry is the same whether it was posted or imported', async () => {
  const Account = 'posted';
  await importing([{ Account, Id: '1', Text: 'a' }]);
  const id = (await customerOf(Account)).id as string;
  const before = await app.eventsInLog();
  await app.log(id, { kind: 'note', side: 'us', occurredAt: '2026-01-01', source: 'crm', sourceId: '1', summary: 'a' });
  expect(await app.eventsInLog()).toBe(before);
  await app.log(id, { kind: 'note', side: 'us', occurredAt: '2026-01-01', source: 'crm', sourceId: '2', summary: 'b' });
  expect(await importing([{ Account, Id: '2', Text: 'b' }])).toMatchObject({ alreadyHere: 1, grown: 0 });
});

it('a person who is imported again keeps the id', async () => {
  const map = { customer: { source: 'crm', sourceId: '{Account}' }, entry: { kind: 'person-added', occurredAt: '2026-01-01', source: 'crm', sourceId: '{Id}', name: '{Name}' } };
  const post = async (name: string): Promise<Json> => JSON.parse((await app.import([mapping(map), csv(`Account,Id,Name\npeople,1,${name}\n`)])).text.trim().split('\n').at(-1)!).result;
  expect(await post('Ines Morel')).toMatchObject({ entriesAdded: 1 });
  const { id } = await customerOf('people');
  const [before] = (await app.read(`/api/v1/customers/${id}/people`)).items;
  expect(await post('Ines Morel')).toMatchObject({ alreadyHere: 1 });
  expect(await post('Ines Durand')).toMatchObject({ entriesCorrected: 1 });
  const { items } = await app.read(`/api/v1/customers/${id}/people`);
  expect(items).toMatchObject([{ id: before.id, name: 'Ines Durand' }]);
});

describe('rows of one customer that are more than the store takes at once', () => {
  const LIMIT = 8;
  class Small extends PassingStore {
    override async append(...[stream, events, expected, recordedAt]: Parameters<EventStore['append']>): ReturnType<EventStore['append']> {
      if (events.length > LIMIT) throw new AppendTooLarge(events.length, LIMIT);
      return this.inner.append(stream, events, expected, recordedAt);
    }
  }
  const rows = Array.from({ length: 30 }, (_, i): Cells => ({ Account: 'A-1', Name: 'Morel', Id: `E-${i}`, Text: `Note ${i}` }));

  it('go in halves: all of them, and each once', async () => {
    const small = await TestApp.withAda((parts) => ({ ...parts, executor: new Executor(new Small(parts.store), parts.vault) }));
    try {
      for (const added of [30, 0]) {
        const answer = await small.import([mapping(MAP), csv(file(rows))]);
        expect(JSON.parse(answer.text.trim().split('\n').at(-1)!).result).toMatchObject({ rows: 30, entriesAdded: added, failed: 0 });
      }
      expect((await small.events()).filter(({ type }) => type === 'InteractionLogged')).toHaveLength(30);
    } finally {
      await small.remove();
    }
  });
});
