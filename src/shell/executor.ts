/**
 * Executes commands on a stream: looks for a repeat, loads the state, decides, seals what is personal, appends.
 * One writer a stream within the process; between processes the expected revision decides, and the loser decides again.
 */
import { LRUCache } from 'lru-cache';
import type { Aggregate, Decided, PersonalField } from '../kernel/aggregate.js';
import { WrongRevision, type EventStore, type RecordedEvent } from '../kernel/event-store.js';
import { Refusal } from '../kernel/refusal.js';
import { sealFields } from '../vault/codec.js';
import type { Vault } from '../vault/vault.js';
import { newId } from './ids.js';

export interface CommandRequest<Command> {
  readonly commandId: string;
  /** Keyed hash of the request; the same commandId with another one is refused. */
  readonly mac: string;
  readonly command: Command;
}

export interface Envelope {
  readonly actor: string;
  readonly correlationId: string;
  /** The revision the caller has seen (If-Match): refused as stale when the stream has moved on. */
  readonly revision?: number;
}

/** An event as the command left it in the stream. */
export type Written = Pick<RecordedEvent, 'id' | 'type' | 'data' | 'revision' | 'recordedAt'>;

export interface Outcome {
  /** One list per command: the events it wrote, or those it had written before. */
  readonly written: readonly (readonly Written[])[];
  /** Which of the commands were repeats. */
  readonly repeated: readonly boolean[];
  /** Last revision of the stream, -1 when it is still empty. */
  readonly revision: number;
  /** Place in the log to wait for when reading; null when the stream is empty. */
  readonly position: string | null;
}

interface Loaded<State> {
  state: State;
  revision: number;
  position: string | null;
  /** Commands already in the stream. */
  readonly commands: Map<string, Known>;
}

/** Hash of the request, and revisions of the first and the last of its events. */
interface Known {
  readonly mac: string;
  readonly first: number;
  last: number;
}

/** An event that is being written: what the store says of it comes later. */
type Writing = Omit<RecordedEvent, 'position' | 'recordedAt'> & { position: string; recordedAt: number };

const ATTEMPTS = 5;

export class Executor {
  // States of many aggregates in one cache: each is read back only with the aggregate that made it.
  private readonly cache: LRUCache<string, Loaded<unknown>>;
  private readonly queues = new Map<string, Promise<unknown>>();
  private readonly running = new Set<string>();
  /** Streams that are being read just now, with the last revision that was heard of meanwhile. */
  private readonly reading = new Set<{ readonly stream: string; heard: number }>();
  /** Recent commands and their hashes, to refuse a reused key even on another stream. */
  private readonly recent = new LRUCache<string, string>({ max: 50_000 });

  constructor(
    private readonly store: EventStore,
    private readonly vault: Vault,
    cachedEvents = 200_000,
  ) {
    this.cache = new LRUCache({ maxSize: cachedEvents, sizeCalculation: ({ revision }) => revision + 2 });
  }

  /** Current state of a stream. Callers must not change it. */
  async load<C, E extends Decided, S>(aggregate: Aggregate<C, E, S>, stream: string): Promise<Readonly<Loaded<S>>> {
    const cached = this.cache.get(stream) as Loaded<S> | undefined;
    if (cached !== undefined) return cached;
    const loaded: Loaded<S> = { state: aggregate.initial(stream), revision: -1, position: null, commands: new Map() };
    const reading = { stream, heard: -1 };
    this.reading.add(reading);
    try {
      do {
        const before = loaded.revision;
        for (const event of await this.store.read(stream, before + 1)) take(aggregate, loaded, event);
        if (loaded.revision === before) break;
      } while (loaded.revision < reading.heard);
    } finally {
      this.reading.delete(reading);
    }
    // A write may have gone on while we read.
    const newer = this.cache.get(stream) as Loaded<S> | undefined;
    if (newer !== undefined && newer.revision >= loaded.revision) return newer;
    if (loaded.revision >= 0) this.cache.set(stream, loaded);
    return loaded;
  }

  /** What is kept of the stream gives room: it is read anew when it is asked for. */
  letGo(stream: string): void {
    this.cache.delete(stream);
  }

  /** Events of the log, whoever wrote them: what is kept of their streams and lacks them is read anew when it is asked for. */
  heard(events: readonly Pick<RecordedEvent, 'stream' | 'revision'>[]): void {
    for (const { stream, revision } of events) {
      const kept = this.cache.peek(stream);
      if (kept !== undefined && kept.revision < revision) this.cache.delete(stream);
      for (const one of this.reading) if (one.stream === stream && one.heard < revision) one.heard = revision;
    }
  }

  /** Whether nothing was ever recorded. */
  async isEmpty(): Promise<boolean> {
    return (await this.store.head()) === null;
  }

  /** The event of a stream at a revision that is known to be there. */
  async eventAt(stream: string, revision: number): Promise<RecordedEvent> {
    const [event] = await this.store.read(stream, revision, 1);
    if (event === undefined) throw new Error(`${stream} has no revision ${revision}`);
    return event;
  }

  /** Events of a stream from a revision on. */
  eventsFrom(stream: string, revision: number): Promise<RecordedEvent[]> {
    return this.store.read(stream, revision);
  }

  /** For requests that write to more than one stream. @returns whether the command stands already. @throws Refusal, as `execute` would for the command's name and revision. */
  async mayExecute<C, E extends Decided, S>(aggregate: Aggregate<C, E, S>, stream: string, { commandId, mac }: Pick<CommandRequest<C>, 'commandId' | 'mac'>, revision: number | undefined): Promise<boolean> {
    if (this.running.has(commandId)) throw stillRunning();
    return this.asOfNow(stream, async () => {
      const loaded = await this.load(aggregate, stream);
      const known = loaded.commands.get(commandId);
      if ((known?.mac ?? this.recent.get(commandId) ?? mac) !== mac) throw reusedKey();
      if (known === undefined && revision !== undefined && revision !== loaded.revision) throw stale(loaded.revision);
      return known !== undefined;
    });
  }

  /** Nothing is refused because of what was kept here, where another process has written on. */
  private async asOfNow<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const kept = this.cache.peek(stream)?.revision;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refusal) || kept === undefined || !(await this.hasMore(stream, kept))) throw error;
      this.cache.delete(stream);
      return work();
    }
  }

  private async hasMore(stream: string, revision: number): Promise<boolean> {
    return (await this.store.read(stream, revision + 1, 1)).length > 0;
  }

  /**
   * Executes the commands in order as one append: all or nothing.
   * @throws Refusal `still-running`, `reused-key`, `stale`, or whatever `decide` refuses; StoreUnavailable.
   */
  async execute<C, E extends Decided, S>(aggregate: Aggregate<C, E, S>, stream: string, requests: readonly CommandRequest<C>[], envelope: Envelope): Promise<Outcome> {
    for (const { commandId, mac } of requests) {
      if (this.running.has(commandId)) throw stillRunning();
      if ((this.recent.get(commandId) ?? mac) !== mac) throw reusedKey();
    }
    for (const { commandId } of requests) this.running.add(commandId);
    try {
      const outcome = await this.inTurn(stream, () => this.attempt(aggregate, stream, requests, envelope));
      for (const { commandId, mac } of requests) this.recent.set(commandId, mac);
      return outcome;
    } finally {
      for (const { commandId } of requests) this.running.delete(commandId);
    }
  }

  private async inTurn<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const before = this.queues.get(stream) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.queues.set(stream, turn);
    try {
      return await turn;
    } finally {
      if (this.queues.get(stream) === turn) this.queues.delete(stream);
    }
  }

  private async attempt<C, E extends Decided, S>(aggregate: Aggregate<C, E, S>, stream: string, requests: readonly CommandRequest<C>[], envelope: Envelope): Promise<Outcome> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.asOfNow(stream, () => this.once(aggregate, stream, requests, envelope));
      } catch (error) {
        // Whatever went wrong, the cached state may be behind or ahead of the log.
        if (!(error instanceof Refusal)) this.cache.delete(stream);
        if (!(error instanceof WrongRevision)) throw error;
        if (attempt === ATTEMPTS) throw new Refusal('conflict', 'busy', 'Others keep writing to the same customer; try again.');
      }
    }
  }

  private async once<C, E extends Decided, S>(aggregate: Aggregate<C, E, S>, stream: string, requests: readonly CommandRequest<C>[], envelope: Envelope): Promise<Outcome> {
    const isKept = this.cache.peek(stream) !== undefined;
    const loaded = await this.load(aggregate, stream);
    const repeats = requests.map(({ commandId, mac }) => {
      const known = loaded.commands.get(commandId);
      if (known !== undefined && known.mac !== mac) throw reusedKey();
      return known;
    });
    const fresh = repeats.some((known) => known === undefined);
    if (fresh && envelope.revision !== undefined && envelope.revision !== loaded.revision) throw stale(loaded.revision);

    const events: Writing[] = [];
    const own: Writing[][] = [];
    const several = requests.length > 1;
    const sure = new Set<string>();
    let state = loaded.state;
    try {
      for (const [index, { commandId, mac, command }] of requests.entries()) {
        const batch: Writing[] = [];
        own.push(batch);
        if (repeats[index] !== undefined) continue;
        for (const event of aggregate.decide(command, state)) {
          const id = event.id ?? newId();
          const personal = await this.withKeys(aggregate.personal(event, state), event.data, sure);
          const causationId = (events[0] ?? batch[0])?.id ?? null;
          const metadata = { actor: envelope.actor, correlationId: envelope.correlationId, commandId, mac, n: batch.length, causationId };
          // The store's clock and position are not known yet: no state keeps them.
          batch.push({ id, type: event.type, data: sealFields(event.data, personal, id, this.vault.keyOf), metadata, stream, revision: loaded.revision + 1 + events.length + batch.length, position: '', recordedAt: 0 });
        }
        // The next command must see what this one did.
        if (several && batch.length > 0) {
          // From the first change on, the cached state is ahead of the log.
          if (events.length === 0) this.cache.delete(stream);
          for (const event of batch) state = aggregate.evolve(state, event);
        }
        for (const event of batch) events.push(event);
      }
    } catch (error) {
      if (several) this.cache.delete(stream);
      throw error;
    }
    if (events.length === 0) {
      // Nothing is to be changed: nor in what another process may have written since.
      if (fresh && isKept && (await this.hasMore(stream, loaded.revision))) throw new WrongRevision(stream, loaded.revision, loaded.revision + 1);
      return this.outcome(stream, loaded, repeats, own);
    }

    const appended = await this.store.append(stream, events, loaded.revision === -1 ? 'no-stream' : loaded.revision);
    const last = events.at(-1)!;
    // The command stood there already, written by another process: what it wrote is read, as of any repeat.
    if (appended.id !== last.id) throw new WrongRevision(stream, loaded.revision, appended.revision);
    // Only the last one's position is known, and only it is needed.
    last.position = appended.position;
    for (const event of events) {
      event.recordedAt = appended.recordedAt;
      if (!several) state = aggregate.evolve(state, event);
      note(loaded, event);
    }
    // In place of what somebody who read meanwhile may have put back.
    this.cache.set(stream, { state, revision: appended.revision, position: appended.position, commands: loaded.commands });
    return this.outcome(stream, { revision: appended.revision, position: appended.position }, repeats, own);
  }

  /**
   * The fields that are there, once their subjects have keys; those whose text may be erased alone under a key of the event's own too.
   * `sure`: subjects that are known to have keys, to be added to.
   */
  private async withKeys(fields: readonly PersonalField[], data: unknown, sure: Set<string>): Promise<readonly PersonalField[]> {
    const there = fields.filter(({ path }) => isThere(data, path));
    const unsure = there.flatMap(({ subjects }) => subjects).filter((subject) => !sure.has(subject));
    if (unsure.length > 0) await this.vault.ensureKeys(unsure);
    for (const subject of unsure) sure.add(subject);
    if (!there.some(({ alone }) => alone === true)) return there;
    const own = await this.vault.nextTextKey();
    const lists = new Map<readonly string[], string[]>();
    return there.map((field) => {
      if (field.alone !== true) return field;
      const subjects = lists.get(field.subjects) ?? [...field.subjects, own];
      lists.set(field.subjects, subjects);
      return { path: field.path, subjects };
    });
  }

  private async outcome(stream: string, at: { revision: number; position: string | null }, repeats: readonly (Known | undefined)[], own: readonly (readonly RecordedEvent[])[]): Promise<Outcome> {
    const before = await Promise.all(repeats.flatMap((known) => (known === undefined ? [] : [this.store.read(stream, known.first, known.last - known.first + 1)])));
    const written = repeats.map((known, index) => (known === undefined ? own[index]! : before.shift()!));
    return { written, repeated: repeats.map((known) => known !== undefined), revision: at.revision, position: at.position };
  }
}

function isThere(data: unknown, path: readonly string[]): boolean {
  let node = data;
  for (const key of path) node = (node as Record<string, unknown> | null | undefined)?.[key];
  return node !== undefined && node !== null;
}

function stillRunning(): Refusal {
  return new Refusal('conflict', 'still-running', 'The same request is still running; wait for its answer.');
}

export function reusedKey(): Refusal {
  return new Refusal('reused-key', 'reused-key', 'This Idempotency-Key was used for another request.');
}

function stale(revision: number): Refusal {
  return new Refusal('stale', 'stale-revision', `Somebody else wrote in the meantime; the newest revision is ${revision}.`, [], { revision });
}

function take<C, E extends Decided, S>(aggregate: Aggregate<C, E, S>, loaded: Loaded<S>, event: RecordedEvent): void {
  loaded.state = aggregate.evolve(loaded.state, event);
  loaded.revision = event.revision;
  loaded.position = event.position;
  note(loaded, event);
}

/** Remembers which command wrote the event. */
function note({ commands }: Pick<Loaded<unknown>, 'commands'>, { metadata: { commandId, mac }, revision }: RecordedEvent): void {
  const known = commands.get(commandId);
  if (known === undefined) commands.set(commandId, { mac, first: revision, last: revision });
  else known.last = revision;
}
