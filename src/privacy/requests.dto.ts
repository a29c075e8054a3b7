import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min, ValidateIf } from 'class-validator';
import { HINT } from '../customers/catalogue.js';
import { AfterDto, idMessage } from '../customers/customers.dto.js';
import { ID } from '../customers/entry.js';
import { OUTCOMES, REQUEST_KINDS, type RequestKind, type RequestOutcome } from './person-request.js';

const trim = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));
const Given = (): PropertyDecorator => ValidateIf((_body: object, value: unknown) => value !== undefined);
const MAX_TEXT = 4000;

export class ReceiveRequestDto {
  @ApiProperty({ description: 'What they ask: to see their data, to have them erased, put right or set aside, to take them along, or not to be contacted.', enum: REQUEST_KINDS, example: 'access' })
  @IsIn(REQUEST_KINDS)
  kind!: RequestKind;

  @ApiPropertyOptional({ description: 'Id of the customer they belong to, where they are known here.', example: '7f9c2b7e-5b3a-8c8e-9a51-8d3c2f1e0b6a' })
  @Given() @Matches(ID, idMessage)
  customer?: string;

  @ApiPropertyOptional({ description: 'Id of the person, where they are known here.', example: '5b0a7c1e-0d0f-4f5e-8f3e-2a9f6f1f0c21' })
  @Given() @Matches(ID, idMessage)
  person?: string;

  @ApiPropertyOptional({ description: 'Who asks, where no person is named. Sealed.', example: 'Somebody who says she once wrote to our shop: ines.morel@example.org' })
  @Given() @trim @IsString() @Length(1, 1000)
  who?: string;

  @ApiPropertyOptional({ description: `What they ask, in their words. Sealed. ${HINT}`, example: 'Please tell me what you have about me' })
  @Given() @trim @IsString() @Length(1, MAX_TEXT)
  words?: string;

  @ApiPropertyOptional({ description: 'When it came, ISO 8601; from then on the days count. Default: now.', example: '2026-03-02' })
  @Given() @IsString() @MaxLength(40)
  receivedAt?: string;
}

export class ChangeRequestDto {
  @ApiPropertyOptional({ description: `Something done or said on the way. Sealed. ${HINT}`, example: 'Asked for proof that it is her' })
  @Given() @trim @IsString() @Length(1, MAX_TEXT)
  note?: string;

  @ApiPropertyOptional({ description: 'Answered by then instead, ISO 8601; once, with a reason, and by at most 62 days.', example: '2026-05-01' })
  @Given() @IsString() @MaxLength(40)
  extendTo?: string;

  @ApiPropertyOptional({ description: 'Why it takes longer. Sealed.', example: 'Six years of letters have to be read' })
  @Given() @trim @IsString() @Length(1, MAX_TEXT)
  reason?: string;

  @ApiPropertyOptional({ description: 'Closes the request: what came of it.', enum: OUTCOMES, example: 'done' })
  @Given() @IsIn(OUTCOMES)
  outcome?: RequestOutcome;

  @ApiPropertyOptional({ description: `What was done, or why not. Sealed. ${HINT}`, example: 'Sent the export by post on 12 March' })
  @Given() @trim @IsString() @Length(1, MAX_TEXT)
  done?: string;
}

export class RequestsQueryDto extends AfterDto {
  @ApiPropertyOptional({ description: 'Only open ones, or with false only closed ones.', example: true })
  @IsOptional() @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value)) @IsBoolean()
  open?: boolean;

  @ApiPropertyOptional({ description: 'How many, 1 to 200.', example: 50, default: 50 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200)
  limit?: number;

  @ApiPropertyOptional({ description: 'From the page before.', example: 'WzAsMSwiYSJd' })
  @IsOptional() @IsString() @MaxLength(1000)
  cursor?: string;
}
