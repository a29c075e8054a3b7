/** Who is signed in, and what they may do. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { AccountRole } from '../../../src/access/roles.js';
import { ROUTES } from '../../../src/access/route-table.js';
import { client } from '../api/client.js';
import { queries } from '../api/queries.js';

/** What the server says of whoever asks. */
interface Who {
  readonly colleague: { readonly id: string; readonly name: string | null; readonly department: string | null } | null;
  readonly role: AccountRole | null;
  readonly contacts: boolean;
  /** The other way to sign in: what its button says, the address that begins it, and what accounts are linked by. */
  readonly openId: { readonly label: string; readonly start: string; readonly claim: 'email' | 'sub' } | null;
  /** Whether one's own account opens by it. */
  readonly linked: boolean;
}

export interface Session {
  /** Id of the colleague. */
  readonly colleague: string;
  readonly name: string;
  readonly department: string | null;
  readonly role: AccountRole;
  /** Whether ways to reach people are shown. */
  readonly contacts: boolean;
}

export const sessionOptions = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Who> => (await client.get<{ 200: Who }, unknown, true>({ url: '/api/v1/session', signal, throwOnError: true })).data,
  staleTime: 5 * 60_000,
});

/** Null when nobody is signed in. */
export function sessionOf({ colleague, role, contacts }: Who): Session | null {
  if (colleague === null || role === null) return null;
  return { colleague: colleague.id, name: colleague.name ?? colleague.id, department: colleague.department, role, contacts };
}

/** For screens inside the shell, where somebody is signed in. */
export function useSession(): Session {
  const { data } = useQuery(sessionOptions);
  const session = data === undefined ? null : sessionOf(data);
  if (session === null) throw new Error('nobody is signed in');
  return session;
}

/**
 * What the table of rights says of a route, such as `POST /api/v1/customers/:id/interactions`: `own` and `author` need a look
 * at the customer or entry as well. A route that the table does not know may nobody.
 */
export const cellOf = (session: Session, route: string): 'yes' | 'no' | 'own' | 'author' => ROUTES[route]?.cells[session.role] ?? 'no';
export const may = (session: Session, route: string): boolean => cellOf(session, route) !== 'no';

/** What was left behind for offline use and drafts belongs to who signed in. */
const leaving = new Set<() => unknown>();
/** Calls `clear` when somebody signs out. */
export const onLeave = (clear: () => unknown): void => void leaving.add(clear);

const asked = new Set<() => Promise<boolean>>();
/** Asks `mayGo` before somebody signs out. @returns what ends it. */
export function onLeaving(mayGo: () => Promise<boolean>): () => void {
  asked.add(mayGo);
  return () => asked.delete(mayGo);
}

export async function signOut(): Promise<void> {
  for (const mayGo of asked) if (!(await mayGo())) return;
  await client.delete({ url: '/api/v1/session', throwOnError: true });
  await Promise.all([...leaving].map((clear) => clear()));
  queries.clear();
  // A whole new page: nothing that was read stays in memory.
  location.assign('/sign-in');
}
