/** `migrate`: moves the log to another store. Works on the stores themselves, since no server may run meanwhile. */
import { StoreUnavailable } from '../kernel/event-store.js';
import { CannotMigrate, type Migration } from '../shell/migration.js';
import { move, shown } from '../shell/moving.js';
import { failed, wrongUsage, type Answer } from './failure.js';
import { Progress } from './progress.js';
import { count, number } from './screen.js';
import type { Session } from './session.js';

interface Urls {
  readonly from: string;
  readonly to: string;
}

export async function migrateLog(session: Session, urls: Urls): Promise<Answer> {
  const { data } = await session.config({ ...session.env, PORT: undefined });
  const progress = await Progress.start(undefined, (done, phase) => `${count(done, 'event')} ${phase}`);
  try {
    const moved = await move(urls, data, (done, phase) => progress.update(done, phase));
    return { data: { from: shown(urls.from), to: shown(urls.to), ...moved }, text: sayMoved(moved, urls, data) };
  } catch (error) {
    throw failureOf(error);
  } finally {
    progress.stop();
  }
}

/** What the caller wrote wrong, as other verbs say it. */
const USAGE = ['bad-url', 'same-log', 'not-kept'];

function failureOf(error: unknown): unknown {
  if (error instanceof CannotMigrate) return USAGE.includes(error.code) ? wrongUsage(error.message) : failed(error.code, error.message);
  if (error instanceof StoreUnavailable) return failed('store-unavailable', `${error.message} What was copied is kept: run the same again, and it goes on where it stopped.`);
  return error;
}

function sayMoved({ events, streams, copied, already, head, targetHead }: Migration, { from, to }: Urls, data: string): string {
  return [
    `${shown(to)} holds the whole log of ${shown(from)}: ${count(events, 'event')} in ${count(streams, 'stream')}, ${number(copied)} copied now${already > 0 ? `, ${number(already)} there already` : ''}.`,
    `Head of the source: ${head}`,
    `Head of the target: ${targetHead}`,
    '',
    `Next: set FIVE_RING_STORE=${shown(to)}${shown(to).startsWith('sqlite:') ? '' : ' (with user and password, if it has any)'}, run five-ring verify, and start the server.`,
    `Keep keys.db: the keys stay in the data folder (${data}), and without them no name or text can be read.`,
    'The views follow at the next start: what does not fit the log is made anew. The source is as it was.',
  ].join('\n');
}
