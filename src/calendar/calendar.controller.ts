import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { badHeader, Seeing, type Sight } from '../shell/caller.js';
import { CalendarQueryDto } from './calendar.dto.js';
import { CalendarReader } from './calendar.reader.js';

@ApiTags('calendar')
@Controller()
export class CalendarController {
  constructor(private readonly reader: CalendarReader) {}

  @Get('calendar.ics')
  @ApiOperation({ summary: 'Your calendar, for a calendar program to subscribe to (RFC 5545): ends and notice dates of contracts and decisions of customers you own, your steps, promises and asks. No person and no free text is in it.' })
  async calendar(@Query() _query: CalendarQueryDto, @Seeing() { self }: Sight, @Res() reply: FastifyReply): Promise<void> {
    if (self === undefined || self === null) throw badHeader('X-Colleague', 'no-colleague', 'must name the colleague whose calendar it is');
    await reply.headers({ 'content-type': 'text/calendar; charset=utf-8', 'content-disposition': 'inline; filename="five-ring.ics"', 'cache-control': 'private, no-cache' }).send(await this.reader.of(self));
  }
}
