// Runs the fault tests: `--short` as CI does, without it the long version of quality bars (hours are possible).
import { spawnSync } from 'node:child_process';

const short = process.argv.includes('--short');
const long = { FAULT_CYCLES: '1000', FAULT_KILLS: '50', FAULT_STATES: '3000', FAULT_EPISODES: '500' };
const { status } = spawnSync('jest', ['test/faults', '--runInBand'], { stdio: 'inherit', env: { ...(short ? {} : long), ...process.env } });
process.exit(status ?? 1);
