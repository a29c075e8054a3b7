/** Those who ask in the tests of who may do what: colleagues with accounts, their sessions and API keys, made where the server looks for them. */
import { randomBytes } from 'node:crypto';
import { account, accountStream, type AccountCommand, type Rights } from '../../src/access/account.js';
import { ACCOUNT_ROLES, type AccountRole, type Scope } from '../../src/access/roles.js';
import { hashOf } from '../../src/access/tokens.writer.js';
import { commandIdOf, newId } from '../../src/shell/ids.js';
import type { TestApp } from './app.js';

export type Headers = Readonly<Record<string, string>>;

export const NOBODY: Headers = { authorization: '' };

const newToken = (): string => randomBytes(32).toString('base64url');

export async function tellAccount(app: TestApp, colleague: string, command: AccountCommand): Promise<void> {
  await app.parts.executor.execute(account, accountStream(colleague), [{ commandId: commandIdOf(), mac: 'test', command }], { actor: 'ada', correlationId: newId() });
}

/** A colleague with an account. */
export async function withAccount(app: TestApp, colleague: string, role: AccountRole, rights: Partial<Rights> = {}): Promise<string> {
  await app.colleague(colleague);
  await tellAccount(app, colleague, { type: 'OpenAccount', rights: { role, contacts: false, ...rights } });
  return colleague;
}

/** The headers that a browser sends with a session of the colleague, from a page of ours. */
export function signedIn(app: TestApp, colleague: string): Headers {
  const token = newToken();
  const now = Date.now();
  app.parts.vault.secrets.addSession({ token: hashOf(token), colleague, created: now, seen: now, expires: now + 3_600_000, address: '127.0.0.1', agent: 'test' });
  return { cookie: `__Host-five-ring=${token}`, 'sec-fetch-site': 'same-origin' };
}

/** The headers of a program with an API key of the colleague. */
export async function withKey(app: TestApp, colleague: string, scopes: readonly Scope[]): Promise<Headers> {
  const token = `fr_${newToken()}`;
  const key = newId();
  await tellAccount(app, colleague, { type: 'MakeApiKey', made: { key, label: scopes.join(' '), scopes } });
  app.parts.vault.secrets.addKey({ token: hashOf(token), key, colleague, made: Date.now() });
  return { authorization: `Bearer ${token}` };
}

/** One colleague of each role, named as the role. */
export async function oneOfEach(app: TestApp): Promise<void> {
  for (const role of ACCOUNT_ROLES) await withAccount(app, role, role);
}
