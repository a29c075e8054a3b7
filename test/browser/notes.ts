/** Notes written by keyboard, and where they are afterwards. */
import type { Page } from 'playwright-core';
import { isIn, press, type Site, type Visit } from './browser.js';

/** Texts of a customer's entries. */
export const summariesOf = async (site: Site, customer: string): Promise<string[]> => (await site.ask('GET', `customers/${customer}/timeline?limit=200`)).items.map(({ summary }: { summary?: string }) => summary ?? '');

/** Comes with the worker in charge, so that what is read is kept. */
export async function come({ page }: Visit, path: string): Promise<void> {
  await page.goto(path);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.reload();
}

/** Opens the form by its key and fills it in. On the page of a customer it is for that one. */
export async function fillNote(page: Page, customer: string, text: string): Promise<void> {
  await press(page, 'l');
  await page.getByRole('dialog', { name: 'Log an entry' }).waitFor();
  if (!page.url().includes('/customers/')) {
    await isIn(page, 'Customer');
    await page.keyboard.type(customer);
    await page.getByRole('option', { name: customer, exact: true }).waitFor();
    await press(page, 'Enter');
  }
  await isIn(page, 'What happened');
  await page.keyboard.type('note');
  await press(page, 'Enter');
  await isIn(page, 'What was said and done');
  await page.keyboard.type(text);
}

export async function writeNote(page: Page, customer: string, text: string): Promise<void> {
  await fillNote(page, customer, text);
  await press(page, 'Control+Enter');
  await page.getByRole('dialog', { name: 'Log an entry' }).waitFor({ state: 'detached' });
}
