/** `demo`: a server on invented data in a temporary folder that goes when it stops. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Server } from '../server.js';
import { failed, wrongUsage } from './failure.js';
import { Progress } from './progress.js';
import { count, plain } from './screen.js';
import type { Session } from './session.js';

const PORT = '3000';

/** Serves until it is told to stop; then the process ends with exit code 0. */
export async function demo(session: Session): Promise<void> {
  if (session.options.data !== undefined) throw wrongUsage('demo works in a temporary folder of its own; leave --data out.');
  const folder = await mkdtemp(join(tmpdir(), 'five-ring-demo-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  let stopping = false;
  const leave = (): void => process.exit(0);
  process.on('SIGINT', leave).on('SIGTERM', leave);
  // A terminal that closes is a stop as well.
  process.on('SIGHUP', () => process.kill(process.pid, 'SIGTERM'));

  const server = await start(session, folder);
  const { stopOnSignal } = await import('../serve.js');
  process.on('SIGINT', () => (stopping = true)).on('SIGTERM', () => (stopping = true));
  stopOnSignal(server);
  process.off('SIGINT', leave).off('SIGTERM', leave);
  try {
    process.stderr.write('Inventing customers …\n');
    const { loadSample } = await import('../sample/load.js');
    const progress = await Progress.start(undefined, (done) => `${count(done, 'entry')} logged`);
    const loaded = await loadSample(server.app, { onProgress: (done: number) => progress.update(done) }).finally(() => progress.stop());
    await server.parts.projector.caughtUp();
    process.stdout.write(await welcome(server, folder, loaded));
  } catch (error) {
    // The stop that is under way ends the process, and cuts off the loading on its way.
    if (stopping) return;
    await server.close();
    throw error;
  }
}

async function start(session: Session, folder: string): Promise<Server> {
  const given = session.env['PORT'] || undefined;
  const config = await session.config({ ...session.env, LOG_LEVEL: session.env['LOG_LEVEL'] || 'warn', PORT: given ?? PORT, FIVE_RING_DATA: folder, FIVE_RING_STORE: undefined });
  const free = config.port === 0 || (await isFree(config.port, config.host));
  if (!free && given !== undefined) throw failed('port-taken', `Port ${given} is taken; name another with PORT, or leave PORT out for any free one.`);
  const { startServer } = await import('../server.js');
  return startServer(free ? config : { ...config, port: 0 });
}

/** Asked before anything is opened, so that a taken port is one sentence. */
function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

async function welcome({ url, operator }: Server, folder: string, loaded: { readonly colleagues: number; readonly customers: number; readonly entries: number }): Promise<string> {
  const get = async <T>(path: string): Promise<T> => (await fetch(new URL(path, url), { headers: { authorization: `Operator ${operator}` } })).json() as Promise<T>;
  const { items: customers } = await get<{ items: { name: string | null; id: string }[] }>('/api/v1/portfolio?limit=1');
  const { items: colleagues } = await get<{ items: { id: string }[] }>('/api/v1/colleagues');
  const customer = customers[0]?.id ?? 'CUSTOMER';
  const run = `npm run --silent five-ring -- --data ${folder}`;
  return [
    '',
    `Five-Ring demo: ${url}`,
    '',
    `${count(loaded.customers, 'invented customer')}, ${count(loaded.entries, 'entry')} by ${count(loaded.colleagues, 'colleague')}. All of it goes when this stops (Ctrl-C).`,
    `  API docs   ${url}/api/docs`,
    `  Portfolio  ${url}/api/v1/portfolio`,
    '',
    'Try in another terminal:',
    `  ${run} customer list`,
    `  ${run} customer show ${customer}${customers[0]?.name == null ? '' : `   # ${plain(customers[0].name)}`}`,
    `  ${run} --as ${colleagues[0]?.id ?? 'COLLEAGUE'} log ${customer} call --side customer --attended --summary "Asked about delivery"`,
    '',
    '',
  ].join('\n');
}
