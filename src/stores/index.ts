/** Which store a URL means. A new one adds its line here, and one to the contract's spec. */
import { execFile } from 'node:child_process';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import type { EventStore } from '../kernel/event-store.js';
import { MemoryStore } from './memory.store.js';
import { check } from './sqlite.check.js';
import { SqliteStore } from './sqlite.store.js';

export interface StoreOptions {
  readonly now?: () => number;
}

type Open = (rest: string, options: StoreOptions, url: string) => EventStore | Promise<EventStore>;

/** Loaded only where it is used: it brings a network stack. */
const kurrent: Open = async (_rest, options, url) => (await import('./kurrentdb.store.js')).KurrentStore.open(url, options);

const SCHEMES: Readonly<Record<string, Open>> = {
  memory: (_rest, options) => new MemoryStore(options),
  sqlite: (file, options) => SqliteStore.open(file, options),
  kurrentdb: kurrent,
  'kurrentdb+discover': kurrent,
};

/** @throws Error for a URL that names no store; StoreUnavailable for one that cannot be opened. */
export async function openStore(url: string, options: StoreOptions = {}): Promise<EventStore> {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/s.exec(url) ?? [];
  const open = Object.hasOwn(SCHEMES, scheme) ? SCHEMES[scheme] : undefined;
  // The URL itself is left out: it may hold a password.
  if (open === undefined) throw new Error(`No event store is known as "${scheme}:"; there are memory:, sqlite:<path to log.db> and kurrentdb://<host>:<port>.`);
  if (scheme === 'sqlite' && rest === '') throw new Error('A sqlite: URL names its file: sqlite:<path to log.db>.');
  return open(rest, options, url);
}

/** Whether the log is kept by a server that others may use too. */
export const isRemote = (url: string): boolean => url.startsWith('kurrentdb');

/** Checks the files of a store from beside it: sentences, empty when all is well, or when it has no files here. What is built does so in a process of its own. */
export async function checkFiles(url: string): Promise<string[]> {
  if (!url.startsWith('sqlite:')) return [];
  const file = url.slice('sqlite:'.length);
  // Sources run under a loader that a process of its own does not have.
  if (extname(import.meta.filename) !== '.js') return check(file);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'sqlite.check.child.js'), file], { maxBuffer: 64_000_000 });
    return JSON.parse(stdout) as string[];
  } catch {
    // Where no process can be started, it takes its time here.
    return check(file);
  }
}
