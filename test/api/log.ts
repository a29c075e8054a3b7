/** The fresh log that an app under test is given: log.db in its folder, or in KurrentDB where FIVE_RING_TEST_STORE says so. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventStore } from '../../src/kernel/event-store.js';
import { openStore } from '../../src/stores/index.js';

export interface TestLog {
  /** For FIVE_RING_STORE. */
  readonly url: string;
  /** Opens it beside the app. */
  open(): Promise<EventStore>;
  /** All that whoever holds the log has in hands. */
  bytes(): Promise<Buffer[]>;
  stop(): Promise<void>;
}

export async function freshLog(folder: string): Promise<TestLog> {
  const technology = process.env['FIVE_RING_TEST_STORE'] || 'sqlite';
  if (technology === 'sqlite') return inFile(join(folder, 'log.db'));
  if (technology !== 'kurrentdb') throw new Error(`FIVE_RING_TEST_STORE=${technology} is none; there are sqlite and kurrentdb.`);
  // Loaded only where it is used: it brings a network stack, and an emulated server.
  return (await import('../kurrentdb/fresh-log.js')).inKurrentDB();
}

function inFile(file: string): TestLog {
  const url = `sqlite:${file}`;
  return {
    url,
    open: () => openStore(url),
    bytes: () => Promise.resolve(['', '-wal'].map((suffix) => file + suffix).filter((path) => existsSync(path)).map((path) => readFileSync(path))),
    stop: () => Promise.resolve(),
  };
}
