/**
 * Eight clients that append until the process is killed. Each acknowledgement goes to stdout, `client k`, once its append
 * has resolved; `client k refused` when the store could not write it, and the client leaves it at that.
 * Arguments: file; the first k of each client, comma-separated; a mode; and after how many commands of each client the process kills itself.
 * Modes: `sound`, and the planted bugs `early` (acknowledge, then commit) and `normal` (commit without fsync).
 */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from '../../src/kernel/event-store.js';
import { SqliteStore } from '../../src/stores/sqlite.store.js';
import { appendOf, CLIENTS } from './appends.js';

/** How long a client that was refused waits before its next command. */
const PAUSE_MS = 2;

const [file = '', starts = '', mode = 'sound', commands = 'Infinity'] = process.argv.slice(2);
const store = SqliteStore.open(file, { synchronous: mode === 'normal' ? 'NORMAL' : 'FULL' });
const say = (line: string): void => void writeSync(1, `${line}\n`);

function refusal(error: unknown): 'refused' {
  if (error instanceof StoreUnavailable) return 'refused';
  throw error;
}

async function client(number: number): Promise<void> {
  const start = Number(starts.split(',')[number]);
  for (let k = start; k < start + Number(commands); k += 1) {
    if (mode === 'early') say(`${number} ${k}`);
    const append = appendOf(store, number, k);
    // Write-behind: mostly the next command does not wait for the commit of this one.
    if (mode === 'early' && k % 32 !== 0) continue;
    const verdict = await append.catch(refusal);
    if (mode !== 'early') say(`${number} ${k}${verdict === 'refused' ? ' refused' : ''}`);
    if (verdict === 'refused') await sleep(PAUSE_MS);
  }
}

say('ready');
await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
process.kill(process.pid, 'SIGKILL');
