import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsISO8601, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { AfterDto } from '../customers/customers.dto.js';
import { FOUND, type Found } from '../figures/checking.js';
import { FigureQueryDto } from '../figures/figures.dto.js';

export class AlignmentQueryDto extends FigureQueryDto {}

export class FindingsQueryDto extends AlignmentQueryDto {
  @ApiPropertyOptional({ description: 'Only this group (campaign, segment, measure …) of checks with groups.', example: 'spring-mailing' })
  @IsOptional() @IsString() @MaxLength(200)
  group?: string;

  @ApiPropertyOptional({ description: 'Only what is off, what fits, or what is unknown.', example: 'off', enum: FOUND })
  @IsOptional() @IsIn(FOUND)
  found?: Found;

  @ApiPropertyOptional({ description: 'Cursor `next` of the page before.', example: 'eyJhIjoxfQ' })
  @IsOptional() @IsString() @MaxLength(500)
  cursor?: string;

  @ApiPropertyOptional({ description: 'Findings a page, 1 to 500.', example: 50, default: 50 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(500)
  limit?: number;
}

export class DetectorFindingsQueryDto extends FindingsQueryDto {
  @ApiPropertyOptional({ description: 'Only this check of the detector.', example: 'need-in-message' })
  @IsOptional() @IsString() @MaxLength(100)
  check?: string;
}

export class CustomerChecksQueryDto extends AfterDto {
  @ApiPropertyOptional({ description: 'What was true then; ISO 8601, a date means the end of that day. Default: now.', example: '2026-06-30' })
  @IsOptional() @IsISO8601()
  asOf?: string;

  @ApiPropertyOptional({ description: 'What we had recorded by then: ISO 8601 (a date means the end of that day), or a position of the log. Not before asOf. Default: all that is known now.', example: '2026-07-31' })
  @IsOptional() @IsString() @MinLength(1) @MaxLength(60)
  asKnown?: string;
}
