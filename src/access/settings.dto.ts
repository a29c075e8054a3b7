import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsObject, IsString, Length } from 'class-validator';
import { MAX_REASON } from './settings.js';

export class ChangeSettingsDto {
  @ApiProperty({ description: 'New values by name of the setting; others stay as they are.', example: { colleagueFigures: true }, type: 'object', additionalProperties: true })
  // As they came: no name may get lost before it is looked at.
  @Transform(({ obj }: { obj: { values?: unknown } }) => obj.values)
  @IsObject({ message: 'must be an object of values by name' })
  values!: Record<string, unknown>;

  @ApiProperty({ description: 'Why they are changed. No names of people, please: it stays readable for ever.', example: 'Agreed with the works council in March' })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @IsString() @Length(1, MAX_REASON)
  reason!: string;
}
