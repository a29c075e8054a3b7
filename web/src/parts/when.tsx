import { sayDate, sayInstant, sayRelative } from './locale.js';

/** An instant: how long ago, and exactly when in its title. `exact`: the date first. */
export function When({ at, exact = false, none = '–' }: { readonly at: string | null | undefined; readonly exact?: boolean; readonly none?: string }) {
  if (at == null) return <span>{none}</span>;
  return <time dateTime={at} title={sayInstant(at)}>{exact ? sayDate(at) : sayRelative(at)}</time>;
}
