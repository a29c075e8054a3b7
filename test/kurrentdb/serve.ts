/** `node --import ./test/faults/typescript.mjs test/kurrentdb/serve.ts [PORT]`: an emulated node in a process of its own, until SIGTERM. */
import { KurrentServer } from './server.js';

const server = await KurrentServer.start({ port: Number(process.argv[2] ?? 2113) });
console.log(server.url);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void server.stop());
