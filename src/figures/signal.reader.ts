/** Ends the work on an answer when its reader has gone. */
import type { FastifyReply } from 'fastify';

export function signalOf({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableEnded) controller.abort();
  });
  return controller.signal;
}
