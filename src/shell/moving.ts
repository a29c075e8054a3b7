/** What stands around a migration: opens both stores by their URLs, and keeps everybody else away meanwhile. */
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { StoreUnavailable, type EventStore } from '../kernel/event-store.js';
import { openStore } from '../stores/index.js';
import { FolderInUse, lockFolder, serverOf, type FolderLock } from './data-folder.js';
import { CannotMigrate, migrate, type Migration, type OnProgress } from './migration.js';

/** The file of a store that has one. */
const fileOf = (url: string): string | undefined => (/^sqlite:./s.test(url) ? resolve(url.slice('sqlite:'.length)) : undefined);

/** A URL as it may be shown: without user, password and options. What stands before the last @ goes, wherever it is. */
export function shown(url: string): string {
  const file = fileOf(url);
  if (file !== undefined) return `sqlite:${file}`;
  const [, scheme = '', slashes = '', rest = ''] = /^([a-z][a-z0-9+.-]*:)?(\/\/)?(.*)$/s.exec(url) ?? [];
  return `${scheme}${slashes}${rest.slice(rest.lastIndexOf('@') + 1).replace(/[?#].*$/s, '')}`;
}

/** A folder, or what it will be once it is made, whatever links lead to it. */
function placeOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(placeOf(parent), basename(path));
}

/**
 * Moves the log at `from` to `to`. Holds the folders of both files and the data folder, so that no server writes meanwhile.
 * @throws CannotMigrate; StoreUnavailable.
 */
export async function move(urls: { readonly from: string; readonly to: string }, data: string, onProgress?: OnProgress): Promise<Migration> {
  const [from, to] = [fileOf(urls.from), fileOf(urls.to)];
  for (const url of [urls.from, urls.to]) if (/^memory:/.test(url)) throw new CannotMigrate('not-kept', 'memory: is empty at the start and forgotten at the end; name a store that stays.');
  const isSame = from !== undefined && to !== undefined ? placeOf(from) === placeOf(to) : shown(urls.from) === shown(urls.to);
  if (isSame) throw new CannotMigrate('same-log', '--from and --to name the same log.');
  if (from !== undefined && !existsSync(from)) throw new CannotMigrate('no-source', `There is no file ${from} to move from.`);

  const locks = new Locks();
  const stores: EventStore[] = [];
  try {
    if (existsSync(data)) locks.take(data);
    if (from !== undefined) locks.take(dirname(from));
    stores.push(await opened(urls.from));
    // Asked before the target is made.
    if ((await stores[0]!.head()) === null) throw new CannotMigrate('empty-source', `${shown(urls.from)} holds no events: there is nothing to move.`);
    if (to !== undefined) locks.take(dirname(to));
    stores.push(await opened(urls.to));
    return await migrate(stores[0]!, stores[1]!, onProgress);
  } finally {
    for (const store of stores) await store.close();
    locks.release();
  }
}

async function opened(url: string): Promise<EventStore> {
  try {
    return await openStore(url);
  } catch (error) {
    // All else is about the URL itself; who said it took care not to repeat a password.
    throw new CannotMigrate(error instanceof StoreUnavailable ? 'cannot-be-used' : 'bad-url', (error as Error).message, { cause: error });
  }
}

/** Several folders, each taken once however often it is named. */
export class Locks {
  readonly #taken = new Map<string, FolderLock>();

  take(folder: string): void {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const place = realpathSync(folder);
      if (!this.#taken.has(place)) this.#taken.set(place, lockFolder(place));
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw new CannotMigrate('cannot-be-used', `${folder} cannot be used: ${(error as Error).message}.`, { cause: error });
      const url = serverOf(folder)?.url;
      throw new CannotMigrate('folder-in-use', `A Five-Ring process uses ${folder}${url === undefined ? '' : ` (the server at ${url})`}. Stop it first: what it records meanwhile would be left behind.`, { cause: error });
    }
  }

  release(): void {
    for (const lock of this.#taken.values()) lock.release();
  }
}
