import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ByCaller, Seeing, type Caller, type Sight } from '../shell/caller.js';
import { WRITE_HEADERS, written } from '../customers/customers.controller.js';
import { AfterDto, type WrittenDto } from '../customers/customers.dto.js';
import { envelopeOf } from '../customers/customers.writer.js';
import { toIso } from '../kernel/calendar.js';
import { paged, placeIn } from '../shell/cursor.js';
import { Execute } from '../shell/execute.js';
import { derivedId } from '../shell/ids.js';
import { Views } from '../views/views.js';
import { before, periodEnds, startOfPeriod, windowTo } from './ask.js';
import { byKey, keysOf } from './evidence.js';
import type { Figure, Outcome, Window } from './figure.js';
import { EvidenceQueryDto, FigureValueQueryDto, KeepFigureDto, KeptQueryDto, SeriesQueryDto } from './figures.dto.js';
import { FIGURES, figureOf } from './figures.js';
import { FiguresReader, isShown, type Question } from './figures.reader.js';
import { keptFigure, keptStream, type Asked, type Kept } from './kept-figure.js';
import { KeptReader, withoutCurve } from './kept.reader.js';
import { keptIn } from './kept.view.js';
import { Questions, type Asking } from './questions.reader.js';
import { refuseKept, refuseNamed, refuseSmall, togetherNote } from './named-colleagues.js';
import { says, type SaidOutcome } from './says.js';
import { signalOf } from './signal.reader.js';
import type { Read } from './walk.reader.js';

const PAGE = 50;
/** Between a figure of one instant, or of everything so far, and the one before it. */
const COMPARED_DAYS = 30;

const definitionOut = ({ name, title, topic, version, says, formula, source, shape, unit, groups, window, needs }: Figure): object => ({ name, title, topic, version, says, formula, source, shape, unit, groups: groups ?? null, window, needs });
const windowOut = ({ from, to }: Window): object => ({ from: toIso(from), to: toIso(to) });
/** With a sentence that can be shown as it is. */
const outcomeOut = (figure: Figure) => (outcome: Outcome): object => ({ ...outcome, says: says(figure, outcome) });
const withoutCurveOut = (figure: Figure) => (outcome: Outcome | SaidOutcome): object => outcomeOut(figure)(withoutCurve(outcome));
const readOut = ({ customers, events, ms }: Read): object => ({ customers, events, ms: Math.round(ms) });

@ApiTags('figures')
@Controller('figures')
export class FiguresController {
  constructor(
    private readonly reader: FiguresReader,
    private readonly questions: Questions,
    private readonly views: Views,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What figures there are, and what each number means.' })
  definitions(@Query() _after: AfterDto): object {
    return { items: FIGURES.map(definitionOut) };
  }

  @Get(':name')
  @ApiOperation({ summary: 'A figure at any date, as it is known now or as it was known then; beside it the period before.' })
  async value(@Param('name') name: string, @Query() query: FigureValueQueryDto, @Seeing() sight: Sight, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const figure = this.questions.figure(name);
    const asking = await this.questions.asking(query, sight, query.split === 'department' || figure.byDepartment === true);
    const days = figure.window === null ? null : (query.window ?? figure.window);
    const window = windowTo(asking.asOf, days);
    const earlier = before(window, query.window ?? COMPARED_DAYS);
    const { parts, kinds, firstEntry, read } = await this.reader.answer({ ...this.asked(asking, reply), figures: [figure], windows: [[window, earlier]], ...(query.split !== undefined && { split: query.split }) });
    return {
      ...(await this.head(figure, asking, window, kinds, firstEntry)),
      split: query.split ?? null,
      parts: parts.map(({ part, outcomes }) => ({ part, values: outcomes[0]![0]!.map(outcomeOut(figure)), before: outcomes[0]![1]!.map(withoutCurveOut(figure)) })),
      before: windowOut(earlier),
      read: readOut(read),
    };
  }

  @Get(':name/series')
  @ApiOperation({ summary: 'A figure at the end of each day, week, month or quarter; its window ends there. Curves are left out.' })
  async series(@Param('name') name: string, @Query() query: SeriesQueryDto, @Seeing() sight: Sight, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const figure = this.questions.figure(name);
    const asking = await this.questions.asking(query, sight, query.split === 'department' || figure.byDepartment === true);
    const by = query.by ?? 'month';
    const start = startOfPeriod(this.questions.since(query.from, asking.asOf), by, this.questions.zone);
    const ends = periodEnds(start, asking.asOf, by, this.questions.zone);
    const days = figure.window === null ? null : (query.window ?? figure.window);
    const windows = ends.map((end) => windowTo(end, days));
    const { parts, kinds, firstEntry, read } = await this.reader.answer({ ...this.asked(asking, reply), figures: [figure], windows: [windows], ...(query.split !== undefined && { split: query.split }) });
    return {
      ...(await this.head(figure, asking, windowTo(asking.asOf, days), kinds, firstEntry)),
      by,
      split: query.split ?? null,
      points: ends.map(toIso),
      parts: parts.map(({ part, outcomes }) => ({ part, series: outcomes[0]!.map((point) => point.map(withoutCurveOut(figure))) })),
      read: readOut(read),
    };
  }

  @Get(':name/evidence')
  @ApiOperation({ summary: 'The customers above and below the line of a figure, and for each the entries that put it there.' })
  async evidence(@Param('name') name: string, @Query() query: EvidenceQueryDto, @Seeing() sight: Sight, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const figure = this.questions.figure(name);
    const place = placeIn(query.cursor, ['string']);
    const asking = await this.questions.asking(query, sight, figure.byDepartment === true);
    const window = windowTo(asking.asOf, figure.window === null ? null : (query.window ?? figure.window));
    const { marks, digest, read } = await this.reader.evidence({ ...this.asked(asking, reply), figure, window });
    const limit = query.limit ?? PAGE;
    const wanted = keysOf(marks.filter((mark) => (query.side === undefined || (mark.above !== 0) === (query.side === 'above')) && (query.group === undefined || mark.group === query.group))).sort(byKey);
    const rest = place === undefined ? wanted : wanted.filter(({ key }) => key > place[0]!);
    const { page: rows, next } = paged(rest.slice(0, limit + 1), limit, ({ key }) => [key]);
    const page = rows.map(({ mark }) => mark);
    const names = await this.reader.names(page.map(({ customer, subject }) => subject ?? customer));
    const items = page.map(({ customer, subject, group, above, below, days, already, because }) => ({
      customer: { id: subject ?? customer, name: names.get(subject ?? customer) ?? null },
      group: group ?? null,
      above,
      below,
      ...(days !== undefined && { days }),
      ...(already === true && { already }),
      because,
    }));
    return { figure: name, asOf: toIso(asking.asOf), asKnown: asking.upTo, rulesVersion: asking.rules.version, digest, total: wanted.length, items, next, read: readOut(read) };
  }

  private asked({ rules, upTo, filter, offering, together }: Asking, reply: FastifyReply): Omit<Question, 'figures' | 'windows'> {
    return { rules: rules.rules, upTo, zone: this.questions.zone, filter, signal: signalOf(reply), ...(offering !== undefined && { offering }), ...(together !== undefined && { together }) };
  }

  private async head(figure: Figure, { asOf, upTo, rules, filter, offering, together }: Asking, window: Window, kinds: ReadonlySet<string>, firstEntry: number | null): Promise<object> {
    const shown = isShown(figure, kinds);
    const note = firstEntry === null ? 'Nothing was recorded yet.' : asOf <= firstEntry ? `Nothing had happened by then; the first entry is of ${toIso(firstEntry)}.` : shown ? null : `Nothing to show: there is no entry of the kinds ${figure.needs.join(', ')}.`;
    return {
      ...definitionOut(figure),
      asOf: toIso(asOf),
      asKnown: upTo,
      rulesVersion: rules.version,
      period: figure.window === null ? null : windowOut(window),
      filter: { ...filter, ...(offering !== undefined && { offering }) },
      shown,
      note: [note, togetherNote(together)].filter((one) => one !== null).join(' ') || null,
      parked: (await this.views.parked()).length,
    };
  }
}

@ApiTags('figures')
@Controller('kept-figures')
export class KeptFiguresController {
  constructor(
    private readonly reader: FiguresReader,
    private readonly keeper: KeptReader,
    private readonly questions: Questions,
    private readonly views: Views,
    private readonly bus: CommandBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Kept figures, the newest first.' })
  async all(@Query() query: KeptQueryDto): Promise<object> {
    const rows = await keptIn(this.views.db, query.limit ?? PAGE);
    return { items: rows.map(({ id, figure, label, as_of, actor, kept_at }) => ({ id, figure, label, asOf: toIso(as_of), by: actor, keptAt: toIso(kept_at) })) };
  }

  @Post()
  @ApiHeader(WRITE_HEADERS[0]!)
  @ApiHeader(WRITE_HEADERS[1]!)
  @ApiOperation({ summary: 'Keeps a figure as it is: its value and the digest of its evidence. Opening it later says what has changed, and why.' })
  async keep(@Body() body: KeepFigureDto, @ByCaller() caller: Caller, @Seeing() sight: Sight, @Res({ passthrough: true }) reply: FastifyReply): Promise<WrittenDto> {
    const figure = this.questions.figure(body.figure);
    const { asOf, upTo, rules, filter, offering, together } = await this.questions.asking(body, sight, figure.byDepartment === true);
    refuseKept(figure.byDepartment === true, together);
    const window = figure.window === null ? null : (body.window ?? figure.window);
    const question = { figure, window: windowTo(asOf, window), upTo, rules: rules.rules, zone: this.questions.zone, filter, signal: signalOf(reply), ...(offering !== undefined && { offering }) };
    const { outcomes, digest } = await this.reader.settled(question);
    const asked: Asked = { figure: figure.name, definition: figure.version, rulesVersion: rules.version, asOf, asKnown: upTo, window, filter, offering: offering ?? null };
    const id = derivedId('kept', caller.commandId);
    const command = { type: 'KeepFigure' as const, kept: { asked, outcomes: outcomes.map(withoutCurve), digest, label: body.label } };
    const outcome = await this.bus.execute(new Execute(keptFigure, keptStream(id), [{ commandId: caller.commandId, mac: caller.mac, command }], envelopeOf({ ...caller, revision: undefined })));
    return written(id, outcome, reply);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Computes a kept figure again: unchanged, or both values and what changed them (late entry, correction, retraction, new rules, new definition).' })
  async open(@Param('id') id: string, @Query() _after: AfterDto, @Seeing() sight: Sight, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    await this.mayOpen(await this.keeper.kept(id), sight);
    const { kept, unchanged, now, differences, givenAgain } = await this.keeper.open(id, signalOf(reply));
    const { asked, outcomes, digest, label } = kept;
    const figure = this.questions.figure(asked.figure);
    return {
      id,
      label,
      figure: asked.figure,
      asOf: toIso(asked.asOf),
      asKnown: asked.asKnown,
      rulesVersion: asked.rulesVersion,
      definition: asked.definition,
      window: asked.window,
      filter: { ...asked.filter, ...(asked.offering !== null && { offering: asked.offering }) },
      digest,
      unchanged,
      kept: outcomes.map(withoutCurveOut(figure)),
      now: now.map(withoutCurveOut(figure)),
      differences: differences.map(({ recordedAt, ...difference }) => ({ ...difference, ...(recordedAt !== undefined && { recordedAt: toIso(recordedAt) }) })),
      givenAgain,
    };
  }

  /** Keeping a figure makes it no less one about whom it names. */
  private async mayOpen({ asked }: Kept, sight: Sight): Promise<void> {
    refuseNamed(asked.filter, sight);
    const byDepartment = figureOf(asked.figure)?.byDepartment === true;
    if (!byDepartment && asked.filter.department === undefined) return;
    const together = await this.questions.together(sight, asked.asKnown);
    refuseSmall(asked.filter.department, together);
    refuseKept(byDepartment, together);
  }
}
