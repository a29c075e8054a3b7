/** A server that is told to stop while it still starts (here: while it waits for its store) ends at once, with exit code 0. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const HOOK = pathToFileURL(join(__dirname, '../faults/typescript.mjs')).href;
const MAIN = join(__dirname, '../../src/main.ts');

it.each(['SIGTERM', 'SIGINT'] as const)('on %s', async (signal) => {
  const folder = await mkdtemp(join(tmpdir(), 'five-ring-start-'));
  // Takes the call and never answers.
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `kurrentdb://127.0.0.1:${(silent.address() as AddressInfo).port}?tls=false`;
  const called = once(silent, 'connection');
  const child = spawn(process.execPath, ['--import', HOOK, MAIN], { env: { ...process.env, FIVE_RING_DATA: folder, FIVE_RING_STORE: url, PORT: '0' }, stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, complained, closed] = [text(child.stdout), text(child.stderr), once(child, 'close')];
  const sockets = new Set<Socket>();
  silent.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  try {
    await called;
    const since = Date.now();
    child.kill(signal);
    expect([await closed, await complained]).toEqual([[0, null], '']);
    expect(await said).not.toContain('listens on');
    expect(Date.now() - since).toBeLessThan(5000);
  } finally {
    child.kill('SIGKILL');
    for (const socket of sockets) socket.destroy();
    silent.close();
    await rm(folder, { recursive: true });
  }
});
