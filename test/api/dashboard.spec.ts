/** The default dashboard over HTTP: it says what the figures say at the end of a day, and refuses what it cannot show. */
import { TestApp, written, type Json } from './app.js';
import { casesRefused } from './refused.js';

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
const dayAgo = (days: number): string => daysAgo(days).slice(0, 10);

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.withAda();
  await app.colleague('ben', { department: 'sales' });
  await written(app.patch('settings', { values: { colleagueFigures: true }, reason: 'Agreed' }));
  const [a, b] = [await app.customer({ name: 'A', segment: 'bakeries', owner: 'ada' }), await app.customer({ name: 'B', segment: 'mills', owner: 'ben' })];
  const person = await app.person(a, { name: 'Ann' });
  await app.log(a, { kind: 'purchase', amount: 100_000, currency: 'EUR', occurredAt: daysAgo(200) }, { kind: 'reference', person, verification: 'evidenced', occurredAt: daysAgo(100) });
  await app.log(b, { kind: 'purchase', amount: 300_000, currency: 'EUR', occurredAt: daysAgo(150) }, { kind: 'survey-answered', nps: 9, occurredAt: daysAgo(20) }, { kind: 'survey-answered', nps: 3, occurredAt: daysAgo(10) });
});
afterAll(() => app.remove());

const panel = (dashboard: Json, name: string, part = 0): Json => dashboard.parts[part].panels.find((one: Json) => one.name === name);

describe('the default dashboard', () => {
  it('says at the end of a day what the figure says then', async () => {
    for (const days of [0, 40, 120, 180, 300]) {
      const dashboard = await app.read(`dashboard?asOf=${dayAgo(days)}`);
      const { parts } = await app.read(`figures/advocacy-rate?asOf=${dayAgo(days)}`);
      const { above, below, value } = parts[0].values[0];
      expect(panel(dashboard, 'advocacy-rate').courses[0].now).toMatchObject({ day: dayAgo(days), above, below, value });
    }
  });

  it('shows the course, the period before, and the value in words', async () => {
    const [{ now, before, series }] = panel(await app.read('dashboard?points=6&by=month'), 'advocacy-rate').courses;
    expect(now).toMatchObject({ value: 0.5, n: 2 });
    expect(now.says).toMatch(/^1 of 2/);
    expect(before.day < now.day).toBe(true);
    expect(series).toHaveLength(6);
    expect(series.at(-1)).toEqual({ day: now.day, value: now.value, n: now.n });
    expect(panel(await app.read('dashboard'), 'nps').courses[0].now).toMatchObject({ value: 0, n: 2 });
  });

  it('sees what was just written', async () => {
    const customer = await app.customer({ name: 'C' });
    const { json } = await app.post(`customers/${customer}/interactions`, { entries: [{ kind: 'purchase', occurredAt: daysAgo(3) }] });
    expect(panel((await app.get(`dashboard?after=${json.position}`)).json, 'advocacy-rate').courses[0].now).toMatchObject({ below: 3 });
    await app.post(`customers/${customer}/interactions/${json.entries[0]}/retract`, { reason: 'wrong customer' });
    expect(panel(await app.read('dashboard'), 'advocacy-rate').courses[0].now).toMatchObject({ below: 2 });
  });

  it('is divided by segment, and by the department of the owner', async () => {
    const bySegment = await app.read('dashboard?split=segment');
    expect(bySegment.parts.map(({ part }: Json) => part)).toEqual(expect.arrayContaining(['bakeries', 'mills']));
    const byDepartment = await app.read('dashboard?split=department');
    const sales = byDepartment.parts.findIndex(({ part }: Json) => part === 'sales');
    expect(panel(byDepartment, 'advocacy-rate', sales).courses[0].now).toMatchObject({ above: 0, below: 1 });
  });

  it('leaves out what the business does not have', async () => {
    const empty = await TestApp.withAda();
    const customer = await empty.customer();
    await empty.log(customer, { kind: 'enquiry', occurredAt: daysAgo(5) });
    const names = (await empty.read('dashboard')).parts[0].panels.map(({ name }: Json) => name);
    expect(names).toContain('advocacy-rate');
    for (const absent of ['nps', 'net-revenue-retention', 'value-at-risk']) expect(names).not.toContain(absent);
    await empty.remove();
  });

  casesRefused(() => app, [
    ['no points', () => app.get('dashboard?points=0'), 400, 'min', 'points'],
    ['too many points', () => app.get('dashboard?points=401'), 400, 'max', 'points'],
    ['an unknown split', () => app.get('dashboard?split=colour'), 400, 'is-in', 'split'],
    ['an unknown period', () => app.get('dashboard?by=fortnight'), 400, 'is-in', 'by'],
    ['a day that lies ahead', () => app.get('dashboard?asOf=2999-01-01'), 400, 'in-the-future', 'asOf'],
    ['a day that is none', () => app.get('dashboard?asOf=2026-02-30'), 400, 'not-a-date', 'asOf'],
  ]);
});
