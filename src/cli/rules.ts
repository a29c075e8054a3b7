/** `rules`: what is in force, what was, and what would be with other ones. */
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkRules, rulesFrom } from '../rings/check-rules.js';
import { sayDifference, type Differences } from '../rings/compare-rules.js';
import { PRESETS, type Rules } from '../rings/rules.js';
import { statements } from '../rings/sentences.js';
import type { Connection } from './connection.js';
import { EXIT, failed, notFound, type Answer } from './failure.js';
import { Progress } from './progress.js';
import { count, number, plain, table } from './screen.js';
import type { Session } from './session.js';

interface Head {
  readonly version: string;
  readonly since: string | null;
  readonly by: { readonly id: string; readonly name: string | null } | null;
  readonly reason: string | null;
}

interface InForce extends Head {
  readonly rules: Rules;
  readonly takingEffect: (Head & { readonly done: number; readonly of: number }) | null;
}

interface Outcome {
  readonly group: string | null;
  readonly says: string;
}

interface Rehearsal {
  readonly differences: Differences;
  readonly changed: number;
  readonly customers: readonly { readonly id: string; readonly name: string | null; readonly rings: readonly { readonly ring: number; readonly before: string; readonly after: string }[] }[];
  readonly figures: readonly { readonly title: string; readonly shifts: boolean; readonly live: readonly Outcome[]; readonly draft: readonly Outcome[] }[];
  readonly read: { readonly customers: number; readonly events: number; readonly ms: number };
}

interface Scored {
  readonly ring: number;
  readonly name: string;
  readonly horizon: number;
  readonly score: { readonly n: number; readonly predicted: number; readonly happened: number; readonly both: number; readonly precision: number | null; readonly recall: number | null; readonly daysAhead: number | null } | null;
}

const SHOWN = 20;
const POLL_MS = 200;

const said = (rules: Rules): string => table(['', ''], statements(rules).map(({ about, says }) => [about, says]));
const headSays = ({ version, since, by, reason }: Head, day: (iso: string | null) => string): string => (since === null ? `${version}, from the environment` : `${version}, since ${day(since)}, by ${plain(by?.name ?? by?.id ?? 'nobody')}: ${plain(reason ?? '')}`);

/** The rules in a file: alone, or as `rules show --json` prints them. @throws Failure. */
async function draftIn(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw failed('unreadable-file', `${file} cannot be read: ${(error as Error).message}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw failed('malformed-rules', `${file} is not valid JSON: ${(error as Error).message}`);
  }
  const wrapped = (value as { rules?: unknown } | null)?.rules;
  return wrapped === undefined ? value : wrapped;
}

export async function showRules(session: Session): Promise<Answer> {
  const [api, dates] = [await session.toRead(), await session.dates()];
  const rules = await api.get<InForce>('/api/v1/rules');
  const day = (iso: string | null): string => dates.day(iso);
  const coming = rules.takingEffect === null ? [] : [`Taking effect: ${number(rules.takingEffect.done)} of ${count(rules.takingEffect.of, 'event')}. ${headSays(rules.takingEffect, day)}`];
  return { data: rules, text: [headSays(rules, day), ...coming, '', said(rules.rules)].join('\n') };
}

export async function rulesHistory(session: Session): Promise<Answer> {
  const [api, dates] = [await session.toRead(), await session.dates()];
  const history = await api.get<{ items: (Head & { inForce: boolean; differences: Differences })[] }>('/api/v1/rules/history');
  const lines = history.items.flatMap((one) => [`${headSays(one, (iso) => dates.day(iso))}${one.inForce ? ' (in force)' : ''}`, ...one.differences.fields.map((field) => `  ${sayDifference(field)}`)]);
  return { data: history, text: lines.join('\n') };
}

/** Needs no server. */
export async function checkDraft(file: string): Promise<Answer> {
  const given = await draftIn(file);
  const problems = checkRules(given).map(({ field, code, message }) => ({ field, code, detail: message }));
  if (problems.length > 0) return { data: { ok: false, problems }, text: [`${file} cannot be published:`, ...problems.map(({ field, detail }) => `  ${plain(field)} ${plain(detail)}`)].join('\n'), exitCode: EXIT.failed };
  return { data: { ok: true, problems: [], rules: rulesFrom(given) }, text: [`${file} can be published. It says:`, '', said(rulesFrom(given))].join('\n') };
}

export function showPresets(wanted: string | undefined): Answer {
  if (wanted === undefined) return { data: { items: Object.values(PRESETS) }, text: `${Object.keys(PRESETS).join('\n')}\n\nThe rules of one, to begin a draft with: five-ring rules presets NAME` };
  const preset = Object.hasOwn(PRESETS, wanted) ? PRESETS[wanted] : undefined;
  if (preset === undefined) throw notFound('unknown-preset', `${plain(wanted)} is no preset; there are ${Object.keys(PRESETS).join(', ')}.`);
  return { data: preset, text: JSON.stringify(preset, null, 2) };
}

/** The result of a long answer, with a bar on the way. */
async function result<T>(api: Connection, method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  let progress: Progress | undefined;
  let found: T | undefined;
  try {
    for await (const line of api.lines(method, path, body === undefined ? undefined : { type: 'application/json', content: Readable.from([JSON.stringify(body)]) })) {
      const { done, of } = (line['progress'] ?? { done: 0, of: 0 }) as { done: number; of: number };
      if (of > 0) (progress ??= await Progress.start(of, (read) => `${count(read, 'customer')} read`)).update(done);
      if (line['result'] !== undefined) found = line['result'] as T;
    }
  } finally {
    progress?.stop();
  }
  if (found === undefined) throw failed('no-answer', 'The server ended its answer without a result.');
  return found;
}

export async function rehearseDraft(session: Session, file: string): Promise<Answer> {
  const rules = await draftIn(file);
  const rehearsal = await result<Rehearsal>(await session.toWrite(), 'POST', '/api/v1/rules/rehearsals', { rules });
  const { changed, customers, figures, differences, read } = rehearsal;
  const shifts = figures.filter((figure) => figure.shifts).flatMap(({ title, live, draft }) => [...new Set([...live, ...draft].map(({ group }) => group))].map((group): string[] => {
    const of = (side: readonly Outcome[]): string => side.find((one) => one.group === group)?.says ?? '–';
    return [group === null ? title : `${title}: ${plain(group)}`, of(live), of(draft)];
  }).filter(([, before, after]) => before !== after));
  const shown = customers.slice(0, SHOWN).map(({ id, name, rings }) => [plain(name ?? id), rings.map(({ ring, before, after }) => `${ring} ${before} → ${after}`).join(', ')]);
  const text = [
    differences.fields.length === 0 ? 'The draft is what is in force: nothing is different.' : differences.fields.map(sayDifference).join('\n'),
    '',
    `${count(changed, 'customer')} would stand otherwise now${changed > shown.length && shown.length > 0 ? `; the first ${shown.length}` : ''}.`,
    ...(shown.length > 0 ? [table(['Customer', 'Rings'], shown, '  ')] : []),
    '',
    shifts.length === 0 ? 'No figure would shift.' : table(['Figure', 'In force', 'Draft'], shifts),
    '',
    `Read ${count(read.customers, 'customer')} and ${count(read.events, 'event')} in ${number(read.ms)} ms. Nothing was recorded.`,
  ];
  return { data: rehearsal, text: text.join('\n') };
}

export async function publishDraft(session: Session, file: string, reason: string): Promise<Answer> {
  const rules = await draftIn(file);
  const api = await session.toWrite();
  const written = await api.post<{ id: string; position: string | null }>('/api/v1/rules', { rules, reason });
  let progress: Progress | undefined;
  try {
    for (;;) {
      const { takingEffect } = await api.get<InForce>('/api/v1/rules');
      if (takingEffect === null) break;
      (progress ??= await Progress.start(takingEffect.of, (done) => `taking effect: ${number(done)} of ${count(takingEffect.of, 'event')}`)).update(takingEffect.done);
      await sleep(POLL_MS);
    }
  } finally {
    progress?.stop();
  }
  return { data: written, text: `Published, and in force: ${written.id}` };
}

export async function backTestRules(session: Session, { months, rules }: { readonly months: number; readonly rules?: string }): Promise<Answer> {
  const query = new URLSearchParams({ months: String(months), ...(rules !== undefined && { rules }) });
  const data = await result<{ rulesVersion: string; overall: readonly Scored[] }>(await session.toRead(), 'GET', `/api/v1/rules/back-test?${query.toString()}`);
  const share = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(1)} %`);
  const rows = data.overall.map(({ ring, name, horizon, score }) => [`${ring} ${name}`, horizon, score?.n ?? 0, score?.predicted ?? 0, score?.happened ?? 0, score?.both ?? 0, share(score?.precision ?? null), share(score?.recall ?? null), score?.daysAhead == null ? '–' : score.daysAhead.toFixed(0)]);
  const foreseen = data.overall.some(({ score }) => (score?.predicted ?? 0) > 0);
  const note = foreseen ? '' : '\n\nNothing was foreseen. What was recorded long after it happened (imported, or invented for the demo) was not known at those month ends.';
  return { data, text: `${data.rulesVersion}, over ${count(months, 'month end')}\n\n${table(['Ring', 'Horizon', 'Lit', 'Predicted', 'Lost', 'Both', 'Precision', 'Recall', 'Days ahead'], rows)}${note}` };
}
