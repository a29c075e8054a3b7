/** What must hold of docker-compose.yml and the Dockerfile. Beside each rule stand planted mistakes that it must find. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Service {
  image?: string;
  build?: unknown;
  profiles?: string[];
  restart?: string;
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  ports?: string[];
  volumes?: string[];
  env_file?: string[];
  environment?: Record<string, string>;
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  networks?: string[] | Record<string, { ipv4_address?: string }>;
}
/** Everything that is judged: the compose file, and the texts beside it by their names. */
interface Setup {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  networks: Record<string, { ipam: { config: { subnet: string; gateway: string; ip_range: string }[] } }>;
  texts: Record<string, string>;
}

const TEXTS = ['Dockerfile', '.dockerignore', '.env', '.env.cluster.example', '.gitignore', 'docker/cluster-node.env', 'docker/cluster-app.env', 'docker/cluster-postgres.env', 'docker/postgres.sh', 'docker/balancer.cfg', 'package.json'];
/** Where the log is, how many apps there are, and where their rows and keys are. */
const PROFILES: Readonly<Record<string, { readonly store: string | undefined; readonly apps: number; readonly db: string | undefined }>> = {
  embedded: { store: undefined, apps: 1, db: undefined }, kurrentdb: { store: 'kurrentdb:', apps: 1, db: undefined }, cluster: { store: 'kurrentdb1:', apps: 2, db: '@postgres:5432/five_ring' },
};
const text = (name: string): string => readFileSync(join(__dirname, '..', name), 'utf8');
const read = (): Setup => ({ ...(parse(text('docker-compose.yml'), { merge: true }) as Setup), texts: Object.fromEntries(TEXTS.map((name) => [name, text(name)])) });

const isApp = ({ build }: Service): boolean => build !== undefined;
const named = (setup: Setup): [string, Service][] => Object.entries(setup.services);
/** Lines of an env file, as Compose would give them on. */
const settings = (file: string | undefined): Map<string, string> => new Map((file ?? '').split('\n').filter((line) => /^[A-Z]/.test(line)).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
const all = (setup: Setup, { environment = {}, env_file = [] }: Service): Map<string, string> => new Map([...env_file.flatMap((file) => [...settings(setup.texts[file])]), ...Object.entries(environment)]);
/** Runs once, and others wait for its end. */
const isStep = (setup: Setup, name: string): boolean => Object.values(setup.services).some(({ depends_on }) => depends_on?.[name]?.condition === 'service_completed_successfully');
const stages = (dockerfile: string): string[] => dockerfile.split(/^(?=FROM )/m).slice(1);

/** Each gives sentences; none when all is well. */
const RULES: Record<string, (setup: Setup) => string[]> = {
  'images are pinned': (setup) => [
    ...named(setup).filter(([, { image }]) => !/^([^:@]+:v?\d+\.\d+\.\d+|postgres:\d+\.\d+-[a-z]+)$/.test(image ?? '')).map(([name, { image }]) => `${name} runs ${image}`),
    ...named(setup).filter(([, service]) => isApp(service) && service.image !== `five-ring:${(JSON.parse(setup.texts['package.json']!) as { version: string }).version}`).map(([name, { image }]) => `${name}: ${image} is not of this version`),
    ...(/^ARG NODE=node:24\.\d+\.\d+-[a-z]+-slim$/m.test(setup.texts['Dockerfile']!) ? [] : ['the base image is not pinned']),
    ...[...setup.texts['Dockerfile']!.matchAll(/^FROM (\S+)/gm)].filter(([, from]) => from !== '${NODE}' && from !== 'base').map(([line]) => line),
  ],

  'no secret stands in a file': (setup) => [
    ...named(setup).flatMap(([name, service]) => [...all(setup, service)].flatMap(([key, value]) => {
      // A file's name is no secret.
      const password = /(PASSWORD|SECRET|TOKEN)(?!_FILE)/.test(key) ? value : /:\/\/[^/]*?:([^/]*)@/.exec(value)?.[1];
      return password === undefined || /^\$\{[A-Z_]+:\?[^}]+\}$/.test(password) ? [] : [`${name}: ${key} holds a secret, or does not say what is missing`];
    })),
    ...[...settings(setup.texts['.env.cluster.example'])].filter(([key, value]) => key !== 'COMPOSE_PROFILES' && value !== '').map(([key]) => `the example fills in ${key}`),
    ...([...settings(setup.texts['.env'])].join() === 'COMPOSE_PROFILES,embedded' ? [] : ['.env, which is committed, says more than the profile']),
    ...(setup.texts['.gitignore']!.split('\n').includes('.env.cluster') ? [] : ['.env.cluster is not ignored']),
  ],

  // Compose asks for it in whichever profile, when it stands in docker-compose.yml: then `docker compose up` fails for want of it.
  'nothing is demanded that the default does not need': (setup) => named(setup).filter(([, { environment }]) => /:\?/.test(JSON.stringify(environment ?? {}))).map(([name]) => name),

  'the example asks for what the files demand': (setup) => {
    const demanded = new Set(TEXTS.filter((file) => /^docker\/.*\.env$/.test(file)).flatMap((file) => [...setup.texts[file]!.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name!)));
    const offered = settings(setup.texts['.env.cluster.example']);
    return [...demanded].filter((name) => !offered.has(name));
  },

  'each service is watched, and comes back': (setup) => [
    ...named(setup).filter(([name, { restart }]) => restart !== (isStep(setup, name) ? 'no' : 'unless-stopped')).map(([name, { restart }]) => `${name} restarts ${restart}`),
    ...named(setup).filter(([name, service]) => !isStep(setup, name) && (service.healthcheck === undefined ? !isApp(service) : service.healthcheck.disable === true || (service.healthcheck.test?.length ?? 0) < 2)).map(([name]) => `${name} has no health check`),
    ...(/^HEALTHCHECK .*\n? *CMD \["node", /m.test(setup.texts['Dockerfile']!.replace(/\\\n/g, '')) ? [] : ['the image has no health check']),
  ],

  'each profile has its apps on its store, and the default is the embedded one': (setup) => [
    ...named(setup).filter(([, { profiles }]) => profiles?.length !== 1).map(([name]) => `${name} is in no profile, or in several`),
    ...named(setup).filter(([, { profiles }]) => !Object.hasOwn(PROFILES, profiles?.[0] ?? '')).map(([name, { profiles }]) => `${name} is in ${profiles?.join()}`),
    ...Object.entries(PROFILES).flatMap(([profile, { store, apps, db }]) => {
      const there = named(setup).filter(([, service]) => isApp(service) && service.profiles?.[0] === profile);
      if (there.length !== apps) return [`${profile} has ${there.length} apps`];
      return there.flatMap(([name, service]) => {
        const [url, rows] = [all(setup, service).get('FIVE_RING_STORE'), all(setup, service).get('FIVE_RING_DB')];
        return [
          ...((store === undefined ? url === undefined : url?.startsWith('kurrentdb://') === true && url.includes(store)) ? [] : [`${name} is on ${url}`]),
          ...((db === undefined ? rows === undefined : rows?.startsWith('postgres://five_ring:') === true && rows.endsWith(db)) ? [] : [`${name} has its rows in ${rows}`]),
        ];
      });
    }),
    ...(settings(setup.texts['.env']).get('COMPOSE_PROFILES') === 'embedded' ? [] : ['the default is another']),
  ],

  'what an app waits for and names is there with it': (setup) => named(setup).flatMap(([name, service]) => [
    ...Object.entries(service.depends_on ?? {}).filter(([other, { condition }]) => setup.services[other]?.profiles?.[0] !== service.profiles?.[0] || condition === 'service_started').map(([other]) => `${name} waits for ${other}`),
    ...[...(all(setup, service).get('FIVE_RING_STORE') ?? '').matchAll(/([a-z0-9]+):2113/g)].filter(([, host]) => service.depends_on?.[host!]?.condition !== 'service_healthy').map(([, host]) => `${name} does not wait for ${host}`),
    ...[...(all(setup, service).get('FIVE_RING_DB') ?? '').matchAll(/@([a-z0-9]+):5432/g)].filter(([, host]) => service.depends_on?.[host!]?.condition !== 'service_healthy').map(([, host]) => `${name} does not wait for ${host}`),
  ]),

  'ports are published to this machine only, and users come in by one door': (setup) => [
    ...named(setup).flatMap(([name, { ports = [] }]) => ports.filter((port) => !/^127\.0\.0\.1:(\d+|\$\{[A-Z_]+:-\d+\}):\d+$/.test(port)).map((port) => `${name}: ${port}`)),
    ...Object.keys(PROFILES).flatMap((profile) => {
      const doors = named(setup).filter(([, { profiles, ports = [] }]) => profiles?.[0] === profile && ports.some((port) => port.endsWith(':3000'))).map(([name]) => name);
      const wanted = profile === 'cluster' ? 'balancer' : named(setup).find(([, service]) => isApp(service) && service.profiles?.[0] === profile)?.[0];
      return doors.join() === wanted ? [] : [`users of ${profile} come in by ${doors.join(' and ')}`];
    }),
    ...named(setup).filter(([, { profiles, ports = [] }]) => profiles?.[0] === 'cluster' && ports.some((port) => !port.endsWith(':3000'))).map(([name]) => `${name} of the cluster has a port`),
  ],

  'an app is nobody in particular, and writes to its data only': (setup) => [
    ...named(setup).filter(([, service]) => isApp(service)).flatMap(([name, { user, read_only, cap_drop, volumes = [] }]) => [
      ...(/^[1-9]\d*:[1-9]\d*$/.test(user ?? '') ? [] : [`${name} runs as ${user}`]),
      ...(read_only === true ? [] : [`${name} can write to its own code`]),
      ...(cap_drop?.join() === 'ALL' ? [] : [`${name} has capabilities`]),
      ...volumes.filter((volume) => !volume.endsWith(':ro') && !volume.endsWith(':/data')).map((volume) => `${name} writes to ${volume}`),
      ...(volumes.some((volume) => /^[a-z0-9-]+:\/data$/.test(volume)) ? [] : [`${name} keeps its data nowhere`]),
    ]),
    ...(/^USER node$/m.test(stages(setup.texts['Dockerfile']!).at(-1)!) ? [] : ['the image runs as root']),
  ],

  'volumes are declared, and each log has its own': (setup) => [
    ...named(setup).flatMap(([name, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]!).filter((volume) => !volume.startsWith('./') && !Object.hasOwn(setup.volumes, volume)).map((volume) => `${name}: ${volume}`)),
    ...Object.keys(setup.volumes).filter((volume) => !named(setup).some(([, { volumes = [] }]) => volumes.some((mount) => mount.startsWith(`${volume}:`)))).map((volume) => `nobody uses ${volume}`),
    ...(() => {
      const writers = named(setup).filter(([name]) => !isStep(setup, name)).flatMap(([, { volumes = [] }]) => volumes.filter((volume) => !volume.endsWith(':ro')).map((volume) => volume.split(':')[0]!));
      return writers.filter((volume, at) => writers.indexOf(volume) !== at).map((volume) => `two write to ${volume}`);
    })(),
  ],

  'a node keeps its data, runs no projections, and only the development one is open': (setup) => named(setup).filter(([, { image }]) => image?.includes('/kurrentdb:') === true).flatMap(([name, service]) => {
    const given = all(setup, service);
    return [
      ...(given.get('KURRENTDB_RUN_PROJECTIONS') === 'None' && given.get('KURRENTDB_START_STANDARD_PROJECTIONS') === 'false' ? [] : [`${name} runs projections`]),
      ...(service.volumes?.includes(`${name}:/var/lib/kurrentdb`) === true ? [] : [`${name} keeps its data nowhere`]),
      ...((given.get('KURRENTDB_INSECURE') === 'true') === (service.profiles?.[0] === 'kurrentdb') ? [] : [`${name} is open, or closed, where it should not be`]),
      ...(service.profiles?.[0] !== 'cluster' || (given.get('KURRENTDB_CERTIFICATE_PRIVATE_KEY_FILE') === `/certs/${name}/node.key` && given.get('KURRENTDB_NODE_HOST_ADVERTISE_AS') === name && given.has('KURRENTDB_DEFAULT_ADMIN_PASSWORD') && given.has('KURRENTDB_DEFAULT_OPS_PASSWORD') && !given.get('KURRENTDB_GOSSIP_SEED')!.includes(`${name}:`)) ? [] : [`${name} is not itself`]),
    ];
  }),

  'keys of the authority and of the nodes stay where they belong': (setup) => [
    ...named(setup).filter(([name, { volumes = [] }]) => !isStep(setup, name) && volumes.some((volume) => volume.startsWith('ca-key:'))).map(([name]) => `${name} holds the authority's key`),
    ...named(setup).filter(([, service]) => isApp(service) && (service.volumes ?? []).some((volume) => volume.startsWith('certificates:'))).map(([name]) => `${name} holds the nodes' keys`),
    ...named(setup).filter(([name]) => !isStep(setup, name)).flatMap(([name, { volumes = [] }]) => volumes.filter((volume) => /^(ca|certificates):/.test(volume) && !volume.endsWith(':ro')).map((volume) => `${name} can change ${volume}`)),
  ],

  'PostgreSQL keeps its data, and gives the app a database and nothing more': (setup) => named(setup).filter(([, { image }]) => image?.startsWith('postgres:') === true).flatMap(([name, service]) => [
    ...(service.volumes?.includes(`${name}:/var/lib/postgresql/data`) === true ? [] : [`${name} keeps its data nowhere`]),
    ...(service.volumes?.some((volume) => /^\.\/docker\/postgres\.sh:\/docker-entrypoint-initdb\.d\/[a-z-]+\.sh:ro$/.test(volume)) === true ? [] : [`${name} makes no role`]),
    ...(service.user !== undefined && !/^0|^root/.test(service.user) && service.cap_drop?.join() === 'ALL' ? [] : [`${name} runs as root`]),
    ...(all(setup, service).get('POSTGRES_INITDB_ARGS')?.includes('--auth-host=scram-sha-256') === true && !all(setup, service).has('POSTGRES_HOST_AUTH_METHOD') ? [] : [`${name} lets in whoever comes`]),
    ...(service.healthcheck?.test?.join(' ').includes('--host 127.0.0.1') === true ? [] : [`${name} is healthy before it is set up`]),
    ...[...setup.texts['docker/postgres.sh']!.matchAll(/CREATE ROLE (\w+) ([^;]*);/g)].filter(([, role, rights]) => rights !== (role === 'five_ring' ? "LOGIN PASSWORD :'password'" : 'NOLOGIN')).map(([line]) => line),
    ...(/CREATE DATABASE five_ring OWNER five_ring [^;]*ENCODING 'UTF8'/.test(setup.texts['docker/postgres.sh']!) ? [] : ['there is no database for the app']),
    ...(setup.texts['docker/postgres.sh']!.includes('REVOKE ALL ON DATABASE five_ring FROM PUBLIC') ? [] : ['others connect to it']),
  ]),

  'the balancer asks whether a node is ready, binds nobody to one, and sends no write twice': (setup) => {
    const config = setup.texts['docker/balancer.cfg']!.replaceAll(/^\s*#.*$/gm, '');
    const part = (name: string): string => new RegExp(`^${name}\\n((?: +.*\\n|\\n)*)`, 'm').exec(config)?.[1] ?? '';
    const [users, ready, alive] = [part('frontend users'), part('backend ready'), part('backend alive')];
    const apps = named(setup).filter(([, service]) => isApp(service) && service.profiles?.[0] === 'cluster').map(([name]) => `${name}:3000`).sort();
    const serves = (backend: string): string[] => [...backend.matchAll(/^ +server \S+ (\S+)$/gm)].map(([, address]) => address!).sort();
    const { networks = {}, volumes = [] } = setup.services['balancer'] ?? {};
    const address = (networks as Record<string, { ipv4_address?: string }>)['cluster']?.ipv4_address;
    const network = setup.networks['cluster']!.ipam.config[0]!;
    return [
      ...[ready, alive].filter((backend) => serves(backend).join() !== apps.join()).map((backend) => `it serves ${serves(backend).join()}`),
      ...(/uri \/health\/ready /.test(ready) && / check /.test(ready) && /expect status 200/.test(ready) ? [] : ['it does not ask whether a node is ready']),
      ...(/uri \/health\/live /.test(alive) && / check /.test(alive) && /use_backend ready if \{ nbsrv\(ready\) gt 0 \}\n\s*default_backend alive/.test(users) ? [] : ['nobody answers when no node is ready']),
      ...(/^ +retry-on conn-failure empty-response 503$/m.test(part('defaults')) && /http-request disable-l7-retry unless METH_GET/.test(users) ? [] : ['a write may be sent twice']),
      ...(/\bcookie\b|\bstick|balance source/.test(config) ? ['somebody is bound to a node'] : []),
      ...(/http-buffer-request/.test(config) ? ['imports are kept back'] : []),
      ...(/timeout server 1h/.test(config) && /timeout client 1h/.test(config) ? [] : ['what takes long is cut']),
      ...(/option forwardfor$/m.test(users) && /X-Forwarded-Proto http unless/.test(users) && /del-header Forwarded$/m.test(users) ? [] : ['it does not say who asks']),
      ...(volumes.includes('./docker/balancer.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro') ? [] : ['it runs on something else']),
      // Whom a node believes: the balancer, and the machine, by addresses that nobody else can get.
      ...named(setup).filter(([, service]) => isApp(service) && service.profiles?.[0] === 'cluster' && all(setup, service).get('FIVE_RING_TRUSTED_PROXIES') !== `${address},${network.gateway}`).map(([name]) => `${name} believes others`),
      ...(network.ip_range.endsWith('.128/25') && /\.(\d+)$/.exec(address ?? '')?.[1] === '10' ? [] : ["others may get the balancer's address"]),
    ];
  },

  'the image is made from the lock, and holds nothing for development': ({ texts }) => {
    const last = stages(texts['Dockerfile']!).at(-1)!;
    return [
      ...[...texts['Dockerfile']!.matchAll(/npm (ci|i|install|add)\b[^\n&]*/g)].filter(([command, verb]) => verb !== 'ci' || !command.includes('--ignore-scripts')).map(([command]) => command),
      ...[...last.matchAll(/--from=(\S+) (\S+)/g)].filter(([, from, what]) => what!.includes('node_modules') && !/npm ci [^\n]*--omit=dev/.test(stages(texts['Dockerfile']!).find((stage) => stage.startsWith(`FROM base AS ${from}\n`)) ?? '')).map(([line]) => line),
      ...(/^COPY \. /m.test(texts['Dockerfile']!) ? ['copies everything'] : []),
      ...(texts['.dockerignore']!.split('\n').find((line) => line !== '' && !line.startsWith('#')) === '*' ? [] : ['the context is everything']),
      ...(/^CMD \["node", "dist\/main\.js"\]$/m.test(last) && !/^ENTRYPOINT/m.test(last) ? [] : ['process 1 is not the server']),
    ];
  },
};

const app = (setup: Setup): Service => setup.services['app']!;
const edit = (name: string, from: string | RegExp, to: string) => (setup: Setup): void => {
  const edited = setup.texts[name]!.replace(from, to);
  if (edited === setup.texts[name]) throw new Error(`${name} has no ${from}`);
  setup.texts[name] = edited;
};

const MISTAKES: [rule: string, what: string, plant: (setup: Setup) => void][] = [
  ['images are pinned', 'latest', (s) => (s.services['kurrentdb']!.image = 'docker.kurrent.io/kurrent-lts/kurrentdb:latest')],
  ['images are pinned', 'any PostgreSQL 17', (s) => (s.services['postgres']!.image = 'postgres:17-bookworm')],
  ['images are pinned', 'no tag', (s) => (s.services['certificates']!.image = 'eventstore/es-gencert-cli')],
  ['images are pinned', 'an app of another version', (s) => (app(s).image = 'five-ring:0.0.9')],
  ['images are pinned', 'any Node 24', edit('Dockerfile', /NODE=\S+/, 'NODE=node:24-slim')],
  ['images are pinned', 'another base', edit('Dockerfile', /FROM \$\{NODE\}\n/, 'FROM debian:12\n')],
  ['no secret stands in a file', 'a password', (s) => (s.services['kurrentdb1']!.environment!['KURRENTDB_DEFAULT_ADMIN_PASSWORD'] = 'changeit')],
  ['no secret stands in a file', 'a client secret', (s) => (app(s).environment!['FIVE_RING_OIDC_CLIENT_SECRET'] = 'changeit')],
  ['no secret stands in a file', 'a password with a default', edit('docker/cluster-node.env', /:\?[^}]*/, ':-changeit')],
  ['no secret stands in a file', 'a password that may be empty', edit('docker/cluster-node.env', /:\?[^}]*/, '')],
  ['no secret stands in a file', 'a password in a URL', edit('docker/cluster-app.env', /\$\{[^}]*\}/, 'changeit')],
  ['no secret stands in a file', "a password in the database's URL", edit('docker/cluster-app.env', /five_ring:\$\{[^}]*\}/, 'five_ring:changeit')],
  ['no secret stands in a file', "the database's password", edit('docker/cluster-postgres.env', /\$\{[^}]*\}/, 'changeit')],
  ['no secret stands in a file', 'an example that is filled in', edit('.env.cluster.example', 'KURRENTDB_OPS_PASSWORD=', 'KURRENTDB_OPS_PASSWORD=x')],
  ['no secret stands in a file', 'a password in .env', edit('.env', /$/, 'KURRENTDB_ADMIN_PASSWORD=x\n')],
  ['no secret stands in a file', 'the copy can be committed', edit('.gitignore', '.env.cluster\n', '')],
  ['nothing is demanded that the default does not need', 'a password', (s) => (s.services['kurrentdb1']!.environment!['X'] = '${KURRENTDB_ADMIN_PASSWORD:?Set it}')],
  ['the example asks for what the files demand', 'one forgotten', edit('.env.cluster.example', /KURRENTDB_OPS_PASSWORD=/, '')],
  ['the example asks for what the files demand', "the database's forgotten", edit('.env.cluster.example', /FIVE_RING_DB_PASSWORD=/, '')],
  ['each service is watched, and comes back', 'no restart', (s) => delete s.services['kurrentdb2']!.restart],
  ['each service is watched, and comes back', 'a database without a check', (s) => delete s.services['postgres']!.healthcheck],
  ['each service is watched, and comes back', 'a balancer without a check', (s) => delete s.services['balancer']!.healthcheck],
  ['each service is watched, and comes back', 'a step that comes back', (s) => (s.services['certificates']!.restart = 'always')],
  ['each service is watched, and comes back', 'a node without a check', (s) => delete s.services['kurrentdb']!.healthcheck],
  ['each service is watched, and comes back', 'an app whose check is off', (s) => (app(s).healthcheck = { disable: true })],
  ['each service is watched, and comes back', 'an image without a check', edit('Dockerfile', /HEALTHCHECK/, '# HEALTHCHECK')],
  ['each profile has its apps on its store, and the default is the embedded one', 'an app that always starts', (s) => delete app(s).profiles],
  ['each profile has its apps on its store, and the default is the embedded one', 'two apps', (s) => (s.services['app-kurrentdb']!.profiles = ['cluster'])],
  ['each profile has its apps on its store, and the default is the embedded one', 'one app of two', (s) => delete s.services['app-cluster2']],
  ['each profile has its apps on its store, and the default is the embedded one', 'rows of its own', edit('docker/cluster-app.env', /^FIVE_RING_DB=.*$/m, '')],
  ['each profile has its apps on its store, and the default is the embedded one', 'the rows of another', edit('docker/cluster-app.env', '@postgres:', '@elsewhere:')],
  ['each profile has its apps on its store, and the default is the embedded one', 'the store of another', (s) => delete s.services['app-kurrentdb']!.environment!['FIVE_RING_STORE']],
  ['each profile has its apps on its store, and the default is the embedded one', 'another default', edit('.env', 'embedded', 'kurrentdb')],
  ['what an app waits for and names is there with it', 'another profile', (s) => (app(s).depends_on = { kurrentdb: { condition: 'service_healthy' } })],
  ['what an app waits for and names is there with it', 'a node it does not wait for', (s) => delete s.services['app-cluster1']!.depends_on!['kurrentdb3']],
  ['what an app waits for and names is there with it', 'a database it does not wait for', (s) => delete s.services['app-cluster2']!.depends_on!['postgres']],
  ['ports are published to this machine only, and users come in by one door', 'every interface', (s) => (app(s).ports = ['3000:3000'])],
  ['ports are published to this machine only, and users come in by one door', 'every interface, said', (s) => (s.services['kurrentdb']!.ports = ['0.0.0.0:2113:2113'])],
  ['ports are published to this machine only, and users come in by one door', 'a door past the balancer', (s) => (s.services['app-cluster2']!.ports = ['127.0.0.1:3001:3000'])],
  ['ports are published to this machine only, and users come in by one door', 'an open database', (s) => (s.services['postgres']!.ports = ['127.0.0.1:5432:5432'])],
  ['an app is nobody in particular, and writes to its data only', 'root', (s) => (app(s).user = '0:0')],
  ['an app is nobody in particular, and writes to its data only', 'a root that can be written', (s) => (app(s).read_only = false)],
  ['an app is nobody in particular, and writes to its data only', 'capabilities', (s) => delete app(s).cap_drop],
  ['an app is nobody in particular, and writes to its data only', 'no data', (s) => delete app(s).volumes],
  ['an app is nobody in particular, and writes to its data only', 'another volume', (s) => app(s).volumes!.push('ca:/ca')],
  ['an app is nobody in particular, and writes to its data only', 'an image of root', edit('Dockerfile', 'USER node\n', '')],
  ['volumes are declared, and each log has its own', 'one that is not', (s) => delete s.volumes['data']],
  ['volumes are declared, and each log has its own', 'one for nobody', (s) => (s.volumes['old'] = null)],
  ['volumes are declared, and each log has its own', 'one for two', (s) => (s.services['app-kurrentdb']!.volumes = ['data:/data'])],
  ['a node keeps its data, runs no projections, and only the development one is open', 'projections', (s) => (s.services['kurrentdb1']!.environment!['KURRENTDB_RUN_PROJECTIONS'] = 'All')],
  ['a node keeps its data, runs no projections, and only the development one is open', 'no volume', (s) => s.services['kurrentdb']!.volumes!.pop()],
  ['a node keeps its data, runs no projections, and only the development one is open', 'an open cluster', (s) => (s.services['kurrentdb3']!.environment!['KURRENTDB_INSECURE'] = 'true')],
  ['a node keeps its data, runs no projections, and only the development one is open', 'the key of another', (s) => (s.services['kurrentdb3']!.environment!['KURRENTDB_CERTIFICATE_PRIVATE_KEY_FILE'] = '/certs/kurrentdb1/node.key')],
  ['keys of the authority and of the nodes stay where they belong', "the authority's key on a node", (s) => s.services['kurrentdb1']!.volumes!.push('ca-key:/ca-key:ro')],
  ['keys of the authority and of the nodes stay where they belong', "the nodes' keys at the app", (s) => s.services['app-cluster1']!.volumes!.push('certificates:/certs:ro')],
  ['keys of the authority and of the nodes stay where they belong', 'an authority that a node can change', (s) => (s.services['kurrentdb1']!.volumes![1] = 'ca:/ca')],
  ...([
    ['no volume', (s) => s.services['postgres']!.volumes!.shift()],
    ['no role', (s) => s.services['postgres']!.volumes!.pop()],
    ['root', (s) => (s.services['postgres']!.user = 'root')],
    ['no password', (s) => (s.services['postgres']!.environment = { POSTGRES_HOST_AUTH_METHOD: 'trust' })],
    ['an old way to ask for passwords', edit('docker/cluster-postgres.env', 'scram-sha-256', 'md5')],
    ['a check that is too early', (s) => (s.services['postgres']!.healthcheck!.test = ['CMD-SHELL', 'pg_isready'])],
    ['a role that may do anything', edit('docker/postgres.sh', "five_ring LOGIN PASSWORD", 'five_ring SUPERUSER LOGIN PASSWORD')],
    ['an analyst that logs in without a name', edit('docker/postgres.sh', 'five_ring_analyst NOLOGIN', 'five_ring_analyst LOGIN')],
    ['no database', edit('docker/postgres.sh', 'CREATE DATABASE', '-- CREATE DATABASE five_ring;')],
    ['a database for everybody', edit('docker/postgres.sh', /REVOKE.*\n/, '')],
  ] as [string, (setup: Setup) => unknown][]).map(([what, plant]): [string, string, (setup: Setup) => void] => ['PostgreSQL keeps its data, and gives the app a database and nothing more', what, plant]),
  ...([
    ['a node that is not served', edit('docker/balancer.cfg', /^ +server node2 .*\n/m, '')],
    ['a node that is gone', (s) => delete s.services['app-cluster2']],
    ['a node that is not ready', edit('docker/balancer.cfg', '/health/ready', '/health/live')],
    ['nobody to ask', edit('docker/balancer.cfg', '    default_backend alive\n', '')],
    ['no check', edit('docker/balancer.cfg', 'default-server check', 'default-server')],
    ['writes that are sent twice', edit('docker/balancer.cfg', /^ +http-request disable-l7-retry.*\n/m, '')],
    ['answers that take long asked for twice', edit('docker/balancer.cfg', 'empty-response 503', 'empty-response response-timeout 503')],
    ['a cookie', edit('docker/balancer.cfg', 'balance leastconn', 'balance leastconn\n    cookie NODE insert')],
    ['imports that are kept back', edit('docker/balancer.cfg', 'option forwardfor', 'option forwardfor\n    option http-buffer-request')],
    ['changes that are cut', edit('docker/balancer.cfg', 'timeout server 1h', 'timeout server 30s')],
    ['nobody said', edit('docker/balancer.cfg', '    option forwardfor\n', '')],
    ['another file', (s) => (s.services['balancer']!.volumes = [])],
    ['everybody believed', (s) => (s.services['app-cluster1']!.environment!['FIVE_RING_TRUSTED_PROXIES'] = '172.16.0.0/12')],
    ['an address that others get', (s) => (s.networks['cluster']!.ipam.config[0]!.ip_range = '172.30.93.0/24')],
  ] as [string, (setup: Setup) => unknown][]).map(([what, plant]): [string, string, (setup: Setup) => void] => ['the balancer asks whether a node is ready, binds nobody to one, and sends no write twice', what, plant]),
  ['the image is made from the lock, and holds nothing for development', 'npm install', edit('Dockerfile', /npm ci --ignore-scripts --no-audit --no-fund\n/, 'npm install --ignore-scripts\n')],
  ['the image is made from the lock, and holds nothing for development', 'development dependencies', edit('Dockerfile', ' --omit=dev', '')],
  ['the image is made from the lock, and holds nothing for development', 'the modules of the build', edit('Dockerfile', '--from=production', '--from=build')],
  ['the image is made from the lock, and holds nothing for development', 'everything', edit('Dockerfile', 'COPY src src', 'COPY . .')],
  ['the image is made from the lock, and holds nothing for development', 'npm as process 1', edit('Dockerfile', '["node", "dist/main.js"]', '["npm", "start"]')],
];

describe.each(Object.keys(RULES))('%s', (rule) => {
  it('holds', () => expect(RULES[rule]!(read())).toEqual([]));

  it.each(MISTAKES.filter(([of]) => of === rule).map(([, what, plant]) => [what, plant] as const))('and finds %s', (_what, plant) => {
    const setup = read();
    plant(setup);
    expect(RULES[rule]!(setup)).not.toEqual([]);
  });
});

it('each rule has a mistake to find', () => expect(Object.keys(RULES).filter((rule) => !MISTAKES.some(([of]) => of === rule))).toEqual([]));
