import '@fastify/multipart';
import { Controller, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { ByCaller, type Caller } from '../shell/caller.js';
import { Refusal } from '../kernel/refusal.js';
import { parseJsonBody } from '../shell/json-body.js';
import { problemOf } from '../shell/problems.filter.js';
import { Importer, type ImportResult } from './importer.js';
import type { Mapping } from './mapping.js';
import type { ImportCounts } from './recording.js';

class ImportQueryDto {
  @ApiPropertyOptional({ description: 'Only say what would happen.', example: false, default: false })
  @IsOptional() @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value)) @IsBoolean()
  dryRun?: boolean;
}

/** Bytes of a mapping sent as a file; one sent as a field is bounded by the server. */
const MAPPING_LIMIT = 256 * 1024;

const missing = (part: string): Refusal => new Refusal('invalid', 'missing-part', `Send multipart/form-data with the parts mapping and file, in this order; ${part} is missing.`, [{ field: part, code: 'missing', message: 'must be sent' }]);

@ApiTags('import')
@Controller('imports')
export class ImportController {
  constructor(private readonly importer: Importer) {}

  @Post()
  @ApiConsumes('multipart/form-data')
  @ApiHeader({ name: 'X-Colleague', description: 'Id of the colleague who acts.', required: true, example: 'ada' })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['mapping', 'file'],
      properties: {
        mapping: { type: 'string', description: 'The mapping as JSON; must come before the file.', example: '{"customer":{"source":"crm","sourceId":"{Account}"},"entry":{"kind":"call","side":"us","occurredAt":"{Date}"}}' },
        file: { type: 'string', format: 'binary', description: 'CSV in UTF-8, with a header row.', example: 'Account,Date' },
      },
    },
  })
  @ApiOperation({ summary: 'Imports a CSV file. Answers NDJSON: a line of counts after each 2,000 rows, and the result (or a problem) as the last line.' })
  async import(@Req() request: FastifyRequest, @Query() query: ImportQueryDto, @ByCaller() caller: Caller, @Res() reply: FastifyReply): Promise<void> {
    if (!request.isMultipart()) throw missing('mapping');
    try {
      const { mapping, file } = await partsOf(request);
      const run = this.importer.run(file, mapping, query.dryRun ?? false, caller);
      // The first step happens before the answer begins, so that a mapping that does not fit is a plain problem.
      const first = await run.next();
      await reply.status(200).header('content-type', 'application/x-ndjson; charset=utf-8').send(Readable.from(lines(first, run, request)));
    } catch (error) {
      drain(request);
      throw error;
    }
  }
}

type Step = IteratorResult<ImportCounts, ImportResult>;

/** Reads what is left of the body: a connection with an unread one serves no further request, and holds up the stop. */
function drain(request: FastifyRequest): void {
  request.raw.unpipe();
  request.raw.resume();
}

async function* lines(first: Step, run: AsyncGenerator<ImportCounts, ImportResult>, request: FastifyRequest): AsyncGenerator<string> {
  try {
    for (let step = first; ; step = await run.next()) {
      yield `${JSON.stringify(step.done === true ? { result: step.value } : { progress: step.value })}\n`;
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

async function partsOf(request: FastifyRequest): Promise<{ mapping: Mapping; file: Readable }> {
  let mapping: Mapping | undefined;
  try {
    for await (const part of request.parts()) {
      if (part.fieldname === 'mapping') {
        mapping = part.type === 'field' ? mappingIn(part) : (parseJsonBody(await bytesOf(part.file)) as Mapping);
      } else if (part.type === 'field') {
        continue;
      } else if (part.fieldname === 'file' && mapping !== undefined) {
        return { mapping, file: part.file };
      } else {
        // A part that nobody reads would hold up those behind it.
        part.file.resume();
        if (part.fieldname === 'file') throw missing('mapping');
      }
    }
  } catch (error) {
    throw unreadable(error);
  }
  throw missing(mapping === undefined ? 'mapping' : 'file');
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
