#!/usr/bin/env node
/** The command line: `npm run five-ring -- VERB`. */
import '../node-version.js';

// What is written is for whoever runs it alone: data folders, backups, exports.
process.umask(0o077);

const { readFileSync } = await import('node:fs');
const { run } = await import('./program.js');

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
process.exitCode = await run(process.argv.slice(2), process.env, version);
