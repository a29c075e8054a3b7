/** A customer on one page: by keyboard from a cold start, its past days as links, entries with their versions, rights, both themes, 360 pixels. */
import { axeFinds, axeFindsInBothThemes, HOSTILE, press, Site, tabTo } from './browser.js';

jest.setTimeout(240_000);

const ago = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
const NAME = `Backhaus ${HOSTILE[0]}`;
const dayOf = (iso: string): string => iso.slice(0, 10);

let site: Site;
let customer: string;
beforeAll(async () => {
  site = await Site.open();
  await site.invite('account-manager', 'kim');
  ({ id: customer } = await site.ask('POST', 'customers', { name: NAME, owner: 'kim', team: ['ada'], segment: 'bakeries' }));
  const log = async (...entries: object[]): Promise<string[]> => (await site.ask('POST', `customers/${customer}/interactions`, { entries })).entries;
  const { person } = await site.ask('POST', `customers/${customer}/people`, { name: HOSTILE[1], email: 'ines@example.org', phone: '+49 30 1', roles: ['decider'] });
  await site.ask('POST', `customers/${customer}/people`, { name: 'Jo Pasternak' });
  await log({ kind: 'purchase', occurredAt: ago(300), offering: 'service-plan', amount: 1_200_050, currency: 'EUR' }, { kind: 'outcome-confirmed', occurredAt: ago(250), offering: 'service-plan' });
  const [call] = await log({ kind: 'call', side: 'customer', occurredAt: ago(200), summary: 'The first words', people: [person] });
  await site.ask('PUT', `customers/${customer}/interactions/${call}`, { kind: 'call', side: 'customer', summary: 'The second words', people: [person] });
  await log({ kind: 'issue-opened', severity: 1, occurredAt: ago(3), summary: 'Standing still' }, { kind: 'decision-opened', side: 'customer', occurredAt: ago(2), what: 'A second line', neededBy: ago(-40), deciders: [person] }, { kind: 'stance-stated', person, stance: 'for', occurredAt: ago(2) });
  await log({ kind: 'contact-objected', person, against: 'phone', occurredAt: ago(1) }, { kind: 'step-planned', due: ago(-1), who: 'ada', summary: 'Send the offer', occurredAt: ago(1) });
  const [mistaken] = await log({ kind: 'note', summary: 'Not here' });
  await site.ask('POST', `customers/${customer}/interactions/${mistaken}/retract`, { reason: 'Another customer' });
});

it('from a cold start by keyboard: found, a ring opens its evidence, an entry its versions, a past day is shown, is a link, and one key leads back', async () => {
  const { page, faults } = await site.visitAs('account-manager');
  await page.goto('/');
  await page.getByRole('button', { name: 'Search' }).waitFor();
  await press(page, '/');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('backhaus');
  await page.getByRole('dialog').getByText(NAME, { exact: true }).first().waitFor();
  await press(page, 'ArrowDown', 'Enter');
  await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
  await page.getByText('3 of 5').or(page.getByText('2 of 5')).first().waitFor();
  await page.getByText('€12,000.50').waitFor();
  await page.getByText('severe', { exact: true }).waitFor();
  await page.getByText('Missing:').waitFor();
  await page.getByText('Not by phone').waitFor();

  await tabTo(page, /^3 Adoption/);
  await press(page, 'Enter');
  await page.getByText('Their decision: do we change how we work').waitFor();
  await page.getByText('What would light it').waitFor();
  await page.waitForURL(/ring=adoption/);

  await press(page, 'e');
  await page.waitForFunction(() => document.activeElement?.closest('[role=feed]') != null);
  for (let step = 0; step < 30; step++) {
    if (await page.evaluate(() => document.activeElement!.textContent.includes('corrected'))) break;
    await press(page, 'ArrowDown');
  }
  await press(page, 'Enter');
  await page.getByText('2 versions, the newest first').waitFor();
  await page.getByText('The first words').first().waitFor();
  await page.waitForURL(/entry=/);
  await press(page, 'Enter');

  await press(page, 'b');
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'slider');
  await press(page, 'Home');
  await page.waitForURL(/on=\d{4}-\d\d-\d\d/);
  await page.getByText('you see this day as it was').waitFor();
  await press(page, 'PageUp', 'ArrowRight', 'ArrowLeft');
  await page.getByText('No open decision was recorded.').waitFor();
  const link = page.url();
  await page.goto('about:blank');
  await page.goto(link);
  await page.getByText('you see this day as it was').waitFor();
  await page.getByText('No open decision was recorded.').waitFor();
  await press(page, 't');
  await page.getByText('you see this day as it was').waitFor({ state: 'detached' });
  await page.getByText('A second line').first().waitFor();
  expect(faults).toEqual([]);
});

it('a day as we knew it then leaves out what was recorded later', async () => {
  const { page, faults } = await site.visitAs('leader');
  await page.goto(`/customers/${customer}?on=${dayOf(ago(100))}`);
  await page.getByText('The second words').first().waitFor();
  await tabTo(page, 'As it was, or as we knew it');
  await press(page, 'Enter', 'Tab', 'Space');
  // All of it was recorded today: nothing was known that day.
  await page.getByText('not known yet then').first().waitFor();
  await press(page, 't');
  await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
  expect(faults).toEqual([]);
});

it('the day is dragged with the pointer: the page follows while it moves, stays where it is let go, and comes back to today at the end', async () => {
  const { page, faults } = await site.visitAs('leader');
  await page.goto(`/customers/${customer}`);
  const band = page.getByRole('slider', { name: /./ }).and(page.locator('#journey-day'));
  await band.waitFor();
  await band.scrollIntoViewIfNeeded();
  const days = async (): Promise<[now: number, least: number, most: number]> => Promise.all((['aria-valuenow', 'aria-valuemin', 'aria-valuemax'] as const).map(async (name) => Number(await band.getAttribute(name)))) as Promise<[number, number, number]>;
  const [, , today] = await days();
  const { x, y, width, height } = (await band.boundingBox())!;
  const middle = y + height / 2;
  await page.mouse.move(x + width * 0.7, middle);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.5, middle, { steps: 6 });
  // It is shown before it is let go.
  await page.waitForURL(/[?&]on=\d{4}-\d\d-\d\d/);
  const [half] = await days();
  expect(half).toBeLessThan(today);
  await page.mouse.move(x + width * 0.3, middle, { steps: 6 });
  await page.waitForFunction((before) => Number(document.getElementById('journey-day')!.getAttribute('aria-valuenow')) < before, half);
  await page.mouse.up();
  const [third, least] = await days();
  expect(third).toBeGreaterThan(least);
  const on = new Date(third * 86_400_000).toISOString().slice(0, 10);
  await page.waitForURL(new RegExp(`[?&]on=${on}`));
  // Once it is let go it follows no more.
  await page.mouse.move(x + width * 0.6, middle, { steps: 4 });
  expect((await days())[0]).toBe(third);
  // Beyond the first day there is none; beyond today neither.
  await page.mouse.move(x + width * 0.3, middle);
  await page.mouse.down();
  await page.mouse.move(Math.max(1, x - 60), middle, { steps: 4 });
  await page.waitForFunction(() => document.getElementById('journey-day')!.getAttribute('aria-valuenow') === document.getElementById('journey-day')!.getAttribute('aria-valuemin'));
  await page.mouse.move(x + width - 1, middle, { steps: 6 });
  await page.mouse.up();
  await page.waitForURL((url) => !url.searchParams.has('on'));
  expect((await days())[0]).toBe(today);
  expect(faults).toEqual([]);
});

it('filters stand in the address; what was taken back shows when asked for; hidden ways to reach people are hidden; what others write comes by itself', async () => {
  const { page, faults } = await site.visitAs('leader');
  await page.goto(`/customers/${customer}`);
  await page.getByRole('feed').getByText('Standing still').waitFor();
  expect(await page.getByText('ines@example.org').count()).toBe(0);
  await page.getByText('Ways to reach people are not shown to your role.').first().waitFor();
  expect(await page.getByRole('main').getByRole('button', { name: 'Snooze' }).count()).toBe(0);
  await press(page, 'f');
  await page.keyboard.type('second wor');
  await page.waitForURL(/text=second/);
  await page.getByText('1 entry found').waitFor();
  await page.goto(`/customers/${customer}?group=service`);
  await page.getByText('1 entry found').waitFor();
  await page.goto(`/customers/${customer}?all=yes`);
  await page.getByRole('feed').getByText('taken back').waitFor();
  await site.ask('POST', `customers/${customer}/interactions`, { entries: [{ kind: 'reply', summary: 'Word from elsewhere' }] });
  await page.getByRole('feed').getByText('Word from elsewhere').waitFor();
  expect(faults).toEqual([]);
});

it('snoozed and handed over by keyboard; afterwards the page says so', async () => {
  const own = await site.customer('Loaf Ltd', { owner: 'account-manager' });
  const { page, faults } = await site.visitAs('account-manager');
  await page.goto(`/customers/${own}`);
  await page.getByRole('heading', { level: 1, name: 'Loaf Ltd' }).waitFor();
  await tabTo(page, 'Snooze');
  await press(page, 'Enter');
  await page.getByRole('dialog', { name: 'Leave Loaf Ltd alone for a while' }).waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await page.keyboard.type('Away until spring');
  await tabTo(page, 'Snooze');
  await press(page, 'Enter');
  await page.getByText('Why: Away until spring').waitFor();
  await tabTo(page, 'Hand over');
  await press(page, 'Enter');
  await page.getByRole('dialog', { name: 'Hand over Loaf Ltd' }).waitFor();
  await page.keyboard.type('Ada');
  await page.getByRole('option', { name: 'Ada Berg' }).waitFor();
  await press(page, 'ArrowDown', 'Enter');
  await tabTo(page, 'Hand over');
  await press(page, 'Enter');
  await page.getByText('Ada Berg has not taken it yet').waitFor();
  expect(faults).toEqual([]);
});

it('axe finds nothing in either theme, today with all open and on a past day; 360 pixels are enough', async () => {
  const { page, faults } = await site.visitAs('service', { viewport: { width: 360, height: 740 } });
  await page.goto(`/customers/${customer}?ring=advocacy&all=yes`);
  await page.getByRole('feed').getByRole('article').first().waitFor({ state: 'attached' });
  await page.getByText('Their decision: our name behind it?').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`/customers/${customer}?on=${dayOf(ago(220))}&ring=contact&channel=phone`);
  await page.getByText('you see this day as it was').waitFor();
  await page.getByRole('feed').waitFor({ state: 'attached' });
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  expect(faults).toEqual([]);
});
