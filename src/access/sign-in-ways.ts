/** How one may sign in, beside id and password. */
export class SignInWays {
  /** `openId`: what the button says, and the path that begins it; null when it is not set up. */
  constructor(readonly openId: { readonly label: string; readonly start: string } | null = null) {}
}
