import { Body, Controller, Get, Patch, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { WRITE_HEADERS, written } from '../customers/customers.controller.js';
import { AfterDto, type WrittenDto } from '../customers/customers.dto.js';
import { envelopeOf } from '../customers/customers.writer.js';
import { namesOf } from '../customers/search.view.js';
import { toIso } from '../kernel/calendar.js';
import { ByCaller, type Caller } from '../shell/caller.js';
import { Execute } from '../shell/execute.js';
import { Views } from '../views/views.js';
import { SettingsInForce, type Change } from './settings-in-force.js';
import { ChangeSettingsDto } from './settings.dto.js';
import { SETTING_NAMES, settings, SETTINGS, SETTINGS_STREAM } from './settings.js';

@ApiTags('settings')
@Controller('settings')
export class SettingsController {
  constructor(
    private readonly inForce: SettingsInForce,
    private readonly views: Views,
    private readonly bus: CommandBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The settings in force, and every change there was: what, when, by whom and why.' })
  async all(@Query() { after }: AfterDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    // What the views have reached may have been changed on another node, and is on its way to here.
    if (after !== undefined) await this.inForce.look().catch(() => undefined);
    const { settings: now, changes } = this.inForce;
    const names = await namesOf(this.views.db, changes.map(({ by }) => by), 'colleague');
    const changeOut = ({ at, by, reason }: Change): object => ({ at: toIso(at), by: { id: by, name: names.get(by) ?? null }, reason });
    const last = changes.at(-1);
    if (last !== undefined) reply.header('etag', `"${last.revision}"`);
    return {
      items: SETTING_NAMES.map((name) => {
        const { says, default: standard, least, most, unit } = SETTINGS[name];
        const change = changes.findLast((one) => one.name === name);
        return { name, value: now[name], default: standard, says, unit: unit ?? null, least: least ?? null, most: most ?? null, changed: change === undefined ? null : changeOut(change) };
      }),
      history: changes.toReversed().map((change) => ({ name: change.name, value: change.value, ...changeOut(change) })),
      revision: last?.revision ?? null,
    };
  }

  @Patch()
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiHeader(WRITE_HEADERS[2]!)
  @ApiOperation({ summary: 'Changes settings, all of those named or none; they are in force when this answer comes. What is so already is left alone.' })
  async change(@Body() { values, reason }: ChangeSettingsDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    const command = { type: 'ChangeSettings' as const, values, reason };
    const outcome = await this.bus.execute(new Execute(settings, SETTINGS_STREAM, [{ commandId: caller.commandId, mac: caller.mac, command }], envelopeOf(caller)));
    // It stands in the log: whatever goes wrong from here on is tried again when the event is heard of.
    await this.inForce.look().catch(() => undefined);
    return written(SETTINGS_STREAM, outcome, reply);
  }
}
