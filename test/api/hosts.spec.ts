/** Who is answered at all: by the address that is listened on, and by the name in the Host header. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { readConfig } from '../../src/config.js';
import { startServer, type Server } from '../../src/server.js';
import { serverOf } from '../../src/shell/data-folder.js';
import { freshLog, type TestLog } from './log.js';

let folder: string;
let holder: TestLog;
let server: Server | undefined;
let said: { level: number; msg: string }[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'five-ring-hosts-'));
  holder = await freshLog(folder);
  said = [];
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await holder.stop();
  await rm(folder, { recursive: true });
});

async function start(env: Record<string, string>): Promise<Server> {
  const config = readConfig({ FIVE_RING_DATA: folder, FIVE_RING_STORE: holder.url, FIVE_RING_TIME_ZONE: 'UTC', PORT: '0', ...env });
  const log = pino({ level: 'warn' }, { write: (line: string) => void said.push(JSON.parse(line) as (typeof said)[number]) });
  return (server = await startServer(config, { log }));
}

/** Status and code of what a request gets that names this host; the operator's unless other headers are given. */
async function asked({ url, operator }: Server, host: string, headers: Record<string, string> = { authorization: `Operator ${operator}` }): Promise<{ status: number | undefined; code: unknown }> {
  const sent = request(new URL('/api/v1/kinds', url), { headers: { host, ...headers }, agent: false });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, code: (JSON.parse(await text(answer)) as { code?: unknown }).code };
}

const ANSWERED = { status: 200, code: undefined };
const REFUSED = { status: 403, code: 'foreign-host' };
const NOBODY = { status: 401, code: 'sign-in-first' };
const warnings = (): string[] => said.filter(({ level }) => level >= 40).map(({ msg }) => msg);

it('answers to the names of this machine only, and warns of nothing', async () => {
  const here = await start({});
  expect(here.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  for (const host of ['localhost', 'LOCALHOST:1234', '127.0.0.1', '[::1]:3000']) expect([host, await asked(here, host)]).toEqual([host, ANSWERED]);
  for (const host of ['example.org', 'localhost.example.org', '127.0.0.1.example.org', '0.0.0.0', '192.168.1.20', 'five-ring']) expect([host, await asked(here, host)]).toEqual([host, REFUSED]);
  expect(warnings()).toEqual([]);
});

it('answers to names it was told besides, and still to no others', async () => {
  const here = await start({ FIVE_RING_HOSTS: 'Ring.example.org,five-ring' });
  for (const host of ['localhost', 'ring.example.org', 'RING.example.org:8443', 'five-ring:3000']) expect([host, await asked(here, host)]).toEqual([host, ANSWERED]);
  for (const host of ['example.org', 'a.ring.example.org', 'ring.example.org.evil.example', 'five-rings']) expect([host, await asked(here, host)]).toEqual([host, REFUSED]);
});

it('on every interface it goes on refusing foreign names and whoever does not sign in, and tells the command line an address that answers', async () => {
  const here = await start({ FIVE_RING_HOST: '0.0.0.0' });
  expect(here.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(serverOf(folder)).toEqual({ url: here.url, operator: here.operator });
  expect(here.app.getHttpServer().address()).toMatchObject({ address: '0.0.0.0' });
  expect(await asked(here, 'localhost')).toEqual(ANSWERED);
  for (const host of ['0.0.0.0', 'example.org', '192.168.1.20']) expect([host, await asked(here, host)]).toEqual([host, REFUSED]);
  for (const headers of [{}, ...['Operator ', `Operator ${'A'.repeat(43)}`, `Bearer ${here.operator}`, here.operator].map((authorization) => ({ authorization }))]) expect([headers, await asked(here, 'localhost', headers)]).toEqual([headers, NOBODY]);
  expect(warnings()).toEqual([]);
});

// Only Linux has all of 127/8.
(process.platform === 'linux' ? it : it.skip)('on one address it answers to that address', async () => {
  const here = await start({ FIVE_RING_HOST: '127.0.0.2' });
  expect(here.url).toMatch(/^http:\/\/127\.0\.0\.2:/);
  expect((await fetch(new URL('/health/live', here.url))).status).toBe(200);
  expect(await asked(here, '127.0.0.3')).toEqual(REFUSED);
  expect(warnings()).toEqual([]);
});

it('an address that this machine does not have ends the start with one sentence', async () => {
  const main = [join(__dirname, '../faults/typescript.mjs'), join(__dirname, '../../src/main.ts')] as const;
  const child = spawn(process.execPath, ['--import', pathToFileURL(main[0]).href, main[1]], { env: { ...process.env, FIVE_RING_DATA: folder, PORT: '0', FIVE_RING_HOST: '192.0.2.1' }, stdio: ['ignore', 'ignore', 'pipe'] });
  const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect([code, complaint]).toEqual([1, 'FIVE_RING_HOST=192.0.2.1 is no address of this machine.\n']);
});

it('believes X-Forwarded headers of trusted proxies only', async () => {
  const signIn = async (here: Server, headers: Record<string, string>): Promise<string> => {
    const sent = request(new URL('/api/v1/session', here.url), { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, agent: false });
    sent.end(JSON.stringify({ colleague: 'ada', password: 'wrong and long' }));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return (JSON.parse(await text(answer)) as { code: string }).code;
  };
  const forwarded = { host: 'ring.example.org', 'x-forwarded-proto': 'https', 'x-forwarded-for': '198.51.100.7' };
  const alone = await start({ FIVE_RING_HOSTS: 'ring.example.org' });
  expect([await signIn(alone, {}), await signIn(alone, { host: 'ring.example.org' }), await signIn(alone, forwarded)]).toEqual(['wrong-sign-in', 'needs-https', 'needs-https']);
  await alone.close();
  const behind = await start({ FIVE_RING_HOSTS: 'ring.example.org', FIVE_RING_TRUSTED_PROXIES: '127.0.0.0/8, ::1' });
  expect([await signIn(behind, forwarded), await signIn(behind, { ...forwarded, 'x-forwarded-proto': 'http' }), await signIn(behind, { ...forwarded, 'x-forwarded-host': 'evil.example' })]).toEqual(['wrong-sign-in', 'needs-https', 'foreign-host']);
});
