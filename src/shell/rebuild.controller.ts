/** Views made anew from the log, on command, while everything goes on. */
import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../kernel/refusal.js';
import { Operations } from './operations.js';
import { answerInLines } from './progress-lines.js';
import { Rebuild } from './rebuild.js';

@ApiTags('operations')
@Controller('rebuild')
export class RebuildController {
  private running = false;

  constructor(
    private readonly rebuild: Rebuild,
    private readonly operations: Operations,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiBody({ schema: { type: 'object', description: 'Nothing: whatever is sent is not looked at.', properties: {} } })
  @ApiOperation({ summary: 'Makes the views anew from the log beside the live ones, which go on answering; when the new ones know as much, they take their place. Changes nothing in the log. Answers NDJSON: how far it has come, and the result (or a problem) as the last line. One at a time.' })
  async anew(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (this.running) throw new Refusal('conflict', 'already-running', 'The views are being made anew already; wait for it.');
    this.running = true;
    const begun = Date.now();
    await answerInLines(request, reply, 'rebuild', async (progress) => {
      try {
        await this.rebuild.anew(progress);
        return { events: this.operations.projected(), parked: (await this.operations.parked()).length, ms: Date.now() - begun };
      } finally {
        this.running = false;
      }
    });
  }
}
