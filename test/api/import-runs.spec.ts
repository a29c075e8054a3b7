/** Runs of imports: broken off and gone on with, listed, undone and imported again; nothing is lost, doubled or half undone. */
import { importReachView, streamsOf, type ReachTables } from '../../src/exchange/import-reach.view.js';
import { Importer } from '../../src/exchange/importer.js';
import { planUndo } from '../../src/exchange/undo-plan.js';
import { fieldsOf, KINDS } from '../../src/customers/catalogue.js';
import { peopleOf } from '../../src/customers/entry.js';
import { StoreUnavailable, type EventStore, type RecordedEvent } from '../../src/kernel/event-store.js';
import type { EventView } from '../../src/kernel/view.js';
import { Executor } from '../../src/shell/executor.js';
import { Views } from '../../src/views/views.js';
import type { Kysely } from 'kysely';
import { PassingStore } from '../passing-store.js';
import { API, AS_OPERATOR, csv, faultsOf, mapping, multipart, TestApp, type Answer, type Json } from './app.js';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.withAda();
  await app.colleague('ben');
});
afterAll(() => app.remove());

const MAP = {
  customer: { source: 'crm', sourceId: '{Account}', name: '{Name}', owner: '{Owner}', segment: '{Segment}' },
  entry: { kind: '{Kind}', side: { column: 'Kind', values: { note: 'us', 'person-added': 'us', 'role-given': 'us', 'owner-changed': 'us' }, default: 'customer' }, occurredAt: '{Date}', source: 'crm', sourceId: '{Id}', summary: '{Text}', name: '{Text}', person: '{Who}', people: '{Who}', role: '{Role}', about: '{About}', referredCustomer: '{Referred}', stars: '{Stars}', verification: '{Proof}', severity: 3 },
};
const COLUMNS = ['Account', 'Name', 'Owner', 'Segment', 'Kind', 'Date', 'Id', 'Text', 'Who', 'Role', 'About', 'Referred', 'Stars', 'Proof'] as const;
type Cells = Partial<Record<(typeof COLUMNS)[number], string>>;
const file = (rows: readonly Cells[]): string => [COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((column) => row[column] ?? (column === 'Kind' ? 'note' : column === 'Date' ? '2026-01-01' : '')).join(','))].join('\n');

const sendTo = (to: TestApp, text: string, { key, query = '', map = MAP }: { key?: string; query?: string; map?: object } = {}): Promise<Answer> => {
  const { type, body } = multipart([mapping(map), csv(text)]);
  return to.raw('POST', `${API}/imports${query}`, { 'content-type': type, 'x-colleague': 'ada', ...(key !== undefined && { 'idempotency-key': key }) }, body);
};
const linesOf = ({ text }: Answer): Json[] => text.trim().split('\n').map((line) => JSON.parse(line));
const resultOf = (answer: Answer): Json => {
  if (answer.status !== 200) throw new Error(answer.text);
  return linesOf(answer).at(-1)!.result;
};
const run = async (text: string, options: Parameters<typeof sendTo>[2] = {}): Promise<Json> => resultOf(await sendTo(app, text, options));
const undo = (id: string, to = app): Promise<Answer> => to.post(`imports/${id}/undo`, {});
const listed = async (id: string, from = app): Promise<Json> => (await from.read(`${API}/imports?limit=200`)).items.find((item: Json) => item.id === id);
const customerOf = async (account: string): Promise<Answer> => {
  await app.parts.projector.caughtUp();
  return app.get(`customers?source=crm&sourceId=${account}`);
};
const verified = async (of: TestApp): Promise<void> => {
  await of.parts.projector.caughtUp();
  expect(linesOf(await of.get('verify')).at(-1)!.result).toMatchObject({ ok: true });
};
/** What people see of a customer. */
const seen = async (account: string): Promise<Json> => {
  const { json } = await customerOf(account);
  const { items } = await app.read(`${API}/customers/${json.id}/timeline`);
  return { name: json.name, owner: json.owner, segment: json.segment, people: json.people, entries: items.filter(({ type }: Json) => type === 'entry').map(({ kind, summary }: Json) => `${kind} ${summary ?? ''}`) };
};

const NOTHING = { customersCreated: 0, customersChanged: 0, entriesAdded: 0, entriesCorrected: 0 };

it.each([['with', true], ['without', false]])('an import is undone to the last, and goes in again, %s a sourceId', async (_, hasId) => {
  const rows = Array.from({ length: 24 }, (_row, n): Cells => ({ Account: `${hasId ? 'a' : 'b'}${n % 4}`, Name: `${hasId ? 'Baker' : 'Miller'} ${n % 4}`, Owner: 'ben', Text: `Bread ${hasId ? n : n % 8}`, Kind: n % 3 === 0 ? 'issue-opened' : 'note', ...(hasId && { Id: `U-${n}` }) }));
  const text = file(rows);
  const counts = { rows: 24, customersCreated: 4, entriesAdded: 24, alreadyHere: 0, failed: 0, kinds: { note: 16, 'issue-opened': 8 } };
  expect(await run(text, { query: '?dryRun=true' })).toMatchObject({ ...counts, run: null, dryRun: true });
  const first = await run(text);
  expect(first).toMatchObject(counts);
  expect(await run(text)).toMatchObject({ ...NOTHING, alreadyHere: 24, run: null });
  expect(resultOf(await undo(first.run))).toMatchObject({ run: first.run, repeated: false, customersRemoved: 4, entriesRetracted: 24, entriesRestored: 0, kept: 0 });
  expect((await customerOf(rows[0]!.Account!)).status).toBe(404);
  expect((await app.read(`${API}/search?q=${hasId ? 'baker' : 'miller'}`)).customers).toEqual([]);
  expect((await app.read(`${API}/portfolio?owner=ben`)).total).toBe(0);
  expect((await app.read(`${API}/issues`)).items).toEqual([]);
  expect((await app.read(`${API}/handovers`)).items).toEqual([]);
  const before = await app.eventsInLog();
  expect(resultOf(await undo(first.run))).toMatchObject({ repeated: true, customersRemoved: 4, entriesRetracted: 24 });
  expect(await app.eventsInLog()).toBe(before);
  const again = await run(text);
  expect(again).toMatchObject(counts);
  expect(again.run).not.toBe(first.run);
  expect(await run(text)).toMatchObject({ ...NOTHING, alreadyHere: 24 });
  expect((await app.read(`${API}/portfolio?owner=ben`)).total).toBe(4);
  const { entries, ...about } = await seen(rows[0]!.Account!);
  expect(entries).toHaveLength(6);
  expect(about).toMatchObject({ name: rows[0]!.Name, owner: 'ben' });
  expect(resultOf(await undo(again.run))).toMatchObject({ customersRemoved: 4, entriesRetracted: 24 });
  expect(await listed(first.run)).toMatchObject({ status: 'undone', source: 'crm', file: 'rows.csv', startedBy: { id: 'ada', name: 'Colleague ada' }, recorded: { customersCreated: 4, entriesAdded: 24, rows: 24, failed: 0 }, undone: { entriesRetracted: 24 } });
  await verified(app);
});

it('corrections and details are as before when the import that changed them is undone', async () => {
  await run(file([{ Account: 'c1', Name: 'Old & Co', Owner: 'ada', Segment: 'old', Id: 'C-1', Text: 'one' }, { Account: 'c1', Name: 'Old & Co', Owner: 'ada', Segment: 'old', Id: 'C-2', Text: 'two' }]));
  const before = await seen('c1');
  const second = await run(file([{ Account: 'c1', Name: 'New & Co', Owner: 'ben', Segment: 'new', Id: 'C-1', Text: 'changed' }, { Account: 'c1', Name: 'New & Co', Owner: 'ben', Segment: 'new', Id: 'C-3', Text: 'three' }]));
  expect(second).toMatchObject({ customersChanged: 1, entriesCorrected: 1, entriesAdded: 1 });
  expect(await seen('c1')).toMatchObject({ name: 'New & Co', owner: 'ben', segment: 'new', entries: expect.arrayContaining(['note changed', 'note three']) });
  expect(resultOf(await undo(second.run))).toMatchObject({ customersRemoved: 0, customersRestored: 1, entriesRestored: 1, kept: 0 });
  expect(await seen('c1')).toEqual(before);
});

describe('what somebody built on an import', () => {
  let imported: Json;
  let id: string;
  let entries: Json;
  let count = 0;
  beforeEach(async () => {
    const Account = `built${(count += 1)}`;
    imported = await run(file([{ Account, Kind: 'person-added', Id: `${Account}-P`, Text: 'Ines Morel' }, { Account, Kind: 'issue-opened', Id: `${Account}-1`, Text: 'Line stops' }]));
    expect(imported).toMatchObject({ entriesAdded: 2, failed: 0 });
    id = (await customerOf(Account)).json.id;
    ({ items: entries } = await app.read(`${API}/customers/${id}/timeline?limit=50`));
  });
  const issue = (): string => entries.find(({ kind }: Json) => kind === 'issue-opened').id;
  const person = async (): Promise<string> => (await app.read(`${API}/customers/${id}/people`)).items[0].id;
  const cases: readonly [string, string, () => Promise<unknown>][] = [
    ['an entry that ends one of its entries', 'names it', () => app.log(id, { kind: 'issue-resolved', about: issue() })],
    ['an entry that names one of its people', 'names it', async () => app.log(id, { kind: 'reply', people: [await person()] })],
    ['an entry at its customer', 'stands at its customer', () => app.log(id, { kind: 'reply' })],
    ['a correction', 'corrects it', () => app.put(`customers/${id}/interactions/${issue()}`, { kind: 'issue-opened', severity: 1, summary: 'Worse' })],
    ['a change of its customer', 'changed its customer', () => app.patch(`customers/${id}`, { segment: 'bakeries' })],
    ['a referral elsewhere', 'names it', async () => {
      const other = await app.customer({ name: 'Another' });
      return app.log(other, { kind: 'referral', person: await app.person(other), referredCustomer: id });
    }],
    ['a customer it referred', 'names it', () => app.customer({ name: 'Referred', referredBy: id })],
    ['an entry that was moved', 'moved it', async () => app.post(`customers/${id}/interactions/${issue()}/move`, { to: await app.customer({ name: 'Where it belongs' }) })],
    ['a request of one of its people', 'names it', async () => app.post('requests', { kind: 'access', customer: id, person: await person() })],
  ];
  it.each(cases)('is named, and nothing is undone: %s', async (_, why, build) => {
    const before = await app.eventsInLog();
    await build();
    await app.parts.projector.caughtUp();
    const built = await app.eventsInLog();
    expect(built).toBeGreaterThan(before);
    const answer = await undo(imported.run);
    expect(faultsOf(answer, 409, 'built-upon')).toEqual([]);
    expect(answer.json.builtUpon.map((one: Json) => one.why)).toContain(why);
    expect(await app.eventsInLog()).toBe(built);
    expect(await listed(imported.run)).toMatchObject({ status: 'finished', undone: null });
  });

  it('does not stand in the way once it is taken back', async () => {
    const [reply] = await app.log(id, { kind: 'reply' });
    expect((await undo(imported.run)).status).toBe(409);
    await app.post(`customers/${id}/interactions/${reply}/retract`, {});
    expect(resultOf(await undo(imported.run))).toMatchObject({ customersRemoved: 1, entriesRetracted: 2 });
  });

  it('planted bug: a plan that overlooks what others logged would undo it', async () => {
    await app.log(id, { kind: 'issue-resolved', about: issue() });
    const events = await app.parts.executor.eventsFrom(`customer-${id}`, 0);
    const careless = events.map((event) => (event.metadata.correlationId === imported.run ? event : { ...event, metadata: { ...event.metadata, correlationId: imported.run } }));
    expect(planUndo(imported.run, `customer-${id}`, events).builtUpon).toHaveLength(1);
    expect(planUndo(imported.run, `customer-${id}`, careless).builtUpon).toEqual([]);
  });
});

describe('what an import reaches', () => {
  /** Streams by run, as the log has them. */
  const inLog = (events: readonly RecordedEvent[], runs: readonly string[]): object => Object.fromEntries(runs.map((id) => [id, [...new Set(events.filter(({ stream, metadata }) => metadata.correlationId === id && stream !== 'imports').map(({ stream }) => stream))].toSorted()]));
  const byView = ({ handlers }: Pick<EventView, 'handlers'>, events: readonly RecordedEvent[], runs: readonly string[]): object => {
    const rows = events.flatMap((event) => handlers[event.type]?.(event) ?? []).flatMap((op) => (op.op === 'put' && op.table === 'import_streams' ? [op.row] : []));
    return Object.fromEntries(runs.map((id) => [id, [...new Set(rows.filter(({ run: of }) => of === id).map(({ stream }) => stream))].toSorted()]));
  };

  it('is every stream it wrote to; planted bug: a view that overlooks changed details misses one', async () => {
    const names = { customer: { source: '{Source}', sourceId: '{Account}', name: '{Name}', owner: 'ada' } };
    const people = (name: string): string => `Source,Account,Name\ncrm,reach1,${name}\ncrm,reach2,Second`;
    await run(people('First'), { map: names });
    const changed = await run(people('Renamed'), { map: names });
    expect(changed).toMatchObject({ customersChanged: 1, customersCreated: 0, entriesAdded: 0 });
    const runs = (await app.read(`${API}/imports?limit=200`)).items.map(({ id }: Json) => id);
    const events = await app.events();
    const truth = inLog(events, runs);
    expect((truth as Json)[changed.run]).toHaveLength(1);
    await app.parts.projector.caughtUp();
    const db = app.nest.get(Views).db as Kysely<ReachTables>;
    expect(Object.fromEntries(await Promise.all(runs.map(async (id: string) => [id, await streamsOf(db, id)])))).toEqual(truth);
    expect(byView(importReachView, events, runs)).toEqual(truth);
    const { CustomerDetailsChanged: _left, ...handlers } = importReachView.handlers;
    expect(byView({ handlers }, events, runs)).not.toEqual(truth);
    expect(resultOf(await undo(changed.run))).toMatchObject({ customersRestored: 1, customersRemoved: 0 });
    expect(await seen('reach1')).toMatchObject({ name: 'First' });
  });

  it('is all that its undo reads, with what names it elsewhere', async () => {
    const read = new Set<string>();
    class Noting extends PassingStore {
      override read(...given: Parameters<EventStore['read']>): ReturnType<EventStore['read']> {
        read.add(given[0]);
        return this.inner.read(...given);
      }
    }
    const own = await TestApp.withAda((parts) => ({ ...parts, executor: new Executor(new Noting(parts.store), parts.vault) }));
    try {
      const first = resultOf(await sendTo(own, file([{ Account: 'near', Kind: 'person-added', Id: 'N-P', Text: 'Ines Morel' }, { Account: 'near', Text: 'one' }])));
      for (let n = 0; n < 5; n += 1) await own.log(await own.customer({ name: `Far ${n}` }), { kind: 'reply' });
      await own.parts.projector.caughtUp();
      const near = (await own.get('customers?source=crm&sourceId=near')).json.id;
      const elsewhere = await own.customer({ name: 'Who sent them' });
      await own.log(elsewhere, { kind: 'referral', person: await own.person(elsewhere), referredCustomer: near });
      read.clear();
      expect((await undo(first.run, own)).json.builtUpon).toEqual([expect.objectContaining({ customer: elsewhere, kind: 'referral', why: 'names it' })]);
      expect([...read].filter((stream) => stream.startsWith('customer-')).every((stream) => [near, elsewhere].includes(stream.slice('customer-'.length)))).toBe(true);
    } finally {
      await own.remove();
    }
  });

  it('knows every field that names a person', () => {
    for (const kind of Object.keys(KINDS)) {
      for (const [field, { type }] of Object.entries(fieldsOf(kind)).filter(([, { type }]) => type === 'person' || type === 'persons')) {
        const value = type === 'person' ? 'p' : ['p'];
        expect([field, peopleOf(field === 'people' ? { people: ['p'], fields: {} } : { fields: { [field]: value } })]).toEqual([field, ['p']]);
      }
    }
  });
});

it('one run at a time; unknown ones are missing', async () => {
  expect(faultsOf(await undo('nobody'), 404, 'unknown-import')).toEqual([]);
  const text = file([{ Account: 'once', Text: 'a' }]);
  const answers = await Promise.all([sendTo(app, text, { key: 'k1' }), sendTo(app, text, { key: 'k1' })]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
});

it('a run whose sender goes away is over, and goes on when it is sent again', async () => {
  app.nest.get(Importer).rowsAtOnce = 1;
  try {
    await app.nest.listen(0, '127.0.0.1');
    const rows = file(Array.from({ length: 400 }, (_, n): Cells => ({ Account: 'away', Text: `Row ${n}` })));
    const { type, body } = multipart([mapping(MAP), csv(rows)]);
    const gone = new AbortController();
    const answer = await fetch(`${await app.nest.getUrl()}${API}/imports`, { method: 'POST', headers: { ...AS_OPERATOR, 'content-type': type, 'x-colleague': 'ada', 'idempotency-key': 'away' }, body: new Uint8Array(body), signal: gone.signal });
    await answer.body!.getReader().read();
    gone.abort();
    let again: Answer;
    for (let left = 200; ; left -= 1) {
      again = await sendTo(app, rows, { key: 'away' });
      if (again.status !== 409 || left === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { entriesAdded, alreadyHere } = resultOf(again);
    expect([entriesAdded + alreadyHere, alreadyHere > 0]).toEqual([400, true]);
  } finally {
    app.nest.get(Importer).rowsAtOnce = 2000;
  }
});

it('every bad row is told with line, code, reason and text, while good ones go in', async () => {
  const text = file([{ Account: 'bad', Text: 'good' }, ...Array.from({ length: 150 }, (_, n): Cells => ({ Account: 'bad', Text: `row ${n}`, Kind: 'teleport' })), { Account: 'bad', Text: 'x', Owner: 'ghost' }]);
  const lines = linesOf(await sendTo(app, text, { query: '?badRows=true' }));
  const bad = lines.filter((line) => line.bad !== undefined).map((line) => line.bad);
  expect(bad).toHaveLength(151);
  expect(bad[0]).toMatchObject({ line: 3, errors: [{ field: 'kind', code: 'unknown-kind' }], row: expect.stringMatching(/^bad,.*teleport.*row 0/) });
  expect(bad.at(-1)).toMatchObject({ errors: [{ field: 'customer.owner', code: 'unknown-colleague' }], row: expect.stringContaining('ghost') });
  expect(lines.at(-1)!.result).toMatchObject({ entriesAdded: 1, failed: 151 });
  expect(lines.at(-1)!.result.errors).toHaveLength(100);
});

it('people, entries and customers are named by their ids where they came from', async () => {
  const rows: Cells[] = [
    { Account: 'ref2', Text: 'The referred one' },
    { Account: 'ref1', Kind: 'person-added', Id: 'P-7', Text: 'Ines Morel' },
    { Account: 'ref1', Kind: 'role-given', Id: 'R-1', Who: 'P-7', Role: 'champion' },
    { Account: 'ref1', Kind: 'issue-opened', Id: 'I-1', Who: 'P-7', Text: 'Stops' },
    { Account: 'ref1', Kind: 'issue-confirmed', Id: 'I-2', About: 'I-1' },
    { Account: 'ref1', Kind: 'referral', Id: 'A-1', Who: 'P-7', Referred: 'ref2', Proof: 'evidenced' },
  ];
  const result = await run(file(rows));
  expect(result).toMatchObject({ rows: 6, failed: 0, customersCreated: 2, entriesAdded: 6 });
  const { json } = await customerOf('ref1');
  const { items } = await app.read(`${API}/customers/${json.id}/people`);
  expect(items).toMatchObject([{ name: 'Ines Morel', roles: ['champion'] }]);
  expect(await run(file(rows))).toMatchObject({ ...NOTHING, alreadyHere: 6 });
  // A row of a later file names who came with an earlier one.
  expect(await run(file([{ Account: 'ref1', Kind: 'review', Id: 'A-2', Who: 'P-7', Stars: '5', Proof: 'evidenced' }]))).toMatchObject({ entriesAdded: 1, failed: 0 });
});

it('says ring by ring how many customers have evidence, and what would supply the rest', async () => {
  const map = { ...MAP, entry: { ...MAP.entry, people: undefined, about: undefined } };
  const head = `${COLUMNS.join(',')},Contract End,Attended\n`;
  const line = (Account: string, Kind: string): string => `${COLUMNS.map((column) => ({ Account, Kind, Date: '2026-01-01' } as Cells)[column] ?? '').join(',')},,\n`;
  const { rings } = await run(head + line('e1', 'purchase') + line('e1', 'purchase') + line('e2', 'reply') + line('e3', 'note'), { map });
  expect(rings.map(({ ring, customers, of }: Json) => [ring, customers, of])).toEqual([[1, 2, 3], [2, 1, 3], [3, 0, 3], [4, 1, 3], [5, 0, 3]]);
  expect(rings[2]).toMatchObject({ name: 'Adoption', kinds: ['outcome-confirmed', 'value-reached'] });
  expect([rings[0].columns, rings[3].columns]).toEqual([['Attended'], ['Contract End']]);
});

describe('a run that breaks off', () => {
  /** The disk fails at one append, until it is told to work again. */
  class Failing extends PassingStore {
    left = Infinity;
    override async append(...given: Parameters<EventStore['append']>): ReturnType<EventStore['append']> {
      if ((this.left -= 1) < 0) throw new StoreUnavailable('The disk fails.', 'failing');
      return this.inner.append(...given);
    }
  }
  const rows = Array.from({ length: 12 }, (_, n): Cells => ({ Account: `k${n % 6}`, Text: `Row ${n}` }));

  it.each([1, 4, 7])('goes on with the same key, is undone in two goes, and is imported again; it broke off after %d appends', async (after) => {
    let failing!: Failing;
    const own = await TestApp.withAda((parts) => ({ ...parts, executor: new Executor((failing = new Failing(parts.store)), parts.vault) }));
    try {
      own.nest.get(Importer).rowsAtOnce = 3;
      failing.left = after;
      const broken = await sendTo(own, file(rows), { key: 'nightly' });
      expect(linesOf(broken).at(-1)!.problem ?? broken.json).toMatchObject({ status: 503 });
      failing.left = Infinity;
      const [begun] = (await own.read(`${API}/imports`)).items;
      expect(begun).toMatchObject({ status: 'broken off', recorded: null });
      const here = (await own.events()).filter(({ type }) => type === 'InteractionLogged').length;
      const rest = resultOf(await sendTo(own, file(rows), { key: 'nightly' }));
      expect(rest).toMatchObject({ run: begun.id, rows: 12, entriesAdded: 12 - here, alreadyHere: here, failed: 0 });
      expect(await listed(begun.id, own)).toMatchObject({ status: 'finished', recorded: { customersCreated: 6, entriesAdded: 12, rows: 12 } });
      expect((await own.events()).filter(({ type }) => type === 'InteractionLogged')).toHaveLength(12);

      failing.left = after;
      const half = await undo(begun.id, own);
      expect(linesOf(half).at(-1)!.problem ?? half.json).toMatchObject({ status: 503 });
      failing.left = Infinity;
      if (after > 1) {
        expect(await listed(begun.id, own)).toMatchObject({ status: 'undoing' });
        expect(faultsOf(await sendTo(own, file(rows), { key: 'nightly' }), 409, 'being-undone')).toEqual([]);
      }
      expect(resultOf(await undo(begun.id, own))).toMatchObject({ customersRemoved: 6, entriesRetracted: 12, kept: 0, repeated: false });
      expect((await own.read(`${API}/portfolio`)).total).toBe(0);
      expect(resultOf(await sendTo(own, file(rows), { key: 'nightly' }))).toMatchObject({ customersCreated: 6, entriesAdded: 12, alreadyHere: 0 });
      expect((await own.read(`${API}/portfolio`)).total).toBe(6);
      await verified(own);
    } finally {
      await own.remove();
    }
  });

  it('planted bug: without what says that an undone row is new, it would not come in again', async () => {
    const result = await run(file(rows), { key: 'planted' });
    await undo(result.run);
    const forgetful = (await app.events()).map((event) => (event.type === 'InteractionRetracted' ? { ...event, data: { original: (event.data as Json).original } } : event));
    const { customer } = await import('../../src/customers/customer.js');
    const stream = forgetful.find(({ type, metadata }) => type === 'CustomerRegistered' && metadata.correlationId === result.run)!.stream;
    const fold = (events: typeof forgetful): number => events.filter((event) => event.stream === stream).reduce((state, event) => customer.evolve(state, event as never), customer.initial(stream)).undone.size;
    expect(fold(await app.events())).toBe(2);
    expect(fold(forgetful)).toBe(0);
  });
});
