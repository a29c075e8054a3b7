import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsISO8601, IsOptional, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { DEPARTMENTS } from '../customers/catalogue.js';
import { idMessage, PageDto } from '../customers/customers.dto.js';
import { ID } from '../customers/entry.js';
import { PERIODS, SPLITS, type Period, type Split } from './ask.js';

const AS_OF = 'What was true then; ISO 8601, a date means the end of that day. Default: now.';
const AS_KNOWN = 'What we had recorded by then: ISO 8601 (a date means the end of that day), or a position of the log. Not before asOf. Default: all that is known now.';

/** When a question about figures speaks, and of whom. */
class AskedDto {
  @ApiPropertyOptional({ description: AS_OF, example: '2026-06-30' })
  @IsOptional() @IsISO8601()
  asOf?: string;

  @ApiPropertyOptional({ description: AS_KNOWN, example: '2026-07-31' })
  @IsOptional() @IsString() @MinLength(1) @MaxLength(60)
  asKnown?: string;

  @ApiPropertyOptional({ description: 'Only customers of this segment.', example: 'bakeries' })
  @IsOptional() @IsString() @MaxLength(100)
  segment?: string;

  @ApiPropertyOptional({ description: 'Only customers of this origin.', example: 'trade fair' })
  @IsOptional() @IsString() @MaxLength(100)
  origin?: string;

  @ApiPropertyOptional({ description: 'Only customers of this owner (at asOf). Others than yourself only while the setting colleagueFigures is on.', example: 'ada' })
  @IsOptional() @Matches(ID, idMessage)
  owner?: string;

  @ApiPropertyOptional({ description: 'Only customers whose owner works in this department. One of fewer than 5 colleagues only while the setting colleagueFigures is on.', example: 'sales', enum: DEPARTMENTS })
  @IsOptional() @IsIn(DEPARTMENTS)
  department?: string;

  @ApiPropertyOptional({ description: 'Only terms, acts and value entries that name this offering or none.', example: 'service-plan' })
  @IsOptional() @IsString() @MaxLength(100)
  offering?: string;
}

export class FigureQueryDto extends AskedDto {
  @ApiPropertyOptional({ description: 'Position that a write answered with: the read waits until it sees that write.', example: '1042' })
  @IsOptional() @IsString() @MaxLength(100)
  after?: string;

  @ApiPropertyOptional({ description: 'Days of the window that ends at asOf. Default: that of the figure, check or detector itself.', example: 90 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(36_500)
  window?: number;
}

export class FigureValueQueryDto extends FigureQueryDto {
  @ApiPropertyOptional({ description: 'One value for each part of the customers.', example: 'segment', enum: SPLITS })
  @IsOptional() @IsIn(SPLITS)
  split?: Split;
}

export class SeriesQueryDto extends FigureValueQueryDto {
  @ApiPropertyOptional({ description: 'First day of the series. Default: a year before asOf.', example: '2025-07-01' })
  @IsOptional() @IsISO8601()
  from?: string;

  @ApiPropertyOptional({ description: 'A point at the end of each of these.', example: 'month', enum: PERIODS, default: 'month' })
  @IsOptional() @IsIn(PERIODS)
  by?: Period;
}

export class EvidenceQueryDto extends FigureQueryDto {
  @ApiPropertyOptional({ description: 'Only customers above the line, or only those below it and not above.', example: 'above', enum: ['above', 'below'] })
  @IsOptional() @IsIn(['above', 'below'])
  side?: 'above' | 'below';

  @ApiPropertyOptional({ description: 'Only this group (currency, kind, cause …) of a figure with groups.', example: 'EUR' })
  @IsOptional() @IsString() @MaxLength(200)
  group?: string;

  @ApiPropertyOptional({ description: 'Cursor `next` of the page before.', example: 'eyJhIjoxfQ' })
  @IsOptional() @IsString() @MaxLength(500)
  cursor?: string;

  @ApiPropertyOptional({ description: 'Customers a page, 1 to 500.', example: 50, default: 50 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(500)
  limit?: number;
}

export class KeepFigureDto extends AskedDto {
  @ApiProperty({ description: 'Name of the figure.', example: 'advocacy-rate' })
  @IsString() @MinLength(1) @MaxLength(100)
  figure!: string;

  @ApiProperty({ description: 'What it is kept for; no names of people, please: it stays readable for ever.', example: 'Board meeting, second quarter' })
  @IsString() @MinLength(1) @MaxLength(200)
  label!: string;

  @ApiPropertyOptional({ description: 'Days of the window that ends at asOf. Default: the figure’s own.', example: 90 })
  @IsOptional() @IsInt() @Min(1) @Max(36_500)
  window?: number;
}

export class KeptQueryDto extends PageDto {}
