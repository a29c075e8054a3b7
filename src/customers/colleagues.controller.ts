import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Views } from '../views/views.js';
import { ByCaller, type Caller } from '../shell/caller.js';
import { CHANNELS, commonFields, DEPARTMENTS, kinds, ROLES } from './catalogue.js';
import { colleaguesIn } from './colleagues.view.js';
import { WRITE_HEADERS, written } from './customers.controller.js';
import { AddColleagueDto, AfterDto, ChangeColleagueDto, WrittenDto } from './customers.dto.js';
import { CustomersWriter } from './customers.writer.js';

@ApiTags('colleagues')
@Controller('colleagues')
export class ColleaguesController {
  constructor(
    private readonly writer: CustomersWriter,
    private readonly views: Views,
  ) {}

  @Get()
  @ApiOperation({ summary: 'All colleagues, by name.' })
  async all(@Query() _after: AfterDto): Promise<unknown> {
    return { items: await colleaguesIn(this.views.db) };
  }

  @Post()
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiOperation({ summary: 'Adds a colleague. The first one adds itself: X-Colleague is then its own id.' })
  async add(@Body() body: AddColleagueDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    const { id, outcome } = await this.writer.addColleague(body, caller);
    return written(id, outcome, reply);
  }

  @Patch(':id')
  @HttpCode(200)
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiOperation({ summary: 'Changes name or department of a colleague, or says that they no longer work here.' })
  async change(@Param('id') id: string, @Body() body: ChangeColleagueDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    return written(id, await this.writer.changeColleague(id, body, caller), reply);
  }
}

@ApiTags('kinds')
@Controller('kinds')
export class KindsController {
  @Get()
  @ApiOperation({ summary: 'The catalogue: every kind of entry with its side, fields and synonyms, and the fields all entries share.' })
  all(): unknown {
    const items = Object.entries(kinds).map(([kind, { fields, ...rest }]) => ({ kind, ...rest, fields }));
    return { items, common: commonFields, channels: CHANNELS, departments: DEPARTMENTS, roles: ROLES };
  }
}
