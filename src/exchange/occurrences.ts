import { hash as digest } from 'node:crypto';

/**
 * How often each text occurred so far: a table of numbers, 24 to 48 bytes a text, so that the memory of an
 * import hardly grows with its file.
 */
export class Occurrences {
  private keys = new Float64Array(1 << 12);
  private counts = new Uint32Array(1 << 12);
  private size = 0;

  /** `before`: counted first, and not changed. */
  constructor(private readonly before?: Occurrences) {}

  private countOf(hash: number): number {
    const at = this.placeOf(hash);
    return (this.before?.countOf(hash) ?? 0) + this.counts[at]!;
  }

  /** Counts the text with this hash (a whole number from 1 to 2^53 - 1) once more. @returns which occurrence it is, from 1. */
  next(hash: number): number {
    if (this.size * 2 > this.keys.length) this.grow();
    const at = this.placeOf(hash);
    if (this.counts[at] === 0) {
      this.keys[at] = hash;
      this.size += 1;
    }
    this.counts[at]! += 1;
    return this.counts[at]! + (this.before?.countOf(hash) ?? 0);
  }

  private placeOf(hash: number): number {
    let at = hash % this.keys.length;
    while (this.counts[at] !== 0 && this.keys[at] !== hash) at = at + 1 === this.keys.length ? 0 : at + 1;
    return at;
  }

  private grow(): void {
    const { keys, counts } = this;
    this.keys = new Float64Array(keys.length * 2);
    this.counts = new Uint32Array(keys.length * 2);
    for (let from = 0; from < keys.length; from += 1) {
      if (counts[from] === 0) continue;
      const at = this.placeOf(keys[from]!);
      this.keys[at] = keys[from]!;
      this.counts[at] = counts[from]!;
    }
  }
}

/** Of a text, as `Occurrences` wants it. */
export const hashOf = (text: string): number => parseInt(digest('sha256', text, 'hex').slice(0, 13), 16);
