/** Of what only one may do at a time, one does it: in one process, and on two nodes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Postgres } from '../src/database/postgres.js';
import { MemoryTurns, PostgresTurns, type Turns } from '../src/shell/turns.js';
import { startPostgres, type PostgresServer } from './postgres/server.js';

let server: PostgresServer;
let connections: [Postgres, Postgres];
beforeAll(async () => {
  server = await startPostgres();
  const url = await server.createDatabase();
  connections = [await Postgres.open(url), await Postgres.open(url)];
});
afterAll(async () => {
  for (const one of connections) await one.close();
  await server.stop();
});

/** How many were at it at once, at most, of eight who want to. */
async function atOnce(nodes: readonly [Turns, Turns]): Promise<number> {
  let [now, most] = [0, 0];
  await Promise.all(Array.from({ length: 8 }, (_, n) => nodes[n % 2]!.inTurn('administrators', async () => {
    most = Math.max(most, (now += 1));
    await sleep(10);
    now -= 1;
  })));
  return most;
}

const ENGINES: Record<string, () => readonly [Turns, Turns]> = {
  'in one process': () => {
    const turns = new MemoryTurns();
    return [turns, turns];
  },
  'on two nodes': () => [new PostgresTurns(connections[0]), new PostgresTurns(connections[1])],
};

describe.each(Object.keys(ENGINES))('%s', (engine) => {
  let nodes: readonly [Turns, Turns];
  beforeEach(() => {
    nodes = ENGINES[engine]!();
  });

  it('one after the other, also where the work fails', async () => {
    expect(await atOnce(nodes)).toBe(1);
    await expect(nodes[0].inTurn('administrators', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await atOnce(nodes)).toBe(1);
  });

  it('who has it is known to all, and others go on under other names', async () => {
    const turn = (await nodes[0].take('import 1'))!;
    expect(await nodes[1].take('import 1')).toBeUndefined();
    const other = (await nodes[1].take('import 2'))!;
    expect(await nodes[1].taken(['import 1', 'import 2', 'import 3'])).toEqual(new Set(['import 1', 'import 2']));
    await turn.end();
    await other.end();
    expect(await nodes[0].taken(['import 1', 'import 2'])).toEqual(new Set());
    await (await nodes[1].take('import 1'))!.end();
  });
});

it('planted bug: two nodes that each look at their own memory are at it at once', async () => {
  expect(await atOnce([new MemoryTurns(), new MemoryTurns()])).toBeGreaterThan(1);
});

it('what a node had that is gone, another takes', async () => {
  const [here, there] = ENGINES['on two nodes']!();
  expect(await here.take('import 9')).toBeDefined();
  await connections[1].all("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()");
  let turn = await there.take('import 9');
  for (let tries = 0; turn === undefined && tries < 100; tries += 1) {
    await sleep(20);
    turn = await there.take('import 9');
  }
  expect(turn).toBeDefined();
  await turn!.end();
});
