/**
 * Puts a backup into an empty place. What is there is compared with what the backup said of itself, opened and checked beside the
 * place, and moved in only when it is sound: log first and keys last, since neither is started without the other.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { checkDatabase, ERASED, freeOf, KEYS, KEYS_MANIFEST, MANIFEST, sha256Of, sync, type BackupFile } from './backup.js';
import { damageOf, isEmpty } from './data-files.js';
import { FolderInUse, lockFolder } from './data-folder.js';
import type { Head } from './log-proof.js';

/** In the place, until all is sound. */
const STAGE = 'restore.partial';
const LOCK = 'lock.db';
const SPARE_BYTES = 16_000_000;

/** Why nothing was restored, in a sentence or two. */
export class CannotRestore extends Error {
  constructor(
    readonly code: 'no-backup' | 'backup-damaged' | 'no-keys' | 'keys-elsewhere' | 'target-exists' | 'folder-in-use' | 'disk-too-small' | 'not-sound' | 'cannot-be-used',
    message: string,
    readonly problems: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CannotRestore';
  }
}

/** What opening the data in a folder and checking all of it found. */
export interface Checked {
  readonly events: number;
  readonly head: string;
  readonly problems: readonly string[];
}

export interface RestoreOptions {
  /** Folder of the backup. */
  readonly from: string;
  /** Data folder to be: not there, or empty. */
  readonly into: string;
  /** keys.db, or a folder with it; left out, those in the backup. */
  readonly keys?: string;
  /** Keys and the list of the erased stand in PostgreSQL, and are there already. */
  readonly hasDatabase?: boolean;
  /** The newest list of the erased; left out, that of the backup. */
  readonly erased?: string;
  readonly free?: (folder: string) => number;
  /** Opens the data in a folder, which does again what is on the list of the erased, checks it, and closes it. @throws what stands in the way. */
  readonly check: (folder: string) => Promise<Checked>;
  readonly onProgress?: (what: string) => void;
}

export interface Restored {
  readonly folder: string;
  /** When the backup was made, and by which program. */
  readonly at: string;
  readonly version: string;
  /** Of the log as it is now; null when the backup has no log, which is on another machine. */
  readonly log: Head | null;
  /** As it was in the backup. */
  readonly backedUp: Head | null;
  /** Whether the keys were copied together with this log. */
  readonly keysOfThisBackup: boolean;
}

interface Manifest {
  readonly id: string | undefined;
  readonly at: string;
  readonly version: string;
  readonly log: Head | null;
  /** Whether its keys were in PostgreSQL. */
  readonly hadDatabase: boolean;
  readonly files: readonly BackupFile[];
}

/** @throws CannotRestore; then the place is as it was. */
export async function restore({ from, into, keys, hasDatabase = false, erased, free = freeOf, check, onProgress = () => undefined }: RestoreOptions): Promise<Restored> {
  const backup = resolve(from);
  const manifest = manifestOf(backup);
  const keyFile = hasDatabase ? undefined : keysFor(backup, manifest, keys);
  if (hasDatabase && !manifest.hadDatabase) throw new CannotRestore('keys-elsewhere', `The keys of ${backup} are in a file keys.db, and FIVE_RING_DB is set. Restore it without FIVE_RING_DB, then move the keys: five-ring migrate --db URL.`);
  if (erased !== undefined && !existsSync(erased)) throw new CannotRestore('no-backup', `There is no file ${erased}; name the newest erased.ndjson with --erased.`);
  for (const file of manifest.files) {
    onProgress(`comparing ${file.name}`);
    await refuseIfChanged(join(backup, file.name), file, backup);
  }
  const keysOfThisBackup = keyFile === undefined || (await refuseIfKeysDamaged(keyFile, manifest));
  const folder = resolve(into);
  const wasThere = existsSync(folder);
  refuseUnlessEmpty(folder);
  const lock = taken(folder);
  const stage = join(folder, STAGE);
  let isMoving = false;
  try {
    rmSync(stage, { recursive: true, force: true });
    const copies = [
      ...manifest.files.filter(({ name }) => name.startsWith('log/') && !(erased !== undefined && name === `log/${ERASED}`)).map(({ name }) => ({ from: join(backup, name), name: name.slice('log/'.length) })),
      ...(erased === undefined ? [] : [{ from: erased, name: ERASED }]),
      ...(keyFile === undefined ? [] : [{ from: keyFile, name: KEYS }]),
    ];
    refuseIfSmall(folder, copies.reduce((sum, copy) => sum + statSync(copy.from).size, 0), free(folder));
    mkdirSync(stage, { mode: 0o700 });
    for (const copy of copies) {
      onProgress(`copying ${copy.name}`);
      copyFileSync(copy.from, join(stage, copy.name));
      chmodSync(join(stage, copy.name), 0o600);
      sync(join(stage, copy.name));
      await nextTurn();
    }
    const checked = manifest.log === null ? null : await checkedIn(stage, check, onProgress);
    onProgress('moving all into its place');
    isMoving = true;
    moveIn(stage, folder);
    return { folder, at: manifest.at, version: manifest.version, log: checked === null ? null : { events: checked.events, head: checked.head }, backedUp: manifest.log, keysOfThisBackup };
  } catch (error) {
    if (isMoving) throw new CannotRestore('cannot-be-used', `The files could not all be moved into ${folder}: ${(error as Error).message} Remove the folder and run the same again.`, [], { cause: error });
    rmSync(stage, { recursive: true, force: true });
    if (error instanceof CannotRestore) throw error;
    throw new CannotRestore('cannot-be-used', `The backup could not be restored into ${folder}: ${(error as Error).message} Nothing was put there.`, [], { cause: error });
  } finally {
    lock.release();
    // What it made for itself goes, unless all of it is there.
    if (isBare(folder)) {
      for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(join(folder, `${LOCK}${suffix}`), { force: true });
      if (!wasThere) rmdirSync(folder);
    }
  }
}

function manifestOf(backup: string): Manifest {
  const file = join(backup, MANIFEST);
  if (!existsSync(file)) {
    const why = backup.endsWith('.partial') ? 'It was never finished: whoever made it was stopped.' : existsSync(join(backup, KEYS_MANIFEST)) ? 'These are the keys of one: name the folder of the backup, and this one with --keys.' : `A finished backup has a file ${MANIFEST}.`;
    throw new CannotRestore('no-backup', `${backup} is no backup. ${why}`);
  }
  try {
    const { id, at, version, log, keys, files } = JSON.parse(readFileSync(file, 'utf8')) as Manifest & { keys?: unknown };
    const isFile = ({ name, bytes, sha256 }: BackupFile): boolean => /^(log|keys)\/[a-z.-]+$/.test(name) && Number.isSafeInteger(bytes) && /^[0-9a-f]{64}$/.test(sha256);
    if (Number.isNaN(Date.parse(at)) || typeof version !== 'string' || !Array.isArray(files) || !files.every(isFile) || (log !== null && !Number.isSafeInteger(log.events))) throw new Error('it does not say what is in the backup');
    return { id, at, version, log, hadDatabase: keys === 'database', files };
  } catch (error) {
    throw new CannotRestore('backup-damaged', `${file} cannot be read: ${(error as Error).message}. Take another backup.`, [], { cause: error });
  }
}

/** @throws CannotRestore when there are none. */
function keysFor(backup: string, { hadDatabase, files }: Manifest, given: string | undefined): string {
  const file = given === undefined ? join(backup, 'keys', KEYS) : keysIn(given);
  if (given === undefined && hadDatabase) throw new CannotRestore('no-keys', `The keys of ${backup} were in PostgreSQL: bring them back there (docs/operations.md), and name the database with FIVE_RING_DB.`);
  if (given === undefined && !files.some(({ name }) => name === `keys/${KEYS}`)) throw new CannotRestore('no-keys', `The keys are not in ${backup}: they were kept apart from it. Name keys.db, or the folder it stands in, with --keys.`);
  if (file === undefined || isEmpty(file)) throw new CannotRestore('no-keys', `There is no keys.db at ${given ?? file}. Without its keys no name and no text of the log can be read.`);
  return file;
}

/** The keys.db that a path names: itself, in that folder, or in its folder `keys`. */
export function keysIn(path: string): string | undefined {
  const at = resolve(path);
  if (!existsSync(at)) return undefined;
  if (statSync(at).isFile()) return at;
  return [join(at, KEYS), join(at, 'keys', KEYS)].find((file) => existsSync(file));
}

async function refuseIfChanged(path: string, { bytes, sha256 }: BackupFile, backup: string): Promise<void> {
  if (!existsSync(path)) throw new CannotRestore('backup-damaged', `${path} is missing in the backup ${backup}. Take another backup; nothing was restored.`);
  const { size } = statSync(path);
  if (size !== bytes || (await sha256Of(path)) !== sha256) throw new CannotRestore('backup-damaged', `${path} is not what was copied (${size === bytes ? 'its bytes were changed' : `${size} of ${bytes} bytes are there`}). Take another backup; nothing was restored.`);
}

/** @returns whether they were copied together with the log. @throws CannotRestore. */
async function refuseIfKeysDamaged(file: string, { id, files }: Manifest): Promise<boolean> {
  const beside = join(dirname(file), KEYS_MANIFEST);
  const said = existsSync(beside) ? (JSON.parse(readFileSync(beside, 'utf8')) as { backup?: string; files?: readonly BackupFile[] }) : undefined;
  const own = said?.files?.[0];
  if (own !== undefined) await refuseIfChanged(file, own, dirname(file));
  const damage = damageOf(file);
  const problems = damage === undefined ? checkDatabase(file) : [`${file} ${damage}.`];
  if (problems.length > 0) throw new CannotRestore('backup-damaged', `The keys cannot be used: ${problems.join(' ')} Take another copy of them; nothing was restored.`);
  const together = files.find(({ name }) => name === `keys/${KEYS}`);
  return together !== undefined ? (await sha256Of(file)) === together.sha256 : said?.backup !== undefined && said.backup === id;
}

/** What may stand in a place that is still empty: what an earlier try left behind, which has put nothing there. */
const isBare = (folder: string): boolean => existsSync(folder) && readdirSync(folder).every((name) => name === STAGE || name.startsWith(LOCK));

function refuseUnlessEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new CannotRestore('target-exists', `${folder} is a file. Name a folder that is not there yet, or is empty, with --into.`);
  if (isBare(folder)) return;
  const interrupted = existsSync(join(folder, STAGE)) ? ' A restore into it was stopped while it moved the files in: remove the folder and run the same again.' : '';
  throw new CannotRestore('target-exists', `${folder} is not empty, and nothing is restored over what is there.${interrupted === '' ? ' Name a folder that is not there yet, or is empty, with --into.' : interrupted}`);
}

function taken(folder: string): { release(): void } {
  try {
    return lockFolder(folder);
  } catch (error) {
    if (error instanceof FolderInUse) throw new CannotRestore('folder-in-use', `A Five-Ring process uses ${folder}. Nothing was restored.`);
    throw new CannotRestore('cannot-be-used', `${folder} cannot be used: ${(error as Error).message}`, [], { cause: error });
  }
}

function refuseIfSmall(folder: string, bytes: number, free: number): void {
  // Views are made anew beside the log; they take up to three times its room.
  const needs = bytes * 4 + SPARE_BYTES;
  const megabytes = (value: number): string => `${Math.ceil(value / 1e6)} MB`;
  if (free < needs) throw new CannotRestore('disk-too-small', `The disk of ${folder} has ${megabytes(free)} free, and the restored data with their views need up to ${megabytes(needs)}. Nothing was copied; make room, or name a folder on another disk with --into.`);
}

async function checkedIn(stage: string, check: RestoreOptions['check'], onProgress: (what: string) => void): Promise<Checked> {
  onProgress('checking all of it');
  let checked: Checked;
  try {
    checked = await check(stage);
  } catch (error) {
    throw new CannotRestore('not-sound', `The backup cannot be opened: ${(error as Error).message.replaceAll(`${stage}/`, '')} Nothing was restored.`, [], { cause: error });
  }
  if (checked.problems.length > 0) throw new CannotRestore('not-sound', `The backup is not sound, so nothing was restored: ${checked.problems.slice(0, 5).join(' ')}${checked.problems.length > 5 ? ` (and ${checked.problems.length - 5} more)` : ''}`, checked.problems);
  return checked;
}

/** Log first, keys last: wherever it stops, a server refuses what stands there. */
function moveIn(stage: string, folder: string): void {
  const rank = (name: string): number => (name.startsWith('log.db') ? 0 : name === KEYS ? 2 : 1);
  // What belongs to a database stands there before it.
  const names = readdirSync(stage).filter((name) => !name.startsWith(LOCK)).sort((a, b) => rank(a) - rank(b) || b.length - a.length);
  for (const name of names) {
    renameSync(join(stage, name), join(folder, name));
    if (rank(name) !== 1) sync(folder);
  }
  rmSync(stage, { recursive: true, force: true });
  sync(folder);
}
