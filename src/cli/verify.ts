/** `verify`: has the log been damaged or edited, and are the views what the log says? */
import { readFileSync } from 'node:fs';
import { headsIn } from '../shell/kept-heads.js';
import { compared, sayComparison, type Head } from '../shell/log-proof.js';
import type { Verdict } from '../shell/operations.js';
import type { Connection } from './connection.js';
import { EXIT, failed, wrongUsage, type Answer } from './failure.js';
import { Progress } from './progress.js';
import { count, number, plain } from './screen.js';
import type { Session } from './session.js';

const PROBLEMS_SHOWN = 50;
/** Heads asked for in one pass over the log. */
const AT_ONCE = 100;

/** What was kept: heads with their places, or a head alone. */
type Kept = { readonly heads: readonly Head[] } | { readonly head: string };

export async function verify(session: Session, given: { readonly head?: string } = {}): Promise<Answer> {
  const kept = given.head === undefined ? undefined : keptIn(given.head);
  const api = await session.toRead();
  if (kept === undefined) {
    const verdict = await check(api, {});
    return answer(verdict, [], []);
  }
  if ('head' in kept) {
    const verdict = await check(api, { head: kept.head });
    const found = verdict.foundAt ?? null;
    if (found !== null) return answer(verdict, [`The log had the head that was kept after ${count(found, 'event')}: what it held then was not changed since.`], []);
    return answer(verdict, [], ['The log never had the head that was kept: what was recorded before it was taken has been changed or removed, or it is the head of another log. Name the file in which heads are kept (heads.ndjson), or EVENTS:HEAD, to learn where.']);
  }
  const { verdict, heads } = await around(api, kept.heads);
  const result = compared(kept.heads.filter(({ events }) => heads.has(events) || events > verdict.events), (events) => heads.get(events));
  const problems = sayComparison(result, verdict.events);
  const last = kept.heads.reduce((most, { events }) => Math.max(most, events), 0);
  const same = `The head that was kept after ${count(last, 'event')} is the log's: what it held then was not changed since.`;
  return answer(verdict, problems.length === 0 ? [same] : [], problems);
}

/** @throws Failure for text that is neither a head, nor EVENTS:HEAD, nor a file with heads. */
function keptIn(text: string): Kept {
  const [, events, head] = /^(?:(\d{1,12}):)?([0-9a-f]{64})$/i.exec(text.trim()) ?? [];
  if (head !== undefined) return events === undefined ? { head: head.toLowerCase() } : { heads: [{ events: Number(events), head: head.toLowerCase() }] };
  let heads: readonly Head[];
  try {
    heads = headsIn(readFileSync(text, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw wrongUsage(`--head ${plain(text)} is neither a head (64 hex digits), nor EVENTS:HEAD, nor a file that can be read${code === undefined ? '' : ` (${code})`}.`);
  }
  if (heads.length === 0) throw wrongUsage(`--head ${plain(text)} holds no heads; each stands in a line such as {"events":1200,"head":"…"}.`);
  return { heads };
}

/**
 * The log's heads at the places that tell where it was changed: at some places spread over all that were kept, and, while the
 * first that differs and the last that is the same have others between them, at some of those.
 */
async function around(api: Connection, kept: readonly Head[]): Promise<{ verdict: Verdict; heads: Map<number, string> }> {
  const sorted = [...new Map(kept.map((one) => [one.events, one])).values()].sort((a, b) => a.events - b.events);
  const heads = new Map<number, string>();
  let verdict: Verdict | undefined;
  for (let [from, to] = [0, sorted.length - 1]; from <= to; ) {
    const places = spread(sorted, from, to);
    const said = await check(api, { at: places.map(({ events }) => events).join() });
    verdict ??= said;
    for (const { events, head } of said.heads) heads.set(events, head);
    // Of what is beyond the end of the log nothing more is to be learnt.
    const differs = sorted.findIndex(({ events, head }) => heads.has(events) && heads.get(events) !== head);
    if (differs < 0) break;
    const same = sorted.findLastIndex(({ events, head }, i) => i < differs && heads.get(events) === head);
    [from, to] = [same + 1, differs - 1];
  }
  return { verdict: verdict!, heads };
}

/** Up to so many of the heads between two places, the last of them always. */
function spread(sorted: readonly Head[], from: number, to: number): Head[] {
  const total = to - from + 1;
  const picked = Math.min(total, AT_ONCE);
  return Array.from({ length: picked }, (_, i) => sorted[to - Math.floor((i * total) / picked)]!).reverse();
}

export async function check(api: Connection, query: { readonly at?: string; readonly head?: string }): Promise<Verdict> {
  let verdict: Verdict | undefined;
  const progress = await Progress.start(undefined, (done) => `${count(done, 'event')} checked`);
  const asked = new URLSearchParams(query).toString();
  try {
    for await (const line of api.lines('GET', `/api/v1/verify${asked === '' ? '' : `?${asked}`}`)) {
      const { done } = (line['progress'] ?? {}) as { done?: number };
      if (done !== undefined) progress.update(done);
      if (line['result'] !== undefined) verdict = line['result'] as Verdict;
    }
  } finally {
    progress.stop();
  }
  if (verdict === undefined) throw failed('no-answer', 'The server ended its answer without a verdict.');
  return verdict;
}

/** `found` and `wrong`: what the heads that were named say besides. */
function answer(verdict: Verdict, found: readonly string[], wrong: readonly string[]): Answer {
  const problems = [...new Set([...verdict.problems, ...wrong])];
  const ok = problems.length === 0;
  const data = { ...verdict, ok, problems };
  return { data, text: [sayVerdict(data), ...found].join('\n'), exitCode: ok ? EXIT.done : EXIT.failed };
}

function sayVerdict({ ok, events, streams, head, sealedFields, erasedFields, keptHeads, problems }: Verdict): string {
  const read = [
    `Read ${count(events, 'event')} in ${count(streams, 'stream')}, and ${count(sealedFields, 'sealed field')}${erasedFields > 0 ? `, ${number(erasedFields)} of them erased` : ''}.`,
    `Head of the log: ${head}`,
    ...(keptHeads > 0 ? [`Compared with ${count(keptHeads, 'head')} kept of it.`] : []),
  ];
  if (ok) return ['All is well: the store is sound, no event is missing, every sealed field opens or was erased, and the views are what a fresh replay gives.', ...read].join('\n');
  const shown = problems.slice(0, PROBLEMS_SHOWN).map((problem) => `  ${plain(problem)}`);
  return [`NOT well: ${count(problems.length, 'problem')}.`, ...shown, ...(problems.length > shown.length ? [`  … and ${number(problems.length - shown.length)} more; all with --json`] : []), ...read].join('\n');
}
