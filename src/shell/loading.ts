/** Brings an exported log into an empty store. A log in a file gets its name only when all of it is there and was read back. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openStore } from '../stores/index.js';
import { ERASED, KEYS, logFileOf, sync } from './backup.js';
import { damageOf, isEmpty } from './data-files.js';
import { checkLogFile, LogFile, NotALogFile } from './log-file.js';
import { CannotMigrate, migrate, type Migration } from './migration.js';
import { Locks, shown } from './moving.js';
import { keysIn } from './restore.js';

/** Of the log's file, until it is whole. */
const PARTIAL = '.partial';

export interface LoadOptions {
  readonly file: string;
  /** Data folder that the log is for. */
  readonly data: string;
  /** URL of the store; a file must not be there yet, another store be empty, or begun from the same file. */
  readonly store: string;
  /** keys.db that belongs to the log, or a folder with it. */
  readonly keys?: string;
  /** The newest list of the erased. */
  readonly erased?: string;
  readonly onProgress?: (done: number, phase: string) => void;
}

export interface Loaded extends Migration {
  /** Whether keys.db stands in the data folder now. */
  readonly hasKeys: boolean;
}

/** @throws NotALogFile, CannotMigrate, StoreUnavailable; where the log is a file, nothing stands under its name then. */
export async function loadLog({ file, data, store, keys, erased, onProgress = () => undefined }: LoadOptions): Promise<Loaded> {
  if (/^memory:/.test(store)) throw new CannotMigrate('not-kept', 'memory: is forgotten at the end; name a store that stays with FIVE_RING_STORE.');
  if (!existsSync(file)) throw new NotALogFile('cannot-read', `There is no file ${file}.`);
  const target = logFileOf(store);
  if (target !== undefined && !isEmpty(target)) throw new CannotMigrate('target-differs', `${target} is there already, and nothing is loaded over a log. Name another data folder with --data.`);
  const keyFile = keys === undefined ? undefined : keysIn(keys);
  if (keys !== undefined && (keyFile === undefined || isEmpty(keyFile))) throw new CannotMigrate('cannot-be-used', `There is no keys.db at ${keys}.`);
  const damage = keyFile === undefined ? undefined : damageOf(keyFile);
  if (damage !== undefined) throw new CannotMigrate('cannot-be-used', `${keyFile} ${damage}.`);
  if (erased !== undefined && !existsSync(erased)) throw new CannotMigrate('cannot-be-used', `There is no file ${erased}.`);
  for (const [given, name] of [[keyFile, KEYS], [erased, ERASED]] as const) if (given !== undefined && !isEmpty(join(data, name))) throw new CannotMigrate('target-differs', `${join(data, name)} is there already, and nothing is put over it. Name another data folder with --data.`);
  const checked = await checkLogFile(file, (events) => onProgress(events, 'checked'));
  if (checked.events === 0) throw new CannotMigrate('empty-source', `${file} holds no events: there is nothing to load.`);

  const locks = new Locks();
  try {
    locks.take(data);
    if (target !== undefined) locks.take(dirname(target));
    for (const [given, name] of [[keyFile, KEYS], [erased, ERASED]] as const) if (given !== undefined) place(given, join(data, name));
    const moved = await into(target === undefined ? store : `sqlite:${target}${PARTIAL}`, new LogFile(file, checked), onProgress);
    if (target !== undefined) {
      renameSync(`${target}${PARTIAL}`, target);
      sync(dirname(target));
    }
    return { ...moved, hasKeys: !isEmpty(join(data, KEYS)) };
  } finally {
    locks.release();
  }
}

async function into(url: string, source: LogFile, onProgress: (done: number, phase: string) => void): Promise<Migration> {
  const begun = logFileOf(url);
  // One that was stopped half way is begun anew.
  if (begun !== undefined) for (const suffix of ['', '-wal', '-shm']) rmSync(begun + suffix, { force: true });
  let to;
  try {
    to = await openStore(url);
  } catch (error) {
    throw new CannotMigrate('cannot-be-used', `${shown(url)} cannot be opened: ${(error as Error).message}`, { cause: error });
  }
  try {
    return await migrate(source, to, onProgress);
  } catch (error) {
    if (error instanceof CannotMigrate || error instanceof NotALogFile) throw error;
    // An id or a command that no program of ours writes.
    if (error instanceof TypeError || error instanceof RangeError || (error as Error).name === 'Error') throw new NotALogFile('changed', `The file holds an event that the store does not take: ${(error as Error).message}. It was changed since it was written.`, { cause: error });
    throw error;
  } finally {
    await source.close();
    await to.close();
    if (begun !== undefined) sync(dirname(begun));
  }
}

/** Whole or not at all, for its owner alone. */
function place(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  copyFileSync(from, `${to}${PARTIAL}`);
  chmodSync(`${to}${PARTIAL}`, 0o600);
  sync(`${to}${PARTIAL}`);
  renameSync(`${to}${PARTIAL}`, to);
  sync(dirname(to));
}
