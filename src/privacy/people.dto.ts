import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { AfterDto } from '../customers/customers.dto.js';

export class ExportQueryDto extends AfterDto {
  @ApiPropertyOptional({ description: 'json: everything · csv: a row for every version of every entry that names the person, for spreadsheets.', enum: ['json', 'csv'], example: 'json', default: 'json' })
  @IsOptional() @IsIn(['json', 'csv'])
  format?: 'json' | 'csv';
}
