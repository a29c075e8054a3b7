/** Moves a log into another store: every event in log order, as it stands, under the instant it was recorded at. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppendTooLarge, WrongRevision, type EventStore, type Position, type RecordedEvent } from '../kernel/event-store.js';
import { chained, startOfLog } from './log-proof.js';

/** Events read at once. */
const PAGE = 500;
/** What one append takes at most; below the limit of every store known. */
const APPEND_EVENTS = 500;
const APPEND_BYTES = 500_000;

export interface Migration {
  /** Of the source, and so of the target. */
  readonly events: number;
  readonly streams: number;
  /** Written this time. */
  readonly copied: number;
  /** Found in the target, from an earlier time. */
  readonly already: number;
  /** Head of the source's proof. */
  readonly head: string;
  /** The same of the target, read back from it. */
  readonly targetHead: string;
}

export type Phase = 'compared' | 'copied' | 'read back';
export type OnProgress = (done: number, phase: Phase) => void;

/** Why a log cannot be moved, in a sentence or two. */
export class CannotMigrate extends Error {
  constructor(
    readonly code: 'bad-url' | 'target-not-empty' | 'not-the-same' | 'database-in-use' | 'same-log' | 'not-kept' | 'no-source' | 'empty-source' | 'folder-in-use' | 'target-differs' | 'not-in-order' | 'source-written' | 'heads-differ' | 'event-too-large' | 'cannot-be-used',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CannotMigrate';
  }
}

/** What was read of a log so far. */
class Reading {
  events = 0;
  /** A stream begins with its revision 0, so counting needs no list of them. */
  streams = 0;
  head = startOfLog();
  position: Position | null = null;

  add(event: RecordedEvent): void {
    this.events += 1;
    if (event.revision === 0) this.streams += 1;
    this.head = chained(this.head, event);
    this.position = event.position;
  }
}

/**
 * Copies what the target lacks. The target must hold the beginning of the source, or nothing: made again after it was
 * stopped, it goes on where it was. Nothing may write to either store meanwhile. Needs memory for a page, however long the log.
 * @throws CannotMigrate, before anything is written when the target holds something else; StoreUnavailable.
 */
export async function migrate(from: EventStore, to: EventStore, onProgress: OnProgress = () => undefined): Promise<Migration> {
  if ((await from.head()) === null) throw new CannotMigrate('empty-source', 'The source holds no events: there is nothing to move.');
  const log = eventsOf(from);
  const source = new Reading();
  await compare(log, to, source, onProgress);
  const already = source.events;
  await copy(log, to, source, (copied) => onProgress(already + copied, 'copied'));

  const target = new Reading();
  for await (const event of eventsOf(to)) {
    target.add(event);
    if (target.events % PAGE === 0) onProgress(target.events, 'read back');
  }
  const [head, targetHead] = [source.head.toString('hex'), target.head.toString('hex')];
  if (target.events !== source.events || targetHead !== head)
    throw new CannotMigrate('heads-differ', `The target does not hold what was copied: ${target.events} events with the head ${targetHead}, and the source has ${source.events} with the head ${head}. Do not use the target.`);
  if ((await from.head()) !== source.position) throw new CannotMigrate('source-written', 'Somebody wrote to the source while it was moved. Stop whoever it is and run the same again: it goes on where it stopped.');
  return { events: source.events, streams: source.streams, copied: source.events - already, already, head, targetHead };
}

/** The log in order, from its beginning. */
async function* eventsOf(store: EventStore): AsyncGenerator<RecordedEvent, undefined> {
  let after: Position | null = null;
  for (;;) {
    const page: RecordedEvent[] = await store.readAll(after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return undefined;
    yield* page;
    after = last.position;
    // A store may answer without a turn of the event loop, and then nobody else would get one.
    await nextTurn();
  }
}

/** Reads as much of the log as the target holds. @throws CannotMigrate at the first event that is not the same. */
async function compare(log: AsyncGenerator<RecordedEvent, undefined>, to: EventStore, source: Reading, onProgress: OnProgress): Promise<void> {
  const target = new Reading();
  for await (const there of eventsOf(to)) {
    const { value: event } = await log.next();
    target.add(there);
    if (event !== undefined) source.add(event);
    if (event === undefined || !source.head.equals(target.head)) throw differs(target.events, there, event);
    if (target.events % PAGE === 0) onProgress(target.events, 'compared');
  }
}

function differs(nth: number, there: RecordedEvent, event: RecordedEvent | undefined): CannotMigrate {
  const place = ({ stream, revision }: RecordedEvent): string => `stream ${stream}, revision ${revision}`;
  const instead = event === undefined ? 'the source ends before it' : place(event) === place(there) ? 'the source has another event there' : `the source goes on with ${place(event)}`;
  return new CannotMigrate('target-differs', `The target holds another log: its event ${nth} is ${place(there)}, and ${instead}. Nothing was written; name an empty target, or the one that was begun from this source.`);
}

/** Appends the rest of the log, one append after the other, since the order between streams must stay too. */
async function copy(log: AsyncGenerator<RecordedEvent, undefined>, to: EventStore, source: Reading, onCopied: (copied: number) => void): Promise<void> {
  let group: RecordedEvent[] = [];
  let bytes = 0;
  let copied = 0;
  const flush = async (): Promise<void> => {
    if (group.length === 0) return;
    await append(to, group);
    copied += group.length;
    onCopied(copied);
    [group, bytes] = [[], 0];
  };
  for await (const event of log) {
    const size = Buffer.byteLength(JSON.stringify(event.data));
    if (!follows(group.at(-1), event) || group.length === APPEND_EVENTS || bytes + size > APPEND_BYTES) await flush();
    source.add(event);
    group.push(event);
    bytes += size;
  }
  await flush();
}

/** Whether both may stand in one append. */
const follows = (last: RecordedEvent | undefined, event: RecordedEvent): boolean =>
  last !== undefined && event.stream === last.stream && event.revision === last.revision + 1 && event.recordedAt === last.recordedAt;

async function append(to: EventStore, events: readonly RecordedEvent[]): Promise<void> {
  const [first] = events;
  if (first === undefined) return;
  const { stream, revision, recordedAt } = first;
  try {
    await to.append(stream, events.map(({ id, type, data, metadata }) => ({ id, type, data, metadata })), revision === 0 ? 'no-stream' : revision - 1, recordedAt);
  } catch (error) {
    if (error instanceof WrongRevision)
      throw new CannotMigrate('not-in-order', `Stream ${stream}, revision ${revision} of the source does not follow what stands in the target (last revision ${error.actual}): the source is damaged, or somebody else writes to the target.`, { cause: error });
    if (!(error instanceof AppendTooLarge)) throw error;
    if (events.length === 1) throw new CannotMigrate('event-too-large', `Stream ${stream}, revision ${revision} has ${error.bytes} bytes, and the target takes no more than ${error.limit}. What was copied so far is its beginning.`, { cause: error });
    const half = Math.ceil(events.length / 2);
    await append(to, events.slice(0, half));
    await append(to, events.slice(half));
  }
}
