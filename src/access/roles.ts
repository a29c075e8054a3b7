/** What a colleague who signs in may be, and what an API key may be for. */

/** From the one who may least to the one who may all. */
export const ACCOUNT_ROLES = ['service', 'account-manager', 'leader', 'administrator'] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

/** What an API key may be limited to; whoever holds it may never do more than the colleague it belongs to. */
export const SCOPES = ['read', 'log', 'figures', 'import', 'privacy', 'administer', 'operate', 'calendar'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks: a colleague signed in by a session or an API key, or the operator, who holds the data folder. */
export interface Principal {
  /** Id of the colleague; null for an operator who names none. */
  readonly colleague: string | null;
  readonly via: 'operator' | 'session' | 'key';
  readonly role: AccountRole;
  /** null: all that the role may. */
  readonly scopes: readonly Scope[] | null;
  /** Whether people's e-mail addresses and phone numbers are shown; a leader sees them only when that was granted. */
  readonly contacts: boolean;
  /** Of a session: the hash of its token; of a key: its id. For the audit and for signing out. */
  readonly credential?: string;
}
