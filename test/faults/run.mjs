// Runs the fault tests: `--short` as CI does, without it the long version of quality bars (hours are possible).
import { spawnSync } from 'node:child_process';

const short = process.argv.includes('--short');
const long = { FAULT_CYCLES: '1000', FAULT_KILLS: '50', FAULT_STATES: '3000', FAULT_EPISODES: '500', FAULT_FILLS: '50', FAULT_REQUESTS: '1000000' };
/** Each test has its own end, and kills what it started; this is the last net, so that nothing ever waits for ever. */
const LONGEST_MS = short ? 40 * 60_000 : undefined;
// --forceExit for the same reason: whatever a failed test left open must not keep the process.
const { status, error } = spawnSync('jest', ['test/faults', '--runInBand', '--forceExit'], { stdio: 'inherit', timeout: LONGEST_MS, killSignal: 'SIGKILL', env: { ...(short ? {} : long), ...process.env } });
if (error !== undefined) process.stderr.write(`The fault tests were ended: ${error.message}\n`);
process.exit(status ?? 1);
