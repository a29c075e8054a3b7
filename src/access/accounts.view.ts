/** Accounts: one row each. What lets somebody in stands in keys.db. */
import type { Kysely } from 'kysely';
import { patch, put, type EventView } from '../kernel/view.js';
import type { AccountRole } from './roles.js';

export interface AccountTables {
  accounts: { id: string; role: AccountRole; contacts: number; enabled: number; opened: number; linked: number };
}

const idOf = (stream: string): string => stream.slice('user-'.length);

export const accountsView: EventView = {
  from: 'events',
  name: 'accounts',
  version: 2,
  tables: { accounts: { columns: { id: 'text', role: 'text', contacts: 'flag', enabled: 'flag', opened: 'integer', linked: 'flag' }, key: ['id'] } },
  handlers: {
    AccountOpened: ({ stream, data, recordedAt }) => {
      const { role, contacts } = data as { role: AccountRole; contacts: boolean };
      return [put('accounts', { id: idOf(stream), role, contacts: contacts ? 1 : 0, enabled: 1, opened: recordedAt, linked: 0 })];
    },
    AccountChanged: ({ stream, data }) => {
      const { role, contacts, enabled } = data as { role?: AccountRole; contacts?: boolean; enabled?: boolean };
      const set = { ...(role !== undefined && { role }), ...(contacts !== undefined && { contacts: contacts ? 1 : 0 }), ...(enabled !== undefined && { enabled: enabled ? 1 : 0 }) };
      return Object.keys(set).length === 0 ? [] : [patch('accounts', { id: idOf(stream) }, set)];
    },
    IdentityLinked: ({ stream }) => [patch('accounts', { id: idOf(stream) }, { linked: 1 })],
    IdentityUnlinked: ({ stream }) => [patch('accounts', { id: idOf(stream) }, { linked: 0 })],
  },
};

/** All accounts by id. */
export function accountsIn(db: Kysely<AccountTables>): Promise<AccountTables['accounts'][]> {
  return db.selectFrom('accounts').selectAll().orderBy('id').execute();
}
