import { Body, Controller, Get, Inject, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { toIso } from '../kernel/calendar.js';
import type { EventStore } from '../kernel/event-store.js';
import { invalid } from '../kernel/refusal.js';
import { openFields } from '../vault/codec.js';
import { Vault } from '../vault/vault.js';
import { ByCaller, type Caller } from '../shell/caller.js';
import { WRITE_HEADERS } from './customers.controller.js';
import { CustomersWriter } from './customers.writer.js';

class LogQueryDto {
  @ApiPropertyOptional({ description: 'Position of the last event you have; the answer begins after it.', example: '1042' })
  @IsOptional() @IsString() @MaxLength(100)
  since?: string;

  @ApiPropertyOptional({ description: 'How many, 1 to 1000.', example: 100, default: 100 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000)
  limit?: number;
}

@ApiTags('log')
@Controller('log')
export class LogController {
  constructor(
    @Inject('EventStore') private readonly store: EventStore,
    private readonly vault: Vault,
    private readonly writer: CustomersWriter,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The log itself: every event in the order it was recorded, personal fields opened where their key is still there.' })
  async read(@Query() { since, limit }: LogQueryDto): Promise<object> {
    if (since !== undefined) {
      try {
        this.store.compare(since, since);
      } catch {
        throw invalid([{ field: 'since', code: 'not-a-position', message: 'is not a position of this log' }]);
      }
    }
    const events = await this.store.readAll(since ?? null, limit ?? 100);
    const items = events.map(({ position, stream, revision, id, type, recordedAt, metadata, data }) => ({ position, stream, revision, id, type, recordedAt: toIso(recordedAt), metadata, ...openFields(data, id, this.vault.keyOf) }));
    return { items, next: events.at(-1)?.position ?? since ?? null };
  }

  @Post()
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiOperation({ summary: 'Logs an entry of ours that is tied to no customer: campaign-launched, enablement-completed, change-made.' })
  async log(@Body() body: Record<string, unknown>, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const outcome = await this.writer.logOwn(body, caller);
    reply.header('etag', `"${outcome.revision}"`);
    return { entries: outcome.written.flat().map(({ id }) => id), revision: outcome.revision, position: outcome.position, repeated: outcome.repeated.some(Boolean) };
  }
}
