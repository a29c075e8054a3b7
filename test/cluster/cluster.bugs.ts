/** `--import` this before a node: it plants the bugs that FIVE_RING_PLANTED names, with commas between: ways not to know of other nodes. */
/* eslint-disable @typescript-eslint/unbound-method -- each is called with the `this` of the method it stands in for */
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresGuessing } from '../../src/access/guessing-postgres.writer.js';
import { MemoryGuessing } from '../../src/access/guessing.js';
import { SettingsInForce } from '../../src/access/settings-in-force.js';
import { Executor } from '../../src/shell/executor.js';
import { commandIdOf } from '../../src/shell/ids.js';
import { Live } from '../../src/shell/live.js';
import { Projector } from '../../src/shell/projector.js';
import { KurrentStore } from '../../src/stores/kurrentdb.store.js';
import { KeysAtHand } from '../../src/vault/keys-at-hand.js';
import { PostgresVault } from '../../src/vault/postgres.vault.js';
import { Secrets, type KeyRow, type SessionRow } from '../../src/vault/secrets.js';

const bugs: Readonly<Record<string, () => void>> = {
  /** A read does not wait for the position it names, nor does the node ever look what others did. */
  'does-not-wait'() {
    Projector.prototype.reached = () => Promise.resolve();
  },
  /** Who was let in once is let in for ever. */
  'remembers-who-entered'() {
    const [sessions, keys] = [new Map<string, SessionRow>(), new Map<string, KeyRow>()];
    const { session, keyBy } = Secrets.prototype;
    const kept = <Row>(rows: Map<string, Row>, ask: (this: Secrets, token: string) => Promise<Row | undefined>) => async function (this: Secrets, token: string): Promise<Row | undefined> {
      const row = rows.get(token) ?? (await ask.call(this, token));
      if (row !== undefined) rows.set(token, row);
      return row;
    };
    Secrets.prototype.session = kept(sessions, session);
    Secrets.prototype.keyBy = kept(keys, keyBy);
    // What the log says of keys reaches it no more either.
    Executor.prototype.heard = () => undefined;
  },
  /** Counts those who guess here alone. */
  'counts-alone'() {
    const own = new MemoryGuessing();
    PostgresGuessing.prototype.begin = (guess, now) => own.begin(guess, now);
  },
  /** Every request is a new one, whatever its Idempotency-Key. */
  'forgets-keys'() {
    const { execute } = Executor.prototype;
    Executor.prototype.execute = function (this: Executor, aggregate, stream, requests, envelope) {
      return execute.call(this, aggregate as never, stream, requests.map((request) => ({ ...request, commandId: commandIdOf() })), envelope);
    };
  },
  /** Does not mind what others have written since it decided. */
  'appends-anywhere'() {
    const { append } = KurrentStore.prototype;
    KurrentStore.prototype.append = async function (stream, events, _expected, recordedAt) {
      await sleep(100);
      return append.call(this, stream, events, 'any', recordedAt);
    };
  },
  /** Keeps the keys it has once seen. */
  'keeps-keys'() {
    const { bring } = PostgresVault.prototype;
    const seen = new Set<string>();
    PostgresVault.prototype.bring = async function (subjects) {
      const all = [...subjects];
      await bring.call(this, all.filter((subject) => !seen.has(subject)));
      for (const subject of all) seen.add(subject);
    };
    KeysAtHand.prototype.destroy = () => undefined;
    KeysAtHand.prototype.withoutBlock = () => undefined;
  },
  /** Hears nothing of what happens. */
  'is-deaf'() {
    Live.prototype.heard = () => undefined;
    SettingsInForce.prototype.look = () => Promise.resolve();
  },
};

for (const name of (process.env['FIVE_RING_PLANTED'] ?? '').split(',')) {
  const bug = bugs[name];
  if (bug === undefined) throw new Error(`FIVE_RING_PLANTED names none of ${Object.keys(bugs).join(', ')}.`);
  bug();
}
