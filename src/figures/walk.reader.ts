/** Reads every customer as it was known up to a place in the log, one after the other; leaves others their turn and can be stopped. */
import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { customer, type CustomerState } from '../customers/customer.js';
import type { EventStore, Position, RecordedEvent } from '../kernel/event-store.js';
import type { PortfolioTables } from '../rings/portfolio.view.js';
import { Known } from '../shell/known.js';
import { SqliteViews } from '../views/sqlite.views.js';

/** Longest stretch of work between two turns of the event loop. */
const TURN_MS = 10;
const PAGE = 500;

/** What an answer cost: how much was read, and how long it took. */
export interface Read {
  customers: number;
  events: number;
  ms: number;
}

@Injectable()
export class Walk {
  constructor(
    private readonly store: EventStore,
    private readonly views: SqliteViews,
    private readonly known: Known,
  ) {}

  /** States of all customers, as known up to the position; `read` is counted up as it goes. @throws AbortError when stopped. */
  async *customers(upTo: Position | null, read: Read, signal?: AbortSignal): AsyncGenerator<CustomerState> {
    for await (const { stream, events } of this.streams(upTo, read, signal)) {
      const state = events.reduce((before, event) => customer.evolve(before, event as never), customer.initial(stream));
      if (state.registered) yield state;
    }
  }

  /** Events of all customers' streams, as known up to the position. */
  async *streams(upTo: Position | null, read: Read, signal?: AbortSignal): AsyncGenerator<{ readonly stream: string; readonly events: readonly RecordedEvent[] }> {
    const begun = performance.now();
    let turn = begun;
    for (let after = ''; upTo !== null; ) {
      const page = await this.page(after);
      for (const stream of page) {
        signal?.throwIfAborted();
        const events = (await this.store.read(stream)).filter(({ position }) => this.known.includes(upTo, position));
        read.events += events.length;
        if (events.length > 0) {
          read.customers += 1;
          yield { stream, events };
        }
        const now = performance.now();
        read.ms = now - begun;
        if (now - turn > TURN_MS) {
          await nextTurn();
          turn = performance.now();
        }
      }
      if (page.length < PAGE) return;
      after = page.at(-1)!;
    }
  }

  private async page(after: string): Promise<string[]> {
    const db = this.views.db as Kysely<PortfolioTables>;
    const rows = await db.selectFrom('portfolio').select('stream').where('stream', '>', after).orderBy('stream').limit(PAGE).execute();
    return rows.map(({ stream }) => stream);
  }
}
