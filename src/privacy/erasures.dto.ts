import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, MaxLength, Min } from 'class-validator';

const trimmed = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

export class EraseDto {
  @ApiProperty({ description: 'Why. No names of people, please: it is kept, sealed, with the receipt.', example: 'Asked for it by letter of 2 March' })
  @trimmed @IsString() @Length(1, 500)
  reason!: string;
}

export class EraseCustomerDto extends EraseDto {
  @ApiProperty({ description: 'The id of the customer once more: what is erased never comes back.', example: '7f9c2b7e-5b3a-4c8e-9a51-8d3c2f1e0b6a' })
  @IsString() @MaxLength(100)
  confirm!: string;
}

export class ErasuresQueryDto {
  @ApiPropertyOptional({ description: 'How many, 1 to 500.', example: 100, default: 100 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(500)
  limit?: number;

  @ApiPropertyOptional({ description: 'Cursor that the page before gave.', example: 'WzE3NzI0NDM4MDAwMDAsIjAxOTEiXQ' })
  @IsOptional() @IsString() @MaxLength(400)
  cursor?: string;

  @ApiPropertyOptional({ description: 'Position that a write answered with; the answer knows at least that.', example: '1042' })
  @IsOptional() @IsString() @MaxLength(100)
  after?: string;
}
