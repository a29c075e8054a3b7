/** The check of everything, as a long answer that says how far it has come. */
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../kernel/refusal.js';
import { Operations } from './operations.js';
import { answerInLines } from './progress-lines.js';

class VerifyQueryDto {
  @ApiPropertyOptional({ description: 'Up to 100 numbers of events, with commas between: the result says the head of the log after each. For comparing with heads that were kept elsewhere.', example: '1,2' })
  @IsOptional() @Matches(/^\d{1,12}(,\d{1,12}){0,99}$/, { message: 'must be up to 100 numbers with commas between' })
  at?: string;

  @ApiPropertyOptional({ description: 'A head, 64 hex digits: the result says after how many events the log had it.', example: '0000000000000000000000000000000000000000000000000000000000000000' })
  @IsOptional() @Matches(/^[0-9a-f]{64}$/, { message: 'must be 64 hex digits, in lower case' })
  head?: string;
}

@ApiTags('operations')
@Controller('verify')
export class VerifyController {
  private running = false;

  constructor(private readonly operations: Operations) {}

  @Get()
  @ApiOperation({ summary: 'Reads the whole log, opens every sealed field, and compares the views with a fresh replay and the proof with every head that was kept. Answers NDJSON: how many events are checked, and the result (or a problem) as the last line. One at a time.' })
  async verify(@Query() { at, head }: VerifyQueryDto, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // It replays the log into memory: twice at once would be twice the memory.
    if (this.running) throw new Refusal('conflict', 'already-running', 'A check is running already; wait for it.');
    this.running = true;
    const asked = { ...(at !== undefined && { at: at.split(',').map(Number) }), ...(head !== undefined && { head }) };
    await answerInLines(request, reply, 'verify', (progress) => this.operations.verify((done) => progress({ done }), asked).finally(() => (this.running = false)));
  }
}
