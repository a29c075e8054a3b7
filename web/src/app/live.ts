/** Live update: what others write is asked for anew, by the streams that the server names. Resumed by position, by the browser itself. */
import { useEffect } from 'react';
import { sawWrite } from '../api/client.js';
import { queries } from '../api/queries.js';

/** Changes that come close together are one. */
const TOGETHER_MS = 300;
/** Lists over all customers change with every entry anywhere: not more often than this. */
const LISTS_MS = 5000;

/** Keys of the generated client: what was asked, by its parts. */
interface Asked {
  readonly _id?: string;
  readonly path?: { readonly id?: string };
}

const NEVER = new Set(['kindsAll']);

/** The customer, or whatever else, that a query is about alone; undefined for lists and figures over many. */
const aboutOne = (key: readonly unknown[]): string | undefined => (key[0] as Asked | undefined)?.path?.id;
const isList = (key: readonly unknown[]): boolean => typeof key[0] === 'object' && aboutOne(key) === undefined && !NEVER.has((key[0] as Asked | null)?._id ?? '');

/** Asks again for what is about these streams; null: for everything. */
function renew(streams: ReadonlySet<string> | null): void {
  void queries.invalidateQueries({
    predicate: ({ queryKey }) => {
      const one = aboutOne(queryKey);
      return one !== undefined && (streams === null || [...streams].some((stream) => stream.endsWith(`-${one}`)));
    },
  });
}

/** While somebody is signed in. */
export function useLive(): void {
  useEffect(() => {
    let heard: Set<string> | null = new Set();
    let soon: ReturnType<typeof setTimeout> | undefined;
    let later: ReturnType<typeof setTimeout> | undefined;
    let source: EventSource | undefined;
    const hear = (position: string, streams: readonly string[] | null): void => {
      if (position !== '') sawWrite(position);
      heard = streams === null || heard === null ? null : new Set([...heard, ...streams]);
      soon ??= setTimeout(() => {
        soon = undefined;
        renew(heard);
        heard = new Set();
      }, TOGETHER_MS);
      later ??= setTimeout(() => {
        later = undefined;
        void queries.invalidateQueries({ predicate: ({ queryKey }) => isList(queryKey) });
      }, LISTS_MS);
    };
    let last = '';
    // A browser has few connections to one server: pages that nobody looks at hold none, and go on from where they were.
    const follow = (): void => {
      if (document.hidden === (source === undefined)) return;
      source?.close();
      source = undefined;
      if (document.hidden) return;
      source = new EventSource(last === '' ? '/api/v1/live' : `/api/v1/live?since=${encodeURIComponent(last)}`);
      const heardOf = (event: MessageEvent<string>, streams: readonly string[] | null): void => {
        last = event.lastEventId;
        hear(last, streams);
      };
      source.addEventListener('change', (event: MessageEvent<string>) => heardOf(event, (JSON.parse(event.data) as { streams: string[] }).streams));
      source.addEventListener('reset', (event: MessageEvent<string>) => heardOf(event, null));
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      source?.close();
      clearTimeout(soon);
      clearTimeout(later);
    };
  }, []);
}
