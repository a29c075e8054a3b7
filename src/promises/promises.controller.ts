/** Promises: what we said we would do for a customer, step by step. Each step is an entry, recorded by the same door as any other. */
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { written, WRITE_HEADERS } from '../customers/customers.controller.js';
import { PageDto } from '../customers/customers.dto.js';
import { CustomersWriter, Organisation } from '../customers/customers.writer.js';
import { PROMISE, type PromiseStep } from '../customers/promises.js';
import { parseInstant } from '../kernel/calendar.js';
import { invalid } from '../kernel/refusal.js';
import { ByCaller, Seeing, type Caller, type Sight } from '../shell/caller.js';
import { placeIn } from '../shell/cursor.js';
import { MakePromiseDto, PromisesQueryDto, PromiseStepDto, WithdrawDto } from './promises.dto.js';
import { PromisesReader } from './promises.reader.js';

const PAGE = 50;
const SHAPE = ['number', 'string'] as const;
const Writes = (): MethodDecorator => (target, key, descriptor) => WRITE_HEADERS.forEach((header) => ApiHeader(header)(target, key, descriptor));

@ApiTags('promises')
@Controller('customers/:id/promises')
export class CustomerPromisesController {
  constructor(
    private readonly writer: CustomersWriter,
    private readonly reader: PromisesReader,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Promises made to a customer, whatever became of them, the earliest due first.' })
  list(@Param('id') id: string, @Query() { cursor, limit = PAGE }: PageDto, @Seeing() sight: Sight): Promise<object> {
    return this.reader.ofCustomer(id, placeIn(cursor, SHAPE), limit, sight);
  }

  @Post()
  @Writes()
  @ApiOperation({ summary: 'Makes a promise; with `entry`, logs the entry in which it was given in the same step.' })
  async make(@Param('id') id: string, @Body() { entry, givenIn, ...promise }: MakePromiseDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    if (entry !== undefined && givenIn !== undefined) throw invalid([{ field: 'givenIn', code: 'not-with-entry', message: 'cannot be given together with an entry' }]);
    const about = entry === undefined ? givenIn : '#0';
    const own = `entries[${entry === undefined ? 0 : 1}].`;
    const fieldOf = (field: string): string => (field.startsWith(own) ? field.slice(own.length).replace(/^about$/, 'givenIn') : field.replace('entries[0].', 'entry.'));
    const outcome = await this.writer.logAs(id, [...(entry === undefined ? [] : [entry]), { kind: PROMISE, ...promise, ...(about !== undefined && { about }) }], caller, fieldOf);
    return { ...written(id, outcome, reply), promise: outcome.written.flat().findLast(({ type }) => type === 'PromiseMade')!.id };
  }

  @Post(':interaction/produced')
  @Writes()
  @ApiOperation({ summary: 'Says that what was promised is ready.' })
  produced(@Param('id') id: string, @Param('interaction') promise: string, @Body() body: PromiseStepDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return this.step('produced', id, promise, body, caller, reply);
  }

  @Post(':interaction/delivered')
  @Writes()
  @ApiOperation({ summary: 'Says that what was promised got to the customer; after its due instant it is a repair.' })
  delivered(@Param('id') id: string, @Param('interaction') promise: string, @Body() body: PromiseStepDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return this.step('delivered', id, promise, body, caller, reply);
  }

  @Post(':interaction/confirmed')
  @Writes()
  @ApiOperation({ summary: 'Says that the customer confirmed a promise that was delivered.' })
  confirmed(@Param('id') id: string, @Param('interaction') promise: string, @Body() body: PromiseStepDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return this.step('confirmed', id, promise, body, caller, reply);
  }

  @Post(':interaction/withdraw')
  @HttpCode(200)
  @Writes()
  @ApiOperation({ summary: 'Takes back a promise that was noted by mistake, with its steps. It stays in the log, and counts for nothing.' })
  async withdraw(@Param('id') id: string, @Param('interaction') promise: string, @Body() { reason }: WithdrawDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return written(id, await this.writer.withdraw(id, promise, PROMISE, reason, caller), reply);
  }

  private async step(step: PromiseStep, id: string, promise: string, body: PromiseStepDto, caller: Caller, reply: FastifyReply): Promise<object> {
    return written(id, await this.writer.logAs(id, [{ kind: `promise-${step}`, ...body, about: promise }], caller, (field) => field.replace('entries[0].', '').replace(/^about$/, 'promise')), reply);
  }
}

@ApiTags('promises')
@Controller('promises')
export class PromisesController {
  constructor(
    private readonly reader: PromisesReader,
    private readonly organisation: Organisation,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Promises to all customers, the earliest due first; by default those not delivered.' })
  async list(@Query() { owner, department, state = ['open', 'missed'], dueBefore, cursor, limit = PAGE }: PromisesQueryDto, @Seeing() sight: Sight): Promise<object> {
    const before = dueBefore === undefined ? undefined : parseInstant(dueBefore, this.organisation.zone);
    if (dueBefore !== undefined && before === undefined) throw invalid([{ field: 'dueBefore', code: 'not-a-date', message: 'must be an ISO 8601 date or date-time' }]);
    return this.reader.list({ states: state, ...(owner !== undefined && { owner }), ...(department !== undefined && { department }), ...(before !== undefined && { dueBefore: before }) }, placeIn(cursor, SHAPE), limit, sight);
  }
}
