import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, Matches } from 'class-validator';
import { DEPARTMENTS } from '../customers/catalogue.js';
import { idMessage, PageDto } from '../customers/customers.dto.js';
import { ID } from '../customers/entry.js';
import { REASONS, type ReasonName } from '../customers/snooze.js';

const flag = Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

export class AttentionQueryDto extends PageDto {
  @ApiPropertyOptional({ description: 'Customers of this owner.', example: 'ada' })
  @IsOptional() @Matches(ID, idMessage)
  owner?: string;

  @ApiPropertyOptional({ description: 'Customers this colleague owns or has in the team.', example: 'ada' })
  @IsOptional() @Matches(ID, idMessage)
  team?: string;

  @ApiPropertyOptional({ description: 'Customers whose owner works in this department.', example: 'sales', enum: DEPARTMENTS })
  @IsOptional() @IsIn(DEPARTMENTS)
  department?: string;

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
