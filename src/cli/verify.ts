/** `verify`: has the log been damaged, and are the views what the log says? */
import type { Verdict } from '../shell/operations.js';
import { EXIT, failed, type Answer } from './failure.js';
import { Progress } from './progress.js';
import { count, number, plain } from './screen.js';
import type { Session } from './session.js';

const PROBLEMS_SHOWN = 50;

export async function verify(session: Session): Promise<Answer> {
  const api = await session.toRead();
  let verdict: Verdict | undefined;
  const progress = await Progress.start(undefined, (done) => `${count(done, 'event')} checked`);
  try {
    for await (const line of api.lines('GET', '/api/v1/verify')) {
      const { done } = (line['progress'] ?? {}) as { done?: number };
      if (done !== undefined) progress.update(done);
      if (line['result'] !== undefined) verdict = line['result'] as Verdict;
    }
  } finally {
    progress.stop();
  }
  if (verdict === undefined) throw failed('no-answer', 'The server ended its answer without a verdict.');
  return { data: verdict, text: sayVerdict(verdict), exitCode: verdict.ok ? EXIT.done : EXIT.failed };
}

function sayVerdict({ ok, events, streams, head, sealedFields, erasedFields, problems }: Verdict): string {
  const read = [
    `Read ${count(events, 'event')} in ${count(streams, 'stream')}, and ${count(sealedFields, 'sealed field')}${erasedFields > 0 ? `, ${number(erasedFields)} of them erased` : ''}.`,
    `Head of the log: ${head}`,
  ];
  if (ok) return ['All is well: the store is sound, no event is missing, every sealed field opens or was erased, and the views are what a fresh replay gives.', ...read].join('\n');
  const shown = problems.slice(0, PROBLEMS_SHOWN).map((problem) => `  ${plain(problem)}`);
  return [`NOT well: ${count(problems.length, 'problem')}.`, ...shown, ...(problems.length > shown.length ? [`  … and ${number(problems.length - shown.length)} more; all with --json`] : []), ...read].join('\n');
}
