import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsBoolean, IsIn, IsInt, IsISO8601, IsObject, IsOptional, IsString, Length, Matches, Max, MaxLength, Min, MinLength, ValidateIf } from 'class-validator';
import { CHANNELS, DEPARTMENTS, ROLES } from './catalogue.js';
import { ID } from './entry.js';
import type { CustomerInput } from './customers.writer.js';
import { REASONS } from './snooze.js';

const ENTRY_ID = '0191e7a0-7c1e-7b3a-9d55-3f2a5e0c1b11';
const trim = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));
/** `a,b` in a query is a list. */
const list = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',').filter((item) => item !== '') : value));
const flag = Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));
/** May be left out, but not be null: only fields that say so can be taken away. */
const Given = (): PropertyDecorator => ValidateIf((_body: object, value: unknown) => value !== undefined);
export const idMessage = { message: 'must be an id: letters, digits, . _ -, at most 64' };

export class RegisterCustomerDto implements CustomerInput {
  @ApiProperty({ description: 'Name of the organisation, household or person.', example: 'Morel & Fils' })
  @trim @IsString() @Length(1, 200)
  name!: string;

  @ApiPropertyOptional({ description: 'Segment it belongs to, as you divide your market.', example: 'bakeries', nullable: true, type: String })
  @IsOptional() @trim @IsString() @Length(1, 100)
  segment?: string | null;

  @ApiPropertyOptional({ description: 'Where it first heard of us. Stays readable in the log for ever, as the segment does: name no person.', example: 'trade-fair', nullable: true, type: String })
  @IsOptional() @trim @IsString() @Length(1, 100)
  origin?: string | null;

  @ApiPropertyOptional({ description: 'Id of the customer who referred it.', example: '7f9c2b7e-5b3a-8c8e-9a51-8d3c2f1e0b6a', nullable: true, type: String })
  @IsOptional() @Matches(ID, idMessage)
  referredBy?: string | null;

  @ApiPropertyOptional({ description: 'Id of the colleague who owns the relationship.', example: 'ada' })
  @Given() @Matches(ID, idMessage)
  owner?: string;

  @ApiPropertyOptional({ description: 'Ids of the colleagues who work with it.', example: ['ada', 'ben'], type: [String] })
  @Given() @IsArray() @ArrayMaxSize(50) @Matches(ID, { each: true, ...idMessage })
  team?: string[];

  @ApiPropertyOptional({ description: 'System it comes from. With sourceId: the same pair again finds and updates the same customer.', example: 'crm' })
  @Given() @trim @IsString() @Length(1, 100)
  source?: string;

  @ApiPropertyOptional({ description: 'Its id in that system; needs source.', example: 'C-1042' })
  @Given() @trim @IsString() @Length(1, 200)
  sourceId?: string;
}

export class ChangeCustomerDto implements Partial<CustomerInput> {
  @ApiPropertyOptional({ description: 'New name.', example: 'Morel & Filles' })
  @Given() @trim @IsString() @Length(1, 200)
  name?: string;

  @ApiPropertyOptional({ description: 'New segment; null takes it away.', example: 'bakeries', nullable: true, type: String })
  @IsOptional() @trim @IsString() @Length(1, 100)
  segment?: string | null;

  @ApiPropertyOptional({ description: 'New origin; null takes it away.', example: 'referral', nullable: true, type: String })
  @IsOptional() @trim @IsString() @Length(1, 100)
  origin?: string | null;

  @ApiPropertyOptional({ description: 'Id of the customer who referred it; null takes it away.', example: '7f9c2b7e-5b3a-8c8e-9a51-8d3c2f1e0b6a', nullable: true, type: String })
  @IsOptional() @Matches(ID, idMessage)
  referredBy?: string | null;

  @ApiPropertyOptional({ description: 'Id of the new owner; recorded as an entry owner-changed.', example: 'ben' })
  @Given() @Matches(ID, idMessage)
  owner?: string;

  @ApiPropertyOptional({ description: 'Ids of the colleagues who work with it; replaces the list.', example: ['ada'], type: [String] })
  @Given() @IsArray() @ArrayMaxSize(50) @Matches(ID, { each: true, ...idMessage })
  team?: string[];
}

export class AddPersonDto {
  @ApiProperty({ description: 'Full name.', example: 'Ines Morel' })
  @trim @IsString() @Length(1, 200)
  name!: string;

  @ApiPropertyOptional({ description: 'E-mail address.', example: 'ines.morel@example.org' })
  @Given() @trim @IsString() @Length(1, 320)
  email?: string;

  @ApiPropertyOptional({ description: 'Phone number.', example: '+49 30 1234567' })
  @Given() @trim @IsString() @Length(1, 40)
  phone?: string;

  @ApiPropertyOptional({ description: 'Roles from the start.', example: ['decider'], enum: ROLES, isArray: true })
  @Given() @IsArray() @IsIn(ROLES, { each: true })
  roles?: string[];
}

export class LogEntriesDto {
  @ApiProperty({
    description: 'One or more entries, recorded together or not at all; the first is the cause of the others. Each is an object with a kind, the common fields and the fields of its kind (GET /api/v1/kinds).',
    example: [{ kind: 'visit', side: 'us', attended: true, summary: 'Looked at the second line' }, { kind: 'need-stated', tag: 'less-downtime' }],
    type: 'array',
    items: { $ref: '#/components/schemas/Entry' },
  })
  @IsArray() @ArrayNotEmpty() @ArrayMaxSize(50)
  entries!: Record<string, unknown>[];
}

export class RetractDto {
  @ApiPropertyOptional({ description: 'Why it is taken back.', example: 'Logged at the wrong customer' })
  @Given() @trim @IsString() @Length(1, 1000)
  reason?: string;

  @ApiPropertyOptional({ description: 'Ids of exactly the entries that fall with it. Leave it out first: the refusal lists all that name it, and says which fall; [] when none does.', example: [ENTRY_ID], type: [String] })
  @Given() @IsArray() @ArrayMaxSize(1000) @Matches(ID, { each: true, ...idMessage })
  including?: string[];
}

export class MoveDto {
  @ApiProperty({ description: 'Id of the customer it belongs to.', example: '7f9c2b7e-5b3a-8c8e-9a51-8d3c2f1e0b6a' })
  @Matches(ID, idMessage)
  to!: string;

  @ApiPropertyOptional({ description: 'Fields that change with the move: people and entries named must be those of the new customer, or null.', example: { people: null }, type: 'object', additionalProperties: true })
  @Given() @IsObject()
  entry?: Record<string, unknown>;

  @ApiPropertyOptional({ description: 'Ids of exactly the entries that fall with it here.', example: [ENTRY_ID], type: [String] })
  @Given() @IsArray() @ArrayMaxSize(1000) @Matches(ID, { each: true, ...idMessage })
  including?: string[];
}

export class SnoozeDto {
  @ApiProperty({ description: 'Until when; ISO 8601, a date means the start of that day. At most a year ahead.', example: '2026-12-15' })
  @IsISO8601()
  until!: string;

  @ApiProperty({ description: 'Why it can wait. Goes with the customer when that is erased, not with a person or an entry: name no person.', example: 'Nobody is there until mid-December' })
  @trim @IsString() @Length(1, 1000)
  reason!: string;

  @ApiPropertyOptional({ description: 'Only this sort of reason for attention; all that stand now when left out.', example: 'ring at risk', enum: REASONS })
  @Given() @IsIn(REASONS)
  only?: string;
}

export class EndSnoozeDto {
  @ApiPropertyOptional({ description: 'Only the snooze that is for this sort of reason alone; all when left out.', example: 'ring at risk', enum: REASONS })
  @Given() @IsIn(REASONS)
  only?: string;
}

export class AddColleagueDto {
  @ApiPropertyOptional({ description: 'Id, chosen by you; given by the server when left out. It stays readable in the log for ever, so prefer a staff number to a name.', example: 'ada' })
  @Given() @Matches(ID, idMessage)
  id?: string;

  @ApiProperty({ description: 'Full name.', example: 'Ada Berg' })
  @trim @IsString() @Length(1, 200)
  name!: string;

  @ApiProperty({ description: 'Department.', example: 'service', enum: DEPARTMENTS })
  @IsIn(DEPARTMENTS)
  department!: string;
}

export class ChangeColleagueDto {
  @ApiPropertyOptional({ description: 'New name.', example: 'Ada Berg' })
  @Given() @trim @IsString() @Length(1, 200)
  name?: string;

  @ApiPropertyOptional({ description: 'New department.', example: 'sales', enum: DEPARTMENTS })
  @Given() @IsIn(DEPARTMENTS)
  department?: string;

  @ApiPropertyOptional({ description: 'Whether the colleague still works here.', example: false })
  @Given() @IsBoolean()
  active?: boolean;
}

/** What every read takes: wait until the views have this position. */
export class AfterDto {
  @ApiPropertyOptional({ description: 'Position that a write answered with: the read waits until it sees that write.', example: '1042' })
  @IsOptional() @IsString() @MaxLength(100)
  after?: string;
}

export class PageDto extends AfterDto {
  @ApiPropertyOptional({ description: 'Cursor `next` of the page before.', example: 'eyJhIjoxfQ' })
  @IsOptional() @IsString() @MaxLength(500)
  cursor?: string;

  @ApiPropertyOptional({ description: 'How many, 1 to 200.', example: 50, default: 50 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200)
  limit?: number;
}

export class TimelineQueryDto extends PageDto {
  @ApiPropertyOptional({ description: 'Kinds, separated by commas.', example: 'call,meeting', type: String })
  @IsOptional() @list @IsArray() @ArrayMaxSize(80) @IsString({ each: true })
  kind?: string[];

  @ApiPropertyOptional({ description: 'Who acted.', example: 'customer', enum: ['customer', 'us'] })
  @IsOptional() @IsIn(['customer', 'us'])
  side?: string;

  @ApiPropertyOptional({ description: 'Department that logged it.', example: 'service', enum: DEPARTMENTS })
  @IsOptional() @IsIn(DEPARTMENTS)
  department?: string;

  @ApiPropertyOptional({ description: 'Channel it came by.', example: 'phone', enum: CHANNELS })
  @IsOptional() @IsIn(CHANNELS)
  channel?: string;

  @ApiPropertyOptional({ description: 'Id of a person who took part.', example: '5b0a7c1e-0d0f-4f5e-8f3e-2a9f6f1f0c21' })
  @IsOptional() @Matches(ID, idMessage)
  person?: string;

  @ApiPropertyOptional({ description: 'Offering it is about.', example: 'service-plan' })
  @IsOptional() @IsString() @MaxLength(100)
  offering?: string;

  @ApiPropertyOptional({ description: 'Happened at or after; ISO 8601.', example: '2026-01-01' })
  @IsOptional() @IsISO8601()
  from?: string;

  @ApiPropertyOptional({ description: 'Happened before; ISO 8601.', example: '2026-07-01' })
  @IsOptional() @IsISO8601()
  to?: string;

  @ApiPropertyOptional({ description: 'Words that its texts contain (beginnings of words).', example: 'deliv' })
  @IsOptional() @IsString() @MinLength(1) @MaxLength(200)
  text?: string;

  @ApiPropertyOptional({ description: 'As we knew it then: ISO 8601 (a date means the end of that day), or a position of the log; not together with text or originals. Default: all that is known now.', example: '2026-07-31' })
  @IsOptional() @IsString() @MinLength(1) @MaxLength(60)
  asKnown?: string;

  @ApiPropertyOptional({ description: 'Also the earlier versions of corrected entries, and retracted entries.', example: false, default: false })
  @IsOptional() @flag @IsBoolean()
  originals?: boolean;
}

export class SearchQueryDto extends AfterDto {
  @ApiProperty({ description: 'Words, or beginnings of words.', example: 'morel deliv' })
  @IsString() @MinLength(1) @MaxLength(200)
  q!: string;

  @ApiPropertyOptional({ description: 'How many of each sort, 1 to 100.', example: 20, default: 20 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100)
  limit?: number;
}

export class SourceQueryDto extends AfterDto {
  @ApiProperty({ description: 'System it comes from.', example: 'crm' })
  @IsString() @Length(1, 100)
  source!: string;

  @ApiProperty({ description: 'Its id in that system.', example: 'C-1042' })
  @IsString() @Length(1, 200)
  sourceId!: string;
}

/** What a write answers with. */
export class WrittenDto {
  @ApiProperty({ description: 'Id of what was written.', example: '7f9c2b7e-5b3a-8c8e-9a51-8d3c2f1e0b6a' })
  id!: string;

  @ApiProperty({ description: 'Ids of the entries written, in the order of the request; empty when nothing had to be.', example: [ENTRY_ID], type: [String] })
  entries!: string[];

  @ApiProperty({ description: 'Last revision of the customer; also the ETag.', example: 7 })
  revision!: number;

  @ApiProperty({ description: 'Place in the log; give it as `after` to read what was written.', example: '1042', nullable: true, type: String })
  position!: string | null;

  @ApiProperty({ description: 'The request had been carried out before; this is its first answer.', example: false })
  repeated!: boolean;
}

