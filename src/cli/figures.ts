/** `figures` and `kept`: what the numbers are, what they were made of, and what has become of those that were kept. */
import { ALL_TIME } from '../figures/figure.js';
import { DAY } from '../kernel/calendar.js';
import type { Connection, Query } from './connection.js';
import { csv } from './csv.js';
import { wrongUsage, type Answer } from './failure.js';
import { count, number, plain, styled, table, type Dates } from './screen.js';
import type { Session } from './session.js';

export interface FigureFlags {
  readonly asOf?: string;
  readonly asKnown?: string;
  readonly window?: number;
  readonly split?: string;
  readonly segment?: string;
  readonly origin?: string;
  readonly owner?: string;
  readonly department?: string;
  readonly offering?: string;
  readonly series?: string;
  readonly from?: string;
  readonly evidence?: boolean;
  readonly side?: string;
  readonly group?: string;
  readonly limit?: number;
  readonly keep?: string;
  readonly all?: boolean;
  readonly csv?: boolean;
}

export interface Definition {
  readonly name: string;
  readonly title: string;
  readonly topic: string;
  readonly says: string;
  readonly formula: string;
  readonly source: string;
  readonly shape: 'share' | 'ratio' | 'sum' | 'mean' | 'points' | 'curve' | 'quantiles';
  readonly unit: 'share' | 'money' | 'customers' | 'entries' | 'days' | 'points' | 'grade';
  readonly groups: string | null;
  readonly window: number | null;
}

export interface WireOutcome {
  readonly group: string | null;
  readonly n: number;
  readonly above: number;
  readonly below: number;
  readonly value: number | null;
  readonly low?: number;
  readonly high?: number;
  readonly quantiles?: readonly { readonly share: number; readonly days: number | null }[];
  readonly already?: number;
  readonly says: string;
}

interface Head extends Definition {
  readonly asOf: string;
  readonly asKnown: string | null;
  readonly rulesVersion: string;
  readonly period: { readonly from: string; readonly to: string } | null;
  readonly filter: Readonly<Record<string, string>>;
  readonly shown: boolean;
  readonly note: string | null;
  readonly parked: number;
}

export interface FigureAnswer extends Head {
  readonly split: string | null;
  readonly parts: readonly { readonly part: string | null; readonly values: readonly WireOutcome[]; readonly before: readonly WireOutcome[] }[];
  readonly before: { readonly from: string; readonly to: string };
}

interface SeriesAnswer extends Head {
  readonly split: string | null;
  readonly points: readonly string[];
  readonly parts: readonly { readonly part: string | null; readonly series: readonly (readonly WireOutcome[])[] }[];
}

interface EvidenceAnswer {
  readonly asOf: string;
  readonly asKnown: string | null;
  readonly digest: string;
  readonly total: number;
  readonly items: readonly { readonly customer: { readonly id: string; readonly name: string | null }; readonly group: string | null; readonly above: number; readonly below: number; readonly days?: number; readonly because: readonly string[] }[];
  readonly next: string | null;
}

interface KeptAnswer {
  readonly id: string;
  readonly label: string;
  readonly figure: string;
  readonly asOf: string;
  readonly asKnown: string | null;
  readonly unchanged: boolean;
  readonly kept: readonly WireOutcome[];
  readonly now: readonly WireOutcome[];
  readonly differences: readonly { readonly cause: string; readonly customer?: string; readonly colleague?: string; readonly entry?: string; readonly recordedAt?: string }[];
  readonly givenAgain: boolean | null;
}

const PAGE = 500;
const NONE = '–';

type Cell = string | number | null;

/** A table, or the same as CSV. */
const shown = (asCsv: boolean | undefined, headers: readonly string[], rows: readonly (readonly Cell[])[], around: (table: string) => string): string =>
  asCsv === true ? csv(headers, rows) : around(table(headers, rows.map((row) => row.map((cell) => (cell === null ? NONE : typeof cell === 'string' ? plain(cell) : cell)))));

const filterOf = ({ segment, origin, owner, department, offering, window, asOf, asKnown }: FigureFlags): Query => ({ segment, origin, owner, department, offering, window, asOf, asKnown });

function checked(session: Session, name: string | undefined, flags: FigureFlags): void {
  if (flags.csv === true && session.options.json === true) throw wrongUsage('Say --csv or --json, not both.');
  if (flags.all === true && name !== undefined) throw wrongUsage('Say NAME or --all, not both.');
  const ways = (['series', 'evidence', 'keep', 'all'] as const).filter((way) => flags[way] !== undefined);
  if (ways.length > 1) throw wrongUsage(`Say one of ${ways.map((way) => `--${way}`).join(' and ')}.`);
  const forbid = (field: keyof FigureFlags, needs: string): void => {
    if (flags[field] !== undefined) throw wrongUsage(`--${field} goes with ${needs}.`);
  };
  if (flags.series === undefined) forbid('from', '--series');
  if (flags.evidence === undefined) (['side', 'group', 'limit'] as const).forEach((field) => forbid(field, '--evidence'));
  if (flags.evidence === true || flags.keep !== undefined || flags.all === true) forbid('split', 'a value or --series');
  if (name === undefined && flags.all === undefined && ways.length > 0) throw wrongUsage('Say which figure; five-ring figures lists them.');
}

export async function figures(session: Session, name: string | undefined, flags: FigureFlags): Promise<Answer> {
  checked(session, name, flags);
  if (flags.all === true) return allFigures(session, flags);
  if (name === undefined) return definitions(session, flags);
  const at = `/api/v1/figures/${encodeURIComponent(name)}`;
  if (flags.series !== undefined) return series(session, at, flags);
  if (flags.evidence === true) return evidence(session, at, flags);
  if (flags.keep !== undefined) return keep(session, name, flags.keep, flags);
  return value(session, at, flags);
}

async function definitions(session: Session, flags: FigureFlags): Promise<Answer> {
  const api = await session.toRead();
  const data = await api.get<{ items: Definition[] }>('/api/v1/figures');
  if (flags.csv === true) return { data, text: csv(['Topic', 'Name', 'Title', 'What it tells', 'Formula', 'Source'], data.items.map(({ topic, name, title, says, formula, source }) => [topic, name, title, says, formula, source])) };
  const topics = Map.groupBy(data.items, ({ topic }) => topic);
  const text = [...topics].map(([topic, items]) => `${styled('bold', topic)}\n${table(['', ''], items.map(({ name, says }) => [name, says]), '  ')}`);
  return { data, text: `${text.join('\n\n')}\n\nOne of them: five-ring figures NAME; all that have something to show: five-ring figures --all` };
}

/** Whether the window is of everything so far: then its first day says nothing. */
const isAllTime = ({ from, to }: { readonly from: string; readonly to: string }): boolean => Date.parse(to) - Date.parse(from) >= ALL_TIME * DAY;

/** What is asked about, in a line. */
function headline({ title, asOf, filter, period }: Head, dates: Dates): string {
  const narrowed = Object.entries(filter).map(([field, of]) => `${field} ${plain(of)}`);
  const when = period === null ? `on ${dates.time(asOf)}` : isAllTime(period) ? `up to ${dates.time(period.to)}` : `from ${dates.day(period.from)} to ${dates.time(period.to)}`;
  return `${styled('bold', title)} ${[when, ...narrowed].join(', ')}`;
}

const footer = ({ asOf, asKnown, rulesVersion, parked }: Head): string =>
  [`The same again: --as-of ${asOf}${asKnown === null ? '' : ` --as-known ${asKnown}`}; rules ${rulesVersion}.`, ...(parked === 0 ? [] : [`${count(parked, 'customer')} may be missing: a view could not take what was recorded there. See /health/ready.`])].join('\n');

/** Headers and cells for parts and groups, as far as there are any. */
const labels = (split: string | null, groups: string | null): string[] => [...(split === null ? [] : [capital(split)]), ...(groups === null ? [] : [capital(groups)])];
const labelled = (split: string | null, groups: string | null, part: string | null, group: string | null): Cell[] => [...(split === null ? [] : [part ?? NONE]), ...(groups === null ? [] : [group ?? NONE])];
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const NUMBERS = ['Value', 'Low', 'High', 'Above', 'Below', 'n'];
const numbers = (outcome: WireOutcome | undefined): Cell[] => (outcome === undefined ? NUMBERS.map(() => null) : [outcome.value, outcome.low ?? null, outcome.high ?? null, outcome.above, outcome.below, outcome.n]);

async function value(session: Session, at: string, flags: FigureFlags): Promise<Answer> {
  const dates = await session.dates();
  const api = await session.toRead();
  const data = await api.get<FigureAnswer>(at, { ...filterOf(flags), split: flags.split });
  const rows = data.parts.flatMap(({ part, values, before }) => {
    const then = new Map(before.map((outcome) => [outcome.group, outcome]));
    const groups = [...new Set([...values, ...before].map(({ group }) => group))];
    const now = new Map(values.map((outcome) => [outcome.group, outcome]));
    return groups.map((group) => ({ cells: labelled(data.split, data.groups, part, group), now: now.get(group), then: then.get(group) }));
  });
  const heads = labels(data.split, data.groups);
  if (flags.csv === true) return { data, text: csv([...heads, ...NUMBERS, 'Says', 'Before'], rows.map(({ cells, now, then }) => [...cells, ...numbers(now), now?.says ?? null, then?.says ?? null])) };
  const before = data.period === null ? `On ${dates.day(data.before.to)}` : isAllTime(data.before) ? `Up to ${dates.day(data.before.to)}` : `${dates.day(data.before.from)} to ${dates.day(data.before.to)}`;
  const text = shown(false, [...heads, 'Value', before], rows.map(({ cells, now, then }) => [...cells, now?.says ?? null, then?.says ?? null]), (lines) => (rows.length === 0 ? 'Nothing to show.' : lines));
  return { data, text: [headline(data, dates), ...(data.note === null ? [] : [data.note]), '', text, '', plain(data.says), `${plain(data.formula).replace(/\.$/, '')}.`, footer(data)].join('\n') };
}

async function series(session: Session, at: string, flags: FigureFlags): Promise<Answer> {
  const dates = await session.dates();
  const api = await session.toRead();
  const data = await api.get<SeriesAnswer>(`${at}/series`, { ...filterOf(flags), split: flags.split, by: flags.series, from: flags.from });
  const rows = data.points.flatMap((point, i) => data.parts.flatMap(({ part, series: course }) => course[i]!.map((outcome) => ({ cells: [point, ...labelled(data.split, data.groups, part, outcome.group)], outcome }))));
  const heads = ['Until', ...labels(data.split, data.groups)];
  if (flags.csv === true) return { data, text: csv([...heads, ...NUMBERS, 'Says'], rows.map(({ cells, outcome }) => [...cells, ...numbers(outcome), outcome.says])) };
  const lines = shown(false, [...heads, 'Value'], rows.map(({ cells: [point, ...cells], outcome }) => [dates.time(String(point)), ...cells, outcome.says]), (text) => text);
  return { data, text: [headline(data, dates), ...(data.note === null ? [] : [data.note]), '', lines, '', footer(data)].join('\n') };
}

async function evidence(session: Session, at: string, flags: FigureFlags): Promise<Answer> {
  const api = await session.toRead();
  const most = flags.limit ?? PAGE;
  const asked = { ...filterOf(flags), side: flags.side, group: flags.group };
  let page = await api.get<EvidenceAnswer>(`${at}/evidence`, { ...asked, limit: Math.min(most, PAGE) });
  const items = [...page.items];
  // The pages after the first speak of the same instant and the same knowledge.
  while (page.next !== null && items.length < most) {
    page = await api.get<EvidenceAnswer>(`${at}/evidence`, { ...asked, asOf: page.asOf, asKnown: page.asKnown ?? undefined, limit: Math.min(most - items.length, PAGE), cursor: page.next });
    items.push(...page.items);
  }
  const data = { ...page, items };
  const heads = ['Customer', 'Id', 'Group', 'Above', 'Below', 'Days', 'Because of entries'];
  const rows = items.map(({ customer, group, above, below, days, because }): Cell[] => [customer.name, customer.id, group, above, below, days ?? null, because.join(' ')]);
  const all = items.length < page.total ? `${number(items.length)} of ${number(page.total)}; more with --limit.` : `${number(page.total)} in all.`;
  return { data, text: shown(flags.csv, heads, rows, (text) => `${items.length === 0 ? 'Nobody.' : text}\n\n${all} Digest ${page.digest}`) };
}

async function keep(session: Session, figure: string, label: string, flags: FigureFlags): Promise<Answer> {
  const api = await session.toWrite();
  const written = await api.post<{ id: string; position: string | null }>('/api/v1/kept-figures', { figure, label, ...filterOf(flags) });
  return { data: written, text: `Kept. What has changed since, and why: five-ring kept ${written.id}` };
}

/** Values of all figures for one instant and one state of knowledge: those of the first answer. */
export async function answersOf(api: Connection, names: readonly string[], query: Query): Promise<FigureAnswer[]> {
  const answers: FigureAnswer[] = [];
  for (const name of names) {
    const first = answers[0];
    answers.push(await api.get<FigureAnswer>(`/api/v1/figures/${name}`, { ...query, ...(first !== undefined && { asOf: first.asOf, asKnown: first.asKnown ?? undefined }) }));
  }
  return answers;
}

async function allFigures(session: Session, flags: FigureFlags): Promise<Answer> {
  const dates = await session.dates();
  const api = await session.toRead();
  const { items } = await api.get<{ items: Definition[] }>('/api/v1/figures');
  const answers = await answersOf(api, items.map(({ name }) => name), filterOf(flags));
  const said = answers.filter((answer) => answer.shown);
  const rows = said.flatMap(({ topic, title, name, parts }) => {
    const values = parts.flatMap((part) => part.values);
    return values.length === 0 ? [[topic, name, title, null, 'nothing to show', null]] : values.map((outcome) => [topic, name, title, outcome.group, outcome.says, outcome.value]);
  });
  if (flags.csv === true) return { data: { items: answers }, text: csv(['Topic', 'Name', 'Title', 'Group', 'Says', 'Value'], rows) };
  const topics = Map.groupBy(rows, ([topic]) => topic);
  const text = [...topics].map(([topic, own]) => `${styled('bold', String(topic))}\n${table(['', '', ''], own.map(([, , title, group, says], i) => [i > 0 && own[i - 1]![2] === title ? '' : String(title), plain(String(group ?? '')), plain(String(says))]), '  ')}`);
  const hidden = answers.filter((answer) => !answer.shown).map(({ name }) => name);
  return { data: { items: answers }, text: [...text, ...(hidden.length === 0 ? [] : [`Not shown, for want of entries: ${hidden.join(', ')}.`]), ...(answers[0] === undefined ? [] : [`${dates.time(answers[0].asOf)}. ${footer(answers[0])}`])].join('\n\n') };
}

export async function kept(session: Session, id: string | undefined, flags: { readonly csv?: boolean; readonly limit?: number }): Promise<Answer> {
  if (flags.csv === true && session.options.json === true) throw wrongUsage('Say --csv or --json, not both.');
  const dates = await session.dates();
  const api = await session.toRead();
  if (id === undefined) {
    const data = await api.get<{ items: { id: string; figure: string; label: string; asOf: string; by: string; keptAt: string }[] }>('/api/v1/kept-figures', { limit: flags.limit });
    const rows = data.items.map((one) => [one.id, one.figure, flags.csv === true ? one.asOf : dates.time(one.asOf), one.by, flags.csv === true ? one.keptAt : dates.time(one.keptAt), one.label]);
    return { data, text: rows.length === 0 && flags.csv !== true ? 'No figure was kept yet: five-ring figures NAME --keep LABEL' : shown(flags.csv, ['Id', 'Figure', 'As of', 'Kept by', 'Kept at', 'Label'], rows, (text) => text) };
  }
  const data = await api.get<KeptAnswer>(`/api/v1/kept-figures/${encodeURIComponent(id)}`);
  const now = new Map(data.now.map((outcome) => [outcome.group, outcome]));
  const then = new Map(data.kept.map((outcome) => [outcome.group, outcome]));
  const values = [...new Set([...then.keys(), ...now.keys()])].map((group): Cell[] => [group, then.get(group)?.says ?? null, now.get(group)?.says ?? null]);
  if (flags.csv === true) return { data, text: csv(['Group', 'Kept', 'Now'], values) };
  const causes = data.differences.map(({ cause, customer, colleague, entry, recordedAt }) => [cause, customer ?? colleague ?? NONE, entry ?? NONE, dates.time(recordedAt ?? null)]);
  const again = data.givenAgain === null ? 'Its definition has changed since; what was kept cannot be computed again.' : data.givenAgain ? 'As it was known then, the log still gives what was kept.' : 'NOT well: as it was known then, the log does not give what was kept. Run five-ring verify.';
  const text = [
    `${styled('bold', plain(data.label))} – ${data.figure} on ${dates.time(data.asOf)}: ${data.unchanged ? 'unchanged' : 'changed'}`,
    '',
    table(['Group', 'Kept', 'Now'], values.map((row) => row.map((cell) => plain(String(cell ?? NONE))))),
    ...(causes.length === 0 ? [] : ['', styled('bold', 'What changed it'), table(['Cause', 'At', 'Entry', 'Recorded'], causes, '  ')]),
    '',
    again,
  ];
  return { data, text: text.join('\n'), ...(data.givenAgain === false && { exitCode: 1 }) };
}
