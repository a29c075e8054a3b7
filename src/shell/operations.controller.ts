/** What those who run it need: is it alive, does it keep up, how much has it done. */
import { Body, Controller, Get, Header, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Deployment, type DeploymentState } from './deployment.js';
import { Metrics } from './metrics.js';
import { Operations } from './operations.js';
import type { Parked } from '../views/views.js';

class RetryDto {
  @ApiPropertyOptional({ description: 'Only this stream. Default: all that are parked.', example: 'customer-7f9c2b7e-5b3a-8c8e-9a51-8d3c2f1e0b6a' })
  @IsOptional() @IsString() @Length(1, 200)
  stream?: string;
}

@ApiTags('operations')
@Controller()
export class OperationsController {
  constructor(
    private readonly operations: Operations,
    private readonly metrics: Metrics,
    private readonly deployment: Deployment,
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

  @Get('status')
  @ApiOperation({ summary: 'The version and what it runs on, the files of the data folder, the room on its disk, the last backup in it, and which streams are parked.' })
  async status(): Promise<DeploymentState & { readonly parked: readonly Parked[] }> {
    return { ...this.deployment.state(), parked: await this.operations.parked() };
  }

  @Post('parked/retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes up every parked stream where it stopped, as a restart would. What still fails stays parked, with its reason.' })
  async retry(@Body() { stream }: RetryDto): Promise<object> {
    return this.operations.retryParked(stream);
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Prometheus metrics.' })
  async prometheus(): Promise<string> {
    return this.metrics.text();
  }
}
