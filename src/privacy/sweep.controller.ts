import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { WRITE_HEADERS } from '../customers/customers.controller.js';
import { AfterDto } from '../customers/customers.dto.js';
import { ByCaller, type Caller } from '../shell/caller.js';
import { SilenceReader } from './silence.reader.js';
import { Sweep, type Swept } from './sweep.writer.js';

class DueQueryDto extends AfterDto {
  @ApiPropertyOptional({ description: 'How many people of each list at most, 1 to 1000.', example: 200, default: 200 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000)
  limit?: number;
}

class SweepDto {
  @ApiPropertyOptional({ description: 'Stops after so many people; the next sweep goes on. Default: all of them.', example: 100 })
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000)
  atMost?: number;
}

@ApiTags('privacy')
@Controller('erasures')
export class SweepController {
  constructor(
    private readonly silence: SilenceReader,
    private readonly sweeps: Sweep,
  ) {}

  @Get('due')
  @ApiOperation({ summary: 'Whom a sweep would erase now: people of whom nothing was heard for as long as the setting says; and who is kept, and why. Nothing is erased.' })
  due(@Query() { limit }: DueQueryDto): Promise<object> {
    return this.silence.due(limit ?? 200);
  }

  @Post('sweep')
  @HttpCode(200)
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiOperation({ summary: 'Erases now whom a sweep would erase today anyway. Answers when it is through; one that broke off is gone on with by the next.' })
  sweep(@Body() { atMost }: SweepDto, @ByCaller() caller: Caller): Promise<Swept> {
    return this.sweeps.sweep(caller, atMost);
  }
}
