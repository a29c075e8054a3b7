/** The schema `five_ring` of what all nodes share: each part of it is made by whichever node comes first. */
import { lockOf, type Asking, type Postgres } from './postgres.js';

export const SCHEMA = 'five_ring';
const LOCK = lockOf('five_ring schema');

/**
 * Brings the tables of a part to the format that this version knows; `steps[n]` is the SQL that leads from format n to n + 1.
 * Of nodes that start together one does it, and the others wait. Done again it changes nothing.
 * @throws Error when a newer version wrote them, or the role may not make them; StoreUnavailable.
 */
export async function bringUp(postgres: Postgres, part: string, steps: readonly string[]): Promise<void> {
  try {
    await postgres.inOne((client) => stepUp(client, part, steps));
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error;
    const [who] = await postgres.all<{ role: string; name: string }>('SELECT current_user AS role, current_database() AS name');
    throw new Error(`The role ${who!.role} may not make the tables of Five-Ring in the database ${who!.name} (${(error as Error).message}); say there: GRANT CREATE ON DATABASE "${who!.name}" TO "${who!.role}", or make the role the owner of the schema ${SCHEMA}.`, { cause: error });
  }
}

async function stepUp(client: Asking, part: string, steps: readonly string[]): Promise<void> {
  const [there] = await client.all<{ schema: number }>("SELECT to_regclass('five_ring.formats') IS NOT NULL AS schema");
  if (there!.schema === 1 && (await formatOf(client, part, steps)) === steps.length) return;
  await client.all('SELECT pg_advisory_xact_lock($1)', [LOCK]);
  // One that is there is not asked for again: whoever may not make schemas may use it all the same.
  const [made] = await client.all<{ schema: number }>("SELECT to_regnamespace('five_ring') IS NOT NULL AS schema");
  if (made!.schema === 0) await client.all(`CREATE SCHEMA ${SCHEMA}`);
  await client.all(`CREATE TABLE IF NOT EXISTS ${SCHEMA}.formats (part TEXT COLLATE "C" PRIMARY KEY, format INTEGER NOT NULL)`);
  const format = await formatOf(client, part, steps);
  for (const step of steps.slice(format)) await client.all(step);
  await client.all(`INSERT INTO ${SCHEMA}.formats (part, format) VALUES ($1, $2) ON CONFLICT (part) DO UPDATE SET format = EXCLUDED.format`, [part, steps.length]);
}

async function formatOf(client: Asking, part: string, steps: readonly string[]): Promise<number> {
  const [row] = await client.all<{ format: number }>(`SELECT format FROM ${SCHEMA}.formats WHERE part = $1`, [part]);
  const format = row?.format ?? 0;
  if (format > steps.length) throw new Error(`The database that FIVE_RING_DB names was written by a newer Five-Ring (${part} has format ${format}; this version knows up to ${steps.length}). Upgrade Five-Ring.`);
  return format;
}
