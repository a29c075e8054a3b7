/** Keys that work wherever no text is being written: one key, or two in a row (`g p`). The help lists whatever is bound. */
import { useEffect, useSyncExternalStore } from 'react';

export interface Key {
  /** `l`, `?` or `g p`. */
  readonly keys: string;
  /** What it does, for the help. */
  readonly says: string;
  readonly run: () => void;
}

/** The second key must follow in this time. */
const PAIR_MS = 1200;

let bound: readonly Key[] = [];
const listeners = new Set<() => void>();
const change = (next: readonly Key[]): void => {
  bound = next;
  for (const listener of listeners) listener();
};

const isWriting = (target: EventTarget | null): boolean => target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select, [role=combobox], [role=searchbox], [role=textbox]'));
/** Over a dialog only the dialog's own keys work. */
const isInDialog = (): boolean => document.querySelector('[role=dialog][aria-modal=true]') !== null;

let first: { readonly key: string; readonly at: number } | undefined;

window.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target) || isInDialog()) return;
  const pair = first !== undefined && event.timeStamp - first.at < PAIR_MS ? `${first.key} ${event.key}` : undefined;
  const found = (pair === undefined ? undefined : bound.findLast(({ keys }) => keys === pair)) ?? bound.findLast(({ keys }) => keys === event.key);
  first = { key: event.key, at: event.timeStamp };
  if (found === undefined) return;
  event.preventDefault();
  first = undefined;
  found.run();
});

/** Binds keys while the component is there. Of two for the same keys the one bound last wins. */
export function useKeys(keys: readonly Key[]): void {
  useEffect(() => {
    change([...bound, ...keys]);
    return () => change(bound.filter((key) => !keys.includes(key)));
  }, [keys]);
}

export const useBoundKeys = (): readonly Key[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => bound,
  );
