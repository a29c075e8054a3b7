/** What a refusal must not do, and what must not be left behind: found by reading the code as an attacker would. */
import { EventEmitter } from 'node:events';
import { copyFileSync, rmSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { Live } from '../../src/shell/live.js';
import { LiveController } from '../../src/shell/live.controller.js';
import { faultsOf, TestApp, written } from './app.js';
import { browserOf, invited, isIn, OTHER, PASSWORD, signIn } from './sign-in.js';
import { inFiles } from './database.js';

describe('with an app', () => {
  let app: TestApp;
  afterEach(() => app.remove());

  it('a password is not changed where the new session could not begin', async () => {
    app = await TestApp.open(undefined, { FIVE_RING_HOSTS: 'ring.example.org' });
    await app.colleague('ada');
    const browser = await invited(app, 'ada');
    const before = (await app.events()).length;
    const refused = await app.put('session/password', { old: PASSWORD, password: OTHER }, { as: null, headers: { cookie: browser.cookie, 'sec-fetch-site': 'same-origin', host: 'ring.example.org' } });
    expect(faultsOf(refused, 403, 'needs-https')).toEqual([]);
    expect([(await app.events()).length - before, await isIn(app, browser), (await signIn(app, 'ada', PASSWORD)).status]).toEqual([0, true, 200]);
  });

  it('of an erased colleague nothing is left by which they signed in', async () => {
    app = await TestApp.withAda();
    await app.colleague('lea');
    await invited(app, 'lea', 'service');
    const browser = browserOf(await signIn(app, 'lea', PASSWORD));
    await written(app.post('keys', { label: 'till', scopes: ['read'] }, { as: null, headers: browser }));
    await written(app.post('accounts/lea/link', {}));
    await written(app.patch('colleagues/lea', { active: false }));
    const tables = ['passwords', 'sign_ins', 'sessions', 'links', 'api_keys'];
    const left = async (): Promise<Record<string, unknown>> => {
      if (!inFiles()) return Object.fromEntries(await Promise.all(tables.map(async (table) => [table, Number((await app.asked(`SELECT count(*) AS n FROM five_ring.${table} WHERE colleague = 'lea'`))[0]!['n'])] as const)));
      const db = new Database(join(app.folder, 'keys.db'), { readonly: true });
      try {
        return Object.fromEntries(tables.map((table) => [table, (db.prepare(`SELECT count(*) AS n FROM ${table} WHERE colleague = 'lea'`).get() as { n: number }).n]));
      } finally {
        db.close();
      }
    };
    expect(await left()).toMatchObject({ passwords: 1, sign_ins: 1, links: 1, api_keys: 1 });
    await written(app.post('colleagues/lea/erase', { reason: 'Asked for it' }));
    expect(await left()).toEqual({ passwords: 0, sign_ins: 0, sessions: 0, links: 0, api_keys: 0 });
  });

  it('only administrators hear of accounts and of requests of people', async () => {
    app = await TestApp.withAda();
    await app.colleague('sam');
    const browser = await app.signedIn('sam', 'service');
    await app.parts.projector.caughtUp();
    const { position } = (await app.events()).at(-1)!;
    const { id } = await written(app.post('requests', { kind: 'access', who: 'Somebody' }));
    const customer = await app.customer();
    await app.parts.projector.caughtUp();
    const heardBy = async (headers: Record<string, string>): Promise<string[]> => [...(await app.get(`live?seconds=1&since=${encodeURIComponent(position)}`, { headers })).text.matchAll(/"((?:request|customer)-[^"]+)"/g)].map(([, stream]) => stream!);
    expect(await heardBy({})).toEqual([`request-${id}`, `customer-${customer}`]);
    expect(await heardBy(browser)).toEqual([`customer-${customer}`]);
  });

  (inFiles() ? it : it.skip)('what was sealed under a key that an older keys.db does not have is lost, and stands in nobody’s way', async () => {
    app = await TestApp.withAda();
    const { folder } = app;
    const keys = join(folder, 'keys.db');
    app = await app.restarted(() => copyFileSync(keys, join(folder, 'older')));
    const late = await app.customer({ name: 'Came after the backup' });
    await app.log(late, { kind: 'visit', side: 'us', attended: true, summary: 'Before the restore' });
    app = await app.restarted(() => {
      for (const end of ['-wal', '-shm']) rmSync(keys + end, { force: true });
      copyFileSync(join(folder, 'older'), keys);
    });
    const { now } = Date;
    Date.now = () => now() + 3_600_000;
    try {
      await app.log(late, { kind: 'visit', side: 'us', attended: true, summary: 'After the restore' });
      const log = await app.get('log?limit=1000');
      expect(log.status).toBe(200);
      expect(log.json.items.find(({ type }: { type: string }) => type === 'CustomerRegistered')).toMatchObject({ data: { name: null }, erased: ['name'] });
      const timeline = await app.read(`customers/${late}/timeline?limit=100`);
      expect(timeline.items.flatMap(({ type, summary }: { type: string; summary?: string }) => (type === 'entry' ? [summary ?? null] : []))).toEqual(['After the restore', null]);
      app = await app.restarted(() => rmSync(join(folder, 'views.db')));
      await app.parts.projector.caughtUp();
      expect((await app.parts.operations.verify()).problems).toEqual([]);
      expect(await app.parts.operations.parked()).toEqual([]);
    } finally {
      Date.now = now;
    }
  });
});

it('a page that missed very much is cut off, and comes back for the rest', async () => {
  const live = new Live({ compare: (a, b) => Number(a) - Number(b) }, null);
  for (let position = 1; position <= 100; position += 1) live.heard(Array.from({ length: 100 }, (_, n) => ({ position: String(position), stream: `customer-7f9c2b7e-5b3a-8c8e-9a51-8d3c2f1e0${100 + n}` }) as never));
  const controller = new LiveController(live);
  const heardSince = async (since: string): Promise<string[]> => {
    let sent: Promise<string> | undefined;
    const reply = { raw: new EventEmitter(), status: () => reply, header: () => reply, send: (lines: NodeJS.ReadableStream) => void (sent = text(lines)) };
    await controller.changes({ headers: {} } as never, { since, seconds: 1 }, { contacts: true }, reply as never);
    return [...(await sent!).matchAll(/^id: (\d+)$/gm)].map(([, id]) => id!);
  };
  const all: string[] = [];
  for (let since = '0', rounds = 0; since !== '100' && rounds < 10; rounds += 1) {
    const heard = await heardSince(since);
    expect(heard.length).toBeGreaterThan(0);
    all.push(...heard);
    since = heard.at(-1)!;
  }
  expect(all).toEqual(Array.from({ length: 100 }, (_, n) => String(n + 1)));
  expect(live.listening()).toBe(0);
});
