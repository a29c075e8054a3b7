/** Behind a proxy that does with headers what deploy/nginx.conf says: who asks, over what, and for which name is what the proxy says, whatever the client claims. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { AccountsWriter } from '../../src/access/accounts.writer.js';
import { hashOf } from '../../src/access/tokens.writer.js';
import { API, TestApp, written } from './app.js';

const NAME = 'five-ring.example.org';
const CONF = readFileSync(join(__dirname, '../../deploy/nginx.conf'), 'utf8');
const SETS = [...(/location \/ \{\s*proxy_pass[\s\S]*?\n {4}\}/.exec(CONF)?.[0] ?? '').matchAll(/proxy_set_header (\S+) (.*);/g)].map(([, name, value]) => [name!.toLowerCase(), value!] as const);

/** A client's address as the proxy sees it, whatever it is in the test. */
const CLIENT = '203.0.113.9';

/** What nginx would send on: the client's headers, with those of the file in place of its own; an empty one is not sent. */
function handedOn(headers: IncomingMessage['headers'], sets: typeof SETS): Record<string, string> {
  const on = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  for (const [name, value] of sets) {
    const said = value.replaceAll('"', '').replaceAll('$host', headers.host!.split(':')[0]!).replaceAll('$remote_addr', CLIENT).replaceAll('$http_x_forwarded_for', String(headers['x-forwarded-for'] ?? ''));
    if (said === '') delete on[name];
    else on[name] = said;
  }
  return on;
}

async function proxyTo(port: number, sets = SETS): Promise<Server> {
  const proxy = createServer((incoming, outgoing) => {
    const on = request({ port, host: '127.0.0.1', method: incoming.method, path: incoming.url, headers: handedOn(incoming.headers, sets), agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    on.on('error', () => outgoing.destroy());
    incoming.pipe(on);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return proxy;
}

interface Heard {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function ask(proxy: Server, method: string, path: string, { headers = {}, body }: { headers?: Record<string, string>; body?: object } = {}): Promise<Heard> {
  const sent = request({ port: (proxy.address() as AddressInfo).port, host: '127.0.0.1', method, path, headers: { host: NAME, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers }, agent: false });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode!, headers: answer.headers, body: await text(answer) };
}

let app: TestApp;
let proxy: Server;
const proxies: Server[] = [];
const started = async (of: TestApp, sets = SETS): Promise<Server> => {
  if (!of.nest.getHttpServer().listening) await of.nest.listen(0, '127.0.0.1');
  const made = await proxyTo((of.nest.getHttpServer().address() as AddressInfo).port, sets);
  proxies.push(made);
  return made;
};
beforeAll(async () => {
  app = await TestApp.open(undefined, { FIVE_RING_HOSTS: NAME, FIVE_RING_TRUSTED_PROXIES: '127.0.0.1' });
  await app.colleague('ada');
  await written(app.post('accounts', { id: 'ada', role: 'service' }));
  proxy = await started(app);
});
afterAll(async () => {
  for (const one of proxies) one.close();
  await app.remove();
});

async function signIn(by: Server, headers: Record<string, string> = {}): Promise<Heard> {
  const { path } = await app.nest.get(AccountsWriter).signInLink('ada');
  return ask(by, 'POST', `${API}/links/use`, { body: { token: path.split('#')[1] }, headers });
}

/** Address that the session was begun from, as it is kept. */
const addressOf = async ({ headers }: Heard): Promise<string | undefined> => (await app.parts.vault.secrets.session(hashOf(/__Host-five-ring=([^;]+)/.exec(String(headers['set-cookie']))![1]!)))?.address;

it('the example sets what this test leans on', () => expect(SETS.map(([name]) => name).sort()).toEqual(['connection', 'forwarded', 'host', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto']));

it('over HTTPS at the proxy: one signs in, the cookie is for HTTPS only, and HSTS is asked for', async () => {
  const answer = await signIn(proxy);
  expect(answer.status).toBe(200);
  expect(answer.headers['strict-transport-security']).toMatch(/max-age=31536000/);
  expect(String(answer.headers['set-cookie'])).toMatch(/^__Host-five-ring=.*Secure/);
  const cookie = String(answer.headers['set-cookie']).split(';')[0]!;
  expect(JSON.parse((await ask(proxy, 'GET', `${API}/session`, { headers: { cookie } })).body)).toMatchObject({ colleague: { id: 'ada' } });
  // A page of this name writes; a page of another name does not.
  const log = (origin: string): Promise<Heard> => ask(proxy, 'POST', `${API}/customers`, { body: { name: 'Morel' }, headers: { cookie, origin } });
  expect((await log(`https://${NAME}`)).status).toBe(201);
  expect((await log('https://evil.example')).status).toBe(403);
});

it('the address is the one that the proxy saw, whatever the client claims', async () => {
  const claims = { 'x-forwarded-for': '198.51.100.1', forwarded: 'for=198.51.100.2', 'x-real-ip': '198.51.100.3' };
  expect(await addressOf(await signIn(proxy))).toBe(CLIENT);
  expect(await addressOf(await signIn(proxy, claims))).toBe(CLIENT);
});

it('a client claims in vain to come over another connection or to another name', async () => {
  expect((await signIn(proxy, { 'x-forwarded-proto': 'http', 'x-forwarded-host': 'evil.example' })).status).toBe(200);
  expect(await ask(proxy, 'GET', `${API}/session`, { headers: { host: 'evil.example', 'x-forwarded-host': NAME } })).toMatchObject({ status: 403, body: expect.stringContaining('foreign-host') });
});

it('whom no setting trusts is not believed: no sign-in, no HSTS', async () => {
  const other = await TestApp.open(undefined, { FIVE_RING_HOSTS: NAME, FIVE_RING_TRUSTED_PROXIES: '192.0.2.1' });
  const by = await started(other);
  expect(await ask(by, 'POST', `${API}/session`, { body: { colleague: 'ada', password: 'wrong and long' } })).toMatchObject({ status: 403, body: expect.stringContaining('needs-https') });
  expect((await ask(by, 'GET', '/health/live')).headers['strict-transport-security']).toBeUndefined();
  await other.remove();
});

it('planted bug: a proxy that hands on what a client claims, and the tests above see it', async () => {
  const loose = await started(app, SETS.filter(([name]) => !name.startsWith('x-forwarded')).concat([['x-forwarded-proto', 'https']]));
  expect(await addressOf(await signIn(loose, { 'x-forwarded-for': '198.51.100.1' }))).toBe('198.51.100.1');
  expect((await ask(loose, 'GET', `${API}/session`, { headers: { host: 'evil.example', 'x-forwarded-host': NAME } })).status).toBe(200);
});
