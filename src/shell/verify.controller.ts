/** The check of everything, as a long answer that says how far it has come. */
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { Refusal } from '../kernel/refusal.js';
import { Operations } from './operations.js';
import { problemOf } from './problems.filter.js';

@ApiTags('operations')
@Controller('verify')
export class VerifyController {
  private running = false;

  constructor(private readonly operations: Operations) {}

  @Get()
  @ApiOperation({ summary: 'Reads the whole log, opens every sealed field and compares the views with a fresh replay. Answers NDJSON: how many events are checked, and the result (or a problem) as the last line. One at a time.' })
  async verify(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // It replays the log into memory: twice at once would be twice the memory.
    if (this.running) throw new Refusal('conflict', 'already-running', 'A check is running already; wait for it.');
    this.running = true;
    const lines = new Readable({ read: () => undefined });
    const say = (line: object): void => void lines.push(`${JSON.stringify(line)}\n`);
    const checked = this.operations
      .verify((done) => say({ progress: { done } }))
      .then(
        (result) => say({ result }),
        (error: unknown) => {
          request.log.error({ err: error, reqId: request.id }, 'verify');
          say({ problem: { ...problemOf(error), requestId: request.id } });
        },
      )
      .finally(() => {
        this.running = false;
        lines.push(null);
      });
    await reply.status(200).header('content-type', 'application/x-ndjson; charset=utf-8').send(lines);
    await checked;
  }
}
