/** The advocacy programme: asking people to stand up for us, within a budget a person; whom to ask; who did; and who brought whom. */
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ASK } from '../customers/asks.js';
import { written, WRITE_HEADERS } from '../customers/customers.controller.js';
import { PageDto } from '../customers/customers.dto.js';
import { CustomersReader } from '../customers/customers.reader.js';
import { CustomersWriter } from '../customers/customers.writer.js';
import { Refusal } from '../kernel/refusal.js';
import { WithdrawDto } from '../promises/promises.dto.js';
import { ByCaller, Seeing, type Caller, type Sight } from '../shell/caller.js';
import { placeIn } from '../shell/cursor.js';
import { AcceptDto, ActDto, AdvocatesQueryDto, AskDto, AsksQueryDto, DeclineDto, ReferralsQueryDto, WhomToAskQueryDto } from './advocacy.dto.js';
import { AdvocacyReader } from './advocacy.reader.js';
import { ReferralsReader } from './referrals.reader.js';

const PAGE = 50;
const TREES = 20;
const SHAPE = ['number'] as const;
const Writes = (): MethodDecorator => (target, key, descriptor) => WRITE_HEADERS.forEach((header) => ApiHeader(header)(target, key, descriptor));
/** Without what was left out. */
const given = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
const own = (field: string): string => field.replace('entries[0].', '');

@ApiTags('advocacy')
@Controller('customers/:id/asks')
export class CustomerAsksController {
  constructor(
    private readonly writer: CustomersWriter,
    private readonly reader: AdvocacyReader,
    private readonly customers: CustomersReader,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Asks of the people at a customer, the newest first, and how often each of them may still be asked.' })
  list(@Param('id') id: string, @Query() { cursor, limit = PAGE }: PageDto, @Seeing() sight: Sight): Promise<object> {
    return this.reader.ofCustomer(id, placeIn(cursor, SHAPE), limit, sight);
  }

  @Post()
  @Writes()
  @ApiOperation({ summary: 'Asks a person to stand up for us. Refused while a severe issue is open, without consent, against an objection, and when the budget of the person is spent: then it says from when on they may be asked again.' })
  async ask(@Param('id') id: string, @Body() body: AskDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const outcome = await this.writer.logAs(id, [{ kind: ASK, ...body }], caller, own);
    return { ...written(id, outcome, reply), ask: outcome.written.flat().find(({ type }) => type === 'AdvocacyAsked')!.id };
  }

  @Post(':interaction/accepted')
  @Writes()
  @ApiOperation({ summary: 'Says that they said yes.' })
  async accepted(@Param('id') id: string, @Param('interaction') ask: string, @Body() body: AcceptDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return written(id, await this.writer.logAs(id, [{ kind: 'advocacy-accepted', ...body, about: ask }], caller, own), reply);
  }

  @Post(':interaction/declined')
  @Writes()
  @ApiOperation({ summary: 'Says that they said no, and why. A no is fine: it counts against nobody.' })
  async declined(@Param('id') id: string, @Param('interaction') ask: string, @Body() body: DeclineDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return written(id, await this.writer.logAs(id, [{ kind: 'advocacy-declined', ...body, about: ask }], caller, own), reply);
  }

  @Post(':interaction/act')
  @Writes()
  @ApiOperation({ summary: 'Logs the act that answers an ask. One that was logged already is tied to it by correcting the entry: `about` is the ask.' })
  async act(@Param('id') id: string, @Param('interaction') ask: string, @Body() { entry }: ActDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const asked = (await this.customers.stateOf(id)).state.interactions.get(ask);
    if (asked?.kind !== ASK) throw new Refusal('missing', 'unknown-entry', 'No such ask at this customer.');
    return written(id, await this.writer.logAs(id, [{ kind: asked.fields['act'], person: asked.fields['person'], ...entry, about: ask }], caller, (field) => field.replace('entries[0].', 'entry.')), reply);
  }

  @Post(':interaction/withdraw')
  @HttpCode(200)
  @Writes()
  @ApiOperation({ summary: 'Takes back an ask that was noted by mistake, with its answers; it no longer counts in the budget.' })
  async withdraw(@Param('id') id: string, @Param('interaction') ask: string, @Body() { reason }: WithdrawDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return written(id, await this.writer.withdraw(id, ask, ASK, reason, caller), reply);
  }
}

@ApiTags('advocacy')
@Controller()
export class AdvocacyController {
  constructor(
    private readonly reader: AdvocacyReader,
    private readonly referrals: ReferralsReader,
  ) {}

  @Get('asks')
  @ApiOperation({ summary: 'Asks of all customers, the newest first.' })
  asks(@Query() { person, by, state, cursor, limit = PAGE }: AsksQueryDto, @Seeing() sight: Sight): Promise<object> {
    return this.reader.asks(given({ person, by, states: state }), placeIn(cursor, SHAPE), limit, sight);
  }

  @Get('whom-to-ask')
  @ApiOperation({ summary: 'Who may be asked now: promoters, and advocates while Advocacy is lit, with consent, no pause and budget left; the best fit first, each with the reasons and the entries behind them.' })
  whomToAsk(@Query() { act, offering, segment, role, owner, all = false, cursor, limit = PAGE }: WhomToAskQueryDto): Promise<object> {
    return this.reader.whomToAsk(given({ act, offering, segment, role }), given({ owner }), all, placeIn(cursor, SHAPE), limit);
  }

  @Get('advocates')
  @ApiOperation({ summary: 'Everybody who was asked or stood up for us: what they carry, when they were last asked, what they did and how far it reached. Each act counts once, however often it was reported.' })
  board(@Query() { owner, cursor, limit = PAGE }: AdvocatesQueryDto): Promise<object> {
    return this.reader.board(given({ owner }), placeIn(cursor, SHAPE), limit);
  }

  @Get('referrals')
  @ApiOperation({ summary: 'Who brought whom: trees of customers with first contact, purchase, own advocacy and worth of each; the oldest tree first. At most 500 customers of a tree.' })
  trees(@Query() { customer, cursor, limit = TREES }: ReferralsQueryDto): Promise<object> {
    return this.referrals.trees(customer, placeIn(cursor, SHAPE), limit);
  }
}
