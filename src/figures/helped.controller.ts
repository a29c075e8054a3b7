/** What came before decisions: yields of our opening moves, and decision by decision what was done and what is said to have helped. */
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Interaction } from '../customers/customer.js';
import { toIso } from '../kernel/calendar.js';
import { Seeing, type Sight } from '../shell/caller.js';
import { paged, placeIn } from '../shell/cursor.js';
import { Views } from '../views/views.js';
import { windowTo } from './ask.js';
import { before } from './checking.js';
import type { Outcome, Window } from './figure.js';
import { FigureQueryDto } from './figures.dto.js';
import { FiguresReader, fits } from './figures.reader.js';
import { factsOf, ownerAt } from './facts.js';
import { adviceOf, BEFORE_DAYS, decisionsIn, FAVOURABLE, HELPED_BY, HELPED_WINDOW, leadTimes, overallYield, yieldFigures, type HelpedDecision } from './helped-figures.js';
import { HelpedDecisionsQueryDto } from './helped.dto.js';
import { togetherNote } from './named-colleagues.js';
import { Questions, type Asking } from './questions.reader.js';
import { says } from './says.js';
import { signalOf } from './signal.reader.js';
import { Turns, Walk, type Read } from './walk.reader.js';

const PAGE = 50;
const CAUTION = 'What came before a decision need not have been its cause.';

const readOut = ({ customers, events, ms }: Read): object => ({ customers, events, ms: Math.round(ms) });
const windowOut = ({ from, to }: Window): object => ({ from: toIso(from), to: toIso(to) });
const tenth = (days: number): number => Math.round(10 * days) / 10;
const entryOut = ({ id, kind, occurredAt, channel, department, fields }: Interaction): object => ({ entry: id, kind, at: toIso(occurredAt), channel: channel ?? null, department: department ?? null, campaign: fields['campaign'] ?? null });

interface Found extends HelpedDecision {
  readonly customer: string;
}

@ApiTags('figures')
@Controller('helped')
export class HelpedController {
  constructor(
    private readonly reader: FiguresReader,
    private readonly walk: Walk,
    private readonly questions: Questions,
    private readonly views: Views,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What to do more of and what to stop: after how many of our opening moves customers decided in our favour, by kind, channel, department and campaign, with interval; and how long it took.' })
  async helped(@Query() query: FigureQueryDto, @Seeing() sight: Sight, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const asking = await this.questions.asking(query, sight, true);
    const window = windowTo(asking.asOf, query.window ?? HELPED_WINDOW);
    const figures = [overallYield, leadTimes, ...HELPED_BY.map((by) => yieldFigures[by])];
    const { rules, upTo, filter, offering, together } = asking;
    const { parts, read } = await this.reader.answer({ figures, windows: figures.map(() => [window]), rules: rules.rules, upTo, zone: this.questions.zone, filter, signal: signalOf(reply), ...(offering !== undefined && { offering }), ...(together !== undefined && { together }) });
    const [all, times, ...groups] = parts[0]!.outcomes.map((outcomes) => outcomes[0]!);
    const overall = all![0]!;
    const out = (outcome: Outcome): object => ({ group: outcome.group, n: outcome.below, followed: outcome.above, value: outcome.value, low: outcome.low ?? null, high: outcome.high ?? null, says: says(overallYield, outcome) });
    return {
      ...(await this.head(asking)),
      period: windowOut(window),
      beforeDays: BEFORE_DAYS,
      overall: out(overall),
      by: HELPED_BY.map((by, index) => ({ by, groups: [...groups[index]!].sort(byYield).map((outcome) => ({ ...out(outcome), advice: adviceOf(outcome, overall) })) })),
      leadTimes: times!.map((outcome) => ({ kind: outcome.group, n: outcome.n, medianDays: outcome.value === null ? null : tenth(outcome.value), says: says(leadTimes, outcome) })),
      caution: CAUTION,
      read: readOut(read),
    };
  }

  @Get('decisions')
  @ApiOperation({ summary: 'Decision by decision, the newest first: our opening moves in the days before, and what is said to have helped, each with how long before.' })
  async decisions(@Query() query: HelpedDecisionsQueryDto, @Seeing() sight: Sight, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const place = placeIn(query.cursor, ['number', 'string']);
    const asking = await this.questions.asking(query, sight, false);
    const window = windowTo(asking.asOf, query.window ?? HELPED_WINDOW);
    const { found, read } = await this.found(asking, window, signalOf(reply));
    const wanted = found.filter(({ entry }) => query.favourable === undefined || FAVOURABLE.includes(entry.kind) === query.favourable);
    wanted.sort((a, b) => b.entry.occurredAt - a.entry.occurredAt || (a.entry.id < b.entry.id ? -1 : 1));
    const rest = place === undefined ? wanted : wanted.filter(({ entry: { occurredAt, id } }) => occurredAt < Number(place[0]) || (occurredAt === place[0] && id > String(place[1])));
    const limit = query.limit ?? PAGE;
    const { page, next } = paged(rest.slice(0, limit + 1), limit, ({ entry: { occurredAt, id } }) => [occurredAt, id]);
    const names = await this.reader.names(page.map(({ customer }) => customer));
    const items = page.map(({ customer, entry, moves, links }) => ({
      customer: { id: customer, name: names.get(customer) ?? null },
      decision: { ...entryOut(entry), outcome: entry.fields['outcome'] ?? null, favourable: FAVOURABLE.includes(entry.kind) },
      moves: moves.map(({ entry: move, days }) => ({ ...entryOut(move), daysBefore: tenth(days) })),
      links: links.map(({ link, helped, days }) => ({ entry: link.id, level: link.fields['level'] ?? null, side: link.side, helped: helped === null ? null : entryOut(helped), daysBefore: days === null ? null : tenth(days) })),
    }));
    const withMove = wanted.filter(({ moves }) => moves.length > 0).length;
    const withLink = wanted.filter(({ links }) => links.length > 0).length;
    return { ...(await this.head(asking)), period: windowOut(window), beforeDays: BEFORE_DAYS, total: wanted.length, withMove, withLink, items, next, caution: CAUTION, read: readOut(read) };
  }

  private async found({ rules, upTo, asOf, filter, offering }: Asking, window: Window, signal: AbortSignal): Promise<{ readonly found: Found[]; readonly read: Read }> {
    const read: Read = { customers: 0, events: 0, ms: 0 };
    const departments = filter.department === undefined ? new Map<string, string>() : await this.walk.departments(upTo);
    const found: Found[] = [];
    const turns = new Turns(signal);
    for await (const state of this.walk.customers(upTo, read, signal)) {
      const facts = factsOf(state, rules.rules, offering);
      const owner = ownerAt(facts, asOf);
      if (fits(facts, owner, owner === null ? null : (departments.get(owner) ?? null), filter)) for (const one of decisionsIn(before(facts, asOf), window)) found.push({ ...one, customer: state.id });
      if (turns.isOver) await turns.next();
    }
    return { found, read };
  }

  private async head({ asOf, upTo, rules, filter, offering, together }: Asking): Promise<object> {
    return { asOf: toIso(asOf), asKnown: upTo, rulesVersion: rules.version, filter: { ...filter, ...(offering !== undefined && { offering }) }, note: togetherNote(together), parked: (await this.views.parked()).length };
  }
}

/** The most fruitful first. */
const byYield = (a: Outcome, b: Outcome): number => (b.value ?? -1) - (a.value ?? -1) || ((a.group ?? '') < (b.group ?? '') ? -1 : 1);
