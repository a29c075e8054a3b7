/** Loaded before the server: kills it (SIGKILL) at one step of an erasure, or plants a bug. KILL_AT and PLANT say which. */
import { ErasureFile } from '../../src/privacy/erasure-file.writer.js';
import { Erasures } from '../../src/privacy/erasures.writer.js';
import { Rebuild } from '../../src/shell/rebuild.js';
import { Executor } from '../../src/shell/executor.js';
import { SqliteVault } from '../../src/vault/sqlite.vault.js';
import { KeyTable } from '../../src/vault/key-table.js';
import { SqliteViews } from '../../src/views/sqlite.views.js';

type Method = (...args: unknown[]) => unknown;

/** A start that finishes what an earlier kill left is let through. */
let isAsked = false;

function kill(): void {
  if (!isAsked) return;
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}

function around(owner: object, name: string, by: (own: () => unknown, args: unknown[]) => unknown): void {
  const methods = owner as Record<string, Method>;
  const own = methods[name]!;
  methods[name] = function (this: unknown, ...args: unknown[]) {
    return by(() => own.apply(this, args), args);
  };
}

const before = (owner: object, name: string): void => around(owner, name, (own) => {
  kill();
  return own();
});
const after = (owner: object, name: string): void => around(owner, name, async (own) => {
  const done = await own();
  kill();
  return done;
});
const afterAtOnce = (owner: object, name: string): void => around(owner, name, (own) => {
  const done = own();
  kill();
  return done;
});

const steps: Record<string, () => void> = {
  'before the list': () => before(ErasureFile.prototype, 'add'),
  'the list is written': () => after(ErasureFile.prototype, 'add'),
  'within the commit': () => afterAtOnce(KeyTable.prototype, 'destroy'),
  'before the -wal is cut': () => before(SqliteVault.prototype, 'clean'),
  'the keys are gone': () => after(SqliteVault.prototype, 'destroy'),
  'the log says so': () => around(Executor.prototype, 'execute', async (own, [, , requests]) => {
    const outcome = await own();
    if ((requests as { command: { type: string } }[]).some(({ command }) => command.type.startsWith('Erase'))) kill();
    return outcome;
  }),
  'the list says so': () => after(ErasureFile.prototype, 'done'),
  'before the views are copied': () => before(Rebuild.prototype, 'withoutRemains'),
  'the views are copied': () => after(SqliteViews.prototype, 'copied'),
  'the views are exchanged': () => afterAtOnce(SqliteViews.prototype, 'takeOver'),
  'all is done': () => after(ErasureFile.prototype, 'cleaned'),
};

const bugs: Record<string, () => void> = {
  'keys before the list': () => around(ErasureFile.prototype, 'add', (_, [intent]) => Promise.resolve(intent)),
  'nothing done again': () => around(Erasures.prototype, 'redo', () => Promise.resolve()),
};

around(Erasures.prototype, 'erase', (own) => {
  isAsked = true;
  return own();
});
steps[process.env['KILL_AT'] ?? '']?.();
bugs[process.env['PLANT'] ?? '']?.();
