/** Over HTTP: the six detectors, the checks, what they found, and what of ours they read: campaigns, enablements, tags. */
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { SETTINGS, type Settings } from '../access/settings.js';
import { AfterDto } from '../customers/customers.dto.js';
import { windowTo } from '../figures/ask.js';
import { answerOf, together, type Finding, type Verdict } from '../figures/checking.js';
import { CHECKS, type LedCheck } from '../figures/checks.js';
import { hashOf } from '../figures/evidence.js';
import type { Window } from '../figures/figure.js';
import { togetherNote } from '../figures/named-colleagues.js';
import { Questions, type Asking } from '../figures/questions.reader.js';
import { signalOf } from '../figures/signal.reader.js';
import type { Read } from '../figures/walk.reader.js';
import { toIso } from '../kernel/calendar.js';
import { Refusal } from '../kernel/refusal.js';
import { Seeing, type Sight } from '../shell/caller.js';
import { paged, placeIn } from '../shell/cursor.js';
import { Views } from '../views/views.js';
import { AlignmentQueryDto, CustomerChecksQueryDto, DetectorFindingsQueryDto, FindingsQueryDto } from './alignment.dto.js';
import { AlignmentReader, type AnyCheck, type Looking, type OwnedFinding } from './alignment.reader.js';
import { DETECTORS, type Detector } from './detectors.js';

const PAGE = 50;
const ORDER = { off: 0, unknown: 1, fits: 2 } as const;

const windowOut = ({ from, to }: Window): object => ({ from: toIso(from), to: toIso(to) });
const readOut = ({ customers, events, ms }: Read): object => ({ customers, events, ms: Math.round(ms) });
const thresholdsOut = (names: readonly (keyof Settings)[], thresholds: Settings): object[] => names.map((name) => ({ setting: name, value: thresholds[name], unit: SETTINGS[name].unit ?? null, says: SETTINGS[name].says }));
const findingOut = ({ found, group, missing, says, because, own = [] }: Finding): object => ({ found, group: group ?? null, missing: missing ?? null, says: says ?? null, because, own });
const checkOut = ({ name, title, says, fires, counts, groups }: AnyCheck): object => ({ name, title, says, fires, counts, groups: groups ?? null });
const verdictOut = ({ answer, n, off, missing, says, groups }: Verdict): object => ({ answer, n, off, missing, value: says, parts: groups.map(({ says: value, ...group }) => ({ ...group, value })) });

@ApiTags('alignment')
@Controller()
export class AlignmentController {
  constructor(
    private readonly reader: AlignmentReader,
    private readonly questions: Questions,
    private readonly views: Views,
  ) {}

  @Get('alignment')
  @ApiOperation({ summary: 'The six misalignments: each fires, is clean, or cannot tell; with the numbers and what is missing. At any date, as it is known now or as it was known then.' })
  async detectors(@Query() query: AlignmentQueryDto, @Seeing() sight: Sight, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const { looking, thresholds, window } = await this.aligning(query, sight, reply);
    const checks = DETECTORS.flatMap((detector) => detector.checks);
    const { verdicts, read } = await this.reader.verdicts(checks, looking);
    const items = DETECTORS.map(({ number, name, title, says, settings, checks: own }) => {
      const found = own.map((check) => ({ check, verdict: verdicts[checks.indexOf(check)]! }));
      return { number, name, title, says, answer: together(found.map(({ verdict }) => verdict.answer)), thresholds: thresholdsOut(settings, thresholds), checks: found.map(({ check, verdict }) => ({ ...checkOut(check), ...verdictOut(verdict) })) };
    });
    return { ...(await this.head(looking.asking)), period: windowOut(window), items, read: readOut(read) };
  }

  @Get('alignment/:detector/evidence')
  @ApiOperation({ summary: 'What a detector found, customer by customer, with the entries: first what is off, then what cannot be told and why, then what fits.' })
  async detectorEvidence(@Param('detector') name: string, @Query() query: DetectorFindingsQueryDto, @Seeing() sight: Sight, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const detector = detectorOf(name);
    const checks = query.check === undefined ? detector.checks : detector.checks.filter((check) => check.name === query.check);
    if (checks.length === 0) throw new Refusal('missing', 'unknown-check', `${detector.name} has no check ${JSON.stringify(query.check)}; there are ${detector.checks.map((check) => check.name).join(', ')}.`);
    const { looking } = await this.aligning(query, sight, reply);
    return this.evidence(checks, looking, query);
  }

  @Get('checks')
  @ApiOperation({ summary: 'How relationships are led, check by check: want and need, mutual benefit, who decides, what comes next, how we go about it. Each fires, is clean, or cannot tell.' })
  async checks(@Query() query: AlignmentQueryDto, @Seeing() sight: Sight, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const looking = await this.checking(query, sight, reply);
    const { verdicts, read } = await this.reader.verdicts(CHECKS, looking);
    const items = CHECKS.map((check, index) => ({ ...checkOut(check), period: check.window === null ? null : windowOut(looking.windowOf(check)), ...verdictOut(verdicts[index]!) }));
    return { ...(await this.head(looking.asking)), items, read: readOut(read) };
  }

  @Get('checks/:check/evidence')
  @ApiOperation({ summary: 'What a check found, customer by customer, with the entries: first what is off, then what cannot be told and why, then what fits.' })
  async checkEvidence(@Param('check') name: string, @Query() query: FindingsQueryDto, @Seeing() sight: Sight, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const check = CHECKS.find((one) => one.name === name);
    if (check === undefined) throw new Refusal('missing', 'unknown-check', `There is no check ${JSON.stringify(name)}; there are ${CHECKS.map((one) => one.name).join(', ')}.`);
    return this.evidence([check], await this.checking(query, sight, reply), query);
  }

  @Get('customers/:id/checks')
  @ApiOperation({ summary: 'All checks and detectors at one customer: what is off, what fits, what cannot be told and why, each with its entries.' })
  async atCustomer(@Param('id') id: string, @Query() { asOf, asKnown }: CustomerChecksQueryDto, @Seeing() sight: Sight): Promise<object> {
    const asking = await this.questions.asking({ ...(asOf !== undefined && { asOf }), ...(asKnown !== undefined && { asKnown }) }, sight, false);
    const thresholds = await this.reader.thresholds(asking.upTo);
    const grounds = await this.reader.grounds(asking, this.questions.zone, thresholds);
    const all = [...CHECKS.map((check) => ({ detector: null, check: check, days: check.window })), ...DETECTORS.flatMap(({ name, checks }) => checks.map((check) => ({ detector: name, check, days: thresholds.alignmentDays })))];
    const days = new Map(all.map((one) => [one.check, one.days]));
    const found = await this.reader.findingsAt(id, all.map(({ check }) => check), { asking, grounds, windowOf: (check) => windowTo(asking.asOf, days.get(check) ?? null) });
    if (found === undefined) throw new Refusal('missing', 'unknown-customer', 'There is no such customer.');
    const items = all.map(({ detector, check }, index) => ({ ...checkOut(check), detector, answer: answerOf(found[index]!), findings: found[index]!.map(findingOut) }));
    return { customer: id, asOf: toIso(asking.asOf), asKnown: asking.upTo, rulesVersion: asking.rules.version, items };
  }

  private async aligning(query: AlignmentQueryDto, sight: Sight, reply: FastifyReply): Promise<{ readonly looking: Looking; readonly thresholds: Settings; readonly window: Window }> {
    const asking = await this.questions.asking(query, sight, true);
    const thresholds = await this.reader.thresholds(asking.upTo);
    const window = windowTo(asking.asOf, query.window ?? thresholds.alignmentDays);
    return { looking: { asking, windowOf: () => window, grounds: await this.reader.grounds(asking, this.questions.zone, thresholds), signal: signalOf(reply) }, thresholds, window };
  }

  private async checking(query: AlignmentQueryDto, sight: Sight, reply: FastifyReply): Promise<Looking> {
    const asking = await this.questions.asking(query, sight, true);
    const grounds = await this.reader.grounds(asking, this.questions.zone, await this.reader.thresholds(asking.upTo));
    return { asking, grounds, signal: signalOf(reply), windowOf: (check) => windowTo(asking.asOf, (check as LedCheck).window === null ? null : (query.window ?? (check as LedCheck).window)) };
  }

  private async evidence(checks: readonly AnyCheck[], looking: Looking, { group, found, cursor, limit = PAGE }: FindingsQueryDto): Promise<object> {
    const place = placeIn(cursor, ['string']);
    const { findings, read } = await this.reader.findings(checks, looking);
    const wanted = keyed(findings.filter((one) => (group === undefined || one.group === group) && (found === undefined || one.found === found)));
    const rest = place === undefined ? wanted : wanted.filter(({ key }) => key > place[0]!);
    const { page, next } = paged(rest.slice(0, limit + 1), limit, ({ key }) => [key]);
    const names = await this.reader.names(page.map(({ finding }) => finding.customer));
    const items = page.map(({ finding }) => ({ customer: { id: finding.customer, name: names.get(finding.customer) ?? null }, check: finding.check, ...findingOut(finding) }));
    return { ...(await this.head(looking.asking)), total: wanted.length, items, next, read: readOut(read) };
  }

  private async head({ asOf, upTo, rules, filter, offering, together: shown }: Asking): Promise<object> {
    return { asOf: toIso(asOf), asKnown: upTo, rulesVersion: rules.version, filter: { ...filter, ...(offering !== undefined && { offering }) }, note: togetherNote(shown), parked: (await this.views.parked()).length };
  }
}

function detectorOf(name: string): Detector {
  const detector = DETECTORS.find((one) => one.name === name);
  if (detector === undefined) throw new Refusal('missing', 'unknown-detector', `There is no detector ${JSON.stringify(name)}; there are ${DETECTORS.map((one) => one.name).join(', ')}.`);
  return detector;
}

/** In an order of their own, whatever the order of the walk, so that pages neither skip nor repeat. */
function keyed(findings: readonly OwnedFinding[]): { readonly key: string; readonly finding: OwnedFinding }[] {
  const seen = new Map<string, number>();
  const told = findings.map((finding) => ({ finding, text: JSON.stringify([finding.check, finding.group ?? '', finding.missing ?? '', finding.says ?? '', [...finding.because].sort()]) }));
  told.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  const keys = told.map(({ finding, text }) => {
    const base = `${ORDER[finding.found]} ${finding.customer} ${hashOf(text)}`;
    const number = seen.get(base) ?? 0;
    seen.set(base, number + 1);
    return { key: `${base} ${String(number).padStart(6, '0')}`, finding };
  });
  return keys.sort((a, b) => (a.key < b.key ? -1 : 1));
}

@ApiTags('alignment')
@Controller()
export class CampaignsController {
  constructor(private readonly reader: AlignmentReader) {}

  @Get('campaigns')
  @ApiOperation({ summary: 'Campaigns launched, the newest first: what they claim, the needs they speak to, what they offer and ask, and for whom. Launched again under the same key, the last counts.' })
  async campaigns(@Query() _after: AfterDto): Promise<object> {
    return { items: await this.reader.campaigns() };
  }

  @Get('enablements')
  @ApiOperation({ summary: 'Who of us was trained for which offering, the newest first.' })
  async enablements(@Query() _after: AfterDto): Promise<object> {
    return { items: await this.reader.enablements() };
  }

  @Get('tags')
  @ApiOperation({ summary: 'Keys in use, for those who choose one: claims, needs of campaigns and needs stated by customers, offerings, calls to action; each with how often.' })
  async tags(@Query() _after: AfterDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return this.reader.tags(signalOf(reply));
  }
}
