import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsIn, IsOptional, IsString, Length, Matches, ValidateIf } from 'class-validator';
import { idMessage, PageDto } from './customers.dto.js';
import { ID } from './entry.js';
import { MOST_CUSTOMERS } from './handover.js';

const CUSTOMER = '7f9c2b7e-5b3a-8c8e-9a51-8d3c2f1e0b6a';
const Given = (): PropertyDecorator => ValidateIf((_body: object, value: unknown) => value !== undefined);
const trim = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

export const WAITING_FOR = ['acknowledgement', 'owner'] as const;

export class HandOverDto {
  @ApiPropertyOptional({ description: 'Ids of the customers; this or owner.', example: [CUSTOMER], type: [String], maxItems: MOST_CUSTOMERS })
  @Given() @IsArray() @ArrayNotEmpty() @ArrayMaxSize(MOST_CUSTOMERS) @Matches(ID, { each: true, ...idMessage })
  customers?: string[];

  @ApiPropertyOptional({ description: 'Id of a colleague: all customers they own now; this or customers.', example: 'ada' })
  @Given() @Matches(ID, idMessage)
  owner?: string;

  @ApiProperty({ description: 'Id of the colleague who owns them from now on.', example: 'ben' })
  @Matches(ID, idMessage)
  to!: string;

  @ApiPropertyOptional({ description: 'What the new owner should know; stands in each entry.', example: 'Ada is away until spring' })
  @Given() @trim @IsString() @Length(1, 1000)
  note?: string;
}

export class AcknowledgeDto {
  @ApiProperty({ description: 'Ids of the customers that you took over.', example: [CUSTOMER], type: [String], maxItems: MOST_CUSTOMERS })
  @IsArray() @ArrayNotEmpty() @ArrayMaxSize(MOST_CUSTOMERS) @Matches(ID, { each: true, ...idMessage })
  customers!: string[];
}

export class HandoversQueryDto extends PageDto {
  @ApiPropertyOptional({ description: 'Only those handed over to this colleague.', example: 'ben' })
  @IsOptional() @Matches(ID, idMessage)
  to?: string;

  @ApiPropertyOptional({ description: 'acknowledgement: handed over, and not acknowledged yet by the new owner. owner: whose owner no longer works here, or whose account is disabled.', example: 'acknowledgement', enum: WAITING_FOR, default: 'acknowledgement' })
  @IsOptional() @IsIn(WAITING_FOR)
  waitingFor?: (typeof WAITING_FOR)[number];
}
