/** Trials of rules, as long answers that say how far they have come. */
import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WRITE_HEADERS } from '../customers/customers.controller.js';
import { invalid, Refusal } from '../kernel/refusal.js';
import { checkRules, rulesFrom } from '../rings/check-rules.js';
import { RulesInForce } from '../rings/rules-in-force.js';
import { DraftDto } from '../rings/rules.dto.js';
import { RulesReader } from '../rings/rules.reader.js';
import { answerInLines } from '../shell/progress-lines.js';
import { Seeing, type Sight } from '../shell/caller.js';
import { BackTestQueryDto } from './trials.dto.js';
import { Trials, type Trial } from './trials.reader.js';

const MONTHS = 24;
const SAY_MS = 100;

@ApiTags('rules')
@Controller('rules')
export class TrialsController {
  private running = false;

  constructor(
    private readonly trials: Trials,
    private readonly rules: RulesReader,
    private readonly inForce: RulesInForce,
  ) {}

  @Post('rehearsals')
  @HttpCode(200)
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiOperation({ summary: 'Rehearses a draft of the rules over the whole history: which customers would stand otherwise, and how each figure would shift. Nothing is recorded. Answers NDJSON: how many customers are read, and the result (or a problem) as the last line. One trial at a time; hanging up ends it.' })
  async rehearse(@Body() { rules }: DraftDto, @Seeing() sight: Sight, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const problems = checkRules(rules);
    if (problems.length > 0) throw invalid(problems.map((problem) => ({ ...problem, field: problem.field === 'rules' ? 'rules' : `rules.${problem.field}` })));
    await this.answer(request, reply, (trial) => this.trials.rehearse(rulesFrom(rules), sight.colleagueFigures === true, trial));
  }

  @Get('back-test')
  @ApiOperation({ summary: 'Scores each past month with only what was known at its end: how well “at risk” foresaw losses, by ring. Answers NDJSON: how many customers are read, and the result (or a problem) as the last line. One trial at a time; hanging up ends it.' })
  async backTest(@Query() { months, rules }: BackTestQueryDto, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const by = rules === undefined ? this.inForce.current : await this.rules.named(rules, 'rules');
    await this.answer(request, reply, (trial) => this.trials.backTest(months ?? MONTHS, by, trial));
  }

  private async answer(request: FastifyRequest, reply: FastifyReply, work: (trial: Trial) => Promise<object>): Promise<void> {
    // Each reads and folds everything: twice at once would be slow for everybody.
    if (this.running) throw new Refusal('conflict', 'already-running', 'A rehearsal or back-test is running already; wait for it.');
    this.running = true;
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    await answerInLines(request, reply, 'trial', async (say) => {
      let last = 0;
      const progress = (done: number, of: number): void => {
        if (performance.now() - last < SAY_MS) return;
        last = performance.now();
        say({ done, of: Math.max(done, of) });
      };
      say({ done: 0, of: 0 });
      try {
        return await work({ progress, signal: gone.signal });
      } finally {
        this.running = false;
      }
    });
  }
}
