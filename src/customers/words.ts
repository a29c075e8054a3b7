/** Text as it is searched and sorted: the same on every database. */

/** Lower case without accents. */
export const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

const MAX_WORDS = 400;
const MAX_LENGTH = 40;

/** The distinct words of a text, folded; what has neither letter nor digit is no word. */
export function wordsOf(...texts: readonly string[]): string[] {
  const words = new Set<string>();
  for (const text of texts) {
    for (const word of folded(text).split(/[^\p{L}\p{N}]+/u)) {
      if (word !== '') words.add(word.slice(0, MAX_LENGTH));
      if (words.size >= MAX_WORDS) return [...words];
    }
  }
  return [...words];
}
