/** `migrate`: moves the log to another store, or what stands beside it into PostgreSQL and back. Works on the stores themselves, since no server may run meanwhile. */
import { StoreUnavailable } from '../kernel/event-store.js';
import type { MovedKeys } from '../move-keys.js';
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

export interface MigrateFlags extends Partial<Urls> {
  /** True: the one that FIVE_RING_DB names. */
  readonly db?: string | true;
  readonly back?: boolean;
}

export async function migrate(session: Session, { from, to, db, back }: MigrateFlags): Promise<Answer> {
  if (db !== undefined) {
    if ((from ?? to) !== undefined) throw wrongUsage('--db moves keys and audit, --from and --to the log: one after the other.');
    const url = db === true ? session.env['FIVE_RING_DB'] : db;
    if (!url) throw wrongUsage('Name the database: --db postgres://user:password@host:5432/database, or FIVE_RING_DB.');
    return migrateKeys(session, url, back === true);
  }
  if (back === true) throw wrongUsage('--back goes with --db.');
  if (from === undefined || to === undefined) throw wrongUsage('Say --from and --to to move the log, or --db to move keys and audit into PostgreSQL.');
  return migrateLog(session, { from, to });
}

async function migrateKeys(session: Session, db: string, back: boolean): Promise<Answer> {
  const { data, store } = await session.config({ ...session.env, PORT: undefined, FIVE_RING_DB: undefined });
  const { moveIntoDatabase, moveOutOfDatabase } = await import('../move-keys.js');
  const progress = await Progress.start(undefined, (done, what) => `${number(done)} ${what}`);
  try {
    const moved = await (back ? moveOutOfDatabase : moveIntoDatabase)({ data, store, db, onProgress: (done, what) => progress.update(done, what) });
    return { data: { data, db: shown(db), back, ...moved }, text: sayMovedKeys(moved, { data, db: shown(db), back }) };
  } catch (error) {
    if (error instanceof StoreUnavailable) throw failed('store-unavailable', `${error.message} Nothing was moved, unless the answer alone was lost: run the same again, and it says.`);
    throw failureOf(error);
  } finally {
    progress.stop();
  }
}

function sayMovedKeys({ moved, already, tried }: MovedKeys, { data, db, back }: { readonly data: string; readonly db: string; readonly back: boolean }): string {
  const what = Object.entries(moved).map(([name, n]) => `${number(n)} ${name}`).join(', ');
  if (already) return `${db} holds all of ${data} already: ${what}. Nothing was copied.`;
  return [
    `${back ? data : db} holds what stood in ${back ? db : data}: ${what}.`,
    tried === 0 ? 'There is no log yet to try the keys on.' : `Read back and compared; ${count(tried, 'event')} of the log opened with both say the same.`,
    '',
    ...(back
      ? ['Next: start the server without FIVE_RING_DB, and run five-ring verify. Views are made anew from the log.', 'The database is as it was: once all is well, say there DROP SCHEMA five_ring CASCADE, since keys that are destroyed from now on still stand in it.']
      : ['Next: set FIVE_RING_DB, start the server, and run five-ring verify. Views are made anew from the log, and guesses are counted anew.', `The files are as they were: once all is well, delete keys.db, audit.db and erased.ndjson in ${data}, at the latest when key backups expire: whoever is erased from now on can be read again with them.`]),
  ].join('\n');
}

async function migrateLog(session: Session, urls: Urls): Promise<Answer> {
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
