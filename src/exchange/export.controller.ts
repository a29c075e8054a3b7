/** Everything can be taken out again: the log as it is, entries and journeys as tables, an event log for process mining, one customer to read. */
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { stringify } from 'csv-stringify/sync';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { AfterDto } from '../customers/customers.dto.js';
import { CustomersReader } from '../customers/customers.reader.js';
import { Organisation } from '../customers/customers.writer.js';
import { namesOf } from '../customers/search.view.js';
import { defused } from '../customers/spreadsheet.js';
import { parseInstant, toIso } from '../kernel/calendar.js';
import type { EventStore } from '../kernel/event-store.js';
import { invalid } from '../kernel/refusal.js';
import { fold } from '../rings/fold.js';
import { RulesInForce } from '../rings/rules-in-force.js';
import { journeyAt, standingOf } from '../rings/standing.js';
import { Seeing, type Sight } from '../shell/caller.js';
import { Deployment } from '../shell/deployment.js';
import { logLines } from '../shell/log-file.js';
import { entryItem, pageEnd, pageHead, type Dates, type PageContent, type PersonThere } from './customer-page.js';
import { EntriesExportDto, XesExportDto } from './export.dto.js';
import { Histories, type History } from './histories.reader.js';
import { ENTRY_COLUMNS, entryRow, SPELL_COLUMNS, spellRows, type Cell } from './tables.js';
import { traceOf, XES_END, xesHead } from './xes.js';

/** Entries of a page that go out together. */
const TOGETHER = 50;

/** With a byte order mark: without it, spreadsheets take the text for another encoding. */
const head = (columns: readonly string[]): string => `\uFEFF${stringify([[...columns]])}`;
const lines = (rows: readonly (readonly Cell[])[]): string => (rows.length === 0 ? '' : stringify(rows.map((row) => row.map(defused))));

@ApiTags('export')
@Controller('export')
export class ExportController {
  constructor(
    @Inject('EventStore') private readonly store: EventStore,
    private readonly histories: Histories,
    private readonly inForce: RulesInForce,
    private readonly organisation: Organisation,
    private readonly deployment: Deployment,
  ) {}

  @Get('log')
  @ApiOperation({ summary: 'The whole log as NDJSON: a first line that says what it is, a line for each event as it is stored (personal fields stay sealed, and no key goes along), and a last line with the number of events and the head of the proof. five-ring load brings it back into an empty store, with the same head.' })
  async log(@Res() reply: FastifyReply): Promise<void> {
    // Before the answer begins, so that a store that does not answer is a plain problem.
    const upTo = await this.store.head();
    await this.send(reply, 'log', 'ndjson', 'application/x-ndjson; charset=utf-8', logLines(this.store, upTo, { at: this.organisation.now(), version: this.deployment.version }));
  }

  @Get('interactions')
  @ApiOperation({ summary: 'Every entry in force at every customer, as CSV: a column for each field that some kind has. Names and texts are in it; e-mail addresses and phone numbers only for whoever may see them.' })
  async interactions(@Query() { from, to }: EntriesExportDto, @Seeing() sight: Sight, @Res() reply: FastifyReply): Promise<void> {
    const [since, until] = [this.instant(from, 'from') ?? -Infinity, this.instant(to, 'to') ?? Infinity];
    await this.send(reply, 'interactions', 'csv', 'text/csv; charset=utf-8', this.entries(since, until, sight));
  }

  @Get('journeys')
  @ApiOperation({ summary: 'Every stretch of time in which a ring was lit at a customer, as CSV, by the rules in force.' })
  async journeys(@Query() _after: AfterDto, @Res() reply: FastifyReply): Promise<void> {
    await this.send(reply, 'journeys', 'csv', 'text/csv; charset=utf-8', this.spells());
  }

  @Get('xes')
  @ApiOperation({ summary: 'An event log in XES (IEEE 1849-2016) for tools of process mining: a trace for each customer, an event for each entry in force. Ids and kinds only, no names of people and no texts.' })
  async xes(@Query() { rings = false }: XesExportDto, @Res() reply: FastifyReply): Promise<void> {
    await this.send(reply, 'interactions', 'xes', 'application/xml; charset=utf-8', this.traces(rings));
  }

  /** The name of the file stands in histories of whoever loads it: it names nobody. */
  private async send(reply: FastifyReply, name: string, extension: string, type: string, pieces: AsyncIterable<string>): Promise<void> {
    const day = toIso(this.organisation.now()).slice(0, 10);
    await reply.status(200).header('content-type', type).header('content-disposition', `attachment; filename="five-ring-${name}-${day}.${extension}"`).send(Readable.from(pieces, { objectMode: true, highWaterMark: 1 }));
  }

  private instant(text: string | undefined, field: string): number | undefined {
    const parsed = text === undefined ? undefined : parseInstant(text, this.organisation.zone);
    if (text !== undefined && parsed === undefined) throw invalid([{ field, code: 'not-a-date', message: 'must be an ISO 8601 date or date-time' }]);
    return parsed;
  }

  private async *entries(from: number, to: number, sight: Sight): AsyncGenerator<string> {
    yield head(ENTRY_COLUMNS);
    for await (const history of this.histories.all()) {
      const entries = history.entries.filter(({ occurredAt }) => occurredAt >= from && occurredAt < to);
      for (let at = 0; at < entries.length; at += TOGETHER) {
        const some = entries.slice(at, at + TOGETHER);
        const names = await this.histories.peopleOn(some);
        yield lines([...this.histories.said(history, some, sight)].map(([entry, said]) => entryRow(history, entry, said, names)));
      }
    }
  }

  private async *spells(): AsyncGenerator<string> {
    yield head(SPELL_COLUMNS);
    const { rules, version } = this.inForce;
    for await (const history of this.histories.all()) {
      const rows = spellRows(history, fold(history.entries, rules, { erased: history.state.erased }), this.inForce.now(), version);
      if (rows.length > 0) yield lines(rows);
    }
  }

  private async *traces(withRings: boolean): AsyncGenerator<string> {
    yield xesHead(this.organisation.now(), this.deployment.version);
    const { rules } = this.inForce;
    for await (const history of this.histories.all()) {
      yield traceOf(history, withRings ? { journey: fold(history.entries, rules, { erased: history.state.erased }), now: this.inForce.now() } : undefined);
    }
    yield XES_END;
  }
}

@ApiTags('export')
@Controller('customers/:id/export')
export class CustomerExportController {
  constructor(
    private readonly histories: Histories,
    private readonly customers: CustomersReader,
    private readonly inForce: RulesInForce,
    private readonly organisation: Organisation,
  ) {}

  @Get()
  @ApiOperation({ summary: 'One customer as a page to read, print and keep: HTML in one file, with its rings, its people and its whole timeline. E-mail addresses and phone numbers only for whoever may see them.' })
  async page(@Param('id') id: string, @Query() _after: AfterDto, @Seeing() sight: Sight, @Res() reply: FastifyReply): Promise<void> {
    const history = await this.histories.one(id);
    const content = await this.contentOf(history, sight);
    const day = toIso(this.organisation.now()).slice(0, 10);
    await reply.status(200).header('content-type', 'text/html; charset=utf-8').header('content-disposition', `attachment; filename="five-ring-customer-${day}.html"`).send(Readable.from(this.pieces(content, sight), { objectMode: true, highWaterMark: 1 }));
  }

  private async contentOf(history: History, sight: Sight): Promise<PageContent> {
    const { rules, version } = this.inForce;
    const now = this.inForce.now();
    const { state, owner, entries } = history;
    const journey = journeyAt(state.interactions.values(), rules, now, { erased: state.erased });
    const ids = entries.flatMap(({ fields, actor }) => [actor, ...Object.values(fields).filter((value) => typeof value === 'string')]);
    const colleagues = await this.histories.colleagues([...ids, ...state.team, ...(owner === null ? [] : [owner])]);
    const others = await namesOf(this.customers.db, [...ids, ...(state.referredBy === null ? [] : [state.referredBy])], 'customer');
    const people = await this.histories.peopleOn(entries);
    return {
      history,
      people: (await this.customers.people(history.id, sight)) as unknown as PersonThere[],
      journey,
      standing: standingOf(journey, rules, now),
      rulesVersion: version,
      names: new Map([...others, ...colleagues, ...people]),
      contacts: sight.contacts,
      dates: this.dates(),
    };
  }

  private dates(): Dates {
    const { zone } = this.organisation;
    const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: zone });
    const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
    return { zone, day: (instant) => day.format(instant), moment: (instant) => moment.format(instant) };
  }

  private async *pieces(content: PageContent, sight: Sight): AsyncGenerator<string> {
    yield pageHead(content);
    const newest = content.history.entries.toReversed();
    for (let at = 0; at < newest.length; at += TOGETHER) {
      const some = newest.slice(at, at + TOGETHER);
      yield [...this.histories.said(content.history, some, sight)].map(([entry, said]) => entryItem(entry, said, content)).join('');
    }
    yield pageEnd(content);
  }
}
