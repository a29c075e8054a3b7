/** A page of customers, by whose they are. */
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { DEPARTMENTS } from '../customers/catalogue.js';
import { idMessage, PageDto } from '../customers/customers.dto.js';
import { ID } from '../customers/entry.js';

/** Yes or no, as a query string says it. */
export const flag = Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

export class WhoseDto extends PageDto {
  @ApiPropertyOptional({ description: 'Customers of this owner.', example: 'ada' })
  @IsOptional() @Matches(ID, idMessage)
  owner?: string;

  @ApiPropertyOptional({ description: 'Customers this colleague owns or has in the team.', example: 'ada' })
  @IsOptional() @Matches(ID, idMessage)
  team?: string;

  @ApiPropertyOptional({ description: 'Customers whose owner works in this department.', example: 'sales', enum: DEPARTMENTS })
  @IsOptional() @IsIn(DEPARTMENTS)
  department?: string;
}
