/** The audit in PostgreSQL: the contract, several nodes that write it, an answer that was lost, and a server that goes and comes back. */
import type { AuditRecord } from '../../src/access/audit.js';
import { PostgresAuditTable } from '../../src/access/audit-postgres.writer.js';
import { AuditWriter } from '../../src/access/audit.writer.js';
import { lockOf, Postgres } from '../../src/database/postgres.js';
import { StoreUnavailable } from '../../src/kernel/event-store.js';
import { startPostgres, type PostgresServer } from '../postgres/server.js';
import { auditContract, DAY, NOW, record } from './audit.contract.js';

let server: PostgresServer;
let url: string;
let postgres: Postgres;
const others = new Set<Postgres>();
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  url = await server.createDatabase();
  postgres = await Postgres.open(url);
});
// After those of the contract, which close what they opened first.
afterEach(async () => {
  for (const one of [postgres, ...others]) await one.close();
  others.clear();
  await server.dropDatabase(url);
});

async function node(): Promise<Postgres> {
  const other = await Postgres.open(url);
  others.add(other);
  return other;
}

async function writer(table = new PostgresAuditTable(postgres)): Promise<AuditWriter> {
  const audit = await AuditWriter.open(table, { days: () => 400, now: () => NOW });
  // What is old is looked for at each start, and not in the middle of a test.
  await audit.removeOld().catch(() => 0);
  return audit;
}

/** What each attempt does to rows that stand; taken back again. */
async function tampered(): Promise<string[]> {
  const done: string[] = [];
  const columns = 'at, action, outcome, via, route, status, address, request, times';
  for (const [name, sql] of [
    ['update', "UPDATE five_ring.audit SET colleague = 'ben' RETURNING 1"],
    ['replace', `INSERT INTO five_ring.audit (id, ${columns}) OVERRIDING SYSTEM VALUE SELECT id, ${columns} FROM five_ring.audit ON CONFLICT (id) DO UPDATE SET action = 'read' RETURNING 1`],
    ['delete', 'DELETE FROM five_ring.audit RETURNING 1'],
    ['truncate', 'TRUNCATE five_ring.audit'],
  ] as const) {
    await postgres.inOne(async (client) => {
      const changed = await client.all(sql);
      const [{ left }] = (await client.all<{ left: number }>('SELECT count(*) AS left FROM five_ring.audit')) as [{ left: number }];
      if (changed.length > 0 || left === 0) done.push(name);
      throw new Error('append-only enough');
    }).catch((error: unknown) => {
      if (!/append-only/.test((error as Error).message)) throw error;
    });
  }
  return done;
}

auditContract({
  table: () => new PostgresAuditTable(postgres),
  async limited() {
    const table = new PostgresAuditTable(postgres);
    await table.read({}, 1);
    await postgres.all('ALTER TABLE five_ring.audit RENAME TO audit_away');
    return { table, free: async () => void (await postgres.all('ALTER TABLE five_ring.audit_away RENAME TO audit')) };
  },
  tampered,
  triggers: [['audit_no_update', 'update'], ['audit_no_update', 'replace'], ['audit_no_delete', 'delete'], ['audit_no_truncate', 'truncate']],
  drop: async (trigger) => void (await postgres.all(`DROP TRIGGER ${trigger} ON five_ring.audit`)),
});

it('nodes that start together make the table once, and write it together', async () => {
  const nodes = await Promise.all(Array.from({ length: 4 }, async () => writer(new PostgresAuditTable(await node()))));
  await Promise.all(nodes.map(async (audit, n) => {
    for (let i = 0; i < 1200; i += 1) audit.note(record({ at: NOW + i, request: `${n}-${i}` }));
    await audit.flush();
  }));
  const rows = await nodes[0]!.read({}, 10_000);
  expect(new Set(rows.map(({ request }) => request)).size).toBe(4800);
  expect(rows).toHaveLength(4800);
  expect(await nodes[3]!.read({}, 10_000)).toEqual(rows);
  for (const audit of nodes) await audit.close();
});

describe('a batch whose answer was lost', () => {
  /** One that writes the first batch and says that it could not. */
  function losing(): Postgres {
    let left = 1;
    return new Proxy(postgres, {
      get(target, name) {
        if (name !== 'all') return Reflect.get(target, name, target) as unknown;
        return async (sql: string, values?: readonly unknown[]) => {
          const rows = await target.all(sql, values);
          if (/INSERT INTO five_ring.audit \(/.test(sql) && (left -= 1) >= 0) throw new StoreUnavailable('The answer was lost.', 'unreachable');
          return rows;
        };
      },
    });
  }

  async function written(table: PostgresAuditTable): Promise<number> {
    const audit = await writer(table);
    for (let i = 0; i < 700; i += 1) audit.note(record({ at: NOW + i, request: `r-${i}` }));
    await audit.flush();
    expect(audit.state).toMatchObject({ failing: true, waiting: 700 });
    await audit.flush();
    const rows = await audit.read({}, 5000);
    await audit.close();
    expect(new Set(rows.map(({ request }) => request)).size).toBe(700);
    return rows.length;
  }

  it('is not written twice', async () => {
    expect(await written(new PostgresAuditTable(losing()))).toBe(700);
  });

  it('planted bug: one that gets another number at each attempt is there twice', async () => {
    class Renumbering extends PostgresAuditTable {
      private tries = 0;
      override add(records: readonly AuditRecord[]): Promise<readonly AuditRecord[]> {
        return super.add(records, (this.tries += 1));
      }
    }
    expect(await written(new Renumbering(losing()))).toBeGreaterThan(700);
  });
});

it('what is old is removed by one node at a time', async () => {
  const audit = await writer();
  for (let i = 0; i < 10; i += 1) audit.note(record({ at: NOW - 500 * DAY }));
  await audit.flush();
  const other = await node();
  await other.inOne(async (client) => {
    await client.all('SELECT pg_advisory_xact_lock($1)', [lockOf('five_ring audit retention')]);
    expect(await audit.removeOld()).toBe(0);
  });
  expect(await audit.removeOld()).toBe(10);
  expect((await audit.read({}, 10)).map(({ action, times }) => [action, times])).toEqual([['retention', 10]]);
  await audit.close();
});

it('while the server is away noting goes on, and afterwards all of it is there, once', async () => {
  const audit = await writer();
  audit.note(record({ request: 'before' }));
  await audit.flush();
  // In the middle of a transaction of somebody else, who hears of it, and nobody more.
  await expect(postgres.inOne(async (client) => {
    await client.all('SELECT 1');
    await server.kill();
    await client.all('SELECT 1');
  })).rejects.toBeInstanceOf(StoreUnavailable);
  audit.note(record({ request: 'meanwhile' }));
  await audit.flush();
  expect(audit.state).toMatchObject({ failing: true, waiting: 1, lost: 0 });
  expect(audit.notes()).toEqual([expect.stringMatching(/^The audit cannot be written \(The database that FIVE_RING_DB names does not answer: .+\): 1 records wait/)]);
  await expect(audit.read({}, 10)).rejects.toMatchObject({ kind: 'unavailable', code: 'audit-unreadable' });
  await server.start();
  await audit.flush();
  expect((await audit.read({}, 10)).map(({ request }) => request)).toEqual(['meanwhile', 'before']);
  expect(audit.notes()).toEqual([]);
  await audit.close();
});

it('tables of a newer version are left alone, and a role without rights is told what it lacks', async () => {
  await (await writer()).close();
  await postgres.all("UPDATE five_ring.formats SET format = 2 WHERE part = 'audit'");
  const audit = await writer();
  expect(audit.notes()).toEqual([expect.stringContaining('written by a newer Five-Ring (audit has format 2; this version knows up to 1)')]);
  await audit.close();
  const name = new URL(url).pathname.slice(1);
  await server.asked(`CREATE ROLE guest_${name} LOGIN`);
  const guest = await Postgres.open(url.replace('five_ring@', `guest_${name}@`));
  others.add(guest);
  const own = await writer(new PostgresAuditTable(guest));
  expect(own.notes()).toEqual([expect.stringMatching(/The role guest_\w+ may not make the tables of Five-Ring in the database \w+ \(permission denied for \w+ \w+\)/)]);
  await own.close();
});
