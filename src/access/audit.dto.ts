import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional, Matches } from 'class-validator';
import { idMessage, PageDto } from '../customers/customers.dto.js';
import { ID } from '../customers/entry.js';
import { ACTIONS, type Action } from './audit.js';

export const AUDIT_FORMATS = ['json', 'csv'] as const;

export class AuditQueryDto extends PageDto {
  @ApiPropertyOptional({ description: 'At or after; ISO 8601, a date means its start.', example: '2026-01-01' })
  @IsOptional() @IsISO8601()
  from?: string;

  @ApiPropertyOptional({ description: 'Before; ISO 8601, a date means its start.', example: '2026-07-01' })
  @IsOptional() @IsISO8601()
  to?: string;

  @ApiPropertyOptional({ description: 'Done by this colleague.', example: 'ada' })
  @IsOptional() @Matches(ID, idMessage)
  colleague?: string;

  @ApiPropertyOptional({ description: 'What was done.', example: 'export', enum: ACTIONS })
  @IsOptional() @IsIn(ACTIONS)
  action?: Action;

  @ApiPropertyOptional({ description: 'Id of the customer, colleague, person, entry or figure it was done to.', example: '7f9c2b7e-5b3a-8c8e-9a51-8d3c2f1e0b6a' })
  @IsOptional() @Matches(ID, idMessage)
  target?: string;

  @ApiPropertyOptional({ description: 'A page as JSON, or all that fits as CSV for a spreadsheet: `limit` does not bound it, `cursor` says where it begins.', example: 'json', enum: AUDIT_FORMATS, default: 'json' })
  @IsOptional() @IsIn(AUDIT_FORMATS)
  format?: (typeof AUDIT_FORMATS)[number];
}
