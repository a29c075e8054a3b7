/** Reads wait, within bounds, until the views have been filled, and with `after=position` until they have that position. */
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { type Projector } from './projector.js';

const WAIT_MS = 5000;

export class ReadYourWrite implements NestInterceptor {
  constructor(private readonly projector: Projector) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const { query, method, url } = context.switchToHttp().getRequest<FastifyRequest>();
    // Half a list looks like a whole one; health and metrics speak for themselves.
    if (method === 'GET' && url.startsWith('/api/')) await this.projector.filledOnce(WAIT_MS);
    const after = (query as { after?: unknown } | undefined)?.after;
    if (typeof after === 'string') await this.projector.reached(after, WAIT_MS);
    return next.handle();
  }
}
