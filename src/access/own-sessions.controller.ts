import { Controller, Delete, Get, HttpCode, Param, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Admitted } from './access.guard.js';
import { OwnSessions } from './own-sessions.writer.js';

@ApiTags('session')
@Controller('sessions')
export class OwnSessionsController {
  constructor(private readonly sessions: OwnSessions) {}

  @Get()
  @ApiOperation({ summary: 'Where you are signed in: your sessions that are good.' })
  async all(@Req() request: Admitted): Promise<object> {
    return { items: await this.sessions.of(request.principal!) };
  }

  @Delete()
  @HttpCode(200)
  @ApiOperation({ summary: 'Signs you out everywhere else: ends your sessions, but the one you ask with.' })
  async others(@Req() request: Admitted): Promise<object> {
    await this.sessions.endOthers(request.principal!);
    return this.all(request);
  }

  @Delete(':session')
  @HttpCode(200)
  @ApiOperation({ summary: 'Signs you out in one place: ends one of your sessions.' })
  async one(@Param('session') session: string, @Req() request: Admitted): Promise<object> {
    await this.sessions.end(request.principal!, session);
    return this.all(request);
  }
}
