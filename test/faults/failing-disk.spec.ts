/** A disk whose fsync fails from some moment on (injected by strace, hence Linux), under eight clients; then the process is killed. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check } from '../../src/stores/sqlite.check.js';
import { SqliteStore } from '../../src/stores/sqlite.store.js';
import { CLIENTS, commandOf, newLedger, readOn, standingOf } from './appends.js';

const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

/** Runs the child under strace with the given fsyncs failing. @returns the lines it said. */
function run(file: string, failing: string, planted?: string): string[] {
  const preload = (name: string): string[] => ['--import', pathToFileURL(join(__dirname, name)).href];
  const child = [process.execPath, ...preload('typescript.mjs'), ...(planted === undefined ? [] : preload('store.bugs.ts')), join(__dirname, 'appends.child.ts'), file, Array(CLIENTS).fill(0).join(), 'sound', '40'];
  const inject = ['-e', 'trace=fsync,fdatasync', '-e', `inject=fsync,fdatasync:error=EIO:when=${failing}`];
  const { signal, status, stdout, stderr } = spawnSync('strace', ['-o', '/dev/null', ...inject, ...child], { encoding: 'utf8', timeout: 50_000, env: { ...process.env, FIVE_RING_PLANTED: planted } });
  if (signal !== 'SIGKILL') throw new Error(`strace ended with ${status}: ${stderr}`);
  return stdout.trim().split('\n').slice(1);
}

/** Opens the log as the next start does. @returns the verdicts that do not hold. */
async function wrongIn(file: string, lines: readonly string[]): Promise<string[]> {
  const ledger = newLedger();
  const store = SqliteStore.open(file);
  expect(await readOn(store, ledger)).toEqual([]);
  await store.close();
  return lines.filter((line) => {
    const [client = 0, k = 0] = line.split(' ').map(Number);
    return standingOf(ledger, client, k) !== (line.endsWith('refused') ? 0 : commandOf(client, k).length);
  });
}

describe('a disk whose fsync fails (needs strace)', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'five-ring-'))));
  afterEach(() => rm(folder, { recursive: true }));
  const traced = canTrace ? it : it.skip;

  traced.each([
    ['for good', '30+', false],
    ['for a while', '30..36', true],
  ])('%s: what was refused does not stand, not even after a restart, and what was acknowledged does', async (_how, failing, recovers) => {
    const file = join(folder, 'log.db');
    const lines = run(file, failing);
    expect(await wrongIn(file, lines)).toEqual([]);
    expect(lines).toHaveLength(40 * CLIENTS);
    expect(lines.filter((line) => line.endsWith('refused')).length).toBeGreaterThan(CLIENTS);
    expect(lines.at(-1)?.endsWith('refused')).toBe(!recovers);
    expect(check(file)).toEqual([]);
  });

  traced.each([
    ['takes a failed fsync for a good one', 'fsync-is-fine', false],
    ['leaves in the -wal what it refused', 'keeps-what-failed', true],
  ])('planted bug: a store that %s is found', async (_how, planted, isRefused) => {
    const file = join(folder, 'log.db');
    const wrong = await wrongIn(file, run(file, '30+', planted));
    expect(wrong.filter((line) => line.endsWith('refused') === isRefused)).not.toEqual([]);
  });
});
