import '@fastify/multipart';
import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { ByCaller, type Caller } from '../shell/caller.js';
import { invalid, Refusal } from '../kernel/refusal.js';
import { parseJsonBody } from '../shell/json-body.js';
import { problemOf } from '../shell/problems.filter.js';
import { AfterDto } from '../customers/customers.dto.js';
import { ImportRuns } from './import-runs.writer.js';
import { ImportUndo } from './import-undo.writer.js';
import { beginningOf } from './beginning.js';
import { AUTO, fitted, LAYOUT_NAMES } from './fit.js';
import { Importer } from './importer.js';
import { LAYOUTS } from './layouts.js';
import type { Mapping } from './mapping.js';
import { recognised, whyNot, type Recognised } from './recognition.js';
import { Look } from './scanning.js';

class ImportQueryDto {
  @ApiPropertyOptional({ description: 'Only say what would happen.', example: false, default: false })
  @IsOptional() @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value)) @IsBoolean()
  dryRun?: boolean;

  @ApiPropertyOptional({ description: 'Tell every row that fails, with its text, in a line of its own.', example: false, default: false })
  @IsOptional() @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value)) @IsBoolean()
  badRows?: boolean;

  @ApiPropertyOptional({ description: 'Reads the file with this ready mapping instead of a mapping that is sent; auto: with the one whose columns it has.', example: 'hubspot-calls', enum: [AUTO, ...LAYOUT_NAMES] })
  @IsOptional() @IsIn([AUTO, ...LAYOUT_NAMES])
  layout?: string;
}

class ImportsQueryDto extends AfterDto {
  @ApiPropertyOptional({ description: 'How many at most, 1 to 200.', example: 50, default: 50 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200)
  limit = 50;
}

/** Bytes of a mapping sent as a file; one sent as a field is bounded by the server. */
const MAPPING_LIMIT = 256 * 1024;

const missing = (part: string): Refusal => new Refusal('invalid', 'missing-part', `Send multipart/form-data with the parts mapping and file, in this order; ${part} is missing.`, [{ field: part, code: 'missing', message: 'must be sent' }]);

@ApiTags('import')
@Controller('imports')
export class ImportController {
  constructor(
    private readonly importer: Importer,
    private readonly runs: ImportRuns,
    private readonly undoing: ImportUndo,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The imports, the newest first: when, by whom, what each recorded, and whether it was undone.' })
  async list(@Query() { limit }: ImportsQueryDto): Promise<object> {
    return { items: await this.runs.listed(limit) };
  }

  @Get('layouts')
  @ApiOperation({ summary: 'The ready mappings: files of other products that can be imported without a mapping of your own, and how each is read.' })
  layouts(): object {
    return { items: LAYOUTS.map(({ name, product, what, reads, knownBy, mapping }) => ({ name, product, what, reads, format: mapping.format ?? 'csv', knownBy, mapping })) };
  }

  @Post('recognise')
  @HttpCode(200)
  @ApiConsumes('multipart/form-data')
  @ApiHeader({ name: 'X-Colleague', description: 'Id of the colleague who acts.', required: true, example: 'ada' })
  @ApiBody({ schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary', description: 'CSV with a header row; or JSON.', example: 'Account,Date' } } } })
  @ApiOperation({ summary: 'Says what a file is, without importing it: CSV or JSON, encoding, separator, columns (of JSON: paths), how its dates are written, and a first mapping by the names of the columns.' })
  async recognise(@Req() request: FastifyRequest): Promise<Recognised> {
    if (!request.isMultipart()) throw missingFile();
    try {
      const { file, filename } = await fileOf(request);
      const look = new Look();
      for await (const piece of file as AsyncIterable<Buffer>) look.push(piece);
      const looked = look.end();
      if (typeof looked === 'string') throw new Refusal('invalid', 'not-readable', whyNot(looked), [{ field: 'file', code: looked, message: 'is no CSV or JSON file that can be read' }]);
      return recognised(looked, filename);
    } catch (error) {
      drain(request);
      throw unreadable(error);
    }
  }

  @Post(':id/undo')
  @ApiHeader({ name: 'X-Colleague', description: 'Id of the colleague who acts.', required: true, example: 'ada' })
  @ApiBody({ required: false, schema: { type: 'object', properties: {} } })
  @ApiOperation({ summary: 'Takes back what an import recorded, unless something builds on it: then it says what, and undoes nothing. Answers NDJSON as the import does. Undoing again is harmless, and finishes what broke off.' })
  async undo(@Param('id') id: string, @ByCaller() caller: Caller, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const run = this.undoing.undo(id, caller);
    // What is refused is a plain problem.
    const first = await run.next();
    await reply.status(200).header('content-type', 'application/x-ndjson; charset=utf-8').send(answerOf(first, run, (progress) => ({ progress }), request));
  }

  @Post()
  @ApiConsumes('multipart/form-data')
  @ApiHeader({ name: 'X-Colleague', description: 'Id of the colleague who acts.', required: true, example: 'ada' })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file'],
      properties: {
        mapping: { type: 'string', description: 'The mapping as JSON; must come before the file. Left out when layout says how to read it.', example: '{"customer":{"source":"crm","sourceId":"{Account}"},"entry":{"kind":"call","side":"us","occurredAt":"{Date}"}}' },
        file: { type: 'string', format: 'binary', description: 'CSV with a header row; or JSON.', example: 'Account,Date' },
      },
    },
  })
  @ApiHeader({ name: 'Idempotency-Key', description: 'Names the run: the same key goes on with it after whatever broke it off.', required: false, example: 'crm-2026-10' })
  @ApiOperation({ summary: 'Imports a CSV file, or JSON where the mapping or the layout says so. Answers NDJSON: a line of counts after each 500 rows, a line for each bad row where they are asked for, and the result (or a problem) as the last line.' })
  async import(@Req() request: FastifyRequest, @Query() query: ImportQueryDto, @ByCaller() caller: Caller, @Res() reply: FastifyReply): Promise<void> {
    if (!request.isMultipart()) throw missing('mapping');
    try {
      const { mapping, file, filename } = await partsOf(request, query.layout);
      const run = this.importer.run(file, mapping, { dryRun: query.dryRun ?? false, badRows: query.badRows ?? false, ...(filename !== '' && { file: filename.slice(0, 200) }) }, caller);
      // The first step happens before the answer begins, so that a mapping that does not fit is a plain problem.
      const first = await run.next();
      await reply.status(200).header('content-type', 'application/x-ndjson; charset=utf-8').send(answerOf(first, run, (step) => step, request));
    } catch (error) {
      drain(request);
      throw error;
    }
  }
}

/** Reads what is left of the body: a connection with an unread one serves no further request, and holds up the stop. */
function drain(request: FastifyRequest): void {
  request.raw.unpipe();
  request.raw.resume();
}

/** The answer, line by line. Whoever asked may go away before its end: then the run ends too, and may be begun again. */
function answerOf<Step, Result>(...[first, run, say, request]: Parameters<typeof lines<Step, Result>>): Readable {
  return Readable.from(lines(first, run, say, request)).once('close', () => void run.return(undefined as never).catch(() => undefined));
}

async function* lines<Step, Result>(first: IteratorResult<Step, Result>, run: AsyncGenerator<Step, Result>, say: (step: Step) => object, request: FastifyRequest): AsyncGenerator<string> {
  try {
    for (let step = first; ; step = await run.next()) {
      yield `${JSON.stringify(step.done === true ? { result: step.value } : say(step.value))}\n`;
      if (step.done === true) return;
    }
  } catch (error) {
    // The answer has begun; the problem is its last line.
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error, reqId: request.id }, problem.code);
    yield `${JSON.stringify({ problem: { ...problem, requestId: request.id } })}\n`;
  } finally {
    drain(request);
  }
}

async function partsOf(request: FastifyRequest, layout: string | undefined): Promise<{ mapping: Mapping; file: Readable; filename: string }> {
  let mapping: Mapping | undefined;
  try {
    for await (const part of request.parts()) {
      if (part.fieldname === 'mapping') {
        mapping = part.type === 'field' ? mappingIn(part) : (parseJsonBody(await bytesOf(part.file)) as Mapping);
      } else if (part.type === 'field') {
        continue;
      } else if (part.fieldname === 'file' && layout !== undefined) {
        if (mapping !== undefined) throw invalid([{ field: 'mapping', code: 'not-both', message: 'must be left out when layout says how to read the file' }]);
        return { ...(await withLayout(part.file, layout)), filename: part.filename };
      } else if (part.fieldname === 'file' && mapping !== undefined) {
        return { mapping, file: part.file, filename: part.filename };
      } else {
        // A part that nobody reads would hold up those behind it.
        part.file.resume();
        if (part.fieldname === 'file') throw missing('mapping');
      }
    }
  } catch (error) {
    throw unreadable(error);
  }
  throw missing(mapping === undefined && layout === undefined ? 'mapping' : 'file');
}

/** The mapping that the layout has for the file, and the file as if nothing of it had been read. */
async function withLayout(file: Readable, layout: string): Promise<{ mapping: Mapping; file: Readable }> {
  const { head, whole } = await beginningOf(file);
  const found = fitted(head, layout);
  if (found.problems !== undefined) throw invalid(found.problems);
  return { mapping: found.mapping, file: Readable.from(whole(), { objectMode: false }) };
}

const missingFile = (): Refusal => new Refusal('invalid', 'missing-part', 'Send multipart/form-data with the part file.', [{ field: 'file', code: 'missing', message: 'must be sent' }]);

async function fileOf(request: FastifyRequest): Promise<{ file: Readable; filename: string }> {
  for await (const part of request.parts()) {
    if (part.type === 'field') continue;
    if (part.fieldname === 'file') return { file: part.file, filename: part.filename };
    part.file.resume();
  }
  throw missingFile();
}

const tooLarge = (): Refusal => new Refusal('malformed', 'mapping-too-large', 'The mapping is too large.', [{ field: 'mapping', code: 'mapping-too-large', message: 'is too large' }]);

function mappingIn({ value, valueTruncated }: { readonly value: unknown; readonly valueTruncated: boolean }): Mapping {
  if (valueTruncated) throw tooLarge();
  // A part that says it is JSON comes parsed.
  return parseJsonBody(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value ?? null))) as Mapping;
}

async function bytesOf(file: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of file as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAPPING_LIMIT) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The parser of multipart bodies names some of what it refuses; all else it throws is a body that is none. */
function unreadable(error: unknown): unknown {
  const named = error instanceof Refusal || String((error as { code?: unknown }).code).startsWith('FST_');
  return named ? error : new Refusal('malformed', 'malformed-multipart', `The body is not valid multipart/form-data: ${(error as Error).message}.`);
}
