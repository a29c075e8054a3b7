/** A draft of the rules: its fields by their paths, and its sentences with a place for each number. Pure. */
import { PROMISE_MISSED, type Rules } from '../../../../src/rings/rules.js';
import { statements } from '../../../../src/rings/sentences.js';

/** Numbers that stand in a sentence whatever they are, and so are edited there. */
export const IN_SENTENCES = ['contact.window', 'contact.windowWhileCustomer', 'purchase.length', 'purchase.grace', 'adoption.window', 'adoption.championLost', 'adoption.promiseMissed', 'renewal.early', 'advocacy.window', 'warning.days', 'warning.terms', 'expected.contact', 'expected.review', 'response'] as const;

export function valueAt(rules: Rules, path: string): unknown {
  const found = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], rules);
  // Rules that were published before there was one go by this.
  return found === undefined && path === 'adoption.promiseMissed' ? PROMISE_MISSED : found;
}

/** The rules with one field set to whatever was typed; what is wrong with that the check says. */
export function withValue(rules: Rules, path: string, value: unknown): Rules {
  const [part, field] = path.split('.') as [keyof Rules, string | undefined];
  return field === undefined ? ({ ...rules, [part]: value }) : ({ ...rules, [part]: { ...(rules[part] as object), [field]: value } });
}

/** What was typed as the number it is; anything else stays as it is, for the check to refuse. */
export function typedNumber(text: string): number | string {
  const trimmed = text.trim();
  return /^-?\d+([.,]\d+)?$/.test(trimmed) ? Number(trimmed.replace(',', '.')) : trimmed;
}

export type Piece = { readonly text: string } | { readonly field: (typeof IN_SENTENCES)[number] };

/** No number of days is so large. */
const MARK = 7_100_000;

/**
 * The sentences as the server says them, cut where a number stands: each number is replaced by a mark, and the marks are looked
 * up in what was said. One entry for each ring, then the three expectations.
 */
export function piecesOf(rules: Rules): readonly { readonly about: string; readonly pieces: readonly Piece[] }[] {
  const marked = IN_SENTENCES.reduce((so, field, index) => (valueAt(so, field) === null ? so : withValue(so, field, MARK + index)), rules);
  return statements(marked).map(({ about, says }) => ({
    about,
    pieces: says.split(/(71000\d\d)/).map((text): Piece => (/^71000\d\d$/.test(text) ? { field: IN_SENTENCES[Number(text) - MARK]! } : { text })).reduce<Piece[]>((all, piece) => {
      const before = all.at(-1);
      // One day, and not one days.
      const isOne = before !== undefined && 'field' in before && valueAt(rules, before.field) === 1;
      return [...all, 'text' in piece && isOne ? { text: piece.text.replace(/^ days\b/, ' day') } : piece];
    }, []),
  }));
}

/** What of anything that was stored or pasted has the shape of rules, so that it can be shown in fields; its values may be wrong. */
export function hasShapeOfRules(given: unknown, like: Rules): given is Rules {
  if (typeof given !== 'object' || given === null) return false;
  return Object.entries(like).every(([key, part]) => {
    const own = (given as Record<string, unknown>)[key];
    if (typeof part !== 'object' || part === null) return own !== undefined;
    if (typeof own !== 'object' || own === null) return false;
    return Object.entries(part as object).every(([field, value]) => {
      const inner = (own as Record<string, unknown>)[field];
      return Array.isArray(value) ? Array.isArray(inner) && inner.every((name) => typeof name === 'string') : typeof inner !== 'object' ? inner !== undefined : inner === null;
    });
  });
}
