// `npm run test:kurrentdb`: what must hold of a log in KurrentDB, and the whole API suite on it. On emulated nodes, or on the real
// one that KURRENTDB_URL names. `-- --short` leaves out what `npm test` has run before, and the API specs below.
import { spawnSync } from 'node:child_process';

const { KURRENTDB_URL: url } = process.env;
const isReal = url !== undefined && url !== '';
const short = process.argv.includes('--short');
/** About what stands before the log, wherever that is: doors, rights, headers, the document. */
const BEFORE_THE_LOG = ['accounts', 'audit', 'authorisation', 'behind-proxy', 'colleague-figures', 'contacts', 'folder-mode', 'hosts', 'left-open', 'limits', 'odd-rights', 'oidc', 'openapi', 'security-headers', 'settings', 'sign-in', 'status'];

const specs = isReal ? ['test/kurrentdb/store.spec.ts', 'test/api', 'test/faults/kill-app.spec.ts'] : [...(short ? ['network', 'bad-input', 'migration', 'proxy', 'faults'].map((name) => `test/kurrentdb/${name}`) : ['test/kurrentdb']), 'test/api'];
// Without the credentials that may stand in the URL.
const on = isReal ? `the real node at ${url.replace(/^[^:]*:\/\/([^@/]*@)?/, '').replace(/[/?#].*$/s, '')}, whose log is added to and not emptied` : 'emulated nodes (KURRENTDB_URL is not set)';
const left = isReal
  ? 'Not run on a real node, as nothing can be planted in one: test/kurrentdb/ but for the contract, test/faults/network.spec.ts, and the cuts of kill-app.spec.ts; npm run check runs them on emulated nodes.'
  : `The kills of the app and the faults of the network are in npm run test:faults.${short ? ` Left out of test/api, as they are about what stands before the log: ${BEFORE_THE_LOG.join(', ')}.` : ''}`;

const say = (verdict) => process.stdout.write(`KurrentDB: ${verdict}${specs.join(', ')} on ${on}. ${left}\n`);
say('runs ');
// --forceExit: what a failed test left open must not keep the process.
const without = short && !isReal ? ['--testPathIgnorePatterns', `test/api/(${BEFORE_THE_LOG.join('|')})\\.spec`] : [];
const { status } = spawnSync('jest', ['--forceExit', ...specs, ...without], { stdio: 'inherit', env: { ...process.env, FIVE_RING_TEST_STORE: 'kurrentdb' } });
say(status === 0 ? 'passed: ' : 'FAILED: ');
process.exit(status ?? 1);
