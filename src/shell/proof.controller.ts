/** The proof of the log, to be kept where whoever may edit the log cannot edit it too. */
import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { KeptHeads } from './kept-heads.js';

@ApiTags('operations')
@Controller('proof')
export class ProofController {
  constructor(private readonly heads: KeptHeads) {}

  @Get()
  @ApiOperation({ summary: 'The head of the log: SHA-256 chained over every event so far. Kept elsewhere, it shows later whether history was edited (verify compares).' })
  async proof(): Promise<object> {
    const { at, events, head, position } = await this.heads.now();
    const last = this.heads.lastKept();
    return { at, events, head, position, lastKept: last === null ? null : { at: last.at, events: last.events, head: last.head } };
  }
}
