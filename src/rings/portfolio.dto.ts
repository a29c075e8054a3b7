import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { RING_STATES, SORTS, type SortOrder } from './portfolio.js';
import { flag, WhoseDto } from './whose.dto.js';

const list = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',').filter((item) => item !== '') : value));

export class PortfolioQueryDto extends WhoseDto {
  @ApiPropertyOptional({ description: 'Segment.', example: 'bakeries' })
  @IsOptional() @IsString() @MaxLength(100)
  segment?: string;

  @ApiPropertyOptional({ description: 'Words of the name, or their beginnings.', example: 'mor' })
  @IsOptional() @IsString() @MinLength(1) @MaxLength(200)
  text?: string;

  @ApiPropertyOptional({ description: 'How rings stand, separated by commas: `4:at risk`. Several for one ring: one of them.', example: '2:lit,4:at risk', type: String })
  @IsOptional() @list @IsArray() @ArrayMaxSize(30) @Matches(new RegExp(`^[1-5]:(${RING_STATES.join('|')})$`), { each: true, message: `must be a ring and how it stands, such as 4:at risk; it can be: ${RING_STATES.join(', ')}` })
  rings?: string[];

  @ApiPropertyOptional({ description: 'Only with a ring at risk.', example: true, default: false })
  @IsOptional() @flag @IsBoolean()
  atRisk?: boolean;

  @ApiPropertyOptional({ description: 'Only where this ring is missing while a later one is lit.', example: 1 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(5)
  gap?: number;

  @ApiPropertyOptional({ description: 'Only with a snooze in force.', example: true, default: false })
  @IsOptional() @flag @IsBoolean()
  snoozed?: boolean;

  @ApiPropertyOptional({ description: 'Order: attention (gravest reason first), name, last-contact (longest ago first), depth (deepest first), worth (most first; the currency that most have decides), next (step or decision that is due first).', example: 'attention', enum: SORTS, default: 'attention' })
  @IsOptional() @IsIn(SORTS)
  sort?: SortOrder;

  @ApiPropertyOptional({ description: 'The other way round. Who has nothing to order by stays last.', example: false, default: false })
  @IsOptional() @flag @IsBoolean()
  reverse?: boolean;
}

export class ContractsAheadQueryDto extends WhoseDto {
  @ApiPropertyOptional({ description: 'How many days ahead, 1 to 730.', example: 180, default: 180 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(730)
  days?: number;
}
