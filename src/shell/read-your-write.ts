/** Reads wait, within bounds, until the views have been filled, and with `after=position` until they have that position. */
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Projector } from './projector.js';

const WAIT_MS = 5000;

/** A guard rather than an interceptor: requests that need not wait then go through no stream of one. */
export class ReadYourWrite implements CanActivate {
  constructor(private readonly projector: Projector) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { query, method, url } = context.switchToHttp().getRequest<FastifyRequest>();
    // Half a list looks like a whole one; health and metrics speak for themselves.
    if (method === 'GET' && url.startsWith('/api/')) await this.projector.filledOnce(WAIT_MS);
    const after = (query as { after?: unknown } | undefined)?.after;
    if (typeof after === 'string') await this.projector.reached(after, WAIT_MS);
    return true;
  }
}
