/** What must hold of the examples in deploy/. Beside each rule stand mistakes that it must find. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../src/config.js';

type Files = Record<'five-ring.service' | 'five-ring.env' | 'Caddyfile' | 'nginx.conf', string>;
const NAMES: readonly (keyof Files)[] = ['five-ring.service', 'five-ring.env', 'Caddyfile', 'nginx.conf'];
const read = (): Files => Object.fromEntries(NAMES.map((name) => [name, readFileSync(join(__dirname, '..', 'deploy', name), 'utf8')])) as Files;

/** `Name=value` lines, without comments; of several with one name the values together. */
function settings(text: string): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^([A-Za-z_]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) all.set(name, [...(all.get(name) ?? []), value!]);
  }
  return all;
}
const env = (text: string): Record<string, string> => Object.fromEntries([...settings(text)].map(([name, values]) => [name, values.at(-1)!]));
/** The part of nginx.conf that hands requests on. */
const location = (text: string): string => /location \/ \{\s*proxy_pass[\s\S]*?\n {4}\}/.exec(text)?.[0] ?? '';

const HARDENED: Readonly<Record<string, string>> = {
  NoNewPrivileges: 'yes', ProtectSystem: 'strict', ProtectHome: 'yes', PrivateTmp: 'yes', PrivateDevices: 'yes', ProtectKernelTunables: 'yes', ProtectKernelModules: 'yes', ProtectControlGroups: 'yes',
  RestrictNamespaces: 'yes', RestrictSUIDSGID: 'yes', LockPersonality: 'yes', CapabilityBoundingSet: '', StateDirectory: 'five-ring', StateDirectoryMode: '0700', UMask: '0077', SystemCallArchitectures: 'native',
};

/** Each gives sentences; none when all is well. */
const RULES: Record<string, (files: Files) => string[]> = {
  'the service is nobody in particular, and writes to its data only': (files) => {
    const service = settings(files['five-ring.service']);
    return [
      ...Object.entries(HARDENED).filter(([name, value]) => service.get(name)?.join() !== value).map(([name]) => `${name}=${service.get(name)?.join()}`),
      ...(['root', undefined, ''].includes(service.get('User')?.join()) ? ['it runs as root'] : []),
      ...(service.has('ReadWritePaths') ? ['it writes elsewhere too'] : []),
      // V8 makes machine code while it runs: the server would not start.
      ...(service.get('MemoryDenyWriteExecute')?.includes('yes') === true ? ['V8 cannot run'] : []),
      ...(service.get('SystemCallFilter')?.[0] === '@system-service' ? [] : ['every system call is open']),
      ...(/FIVE_RING_DATA=\/var\/lib\/five-ring\b/.test(service.get('Environment')?.join(' ') ?? '') ? [] : ['its data are elsewhere']),
      ...(/\/node .*dist\/main\.js$/.test(service.get('ExecStart')?.join() ?? '') ? [] : ['the process is not the server']),
      ...(Number(service.get('TimeoutStopSec')) > 10 ? [] : ['it is killed while it answers']),
    ];
  },

  'the settings are such as the server takes, for a proxy on this machine': (files) => {
    const config = readConfig({ ...env(files['five-ring.env']), FIVE_RING_DATA: '/var/lib/five-ring' });
    return [
      ...(config.host === '127.0.0.1' ? [] : ['others reach it without the proxy']),
      ...(config.proxies.join() === '127.0.0.1' ? [] : [`it believes ${config.proxies.join()}`]),
      ...config.hosts.filter((host) => !files.Caddyfile.includes(`${host} {`) || !files['nginx.conf'].includes(`server_name ${host};`)).map((host) => `no proxy serves ${host}`),
      ...NAMES.filter((name) => name.includes('.') && /SECRET=\S/.test(files[name].replaceAll(/^#.*$/gm, ''))).map((name) => `${name} holds a secret`),
    ];
  },

  'nginx says itself who asks and over what, hands on as it comes, and serves no other name': (files) => {
    const here = location(files['nginx.conf']);
    const sets = new Map([...here.matchAll(/proxy_set_header (\S+) (.*);/g)].map(([, name, value]) => [name!, value!]));
    const wants = { Host: '$host', 'X-Forwarded-Host': '$host', 'X-Forwarded-For': '$remote_addr', 'X-Forwarded-Proto': 'https', Forwarded: '""' };
    return [
      ...Object.entries(wants).filter(([name, value]) => sets.get(name) !== value).map(([name]) => `${name}: ${sets.get(name)}`),
      ...['proxy_request_buffering off;', 'proxy_buffering off;'].filter((line) => !here.includes(line)),
      ...(files['nginx.conf'].includes('ssl_reject_handshake on;') ? [] : ['other names are served']),
      ...(/ssl_protocols (TLSv1\.[23] ?)+;/.test(files['nginx.conf']) ? [] : ['old TLS']),
      ...(/add_header/.test(files['nginx.conf']) ? ['headers come twice'] : []),
    ];
  },

  'Caddy throws away what a client claims': (files) => (/trusted_proxies|header_up X-Forwarded/.test(files.Caddyfile) ? ['it believes somebody'] : []),
};

const edit = (name: keyof Files, from: string | RegExp, to: string) => (files: Files): void => {
  const edited = files[name].replace(from, to);
  if (edited === files[name]) throw new Error(`${name} has no ${from}`);
  files[name] = edited;
};
const [SERVICE, SETTINGS, NGINX, CADDY] = Object.keys(RULES) as [string, string, string, string];

const MISTAKES: [rule: string, what: string, plant: (files: Files) => void][] = [
  [SERVICE, 'root', edit('five-ring.service', 'User=five-ring', 'User=root')],
  [SERVICE, 'a system that it may write to', edit('five-ring.service', 'ProtectSystem=strict', 'ProtectSystem=full')],
  [SERVICE, 'a second folder', edit('five-ring.service', 'UMask=0077', 'UMask=0077\nReadWritePaths=/opt')],
  [SERVICE, 'capabilities', edit('five-ring.service', 'CapabilityBoundingSet=\n', 'CapabilityBoundingSet=CAP_NET_BIND_SERVICE\n')],
  [SERVICE, 'a V8 that cannot run', edit('five-ring.service', 'UMask=0077', 'UMask=0077\nMemoryDenyWriteExecute=yes')],
  [SERVICE, 'data that others read', edit('five-ring.service', 'StateDirectoryMode=0700', 'StateDirectoryMode=0755')],
  [SERVICE, 'a stop that is too short', edit('five-ring.service', 'TimeoutStopSec=15', 'TimeoutStopSec=5')],
  [SETTINGS, 'a port that is open to all', edit('five-ring.env', 'FIVE_RING_HOST=127.0.0.1', 'FIVE_RING_HOST=0.0.0.0')],
  [SETTINGS, 'everybody believed', edit('five-ring.env', 'FIVE_RING_TRUSTED_PROXIES=127.0.0.1', 'FIVE_RING_TRUSTED_PROXIES=0.0.0.0/1')],
  [SETTINGS, 'a name that no proxy serves', edit('five-ring.env', 'five-ring.example.org', 'other.example.org')],
  [SETTINGS, 'a secret', edit('five-ring.env', 'PORT=3000', 'PORT=3000\nFIVE_RING_OIDC_ISSUER=https://id.example.org\nFIVE_RING_OIDC_CLIENT_ID=x\nFIVE_RING_OIDC_CLIENT_SECRET=changeit')],
  [NGINX, 'an address that a client claims', edit('nginx.conf', 'X-Forwarded-For $remote_addr', 'X-Forwarded-For $http_x_forwarded_for')],
  [NGINX, 'an address that a client adds to', edit('nginx.conf', 'X-Forwarded-For $remote_addr', 'X-Forwarded-For $proxy_add_x_forwarded_for')],
  [NGINX, 'a host that a client claims', edit('nginx.conf', /.*X-Forwarded-Host.*\n/, '')],
  [NGINX, 'imports that are kept back', edit('nginx.conf', 'proxy_request_buffering off', 'proxy_request_buffering on')],
  [NGINX, 'any name', edit('nginx.conf', 'ssl_reject_handshake on', 'ssl_reject_handshake off')],
  [NGINX, 'TLS of yesterday', edit('nginx.conf', 'TLSv1.2 TLSv1.3', 'TLSv1 TLSv1.2')],
  [CADDY, 'a proxy before the proxy', edit('Caddyfile', 'flush_interval -1', 'flush_interval -1\n\t\ttrusted_proxies private_ranges')],
];

describe.each(Object.keys(RULES))('%s', (rule) => {
  it('holds', () => expect(RULES[rule]!(read())).toEqual([]));

  it.each(MISTAKES.filter(([of]) => of === rule).map(([, what, plant]) => [what, plant] as const))('and finds %s', (_what, plant) => {
    const files = read();
    plant(files);
    expect(RULES[rule]!(files)).not.toEqual([]);
  });
});

it('each rule has a mistake to find', () => expect(Object.keys(RULES).filter((rule) => !MISTAKES.some(([of]) => of === rule))).toEqual([]));
