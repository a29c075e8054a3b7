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
function run(file: string, failing: string): string[] {
  const hook = pathToFileURL(join(__dirname, 'typescript.mjs')).href;
  const child = [process.execPath, '--import', hook, join(__dirname, 'appends.child.ts'), file, Array(CLIENTS).fill(0).join(), 'sound', '40'];
  const inject = ['-e', 'trace=fsync,fdatasync', '-e', `inject=fsync,fdatasync:error=EIO:when=${failing}`];
  const { signal, status, stdout, stderr } = spawnSync('strace', ['-o', '/dev/null', ...inject, ...child], { encoding: 'utf8', timeout: 25_000 });
  if (signal !== 'SIGKILL') throw new Error(`strace ended with ${status}: ${stderr}`);
  return stdout.trim().split('\n').slice(1);
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
    const ledger = newLedger();
    const store = SqliteStore.open(file);
    expect(await readOn(store, ledger)).toEqual([]);
    await store.close();
    const wrong = lines.filter((line) => {
      const [client = 0, k = 0] = line.split(' ').map(Number);
      return standingOf(ledger, client, k) !== (line.endsWith('refused') ? 0 : commandOf(client, k).length);
    });
    expect(wrong).toEqual([]);
    expect(lines).toHaveLength(40 * CLIENTS);
    expect(lines.filter((line) => line.endsWith('refused')).length).toBeGreaterThan(CLIENTS);
    expect(lines.at(-1)?.endsWith('refused')).toBe(!recovers);
    expect(check(file)).toEqual([]);
  });
});
