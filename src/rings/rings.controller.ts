import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Organisation } from '../customers/customers.writer.js';
import { TimelineQueryDto } from '../customers/customers.dto.js';
import type { TimelineFilter } from '../customers/timeline.view.js';
import { searchable } from '../customers/words.js';
import { parseInstant } from '../kernel/calendar.js';
import { invalid } from '../kernel/refusal.js';
import { Seeing, type Sight } from '../shell/caller.js';
import { Clocks } from '../shell/clocks.js';
import { placeIn } from '../shell/cursor.js';
import { IssuesQueryDto, JourneyQueryDto, StepsQueryDto } from './rings.dto.js';
import { RingsReader } from './rings.reader.js';

const PAGE = 50;

@ApiTags('rings')
@Controller()
export class RingsController {
  constructor(
    private readonly reader: RingsReader,
    private readonly organisation: Organisation,
    private readonly clocks: Clocks,
  ) {}

  @Get('customers/:id/journey')
  @ApiOperation({ summary: 'The five rings of a customer: how each stands, since when, because of which entries, and every period so far.' })
  async journey(@Param('id') id: string, @Query() query: JourneyQueryDto): Promise<object> {
    return this.reader.journey(id, query.asKnown === undefined ? { asOf: query.asOf === undefined ? undefined : this.clocks.instant(query.asOf, 'asOf') } : await this.clocks.read(query), query.offering);
  }

  @Get('customers/:id/timeline')
  @ApiOperation({ summary: 'What happened, newest first, with the ring changes in between.' })
  async timeline(@Param('id') id: string, @Query() query: TimelineQueryDto, @Seeing() sight: Sight): Promise<object> {
    const { kind: kinds, side, department, channel, person, offering } = query;
    const text = query.text === undefined ? undefined : searchable(query.text, 'text');
    const from = this.instant(query.from, 'from');
    const to = this.instant(query.to, 'to');
    const given = { kinds, side, department, channel, person, offering, text, from, to };
    const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as TimelineFilter;
    const cursor = placeIn(query.cursor, ['number', 'string']);
    const place = cursor === undefined ? undefined : { occurredAt: cursor[0] as number, id: cursor[1] as string };
    if (query.asKnown === undefined) return this.reader.timeline(id, filter, place, query.limit ?? PAGE, query.originals ?? false, sight);
    const problems = (['text', 'originals'] as const).filter((field) => query[field] !== undefined).map((field) => ({ field, code: 'not-with-as-known', message: 'cannot be asked together with asKnown' }));
    if (problems.length > 0) throw invalid(problems);
    return this.reader.timelineKnown(id, filter, place, query.limit ?? PAGE, await this.clocks.read({ asKnown: query.asKnown }), sight);
  }

  @Get('issues')
  @ApiOperation({ summary: 'Open issues, the gravest and oldest first.' })
  issues(@Query() query: IssuesQueryDto, @Seeing() sight: Sight): Promise<object> {
    const { owner, severity } = query;
    return this.reader.issues({ ...(owner !== undefined && { owner }), ...(severity !== undefined && { severity }) }, placeIn(query.cursor, ['number', 'number', 'string']), query.limit ?? PAGE, sight);
  }

  @Get('steps')
  @ApiOperation({ summary: 'Planned steps that are not done, the earliest due first.' })
  steps(@Query() query: StepsQueryDto, @Seeing() sight: Sight): Promise<object> {
    const dueBefore = this.instant(query.dueBefore, 'dueBefore');
    return this.reader.steps({ ...(query.who !== undefined && { who: query.who }), ...(dueBefore !== undefined && { dueBefore }) }, placeIn(query.cursor, ['number', 'string']), query.limit ?? PAGE, sight);
  }

  private instant(text: string | undefined, field: string): number | undefined {
    if (text === undefined) return undefined;
    const instant = parseInstant(text, this.organisation.zone);
    if (instant === undefined) throw invalid([{ field, code: 'not-a-date', message: 'must be an ISO 8601 date or date-time' }]);
    return instant;
  }
}
