/** Loaded before the server: plants the bug that PLANT names under an import. */
/* eslint-disable @typescript-eslint/unbound-method -- each is called with the `this` of the method it stands in for */
import { Executor } from '../../src/shell/executor.js';
import { commandIdOf } from '../../src/shell/ids.js';
import { SqliteStore } from '../../src/stores/sqlite.store.js';

/** Long after the kill. */
const LATER_MS = 600_000;

const bugs: Readonly<Record<string, () => void>> = {
  /** Knows no row again: each is a new command, whatever names it. */
  'forgets rows'() {
    const { execute, load } = Executor.prototype;
    Executor.prototype.execute = function (this: Executor, aggregate, stream, requests, envelope) {
      return execute.call(this, aggregate as never, stream, requests.map((request) => ({ ...request, commandId: commandIdOf() })), envelope);
    };
    Executor.prototype.load = async function (this: Executor, aggregate, stream) {
      return { ...(await load.call(this, aggregate as never, stream)), commands: new Map() } as never;
    };
  },
  /** Says that rows are recorded, and records them later. */
  'says it early'() {
    const { append } = SqliteStore.prototype;
    SqliteStore.prototype.append = async function (this: SqliteStore, stream, events, expected, recordedAt) {
      if (!stream.startsWith('customer-')) return append.call(this, stream, events, expected, recordedAt);
      setTimeout(() => void append.call(this, stream, events, expected, recordedAt).catch(() => undefined), LATER_MS);
      return { id: events.at(-1)!.id, position: (await this.head()) ?? '1', revision: (typeof expected === 'number' ? expected : -1) + events.length, recordedAt: Date.now() };
    };
  },
};

const bug = bugs[process.env['PLANT'] ?? ''];
if (bug === undefined) throw new Error(`PLANT names none of ${Object.keys(bugs).join(', ')}.`);
bug();
