/** `npm start`: the server on the data folder, until it is told to stop. */
import './node-version.js';

// Names, texts and the keys to them: what it writes is for whoever runs it alone.
process.umask(0o077);

// During the start too: process 1 of a container is stopped by no signal that it does not listen for. What is half open is as after a crash.
const leave = (): void => process.exit(0);
process.on('SIGINT', leave).on('SIGTERM', leave);

const { readConfig } = await import('./config.js');
const { serve } = await import('./serve.js');

try {
  await serve(readConfig(process.env));
  // Nothing comes between: from here on the server stops itself.
  process.off('SIGINT', leave).off('SIGTERM', leave);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
