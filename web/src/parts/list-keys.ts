/** Keys of a list: j and k go through its lines, to the link or button that each begins with; further keys are of the line that has the focus. */
import { useMemo, useRef, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys, type Key } from '../app/keys.js';

const LINE = '[data-line]';

export interface LineKey {
  readonly key: string;
  readonly says: string;
  /** Presses what has this `data-does` in the line. */
  readonly does: string;
}

/** Give the reference to the list; its lines have `data-line`. Memoise `more`. */
export function useListKeys(more: readonly LineKey[]): RefObject<HTMLUListElement | null> {
  const { t } = useTranslation('parts');
  const list = useRef<HTMLUListElement>(null);
  useKeys(useMemo<Key[]>(() => {
    const lines = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>(LINE) ?? [])];
    const here = (): number => lines().findIndex((line) => line.contains(document.activeElement));
    const go = (to: number): void => lines()[Math.max(0, Math.min(lines().length - 1, to))]?.querySelector<HTMLElement>('a, button')?.focus();
    const step = (by: 1 | -1): void => go(here() < 0 ? 0 : here() + by);
    return [
      { keys: 'j', says: t('list.down'), run: () => step(1) },
      { keys: 'k', says: t('list.up'), run: () => step(-1) },
      // Nothing happens to a line that nobody looks at.
      ...more.map(({ key, says, does }) => ({ keys: key, says, run: () => (here() < 0 ? go(0) : lines()[here()]!.querySelector<HTMLElement>(`[data-does=${does}]`)?.click()) })),
    ];
  }, [t, more]));
  return list;
}
