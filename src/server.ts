/** Boots the HTTP server over the parts, and stops it so that every request received gets its answer. */
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import multipart from '@fastify/multipart';
import { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { pino, type Logger } from 'pino';
import type { Admitted } from './access/access.guard.js';
import { AnsweredRequests } from './access/answered.reader.js';
import { OperatorToken } from './access/principals.reader.js';
import { AppModule, openParts, type Parts } from './app.module.js';
import { urlHost, type Config } from './config.js';
import { addDocs } from './docs.js';
import { Refusal } from './kernel/refusal.js';
import { lockFolder } from './shell/data-folder.js';
import { newId } from './shell/ids.js';
import { parseJsonBody } from './shell/json-body.js';
import { addLimits, LIMITS, refuseConnection, serverOptions } from './shell/limits.js';
import { Metrics } from './shell/metrics.js';
import { NestLog } from './shell/nest-log.js';
import { ProblemsFilter, refusalOf, sendProblem } from './shell/problems.filter.js';
import { Projector } from './shell/projector.js';
import { ReadYourWrite } from './shell/read-your-write.js';
import { securityHeaders } from './shell/security-headers.js';
import { addWeb, webHeaders } from './web.js';

export interface Server {
  readonly url: string;
  /** Lets whoever holds it do all; it stands in the data folder while the server runs. */
  readonly operator: string;
  readonly app: NestFastifyApplication;
  readonly parts: Parts;
  readonly log: Logger;
  close(): Promise<void>;
}

const LOCAL = ['127.0.0.1', 'localhost', '[::1]', '::1'];
const BODY_LIMIT = 1024 * 1024;
const MAPPING_LIMIT = 256 * 1024;

function withSecurityHeaders(request: FastifyRequest, reply: FastifyReply, payload?: unknown): FastifyReply {
  const type = reply.getHeader('content-type');
  return reply.headers({ ...securityHeaders({ type: type === undefined ? undefined : String(type), path: (request.url ?? '').split('?')[0]!, secure: request.protocol === 'https', page: typeof payload === 'string' ? payload : undefined }), ...webHeaders(request) });
}

/** An app over open parts, not yet listening. `operator`: the token by which the one who holds the data folder is known. */
export async function createApp(config: Config, parts: Parts, log: Logger, operator: string, limits = LIMITS): Promise<NestFastifyApplication> {
  const boot = newId();
  let requests = 0;
  const options = {
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    trustProxy: config.proxies.length === 0 ? false : [...config.proxies],
    // Unique across restarts, and cheap.
    genReqId: () => `${boot}-${(requests += 1).toString(36)}`,
    routerOptions: { maxParamLength: 200 },
    // Idle keep-alive connections must not hold up the stop.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    // A long import is no fault; `addLimits` ends what does not move.
    requestTimeout: 0,
    http: serverOptions(limits),
    clientErrorHandler: refuseConnection,
    // No hook runs for these.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => sendProblem(error, request, withSecurityHeaders(request, reply)),
  };
  // Fastify's own types know more of these options than Nest's do.
  const adapter = new FastifyAdapter(options as unknown as ConstructorParameters<typeof FastifyAdapter>[0]);
  const fastify = adapter.getInstance<FastifyInstance>();
  await adapter.register(multipart as never, { limits: { fileSize: Infinity, files: 2, fieldSize: MAPPING_LIMIT, parts: 10 } });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config, parts, new OperatorToken(operator)), adapter, { logger: new NestLog(log), bodyParser: false, abortOnError: false });
  fastify.removeContentTypeParser(['application/json', 'text/plain']);
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  addLimits(fastify, limits);
  // A page of another origin that points its own name here (DNS rebinding) must read nothing.
  const answered = new Set([...LOCAL, urlHost(config.host), ...config.hosts]);
  fastify.addHook('onRequest', async (request) => {
    if (answered.has(request.hostname.toLowerCase())) return;
    throw new Refusal('forbidden', 'foreign-host', 'This server answers to 127.0.0.1 and localhost, and to names listed in FIVE_RING_HOSTS.', [{ field: 'Host', code: 'foreign-host', message: 'must be 127.0.0.1, localhost, [::1] or a name that FIVE_RING_HOSTS lists' }]);
  });
  addWeb(fastify, config.web);
  const metrics = app.get(Metrics);
  fastify.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    metrics.observe(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    log.info({ reqId: request.id, method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'request');
  });
  const watched = new AnsweredRequests(parts.audit, parts.executor);
  fastify.addHook('onResponse', (request: Admitted, reply) => watched.answered(request, reply.statusCode));
  fastify.addHook('onSend', async (request, reply, payload) => void withSecurityHeaders(request, reply, payload));
  app.setGlobalPrefix('api/v1', { exclude: ['health/live', 'health/ready', 'metrics'] });
  app.useGlobalFilters(new ProblemsFilter());
  app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true, exceptionFactory: refusalOf }));
  app.useGlobalGuards(new ReadYourWrite(app.get(Projector)));
  addDocs(app);
  await app.init();
  await fastify.ready();
  return app;
}

/** What was on the wire before the stop is read within this time. */
const LAST_READ_MS = 100;
/** Connections fall idle while the last answers go out; Node looks for those only once. */
const SWEEP_MS = 50;
/** Who has not sent a whole request by now gets no answer. Below the time after which `serve` gives up. */
const CUT_MS = 7000;

/** Answers what was received, then closes every connection. */
async function stopServing(app: NestFastifyApplication): Promise<void> {
  const http = app.getHttpServer();
  if (http.listening) await sleep(LAST_READ_MS);
  const sweep = setInterval(() => http.closeIdleConnections(), SWEEP_MS);
  const cut = setTimeout(() => http.closeAllConnections(), CUT_MS);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}

/** Opens everything, listens, and announces the address in the data folder. @throws when the folder is taken or the port is. */
export async function startServer(config: Config, options: { readonly log?: Logger } = {}): Promise<Server> {
  const log = options.log ?? pino({ level: config.logLevel });
  const lock = lockFolder(config.data);
  const operator = randomBytes(32).toString('base64url');
  let parts: Parts | undefined;
  let app: NestFastifyApplication | undefined;
  const close = async (): Promise<void> => {
    if (app !== undefined) await stopServing(app);
    await parts?.close();
    lock.release();
  };
  try {
    parts = await openParts(config, (error) => log.error({ err: error }, 'the views cannot be written'));
    app = await createApp(config, parts, log, operator);
    await app.listen({ port: config.port, host: config.host });
    const { port } = app.getHttpServer().address() as { port: number };
    const url = `http://${urlHost(config.host)}:${port}`;
    lock.announce(url, operator);
    return { url, operator, app, parts, log, close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}
