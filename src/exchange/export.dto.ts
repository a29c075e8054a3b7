/** What can be asked of an export. */
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';
import { AfterDto } from '../customers/customers.dto.js';

export class EntriesExportDto extends AfterDto {
  @ApiPropertyOptional({ description: 'Only what happened at or after: a date means its start in the organisation’s time zone.', example: '2026-01-01' })
  @IsOptional() @IsString() @MaxLength(40)
  from?: string;

  @ApiPropertyOptional({ description: 'Only what happened before: a date means its start.', example: '2027-01-01' })
  @IsOptional() @IsString() @MaxLength(40)
  to?: string;
}

export class XesExportDto extends AfterDto {
  @ApiPropertyOptional({ description: 'Also an event for each ring that was lit or went out.', example: false, default: false })
  @IsOptional() @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value)) @IsBoolean()
  rings?: boolean;
}
