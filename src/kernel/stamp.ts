/** Numbers that stand for a text: another for another text, as good as always. Whoever worked something out from it sees that it changed. Pure. */

/** 53 bits, two rounds of multiplying. */
export function stampOf(text: string): number {
  let [low, high] = [0x9e3779b9, 0x85ebca6b];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x9e3779b1);
    high = Math.imul(high ^ code, 0x5f356495);
  }
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  return 0x100000000 * (high & 0x1fffff) + (low >>> 0);
}

/** 40 bits of it, so that thousands can be added up exactly: equal sums of equally many rows are the same rows, as good as always. */
export const printOf = (text: string): number => stampOf(text) % 2 ** 40;
