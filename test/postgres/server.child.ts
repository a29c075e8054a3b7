/** Starts a server, says where, and waits to be killed. */
import { startPostgres } from './server.js';

const server = await startPostgres();
console.log(JSON.stringify({ folder: server.folder, pids: server.pids() }));
setInterval(() => undefined, 1_000);
