/** Stores of KurrentDB with a bug planted: around the store, or between it and the client. */
import { randomUUID } from 'node:crypto';
import { ANY, KurrentDBClient } from '@kurrent/kurrentdb-client';
import { StoreUnavailable, type Appended, type EventStore, type Expected, type NewEvent, type Position, type RecordedEvent, type StoreStatus } from '../../src/kernel/event-store.js';
import { Connection } from '../../src/stores/kurrentdb.connection.js';
import { PassingStore } from '../passing-store.js';
import { soundly, type Kind, type Opening } from './episodes.js';

export class Around extends PassingStore {
  status(): StoreStatus {
    return this.inner.status!();
  }
}

/** Takes no answer for a good one. */
class AcknowledgesUnheard extends Around {
  override async append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    try {
      return await this.inner.append(stream, events, expected);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      return { id: events.at(-1)!.id, position: '1/1', revision: 1_000_000, recordedAt: 0 };
    }
  }
}

/** Answers a repeat with what it would have written. */
class SaysItsOwn extends Around {
  override async append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended> {
    return { ...(await this.inner.append(stream, events, expected)), id: events.at(-1)!.id };
  }
}

/** After a failure it goes on behind the event that it could not read. */
class SkipsAfterAFailure extends Around {
  #hasFailed = false;
  override async readAll(after: Position | null, limit: number): Promise<RecordedEvent[]> {
    try {
      const page = await this.inner.readAll(after, limit);
      if (!this.#hasFailed || page.length === 0) return page;
      this.#hasFailed = false;
      return page.slice(1);
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    }
  }
}

/** Never says that anything is wrong. */
class IsAlwaysWell extends Around {
  override status = (): StoreStatus => ({ connected: true, lastContact: Date.now(), reconnects: 0, notes: [] });
}

/** Opens with something replaced in a prototype, until the store is closed. */
async function replaced<T extends object, K extends keyof T>(of: T, name: K, value: T[K], opening: Opening): Promise<EventStore> {
  const original = of[name];
  of[name] = value;
  const store = await soundly(opening);
  return Object.assign(new Around(store), {
    close: async () => {
      of[name] = original;
      await store.close();
    },
  });
}

/** Appends to wherever the stream ends, as events that the server has never seen. */
const writesAnywhere = (opening: Opening): Promise<EventStore> => {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with `this`
  const sound = KurrentDBClient.prototype.appendToStream;
  const anywhere = function (this: KurrentDBClient, stream: string, events: object | object[], options?: object) {
    return sound.call(this, stream, [events].flat().map((event) => ({ ...event, id: randomUUID() })) as never, { ...options, streamState: ANY });
  };
  return replaced(KurrentDBClient.prototype, 'appendToStream', anywhere as typeof sound, opening);
};

const keepsTheClient = (opening: Opening): Promise<EventStore> => replaced(Connection.prototype, 'giveUp', () => undefined, opening);

const around = (Bug: new (inner: EventStore) => EventStore) => async (opening: Opening) => new Bug(await soundly(opening));

/** Waits for as long as the client would. */
const hasNoDeadline = ({ url }: Opening): Promise<EventStore> => soundly({ url, deadlineMs: 10_000 });

export interface Planted {
  readonly bug: string;
  /** The check that must find it. */
  readonly check: string;
  readonly kind: Kind;
  /** What chance always says: above 1, the outage lasts longer than in any episode. */
  readonly chance: number;
  readonly open: (opening: Opening) => Promise<EventStore>;
}

/** While one of these is open, every store has the bug. */
export const everywhere: readonly Planted[] = [
  { bug: 'writesAnywhere', check: 'doubled', kind: 'acknowledged, then cut', chance: 0.99, open: writesAnywhere },
  { bug: 'keepsTheClient', check: 'not healed', kind: 'leader change', chance: 0.4, open: keepsTheClient },
];

export const inOneStore: readonly Planted[] = [
  { bug: 'AcknowledgesUnheard', check: 'lost', kind: 'refuse', chance: 0.99, open: around(AcknowledgesUnheard) },
  { bug: 'SaysItsOwn', check: 'wrong verdict', kind: 'acknowledged, then cut', chance: 0.99, open: around(SaysItsOwn) },
  { bug: 'SkipsAfterAFailure', check: 'unseen', kind: 'black hole', chance: 2, open: around(SkipsAfterAFailure) },
  { bug: 'SkipsAfterAFailure', check: 'gap', kind: 'refuse', chance: 2, open: around(SkipsAfterAFailure) },
  { bug: 'hasNoDeadline', check: 'late', kind: 'half-open', chance: 2, open: hasNoDeadline },
  { bug: 'IsAlwaysWell', check: 'status', kind: 'black hole', chance: 0.99, open: around(IsAlwaysWell) },
];
