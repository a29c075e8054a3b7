/** What only one may do at a time: in one process, or on all the nodes that share a database. */
import { setTimeout as sleep } from 'node:timers/promises';
import { lockOf, type Postgres } from '../database/postgres.js';
import { Refusal } from '../kernel/refusal.js';

const LONGEST_MS = 10_000;
const AGAIN_MS = 25;

export interface Turn {
  end(): Promise<void>;
}

export abstract class Turns {
  /** Undefined while somebody has it. It ends at the latest with the process that has it. @throws StoreUnavailable. */
  abstract take(name: string): Promise<Turn | undefined>;

  /** Those of the names that somebody has just now. @throws StoreUnavailable. */
  abstract taken(names: readonly string[]): Promise<ReadonlySet<string>>;

  /** One after the other, whoever asks. @throws Refusal `busy` when it takes too long; StoreUnavailable; what the work throws. */
  async inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const until = performance.now() + LONGEST_MS;
    for (;;) {
      const turn = await this.take(name);
      if (turn !== undefined) {
        try {
          return await work();
        } finally {
          await turn.end();
        }
      }
      if (performance.now() > until) throw new Refusal('conflict', 'busy', 'Somebody else does the same, and it takes long; try again.');
      await sleep(AGAIN_MS);
    }
  }
}

export class MemoryTurns extends Turns {
  private readonly held = new Set<string>();

  async take(name: string): Promise<Turn | undefined> {
    if (this.held.has(name)) return undefined;
    this.held.add(name);
    return { end: async () => void this.held.delete(name) };
  }

  async taken(names: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(names.filter((name) => this.held.has(name)));
  }
}

export class PostgresTurns extends Turns {
  constructor(private readonly postgres: Postgres) {
    super();
  }

  async take(name: string): Promise<Turn | undefined> {
    const lock = await this.postgres.tryLock(keyOf(name));
    return lock === undefined ? undefined : { end: () => lock.end() };
  }

  async taken(names: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.postgres.all<{ high: number; low: number }>("SELECT classid::bigint AS high, objid::bigint AS low FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database WHERE datname = current_database() AND locktype = 'advisory' AND granted AND objsubid = 1");
    const held = new Set(rows.map(({ high, low }) => (BigInt(high) << 32n) | BigInt(low)));
    return new Set(names.filter((name) => held.has(keyOf(name))));
  }
}

const keyOf = (name: string): bigint => lockOf(`five-ring turn ${name}`);
