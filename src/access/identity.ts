/**
 * Whose account a provider's identity was given to, in a stream `identity-<keyed hash>`: one stream an identity, so that no two
 * accounts hold it. The account's own stream says whether it still does; this one only leads there.
 */
import type { Aggregate, Decided } from '../kernel/aggregate.js';

export type IdentityEvent = Decided<'IdentityClaimed', { readonly colleague: string }>;

export interface ClaimIdentity {
  readonly type: 'ClaimIdentity';
  readonly colleague: string;
}

export interface IdentityState {
  readonly colleague: string | null;
}

export const identity: Aggregate<ClaimIdentity, IdentityEvent, IdentityState> = {
  name: 'identity',
  initial: () => ({ colleague: null }),
  decide: ({ colleague }, state) => (state.colleague === colleague ? [] : [{ type: 'IdentityClaimed', data: { colleague } }]),
  evolve: (_state, { data }) => ({ colleague: data.colleague }),
  personal: () => [],
};

export const identityStream = (hash: string): string => `identity-${hash}`;
