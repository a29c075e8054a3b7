/** What every store asks of an append and of a position: the same for all, so that none takes what another refuses. */
import type { NewEvent, Position } from '../kernel/event-store.js';

type Origin = Pick<NewEvent['metadata'], 'commandId' | 'n'>;

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
