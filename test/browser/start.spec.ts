/** The first page of each role, from a cold start and by keyboard alone. */
import { axeFindsInBothThemes, HOSTILE, press, Site, tabTo, type Visit } from './browser.js';

jest.setTimeout(240_000);

const DAY = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString();
const HARMFUL = HOSTILE[1]!;

let site: Site;
beforeAll(async () => {
  site = await Site.open();
  for (const role of ['account-manager', 'service'] as const) await (await site.visitAs(role)).context.close();
  const id = await site.customer('Morel & Fils', { owner: 'account-manager' });
  await site.ask('POST', `customers/${id}/interactions`, { entries: [
    { kind: 'issue-opened', severity: 1, summary: HARMFUL, occurredAt: inDays(-0.01) },
    { kind: 'step-planned', due: inDays(-2), who: 'account-manager', summary: 'Call Ines', occurredAt: inDays(-5) },
  ] });
  const { id: ending } = await site.ask('POST', 'customers', { name: 'Hotel Zur Post', owner: 'account-manager' });
  await site.ask('POST', `customers/${ending}/interactions`, { entries: [{ kind: 'purchase', end: inDays(90), amount: 1_200_000, currency: 'EUR', occurredAt: inDays(-275) }, { kind: 'call', side: 'customer', occurredAt: inDays(-5) }] });
  const given = await site.customer('Handed Works');
  await site.ask('POST', 'handovers', { customers: [given], to: 'account-manager' });
  await site.ask('POST', 'colleagues', { id: 'gone', name: 'Gone Away', department: 'sales' });
  await site.customer('Left Behind', { owner: 'gone' });
  await site.ask('PATCH', 'colleagues/gone', { active: false });
});

async function cold(role: Parameters<Site['visitAs']>[0]): Promise<Visit> {
  const visit = await site.visitAs(role);
  await visit.page.goto('/');
  await visit.page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  return visit;
}

it('an account manager sees what is new, snoozes it in place, takes over, and does a step', async () => {
  const { page, faults } = await cold('account-manager');
  const attention = page.getByRole('list', { name: 'Needs attention' });
  await attention.getByText('A severe issue is open').waitFor();
  await page.getByText(/^1 in 180 days · €1\d,\d{3} a year$/).waitFor();
  await page.getByRole('list', { name: 'Contracts ahead' }).getByText('in 3 months').waitFor();
  await page.getByText('Overdue: was due 2 days ago').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);

  await tabTo(page, 'Acknowledge Handed Works');
  await press(page, 'Enter');
  await page.getByText('1 handover acknowledged').waitFor();
  await page.getByRole('heading', { name: 'Handed over to you' }).waitFor({ state: 'detached' });
  await tabTo(page, 'Done: step at Morel & Fils');
  await press(page, 'Enter');
  await page.getByText('The step is done').waitFor();
  await page.getByText(/^None is overdue/).waitFor();

  await press(page, 'j', 's');
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/^Leave Morel & Fils alone/).waitFor();
  await tabTo(page, /^Why it can wait/);
  await page.keyboard.type('Ines is away');
  await press(page, 'Enter');
  await dialog.waitFor({ state: 'detached' });
  await attention.getByRole('link', { name: 'Morel & Fils' }).waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
});

it('service writes at once, and sees open issues', async () => {
  const { page, faults } = await cold('service');
  await page.getByRole('list', { name: 'Open issues' }).getByText(HARMFUL).waitFor();
  await page.waitForFunction(() => document.activeElement?.matches('input, textarea') === true);
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await tabTo(page, 'Resolve the issue of Morel & Fils');
  await press(page, 'Enter');
  await page.getByRole('dialog').waitFor();
  expect(faults).toEqual([]);
});

it('a leader sees the numbers, what contracts lie ahead, and what needs attention', async () => {
  const { page, faults } = await cold('leader');
  await page.getByRole('list', { name: 'Contracts ahead' }).waitFor();
  await page.getByRole('region', { name: 'Needs attention' }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  expect(faults).toEqual([]);
});

it('an administrator sees how the server fares, and whose owner left', async () => {
  const { page, faults } = await cold('administrator');
  await page.getByText('Parked streams').waitFor();
  await page.getByRole('list', { name: 'Customers whose owner left' }).getByText('Owner: Gone Away').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await tabTo(page, 'Hand over: all customers of Gone Away');
  await press(page, 'Enter');
  await page.waitForURL(/\/portfolio\?owner=gone/);
  await page.getByRole('grid').getByRole('link', { name: 'Left Behind' }).waitFor();
  expect(faults).toEqual([]);
});

it.each(['account-manager', 'service', 'leader', 'administrator'] as const)('360 pixels are enough for the %s', async (role) => {
  const { page, faults } = await site.visitAs(role, { viewport: { width: 360, height: 640 } });
  await page.goto('/');
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await page.getByRole('heading', { level: 2 }).first().waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(faults).toEqual([]);
});
