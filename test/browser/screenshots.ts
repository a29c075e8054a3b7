/**
 * `npm run screenshots`: the screens as they are for somebody who works with them, of the sample organisation on a fixed day, light and dark, into docs/screenshots.
 * FIVE_RING_SHOTS_PNG names a folder that gets them as PNG too, for viewers that know no WebP.
 */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import type { AccountRole } from '../../src/access/roles.js';
import { PASSWORD, Site, type Visit } from './browser.js';
import { settled } from './screens.js';

jest.setTimeout(900_000);

const OUT = join(__dirname, '../../docs/screenshots');
const PNG = process.env['FIVE_RING_SHOTS_PNG'];
const NOW = '2026-11-18T08:30:00Z';
/** The server's clock has moved a little by then. */
const SEEN = '2026-11-18T08:30:20Z';
const SEED = 5;
const MOST_BYTES = 1_500_000;
const QUALITY = 22;
/** Of a wide screen: about as wide as a page of documentation is. */
const SCALE = 0.7;
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };
/** Colleagues of the sample, by the role that fits their work. */
const AS: Readonly<Record<AccountRole, string>> = { 'account-manager': 'ada', service: 'greta', leader: 'dina', administrator: 'hugo' };

interface Shot {
  readonly name: string;
  readonly as?: AccountRole;
  readonly path: string;
  /** What is done on the screen before it is taken. */
  readonly before?: (page: Page) => Promise<void>;
  readonly narrow?: true;
  /** A state of a screen that another shot shows in the dark. */
  readonly once?: true;
}

let site: Site;
const contexts = new Map<string, Promise<BrowserContext>>();

const options = (narrow: boolean) => ({ viewport: narrow ? NARROW : WIDE, colorScheme: 'light', reducedMotion: 'reduce', timezoneId: 'Europe/Berlin', serviceWorkers: 'block', deviceScaleFactor: 1 }) as const;
const signedIn = new Map<AccountRole, string>();

/** A browser in which the clock stands, and in which the one whose work it is has signed in. */
async function visitAs(role: AccountRole | undefined, narrow: boolean): Promise<Page> {
  const key = `${role ?? 'nobody'} ${narrow}`;
  let context = contexts.get(key);
  if (context === undefined) {
    context = (async () => {
      const { context: made }: Visit = await site.visit(options(narrow));
      if (role !== undefined) {
        const headers = { origin: site.url };
        const link = signedIn.has(role) ? undefined : await site.account(role, AS[role]);
        signedIn.set(role, AS[role]);
        const answer = link === undefined ? await made.request.post('/api/v1/session', { headers, data: { colleague: AS[role], password: PASSWORD } }) : await made.request.post('/api/v1/links/use', { headers, data: { token: new URL(link).hash.slice(1), password: PASSWORD } });
        if (!answer.ok()) throw new Error(`cannot sign in as ${role}: ${await answer.text()}`);
      }
      return made;
    })();
    contexts.set(key, context);
  }
  const page = await (await context).newPage();
  await page.clock.setFixedTime(SEEN);
  return page;
}

/** Chromium writes it itself. @returns bytes. */
async function shoot(page: Page, name: string, narrow: boolean): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY, ...(!narrow && { clip: { x: 0, y: await page.evaluate(() => window.scrollY), ...WIDE, scale: SCALE } }) });
  await writeFile(join(OUT, `${name}.webp`), Buffer.from(data, 'base64'));
  if (PNG !== undefined) await page.screenshot({ path: join(PNG, `${name}.png`) });
  await session.detach();
}

async function take({ name, as, path, before, narrow, once }: Shot): Promise<void> {
  const page = await visitAs(as, narrow === true);
  await page.goto(path);
  await settled(page);
  await before?.(page);
  for (const colorScheme of once === true ? (['light'] as const) : (['light', 'dark'] as const)) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.waitForSelector(`html[data-mantine-color-scheme=${colorScheme}]`);
    await settled(page);
    await shoot(page, `${name}-${colorScheme}`, narrow === true);
  }
  await page.close();
}

/** The one of the sample that has most to show: a customer of ada's whose rings stand differently, and who is worth much. */
async function telling(): Promise<{ readonly id: string; readonly name: string }> {
  const { items } = await site.ask('GET', 'portfolio?limit=200&owner=ada');
  const sorts = ({ rings }: { rings: { state: string }[] }): number => new Set(rings.map(({ state }) => state)).size * 10 + rings.filter(({ state }) => state === 'lit' || state === 'at risk').length;
  return [...items].sort((a, b) => sorts(b) - sorts(a) || (a.id < b.id ? -1 : 1))[0] as { id: string; name: string };
}

/** Two files of the help desk, a month each. */
async function imported(): Promise<void> {
  const mapping = { customer: { source: 'helpdesk', sourceId: '{Customer No}', name: '{Customer Name}' }, entry: { source: 'helpdesk', sourceId: '{Ticket ID}', kind: 'enquiry', occurredAt: '{Opened At}', summary: '{Subject}' }, dates: { format: 'ISO' } };
  const page = await visitAs('administrator', false);
  for (const [name, tickets] of [['tickets-2026-08.csv', 40], ['tickets-2026-09.csv', 25]] as const) {
    const rows = ['Ticket ID,Customer No,Customer Name,Opened At,Subject', ...Array.from({ length: tickets }, (_, n) => `${name.slice(8, 15)}-${n},K-${n % 7},${['Backhaus Mathes', 'Brotwerk Lübeck', 'Forno Montalto', 'Le Fournil', 'Mühle Ost', 'Hotel Am See', 'Pane e Vino'][n % 7]!},2026-0${8 - (n % 3)}-1${n % 9},Asks about delivery ${n}`)].join('\n');
    const answer = await page.context().request.post('/api/v1/imports', { headers: { origin: site.url }, multipart: { mapping: JSON.stringify(mapping), file: { name, mimeType: 'text/csv', buffer: Buffer.from(rows) } } });
    if (!(await answer.text()).includes('"result"')) throw new Error(await answer.text());
  }
  await page.close();
}

it('the screens are taken', async () => {
  // Of a try before this one.
  contexts.clear();
  signedIn.clear();
  site = await Site.empty({ FIVE_RING_TEST_NOW: NOW, FIVE_RING_TIME_ZONE: 'Europe/Berlin', FIVE_RING_PRESET: 'annual-contracts' }, ['../browser/fixed-day.preload.ts']);
  await site.sample(SEED);
  const { id: customer } = await telling();
  const entry = (await site.ask('GET', `customers/${customer}/timeline?limit=50`)).items.find(({ summary }: { summary?: string }) => summary !== undefined)?.id as string;
  const kept = await site.ask('POST', 'kept-figures', { figure: 'advocacy-rate', label: 'For the board, third quarter', asOf: '2026-09-30' });
  const person = (await site.ask('GET', `customers/${customer}/people`)).items[0].id as string;
  await site.ask('PATCH', 'settings', { values: { auditDays: 730 }, reason: 'Our auditors ask for two years' });
  await site.ask('POST', 'requests', { kind: 'access', customer, person, words: 'Wants to know what is held about her' });
  await site.ask('POST', 'requests', { kind: 'erasure', who: 'Somebody who wrote to the office', words: 'Asks whether anything is held at all' });
  await site.ask('POST', 'colleagues', { id: 'mira', name: 'Mira Falk', department: 'service' });
  const invitation = await site.account('service', 'mira');
  await imported();
  const shots: Shot[] = [
    { name: 'sign-in', path: '/sign-in' },
    { name: 'welcome', path: `/welcome#${new URL(invitation).hash.slice(1)}` },
    { name: 'start-account-manager', as: 'account-manager', path: '/' },
    { name: 'start-service', as: 'service', path: '/' },
    { name: 'start-leader', as: 'leader', path: '/' },
    { name: 'start-administrator', as: 'administrator', path: '/' },
    { name: 'portfolio', as: 'account-manager', path: '/portfolio' },
    { name: 'customer', as: 'account-manager', path: `/customers/${customer}` },
    { name: 'customer-entry', once: true, as: 'account-manager', path: `/customers/${customer}?entry=${entry}`, before: (page) => page.evaluate((id) => document.querySelector(`[data-key="${id}"]`)?.scrollIntoView({ block: 'center' }), entry) },
    { name: 'customer-past', as: 'account-manager', path: `/customers/${customer}?on=2025-11-18`, once: true },
    { name: 'log', as: 'account-manager', path: `/customers/${customer}`, before: async (page) => {
      await page.keyboard.press('l');
      await page.getByRole('dialog').getByLabel('What happened').waitFor();
      await settled(page);
      await page.keyboard.press('1');
      await page.getByRole('dialog').getByLabel('What was said and done').fill('Asked when the second line will be delivered, and whether the old oven can stay until Easter');
    } },
    { name: 'leadership', as: 'leader', path: '/leadership' },
    { name: 'leadership-trend', once: true, as: 'leader', path: '/leadership', before: (page) => page.evaluate(() => {
      document.querySelectorAll('h2')[1]?.scrollIntoView({ block: 'start' });
      // Below the header, which stays.
      window.scrollBy(0, -72);
    }) },
    { name: 'leadership-figure', as: 'leader', path: '/leadership/figure/advocacy-rate' },
    { name: 'leadership-kept', as: 'leader', path: `/leadership/kept/${kept.id}` },
    { name: 'leadership-kept-list', as: 'leader', path: '/leadership/kept' },
    { name: 'leadership-report', as: 'leader', path: '/leadership/report' },
    { name: 'promises', as: 'account-manager', path: '/promises?whose=all' },
    { name: 'contracts', as: 'account-manager', path: '/contracts' },
    { name: 'advocates', as: 'account-manager', path: '/advocates' },
    { name: 'whom-to-ask', as: 'account-manager', path: '/advocates/whom-to-ask' },
    { name: 'asks', as: 'account-manager', path: '/advocates/asks?which=all' },
    { name: 'referrals', as: 'leader', path: '/advocates/referrals' },
    { name: 'alignment', as: 'leader', path: '/alignment' },
    { name: 'checks', as: 'leader', path: '/alignment/checks' },
    { name: 'campaigns', as: 'leader', path: '/alignment/campaigns' },
    { name: 'what-helped', as: 'leader', path: '/what-helped' },
    { name: 'rules', as: 'administrator', path: '/rules' },
    { name: 'import', as: 'administrator', path: '/import', before: async (page) => {
      await page.locator('input[type=file]').first().setInputFiles({ name: 'tickets-2026-10.csv', mimeType: 'text/csv', buffer: Buffer.from(['Ticket ID;Customer No;Customer Name;Opened At;Type;Direction;Priority;Subject', ...['Second oven does not heat', 'Asks for the price of the service', 'Dough divider is loud', 'Thanks for the night hotline'].map((subject, n) => `T-${n + 1};K-${n % 3};${['Backhaus Mathes', 'Brotwerk Lübeck', 'Forno Montalto'][n % 3]!};0${n + 3}.10.2026 09:00;${['Complaint', 'Enquiry', 'Complaint', 'Praise'][n]!};in;${['High', 'Low', 'Normal', 'Low'][n]!};${subject}`)].join('\n')) });
      await page.getByRole('table', { name: 'What the first rows become' }).waitFor();
    } },
    { name: 'past-imports', as: 'administrator', path: '/import', before: (page) => page.evaluate(() => document.getElementById('past-runs')?.scrollIntoView({ block: 'start' })) },
    { name: 'export', as: 'administrator', path: '/export' },
    { name: 'first-run', as: 'administrator', path: '/first-run' },
    { name: 'colleagues', as: 'administrator', path: '/administration' },
    { name: 'requests', as: 'administrator', path: '/administration/requests' },
    { name: 'erasure', as: 'administrator', path: `/administration/erasure?customer=${customer}&person=${person}` },
    { name: 'settings', as: 'administrator', path: '/administration/settings' },
    { name: 'audit', as: 'administrator', path: '/administration/audit' },
    { name: 'health', as: 'administrator', path: '/administration/health' },
    { name: 'account', as: 'account-manager', path: '/account' },
    { name: 'narrow-start', as: 'account-manager', path: '/', narrow: true, once: true },
    { name: 'narrow-portfolio', as: 'account-manager', path: '/portfolio', narrow: true, once: true },
    { name: 'narrow-customer', as: 'account-manager', path: `/customers/${customer}`, narrow: true, once: true },
    { name: 'narrow-start-service', as: 'service', path: '/', narrow: true, once: true },
  ];
  const wanted = process.env['FIVE_RING_SHOTS']?.split(',');
  if (wanted === undefined) await rm(OUT, { recursive: true, force: true });
  for (const folder of [OUT, ...(PNG === undefined ? [] : [PNG])]) await mkdir(folder, { recursive: true });
  const failed: string[] = [];
  for (const shot of shots.filter(({ name }) => wanted === undefined || wanted.includes(name))) await take(shot).catch((error: unknown) => failed.push(`${shot.name}: ${String(error)}`));
  const sizes = await Promise.all((await readdir(OUT)).map(async (file) => (await stat(join(OUT, file))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  process.stdout.write(`${sizes.length} screenshots, ${Math.round(bytes / 1000)} kB in all\n`);
  expect(failed).toEqual([]);
  expect(bytes).toBeLessThan(MOST_BYTES);
});
