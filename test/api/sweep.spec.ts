/** People of whom nothing was heard for long: shown, kept where something speaks for it, and erased, one sweep at a time. */
import { TermsInForce } from '../../src/privacy/silence.reader.js';
import { Sweep } from '../../src/privacy/sweep.writer.js';
import { Organisation } from '../../src/customers/customers.writer.js';
import { faultsOf, TestApp, written, type Answer, type Json } from './app.js';

let app: TestApp;
afterAll(() => app.remove());

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
const YEAR = 365 * 86_400_000;
const set = (months: number | null): Promise<Json> => written(app.patch('settings', { values: { erasePeopleAfterMonths: months }, reason: 'Agreed with the data protection officer' }));
/** As if so much time had passed: what was recorded today is old then. */
const later = async <T>(ms: number, work: () => Promise<T>): Promise<T> => {
  const clock = app.nest.get<{ now: () => number }>(Organisation);
  const { now } = clock;
  clock.now = () => Date.now() + ms;
  try {
    return await work();
  } finally {
    clock.now = now;
  }
};
const named = (list: readonly Json[]): string[] => list.map(({ person }) => person.name).filter((name): name is string => people.some((one) => name?.startsWith(one))).sort();
const people = ['Silent', 'Spoken', 'Stepping', 'Asking', 'Restricted', 'Signing', 'Gone'];
const sweep = (body: object = {}): Promise<Answer> => app.post('erasures/sweep', body);
let id: string;
const ids = new Map<string, string>();

beforeAll(async () => {
  app = await TestApp.withAda();
  id = await app.customer({ name: 'Old Friends' });
  for (const name of people) ids.set(name, await app.person(id, { name: `${name} Sort`, email: `${name}@example.org` }));
  const at = (name: string): { people: string[] } => ({ people: [ids.get(name)!] });
  await app.log(id, { kind: 'step-planned', due: daysAgo(-9), ...at('Stepping') }, { kind: 'purchase', renews: 'open-ended', ...at('Signing') }, { kind: 'note', summary: 'Of long ago', occurredAt: daysAgo(4000), ...at('Silent') });
  await written(app.post('requests', { kind: 'access', customer: id, person: ids.get('Asking') }));
  const { id: restriction } = await written(app.post('requests', { kind: 'restriction', customer: id, person: ids.get('Restricted') }));
  await written(app.patch(`requests/${restriction}`, { outcome: 'done', done: 'Set aside' }));
});

it('are left alone while the setting is off', async () => {
  expect(await later(9 * YEAR, () => app.read('erasures/due'))).toEqual({ months: null, before: null, total: 0, items: [], keptTotal: 0, kept: [] });
  const before = await app.eventsInLog();
  expect(faultsOf(await later(9 * YEAR, () => sweep()), 409, 'sweep-off')).toEqual([]);
  expect(await app.eventsInLog()).toBe(before);
});

it('are shown before anything is erased, and who is kept, and why; old history that was imported today is not silence', async () => {
  await set(24);
  expect(await app.read('erasures/due')).toMatchObject({ months: 24, total: 0, keptTotal: 0 });
  const before = await app.eventsInLog();
  const due = await later(3 * YEAR, () => app.read('erasures/due'));
  expect(named(due.items)).toEqual(['Gone Sort', 'Silent Sort', 'Spoken Sort']);
  expect(Object.fromEntries(due.kept.map(({ person, because }: Json) => [person.name.split(' ')[0], because]))).toEqual({ Stepping: 'open step', Asking: 'request', Restricted: 'restriction', Signing: 'contract' });
  expect(await later(3 * YEAR, () => app.read('erasures/due?limit=1'))).toMatchObject({ total: 3, keptTotal: 4, items: [expect.anything()], kept: [expect.anything()] });
  expect(await app.eventsInLog()).toBe(before);
});

it('planted bugs: a contract that keeps nobody, and a clock that has not moved, show other people', async () => {
  const terms = app.nest.get<{ has: () => boolean }>(TermsInForce);
  const { has } = terms;
  terms.has = () => false;
  try {
    expect(named((await later(3 * YEAR, () => app.read('erasures/due'))).items)).toContain('Signing Sort');
  } finally {
    terms.has = has;
  }
  expect((await later(YEAR, () => app.read('erasures/due'))).total).toBe(0);
});

it('are erased when swept, others stay; a sweep that stopped is gone on with, and one that is through leaves nothing', async () => {
  // Whoever is named in time is not silent: also when that was said only after the list was shown.
  await later(3 * YEAR, async () => {
    await app.log(id, { kind: 'reply', people: [ids.get('Spoken')!], occurredAt: new Date(Date.now() + 3 * YEAR - YEAR).toISOString() });
    expect((await written(sweep({ atMost: 1 }))).erased).toBe(1);
    expect(await written(sweep())).toMatchObject({ months: 24, erased: 1, kept: 4, failed: 0, people: [{ customer: id, receipt: expect.any(String) }] });
    expect(await written(sweep())).toMatchObject({ erased: 0, people: [] });
  });
  const names = (await app.read(`customers/${id}/people`)).items.map(({ name }: Json) => name);
  expect(names.filter((name: unknown) => name !== null).sort()).toEqual(['Asking Sort', 'Restricted Sort', 'Signing Sort', 'Spoken Sort', 'Stepping Sort']);
  expect((await app.read('search?q=Silent')).people).toEqual([]);
  expect((await app.read(`customers/${id}/timeline?limit=200`)).items.length).toBeGreaterThan(0);
  expect((await app.read('erasures')).items[0]).toMatchObject({ kind: 'person', customer: id, by: 'ada', reason: 'No entry named them for 24 months.' });
});

it('are erased by the server itself in the name of the system, one sweep at a time', async () => {
  const [other, kim] = [await app.customer(), 'Silent Kim'];
  await app.person(other, { name: kim });
  await later(5 * YEAR, async () => {
    const unasked = app.nest.get(Sweep).sweep();
    expect(faultsOf(await sweep(), 409, 'sweep-running')).toEqual([]);
    expect((await unasked).erased).toBeGreaterThan(0);
  });
  expect((await app.read('erasures')).items.map(({ by }: Json) => by)).toContain('system');
  expect((await app.read('search?q=Kim')).people).toEqual([]);
});

it('an erased person’s request can still be answered, and what is written then makes them no key', async () => {
  const gone = ids.get('Gone')!;
  const { id: request } = await written(app.post('requests', { kind: 'erasure', customer: id, person: gone, words: 'Am I still there?' }));
  await written(app.patch(`requests/${request}`, { outcome: 'done', done: 'Erased by the sweep' }));
  expect(app.parts.vault.keyOf(`person:${gone}`)).toBeUndefined();
  expect((await app.read('requests?limit=200')).items.find((item: Json) => item.id === request)).toMatchObject({ person: { id: gone, name: null }, closed: { done: 'Erased by the sweep' } });
  const all = (await app.get(`customers/${id}/people/${gone}/export`)).json;
  expect(all.details.now).toMatchObject({ name: null, email: null });
  expect(all.entries[0].erased).toEqual(expect.arrayContaining(['fields.name', 'fields.email']));
});

it.each([[{ atMost: 0 }], [{ atMost: 'all' }], [{ months: 1 }], [[]], ['x']])('refuses to sweep as %j says', async (body) => {
  expect(faultsOf(await sweep(body as object), 400)).toEqual([]);
});
