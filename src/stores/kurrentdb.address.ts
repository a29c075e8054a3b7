/** What a KurrentDB URL must say. It holds a password: no sentence, and nothing of what the client prints, may show it. */
import { accessSync, constants } from 'node:fs';

/** Shorter than a stop may take, so that every request gets its answer. */
const DEADLINE_MS = 6_000;
/** The client's reads wait so long before they look for a node, every time: its own 500 ms would be felt at each new connection. */
const DISCOVERY_MS = 50;
/** A search that nobody waits for any more must end soon. */
const DISCOVERIES = 2;

const FORM = 'A KurrentDB URL looks like kurrentdb://user:password@host:2113, with several hosts and commas for a cluster; special characters of the password are written as %40 and so on.';

/** By the client's lower-case name. Left out: what would break a promise (nodePreference, throwOnAppendFailure, dnsDiscover). */
const OPTIONS: ReadonlyMap<string, string> = new Map(
  ['tls', 'tlsCAFile', 'tlsVerifyCert', 'userCertFile', 'userKeyFile', 'defaultDeadline', 'keepAliveInterval', 'keepAliveTimeout', 'connectionName', 'discoveryInterval', 'gossipTimeout', 'maxDiscoverAttempts'].map((name) => [name.toLowerCase(), name]),
);
const FILES = ['tlscafile', 'usercertfile', 'userkeyfile'];
const FLAGS = ['tls', 'tlsverifycert'];
const NUMBERS = ['defaultdeadline', 'keepaliveinterval', 'keepalivetimeout', 'discoveryinterval', 'gossiptimeout', 'maxdiscoverattempts'];

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3})$/i;

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface Host {
  readonly name: string;
  readonly port: number;
}

export interface Address {
  /** For the client. */
  readonly url: string;
  /** Hosts and ports, for sentences: without credentials. */
  readonly shown: string;
  readonly hosts: readonly Host[];
  /** Whether the hosts are to be asked who leads. */
  readonly isCluster: boolean;
  readonly isTls: boolean;
  /** Path of the authorities' certificates. */
  readonly authorities: string | undefined;
  readonly isVerified: boolean;
  readonly credentials: Credentials | undefined;
  readonly deadlineMs: number;
}

/** @throws Error with one sentence that never holds the password. */
export function addressOf(url: string): Address {
  const match = /^(kurrentdb(\+discover)?):\/\/(?:([^@/?]*)@)?([^@/?]+)\/?(?:\?([^?]*))?$/s.exec(url);
  if (match === null) throw new Error(FORM);
  const [, scheme = '', discover, login, shown = '', query = ''] = match;
  const hosts = shown.split(',').map(hostOf);
  const given = optionsOf(query);
  const isTls = given.get('tls') !== 'false';
  const credentials = login === undefined ? undefined : credentialsOf(login);
  const isNear = hosts.every(({ name }) => LOOPBACK.test(name));
  if (credentials?.username === 'admin' && credentials.password === 'changeit' && isTls && !isNear) throw new Error(`The KurrentDB URL for ${shown} holds the password every new server has; set another on the server first.`);
  const deadlineMs = Number(given.get('defaultdeadline') ?? DEADLINE_MS);
  if (deadlineMs < 100) throw new Error('The option defaultDeadline of the KurrentDB URL is a number of milliseconds, 100 or more.');
  const defaults = { discoveryInterval: DISCOVERY_MS, maxDiscoverAttempts: DISCOVERIES };
  const added = Object.entries(defaults).filter(([name]) => !given.has(name.toLowerCase()));
  const asked = [...(query === '' ? [] : [query]), ...added.map(([name, value]) => `${name}=${value}`)].join('&');
  return {
    url: `${scheme}://${login === undefined ? '' : `${login}@`}${shown}?${asked}`,
    shown,
    hosts,
    isCluster: discover !== undefined || hosts.length > 1,
    isTls,
    authorities: given.get('tlscafile'),
    isVerified: given.get('tlsverifycert') !== 'false',
    credentials,
    deadlineMs,
  };
}

function hostOf(text: string): Host {
  const [, name, port = '2113'] = /^([a-z0-9._-]+)(?::(\d+))?$/i.exec(text) ?? [];
  if (name === undefined || Number(port) < 1 || Number(port) > 65_535) throw new Error(`"${text}" in the KurrentDB URL is no host, or its port is none.`);
  return { name, port: Number(port) };
}

function credentialsOf(login: string): Credentials {
  const [, username, password] = /^([^:]+):([^:]+)$/.exec(login) ?? [];
  if (username === undefined || password === undefined) throw new Error(FORM);
  try {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    throw new Error(FORM);
  }
}

/** The options by their lower-case names. The client would print the whole URL about one it does not know. */
function optionsOf(query: string): Map<string, string> {
  const given = new Map<string, string>();
  for (const pair of query === '' ? [] : query.split('&')) {
    const [, key = '', value] = /^([^=]+)=(.+)$/s.exec(pair) ?? [];
    const name = key.toLowerCase().replace(/[_-]/g, '');
    const option = OPTIONS.get(name);
    if (option === undefined || value === undefined) throw new Error(`The KurrentDB URL has an option that Five-Ring does not take; it takes ${[...OPTIONS.values()].join(', ')}, each with a value.`);
    if (FLAGS.includes(name) && value !== 'true' && value !== 'false') throw new Error(`The option ${option} of the KurrentDB URL is true or false.`);
    if (NUMBERS.includes(name) && !/^-?\d{1,9}$/.test(value)) throw new Error(`The option ${option} of the KurrentDB URL is a whole number.`);
    given.set(name, FILES.includes(name) ? fileOf(option, value) : value);
  }
  return given;
}

function fileOf(option: string, value: string): string {
  try {
    const file = decodeURIComponent(value);
    accessSync(file, constants.R_OK);
    return file;
  } catch {
    throw new Error(`The file that ${option} of the KurrentDB URL names cannot be read: ${value}.`);
  }
}
