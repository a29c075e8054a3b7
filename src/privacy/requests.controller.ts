import { Body, Controller, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { WRITE_HEADERS, written } from '../customers/customers.controller.js';
import type { WrittenDto } from '../customers/customers.dto.js';
import { ByCaller, type Caller } from '../shell/caller.js';
import { placeIn } from '../shell/cursor.js';
import { ChangeRequestDto, ReceiveRequestDto, RequestsQueryDto } from './requests.dto.js';
import { RequestsReader } from './requests.reader.js';
import { RequestsWriter } from './requests.writer.js';

@ApiTags('privacy')
@Controller('requests')
export class RequestsController {
  constructor(
    private readonly reader: RequestsReader,
    private readonly writer: RequestsWriter,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The register of what people asked about their data: overdue ones first, then those that fall due, then closed ones.' })
  list(@Query() { open, cursor, limit }: RequestsQueryDto): Promise<object> {
    const place = placeIn(cursor, ['number', 'number', 'string']);
    const after = place === undefined ? undefined : { closed: Number(place[0]), place: Number(place[1]), id: String(place[2]) };
    return this.reader.list(open === undefined ? undefined : !open, after, limit ?? 50);
  }

  @Post()
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiOperation({ summary: 'Records that somebody asked about their data, and by when it is to be answered (the setting requestDueDays).' })
  async receive(@Body() body: ReceiveRequestDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    const { id, outcome } = await this.writer.receive(body, caller);
    return written(id, outcome, reply);
  }

  @Patch(':id')
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiHeader(WRITE_HEADERS[2]!)
  @ApiOperation({ summary: 'Adds a note to a request, gives it more time (once, with a reason), or closes it.' })
  async change(@Param('id') id: string, @Body() body: ChangeRequestDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    return written(id, await this.writer.change(id, body, caller), reply);
  }
}
