/** `backup` and `restore`. Both work on the files: a backup beside a server that runs, a restore where none can. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { backUp, CannotBackUp, DUMP, logFileOf, type Backup } from '../shell/backup.js';
import { isEmpty } from '../shell/data-files.js';
import { shown } from '../shell/moving.js';
import { CannotRestore, restore, type Restored } from '../shell/restore.js';
import { checkedData } from './checked-data.js';
import { EXIT, failed, wrongUsage, type Answer } from './failure.js';
import { noteBackup } from './noted-backup.js';
import { Progress } from './progress.js';
import { bytes, count } from './screen.js';
import type { Session } from './session.js';

export interface BackupFlags {
  /** `--without-keys` makes it false. */
  readonly keys?: string;
  readonly withoutKeys?: boolean;
}

export interface RestoreFlags {
  readonly into: string;
  readonly keys?: string;
  readonly erased?: string;
}

const progressOf = (): Promise<Progress> => Progress.start(undefined, (done, what) => (done === 0 ? what : `${what}: ${count(done, 'event')}`));

export async function backup(session: Session, to: string, { keys, withoutKeys }: BackupFlags, version: string): Promise<Answer> {
  const config = await session.config({ ...session.env, PORT: undefined });
  if (!existsSync(config.data)) throw failed('no-data', `There is no data folder ${config.data}; name another with --data or FIVE_RING_DATA.`);
  const log = logFileOf(config.store);
  const hasDatabase = config.db !== null;
  if (hasDatabase && keys !== undefined) throw wrongUsage('The keys stand in PostgreSQL (FIVE_RING_DB), whose own backup holds them: leave --keys out.');
  if (!hasDatabase && withoutKeys !== true && isEmpty(join(config.data, 'keys.db')) && !(log !== undefined && isEmpty(log))) throw failed('no-keys', `${join(config.data, 'keys.db')} is missing or empty: without it no name and no text of the log can be read. Restore it first, or say --without-keys.`);
  const progress = await progressOf();
  try {
    const made = await backUp({ data: config.data, store: config.store, to, version, hasDatabase, ...(withoutKeys === true ? { keysTo: false as const } : keys !== undefined && { keysTo: keys }), onProgress: (what, events) => progress.update(events ?? 0, what) });
    const ok = made.problems.length === 0;
    const complaint = await noteBackup(session, config, { verb: `five-ring backup${withoutKeys === true ? ' --without-keys' : keys !== undefined ? ' --keys' : ''}`, isSound: ok });
    return { data: made, text: say(made, shown(config.store), hasDatabase), ...(complaint !== undefined && { complaints: complaint }), exitCode: ok ? EXIT.done : EXIT.failed };
  } catch (error) {
    throw error instanceof CannotBackUp ? failed(error.code, error.message.replace('with --to', 'instead')) : error;
  } finally {
    progress.stop();
  }
}

function say({ folder, keys, log, files, problems }: Backup, store: string, hasDatabase: boolean): string {
  const size = files.reduce((sum, file) => sum + file.bytes, 0);
  const held = log === null ? `the log is at ${store}, whose own backup holds it (or five-ring export log)` : `${count(log.events, 'event')}, head ${log.head}`;
  const apart = hasDatabase
    ? `Keys, audit and the list of the erased are in PostgreSQL. Take them now, after the log, and keep them apart from it, for as long as key backups may be kept (the setting keyBackupDays): ${DUMP}`
    : keys === null
    ? 'The keys are not in it: without a copy of keys.db kept elsewhere, no name and no text of it can ever be read.'
    : `The keys are in ${keys}. ${keys === join(folder, 'keys') ? 'Move them away from the backup: whoever has both can read everything' : 'Keep them apart'}, and delete them when key backups expire (the setting keyBackupDays): an old key brings an erased person back.`;
  if (problems.length > 0) return [`NOT sound: ${folder} is a copy of what is there, and ${count(problems.length, 'problem')} of it:`, ...problems.slice(0, 20).map((problem) => `  ${problem}`), 'Restore the newest sound backup. five-ring doctor says more.'].join('\n');
  return [`Backup: ${folder} (${bytes(size)}), read back and sound: ${held}.`, apart, `Back with: five-ring restore ${folder} --into FOLDER${keys !== null && keys !== join(folder, 'keys') ? ` --keys ${keys}` : ''}`].join('\n');
}

export async function restoreBackup(session: Session, from: string, { into, keys, erased }: RestoreFlags): Promise<Answer> {
  const config = await session.config({ ...session.env, PORT: undefined });
  const hasDatabase = config.db !== null;
  if (hasDatabase && (keys ?? erased) !== undefined) throw wrongUsage('Keys and the list of the erased stand in PostgreSQL (FIVE_RING_DB): bring them back there, and leave --keys and --erased out.');
  const progress = await progressOf();
  try {
    const restored = await restore({
      from, into, hasDatabase, ...(keys !== undefined && { keys }), ...(erased !== undefined && { erased }),
      onProgress: (what) => progress.update(0, what),
      check: (folder) => checkedData({ ...config, data: folder, store: `sqlite:${join(folder, 'log.db')}`, heads: folder, keysLost: false }, (events) => progress.update(events, 'checking all of it')),
    });
    return { data: restored, text: sayRestored(restored, resolve(config.data), shown(config.store)) };
  } catch (error) {
    throw error instanceof CannotRestore ? failed(error.code, error.message, error.problems.length > 0 ? { problems: error.problems } : {}) : error;
  } finally {
    progress.stop();
  }
}

function sayRestored({ folder, at, version, log, backedUp, keysOfThisBackup }: Restored, data: string, store: string): string {
  const held = log === null
    ? `The log is at ${store === '' ? 'another machine' : store}: bring it back by its own backup, and run five-ring verify.`
    : `Checked: ${count(log.events, 'event')}, head ${log.head}${backedUp !== null && backedUp.head !== log.head ? ` (${count(log.events - backedUp.events, 'event')} more than in the backup: erasures that were done again)` : ', as in the backup'}.`;
  return [
    `Restored into ${folder}: the backup of ${at}, made by Five-Ring ${version}.`,
    held,
    ...(keysOfThisBackup ? [] : ['The keys are of another moment than the log: what was sealed under keys that came later reads as erased.']),
    ...(folder === data ? [] : [`Start the server with FIVE_RING_DATA=${folder}.`]),
  ].join('\n');
}
