/** Every answer carries the headers that keep it to itself: pages, JSON, files, refusals, and what was no HTTP at all. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { securityHeaders } from '../../src/shell/security-headers.js';
import { API, csv, mapping, TestApp, type Answer } from './app.js';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.withAda();
});
afterAll(() => app.remove());

type Headers = Readonly<Record<string, string | undefined>>;

/** The policy's directives by name. */
const directives = (policy: string | undefined): Map<string, string[]> => new Map((policy ?? '').split(';').map((one) => one.trim().split(/\s+/)).map(([name, ...sources]) => [name!, sources]));

/** What is missing or too loose. */
function looseIn(headers: Headers): string[] {
  const policy = directives(headers['content-security-policy']);
  const wants: Readonly<Record<string, string>> = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin', 'referrer-policy': 'same-origin', 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'cache-control': 'no-store' };
  return [
    ...Object.entries(wants).filter(([name, value]) => headers[name] !== value).map(([name]) => `${name}: ${headers[name]}`),
    ...['default-src', 'base-uri', 'frame-ancestors'].filter((name) => policy.get(name)?.join() !== "'none'").map((name) => `${name} ${policy.get(name)?.join(' ')}`),
    ...(policy.has('form-action') ? [] : ['form-action is open']),
    ...[...policy].filter(([, sources]) => sources.some((source) => ["'unsafe-inline'", "'unsafe-eval'", '*', 'http:', 'https:'].includes(source))).map(([name]) => `${name} is loose`),
    ...(policy.get('script-src')?.some((source) => source !== "'self'") === true ? ['scripts from elsewhere'] : []),
    ...(policy.has('upgrade-insecure-requests') ? ['plain HTTP would be left'] : []),
    ...(headers['x-powered-by'] !== undefined || headers['server'] !== undefined ? ['it says what it runs on'] : []),
  ];
}

const get = (url: string, headers: Record<string, string> = {}) => (): Promise<Answer> => app.raw('GET', url, headers);
const ANSWERS: [string, () => Promise<Answer>, number | number[]][] = [
  ['JSON', get(`${API}/kinds`), 200],
  ['a write', () => app.post('customers', { name: 'X' }), 201],
  ['a validation error', () => app.post('customers', {}), 400],
  ['malformed JSON', () => app.post('customers', '{'), 400],
  ['somebody unknown', get(`${API}/kinds`, { authorization: '' }), 401],
  ['an unknown route', get('/nothing'), 404],
  ['half an escape', get(`${API}/customers/%zz`), 400],
  ['a name too long', get(`${API}/customers/${'a'.repeat(201)}`), [404, 414]],
  ['a foreign host', get(`${API}/kinds`, { host: 'evil.example' }), 403],
  ['an import', () => app.import([mapping({ customer: { source: 'crm', sourceId: '{A}' }, entry: { kind: 'note', occurredAt: '{D}' } }), csv('A,D\n')]), 200],
  ['health', get('/health/live'), 200],
  ['metrics', get('/metrics'), 200],
  ['the page about the API', get('/api/docs'), 200],
  ['its script', get('/api/docs/swagger-ui-bundle.js'), 200],
  ['its style', get('/api/docs/swagger-ui.css'), 200],
  ['its document', get('/api/openapi.json'), 200],
];

it.each(ANSWERS)('%s', async (_, ask, status) => {
  const answer = await ask();
  expect([status].flat()).toContain(answer.status);
  expect(looseIn(answer.headers)).toEqual([]);
  expect(answer.headers['strict-transport-security']).toBeUndefined();
});

it('data may load and run nothing; pages of ours load from here, and run nothing that stands in them', () => {
  const data = directives(securityHeaders({ type: 'application/json', path: `${API}/kinds`, secure: false })['content-security-policy']);
  expect([...data.keys()].sort()).toEqual(['base-uri', 'default-src', 'form-action', 'frame-ancestors']);
  const page = directives(securityHeaders({ type: 'text/html; charset=utf-8', path: '/sign-in', secure: false })['content-security-policy']);
  expect(page.get('script-src')).toEqual(["'self'"]);
  expect(page.get('style-src')).toEqual(["'self'"]);
  expect(page.get('form-action')).toEqual(["'self'"]);
});

it("the API's page: each style in it is named by its hash, and no script stands in it", async () => {
  const { text, headers } = await app.raw('GET', '/api/docs');
  const policy = directives(headers['content-security-policy']);
  const hash = (style: string): string => `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
  const styles = [...text.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(([, style]) => style!);
  const attributes = [...text.matchAll(/\sstyle=["']([^"']*)["']/g)].map(([, style]) => style!);
  expect(styles.length).toBeGreaterThan(0);
  for (const style of [...styles, ...attributes]) expect(policy.get('style-src')).toContain(hash(style));
  expect([...text.matchAll(/<script(?![^>]*\ssrc=)[^>]*>\s*\S/g)]).toEqual([]);
  expect([...text.matchAll(/\son[a-z]+=/g)]).toEqual([]);
});

it('only what goes over HTTPS asks for HTTPS from then on', () => {
  const of = (secure: boolean): string | undefined => securityHeaders({ type: undefined, path: '/', secure })['strict-transport-security'];
  expect(of(false)).toBeUndefined();
  expect(Number(/max-age=(\d+)/.exec(of(true) ?? '')?.[1])).toBeGreaterThanOrEqual(365 * 24 * 3600);
});

it('what is no HTTP is answered with them too', async () => {
  await app.nest.listen(0, '127.0.0.1');
  const socket = connect((app.nest.getHttpServer().address() as { port: number }).port, '127.0.0.1');
  let heard = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk));
  socket.write('hello\r\n\r\n');
  await once(socket, 'close');
  const [head, body] = heard.split('\r\n\r\n') as [string, string];
  expect(head).toMatch(/^HTTP\/1\.1 400 /);
  expect(looseIn(Object.fromEntries(head.split('\r\n').slice(1).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])))).toEqual([]);
  expect(JSON.parse(body)).toMatchObject({ status: 400, code: 'malformed-http' });
});

describe('planted bug', () => {
  const sound = securityHeaders({ type: 'application/json', path: '/', secure: false });
  const policy = sound['content-security-policy']!;
  it('none: nothing is seen', () => expect(looseIn(sound)).toEqual([]));

  const BUGS: [string, Headers][] = [
    ['no policy', { ...sound, 'content-security-policy': undefined }],
    ['a policy that lets scripts stand in the page', { ...sound, 'content-security-policy': `${policy}; script-src 'self' 'unsafe-inline'` }],
    ['a policy that lets scripts come from anywhere', { ...sound, 'content-security-policy': `${policy}; script-src *` }],
    ['a frame around it', { ...sound, 'content-security-policy': policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'") }],
    ['a policy that leaves plain HTTP', { ...sound, 'content-security-policy': `${policy}; upgrade-insecure-requests` }],
    ['an answer that is kept', { ...sound, 'cache-control': 'public' }],
    ['a name of the server', { ...sound, 'x-powered-by': 'Express' }],
    ['a type that is guessed', { ...sound, 'x-content-type-options': undefined }],
  ];
  it.each(BUGS)('%s: seen', (_, headers) => expect(looseIn(headers)).not.toEqual([]));
});
