import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsISO8601, IsObject, IsOptional, IsString, Length, Matches, MaxLength, ValidateIf } from 'class-validator';
import { CHANNELS, DEPARTMENTS } from '../customers/catalogue.js';
import { idMessage, PageDto } from '../customers/customers.dto.js';
import { ID } from '../customers/entry.js';
import { PROMISE_STATES, type PromiseState } from '../customers/promises.js';

const ENTRY_ID = '0191e7a0-7c1e-7b3a-9d55-3f2a5e0c1b11';
const PERSON_ID = '5b0a7c1e-0d0f-4f5e-8f3e-2a9f6f1f0c21';
const trim = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));
const list = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',').filter((item) => item !== '') : value));
/** May be left out, but not be null. */
const Given = (): PropertyDecorator => ValidateIf((_body: object, value: unknown) => value !== undefined);

export class MakePromiseDto {
  @ApiProperty({ description: 'What was promised.', example: 'A quote for the second line' })
  @trim @IsString() @Length(1, 4000)
  what!: string;

  @ApiProperty({ description: 'By when: ISO 8601; a date means the end of that day. After it was made.', example: '2030-12-15' })
  @IsISO8601()
  due!: string;

  @ApiPropertyOptional({ description: 'Id of the colleague who sees to it. Default: who makes this request.', example: 'ada' })
  @Given() @Matches(ID, idMessage)
  owner?: string;

  @ApiPropertyOptional({ description: 'Department that owes it. Default: that of the owner.', example: 'service', enum: DEPARTMENTS })
  @Given() @IsIn(DEPARTMENTS)
  department?: string;

  @ApiPropertyOptional({ description: 'Ids of the people it was given to: its text is theirs.', example: [PERSON_ID], type: [String] })
  @Given() @IsArray() @ArrayMaxSize(50) @IsString({ each: true })
  people?: string[];

  @ApiPropertyOptional({ description: 'Offering it is about.', example: 'service-plan' })
  @Given() @IsString() @MaxLength(100)
  offering?: string;

  @ApiPropertyOptional({ description: 'How it was given.', example: 'phone', enum: CHANNELS })
  @Given() @IsIn(CHANNELS)
  channel?: string;

  @ApiPropertyOptional({ description: 'When it was made: ISO 8601. Default: now.', example: '2026-03-02T14:30:00Z' })
  @Given() @IsISO8601()
  occurredAt?: string;

  @ApiPropertyOptional({ description: 'More about it.', example: 'They need it for the bank' })
  @Given() @trim @IsString() @Length(1, 4000)
  summary?: string;

  @ApiPropertyOptional({ description: 'Id of the entry in which it was given; not together with `entry`.', example: ENTRY_ID })
  @Given() @Matches(ID, idMessage)
  givenIn?: string;

  @ApiPropertyOptional({ description: 'The entry in which it was given, to be logged in the same step: both or neither. As in POST /customers/{id}/interactions.', example: { kind: 'visit', side: 'us', attended: true, summary: 'Looked at the second line' }, type: 'object', additionalProperties: true })
  @Given() @IsObject()
  entry?: Record<string, unknown>;
}

export class PromiseStepDto {
  @ApiPropertyOptional({ description: 'When: ISO 8601. Default: now. Not before the promise was made, nor before the step that comes before it.', example: '2026-03-02T14:30:00Z' })
  @Given() @IsISO8601()
  occurredAt?: string;

  @ApiPropertyOptional({ description: 'How.', example: 'phone', enum: CHANNELS })
  @Given() @IsIn(CHANNELS)
  channel?: string;

  @ApiPropertyOptional({ description: 'More about it.', example: 'Sent by mail, with the drawing' })
  @Given() @trim @IsString() @Length(1, 4000)
  summary?: string;

  @ApiPropertyOptional({ description: 'Ids of the people it concerns. Default: those of the promise.', example: [PERSON_ID], type: [String] })
  @Given() @IsArray() @ArrayMaxSize(50) @IsString({ each: true })
  people?: string[];
}

export class WithdrawDto {
  @ApiPropertyOptional({ description: 'Why it is taken back.', example: 'Noted at the wrong customer' })
  @Given() @trim @IsString() @Length(1, 1000)
  reason?: string;
}

export class PromisesQueryDto extends PageDto {
  @ApiPropertyOptional({ description: 'Id of the colleague who sees to it.', example: 'ada' })
  @IsOptional() @Matches(ID, idMessage)
  owner?: string;

  @ApiPropertyOptional({ description: 'Department that owes it.', example: 'service', enum: DEPARTMENTS })
  @IsOptional() @IsIn(DEPARTMENTS)
  department?: string;

  @ApiPropertyOptional({ description: 'States, separated by commas. Default: open and missed, those not delivered.', example: 'open,missed', type: String })
  @IsOptional() @list @IsArray() @ArrayMaxSize(10) @IsIn(PROMISE_STATES, { each: true })
  state?: PromiseState[];

  @ApiPropertyOptional({ description: 'Due before; ISO 8601, a date means the start of that day: tomorrow for those due by the end of today.', example: '2026-12-01' })
  @IsOptional() @IsISO8601()
  dueBefore?: string;
}
