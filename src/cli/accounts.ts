/** `account` and `key`: who may sign in, as what, and by which keys. */
import { count, plain, table } from './screen.js';
import type { Answer } from './failure.js';
import type { Session } from './session.js';

interface Written {
  readonly id: string;
  readonly position: string | null;
}

interface Link {
  readonly purpose: string;
  readonly path: string;
  readonly expires: string;
}

interface Account {
  readonly id: string;
  readonly name: string | null;
  readonly role: string;
  readonly contacts: boolean;
  readonly active: boolean;
  readonly enabled: boolean;
  readonly password: boolean;
  readonly lastSignIn: string | null;
}

interface Key {
  readonly key: string;
  readonly label: string;
  readonly scopes: readonly string[];
  readonly made: string;
  readonly lastUsed: string | null;
}

const at = (id: string): string => `/api/v1/accounts/${encodeURIComponent(id)}`;

/** The link as one opens it: the address is the server's own, which a proxy in front may hide. */
async function sayLink(session: Session, { path, expires }: Link): Promise<string> {
  const { host, port } = await session.config();
  const { urlHost } = await import('../config.js');
  const until = (await session.dates()).time(expires);
  return `One-time link, shown once and good until ${until}; put the address of your Five-Ring in front of /welcome if it is another:\n  http://${urlHost(host)}:${port}${path}`;
}

export async function listAccounts(session: Session): Promise<Answer> {
  const [{ items }, dates] = [await (await session.toRead()).get<{ items: Account[] }>('/api/v1/accounts'), await session.dates()];
  const stands = (one: Account): string => (!one.active ? 'no longer works here' : !one.enabled ? 'disabled' : one.lastSignIn !== null ? `signed in ${dates.day(one.lastSignIn)}` : one.password ? 'never signed in' : 'invited');
  const rows = items.map((one) => [one.id, plain(one.name ?? '–'), one.role === 'leader' && one.contacts ? 'leader, with contacts' : one.role, stands(one)]);
  return { data: { items }, text: items.length === 0 ? 'No accounts yet. Open one: five-ring account invite ID --role ROLE --as COLLEAGUE' : table(['Id', 'Name', 'Role', ''], rows) };
}

export async function invite(session: Session, id: string, { role, contacts = false }: { readonly role: string; readonly contacts?: boolean }): Promise<Answer> {
  const api = await session.toWrite();
  const opened = await api.post<Written & { link: Link }>('/api/v1/accounts', { id, role, contacts });
  return { data: opened, text: `${plain(id)} has an account now, as ${role}.\n${await sayLink(session, opened.link)}` };
}

export async function resetLink(session: Session, id: string, { endSessions = false }: { readonly endSessions?: boolean }): Promise<Answer> {
  const api = await session.toWrite();
  const link = await api.post<Link & { position: null }>(`${at(id)}/link`, { endSessions });
  return { data: link, text: await sayLink(session, link) };
}

export async function changeRole(session: Session, id: string, role: string, { contacts }: { readonly contacts?: boolean }): Promise<Answer> {
  const api = await session.toWrite();
  const written = await api.patch<Written>(at(id), { role, ...(contacts !== undefined && { contacts }) });
  return { data: written, text: `${plain(id)} is ${role} now.` };
}

export async function enable(session: Session, id: string, enabled: boolean): Promise<Answer> {
  const api = await session.toWrite();
  const written = await api.patch<Written>(at(id), { enabled });
  return { data: written, text: enabled ? `${plain(id)} may sign in again.` : `${plain(id)} is shut out; all their sessions have ended.` };
}

export async function listKeys(session: Session): Promise<Answer> {
  const [{ items }, dates] = [await (await session.toRead()).get<{ items: Key[] }>('/api/v1/keys'), await session.dates()];
  const rows = items.map(({ key, label, scopes, made, lastUsed }) => [key, plain(label), scopes.join(', '), dates.day(made), lastUsed === null ? 'never' : dates.day(lastUsed)]);
  return { data: { items }, text: items.length === 0 ? 'No keys.' : `${table(['Id', 'For', 'May', 'Made', 'Last used'], rows)}\n${count(items.length, 'key')}.` };
}

export async function makeKey(session: Session, body: { readonly label: string; readonly scopes: readonly string[] }): Promise<Answer> {
  const made = await (await session.toWrite()).post<Written & { token: string }>('/api/v1/keys', body);
  return { data: made, text: `Key ${made.id}, shown once. Send it as Authorization: Bearer KEY.\n  ${made.token}` };
}

export async function revokeKey(session: Session, key: string): Promise<Answer> {
  const written = await (await session.toWrite()).delete<Written>(`/api/v1/keys/${encodeURIComponent(key)}`);
  return { data: written, text: 'Revoked; it opens nothing from now on.' };
}
