import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { FigureQueryDto } from './figures.dto.js';

export class HelpedDecisionsQueryDto extends FigureQueryDto {
  @ApiPropertyOptional({ description: 'Only decisions in our favour (purchase, renewal, expansion), or only the others.', example: true })
  @IsOptional() @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value)) @IsBoolean()
  favourable?: boolean;

  @ApiPropertyOptional({ description: 'Cursor `next` of the page before.', example: 'eyJhIjoxfQ' })
  @IsOptional() @IsString() @MaxLength(500)
  cursor?: string;

  @ApiPropertyOptional({ description: 'Decisions a page, 1 to 500.', example: 50, default: 50 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(500)
  limit?: number;
}
