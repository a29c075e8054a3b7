/**
 * Guessing and paces of several nodes, counted in PostgreSQL: together they allow what one allows. Each call is one statement, so
 * that no node that dies in the middle holds up the others. The tables are not logged: what was counted is gone when the server crashes.
 */
import type { Postgres } from '../database/postgres.js';
import { bringUp } from '../database/schema.js';
import { FIRST_WAIT, FORGOTTEN, Guessing, LONGEST_WAIT, MINUTE, MOST, PACE, type Counted } from './guessing.js';

const TEXT = 'TEXT COLLATE "C"';
/** So many calls of this node after which what is old is removed. */
const CLEAN_EVERY = 500;

/** Rows are locked in the order of their keys, by whoever counts. What is old is removed without waiting for any: nobody waits in a circle. */
const STEPS = [`
  CREATE UNLOGGED TABLE five_ring.guesses (key ${TEXT} PRIMARY KEY, failures INTEGER NOT NULL, until BIGINT NOT NULL, last BIGINT NOT NULL) WITH (fillfactor = 70);
  CREATE UNLOGGED TABLE five_ring.paces (key ${TEXT} PRIMARY KEY, since BIGINT NOT NULL, count INTEGER NOT NULL) WITH (fillfactor = 70);
  CREATE FUNCTION five_ring.fail(asked TEXT[], free INTEGER[], at_ms BIGINT, first_wait BIGINT, longest_wait BIGINT, forgotten BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
  DECLARE latest BIGINT;
  BEGIN
    INSERT INTO five_ring.guesses AS g (key, failures, until, last) SELECT one, 0, 0, at_ms FROM unnest(asked) AS one ORDER BY one COLLATE "C" ON CONFLICT (key) DO UPDATE SET last = g.last;
    UPDATE five_ring.guesses SET failures = 0, until = 0 WHERE key = ANY (asked) AND at_ms >= greatest(until, last + forgotten);
    -- Nobody waits longer for a clock that was set back.
    SELECT max(least(until, at_ms + longest_wait)) INTO latest FROM five_ring.guesses WHERE key = ANY (asked);
    IF latest > at_ms THEN
      DELETE FROM five_ring.guesses WHERE key = ANY (asked) AND failures = 0;
      RETURN latest;
    END IF;
    UPDATE five_ring.guesses AS g SET failures = g.failures + 1, last = at_ms,
      until = CASE WHEN g.failures + 1 < a.free THEN 0 ELSE at_ms + least(longest_wait, first_wait * (2 ^ least(20, g.failures + 1 - a.free))::BIGINT) END
      FROM unnest(asked, free) AS a (key, free) WHERE g.key = a.key;
    RETURN 0;
  END $$;
`];

const TAKE_BACK = 'UPDATE five_ring.guesses SET failures = failures - 1, until = CASE WHEN failures - 1 < $2 THEN 0 ELSE until END WHERE key = $1 AND failures > 0';

/** A minute ends for all nodes at once; one whose clock is a little behind begins no new one. */
const COUNT = `INSERT INTO five_ring.paces AS p (key, since, count) VALUES ($1, $2, 1)
  ON CONFLICT (key) DO UPDATE SET
    since = CASE WHEN $2 >= p.since + ${MINUTE} OR $2 < p.since - ${MINUTE} THEN $2 ELSE p.since END,
    count = CASE WHEN $2 >= p.since + ${MINUTE} OR $2 < p.since - ${MINUTE} THEN 1 ELSE least(p.count, ${PACE}) + 1 END
  RETURNING since, count`;

const CLEAN = [
  `DELETE FROM five_ring.guesses WHERE key IN (SELECT key FROM five_ring.guesses WHERE greatest(until, last + ${FORGOTTEN}) <= $1 OR failures <= 0 FOR UPDATE SKIP LOCKED)`,
  `DELETE FROM five_ring.paces WHERE key IN (SELECT key FROM five_ring.paces WHERE since + ${MINUTE} <= $1 FOR UPDATE SKIP LOCKED)`,
] as const;
/** What was touched longest ago goes first. */
const BOUND = [['guesses', 'last'], ['paces', 'since']].map(([table, touched]) => `DELETE FROM five_ring.${table} WHERE key IN (SELECT key FROM five_ring.${table} WHERE key IN (SELECT key FROM five_ring.${table} ORDER BY ${touched} DESC OFFSET ${MOST}) FOR UPDATE SKIP LOCKED)`);

export class PostgresGuessing extends Guessing {
  private calls = 0;

  protected constructor(private readonly postgres: Postgres) {
    super();
  }

  /** @throws Error when the tables cannot be made; StoreUnavailable. */
  static async open(postgres: Postgres): Promise<PostgresGuessing> {
    await bringUp(postgres, 'guessing', STEPS);
    return new PostgresGuessing(postgres);
  }

  protected async fail(counted: readonly Counted[], now: number): Promise<number> {
    await this.clean(now);
    const [row] = await this.postgres.all<{ until: number }>('SELECT five_ring.fail($1, $2, $3, $4, $5, $6) AS until', [counted.map(({ key }) => key), counted.map(({ free }) => free), now, FIRST_WAIT, LONGEST_WAIT, FORGOTTEN]);
    return row!.until;
  }

  async isFirst(name: string, until: number): Promise<boolean> {
    // Removed once it is no good any more, as a pace whose minute begins then.
    const rows = await this.postgres.all('INSERT INTO five_ring.paces (key, since, count) VALUES ($1, $2, 0) ON CONFLICT (key) DO NOTHING RETURNING 1', [name, until]);
    return rows.length === 1;
  }

  protected async forget(key: string): Promise<void> {
    await this.postgres.all('DELETE FROM five_ring.guesses WHERE key = $1', [key]);
  }

  protected async takeBack({ key, free }: Counted): Promise<void> {
    await this.postgres.all(TAKE_BACK, [key, free]);
  }

  protected async pace(key: string, now: number): Promise<number> {
    await this.clean(now);
    const [row] = await this.postgres.all<{ since: number; count: number }>(COUNT, [key, now]);
    return row!.count > PACE ? row!.since + MINUTE : 0;
  }

  /** Now and then, by whichever node gets there: what is past its time, and what is too much. */
  private async clean(now: number): Promise<void> {
    this.calls += 1;
    if (this.calls % CLEAN_EVERY !== 0) return;
    for (const statement of CLEAN) await this.postgres.all(statement, [now]);
    for (const statement of BOUND) await this.postgres.all(statement);
  }
}
