import type { IdentityClaim } from './oidc-settings.js';

/** How one may sign in, beside id and password. */
export class SignInWays {
  /** `openId`: what the button says, the path that begins it, and what accounts are linked by; null when it is not set up. */
  constructor(readonly openId: { readonly label: string; readonly start: string; readonly claim: IdentityClaim } | null = null) {}
}
