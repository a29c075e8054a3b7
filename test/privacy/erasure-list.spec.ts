/** The list of erasures on both engines: what was said stands, in its order, after it was opened again; and two nodes that erase the same. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Postgres, type Asking } from '../../src/database/postgres.js';
import { StoreUnavailable } from '../../src/kernel/event-store.js';
import { ErasureFile } from '../../src/privacy/erasure-file.writer.js';
import type { ErasureList, Intent, Said } from '../../src/privacy/erasure-list.js';
import { ErasureTable } from '../../src/privacy/erasure-table.writer.js';
import { startPostgres, type PostgresServer } from '../postgres/server.js';

const intent = (erasure: string, more: Partial<Intent> = {}): Intent => ({ erasure, kind: 'person', customer: 'morel', target: 'ines', people: ['ines'], subjects: ['person:ines'], at: 7, by: 'ada', reason: null, entries: 2, fields: 3, alsoAt: [], command: { commandId: 'c', mac: 'm', correlationId: 'r' }, ...more });
const said = (event: string): Said => ({ stream: 'customer-morel', revision: 3, event, position: '12' });

function contract(open: () => Promise<ErasureList>): void {
  it('what was said stands, also when it is opened again', async () => {
    const list = await open();
    for (const one of [intent('e1'), intent('e2', { kind: 'text', target: 't', people: [], subjects: ['text:aa:1'] }), intent('e3', { kind: 'colleague', customer: null, target: 'ben' })]) expect(await list.add(one)).toBe(one);
    await list.done('e1', said('x'));
    await list.done('e2', null);
    await list.cleaned(['e1', 'e2']);
    await list.cleaned([]);
    for (const one of [list, await open()]) {
      expect(one.all().map(({ intent: { erasure }, said: then, cleaned }) => [erasure, then, cleaned])).toEqual([['e1', said('x'), true], ['e2', null, true], ['e3', undefined, false]]);
      expect([one.lastSaid, one.get('e3')?.intent, one.of('colleague', null, 'ben')?.intent.erasure, one.of('person', 'other', 'ines')]).toEqual([said('x'), intent('e3', { kind: 'colleague', customer: null, target: 'ben' }), 'e3', undefined]);
    }
  });

  it('the last that erased something is found', async () => {
    const list = await open();
    await list.add(intent('e1', { kind: 'text', target: 't', subjects: ['text:aa:1'] }));
    await list.add(intent('e2', { kind: 'text', target: 't', subjects: ['text:aa:2'] }));
    expect(list.of('text', 'morel', 't')?.intent.erasure).toBe('e2');
  });
}

describe('in a file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'five-ring-erased-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  contract(async () => ErasureFile.open(join(folder, 'erased.ndjson')));
});

describe('in PostgreSQL', () => {
  let server: PostgresServer;
  let url: string;
  const nodes: Postgres[] = [];
  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createDatabase();
  });
  afterAll(() => server.stop());
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const one of nodes.splice(0)) await one.close();
    await server.asked('DROP SCHEMA IF EXISTS five_ring CASCADE', new URL(url).pathname.slice(1));
  });
  async function node(): Promise<ErasureTable> {
    nodes.push(await Postgres.open(url));
    return ErasureTable.open(nodes.at(-1)!);
  }

  contract(node);

  const oneStands = async (): Promise<void> => {
    const [a, b] = [await node(), await node()];
    for (let n = 0; n < 10; n += 1) {
      const [one, other] = await Promise.all([a.add(intent(`a${n}`, { target: `p${n}` })), b.add(intent(`b${n}`, { target: `p${n}` }))]);
      expect(one).toEqual(other);
    }
    // Another text of the same entry is another erasure.
    await a.add(intent('t1', { kind: 'text', target: 't', subjects: ['text:aa:1'] }));
    expect((await b.add(intent('t2', { kind: 'text', target: 't', subjects: ['text:aa:2'] }))).erasure).toBe('t2');
  };
  it('of two nodes that erase the same at once one is first, and the other goes by its line', oneStands);
  it('… unless it does not read on before it writes', async () => {
    const own = ErasureTable.prototype as unknown as { readOn: (client: unknown) => Promise<void> };
    const real = own.readOn;
    jest.spyOn(own, 'readOn').mockImplementation(function (this: ErasureTable, client) { return client instanceof Postgres ? real.call(this, client) : Promise.resolve(); });
    await expect(oneStands()).rejects.toThrow();
  });

  const allKnown = async (): Promise<void> => {
    const [a, b] = [await node(), await node()];
    await Promise.all(Array.from({ length: 30 }, async (_, n) => {
      const [by, other] = n % 2 === 0 ? [a, b] : [b, a];
      await by.add(intent(`e${n}`, { target: `p${n}` }));
      await by.done(`e${n}`, said(`x${n}`));
      await other.refresh();
      expect(other.get(`e${n}`)?.said).toEqual(said(`x${n}`));
    }));
    expect(a.all().map((one) => one.intent.erasure)).toEqual(b.all().map((one) => one.intent.erasure));
  };
  it('what one node wrote the other knows when it looks, in the same order, and misses nothing', allKnown);
  it('… unless whoever writes does not wait for its turn', async () => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this`
    const real = Postgres.prototype.inOne;
    let [drawn, there] = [0, 0];
    let passed = (): void => undefined;
    const others = new Promise<void>((resolve) => (passed = resolve));
    jest.spyOn(Postgres.prototype, 'inOne').mockImplementation(async function <T>(this: Postgres, work: (client: Asking) => Promise<T>): Promise<T> {
      let place = 0;
      const done = await real.call(this, async (client) => {
        const written = await work({ all: async (sql, values) => {
          const rows = sql.includes('advisory') ? [] : await client.all(sql, values);
          if (sql.startsWith('INSERT INTO five_ring.erasures')) place = drawn += 1;
          return rows as never;
        } });
        // It has drawn its number, and is there when others have read past it.
        if (place === 1) await others;
        return written;
      });
      if (place > 1 && (there += 1) === 6) passed();
      return done as T;
    });
    await expect(allKnown()).rejects.toThrow();
  });

  it('a database that is gone is said', async () => {
    const a = await node();
    await server.kill();
    await expect(a.add(intent('e1'))).rejects.toBeInstanceOf(StoreUnavailable);
    await server.start();
    expect((await a.add(intent('e1'))).erasure).toBe('e1');
  });
});
