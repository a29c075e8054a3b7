/** What holds of the audit wherever its rows stand: they are only added, those past their age go, and what fails is said and survived. */
import type { AuditRecord, AuditTable } from '../../src/access/audit.js';
import { AuditWriter, MOST_WAITING, type AuditOptions } from '../../src/access/audit.writer.js';

export const DAY = 86_400_000;
export const NOW = Date.UTC(2026, 5, 30, 12);

export const record = (more: Partial<AuditRecord> = {}): AuditRecord => ({ at: NOW, action: 'read', outcome: 'done', colleague: 'ada', via: 'session', route: 'GET /api/v1/portfolio', target: null, part: null, status: 200, address: '192.0.2.7', request: 'r-1', times: 1, until: null, ...more });

/** An engine that holds the rows; empty before each test. */
export interface AuditEngine {
  /** Another way to the same rows. */
  table(): AuditTable;
  /** One that takes only little, or nothing, until there is room. */
  limited(): Promise<{ readonly table: AuditTable; readonly free: () => Promise<void> }>;
  /** What SQL can do to rows that stand, by its name: empty when nothing. */
  tampered(): Promise<string[]>;
  /** Names of the triggers that forbid it, with the attempt that each of them stops. */
  readonly triggers: readonly (readonly [trigger: string, attempt: string])[];
  drop(trigger: string): Promise<void>;
}

export function auditContract(engine: AuditEngine): void {
  const opened = new Set<AuditWriter>();
  afterEach(async () => {
    for (const audit of opened) await audit.close();
    opened.clear();
  });

  async function open({ table = engine.table(), ...options }: Partial<AuditOptions> & { readonly table?: AuditTable } = {}): Promise<AuditWriter> {
    const audit = await AuditWriter.open(table, { days: () => 400, now: () => NOW, ...options });
    opened.add(audit);
    // What is old is looked for at each start, and not in the middle of a test.
    await audit.removeOld().catch(() => 0);
    return audit;
  }

  describe('append-only', () => {
    it('no SQL changes or removes a row', async () => {
      const audit = await open();
      audit.note(record());
      audit.note(record({ action: 'export' }));
      expect(await audit.read({}, 10)).toHaveLength(2);
      expect(await engine.tampered()).toEqual([]);
      expect((await audit.read({}, 10)).map(({ action }) => action)).toEqual(['export', 'read']);
    });

    it.each(engine.triggers)('planted bug: without %s a row goes by %s', async (trigger, how) => {
      const audit = await open();
      audit.note(record());
      await audit.flush();
      await engine.drop(trigger);
      expect(await engine.tampered()).toContain(how);
    });
  });

  describe('retention', () => {
    it('removes what is older than the setting says, keeps the rest, and notes how much it was', async () => {
      let days = 400;
      const audit = await open({ days: () => days });
      for (const age of [0, 10, 399, 401, 500]) audit.note(record({ at: NOW - age * DAY }));
      await audit.flush();
      expect(await audit.removeOld()).toBe(2);
      const ages = async (): Promise<number[]> => (await audit.read({ action: 'read' }, 10)).map(({ at }) => (NOW - at) / DAY);
      expect(await ages()).toEqual([0, 10, 399]);
      expect(await audit.removeOld()).toBe(0);
      days = 30;
      expect(await audit.removeOld()).toBe(1);
      expect(await ages()).toEqual([0, 10]);
      expect((await audit.read({ action: 'retention' }, 10)).map(({ times }) => times)).toEqual([1, 2]);
    });

    it('in steps, however much it is', async () => {
      const audit = await open();
      for (let i = 0; i < 9000; i += 1) audit.note(record({ at: NOW - 500 * DAY }));
      audit.note(record());
      await audit.flush();
      expect(await audit.removeOld()).toBe(9000);
      expect((await audit.read({}, 10)).map(({ action }) => action).sort()).toEqual(['read', 'retention']);
    });
  });

  describe('a table that takes no more', () => {
    const fill = (audit: AuditWriter, count: number, from = 0): void => {
      for (let i = 0; i < count; i += 1) audit.note(record({ at: NOW + from + i, request: `r-${from + i}` }));
    };

    it('noting goes on, health says it, what waits is written once there is room, and nothing is lost of what fits in memory', async () => {
      const { table, free } = await engine.limited();
      const audit = await open({ table });
      fill(audit, 3000);
      await audit.flush();
      expect(audit.state).toMatchObject({ failing: true, lost: 0 });
      expect(audit.notes()).toEqual([expect.stringMatching(/^The audit cannot be written \(.+\): \d+ records wait in memory and 0 are lost\./)]);
      expect(audit.state.waiting + audit.state.written).toBe(3000);
      await free();
      await audit.flush();
      expect(audit.notes()).toEqual([]);
      expect(audit.state).toEqual({ failing: false, lost: 0, waiting: 0, written: 3000 });
      expect(new Set((await audit.read({}, 5000)).map(({ request }) => request)).size).toBe(3000);
    });

    it('what does not fit is counted, and said as a gap that begins and ends where it did', async () => {
      const { table, free } = await engine.limited();
      const audit = await open({ table });
      fill(audit, 3000);
      await audit.flush();
      const { waiting } = audit.state;
      const room = MOST_WAITING - waiting;
      fill(audit, room + 25, 3000);
      expect(audit.state).toMatchObject({ failing: true, waiting: MOST_WAITING, lost: 25 });
      expect(audit.notes()[0]).toMatch(/25 are lost/);
      await free();
      await audit.flush();
      expect(audit.notes()).toEqual([]);
      expect(await audit.read({ action: 'gap' }, 10)).toMatchObject([{ outcome: 'failed', times: 25, at: NOW + 3000 + room, until: NOW + 3000 + room + 24 }]);
      expect(await audit.read({ action: 'read' }, 20_000)).toHaveLength(3000 + room);
      fill(audit, 1, 50_000);
      await audit.flush();
      expect(await audit.read({ action: 'gap' }, 10)).toHaveLength(1);
    });

    it('planted bug: a writer that lets go of what it could not write is found by the count', async () => {
      const { table, free } = await engine.limited();
      const audit = await open({ table });
      fill(audit, 3000);
      await audit.flush();
      (audit as unknown as { waiting: AuditRecord[] }).waiting = [];
      await free();
      await audit.flush();
      expect((await audit.read({}, 5000)).length).toBeLessThan(3000);
    });
  });

  it('a record that the table cannot hold is counted as lost, and stands in nobody’s way', async () => {
    const audit = await open();
    audit.note(record({ status: 'two hundred' as never }));
    audit.note(record({ action: 'export' }));
    expect((await audit.read({}, 10)).map(({ action, times }) => [action, times])).toEqual(expect.arrayContaining([['export', 1], ['gap', 1]]));
    expect(audit.state).toMatchObject({ failing: false, lost: 1 });
  });

  it('what waits is written at the stop, and stands at the next start', async () => {
    const audit = await open();
    audit.note(record({ action: 'erase' }));
    await audit.close();
    audit.note(record({ action: 'export' }));
    expect((await (await open()).read({}, 10)).map(({ action }) => action)).toEqual(['erase']);
  });

  it('the same attempt over and over is one row that counts; other things are rows of their own', async () => {
    const audit = await open();
    const denied = record({ action: 'denied', outcome: 'refused', status: 401, colleague: null, via: 'nobody' });
    for (let i = 0; i < 500; i += 1) audit.note({ ...denied, request: `r-${i}` });
    audit.note({ ...denied, address: '192.0.2.8' });
    for (let i = 0; i < 3; i += 1) audit.note(record());
    expect((await audit.read({ action: 'denied' }, 10)).map(({ times, address }) => [address, times])).toEqual([['192.0.2.8', 1], ['192.0.2.7', 500]]);
    expect(await audit.read({ action: 'read' }, 10)).toHaveLength(3);
  });

  it('what is noted while others are written is neither lost nor counted among them', async () => {
    const audit = await open();
    const denied = record({ action: 'denied', outcome: 'refused', status: 401, colleague: null, via: 'nobody' });
    audit.note(denied);
    const written = audit.flush();
    audit.note(denied);
    await Promise.resolve();
    audit.note(denied);
    await written;
    expect((await audit.read({ action: 'denied' }, 10)).reduce((sum, { times }) => sum + times, 0)).toBe(3);
  });

  it('each filter, alone and together', async () => {
    const audit = await open();
    audit.note(record({ at: NOW - 2, target: 'customer-1', request: 'a' }));
    audit.note(record({ at: NOW - 1, colleague: 'ben', action: 'export', request: 'b' }));
    audit.note(record({ at: NOW, target: 'customer-2', part: 'customer-1', request: 'c' }));
    const found = async (filter: Parameters<AuditWriter['read']>[0]): Promise<string> => (await audit.read(filter, 10)).map(({ request }) => request).join('');
    expect(await found({})).toBe('cba');
    expect(await found({ from: NOW - 1 })).toBe('cb');
    expect(await found({ to: NOW })).toBe('ba');
    expect(await found({ colleague: 'ben' })).toBe('b');
    expect(await found({ action: 'read' })).toBe('ca');
    expect(await found({ target: 'customer-1' })).toBe('ca');
    expect(await found({ target: 'customer-1', colleague: 'ada', action: 'read', from: NOW - 2, to: NOW })).toBe('a');
  });

  it('pages neither skip nor repeat, also where instants are equal', async () => {
    const audit = await open();
    for (let i = 0; i < 25; i += 1) audit.note(record({ at: NOW + Math.floor(i / 10), request: `r-${i}` }));
    const seen: string[] = [];
    for (let page = await audit.read({}, 4); page.length > 0; page = await audit.read({}, 4, [page.at(-1)!.at, page.at(-1)!.id])) seen.push(...page.map(({ request }) => request));
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `r-${24 - i}`));
  });
}
