/** Whatever fails on the way, what was written is recorded once and in its order, and what is shown is true. Beside each check the bug is planted that it looks for. */
import type { BrowserContext } from 'playwright-core';
import { Between } from '../between.js';
import { keyTo, press, Site, tabTo } from '../browser.js';
import { come, fillNote, summariesOf, writeNote } from '../notes.js';
import { plantedWeb, type Planted } from '../planted.js';

jest.setTimeout(300_000);

const OUTBOX = 'app/outbox.ts';
const FORM = 'screens/log/log-form.tsx';
const WORKER = 'sw/sw.ts';
const OTHER_KEY: Planted = { file: OUTBOX, from: '{ entries: entry.entries }, entry.key)', to: '{ entries: entry.entries }, crypto.randomUUID())' };

const NAME = 'Morel & Fils';
/** A site with a customer; its app as it is, or with these bugs in it. */
async function siteWith(planted: readonly Planted[]): Promise<{ readonly site: Site; readonly customer: string }> {
  const site = await Site.open(planted.length === 0 ? {} : { FIVE_RING_WEB: await plantedWeb(...planted) });
  return { site, customer: await site.customer(NAME) };
}

/** Answers to what is written take their time, so that what comes next comes before them. */
const slowly = (context: BrowserContext): Promise<unknown> => context.route(/\/interactions$/, async (route) => {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await route.continue();
});

/** One that was planted: what is wrong with it then. Without: nothing is. */
const bothWays = <T>(sound: T, planted: readonly Planted[], wrong: T): [string, readonly Planted[], T][] => [['as it is', [], sound], ['planted', planted, wrong]];

describe('an answer that was lost on its way', () => {
  it.each(bothWays(1, [OTHER_KEY], 2))('is asked for again: %s', async (_, planted, times) => {
    const { site, customer } = await siteWith(planted);
    const { page, context } = await site.visitAs('service');
    await page.goto('/portfolio');
    await page.getByRole('link', { name: NAME }).waitFor();
    await context.route(/\/interactions$/, async (route) => {
      // It arrives, and the answer does not.
      await route.fetch();
      await route.abort('connectionreset');
    }, { times: 1 });
    await writeNote(page, NAME, 'its answer was lost');
    await page.getByRole('button', { name: '1 entry waits to be sent' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: NAME }).waitFor();
    await page.getByRole('button', { name: /to be sent/ }).waitFor({ state: 'detached' });
    expect((await summariesOf(site, customer)).filter((text) => text === 'its answer was lost')).toHaveLength(times);
    await site.close();
  });
});

describe('Enter pressed twice', () => {
  it.each(bothWays(1, [{ file: FORM, from: 'if (sending.current) return;', to: '' }, { file: FORM, from: 'colleague: session.colleague, key, customer:', to: 'colleague: session.colleague, key: newKey(), customer:' }], 2))('sends once: %s', async (_, planted, times) => {
    const { site, customer } = await siteWith(planted);
    const { page, context } = await site.visitAs('service');
    await page.goto('/portfolio');
    await page.getByRole('link', { name: NAME }).waitFor();
    await slowly(context);
    await fillNote(page, NAME, 'said once');
    await press(page, 'Control+Enter', 'Control+Enter');
    await page.getByRole('dialog', { name: 'Log an entry' }).waitFor({ state: 'detached' });
    await page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.startsWith('five-ring:waiting:')));
    expect((await summariesOf(site, customer)).filter((text) => text === 'said once')).toHaveLength(times);
    await site.close();
  });
});

describe('what waited', () => {
  it.each(bothWays(['first', 'second'], [{ file: OUTBOX, from: '.sort().flatMap((key)', to: '.sort().reverse().flatMap((key)' }], ['second', 'first']))('goes out in its order: %s', async (_, planted, order) => {
    const { site } = await siteWith(planted);
    const visit = await site.visitAs('service');
    const { page, context } = visit;
    await come(visit, '/portfolio');
    await page.getByRole('link', { name: NAME }).waitFor();
    await context.route(/\/interactions$/, (route) => route.abort('connectionreset'));
    for (const text of ['first', 'second']) await writeNote(page, NAME, text);
    await page.getByRole('button', { name: '2 entries wait to be sent' }).waitFor();
    await context.unroute(/\/interactions$/);
    await page.reload();
    await page.getByRole('link', { name: NAME }).waitFor();
    await page.getByRole('button', { name: /to be sent/ }).waitFor({ state: 'detached' });
    const { items } = await site.ask('GET', 'log?limit=1000');
    expect(items.flatMap(({ type, data }: { type: string; data: { summary?: string } }) => (type === 'InteractionLogged' && ['first', 'second'].includes(data.summary ?? '') ? [data.summary] : []))).toEqual(order);
    await site.close();
  });

  it.each(bothWays(1, [OTHER_KEY, { file: OUTBOX, from: "(navigator.locks === undefined ? inTurn() : navigator.locks.request('five-ring-waiting', inTurn))", to: 'inTurn()' }], 2))('goes out by one of two tabs: %s', async (_, planted, times) => {
    const { site, customer } = await siteWith(planted);
    const visit = await site.visitAs('service');
    const { page, context } = visit;
    await page.goto('/portfolio');
    await page.getByRole('link', { name: NAME }).waitFor();
    await context.route(/\/interactions$/, (route) => route.abort('connectionreset'));
    await writeNote(page, NAME, 'in two tabs');
    const other = await context.newPage();
    await other.goto('/portfolio');
    // What waits in one is seen in the other.
    await other.getByRole('button', { name: '1 entry waits to be sent' }).waitFor();
    await context.unroute(/\/interactions$/);
    await slowly(context);
    await Promise.all([page, other].map((tab) => tab.evaluate(() => window.dispatchEvent(new Event('online')))));
    for (const tab of [page, other]) await tab.getByRole('button', { name: /to be sent/ }).waitFor({ state: 'detached' });
    await page.waitForFunction(async () => (await navigator.locks.query()).held?.some(({ name }) => name === 'five-ring-waiting') === false);
    expect((await summariesOf(site, customer)).filter((text) => text === 'in two tabs')).toHaveLength(times);
    await site.close();
  });
});

describe('a browser that keeps no more', () => {
  it.each(bothWays(1, [{ file: OUTBOX, from: 'if (!keep(whole)) {', to: 'if (!keep(whole) && whole.id === undefined) {' }], 0))('still sends: %s', async (_, planted, times) => {
    const { site, customer } = await siteWith(planted);
    const { page, context } = await site.visitAs('service');
    await page.goto('/portfolio');
    await page.getByRole('link', { name: NAME }).waitFor();
    await page.evaluate(() => {
      for (let size = 1_000_000; size >= 1; size = Math.floor(size / 2)) {
        try {
          for (let at = 0; ; at++) localStorage.setItem(`full-${size}-${at}`, 'x'.repeat(size));
        } catch {
          // The next is smaller.
        }
      }
    });
    await writeNote(page, NAME, 'there is no room');
    expect((await summariesOf(site, customer)).filter((text) => text === 'there is no room')).toHaveLength(times);
    if (times === 0) return site.close();
    // Without a connection either it stays in the form, and the form says so.
    await context.route(/\/interactions$/, (route) => route.abort('connectionreset'));
    await fillNote(page, NAME, 'stays here');
    await press(page, 'Control+Enter');
    await page.getByText(/^No answer from the server/).waitFor();
    expect(await page.getByLabel('What was said and done').inputValue()).toBe('stays here');
    await context.unroute(/\/interactions$/);
    await page.getByLabel('What was said and done').focus();
    await press(page, 'Control+Enter');
    await page.getByRole('dialog', { name: 'Log an entry' }).waitFor({ state: 'detached' });
    expect((await summariesOf(site, customer)).filter((text) => text === 'stays here')).toHaveLength(1);
    return site.close();
  });
});

describe('signing out', () => {
  const PLANTED = [{ file: 'app/offline.ts', from: "await ask('forget');", to: '' }, { file: 'app/offline.ts', from: "if ('caches' in window) await caches.delete('five-ring-data');", to: '' }, { file: WORKER, from: 'if (answer.ok) await forget();', to: '' }, { file: WORKER, from: 'if (before !== undefined && before !== now) {', to: 'if (false) {' }];
  it.each(bothWays(false, PLANTED, true))('leaves nothing of what was read: %s', async (_, planted, isLeft) => {
    const { site } = await siteWith(planted);
    const visit = await site.visitAs('service');
    const { page } = visit;
    await come(visit, '/portfolio');
    await page.getByRole('link', { name: NAME }).waitFor();
    await page.waitForFunction(async () => (await (await caches.open('five-ring-data')).keys()).some(({ url }) => url.includes('/portfolio')));
    await tabTo(page, /^Your account/);
    await press(page, 'Enter');
    await page.getByRole('menu').waitFor();
    await keyTo(page, 'ArrowDown', 'Sign out');
    await press(page, 'Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate(async () => (await (await caches.open('five-ring-data')).keys()).some(({ url }) => url.includes('/portfolio')))).toBe(isLeft);
    await site.close();
  });
});

describe('what stands between', () => {
  const PLANTED = [{ file: WORKER, from: " && !(headers.get('content-type') ?? '').startsWith('application/problem+json')", to: '' }];
  it.each(bothWays(false, PLANTED, true))('a server that is down is told from one that says no: %s', async (_, planted, isOld) => {
    const { site } = await siteWith(planted);
    const between = await Between.open(site.url);
    const visit = await site.visitAs('service', { baseURL: between.url });
    const { page } = visit;
    await come(visit, '/portfolio');
    await page.getByRole('link', { name: NAME }).waitFor();
    await page.waitForFunction(async () => (await (await caches.open('five-ring-data')).keys()).some(({ url }) => url.includes('/portfolio')));
    const reads = (type: string, body: string): void => between.does((method, path) => (method === 'GET' && path.startsWith('/api/v1/portfolio') ? { status: 503, type, body } : undefined));
    // The proxy's own page: what was kept is shown, and says of when.
    reads('text/html', '<h1>Bad gateway</h1>');
    await page.reload();
    await page.getByText(/This is as of/).waitFor();
    await page.getByRole('link', { name: NAME }).waitFor();
    // The server's own refusal is an answer.
    reads('application/problem+json', JSON.stringify({ type: 'about:blank', title: 'Not available now', status: 503, code: 'views-behind', detail: 'The views have not caught up.', requestId: 'one' }));
    await page.reload();
    const [old, refused] = [page.getByText(/This is as of/), page.getByRole('alert').getByText('The views have not caught up.')];
    await old.or(refused).first().waitFor();
    expect([await old.count() > 0, await refused.count() > 0]).toEqual([isOld, !isOld]);
    between.does();
    await site.close();
    await between.close();
  });
});
