/** Reads every customer as it was known up to a place in the log, one after the other; leaves others their turn and can be stopped. */
import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { LRUCache } from 'lru-cache';
import { colleague } from '../customers/colleague.js';
import type { ColleagueTables } from '../customers/colleagues.view.js';
import { customer, customerStream, type CustomerState } from '../customers/customer.js';
import { isFar, type EventStore, type Position } from '../kernel/event-store.js';
import { Known } from '../shell/known.js';
import { Views } from '../views/views.js';
import type { Employed } from './named-colleagues.js';

/** Longest stretch of work between two turns of the event loop. */
const TURN_MS = 10;
const PAGE = 500;
/** Streams read at once from a log on another machine. */
const FAR_TOGETHER = 32;
/** Events whose folded states are kept for the next walk. */
const CACHED_EVENTS = 200_000;

/** Leaves others their turn of the event loop, and ends the work when nobody waits for it any more. */
export class Turns {
  private begun = performance.now();

  constructor(private readonly signal?: AbortSignal) {}

  get isOver(): boolean {
    return performance.now() - this.begun > TURN_MS;
  }

  /** @throws AbortError when stopped. */
  async next(): Promise<void> {
    await nextTurn();
    this.signal?.throwIfAborted();
    this.begun = performance.now();
  }
}

async function* inParts<T>(all: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let part: T[] = [];
  for await (const one of all) {
    part.push(one);
    if (part.length < size) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

/** What an answer cost: how much was read, and how long it took. */
export interface Read {
  customers: number;
  events: number;
  ms: number;
}

/** A customer as it is after the event at `position`, its `revision`-th. Nobody changes the state. */
interface Folded {
  readonly state: CustomerState;
  readonly revision: number;
  readonly position: Position;
}

@Injectable()
export class Walk {
  private readonly cache = new LRUCache<string, Folded>({ maxSize: CACHED_EVENTS, sizeCalculation: ({ revision }) => revision + 1 });

  constructor(
    private readonly store: EventStore,
    private readonly views: Views,
    private readonly known: Known,
  ) {}

  /** States of all customers, as known up to the position; `read` is counted up as it goes. @throws AbortError when stopped. */
  async *customers(upTo: Position | null, read: Read, signal?: AbortSignal): AsyncGenerator<CustomerState> {
    if (upTo === null) return;
    const begun = performance.now();
    const turns = new Turns(signal);
    const together = isFar(this.store) ? FAR_TOGETHER : 1;
    for await (const streams of inParts(this.streams(), together)) {
      signal?.throwIfAborted();
      for (const folded of await Promise.all(streams.map((stream) => this.folded(stream, upTo)))) {
        if (folded !== undefined) {
          read.events += folded.revision + 1;
          read.customers += 1;
          if (folded.state.registered) yield folded.state;
        }
        read.ms = performance.now() - begun;
        if (turns.isOver) await turns.next();
      }
    }
  }

  /** One customer as known up to the position; undefined when nothing of it was. Nobody changes the state. */
  async customer(id: string, upTo: Position | null): Promise<CustomerState | undefined> {
    return upTo === null ? undefined : (await this.folded(customerStream(id), upTo))?.state;
  }

  /** Streams of all customers that the views know of, also those whose rows are still to be made: the position is past them; and those who were there once, before an import was undone. */
  async *streams(): AsyncGenerator<string> {
    for (let after = ''; ; ) {
      const page = await this.views.streams('portfolio', ['portfolio', 'undone_customers'], after, PAGE);
      yield* page;
      if (page.length < PAGE) return;
      after = page.at(-1)!;
    }
  }

  /** Department of every colleague, as known up to the position. */
  async departments(upTo: Position | null): Promise<Map<string, string>> {
    return new Map([...(await this.colleagues(upTo))].map(([id, { department }]) => [id, department]));
  }

  /** Every colleague, as known up to the position. */
  async colleagues(upTo: Position | null): Promise<Map<string, Employed>> {
    const colleagues = new Map<string, Employed>();
    if (upTo === null) return colleagues;
    const rows = await (this.views.db as Kysely<ColleagueTables>).selectFrom('colleagues').select('id').execute();
    for (const { id } of rows) {
      const stream = `colleague-${id}`;
      const events = (await this.store.read(stream)).filter(({ position }) => this.known.includes(upTo, position));
      const { added, department, active } = events.reduce((before, event) => colleague.evolve(before, event as never), colleague.initial(stream));
      if (added) colleagues.set(id, { department, active });
    }
    return colleagues;
  }

  /** The customer as known up to the position; undefined when nothing of it was. */
  private async folded(stream: string, upTo: Position): Promise<Folded | undefined> {
    const cached = this.cache.get(stream);
    if (cached !== undefined && this.known.includes(upTo, cached.position)) {
      const [next] = await this.store.read(stream, cached.revision + 1, 1);
      if (next === undefined || !this.known.includes(upTo, next.position)) return cached;
    }
    const all = await this.store.read(stream);
    const events = all.length > 0 && this.known.includes(upTo, all.at(-1)!.position) ? all : all.filter(({ position }) => this.known.includes(upTo, position));
    const last = events.at(-1);
    if (last === undefined) return undefined;
    const state = events.reduce((before, event) => customer.evolve(before, event as never), customer.initial(stream));
    const folded = { state, revision: last.revision, position: last.position };
    // The past is asked for now and then; the present all the time.
    if (events === all) this.cache.set(stream, folded);
    return folded;
  }
}
