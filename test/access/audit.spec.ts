/** The audit's file: rows are only added, those past their age go, a full disk is said and survived, and a killed process leaves it sound. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { isRepeat, recordOf, type AuditRecord } from '../../src/access/audit.js';
import { MOST_WAITING, SqliteAudit, type AuditOptions } from '../../src/access/audit.writer.js';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 5, 30, 12);

let folder: string;
let file: string;
const opened = new Set<SqliteAudit>();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'five-ring-audit-'));
  file = join(folder, 'audit.db');
});
afterEach(async () => {
  for (const audit of opened) audit.close();
  opened.clear();
  await rm(folder, { recursive: true });
});

function open(options: Partial<AuditOptions> = {}): SqliteAudit {
  const audit = SqliteAudit.open(file, { days: () => 400, now: () => NOW, ...options });
  opened.add(audit);
  return audit;
}

const record = (more: Partial<AuditRecord> = {}): AuditRecord => ({ at: NOW, action: 'read', outcome: 'done', colleague: 'ada', via: 'session', route: 'GET /api/v1/portfolio', target: null, part: null, status: 200, address: '192.0.2.7', request: 'r-1', times: 1, until: null, ...more });

describe('append-only', () => {
  /** What SQL can do to rows that stand: empty when nothing. */
  function tampered(): string[] {
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
  }

  it('no SQL changes or removes a row', () => {
    const audit = open();
    audit.note(record());
    audit.note(record({ action: 'export' }));
    expect(audit.read({}, 10)).toHaveLength(2);
    expect(tampered()).toEqual([]);
    expect(audit.read({}, 10).map(({ action }) => action)).toEqual(['export', 'read']);
  });

  it.each([['audit_no_update', 'update'], ['audit_no_replace', 'replace'], ['audit_no_delete', 'delete']])('planted bug: without %s a row goes by %s', (trigger, how) => {
    const audit = open();
    audit.note(record());
    audit.flush();
    const db = new Database(file);
    db.exec(`DROP TRIGGER ${trigger}`);
    db.close();
    expect(tampered()).toContain(how);
  });
});

describe('retention', () => {
  it('removes what is older than the setting says, keeps the rest, and notes how much it was', async () => {
    let days = 400;
    const audit = open({ days: () => days });
    for (const age of [0, 10, 399, 401, 500]) audit.note(record({ at: NOW - age * DAY }));
    audit.flush();
    expect(await audit.removeOld()).toBe(2);
    const ages = (): number[] => audit.read({ action: 'read' }, 10).map(({ at }) => (NOW - at) / DAY);
    expect(ages()).toEqual([0, 10, 399]);
    expect(await audit.removeOld()).toBe(0);
    days = 30;
    expect(await audit.removeOld()).toBe(1);
    expect(ages()).toEqual([0, 10]);
    expect(audit.read({ action: 'retention' }, 10).map(({ times }) => times)).toEqual([1, 2]);
  });

  it('in steps, however much it is', async () => {
    const audit = open();
    for (let i = 0; i < 9000; i += 1) audit.note(record({ at: NOW - 500 * DAY }));
    audit.note(record());
    audit.flush();
    expect(await audit.removeOld()).toBe(9000);
    expect(audit.read({}, 10).map(({ action }) => action).sort()).toEqual(['read', 'retention']);
  });
});

describe('a disk that is full', () => {
  /** A file that may not grow beyond so many pages, until it may. */
  function limited(): { audit: SqliteAudit; readonly free: () => void } {
    let file_: Database.Database | undefined;
    const audit = open({
      open(name) {
        file_ = new Database(name);
        file_.pragma('max_page_count = 30');
        return file_;
      },
    });
    return { audit, free: () => void file_!.pragma('max_page_count = 1000000') };
  }

  const fill = (audit: SqliteAudit, count: number, from = 0): void => {
    for (let i = 0; i < count; i += 1) audit.note(record({ at: NOW + from + i, request: `r-${from + i}` }));
  };

  it('noting goes on, health says it, what waits is written once there is room, and nothing is lost of what fits in memory', () => {
    const { audit, free } = limited();
    fill(audit, 3000);
    audit.flush();
    expect(audit.state).toMatchObject({ failing: true, lost: 0 });
    expect(audit.notes()).toEqual([expect.stringMatching(/^The audit cannot be written \(no room left\): \d+ records wait in memory and 0 are lost\./)]);
    expect(audit.state.waiting + audit.state.written).toBe(3000);
    free();
    audit.flush();
    expect(audit.notes()).toEqual([]);
    expect(audit.state).toEqual({ failing: false, lost: 0, waiting: 0, written: 3000 });
    expect(new Set(audit.read({}, 5000).map(({ request }) => request)).size).toBe(3000);
  });

  it('what does not fit is counted, and said as a gap that begins and ends where it did', () => {
    const { audit, free } = limited();
    fill(audit, 3000);
    audit.flush();
    const { waiting } = audit.state;
    const room = MOST_WAITING - waiting;
    fill(audit, room + 25, 3000);
    expect(audit.state).toMatchObject({ failing: true, waiting: MOST_WAITING, lost: 25 });
    expect(audit.notes()[0]).toMatch(/25 are lost/);
    free();
    audit.flush();
    expect(audit.notes()).toEqual([]);
    expect(audit.read({ action: 'gap' }, 10)).toMatchObject([{ outcome: 'failed', times: 25, at: NOW + 3000 + room, until: NOW + 3000 + room + 24 }]);
    expect(audit.read({ action: 'read' }, 20_000)).toHaveLength(3000 + room);
    fill(audit, 1, 50_000);
    audit.flush();
    expect(audit.read({ action: 'gap' }, 10)).toHaveLength(1);
  });

  it('planted bug: a writer that lets go of what it could not write is found by the count', () => {
    const { audit, free } = limited();
    fill(audit, 3000);
    audit.flush();
    (audit as unknown as { waiting: AuditRecord[] }).waiting = [];
    free();
    audit.flush();
    expect(audit.read({}, 5000).length).toBeLessThan(3000);
  });
});

describe('a file that cannot be used', () => {
  it('does not stop the start: it is said, and used again once it is right', async () => {
    await writeFile(file, 'This is no database, and long enough to be seen as none. '.repeat(50));
    const audit = open();
    audit.note(record());
    audit.flush();
    expect(audit.state).toMatchObject({ failing: true, waiting: 1 });
    expect(() => audit.read({}, 10)).toThrow(expect.objectContaining({ kind: 'unavailable', code: 'audit-unreadable' }));
    await rm(file);
    expect(audit.read({}, 10)).toHaveLength(1);
    expect(audit.notes()).toEqual([]);
  });

  it('another who holds it does not hold up the writer', () => {
    const audit = open();
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    audit.note(record());
    audit.flush();
    expect(audit.state).toMatchObject({ failing: true, waiting: 1 });
    other.exec('COMMIT');
    other.close();
    audit.flush();
    expect(audit.state).toMatchObject({ failing: false, waiting: 0, written: 1 });
  });

  it('of a newer format it is left alone', () => {
    const newer = new Database(file);
    newer.pragma('user_version = 2');
    newer.close();
    expect(open().notes()).toEqual([expect.stringMatching(/audit.db has format 2/)]);
  });
});

it('a record that the table cannot hold is counted as lost, and stands in nobody’s way', () => {
  const audit = open();
  audit.note(record({ status: 'two hundred' as never }));
  audit.note(record({ action: 'export' }));
  expect(audit.read({}, 10).map(({ action, times }) => [action, times])).toEqual(expect.arrayContaining([['export', 1], ['gap', 1]]));
  expect(audit.state).toMatchObject({ failing: false, lost: 1 });
});

it('what waits is written at the stop, and stands at the next start', () => {
  const audit = open();
  audit.note(record({ action: 'erase' }));
  audit.close();
  audit.note(record({ action: 'export' }));
  expect(open().read({}, 10).map(({ action }) => action)).toEqual(['erase']);
});

it('the same attempt over and over is one row that counts; other things are rows of their own', () => {
  const audit = open();
  const denied = record({ action: 'denied', outcome: 'refused', status: 401, colleague: null, via: 'nobody' });
  for (let i = 0; i < 500; i += 1) audit.note({ ...denied, request: `r-${i}` });
  audit.note({ ...denied, address: '192.0.2.8' });
  for (let i = 0; i < 3; i += 1) audit.note(record());
  expect(audit.read({ action: 'denied' }, 10).map(({ times, address }) => [address, times])).toEqual([['192.0.2.8', 1], ['192.0.2.7', 500]]);
  expect(audit.read({ action: 'read' }, 10)).toHaveLength(3);
});

it('pages neither skip nor repeat, also where instants are equal', () => {
  const audit = open();
  for (let i = 0; i < 25; i += 1) audit.note(record({ at: NOW + Math.floor(i / 10), request: `r-${i}` }));
  const seen: string[] = [];
  for (let page = audit.read({}, 4); page.length > 0; page = audit.read({}, 4, [page.at(-1)!.at, page.at(-1)!.id])) seen.push(...page.map(({ request }) => request));
  expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `r-${24 - i}`));
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
  const rows = open().read({}, 100_000).map(({ request }) => Number(request)).reverse();
  // From the first on, none left out: what is missing is the end alone.
  expect(rows).toEqual(rows.map((_, n) => n));
  expect(rows.length).toBeGreaterThanOrEqual(written);
  expect(noted).toBeGreaterThan(0);
});
