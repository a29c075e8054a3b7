/**
 * The emulated node's log: positions, revisions, the rules about expected revisions, repeats, deletion and truncation.
 * Modelled on IndexWriter.CheckCommit, StorageWriterService and IndexReader of the server (v24.10).
 *
 * Differs from a real node: no chunks, no ACLs, no `$maxAge`, no links; one id cache without a bound, which `forgetIds` empties.
 */
import { randomUUID } from 'node:crypto';

/** Revision of a tombstone, and the `$tb` that marks a soft delete. */
export const DELETED = 9_223_372_036_854_775_807n;

export type ExpectedRevision = bigint | 'any' | 'no_stream' | 'stream_exists';

export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface Stored extends Proposed {
  readonly stream: string;
  readonly revision: bigint;
  /** Byte offset; commit and prepare position are the same for what today's servers write. */
  readonly position: bigint;
  /** 100 ns ticks since 1970. */
  readonly created: bigint;
}

export type Verdict =
  | { readonly kind: 'success'; readonly revision: bigint; readonly position: bigint | null }
  | { readonly kind: 'wrong-revision'; readonly current: bigint }
  | { readonly kind: 'deleted' };

export interface Range {
  readonly forwards: boolean;
  readonly from: bigint | 'start' | 'end';
  readonly count: bigint;
  /** Only what stands before this position: what a follower that lags has. */
  readonly before: bigint;
}

interface Stream {
  readonly events: Stored[];
  tombstone?: Stored;
}

type Check = { readonly kind: 'ok'; readonly current: bigint; readonly isSoftDeleted: boolean } | Verdict;

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

export class KurrentLog {
  /** Every event in log order. */
  readonly all: Stored[] = [];
  /** Byte offset at which the next record will be written. */
  head = 0n;
  private readonly streams = new Map<string, Stream>();
  private readonly ids = new Map<string, { stream: string; revision: bigint }>();
  private readonly starts = new Set<bigint>([0n]);
  private readonly scavenged = new Set<Stored>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly now: () => number = Date.now) {
    this.record(60);
    const system = (stream: string, type: string, data: unknown): unknown => this.append(stream, [{ id: randomUUID(), type, isJson: true, data: bytes(data), metadata: bytes({}) }], 'any');
    system('$epoch-information', '$epoch-information', { LeaderInstanceId: randomUUID(), PrevEpochPosition: -1 });
    system('$$$stats-127.0.0.1:2113', '$metadata', { $maxAge: 86_400 });
    for (const login of ['admin', 'ops']) {
      system(`$user-${login}`, '$UserCreated', { loginName: login, fullName: `KurrentDB ${login}`, groups: [`$${login}s`] });
      system(`$$$user-${login}`, '$metadata', { $acl: { $r: '$admins' } });
      system('$users', '$User', login);
    }
    system('$settings', '$settings', { $userStreamAcl: { $r: '$all', $w: '$all', $d: '$all' } });
  }

  onCommit(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  append(stream: string, events: readonly Proposed[], expected: ExpectedRevision): Verdict {
    const check = this.check(stream, expected, events.map(({ id }) => id));
    if (check.kind !== 'ok') return check;
    const hidden = stream.startsWith('$$') && this.isSoftDeleted(stream.slice(2)) ? stream.slice(2) : undefined;
    const written = events.map((event, i) => this.write(stream, check.current + 1n + BigInt(i), event));
    const last = written.at(-1);
    // An append of no events is a record of its own, but no event.
    const position = last?.position ?? this.record(100 + stream.length);
    if (check.isSoftDeleted) this.undelete(stream, check.current + 1n);
    if (hidden !== undefined) this.undelete(hidden, this.last(hidden) + 1n);
    this.committed();
    return { kind: 'success', revision: last?.revision ?? check.current, position };
  }

  /** Soft: the next append goes on with the revisions. Hard: a tombstone, for ever. */
  delete(stream: string, expected: ExpectedRevision, isHard: boolean): Verdict {
    const check = this.check(stream, expected, [randomUUID()]);
    if (check.kind !== 'ok') return check;
    if (!isHard && check.current < 0n && this.last(`$$${stream}`) < 0n) return { kind: 'wrong-revision', current: -1n };
    const written = isHard
      ? this.write(stream, DELETED, { id: randomUUID(), type: '$streamDeleted', isJson: false, data: Buffer.alloc(0), metadata: Buffer.alloc(0) })
      : this.write(`$$${stream}`, this.last(`$$${stream}`) + 1n, { id: randomUUID(), type: '$metadata', isJson: true, data: Buffer.from(`{"$tb":${DELETED}}`), metadata: Buffer.alloc(0) });
    this.committed();
    return { kind: 'success', revision: written.revision, position: written.position };
  }

  /** An event of somebody else, past every check. */
  inject(stream: string, type: string, data: unknown, metadata?: unknown): Stored {
    const raw = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : value === undefined ? Buffer.alloc(0) : bytes(value));
    const event = this.write(stream, this.last(stream) + 1n, { id: randomUUID(), type, isJson: !(data instanceof Uint8Array), data: raw(data), metadata: raw(metadata) });
    this.committed();
    return event;
  }

  read(name: string, { forwards, from, count, before }: Range): readonly Stored[] | 'no-stream' | 'deleted' {
    const stream = this.streams.get(name);
    if (stream?.tombstone !== undefined && stream.tombstone.position < before) return 'deleted';
    const events = (stream?.events ?? []).filter(({ position }) => position < before);
    const last = BigInt(events.length) - 1n;
    const first = this.first(name, last);
    if (first === DELETED || last < 0n) return 'no-stream';
    const kept = events.slice(Number(first > last ? last + 1n : first)).filter((event) => !this.scavenged.has(event));
    const ordered = forwards
      ? kept.filter(({ revision }) => from === 'start' || (from !== 'end' && revision >= from))
      : kept.filter(({ revision }) => from === 'end' || (from === 'start' ? revision === 0n : revision <= from)).reverse();
    return ordered.slice(0, Number(count));
  }

  /** Forwards from the event at `from`, backwards from the one before it. A place inside a record is refused. */
  readAll({ forwards, from, count, before }: Range): readonly Stored[] | 'invalid-position' {
    if (typeof from === 'bigint' && !this.isStart(from)) return 'invalid-position';
    const end = this.indexOf(before);
    const at = from === 'start' ? 0 : from === 'end' ? end : Math.min(end, this.indexOf(from));
    const max = Number(count);
    return forwards ? this.all.slice(at, Math.min(end, at + max)) : this.all.slice(Math.max(0, at - max), at).reverse();
  }

  /** Whether a record starts here, or nothing stands here yet. */
  isStart(position: bigint): boolean {
    return position >= this.head || this.starts.has(position);
  }

  /** Index of the first event at or after a position. */
  indexOf(position: bigint): number {
    let low = 0;
    let high = this.all.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.all[middle]?.position ?? 0n) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  last(stream: string): bigint {
    return BigInt(this.streams.get(stream)?.events.length ?? 0) - 1n;
  }

  /** Ids fall out of the real server's cache too; then a repeat that expects `any` is written twice. */
  forgetIds(): void {
    this.ids.clear();
  }

  /** What deletion and truncation hid goes from `$all` too, as the operator's scavenge does it. */
  scavenge(): void {
    for (const event of this.all) {
      const { tombstone } = this.streams.get(event.stream) ?? {};
      const stays = tombstone === undefined ? event.revision >= this.first(event.stream, this.last(event.stream)) : event.revision === DELETED;
      if (!stays) this.scavenged.add(event);
    }
    this.all.splice(0, this.all.length, ...this.all.filter((event) => !this.scavenged.has(event)));
  }

  private check(stream: string, expected: ExpectedRevision, ids: readonly string[]): Check {
    const current = this.last(stream);
    const isSoftDeleted = this.isSoftDeleted(stream);
    const ok: Check = { kind: 'ok', current, isSoftDeleted };
    const wrong: Check = { kind: 'wrong-revision', current };
    if (this.streams.get(stream)?.tombstone !== undefined) return { kind: 'deleted' };
    if (expected === 'stream_exists') {
      if (isSoftDeleted) return { kind: 'deleted' };
      if (current < 0n && this.last(`$$${stream}`) < 0n) return wrong;
    }
    if (expected === 'any' || expected === 'stream_exists') {
      let end = -1n;
      for (const [i, id] of ids.entries()) {
        const known = this.ids.get(id);
        if (known?.stream !== stream) return i === 0 ? ok : wrong;
        end = known.revision;
      }
      return ids.length === 0 ? ok : this.repeated(stream, end);
    }
    const revision = expected === 'no_stream' ? -1n : expected;
    if (revision > current) return wrong;
    if (revision === current) return ok;
    for (const [i, id] of ids.entries()) {
      const at = revision + 1n + BigInt(i);
      const known = this.ids.get(id);
      if (known?.stream === stream && known.revision === at) continue;
      if (this.streams.get(stream)?.events[Number(at)]?.id === id) continue;
      return i === 0 && expected === 'no_stream' && isSoftDeleted ? ok : wrong;
    }
    return ids.length === 0 ? wrong : this.repeated(stream, revision + BigInt(ids.length));
  }

  private repeated(stream: string, revision: bigint): Verdict {
    const event = this.streams.get(stream)?.events[Number(revision)];
    const isReadable = event !== undefined && revision >= this.first(stream, this.last(stream));
    return { kind: 'success', revision, position: isReadable ? event.position : null };
  }

  /** First revision that can be read; DELETED for a soft-deleted stream. */
  private first(stream: string, last: bigint): bigint {
    const { $tb = 0, $maxCount } = this.metadata(stream);
    if ($tb >= 2 ** 63) return DELETED;
    const byCount = $maxCount === undefined ? 0n : last + 1n - BigInt($maxCount);
    return BigInt($tb) > byCount ? BigInt($tb) : byCount < 0n ? 0n : byCount;
  }

  private isSoftDeleted(stream: string): boolean {
    return this.first(stream, -1n) === DELETED;
  }

  private metadata(stream: string): { $tb?: number; $maxCount?: number } {
    if (stream.startsWith('$$')) return { $maxCount: 1 };
    const event = this.streams.get(`$$${stream}`)?.events.at(-1);
    if (event === undefined || event.data.length === 0) return {};
    try {
      return JSON.parse(Buffer.from(event.data).toString('utf8')) as { $tb?: number; $maxCount?: number };
    } catch {
      return {};
    }
  }

  private undelete(stream: string, from: bigint): void {
    const meta = `$$${stream}`;
    this.write(meta, this.last(meta) + 1n, { id: randomUUID(), type: '$metadata', isJson: true, data: bytes({ ...this.metadata(stream), $tb: Number(from) }), metadata: Buffer.alloc(0) });
  }

  private write(name: string, revision: bigint, event: Proposed): Stored {
    const stream = this.streams.get(name) ?? { events: [] };
    this.streams.set(name, stream);
    // The size of a version 1 prepare record with its length before and behind it.
    const position = this.record(88 + Buffer.byteLength(name) + Buffer.byteLength(event.type) + event.data.length + event.metadata.length);
    const stored: Stored = { ...event, stream: name, revision, position, created: BigInt(Math.trunc(this.now())) * 10_000n + (position % 10_000n) };
    if (revision === DELETED) stream.tombstone = stored;
    else stream.events.push(stored);
    this.ids.set(event.id, { stream: name, revision });
    this.all.push(stored);
    return stored;
  }

  /** Takes room in the log and gives the position of the record. */
  private record(size: number): bigint {
    const position = this.head;
    this.starts.add(position);
    this.head += BigInt(size);
    return position;
  }

  private committed(): void {
    for (const listener of this.listeners) listener();
  }
}
