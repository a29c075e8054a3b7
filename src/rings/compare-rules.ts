/** What is different between two sets of rules: field by field, and in the sentences that people read. */
import { fieldsOfRules } from './check-rules.js';
import type { Rules } from './rules.js';
import { statements } from './sentences.js';

export interface FieldDifference {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface SentenceDifference {
  /** What it speaks of: a ring's name, or one of the expectations. */
  readonly about: string;
  readonly before: string;
  readonly after: string;
}

export interface Differences {
  readonly fields: readonly FieldDifference[];
  readonly sentences: readonly SentenceDifference[];
}

/** From one set of rules to another. The name they go by, and the order of a list, are no difference. */
export function differencesOf(before: Rules, after: Rules): Differences {
  const [left, right] = [fieldsOfRules(before), fieldsOfRules(after)];
  const fields = [...left].flatMap(([field, value]): FieldDifference[] => (JSON.stringify(value) === JSON.stringify(right.get(field)) ? [] : [{ field, before: value, after: right.get(field) }]));
  const then = statements(before);
  const sentences = statements(after).flatMap(({ about, says }, index): SentenceDifference[] => (then[index]!.says === says ? [] : [{ about, before: then[index]!.says, after: says }]));
  return { fields, sentences: fields.length === 0 ? [] : sentences };
}

/** Whether both light and darken the same: nothing would change if the one took the place of the other. */
export const sameRules = (a: Rules, b: Rules): boolean => differencesOf(a, b).fields.length === 0;

const said = (value: unknown): string => (value === null ? 'off' : Array.isArray(value) ? (value.length === 0 ? 'none' : value.join(', ')) : JSON.stringify(value));

/** "contact.window: 90, then 60". */
export const sayDifference = ({ field, before, after }: FieldDifference): string => `${field}: ${said(before)}, then ${said(after)}`;
