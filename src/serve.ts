/** Runs the server until a stop signal; then every request received gets its answer. */
import type { Config } from './config.js';
import { AccountsWriter } from './access/accounts.writer.js';
import { startServer, type Server } from './server.js';

const STOP_MS = 9000;

/** Starts, says where, and stops with exit code 0 on SIGINT or SIGTERM. */
export async function serve(config: Config): Promise<Server> {
  let server: Server;
  try {
    server = await startServer(config);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'EADDRINUSE') throw new Error(`Port ${config.port} is taken; name another with PORT.`, { cause: error });
    if (code === 'EADDRNOTAVAIL') throw new Error(`FIVE_RING_HOST=${config.host} is no address of this machine.`, { cause: error });
    throw error;
  }
  // Before it says that it listens: who hears that may send a signal at once.
  stopOnSignal(server);
  const link = await server.app.get(AccountsWriter).firstAdministratorLink(config.db !== null).catch((error: unknown) => void server.log.warn({ err: error }, 'no link for the first administrator could be made'));
  process.stdout.write(`Five-Ring listens on ${server.url}. Data: ${config.data}. API: ${server.url}/api/docs\n`);
  if (link !== undefined) process.stdout.write(`Nobody can sign in yet. Become the first administrator, within 24 hours: ${server.url}${link.path}\n`);
  return server;
}

export function stopOnSignal(server: Server, afterwards: () => void = () => undefined): void {
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    server.log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP_MS).unref();
    server.close().then(
      () => {
        afterwards();
        process.exit(0);
      },
      (error: unknown) => {
        server.log.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
