/** Long work as lines of NDJSON: how far it has come, and its end as the last one. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { problemOf } from './problems.filter.js';

/**
 * Answers with the work's progress and its result, or its problem. The work goes on at its own pace, and of the progress only the
 * newest waits for the reader: one who reads slowly, or not at all, holds nothing up and fills no memory.
 * Resolves when the work has ended.
 */
export async function answerInLines(request: FastifyRequest, reply: FastifyReply, what: string, work: (progress: (done: object) => void) => Promise<object>): Promise<void> {
  let newest: object | undefined;
  let end: object | undefined;
  let wake = (): void => undefined;
  const working = work((progress) => {
    newest = { progress };
    wake();
  })
    .then(
      (result) => (end = { result }),
      (error: unknown) => {
        const problem = problemOf(error);
        // Who hung up is told nothing.
        if (problem.status !== 499) request.log.error({ err: error, reqId: request.id }, what);
        end = { problem: { ...problem, requestId: request.id } };
      },
    )
    .finally(() => wake());
  async function* lines(): AsyncGenerator<string> {
    for (;;) {
      const line = newest ?? end;
      if (line === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      const isEnd = newest === undefined;
      newest = undefined;
      yield `${JSON.stringify(line)}\n`;
      if (isEnd) return;
    }
  }
  // One line at a time.
  const answer = Readable.from(lines(), { objectMode: true, highWaterMark: 1 });
  await reply.status(200).header('content-type', 'application/x-ndjson; charset=utf-8').send(answer);
  await working;
}
