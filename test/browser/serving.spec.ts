/** How the server serves the web app: the page for any address a reader opens, files for ever, problems for programs, and one sentence where nothing is built. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { addWeb, webHeaders } from '../../src/web.js';

const SCRIPT = `console.log(${JSON.stringify('x'.repeat(2000))})`;
const folder = mkdtempSync(join(tmpdir(), 'five-ring-web-test-'));
mkdirSync(join(folder, 'web/assets'), { recursive: true });
writeFileSync(join(folder, 'secret.txt'), 'outside');
writeFileSync(join(folder, 'web/index.html'), '<!doctype html><meta nonce="__NONCE__"><title>Five-Ring</title>');
writeFileSync(join(folder, 'web/assets/app-1.js'), SCRIPT);
writeFileSync(join(folder, 'web/assets/app-1.js.gz'), gzipSync(SCRIPT));

function served(from: string): FastifyInstance {
  const app = fastify();
  addWeb(app, from);
  app.addHook('onSend', async (request, reply) => void reply.headers(webHeaders(request)));
  return app;
}
const app = served(join(folder, 'web'));
const bare = served(join(folder, 'nothing'));
afterAll(async () => {
  await app.close();
  await bare.close();
  rmSync(folder, { recursive: true });
});

const HTML = { accept: 'text/html,*/*' };

it.each(['/', '/portfolio', '/customers/abc?entry=1', '/sign-in'])('%s is the page, never cached, with a nonce of its own each time', async (url) => {
  const [one, other] = await Promise.all([app.inject({ url, headers: HTML }), app.inject({ url, headers: HTML })]);
  expect([one.statusCode, one.headers['content-type'], one.headers['cache-control']]).toEqual([200, 'text/html; charset=utf-8', 'no-cache']);
  const nonce = /nonce="([\w-]{20,})"/.exec(one.body)![1]!;
  expect(one.headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`);
  expect(one.headers['content-security-policy']).not.toMatch(/unsafe/);
  expect(other.body).not.toContain(nonce);
});

it('HEAD has the headers alone', async () => {
  const answer = await app.inject({ method: 'HEAD', url: '/', headers: HTML });
  expect([answer.statusCode, answer.body]).toEqual([200, '']);
});

it('files are kept for ever, and sent compressed to who takes that', async () => {
  const plain = await app.inject({ url: '/assets/app-1.js' });
  expect([plain.statusCode, plain.body, plain.headers['content-encoding'], plain.headers['cache-control']]).toEqual([200, SCRIPT, undefined, 'public, max-age=31536000, immutable']);
  const packed = await app.inject({ url: '/assets/app-1.js', headers: { 'accept-encoding': 'gzip, br' } });
  expect([packed.headers['content-encoding'], packed.headers['vary'], packed.rawPayload.length < SCRIPT.length]).toEqual(['gzip', 'accept-encoding', true]);
  expect((await app.inject({ url: '/assets/app-1.js', headers: { 'accept-encoding': 'gzip;q=0' } })).headers['content-encoding']).toBeUndefined();
});

it.each(['/api/v1/nothing', '/api/nothing', '/assets/app-2.js', '/health/none', '/metrics/x'])('%s is a problem, also for a browser', async (url) => {
  const answer = await app.inject({ url, headers: HTML });
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
});

it('an address of no screen is a problem for a program', async () => {
  expect((await app.inject({ url: '/nothing' })).statusCode).toBe(404);
});

it.each(['/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt', '/..%5csecret.txt', '//secret.txt', '/assets/app-1.js.gz', '/index.html/..%00'])('%s reads nothing outside, and nothing else', async (url) => {
  const answer = await app.inject({ url });
  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  expect(answer.body).not.toContain('outside');
});

it('where nothing is built, the page says what to do', async () => {
  const answer = await bare.inject({ url: '/', headers: HTML });
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
  expect(answer.body).toContain('npm run build');
});
