/** What can be told of a data folder from its files alone, whether or not a server runs on it: each finding says what to do. Nothing is written. */
import { existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DUMP, ERASED, KEYS, LAST_BACKUP, logFileOf, MANIFEST, type LastBackup } from './backup.js';
import { damageOf, isEmpty } from './data-files.js';
import { HEADS, headsIn } from './kept-heads.js';

export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly says: string;
  /** What to do; of all but `ok`. */
  readonly todo?: string;
}

export interface Examined {
  readonly data: string;
  /** URL of the log's store. */
  readonly store: string;
  /** Folder of the heads. */
  readonly heads: string;
  /** Whether keys, audit and the list of the erased stand in PostgreSQL, and not in the folder. */
  readonly hasDatabase: boolean;
  /** How long copies of the keys may be kept. */
  readonly keyBackupDays: number;
  readonly now: number;
  /** Room on the disk of a folder, in bytes; null where the system does not say. */
  readonly free?: (folder: string) => number | null;
}

const DAY = 86_400_000;
const BACKUP_DAYS = 7;
/** Below this, writes will soon be refused. */
const LEAST_FREE = 100_000_000;
const COMFORTABLE_FREE = 1_000_000_000;

export const ok = (check: string, says: string): Finding => ({ check, state: 'ok', says });
export const warning = (check: string, says: string, todo: string): Finding => ({ check, state: 'warning', says, todo });
export const failure = (check: string, says: string, todo: string): Finding => ({ check, state: 'failed', says, todo });

/** The findings; of a folder that is not there only that. */
export function examine(of: Examined): Finding[] {
  if (!existsSync(of.data) || !statSync(of.data).isDirectory()) return [failure('data folder', `There is no data folder ${of.data}.`, 'Name the right one with --data or FIVE_RING_DATA; a new one is made by the first start.')];
  return [...modes(of.data), ...files(of), ...(of.hasDatabase ? leftBehind(of) : [...together(of), ...erasedList(of.data)]), ...heads(of), ...disk(of), ...backups(of)];
}

/** Names and the keys to them are for whoever runs it alone. */
function modes(data: string): Finding[] {
  if (process.platform === 'win32') return [ok('file modes', 'Not looked at on Windows: let nobody else read the data folder.')];
  const open = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) % 0o100 !== 0;
  // Who cannot enter the folder reaches no file in it.
  const readable = readdirSync(data).filter((name) => open(join(data, name)));
  if (open(data) && readable.length === 0) return [warning('file modes', `Others on this machine may enter ${data}, though they can read none of its files.`, `chmod go= ${data}`)];
  if (open(data)) return [failure('file modes', `Others on this machine may enter ${data}, where names and the keys to them are.`, `chmod -R go= ${data}`)];
  const { uid } = statSync(data);
  const strangers = readdirSync(data).filter((name) => statSync(join(data, name), { throwIfNoEntry: false })?.uid !== uid);
  if (strangers.length > 0) return [failure('file modes', `${strangers.slice(0, 5).join(', ')} in ${data} belong${strangers.length === 1 ? 's' : ''} to another user than the folder, so that the server may not write there.`, `chown -R --reference=${data} ${data}, and run every verb as the user that the server runs as.`)];
  return [ok('file modes', 'Only its owner may enter the data folder.')];
}

function files({ data, store, hasDatabase }: Examined): Finding[] {
  const log = logFileOf(store);
  const looked: [file: string, todo: string][] = [
    ...(log === undefined ? [] : [[log, 'Keep a copy of it as it is, and restore the newest backup: five-ring restore.'] as [string, string]]),
    ...(hasDatabase ? [] : [
      [join(data, KEYS), 'Restore keys.db from its newest copy: without it no name and no text can be read.'],
      [join(data, 'audit.db'), 'Move it aside: the server begins a new one. Restore the newest copy to read the old one.'],
    ] as [string, string][]),
  ];
  const findings = looked.flatMap(([file, todo]): Finding[] => {
    const damage = damageOf(file);
    return damage === undefined ? [] : [failure('files', `${file} ${damage}.`, todo)];
  });
  const views = hasDatabase ? undefined : damageOf(join(data, 'views.db'));
  if (views !== undefined) findings.push(warning('files', `views.db ${views}.`, 'Stop the server and start it again: it is made anew from the log.'));
  return findings.length === 0 ? [ok('files', 'Every database opens and is whole, as far as a first look tells.')] : findings;
}

/** A log needs its keys, and keys their log. */
function together({ data, store }: Examined): Finding[] {
  const log = logFileOf(store);
  const [noKeys, noLog] = [isEmpty(join(data, KEYS)), log !== undefined && isEmpty(log)];
  if (noKeys && log !== undefined && !noLog) return [failure('keys', `${join(data, KEYS)} is missing or empty, and there is a log: no name and no text in it can be read.`, 'Restore keys.db from its newest copy, or name the data folder that belongs to this log.')];
  if (noLog && !noKeys) return [failure('keys', `The log (${log}) is missing or empty, and its keys are there.`, 'Restore the log from its backup, or name the right one with FIVE_RING_STORE.')];
  return [ok('keys', noKeys ? 'There is no log yet.' : 'The log and its keys are there.')];
}

/** Keys that were moved into PostgreSQL are destroyed there, and not in the file they came from. */
function leftBehind({ data, keyBackupDays }: Examined): Finding[] {
  if (isEmpty(join(data, KEYS))) return [];
  return [warning('keys', `${join(data, KEYS)} still stands there, while the keys are in PostgreSQL: whoever is erased there can be read again with it.`, `Once all is well on the database, delete ${KEYS}, audit.db and ${ERASED}, at the latest ${keyBackupDays} days after they were moved.`)];
}

function erasedList(data: string): Finding[] {
  const file = join(data, ERASED);
  if (!existsSync(file)) return [ok('list of the erased', 'Nothing was erased yet.')];
  const text = readFileSync(file, 'utf8');
  // What is behind the last line end was never written whole, and goes with the next start.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n').slice(0, -1);
  const bad = lines.findIndex((line) => line !== '' && !isJson(line));
  return bad < 0 ? [ok('list of the erased', `${lines.length} lines, all of them readable.`)] : [failure('list of the erased', `${file}, line ${bad + 1} cannot be read. It says who was erased.`, 'Put it right, or take the line from a copy of the file: the server does not start without it.')];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function heads({ data, heads: folder }: Examined): Finding[] {
  const file = join(folder, HEADS);
  try {
    const kept = existsSync(file) ? headsIn(readFileSync(file, 'utf8')).length : 0;
    if (folder === data) return [warning('kept heads', `Heads of the log are kept beside it (${kept} so far): who can edit the log can edit them too.`, 'Set FIVE_RING_HEADS to a folder elsewhere, such as a share that other people administer.')];
    return [ok('kept heads', `${kept} heads of the log are kept in ${folder}.`)];
  } catch (error) {
    return [failure('kept heads', `${file} cannot be read: ${(error as Error).message}.`, 'Give the server the right to read and write there, or name another folder with FIVE_RING_HEADS.')];
  }
}

function freeOf(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

function disk({ data, store, free = freeOf }: Examined): Finding[] {
  const log = logFileOf(store);
  return [...new Set([data, ...(log === undefined ? [] : [dirname(log)])])].map((folder): Finding => {
    const left = existsSync(folder) ? free(folder) : null;
    if (left === null) return ok('disk', `How much is free for ${folder} is not known.`);
    const views = statSync(join(data, 'views.db'), { throwIfNoEntry: false })?.size ?? 0;
    const says = `${Math.floor(left / 1e6).toLocaleString('en-US')} MB free for ${folder}`;
    if (left < LEAST_FREE) return failure('disk', `Only ${says}.`, 'Make room: writes are refused when the disk is full. Reads go on, and no restart is needed afterwards.');
    if (left < COMFORTABLE_FREE || left < 2 * views) return warning('disk', `${says}.`, `Make room: views that are made anew need up to ${Math.ceil((2 * views) / 1e6).toLocaleString('en-US')} MB for a while.`);
    return ok('disk', `${says}.`);
  });
}

function backups({ data, hasDatabase, keyBackupDays, now }: Examined): Finding[] {
  const command = hasDatabase ? `five-ring backup FOLDER, then ${DUMP}, every day and onto other disks.` : 'five-ring backup FOLDER --keys FOLDER, both on other disks, every day.';
  const known = [lastIn(join(data, LAST_BACKUP)), ...beside(data)].filter((one) => one !== undefined).sort((a, b) => (a.at < b.at ? 1 : -1));
  const last = known[0];
  if (last === undefined) return [warning('backup', 'No backup was made of these data, as far as is known here.', command)];
  const days = Math.floor((now - Date.parse(last.at)) / DAY);
  const says = `The last backup was made ${days === 0 ? 'today' : `${days} ${days === 1 ? 'day' : 'days'} ago`}${last.folder === undefined ? '' : `, in ${last.folder}`}`;
  const made: Finding = last.problems.length > 0
    ? failure('backup', `${says}, and is not sound: ${last.problems[0]}`, 'Find out what is wrong with the data (below), and keep the newest sound backup.')
    : days > BACKUP_DAYS ? warning('backup', `${says}.`, command) : ok('backup', `${says}.`);
  const beyond = known.filter(({ at, keys }) => keys !== undefined && keys !== null && existsSync(join(keys, KEYS)) && now - Date.parse(at) > keyBackupDays * DAY);
  const near = known.filter(({ folder, keys }) => folder !== undefined && typeof keys === 'string' && keys.startsWith(folder) && existsSync(join(keys, KEYS)));
  return [
    made,
    ...beyond.map(({ keys, at }) => failure('copies of keys', `${keys!} holds keys of ${at.slice(0, 10)}: longer than the ${keyBackupDays} days after which an erasure is to be final.`, `Delete ${keys!}; whoever was erased since could be read again with it.`)),
    ...near.filter((one) => !beyond.includes(one)).map(({ keys }) => warning('copies of keys', `${keys!} stands beside the log it opens.`, 'Move it elsewhere: whoever has both can read everything.')),
  ];
}

type Known = Omit<LastBackup, 'folder' | 'keys'> & Partial<Pick<LastBackup, 'folder' | 'keys'>>;

function lastIn(file: string): Known | undefined {
  try {
    const { at, version, problems, folder, keys } = JSON.parse(readFileSync(file, 'utf8')) as LastBackup;
    return Number.isNaN(Date.parse(at)) ? undefined : { at, version: String(version), problems, ...(folder !== undefined && { folder }), ...(keys !== undefined && { keys }) };
  } catch {
    return undefined;
  }
}

/** Whole backups in the data folder itself, where upgrades put them. */
function beside(data: string): Known[] {
  const folder = join(data, 'backups');
  if (!existsSync(folder)) return [];
  const latest = lastIn(join(data, LAST_BACKUP))?.folder;
  return readdirSync(folder).map((name) => join(folder, name)).filter((path) => path !== latest).flatMap((path) => {
    const said = lastIn(join(path, MANIFEST));
    return said === undefined ? [] : [{ at: said.at, version: said.version, problems: said.problems, folder: path, keys: join(path, 'keys') }];
  });
}
