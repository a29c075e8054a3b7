/** The cookie of a session. Its name makes browsers insist that it came over a secure connection, for this host and all of it. */

const NAME = '__Host-five-ring';
/** A token is 32 bytes in base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** The token in a Cookie header; undefined when there is none, or two that differ. */
export function tokenIn(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const values = header.split(';').map((pair) => pair.trim()).filter((pair) => pair.startsWith(`${NAME}=`)).map((pair) => pair.slice(NAME.length + 1));
  const [first] = values;
  return first !== undefined && TOKEN.test(first) && values.every((value) => value === first) ? first : undefined;
}

/** `seconds`: how long the browser keeps it; 0 takes it away. */
export const setCookie = (token: string, seconds: number): string => `${NAME}=${token}; Path=/; Max-Age=${seconds}; HttpOnly; Secure; SameSite=Lax`;
