import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { AfterDto } from '../customers/customers.dto.js';

export class BackTestQueryDto extends AfterDto {
  @ApiPropertyOptional({ description: 'How many past months, 1 to 120.', example: 24, default: 24 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(120)
  months?: number;

  @ApiPropertyOptional({ description: 'The rules: a version, or the name of a preset. Default: those in force.', example: 'consultancy' })
  @IsOptional() @IsString() @Length(1, 100)
  rules?: string;
}
