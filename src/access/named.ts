/** What a request's body names, before anybody has checked its form: it may be anything. */

type Loose = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Loose => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field of a body; undefined when the body is no object, or has no such field of its own. */
export const fieldOf = (body: unknown, field: string): unknown => (isObject(body) && Object.hasOwn(body, field) ? body[field] : undefined);

/** The ids in a field of the body, one or a list; whatever is no text is left to those who check the form. */
export function idsIn(body: unknown, field: string | undefined): string[] {
  if (field === undefined) return [];
  const value = fieldOf(body, field);
  return [...new Set((Array.isArray(value) ? (value as unknown[]) : [value]).filter((one): one is string => typeof one === 'string'))];
}

/** Where a body has entries: `entries`: a list · `entry`: fields that replace some of an entry · `itself`: the body is one. */
export type EntriesIn = 'entries' | 'entry' | 'itself';

/** The entries of a body; those that are no objects are left to those who check the form. */
export function entriesOf(body: unknown, where: EntriesIn | undefined): Loose[] {
  if (where === undefined) return [];
  const value = where === 'itself' ? body : fieldOf(body, where);
  return (where === 'entries' && Array.isArray(value) ? (value as unknown[]) : [value]).filter(isObject);
}

/** A text as the form's check takes it: trimmed; undefined when it is none. */
export const trimmed = (value: unknown): string | undefined => (typeof value === 'string' ? value.trim() : undefined);
