/** The database that an app under test is given: files in its folder, or PostgreSQL where FIVE_RING_TEST_DB says so. */
import type { PostgresServer } from '../postgres/server.js';

export interface TestDatabase {
  /** For FIVE_RING_DB; '' for files. */
  readonly url: string;
  /** Folders with the files of its tables, as they are when all is written; none for files of the app's own folder. */
  files(): Promise<string[]>;
  /** What a statement gives, in PostgreSQL. */
  asked(sql: string): Promise<Record<string, unknown>[]>;
  /** Removes it with all that is in it. */
  stop(): Promise<void>;
}

/** Whether what an app keeps beside its log stands in files of its folder. */
export const inFiles = (): boolean => (process.env['FIVE_RING_TEST_DB'] || 'sqlite') === 'sqlite';

/** One server for all the tests of a file; each app has a database of its own on it. */
let server: Promise<PostgresServer> | undefined;

export async function freshDatabase(): Promise<TestDatabase> {
  if (inFiles()) return { url: '', files: () => Promise.resolve([]), asked: () => Promise.reject(new Error('it stands in files')), stop: () => Promise.resolve() };
  if (process.env['FIVE_RING_TEST_DB'] !== 'postgres') throw new Error(`FIVE_RING_TEST_DB=${process.env['FIVE_RING_TEST_DB']} is none; there are sqlite and postgres.`);
  // Loaded only where it is used.
  server ??= import('../postgres/server.js').then(({ startPostgres }) => startPostgres());
  const running = await server;
  const url = await running.createDatabase();
  return { url, files: () => running.filesOf(url), asked: (sql) => running.asked(sql, new URL(url).pathname.slice(1)), stop: () => running.dropDatabase(url) };
}

/** After the apps of a file of tests. */
export async function stopDatabases(): Promise<void> {
  await (await server)?.stop();
  server = undefined;
}
