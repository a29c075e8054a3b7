/** Leadership: from a number to its customers and their entries, by keyboard. */
import { RATE, withAdvocates } from './advocates.js';
import { axeFinds, axeFindsInBothThemes, press, Site, tabTo } from './browser.js';

jest.setTimeout(240_000);

let site: Site;
let ids: string[];
beforeAll(async () => {
  site = await Site.open();
  ids = await withAdvocates(site);
});

it('leads by keyboard from a number to its customers, to an entry; charts come only now, and each has its table', async () => {
  const { page, faults } = await site.visitAs('leader');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto('/nothing/here');
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  expect(asked.filter((url) => /\/charts-/.test(url))).toEqual([]);

  await press(page, 'g', 'f');
  await page.getByRole('heading', { name: 'Leadership', level: 1 }).waitFor();
  await page.getByRole('img', { name: /^Advocacy rate: .* on / }).waitFor();
  await page.getByText('A hotline at night (Bakers call at four)').waitFor();
  // Few: the counts come first. What is not recorded is a hint and no zero.
  expect(await page.getByRole('link', { name: RATE }).first().textContent()).toBe('1 of 3');
  await page.getByRole('heading', { name: 'Voice of the customer' }).scrollIntoViewIfNeeded();
  await page.getByText('Not shown: there is no entry yet of the kind Survey answered.').first().waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  expect(asked.filter((url) => /\/charts-/.test(url)).length).toBeGreaterThan(0);
  expect(await axeFindsInBothThemes(page)).toEqual([]);

  await page.getByRole('switch', { name: 'As a table' }).first().focus();
  await press(page, 'Space');
  await page.getByRole('columnheader', { name: 'Advocacy rate' }).waitFor();
  expect(await axeFinds(page)).toEqual([]);

  await page.locator('main').focus();
  await tabTo(page, RATE);
  await press(page, 'Enter');
  await page.getByRole('heading', { name: 'Customers behind it' }).waitFor();
  await page.getByText('3 lines').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await tabTo(page, /^Morel & Fils: \d+ entr/);
  await press(page, 'Enter');
  await page.getByText('Told two others').waitFor();
  await tabTo(page, 'Open it on the customer’s page');
  await press(page, 'Enter');
  await page.waitForURL(new RegExp(`/customers/${ids[0]}\\?entry=`));
  expect(faults).toEqual([]);
});
