import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { placeIn } from '../shell/cursor.js';
import { AttentionQueryDto } from './attention.dto.js';
import { AttentionReader } from './attention.reader.js';

const PAGE = 50;

@ApiTags('rings')
@Controller('attention')
export class AttentionController {
  constructor(private readonly reader: AttentionReader) {}

  @Get()
  @ApiOperation({ summary: 'What needs attention: one line a customer with its gravest reason and since when, the gravest first.' })
  list(@Query() query: AttentionQueryDto): Promise<object> {
    const { owner, team, department, reason } = query;
    const filter = { ...(owner !== undefined && { owner }), ...(team !== undefined && { team }), ...(department !== undefined && { department }), ...(reason !== undefined && { reason }) };
    return this.reader.list({ ...filter, isNew: query.new ?? false, isSnoozed: query.snoozed ?? false }, placeIn(query.cursor, ['string', 'number']), query.limit ?? PAGE);
  }
}
