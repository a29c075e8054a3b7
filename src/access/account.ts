/** The account of a colleague who signs in, in a stream `user-<colleague>`. Secrets are not here but in keys.db. */
import type { Aggregate, Decided } from '../kernel/aggregate.js';
import { Refusal, invalid } from '../kernel/refusal.js';
import type { AccountRole, Scope } from './roles.js';

export interface Rights {
  readonly role: AccountRole;
  /** Granted to a leader: sees e-mail addresses and phone numbers. */
  readonly contacts: boolean;
}

export interface ApiKey {
  readonly key: string;
  readonly label: string;
  readonly scopes: readonly Scope[];
}

export type AccountEvent =
  | Decided<'AccountOpened', Rights>
  | Decided<'AccountChanged', Partial<Rights> & { readonly enabled?: boolean }>
  | Decided<'PasswordChanged', Record<string, never>>
  | Decided<'ApiKeyMade', ApiKey>
  | Decided<'ApiKeyRevoked', { readonly key: string }>
  | Decided<'IdentityLinked', { readonly identity: string }>
  | Decided<'IdentityUnlinked', Record<string, never>>
  | Decided<'SubjectBound', { readonly subject: string }>;

export type AccountCommand =
  | { readonly type: 'OpenAccount'; readonly rights: Rights }
  | { readonly type: 'ChangeAccount'; readonly change: Partial<Rights> & { readonly enabled?: boolean } }
  | { readonly type: 'NotePasswordChange' }
  | { readonly type: 'MakeApiKey'; readonly made: ApiKey }
  | { readonly type: 'RevokeApiKey'; readonly key: string }
  | { readonly type: 'LinkIdentity'; readonly identity: string }
  | { readonly type: 'UnlinkIdentity' }
  | { readonly type: 'BindSubject'; readonly subject: string };

export interface AccountState extends Rights {
  readonly id: string;
  readonly opened: boolean;
  readonly enabled: boolean;
  /** Those not revoked, by id. */
  readonly keys: ReadonlyMap<string, ApiKey>;
  /** Keyed hash of what an OpenID provider says of the one who may sign in here. */
  readonly identity: string | null;
  /** Keyed hash of the provider's own id of who first signed in so. An address may be given to somebody else later, that id never. */
  readonly subject: string | null;
}

/** Keys one account may have at a time. */
const MOST_KEYS = 50;

export const unknownAccount = (): Refusal => new Refusal('missing', 'unknown-account', 'This colleague has no account.');

function opened(state: AccountState): AccountState {
  if (!state.opened) throw unknownAccount();
  return state;
}

function decide(command: AccountCommand, state: AccountState): AccountEvent[] {
  switch (command.type) {
    case 'OpenAccount':
      if (state.opened) throw new Refusal('conflict', 'already-there', 'This colleague has an account already.');
      return [{ type: 'AccountOpened', data: command.rights }];
    case 'ChangeAccount': {
      const { role, contacts, enabled } = command.change;
      if (role === undefined && contacts === undefined && enabled === undefined) throw invalid([{ field: 'role', code: 'missing', message: 'one of role, contacts, enabled must be given' }]);
      const before = opened(state);
      const changed = {
        ...(role !== undefined && role !== before.role && { role }),
        ...(contacts !== undefined && contacts !== before.contacts && { contacts }),
        ...(enabled !== undefined && enabled !== before.enabled && { enabled }),
      };
      return Object.keys(changed).length === 0 ? [] : [{ type: 'AccountChanged', data: changed }];
    }
    case 'NotePasswordChange':
      opened(state);
      return [{ type: 'PasswordChanged', data: {} }];
    case 'MakeApiKey':
      if (opened(state).keys.size >= MOST_KEYS) throw new Refusal('conflict', 'too-many-keys', `There are ${MOST_KEYS} keys already; revoke one first.`);
      return [{ type: 'ApiKeyMade', data: command.made }];
    case 'RevokeApiKey':
      if (!opened(state).keys.has(command.key)) throw new Refusal('missing', 'unknown-key', 'No such key, or it was revoked already.');
      return [{ type: 'ApiKeyRevoked', data: { key: command.key } }];
    case 'LinkIdentity':
      return opened(state).identity === command.identity ? [] : [{ type: 'IdentityLinked', data: { identity: command.identity } }];
    case 'UnlinkIdentity':
      if (opened(state).identity === null) throw new Refusal('missing', 'no-identity', 'This account is linked to no identity.');
      return [{ type: 'IdentityUnlinked', data: {} }];
    case 'BindSubject':
      if (opened(state).subject === command.subject) return [];
      if (state.identity === null || state.subject !== null) throw new Refusal('conflict', 'other-subject', 'This account is linked to another identity.');
      return [{ type: 'SubjectBound', data: { subject: command.subject } }];
  }
}

export const account: Aggregate<AccountCommand, AccountEvent, AccountState> = {
  name: 'account',
  initial: (stream) => ({ id: stream.slice('user-'.length), opened: false, enabled: false, role: 'service', contacts: false, keys: new Map(), identity: null, subject: null }),
  decide,
  evolve(state, event) {
    switch (event.type) {
      case 'AccountOpened': {
        const { role, contacts } = event.data as Rights;
        return { ...state, opened: true, enabled: true, role, contacts };
      }
      case 'AccountChanged': {
        const { role, contacts, enabled } = event.data as Partial<AccountState>;
        return { ...state, ...(role !== undefined && { role }), ...(contacts !== undefined && { contacts }), ...(enabled !== undefined && { enabled }) };
      }
      case 'PasswordChanged':
        return state;
      case 'ApiKeyMade': {
        const made = event.data as ApiKey;
        return { ...state, keys: new Map([...state.keys, [made.key, made]]) };
      }
      case 'ApiKeyRevoked': {
        const { key } = event.data as { key: string };
        return { ...state, keys: new Map([...state.keys].filter(([id]) => id !== key)) };
      }
      case 'IdentityLinked':
        return { ...state, identity: (event.data as { identity: string }).identity, subject: null };
      case 'IdentityUnlinked':
        return { ...state, identity: null, subject: null };
      case 'SubjectBound':
        return { ...state, subject: (event.data as { subject: string }).subject };
    }
  },
  personal: () => [],
};

export const accountStream = (colleague: string): string => `user-${colleague}`;
