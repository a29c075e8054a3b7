/** The sample organisation, loaded into a deployment that has no customers yet. */
import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventStore, Position } from '../kernel/event-store.js';
import { Refusal } from '../kernel/refusal.js';
import { answerInLines } from '../shell/progress-lines.js';

class SampleDto {
  @ApiPropertyOptional({ description: 'Another number makes other customers; the same makes the same.', example: 7 })
  @IsOptional() @IsInt() @Min(0) @Max(2_147_483_647)
  seed?: number;
}

const PAGE = 1000;

@ApiTags('operations')
@Controller('sample')
export class SampleController {
  private loading = false;

  constructor(
    private readonly parts: ModuleRef,
    @Inject('EventStore') private readonly store: EventStore,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Loads the sample organisation: colleagues and customers that nobody has ever met, to try everything out. Only while there is no customer, since it cannot be taken out again. Answers NDJSON: entries so far, and the result (or a problem) as the last line.' })
  async load(@Body() { seed }: SampleDto, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (this.loading) throw new Refusal('conflict', 'already-running', 'The sample is being loaded already; wait for it.');
    this.loading = true;
    try {
      if (await this.hasCustomers()) throw new Refusal('conflict', 'customers-there', 'There are customers here already. The sample goes only where there are none, as it could not be told from them afterwards.');
      await answerInLines(request, reply, 'sample', async (progress) => {
        // The invented names are large, and wanted once at most.
        const { loadSample } = await import('./load.js');
        return loadSample({ get: (type) => this.parts.get(type) }, { ...(seed !== undefined && { seed }), onProgress: (done, of) => progress({ done, of }) });
      });
    } finally {
      this.loading = false;
    }
  }

  /** Ends with the first: where there are any, they come early. */
  private async hasCustomers(): Promise<boolean> {
    let after: Position | null = null;
    for (;;) {
      const events = await this.store.readAll(after, PAGE);
      if (events.some(({ stream }) => stream.startsWith('customer-'))) return true;
      if (events.length < PAGE) return false;
      after = events.at(-1)!.position;
    }
  }
}
