/** What can be told of the PostgreSQL database from itself: each finding says what to do. Nothing is written. */
import { Postgres } from '../database/postgres.js';
import { placeIn } from '../views/postgres.schemas.js';
import { leadOf } from '../views/postgres.views.js';
import { failure, ok, warning, type Finding } from './examination.js';

/** A difference of clocks below this is none. */
const CLOCKS_MS = 2000;
const LONG_HOURS = 1;
/** Of the connections that the server allows. */
const MOST_USED = 0.8;

const CHECK = 'database';
const bigintParts = (key: bigint): readonly [high: number, low: number] => [Number(key >> 32n), Number(key & 0xffffffffn)];
const number = (value: number): string => value.toLocaleString('en-US');

/** Each with a clock of its own: `now`, in epoch ms. */
export async function examineDatabase(url: string, now: () => number = Date.now): Promise<Finding[]> {
  let postgres: Postgres;
  try {
    postgres = await Postgres.open(url);
  } catch (error) {
    return [failure(CHECK, (error as Error).message, 'Start the database, or correct FIVE_RING_DB. What a server does meanwhile stands in docs/operations.md.')];
  }
  try {
    return [...(await server(postgres)), await clock(postgres, now), ...(await views(postgres)), await connections(postgres), await room(postgres)];
  } catch (error) {
    return [failure(CHECK, `It cannot be asked: ${(error as Error).message}`, 'Let the role of FIVE_RING_DB own the schema five_ring; else do what the sentence says.')];
  } finally {
    await postgres.close();
  }
}

async function server(postgres: Postgres): Promise<Finding[]> {
  const [about] = await postgres.all<{ version: string; name: string; standby: number; made: number; may: number; role: string }>(
    "SELECT current_setting('server_version') AS version, current_database() AS name, current_user AS role, pg_is_in_recovery() AS standby, to_regclass('five_ring.formats') IS NOT NULL AS made, has_database_privilege(current_database(), 'CREATE') AS may",
  );
  const { version, name, role, standby, made, may } = about!;
  if (standby === 1) return [failure(CHECK, `The database ${name} is a standby, which takes no writes.`, 'Name the primary in FIVE_RING_DB, or promote this one if the primary is gone.')];
  const findings: Finding[] = [];
  // The views of each description have a schema of their own.
  if (may !== 1) findings.push(failure(CHECK, `The role ${role} may make no schema in the database ${name}.`, `GRANT CREATE ON DATABASE "${name}" TO "${role}".`));
  const unsafe = await postgres.all<{ name: string }>("SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'");
  if (unsafe.length > 0) findings.push(failure(CHECK, `The server runs with ${unsafe.map((one) => `${one.name}=off`).join(' and ')}: a power cut may damage it, and take the keys with it.`, `Set ${unsafe.map((one) => `${one.name}=on`).join(' and ')} in postgresql.conf, and restart it.`));
  const [asleep] = await postgres.all<{ value: string }>("SELECT current_setting('synchronous_commit') AS value");
  if (asleep!.value === 'off') findings.push(failure(CHECK, 'It says that it has written before it has (synchronous_commit=off): a power cut may take keys that the log needs.', 'Set synchronous_commit=on for the role and the database.'));
  const [long] = await postgres.all<{ n: number }>(`SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND xact_start < now() - interval '${LONG_HOURS} hours'`);
  if (long!.n > 0) findings.push(warning(CHECK, `${number(long!.n)} of its connections ${long!.n === 1 ? 'is' : 'are'} in one transaction for more than an hour: an erasure may have to wait for it.`, 'See pg_stat_activity, ordered by xact_start, and end it.'));
  return [ok(CHECK, `PostgreSQL ${version}, database ${name}${made === 1 ? '' : ', still without the tables of Five-Ring: the first start makes them'}.`), ...findings];
}

async function clock(postgres: Postgres, now: () => number): Promise<Finding> {
  const before = now();
  const [row] = await postgres.all<{ at: number }>('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS at');
  const after = now();
  // Asked at some moment in between.
  const off = Math.max(0, before - row!.at, row!.at - after);
  if (off < CLOCKS_MS) return ok('clock', 'The clock of the database and that of this machine say the same.');
  return warning('clock', `The clock of this machine is ${number(Math.round(off / 1000))} seconds ${row!.at > after ? 'behind' : 'before'} that of the database: sessions, links and waits end at another moment on each node.`, 'Let every machine keep the time (NTP); run doctor on each node.');
}

/** How far the rows of each description have got, and who writes them. */
async function views(postgres: Postgres): Promise<Finding[]> {
  const [there] = await postgres.all<{ views: number }>("SELECT to_regclass('five_ring.views') IS NOT NULL AS views");
  if (there!.views !== 1) return [ok('who writes', 'There are no views in the database yet.')];
  const findings: Finding[] = [];
  for (const { schema } of await postgres.all<{ schema: string }>('SELECT schema FROM five_ring.views ORDER BY used DESC')) {
    const { events, isWhole } = await placeIn(postgres, schema);
    const [high, low] = bigintParts(leadOf(schema));
    const [leader] = await postgres.all<{ address: string | null; since: string }>(
      "SELECT host(client_addr) AS address, to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS since FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock' AND objsubid = 1 AND classid::bigint = $1 AND objid::bigint = $2",
      [high, low],
    );
    const far = `${schema} has the rows of ${number(events)} events${isWhole ? '' : ', some of them still to be made'}`;
    findings.push(ok('who writes', leader === undefined ? `${far}; nobody writes on just now: no server of this version runs.` : `${far}, and a node at ${leader.address ?? 'the same machine'} writes on (connected since ${leader.since} UTC).`));
  }
  return findings;
}

async function connections(postgres: Postgres): Promise<Finding> {
  const [row] = await postgres.all<{ used: number; ours: number; allowed: number }>(
    "SELECT count(*) AS used, count(*) FILTER (WHERE datname = current_database() AND application_name LIKE 'five-ring%') AS ours, current_setting('max_connections')::int AS allowed FROM pg_stat_activity WHERE backend_type = 'client backend'",
  );
  const { used, ours, allowed } = row!;
  const says = `${number(used)} of ${number(allowed)} connections are in use, ${number(ours)} of them by Five-Ring`;
  return used > allowed * MOST_USED ? warning('connections', `${says}.`, 'Raise max_connections, or stop what else uses the server: a node needs up to 20.') : ok('connections', `${says}.`);
}

async function room(postgres: Postgres): Promise<Finding> {
  const [row] = await postgres.all<{ bytes: number }>('SELECT pg_database_size(current_database()) AS bytes');
  return ok('disk', `The database takes ${number(Math.ceil(row!.bytes / 1e6))} MB. How much is free for it PostgreSQL does not say: watch the disk of its machine.`);
}
