/**
 * A key for each text, so that one can be erased and its neighbours stay: worked out from the secret of a block and a number.
 * The secret is committed once, before the first of its numbers is given out; a crash wastes the rest of them.
 */
import { randomBytes } from 'node:crypto';
import type Database from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import { KeyTable } from './key-table.js';
import { KeyedHash } from './keyed-hash.js';
import { SubjectKey } from './subject-key.js';
import { derived, nameOf, placeOf, SIZE } from './text-block.js';

export class TextKeys {
  private readonly secrets = new LRUCache<string, KeyedHash | 'divided'>({ max: 10_000 });
  private current: { readonly block: string; next: number } | null = null;
  private readonly blocks: KeyTable;

  /** `keys`: where the keys of a divided block go. */
  constructor(
    db: Database.Database,
    private readonly keys: KeyTable,
  ) {
    this.blocks = new KeyTable(db, 'text_blocks');
  }

  /** Name of a key that nothing was sealed with yet. Names are drawn, not counted: keys.db may be an older copy than the log. */
  next(): string {
    if (this.current === null || this.current.next === SIZE) {
      const block = randomBytes(6).toString('hex');
      this.blocks.add(block, randomBytes(32), null);
      this.current = { block, next: 0 };
    }
    this.current.next += 1;
    return nameOf(this.current.block, this.current.next - 1);
  }

  /** The key; undefined when its block has no secret (any more): then it stands by itself, or was destroyed. */
  keyOf(subject: string): SubjectKey | undefined {
    const { block, n } = placeOf(subject);
    const secret = this.secretOf(block);
    return secret === undefined ? undefined : new SubjectKey(derived(secret, n));
  }

  /** Within a transaction that then removes these keys: puts in the place of their blocks' secrets the keys of all their numbers. */
  divide(subjects: readonly string[]): void {
    for (const block of new Set(subjects.map((subject) => placeOf(subject).block))) {
      const secret = this.secretOf(block);
      if (secret === undefined) continue;
      const given = this.current?.block === block ? this.current.next : SIZE;
      const going = new Set(subjects);
      for (let n = 0; n < given; n += 1) if (!going.has(nameOf(block, n))) this.keys.add(nameOf(block, n), derived(secret, n), null);
      this.blocks.destroy(block);
    }
  }

  /** What is at hand may be gone from the file. */
  forget(): void {
    this.secrets.clear();
    this.current = null;
  }

  private secretOf(block: string): KeyedHash | undefined {
    const known = this.secrets.get(block);
    if (known !== undefined) return known === 'divided' ? undefined : known;
    const bytes = this.blocks.get(block);
    if (bytes === undefined) return undefined;
    const secret = bytes === 'destroyed' ? 'divided' : new KeyedHash(bytes);
    this.secrets.set(block, secret);
    return secret === 'divided' ? undefined : secret;
  }
}
