/** `upgrade`: run once with a new version, before its server: backup, check, migrate, and the way back. */
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { shown } from '../shell/moving.js';
import { backUp, backupFolder, CannotBackUp, DUMP, logFileOf, type Backup } from '../shell/backup.js';
import type { Config } from '../config.js';
import { isEmpty } from '../shell/data-files.js';
import { FolderInUse, lockFolder, serverOf } from '../shell/data-folder.js';
import { failed, type Answer } from './failure.js';
import { noteBackup } from './noted-backup.js';
import { Progress } from './progress.js';
import { bytes, count } from './screen.js';
import type { Session } from './session.js';

/** A path in a shell. */
const quoted = (path: string): string => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

/** Formats of the databases, by file. */
type Formats = Readonly<Record<string, number>>;

export async function upgrade(session: Session, flags: { readonly to?: string }, version: string): Promise<Answer> {
  const config = await session.config({ ...session.env, PORT: undefined });
  if (!existsSync(config.data)) throw failed('no-data', `There is no data folder ${config.data}; name another with --data or FIVE_RING_DATA.`);
  const lock = locked(config.data);
  const progress = await Progress.start(undefined, (done, what) => (done === 0 ? what : `${what}: ${count(done, 'event')}`));
  try {
    refuseWithoutKeys(config);
    const to = flags.to ?? backupFolder(config.data, version, Date.now());
    const backup = await backUp({ data: config.data, store: config.store, hasDatabase: config.db !== null, to, version, onProgress: (what, events) => progress.update(events ?? 0, what) });
    if (backup.problems.length > 0) throw failed('data-damaged', `Nothing was changed: the data is not sound. ${backup.problems.join(' ')} A copy of it as it is stands in ${backup.folder}. Restore the newest sound backup first.`, { backup });
    const before = formatsOf(config.data, logFileOf(config.store));
    progress.update(0, 'opening the data with the new version');
    // Whatever has another form by now takes it when it is opened; views whose description changed are made anew.
    try {
      await open(config);
    } catch (error) {
      throw failed('cannot-migrate', `The data cannot be used with Five-Ring ${version}: ${(error as Error).message} ${sayWayBack(backup, config)}`, { backup });
    }
    const complaint = await noteBackup(session, config, { verb: 'five-ring upgrade', isSound: true });
    const after = formatsOf(config.data, logFileOf(config.store));
    const changed = Object.entries(after).filter(([name, format]) => before[name] !== format).map(([name, format]) => ({ file: name, from: before[name] ?? null, to: format }));
    return { data: { version, backup, changed, wayBack: wayBack(backup, config) }, text: say(version, backup, changed, config), ...(complaint !== undefined && { complaints: complaint }) };
  } catch (error) {
    throw error instanceof CannotBackUp ? failed(error.code, error.message) : error;
  } finally {
    progress.stop();
    lock.release();
  }
}

/** A backup without keys is no way back. Before anything is copied: the log is not opened yet, so a log that is there counts as one that needs them. */
function refuseWithoutKeys({ data, store, db, keysLost }: Config): void {
  const keys = join(data, 'keys.db');
  const log = logFileOf(store);
  if (db !== null || keysLost || !isEmpty(keys) || (log !== undefined && isEmpty(log))) return;
  throw failed('no-keys', `${keys} is missing or empty: without it no name or text in the log can be read. Nothing was copied or changed. Restore keys.db from its backup, then run the same again.`);
}

async function open(config: Config): Promise<void> {
  const { openParts } = await import('../app.module.js');
  const parts = await openParts(config);
  try {
    await parts.projector.caughtUp();
  } finally {
    await parts.close();
  }
}

function locked(data: string): { release(): void } {
  try {
    return lockFolder(realpathSync(data));
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw failed('no-data-folder', `${data} cannot be used: ${(error as Error).message}`);
    const url = serverOf(data)?.url;
    throw failed('folder-in-use', `A Five-Ring process uses ${data}${url === undefined ? '' : ` (the server at ${url})`}. Stop it first, then run the same again.`);
  }
}

function formatsOf(data: string, log: string | undefined): Formats {
  const files = [...(log === undefined ? [] : [log]), join(data, 'keys.db'), join(data, 'audit.db')].filter((file) => existsSync(file));
  return Object.fromEntries(files.map((file) => {
    const db = new Database(file, { readonly: true });
    try {
      return [file, Number(db.pragma('user_version', { simple: true }))];
    } finally {
      db.close();
    }
  }));
}

type Place = Pick<Config, 'data' | 'store' | 'db'>;

/** Commands that put the copies back: what lies beside a database goes first, since it belongs to the newer one. */
function wayBack({ folder, files }: Backup, { data, store }: Place): string {
  const databases = files.map(({ name }) => name).filter((name) => name.endsWith('.db'));
  const targetOf = (name: string): string => (name === 'log/log.db' ? logFileOf(store)! : join(data, name.replace(/^.*\//, '')));
  const beside = databases.flatMap((name) => ['-wal', '-shm'].map((suffix) => quoted(`${targetOf(name)}${suffix}`)));
  const views = ['', '-wal', '-shm'].map((suffix) => quoted(join(data, `views.db${suffix}`)));
  return [`rm -f ${[...beside, ...views].join(' ')}`, ...databases.map((name) => `cp ${quoted(join(folder, name))} ${quoted(targetOf(name))}`)].join(' && ');
}

const sayWayBack = (backup: Backup, place: Place): string => `The way back (what was recorded since is lost by it): stop the server, run  ${wayBack(backup, place)}  and start the version you had before.`;

function say(version: string, backup: Backup, changed: readonly { readonly file: string; readonly from: number | null; readonly to: number }[], config: Place): string {
  const size = backup.files.reduce((sum, file) => sum + file.bytes, 0);
  const log = backup.log === null ? `the log is at ${shown(config.store)}, whose own backup holds it; keys and what else stands here were copied` : `${count(backup.log.events, 'event')}, head ${backup.log.head}`;
  return [
    `The data is ready for Five-Ring ${version}. Start the server with it.`,
    `Backup: ${backup.folder} (${bytes(size)}), read back and sound: ${log}.`,
    changed.length === 0 ? 'Nothing had to change its form.' : `Changed: ${changed.map(({ file, from, to }) => `${file} from format ${from ?? 'none'} to ${to}`).join(', ')}.`,
    ...(config.db !== null ? [`Keys, audit and the list of the erased are in PostgreSQL, whose own backup holds them: ${DUMP}`] : [`Keys stand apart, in ${join(backup.folder, 'keys')}: whoever has them and the log can read everything, and an old key brings an erased person back. Move them elsewhere, and delete them once the new version has proved itself.`]),
    '',
    sayWayBack(backup, config),
  ].join('\n');
}
