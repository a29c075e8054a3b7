/** Signing in with OpenID Connect, at a real provider: who is let in, and every way of getting in that is none. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { allowInsecureRequests as allowPlain, Configuration } from 'openid-client';
import { Guessing } from '../../src/access/guessing.js';
import { readOidc } from '../../src/access/oidc-settings.js';
import { OpenIdProvider } from '../../src/access/oidc.reader.js';
import { Organisation } from '../../src/customers/customers.writer.js';
import { API, faultsOf, TestApp, written, type Answer } from './app.js';
import { Browser, CALLBACK, Provider, SECRET, type Told } from './provider.js';

const ADA = { sub: 'subject-of-ada', email: 'Ada@Example.org', email_verified: true };
const MALLORY = { sub: 'subject-of-mallory', email: 'mallory@example.org', email_verified: true };

let provider: Provider;
let app: TestApp;

const account = (id: string, role = 'service'): Promise<unknown> => written(app.post('accounts', { id, role }));
const link = (id: string, identity: string): Promise<Answer> => app.put(`accounts/${id}/identity`, { identity });

async function open(env: Record<string, string> = {}): Promise<void> {
  app = await TestApp.open(undefined, provider.env(env));
  for (const id of ['ada', 'ben', 'cleo']) await app.colleague(id);
  for (const id of ['ada', 'ben']) await account(id);
}

beforeAll(async () => {
  provider = await Provider.start();
  await open();
}, 60_000);
afterAll(async () => {
  await app.remove();
  await provider.stop();
});
beforeEach(async () => {
  await provider.tell({ who: ADA });
  await written(link('ada', 'ada@example.org'));
});
afterEach(async () => {
  await app.send('DELETE', `${API}/accounts/ada/identity`);
});

/** Whom the browser's session belongs to; null for nobody. */
async function isIn(browser: Browser): Promise<string | null> {
  return (await browser.here(`${API}/session`)).json.colleague?.id ?? null;
}

/** Refused by this code, with no session, and nothing in the log. */
async function keptOut(work: (browser: Browser) => Promise<Answer>, status: number, code: string): Promise<Browser> {
  const browser = new Browser(app);
  const before = await app.eventsInLog();
  expect(faultsOf(await work(browser), status, code)).toEqual([]);
  expect(await isIn(browser)).toBeNull();
  expect(await app.eventsInLog()).toBe(before);
  return browser;
}
const keptOutAs = async (told: Told, status: number, code: string): Promise<void> => {
  await provider.tell({ who: ADA, ...told });
  await keptOut((browser) => browser.signIn(), status, code);
};

describe('lets in', () => {
  it('whom the provider vouches for and an administrator has linked: by a verified address, capitals or not', async () => {
    const browser = new Browser(app);
    const answer = await browser.signIn();
    expect(answer).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(await isIn(browser)).toBe('ada');
    expect((await browser.here(`${API}/colleagues`)).status).toBe(200);
  });

  it('who is told so by the provider when it is asked for more', async () => {
    await provider.tell({ who: ADA, mischief: 'bare' });
    const browser = new Browser(app);
    expect((await browser.signIn()).status).toBe(303);
    expect(await isIn(browser)).toBe('ada');
  });

  it('says that it may be done, and how', async () => {
    expect((await new Browser(app).here(`${API}/session`)).json.openId).toEqual({ label: 'Sign in with Example', start: '/api/v1/oidc/start', claim: 'email' });
  });

  it('and asks the provider for a code, with PKCE, state and nonce, all new each time', async () => {
    const asked = async (): Promise<URLSearchParams> => new URL((await new Browser(app).here('/api/v1/oidc/start')).headers['location']!).searchParams;
    const [one, other] = [await asked(), await asked()];
    expect(Object.fromEntries(one)).toMatchObject({ response_type: 'code', code_challenge_method: 'S256', scope: 'openid email', redirect_uri: `http://localhost:3000${CALLBACK}` });
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(one.get(name)!.length).toBeGreaterThanOrEqual(43);
      expect(one.get(name)).not.toBe(other.get(name));
    }
  });

  it('in a session of its own: one that was planted before ends', async () => {
    const planted = (await app.signedIn('ben'))['cookie']!;
    const browser = new Browser(app);
    browser.keep('http://localhost:3000', [planted]);
    expect(await isIn(browser)).toBe('ben');
    await browser.signIn();
    expect(await isIn(browser)).toBe('ada');
    expect(browser.cookies()).not.toContain(planted);
    expect(faultsOf(await app.get('colleagues', { headers: { cookie: planted } }), 401, 'sign-in-first')).toEqual([]);
  });

  it('keeps nothing of the address or the subject in the log', async () => {
    await new Browser(app).signIn();
    const log = JSON.stringify(await app.events()).toLowerCase();
    expect(log).toContain('identitylinked');
    expect(log).toContain('subjectbound');
    expect(log).not.toContain('ada@example.org');
    expect(log).not.toContain(ADA.sub);
  });
});

describe('keeps out', () => {
  it('somebody whom nobody linked', () => keptOutAs({ who: MALLORY }, 403, 'unknown-identity'));
  it('an address that is not verified', () => keptOutAs({ who: { ...ADA, email_verified: false } }, 403, 'email-not-verified'));
  it('an address of which nothing is said', () => keptOutAs({ who: { sub: ADA.sub, email: ADA.email } }, 403, 'email-not-verified'));
  it('somebody without an address', () => keptOutAs({ who: { sub: ADA.sub } }, 403, 'email-not-verified'));
  it('whom the provider refuses', () => keptOutAs({ mischief: 'refuse' }, 403, 'sign-in-refused'));
  it('a token with another nonce', () => keptOutAs({ mischief: 'nonce' }, 403, 'sign-in-not-valid'));
  it('a token whose claims were changed under its signature', () => keptOutAs({ who: MALLORY, mischief: 'signature', forged: { email: ADA.email } }, 403, 'sign-in-not-valid'));
  it('a token without a signature', () => keptOutAs({ who: MALLORY, mischief: 'unsigned', forged: { email: ADA.email } }, 403, 'sign-in-not-valid'));
  it('a token for somebody else', () => keptOutAs({ mischief: 'signature', forged: { aud: 'another' } }, 403, 'sign-in-not-valid'));

  it('a code that ran out', async () => {
    await provider.tell({ who: ADA, mischief: 'short' });
    await keptOut(async (browser) => {
      const back = await browser.toTheProvider();
      await sleep(2500);
      return browser.here(back);
    }, 403, 'sign-in-expired');
  });

  it('a second use: of the same answer, and of the cookie with it', async () => {
    const browser = new Browser(app);
    const back = await browser.toTheProvider();
    const cookie = browser.cookies();
    expect((await browser.here(back)).status).toBe(303);
    // Without the cookie, which was taken back; and with it, as a thief would have it.
    await keptOut((other) => other.here(back), 403, 'sign-in-expired');
    await keptOut((other) => other.here(back, { cookie }), 403, 'sign-in-expired');
  });

  it('an answer that another browser asked for: nobody is signed in as somebody else by a link', async () => {
    const mallory = new Browser(app);
    const back = await mallory.toTheProvider();
    await keptOut((victim) => victim.here(back), 403, 'sign-in-expired');
    // A victim who began on their own holds another state.
    await keptOut(async (victim) => {
      await victim.here('/api/v1/oidc/start');
      return victim.here(back);
    }, 403, 'sign-in-not-valid');
  });

  it.each([
    ['nothing', ''],
    ['no state', '?code=x'],
    ['another state', '?code=x&state=y'],
    ['no code', '?state=y'],
    ['an error nobody knows', '?error=%3Cscript%3E&state=y'],
  ])('an answer with %s', (_, query) => keptOut(async (browser) => {
    await browser.here('/api/v1/oidc/start');
    return browser.here(`${CALLBACK}${query}`);
  }, 403, 'sign-in-not-valid'));

  it('a cookie that was changed, that is too old, or of which there are two', async () => {
    const browser = new Browser(app);
    const back = await browser.toTheProvider();
    const [name, value] = browser.cookies().split('=') as [string, string];
    const [body, seal] = value.split('.') as [string, string];
    const errand = JSON.parse(Buffer.from(body, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...errand, until: errand.until + 1 })).toString('base64url');
    for (const cookie of [`${name}=${forged}.${seal}`, `${name}=${body}.${'0'.repeat(32)}`, `${name}=${body}`, `${name}=`, `${name}=${value}; ${name}=${value}x`]) await keptOut((other) => other.here(back, { cookie }), 403, 'sign-in-expired');
    const clock = app.nest.get<{ now: () => number }>(Organisation);
    const { now } = clock;
    clock.now = () => errand.until;
    try {
      expect(faultsOf(await browser.here(back), 403, 'sign-in-expired')).toEqual([]);
    } finally {
      clock.now = now;
    }
  });

  it('a colleague whose account is disabled, or who left; nothing of it shows, and it ends when they come back', async () => {
    await written(app.patch('accounts/ada', { enabled: false }));
    await keptOutAs({}, 403, 'unknown-identity');
    await written(app.patch('accounts/ada', { enabled: true }));
    await written(app.patch('colleagues/ada', { active: false }, { as: 'ben' }));
    await keptOutAs({}, 403, 'unknown-identity');
    await written(app.patch('colleagues/ada', { active: true }, { as: 'ben' }));
    expect((await new Browser(app).signIn()).status).toBe(303);
  });

  it('who has the address later, under another subject: until an administrator links it anew', async () => {
    expect((await new Browser(app).signIn()).status).toBe(303);
    await keptOutAs({ who: { ...ADA, sub: 'another-subject' } }, 403, 'unknown-identity');
    await written(app.send('DELETE', `${API}/accounts/ada/identity`));
    await written(link('ada', 'ada@example.org'));
    const browser = new Browser(app);
    await provider.tell({ who: { ...ADA, sub: 'another-subject' } });
    expect((await browser.signIn()).status).toBe(303);
    expect(await isIn(browser)).toBe('ada');
  });

  it('whom the link was taken from, at once', async () => {
    const browser = new Browser(app);
    await browser.signIn();
    await written(app.send('DELETE', `${API}/accounts/ada/identity`));
    expect(await isIn(browser)).toBeNull();
    await keptOutAs({}, 403, 'unknown-identity');
  });

  it('whoever comes without HTTPS from elsewhere', async () => {
    const other = await TestApp.open(undefined, provider.env({ FIVE_RING_HOSTS: 'ring.example.org' }));
    for (const path of ['/api/v1/oidc/start', CALLBACK]) expect(faultsOf(await other.raw('GET', path, { host: 'ring.example.org', authorization: '' }), 403, 'needs-https')).toEqual([]);
    await other.remove();
  });

  it('a reader sees a page that says why, with nothing in it that came from outside', async () => {
    await provider.tell({ who: MALLORY });
    const browser = new Browser(app);
    const answer = await browser.here(await browser.toTheProvider(), { accept: 'text/html' });
    expect(answer).toMatchObject({ status: 403, headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': expect.stringContaining("default-src 'none'") } });
    expect(answer.text).toContain('No account that is enabled is linked to this identity.');
    expect(answer.text).not.toMatch(/<script|mallory/);
  });
});

describe('a link', () => {
  it('is to one account only, and goes to another when the first gives it up', async () => {
    expect(faultsOf(await link('ben', 'ADA@example.org'), 409, 'identity-taken', 'identity')).toEqual([]);
    await written(app.send('DELETE', `${API}/accounts/ada/identity`));
    await written(link('ben', 'ada@example.org'));
    const browser = new Browser(app);
    await browser.signIn();
    expect(await isIn(browser)).toBe('ben');
    await written(app.send('DELETE', `${API}/accounts/ben/identity`));
  });

  it('is refused where there is no account, for what is no address, and when the account moved on; nothing is appended', async () => {
    const before = await app.eventsInLog();
    expect(faultsOf(await link('cleo', 'cleo@example.org'), 404, 'unknown-account')).toEqual([]);
    for (const bad of ['', 'ada', 'a b@example.org', '@', `${'a'.repeat(250)}@x.org`]) expect((await link('ada', bad)).status).toBe(400);
    expect(faultsOf(await app.put('accounts/ben/identity', { identity: 'ben@example.org' }, { ifMatch: '"77"' }), 412, 'stale-revision')).toEqual([]);
    expect(faultsOf(await app.send('DELETE', `${API}/accounts/ben/identity`), 404, 'no-identity')).toEqual([]);
    expect(await app.eventsInLog()).toBe(before);
  });

  it('comes once, however often it is sent', async () => {
    await written(app.put('accounts/ben/identity', { identity: 'ben@example.org' }, { key: 'link-ben' }));
    const before = await app.eventsInLog();
    expect(await written(app.put('accounts/ben/identity', { identity: 'ben@example.org' }, { key: 'link-ben' }))).toMatchObject({ repeated: true });
    expect(await app.eventsInLog()).toBe(before);
  });

  it('survives a restart', async () => {
    app = await app.restarted();
    const browser = new Browser(app);
    await browser.signIn();
    expect(await isIn(browser)).toBe('ada');
  });
});

describe('a provider that is out of reach', () => {
  it('fails at its token endpoint: 503, and nobody is in', () => keptOutAs({ mischief: 'down' }, 503, 'provider-unreachable'));

  let silent: Server;
  beforeAll(async () => {
    silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
  });
  afterAll(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const settings = (issuer: string) => readOidc({ FIVE_RING_OIDC_ISSUER: issuer, FIVE_RING_OIDC_CLIENT_ID: 'five-ring', FIVE_RING_OIDC_CLIENT_SECRET: SECRET }, () => '')!;
  const address = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  it('is not there when the server starts: it starts, says 503, and goes on when the provider comes', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const gone = address(closed);
    await new Promise((resolve) => closed.close(resolve));
    const other = await TestApp.open(undefined, { ...provider.env(), FIVE_RING_OIDC_ISSUER: gone });
    expect(faultsOf(await other.raw('GET', '/api/v1/oidc/start', { authorization: '' }), 503, 'provider-unreachable')).toEqual([]);
    expect((await other.raw('GET', '/health/ready')).status).toBe(200);
    const page = await other.raw('GET', '/api/v1/oidc/start', { authorization: '', accept: 'text/html' });
    expect(page).toMatchObject({ status: 503, headers: { 'content-type': 'text/html; charset=utf-8' } });
    await other.remove();
  });

  it('never answers: given up after its time', async () => {
    await expect(new OpenIdProvider(settings(address(silent)), 0.2).begin('http://localhost/x')).rejects.toMatchObject({ kind: 'unavailable', code: 'provider-unreachable' });
  });

  it('is another than it says, or does not know us: 503, for an administrator to look at', async () => {
    await expect(new OpenIdProvider(settings(`${provider.issuer}/elsewhere`)).begin('http://localhost/x')).rejects.toMatchObject({ kind: 'unavailable', code: 'provider-misconfigured' });
    const wrong = await TestApp.open(undefined, { ...provider.env(), FIVE_RING_OIDC_CLIENT_SECRET: 'wrong' });
    expect(faultsOf(await new Browser(wrong).signIn(), 503, 'provider-misconfigured')).toEqual([]);
    await wrong.remove();
  });

  it('is asked again after it failed', async () => {
    const asked = new OpenIdProvider(settings(provider.issuer));
    const real = jest.spyOn(globalThis, 'fetch').mockRejectedValueOnce(new TypeError('fetch failed'));
    await expect(asked.begin('http://localhost/x')).rejects.toMatchObject({ code: 'provider-unreachable' });
    await expect(asked.begin('http://localhost/x')).resolves.toMatchObject({ url: expect.stringContaining(provider.issuer) });
    real.mockRestore();
  });
});

it('where it is off there is no way in, and no link can be made', async () => {
  const off = await TestApp.withAda();
  for (const path of ['/api/v1/oidc/start', CALLBACK]) expect((await off.raw('GET', path, { authorization: '' })).status).toBeGreaterThanOrEqual(400);
  expect(faultsOf(await off.raw('GET', '/api/v1/oidc/start', { authorization: '' }), 404, 'no-open-id')).toEqual([]);
  expect(faultsOf(await off.put('accounts/ada/identity', { identity: 'ada@example.org' }), 409, 'no-open-id')).toEqual([]);
  expect((await off.raw('GET', `${API}/session`, { authorization: '' })).json.openId).toBeNull();
  await off.remove();
});

it('by subject: the address says nothing, the provider’s own id all', async () => {
  const other = await TestApp.open(undefined, provider.env({ FIVE_RING_OIDC_CLAIM: 'sub' }));
  await other.colleague('ada');
  await written(other.post('accounts', { id: 'ada', role: 'service' }));
  await written(other.put('accounts/ada/identity', { identity: ADA.sub }));
  const browser = new Browser(other);
  await provider.tell({ who: { sub: ADA.sub } });
  expect((await browser.signIn()).status).toBe(303);
  await provider.tell({ who: { ...ADA, sub: ADA.sub.toUpperCase() } });
  expect(faultsOf(await new Browser(other).signIn(), 403, 'unknown-identity')).toEqual([]);
  await other.remove();
});

describe('settings', () => {
  const good = { FIVE_RING_OIDC_ISSUER: 'https://id.example.org', FIVE_RING_OIDC_CLIENT_ID: 'five-ring', FIVE_RING_OIDC_CLIENT_SECRET: 's' };
  const read = (env: Record<string, string>, file: (path: string) => string = () => '') => readOidc(env, file);

  it('are all that is needed, and the secret may stand in a file', () => {
    expect(read({})).toBeNull();
    expect(read(good)).toEqual({ issuer: 'https://id.example.org', clientId: 'five-ring', clientSecret: 's', claim: 'email', name: 'Sign in with OpenID Connect' });
    expect(read({ ...good, FIVE_RING_OIDC_CLIENT_SECRET: '', FIVE_RING_OIDC_CLIENT_SECRET_FILE: '/run/secret' }, (path) => `of ${path}\n`)).toMatchObject({ clientSecret: 'of /run/secret' });
    expect(read({ ...good, FIVE_RING_OIDC_ISSUER: 'http://127.0.0.1:4000' })).toMatchObject({ issuer: 'http://127.0.0.1:4000' });
  });

  it.each<[string, Record<string, string>]>([
    ['ISSUER', { ...good, FIVE_RING_OIDC_ISSUER: 'http://id.example.org' }],
    ['ISSUER', { ...good, FIVE_RING_OIDC_ISSUER: 'http://127.0.0.1.evil.example' }],
    ['ISSUER', { ...good, FIVE_RING_OIDC_ISSUER: 'id.example.org' }],
    ['ISSUER', { ...good, FIVE_RING_OIDC_ISSUER: 'https://id.example.org?x=1' }],
    ['CLIENT_ID', { ...good, FIVE_RING_OIDC_CLIENT_ID: '' }],
    ['CLIENT_SECRET', { ...good, FIVE_RING_OIDC_CLIENT_SECRET: '' }],
    ['CLIENT_SECRET', { ...good, FIVE_RING_OIDC_CLIENT_SECRET_FILE: '/run/secret' }],
    ['CLAIM', { ...good, FIVE_RING_OIDC_CLAIM: 'name' }],
    ['CLIENT_ID', { FIVE_RING_OIDC_CLIENT_ID: 'five-ring' }],
  ])('a wrong %s is named', (name, env) => expect(() => read(env)).toThrow(`FIVE_RING_OIDC_${name}`));

  it('a secret never stands in what is said', () => {
    expect(() => read({ ...good, FIVE_RING_OIDC_CLIENT_SECRET: 'the secret itself', FIVE_RING_OIDC_CLAIM: 'x' })).toThrow(expect.objectContaining({ message: expect.not.stringContaining('the secret itself') }));
  });
});

describe('planted bug', () => {
  /** The provider's part of the app, with a check left out. */
  const without = async (plant: (config: Configuration) => Configuration): Promise<void> => {
    const part = app.nest.get<{ known?: unknown; discovered: (settings: unknown) => Promise<Configuration> }>(OpenIdProvider);
    const own = Object.getPrototypeOf(part) as typeof part;
    part.known = undefined;
    part.discovered = async (settings) => plant(await own.discovered.call(part, settings));
  };
  afterEach(() => {
    const part = app.nest.get<{ known?: unknown; discovered?: unknown }>(OpenIdProvider);
    part.known = undefined;
    delete part.discovered;
  });

  it('signatures that nobody checks: changed claims would let somebody in as another, and the test above sees it', async () => {
    await without((config) => {
      const bare = new Configuration({ ...config.serverMetadata() }, 'five-ring', SECRET);
      allowPlain(bare);
      return bare;
    });
    await provider.tell({ who: MALLORY, mischief: 'signature', forged: { email: ADA.email } });
    const browser = new Browser(app);
    await browser.signIn();
    expect(await isIn(browser)).toBe('ada');
  });

  it('states that may come back twice: the second use gets as far as the provider', async () => {
    const browser = new Browser(app);
    const back = await browser.toTheProvider();
    const cookie = browser.cookies();
    expect((await browser.here(back)).status).toBe(303);
    const first = jest.spyOn(app.nest.get(Guessing), 'isFirst').mockResolvedValue(true);
    const asked = jest.spyOn(app.nest.get(OpenIdProvider), 'finish');
    await new Browser(app).here(back, { cookie });
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockRestore();
    first.mockRestore();
  });
});
