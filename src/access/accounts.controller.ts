import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { WRITE_HEADERS, written } from '../customers/customers.controller.js';
import { AfterDto, type WrittenDto } from '../customers/customers.dto.js';
import { toIso } from '../kernel/calendar.js';
import { ByCaller, type Caller } from '../shell/caller.js';
import type { Admitted } from './access.guard.js';
import { ChangeAccountDto, MakeKeyDto, MakeLinkDto, OpenAccountDto } from './accounts.dto.js';
import { AccountsReader } from './accounts.reader.js';
import { AccountsWriter, selfOf, type MadeLink } from './accounts.writer.js';

const linkOf = ({ purpose, path, expires }: MadeLink): object => ({ purpose, path, expires: toIso(expires) });

@ApiTags('accounts')
@Controller('accounts')
export class AccountsController {
  constructor(
    private readonly accounts: AccountsWriter,
    private readonly reader: AccountsReader,
  ) {}

  @Get()
  @ApiOperation({ summary: 'All accounts, by id.' })
  async all(@Query() _after: AfterDto): Promise<object> {
    return { items: await this.reader.all() };
  }

  @Post()
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiOperation({ summary: 'Opens an account for a colleague. The answer has a one-time link, good for 7 days and shown once: hand it to them.' })
  async open(@Body() { id, role, contacts = false }: OpenAccountDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const { outcome, link } = await this.accounts.open(id, { role, contacts }, caller);
    return { ...written(id, outcome, reply), link: linkOf(link) };
  }

  @Patch(':id')
  @HttpCode(200)
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiHeader(WRITE_HEADERS[2]!)
  @ApiOperation({ summary: 'Changes what an account may, disables or enables it. The last enabled administrator stays one.' })
  async change(@Param('id') id: string, @Body() body: ChangeAccountDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    return written(id, await this.accounts.change(id, body, caller), reply);
  }

  @Post(':id/link')
  @HttpCode(200)
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiOperation({ summary: 'Makes a one-time link by which the colleague sets a new password, shown once; those made before are void. The password they have stays good until then, unless sessions are to end.' })
  async link(@Param('id') id: string, @Body() { endSessions = false }: MakeLinkDto): Promise<object> {
    return linkOf(await this.accounts.resetLink(id, endSessions));
  }

  @Get(':id/keys')
  @ApiOperation({ summary: 'The API keys of an account, without the keys themselves.' })
  async keys(@Param('id') id: string, @Query() _after: AfterDto): Promise<object> {
    return { items: await this.reader.keysAt(id) };
  }

  @Delete(':id/keys/:key')
  @HttpCode(200)
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiOperation({ summary: 'Revokes an API key of an account; it opens nothing from then on.' })
  async revokeKey(@Param('id') id: string, @Param('key') key: string, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    return written(key, await this.accounts.revokeKey(id, key, caller), reply);
  }
}

@ApiTags('keys')
@Controller('keys')
export class KeysController {
  constructor(
    private readonly accounts: AccountsWriter,
    private readonly reader: AccountsReader,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Your own API keys, without the keys themselves.' })
  async all(@Query() _after: AfterDto, @Req() request: Admitted): Promise<object> {
    // An operator who names nobody has none.
    return { items: request.principal?.colleague === null ? [] : await this.reader.keysOf(selfOf(request.principal).id) };
  }

  @Post()
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiOperation({ summary: 'Makes an API key of your own, shown once. It may what its scopes say, and never more than you.' })
  async make(@Body() body: MakeKeyDto, @ByCaller() caller: Caller, @Req() request: Admitted, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const { id, role } = selfOf(request.principal);
    const { key, token, outcome } = await this.accounts.makeKey(id, role, body, caller);
    return { ...written(key, outcome, reply), token };
  }

  @Delete(':key')
  @HttpCode(200)
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiOperation({ summary: 'Revokes one of your own API keys; it opens nothing from then on.' })
  async revoke(@Param('key') key: string, @ByCaller() caller: Caller, @Req() request: Admitted, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    return written(key, await this.accounts.revokeKey(selfOf(request.principal).id, key, caller), reply);
  }
}
