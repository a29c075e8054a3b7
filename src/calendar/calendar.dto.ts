import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { AfterDto } from '../customers/customers.dto.js';

export class CalendarQueryDto extends AfterDto {
  @ApiPropertyOptional({ description: 'An API key for calendar and nothing else, for calendar programs that send no header; any other key is refused here.', example: 'fr_0000000000000000000000000000000000000000000' })
  @IsOptional() @IsString() @MaxLength(100)
  key?: string;
}
