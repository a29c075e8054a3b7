/**
 * Copies of what a deployment cannot make anew: the log, the audit, the list of what was erased, the heads that were kept; and,
 * in a folder of their own, the keys. Whoever has both can read everything, and a key that comes back from a copy brings an
 * erased person back: so the two are to be kept in two places, and the keys for a shorter time.
 */
import { createHash } from 'node:crypto';
import { closeSync, copyFileSync, createReadStream, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
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

const KEYS = 'keys.db';
/** Others of the data folder, where they are there. */
const DATABASES = ['audit.db'];
const FILES = ['erased.ndjson', HEADS];

export interface BackupFile {
  /** Below the backup's folder. */
  readonly name: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

export interface Backup {
  readonly folder: string;
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
  /** Data folder. The caller holds its lock, so that nobody writes meanwhile. */
  readonly data: string;
  /** URL of the log's store. */
  readonly store: string;
  /** Folder to make; it must not be there yet. */
  readonly to: string;
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
export async function backUp({ data, store, to, version, now = Date.now, free = freeOf, onProgress = () => undefined }: BackupOptions): Promise<Backup> {
  const log = logFileOf(store);
  const plan = planOf(data, log);
  if (plan.length === 0) throw new CannotBackUp('nothing-there', `There is nothing to back up in ${data}; name the data folder with --data or FIVE_RING_DATA.`);
  if (log !== undefined && !existsSync(log)) throw new CannotBackUp('nothing-there', `There is no log at ${log}; name the data folder with --data or FIVE_RING_DATA, or the log with FIVE_RING_STORE.`);
  const folder = resolve(to);
  if (existsSync(folder)) throw new CannotBackUp('target-exists', `${folder} is there already. Nothing was copied; name another folder with --to.`);
  const partial = `${folder}${PARTIAL}`;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    rmSync(partial, { recursive: true, force: true });
    refuseIfSmall(dirname(folder), plan, free(dirname(folder)));
    for (const { from, name } of plan) {
      onProgress(`copying ${basename(from)}`);
      mkdirSync(dirname(join(partial, name)), { recursive: true, mode: 0o700 });
      copy(from, join(partial, name));
      await nextTurn();
    }
    onProgress('checking the copies');
    const problems = plan.filter(({ name }) => name.endsWith('.db')).flatMap(({ name }) => (name === 'log/log.db' ? check(join(partial, name)) : checkDatabase(join(partial, name)))).map((problem) => problem.replaceAll(partial, folder));
    const kept = existsSync(join(partial, 'log', HEADS)) ? headsIn(readFileSync(join(partial, 'log', HEADS), 'utf8')) : [];
    const head = log === undefined ? null : await readBack(join(partial, 'log/log.db'), kept, problems, (events) => onProgress('reading the copy of the log', events));
    const files: BackupFile[] = [];
    for (const { name } of plan) files.push({ name, bytes: statSync(join(partial, name)).size, sha256: await sha256Of(join(partial, name)) });
    const at = new Date(now()).toISOString();
    writeFileSync(join(partial, MANIFEST), `${JSON.stringify({ at, version, log: head, files, problems }, null, 2)}\n`);
    for (const place of [...files.map(({ name }) => name), MANIFEST, 'log', 'keys', '.']) if (existsSync(join(partial, place))) sync(join(partial, place));
    renameSync(partial, folder);
    sync(dirname(folder));
    return { folder, at, version, log: head, files, problems };
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (error instanceof CannotBackUp) throw error;
    throw new CannotBackUp('cannot-be-used', `No backup could be made in ${folder}: ${(error as Error).message}. The data is as it was.`, { cause: error });
  }
}

interface Copy {
  readonly from: string;
  readonly name: string;
}

function planOf(data: string, log: string | undefined): Copy[] {
  return [
    ...(log === undefined ? [] : [{ from: log, name: 'log/log.db' }]),
    ...[...DATABASES, ...FILES].map((name) => ({ from: join(data, name), name: `log/${name}` })),
    { from: join(data, KEYS), name: `keys/${KEYS}` },
  ].filter(({ from }) => existsSync(from));
}

function freeOf(folder: string): number {
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

function checkDatabase(file: string): string[] {
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

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}

function sync(place: string): void {
  const fd = openSync(place, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
