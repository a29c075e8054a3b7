/** The attention list over HTTP: lines, filters, pages, snoozes, and what is refused. */
import { TestApp, written, type Json } from './app.js';
import { casesRefused, refusedBy, type Case } from './refused.js';

const DAY = 86_400_000;
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY).toISOString();
const dayAhead = (days: number): string => daysAgo(-days).slice(0, 10);

let app: TestApp;
const ids: Record<string, string> = {};

beforeAll(async () => {
  app = await TestApp.withAda();
  await app.colleague('ben', { department: 'sales' });
  for (const [name, owner, team] of [['Alpha', 'ada', []], ['Beta', 'ben', ['ada']], ['Gamma', 'ben', []], ['Delta', 'ada', []]] as const) ids[name] = await app.customer({ name, owner, team });
  // Alpha: a severe issue of long ago, and a contract that ends soon. Beta: silent. Gamma: a severe issue of today. Delta: all is well.
  await app.log(ids['Alpha']!, { kind: 'purchase', occurredAt: daysAgo(300), end: daysAgo(-40), amount: 1_200_000, currency: 'EUR' }, { kind: 'outcome-confirmed', occurredAt: daysAgo(20) }, { kind: 'issue-opened', severity: 1, occurredAt: daysAgo(9) }, { kind: 'step-planned', due: daysAgo(-9) });
  await app.log(ids['Beta']!, { kind: 'purchase', occurredAt: daysAgo(200), end: daysAgo(-300) }, { kind: 'step-planned', due: daysAgo(-9) });
  await app.log(ids['Gamma']!, { kind: 'enquiry', occurredAt: daysAgo(5) }, { kind: 'issue-opened', severity: 2 });
  await app.log(ids['Delta']!, { kind: 'enquiry', occurredAt: daysAgo(5) });
});
afterAll(() => app.remove());

const list = (query = ''): Promise<Json> => app.read(`attention${query}`);
const namesIn = async (query = ''): Promise<string[]> => (await list(query)).items.map(({ name }: Json) => name);
const snooze = (name: string, body: object): Promise<Json> => written(app.post(`customers/${ids[name]}/snooze`, body));

it('one line a customer, the gravest first, with all its reasons', async () => {
  const { items, total, next } = await list();
  expect({ names: items.map(({ name }: Json) => name), total, next }).toEqual({ names: ['Alpha', 'Gamma', 'Beta'], total: 3, next: null });
  expect(items[0]).toMatchObject({ id: ids['Alpha'], owner: { id: 'ada' }, label: 'customer', reason: 'severe issue open', new: false, atStake: [{ amount: 1_200_000, currency: 'EUR' }], snoozed: false, broughtBack: false, snoozes: [] });
  expect(items[0].reasons.map(({ reason, ring }: Json) => [reason, ring?.ring])).toEqual([['severe issue open', undefined], ['ring at risk', 2], ['term ahead', undefined]]);
  expect(items[0].reasons[2]).toMatchObject({ money: { amount: 1_200_000, currency: 'EUR' }, until: expect.stringContaining(dayAhead(40)) });
  expect(items[1]).toMatchObject({ reason: 'severe issue open', new: true, atStake: null });
  expect(items[2]).toMatchObject({ reason: 'silent', since: expect.stringContaining(daysAgo(20).slice(0, 10)) });
  for (const item of items) expect(item).toMatchObject(item.reasons[0].new === item.new ? item.reasons[0] : { reason: item.reasons[0].reason });
});

it.each([
  ['?owner=ben', ['Gamma', 'Beta']],
  ['?team=ada', ['Alpha', 'Beta']],
  ['?department=sales', ['Gamma', 'Beta']],
  ['?department=marketing', []],
  ['?new=true', ['Gamma']],
  ['?new=false&owner=ada', ['Alpha']],
  ['?reason=silent', ['Beta']],
  ['?reason=term+ahead&team=ada', ['Alpha']],
])('filters by %s', async (query, expected) => expect(await namesIn(query)).toEqual(expected));

it.each([1, 2])('comes in pages of %s, complete and without doubles', async (limit) => {
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Json = await list(`?limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    seen.push(...page.items.map(({ name }: Json) => name));
    cursor = page.next;
  }
  expect(seen).toEqual(['Alpha', 'Gamma', 'Beta']);
});

it('the portfolio tells the same reasons, in the same order', async () => {
  const [attention, portfolio] = [await list(), await app.read('portfolio')];
  expect(portfolio.items.map(({ name }: Json) => name)).toEqual(['Alpha', 'Gamma', 'Beta', 'Delta']);
  expect(portfolio.items.slice(0, 3).map((item: Json) => item.attention)).toEqual(attention.items.map(({ reasons }: Json) => reasons));
  expect(portfolio.items[3].attention).toEqual([]);
});

describe('a snooze', () => {
  it('hides a customer, and says until when, by whom and why', async () => {
    await snooze('Beta', { until: dayAhead(30), reason: '  On holiday: ask Ines ' });
    expect(await namesIn()).toEqual(['Alpha', 'Gamma']);
    expect(await namesIn('?snoozed=true')).toEqual(['Alpha', 'Gamma', 'Beta']);
    const beta = (await list('?snoozed=true')).items[2];
    expect(beta).toMatchObject({ snoozed: true, reason: 'silent', broughtBack: false, snoozes: [{ until: `${dayAhead(30)}T00:00:00.000Z`, only: null, by: { id: 'ada', name: 'Colleague ada' }, why: 'On holiday: ask Ines' }] });
    const shown = (await app.read('portfolio?text=beta')).items[0];
    expect(shown).toMatchObject({ attention: [], snoozes: [{ by: { id: 'ada' } }] });
  });

  it('its words stand in the log sealed, and are in no view', async () => {
    const events = (await app.events()).filter(({ type }) => type === 'AttentionSnoozed');
    expect(events.at(-1)!.data).toMatchObject({ reason: { s: [`customer:${ids['Beta']}`, expect.stringMatching(/^text:/)], v: 1 }, until: Date.parse(`${dayAhead(30)}T00:00:00.000Z`) });
    expect(JSON.stringify(await app.parts.rows.db.selectFrom('portfolio' as never).selectAll().execute())).not.toContain('holiday');
  });

  it('is undone by what comes up as grave', async () => {
    await app.log(ids['Beta']!, { kind: 'issue-opened', severity: 2 });
    expect((await list()).items.find(({ name }: Json) => name === 'Beta')).toMatchObject({ snoozed: false, broughtBack: true, reason: 'severe issue open' });
    await snooze('Beta', { until: dayAhead(30), reason: 'Both known' });
    expect(await namesIn()).toEqual(['Alpha', 'Gamma']);
  });

  it('is ended, and repeated safely', async () => {
    const end = (): ReturnType<TestApp['send']> => app.send('DELETE', `customers/${ids['Beta']}/snooze`, undefined, { key: 'wake-beta' });
    const first = await written(end());
    expect(await namesIn()).toEqual(['Alpha', 'Gamma', 'Beta']);
    expect(await written(end())).toEqual({ ...first, repeated: true });
  });

  it('for one sort of reason leaves the others', async () => {
    await snooze('Alpha', { until: dayAhead(5), reason: 'A part is on its way', only: 'severe issue open' });
    expect((await list('?owner=ada')).items[0]).toMatchObject({ name: 'Alpha', reason: 'ring at risk', snoozed: false });
    await written(app.send('DELETE', `customers/${ids['Alpha']}/snooze?only=severe+issue+open`));
    expect((await list('?owner=ada')).items[0]).toMatchObject({ reason: 'severe issue open' });
  });

  it('stands again after a restart', async () => {
    await snooze('Gamma', { until: dayAhead(3), reason: 'Known' });
    app = await app.restarted();
    expect(await namesIn('?owner=ben&reason=severe+issue+open')).toEqual(['Beta']);
  });
});

describe('refused', () => {
  const at = (body: object, name = 'Delta') => () => app.post(`customers/${ids[name]}/snooze`, body);
  const reason = 'Away';
  const cases: Case[] = [
    ['a snooze in the past', at({ until: dayAhead(-1), reason }), 400, 'in-the-past', 'until'],
    ['a snooze until today', at({ until: dayAhead(0), reason }), 400, 'in-the-past', 'until'],
    ['a snooze for a year and a day', at({ until: daysAgo(-367), reason }), 400, 'too-far', 'until'],
    ['a snooze until no date', at({ until: 'Monday', reason }), 400, undefined, 'until'],
    ['a snooze until a day that is none', at({ until: '2027-02-30', reason }), 400, undefined, 'until'],
    ['a snooze without a date', at({ reason }), 400, undefined, 'until'],
    ['a snooze without a reason', at({ until: dayAhead(9) }), 400, undefined, 'reason'],
    ['a snooze with an empty reason', at({ until: dayAhead(9), reason: ' ' }), 400, undefined, 'reason'],
    ['a snooze for a sort of reason there is not', at({ until: dayAhead(9), reason, only: 'boredom' }), 400, undefined, 'only'],
    ['a snooze of an unknown customer', () => app.post('customers/nobody/snooze', { until: dayAhead(9), reason }), 404, 'unknown-customer'],
    ['a snooze by nobody', () => app.post(`customers/${ids['Delta']}/snooze`, { until: dayAhead(9), reason }, { as: null }), 400, 'no-colleague'],
    ['the end of none', () => app.send('DELETE', `customers/${ids['Delta']}/snooze`), 409, 'not-snoozed'],
    ['the end of one at an unknown customer', () => app.send('DELETE', 'customers/nobody/snooze'), 404, 'unknown-customer'],
    ['a list by a reason there is not', () => app.get('attention?reason=boredom'), 400, undefined, 'reason'],
    ['a list of what is neither new nor not', () => app.get('attention?new=perhaps'), 400, undefined, 'new'],
    ['a list by a department there is not', () => app.get('attention?department=magic'), 400, undefined, 'department'],
    ['a list from no cursor', () => app.get('attention?cursor=x'), 400, 'not-a-cursor', 'cursor'],
    ['a list of none', () => app.get('attention?limit=0'), 400, undefined, 'limit'],
  ];
  casesRefused(() => app, cases);

  it('a snooze when somebody wrote in the meantime: refused', async () => {
    await refusedBy(app, () => app.post(`customers/${ids['Delta']}/snooze`, { until: dayAhead(9), reason }, { ifMatch: '"0"' }), 412, 'stale-revision');
  });
});
