/** Those who ask in the tests of who may do what: colleagues with accounts, signed in as people are, and programs with API keys. */
import { randomBytes } from 'node:crypto';
import type { Rights } from '../../src/access/account.js';
import { ACCOUNT_ROLES, type AccountRole, type Scope } from '../../src/access/roles.js';
import { hashOf } from '../../src/access/tokens.writer.js';
import { API, written, type Answer, type TestApp } from './app.js';

export type Headers = Readonly<Record<string, string>>;

export const NOBODY: Headers = { authorization: '' };

const PASSWORD = 'eleven blue bicycles';
const OURS = { 'sec-fetch-site': 'same-origin' };
const json = { 'content-type': 'application/json' };

/** What a browser sends from now on: the cookie that it was given. */
function inSession({ status, headers, text }: Answer): Headers {
  const cookie = /^[^;]+/.exec(String(headers['set-cookie'] ?? ''))?.[0];
  if (status !== 200 || cookie === undefined) throw new Error(`not signed in: ${status} ${text}`);
  return { cookie, ...OURS };
}

/** A colleague with an account, whose one-time link was used: they have a password. */
export async function withAccount(app: TestApp, colleague: string, role: AccountRole, { contacts = false }: Partial<Rights> = {}): Promise<Headers> {
  await app.colleague(colleague);
  const { link } = await written(app.post('accounts', { id: colleague, role, contacts }));
  return inSession(await app.raw('POST', `${API}/links/use`, { ...NOBODY, ...OURS, ...json }, JSON.stringify({ token: String(link.path).split('#')[1], password: PASSWORD })));
}

/** Signs in by password. */
export async function signedIn(app: TestApp, colleague: string): Promise<Headers> {
  return inSession(await app.raw('POST', `${API}/session`, { ...NOBODY, ...OURS, ...json }, JSON.stringify({ colleague, password: PASSWORD })));
}

/** A session that stands among the secrets though nobody signed in: one that should have ended. */
export async function sessionLeft(app: TestApp, colleague: string): Promise<Headers> {
  const token = randomBytes(32).toString('base64url');
  const now = Date.now();
  await app.parts.vault.secrets.addSession({ token: hashOf(token), colleague, created: now, seen: now, expires: now + 3_600_000, address: '127.0.0.1', agent: 'test' });
  return { cookie: `__Host-five-ring=${token}`, ...OURS };
}

/** The headers of a program with an API key of whoever is signed in. */
export async function withKey(app: TestApp, session: Headers, scopes: readonly Scope[]): Promise<Headers> {
  const { token } = await written(app.raw('POST', `${API}/keys`, { ...session, ...json }, JSON.stringify({ label: scopes.join(' '), scopes })));
  return { authorization: `Bearer ${token}` };
}

/** One colleague of each role, named as the role, and signed in. */
export async function oneOfEach(app: TestApp): Promise<Record<AccountRole, Headers>> {
  const sessions = {} as Record<AccountRole, Headers>;
  for (const role of ACCOUNT_ROLES) sessions[role] = await withAccount(app, role, role);
  return sessions;
}
