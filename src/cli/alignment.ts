/** `alignment`, `checks`, `helped`, `contracts` and `campaign`: verdicts with what they rest on. */
import type { Query } from './connection.js';
import { csv } from './csv.js';
import { called, findCustomer, type Named } from './customers.js';
import { wrongUsage, type Answer } from './failure.js';
import { count, money, plain, styled, table } from './screen.js';
import type { Session } from './session.js';

interface NarrowFlags {
  readonly asOf?: string;
  readonly asKnown?: string;
  readonly window?: number;
  readonly segment?: string;
  readonly owner?: string;
  readonly department?: string;
  readonly limit: number;
  readonly csv?: boolean;
}

export interface CheckFlags extends NarrowFlags {
  readonly check?: string;
  readonly found?: string;
  readonly customer?: string;
}

export interface HelpedFlags extends NarrowFlags {
  readonly decisions?: boolean;
}

export interface ContractFlags {
  readonly owner?: string;
  readonly days: number;
  readonly csv?: boolean;
  readonly ics?: boolean;
}

interface Missing {
  readonly what: string;
  readonly records: number;
}

interface Verdict {
  readonly name: string;
  readonly title: string;
  readonly answer: string;
  readonly n: number;
  readonly off: number;
  readonly value: string;
  readonly missing: readonly Missing[];
  readonly parts: readonly { readonly group: string; readonly answer: string; readonly n: number; readonly off: number; readonly value: string }[];
}

interface Head {
  readonly asOf: string;
  readonly asKnown: string | null;
  readonly note: string | null;
}

interface Finding {
  readonly found: string;
  readonly group: string | null;
  readonly missing: string | null;
  readonly says: string | null;
  readonly because: readonly string[];
}

interface Outcome {
  readonly group: string | null;
  readonly n: number;
  readonly followed: number;
  readonly value: number | null;
  readonly says: string;
  readonly advice: string;
}

interface Moved {
  readonly entry: string;
  readonly kind: string;
  readonly at: string;
  readonly daysBefore: number;
}

interface HelpedDecision {
  readonly customer: Named;
  readonly decision: Moved & { readonly outcome: string | null };
  readonly moves: readonly Moved[];
  readonly links: readonly { readonly level: string | null; readonly helped: Moved | null; readonly daysBefore: number | null }[];
}

interface Contract {
  readonly customer: Named;
  readonly date: string;
  readonly what: string;
  readonly money: { readonly amount: number; readonly currency: string } | null;
  readonly offering: string | null;
  readonly end: string | null;
  readonly noticeBy: string | null;
  readonly wouldChooseAgain: { readonly answer: string } | null;
  readonly decisions: readonly { readonly what: string | null; readonly closedAt: string | null; readonly neededBy: string | null }[];
  readonly alternatives: readonly { readonly alternative: string | null }[];
}

const NONE = '–';

const narrow = ({ asOf, asKnown, window, segment, owner, department }: NarrowFlags): Query => ({ asOf, asKnown, window, segment, owner, department });

const MARK: Readonly<Record<string, Parameters<typeof styled>[0]>> = { fires: 'red', clean: 'green', 'cannot tell': 'yellow', off: 'red', fits: 'green', unknown: 'yellow' };
const marked = (answer: string): string => styled(MARK[answer] ?? 'dim', answer);
const missed = (missing: readonly Missing[]): string => missing.map(({ what, records }) => `${plain(what)} in ${count(records, 'record')}`).join('; ');
const footer = ({ asOf, asKnown, note }: Head): string => [`The same again: --as-of ${asOf}${asKnown === null ? '' : ` --as-known ${asKnown}`}.`, ...(note === null ? [] : [note])].join('\n');

function checked(session: Session, name: string | undefined, flags: CheckFlags): void {
  if (flags.csv === true && session.options.json === true) throw wrongUsage('Say --csv or --json, not both.');
  if (name === undefined && (flags.found !== undefined || flags.check !== undefined)) throw wrongUsage('--found and --check go with a name.');
  if (flags.customer !== undefined && name !== undefined) throw wrongUsage('Say a name or --customer, not both.');
}

const verdictRow = ({ name, answer, value, missing }: Verdict): string[] => [name, marked(answer), value, missed(missing) || NONE];
const verdictCsv = (of: string | null, { name, answer, n, off, value, missing }: Verdict): (string | number | null)[] => [of, name, answer, off, n, value, missed(missing)];
const CSV_HEADS = ['Detector', 'Check', 'Answer', 'Off', 'n', 'Value', 'Missing'];

export async function alignment(session: Session, name: string | undefined, flags: CheckFlags): Promise<Answer> {
  checked(session, name, flags);
  if (name !== undefined) return evidence(session, `/api/v1/alignment/${encodeURIComponent(name)}/evidence`, flags);
  const api = await session.toRead();
  const data = await api.get<Head & { readonly items: readonly { readonly number: number; readonly name: string; readonly title: string; readonly says: string; readonly answer: string; readonly checks: readonly Verdict[] }[] }>('/api/v1/alignment', narrow(flags));
  if (flags.csv === true) return { data, text: csv(CSV_HEADS, data.items.flatMap((detector) => detector.checks.map((check) => verdictCsv(detector.name, check)))) };
  const text = data.items.map((detector) => `${styled('bold', `${detector.number} ${detector.title}`)}  ${marked(detector.answer)}\n${detector.says}\n${table(['Check', 'Answer', 'Numbers', 'Missing'], detector.checks.map(verdictRow), '  ')}`);
  return { data, text: `${text.join('\n\n')}\n\n${footer(data)}\nWhat one found: five-ring alignment DETECTOR, such as ${data.items[0]!.name}.` };
}

export async function checks(session: Session, name: string | undefined, flags: CheckFlags): Promise<Answer> {
  checked(session, name, flags);
  if (flags.customer !== undefined) return atCustomer(session, flags);
  if (name !== undefined) return evidence(session, `/api/v1/checks/${encodeURIComponent(name)}/evidence`, flags);
  const api = await session.toRead();
  const data = await api.get<Head & { readonly items: readonly Verdict[] }>('/api/v1/checks', narrow(flags));
  if (flags.csv === true) return { data, text: csv(CSV_HEADS, data.items.map((check) => verdictCsv(null, check))) };
  return { data, text: `${table(['Check', 'Answer', 'Numbers', 'Missing'], data.items.map(verdictRow))}\n\n${footer(data)}\nWhat one found: five-ring checks CHECK; at one customer: five-ring checks --customer WORDS.` };
}

async function evidence(session: Session, path: string, flags: CheckFlags): Promise<Answer> {
  const api = await session.toRead();
  const data = await api.get<Head & { readonly total: number; readonly items: readonly (Finding & { readonly customer: Named; readonly check: string })[] }>(path, { ...narrow(flags), check: flags.check, found: flags.found, limit: flags.limit });
  const heads = ['Customer', 'Check', 'Found', 'Group', 'Says', 'Entries'];
  const rows = data.items.map(({ customer, check, found, group, missing, says, because }) => [called(customer), check, found, group, missing === null ? says : `missing: ${missing}`, because.join(' ')]);
  if (flags.csv === true) return { data, text: csv(heads, rows) };
  if (rows.length === 0) return { data, text: 'Nothing was found.' };
  const shown = data.items.length < data.total ? `${data.items.length} of ${data.total}; more with --limit` : count(data.total, 'finding');
  return { data, text: `${table(heads, rows.map(([customer, check, found, ...rest]) => [plain(customer!), check!, marked(found!), ...rest.map((cell) => plain(cell ?? NONE))]))}\n\n${shown}.\n${footer(data)}` };
}

async function atCustomer(session: Session, flags: CheckFlags): Promise<Answer> {
  const api = await session.toRead();
  const customer = await findCustomer(api, flags.customer!);
  const data = await api.get<{ readonly items: readonly { readonly name: string; readonly detector: string | null; readonly answer: string | null; readonly findings: readonly Finding[] }[] }>(`/api/v1/customers/${customer.id}/checks`, { asOf: flags.asOf, asKnown: flags.asKnown });
  const concerned = data.items.filter(({ answer }) => answer !== null);
  const said = (findings: readonly Finding[]): string => [...new Set(findings.map(({ missing, says, group }) => (missing === null ? (says ?? group ?? '') : `missing: ${missing}`)).filter((one) => one !== ''))].join('; ') || NONE;
  const rows = concerned.map(({ name, detector, answer, findings }) => [name, detector ?? NONE, answer!, said(findings)]);
  if (flags.csv === true) return { data, text: csv(['Check', 'Detector', 'Answer', 'Says'], rows) };
  return { data, text: rows.length === 0 ? `No check concerns ${plain(called(customer))}.` : table(['Check', 'Detector', 'Answer', 'Says'], rows.map(([name, detector, answer, says]) => [name!, detector!, marked(answer!), plain(says!)])) };
}

export async function helped(session: Session, flags: HelpedFlags): Promise<Answer> {
  if (flags.csv === true && session.options.json === true) throw wrongUsage('Say --csv or --json, not both.');
  if (flags.decisions === true) return helpedDecisions(session, flags);
  const api = await session.toRead();
  const data = await api.get<Head & { readonly beforeDays: number; readonly overall: Outcome; readonly by: readonly { readonly by: string; readonly groups: readonly Outcome[] }[]; readonly leadTimes: readonly { readonly kind: string; readonly says: string }[]; readonly caution: string }>('/api/v1/helped', narrow(flags));
  if (flags.csv === true) return { data, text: csv(['By', 'Group', 'Followed', 'n', 'Share', 'Says', 'Advice'], data.by.flatMap(({ by, groups }) => groups.map(({ group, followed, n, value, says, advice }) => [by, group, followed, n, value, says, advice]))) };
  const parts = data.by.filter(({ groups }) => groups.length > 0).map(({ by, groups }) => table([`By ${by}`, 'Followed by a decision for us', ''], groups.map(({ group, says, advice }) => [plain(group ?? NONE), says, advice])));
  const times = data.leadTimes.length === 0 ? [] : [table(['How long before', ''], data.leadTimes.map(({ kind, says }) => [kind, says]))];
  return { data, text: [`${styled('bold', 'Moves followed by a decision for us')} within ${data.beforeDays} days: ${data.overall.says}`, ...parts, ...times, `${data.caution}\n${footer(data)}`].join('\n\n') };
}

async function helpedDecisions(session: Session, flags: HelpedFlags): Promise<Answer> {
  const dates = await session.dates();
  const api = await session.toRead();
  const data = await api.get<Head & { readonly total: number; readonly withMove: number; readonly withLink: number; readonly items: readonly HelpedDecision[]; readonly caution: string }>('/api/v1/helped/decisions', { ...narrow(flags), limit: flags.limit });
  const before = ({ moves, links }: HelpedDecision): string => [
    ...moves.map(({ kind, daysBefore }) => `${kind} ${daysBefore} days before`),
    ...links.map(({ level, helped: what, daysBefore }) => `${level ?? ''} to have helped: ${what === null ? 'an entry no longer there' : `${what.kind}, ${daysBefore} days before`}`),
  ].join('; ') || NONE;
  const rows = data.items.map((one) => [called(one.customer), one.decision.outcome === null ? one.decision.kind : `${one.decision.kind}: ${one.decision.outcome}`, dates.day(one.decision.at), before(one)]);
  if (flags.csv === true) return { data, text: csv(['Customer', 'Decision', 'On', 'Before it'], rows) };
  return { data, text: `${table(['Customer', 'Decision', 'On', 'Before it'], rows.map((row) => row.map(plain)))}\n\n${count(data.total, 'decision')}; ${data.withMove} with a move of ours before, ${data.withLink} of which somebody said what helped. ${data.caution}` };
}

export async function contracts(session: Session, { owner, days, csv: asCsv, ics }: ContractFlags): Promise<Answer> {
  if (asCsv === true && session.options.json === true) throw wrongUsage('Say --csv or --json, not both.');
  if (ics === true) return calendar(session);
  const dates = await session.dates();
  const api = await session.toRead();
  const items: Contract[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: { readonly items: readonly Contract[]; readonly next: string | null } = await api.get('/api/v1/contracts-ahead', { owner, days, limit: 200, cursor });
    items.push(...page.items);
    cursor = page.next;
  }
  const decided = ({ decisions }: Contract): string => decisions.filter(({ closedAt }) => closedAt === null).map(({ what, neededBy }) => `${what ?? 'erased'}${neededBy === null ? '' : ` by ${dates.day(neededBy)}`}`).join('; ');
  const heads = ['Date', 'What', 'Customer', 'Offering', 'A year', 'Notice by', 'Ends', 'Again?', 'Open decisions', 'Also looked at'];
  const rows = items.map((one) => [dates.day(one.date), one.what, called(one.customer), one.offering, one.money === null ? null : money(one.money.amount, one.money.currency), dates.day(one.noticeBy), dates.day(one.end), one.wouldChooseAgain?.answer ?? null, decided(one) || null, one.alternatives.map(({ alternative }) => alternative ?? 'erased').join('; ') || null]);
  if (asCsv === true) return { data: { items }, text: csv(heads, rows) };
  return { data: { items }, text: rows.length === 0 ? `No contract has a date within ${count(days, 'day', 'days')}.` : `${table(heads, rows.map((row) => row.map((cell) => plain(cell ?? NONE))))}\n\n${count(items.length, 'contract')} within ${count(days, 'day', 'days')}.` };
}

async function calendar(session: Session): Promise<Answer> {
  session.actor();
  const api = await session.toRead();
  const pieces: Uint8Array[] = [];
  for await (const piece of api.pieces('/api/v1/calendar.ics')) pieces.push(piece);
  const text = Buffer.concat(pieces).toString();
  return { data: { calendar: text }, text: text.trimEnd() };
}

interface TagInUse {
  readonly tag: string;
  readonly uses: number;
}

export async function campaigns(session: Session): Promise<Answer> {
  const dates = await session.dates();
  const api = await session.toRead();
  const data = await api.get<{ readonly items: readonly { readonly campaign: string; readonly launchedAt: string; readonly offering: string | null; readonly callToAction: string | null; readonly needTags: readonly string[]; readonly claims: readonly string[]; readonly audienceRoles: readonly string[] }[] }>('/api/v1/campaigns');
  if (data.items.length === 0) return { data, text: 'No campaign was launched yet: five-ring log campaign-launched --campaign KEY' };
  return { data, text: table(['Campaign', 'Launched', 'Offers', 'Asks for', 'For', 'Needs', 'Claims'], data.items.map(({ campaign, launchedAt, offering, callToAction, audienceRoles, needTags, claims }) => [campaign, dates.day(launchedAt), offering ?? NONE, callToAction ?? NONE, audienceRoles.join(', ') || NONE, needTags.join(', ') || NONE, claims.join(', ') || NONE].map(plain))) };
}

export async function enablements(session: Session): Promise<Answer> {
  const dates = await session.dates();
  const api = await session.toRead();
  const data = await api.get<{ readonly items: readonly { readonly colleague: Named; readonly offering: string; readonly completedAt: string }[] }>('/api/v1/enablements');
  if (data.items.length === 0) return { data, text: 'Nobody’s training is on record: five-ring log enablement-completed --colleague ID --offering KEY' };
  return { data, text: table(['Colleague', 'Offering', 'On'], data.items.map(({ colleague, offering, completedAt }) => [plain(called(colleague)), plain(offering), dates.day(completedAt)])) };
}

export async function tags(session: Session): Promise<Answer> {
  const api = await session.toRead();
  const data = await api.get<Record<'claims' | 'needTags' | 'needs' | 'offerings' | 'callsToAction', readonly TagInUse[]>>('/api/v1/tags');
  const parts = [['Needs customers stated', data.needs], ['Needs campaigns speak to', data.needTags], ['Claims', data.claims], ['Offerings', data.offerings], ['Calls to action', data.callsToAction]] as const;
  const shown = parts.filter(([, all]) => all.length > 0).map(([title, all]) => table([title, 'Uses'], all.map(({ tag, uses }) => [plain(tag), uses])));
  return { data, text: shown.join('\n\n') || 'No keys are in use yet.' };
}
