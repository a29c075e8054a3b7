/** The audit in its file: the contract, a full disk, a file that cannot be used, and a killed process leaves it sound. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { isRepeat, recordOf } from '../../src/access/audit.js';
import { SqliteAuditTable } from '../../src/access/audit-sqlite.writer.js';
import { AuditWriter } from '../../src/access/audit.writer.js';
import { auditContract, NOW, record } from './audit.contract.js';

let folder: string;
let file: string;
const opened = new Set<AuditWriter>();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'five-ring-audit-'));
  file = join(folder, 'audit.db');
});
afterEach(async () => {
  for (const audit of opened) await audit.close();
  opened.clear();
  await rm(folder, { recursive: true });
});

async function open(table = new SqliteAuditTable(file)): Promise<AuditWriter> {
  const audit = await AuditWriter.open(table, { days: () => 400, now: () => NOW });
  opened.add(audit);
  return audit;
}

/** A file that may not grow beyond so many pages, until it may. */
function limited(): { table: SqliteAuditTable; free: () => Promise<void> } {
  let held: Database.Database | undefined;
  const table = new SqliteAuditTable(file, (name) => {
    held = new Database(name);
    held.pragma('max_page_count = 30');
    return held;
  });
  return { table, free: async () => void held!.pragma('max_page_count = 1000000') };
}

auditContract({
  table: () => new SqliteAuditTable(file),
  limited: async () => limited(),
  async tampered() {
    const db = new Database(file);
    const done = (name: string, sql: string): string[] => {
      try {
        return db.prepare(sql).run().changes > 0 ? [name] : [];
      } catch (error) {
        if (!/append-only/.test((error as Error).message)) throw error;
        return [];
      }
    };
    try {
      return [
        ...done('update', "UPDATE audit SET colleague = 'ben'"),
        ...done('replace', "INSERT OR REPLACE INTO audit (id, at, action, outcome, via, route, status, address, request, times) SELECT id, at, 'read', outcome, via, route, status, address, request, times FROM audit"),
        ...done('delete', 'DELETE FROM audit'),
      ];
    } finally {
      db.close();
    }
  },
  triggers: [['audit_no_update', 'update'], ['audit_no_replace', 'replace'], ['audit_no_delete', 'delete']],
  async drop(trigger) {
    const db = new Database(file);
    db.exec(`DROP TRIGGER ${trigger}`);
    db.close();
  },
});

it('a disk that is full is called so', async () => {
  const audit = await open(limited().table);
  for (let i = 0; i < 3000; i += 1) audit.note(record({ at: NOW + i }));
  await audit.flush();
  expect(audit.notes()).toEqual([expect.stringMatching(/^The audit cannot be written \(no room left\): \d+ records wait/)]);
});

describe('a file that cannot be used', () => {
  it('does not stop the start: it is said, and used again once it is right', async () => {
    await writeFile(file, 'This is no database, and long enough to be seen as none. '.repeat(50));
    const audit = await open();
    audit.note(record());
    await audit.flush();
    expect(audit.state).toMatchObject({ failing: true, waiting: 1 });
    await expect(audit.read({}, 10)).rejects.toMatchObject({ kind: 'unavailable', code: 'audit-unreadable' });
    await rm(file);
    expect(await audit.read({}, 10)).toHaveLength(1);
    expect(audit.notes()).toEqual([]);
  });

  it('another who holds it does not hold up the writer', async () => {
    const audit = await open();
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    audit.note(record());
    await audit.flush();
    expect(audit.state).toMatchObject({ failing: true, waiting: 1 });
    other.exec('COMMIT');
    other.close();
    await audit.flush();
    expect(audit.state).toMatchObject({ failing: false, waiting: 0, written: 1 });
  });

  it('of a newer format it is left alone', async () => {
    const newer = new Database(file);
    newer.pragma('user_version = 2');
    newer.close();
    expect((await open()).notes()).toEqual([expect.stringMatching(/audit.db has format 2/)]);
  });
});

describe('what is noted of a request', () => {
  const asked = { at: NOW, route: 'GET /api/v1/customers/:id', params: { id: '7f9c2b7e-5b3a-8c8e-9a51-8d3c2f1e0b6a' }, principal: { colleague: 'ada', via: 'session', role: 'service', scopes: null, contacts: true } as const, row: { noted: 'read' } as const, status: 200, address: '192.0.2.7', request: 'r-1' };

  it('what the table says, whoever asked; and every attempt that was not allowed', () => {
    expect(recordOf(asked)).toEqual({ at: NOW, action: 'read', outcome: 'done', colleague: 'ada', via: 'session', route: asked.route, target: asked.params.id, part: null, status: 200, address: '192.0.2.7', request: 'r-1', times: 1, until: null });
    expect(recordOf({ ...asked, row: {} })).toBeUndefined();
    expect(recordOf({ ...asked, row: undefined, principal: undefined, status: 401 })).toMatchObject({ action: 'denied', outcome: 'refused', colleague: null, via: 'nobody' });
    expect(recordOf({ ...asked, row: {}, status: 403 })).toMatchObject({ action: 'denied', colleague: 'ada' });
    expect(recordOf({ ...asked, row: { noted: 'sign-in' }, principal: undefined, status: 401 })).toMatchObject({ action: 'sign-in', outcome: 'refused' });
    expect(recordOf({ ...asked, row: { noted: 'export' }, status: 503 })).toMatchObject({ action: 'export', outcome: 'failed' });
  });

  it('of a path only ids: a name in the place of one is not kept', () => {
    expect(recordOf({ ...asked, params: { id: 'Morel' }, status: 404 })).toMatchObject({ target: null });
    expect(recordOf({ ...asked, params: { id: 'Ines Morel' }, status: 200 })).toMatchObject({ target: null });
    expect(recordOf({ ...asked, params: { id: 'ben', person: asked.params.id }, status: 200 })).toMatchObject({ target: 'ben', part: asked.params.id });
    expect(recordOf({ ...asked, status: 404 })).toMatchObject({ target: asked.params.id });
  });

  it('planted bug: one that took other colleagues’ attempts for the same would be seen', () => {
    const one = recordOf({ ...asked, row: {}, status: 403 })!;
    expect(isRepeat(one, { ...one, at: 1, request: 'r-2' })).toBe(true);
    for (const other of [{ colleague: 'ben' }, { target: null }, { status: 401 }, { address: '::1' }, { part: 'x' }]) expect(isRepeat(one, { ...one, ...other })).toBe(false);
  });
});

it('a killed process loses at most what waited, and the file stays sound', async () => {
  const child = spawn(process.execPath, ['--import', pathToFileURL(join(__dirname, '..', 'faults', 'typescript.mjs')).href, join(__dirname, 'audit.child.ts'), file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout);
  let [noted, written] = [0, 0];
  try {
    for await (const line of lines) {
      [noted, written] = line.split(' ').map(Number) as [number, number];
      if (written >= 200) break;
    }
  } finally {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  const db = new Database(file, { readonly: true });
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
  const rows = (await (await open()).read({}, 100_000)).map(({ request }) => Number(request)).reverse();
  // From the first on, none left out: what is missing is the end alone.
  expect(rows).toEqual(rows.map((_, n) => n));
  expect(rows.length).toBeGreaterThanOrEqual(written);
  expect(noted).toBeGreaterThan(0);
});
