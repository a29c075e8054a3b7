/**
 * The log as a file of lines (NDJSON), for whoever takes it elsewhere: a first line that says what it is, a line for each event
 * in log order, as it is stored (what is personal stays sealed; no key is in the file), and a last line with the number of
 * events and the head of the proof. A file without its last line was cut off; one that was changed has another head.
 */
import { createReadStream } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { toIso } from '../kernel/calendar.js';
import type { EventStore, Metadata, Position, RecordedEvent } from '../kernel/event-store.js';
import { chained, startOfLog, type Head } from './log-proof.js';

/** Of the file. Another number is another form, and refused by programs that do not know it. */
export const LOG_FILE_FORMAT = 1;
/** Events that go out together. */
const PAGE = 200;

/** The log up to a position, in pieces of some lines. Events that are recorded meanwhile are left to the next file. @throws StoreUnavailable. */
export async function* logLines(store: Pick<EventStore, 'readAll' | 'compare'>, upTo: Position | null, about: { readonly at: number; readonly version: string }): AsyncGenerator<string> {
  yield `${JSON.stringify({ fiveRingLog: LOG_FILE_FORMAT, exportedAt: toIso(about.at), version: about.version })}\n`;
  let [events, head, after]: [number, Buffer, Position | null] = [0, startOfLog(), null];
  while (upTo !== null && (after === null || store.compare(after, upTo) < 0)) {
    const page: RecordedEvent[] = (await store.readAll(after, PAGE)).filter(({ position }) => store.compare(position, upTo) <= 0);
    if (page.length === 0) break;
    for (const event of page) head = chained(head, event);
    yield page.map(lineOf).join('');
    [events, after] = [events + page.length, page.at(-1)!.position];
    await nextTurn();
  }
  yield `${JSON.stringify({ end: true, events, head: head.toString('hex') })}\n`;
}

/** Positions are left out: each store counts in its own way. */
const lineOf = ({ id, stream, revision, type, recordedAt, metadata, data }: RecordedEvent): string => `${JSON.stringify({ id, stream, revision, type, recordedAt: toIso(recordedAt), metadata, data })}\n`;

/** Why a file cannot be loaded, in a sentence or two; nothing was written because of it. */
export class NotALogFile extends Error {
  constructor(
    readonly code: 'not-a-log' | 'newer-format' | 'cut-off' | 'changed' | 'cannot-read',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'NotALogFile';
  }
}

/** Reads the whole file once, without writing anything: whether it is whole, and what its last line says. @throws NotALogFile. */
export async function checkLogFile(file: string, onProgress: (events: number) => void = () => undefined): Promise<Head> {
  let [events, head] = [0, startOfLog()];
  const revisions = new Map<string, number>();
  for await (const { line, event, end } of linesIn(file)) {
    if (end !== undefined) {
      if (end.events === events && end.head === head.toString('hex')) return end;
      throw new NotALogFile('changed', `${file} was changed since it was written: its last line says ${end.events} events with the head ${end.head}, and its events give ${events} with ${head.toString('hex')}. Take the file from where it was written.`);
    }
    if (event.revision !== (revisions.get(event.stream) ?? -1) + 1) throw new NotALogFile('changed', `${file}, line ${line}: revision ${event.revision} of ${event.stream} does not follow the one before it. The file was changed since it was written.`);
    revisions.set(event.stream, event.revision);
    head = chained(head, event);
    events += 1;
    if (events % PAGE === 0) onProgress(events);
  }
  throw new NotALogFile('cut-off', `${file} is cut off after ${events} events: its last line is missing. Export the log again.`);
}

type Line = { readonly line: number; readonly event: RecordedEvent; readonly end?: undefined } | { readonly line: number; readonly event?: undefined; readonly end: Head };

/** Events of the file with their number as position, then the end. @throws NotALogFile. */
async function* linesIn(file: string): AsyncGenerator<Line> {
  let line = 0;
  let ended = false;
  try {
    for await (const text of textsIn(file)) {
      line += 1;
      if (ended) throw new NotALogFile('changed', `${file}, line ${line}: there is more behind the last line. The file was changed since it was written.`);
      const read = parsed(text);
      if (line === 1) {
        if (!Number.isSafeInteger(read?.['fiveRingLog'])) throw new NotALogFile('not-a-log', `${file} is no exported log: its first line must be such as {"fiveRingLog":${LOG_FILE_FORMAT},…}. five-ring export log writes one.`);
        if ((read!['fiveRingLog'] as number) > LOG_FILE_FORMAT) throw new NotALogFile('newer-format', `${file} has format ${String(read!['fiveRingLog'])}; this version of Five-Ring reads up to ${LOG_FILE_FORMAT}. Upgrade Five-Ring.`);
        continue;
      }
      if (read?.['end'] === true && Number.isSafeInteger(read['events']) && typeof read['head'] === 'string') {
        ended = true;
        yield { line, end: { events: read['events'] as number, head: read['head'] } };
        continue;
      }
      const event = eventIn(read, line - 1);
      if (event === undefined) throw new NotALogFile('changed', `${file}, line ${line}: this is no event. ${read === undefined ? 'The file is cut off there, or was changed since it was written.' : 'The file was changed since it was written.'}`);
      yield { line, event };
    }
  } catch (error) {
    if (error instanceof NotALogFile) throw error;
    throw new NotALogFile('cannot-read', `${file} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  if (line === 0) throw new NotALogFile('not-a-log', `${file} is empty. five-ring export log writes an exported log.`);
}

/** Lines as they were written: a text may hold what other readers of lines take for the end of one. */
async function* textsIn(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 256 * 1024 }) as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function eventIn(read: Record<string, unknown> | undefined, nth: number): RecordedEvent | undefined {
  const { id, stream, revision, type, recordedAt, metadata, data } = read ?? {};
  const at = typeof recordedAt === 'string' ? Date.parse(recordedAt) : NaN;
  if (typeof id !== 'string' || typeof stream !== 'string' || !Number.isSafeInteger(revision) || typeof type !== 'string' || !Number.isFinite(at) || typeof metadata !== 'object' || metadata === null || data === undefined) return undefined;
  return { id, stream, revision: revision as number, type, recordedAt: at, metadata: metadata as Metadata, data, position: String(nth) };
}

/** A checked file as the source of a migration: read once more from its beginning, page by page. */
export class LogFile implements EventStore {
  private lines: AsyncGenerator<Line> | undefined;
  private given = 0;

  constructor(
    private readonly file: string,
    private readonly checked: Head,
  ) {}

  /** In order only, as a migration reads: each page follows the one before, or is the first. */
  async readAll(after: Position | null, limit: number): Promise<RecordedEvent[]> {
    if (after === null) {
      await this.close();
      [this.lines, this.given] = [linesIn(this.file), 0];
    } else if (this.lines === undefined || Number(after) !== this.given) throw new Error('the file of a log is read in order');
    const page: RecordedEvent[] = [];
    while (page.length < limit) {
      const { value } = await this.lines.next() as { readonly value: Line | undefined };
      if (value?.event === undefined) break;
      page.push(value.event);
    }
    this.given += page.length;
    return page;
  }

  async head(): Promise<Position | null> {
    return this.checked.events === 0 ? null : String(this.checked.events);
  }

  compare(a: Position, b: Position): number {
    return Number(a) - Number(b);
  }

  async close(): Promise<void> {
    await this.lines?.return(undefined);
    this.lines = undefined;
  }

  read(): Promise<RecordedEvent[]> {
    return Promise.reject(new Error('the file of a log has no streams to read'));
  }

  append(): Promise<never> {
    return Promise.reject(new Error('the file of a log is not written to'));
  }

  onAppend(): () => void {
    return () => undefined;
  }
}
