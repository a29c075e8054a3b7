import { Body, Controller, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ByCaller, type Caller } from '../shell/caller.js';
import { WRITE_HEADERS, written } from '../customers/customers.controller.js';
import { AfterDto, type WrittenDto } from '../customers/customers.dto.js';
import { envelopeOf } from '../customers/customers.writer.js';
import { Execute } from '../shell/execute.js';
import { Publications } from './publications.js';
import { RULEBOOK, rulebook, type RulesPublished } from './rulebook.js';
import { RulesInForce, versionOf } from './rules-in-force.js';
import { CompareQueryDto, DraftDto, PublishRulesDto } from './rules.dto.js';
import { RulesReader } from './rules.reader.js';

@ApiTags('rules')
@Controller('rules')
export class RulesController {
  constructor(
    private readonly reader: RulesReader,
    private readonly inForce: RulesInForce,
    private readonly publications: Publications,
    private readonly bus: CommandBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The rules in force, in sentences and as data: since when, by whom and why; those that are about to take effect; and the presets.' })
  async rules(@Query() _after: AfterDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const revision = this.reader.revision();
    if (revision !== null) reply.header('etag', `"${revision}"`);
    return this.reader.current();
  }

  @Get('history')
  @ApiOperation({ summary: 'Every version of the rules, the newest first, with what it changed. The oldest came from the environment.' })
  history(@Query() _after: AfterDto): Promise<object> {
    return this.reader.history();
  }

  @Get('compare')
  @ApiOperation({ summary: 'What is different between two versions of the rules: numbers and sentences.' })
  compare(@Query() { a, b }: CompareQueryDto): Promise<object> {
    return this.reader.compare(a, b);
  }

  @Post('check')
  @HttpCode(200)
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiOperation({ summary: 'Whether a draft of the rules could be published: what is wrong with it, or what it says and what would be different. Nothing is recorded.' })
  check(@Body() { rules }: DraftDto): object {
    return this.reader.check(rules);
  }

  @Post()
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiHeader(WRITE_HEADERS[2]!)
  @ApiOperation({ summary: 'Publishes rules, for the whole history. They take effect when the views are made anew for them, which GET /rules tells; until then the rules before stay in force.' })
  async publish(@Body() { rules, reason }: PublishRulesDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    const command = { type: 'PublishRules' as const, rules, reason, preset: this.inForce.preset };
    const outcome = await this.bus.execute(new Execute(rulebook, RULEBOOK, [{ commandId: caller.commandId, mac: caller.mac, command }], envelopeOf(caller)));
    // It stands in the log: whatever goes wrong from here on is tried again.
    await this.publications.look().catch(() => undefined);
    return written(versionOf((outcome.written[0]![0]!.data as RulesPublished).rules), outcome, reply);
  }
}
