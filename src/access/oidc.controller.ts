import { Body, Controller, Delete, Get, HttpCode, Param, Put, Req, Res } from '@nestjs/common';
import { ApiExcludeController, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WRITE_HEADERS, written } from '../customers/customers.controller.js';
import type { WrittenDto } from '../customers/customers.dto.js';
import { Refusal } from '../kernel/refusal.js';
import { ByCaller, headerOf, type Caller } from '../shell/caller.js';
import { problemOf } from '../shell/problems.filter.js';
import { ErrandCookie } from './errand-cookie.writer.js';
import { Identities } from './identities.writer.js';
import { LinkIdentityDto } from './oidc.dto.js';
import { OpenIdProvider } from './oidc.reader.js';
import { refuseInsecure } from './origin.js';
import { Sessions } from './sessions.writer.js';

const CALLBACK = '/api/v1/oidc/callback';

/** Where the provider sends the browser back to: the address by which it came. @throws Refusal. */
function redirectOf({ protocol, host }: FastifyRequest): string {
  if (!URL.canParse(`${protocol}://${host}`)) throw new Refusal('malformed', 'foreign-host', 'This is no host.', [{ field: 'Host', code: 'foreign-host', message: 'must be a host name' }]);
  return `${new URL(`${protocol}://${host}`).origin}${CALLBACK}`;
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** A browser that was sent here has a reader before it. Programs get the problem. */
function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (!(error instanceof Refusal) || !(headerOf(request, 'accept') ?? '').includes('text/html')) throw error;
  const { status, title, detail } = problemOf(error);
  if (status >= 500) request.log.error({ err: error.cause ?? error, reqId: request.id }, error.code);
  void reply.status(status).header('content-type', 'text/html; charset=utf-8').send(`<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(title)} – Five-Ring</title><h1>${escaped(title)}</h1><p>${escaped(detail)}</p><p><a href="/">Back to Five-Ring</a></p></html>`);
}

/** Pages that a browser is led through, and no operations of the API. */
@ApiExcludeController()
@Controller('oidc')
export class OidcController {
  constructor(
    private readonly provider: OpenIdProvider,
    private readonly cookie: ErrandCookie,
    private readonly identities: Identities,
    private readonly sessions: Sessions,
  ) {}

  /** Begins signing in: sends the browser to the provider, with a cookie that is good for ten minutes. */
  @Get('start')
  async start(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    try {
      refuseInsecure(request);
      const { url, errand } = await this.provider.begin(redirectOf(request));
      await reply.header('set-cookie', this.cookie.set(errand)).redirect(url, 303);
    } catch (error) {
      refuse(error, request, reply);
    }
  }

  /** The provider sends the browser back to here. Signs in whose account is linked to whom it vouches for, and leads to the front door. */
  @Get('callback')
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // Whatever comes of it, it comes once.
    reply.header('set-cookie', this.cookie.none());
    try {
      refuseInsecure(request);
      const errand = await this.cookie.take(headerOf(request, 'cookie'));
      const vouched = await this.provider.finish(request.url.split('?')[1] ?? '', errand);
      await this.sessions.begin(await this.identities.admit(vouched), request, reply);
      await reply.redirect('/', 303);
    } catch (error) {
      refuse(error, request, reply);
    }
  }
}

@ApiTags('accounts')
@Controller('accounts')
export class IdentitiesController {
  constructor(private readonly identities: Identities) {}

  @Put(':id/identity')
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiHeader(WRITE_HEADERS[2]!)
  @ApiOperation({ summary: 'Links an account to whom the OpenID provider calls so; takes the place of the link before. Only a keyed hash of it is kept.' })
  async link(@Param('id') id: string, @Body() { identity }: LinkIdentityDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    return written(id, await this.identities.link(id, identity, caller), reply);
  }

  @Delete(':id/identity')
  @HttpCode(200)
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiHeader(WRITE_HEADERS[2]!)
  @ApiOperation({ summary: 'Takes the link to an OpenID identity away, and ends the account’s sessions.' })
  async unlink(@Param('id') id: string, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    return written(id, await this.identities.unlink(id, caller), reply);
  }
}
