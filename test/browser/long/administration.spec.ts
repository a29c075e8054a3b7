/** Administration by keyboard alone: a cold start through the first run, inviting a colleague, erasing a person, and the audit that says so. */
import type { Page } from 'playwright-core';
import { axeFinds, axeFindsInBothThemes, keyTo, PASSWORD, press, Site, tabTo, type Visit } from '../browser.js';
import { settled } from '../screens.js';

jest.setTimeout(300_000);

let site: Site;
let admin: Visit;
beforeAll(async () => {
  site = await Site.empty();
  admin = await site.visit();
});

/** Opens the list that has the focus and takes the option of this name. */
async function pick(page: Page, option: string): Promise<void> {
  await press(page, 'ArrowDown');
  const found = page.getByRole('option', { name: option, exact: true });
  await found.waitFor();
  for (let step = 0; step < 40 && (await found.getAttribute('data-combobox-selected')) === null; step++) await press(page, 'ArrowDown');
  await press(page, 'Enter');
  await found.waitFor({ state: 'hidden' });
}

/** What of the page is beyond its right edge, once it has found its place. */
async function tooWide(page: Page): Promise<string[]> {
  await settled(page);
  return page.evaluate(() => {
    if (document.documentElement.scrollWidth <= window.innerWidth) return [];
    return [`${document.documentElement.scrollWidth} of ${window.innerWidth}`, ...[...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1).slice(0, 4).map((element) => element.outerHTML.slice(0, 200))];
  });
}

it('from the printed link to rules that fit and an empty start', async () => {
  const { page, faults } = admin;
  await page.goto(await site.firstLink());
  await page.getByRole('heading', { name: 'Welcome to Five-Ring' }).waitFor();
  await page.getByLabel('Full name').focus();
  await page.keyboard.type('Nora Vidal');
  await tabTo(page, 'Your id');
  await page.keyboard.type('nora');
  await tabTo(page, 'Department');
  await pick(page, 'Executive');
  await tabTo(page, 'Password');
  await page.keyboard.type(PASSWORD);
  await tabTo(page, 'The same again');
  await page.keyboard.type(PASSWORD);
  await press(page, 'Enter');

  await page.getByRole('heading', { name: 'First steps' }).waitFor();
  await page.getByText('Answer a question').waitFor();
  await tabTo(page, 'By contract for a year or so');
  // Arrows go through the answers of a question; the last one is orders.
  for (let answer = 0; answer < 4; answer++) await press(page, 'ArrowDown');
  await page.getByText('Orders: your answer speaks for it.').waitFor();
  await tabTo(page, 'About a year');
  await press(page, 'ArrowUp');
  await page.getByText('Orders: 2 of your 2 answers speak for it.').waitFor();
  await page.getByText('Lit while we heard from the customer in the last 60 days', { exact: false }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await tabTo(page, 'Why');
  await page.keyboard.press('ControlOrMeta+a');
  await press(page, 'Backspace');
  await press(page, 'Tab', 'Enter');
  // What is wrong stands beside its field, in the server's words.
  await page.getByText(/^must be longer than or equal to 1/).waitFor();
  await page.getByLabel('Why').focus();
  await page.keyboard.type('We sell by order');
  await press(page, 'Tab', 'Enter');

  await page.getByRole('heading', { name: 'Load the sample' }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await tooWide(page)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 720 });
  await tabTo(page, 'Start empty');
  await press(page, 'Enter');
  await page.waitForURL((url) => !url.pathname.startsWith('/first-run'));
  expect(await site.askAs('nora', 'GET', 'rules')).toMatchObject({ preset: 'shop', reason: 'We sell by order' });
  expect(faults).toEqual([]);
});

it('a colleague is added, invited, and signs in by the link', async () => {
  const { page, faults } = admin;
  await press(page, 'g', 'a');
  await page.getByRole('heading', { name: 'Colleagues and accounts' }).waitFor();
  await tabTo(page, 'Add a colleague');
  await press(page, 'Enter');
  await page.getByRole('dialog', { name: 'Add a colleague' }).waitFor();
  await page.getByLabel('Full name').waitFor();
  await page.getByLabel('Full name').focus();
  await page.keyboard.type('Ben Orth');
  expect(await page.getByLabel('Id', { exact: true }).inputValue()).toBe('ben');
  await tabTo(page, 'Id');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('ben orth');
  await tabTo(page, 'Department');
  await pick(page, 'Sales');
  await tabTo(page, 'Add and make the link');
  await press(page, 'Enter');
  await page.getByText('must be', { exact: false }).first().waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await page.getByLabel('Id', { exact: true }).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('ben');
  await tabTo(page, 'Role');
  await pick(page, 'Leader');
  await tabTo(page, 'Add and make the link');
  await press(page, 'Enter');
  const link = await page.getByLabel('One-time link').inputValue();
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/welcome#\S{20,}$/);
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await press(page, 'Escape');
  await page.getByText('Invited', { exact: true }).waitFor();

  const ben = await site.visit();
  await ben.page.goto(link);
  await ben.page.getByRole('heading', { name: 'Welcome, Ben Orth' }).waitFor();
  await ben.page.getByLabel('Password', { exact: true }).focus();
  await ben.page.keyboard.type(PASSWORD);
  await tabTo(ben.page, 'The same again');
  await ben.page.keyboard.type(PASSWORD);
  await press(ben.page, 'Enter');
  await ben.page.getByRole('navigation').waitFor();
  // A leader administers nothing, but has an account.
  await ben.page.goto('/administration/audit');
  await ben.page.getByRole('heading', { name: 'Not for your role' }).waitFor();
  await ben.page.goto('/account');
  await ben.page.getByRole('heading', { name: 'Your account' }).waitFor();
  await ben.page.getByLabel('What it is for').focus();
  await ben.page.keyboard.type('board report');
  await tabTo(ben.page, 'Figures');
  await press(ben.page, 'Space');
  await tabTo(ben.page, 'Make the key');
  await press(ben.page, 'Enter');
  expect(await ben.page.getByLabel('API key', { exact: true }).inputValue()).toMatch(/^fr_/);
  expect(await axeFindsInBothThemes(ben.page)).toEqual([]);
  await ben.page.setViewportSize({ width: 360, height: 740 });
  expect(await tooWide(ben.page)).toEqual([]);
  expect([...faults, ...ben.faults]).toEqual([]);

  // Disabled: their session ends at once.
  await tabTo(page, 'Change Ben Orth');
  await press(page, 'Enter');
  await page.getByRole('dialog', { name: 'Ben Orth' }).waitFor();
  await tabTo(page, 'Disable the account');
  await press(page, 'Enter');
  await page.getByText('All their sessions end at once', { exact: false }).waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await page.getByRole('button', { name: 'Disable it' }).focus();
  await press(page, 'Enter');
  await page.getByRole('button', { name: 'Enable the account' }).waitFor();
  await press(page, 'Escape');
  await page.getByText('Disabled', { exact: true }).waitFor();
  await ben.page.reload();
  await ben.page.waitForURL(/\/sign-in/);
  await ben.context.close();
});

it('a person is erased with a receipt, and the audit says who did it', async () => {
  const { page, faults } = admin;
  const { id } = await site.askAs('nora', 'POST', 'customers', { name: 'Morel & Fils' });
  const { person } = await site.askAs('nora', 'POST', `customers/${id}/people`, { name: 'Ines Morel', email: 'ines@example.org' });
  await site.askAs('nora', 'POST', `customers/${id}/interactions`, { entries: [{ kind: 'call', side: 'customer', people: [person], summary: 'Asked about delivery' }] });

  await page.goto('/administration/requests');
  await page.getByText('No requests').waitFor();
  await tabTo(page, 'Record a request');
  await press(page, 'Enter');
  await page.getByRole('dialog', { name: 'Record a request' }).waitFor();
  await page.getByRole('combobox', { name: 'What they ask' }).focus();
  await pick(page, 'Wants to be erased');
  await tabTo(page, 'Record it');
  await press(page, 'Enter');
  await page.getByText('must say who asks, when no person is named').waitFor();
  await page.getByRole('combobox', { name: 'Customer they belong to' }).focus();
  await page.keyboard.type('morel');
  await page.getByRole('option', { name: 'Morel & Fils' }).waitFor();
  await press(page, 'ArrowDown', 'Enter');
  await tabTo(page, 'Person');
  await pick(page, 'Ines Morel');
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await tabTo(page, 'Record it');
  await press(page, 'Enter');
  await page.getByText('1 open, 0 overdue').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);

  await tabTo(page, 'Export or erase');
  await press(page, 'Enter');
  await page.getByRole('heading', { name: 'Erase Ines Morel' }).waitFor();
  await page.getByText('Every text of entries that name them', { exact: false }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  const exported = await page.request.get((await page.getByRole('link', { name: 'As JSON' }).getAttribute('href'))!);
  expect(await exported.text()).toContain('ines@example.org');
  await tabTo(page, 'Why');
  await page.keyboard.type('Asked for it by letter');
  await tabTo(page, 'To confirm, type the name');
  await page.keyboard.type('Ines');
  await press(page, 'Enter');
  await page.getByText('Not the same as above').waitFor();
  await page.keyboard.type(' Morel');
  await press(page, 'Enter');
  await page.getByText('The person is erased').waitFor();
  await page.getByText(/^Receipt /).waitFor();
  await page.getByRole('list', { name: 'Receipts' }).getByText('Asked for it by letter').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  expect(JSON.stringify(await site.askAs('nora', 'GET', `customers/${id}/people`))).not.toMatch(/Ines|ines@/);

  await tabTo(page, 'Audit');
  await press(page, 'Enter');
  await page.getByRole('heading', { name: 'Audit' }).waitFor();
  await tabTo(page, 'What');
  await pick(page, 'Erasure');
  await page.getByRole('cell', { name: 'Erased a person' }).waitFor();
  expect(await page.getByRole('row').count()).toBe(2);
  await page.getByRole('cell', { name: 'Nora Vidal' }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await page.getByLabel('Done to').focus();
  await page.keyboard.type('not an id!');
  await page.getByText('must be', { exact: false }).first().waitFor();
  const csv = await page.request.get('/api/v1/audit?format=csv&action=erase');
  expect(await csv.text()).toMatch(/^at,action/);
  expect(faults).toEqual([]);
});

it('settings are changed with a reason; health checks everything; all pages are clean and narrow enough', async () => {
  const { page, faults } = admin;
  await page.goto('/administration/settings');
  await page.getByRole('heading', { name: 'How long the audit is kept' }).waitFor();
  const audit = page.getByRole('region', { name: 'How long the audit is kept' });
  await audit.getByLabel('Days').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('5');
  await tabTo(page, 'Why');
  await page.keyboard.type('Our auditors ask for it');
  await press(page, 'Enter');
  await audit.getByText('must be a whole number of days from 30 to 3650').waitFor();
  await audit.getByLabel('Days').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('500');
  await press(page, 'Enter');
  await page.getByRole('list', { name: 'What was changed' }).getByText('became 500 days').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);

  await keyTo(page, 'Shift+Tab', 'Health');
  await press(page, 'Enter');
  await page.getByRole('heading', { name: 'Health' }).waitFor();
  await page.getByText(/^Five-Ring \d/).waitFor();
  await tabTo(page, 'Check now');
  await press(page, 'Enter');
  await page.getByText('Everything is as it was recorded').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);

  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of ['', '/requests', '/erasure', '/settings', '/audit', '/health']) {
    await page.goto(`/administration${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect([path, await tooWide(page)]).toEqual([path, []]);
    expect(await axeFinds(page)).toEqual([]);
  }
  expect(faults).toEqual([]);
});
