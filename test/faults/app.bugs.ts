/** `--import` this before the app: plants the bug that FIVE_RING_PLANTED names. */
/* eslint-disable @typescript-eslint/unbound-method -- each is called with the `this` of the method it stands in for */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from '../../src/kernel/event-store.js';
import { Executor } from '../../src/shell/executor.js';
import { commandIdOf } from '../../src/shell/ids.js';
import { Projector } from '../../src/shell/projector.js';
import { KurrentStore } from '../../src/stores/kurrentdb.store.js';
import { SqliteViews } from '../../src/views/sqlite.views.js';

const LATER_MS = 150;

const bugs: Readonly<Record<string, () => void>> = {
  /** Says that it is written, and writes it a moment later. */
  'acknowledges-early'() {
    const { append } = KurrentStore.prototype;
    KurrentStore.prototype.append = async function (stream, events, expected, recordedAt) {
      const position = (await this.head()) ?? '0/0';
      setTimeout(() => void append.call(this, stream, events, expected, recordedAt).catch(() => undefined), LATER_MS);
      return { id: events.at(-1)!.id, position, revision: (typeof expected === 'number' ? expected : -1) + events.length, recordedAt: Date.now() };
    };
  },
  /** Every request is a new one, whatever its Idempotency-Key; and answers come late, so that a kill finds some that were not sent. */
  'forgets-keys'() {
    const { execute } = Executor.prototype;
    Executor.prototype.execute = async function (this: Executor, aggregate, stream, requests, envelope) {
      const outcome = await execute.call(this, aggregate as never, stream, requests.map((request) => ({ ...request, commandId: commandIdOf() })), envelope);
      await sleep(LATER_MS);
      return outcome;
    };
  },
  /** A read does not wait for the position it names. */
  'does-not-wait'() {
    Projector.prototype.reached = () => Promise.resolve();
  },
  /** The views' checkpoint is written before their rows. */
  'checkpoint-first'() {
    const { apply } = SqliteViews.prototype;
    let newest: Position | null = null;
    SqliteViews.prototype.apply = async function ({ ops, ...batch }) {
      newest = batch.checkpoint;
      await apply.call(this, { ...batch, ops: [] });
      setTimeout(() => void apply.call(this, { ops, checkpoint: newest }), LATER_MS);
    };
  },
};

const bug = bugs[process.env['FIVE_RING_PLANTED'] ?? ''];
if (bug === undefined) throw new Error(`FIVE_RING_PLANTED names none of ${Object.keys(bugs).join(', ')}.`);
bug();
