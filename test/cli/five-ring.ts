/** The command line as its users run it: the sources compiled once into a folder of their own, one process a run. */
import { transformSync } from '@swc/core';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** A sample for the demo while there is none, or a small one where the real one takes too long. */
const SAMPLE = `
import { CustomersWriter } from '../customers/customers.writer.js';
import { commandIdOf, newId } from '../shell/ids.js';
export async function loadSample(app) {
  const writer = app.get(CustomersWriter);
  const caller = () => ({ actor: 'ada', department: 'sales', commandId: commandIdOf(), mac: 'sample', correlationId: newId(), revision: undefined });
  await writer.addColleague({ id: 'ada', name: 'Ada Berg', department: 'sales' }, caller());
  await writer.register({ name: 'Morel & Fils', owner: 'ada' }, caller());
  return { colleagues: 1, customers: 1, entries: 0 };
}`;

export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Built {
  readonly folder: string;
  /** Runs a verb to its end. */
  run(args: readonly string[], env?: Record<string, string>, node?: readonly string[]): Promise<Run>;
  /** Starts a verb that stays. */
  start(args: readonly string[], env?: Record<string, string>): Running;
  /** Ends all that was started and still runs, such as what a failed expectation left behind. */
  stop(): Promise<void>;
  remove(): void;
}

export class Running {
  out = '';
  err = '';

  constructor(readonly child: ChildProcess) {
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.out += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.err += text));
  }

  /** Resolves with the match when the output has it. @throws when the process ends before. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.out);
      if (match !== null) return match;
      if (this.child.exitCode !== null) throw new Error(`it ended with ${this.child.exitCode}: ${this.out}${this.err}`);
      await Promise.race([once(this.child.stdout!, 'data'), once(this.child, 'close')]);
    }
  }

  /** Whether it has not ended yet. */
  get isUp(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async end(signal?: NodeJS.Signals): Promise<Run> {
    const closed = this.isUp ? once(this.child, 'close') : undefined;
    if (signal !== undefined) this.child.kill(signal);
    await closed;
    return { code: this.child.exitCode, out: this.out, err: this.err };
  }
}

/** Compiles src/ into a temporary folder, beside a link to node_modules. */
export function build(): Built {
  const folder = mkdtempSync(join(tmpdir(), 'five-ring-cli-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  for (const file of globSync('**/*.ts', { cwd: join(ROOT, 'src') })) {
    if (file.endsWith('.spec.ts') || file === 'sample/load.ts') continue;
    const { code } = transformSync(readFileSync(join(ROOT, 'src', file), 'utf8'), {
      filename: file,
      jsc: { parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true }, target: 'es2023' },
      module: { type: 'es6' },
    });
    const target = join(folder, 'dist', file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  mkdirSync(join(folder, 'dist/sample'), { recursive: true });
  writeFileSync(join(folder, 'dist/sample/load.js'), SAMPLE);
  const main = join(folder, 'dist/cli/main.js');
  if (!existsSync(main)) throw new Error('nothing was built');
  const started = new Set<Running>();
  const start = (args: readonly string[], env: Record<string, string> = {}, node: readonly string[] = [process.execPath]): Running => {
    const { FIVE_RING_AS: _as, FIVE_RING_DATA: _data, PORT: _port, LOG_LEVEL: _level, ...inherited } = process.env;
    const [command, ...options] = node as [string, ...string[]];
    const running = new Running(spawn(command, [...options, main, ...args], { env: { ...inherited, FIVE_RING_TIME_ZONE: 'Europe/Berlin', ...env }, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }));
    started.add(running);
    running.child.once('close', () => started.delete(running));
    return running;
  };
  return {
    folder,
    run: (args, env, node) => start(args, env, node).end(),
    start,
    async stop() {
      await Promise.all([...started].map((running) => running.end('SIGKILL')));
    },
    remove() {
      for (const { child } of started) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
