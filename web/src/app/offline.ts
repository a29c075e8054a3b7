/** What the service worker does for the page: whether answers come from it, and whether a new version of the app has come. */
import { useSyncExternalStore } from 'react';
import { onAnswer } from '../api/client.js';
import { queries } from '../api/queries.js';
import { onLeave } from './session.js';

const AS_OF = 'five-ring-as-of';
/** While answers are old, whether the server is back. */
const AGAIN_MS = 15_000;

const listeners = new Set<() => void>();
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const tell = (): void => {
  for (const listener of listeners) listener();
};

/** Answers that came without a connection: of when each is (ISO 8601), and on which screen it was asked for. By what was asked. */
const old = new Map<string, { readonly at: string; readonly screen: string }>();
let again: ReturnType<typeof setInterval> | undefined;
const refresh = (): void => void queries.invalidateQueries();

/** What was asked on other screens is asked again there. */
function forgetOthers(): void {
  for (const [asked, { screen }] of old) if (screen !== location.pathname) old.delete(asked);
  if (old.size > 0) return;
  clearInterval(again);
  again = undefined;
}

onAnswer((answer) => {
  if (answer.url === '') return;
  const at = answer.headers.get(AS_OF);
  const { pathname, searchParams } = new URL(answer.url);
  searchParams.delete('after');
  const asked = `${pathname}?${searchParams.toString()}`;
  if (at === null) {
    // An answer to something else says nothing about this: only a part may be out of reach.
    if (!old.has(asked)) return;
    old.clear();
    forgetOthers();
    // What was shown from before is read anew.
    setTimeout(refresh);
  } else {
    old.set(asked, { at, screen: location.pathname });
    again ??= setInterval(() => {
      forgetOthers();
      if (old.size > 0) refresh();
    }, AGAIN_MS);
  }
  tell();
});
window.addEventListener('online', () => old.size > 0 && refresh());

/** The oldest of this screen. */
function oldest(): string | null {
  const here = [...old.values()].flatMap(({ at, screen }) => (screen === location.pathname ? [at] : []));
  return here.length === 0 ? null : here.reduce((one, other) => (one < other ? one : other));
}
export const useAsOf = (): string | null => useSyncExternalStore(subscribe, oldest);

let isNewer = false;
/** Whether another version of the app serves by now. */
export const useNewVersion = (): boolean => useSyncExternalStore(subscribe, () => isNewer);

/** Asks the worker that serves this page. @returns undefined when there is none, or it does not answer. */
function ask(question: string): Promise<unknown> {
  const worker = navigator.serviceWorker?.controller;
  if (worker == null) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(() => resolve(undefined), 2000);
    worker.postMessage(question, [port2]);
  });
}

// What was read goes with whoever read it.
onLeave(async () => {
  await ask('forget');
  if ('caches' in window) await caches.delete('five-ring-data');
});

const CHECK_MS = 30 * 60_000;

/** Registers the worker. There is none on plain HTTP from another machine: the app works, and needs a connection. */
export function startOffline(): void {
  const { serviceWorker } = navigator;
  if (serviceWorker === undefined || !import.meta.env.PROD) return;
  const look = async (): Promise<void> => {
    const entry = await ask('entry');
    if (typeof entry !== 'string' || [...document.scripts].some(({ src }) => new URL(src).pathname === entry)) return;
    isNewer = true;
    tell();
  };
  serviceWorker.addEventListener('controllerchange', () => void look());
  serviceWorker.register('/sw.js').then(
    (registration) => {
      const update = (): void => void registration.update().catch(() => undefined);
      setInterval(update, CHECK_MS);
      document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && update());
    },
    () => undefined,
  );
}
