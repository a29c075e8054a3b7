import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsISO8601, IsOptional, Max, Min } from 'class-validator';
import { AfterDto } from '../customers/customers.dto.js';
import { dateOf, Days } from '../kernel/days.js';
import { Seeing, type Sight } from '../shell/caller.js';
import { Clocks } from '../shell/clocks.js';
import { Known } from '../shell/known.js';
import { Views } from '../views/views.js';
import { MOST_POINTS, PERIODS, type Period } from './ask.js';
import type { Course, DashboardQuestion, Panel, Reading } from './dashboard.js';
import { DaysReader } from './days.reader.js';
import { figureOf } from './figures.js';
import { refuseNamed, togetherNote } from './named-colleagues.js';
import { says } from './says.js';

const SPLITS = ['segment', 'origin', 'owner', 'department'] as const;
const POINTS = 13;

class DashboardQueryDto extends AfterDto {
  @ApiPropertyOptional({ description: 'The day at whose end it speaks; ISO 8601. Default: today.', example: '2026-06-30' })
  @IsOptional() @IsISO8601()
  asOf?: string;

  @ApiPropertyOptional({ description: 'One dashboard for each part of the customers; by owner only while the setting colleagueFigures is on.', example: 'segment', enum: SPLITS })
  @IsOptional() @IsIn(SPLITS)
  split?: (typeof SPLITS)[number];

  @ApiPropertyOptional({ description: 'A point of each course at the end of each of these; also how long before the value beside it is.', example: 'month', enum: PERIODS, default: 'month' })
  @IsOptional() @IsIn(PERIODS)
  by?: Period;

  @ApiPropertyOptional({ description: `Points of each course, 1 to ${MOST_POINTS}.`, example: 13, default: POINTS })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(MOST_POINTS)
  points?: number;
}

@ApiTags('figures')
@Controller('dashboard')
export class DashboardController {
  constructor(
    private readonly reader: DaysReader,
    private readonly clocks: Clocks,
    private readonly known: Known,
    private readonly views: Views,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The default dashboard at the end of a day, as it is known now. Read from totals kept up by day: it costs the same at any length of history.' })
  async dashboard(@Query() query: DashboardQueryDto, @Seeing() sight: Sight): Promise<object> {
    refuseNamed({ ...(query.split !== undefined && { split: query.split }) }, sight);
    const together = query.split === 'department' && sight.colleagueFigures !== true ? await this.reader.departmentsTogether() : undefined;
    const days = new Days(this.clocks.zone);
    // A day's end is no part of the next day.
    const asOf = days.of(query.asOf === undefined ? this.clocks.now() : this.clocks.instant(query.asOf, 'asOf') - 1);
    const question: DashboardQuestion = { asOf, period: query.by ?? 'month', points: query.points ?? POINTS, ...(query.split !== undefined && { split: query.split }) };
    const { parts, parked } = await this.reader.dashboard(question, together);
    // While totals are being made after a long catch-up they speak for no exact place.
    const asKnown = (await this.views.isWhole()) ? this.known.now() : null;
    return { asOf: dateOf(asOf), asKnown, by: question.period, split: query.split ?? null, note: togetherNote(together), parked, parts: parts.map(({ value, panels }) => ({ part: value, panels: panels.map(panelOut) })) };
  }
}

function panelOut({ name, unit, window, courses }: Panel): object {
  const figure = figureOf(name)!;
  const reading = (group: string | null, { day, ...read }: Reading): object => ({ day: dateOf(day), ...read, says: says({ shape: figure.shape, unit }, { group, ...read }) });
  const course = ({ group, now, before, series, causes }: Course): object => ({ group, now: reading(group, now), before: reading(group, before), series: series.map(({ day, value, n }) => ({ day: dateOf(day), value, n })), ...(causes !== undefined && { causes }) });
  return { name, title: figure.title, says: figure.says, unit, window, courses: courses.map(course) };
}
