/** The server that the tests of PostgreSQL run on: quick, alone, and gone with whoever started it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isAlive, startPostgres, type PostgresServer } from './server.js';

const servers: PostgresServer[] = [];
async function started(): Promise<PostgresServer> {
  const server = await startPostgres();
  servers.push(server);
  return server;
}
afterAll(async () => {
  for (const server of servers) await server.stop();
});

async function asked(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('a server of a test', () => {
  it('is one of two at once; each has databases of its own, which end in a copy', async () => {
    const [one, two] = await Promise.all([started(), started()]);
    process.stdout.write(`PostgreSQL for the tests: ${await one.version()}\n`);
    const [a, b] = await Promise.all([one.createDatabase('same'), two.createDatabase('same')]);
    await asked(a, 'CREATE TABLE t AS SELECT 1 AS n');
    expect(await asked(b, `SELECT to_regclass('t') AS t`)).toEqual([{ t: null }]);
    expect(await asked(await one.createDatabase('copy', 'same'), 'SELECT n FROM t')).toEqual([{ n: 1 }]);
    await one.dropDatabase(a);
    await expect(asked(a, 'SELECT 1')).rejects.toThrow('does not exist');
  });

  it('is unlike what we would choose: its order of texts, its time, and what the app may do', async () => {
    const url = await servers[0]!.createDatabase();
    expect(await asked(url, `SELECT 'a' < 'B' AS english, 'a' < 'B' COLLATE "C" AS bytes, current_setting('TimeZone') AS zone, usesuper FROM pg_user WHERE usename = current_user`)).toEqual([{ english: true, bytes: false, zone: 'Pacific/Auckland', usesuper: false }]);
  });

  it('comes back on its port after a kill and a stop, with what was committed', async () => {
    const [server] = servers;
    const url = await server!.createDatabase();
    await asked(url, 'CREATE TABLE t AS SELECT 1 AS n');
    for (const end of ['kill', 'halt'] as const) {
      const pids = server!.pids();
      expect(pids.length).toBeGreaterThan(process.platform === 'linux' ? 2 : 0);
      await server![end]();
      expect([server!.pids(), pids.filter(isAlive)]).toEqual([[], []]);
      await expect(asked(url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
      await server!.start();
      expect(await asked(url, 'SELECT n FROM t')).toEqual([{ n: 1 }]);
    }
  });

  it('is gone, with its folder, when the process that started it is killed', async () => {
    const url = (path: string): string => pathToFileURL(join(__dirname, path)).href;
    const child = spawn(process.execPath, ['--import', url('../faults/typescript.mjs'), join(__dirname, 'server.child.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    const { folder, pids } = JSON.parse(said) as { folder: string; pids: number[] };
    expect([existsSync(folder), pids.length > 0]).toEqual([true, true]);
    child.kill('SIGKILL');
    while (existsSync(folder) || pids.some(isAlive)) await sleep(20);
  });
});
