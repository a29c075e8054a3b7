/** `rebuild`: the views made anew from the log, while a server goes on. */
import type { Answer } from './failure.js';
import { failed } from './failure.js';
import { Progress } from './progress.js';
import { count } from './screen.js';
import type { Session } from './session.js';

interface Result {
  readonly events: number;
  readonly parked: number;
  readonly ms: number;
}

export async function rebuild(session: Session): Promise<Answer> {
  const api = await session.toRead();
  const progress = await Progress.start(undefined, (done, of) => `${count(done, 'event')} of ${of}`);
  let result: Result | undefined;
  try {
    for await (const line of api.lines('POST', '/api/v1/rebuild')) {
      const { done, of } = (line['progress'] ?? {}) as { done?: number; of?: number };
      if (done !== undefined) progress.update(done, String(of));
      if (line['result'] !== undefined) result = line['result'] as Result;
    }
  } finally {
    progress.stop();
  }
  if (result === undefined) throw failed('no-answer', 'The server ended its answer without a result.');
  const parked = result.parked === 0 ? '' : ` ${count(result.parked, 'stream')} could not be taken: five-ring doctor says why.`;
  return { data: result, text: `The views were made anew from ${count(result.events, 'event')} in ${(result.ms / 1000).toFixed(1)} s, and are live.${parked}` };
}
