import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { WRITE_HEADERS } from '../customers/customers.controller.js';
import { invalid } from '../kernel/refusal.js';
import { ByCaller, type Caller } from '../shell/caller.js';
import { paged, placeIn } from '../shell/cursor.js';
import { EraseCustomerDto, EraseDto, ErasuresQueryDto } from './erasures.dto.js';
import { receiptOut, type Receipt } from './erasure-receipt.js';
import { Erasures } from './erasures.writer.js';

/** So long an answer waits for the views' files to be free of what was erased; it says whether they are. */
const WAIT_MS = 5000;

const WriteHeaders = (): MethodDecorator => (target, key, descriptor) => {
  for (const header of WRITE_HEADERS) ApiHeader(header)(target, key, descriptor);
};

@ApiTags('privacy')
@Controller()
export class ErasuresController {
  constructor(private readonly erasures: Erasures) {}

  @Post('customers/:id/people/:person/erase')
  @HttpCode(200)
  @WriteHeaders()
  @ApiOperation({ summary: 'Erases a person for ever: their key is destroyed, so that nothing sealed with it can be read again; facts stay. Answers with a receipt; asked again, with the same.' })
  async person(@Param('id') id: string, @Param('person') person: string, @Body() { reason }: EraseDto, @ByCaller() caller: Caller): Promise<object> {
    return this.answered(await this.erasures.erasePerson(id, person, { because: reason }, caller));
  }

  @Post('customers/:id/erase')
  @HttpCode(200)
  @WriteHeaders()
  @ApiOperation({ summary: 'Erases a customer with all its people for ever; facts stay. Answers with a receipt; asked again, with the same.' })
  async customer(@Param('id') id: string, @Body() { reason, confirm }: EraseCustomerDto, @ByCaller() caller: Caller): Promise<object> {
    if (confirm !== id) throw invalid([{ field: 'confirm', code: 'not-confirmed', message: 'must repeat the id of the customer' }]);
    return this.answered(await this.erasures.eraseCustomer(id, { because: reason }, caller));
  }

  @Post('customers/:id/interactions/:interaction/erase-text')
  @HttpCode(200)
  @WriteHeaders()
  @ApiOperation({ summary: 'Erases the text of one entry for ever, in all its versions: a password that got into a note; or why a customer was snoozed, by the id of the snooze. The entry or snooze, its date and all figures stay.' })
  async text(@Param('id') id: string, @Param('interaction') interaction: string, @Body() { reason }: EraseDto, @ByCaller() caller: Caller): Promise<object> {
    return this.answered(await this.erasures.eraseText(id, interaction, { because: reason }, caller));
  }

  @Post('colleagues/:id/erase')
  @HttpCode(200)
  @WriteHeaders()
  @ApiOperation({ summary: 'Erases the name of a colleague who has left; what they logged stays, under their id.' })
  async colleague(@Param('id') id: string, @Body() { reason }: EraseDto, @ByCaller() caller: Caller): Promise<object> {
    return this.answered(await this.erasures.eraseColleague(id, { because: reason }, caller));
  }

  @Get('erasures')
  @ApiOperation({ summary: 'Receipts of all erasures, the newest first.' })
  async all(@Query() { limit = 100, cursor }: ErasuresQueryDto): Promise<object> {
    const place = placeIn(cursor, ['number', 'string']);
    const { page, next } = paged(await this.erasures.receipts(limit + 1, place === undefined ? undefined : { at: place[0] as number, id: place[1] as string }), limit, ({ at, id }) => [at, id]);
    return { items: page.map(receiptOut), next };
  }

  private async answered(receipt: Receipt): Promise<object> {
    await this.erasures.cleanedWithin(WAIT_MS);
    return receiptOut({ ...receipt, cleaned: this.erasures.isCleaned(receipt.id) });
  }
}
