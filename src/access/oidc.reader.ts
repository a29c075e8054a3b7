/** Asks an OpenID provider who somebody is: authorization code with PKCE, state and nonce, the ID token's signature checked. */
import { allowInsecureRequests, authorizationCodeGrant, buildAuthorizationUrl, calculatePKCECodeChallenge, ClientSecretBasic, discovery, enableNonRepudiationChecks, fetchUserInfo, randomNonce, randomPKCECodeVerifier, randomState, type Configuration } from 'openid-client';
import { Refusal } from '../kernel/refusal.js';
import { identityAs, isPlainLoopback, type OidcSettings } from './oidc-settings.js';

/** What must come back as it went out. It goes with the browser, which may know it. */
export interface Errand {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Where the provider sends the browser back to. */
  readonly redirect: string;
}

/** Whom the provider vouches for. */
export interface Vouched {
  /** The provider's own id of the person. */
  readonly subject: string;
  /** The value of the claim by which accounts are linked, ready to be compared. */
  readonly identity: string;
}

/** Seconds for each answer of the provider. */
const TIMEOUT = 5;
/** What the provider says of itself is asked again after so long: keys and addresses may change. */
const FRESH_MS = 3_600_000;

const unreachable = (cause: unknown): Refusal => Object.assign(new Refusal('unavailable', 'provider-unreachable', 'The identity provider does not answer just now. Try again in a moment, or sign in with a password.'), { cause });
const misconfigured = (cause: unknown): Refusal => Object.assign(new Refusal('unavailable', 'provider-misconfigured', 'The identity provider does not accept Five-Ring as it is set up. An administrator must look at FIVE_RING_OIDC_*.'), { cause });
const invalidAnswer = (cause?: unknown): Refusal => Object.assign(new Refusal('forbidden', 'sign-in-not-valid', 'The answer of the identity provider is not valid. Begin again.'), { cause });

interface Thrown {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  /** The code of an OAuth error. */
  readonly error?: string;
  readonly status?: number;
  readonly cause?: unknown;
}

/** A connection that failed, or an answer that says it is the provider's own fault. */
function isTheirs({ name, code, message, error, cause }: Thrown): boolean {
  if (code === 'OAUTH_TIMEOUT' || name === 'TimeoutError' || name === 'AbortError' || message === 'fetch failed') return true;
  if (error === 'temporarily_unavailable' || error === 'server_error') return true;
  if (typeof cause !== 'object' || cause === null) return false;
  // The library keeps the answer it did not like, or the error of the connection, as the cause.
  return ((cause as { status?: number }).status ?? 0) >= 500 || isTheirs(cause);
}

/** It does not know us, or not as we say we are. */
const isOurs = ({ code, error }: Thrown): boolean => code === 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' || error === 'invalid_client' || error === 'unauthorized_client';

/** What the client library throws, in our words. Nothing that a browser brings makes a fault of ours. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const thrown = error as Thrown;
  if (isTheirs(thrown)) return unreachable(error);
  if (isOurs(thrown)) return misconfigured(error);
  if (thrown.error === 'invalid_grant') return new Refusal('forbidden', 'sign-in-expired', 'This sign-in ran out, or was used already. Begin again.');
  if (thrown.error === 'access_denied') return new Refusal('forbidden', 'sign-in-refused', 'The identity provider did not let you in.');
  return invalidAnswer(error);
}

export class OpenIdProvider {
  private known: { readonly config: Promise<Configuration>; readonly at: number } | undefined;

  /** `settings` null: OpenID Connect is off. `timeout`: seconds. */
  constructor(
    readonly settings: OidcSettings | null,
    private readonly timeout = TIMEOUT,
    private readonly now: () => number = Date.now,
  ) {}

  /** Where to send the browser, and what to keep until it comes back. @throws Refusal. */
  async begin(redirect: string): Promise<{ readonly url: string; readonly errand: Errand }> {
    const config = await this.config();
    const errand = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), redirect };
    const url = buildAuthorizationUrl(config, {
      redirect_uri: redirect,
      scope: this.on.claim === 'email' ? 'openid email' : 'openid',
      response_type: 'code',
      state: errand.state,
      nonce: errand.nonce,
      code_challenge: await calculatePKCECodeChallenge(errand.verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, errand };
  }

  /** Whom the provider vouches for, by what it sent the browser back with. @throws Refusal. */
  async finish(query: string, { state, nonce, verifier, redirect }: Errand): Promise<Vouched> {
    const config = await this.config();
    try {
      const tokens = await authorizationCodeGrant(config, new URL(`${redirect}?${query}`), { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true });
      const claims = tokens.claims();
      if (claims === undefined) throw invalidAnswer();
      if (this.on.claim === 'sub') return { subject: claims.sub, identity: claims.sub };
      // Some providers put no more than they must into the token.
      const said: Readonly<Record<string, unknown>> = claims['email'] === undefined && config.serverMetadata().userinfo_endpoint !== undefined ? await fetchUserInfo(config, tokens.access_token, claims.sub) : claims;
      if (typeof said['email'] !== 'string' || said['email_verified'] !== true) throw new Refusal('forbidden', 'email-not-verified', 'The identity provider vouches for no e-mail address of yours.');
      return { subject: claims.sub, identity: identityAs('email', said['email']) };
    } catch (error) {
      throw refusalOf(error);
    }
  }

  private get on(): OidcSettings {
    if (this.settings === null) throw new Refusal('missing', 'no-open-id', 'OpenID Connect is not set up here.');
    return this.settings;
  }

  /** What the provider says of itself, asked when it is needed first; who comes meanwhile waits for the same answer. */
  private async config(): Promise<Configuration> {
    const settings = this.on;
    const before = this.known;
    if (before !== undefined && this.now() < before.at + FRESH_MS) return before.config;
    const asked = { config: this.discovered(settings), at: this.now() };
    this.known = asked;
    try {
      return await asked.config;
    } catch (error) {
      // Asked anew the next time; what was known goes on being used meanwhile.
      if (this.known === asked) this.known = before;
      if (before !== undefined) return before.config;
      throw isTheirs(error as Thrown) ? unreachable(error) : misconfigured(error);
    }
  }

  /** Signatures are checked, although the token comes straight from the provider. */
  protected discovered({ issuer, clientId, clientSecret }: OidcSettings): Promise<Configuration> {
    return discovery(new URL(issuer), clientId, clientSecret, ClientSecretBasic(clientSecret), { timeout: this.timeout, execute: [enableNonRepudiationChecks, ...(isPlainLoopback(issuer) ? [allowInsecureRequests] : [])] });
  }
}
