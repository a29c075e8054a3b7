/** Handing customers over, many at a time; and the new owner says that they took them. */
import { customer, customerStream, ownerOf } from '../../src/customers/customer.js';
import { unacknowledged } from '../../src/customers/handover.js';
import { HandoversWriter } from '../../src/customers/handovers.writer.js';
import { StoreUnavailable, type Appended, type Expected, type NewEvent } from '../../src/kernel/event-store.js';
import { Executor } from '../../src/shell/executor.js';
import { PassingStore } from '../passing-store.js';
import { API, faultsOf, TestApp, written, type Answer, type Json } from './app.js';
import { withAccount, type Headers } from './parties.js';

let app: TestApp;
const by: Record<string, Headers> = {};

async function world(own: TestApp): Promise<void> {
  for (const [id, role] of [['max', 'account-manager'], ['mia', 'account-manager'], ['adm', 'administrator'], ['sam', 'service']] as const) {
    by[id] = await withAccount(own, id, role);
  }
}
beforeEach(async () => {
  app = await TestApp.withAda();
  await world(app);
});
afterEach(() => app.remove());

const send = (who: string, path: string, body: unknown, headers: Headers = {}): Promise<Answer> => app.raw('POST', `${API}/${path}`, { ...by[who], ...headers, 'content-type': 'application/json' }, JSON.stringify(body));
const customersOf = (owner: string, many: number): Promise<string[]> => Promise.all(Array.from({ length: many }, (_, index) => app.customer({ name: `No ${index} of ${owner}`, owner })));
const ownerNow = async (id: string): Promise<string | null> => ownerOf((await app.parts.executor.load(customer, customerStream(id))).state);
const ownersNow = (ids: readonly string[]): Promise<(string | null)[]> => Promise.all(ids.map(ownerNow));
const times = <T>(many: number, value: T): T[] => Array.from({ length: many }, () => value);

/** All pages. */
async function waiting(query = ''): Promise<Json[]> {
  const items: Json[] = [];
  let next: string | null = null;
  do {
    const page: Json = await app.read(`handovers?limit=7${query}${next === null ? '' : `&cursor=${next}`}`);
    items.push(...page.items);
    next = page.next;
  } while (next !== null);
  return items;
}
const waitingIds = async (query = ''): Promise<string[]> => (await waiting(query)).map(({ customer: of }) => of.id).sort();

/** Must be refused by this, and nothing written. */
async function refused(sent: () => Promise<Answer>, status: number, code: string, field?: string): Promise<void> {
  const before = await app.eventsInLog();
  expect(faultsOf(await sent(), status, code, field)).toEqual([]);
  expect(await app.eventsInLog()).toBe(before);
}

it('many at once, each with its entry and the note; the new owner sees them until they say that they took them', async () => {
  const ids = await customersOf('max', 45);
  const staying = await app.customer({ owner: 'max' });
  const answer = await written(send('max', 'handovers', { customers: ids, to: 'mia', note: 'Max is away until spring' }));
  expect(answer).toMatchObject({ done: 45, unchanged: 0, position: expect.any(String) });
  expect(answer.items.map((item: Json) => item.customer)).toEqual(ids);
  expect(await ownersNow([...ids, staying])).toEqual([...times(45, 'mia'), 'max']);
  const entry = await app.read(`customers/${ids[0]}/interactions/${answer.items[0].entry}`);
  expect(entry).toMatchObject({ kind: 'owner-changed', owner: 'mia', summary: 'Max is away until spring', loggedBy: { id: 'max' } });

  expect(await waitingIds('&to=mia')).toEqual([...ids].sort());
  expect(await waitingIds('&to=max')).toEqual([]);
  expect((await waiting())[0]).toMatchObject({ owner: { id: 'mia' }, by: { id: 'max' }, at: entry.occurredAt });
  await refused(() => send('max', 'handovers/acknowledge', { customers: ids }), 403, 'not-your-customer', 'customers[0]');
  await refused(() => send('adm', 'handovers/acknowledge', { customers: ids }), 403, 'not-your-customer');
  expect(await written(send('mia', 'handovers/acknowledge', { customers: ids.slice(0, 40) }))).toMatchObject({ done: 40, unchanged: 0 });
  expect(await waitingIds()).toEqual(ids.slice(40).sort());
  expect(await written(send('mia', 'handovers/acknowledge', { customers: ids }))).toMatchObject({ done: 5, unchanged: 40 });
  expect(await waitingIds()).toEqual([]);
});

it('all of a colleague; the same key again gives the same answer, and takes nothing that came since', async () => {
  const ids = await customersOf('max', 12);
  const [away] = await customersOf('max', 1);
  await written(send('max', 'handovers', { customers: [away], to: 'adm' }));
  await app.parts.projector.caughtUp();
  const key = { 'idempotency-key': 'all-of-max' };
  const first = await written(send('max', 'handovers', { owner: 'max', to: 'mia' }, key));
  expect(first).toMatchObject({ done: 12, unchanged: 0 });
  const [later] = await customersOf('adm', 1);
  await app.parts.projector.caughtUp();
  const again = await written(send('max', 'handovers', { owner: 'max', to: 'mia' }, key));
  expect(again.items).toEqual(first.items.map((item: Json) => ({ ...item, repeated: true })));
  expect(await ownersNow([...ids, away!, later!])).toEqual([...times(12, 'mia'), 'adm', 'adm']);
  expect(await written(send('adm', 'handovers', { customers: ids, to: 'mia' }))).toMatchObject({ done: 0, unchanged: 12, position: null });
});

it('customers named are handed over once, whoever asks twice', async () => {
  const ids = await customersOf('max', 3);
  const key = { 'idempotency-key': 'three' };
  const first = await written(send('max', 'handovers', { customers: ids, to: 'mia' }, key));
  const events = await app.eventsInLog();
  expect(await written(send('max', 'handovers', { customers: ids, to: 'mia' }, key))).toMatchObject({ done: 3, items: first.items.map((item: Json) => ({ ...item, repeated: true })) });
  expect(await app.eventsInLog()).toBe(events);
  await refused(() => send('max', 'handovers', { customers: ids, to: 'mia' }), 403, 'not-your-customer');
});

it('everything is checked before anything is written', async () => {
  const [own, other] = await Promise.all([customersOf('max', 2), customersOf('mia', 1)]);
  await app.colleague('rita');
  await written(app.patch('colleagues/rita', { active: false }));
  const over = (who: string, body: unknown) => () => send(who, 'handovers', body);
  await refused(over('adm', { customers: [...own, 'none-such'], to: 'mia' }), 400, 'unknown-customer', 'customers[2]');
  await refused(over('max', { customers: [...own, ...other], to: 'mia' }), 403, 'not-your-customer');
  await refused(over('max', { customers: own, to: 'nobody' }), 400, 'unknown-colleague', 'to');
  await refused(over('max', { customers: own, to: 'rita' }), 400, 'inactive-colleague', 'to');
  await refused(over('adm', { owner: 'max', to: 'max' }), 400, 'same-owner', 'to');
  await refused(over('adm', { owner: 'nobody', to: 'max' }), 400, 'unknown-colleague', 'owner');
  await refused(over('adm', { to: 'max' }), 400, 'missing', 'customers');
  await refused(over('adm', { customers: own, owner: 'max', to: 'mia' }), 400, 'one-of-two', 'customers');
  await refused(over('adm', { customers: [], to: 'mia' }), 400, 'invalid-fields', 'customers');
  for (const who of ['adm', 'max']) await refused(over(who, { customers: Array.from({ length: 1001 }, (_, index) => `c${index}`), to: 'mia' }), 400, 'invalid-fields', 'customers');
  await refused(over('adm', { customers: own, to: 'mia', note: 'x'.repeat(1001) }), 400, 'invalid-fields', 'note');
  await refused(() => send('mia', 'handovers/acknowledge', { customers: [...other, own[0]] }), 403, 'not-your-customer', 'customers[1]');
});

it('what stopped in the middle is finished by the same request', async () => {
  /** Refuses writes once so many were taken. */
  class Stops extends PassingStore {
    left = Infinity;
    override append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
      this.left -= 1;
      return this.left < 0 ? Promise.reject(new StoreUnavailable('The disk is away.', 'failing')) : this.inner.append(stream, events, expected);
    }
  }
  await app.remove();
  let store!: Stops;
  app = await TestApp.withAda((parts) => {
    store = new Stops(parts.store);
    return { ...parts, store, executor: new Executor(store, parts.vault) };
  });
  await world(app);
  const ids = await customersOf('max', 30);
  const key = { 'idempotency-key': 'stopped' };
  store.left = 25;
  expect((await send('max', 'handovers', { customers: ids, to: 'mia' }, key)).status).toBe(503);
  store.left = Infinity;
  expect((await ownersNow(ids)).filter((owner) => owner === 'mia')).toHaveLength(25);
  const answer = await written(send('max', 'handovers', { customers: ids, to: 'mia' }, key));
  expect(answer.items.filter(({ repeated }: Json) => repeated)).toHaveLength(25);
  expect(answer).toMatchObject({ done: 30, unchanged: 0 });
  expect(await ownersNow(ids)).toEqual(times(30, 'mia'));
});

it('customers of somebody who left, or may not sign in, wait for an owner', async () => {
  const [ofMax, ofSam] = await Promise.all([customersOf('max', 9), customersOf('sam', 2)]);
  await customersOf('mia', 2);
  expect(await waitingIds('&waitingFor=owner')).toEqual([]);
  await written(app.patch('colleagues/max', { active: false }));
  expect(await waitingIds('&waitingFor=owner')).toEqual([...ofMax].sort());
  expect((await waiting('&waitingFor=owner'))[0]).toMatchObject({ owner: { id: 'max' }, at: null, entry: null });
  await written(app.patch('accounts/sam', { enabled: false }));
  expect(await waitingIds('&waitingFor=owner')).toEqual([...ofMax, ...ofSam].sort());
  await written(app.patch('accounts/sam', { enabled: true }));
  expect(await written(send('adm', 'handovers', { owner: 'max', to: 'mia' }))).toMatchObject({ done: 9 });
  expect(await waitingIds('&waitingFor=owner')).toEqual([]);
  expect(await waitingIds('&to=mia')).toEqual([...ofMax].sort());
});

describe('what waits, by the view and by the entries', () => {
  /** Numbers below a bound, the same for the same seed. */
  function numbers(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % below;
    };
  }

  /** Tells owners and acknowledgements in and out of order, corrects and retracts; what is refused is let be. @returns the customers. */
  async function tell(seed: number, many: number): Promise<string[]> {
    const next = numbers(seed);
    const one = <T>(of: readonly T[]): T => of[next(of.length)]!;
    const people = ['ada', 'max', 'mia'];
    const ids = [await app.customer({ owner: 'max' }), await app.customer({})];
    const told = new Map(ids.map((id): [string, string[]] => [id, []]));
    for (let i = 0; i < many; i += 1) {
      const id = one(ids);
      const before = told.get(id)!;
      const occurredAt = new Date(Date.now() - next(5) * 86_400_000).toISOString();
      const entry = next(2) === 0 ? { kind: 'owner-changed', owner: one(people), occurredAt } : { kind: 'handover-acknowledged', occurredAt, ...(before.length > 0 && next(2) === 0 && { about: one(before) }) };
      const path = `customers/${id}/interactions`;
      const what = next(6);
      if (before.length > 0 && what === 0) await app.post(`${path}/${one(before)}/retract`, { including: [] }, { as: one(people) });
      else if (before.length > 0 && what === 1) await app.put(`${path}/${one(before)}`, entry, { as: one(people) });
      else before.push(...((await app.post(path, { entries: [entry] }, { as: one(people) })).json.entries ?? []));
    }
    return ids;
  }

  async function differing(ids: readonly string[]): Promise<string[]> {
    const listed = await waiting();
    const states = await Promise.all(ids.map(async (id) => unacknowledged((await app.parts.executor.load(customer, customerStream(id))).state)));
    const entries = ids.map((id) => listed.find(({ customer: of }) => of.id === id)?.entry);
    return ids.filter((_id, index) => states[index]?.entry !== entries[index]);
  }

  it('they say the same, whatever was told in whatever order', async () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) expect(await differing(await tell(seed, 12))).toEqual([]);
  });

  it('planted bug: a view that forgets what was taken back says another thing', async () => {
    const { db } = app.parts.rows as unknown as { db: { deleteFrom(table: string): { where(...of: unknown[]): { execute(): Promise<unknown> } } } };
    const ids = await customersOf('max', 1);
    await written(app.post(`customers/${ids[0]}/interactions`, { entries: [{ kind: 'owner-changed', owner: 'mia' }] }, { as: 'max' }));
    expect(await differing(ids)).toEqual([]);
    await db.deleteFrom('owner_entries').where('customer', '=', ids[0]).execute();
    expect(await differing(ids)).toEqual(ids);
  });
});

describe('planted bugs', () => {
  it('one that writes before it has looked at all of them leaves some handed over', async () => {
    const ids = await customersOf('max', 2);
    const writer = app.nest.get<Record<string, unknown>>(HandoversWriter);
    writer['registered'] = (of: readonly string[]) => Promise.all(of.map(async (id) => ({ id, state: { ...(await app.parts.executor.load(customer, customerStream(id))).state, registered: true } })));
    await expect(refused(() => send('adm', 'handovers', { customers: [...ids, 'none-such'], to: 'mia' }), 404, 'unknown-customer')).rejects.toThrow();
  });

  it('one whose repeats are new commands hands over again what came back', async () => {
    const ids = await customersOf('max', 1);
    const key = { 'idempotency-key': 'back' };
    await written(send('adm', 'handovers', { customers: ids, to: 'mia' }, key));
    await written(send('adm', 'handovers', { customers: ids, to: 'max' }));
    await written(send('adm', 'handovers', { customers: ids, to: 'mia' }, key));
    expect(await ownersNow(ids)).toEqual(['max']);
    await written(send('adm', 'handovers', { customers: ids, to: 'mia' }));
    expect(await ownersNow(ids)).toEqual(['mia']);
  });
});
