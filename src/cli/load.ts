/** `load`: an exported log, back into an empty place. Works on the store itself, since no server may run meanwhile. */
import { StoreUnavailable } from '../kernel/event-store.js';
import { loadLog, type Loaded } from '../shell/loading.js';
import { NotALogFile } from '../shell/log-file.js';
import { CannotMigrate } from '../shell/migration.js';
import { shown } from '../shell/moving.js';
import { checkedData } from './checked-data.js';
import { EXIT, failed, type Answer } from './failure.js';
import { Progress } from './progress.js';
import { count } from './screen.js';
import type { Session } from './session.js';

export interface LoadFlags {
  readonly keys?: string;
  readonly erased?: string;
}

export async function load(session: Session, file: string, flags: LoadFlags): Promise<Answer> {
  const config = await session.config({ ...session.env, PORT: undefined });
  const progress = await Progress.start(undefined, (done, phase) => `${count(done, 'event')} ${phase}`);
  try {
    const loaded = await loadLog({ file, data: config.data, store: config.store, ...flags, onProgress: (done, phase) => progress.update(done, phase) });
    // What is sealed can be checked only with its keys.
    const checked = loaded.hasKeys ? await checkedData(config, (done) => progress.update(done, 'verified')) : null;
    const problems = checked?.problems ?? [];
    return { data: { store: shown(config.store), ...loaded, problems }, text: say(loaded, shown(config.store), problems), exitCode: problems.length === 0 ? EXIT.done : EXIT.failed };
  } catch (error) {
    if (error instanceof NotALogFile || error instanceof CannotMigrate) throw failed(error.code, error.message);
    if (error instanceof StoreUnavailable) throw failed('store-unavailable', error.message);
    throw error;
  } finally {
    progress.stop();
  }
}

function say({ events, streams, head, hasKeys }: Loaded, store: string, problems: readonly string[]): string {
  const keys = hasKeys
    ? problems.length === 0 ? 'Checked with its keys: all is well.' : `NOT well:\n  ${problems.slice(0, 20).join('\n  ')}`
    : 'No keys were given: no name and no text can be read, and no server starts on it, until keys.db stands in the data folder (or FIVE_RING_KEYS_LOST=yes says that they are lost for good).';
  return [`${store} holds the log: ${count(events, 'event')} in ${count(streams, 'stream')}.`, `Head of the log: ${head}, as in the file.`, keys].join('\n');
}
