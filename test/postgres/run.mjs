// `npm run test:postgres`: the whole API suite with all but the log in PostgreSQL, on a server that it starts itself.
// `-- --short`: what has most to do with it. `npm test` runs the specs of the views and two nodes on it.
import { spawnSync } from 'node:child_process';

const short = process.argv.includes('--short');
const specs = short ? ['erasure', 'rebuild', 'settings'].map((name) => `test/api/${name}.spec`) : ['test/api'];
const say = (verdict) => process.stdout.write(`PostgreSQL: ${verdict}${specs.join(', ')}.${short ? ' Left out: the rest of test/api, which npm run test:postgres runs.' : ''}\n`);
say('runs ');
// --forceExit: what a failed test left open must not keep the process.
const { status } = spawnSync('jest', ['--forceExit', ...specs], { stdio: 'inherit', env: { ...process.env, FIVE_RING_TEST_DB: 'postgres' } });
say(status === 0 ? 'passed: ' : 'FAILED: ');
process.exit(status ?? 1);
