/** `npm start`: the server on the data folder, until it is told to stop. */
import './node-version.js';

const { readConfig } = await import('./config.js');
const { serve } = await import('./serve.js');

try {
  await serve(readConfig(process.env));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
