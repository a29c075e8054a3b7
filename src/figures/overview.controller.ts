import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsISO8601, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { AfterDto } from '../customers/customers.dto.js';
import { Seeing, type Sight } from '../shell/caller.js';
import { Clocks } from '../shell/clocks.js';
import { OverviewReader } from './overview.reader.js';

class OverviewQueryDto extends AfterDto {
  @ApiPropertyOptional({ description: 'As it was then, by what had happened by then; ISO 8601, a date means the end of that day. Default: now.', example: '2026-06-30' })
  @IsOptional() @IsISO8601()
  asOf?: string;

  @ApiPropertyOptional({ description: 'As we knew it then: ISO 8601 (a date means the end of that day), or a position of the log. Not before asOf. Default: all that is known now.', example: '2026-07-31' })
  @IsOptional() @IsString() @MinLength(1) @MaxLength(60)
  asKnown?: string;
}

@ApiTags('customers')
@Controller('customers/:id/overview')
export class OverviewController {
  constructor(
    private readonly reader: OverviewReader,
    private readonly clocks: Clocks,
  ) {}

  @Get()
  @ApiOperation({ summary: 'How things stand at a customer, now or on a past day: owner and team, worth, people with stance and last contact, decisions ahead and what they lack, open issues, planned steps.' })
  async overview(@Param('id') id: string, @Query() query: OverviewQueryDto, @Seeing() sight: Sight): Promise<object> {
    return this.reader.overview(id, query.asKnown === undefined ? { asOf: query.asOf === undefined ? undefined : this.clocks.instant(query.asOf, 'asOf') } : await this.clocks.read(query), sight);
  }
}
