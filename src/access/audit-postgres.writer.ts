/** The audit in PostgreSQL, where several nodes write it. */
import { randomUUID } from 'node:crypto';
import { lockOf, type Postgres } from '../database/postgres.js';
import { bringUp } from '../database/schema.js';
import { PostgresStatements } from '../database/statements.js';
import { AUDIT_COLUMNS, pageOf, type AuditFilter, type AuditPlace, type AuditRecord, type AuditRow, type AuditTable } from './audit.js';

const TEXT = 'TEXT COLLATE "C"';
/** Who removes what is old holds it, so that one node does. */
const RETENTION = lockOf('five_ring audit retention');

/** Schema by format. As in the file, a row can go only while `audit_retention` says, in the same transaction, that it may. */
const STEPS = [`
  CREATE TABLE five_ring.audit (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL, action ${TEXT} NOT NULL, outcome ${TEXT} NOT NULL, colleague ${TEXT}, via ${TEXT} NOT NULL, route ${TEXT} NOT NULL, target ${TEXT}, part ${TEXT},
    status INTEGER NOT NULL, address ${TEXT} NOT NULL, request ${TEXT} NOT NULL, times BIGINT NOT NULL, until BIGINT
  );
  CREATE INDEX audit_at ON five_ring.audit (at, id);
  CREATE INDEX audit_colleague ON five_ring.audit (colleague, at, id);
  CREATE INDEX audit_action ON five_ring.audit (action, at, id);
  CREATE INDEX audit_target ON five_ring.audit (target, at, id);
  CREATE INDEX audit_part ON five_ring.audit (part, at, id) WHERE part IS NOT NULL;
  CREATE TABLE five_ring.audit_retention (before BIGINT NOT NULL);
  CREATE TABLE five_ring.audit_writers (writer UUID PRIMARY KEY, batch BIGINT NOT NULL, at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()) WITH (fillfactor = 50);
  CREATE FUNCTION five_ring.audit_stands() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'the audit is append-only';
  END $$;
  CREATE FUNCTION five_ring.audit_stands_until_its_age() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.at >= coalesce((SELECT max(before) FROM five_ring.audit_retention), -1) THEN RAISE EXCEPTION 'the audit is append-only'; END IF;
    RETURN OLD;
  END $$;
  CREATE TRIGGER audit_no_update BEFORE UPDATE ON five_ring.audit FOR EACH STATEMENT EXECUTE FUNCTION five_ring.audit_stands();
  CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON five_ring.audit FOR EACH STATEMENT EXECUTE FUNCTION five_ring.audit_stands();
  CREATE TRIGGER audit_no_delete BEFORE DELETE ON five_ring.audit FOR EACH ROW EXECUTE FUNCTION five_ring.audit_stands_until_its_age();
`];

/** Whether the batch is not there yet; said in the same transaction as its rows, so that one whose answer was lost is not written twice. */
const MINE = `INSERT INTO five_ring.audit_writers AS known (writer, batch) VALUES ($1, $2)
  ON CONFLICT (writer) DO UPDATE SET batch = EXCLUDED.batch, at = EXCLUDED.at WHERE known.batch < EXCLUDED.batch RETURNING 1`;

const NUMBERS: readonly string[] = ['at', 'status', 'times', 'until'] satisfies (keyof AuditRecord)[];
const COLUMNS = AUDIT_COLUMNS.join(', ');
const arrays = AUDIT_COLUMNS.map((name, i) => `$${i + 3}::${NUMBERS.includes(name) ? 'bigint' : 'text'}[]`).join(', ');
const ADD = `WITH mine AS (${MINE})
  INSERT INTO five_ring.audit (${COLUMNS}) SELECT ${COLUMNS} FROM mine, unnest(${arrays}) WITH ORDINALITY AS noted (${COLUMNS}, place) ORDER BY place`;
const ADD_ONE = `INSERT INTO five_ring.audit (${COLUMNS}) VALUES (${AUDIT_COLUMNS.map((_, i) => `$${i + 1}`).join(', ')})`;

/** 22: no value of that type; 23: not one the table takes. */
const isRefused = (error: unknown): boolean => /^2[23]/.test((error as { code?: string }).code ?? '');

export class PostgresAuditTable implements AuditTable {
  /** Of this node, since its start. */
  private readonly writer = randomUUID();
  private ready: Promise<void> | undefined;

  constructor(private readonly postgres: Postgres) {}

  async add(records: readonly AuditRecord[], batch: number): Promise<readonly AuditRecord[]> {
    await this.opened();
    try {
      await this.postgres.all(ADD, [this.writer, batch, ...AUDIT_COLUMNS.map((name) => records.map((record) => record[name]))]);
      return [];
    } catch (error) {
      if (!isRefused(error)) throw error;
      return this.addEach(records, batch);
    }
  }

  async read(filter: AuditFilter, limit: number, after?: AuditPlace): Promise<AuditRow[]> {
    await this.opened();
    const { sql, values } = pageOf('five_ring.audit', filter, limit, after);
    return new PostgresStatements(this.postgres).all<AuditRow>(sql, ...values);
  }

  async removeOld(before: number, atMost: number): Promise<number | undefined> {
    await this.opened();
    return this.postgres.inOne(async (client) => {
      const [lock] = await client.all<{ mine: number }>('SELECT pg_try_advisory_xact_lock($1) AS mine', [RETENTION]);
      if (lock!.mine === 0) return undefined;
      await client.all('INSERT INTO five_ring.audit_retention (before) VALUES ($1)', [before]);
      const gone = await client.all('DELETE FROM five_ring.audit WHERE id IN (SELECT id FROM five_ring.audit WHERE at < $1 ORDER BY at LIMIT $2) RETURNING 1', [before, atMost]);
      await client.all('DELETE FROM five_ring.audit_retention');
      // Of nodes that are no more.
      await client.all("DELETE FROM five_ring.audit_writers WHERE at < clock_timestamp() - interval '30 days'");
      return gone.length;
    });
  }

  /** The connections are not its own. */
  async close(): Promise<void> {
    await this.ready?.catch(() => undefined);
  }

  private async opened(): Promise<void> {
    this.ready ??= bringUp(this.postgres, 'audit', STEPS);
    try {
      await this.ready;
    } catch (error) {
      this.ready = undefined;
      throw error;
    }
  }

  /** One by one: what the table cannot hold would stand in the way of all that come after it. */
  private addEach(records: readonly AuditRecord[], batch: number): Promise<readonly AuditRecord[]> {
    return this.postgres.inOne(async (client) => {
      const refused: AuditRecord[] = [];
      const mine = await client.all(MINE, [this.writer, batch]);
      for (const record of mine.length === 0 ? [] : records) {
        await client.all('SAVEPOINT one');
        try {
          await client.all(ADD_ONE, AUDIT_COLUMNS.map((name) => record[name]));
        } catch (error) {
          if (!isRefused(error)) throw error;
          await client.all('ROLLBACK TO SAVEPOINT one');
          refused.push(record);
        }
        await client.all('RELEASE SAVEPOINT one');
      }
      return refused;
    });
  }
}
