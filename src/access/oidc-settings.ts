/** What the environment says about signing in with OpenID Connect. */
import { isLoopback } from './origin.js';

export type IdentityClaim = 'email' | 'sub';

export interface OidcSettings {
  /** Address of the provider, as it calls itself. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What an administrator links an account by: a verified e-mail address, or the provider's own id of the person. */
  readonly claim: IdentityClaim;
  /** What the button says. */
  readonly name: string;
}

export const isEmail = (value: string): boolean => value.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(value);

/** The same text for the same identity: addresses are compared without regard to capitals. */
export const identityAs = (claim: IdentityClaim, value: string): string => (claim === 'email' ? value.trim().normalize('NFC').toLowerCase() : value);

const NAME_LENGTH = 60;

/** Whether the provider may be spoken to without TLS: only one on this machine. */
export const isPlainLoopback = (issuer: string): boolean => issuer.startsWith('http:') && isLoopback(new URL(issuer).hostname);

/** Null when OpenID Connect is off. `read`: the text of a file. @throws Error with one sentence that names the variable. */
export function readOidc(env: Readonly<Record<string, string | undefined>>, read: (path: string) => string): OidcSettings | null {
  const of = (name: string): string => env[`FIVE_RING_OIDC_${name}`]?.trim() ?? '';
  const issuer = of('ISSUER');
  if (issuer === '') {
    const idle = ['CLIENT_ID', 'CLIENT_SECRET', 'CLIENT_SECRET_FILE', 'CLAIM', 'NAME'].find((name) => of(name) !== '');
    if (idle !== undefined) throw new Error(`FIVE_RING_OIDC_${idle} is given without FIVE_RING_OIDC_ISSUER.`);
    return null;
  }
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '') throw new Error(`FIVE_RING_OIDC_ISSUER=${issuer} is no issuer; give the address of the provider, such as https://id.example.org.`);
  if (url.protocol === 'http:' && !isPlainLoopback(issuer)) throw new Error('FIVE_RING_OIDC_ISSUER: http is for a provider on this machine only; give an https address.');
  const clientId = of('CLIENT_ID');
  if (clientId === '') throw new Error('FIVE_RING_OIDC_CLIENT_ID is missing: the name under which the provider knows Five-Ring.');
  const [given, file] = [of('CLIENT_SECRET'), of('CLIENT_SECRET_FILE')];
  if ((given === '') === (file === '')) throw new Error('Give one of FIVE_RING_OIDC_CLIENT_SECRET and FIVE_RING_OIDC_CLIENT_SECRET_FILE.');
  let clientSecret = given;
  if (file !== '') {
    try {
      clientSecret = read(file).trim();
    } catch (cause) {
      throw new Error(`FIVE_RING_OIDC_CLIENT_SECRET_FILE=${file} cannot be read.`, { cause });
    }
    if (clientSecret === '') throw new Error(`FIVE_RING_OIDC_CLIENT_SECRET_FILE=${file} is empty.`);
  }
  const claim = of('CLAIM') || 'email';
  if (claim !== 'email' && claim !== 'sub') throw new Error(`FIVE_RING_OIDC_CLAIM=${claim} is none; give email or sub.`);
  const name = of('NAME') || 'Sign in with OpenID Connect';
  if (name.length > NAME_LENGTH) throw new Error(`FIVE_RING_OIDC_NAME is longer than ${NAME_LENGTH} characters.`);
  return { issuer, clientId, clientSecret, claim, name };
}
