/** Accounts: who gets in, by what, how guessing is slowed, and what ends it. Each check has a planted bug that it finds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccountsWriter } from '../../src/access/accounts.writer.js';
import { FREE, Guessing } from '../../src/access/guessing.js';
import { Passwords } from '../../src/access/passwords.writer.js';
import { Principals } from '../../src/access/principals.reader.js';
import type { Principal } from '../../src/access/roles.js';
import { IDLE, LIFETIME, Sessions } from '../../src/access/sessions.writer.js';
import { Secrets, type LinkRow } from '../../src/vault/secrets.js';
import { faultsOf, TestApp, written, type Answer, type Json } from './app.js';
import { browserOf, from, invited, isIn, later, look, opened, OTHER, PASSWORD, ORIGIN, signIn, tokenOf, use, who, type Headers } from './sign-in.js';

/** All files of the data folder as they are. */
const filesOf = (folder: string): { name: string; bytes: Buffer }[] => readdirSync(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));

/** An answer without what differs every time. */
function bare({ status, headers, json }: Answer): object {
  const { date: _date, ...kept } = headers;
  const { requestId: _request, ...body } = json as Record<string, unknown>;
  return { status, headers: { ...kept, 'content-length': '' }, body };
}

const checks = {
  'the first administrator comes by a link that is good once, new or known as a colleague': async (app: TestApp) => {
    const accounts = from(app, AccountsWriter);
    const [older, newer] = [tokenOf((await accounts.firstAdministratorLink())!), tokenOf((await accounts.firstAdministratorLink())!)];
    expect(faultsOf(await look(app, older), 404, 'no-such-link')).toEqual([]);
    expect((await look(app, newer)).json).toMatchObject({ purpose: 'first-administrator', colleague: null, needsPassword: true, colleagues: [{ id: 'ada', name: 'Colleague ada' }] });
    expect(faultsOf(await use(app, { token: newer, password: PASSWORD }), 400, 'missing', 'id')).toEqual([]);
    expect(faultsOf(await use(app, { token: newer, password: PASSWORD, id: 'zoe', name: 'Zoe' }), 400, 'missing', 'department')).toEqual([]);
    expect(faultsOf(await use(app, { token: newer, password: 'short', id: 'ada' }), 400, 'too-short', 'password')).toEqual([]);
    const both = await Promise.all([use(app, { token: newer, password: PASSWORD, id: 'ada' }), use(app, { token: newer, password: PASSWORD, id: 'zoe', name: 'Zoe', department: 'sales' })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
    const answer = both.find(({ status }) => status === 200)!;
    expect(answer.headers['set-cookie']).toMatch(/^__Host-five-ring=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; Secure; SameSite=Lax$/);
    expect(answer.json).toMatchObject({ role: 'administrator', via: 'session', expires: expect.any(String) });
    expect(await who(app, browserOf(answer))).toMatchObject({ colleague: { id: answer.json.colleague.id, name: expect.any(String) }, via: 'session' });
    expect(faultsOf(await use(app, { token: newer, password: PASSWORD, id: 'ada' }), 404, 'no-such-link')).toEqual([]);
    expect(await accounts.firstAdministratorLink()).toBeUndefined();
  },

  'of links for the first administrator that several nodes wrote, each is good until one is used': async (app: TestApp) => {
    const accounts = from(app, AccountsWriter);
    const [one, other] = [tokenOf((await accounts.firstAdministratorLink(true))!), tokenOf((await accounts.firstAdministratorLink(true))!)];
    expect((await look(app, other)).json).toMatchObject({ purpose: 'first-administrator' });
    expect((await use(app, { token: one, password: PASSWORD, id: 'ada' })).status).toBe(200);
    expect(faultsOf(await look(app, other), 404, 'no-such-link')).toEqual([]);
  },

  'an invitation and a reset set a password, each once, and a newer link makes an older one void': async (app: TestApp) => {
    await app.colleague('ben');
    const invitation = await opened(app, 'ben', 'service');
    expect((await look(app, invitation)).json).toMatchObject({ purpose: 'invitation', colleague: { id: 'ben', name: 'Colleague ben', department: 'service' } });
    expect((await use(app, { token: invitation, password: PASSWORD })).status).toBe(200);
    expect(faultsOf(await use(app, { token: invitation, password: OTHER }), 404, 'no-such-link')).toEqual([]);
    const browser = browserOf(await signIn(app, 'ben', PASSWORD));
    const links = [await written(app.post('accounts/ben/link', {})), await written(app.post('accounts/ben/link', {}))];
    expect(links.map(({ purpose }) => purpose)).toEqual(['reset', 'reset']);
    expect(faultsOf(await look(app, tokenOf(links[0])), 404, 'no-such-link')).toEqual([]);
    // Making the link changes nothing for its owner; using it ends all sessions.
    expect(await isIn(app, browser)).toBe(true);
    expect((await use(app, { token: tokenOf(links[1]), password: OTHER })).status).toBe(200);
    expect([await isIn(app, browser), (await signIn(app, 'ben', PASSWORD)).status, (await signIn(app, 'ben', OTHER)).status]).toEqual([false, 401, 200]);
    const last = tokenOf(await written(app.post('accounts/ben/link', { endSessions: true })));
    expect((await signIn(app, 'ben', OTHER)).status).toBe(401);
    later(app, 24 * 3_600_000);
    expect(faultsOf(await look(app, last), 404, 'no-such-link')).toEqual([]);
  },

  'a wrong password, an unknown account, one without a password, a disabled one and one of a colleague who left are told the same, for the same work': async (app: TestApp) => {
    for (const id of ['ben', 'cleo', 'dan']) await app.colleague(id);
    await invited(app, 'ada');
    for (const id of ['ben', 'cleo']) await invited(app, id, 'service');
    await opened(app, 'dan', 'service');
    await written(app.patch('accounts/ben', { enabled: false }));
    await written(app.patch('colleagues/cleo', { active: false }));
    const passwords = from(app, Passwords);
    const tries: [string, string][] = [['ada', OTHER], ['nobody', PASSWORD], ['dan', PASSWORD], ['ben', PASSWORD], ['cleo', PASSWORD], ['__proto__', PASSWORD], ['a b/<>', PASSWORD]];
    const answers: object[] = [];
    for (const [id, password] of tries) {
      const before = passwords.worked;
      const answer = await signIn(app, id, password);
      expect([id, passwords.worked - before]).toEqual([id, 1]);
      expect(faultsOf(answer, 401, 'wrong-sign-in')).toEqual([]);
      answers.push(bare(answer));
    }
    expect(answers).toEqual(tries.map(() => answers[0]));
    expect((await signIn(app, 'ada', PASSWORD)).status).toBe(200);
  },

  'guessing at an account is slowed, also at one that is not there, and a right password in time begins anew': async (app: TestApp) => {
    // However long a hash takes here, the waits are as long as they are.
    later(app, 0);
    await invited(app, 'ada');
    const passwords = from(app, Passwords);
    for (const id of ['ada', 'nobody']) {
      const before = passwords.worked;
      const guesses = await Promise.all(Array.from({ length: 12 }, () => signIn(app, id, OTHER)));
      expect(guesses.map(({ status }) => status).sort()).toEqual([...Array<number>(FREE.account).fill(401), ...Array<number>(12 - FREE.account).fill(429)]);
      expect(passwords.worked - before).toBe(FREE.account);
      const refused = await signIn(app, id, PASSWORD);
      expect(faultsOf(refused, 429, 'too-many-attempts')).toEqual([]);
      expect(refused.headers['retry-after']).toBe(String(refused.json.retryAfter));
      expect(refused.json.retryAfter).toBeGreaterThan(0);
    }
    later(app, 31_000);
    expect((await signIn(app, 'ada', OTHER)).status).toBe(401);
    // The next wait is longer.
    later(app, 31_000);
    expect((await signIn(app, 'ada', PASSWORD)).status).toBe(429);
    later(app, 31_000);
    expect((await signIn(app, 'ada', PASSWORD)).status).toBe(200);
    for (let n = 1; n < FREE.account; n += 1) expect((await signIn(app, 'ada', OTHER)).status).toBe(401);
    expect((await signIn(app, 'ada', PASSWORD)).status).toBe(200);
  },

  'who may not enter any more is out at once, with all sessions and keys': async (app: TestApp) => {
    for (const id of ['ben', 'cleo']) await app.colleague(id);
    await invited(app, 'ada');
    const secrets = app.parts.vault.secrets;
    const ends: [string, () => Promise<Answer>, () => Promise<Answer>][] = [
      ['ben', () => app.patch('accounts/ben', { enabled: false }), () => app.patch('accounts/ben', { enabled: true })],
      ['cleo', () => app.patch('colleagues/cleo', { active: false }), () => app.patch('colleagues/cleo', { active: true })],
    ];
    for (const [id, end, begin] of ends) {
      const browser = await invited(app, id, 'service');
      const second = browserOf(await signIn(app, id, PASSWORD));
      const { token } = await written(app.post('keys', { label: 'script', scopes: ['read'] }, { as: null, headers: browser }));
      const shown: Headers[] = [browser, second, { authorization: `Bearer ${token}` }];
      for (const headers of shown) expect(await isIn(app, headers)).toBe(true);
      const hold = jest.spyOn(secrets, 'endSessionsOf');
      await written(end());
      for (const headers of shown) expect(await isIn(app, headers)).toBe(false);
      // Whoever wrote it: the rows go when the views hear of it.
      await app.parts.projector.caughtUp();
      expect(hold).toHaveBeenCalled();
      hold.mockRestore();
      await written(begin());
      expect([await isIn(app, browser), await isIn(app, second), await isIn(app, shown[2]!)]).toEqual([false, false, true]);
    }
  },

  'signing in ends the session the browser came with, and takes over none': async (app: TestApp) => {
    await app.colleague('eve');
    await invited(app, 'ada');
    const planted = await invited(app, 'eve', 'service');
    const answer = await signIn(app, 'ada', PASSWORD, planted);
    const own = browserOf(answer);
    expect(own.cookie).not.toBe(planted.cookie);
    expect([await isIn(app, planted), (await who(app, own)).colleague.id]).toEqual([false, 'ada']);
    const invented = { cookie: `__Host-five-ring=${'A'.repeat(43)}`, ...ORIGIN };
    expect(browserOf(await signIn(app, 'ada', PASSWORD, invented)).cookie).not.toBe(invented.cookie);
    expect(await isIn(app, invented)).toBe(false);
  },

  'a session ends when it is not used, after its lifetime, and by signing out': async (app: TestApp) => {
    await invited(app, 'ada');
    const [idle, used, out] = [browserOf(await signIn(app, 'ada', PASSWORD)), browserOf(await signIn(app, 'ada', PASSWORD)), browserOf(await signIn(app, 'ada', PASSWORD))];
    const ended = await app.send('DELETE', 'session', undefined, { as: null, headers: { authorization: '', ...out } });
    expect([ended.status, ended.headers['set-cookie']]).toEqual([200, '__Host-five-ring=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax']);
    expect([await isIn(app, out), await isIn(app, used)]).toEqual([false, true]);
    for (let passed = 0; passed + IDLE / 2 < LIFETIME; passed += IDLE / 2) {
      expect(await isIn(app, used)).toBe(true);
      if (passed === IDLE) expect(await isIn(app, idle)).toBe(false);
      later(app, IDLE / 2);
    }
    expect(await isIn(app, used)).toBe(true);
    later(app, IDLE / 2);
    expect(await isIn(app, used)).toBe(false);
  },

  'a page of another origin writes nothing, signs nobody in and nobody out': async (app: TestApp) => {
    const { cookie, origin } = await invited(app, 'ada');
    const write = (headers: Headers) => app.post('customers', { name: 'Nordlicht' }, { as: null, headers: { cookie, ...headers } });
    expect((await write({ origin })).status).toBe(201);
    expect((await write({ 'sec-fetch-site': 'same-origin', origin })).status).toBe(201);
    const before = await app.eventsInLog();
    const foreign: Headers[] = [{ origin: 'null' }, { origin: 'https://evil.example' }, { origin: 'http://localhost:81' }, { origin: 'https://localhost' }, { 'sec-fetch-site': 'cross-site', origin }, { 'sec-fetch-site': 'same-site', origin }, { 'sec-fetch-site': 'none' }];
    for (const headers of [{}, ...foreign]) expect([headers, faultsOf(await write(headers), 403, 'foreign-origin')]).toEqual([headers, []]);
    for (const headers of foreign) expect([headers, faultsOf(await signIn(app, 'ada', PASSWORD, headers), 403, 'foreign-origin')]).toEqual([headers, []]);
    for (const headers of foreign) expect([headers, faultsOf(await app.send('DELETE', 'session', undefined, { as: null, headers: { cookie, ...headers } }), 403, 'foreign-origin')]).toEqual([headers, []]);
    expect(await isIn(app, { cookie })).toBe(true);
    expect(await app.eventsInLog()).toBe(before);
  },

  'a session and a key act for their own colleague only; only the operator acts for others': async (app: TestApp) => {
    await app.colleague('ben');
    const browser = await invited(app, 'ada');
    const { token } = await written(app.post('keys', { label: 'script', scopes: ['read', 'log'] }, { as: null, headers: browser }));
    for (const headers of [browser, { authorization: `Bearer ${token}` }] as Headers[]) {
      const before = await app.eventsInLog();
      expect(faultsOf(await app.post('customers', { name: 'Nordlicht' }, { as: 'ben', headers }), 403, 'not-you', 'X-Colleague')).toEqual([]);
      expect(faultsOf(await app.get('colleagues', { headers: { ...headers, 'x-colleague': 'ben' } }), 403, 'not-you')).toEqual([]);
      expect(await app.eventsInLog()).toBe(before);
      expect((await app.post('customers', { name: 'Nordlicht' }, { as: 'ada', headers })).status).toBe(201);
    }
    expect((await app.events()).at(-1)!.metadata.actor).toBe('ada');
  },

  'a key is shown once, may what its scopes say and never more than its colleague, and opens nothing once revoked': async (app: TestApp) => {
    await app.colleague('ben');
    await invited(app, 'ada');
    const browser = await invited(app, 'ben', 'account-manager');
    const make = (scopes: unknown, label: unknown = 'nightly', key?: string) => app.post('keys', { label, scopes }, { as: null, headers: browser, ...(key !== undefined && { key }) });
    expect(faultsOf(await make(['read', 'administer']), 400, 'not-yours', 'scopes[1]')).toEqual([]);
    const first = await make(['read', 'log'], 'nightly', 'k1');
    expect(first.json).toMatchObject({ token: expect.stringMatching(/^fr_[\w-]{43}$/), repeated: false });
    expect(faultsOf(await make(['read', 'log'], 'nightly', 'k1'), 409, 'shown-once')).toEqual([]);
    const bearer = { authorization: `Bearer ${first.json.token}` };
    expect(await who(app, bearer)).toMatchObject({ colleague: { id: 'ben' }, role: 'account-manager', via: 'key', scopes: ['read', 'log'] });
    const statuses = async (): Promise<number[]> => [(await app.get('portfolio', { headers: bearer })).status, (await app.post('customers', { name: 'X' }, { as: null, headers: bearer })).status, (await app.get('figures', { headers: bearer })).status, (await app.get('accounts', { headers: bearer })).status];
    expect(await statuses()).toEqual([200, 201, 403, 403]);
    // No door that outlives the key.
    for (const refused of [app.get('keys', { headers: bearer }), app.post('keys', { label: 'x', scopes: ['read'] }, { as: null, headers: bearer }), app.put('session/password', { old: PASSWORD, password: OTHER }, { as: null, headers: bearer })]) expect((await refused).status).toBe(403);
    expect((await app.get('keys', { headers: browser })).json.items).toEqual([{ key: first.json.id, label: 'nightly', scopes: ['read', 'log'], made: expect.any(String), lastUsed: expect.any(String) }]);
    // The rights are those that the colleague has now.
    await written(app.patch('accounts/ben', { role: 'leader' }));
    expect(await statuses()).toEqual([200, 403, 403, 403]);
    await written(app.send('DELETE', `keys/${first.json.id}`, undefined, { as: null, headers: browser }));
    expect(await statuses()).toEqual([401, 401, 401, 401]);
    expect(faultsOf(await app.send('DELETE', `keys/${first.json.id}`, undefined, { as: null, headers: browser }), 404, 'unknown-key')).toEqual([]);
    for (const authorization of [`Bearer ${first.json.token}x`, 'Bearer fr_', 'Bearer', `bearer ${first.json.token}`, `Basic ${first.json.token}`, `Operator ${first.json.token}`]) expect(await isIn(app, { authorization, ...browser })).toBe(false);
  },

  'an administrator sees the keys of a colleague and revokes them; nobody else does, and no key': async (app: TestApp) => {
    await app.colleague('ben');
    const [admin, browser] = [await invited(app, 'ada'), await invited(app, 'ben', 'account-manager')];
    const as = (headers: Record<string, string>) => ({ as: null, headers });
    const { id, token } = await written(app.post('keys', { label: 'lost', scopes: ['read'] }, as(browser)));
    const { token: strong } = await written(app.post('keys', { label: 'strong', scopes: ['administer'] }, as(admin)));
    const bearer = { authorization: `Bearer ${token}` };
    expect(await isIn(app, bearer)).toBe(true);
    expect((await app.get('accounts/ben/keys', { headers: admin })).json.items).toEqual([{ key: id, label: 'lost', scopes: ['read'], made: expect.any(String), lastUsed: expect.any(String) }]);
    expect((await app.get('accounts/ada/keys', { headers: admin })).json.items).toMatchObject([{ label: 'strong' }]);
    const before = await app.eventsInLog();
    for (const headers of [browser, bearer, { authorization: `Bearer ${strong}` }]) {
      expect((await app.get('accounts/ben/keys', { headers })).status).toBe(403);
      expect((await app.send('DELETE', `accounts/ben/keys/${id}`, undefined, as(headers))).status).toBe(403);
    }
    expect(faultsOf(await app.get('accounts/nobody/keys', { headers: admin }), 404, 'unknown-account')).toEqual([]);
    expect(faultsOf(await app.send('DELETE', `accounts/ada/keys/${id}`, undefined, as(admin)), 404, 'unknown-key')).toEqual([]);
    expect([await app.eventsInLog(), await isIn(app, bearer)]).toEqual([before, true]);
    await written(app.send('DELETE', `accounts/ben/keys/${id}`, undefined, as(admin)));
    expect(await isIn(app, bearer)).toBe(false);
    expect((await app.get('accounts/ben/keys', { headers: admin })).json.items).toEqual([]);
  },

  'a changed password needs the old one, ends all other sessions, and gives this browser a new one': async (app: TestApp) => {
    const browser = await invited(app, 'ada');
    const elsewhere = browserOf(await signIn(app, 'ada', PASSWORD));
    const change = (body: object) => app.put('session/password', body, { as: null, headers: browser });
    expect(faultsOf(await change({ old: OTHER, password: OTHER }), 400, 'wrong-password', 'old')).toEqual([]);
    expect(faultsOf(await change({ old: PASSWORD, password: 'colleague ada 1' }), 400, 'too-easy', 'password')).toEqual([]);
    const changed = await change({ old: PASSWORD, password: OTHER });
    expect(changed.status).toBe(200);
    expect([await isIn(app, browser), await isIn(app, elsewhere), await isIn(app, browserOf(changed))]).toEqual([false, false, true]);
    expect([(await signIn(app, 'ada', PASSWORD)).status, (await signIn(app, 'ada', OTHER)).status]).toEqual([401, 200]);
    // The keyed hash of the request would be a quick way to try passwords, for who holds log and keys.
    const { vault } = app.parts;
    const quick = vault.mac(JSON.stringify(['PUT', '/api/v1/session/password', { old: PASSWORD, password: OTHER }]));
    const macs = (await app.events()).filter(({ type }) => type === 'PasswordChanged').map(({ metadata }) => metadata.mac);
    expect([macs.length, macs.includes(quick)]).toEqual([2, false]);
  },

  'the last enabled administrator stays one, whoever asks and however many at once': async (app: TestApp) => {
    for (const id of ['ben', 'cleo']) await app.colleague(id);
    const browser = await invited(app, 'ada');
    await invited(app, 'ben', 'administrator');
    await opened(app, 'cleo', 'leader');
    const both = await Promise.all([app.patch('accounts/ada', { role: 'service' }), app.patch('accounts/ben', { enabled: false })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(faultsOf(both.find(({ status }) => status === 409)!, 409, 'last-administrator')).toEqual([]);
    const [left] = (await app.read('accounts')).items.filter(({ role, enabled }: Json) => role === 'administrator' && enabled);
    for (const change of [{ enabled: false }, { role: 'leader' }]) expect(faultsOf(await app.patch(`accounts/${left.id}`, change), 409, 'last-administrator')).toEqual([]);
    expect((await app.patch(`accounts/${left.id}`, { contacts: true })).status).toBe(200);
    expect((await app.patch('accounts/cleo', { role: 'administrator' })).status).toBe(200);
    expect((await app.patch(`accounts/${left.id}`, { enabled: false })).status).toBe(200);
    expect(typeof browser.cookie).toBe('string');
  },

  'neither a password nor a token stands anywhere in the data folder or the log': async (app: TestApp) => {
    await app.colleague('ben');
    const invitation = await opened(app, 'ben', 'administrator');
    const browser = browserOf(await use(app, { token: invitation, password: PASSWORD }));
    const { token } = await written(app.post('keys', { label: 'x', scopes: ['read'] }, { as: null, headers: browser }));
    const reset = tokenOf(await written(app.post('accounts/ben/link', {})));
    await signIn(app, 'ben', OTHER);
    await app.parts.projector.caughtUp();
    const secret = [PASSWORD, OTHER, invitation, reset, token, browser.cookie.split('=')[1]!];
    const tables = (await app.dbFiles()).flatMap(filesOf);
    const places = [...filesOf(app.folder), ...tables, ...(await app.logBytes()).map((bytes) => ({ name: 'the log', bytes }))];
    expect(places.map(({ name }) => name)).toEqual(expect.arrayContaining([...(tables.length === 0 ? ['keys.db', 'views.db'] : []), 'the log']));
    const found = places.flatMap(({ name, bytes }) => secret.filter((one) => bytes.includes(one) || bytes.includes(Buffer.from(one).toString('base64').slice(0, -4))).map((one) => `${one} in ${name}`));
    expect(found).toEqual([]);
    expect(await app.parts.vault.secrets.passwordOf('ben')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  },
};

const bugs: readonly (readonly [bug: string, check: keyof typeof checks, plant: () => { mockRestore(): void }])[] = [
  ['links of other nodes are void', 'of links for the first administrator that several nodes wrote, each is good until one is used', () => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the `this` of the method it stands in for
    const { addLink } = Secrets.prototype;
    return jest.spyOn(Secrets.prototype, 'addLink').mockImplementation(function (this: Secrets, row, now) { return addLink.call(this, row, now); });
  }],
  ['a link is not taken away', 'the first administrator comes by a link that is good once, new or known as a colleague', () => {
    let came = 0;
    let second = (): void => undefined;
    // Whoever comes first waits until the other has looked too, as it may well be.
    const both = new Promise<void>((resolve) => (second = resolve));
    return jest.spyOn(Secrets.prototype, 'takeLink').mockImplementation(async function (this: Secrets, token, now) {
      if ((came += 1) === 2) second();
      await Promise.race([both, sleep(5000, undefined, { ref: false })]);
      return this.link(token, now);
    });
  }],
  ['older links stay good', 'an invitation and a reset set a password, each once, and a newer link makes an older one void', () => jest.spyOn(Secrets.prototype, 'addLink').mockImplementation(function (this: Secrets, row: LinkRow) { const own = this as unknown as { within: string; run: (sql: string, ...values: unknown[]) => Promise<void> }; return own.run(`INSERT INTO ${own.within}links (token, purpose, colleague, expires) VALUES (?, ?, ?, ?)`, row.token, row.purpose, row.colleague, row.expires); })],
  ['an unknown account costs no hash', 'a wrong password, an unknown account, one without a password, a disabled one and one of a colleague who left are told the same, for the same work', () => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this`
    const real = Passwords.prototype.matches;
    return jest.spyOn(Passwords.prototype, 'matches').mockImplementation(async function (this: Passwords, hashed, password) { return hashed !== undefined && real.call(this, hashed, password); });
  }],
  ['failures are not counted', 'guessing at an account is slowed, also at one that is not there, and a right password in time begins anew', () => jest.spyOn(Guessing.prototype, 'begin').mockResolvedValue()],
  ['disabling is looked at when signing in only', 'who may not enter any more is out at once, with all sessions and keys', () => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this`
    const real = Sessions.prototype.mayEnter;
    const known = new Map<string, Awaited<ReturnType<typeof real>>>();
    return jest.spyOn(Sessions.prototype, 'mayEnter').mockImplementation(async function (this: Sessions, id) {
      const standing = await real.call(this, id);
      if (standing !== undefined) known.set(id, standing);
      return known.get(id);
    });
  }],
  ['sessions sleep while their account is disabled', 'who may not enter any more is out at once, with all sessions and keys', () => jest.spyOn(Secrets.prototype, 'endSessionsOf').mockResolvedValue()],
  ['the session of before goes on', 'signing in ends the session the browser came with, and takes over none', () => jest.spyOn(Sessions.prototype as unknown as { endThis: () => Promise<void> }, 'endThis').mockResolvedValue()],
  ['the lifetime is forgotten', 'a session ends when it is not used, after its lifetime, and by signing out', () => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this`
    const real = Secrets.prototype.session;
    return jest.spyOn(Secrets.prototype, 'session').mockImplementation(async function (this: Secrets, token) {
      const row = await real.call(this, token);
      return row === undefined ? undefined : { ...row, expires: Number.MAX_SAFE_INTEGER };
    });
  }],
  ['a cookie is enough', 'a page of another origin writes nothing, signs nobody in and nobody out', () => jest.spyOn(Principals.prototype as unknown as { bySession: (request: never) => Promise<Principal | undefined> }, 'bySession').mockImplementation(function (this: Principals, request: never) { return (this as unknown as { sessions: Sessions }).sessions.of(request); })],
  ['X-Colleague is not looked at', 'a session and a key act for their own colleague only; only the operator acts for others', () => jest.spyOn(Principals.prototype as unknown as { named: (principal: Principal | undefined) => Principal | undefined }, 'named').mockImplementation((principal) => principal)],
  ['a key may all', 'a key is shown once, may what its scopes say and never more than its colleague, and opens nothing once revoked', () => {
    const real = (Principals.prototype as unknown as { byKey: (token: string) => Promise<Principal | undefined> }).byKey;
    return jest.spyOn(Principals.prototype as unknown as { byKey: (token: string) => Promise<Principal | undefined> }, 'byKey').mockImplementation(async function (this: Principals, token) {
      const principal = await real.call(this, token);
      return principal === undefined ? undefined : { ...principal, scopes: null };
    });
  }],
  ['it is one’s own key that is revoked', 'an administrator sees the keys of a colleague and revokes them; nobody else does, and no key', () => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this`
    const real = AccountsWriter.prototype.revokeKey;
    return jest.spyOn(AccountsWriter.prototype, 'revokeKey').mockImplementation(function (this: AccountsWriter, _id, key, caller) { return real.call(this, caller.actor, key, caller); });
  }],
  ['the old password is not looked at', 'a changed password needs the old one, ends all other sessions, and gives this browser a new one', () => jest.spyOn(AccountsWriter.prototype as unknown as { prove: () => Promise<void> }, 'prove').mockResolvedValue()],
  ['somebody else is always an administrator', 'the last enabled administrator stays one, whoever asks and however many at once', () => jest.spyOn(AccountsWriter.prototype as unknown as { administratorBeside: () => Promise<boolean> }, 'administratorBeside').mockResolvedValue(true)],
  ['passwords are kept as they are', 'neither a password nor a token stands anywhere in the data folder or the log', () => jest.spyOn(Passwords.prototype, 'hash').mockImplementation(async (password) => password)],
];

async function checked(check: keyof typeof checks): Promise<void> {
  const app = await TestApp.withAda();
  try {
    await app.parts.projector.caughtUp();
    await checks[check](app);
  } finally {
    await app.remove();
  }
}

describe('accounts', () => {
  it.each(Object.keys(checks) as (keyof typeof checks)[])('%s', (check) => checked(check));
});

describe('planted bugs in accounts are found', () => {
  it.each(bugs)('%s, by: %s', async (_bug, check, plant) => {
    const planted = plant();
    try {
      await expect(checked(check)).rejects.toThrow();
    } finally {
      planted.mockRestore();
    }
  });
  it('by every check there is', () => expect([...new Set(bugs.map(([, check]) => check))].sort()).toEqual(Object.keys(checks).sort()));
});
