/** `demo`: a server on invented data in a temporary folder that goes when it stops. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountRole } from '../access/roles.js';
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
    const guests = await letIn(server);
    await server.parts.projector.caughtUp();
    process.stdout.write(await welcome(server, folder, loaded, guests));
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

interface Guest {
  readonly role: AccountRole;
  readonly id: string;
  /** Path of a link that signs in whoever opens it. */
  readonly path: string;
}

/** One colleague of the sample for each role, whose work fits it. */
const AS: readonly (readonly [AccountRole, string])[] = [['administrator', 'hugo'], ['leader', 'dina'], ['account-manager', 'ada'], ['service', 'greta']];

/** Opens the accounts of the sample, each with a link that is good while the demo runs. */
async function letIn({ app, parts }: Server): Promise<Guest[]> {
  const [{ AccountsWriter }, { colleague, colleagueStream }, { commandIdOf, newId }] = await Promise.all([import('../access/accounts.writer.js'), import('../customers/colleague.js'), import('../shell/ids.js')]);
  const accounts = app.get(AccountsWriter);
  const guests: Guest[] = [];
  for (const [role, id] of AS) {
    const { active, department } = (await parts.executor.load(colleague, colleagueStream(id))).state;
    if (!active) continue;
    await accounts.open(id, { role, contacts: false }, { actor: id, department, commandId: commandIdOf('demo', id), mac: 'demo', correlationId: newId(), revision: undefined });
    guests.push({ role, id, path: (await accounts.signInLink(id)).path });
  }
  return guests;
}

async function welcome({ url, operator }: Server, folder: string, loaded: { readonly colleagues: number; readonly customers: number; readonly entries: number }, guests: readonly Guest[]): Promise<string> {
  const nameOf = (id: string): string => plain(colleagues.find((one) => one.id === id)?.name ?? id);
  const get = async <T>(path: string): Promise<T> => (await fetch(new URL(path, url), { headers: { authorization: `Operator ${operator}` } })).json() as Promise<T>;
  const { items: customers } = await get<{ items: { name: string | null; id: string }[] }>('/api/v1/portfolio?limit=1');
  const { items: colleagues } = await get<{ items: { id: string; name: string | null }[] }>('/api/v1/colleagues');
  const customer = customers[0]?.id ?? 'CUSTOMER';
  const run = `npm run --silent five-ring -- --data ${folder}`;
  return [
    '',
    `Five-Ring demo: ${url}`,
    '',
    `${count(loaded.customers, 'invented customer')}, ${count(loaded.entries, 'entry')} by ${count(loaded.colleagues, 'colleague')}. All of it goes when this stops (Ctrl-C).`,
    'Open one of these to sign in; each is good while this runs:',
    ...guests.map(({ role, id, path }) => `  ${role.padEnd(16)} ${url}${path}   # ${nameOf(id)}`),
    '',
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
