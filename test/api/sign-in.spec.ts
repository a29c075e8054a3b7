/** Signing in with hostile input, what passwords and addresses are worth, the pages, and what is said of it all in the log. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { AccountsWriter } from '../../src/access/accounts.writer.js';
import { FREE, networkOf, PACE } from '../../src/access/guessing.js';
import { passwordProblem } from '../../src/access/password.js';
import { Passwords } from '../../src/access/passwords.writer.js';
import { readConfig } from '../../src/config.js';
import { startServer } from '../../src/server.js';
import { faultsOf, TestApp } from './app.js';
import { freshLog } from './log.js';
import { from, invited, later, look, NOBODY, OTHER, PASSWORD, signIn, use, type Headers } from './sign-in.js';

describe('hostile input', () => {
  let app: TestApp;
  let browser: Headers;
  beforeAll(async () => {
    app = await TestApp.withAda();
    browser = await invited(app, 'ada');
  });

  const LONG = 'x'.repeat(100_000);
  const bodies: unknown[] = [{}, [], null, 'text', 7, { colleague: 'ada' }, { colleague: ['ada'], password: PASSWORD }, { colleague: { id: 'ada' }, password: PASSWORD }, { colleague: 'ada', password: null }, { colleague: 'ada', password: [PASSWORD] }, { colleague: 'ada', password: LONG }, { colleague: LONG, password: PASSWORD }, { colleague: '', password: '' }, { colleague: 'ada', password: PASSWORD, role: 'administrator' }];
  it.each(bodies.map((body) => [JSON.stringify(body).slice(0, 60), body]))('signing in with %s is refused by its form', async (_says, body) => {
    const worked = from(app, Passwords).worked;
    expect((await app.post('session', JSON.stringify(body), { ...NOBODY, headers: { authorization: '', 'content-type': 'application/json' } })).status).toBe(400);
    expect(from(app, Passwords).worked).toBe(worked);
  });

  it.each(['', '\u0000', `'; DROP TABLE links; --`, 'A'.repeat(43), '../welcome', LONG])('a link %p opens nothing', async (token) => {
    for (const answer of [await look(app, token), await use(app, { token, password: PASSWORD })]) expect([400, 404]).toContain(answer.status);
  });

  it('passwords with any characters are taken as they are, however they are composed', async () => {
    await app.colleague('ben');
    const composed = '\u0001 ünïcödé 🚲🚲 \u202e password';
    await invited(app, 'ben', 'service', composed.normalize('NFC'));
    expect([(await signIn(app, 'ben', composed.normalize('NFD'))).status, (await signIn(app, 'ben', composed.slice(0, -1))).status]).toEqual([200, 401]);
  });

  it('accounts that are not there, or cannot be, are refused and nothing is written', async () => {
    const before = await app.eventsInLog();
    const asAda = { as: null, headers: browser };
    for (const answer of [
      await app.post('accounts', { id: 'nobody', role: 'service' }, asAda),
      await app.post('accounts', { id: 'ada', role: 'owner' }, asAda),
      await app.post('accounts', { id: '../ada', role: 'service' }, asAda),
      await app.post('accounts', { id: 'ada', role: 'service' }, asAda),
      await app.patch('accounts/nobody', { enabled: false }, asAda),
      await app.patch('accounts/ada', { enabled: 'yes' }, asAda),
      await app.patch('accounts/ada', {}, asAda),
      await app.post('accounts/nobody/link', {}, asAda),
      await app.post('keys', { label: '', scopes: [] }, asAda),
      await app.post('keys', { label: 'x', scopes: ['everything'] }, asAda),
      await app.send('DELETE', 'keys/nothing', undefined, asAda),
    ]) expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await app.eventsInLog()).toBe(before);
  });

  it('a crowd at what is open to everybody has to wait, health excepted', async () => {
    const own = await TestApp.open();
    try {
      const answers = await Promise.all(Array.from({ length: PACE + 5 }, () => own.get('session', { headers: { authorization: '' } })));
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(5);
      expect(faultsOf(answers.at(-1)!, 429, 'too-many-attempts')).toEqual([]);
      expect((await own.raw('GET', '/health/live', { authorization: '' })).status).toBe(200);
    } finally {
      await own.remove();
    }
  });

  it('from one address, guessing at many accounts is slowed as well', async () => {
    const own = await TestApp.open();
    try {
      later(own, 0);
      const answers: number[] = [];
      for (let n = 0; n < FREE.address + 3; n += 1) answers.push((await signIn(own, `colleague-${n}`, PASSWORD)).status);
      expect(answers).toEqual([...Array<number>(FREE.address).fill(401), 429, 429, 429]);
    } finally {
      await own.remove();
    }
  });
});

it.each([
  ['1.2.3.4', '1.2.3.4'],
  ['::ffff:1.2.3.4', '1.2.3.4'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:2::6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['nonsense', 'nonsense'],
])('%s belongs to %s', (address, network) => expect(networkOf(address)).toBe(network));

it.each([
  ['eleven blue bicycles', undefined],
  ['short', 'too-short'],
  ['🚲🚲🚲🚲🚲🚲🚲', 'too-short'],
  ['🚲🚌🚲🚌🚲🚜🚲🚌', undefined],
  ['x'.repeat(257), 'too-long'],
  [`${'ab '.repeat(85)}c`, undefined],
  ['Password1', 'too-common'],
  ['aaaaaaaaaaaa', 'too-common'],
  ['Ada.Berg-1987', 'too-easy'],
  ['ada12345678', 'too-easy'],
  ['FiveRing2026!', 'too-easy'],
  ['my adamant bergamot', undefined],
  ['five rings of gold', undefined],
])('the password %s is told %s', (password, code) => expect(passwordProblem(password, { id: 'ada', name: 'Ada Berg' }, 'password')?.code).toBe(code));

it('what is logged has neither passwords nor tokens', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'five-ring-said-'));
  const holder = await freshLog(folder);
  let said = '';
  const log = pino({ level: 'trace' }, { write: (line: string) => void (said += line) });
  const server = await startServer(readConfig({ FIVE_RING_DATA: folder, FIVE_RING_STORE: holder.url, FIVE_RING_TIME_ZONE: 'UTC', PORT: '0' }), { log });
  try {
    const { path } = (await server.app.get(AccountsWriter).firstAdministratorLink())!;
    const send = (to: string, body: object, headers: Headers = {}) => fetch(new URL(to, server.url), { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
    const [, token] = path.split('#');
    const used = await send('/api/v1/links/use', { token, password: PASSWORD, id: 'ada', name: 'Ada Berg', department: 'sales' });
    expect(used.status).toBe(200);
    const cookie = used.headers.get('set-cookie')!.split(';')[0]!;
    const made = (await (await send('/api/v1/keys', { label: 'x', scopes: ['read'] }, { cookie, origin: server.url })).json()) as { token: string };
    await send('/api/v1/session', { colleague: 'ada', password: OTHER });
    for (const to of ['/api/v1/session', '/api/v1/links/use']) await send(to, { token, colleague: PASSWORD, password: [PASSWORD] });
    expect(said).toContain('/api/v1/links/use');
    expect([PASSWORD, OTHER, token!, made.token, cookie.split('=')[1]!, server.operator].filter((one) => said.includes(one))).toEqual([]);
  } finally {
    await server.close();
    await holder.stop();
    rmSync(folder, { recursive: true });
  }
});
