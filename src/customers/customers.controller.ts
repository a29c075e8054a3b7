import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Outcome } from '../shell/executor.js';
import { isLogged } from './customer.js';
import { ByCaller, Seeing, type Caller, type Sight } from '../shell/caller.js';
import { AddPersonDto, AfterDto, ChangeCustomerDto, EndSnoozeDto, LogEntriesDto, MoveDto, RegisterCustomerDto, RetractDto, SearchQueryDto, SnoozeDto, SourceQueryDto, WrittenDto } from './customers.dto.js';
import { CustomersReader } from './customers.reader.js';
import { customerIdOf, CustomersWriter } from './customers.writer.js';
import { searchable } from './words.js';

export const WRITE_HEADERS = [
  { name: 'X-Colleague', description: 'Id of the colleague who acts: the operator says it. With a session or an API key it is whose they are.', required: false, example: 'ada' },
  { name: 'Idempotency-Key', description: 'Any text of yours; the same key again gives the first answer and writes nothing.', required: false, example: '6f1c-2' },
  { name: 'If-Match', description: 'ETag you have seen; refused with 412 when somebody wrote in the meantime.', required: false, example: '"7"' },
];

/** The answer to a write, from what stands in the log: the same for a repeat. */
export function written(id: string, outcome: Outcome, reply: FastifyReply): WrittenDto {
  reply.header('etag', `"${outcome.revision}"`);
  const entries = outcome.written.flat().flatMap((event) => (isLogged(event.type) ? [event.id] : event.type === 'InteractionCorrected' || event.type === 'InteractionRetracted' ? [(event.data as { original: string }).original] : []));
  return { id, entries, revision: outcome.revision, position: outcome.position, repeated: outcome.repeated.some(Boolean) };
}

const Written = ApiResponse({ status: 201, description: 'Recorded; on disk when this answer comes.', type: WrittenDto });
const Problem = ApiResponse({ status: '4XX', description: 'Refused: application/problem+json with a code and the offending fields; nothing was recorded.' });
const WriteHeaders = (): MethodDecorator => (target, key, descriptor) => {
  for (const header of WRITE_HEADERS) ApiHeader(header)(target, key, descriptor);
  Written(target, key, descriptor);
  Problem(target, key, descriptor);
};

@ApiTags('customers')
@Controller('customers')
export class CustomersController {
  constructor(
    private readonly writer: CustomersWriter,
    private readonly reader: CustomersReader,
  ) {}

  @Post()
  @WriteHeaders()
  @ApiOperation({ summary: 'Registers a customer; with source and sourceId, updates the one that is there.' })
  async register(@Body() body: RegisterCustomerDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    const { id, created, outcome } = await this.writer.register(body, caller);
    reply.status(created ? 201 : 200).header('location', `/api/v1/customers/${id}`);
    return written(id, outcome, reply);
  }

  @Get()
  @ApiOperation({ summary: 'Finds the customer that came from a source under an id there.' })
  async bySource(@Query() query: SourceQueryDto): Promise<unknown> {
    return (await this.reader.customer(customerIdOf(query, ''))).body;
  }

  @Get(':id')
  @ApiOperation({ summary: 'A customer: name, segment, origin, owner, team. Rings are under /journey.' })
  async one(@Param('id') id: string, @Query() _after: AfterDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const { body, revision } = await this.reader.customer(id);
    reply.header('etag', `"${revision}"`);
    return body;
  }

  @Patch(':id')
  @WriteHeaders()
  @ApiOperation({ summary: 'Changes details of a customer; a new owner is recorded as an entry.' })
  async change(@Param('id') id: string, @Body() body: ChangeCustomerDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    return written(id, await this.writer.change(id, body, caller), reply);
  }

  @Get(':id/people')
  @ApiOperation({ summary: 'People at the customer, with roles, and when they left.' })
  async people(@Param('id') id: string, @Query() _after: AfterDto, @Seeing() sight: Sight): Promise<unknown> {
    return { items: await this.reader.people(id, sight) };
  }

  @Post(':id/people')
  @WriteHeaders()
  @ApiOperation({ summary: 'Adds a person at the customer.' })
  async addPerson(@Param('id') id: string, @Body() body: AddPersonDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const outcome = await this.writer.log(id, [{ kind: 'person-added', ...body }], caller);
    const added = outcome.written[0]![0]!.data as { fields: { person: string } };
    return { ...written(id, outcome, reply), person: added.fields.person };
  }

  @Post(':id/interactions')
  @WriteHeaders()
  @ApiOperation({ summary: 'Logs one or more entries together. An entry with source and sourceId that is already here is corrected instead, or left alone when nothing differs.' })
  async log(@Param('id') id: string, @Body() body: LogEntriesDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    return written(id, await this.writer.log(id, body.entries, caller), reply);
  }

  @Get(':id/interactions')
  @ApiOperation({ summary: 'Finds the entry that came from a source under an id there.' })
  async entryBySource(@Param('id') id: string, @Query() query: SourceQueryDto, @Seeing() sight: Sight): Promise<unknown> {
    return this.reader.entryBySource(id, query.source, query.sourceId, sight);
  }

  @Get(':id/interactions/:interaction')
  @ApiOperation({ summary: 'One entry with every version of it, oldest first.' })
  entry(@Param('id') id: string, @Param('interaction') interaction: string, @Query() _after: AfterDto, @Seeing() sight: Sight): Promise<unknown> {
    return this.reader.entry(id, interaction, sight);
  }

  @Put(':id/interactions/:interaction')
  @WriteHeaders()
  @ApiOperation({ summary: 'Corrects an entry: the body is its full new content; department, channel and when it happened stay when left out. The original stays in the log. With another kind, the entry is retracted and logged again: the answer has its new id.' })
  async correct(@Param('id') id: string, @Param('interaction') interaction: string, @Body() body: Record<string, unknown>, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    const outcome = await this.writer.correct(id, interaction, body, caller);
    const again = outcome.written.flat().filter(({ type }) => isLogged(type)).map((event) => event.id);
    return { ...written(id, outcome, reply), ...(again.length > 0 && { entries: again }) };
  }

  @Post(':id/interactions/:interaction/retract')
  @HttpCode(200)
  @WriteHeaders()
  @ApiOperation({ summary: 'Takes an entry back, for good, with those that lose their meaning without it; all that name it are listed first.' })
  async retract(@Param('id') id: string, @Param('interaction') interaction: string, @Body() body: RetractDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    return written(id, await this.writer.retract(id, interaction, { ...(body.reason !== undefined && { reason: body.reason }), ...(body.including !== undefined && { including: body.including }) }, caller), reply);
  }

  @Post(':id/interactions/:interaction/move')
  @HttpCode(200)
  @WriteHeaders()
  @ApiOperation({ summary: 'Moves an entry to the customer it belongs to: logged there, retracted here.' })
  async move(@Param('id') id: string, @Param('interaction') interaction: string, @Body() body: MoveDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    const moved = await this.writer.move(id, interaction, body.to, body.entry ?? {}, body.including, caller);
    const answer = written(id, moved.retracted, reply);
    return { ...answer, id: body.to, entries: [moved.interaction] };
  }

  @Post(':id/snooze')
  @HttpCode(200)
  @WriteHeaders()
  @ApiOperation({ summary: 'Leaves a customer out of the attention list until a date. It covers the reasons that stand now: one as grave as these, or graver, that begins later brings the customer back.' })
  async snooze(@Param('id') id: string, @Body() body: SnoozeDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    return written(id, await this.writer.snooze(id, body, caller), reply);
  }

  @Delete(':id/snooze')
  @WriteHeaders()
  @ApiOperation({ summary: 'Ends a snooze before its time: all of the customer, or the one that is only for one sort of reason.' })
  async endSnooze(@Param('id') id: string, @Query() query: EndSnoozeDto, @ByCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    return written(id, await this.writer.endSnooze(id, query.only, caller), reply);
  }
}

@ApiTags('interactions')
@Controller('interactions')
export class InteractionsController {
  constructor(private readonly reader: CustomersReader) {}

  @Get()
  @ApiOperation({ summary: 'Finds the entry that came from a source under an id there, whoever its customer; answers with the customer.' })
  bySource(@Query() query: SourceQueryDto, @Seeing() sight: Sight): Promise<unknown> {
    return this.reader.anywhereBySource(query.source, query.sourceId, sight);
  }
}

@ApiTags('search')
@Controller('search')
export class SearchController {
  constructor(private readonly reader: CustomersReader) {}

  @Get()
  @ApiOperation({ summary: 'Customers and people by name, and entries by their text, across all customers.' })
  search(@Query() query: SearchQueryDto, @Seeing() sight: Sight): Promise<unknown> {
    return this.reader.search(searchable(query.q, 'q'), query.limit ?? 20, sight);
  }
}
