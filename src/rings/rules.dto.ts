import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsDefined, IsString, Length } from 'class-validator';
import { AfterDto } from '../customers/customers.dto.js';
import { MAX_REASON } from './rulebook.js';
import { DEFAULT_PRESET, PRESETS } from './rules.js';

/** Rules as they come: anything at all; what is wrong with them is found by the rules' own check. */
export class DraftDto {
  @ApiProperty({ description: 'A set of rules, every field of it.', example: PRESETS[DEFAULT_PRESET], type: 'object', additionalProperties: true })
  @IsDefined({ message: 'must be given' })
  rules!: unknown;
}

export class PublishRulesDto extends DraftDto {
  @ApiProperty({ description: 'Why they are changed. No names of people, please: it stays readable for ever.', example: 'Our customers answer within six weeks, not three months' })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @IsString() @Length(1, MAX_REASON)
  reason!: string;
}

export class CompareQueryDto extends AfterDto {
  @ApiProperty({ description: 'The rules before: a version, or the name of a preset.', example: 'annual-contracts' })
  @IsString() @Length(1, 100)
  a!: string;

  @ApiProperty({ description: 'The rules after: a version, or the name of a preset.', example: 'consultancy' })
  @IsString() @Length(1, 100)
  b!: string;
}
