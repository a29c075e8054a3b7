/** Serves the built web app: its page for every address a reader may open, and the files the page asks for. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './shell/problems.filter.js';
import { appPolicy } from './shell/security-headers.js';

/** Where `npm run build` puts it, for the sources and for what is built from them. */
export const WEB = join(import.meta.dirname, '..', 'dist', 'web');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** What stands in the page where the nonce of an answer belongs. */
const NONCE = /__NONCE__/g;
/** Files here have their content in their name: they never change. */
const FOR_EVER = '/assets/';
/** Addresses that are no screens, whatever stands behind them. */
const NOT_OURS = ['/api', '/health', '/metrics', '/assets'];

/** The service worker asks the server for the page, and for nothing elsewhere. */
const WORKER = '/sw.js';
const WORKER_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'";

/** Headers of these answers in place of those that every other has, by request. */
const own = new WeakMap<object, Readonly<Record<string, string>>>();
/** Headers that `securityHeaders` must not overrule. */
export const webHeaders = (request: object): Readonly<Record<string, string>> => own.get(request) ?? {};

const MISSING = '<!doctype html><html lang="en"><title>Five-Ring</title><p>The web app is not built here. Run <code>npm run build</code>, then start the server again. The API answers: <a href="/api/docs">/api/docs</a>.</p></html>';

interface Held {
  readonly type: string;
  /** By Content-Encoding; '' as it is. */
  readonly bodies: ReadonlyMap<string, Buffer>;
}

const ENCODINGS = { br: '.br', gzip: '.gz' } as const;

/** All files of a build by their path, in memory: a path that is none of theirs reads nothing. */
function filesIn(folder: string): Map<string, Held> {
  const held = new Map<string, Held>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const extension = extname(entry.name);
    if (!entry.isFile() || extension === '.br' || extension === '.gz' || extension === '.map') continue;
    const file = join(entry.parentPath, entry.name);
    const bodies = new Map([['', readFileSync(file)]]);
    for (const [encoding, suffix] of Object.entries(ENCODINGS)) if (existsSync(`${file}${suffix}`)) bodies.set(encoding, readFileSync(`${file}${suffix}`));
    held.set(`/${file.slice(folder.length + 1).replaceAll('\\', '/')}`, { type: TYPES[extension] ?? 'application/octet-stream', bodies });
  }
  return held;
}

function sendFile(path: string, { type, bodies }: Held, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  own.set(request, { 'cache-control': path.startsWith(FOR_EVER) ? 'public, max-age=31536000, immutable' : 'no-cache', ...(path === WORKER && { 'content-security-policy': WORKER_POLICY }) });
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const encoding = Object.keys(ENCODINGS).find((one) => bodies.has(one) && new RegExp(`\\b${one}\\b(?!;\\s*q=0(?:\\.0+)?(?:,|$))`).test(accepted));
  reply.header('content-type', type).header('vary', 'accept-encoding');
  if (encoding !== undefined) reply.header('content-encoding', encoding);
  return reply.send(bodies.get(encoding ?? ''));
}

/** Any address a reader may open gets the page, and the page finds out what to show. Programs get the problem they would get elsewhere. */
const isForTheApp = (path: string, request: FastifyRequest): boolean =>
  path === '/' || (!NOT_OURS.some((one) => path === one || path.startsWith(`${one}/`)) && String(request.headers.accept ?? '').includes('text/html'));

/** Adds the routes. `folder` holds the build; without one, pages say so. */
export function addWeb(fastify: FastifyInstance, folder = WEB): void {
  let files: Map<string, Held> | undefined;
  const held = (): Map<string, Held> => (files ??= existsSync(join(folder, 'index.html')) ? filesIn(folder) : new Map<string, Held>());
  const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined => {
    const path = request.url.split('?')[0]!;
    const file = path === '/index.html' ? undefined : held().get(path);
    if (file !== undefined) return sendFile(path, file, request, reply);
    if (!isForTheApp(path, request)) {
      sendProblem(new NotFoundException(), request, reply);
      return reply;
    }
    const page = held().get('/index.html')?.bodies.get('')?.toString();
    const nonce = randomBytes(18).toString('base64url');
    own.set(request, { 'cache-control': 'no-cache', 'content-security-policy': appPolicy(nonce) });
    reply.header('content-type', TYPES['.html']).status(page === undefined ? 503 : 200);
    return reply.send((page ?? MISSING).replace(NONCE, nonce));
  };
  // HEAD comes with GET.
  for (const route of ['/', '/*']) fastify.get(route, answer);
}
