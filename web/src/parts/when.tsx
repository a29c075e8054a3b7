import { sayDate, sayDays, sayInstant, sayRelative } from './locale.js';

/** An instant: how long ago, and exactly when in its title. `exact`: the date first. */
export function When({ at, exact = false, none = '–' }: { readonly at: string | null | undefined; readonly exact?: boolean; readonly none?: string }) {
  if (at == null) return <span>{none}</span>;
  return <time dateTime={at} title={sayInstant(at)}>{exact ? sayDate(at) : sayRelative(at)}</time>;
}

/** The day of an instant that has no hour that matters: "today", "in 5 days". */
export function Days({ at }: { readonly at: string }) {
  return <time dateTime={at} title={sayDate(at)}>{sayDays(at)}</time>;
}

/** Since when something stands: "today", "yesterday", else the day; how long ago in its title. */
export function Since({ at }: { readonly at: string }) {
  return <time dateTime={at} title={`${sayRelative(at)} · ${sayInstant(at)}`}>{Math.abs(Date.parse(at) - Date.now()) < 2 * 86_400_000 ? sayDays(at) : sayDate(at)}</time>;
}
