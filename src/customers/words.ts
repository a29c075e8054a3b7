/** Text as it is searched and sorted: the same on every database. */
import { invalid } from '../kernel/refusal.js';

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

/** The text, when it has a word to search for. @throws Refusal naming the field. */
export function searchable(text: string, field: string): string {
  if (wordsOf(text).length === 0) throw invalid([{ field, code: 'no-words', message: 'must have a letter or a digit' }]);
  return text;
}
