/**
 * Copies of what a deployment cannot make anew: the log, the audit, the list of what was erased, the heads that were kept; and,
 * in a folder of their own, the keys. Whoever has both can read everything, and a key that comes back from a copy brings an
 * erased person back: so the two are to be kept in two places, and the keys for a shorter time.
 */
import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, closeSync, copyFileSync, createReadStream, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { check } from '../stores/sqlite.check.js';
import { SqliteStore } from '../stores/sqlite.store.js';
import { HEADS, headsIn } from './kept-heads.js';
import { chained, compared, sayComparison, startOfLog, type Head } from './log-proof.js';

/** Says what is in the copy; written last, so that a folder without it is no backup. */
export const MANIFEST = 'backup.json';
/** Beside the folder to be, until it is whole. */
const PARTIAL = '.partial';
/** For what is written beside the copies while they are made and checked. */
const SPARE_BYTES = 16_000_000;
const PAGE = 500;

export const KEYS = 'keys.db';
const KEYS_COPY = `keys/${KEYS}`;
/** Beside keys that stand in a folder of their own. */
export const KEYS_MANIFEST = 'keys.json';
export const ERASED = 'erased.ndjson';
/** In the data folder: when the last backup was made, and where it went. */
export const LAST_BACKUP = 'last-backup.json';
/** Takes what PostgreSQL holds, but for the views, which are made anew, and what was counted of guesses. */
export const DUMP = 'pg_dump --schema=five_ring --no-unlogged-table-data --format=custom --file=five-ring-keys.dump "$FIVE_RING_DB"';
/** Others of the data folder, where they are there. */
const DATABASES = ['audit.db'];

export interface BackupFile {
  /** Below the backup's folder. */
  readonly name: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

export interface Backup {
  readonly folder: string;
  /** Where the keys went: a folder of their own, or the one in the backup; null when they were left out, or there are none, or they are in PostgreSQL. */
  readonly keys: string | null;
  readonly at: string;
  /** Of the program that made it. */
  readonly version: string;
  /** Of the log; null when it is on another machine, whose own backups hold it. */
  readonly log: Head | null;
  readonly files: readonly BackupFile[];
  /** What is wrong with the copies, a sentence each: with the originals too, since copying a database reads all of it. */
  readonly problems: readonly string[];
}

/** Why nothing was copied, in a sentence or two. */
export class CannotBackUp extends Error {
  constructor(
    readonly code: 'nothing-there' | 'target-exists' | 'disk-too-small' | 'cannot-be-used',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CannotBackUp';
  }
}

export interface BackupOptions {
  /** Data folder. A server may go on writing: each database is copied as it is at one moment, and in an order in which they fit together. */
  readonly data: string;
  /** URL of the log's store. */
  readonly store: string;
  /** Folder to make; it must not be there yet. */
  readonly to: string;
  /** Folder for the keys alone, made too; left out, they go into `keys` in the backup. `false`: they are left out. */
  readonly keysTo?: string | false;
  /** Keys, audit and the list of the erased stand in PostgreSQL, whose own backups hold them. */
  readonly hasDatabase?: boolean;
  readonly version: string;
  readonly now?: () => number;
  /** Room on the disk of a folder, in bytes. */
  readonly free?: (folder: string) => number;
  /** Hears what is done next, and of how many events when the log is read. */
  readonly onProgress?: (what: string, events?: number) => void;
}

/** The log's file; undefined for a log on another machine. */
export const logFileOf = (store: string): string | undefined => (/^sqlite:./s.test(store) ? resolve(store.slice('sqlite:'.length)) : undefined);

/** `backups/2026-03-02-150405-0.2.0` in the data folder. */
export const backupFolder = (data: string, version: string, now: number): string => join(data, 'backups', `${new Date(now).toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')}-${version}`);

/**
 * Copies, and reads the copies back. Interrupted at any moment, the originals are as they were and no folder stands under the
 * name; what was begun is removed by the next try.
 * @throws CannotBackUp.
 */
export async function backUp({ data, store, to, keysTo, hasDatabase = false, version, now = Date.now, free = freeOf, onProgress = () => undefined }: BackupOptions): Promise<Backup> {
  const log = logFileOf(store);
  const plan = planOf(data, log).filter(({ name }) => (hasDatabase ? OF_LOG.includes(name) : keysTo !== false || name !== KEYS_COPY));
  if (plan.length === 0 && hasDatabase) throw new CannotBackUp('nothing-there', `There is nothing to back up in ${data}: the log is on another machine, whose own backups hold it, and all else is in PostgreSQL: ${DUMP}`);
  if (plan.length === 0) throw new CannotBackUp('nothing-there', `There is nothing to back up in ${data}; name the data folder with --data or FIVE_RING_DATA.`);
  if (log !== undefined && !existsSync(log)) throw new CannotBackUp('nothing-there', `There is no log at ${log}; name the data folder with --data or FIVE_RING_DATA, or the log with FIVE_RING_STORE.`);
  const folder = resolve(to);
  if (existsSync(folder)) throw new CannotBackUp('target-exists', `${folder} is there already. Nothing was copied; name another folder with --to.`);
  const partial = `${folder}${PARTIAL}`;
  const apart = typeof keysTo === 'string' && plan.some(({ name }) => name === KEYS_COPY) ? resolve(keysTo) : undefined;
  if (apart !== undefined && isWithin(apart, folder)) throw new CannotBackUp('target-exists', `${apart} is in the backup itself: the keys are to be kept apart from it. Name a folder elsewhere with --keys.`);
  if (apart !== undefined && existsSync(apart)) throw new CannotBackUp('target-exists', `${apart} is there already. Nothing was copied; name another folder with --keys.`);
  /** Never both on one disk, not even for a moment, when the keys go elsewhere. */
  const placeOf = (name: string): string => (apart !== undefined && name === KEYS_COPY ? join(`${apart}${PARTIAL}`, KEYS) : join(partial, name));
  let isApartMade = false;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    rmSync(partial, { recursive: true, force: true });
    if (apart !== undefined) rmSync(`${apart}${PARTIAL}`, { recursive: true, force: true });
    refuseIfSmall(dirname(folder), plan, free(dirname(folder)));
    for (const { from, name } of plan) {
      onProgress(`copying ${basename(from)}`);
      mkdirSync(dirname(placeOf(name)), { recursive: true, mode: 0o700 });
      copy(from, placeOf(name));
      chmodSync(placeOf(name), 0o600);
      await nextTurn();
    }
    onProgress('checking the copies');
    const problems = plan.filter(({ name }) => name.endsWith('.db')).flatMap(({ name }) => (name === 'log/log.db' ? check(placeOf(name)) : checkDatabase(placeOf(name)))).map((problem) => problem.replaceAll(PARTIAL, ''));
    const kept = existsSync(join(partial, 'log', HEADS)) ? headsIn(readFileSync(join(partial, 'log', HEADS), 'utf8')) : [];
    const head = log === undefined ? null : await readBack(join(partial, 'log/log.db'), kept, problems, (events) => onProgress('reading the copy of the log', events));
    const files: BackupFile[] = [];
    for (const { name } of plan) files.push({ name, bytes: statSync(placeOf(name)).size, sha256: await sha256Of(placeOf(name)) });
    const at = new Date(now()).toISOString();
    const keys = plan.some(({ name }) => name === KEYS_COPY) ? (apart ?? join(folder, 'keys')) : null;
    const id = randomUUID();
    if (apart !== undefined) {
      onProgress('finishing the keys');
      setApart(apart, { id, at, version, keys: files.find(({ name }) => name === KEYS_COPY)! });
      isApartMade = true;
    }
    const inFolder = files.filter(({ name }) => apart === undefined || name !== KEYS_COPY);
    writeFileSync(join(partial, MANIFEST), `${JSON.stringify({ id, at, version, log: head, keys: hasDatabase ? 'database' : apart === undefined ? (keys === null ? 'none' : 'inside') : 'apart', files: inFolder, problems }, null, 2)}\n`, { mode: 0o600 });
    for (const place of [...inFolder.map(({ name }) => name), MANIFEST, 'log', 'keys', '.']) if (existsSync(join(partial, place))) sync(join(partial, place));
    onProgress('finishing');
    renameSync(partial, folder);
    sync(dirname(folder));
    noteLast(data, { at, version, problems, folder, keys });
    return { folder, keys, at, version, log: head, files, problems };
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (apart !== undefined) rmSync(isApartMade ? apart : `${apart}${PARTIAL}`, { recursive: true, force: true });
    if (error instanceof CannotBackUp) throw error;
    throw new CannotBackUp('cannot-be-used', `No backup could be made in ${folder}: ${(error as Error).message}. The data is as it was.`, { cause: error });
  }
}

/** What is not in PostgreSQL, where there is one. */
const OF_LOG = ['log/log.db', `log/${HEADS}`];

interface Copy {
  readonly from: string;
  readonly name: string;
}

/**
 * In the order in which they are copied while others write: no head is newer than the log, no event of the log lacks its keys,
 * and no key is gone without the list saying so.
 */
function planOf(data: string, log: string | undefined): Copy[] {
  return [
    { from: join(data, HEADS), name: `log/${HEADS}` },
    ...(log === undefined ? [] : [{ from: log, name: 'log/log.db' }]),
    ...DATABASES.map((name) => ({ from: join(data, name), name: `log/${name}` })),
    { from: join(data, KEYS), name: KEYS_COPY },
    { from: join(data, ERASED), name: `log/${ERASED}` },
  ].filter(({ from }) => existsSync(from));
}

/** The folder of the keys gets its name before the backup does: a backup that stands under its name has its keys. */
function setApart(apart: string, { id, at, version, keys }: { readonly id: string; readonly at: string; readonly version: string; readonly keys: BackupFile }): void {
  const begun = `${apart}${PARTIAL}`;
  writeFileSync(join(begun, KEYS_MANIFEST), `${JSON.stringify({ backup: id, at, version, files: [{ ...keys, name: KEYS }] }, null, 2)}\n`, { mode: 0o600 });
  for (const place of [KEYS, KEYS_MANIFEST, '.']) sync(join(begun, place));
  renameSync(begun, apart);
  sync(dirname(apart));
}

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}${sep}`);

/** What is known of the last backup where the data are, wherever it went. */
export interface LastBackup {
  readonly at: string;
  readonly version: string;
  readonly problems: readonly string[];
  readonly folder: string;
  readonly keys: string | null;
}

/** For health and doctor only: a disk that is full must not undo the backup. */
function noteLast(data: string, last: LastBackup): void {
  const file = join(data, LAST_BACKUP);
  try {
    writeFileSync(`${file}.next`, `${JSON.stringify(last)}\n`, { mode: 0o600 });
    renameSync(`${file}.next`, file);
  } catch {
    rmSync(`${file}.next`, { force: true });
  }
}

export function freeOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function refuseIfSmall(where: string, plan: readonly Copy[], free: number): void {
  const needs = plan.flatMap(({ from }) => [from, `${from}-wal`]).reduce((sum, file) => sum + (existsSync(file) ? statSync(file).size : 0), SPARE_BYTES);
  const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
  if (free < needs) throw new CannotBackUp('disk-too-small', `The disk of ${where} has ${megabytes(free)} free, and the copy needs up to ${megabytes(needs)}. Nothing was copied; make room, or name a folder on another disk with --to.`);
}

/** A database as one consistent whole, without what was deleted from it; any other file as it is. */
function copy(from: string, to: string): void {
  if (!from.endsWith('.db')) {
    copyFileSync(from, to);
    return;
  }
  const db = new Database(from, { fileMustExist: true });
  try {
    db.prepare('VACUUM INTO ?').run(to);
  } catch (error) {
    throw new Error(`${from} cannot be copied: ${(error as Error).message}`, { cause: error });
  } finally {
    db.close();
  }
}

export function checkDatabase(file: string): string[] {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    return (db.pragma('integrity_check') as { integrity_check: string }[]).filter((row) => row.integrity_check !== 'ok').map((row) => `${file}: ${row.integrity_check}.`);
  } catch (error) {
    return [`${file} cannot be read: ${(error as Error).message}.`];
  } finally {
    db.close();
  }
}

/** Reads the log in the copy from its beginning, as a server would, and compares it with the heads that were kept of it. */
async function readBack(file: string, kept: readonly Head[], problems: string[], onProgress: (events: number) => void): Promise<Head> {
  const heads = new Map(kept.map(({ events }) => [events, '']));
  let [events, head] = [0, startOfLog()];
  const passed = (): void => {
    if (heads.has(events)) heads.set(events, head.toString('hex'));
  };
  let store: SqliteStore | undefined;
  try {
    store = SqliteStore.open(file);
    passed();
    for (let page = await store.readAll(null, PAGE); page.length > 0; page = await store.readAll(page.at(-1)!.position, PAGE)) {
      for (const event of page) {
        head = chained(head, event);
        events += 1;
        passed();
      }
      onProgress(events);
      await nextTurn();
    }
    problems.push(...sayComparison(compared(kept, (at) => heads.get(at) || undefined), events));
  } catch (error) {
    problems.push(`The copy of the log cannot be read after ${events} events: ${(error as Error).message}`);
  } finally {
    await store?.close();
  }
  return { events, head: head.toString('hex') };
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}

export function sync(place: string): void {
  const fd = openSync(place, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
