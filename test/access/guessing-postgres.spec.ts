/** Guessing as several nodes count it in PostgreSQL: together they allow what one allows; and where nothing answers, nobody gets in. */
import { FREE, MemoryGuessing, MINUTE, MOST, type Counted, type Guessing } from '../../src/access/guessing.js';
import { PostgresGuessing } from '../../src/access/guessing-postgres.writer.js';
import { Postgres } from '../../src/database/postgres.js';
import { startPostgres, type PostgresServer } from '../postgres/server.js';
import { guessingContract, NOW, waitOf } from './guessing.contract.js';

let server: PostgresServer;
let url: string;
let connections: [Postgres, Postgres];
let nodes: [Guessing, Guessing];
beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase();
  connections = [await Postgres.open(url), await Postgres.open(url)];
  nodes = await Promise.all([PostgresGuessing.open(connections[0]), PostgresGuessing.open(connections[1])]);
});
beforeEach(() => connections[0].all('TRUNCATE five_ring.guesses, five_ring.paces'));
afterAll(async () => {
  for (const one of connections) await one.close();
  await server.stop();
});

guessingContract(() => nodes);

const ada = { address: '192.0.2.7', account: 'ada' };

/** How many of these attempts, made at once at both nodes, are let through. */
const through = async (both: readonly [Guessing, Guessing]): Promise<number> => (await Promise.all(Array.from({ length: 40 }, (_, n) => waitOf(both[n % 2]!.begin({ ...ada, address: `198.51.100.${n}` }, NOW))))).filter((wait) => wait === 0).length;

describe('planted bugs: two nodes let through more than one', () => {
  it('where each counts for itself', async () => {
    expect(await through([new MemoryGuessing(), new MemoryGuessing()])).toBeGreaterThan(FREE.account);
  });

  it('where each reads first and writes then', async () => {
    class ReadsFirst extends PostgresGuessing {
      protected override async fail([{ key, free }]: readonly [Counted, ...Counted[]], now: number): Promise<number> {
        const [row] = await connections[0].all<{ failures: number; until: number }>('SELECT failures, until FROM five_ring.guesses WHERE key = $1', [key]);
        if ((row?.until ?? 0) > now) return row!.until;
        const failures = (row?.failures ?? 0) + 1;
        await connections[0].all('INSERT INTO five_ring.guesses VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO UPDATE SET failures = EXCLUDED.failures, until = EXCLUDED.until', [key, failures, failures < free ? 0 : now + MINUTE, now]);
        return 0;
      }
    }
    const careless = Object.setPrototypeOf(await PostgresGuessing.open(connections[0]), ReadsFirst.prototype) as Guessing;
    expect(await through([careless, careless])).toBeGreaterThan(FREE.account);
  });
});

it('whatever is tried in whatever order, the database and the memory of one process say the same', async () => {
  const memory = new MemoryGuessing();
  let state = 20_261_122;
  const drawn = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let now = NOW;
  const said: [string, number, number][] = [];
  for (let n = 0; n < 400; n += 1) {
    const guess = { address: `192.0.2.${drawn(3)}`, ...(drawn(5) > 0 && { account: `account-${drawn(3)}` }) };
    now += [0, 0, 0, 1000, 31_000, 20 * MINUTE][drawn(6)]!;
    if (drawn(4) === 0) await Promise.all([memory.succeeded(guess), nodes[n % 2]!.succeeded(guess)]);
    else said.push([JSON.stringify(guess), await waitOf(memory.begin(guess, now)), await waitOf(nodes[n % 2]!.begin(guess, now))]);
  }
  expect(said.filter(([, one, other]) => one !== other)).toEqual([]);
  expect(said.filter(([, one]) => one > 0).length).toBeGreaterThan(20);
});

it('attempts at each other’s accounts and addresses, and what is removed meanwhile, hold nobody up', async () => {
  const at = (n: number): string => `10.0.${n >> 8}.${n & 255}`;
  await Promise.all(Array.from({ length: 1500 }, async (_, n) => {
    await waitOf(nodes[n % 2]!.begin({ address: at(n % 7), account: `account-${n % 5}` }, NOW + n * MINUTE));
    if (n % 3 === 0) await nodes[(n + 1) % 2]!.succeeded({ address: at(n % 7), account: `account-${n % 5}` });
  }));
  const [{ rows }] = (await connections[0].all<{ rows: number }>('SELECT count(*) AS rows FROM five_ring.guesses')) as [{ rows: number }];
  expect(rows).toBeLessThanOrEqual(12);
});

it('what is past its time is removed, and there are never many more than so many rows', async () => {
  for (const [table, columns] of [['guesses', 'key, failures, until, last'], ['paces', 'key, count, since']]) {
    const values = table === 'guesses' ? "'address ' || n, 1, 0, $1::bigint + n" : "'address ' || n, 1, $1::bigint + n";
    await connections[0].all(`INSERT INTO five_ring.${table} (${columns}) SELECT ${values} FROM generate_series(1, ${MOST + 300}) AS n`, [NOW]);
    await connections[0].all(`INSERT INTO five_ring.${table} (${columns}) SELECT ${values} FROM generate_series(-50, 0) AS n`, [NOW - 25 * 60 * MINUTE]);
  }
  for (let n = 0; n < 500; n += 1) await nodes[0].pass('192.0.2.9', NOW).catch(() => undefined);
  for (const [table, touched] of [['guesses', 'last'], ['paces', 'since']]) {
    const [{ rows, oldest }] = (await connections[0].all<{ rows: number; oldest: number }>(`SELECT count(*) AS rows, min(${touched}) AS oldest FROM five_ring.${table} WHERE key <> '192.0.2.9'`)) as [{ rows: number; oldest: number }];
    expect(rows).toBeGreaterThan(MOST - 2);
    expect(rows).toBeLessThanOrEqual(MOST);
    expect(oldest).toBeGreaterThan(NOW + 290);
  }
});

it('while the server is away nobody may try, and a start of it forgets', async () => {
  for (let n = 0; n < FREE.account; n += 1) await nodes[n % 2]!.begin(ada, NOW);
  expect(await waitOf(nodes[0].begin(ada, NOW))).toBe(30);
  await server.kill();
  for (const attempt of [nodes[0].begin(ada, NOW), nodes[1].pass(ada.address, NOW), nodes[1].succeeded(ada)]) await expect(attempt).rejects.toMatchObject({ name: 'StoreUnavailable', reason: 'unreachable' });
  await server.start();
  expect(await waitOf(nodes[0].begin(ada, NOW))).toBe(0);
});
