/** How verbs find the app: a server that runs, nobody, or somebody who does not answer. And how servers start from the command line. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverOf } from '../../src/shell/data-folder.js';
import { build, Running, type Built, type Run } from './five-ring.js';

let built: Built;
let data: string;
let holder: Running | undefined;
beforeAll(() => (built = build()));
afterAll(() => built.remove());
beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'five-ring-data-'))));
afterEach(async () => {
  await built.stop();
  await holder?.end('SIGKILL');
  rmSync(data, { recursive: true, force: true });
});

const cli = (...args: string[]): Promise<Run> => built.run(args, { FIVE_RING_DATA: data, FIVE_RING_AS: 'ada' });

async function taken(): Promise<{ port: number; server: Server }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, server };
}

it('asks the server that runs on the folder, and goes on alone when it was killed', async () => {
  const server = built.start(['serve'], { FIVE_RING_DATA: data, PORT: '0', LOG_LEVEL: 'info' });
  const [, url] = await server.says(/listens on (http:\S+:\d+)\. /);
  expect(await cli('colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales')).toMatchObject({ code: 0, err: '' });
  expect(await cli('customer', 'add', 'Morel & Fils')).toMatchObject({ code: 0 });
  expect((await cli('customer', 'show', 'morel')).out).toMatch(/^Morel & Fils – prospect/);
  expect((await cli('verify')).out).toMatch(/^All is well/);
  expect(server.out).toMatch(/"method":"POST","route":"\/api\/v1\/customers","status":201/);
  // A port that is taken is one sentence; so is a folder.
  const second = await built.run(['serve'], { FIVE_RING_DATA: join(data, 'other'), PORT: new URL(url!).port, LOG_LEVEL: 'silent' });
  expect(second).toMatchObject({ code: 1 });
  expect(second.err).toMatch(/^Port \d+ is taken; name another with PORT\.$/m);

  await server.end('SIGKILL');
  expect(existsSync(join(data, 'server.json'))).toBe(true);
  // Whoever answers at the old address now is a stranger.
  const stranger = await taken();
  writeFileSync(join(data, 'server.json'), JSON.stringify({ url: `http://127.0.0.1:${stranger.port}` }));
  expect((await cli('customer', 'list')).out).toContain('Morel & Fils');
  stranger.server.close();
});

it('stops with exit code 0 when told to', async () => {
  const server = built.start(['serve'], { FIVE_RING_DATA: data, PORT: '0', LOG_LEVEL: 'silent' });
  const [, url] = await server.says(/listens on (http:\S+:\d+)\. /);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  expect(await server.end('SIGTERM')).toMatchObject({ code: 0, err: '' });
});

it('says in one sentence that the folder is held by somebody who does not answer', async () => {
  const hold = `const db = new (require(${JSON.stringify(require.resolve('better-sqlite3'))}))(${JSON.stringify(join(data, 'lock.db'))}); db.pragma('locking_mode = EXCLUSIVE'); db.exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => 0, 1000)`;
  holder = new Running(spawn(process.execPath, ['-e', hold]));
  await holder.says(/held/);
  const [people, program] = await Promise.all([cli('customer', 'list'), cli('--json', 'customer', 'add', 'X')]);
  expect(people).toEqual({ code: 1, out: '', err: `Another process holds ${data}, and no server answers there. Wait until it has ended, or name another folder with --data.\n` });
  expect(program.code).toBe(1);
  expect(JSON.parse(program.out)).toMatchObject({ code: 'folder-in-use' });
  await holder.end('SIGKILL');
});

it('lets verbs that run at the same time wait for, or work through, each other', async () => {
  await cli('colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales');
  const runs = await Promise.all(['One', 'Two', 'Three', 'Four'].map((name) => cli('customer', 'add', name)));
  expect(runs.map(({ code, err }) => ({ code, err }))).toEqual(runs.map(() => ({ code: 0, err: '' })));
  const { out } = await cli('--json', 'customer', 'list', '--sort', 'name');
  expect((JSON.parse(out) as { items: { name: string }[] }).items.map(({ name }) => name)).toEqual(['Four', 'One', 'Three', 'Two']);
});

it('says who it needs to be run by', async () => {
  const old = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.20.2"}})';
  const expected = { code: 1, out: '', err: 'Five-Ring needs Node 22.14 or newer; this is 20.20.2. Start it through npm (npm start, npm run five-ring), which brings Node 24 along.\n' };
  expect(await built.run(['--help'], {}, [process.execPath, '--import', old])).toEqual(expected);
  // Where the system has an old one, the real thing.
  const [node, version] = ['/usr/bin/node', spawnSync('/usr/bin/node', ['--version'], { encoding: 'utf8' }).stdout?.trim()];
  if (version?.startsWith('v20.')) expect(await built.run(['--help'], {}, [node])).toEqual({ ...expected, err: expected.err.replace('20.20.2', version.slice(1)) });
});

describe('demo', () => {
  it('serves invented customers, and leaves nothing behind', async () => {
    const demo = built.start(['demo'], { PORT: '0' });
    const [, url] = await demo.says(/^Five-Ring demo: (http:\/\/127\.0\.0\.1:\d+)$/m);
    const [, folder] = await demo.says(/--data (\S+) customer list/);
    await demo.says(/ log \S+ call/);
    expect(demo.out).toContain(`${url}/api/docs`);
    expect(await (await fetch(`${url}/api/v1/portfolio`, { headers: { authorization: `Operator ${serverOf(folder!)!.operator}` } })).json()).toMatchObject({ total: 1 });
    expect((await built.run(['customer', 'list', '--data', folder!])).out).toContain('Morel & Fils');
    expect(existsSync(folder!)).toBe(true);
    expect(await demo.end('SIGINT')).toMatchObject({ code: 0 });
    expect(existsSync(folder!)).toBe(false);
  });

  it('says that the port it was given is taken', async () => {
    const { port, server } = await taken();
    const run = await built.run(['demo'], { PORT: String(port) });
    expect(run).toEqual({ code: 1, out: '', err: `Port ${port} is taken; name another with PORT, or leave PORT out for any free one.\n` });
    server.close();
  });
});

it('is started by the file that package.json names', () => {
  const { bin } = JSON.parse(readFileSync(join(built.folder, 'package.json'), 'utf8')) as { bin: Record<string, string> };
  expect(readFileSync(join(built.folder, bin['five-ring']!), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});
