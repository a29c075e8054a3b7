/** What those who run it need: is it alive, does it keep up, how much has it done. */
import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Metrics } from './metrics.js';
import { Operations } from './operations.js';

@ApiTags('operations')
@Controller()
export class OperationsController {
  constructor(
    private readonly operations: Operations,
    private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  @ApiOperation({ summary: 'The process answers.' })
  live(): object {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'It serves: the store reads, and the views have caught up. 503 with the reason when not.' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const state = await this.operations.health();
    reply.status(state.status === 'ok' ? 200 : 503);
    return state;
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Prometheus metrics.' })
  async prometheus(): Promise<string> {
    return this.metrics.text();
  }
}
