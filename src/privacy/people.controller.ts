import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { AfterDto } from '../customers/customers.dto.js';
import { Organisation } from '../customers/customers.writer.js';
import { toIso } from '../kernel/calendar.js';
import { ExportQueryDto } from './people.dto.js';
import { PeopleReader } from './people.reader.js';

const TYPES = { json: 'application/json; charset=utf-8', csv: 'text/csv; charset=utf-8' } as const;

@ApiTags('privacy')
@Controller('customers/:id/people/:person')
export class PeopleController {
  constructor(
    private readonly reader: PeopleReader,
    private readonly organisation: Organisation,
  ) {}

  @Get('consents')
  @ApiOperation({ summary: 'What a person agreed to, and whether they object to being contacted: as it stands, and how it came to be.' })
  consents(@Param('id') id: string, @Param('person') person: string, @Query() _after: AfterDto): Promise<object> {
    return this.reader.consents(id, person);
  }

  @Get('export')
  @ApiOperation({ summary: 'All that is held about one person, as a file: details with every earlier version, every entry that names them with all its versions, consents, objections, and what is derived.' })
  async export(@Param('id') id: string, @Param('person') person: string, @Query() { format = 'json' }: ExportQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const pieces = await this.reader.export(id, person, format);
    // The name of the file stands in histories and backups of whoever loads it: it names nobody.
    const day = toIso(this.organisation.now()).slice(0, 10);
    await reply.status(200).header('content-type', TYPES[format]).header('content-disposition', `attachment; filename="person-export-${day}.${format}"`).send(Readable.from(pieces));
  }
}
