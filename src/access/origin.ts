/** Where a request comes from: over which connection, and from whose page. */
import { Refusal } from '../kernel/refusal.js';

/** What is known of a request; behind a trusted proxy, what that says. */
export interface Arrived {
  readonly protocol: string;
  /** With port. */
  readonly host: string;
  readonly hostname: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Whether a host name, as it stands in a URL or without brackets, is this machine itself. */
export const isLoopback = (hostname: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(hostname);

/** Browsers keep a Secure cookie only from such connections. @throws Refusal `needs-https`. */
export function refuseInsecure({ protocol, hostname }: Arrived): void {
  if (protocol === 'https' || isLoopback(hostname)) return;
  throw new Refusal('forbidden', 'needs-https', 'Signing in needs HTTPS, or a proxy that FIVE_RING_TRUSTED_PROXIES lists and that says X-Forwarded-Proto: https.');
}

function originOf({ protocol, host }: Arrived): string | undefined {
  try {
    return new URL(`${protocol}://${host}`).origin;
  } catch {
    return undefined;
  }
}

/**
 * Refuses what a page of another origin sends in the name of whoever looks at it.
 * `shown`: also when nothing says where it comes from, as every browser does on a write.
 * @throws Refusal `foreign-origin`.
 */
export function refuseForeign(request: Arrived, shown: boolean): void {
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  if (site === undefined && origin === undefined && !shown) return;
  // What the browser says of itself no page can forge; Origin is for those that do not say it.
  if (site !== undefined ? site === 'same-origin' : origin !== undefined && origin === originOf(request)) return;
  throw new Refusal('forbidden', 'foreign-origin', 'This was not sent from a page of Five-Ring; a request with a session says so in Sec-Fetch-Site or Origin, as browsers do.');
}
