import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { REASONS, type ReasonName } from '../customers/snooze.js';
import { flag, WhoseDto } from './whose.dto.js';

export class AttentionQueryDto extends WhoseDto {
  @ApiPropertyOptional({ description: 'Customers with this reason.', example: 'ring at risk', enum: REASONS })
  @IsOptional() @IsIn(REASONS)
  reason?: ReasonName;

  @ApiPropertyOptional({ description: 'Only with a reason that began yesterday or today.', example: true, default: false })
  @IsOptional() @flag @IsBoolean()
  new?: boolean;

  @ApiPropertyOptional({ description: 'Also those that are snoozed.', example: false, default: false })
  @IsOptional() @flag @IsBoolean()
  snoozed?: boolean;
}
