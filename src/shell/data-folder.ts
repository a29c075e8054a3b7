/** One owner of a data folder: a lock that dies with its process, and the address of the server that holds it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

const LOCK = 'lock.db';
const ADDRESS = 'server.json';

export class FolderInUse extends Error {
  constructor(folder: string) {
    super(`Another Five-Ring process uses ${folder}. Stop it, or name another folder with FIVE_RING_DATA.`);
    this.name = 'FolderInUse';
  }
}

export interface FolderLock {
  /** Tells the CLI where the server answers, and by which token it knows who holds the folder. */
  announce(url: string, operator: string): void;
  release(): void;
}

/** Takes the folder, creating it when it is not there. @throws FolderInUse; Error when it cannot be written. */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = new Database(join(folder, LOCK), { timeout: 0 });
  try {
    // Held until the process ends, however it ends: the operating system lets go.
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (['SQLITE_BUSY', 'SQLITE_LOCKED'].includes(String((error as { code?: unknown }).code))) throw new FolderInUse(folder);
    throw error;
  }
  const address = join(folder, ADDRESS);
  rmSync(address, { force: true });
  return {
    announce: (url, operator) => writeFileSync(address, JSON.stringify({ url, pid: process.pid, operator }), { mode: 0o600 }),
    release() {
      rmSync(address, { force: true });
      lock.close();
    },
  };
}

/** Where a server answers, and the token of whoever holds its folder. */
export interface Announced {
  readonly url: string;
  readonly operator: string;
}

/** The server that says it holds the folder; it may have died. */
export function serverOf(folder: string): Announced | undefined {
  try {
    const { url, operator } = JSON.parse(readFileSync(join(folder, ADDRESS), 'utf8')) as { url?: unknown; operator?: unknown };
    return typeof url === 'string' && typeof operator === 'string' ? { url, operator } : undefined;
  } catch {
    return undefined;
  }
}
