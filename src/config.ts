/** The environment, checked once at boot and given on as typed values. */
import { readFileSync } from 'node:fs';
import { isIP, isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import { readOidc, type OidcSettings } from './access/oidc-settings.js';
import { isZone } from './kernel/calendar.js';
import { checkRules } from './rings/check-rules.js';
import { DEFAULT_PRESET, PRESETS, type Rules } from './rings/rules.js';

export interface Config {
  /** Folder of log.db, views.db and keys.db. */
  readonly data: string;
  /** URL of the store that holds the log. */
  readonly store: string;
  /** URL of the PostgreSQL database that holds views, keys and audit; null: they are files in the data folder. */
  readonly db: string | null;
  /** Address to listen on. */
  readonly host: string;
  /** Names in the Host header that are answered, in lower case; those of this machine always are. */
  readonly hosts: readonly string[];
  /** Addresses and networks (CIDR) of proxies whose X-Forwarded headers are believed; without any they are ignored. */
  readonly proxies: readonly string[];
  /** 0: any free port. */
  readonly port: number;
  readonly rules: Rules;
  /** IANA zone that decides days and date-only input. */
  readonly zone: string;
  readonly logLevel: string;
  /** Folder of the built web app, when it is not the one beside the server. */
  readonly web?: string;
  /** Signing in with OpenID Connect; null when it is off. */
  readonly oidc: OidcSettings | null;
  /** Folder in which heads of the log are kept. */
  readonly heads: string;
  /** To go on without the keys of a log, which are lost: nothing of its names and texts can be read any more. */
  readonly keysLost: boolean;
  /** How often a head is kept while the log grows. */
  readonly headsEveryMinutes: number;
}

const LOOPBACK = '127.0.0.1';
/** A name or an IPv4 address, without port. */
const HOST_NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;

/** A week. */
const MOST_MINUTES = 10_080;

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** @throws Error with one sentence that names the variable. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const data = resolve(env['FIVE_RING_DATA'] || 'data');
  const preset = env['FIVE_RING_PRESET'] || DEFAULT_PRESET;
  const rules = Object.hasOwn(PRESETS, preset) ? PRESETS[preset] : undefined;
  if (rules === undefined) throw new Error(`FIVE_RING_PRESET=${preset} is no preset; there are ${Object.keys(PRESETS).join(', ')}.`);
  const problems = checkRules(rules);
  if (problems.length > 0) throw new Error(`The rules of ${preset} cannot be used: ${problems.map(({ field, message }) => `${field} ${message}`).join('; ')}.`);
  const proxies = (env['FIVE_RING_TRUSTED_PROXIES'] ?? '').split(',').map((one) => one.trim()).filter((one) => one !== '');
  const noProxy = proxies.find((one) => !isNetwork(one));
  if (noProxy !== undefined) throw new Error(`FIVE_RING_TRUSTED_PROXIES names ${noProxy}, which is neither an address nor a network such as 10.0.0.0/8; give the addresses of your proxies, with commas between.`);
  const port = Number(env['PORT'] || 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`PORT=${env['PORT']} is no port; give a number from 0 to 65535.`);
  const zone = env['FIVE_RING_TIME_ZONE'] || Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!isZone(zone)) throw new Error(`FIVE_RING_TIME_ZONE=${zone} is no IANA time zone, such as Europe/Berlin.`);
  const logLevel = env['LOG_LEVEL'] || 'info';
  if (!LEVELS.includes(logLevel)) throw new Error(`LOG_LEVEL=${logLevel} is no level; there are ${LEVELS.join(', ')}.`);
  const headsEveryMinutes = Number(env['FIVE_RING_HEADS_MINUTES'] || 60);
  if (!Number.isInteger(headsEveryMinutes) || headsEveryMinutes < 1 || headsEveryMinutes > MOST_MINUTES) throw new Error(`FIVE_RING_HEADS_MINUTES=${env['FIVE_RING_HEADS_MINUTES']} is no whole number of minutes from 1 to ${MOST_MINUTES}.`);
  const host = env['FIVE_RING_HOST'] || LOOPBACK;
  if (isIP(host) === 0) throw new Error(`FIVE_RING_HOST=${host} is no IP address; give ${LOOPBACK} for this machine only, 0.0.0.0 for every interface, or the address of one.`);
  const hosts = (env['FIVE_RING_HOSTS'] ?? '').split(',').map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
  const bad = hosts.find((name) => !HOST_NAME.test(name));
  if (bad !== undefined) throw new Error(`FIVE_RING_HOSTS names ${bad}, which is no host name; give names without scheme, port or wildcard, with commas between.`);
  return { data, store: env['FIVE_RING_STORE'] || `sqlite:${resolve(data, 'log.db')}`, db: readDb(env['FIVE_RING_DB']), host, hosts, proxies, port, rules, zone, logLevel, oidc: readOidc(env, (path) => readFileSync(path, 'utf8')), heads: resolve(env['FIVE_RING_HEADS'] || data), headsEveryMinutes, keysLost: env['FIVE_RING_KEYS_LOST'] === 'yes', ...(env['FIVE_RING_WEB'] && { web: resolve(env['FIVE_RING_WEB']) }) };
}

/** @throws Error; the URL itself is left out, for it may hold a password. */
function readDb(url: string | undefined): string | null {
  if (url === undefined || url === '') return null;
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) throw new Error('FIVE_RING_DB is no address of a PostgreSQL database; give postgres://user:password@host:5432/database.');
  return url;
}

const PREFIX = /^\d{1,3}$/;

/** An address, or a network as address/length. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const version = isIP(address);
  return version !== 0 && more.length === 0 && (prefix === undefined || (PREFIX.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= (version === 4 ? 32 : 128)));
}

/** The address as it stands in a URL or a Host header. A wildcard address is reached through the loopback one. */
export function urlHost(host: string): string {
  if (host === '0.0.0.0') return LOOPBACK;
  if (isIPv6(host)) return isUnspecified(host) ? '[::1]' : `[${host.toLowerCase()}]`;
  return host;
}

const isUnspecified = (host: string): boolean => /^[0:]+$/.test(host);
