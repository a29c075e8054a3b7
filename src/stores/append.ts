/** What every store asks of an append and of a position: the same for all, so that none takes what another refuses. */
import type { NewEvent, Position } from '../kernel/event-store.js';

type Origin = Pick<NewEvent['metadata'], 'commandId' | 'n'>;

/** Which event of which command stands at which revision of one stream: all that tells a repeat. */
export class StreamCommands {
  readonly #origins: Origin[] = [];
  readonly #revisions = new Map<string, number>();

  /** Last revision noted, -1 for none. */
  get revision(): number {
    return this.#origins.length - 1;
  }

  /** Notes the next event of the stream. */
  add({ commandId, n }: Origin): void {
    this.#revisions.set(`${commandId} ${n}`, this.#origins.length);
    this.#origins.push({ commandId, n });
  }

  /** Revision of the last event of this very append, when it stands in the stream. */
  standing(events: readonly NewEvent[]): number | undefined {
    const start = this.#revisionOf(events[0]);
    if (start === undefined) return undefined;
    return isSameAppend(this.#origins.slice(start, start + events.length + 1), events) ? start + events.length - 1 : undefined;
  }

  /** Whether a part of the append stands in the stream, or is in the append twice. */
  repeats(events: readonly NewEvent[]): boolean {
    return events.some((event) => this.#revisionOf(event) !== undefined) || new Set(events.map(({ metadata: { commandId, n } }) => `${commandId} ${n}`)).size < events.length;
  }

  #revisionOf(event: NewEvent | undefined): number | undefined {
    return event && this.#revisions.get(`${event.metadata.commandId} ${event.metadata.n}`);
  }
}

/**
 * Whether a row of the stream, read one event further than the append is long, holds this very append.
 * The event beyond tells a command that wrote more events from one that wrote these.
 */
export function isSameAppend(row: readonly Origin[], events: readonly NewEvent[]): boolean {
  return (
    events.every(({ metadata }, i) => row[i]?.commandId === metadata.commandId && row[i].n === metadata.n) &&
    row[events.length]?.commandId !== events.at(-1)?.metadata.commandId
  );
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const COMMAND = /^[0-9a-f]{32}$/;

/**
 * The data of the events as JSON text. Every store takes the same events, so that none works on one and fails on another.
 * @throws RangeError for an append without events, or one that could not be read back as it was given.
 */
export function checkedData(stream: string, events: readonly NewEvent[]): string[] {
  if (events.length === 0) throw new RangeError('An append needs at least one event.');
  if (stream === '' || !stream.isWellFormed()) throw new RangeError('The name of a stream is text, not empty, without half characters.');
  return events.map(({ id, type, data, metadata }) => {
    if (!UUID.test(id)) throw new RangeError(`The id of an event is a UUID in lower case, not ${JSON.stringify(id)}.`);
    if (type === '' || !type.isWellFormed()) throw new RangeError('The type of an event is text, not empty, without half characters.');
    if (!COMMAND.test(metadata.commandId)) throw new RangeError(`A commandId is 32 hex digits in lower case, not ${JSON.stringify(metadata.commandId)}.`);
    if (!Number.isSafeInteger(metadata.n) || metadata.n < 0) throw new RangeError(`n counts from 0, it cannot be ${metadata.n}.`);
    const json = JSON.stringify(data) as string | undefined;
    if (json === undefined) throw new RangeError(`The data of ${type} is not a JSON value.`);
    return json;
  });
}

/** How many events to read: a whole number from 0, or Infinity. @throws RangeError */
export function checkedLimit(limit: number): number {
  if (limit !== Infinity && (!Number.isSafeInteger(limit) || limit < 0)) throw new RangeError(`A limit is a whole number from 0, not ${limit}.`);
  return limit;
}

/** The place, from 1, that a position of a store with decimal positions names. @throws RangeError */
export function placeOf(position: Position): number {
  const place = /^[1-9]\d{0,15}$/.test(position) ? Number(position) : NaN;
  if (!Number.isSafeInteger(place)) throw new RangeError(`${JSON.stringify(position)} is not a position of this store.`);
  return place;
}
