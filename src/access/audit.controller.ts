import { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { stringify } from 'csv-stringify/sync';
import type { FastifyReply } from 'fastify';
import { defused } from '../customers/spreadsheet.js';
import { parseInstant, toIso } from '../kernel/calendar.js';
import { invalid } from '../kernel/refusal.js';
import { Clocks } from '../shell/clocks.js';
import { paged, placeIn } from '../shell/cursor.js';
import type { AuditFilter, AuditPlace, AuditRow } from './audit.js';
import { AuditQueryDto } from './audit.dto.js';
import { AuditWriter } from './audit.writer.js';

const PAGE = 50;
const CSV_PAGE = 1000;
const HEADERS = ['at', 'action', 'outcome', 'colleague', 'via', 'route', 'target', 'part', 'status', 'address', 'request', 'times', 'until'] as const;

const rowOut = ({ at, action, outcome, colleague, via, route, target, part, status, address, request, times, until }: AuditRow) => ({ at: toIso(at), action, outcome, colleague, via, route, target, part, status, address, request, times, until: until === null ? null : toIso(until) });

@ApiTags('audit')
@Controller('audit')
export class AuditController {
  constructor(
    private readonly audit: AuditWriter,
    private readonly clocks: Clocks,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who did what with people’s data and with rights, the newest first: sign-ins, changes of rights and settings, reads, exports, erasures, and attempts that were not allowed. Reading it is noted too.' })
  async all(@Query() query: AuditQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const filter = this.filterOf(query);
    const place = placeIn(query.cursor, ['number', 'number']) as unknown as AuditPlace | undefined;
    if (query.format === 'csv') {
      // The first page before the head: what cannot be read is refused, and not cut off.
      const first = await this.audit.read(filter, CSV_PAGE, place);
      await reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="audit.csv"').send(Readable.from(this.lines(filter, first)));
      return;
    }
    const limit = query.limit ?? PAGE;
    const { page, next } = paged(await this.audit.read(filter, limit + 1, place), limit, ({ at, id }) => [at, id]);
    await reply.send({ items: page.map(rowOut), next });
  }

  /** A page at a time, so that a long audit neither fills the memory nor stops the others. */
  private async *lines(filter: AuditFilter, first: AuditRow[]): AsyncGenerator<string> {
    yield stringify([[...HEADERS]]);
    for (let rows = first; rows.length > 0; ) {
      yield stringify(rows.map((row) => Object.values(rowOut(row)).map(defused)));
      const { at, id } = rows.at(-1)!;
      rows = rows.length < CSV_PAGE ? [] : await this.audit.read(filter, CSV_PAGE, [at, id]);
    }
  }

  private filterOf({ from, to, colleague, action, target }: AuditQueryDto): AuditFilter {
    const instant = (text: string, field: string): number => {
      const parsed = parseInstant(text, this.clocks.zone);
      if (parsed === undefined) throw invalid([{ field, code: 'not-a-date', message: 'must be an ISO 8601 date or date-time' }]);
      return parsed;
    };
    return {
      ...(from !== undefined && { from: instant(from, 'from') }),
      ...(to !== undefined && { to: instant(to, 'to') }),
      ...(colleague !== undefined && { colleague }),
      ...(action !== undefined && { action }),
      ...(target !== undefined && { target }),
    };
  }
}
