/** From promise to advocate, by keyboard: a promise made and kept, an ask and its refusal, the tree of referrals, a detector and its entries, an address for a calendar. */
import { axeFindsInBothThemes, press, Site, tabTo, type Visit } from './browser.js';
import { settled } from './screens.js';

jest.setTimeout(240_000);

const DAY = 86_400_000;
const ago = (days: number): string => new Date(Date.now() - days * DAY).toISOString();

let site: Site;
let visit: Visit;
let customer: string;
let person: string;

beforeAll(async () => {
  site = await Site.open();
  visit = await site.visitAs('account-manager', { reducedMotion: 'reduce' });
  customer = await site.customer('Morel & Fils', { owner: 'account-manager' });
  const brought = await site.customer('Bakery Sun', { owner: 'account-manager' });
  const further = await site.customer('Hotel Zur Post', { owner: 'account-manager' });
  ({ person } = await site.ask('POST', `customers/${customer}/people`, { name: 'Ines Morel', roles: ['champion'] }));
  const { person: other } = await site.ask('POST', `customers/${brought}/people`, { name: 'Jo Sun' });
  await site.ask('POST', `customers/${customer}/interactions`, { entries: [
    { kind: 'consent-given', person, purpose: 'reference-calls', wording: 'You may call me', form: 'email', occurredAt: ago(30) },
    { kind: 'survey-answered', nps: 10, person, occurredAt: ago(29) },
    { kind: 'referral', person, referredCustomer: brought, verification: 'evidenced', occurredAt: ago(28) },
    { kind: 'question-asked', question: 'When will the second line come?', occurredAt: ago(25) },
  ] });
  await site.ask('POST', `customers/${brought}/interactions`, { entries: [{ kind: 'referral', person: other, referredCustomer: further, occurredAt: ago(10) }] });
});

it('a promise is made on the customer’s page, delivered by one key, and confirmed', async () => {
  const { page, faults } = visit;
  // Gone through once more, it begins as the first time.
  for (const { id, customer: at } of (await site.ask('GET', 'promises?state=open,missed,kept,repaired')).items) await site.ask('POST', `customers/${at.id}/promises/${id}/withdraw`, {});
  await page.goto(`/customers/${customer}`);
  const card = page.getByRole('region', { name: 'Promises' });
  await card.getByText('Nothing is promised').waitFor();
  await card.getByRole('button', { name: 'Make a promise' }).focus();
  await press(page, 'Enter');
  const dialog = page.getByRole('dialog', { name: 'Promise to Morel & Fils' });
  await dialog.waitFor();
  await page.waitForFunction(() => document.activeElement?.matches('textarea') === true);
  await page.keyboard.type('A quote for the second line');
  await tabTo(page, /^By when/);
  await tabTo(page, 'Promise it');
  await press(page, 'Enter');
  await dialog.waitFor({ state: 'detached' });
  await card.getByText('A quote for the second line').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);

  await press(page, 'g', 'm');
  await page.getByRole('heading', { name: 'Promises', level: 1 }).waitFor();
  await page.getByText('1 open', { exact: false }).first().waitFor();
  await press(page, 'j');
  await page.waitForFunction(() => document.activeElement?.closest('[data-line]') !== null);
  await press(page, 'd');
  await page.getByText('No promise fits').waitFor();
  await page.goto('/promises?which=delivered');
  await page.getByText('Kept', { exact: true }).waitFor();
  await press(page, 'j', 'c');
  await page.getByText('1 confirmed by the customer').waitFor();
  await page.getByText(/confirmed \d/).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await site.caughtUp();
  const { totals } = await site.ask('GET', `customers/${customer}/promises`);
  expect(totals).toMatchObject({ open: 0, kept: 1, confirmed: 1 });
  expect(faults).toEqual([]);
});

it('somebody is asked with the reasons in sight; a second and a third ask: the last is refused with the day from which it may be', async () => {
  const { page, faults } = visit;
  for (const { id, customer: at } of (await site.ask('GET', 'asks')).items) await site.ask('POST', `customers/${at.id}/asks/${id}/withdraw`, {});
  await page.goto('/advocates/whom-to-ask');
  const list = page.getByRole('list', { name: 'Whom to ask' });
  await list.getByText('Ines Morel').waitFor();
  await list.getByText('Agreed to: reference-calls.').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await site.ask('POST', `customers/${customer}/asks`, { person, act: 'testimonial', wording: 'A line for the website?', occurredAt: ago(3) });

  await page.getByRole('button', { name: 'Ask Ines Morel' }).focus();
  await press(page, 'Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1 ask left').waitFor();
  await page.getByLabel(/^For what/).first().focus();
  await press(page, 'Enter');
  await page.getByRole('option', { name: 'Reference' }).waitFor();
  await press(page, 'ArrowDown', 'Enter');
  await tabTo(page, /^What they are asked/);
  await page.keyboard.type('Would you take one call?');
  // Meanwhile somebody else asked, too.
  await site.ask('POST', `customers/${customer}/asks`, { person, act: 'speaking', wording: 'Ten minutes at our meeting?', occurredAt: ago(2) });
  await tabTo(page, 'They were asked');
  await press(page, 'Enter');
  await dialog.getByRole('alert').getByText(/Free again from/).waitFor();
  await dialog.getByRole('alert').getByRole('link', { name: 'entry 2' }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await site.caughtUp();
  expect((await site.ask('GET', 'asks')).totals.waiting).toBe(2);
  await press(page, 'Escape');

  await page.goto('/advocates/asks');
  await page.getByRole('button', { name: 'Ines Morel said yes' }).first().waitFor();
  await press(page, 'j', 'y');
  await page.getByText('1 accepted', { exact: false }).waitFor();
  await page.goto('/advocates');
  await page.getByRole('list', { name: 'Advocates' }).getByText('2 of 2 asks in 90 days').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  expect(faults).toEqual([]);
});

it('what is asked stands on the customer’s page with what is left; at a customer of others nothing is offered that would be refused', async () => {
  const { page, faults } = visit;
  for (const { id, customer: at } of [...(await site.ask('GET', 'asks')).items, ...(await site.ask('GET', 'promises')).items]) await site.ask('POST', `customers/${at.id}/${(await site.ask('GET', `customers/${at.id}/interactions/${id}`)).kind === 'promise-made' ? 'promises' : 'asks'}/${id}/withdraw`, {});
  await site.ask('POST', `customers/${customer}/asks`, { person, act: 'reference', wording: 'One call from a bakery of your size?', channel: 'phone' });
  await page.goto(`/customers/${customer}`);
  const card = page.getByRole('region', { name: 'Asked of them' });
  await card.getByText('One call from a bakery of your size?').waitFor();
  await card.getByText('Ines Morel: 1 left').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await tabTo(page, 'Ines Morel said yes');
  await press(page, 'Enter');
  await card.getByText(/^Said yes/).waitFor();

  const elsewhere = await site.customer('Elsewhere', { owner: 'ada' });
  await site.ask('POST', `customers/${elsewhere}/promises`, { what: 'A visit in spring', due: new Date(Date.now() + 9 * DAY).toISOString() });
  await page.goto('/promises?whose=all');
  const line = page.getByRole('listitem').filter({ hasText: 'A visit in spring' });
  await line.getByText('Not your customer').waitFor();
  expect(await line.getByRole('button').count()).toBe(0);
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  expect(faults).toEqual([]);
});

it('the tree of referrals is walked with the arrow keys', async () => {
  const { page, faults } = visit;
  await page.goto('/advocates/referrals');
  const items = page.getByRole('treeitem');
  await items.nth(2).waitFor();
  expect(await items.evaluateAll((all) => all.map((one) => [one.getAttribute('aria-level'), one.getAttribute('aria-expanded'), one.querySelector('a')!.textContent]))).toEqual([['1', 'true', 'Morel & Fils'], ['2', 'true', 'Bakery Sun'], ['3', null, 'Hotel Zur Post']]);
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.querySelector('a')?.textContent ?? '');
  await items.first().focus();
  await press(page, 'ArrowRight', 'ArrowDown');
  expect(await focused()).toBe('Hotel Zur Post');
  await press(page, 'ArrowLeft');
  expect(await focused()).toBe('Bakery Sun');
  await press(page, 'ArrowLeft');
  await page.waitForFunction(() => document.querySelectorAll('[role=treeitem]').length === 2);
  await press(page, 'Home');
  expect(await focused()).toBe('Morel & Fils');
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await press(page, 'End', 'Enter');
  await page.waitForURL(/\/customers\//);
  expect(faults).toEqual([]);
});

it('a detector that fires shows the entries behind it; what helped and the checks say so, too', async () => {
  const { page, faults } = visit;
  await page.goto('/alignment');
  await page.getByRole('button', { name: 'Show the entries: Questions answered' }).focus();
  await press(page, 'Enter');
  await page.getByRole('list', { name: 'Off' }).getByRole('link', { name: 'Morel & Fils' }).waitFor();
  await page.getByRole('button', { name: 'Morel & Fils: 1 entry' }).focus();
  await press(page, 'Enter');
  await page.getByText('Question asked').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  for (const path of ['/alignment/checks', '/alignment/campaigns', '/what-helped']) {
    await page.goto(path);
    await settled(page);
    expect([path, await axeFindsInBothThemes(page)]).toEqual([path, []]);
  }
  expect(faults).toEqual([]);
});

it('the address of a calendar is shown once, opens the calendar and nothing else, and is revoked', async () => {
  const { page, faults } = visit;
  await page.goto('/contracts');
  await page.getByRole('button', { name: 'Make an address' }).focus();
  await press(page, 'Enter');
  const address = await page.getByLabel('Address', { exact: true }).inputValue();
  expect(await (await fetch(address)).text()).toMatch(/^BEGIN:VCALENDAR/);
  expect((await fetch(address.replace('calendar.ics', 'customers'))).status).toBe(401);
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await page.getByRole('button', { name: /^Revoke the address/ }).focus();
  await press(page, 'Enter');
  await page.getByText('You have no address yet').waitFor();
  expect((await fetch(address)).status).toBe(401);
  expect(faults).toEqual([]);
});

it('360 pixels are enough for each of them', async () => {
  const { page, faults } = visit;
  await page.setViewportSize({ width: 360, height: 640 });
  for (const path of ['/promises', '/contracts', '/advocates', '/advocates/whom-to-ask', '/advocates/asks?which=all', '/advocates/referrals', '/alignment', '/alignment/checks', '/alignment/campaigns', '/what-helped']) {
    await page.goto(path);
    await settled(page);
    expect([path, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([path, 360]);
  }
  expect(faults).toEqual([]);
});
