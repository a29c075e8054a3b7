/** Why there is no connection, in words that say what to do. The client's own words do not tell TLS from plain. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { Address, Host } from './kurrentdb.address.js';

const WAIT_MS = 1_000;

/** A sentence without its subject, that a host's own answer gives; undefined when nothing is wrong there, or nobody can say. */
export async function diagnose(address: Address): Promise<string | undefined> {
  const findings = await Promise.all(address.hosts.map(async (host) => ({ host, finding: await ask(address, host) })));
  // One that is as it should be: the reason lies elsewhere.
  if (findings.some(({ finding }) => finding === undefined)) return undefined;
  const [first] = findings;
  return first?.finding;
}

async function ask(address: Address, host: Host): Promise<string | undefined> {
  const code = await tlsError(address, host);
  switch (code) {
    case undefined:
      return address.isTls ? undefined : 'speaks TLS: leave tls=false out of its URL';
    case 'ECONNREFUSED':
      return 'does not listen: nothing runs there, or at another port';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'has a name that this machine does not know';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'is in no network that this machine reaches';
    case 'ETIMEDOUT':
      return 'does not answer';
    // Whoever speaks no TLS answers with something else, or hangs up.
    case 'EPROTO':
    case 'ECONNRESET':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return address.isTls ? 'speaks no TLS: add tls=false to its URL, which is for a network that nobody listens in' : undefined;
    default:
      return address.isTls ? `shows a certificate that this machine does not trust (${code}): name the authority's with tlsCAFile in its URL` : 'speaks TLS: leave tls=false out of its URL';
  }
}

/** The code of the error that a TLS handshake ends with; undefined when it succeeds. */
function tlsError({ isTls, isVerified, authorities }: Address, { name, port }: Host): Promise<string | undefined> {
  return new Promise((resolve) => {
    let isConnected = false;
    const socket = connect({
      host: name,
      port,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ALPNProtocols: ['h2'],
      rejectUnauthorized: isTls && isVerified,
      ...(authorities === undefined ? {} : { ca: readFileSync(authorities) }),
    });
    const end = (code?: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(code);
    };
    const timer = setTimeout(() => end(isConnected ? 'ECONNRESET' : 'ETIMEDOUT'), WAIT_MS);
    socket
      .on('connect', () => (isConnected = true))
      .on('error', ({ code }: NodeJS.ErrnoException) => end(code ?? 'EPROTO'))
      .on('close', () => end('ECONNRESET'))
      .on('secureConnect', () => end());
  });
}
