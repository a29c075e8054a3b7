import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Kysely } from 'kysely';
import { toIso } from '../kernel/calendar.js';
import { Executor } from '../shell/executor.js';
import { openFields } from '../vault/codec.js';
import { Vault } from '../vault/vault.js';
import { Views } from '../views/views.js';
import { AfterDto } from './customers.dto.js';
import type { Entry } from './entry.js';
import { CHANGES_STREAM } from './own-entry.js';
import { namesOf, type SearchTables } from './search.view.js';

/** More than anybody marks on a curve; the older ones are left out. */
const MOST = 500;

@ApiTags('log')
@Controller('changes-made')
export class ChangesMadeController {
  constructor(
    private readonly executor: Executor,
    private readonly vault: Vault,
    private readonly views: Views,
  ) {}

  private get db(): Kysely<SearchTables> {
    return this.views.db;
  }

  @Get()
  @ApiOperation({ summary: 'What we changed in how we work (entries change-made), by when it happened: to be read beside the figures. At most the newest 500.' })
  async all(@Query() _after: AfterDto): Promise<object> {
    const events = await this.executor.eventsFrom(CHANGES_STREAM, 0);
    const names = await namesOf(this.db, events.map(({ metadata }) => metadata.actor), 'colleague');
    const items = events.map(({ id, data, metadata: { actor } }) => {
      const { occurredAt, fields: { what, why } } = openFields(data, id, this.vault.keyOf).data as unknown as Entry;
      return { entry: id, occurredAt: toIso(occurredAt), what: what ?? null, why: why ?? null, by: { id: actor, name: names.get(actor) ?? null } };
    });
    return { items: items.sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1)).slice(-MOST) };
  }
}
