/** The server as it is started, from the sources as they are, in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serverOf } from '../../src/shell/data-folder.js';

const preload = (path: string): string[] => ['--import', pathToFileURL(join(__dirname, path)).href];
const MAIN = join(__dirname, '../../src/main.ts');

export interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  /** Header by which it knows whoever holds its data folder. */
  readonly authorization: string;
  /** All that it wrote so far. */
  readonly said: () => string;
  /** Its exit code; null when a signal ended it. */
  readonly exit: Promise<number | null>;
}

/** Those that a failed test left running would keep the process, and the folder. */
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Resolves when it listens. `preloads` are files beside this one that are run before it. @throws with what it said when it ends before. */
export async function startProcess(env: Readonly<Record<string, string>>, preloads: readonly string[] = []): Promise<Running> {
  // The part of a real node's log that a test may see is known to our tests only.
  const isWindow = env['FIVE_RING_STORE']?.includes('#') === true;
  const before = ['../faults/typescript.mjs', ...(isWindow ? ['../kurrentdb/windows.preload.ts'] : []), ...preloads].flatMap(preload);
  const child = spawn(process.execPath, [...before, MAIN], { env: { ...process.env, PORT: '0', LOG_LEVEL: 'silent', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const exit = once(child, 'close').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const match = /listens on http:\/\/[^:]+:(\d+)/.exec(said);
      if (match !== null) resolve(Number(match[1]));
    });
    void exit.then((code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
  return { child, port, authorization: `Operator ${serverOf(env['FIVE_RING_DATA']!)!.operator}`, said: () => said, exit };
}
