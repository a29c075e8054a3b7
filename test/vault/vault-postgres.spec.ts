/** The vault in PostgreSQL: the contract, several nodes on it, what is left in its files, and a server that is cut off. Beside each what a bug would do. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Postgres } from '../../src/database/postgres.js';
import { StoreUnavailable, type NewEvent } from '../../src/kernel/event-store.js';
import { MemoryStore } from '../../src/stores/memory.store.js';
import { openFields, sealFields } from '../../src/vault/codec.js';
import { KeysAtHand } from '../../src/vault/keys-at-hand.js';
import { KeysWithEvents } from '../../src/vault/keys-with-events.js';
import { PostgresKeyTables } from '../../src/vault/postgres-key-tables.js';
import { PostgresVault } from '../../src/vault/postgres.vault.js';
import { Secrets } from '../../src/vault/secrets.js';
import { startPostgres, type PostgresServer } from '../postgres/server.js';
import { link, NOW, sealed, sealedText, session, vaultContract } from './vault.contract.js';

let server: PostgresServer;
let url: string;
const nodes = new Map<PostgresVault, Postgres>();
beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase();
});
afterAll(() => server.stop());
afterEach(async () => {
  jest.restoreAllMocks();
  for (const [vault, postgres] of nodes) {
    await vault.close();
    await postgres.close();
  }
  nodes.clear();
  await server.asked('DROP SCHEMA IF EXISTS five_ring CASCADE', new URL(url).pathname.slice(1));
});

/** Another node on the same database. */
async function node(tries?: number): Promise<PostgresVault> {
  const postgres = await Postgres.open(url);
  const vault = await PostgresVault.open(postgres, tries);
  nodes.set(vault, postgres);
  return vault;
}

/** One that hears no message. */
async function deaf(): Promise<PostgresVault> {
  const vault = await node();
  await vault.close();
  return vault;
}

/** Waits for what must come without being asked for. */
async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !holds(); ) {
    if (Date.now() > end) throw new Error('It does not come.');
    await sleep(5);
  }
}

const isFailing = async (check: () => Promise<void>): Promise<boolean> => check().then(() => false, () => true);

vaultContract({ open: () => node() });

describe('two nodes', () => {
  it('a key made on one is read on the other, and of those who make it at once one is first', async () => {
    const [a, b] = [await node(), await node()];
    expect(await (await sealed(a, 'person:ines'))(b)).toBe('a secret');
    for (let n = 0; n < 20; n += 1) {
      const subjects = [`person:a${n}`, `person:b${n}`, `person:c${n}`];
      await Promise.all([a.ensureKeys(subjects), b.ensureKeys([...subjects].reverse())]);
      for (const subject of subjects) expect(a.keyOf(subject)!.export()).toEqual(b.keyOf(subject)!.export());
    }
    expect(a.mac('text')).toBe(b.mac('text'));
  });

  const goneAtTheNextRead = async (): Promise<void> => {
    const [a, b] = [await node(), await deaf()];
    const [hers, his] = [await sealed(b, 'person:ines'), await sealed(b, 'person:paul')];
    const [one, other] = [await sealedText(b, 'person:paul'), await sealedText(b, 'person:paul')];
    await a.destroy(['person:ines', one.key]);
    expect([await hers(b), await his(b), await one.read(b), await other.read(b)]).toEqual([undefined, 'a secret', undefined, 'a secret']);
    await expect(b.ensureKeys(['person:ines'])).rejects.toMatchObject({ code: 'person-erased' });
  };
  it('what one destroyed is gone on the other when it is read, though no message came', goneAtTheNextRead);
  it('… unless it trusts what it has at hand', async () => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this`
    const real = PostgresKeyTables.prototype.find;
    jest.spyOn(PostgresKeyTables.prototype, 'find').mockImplementation(function (this: PostgresKeyTables & { known?: Map<string, Awaited<ReturnType<typeof real>>> }, names, blocks) {
      const known = (this.known ??= new Map());
      const key = JSON.stringify([names, blocks]);
      return known.has(key) ? Promise.resolve(known.get(key)!) : real.call(this, names, blocks).then((found) => (known.set(key, found), found));
    });
    expect(await isFailing(goneAtTheNextRead)).toBe(true);
  });

  const goneAtOnce = async (): Promise<void> => {
    const [a, b] = [await node(), await node()];
    await b.ensureKeys(['person:ines']);
    const [one, other] = [await sealedText(b, 'person:paul'), await sealedText(b, 'person:paul')];
    await a.destroy(['person:ines', one.key, ...Array.from({ length: 500 }, (_, n) => `person:${n} with a name that is so long that all of them do not fit into one message`)]);
    await until(() => b.keyOf('person:ines') === undefined && b.keyOf(one.key) === undefined);
    // Somebody may be about to open these.
    expect([b.keyOf('person:paul'), b.keyOf(other.key)]).not.toContain(undefined);
    expect(await b.nextTextKey()).not.toContain(one.key.split(':')[1]);
    expect(await other.read(a)).toBe('a secret');
  };
  it('a node that is told drops the key at once, and nothing else', goneAtOnce);

  it('what was missed while the line was cut is asked for', async () => {
    const [a, b] = [await node(), await node()];
    await b.ensureKeys(['person:ines', 'person:paul']);
    const text = await sealedText(b, 'person:paul');
    await server.asked("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'five-ring listener'");
    await a.destroy(['person:ines', text.key]);
    await until(() => b.keyOf('person:ines') === undefined && b.keyOf(text.key) === undefined);
    expect(b.keyOf('person:paul')).toBeDefined();
  });

  it('each gives out names of texts of its own, and either erases texts of the other while it goes on', async () => {
    const [a, b] = [await node(), await node()];
    const texts = await Promise.all(Array.from({ length: 60 }, (_, n) => sealedText(n % 2 === 0 ? a : b, 'person:ines')));
    expect(new Set(texts.map(({ key }) => key)).size).toBe(60);
    const going = texts.filter((_, n) => n % 5 === 0);
    const late: Awaited<ReturnType<typeof sealedText>>[] = [];
    await Promise.all([
      ...going.map(({ key }, n) => (n % 2 === 0 ? b : a).destroy([key])),
      ...Array.from({ length: 20 }, async (_, n) => void late.push(await sealedText(n % 2 === 0 ? a : b, 'person:ines'))),
    ]);
    const c = await node();
    for (const by of [a, b, c]) for (const [n, { read }] of texts.entries()) expect([n, await read(by)]).toEqual([n, n % 5 === 0 ? undefined : 'a secret']);
    for (const { read } of late) expect(await read(c)).toBe('a secret');
  });

  const oneWinner = async (): Promise<void> => {
    const [a, b] = [await node(), await node()];
    for (let n = 0; n < 10; n += 1) {
      await a.secrets.addLink(link({ token: `link ${n}` }), NOW);
      const taken = await Promise.all([a, b, a, b].map(({ secrets }) => secrets.takeLink(`link ${n}`, NOW)));
      expect(taken.filter((one) => one !== undefined)).toHaveLength(1);
    }
  };
  it('of those who take a link on both one gets it', oneWinner);
  it('… unless it is looked at first', async () => {
    jest.spyOn(Secrets.prototype, 'takeLink').mockImplementation(async function (this: Secrets, token, now) {
      const found = await this.link(token, now);
      if (found !== undefined) await this.voidLinksOf(found.colleague);
      return found;
    });
    expect(await isFailing(oneWinner)).toBe(true);
  });

  it('a session begun on one ends on the other', async () => {
    const [a, b] = [await node(), await node()];
    await a.secrets.addSession(session());
    expect(await b.secrets.session(session().token)).toEqual(session());
    await b.secrets.endSessionsOf('ben');
    expect(await a.secrets.session(session().token)).toBeUndefined();
  });

  it('nodes that start together on an empty database have one secret', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => node()));
    expect(new Set(all.map((one) => one.mac('text'))).size).toBe(1);
  });
});

describe('keys at hand', () => {
  it('a key that nobody brought is not called erased', async () => {
    const [a, b] = [await node(), await node()];
    await a.ensureKeys(['person:ines']);
    expect(() => b.keyOf('person:ines')).toThrow(StoreUnavailable);
    await b.bring(['person:ines']);
    expect(b.keyOf('person:ines')).toBeDefined();
  });

  it('an answer that was on its way changes nothing that came since', () => {
    const hand = new KeysAtHand();
    const asked = hand.asking();
    const key = Buffer.alloc(32, 7);
    hand.take(hand.asking(), ['person:made'], [{ name: 'person:made', key, made: 1 }]);
    hand.destroy(['person:gone', 'text:aa:3']);
    hand.take(asked, ['person:made', 'person:gone'], [{ name: 'person:gone', key, made: 1 }]);
    expect([hand.keyOf('person:made'), hand.keyOf('person:gone'), hand.takeBlock('aa', key)]).toEqual([expect.anything(), undefined, false]);
    // Asked since, it counts.
    hand.take(hand.asking(), ['person:made'], []);
    expect(hand.keyOf('person:made')).toBeUndefined();
  });

  const readTogether = async (): Promise<void> => {
    const [a, b] = [await node(), await deaf()];
    const inner = new MemoryStore();
    const log = new KeysWithEvents(inner, b);
    for (const [n, person] of ['ines', 'paul'].entries()) {
      const id = `01900000-0000-7000-8000-00000000000${n}`;
      const text = await a.nextTextKey();
      await a.ensureKeys([`person:${person}`]);
      const data = sealFields({ name: person, fields: { text: `of ${person}` } }, [{ path: ['name'], subjects: [`person:${person}`] }, { path: ['fields', 'text'], subjects: [`person:${person}`, text] }], id, a.keyOf);
      await log.append('customer-morel', [{ id, type: 'Said', data, metadata: { commandId: `${n}`.repeat(32), n: 0, mac: '', correlationId: '', causationId: null, actor: 'ada' } } satisfies NewEvent], 'any');
    }
    const said = async (): Promise<string> => JSON.stringify([...(await log.read('customer-morel', 0)), ...(await log.readAll(null, 10))].map(({ id, data }) => openFields(data, id, b.keyOf).data['name']));
    expect(await said()).toBe('["ines","paul","ines","paul"]');
    await a.destroy(['person:ines']);
    expect(await said()).toBe('[null,"paul",null,"paul"]');
  };
  it('whoever reads events has the keys of what is sealed in them, as they stand then', readTogether);
  it('… unless they are not brought with them', async () => {
    jest.spyOn(KeysWithEvents.prototype as unknown as { brought: (events: unknown) => Promise<unknown> }, 'brought').mockImplementation(async (events) => events);
    expect(await isFailing(readTogether)).toBe(true);
  });

  it('a log on another machine stays one', () => {
    const far = Object.assign(new MemoryStore(), { status: () => ({ connected: true, lastContact: 7, reconnects: 0, notes: [] }) });
    expect(new KeysWithEvents(far, { bring: async () => undefined }).status!().lastContact).toBe(7);
    expect(new KeysWithEvents(new MemoryStore(), { bring: async () => undefined }).status).toBeUndefined();
  });
});

describe('what is left', () => {
  /** Whether the bytes stand in the files of tables; PostgreSQL's own log of changes is left out (docs/erasure.md). */
  function isInFiles(bytes: Buffer): boolean {
    const base = join(server.folder, 'data', 'base');
    return readdirSync(base, { recursive: true, withFileTypes: true }).some((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(bytes));
  }

  /** In the files before, and afterwards; with somebody who began to look before, and goes on. */
  async function left(): Promise<[boolean[], boolean[]]> {
    const a = await node();
    await a.ensureKeys(['person:ines', 'colleague:ben', ...Array.from({ length: 200 }, (_, n) => `person:${n}`)]);
    const text = await a.nextTextKey();
    await a.secrets.setPassword('ben', '$argon2id$of-ben', NOW);
    const [block] = await nodes.get(a)!.all<{ key: Buffer }>('SELECT key FROM five_ring.text_blocks');
    const secret = [a.keyOf('person:ines')!.export(), block!.key, Buffer.from('$argon2id$of-ben')];
    const stays = a.keyOf('person:7')!.export();
    await server.asked('CHECKPOINT');
    const before = secret.map(isInFiles);
    await nodes.get(a)!.inOne(async (report) => {
      await report.all('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await report.all('SELECT 1 FROM pg_class LIMIT 1');
      await a.destroy(['person:ines', 'colleague:ben', text]);
    });
    await server.asked('CHECKPOINT');
    expect(isInFiles(stays)).toBe(true);
    return [before, secret.map(isInFiles)];
  }
  it('no file of a table has a destroyed key, nor a password of a colleague who was erased, even while a long report runs', async () => {
    expect(await left()).toEqual([[true, true, true], [false, false, false]]);
  });
  it('… as it would if rows were changed in their places', async () => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this`
    const real = Postgres.prototype.inOne;
    jest.spyOn(Postgres.prototype, 'inOne').mockImplementation(function (this: Postgres, work) {
      return real.call(this, (client) => work({ all: async <Row>(sql: string, values?: readonly unknown[]) => {
        const [, table, column] = /^INSERT INTO \S+ SELECT \* FROM (\S+) WHERE (\w+) IS NULL/.exec(sql) ?? [];
        if (table !== undefined) return client.all<Row>(`DELETE FROM ${table} WHERE ${column} = ANY($1)`, values);
        return /^(TRUNCATE|INSERT INTO \S+ SELECT \* FROM \S+beside)/.test(sql) ? [] : client.all<Row>(sql, values);
      } }));
    });
    expect((await left())[1]).toContain(true);
  });

  it('whoever destroys a key waits for a backup that runs, and says so when it takes long; others read on meanwhile', async () => {
    const a = await node(1);
    const read = await sealed(a, 'person:ines');
    let end = (): void => undefined;
    const backup = nodes.get(a)!.inOne(async (client) => {
      await client.all('SELECT count(*) FROM five_ring.keys');
      await new Promise<void>((resolve) => (end = resolve));
    });
    const destroyed = a.destroy(['person:ines']);
    destroyed.catch(() => undefined);
    expect(await read()).toBe('a secret');
    await expect(destroyed).rejects.toThrow('a backup of the database perhaps');
    expect(await read()).toBe('a secret');
    end();
    await backup;
    await a.destroy(['person:ines']);
    expect(await read()).toBeUndefined();
  });
});

it('tables of a newer version are refused in a sentence', async () => {
  await node();
  await server.asked("UPDATE five_ring.formats SET format = 99 WHERE part = 'keys'", new URL(url).pathname.slice(1));
  await expect(node()).rejects.toThrow(/written by a newer Five-Ring.*Upgrade Five-Ring\./);
});

it('a database that is gone is said, and what was asked in between works afterwards', async () => {
  const a = await node();
  await server.kill();
  await expect(a.ensureKeys(['person:ines'])).rejects.toBeInstanceOf(StoreUnavailable);
  await expect(a.bring(['person:ines'])).rejects.toBeInstanceOf(StoreUnavailable);
  await expect(a.nextTextKey()).rejects.toBeInstanceOf(StoreUnavailable);
  await expect(a.destroy(['person:ines'])).rejects.toBeInstanceOf(StoreUnavailable);
  await expect(a.secrets.session('none')).rejects.toBeInstanceOf(StoreUnavailable);
  await server.start();
  expect(await (await sealed(a, 'person:ines'))()).toBe('a secret');
  expect(await a.nextTextKey()).toMatch(/^text:/);
});
