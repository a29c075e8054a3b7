/** Every error leaves as RFC 9457 problem+json with a code, and the fields that offend. */
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter, type ValidationError } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppendTooLarge, StoreUnavailable, StreamDamaged, WrongRevision } from '../kernel/event-store.js';
import { Refusal, invalid, type FieldProblem, type RefusalKind } from '../kernel/refusal.js';
import { FieldDamaged } from '../vault/codec.js';

const STATUS: Readonly<Record<RefusalKind, number>> = {
  malformed: 400,
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  conflict: 409,
  stale: 412,
  'reused-key': 422,
  'too-many': 429,
  slow: 408,
  late: 503,
  unavailable: 503,
  full: 507,
};

export const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Too slow',
  409: 'Conflict',
  412: 'Precondition failed',
  413: 'Too large',
  414: 'Address too long',
  415: 'Unsupported media type',
  422: 'Key used for another request',
  431: 'Headers too large',
  500: 'Something broke on our side',
  429: 'Too many attempts',
  503: 'Not available now',
  507: 'No room left',
};

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly code: string; readonly detail: string }[];
  readonly [more: string]: unknown;
}

function problem(status: number, code: string, detail: string, more: object = {}): Problem {
  return { type: `urn:five-ring:problem:${code}`, title: TITLES[status] ?? 'Error', status, code, detail, ...more };
}

/** Errors of the HTTP server itself, by its own codes. */
function fromServer(error: { readonly code?: unknown; readonly statusCode?: unknown; readonly message?: unknown }): Problem | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problem(413, 'body-too-large', 'The body is larger than this address takes.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problem(415, 'unsupported-media-type', 'Send JSON with Content-Type: application/json.');
    case 'FST_REQ_FILE_TOO_LARGE':
      return problem(413, 'body-too-large', 'The file is larger than this address takes.');
  }
  if (typeof error.code === 'string' && error.code.startsWith('FST_') && typeof error.statusCode === 'number' && error.statusCode < 500) {
    return problem(error.statusCode, error.code.toLowerCase().replaceAll('_', '-'), String(error.message));
  }
  return undefined;
}

/** An answer names so many fields; a body of a megabyte can have far more of them wrong. */
const MOST_ERRORS = 100;

export function problemOf(error: unknown, method = '', path = ''): Problem {
  if (error instanceof Refusal) {
    const errors = error.fields.slice(0, MOST_ERRORS).map(({ field, code, message }) => ({ field, code, detail: message }));
    const moreErrors = error.fields.length - errors.length;
    return problem(STATUS[error.kind], error.code, error.message, { ...(errors.length > 0 && { errors }), ...(moreErrors > 0 && { moreErrors }), ...error.details });
  }
  // The log speaks for itself, and keys.db was looked at: the views.
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(String((error as { code?: unknown } | null)?.code))) return problem(503, 'views-damaged', 'A file of the data folder is damaged, most likely views.db. Stop the server, delete views.db and start again: it is made anew from the log.');
  if (error instanceof StoreUnavailable) {
    if (error.reason === 'full') return problem(507, 'disk-full', 'No room left on the disk; nothing was written.');
    if (error.reason === 'unreachable') return problem(503, 'store-unreachable', 'The log or the database is out of reach just now, so nobody knows whether this was recorded. Send it again with the same Idempotency-Key: it is never recorded twice.');
    return problem(503, 'store-unavailable', 'The store does not take writes now; nothing was written.');
  }
  if (error instanceof AppendTooLarge) return problem(413, 'append-too-large', `${error.message} Nothing was written.`);
  if (error instanceof FieldDamaged) return problem(503, 'field-damaged', `${error.message} An administrator must look at the log: five-ring verify.`);
  if (error instanceof StreamDamaged) return problem(503, 'stream-damaged', `${error.message} Nothing was written; an administrator must look at the log.`);
  // Nobody reads this answer any more.
  if ((error as { name?: unknown } | null)?.name === 'AbortError') return problem(499, 'cancelled', 'The request was given up.');
  if (error instanceof WrongRevision) return problem(409, 'busy', 'Others keep writing here; try again.');
  if (typeof error === 'object' && error !== null) {
    const known = fromServer(error);
    if (known !== undefined) return known;
  }
  if (error instanceof HttpException) {
    // What the HTTP server refuses comes wrapped.
    const known = typeof error.cause === 'object' && error.cause !== null ? fromServer(error.cause) : undefined;
    if (known !== undefined) return known;
    const status = error.getStatus();
    if (status === 404) return problem(404, 'no-such-route', `There is no ${method} ${path}; see /api/docs.`);
    return problem(status, 'http-error', error.message);
  }
  return problem(500, 'internal', 'An unexpected error; it was logged with the request id.');
}

/** Fastify's own errors and Nest's meet here. */
@Catch()
export class ProblemsFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const path = (request.url ?? '').split('?')[0]!.slice(0, 200);
  const body = problemOf(error, request.method, path);
  if (body.status >= 500) request.log?.error({ err: error, reqId: request.id }, body.code);
  if (reply.sent || reply.raw.headersSent) return;
  const wait = body['retryAfter'] ?? (body.status === 503 ? 1 : undefined);
  if (typeof wait === 'number') reply.header('retry-after', String(wait));
  reply.status(body.status).header('content-type', 'application/problem+json; charset=utf-8').send(JSON.stringify({ ...body, requestId: request.id }));
}

/** class-validator's findings, flattened to field paths. */
export function refusalOf(errors: readonly ValidationError[]): Refusal {
  const fields: FieldProblem[] = [];
  const visit = (list: readonly ValidationError[], path: string): void => {
    for (const error of list) {
      const field = path === '' ? error.property : /^\d+$/.test(error.property) ? `${path}[${error.property}]` : `${path}.${error.property}`;
      for (const [rule, message] of Object.entries(error.constraints ?? {})) {
        const code = rule === 'whitelistValidation' ? 'unknown-field' : rule.replaceAll(/([A-Z])/g, (letter) => `-${letter.toLowerCase()}`);
        fields.push({ field, code, message: rule === 'whitelistValidation' ? 'is not known here' : message.startsWith(error.property) ? message.slice(error.property.length).trim() : message });
      }
      visit(error.children ?? [], field);
    }
  };
  visit(errors, '');
  return invalid(fields);
}
