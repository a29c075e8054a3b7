/** Live update: server-sent events, resumed by position. */
import { Readable } from 'node:stream';
import { Controller, Get, Query, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, invalid } from '../kernel/refusal.js';
import { headerOf, Seeing, type Sight } from './caller.js';
import { Live, type Change } from './live.js';

/** A page asks anew after this time, and shows anew who it is. */
const SECONDS = 60;
/** A sign of life, so that what lies between keeps the connection. */
const BEAT_MS = 15_000;
/** Who reads this much too slowly is cut off, and asks anew from where it was. */
const BUFFERED = 256 * 1024;
const MOST = 1000;
/** Of one colleague, in all browsers and by all keys: nobody keeps the others out. */
export const MOST_EACH = 20;
/** Who holds the data folder, and names no colleague. */
const OPERATOR = '';
/** Streams whose very names say that somebody asked about their data, or that an account was changed. */
const ADMINISTRATORS = /^(request|user|identity)-/;

class LiveQueryDto {
  @ApiPropertyOptional({ description: 'Position after which to begin; the header Last-Event-ID, which a browser sends when it comes back, goes before. Left out: from now on.', example: '1042' })
  @IsOptional() @IsString() @MaxLength(100)
  since?: string;

  @ApiPropertyOptional({ description: 'How many seconds to listen, 1 to 300.', example: 1, default: SECONDS })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(300)
  seconds?: number;
}

@ApiTags('operations')
@Controller('live')
export class LiveController implements OnModuleDestroy {
  constructor(private readonly live: Live) {}

  @Get()
  @ApiHeader({ name: 'Last-Event-ID', description: 'Position of the last change seen.', required: false, example: '1042' })
  @ApiOperation({ summary: 'What changes, as server-sent events: `change` names the streams with something new that reads now show, `reset` says that all may have changed. The id is the position.' })
  async changes(@Req() request: FastifyRequest, @Query() { since, seconds }: LiveQueryDto, @Seeing() sight: Sight, @Res() reply: FastifyReply): Promise<void> {
    const who = sight.self ?? OPERATOR;
    if (this.live.listening(who) >= MOST_EACH) throw new Refusal('too-many', 'too-many-listeners', `${MOST_EACH} pages of yours listen already: close some of them, or wait until one has ended.`);
    if (this.live.listening() >= MOST) throw new Refusal('unavailable', 'too-many-listeners', `${MOST} pages listen already; try again in a minute.`);
    const lines = new Readable({ read: () => undefined });
    const say = ({ position, streams: all }: Change): void => {
      const streams = all === null || sight.administers === true ? all : all.filter((stream) => !ADMINISTRATORS.test(stream));
      if (streams?.length === 0) return;
      if (lines.readableLength > BUFFERED) return end();
      lines.push(streams === null ? `id: ${position}\nevent: reset\ndata: {}\n\n` : `id: ${position}\nevent: change\ndata: ${JSON.stringify({ streams })}\n\n`);
    };
    const missed = this.missed(headerOf(request, 'last-event-id') ?? since);
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      stop();
      clearInterval(beat);
      clearTimeout(over);
      lines.push(null);
    };
    const stop = this.live.listen(say, end, who);
    const beat = setInterval(() => lines.push(': still here\n\n'), BEAT_MS);
    const over = setTimeout(end, (seconds ?? SECONDS) * 1000);
    lines.push('retry: 1000\n\n');
    if (missed === null) lines.push('event: reset\ndata: {}\n\n');
    else for (const change of missed) say(change);
    reply.raw.once('close', end);
    await reply.status(200).header('content-type', 'text/event-stream; charset=utf-8').send(lines);
  }

  /** @throws Refusal when it is no position of this log. */
  private missed(position: string | undefined): readonly Change[] | null {
    if (position === undefined || position === '') return [];
    try {
      return this.live.since(position);
    } catch {
      throw invalid([{ field: 'since', code: 'not-a-position', message: 'is not a position of this log' }]);
    }
  }

  onModuleDestroy(): void {
    this.live.end();
  }
}
