/** Figures about a named colleague: off unless switched on, whichever way they are asked for; one's own, and departments that are groups, always. */
import { AS_OPERATOR, API, faultsOf, TestApp, written, type Answer, type Json } from './app.js';

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
const OFF = 'colleague-figures-off';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.withAda();
  for (const [id, department] of [['ben', 'sales'], ['cy', 'marketing'], ['s1', 'service'], ['s2', 'service'], ['s3', 'service'], ['s4', 'service'], ['m1', 'marketing'], ['m2', 'marketing'], ['m3', 'marketing']] as const) await app.colleague(id, { department });
  for (const owner of ['ada', 'ben', 'cy', 'ben']) {
    const customer = await app.customer({ name: `Of ${owner}`, owner });
    await app.log(customer, { kind: 'purchase', occurredAt: daysAgo(100) }, { kind: 'message-sent', side: 'us', department: owner === 'ben' ? 'sales' : 'service', occurredAt: daysAgo(60) });
  }
  await app.parts.projector.caughtUp();
});
afterAll(() => app.remove());

const asking = (path: string, as = 'ada'): Promise<Answer> => app.raw('GET', `${API}/${path}`, { ...AS_OPERATOR, ...(as !== '' && { 'x-colleague': as }) });
const parts = async (path: string): Promise<Json> => Object.fromEntries((await app.read(path)).parts.map(({ part, values }: Json) => [part, values[0].below]));
const switched = (on: boolean): Promise<Json> => written(app.patch('settings', { values: { colleagueFigures: on }, reason: on ? 'Agreed' : 'No longer' }));

const ABOUT_BEN: readonly (readonly [path: string, field: string])[] = [
  ['figures/advocacy-rate?owner=ben', 'owner'],
  ['figures/advocacy-rate?owner=ben&segment=x', 'owner'],
  ['figures/advocacy-rate/series?owner=ben', 'owner'],
  ['figures/advocacy-rate/evidence?owner=ben', 'owner'],
  ['figures/advocacy-rate?department=sales', 'department'],
  ['figures/advocacy-rate/series?department=marketing', 'department'],
  ['figures/advocacy-rate/evidence?department=sales', 'department'],
  ['dashboard?split=owner', 'split'],
];

it.each(ABOUT_BEN)('%s is refused, and names %s and who can switch it on', async (path, field) => {
  const answer = await asking(path);
  expect(faultsOf(answer, 403, OFF, field)).toEqual([]);
  expect(answer.json.detail).toMatch(/administrator.*colleagueFigures/);
});

it('one’s own is allowed; nobody’s own is nobody’s', async () => {
  expect((await asking('figures/advocacy-rate?owner=ben', 'ben')).json.parts[0].values[0].below).toBe(2);
  expect((await asking('figures/advocacy-rate?owner=ada')).status).toBe(200);
  expect(faultsOf(await asking('figures/advocacy-rate?owner=ada', ''), 403, OFF, 'owner')).toEqual([]);
});

it('departments that are no group are one part, and a note says so; the whole is what it was', async () => {
  const path = 'figures/advocacy-rate?split=department';
  expect(await parts(path)).toEqual({ service: 1, 'smaller departments': 3 });
  expect((await app.read(path)).note).toMatch(/fewer than 5 active colleagues are put together/);
  expect(Object.keys(await parts('figures/advocacy-rate?department=service'))).toEqual(['null']);
  const dashboard = await app.read('dashboard?split=department');
  expect(dashboard.parts.map(({ part }: Json) => part)).toEqual(['service', 'smaller departments']);
  expect(dashboard.note).toMatch(/put together/);
  expect((await app.read('dashboard')).note).toBeNull();
  expect((await app.read('figures/advocacy-rate')).note).toBeNull();
  const { parts: series } = await app.read('figures/advocacy-rate/series?split=department');
  expect(series.map(({ part }: Json) => part)).toEqual(['service', 'smaller departments']);
});

it('the groups of a figure by department too, and the evidence behind them; it cannot be kept so', async () => {
  const [{ values }] = (await app.read('figures/response-yield-by-department')).parts;
  expect(values.map(({ group, below }: Json) => [group, below])).toEqual([['service', 2], ['smaller departments', 2]]);
  const { items } = await app.read('figures/response-yield-by-department/evidence');
  expect(new Set(items.map(({ group }: Json) => group))).toEqual(new Set(['service', 'smaller departments']));
  expect(faultsOf(await app.post('kept-figures', { figure: 'response-yield-by-department', label: 'x' }), 403, OFF, 'figure')).toEqual([]);
});

it('nor by rehearsing rules', async () => {
  const { rules } = await app.read('rules');
  const answer = await app.post('rules/rehearsals', { rules });
  const { result } = JSON.parse(answer.text.trim().split('\n').at(-1)!);
  const { live } = result.figures.find(({ name }: Json) => name === 'response-yield-by-department');
  expect(live.map(({ group, below }: Json) => [group, below])).toEqual([['service', 2], ['smaller departments', 2]]);
});

it('keeping it makes it no less one about a colleague, and nothing is written when it is refused', async () => {
  const before = await app.eventsInLog();
  for (const [body, field] of [[{ owner: 'ben' }, 'owner'], [{ department: 'sales' }, 'department']] as const) {
    expect(faultsOf(await app.post('kept-figures', { figure: 'advocacy-rate', label: 'x', ...body }), 403, OFF, field)).toEqual([]);
  }
  expect(await app.eventsInLog()).toBe(before);
});

it('switched on, all of it is answered; what was kept then is closed when it is switched off', async () => {
  await switched(true);
  for (const [path] of ABOUT_BEN) expect([path, (await asking(path)).status]).toEqual([path, 200]);
  expect(await parts('figures/advocacy-rate?split=department')).toEqual({ marketing: 1, sales: 2, service: 1 });
  const kept: string[] = [];
  for (const body of [{ owner: 'ben' }, { department: 'sales' }]) kept.push((await written(app.post('kept-figures', { figure: 'advocacy-rate', label: 'x', ...body }))).id);
  kept.push((await written(app.post('kept-figures', { figure: 'response-yield-by-department', label: 'x' }))).id);
  await app.parts.projector.caughtUp();
  for (const id of kept) expect((await asking(`kept-figures/${id}`)).status).toBe(200);
  await switched(false);
  for (const [i, field] of ['owner', 'department', 'figure'].entries()) expect(faultsOf(await asking(`kept-figures/${kept[i]}`), 403, OFF, field)).toEqual([]);
  expect((await asking(`kept-figures/${kept[0]}`, 'ben')).status).toBe(200);
});

it('who switched it, and who asked and was refused, is in the audit', async () => {
  const rows = await app.parts.audit.read({}, 1000);
  expect(rows.filter(({ action, status }) => action === 'settings' && status === 200).length).toBe(2);
  expect(rows.filter(({ action, route }) => action === 'denied' && route.startsWith('GET /api/v1/figures')).length).toBeGreaterThan(0);
});

it('who owns a customer is no figure: the portfolio says it', async () => {
  expect((await app.read('portfolio?owner=ben')).items.map(({ owner }: Json) => owner.id ?? owner)).toEqual(['ben', 'ben']);
});

describe('planted bugs', () => {
  it.each([
    ['a guard that says nothing of the setting', () => jest.spyOn(app.parts.settings, 'settings', 'get').mockReturnValue({ ...app.parts.settings.settings, colleagueFigures: true })],
  ])('%s is found', async (_bug, plant) => {
    const planted = plant();
    try {
      const statuses = await Promise.all(ABOUT_BEN.map(async ([path]) => (await asking(path)).status));
      expect(statuses.filter((status) => status !== 403).length).toBe(ABOUT_BEN.length);
    } finally {
      planted.mockRestore();
    }
  });
});
