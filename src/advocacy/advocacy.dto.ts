import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsISO8601, IsObject, IsOptional, IsString, Length, Matches, MaxLength, ValidateIf } from 'class-validator';
import { ASK_STATES, type AskState } from '../customers/asks.js';
import { ACTS, CHANNELS, ROLES } from '../customers/catalogue.js';
import { idMessage, PageDto } from '../customers/customers.dto.js';
import { ID } from '../customers/entry.js';

const PERSON_ID = '5b0a7c1e-0d0f-4f5e-8f3e-2a9f6f1f0c21';
const CUSTOMER_ID = '7f9c2b7e-5b3a-8c8e-9a51-8d3c2f1e0b6a';
const trim = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));
const list = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',').filter((item) => item !== '') : value));
const flag = Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));
/** May be left out, but not be null. */
const Given = (): PropertyDecorator => ValidateIf((_body: object, value: unknown) => value !== undefined);

export class AskDto {
  @ApiProperty({ description: 'Id of the person who is asked.', example: PERSON_ID })
  @Matches(ID, idMessage)
  person!: string;

  @ApiProperty({ description: 'What they are asked for.', example: 'reference', enum: ACTS })
  @IsIn(ACTS)
  act!: string;

  @ApiProperty({ description: 'What they are asked, in our words.', example: 'Would you take one call from a bakery of your size?' })
  @trim @IsString() @Length(1, 4000)
  wording!: string;

  @ApiPropertyOptional({ description: 'By when it would help: ISO 8601; a date means the end of that day.', example: '2030-12-15' })
  @Given() @IsISO8601()
  due?: string;

  @ApiPropertyOptional({ description: 'How they are asked. A channel they object to is refused.', example: 'phone', enum: CHANNELS })
  @Given() @IsIn(CHANNELS)
  channel?: string;

  @ApiPropertyOptional({ description: 'Offering it is about.', example: 'service-plan' })
  @Given() @IsString() @MaxLength(100)
  offering?: string;

  @ApiPropertyOptional({ description: 'Something is offered in return.', example: false })
  @Given() @IsBoolean()
  incentivised?: boolean;

  @ApiPropertyOptional({ description: 'When they were asked: ISO 8601. Default: now.', example: '2026-03-02T14:30:00Z' })
  @Given() @IsISO8601()
  occurredAt?: string;

  @ApiPropertyOptional({ description: 'More about it.', example: 'After the audit, when she was in a good mood' })
  @Given() @trim @IsString() @Length(1, 4000)
  summary?: string;
}

export class AcceptDto {
  @ApiPropertyOptional({ description: 'When: ISO 8601. Default: now; not before they were asked.', example: '2026-03-02T14:30:00Z' })
  @Given() @IsISO8601()
  occurredAt?: string;

  @ApiPropertyOptional({ description: 'How.', example: 'email', enum: CHANNELS })
  @Given() @IsIn(CHANNELS)
  channel?: string;

  @ApiPropertyOptional({ description: 'More about it.', example: 'Any day but Friday' })
  @Given() @trim @IsString() @Length(1, 4000)
  summary?: string;
}

export class DeclineDto extends AcceptDto {
  @ApiPropertyOptional({ description: 'Why, in their words.', example: 'Not before the audit is over' })
  @Given() @trim @IsString() @Length(1, 4000)
  reason?: string;
}

export class ActDto {
  @ApiProperty({ description: 'The act as an entry of its kind, without the person and what it is about: those are the ask’s. The kind is what was asked for when it is left out.', example: { verification: 'evidenced', link: 'https://example.org/story', reach: 250 }, type: 'object', additionalProperties: true })
  @IsObject()
  entry!: Record<string, unknown>;
}

export class AsksQueryDto extends PageDto {
  @ApiPropertyOptional({ description: 'Id of the person who was asked.', example: PERSON_ID })
  @IsOptional() @Matches(ID, idMessage)
  person?: string;

  @ApiPropertyOptional({ description: 'Id of the colleague who asked.', example: 'ada' })
  @IsOptional() @Matches(ID, idMessage)
  by?: string;

  @ApiPropertyOptional({ description: 'States, separated by commas. Default: all.', example: 'waiting,accepted', type: String })
  @IsOptional() @list @IsArray() @ArrayMaxSize(10) @IsIn(ASK_STATES, { each: true })
  state?: AskState[];
}

export class AdvocatesQueryDto extends PageDto {
  @ApiPropertyOptional({ description: 'People at customers of this owner.', example: 'ada' })
  @IsOptional() @Matches(ID, idMessage)
  owner?: string;
}

export class WhomToAskQueryDto extends AdvocatesQueryDto {
  @ApiPropertyOptional({ description: 'What is wanted: who did it before fits better.', example: 'reference', enum: ACTS })
  @IsOptional() @IsIn(ACTS)
  act?: string;

  @ApiPropertyOptional({ description: 'Who knows this offering fits better.', example: 'service-plan' })
  @IsOptional() @IsString() @MaxLength(100)
  offering?: string;

  @ApiPropertyOptional({ description: 'Who is of this segment fits better.', example: 'bakeries' })
  @IsOptional() @IsString() @MaxLength(100)
  segment?: string;

  @ApiPropertyOptional({ description: 'Who has this role fits better.', example: 'decider', enum: ROLES })
  @IsOptional() @IsIn(ROLES)
  role?: string;

  @ApiPropertyOptional({ description: 'Also those who may not be asked now, with what stands against it.', example: false, default: false })
  @IsOptional() @flag @IsBoolean()
  all?: boolean;
}

export class ReferralsQueryDto extends PageDto {
  @ApiPropertyOptional({ description: 'Only the tree in which this customer stands.', example: CUSTOMER_ID })
  @IsOptional() @Matches(ID, idMessage)
  customer?: string;
}
