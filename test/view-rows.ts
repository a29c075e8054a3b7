/** Empty rows of views for a test: in memory, or on PostgreSQL where FIVE_RING_TEST_DB says so. */
import { Postgres } from '../src/database/postgres.js';
import type { View } from '../src/kernel/view.js';
import { PostgresViews } from '../src/views/postgres.views.js';
import { SqliteViews } from '../src/views/sqlite.views.js';
import type { Views } from '../src/views/views.js';
import { freshDatabase, inFiles, stopDatabases } from './api/database.js';

/** Databases that nobody uses now, with their connections and the empty tables that were made in them: to make those takes longer than most tests. */
const free: Postgres[] = [];
const all: Postgres[] = [];

export async function openRows(views: readonly View[]): Promise<Views> {
  if (inFiles()) return SqliteViews.open(':memory:', views);
  const postgres = free.pop() ?? (await newDatabase());
  const rows = await PostgresViews.open(postgres, views);
  // Some tests write rows without a projector, who would ask for it.
  await rows.lead();
  const close = rows.close.bind(rows);
  rows.close = async () => {
    await close();
    await postgres.all(EMPTY);
    free.push(postgres);
  };
  return rows;
}

async function newDatabase(): Promise<Postgres> {
  const postgres = await Postgres.open((await freshDatabase()).url);
  all.push(postgres);
  return postgres;
}

/** All tables of views as they were made. Few rows are deleted more quickly than tables are truncated. */
const EMPTY = `DO $$ DECLARE place record; BEGIN
  FOR place IN SELECT format('%I.%I', schemaname, tablename) AS name, tablename FROM pg_tables WHERE schemaname LIKE 'five\\_ring\\_v\\_%' LOOP
    IF place.tablename = 'five_ring_views' THEN EXECUTE 'UPDATE ' || place.name || ' SET checkpoint = NULL, tail = NULL, latest = 0, events = 0';
    ELSE EXECUTE 'DELETE FROM ' || place.name;
    END IF;
  END LOOP;
END $$`;

afterAll(async () => {
  for (const postgres of all) await postgres.close();
  await stopDatabases();
});
