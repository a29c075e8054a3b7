import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsBoolean, IsIn, IsString, Length, Matches, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { DEPARTMENTS } from '../customers/catalogue.js';
import { idMessage } from '../customers/customers.dto.js';
import { ID } from '../customers/entry.js';
import { ACCOUNT_ROLES, SCOPES, type AccountRole, type Scope } from './roles.js';

const trim = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));
const Given = (): PropertyDecorator => ValidateIf((_body: object, value: unknown) => value !== undefined);
/** Longer than any password may be; what it must be is said when one is set. */
const MOST = 1024;

export class SignInDto {
  @ApiProperty({ description: 'Id of the colleague.', example: 'ada' })
  @IsString() @Length(1, 64)
  colleague!: string;

  @ApiProperty({ description: 'Password.', example: 'correct horse battery staple', format: 'password' })
  @IsString() @MinLength(1) @MaxLength(MOST)
  password!: string;
}

export class ChangePasswordDto {
  @ApiProperty({ description: 'Password as it was.', example: 'correct horse battery staple', format: 'password' })
  @IsString() @MinLength(1) @MaxLength(MOST)
  old!: string;

  @ApiProperty({ description: 'New password: 8 to 256 characters, 12 or more are better. Any characters; not your name or id, nor one that everybody tries first.', example: 'eleven blue bicycles', format: 'password' })
  @IsString() @MaxLength(MOST)
  password!: string;
}

export class OpenAccountDto {
  @ApiProperty({ description: 'Id of the colleague; the account has the same.', example: 'ben' })
  @Matches(ID, idMessage)
  id!: string;

  @ApiProperty({ description: 'What they may: docs/roles.md.', example: 'account-manager', enum: ACCOUNT_ROLES })
  @IsIn(ACCOUNT_ROLES)
  role!: AccountRole;

  @ApiPropertyOptional({ description: 'Grants a leader people’s e-mail addresses and phone numbers; the other roles have them anyway.', example: false })
  @Given() @IsBoolean()
  contacts?: boolean;
}

export class ChangeAccountDto {
  @ApiPropertyOptional({ description: 'New role; in force at once.', example: 'leader', enum: ACCOUNT_ROLES })
  @Given() @IsIn(ACCOUNT_ROLES)
  role?: AccountRole;

  @ApiPropertyOptional({ description: 'Grants a leader people’s e-mail addresses and phone numbers, or takes that back.', example: true })
  @Given() @IsBoolean()
  contacts?: boolean;

  @ApiPropertyOptional({ description: 'False: all their sessions end, and neither password, link nor key lets them in.', example: false })
  @Given() @IsBoolean()
  enabled?: boolean;
}

export class MakeLinkDto {
  @ApiPropertyOptional({ description: 'Ends all sessions of the account now, and makes its password void: when somebody else may know it.', example: false })
  @Given() @IsBoolean()
  endSessions?: boolean;
}

export class LinkDto {
  @ApiProperty({ description: 'What stands behind the # of the link.', example: 'qL0Zr7a1m3y5b2n8c4v6x9s1d3f5g7h9j0k2l4p6o8i' })
  @IsString() @Length(1, 200)
  token!: string;
}

export class UseLinkDto extends LinkDto {
  @ApiPropertyOptional({ description: 'The password to have from now on: 8 to 256 characters, 12 or more are better. Needed unless the link only signs in.', example: 'correct horse battery staple', format: 'password' })
  @Given() @IsString() @MaxLength(MOST)
  password?: string;

  @ApiPropertyOptional({ description: 'For the first administrator: id of a colleague who is there, or a new one. It stays readable in the log for ever.', example: 'ada' })
  @Given() @Matches(ID, idMessage)
  id?: string;

  @ApiPropertyOptional({ description: 'For the first administrator who is no colleague yet: full name.', example: 'Ada Berg' })
  @Given() @trim @IsString() @Length(1, 200)
  name?: string;

  @ApiPropertyOptional({ description: 'For the first administrator who is no colleague yet: department.', example: 'service', enum: DEPARTMENTS })
  @Given() @IsIn(DEPARTMENTS)
  department?: string;
}

export class MakeKeyDto {
  @ApiProperty({ description: 'What it is for. Stays readable in the log for ever: name no person.', example: 'nightly import' })
  @trim @IsString() @Length(1, 100)
  label!: string;

  @ApiProperty({ description: 'What it may: never more than you may.', example: ['read', 'log'], enum: SCOPES, isArray: true })
  @IsArray() @ArrayNotEmpty() @ArrayMaxSize(SCOPES.length) @IsIn(SCOPES, { each: true })
  scopes!: Scope[];
}
