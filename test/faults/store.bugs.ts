/** `--import` this before a child: plants the bug that FIVE_RING_PLANTED names in the SQLite store. */
/* eslint-disable @typescript-eslint/unbound-method -- each is called with the `this` of the method it stands in for */
import Database from 'better-sqlite3';
import { StoreUnavailable } from '../../src/kernel/event-store.js';
import { SqliteStore } from '../../src/stores/sqlite.store.js';

const { append } = SqliteStore.prototype;
const isFull = (error: unknown): boolean => error instanceof StoreUnavailable && error.reason === 'full';
const full = (): StoreUnavailable => new StoreUnavailable('Nothing could be written to the event store: the disk is full.', 'full');

const bugs: Readonly<Record<string, () => void>> = {
  /** Every other time it takes a full disk for a good one. */
  'full-is-fine'() {
    let refusals = 0;
    SqliteStore.prototype.append = async function (this: SqliteStore, stream, events, expected, recordedAt) {
      return append.call(this, stream, events, expected, recordedAt).catch((error: unknown) => {
        if (!isFull(error) || (refusals += 1) % 2 === 0) throw error;
        return { id: events.at(-1)!.id, position: '1', revision: events.length - 1, recordedAt: Date.now() };
      });
    };
  },
  /** Takes a disk that fails for a good one. */
  'fsync-is-fine'() {
    SqliteStore.prototype.append = async function (this: SqliteStore, stream, events, expected, recordedAt) {
      return append.call(this, stream, events, expected, recordedAt).catch((error: unknown) => {
        if (!(error instanceof StoreUnavailable)) throw error;
        return { id: events.at(-1)!.id, position: '1', revision: events.length - 1, recordedAt: Date.now() };
      });
    };
  },
  /** Does not write over a commit whose fsync failed: it stays in the -wal for the next start. */
  'keeps-what-failed'() {
    const { pragma } = Database.prototype;
    let isOpen = false;
    Database.prototype.pragma = function (this: Database.Database, source, options) {
      if (source.startsWith('user_version = ')) {
        if (isOpen) return undefined;
        isOpen = true;
      }
      return pragma.call(this, source, options);
    };
  },
  /** What was full once is taken for full for ever. */
  'stays-full'() {
    let wasFull = false;
    SqliteStore.prototype.append = async function (this: SqliteStore, stream, events, expected, recordedAt) {
      if (wasFull) throw full();
      return append.call(this, stream, events, expected, recordedAt).catch((error: unknown) => {
        wasFull ||= isFull(error);
        throw error;
      });
    };
  },
  /** Now and then it says of what it wrote that there was no room. */
  'refuses-what-stands'() {
    let appends = 0;
    SqliteStore.prototype.append = async function (this: SqliteStore, stream, events, expected, recordedAt) {
      const appended = await append.call(this, stream, events, expected, recordedAt);
      if ((appends += 1) % 20 === 0) throw full();
      return appended;
    };
  },
};

const bug = bugs[process.env['FIVE_RING_PLANTED'] ?? ''];
if (bug === undefined) throw new Error(`FIVE_RING_PLANTED names none of ${Object.keys(bugs).join(', ')}.`);
bug();
