/**
 * The list of erasures, `erased.ndjson` in the data folder: what is to be erased stands here, on disk, before the first key goes,
 * and everything on it is done again where it is missing, after a kill as after the restore of an older log.db or keys.db.
 * Ids and instants only; why is sealed.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Sealed } from '../kernel/aggregate.js';
import type { Elsewhere } from '../customers/customer.js';
import { StoreUnavailable, type Position } from '../kernel/event-store.js';

export const ERASED_KINDS = ['person', 'customer', 'text', 'colleague'] as const;
export type ErasedKind = (typeof ERASED_KINDS)[number];

/** An erasure that was decided on. */
export interface Intent {
  readonly erasure: string;
  readonly kind: ErasedKind;
  /** Null for a colleague. */
  readonly customer: string | null;
  /** Id of the person, customer, entry or colleague. */
  readonly target: string;
  /** Of a person or customer: ids of the people who go. */
  readonly people: readonly string[];
  /** Names of the keys that go. */
  readonly subjects: readonly string[];
  /** Epoch ms. */
  readonly at: number;
  readonly by: string;
  readonly reason: Sealed | null;
  readonly entries: number;
  readonly fields: number;
  readonly alsoAt: readonly Elsewhere[];
  /** Name of the command that says so in the log, and the keyed hash of its request. */
  readonly command: { readonly commandId: string; readonly mac: string; readonly correlationId: string };
}

/** The event that says so in the log. */
export interface Said {
  readonly stream: string;
  readonly revision: number;
  readonly event: string;
  readonly position: Position;
}

type Line =
  | Intent
  /** `said`: null when the log knows nothing of whom it is about. */
  | { readonly done: string; readonly said: Said | null }
  | { readonly cleaned: readonly string[] };

export interface Entry {
  readonly intent: Intent;
  /** Undefined: its keys may still be there, and the log may not say so yet. */
  readonly said: Said | null | undefined;
  /** The views hold nothing of it, nor do the files they stand in. */
  readonly cleaned: boolean;
}

export class ErasureList {
  private readonly entries = new Map<string, Entry>();
  private last: Said | null = null;

  private constructor(private readonly file: string) {}

  /** @throws Error when a line in its midst cannot be read: then somebody must look. */
  static open(file: string): ErasureList {
    const list = new ErasureList(file);
    if (!existsSync(file)) return list;
    const text = readFileSync(file);
    // A line that was cut off in the middle was never written: nothing was done because of it.
    const whole = text.lastIndexOf(10) + 1;
    if (whole < text.length) truncateSync(file, whole);
    for (const [index, line] of text.subarray(0, whole).toString('utf8').split('\n').entries()) {
      if (line === '') continue;
      try {
        list.take(JSON.parse(line) as Line);
      } catch (cause) {
        throw new Error(`${file}, line ${index + 1} cannot be read. It says who was erased: put it right, or take the line from a copy of the file.`, { cause });
      }
    }
    return list;
  }

  all(): readonly Entry[] {
    return [...this.entries.values()];
  }

  get(erasure: string): Entry | undefined {
    return this.entries.get(erasure);
  }

  /** The last one that erased this. */
  of(kind: ErasedKind, customer: string | null, target: string): Entry | undefined {
    return this.all().findLast(({ intent }) => intent.kind === kind && intent.customer === customer && intent.target === target);
  }

  /** The event of the one that was finished last: with it all before it are in the log. */
  get lastSaid(): Said | null {
    return this.last;
  }

  /** On disk when it returns. @throws StoreUnavailable; then nothing was written. */
  add(intent: Intent): void {
    this.write(intent);
  }

  done(erasure: string, said: Said | null): void {
    this.write({ done: erasure, said });
  }

  cleaned(erasures: readonly string[]): void {
    if (erasures.length > 0) this.write({ cleaned: erasures });
  }

  private take(line: Line): void {
    if ('erasure' in line) {
      this.entries.set(line.erasure, { intent: line, said: undefined, cleaned: false });
    } else if ('done' in line) {
      const entry = this.entries.get(line.done);
      if (entry !== undefined) this.entries.set(line.done, { ...entry, said: line.said });
      if (line.said !== null) this.last = line.said;
    } else {
      for (const erasure of line.cleaned) {
        const entry = this.entries.get(erasure);
        if (entry !== undefined) this.entries.set(erasure, { ...entry, cleaned: true });
      }
    }
  }

  private write(line: Line): void {
    const isNew = !existsSync(this.file);
    let file: number | undefined;
    let size = 0;
    try {
      size = isNew ? 0 : statSync(this.file).size;
      file = openSync(this.file, 'a', 0o600);
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
      if (isNew) syncFolder(dirname(this.file));
    } catch (cause) {
      // Half a line must not stand before the next one.
      if (file !== undefined) this.cut(size);
      const full = (cause as { code?: string }).code === 'ENOSPC';
      throw new StoreUnavailable(`The list of erasures cannot be written: ${full ? 'the disk is full' : (cause as Error).message}.`, full ? 'full' : 'failing', { cause });
    } finally {
      if (file !== undefined) closeSync(file);
    }
    this.take(line);
  }

  private cut(size: number): void {
    try {
      truncateSync(this.file, size);
    } catch {
      // The next start cuts it off.
    }
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
