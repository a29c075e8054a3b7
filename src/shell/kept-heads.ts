/**
 * Heads of the log, kept as it grows: a line now and then in a file that is only added to. Kept elsewhere (another disk, a
 * medium that is written once), they show later that history was edited. What each costs is reading what is new.
 */
import { closeSync, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, readSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventStore, Position } from '../kernel/event-store.js';
import { chained, startOfLog, type Head } from './log-proof.js';

/** In the folder of the heads. */
export const HEADS = 'heads.ndjson';
/** In the data folder: where the reading of the log goes on. Lost, the log is read from its beginning. */
const PLACE = 'head.json';

const PAGE = 500;

/** A head as it is kept: when it was taken, and where that was in the log. */
export interface KeptHead extends Head {
  /** ISO 8601. */
  readonly at: string;
  readonly position: Position | null;
}

/** The last event that the head covers: by it one log is told from another. */
interface Tail {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
}

interface Place {
  events: number;
  head: Buffer;
  position: Position | null;
  tail: Tail | null;
}

const start = (): Place => ({ events: 0, head: startOfLog(), position: null, tail: null });

export interface KeptHeadsOptions {
  /** Folder of the heads; the data folder when left out. */
  readonly folder?: string;
  /** Between two lines; they are made only when something was added. */
  readonly everyMs?: number;
  readonly now?: () => number;
  readonly onFailure?: (error: Error) => void;
}

export class KeptHeads {
  readonly file: string;
  /** At a stop, others wait no longer than this for what was not read yet. */
  lastMs = 1500;
  /** What stood in the way when a head was to be kept last; null when nothing did. */
  failure: Error | null = null;
  private place: Place | undefined;
  /** Of the last line, and when it was taken. */
  private last: KeptHead | null | undefined;
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: EventStore,
    private readonly data: string,
    private readonly options: KeptHeadsOptions = {},
  ) {
    this.file = join(options.folder ?? data, HEADS);
  }

  /** Keeps a head every so often from now on. */
  start(): void {
    const { everyMs = 3_600_000 } = this.options;
    this.timer = setInterval(() => void this.keep(), everyMs).unref();
  }

  /** Head of the whole log as it is now. @throws StoreUnavailable. */
  now(): Promise<KeptHead> {
    return this.inTurn(async () => this.headOf(await this.readOn()));
  }

  /** Adds a line when the log has grown since the last one; on disk when this resolves. Never throws: what stands in the way is `failure`. */
  keep(signal?: AbortSignal): Promise<void> {
    return this.inTurn(async () => {
      try {
        const place = await this.readOn(signal);
        if (place.events > 0 && place.head.toString('hex') !== this.lastKept()?.head) this.write(place);
        this.failure = null;
      } catch (error) {
        this.failure = error as Error;
        this.options.onFailure?.(this.failure);
      }
    });
  }

  /** Keeps the last head: of as much as can be read in a moment. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    const stopped = new AbortController();
    const timer = setTimeout(() => stopped.abort(), this.lastMs);
    // A store that does not answer must not hold up the stop.
    const given = new Promise<void>((resolve) => stopped.signal.addEventListener('abort', () => setTimeout(resolve, 100)));
    await Promise.race([this.keep(stopped.signal), given]);
    clearTimeout(timer);
  }

  /** The newest line; null when there is none. @throws Error when the file cannot be read. */
  lastKept(): KeptHead | null {
    return (this.last ??= this.lines().at(-1) ?? null);
  }

  /** All lines, the oldest first; what cannot be read as one (a line that was cut off) is left out. @throws Error when the file cannot be read. */
  lines(): KeptHead[] {
    return existsSync(this.file) ? headsIn(readFileSync(this.file, 'utf8')) : [];
  }

  /** For health: a sentence when heads cannot be kept. */
  notes(): string[] {
    return this.failure === null ? [] : [`Heads of the log cannot be kept in ${this.file}: ${this.failure.message.replace(/\.$/, '')}.`];
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.turn.then(work);
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  private headOf({ events, head, position }: Place): KeptHead {
    return { at: new Date((this.options.now ?? Date.now)()).toISOString(), events, head: head.toString('hex'), position };
  }

  /** Reads what is new, up to the end or until it is told to stop. */
  private async readOn(signal?: AbortSignal): Promise<Place> {
    const place = (this.place ??= await this.resumed());
    while (signal?.aborted !== true) {
      const events = await this.store.readAll(place.position, PAGE);
      for (const event of events) place.head = chained(place.head, event);
      const end = events.at(-1);
      if (end !== undefined) [place.events, place.position, place.tail] = [place.events + events.length, end.position, { stream: end.stream, revision: end.revision, id: end.id }];
      if (events.length < PAGE) break;
      await nextTurn();
    }
    return place;
  }

  /** Where the last run ended, if this is still that log; else its beginning. */
  private async resumed(): Promise<Place> {
    const noted = placeIn(join(this.data, PLACE));
    if (noted?.tail == null) return start();
    const { stream, revision, id } = noted.tail;
    const [event] = await this.store.read(stream, revision, 1);
    return event?.id === id && event.position === noted.position ? noted : start();
  }

  private write(place: Place): void {
    const head = this.headOf(place);
    mkdirSync(join(this.file, '..'), { recursive: true });
    const fd = openSync(this.file, 'a+');
    try {
      const end = Buffer.alloc(1, '\n');
      readSync(fd, end, 0, 1, Math.max(fstatSync(fd).size - 1, 0));
      // A line that a crash cut off stays a line of its own.
      writeSync(fd, `${end.toString() === '\n' ? '' : '\n'}${JSON.stringify(head)}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    this.last = head;
    const file = join(this.data, PLACE);
    writeFileSync(`${file}.next`, JSON.stringify({ ...place, head: head.head }));
    renameSync(`${file}.next`, file);
  }
}

const HEX = /^[0-9a-f]{64}$/;

/** The heads that stand in the text of a file, in its order. */
export function headsIn(text: string): KeptHead[] {
  return text.split('\n').flatMap((line): KeptHead[] => {
    const { at, events, head, position } = parsed(line) as Partial<Record<keyof KeptHead, unknown>>;
    if (!Number.isSafeInteger(events) || typeof head !== 'string' || !HEX.test(head)) return [];
    return [{ at: typeof at === 'string' ? at : '', events: events as number, head, position: typeof position === 'string' ? position : null }];
  });
}

function parsed(text: string): object {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function placeIn(file: string): Place | undefined {
  if (!existsSync(file)) return undefined;
  const { events, head, position, tail } = parsed(readFileSync(file, 'utf8')) as Partial<Omit<Place, 'head'>> & { head?: unknown };
  if (!Number.isSafeInteger(events) || typeof head !== 'string' || !HEX.test(head) || typeof position !== 'string' || typeof tail?.stream !== 'string') return undefined;
  return { events: events!, head: Buffer.from(head, 'hex'), position, tail };
}
