/** The web app in a real Chromium on a real server: what every browser test stands on. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { AccountRole } from '../../src/access/roles.js';
import { startProcess, type Running } from '../api/process.js';
import { builtWeb } from './build.js';
import { openChromium } from './chromium.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are read, not trusted
type Json = any;

export const PASSWORD = 'correct horse battery staple';

// A machine that does much else besides may starve a page for as long as a wait lasts: a journey is gone through once more before
// it has failed, and what the first time was like is printed all the same.
jest.retryTimes(1, { logErrorsBeforeRetry: true });

let browser: Promise<Browser> | undefined;
/** Pages of the test that runs, with the requests that each made last. */
const pages = new Map<Page, string[]>();
beforeEach(() => pages.clear());
Object.assign(globalThis, {
  whenFailed: async (): Promise<void> => {
    for (const [page, asked] of pages) {
      const shown = await page.evaluate(() => `${location.href}\n${document.body.innerText}\nFocus: ${document.activeElement?.outerHTML.slice(0, 200)}`).catch(String);
      console.log(`The page as it was:\n${shown.slice(0, 6000)}\nIts last requests:\n${asked.slice(-20).join('\n')}`);
    }
  },
});
const sites = new Set<Site>();
afterAll(async () => {
  for (const site of sites) await site.close();
  await (await browser)?.close();
});

/** A page with what went wrong on it: a test ends with `expect(faults).toEqual([])`. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors on the console, what the policy refused, exceptions that nobody caught. */
  readonly faults: string[];
}

/** A server of its own on an empty folder, in a process of its own, serving the built app; the colleague ada is in it. */
export class Site {
  private readonly invited = new Map<AccountRole, string>();

  private constructor(
    readonly folder: string,
    private server: Running,
    readonly url: string,
    private readonly settings: Readonly<Record<string, string>>,
  ) {
    sites.add(this);
  }

  static async open(env: Readonly<Record<string, string>> = {}): Promise<Site> {
    const site = await Site.empty(env);
    await site.ask('POST', 'colleagues', { id: 'ada', name: 'Ada Berg', department: 'service' });
    return site;
  }

  /** One in which there is nobody yet; `preloads` as in `startProcess`. */
  static async empty(env: Readonly<Record<string, string>> = {}, preloads: readonly string[] = []): Promise<Site> {
    const [web, folder] = await Promise.all([builtWeb(), mkdtemp(join(tmpdir(), 'five-ring-browser-'))]);
    const settings = { FIVE_RING_DATA: folder, FIVE_RING_TIME_ZONE: 'UTC', FIVE_RING_WEB: web, ...env };
    const server = await startProcess(settings, preloads);
    return new Site(folder, server, `http://127.0.0.1:${server.port}`, settings);
  }

  /** Stops the server and starts it anew at the same address, with these settings in place of those it had. */
  async again(env: Readonly<Record<string, string>>): Promise<void> {
    this.server.child.kill('SIGTERM');
    await this.server.exit;
    this.server = await startProcess({ ...this.settings, PORT: new URL(this.url).port, ...env });
  }

  /** The link for the first administrator, as it is printed at the start. */
  async firstLink(): Promise<string> {
    for (;;) {
      const link = /first administrator.*?(http:\S+)/.exec(this.server.said())?.[1];
      if (link !== undefined) return link;
      await new Promise((resolve) => this.server.child.stdout!.once('data', resolve));
    }
  }

  async close(): Promise<void> {
    if (!sites.delete(this)) return;
    this.server.child.kill('SIGTERM');
    await this.server.exit;
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Asks the API as ada, with all rights. `path` as in `customers/ID/interactions`. @throws with the answer when it refuses. */
  ask(method: string, path: string, body?: object): Promise<Json> {
    return this.askAs('ada', method, path, body);
  }

  /** The same as another colleague. */
  async askAs(colleague: string, method: string, path: string, body?: object): Promise<Json> {
    const answer = await fetch(`${this.url}/api/v1/${path}`, { method, headers: { authorization: this.server.authorization, 'x-colleague': colleague, ...(body !== undefined && { 'content-type': 'application/json' }) }, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  private async logEnd(since?: string): Promise<string> {
    return (await this.ask('GET', `log?limit=1000${since === undefined ? '' : `&since=${since}`}`)).next as string;
  }

  /** Loads the sample organisation into one that is empty. Its story ends on the server's today. */
  async sample(seed: number): Promise<void> {
    await this.ask('POST', 'colleagues', { id: 'ada', name: 'Ada Brandt', department: 'sales' });
    const answer = await fetch(`${this.url}/api/v1/sample`, { method: 'POST', headers: { authorization: this.server.authorization, 'x-colleague': 'ada', 'content-type': 'application/json' }, body: JSON.stringify({ seed }) });
    const last = (await answer.text()).trim().split('\n').at(-1)!;
    if (!answer.ok || !('result' in JSON.parse(last))) throw new Error(`the sample: ${answer.status} ${last}`);
    await this.caughtUp();
  }

  /** Whoever reads next sees all that was recorded. */
  async caughtUp(): Promise<void> {
    let end: string | undefined;
    for (let next = await this.logEnd(); next !== end; next = await this.logEnd(end)) end = next;
    await this.ask('GET', `portfolio?limit=1&after=${end}`);
  }

  /** A customer with a purchase and a call. @returns its id. */
  async customer(name: string, details: object = {}): Promise<string> {
    const { id } = await this.ask('POST', 'customers', { name, owner: 'ada', ...details });
    const ago = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
    await this.ask('POST', `customers/${id}/interactions`, { entries: [{ kind: 'purchase', occurredAt: ago(40) }, { kind: 'call', side: 'customer', occurredAt: ago(3), summary: `A call from ${name}` }] });
    return id as string;
  }

  /** Address of a link, good once, by which a new colleague of this role comes in. */
  async invite(role: AccountRole, id: string = role): Promise<string> {
    await this.ask('POST', 'colleagues', { id, name: `Colleague ${id}`, department: 'sales' });
    return this.account(role, id);
  }

  /** The same for a colleague who is there. */
  async account(role: AccountRole, id: string): Promise<string> {
    const { link } = await this.ask('POST', 'accounts', { id, role });
    return `${this.url}${link.path}`;
  }

  /** A browser of its own where nobody is signed in. */
  async visit(options: BrowserContextOptions = {}): Promise<Visit> {
    const context = await (await (browser ??= openChromium())).newContext({ baseURL: this.url, locale: 'en-GB', timezoneId: 'UTC', ...options });
    context.setDefaultTimeout(45_000);
    const page = await context.newPage();
    const asked: string[] = [];
    pages.set(page, asked);
    page.on('response', (answer) => asked.push(`${answer.status()} ${answer.request().method()} ${answer.url()}`));
    page.on('requestfailed', (request) => asked.push(`${request.failure()?.errorText} ${request.method()} ${request.url()}`));
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      // What the server refuses is a line on the console too; the screen says it, and tests ask the screen.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text());
    });
    page.on('dialog', (dialog) => {
      faults.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return { page, context, faults };
  }

  /** The same, with a colleague of this role signed in; one for each role. */
  async visitAs(role: AccountRole, options: BrowserContextOptions = {}): Promise<Visit> {
    const visit = await this.visit(options);
    const headers = { origin: options.baseURL ?? this.url };
    const link = this.invited.get(role) === undefined ? await this.invite(role) : undefined;
    const answer =
      link === undefined
        ? await visit.context.request.post('/api/v1/session', { headers, data: { colleague: role, password: PASSWORD } })
        : await visit.context.request.post('/api/v1/links/use', { headers, data: { token: new URL(link).hash.slice(1), password: PASSWORD } });
    if (!answer.ok()) throw new Error(`cannot sign in as ${role}: ${answer.status()} ${await answer.text()}`);
    this.invited.set(role, role);
    return visit;
  }
}

/** What axe finds against WCAG 2.2 A and AA on the page as it is, once colours have come to rest (halfway from one to the other they are neither): a sentence each. */
export async function axeFinds(page: Page): Promise<string[]> {
  await page.waitForFunction(() => document.getAnimations().every(({ playState, effect }) => playState !== 'running' || effect?.getComputedTiming().iterations === Infinity));
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${help} at ${target.join(' ')} (${(failureSummary ?? '').split('\n').slice(1).join(';').trim()})`));
}

/** The same in the light and the dark theme. */
export async function axeFindsInBothThemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.waitForSelector(`html[data-mantine-color-scheme=${colorScheme}]`);
    found.push(...(await axeFinds(page)).map((one) => `${colorScheme}: ${one}`));
  }
  return found;
}

/** Presses keys one after the other: `await press(page, 'g', 'p')`. */
export async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Presses a key (Tab, or an arrow in a menu) until the focus is on what has this name. @throws when 60 steps do not lead there. */
export async function keyTo(page: Page, key: 'Tab' | 'Shift+Tab' | 'ArrowDown' | 'ArrowUp', name: string | RegExp): Promise<void> {
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press(key);
    const focused = await page.evaluate(async () => {
      // Where the focus comes to rest: a dialog's trap looks after a date field in a timer, which faster keys than a person's overtake.
      await new Promise((resolve) => setTimeout(resolve));
      const element = document.activeElement as HTMLInputElement | null;
      if (element === null) return '';
      const shown = element.cloneNode(true) as HTMLElement;
      for (const hidden of shown.querySelectorAll('[aria-hidden=true]')) hidden.remove();
      return (element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? shown.textContent ?? '').trim();
    });
    if (typeof name === 'string' ? focused === name : name.test(focused)) return;
  }
  throw new Error(`${key} does not lead to ${String(name)}`);
}

export const tabTo = (page: Page, name: string | RegExp): Promise<void> => keyTo(page, 'Tab', name);

/** Waits until the focus is in the field of this name, where it is meant to go by itself. */
export async function isIn(page: Page, name: string): Promise<void> {
  await page.waitForFunction((label) => {
    const { activeElement } = document as unknown as { activeElement: HTMLInputElement | null };
    const group = activeElement?.closest('[role=radiogroup]');
    return [...(activeElement?.labels ?? [])].some(({ textContent }) => textContent === label) || (group != null && document.getElementById(group.getAttribute('aria-labelledby') ?? '')?.textContent === label);
  }, name);
}

/** Texts that run a script, or break a page, where something does not take them as text. */
export const HOSTILE = ['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '"><svg onload=alert(1)>', "'-alert(1)-'", '{{constructor.constructor("alert(1)")()}}', '$t(title) {{name}}', 'javascript:alert(1)', '\u202Etxt.exe', '田中さん 🧑‍🚀 ' + 'é'.repeat(60), '</title><script>alert(1)</script>'];
