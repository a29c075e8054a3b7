import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Kysely } from 'kysely';
import { toIso } from '../kernel/calendar.js';
import { ByCaller, type Caller } from '../shell/caller.js';
import { paged, placeIn } from '../shell/cursor.js';
import { Views } from '../views/views.js';
import type { ColleagueTables } from './colleagues.view.js';
import { WRITE_HEADERS } from './customers.controller.js';
import { AfterDto } from './customers.dto.js';
import { AcknowledgeDto, HandOverDto, HandoversQueryDto } from './handovers.dto.js';
import { leftBehindIn, unacknowledgedIn, type HandoverTables } from './handovers.view.js';
import { HandoversWriter, type AllDone } from './handovers.writer.js';
import { namesOf, type SearchTables } from './search.view.js';

const PAGE = 50;

const summed = ({ items, position }: AllDone): object => ({ items, done: items.filter(({ done }) => done).length, unchanged: items.filter(({ done }) => !done).length, position });

@ApiTags('handovers')
@Controller('handovers')
export class HandoversController {
  constructor(
    private readonly writer: HandoversWriter,
    private readonly views: Views,
  ) {}

  private get db(): Kysely<HandoverTables & ColleagueTables & SearchTables> {
    return this.views.db;
  }

  @Get()
  @ApiOperation({ summary: 'Customers handed over whose new owner has not acknowledged it yet, or those whose owner no longer works here or may not sign in; longest ago first.' })
  async waiting(@Query() { to, waitingFor, cursor, limit = PAGE }: HandoversQueryDto): Promise<object> {
    const place = placeIn(cursor, ['number', 'string']);
    const after = place === undefined ? undefined : { occurredAt: place[0] as number, entry: place[1] as string };
    const rows = waitingFor === 'owner' ? await leftBehindIn(this.db, after, limit + 1) : await unacknowledgedIn(this.db, to, after, limit + 1);
    const { page, next } = paged(rows, limit, ({ occurred_at, entry }) => [occurred_at, entry]);
    const customers = await namesOf(this.db, page.map(({ customer }) => customer), 'customer');
    const colleagues = await namesOf(this.db, page.flatMap(({ owner, actor }) => [owner, actor]), 'colleague');
    const named = (id: string, names: ReadonlyMap<string, string>): object => ({ id, name: names.get(id) ?? null });
    const items = page.map(({ customer, owner, actor, kind, entry, occurred_at }) => ({
      customer: named(customer, customers),
      owner: named(owner, colleagues),
      by: named(actor, colleagues),
      // An owner from the start was not handed anything over.
      at: kind === 'registered' ? null : toIso(occurred_at),
      entry: kind === 'registered' ? null : entry,
    }));
    return { items, next };
  }

  @Post()
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiOperation({ summary: 'Hands customers over to another colleague: those named, or all of a colleague. All are checked before the first is written; the same Idempotency-Key again finishes what was begun.' })
  @HttpCode(200)
  async handOver(@Body() body: HandOverDto, @Query() _after: AfterDto, @ByCaller() caller: Caller): Promise<object> {
    return summed(await this.writer.handOver(body, caller));
  }

  @Post('acknowledge')
  @HttpCode(200)
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiOperation({ summary: 'Says that you took these customers over. Only their new owner can.' })
  async acknowledge(@Body() { customers }: AcknowledgeDto, @ByCaller() caller: Caller): Promise<object> {
    return summed(await this.writer.acknowledge(customers, caller));
  }
}
