/** Chance that repeats: the same seed gives the same numbers on every machine. */

/** A whole number from any text. */
export function seedOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const char of parts.join('\n')) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
  return hash >>> 0;
}

export class Random {
  private state: number;
  private readonly decks = new Map<readonly unknown[], unknown[]>();

  constructor(...seed: readonly (string | number)[]) {
    this.state = seedOf(...seed);
  }

  /** From 0 up to, not including, 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let n = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    n = (n + Math.imul(n ^ (n >>> 7), 61 | n)) ^ n;
    return ((n ^ (n >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)]!;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const items = [...list];
    for (let i = items.length - 1; i > 0; i -= 1) {
      const j = this.int(0, i);
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
    return items;
  }

  /** Like `pick`, but nothing comes twice before all have come once. */
  draw<T>(list: readonly T[]): T {
    let deck = this.decks.get(list);
    if (deck === undefined || deck.length === 0) this.decks.set(list, (deck = this.shuffled(list)));
    return deck.pop() as T;
  }

  weighted<T>(list: readonly (readonly [number, T])[]): T {
    let at = this.next() * list.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, item] of list) if ((at -= weight) < 0) return item;
    return list.at(-1)![1];
  }
}
