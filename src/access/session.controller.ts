import { Body, Controller, Delete, Get, HttpCode, Post, Put, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { WRITE_HEADERS, written } from '../customers/customers.controller.js';
import type { WrittenDto } from '../customers/customers.dto.js';
import { ByCaller, headerOf, type Caller } from '../shell/caller.js';
import type { Admitted } from './access.guard.js';
import { ChangePasswordDto, LinkDto, SignInDto, UseLinkDto } from './accounts.dto.js';
import { AccountsReader } from './accounts.reader.js';
import { AccountsWriter, selfOf } from './accounts.writer.js';
import { refuseForeign } from './origin.js';
import { Principals } from './principals.reader.js';
import { Sessions } from './sessions.writer.js';

@ApiTags('session')
@Controller('session')
export class SessionController {
  constructor(
    private readonly accounts: AccountsWriter,
    private readonly reader: AccountsReader,
    private readonly principals: Principals,
    private readonly sessions: Sessions,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who is asking, and how one may sign in. Also for nobody.' })
  async who(@Req() request: Admitted): Promise<object> {
    return this.reader.whoIs(await this.principals.of(request));
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Signs in with id and password: sets the session’s cookie. After some failures one has to wait: 429 with Retry-After. Needs HTTPS, but from this machine.' })
  async begin(@Body() { colleague, password }: SignInDto, @Req() request: Admitted, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    await this.accounts.signIn(colleague, password, request, reply);
    return this.reader.whoIs(request.principal);
  }

  @Delete()
  @HttpCode(200)
  @ApiOperation({ summary: 'Signs out: ends the session of the cookie, and takes the cookie away. Also when there is none.' })
  async end(@Req() request: Admitted, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    if (headerOf(request, 'cookie') !== undefined) refuseForeign(request, true);
    await this.sessions.end(request, reply);
    return this.reader.whoIs(undefined);
  }

  @Put('password')
  @HttpCode(200)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiOperation({ summary: 'Changes your own password. All your sessions end; the answer’s cookie is a new one.' })
  async password(@Body() body: ChangePasswordDto, @ByCaller() caller: Caller, @Req() request: Admitted, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    const { id } = selfOf(request.principal);
    return written(id, await this.accounts.changePassword(id, body, caller, request, reply), reply);
  }
}

@ApiTags('session')
@Controller('links')
export class LinksController {
  constructor(
    private readonly accounts: AccountsWriter,
    private readonly reader: AccountsReader,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'What a one-time link is for, and for whom. It stays good.' })
  async look(@Body() { token }: LinkDto, @Req() request: Admitted): Promise<object> {
    return this.reader.linkSays(await this.accounts.look(token, request));
  }

  @Post('use')
  @HttpCode(200)
  @ApiOperation({ summary: 'Uses a one-time link: sets the password, signs in, and makes the link void. The first administrator says who they are as well.' })
  async use(@Body() body: UseLinkDto, @Req() request: Admitted, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    await this.accounts.use(body, request, reply);
    return this.reader.whoIs(request.principal);
  }
}
