import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsISO8601, IsOptional, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { AfterDto, idMessage, PageDto } from '../customers/customers.dto.js';
import { ID } from '../customers/entry.js';

export class JourneyQueryDto extends AfterDto {
  @ApiPropertyOptional({ description: 'As it was then, by what had happened by then; ISO 8601, a date means the end of that day. Default: now.', example: '2026-06-30' })
  @IsOptional() @IsISO8601()
  asOf?: string;

  @ApiPropertyOptional({ description: 'As we knew it then: ISO 8601 (a date means the end of that day), or a position of the log. Not before asOf. Default: all that is known now.', example: '2026-07-31' })
  @IsOptional() @IsString() @MinLength(1) @MaxLength(60)
  asKnown?: string;

  @ApiPropertyOptional({ description: 'Only terms, acts and value entries that name this offering or none.', example: 'service-plan' })
  @IsOptional() @IsString() @MaxLength(100)
  offering?: string;
}

export class IssuesQueryDto extends PageDto {
  @ApiPropertyOptional({ description: 'Only of customers of this owner.', example: 'ada' })
  @IsOptional() @Matches(ID, idMessage)
  owner?: string;

  @ApiPropertyOptional({ description: 'This severity or graver (1 is the gravest).', example: 2 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(4)
  severity?: number;
}

export class StepsQueryDto extends PageDto {
  @ApiPropertyOptional({ description: 'Only of this colleague.', example: 'ada' })
  @IsOptional() @Matches(ID, idMessage)
  who?: string;

  @ApiPropertyOptional({ description: 'Due before; ISO 8601. Default: all that are not done.', example: '2026-12-01' })
  @IsOptional() @IsISO8601()
  dueBefore?: string;
}
