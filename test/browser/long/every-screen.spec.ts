/**
 * What spans the screens: each opened by its address, in both themes and 360 pixels wide, for every role that may see it,
 * on data that is hostile in every place where somebody writes.
 */
import type { Page } from 'playwright-core';
import { ACCOUNT_ROLES, type AccountRole } from '../../../src/access/roles.js';
import { ROUTES } from '../../../src/access/route-table.js';
import { axeFinds, Site, type Visit } from '../browser.js';
import { HOSTILE } from '../hostile.js';
import { KEYS, writeHostileRecord, type HostileRecord } from '../hostile-record.js';
import { allScreens, settled, type ListedScreen } from '../screens.js';

jest.setTimeout(600_000);

const NARROW = { width: 360, height: 640 };
const WIDE = { width: 1280, height: 800 };

const screens = allScreens();
let site: Site;
let record: HostileRecord;
const visits = new Map<AccountRole, Visit>();
/** Texts of the list that were seen, by screen. */
const seen = new Map<string, Set<string>>();
let checks = 0;

/** What stands in the place of parameters; a new screen with others says here how it is opened. */
function addressOf(path: string): string {
  const address = path.replace('/customers/$id', `/customers/${record.customer}`).replace('/kept/$id', `/kept/${record.kept}`).replace('/figure/$name', '/figure/advocacy-rate');
  if (address.includes('$')) throw new Error(`${path}: say here how it is opened`);
  return address;
}

/** Screens on which a role sees other things, or may do others, than an administrator. The rest are opened as an administrator alone. */
const DIFFERS = ['/', '/portfolio', '/customers/$id', '/rules'];
const maySee = (role: AccountRole, { asks }: ListedScreen): boolean => asks === undefined || ROUTES[asks]!.cells[role] !== 'no';

/** Scripts of the list call this, where one runs. */
async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => Object.assign(window, { hostile: () => Object.assign(window, { ran: true }) }));
}
const hasRun = (page: Page): Promise<boolean> => page.evaluate(() => 'ran' in window);

async function visitOf(role: AccountRole): Promise<Visit> {
  let visit = visits.get(role);
  if (visit === undefined) {
    visits.set(role, (visit = await site.visitAs(role, { viewport: WIDE, colorScheme: 'light', reducedMotion: 'reduce' })));
    // Who is signed in stands in the header of every screen.
    await site.ask('PATCH', `colleagues/${role}`, { name: HOSTILE[30 + ACCOUNT_ROLES.indexOf(role)] });
  }
  return visit;
}

/** All that can be read on the page, also in fields and names of buttons. */
const readable = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const texts = [document.title, document.body.textContent];
    for (const element of document.querySelectorAll('[aria-label], [title], input, textarea')) texts.push(element.getAttribute('aria-label') ?? '', element.getAttribute('title') ?? '', (element as HTMLInputElement).value ?? '');
    return texts.join('\n');
  });

/** Goes down to the end, a screen at a time, and gathers what of the list is shown. Lists draw only what is in sight. */
async function gather(page: Page, into: Set<string>): Promise<void> {
  for (let turn = 0, before = -1; turn < 200; turn++) {
    const text = await readable(page);
    for (const one of HOSTILE) if (text.includes(one)) into.add(one);
    const at = await page.evaluate(async () => {
      window.scrollBy(0, innerHeight * 0.8);
      for (const list of document.querySelectorAll('*')) if (list.scrollHeight > list.clientHeight + 4 && /auto|scroll/.test(getComputedStyle(list).overflowY)) list.scrollTop += list.clientHeight * 0.8;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      return window.scrollY + [...document.querySelectorAll('*')].reduce((sum, { scrollTop }) => sum + scrollTop, 0);
    });
    if (at === before) return;
    before = at;
  }
}

/** What is wrong with the page as it stands: sentences. */
async function wrongWith(page: Page): Promise<string[]> {
  const wrong: string[] = [];
  if (await hasRun(page)) wrong.push('a script of the data ran');
  if ((await page.getByText('There is no such page').count()) + (await page.getByText('[object Object],').count()) > 0) wrong.push('it is not there, or shows an object');
  await page.setViewportSize(NARROW);
  // The navigation slides away, and what draws itself anew for the width has done so.
  await page.evaluate(() => Promise.all(document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity).map(({ finished }) => finished.catch(() => undefined))));
  await settled(page);
  const wide = await page.evaluate(() => {
    const { scrollWidth } = document.documentElement;
    if (scrollWidth <= innerWidth) return null;
    const out = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > innerWidth + 1).slice(0, 3);
    return `${scrollWidth} of 360 pixels wide, by ${out.map((element) => `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}">`).join(', ')}`;
  });
  if (wide !== null) wrong.push(wide);
  await page.setViewportSize(WIDE);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.waitForSelector(`html[data-mantine-color-scheme=${colorScheme}]`);
    wrong.push(...new Set((await axeFinds(page)).map((found) => `${colorScheme}: ${found}`)));
  }
  checks += 4;
  return wrong;
}

beforeAll(async () => {
  site = await Site.open();
  record = await writeHostileRecord(site);
});

it('the list has a hundred texts, and the screens are those of the folders', () => {
  expect(new Set(HOSTILE).size).toBe(100);
  expect(screens.length).toBeGreaterThanOrEqual(15);
  expect(KEYS.length).toBeGreaterThan(8);
});

describe.each(ACCOUNT_ROLES)('as %s', (role) => {
  const inside = screens.filter(({ open }) => open !== true);

  it.each(inside.filter((screen) => maySee(role, screen) && (role === 'administrator' || DIFFERS.includes(screen.path))))('$path', async ({ path }) => {
    const began = Date.now();
    const { page, faults } = await opened(role, addressOf(path));
    const found = await wrongWith(page);
    if (role === 'administrator' || (role === 'account-manager' && path === '/')) await gather(page, seenOn(path));
    if (await hasRun(page)) found.push('a script of the data ran, further down');
    process.stdout.write(`${role} ${path}: ${found.length + faults.length} findings, ${seen.get(path)?.size ?? 0} texts of the list, ${((Date.now() - began) / 1000).toFixed(1)} s\n${[...found, ...faults].map((one) => `  ${one}\n`).join('')}`);
    expect([...found, ...faults]).toEqual([]);
    await page.close();
  });

  it('what is not for them says so', async () => {
    for (const { path } of inside.filter((screen) => !maySee(role, screen))) {
      const { page, faults } = await opened(role, addressOf(path));
      expect([path, await page.getByRole('heading', { level: 1 }).allTextContents(), faults]).toEqual([path, ['Not for your role'], []]);
      await page.close();
    }
  });
});

function seenOn(path: string): Set<string> {
  const texts = seen.get(path) ?? new Set();
  seen.set(path, texts);
  return texts;
}

/** A page of its own, with what goes wrong on it. */
async function opened(role: AccountRole, address: string): Promise<{ readonly page: Page; readonly faults: string[] }> {
  const page = await (await visitOf(role)).context.newPage();
  const faults: string[] = [];
  await watch(page);
  listen(page, faults);
  await page.goto(address);
  await settled(page);
  return { page, faults };
}

/** Errors on the console, refusals of the policy, exceptions and dialogs of a further page. */
function listen(page: Page, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text());
  });
  page.on('dialog', (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
}

it('those who are not signed in: the doors', async () => {
  const found: string[] = [];
  const { context, faults } = await site.visit({ viewport: WIDE });
  for (const { path } of screens.filter(({ open }) => open === true)) {
    const page = await context.newPage();
    await watch(page);
    listen(page, faults);
    // A link that is good for nothing, of hostile text.
    await page.goto(`${path}${path === '/welcome' ? `#${encodeURIComponent(HOSTILE[10]!)}` : `?to=${encodeURIComponent('javascript:hostile()')}`}`);
    await settled(page);
    found.push(...(await wrongWith(page)).map((one) => `${path}: ${one}`), ...faults.splice(0).map((fault) => `${path}: ${fault}`));
    await page.close();
  }
  expect(found).toEqual([]);
});

it('the record shows all hundred, as they were written; so does the portfolio', async () => {
  const shown = seenOn('/customers/$id');
  // What stands in further fields of an entry is seen where it is opened.
  const { items } = await site.ask('GET', `customers/${record.customer}/timeline?limit=200&originals=true`);
  const { page, faults } = await opened('administrator', `/customers/${record.customer}?all=1&entry=${record.entry}`);
  await gather(page, shown);
  await page.close();
  for (const text of HOSTILE.filter((one) => !shown.has(one))) {
    const entry = items.find((item: object) => Object.values(item).includes(text));
    if (entry === undefined) continue;
    const { page: there, faults: more } = await opened('administrator', `/customers/${record.customer}?all=1&entry=${entry.id}`);
    if ((await readable(there)).includes(text)) shown.add(text);
    faults.push(...more);
    await there.close();
  }
  expect(HOSTILE.filter((text) => !shown.has(text))).toEqual([]);
  expect(HOSTILE.filter((text) => !seenOn('/portfolio').has(text))).toEqual([]);
  expect(faults).toEqual([]);
});

it('one typed into every field of every screen runs nothing and breaks nothing', async () => {
  const found: string[] = [];
  let typed = 0;
  for (const { path } of screens.filter(({ open }) => open !== true)) {
    const { page, faults } = await opened('administrator', addressOf(path));
    const fields = page.locator('main').locator('input:visible:not([type=checkbox]):not([type=radio]):not([type=file]):not([type=date]):not([readonly]):not([disabled]), textarea:visible');
    for (let nth = 0; nth < (await fields.count()) && nth < 30; nth++) {
      await fields.nth(nth).focus();
      await page.keyboard.insertText(HOSTILE[(typed++ * 7) % HOSTILE.length]!);
    }
    await settled(page);
    if (await hasRun(page)) found.push(`${path}: a script that was typed ran`);
    found.push(...faults.map((fault) => `${path}: ${fault}`));
    await page.close();
  }
  expect(found).toEqual([]);
  expect(typed).toBeGreaterThan(10);
  process.stdout.write(`${screens.length} screens, ${checks} checks, ${typed} fields typed into; texts of the list by screen: ${[...seen].map(([path, { size }]) => `${path} ${size}`).join(', ')}\n`);
});

describe('planted', () => {
  it('a page that runs one of them is found, by the policy and, without it, by what ran', async () => {
    for (const bypassCSP of [false, true]) {
      const { page, faults } = await site.visit({ bypassCSP });
      await watch(page);
      await page.goto('/sign-in');
      await settled(page);
      await page.evaluate((text) => document.body.insertAdjacentHTML('beforeend', text), HOSTILE[10]!);
      if (bypassCSP) await page.waitForFunction(() => 'ran' in window);
      else for (let turn = 0; faults.length === 0 && turn < 100; turn++) await settled(page);
      expect((await wrongWith(page)).includes('a script of the data ran')).toBe(bypassCSP);
      expect(faults.join().includes('Content Security Policy')).toBe(!bypassCSP);
    }
  });

  it('a field without a name, and what cannot be read in the dark, are found', async () => {
    const { page } = await site.visit();
    await page.goto('/sign-in');
    await settled(page);
    await page.evaluate(() => {
      const [field, words] = [document.createElement('input'), document.createElement('p')];
      words.textContent = 'Dark on dark';
      words.setAttribute('id', 'words');
      document.body.append(field, words);
      words.style.color = '#333';
    });
    const found = await wrongWith(page);
    expect(found.filter((one) => /^light: label/.test(one))).toHaveLength(1);
    expect(found.filter((one) => /color-contrast/.test(one) && one.includes('#words')).map((one) => one.slice(0, 4))).toEqual(['dark']);
  });

  it('a screen too wide is found, and what makes it so', async () => {
    const { page } = await site.visit();
    await page.goto('/sign-in');
    await settled(page);
    await page.evaluate(() => {
      const broad = document.body.appendChild(document.createElement('div'));
      broad.className = 'broad';
      broad.style.width = '420px';
      broad.style.height = '20px';
    });
    expect((await wrongWith(page)).filter((one) => one.includes('pixels wide') && one.includes('broad'))).toHaveLength(1);
  });
});
