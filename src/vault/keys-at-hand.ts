/** Keys that were asked of a server and are kept in memory until they are used. Nothing here outlives its destruction by more than a message takes. */
import { LRUCache } from 'lru-cache';
import { StoreUnavailable } from '../kernel/event-store.js';
import type { KeyOf } from './codec.js';
import { KeyedHash } from './keyed-hash.js';
import { SubjectKey } from './subject-key.js';
import { derived, nameOf, placeOf, SIZE } from './text-block.js';
import { isTextKey } from './text-key-name.js';

/** A row of the server's. */
export interface Found {
  readonly name: string;
  readonly key: Buffer;
  /** Epoch ms; null where nobody knows. */
  readonly made: number | null;
}

interface Held {
  /** Undefined: there was none. */
  readonly key: SubjectKey | undefined;
  readonly made?: number;
  /** For ever: whatever an answer says that was on its way. */
  readonly destroyed: boolean;
  /** When it was put here, on the clock of `asking`. */
  readonly at: number;
}

const BYTES = 32;
/** In the place of a key that was destroyed. */
export const ZEROS = Buffer.alloc(BYTES);

export class KeysAtHand {
  private readonly held = new LRUCache<string, Held>({ max: 200_000 });
  /** Secrets of blocks of texts. */
  private readonly blocks = new LRUCache<string, KeyedHash>({ max: 10_000 });
  private readonly divided = new LRUCache<string, true>({ max: 10_000 });
  private clock = 0;

  /** @throws StoreUnavailable for a key that nobody asked for: to call it erased would be a lie that the views keep. */
  readonly keyOf: KeyOf = Object.assign((subject: string): SubjectKey | undefined => {
    const held = this.held.get(subject);
    if (held !== undefined) return held.key;
    const key = this.derivedOf(subject);
    if (key === undefined) throw new StoreUnavailable(`The key of ${subject} is not at hand.`, 'failing');
    return key;
  }, { madeAt: (subject: string): number | undefined => this.held.get(subject)?.made });

  has(subject: string): boolean {
    const held = this.held.get(subject);
    return held === undefined ? this.derivedOf(subject) !== undefined : held.key !== undefined;
  }

  isDestroyed(subject: string): boolean {
    return this.held.peek(subject)?.destroyed === true;
  }

  /** Names of all that is here. */
  names(): string[] {
    return [...this.held.keys(), ...[...this.blocks.keys()].map((block) => nameOf(block, 0))];
  }

  /** To be said with the answer: what came here since the question was asked is newer than it. */
  asking(): number {
    return this.clock;
  }

  /** What the server answered when it was asked for these names. */
  take(asked: number, names: Iterable<string>, found: readonly Found[]): void {
    const missing = new Set(names);
    for (const { name, key, made } of found) {
      missing.delete(name);
      if (key.equals(ZEROS)) this.destroyed(name);
      else if (!this.isDestroyed(name)) this.put(name, { key: new SubjectKey(key), ...(made !== null && { made }), destroyed: false });
    }
    for (const name of missing) {
      const held = this.held.peek(name);
      if (held === undefined || (!held.destroyed && held.at <= asked)) this.put(name, { key: undefined, destroyed: false });
    }
  }

  /** @returns false for a block that was divided since the question was asked. */
  takeBlock(block: string, secret: Buffer): boolean {
    if (this.divided.has(block)) return false;
    this.blocks.set(block, new KeyedHash(secret));
    return true;
  }

  holdsBlock(block: string): boolean {
    return this.blocks.has(block);
  }

  /** The secret of a block is no more: its texts have keys of their own from now on. */
  withoutBlock(block: string): void {
    this.divided.set(block, true);
    this.blocks.delete(block);
  }

  /** Keys of these are destroyed. Other texts of their blocks stay at hand: somebody may be about to open them. */
  destroy(subjects: readonly string[]): void {
    for (const subject of subjects) this.destroyed(subject);
    for (const block of new Set(subjects.filter(isTextKey).map((subject) => placeOf(subject).block))) {
      const secret = this.blocks.get(block);
      if (secret !== undefined) for (let n = 0; n < SIZE; n += 1) if (!this.held.has(nameOf(block, n))) this.put(nameOf(block, n), { key: new SubjectKey(derived(secret, n)), destroyed: false });
      this.withoutBlock(block);
    }
  }

  private destroyed(name: string): void {
    this.put(name, { key: undefined, destroyed: true });
  }

  private put(name: string, held: Omit<Held, 'at'>): void {
    this.clock += 1;
    this.held.set(name, { ...held, at: this.clock });
  }

  private derivedOf(subject: string): SubjectKey | undefined {
    if (!isTextKey(subject)) return undefined;
    const { block, n } = placeOf(subject);
    const secret = this.blocks.get(block);
    return secret === undefined ? undefined : new SubjectKey(derived(secret, n));
  }
}
