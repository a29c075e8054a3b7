/** The headers by which a browser keeps what we answer to itself. Every answer has them, a refusal too. */
import { createHash } from 'node:crypto';

/** What an answer is, as far as it matters to a browser. */
export interface Answering {
  /** Its content-type; undefined when it has no body. */
  readonly type: string | undefined;
  /** The path that was asked for, without the query. */
  readonly path: string;
  /** Whether it goes over HTTPS, here or at a proxy that is trusted. */
  readonly secure: boolean;
  /** The text of a page, where it is at hand. */
  readonly page?: string | undefined;
}

const CLOSED = ["base-uri 'none'", "frame-ancestors 'none'"];
/** JSON, text, files: nothing in them is for a browser to run or load. */
const DATA = ["default-src 'none'", "form-action 'none'", ...CLOSED].join('; ');
/** Pages of our own: scripts, styles and pictures come from files of this server, none stands in the page. */
const PAGE = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'", "manifest-src 'self'", "form-action 'self'", ...CLOSED].join('; ');

/** The web app's page: its library of parts writes styles with the nonce of the answer, and it works without a connection. */
export const appPolicy = (nonce: string): string => PAGE.replace("style-src 'self'", `style-src 'self' 'nonce-${nonce}'`).replace("manifest-src 'self'", "manifest-src 'self'; worker-src 'self'");

/** The page about the API is Swagger's, which has its styles in the page: each is named by its hash. */
const SWAGGER = '/api/docs';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function swaggerPolicy(page: string): string {
  const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style]) => hashOf(style!));
  const attributes = [...new Set([...page.matchAll(/\sstyle="([^"]*)"/g)].map(([, style]) => hashOf(style!)))];
  return [
    "default-src 'none'",
    "script-src 'self'",
    ["style-src 'self'", ...styles, ...(attributes.length > 0 ? ["'unsafe-hashes'", ...attributes] : [])].join(' '),
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'none'",
    ...CLOSED,
  ].join('; ');
}

/** Page by its text: hashes are made once. */
const swaggerPolicies = new Map<string, string>();

function policyOf({ type, path, page }: Answering): string {
  if (!(type ?? '').startsWith('text/html')) return DATA;
  if (path !== SWAGGER && !path.startsWith(`${SWAGGER}/`)) return PAGE;
  if (page === undefined) return PAGE;
  const known = swaggerPolicies.get(page);
  if (known !== undefined) return known;
  const made = swaggerPolicy(page);
  // The page is the same for everybody; a few stand for several apps in one process.
  if (swaggerPolicies.size >= 8) swaggerPolicies.clear();
  swaggerPolicies.set(page, made);
  return made;
}

/** Every answer's headers, by name in lower case. */
export function securityHeaders(answering: Answering): Readonly<Record<string, string>> {
  return {
    'content-security-policy': policyOf(answering),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
    // Not `no-referrer`: a form that is sent would then name no origin, and be refused as foreign.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-permitted-cross-domain-policies': 'none',
    'cache-control': 'no-store',
    // A browser that was told so over plain HTTP does not listen, and one that is told by a name without HTTPS would be shut out.
    ...(answering.secure && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
  };
}
