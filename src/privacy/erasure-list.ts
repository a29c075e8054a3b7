/**
 * The list of erasures: what is to be erased stands here, on disk, before the first key goes, and everything on it is done again
 * where it is missing, after a kill as after the restore of an older log or older keys. Ids and instants only; why is sealed.
 * It is a list of lines, and they are only ever added to.
 */
import type { Sealed } from '../kernel/aggregate.js';
import type { Elsewhere } from '../customers/customer.js';
import type { Position } from '../kernel/event-store.js';

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

/** As it is written. */
export type Line =
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

export abstract class ErasureList {
  private readonly entries = new Map<string, Entry>();
  private last: Said | null = null;

  /** Whether other nodes write it too. */
  abstract readonly isShared: boolean;

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

  /** Knows from then on what others wrote until now. @throws StoreUnavailable. */
  abstract refresh(): Promise<void>;

  /** On disk when it resolves, with what stands: another that erases all of it, where somebody else wrote that in the meantime. @throws StoreUnavailable; then nothing was written. */
  abstract add(intent: Intent): Promise<Intent>;

  /** @throws StoreUnavailable; then nothing was written. */
  done(erasure: string, said: Said | null): Promise<void> {
    return this.write({ done: erasure, said });
  }

  /** @throws StoreUnavailable; then nothing was written. */
  async cleaned(erasures: readonly string[]): Promise<void> {
    if (erasures.length > 0) await this.write({ cleaned: erasures });
  }

  /** The line is on disk, and taken, when it resolves. */
  protected abstract write(line: Line): Promise<void>;

  /** What stands on disk is known. */
  protected take(line: Line): void {
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
}
