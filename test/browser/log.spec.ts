/** Logging an entry: by keyboard alone, once however often it is sent, and nothing lost. */
import { axeFinds, axeFindsInBothThemes, HOSTILE, keyTo, press, Site, tabTo } from './browser.js';
import type { Page } from 'playwright-core';

jest.setTimeout(240_000);

let site: Site;
let morel: string;
beforeAll(async () => {
  site = await Site.open();
  morel = await site.customer('Morel & Fils', { owner: 'account-manager' }).catch(() => site.customer('Morel & Fils'));
});

/** Entries of a customer, newest first. */
const entriesOf = async (id: string): Promise<any[]> => (await site.ask('GET', `customers/${id}/timeline`)).items.filter((item: any) => item.kind !== undefined && item.id !== undefined); // eslint-disable-line @typescript-eslint/no-explicit-any -- answers are read

const open = async (page: Page): Promise<void> => {
  await page.goto('/portfolio');
  await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
  await press(page, 'l');
  await page.getByRole('dialog', { name: 'Log an entry' }).waitFor();
  await page.getByRole('combobox', { name: 'Customer' }).waitFor();
};
/** Waits until the focus is in the field of this name, where it is meant to go by itself. */
const isIn = async (page: Page, name: string): Promise<void> => {
  await page.waitForFunction((label) => {
    const { activeElement } = document as unknown as { activeElement: HTMLInputElement | null };
    const group = activeElement?.closest('[role=radiogroup]');
    return [...(activeElement?.labels ?? [])].some(({ textContent }) => textContent === label) || (group != null && document.getElementById(group.getAttribute('aria-labelledby') ?? '')?.textContent === label);
  }, name);
};
const isClosed = (page: Page): Promise<void> => page.getByRole('dialog', { name: 'Log an entry' }).waitFor({ state: 'detached' });

it('an ordinary call takes a few keys; Enter pressed twice sends once', async () => {
  const { page, faults } = await site.visitAs('service');
  await open(page);
  await page.keyboard.type('morel');
  await press(page, 'Enter');
  await isIn(page, 'What happened');
  await press(page, '1');
  await isIn(page, 'Who acted');
  await press(page, 'w');
  await isIn(page, 'What was said and done');
  await page.keyboard.type('Asked when the second line will be delivered');
  await page.screenshot({ path: '/tmp/logging/call.png' });
  await press(page, 'Control+Enter', 'Control+Enter');
  await isClosed(page);
  await page.getByText('Recorded for Morel & Fils.').waitFor();
  const calls = (await entriesOf(morel)).filter(({ summary }) => summary === 'Asked when the second line will be delivered');
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({ kind: 'call', side: 'us', attended: true, channel: 'phone' });
  expect(faults).toEqual([]);
});
void [axeFinds, axeFindsInBothThemes, HOSTILE, keyTo, tabTo];
