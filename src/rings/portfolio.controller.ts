import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { searchable } from '../customers/words.js';
import { Seeing, type Sight } from '../shell/caller.js';
import { placeIn } from '../shell/cursor.js';
import { ContractsAheadQueryDto, PortfolioQueryDto } from './portfolio.dto.js';
import { PortfolioReader } from './portfolio.reader.js';

const PAGE = 50;
const AHEAD = 180;

/** Without what was left out. */
const given = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;

@ApiTags('rings')
@Controller()
export class PortfolioController {
  constructor(private readonly reader: PortfolioReader) {}

  @Get('portfolio')
  @ApiOperation({ summary: 'Customers with their rings; by default those that need attention first.' })
  portfolio(@Query() { owner, team, department, segment, text, rings, atRisk, gap, snoozed, sort = 'attention', reverse = false, cursor, limit = PAGE }: PortfolioQueryDto): Promise<object> {
    const words = text === undefined ? undefined : searchable(text, 'text');
    return this.reader.portfolio(given({ owner, team, department, segment, text: words, rings, atRisk, gap, snoozed }), sort, reverse, placeIn(cursor, ['string', 'number']), limit);
  }

  @Get('contracts-ahead')
  @ApiOperation({ summary: 'Contracts with a date ahead (their end, the last day to give notice, or when one that was ended takes its leave) that nothing follows yet, the first date first; with their terms, the decisions they came from and those open, what else the customer looked at, and whether they would choose us again.' })
  contractsAhead(@Query() { owner, team, department, days = AHEAD, cursor, limit = PAGE }: ContractsAheadQueryDto, @Seeing() sight: Sight): Promise<object> {
    return this.reader.contractsAhead(given({ owner, team, department }), days, placeIn(cursor, ['number', 'string']), limit, sight);
  }
}
