/** The default dashboard: its numbers are those of the figures by customer, and what a business does not have is left out. */
import { colleaguesView } from '../../src/customers/colleagues.view.js';
import { customer, type Interaction } from '../../src/customers/customer.js';
import { dashboardDays, type Dashboard, type DashboardQuestion, type PanelName } from '../../src/figures/dashboard.js';
import { DaysReader } from '../../src/figures/days.reader.js';
import { totalsByDay } from '../../src/figures/days.view.js';
import { dateOf } from '../../src/kernel/days.js';
import { put, remove } from '../../src/kernel/view.js';
import { portfolioView } from '../../src/rings/portfolio.view.js';
import type { Views } from '../../src/views/views.js';
import { BASE, DAY, RULES, ours, theirs } from './told.js';
import { openRows } from '../view-rows.js';

const FIRST = BASE / DAY;

interface Told {
  readonly owner?: string;
  readonly segment?: string;
  readonly entries: readonly Interaction[];
}

/** Customers straight into the totals, as the projector writes them. */
async function asked(customers: readonly Told[], question: Partial<DashboardQuestion> = {}, tamper: (rows: Views) => Promise<void> = async () => undefined): Promise<Dashboard> {
  const totals = totalsByDay(RULES, 'UTC');
  const view = portfolioView(RULES, totals);
  const rows = await openRows([colleaguesView, view]);
  const ops = customers.flatMap(({ owner, segment, entries }, n) => {
    const stream = `customer-c${n}`;
    const state = customer.initial(stream);
    Object.assign(state, { registered: true, firstOwner: owner ?? null, segment: segment ?? null });
    for (const one of entries) state.interactions.set(one.id, one);
    const part = totals.partOf(view.known(state));
    return [...(part === '' ? [remove(totals.parts, { stream })] : [put(totals.parts, { stream, part })]), ...totals.between('', part)];
  });
  await rows.apply({ ops: [...ops, put('colleagues', { id: 'ada', department: 'sales', active: 1 }), put('colleagues', { id: 'ben', department: 'sales', active: 1 })], checkpoint: null });
  await tamper(rows);
  const dashboard = await new DaysReader(rows).dashboard({ asOf: FIRST + 500, period: 'month', points: 3, ...question });
  await rows.close();
  return dashboard;
}

const bought = (n: number, amount: number): Interaction => theirs(n, 'bought', 'purchase', { amount, currency: 'EUR', start: BASE + n * DAY, end: BASE + (n + 800) * DAY });
const praised = (n: number): Interaction => theirs(n, 'praised', 'review', { person: 'p', stars: 5, verification: 'evidenced' });
const answered = (n: number, id: string, nps: number): Interaction => theirs(n, id, 'survey-answered', { nps, person: 'q' });

const told: readonly Told[] = [
  { owner: 'ada', segment: 'gold', entries: [bought(10, 1000), theirs(100, 'more', 'expansion', { amount: 1500, currency: 'EUR', term: 'bought' }), praised(480), answered(450, 's1', 10)] },
  { owner: 'ben', segment: 'gold', entries: [bought(20, 500), answered(460, 's2', 3)] },
  { owner: 'cem', entries: [theirs(300, 'hello', 'enquiry'), theirs(480, 'again', 'reply')] },
];

const panel = ({ parts }: Dashboard, name: PanelName, part = 0) => parts[part]!.panels.find((one) => one.name === name);
const nowOf = (dashboard: Dashboard, name: PanelName, part = 0): (number | null)[][] | undefined => panel(dashboard, name, part)?.courses.map(({ now: { value, n, above, below } }) => [value, n, above, below]);

describe('the default dashboard', () => {
  it('says for small numbers what can be counted by hand', async () => {
    const dashboard = await asked(told);
    expect(nowOf(dashboard, 'advocacy-rate')).toEqual([[0.5, 2, 1, 2]]);
    const rate = panel(dashboard, 'advocacy-rate')!.courses[0]!;
    expect(rate.now).toMatchObject({ low: expect.closeTo(0.0945, 3) as number, high: expect.closeTo(0.9055, 3) as number });
    expect(rate.before).toMatchObject({ value: 0, n: 2 });
    expect(panel(dashboard, 'ring-distribution')!.courses.map(({ group, now }) => [group, now.value]).filter(([, value]) => value !== 0)).toEqual([['1', 1], ['1+2', 1], ['1+2+5', 1]]);
    // Day 135: 1500 and 500 a year; the same now.
    expect(nowOf(dashboard, 'net-revenue-retention')).toEqual([[1, 2, 2000, 2000]]);
    expect(nowOf(dashboard, 'gross-revenue-retention')).toEqual([[1, 2, 2000, 2000]]);
    expect(nowOf(dashboard, 'value-at-risk')).toEqual([[0, 0, 0, 2000]]);
    expect(nowOf(dashboard, 'nps')).toEqual([[0, 2, 0, 2]]);
    expect(dashboard.parked).toBe(0);
  });

  it('tells lost rings with their causes', async () => {
    const dashboard = await asked([{ entries: [theirs(300, 'a', 'enquiry')] }, { entries: [theirs(310, 'b', 'enquiry')] }, { entries: [theirs(345, 'c', 'enquiry'), ours(400, 'd', 'fit-declined')] }], { asOf: FIRST + 420 });
    const [course] = panel(dashboard, 'ring-losses')!.courses;
    expect(course).toMatchObject({ group: '1', now: { value: 1, n: 2 }, causes: [{ cause: 'dormant', customers: 2 }] });
  });

  it('leaves out what the business does not have', async () => {
    const dashboard = await asked([{ entries: [theirs(300, 'hello', 'enquiry')] }]);
    expect(dashboard.parts[0]!.panels.map(({ name }) => name)).toEqual(['advocacy-rate', 'ring-distribution', 'ring-losses']);
    expect(nowOf(dashboard, 'advocacy-rate')).toEqual([[null, 0, 0, 0]]);
  });

  it('divides by segment, owner and the department of the owner', async () => {
    const gold = await asked(told, { split: 'segment' });
    expect(gold.parts.map(({ value }) => value)).toEqual([null, 'gold']);
    expect(nowOf(gold, 'advocacy-rate', 1)).toEqual([[0.5, 2, 1, 2]]);
    const owners = await asked(told, { split: 'owner' });
    expect(owners.parts.map(({ value }, part) => [value, nowOf(owners, 'advocacy-rate', part)![0]![0]])).toEqual([['ada', 1], ['ben', 0], ['cem', null]]);
    const departments = await asked(told, { split: 'department' });
    expect(departments.parts.map(({ value }, part) => [value, nowOf(departments, 'advocacy-rate', part)![0]![1]])).toEqual([[null, 0], ['sales', 2]]);
  });

  it('counts customers that are parked', async () => {
    const parked = { stream: 'customer-x', revision: 3, reason: 'cannot be read' };
    const dashboard = await asked(told, {}, (rows) => rows.apply({ ops: [], checkpoint: null, parked: [{ ...parked, view: 'portfolio' }, { ...parked, view: 'timeline' }] }));
    expect(dashboard.parked).toBe(1);
  });

  it.each([
    ['day', ['2024-05-14', '2024-05-15', '2024-05-14']],
    ['week', ['2024-05-12', '2024-05-15', '2024-05-08']],
    ['month', ['2024-04-30', '2024-05-15', '2024-04-15']],
    ['quarter', ['2024-03-31', '2024-05-15', '2024-02-15']],
  ] as const)('goes by %s', (period, dates) => {
    const asOf = Date.UTC(2024, 4, 15) / DAY;
    expect(dashboardDays({ asOf, period, points: 2 }).levels.map(dateOf)).toEqual(dates);
  });

  it('refuses more points than anybody can look at', () => {
    expect(() => dashboardDays({ asOf: 20_000, period: 'day', points: 401 })).toThrow(RangeError);
    expect(dashboardDays({ asOf: 20_000, period: 'quarter', points: 400 }).levels).toHaveLength(401);
  });
});
