/** j and k go through the lines of a list, to the link of each; what the focus stands on is the line that other keys mean. */
import { useMemo, useRef, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys, type Key } from '../../app/keys.js';

const LINE = '[data-line]';

/** `snooze` is called with the value of `data-line`. */
export function useLineKeys(snooze: ((line: string) => void) | undefined): RefObject<HTMLUListElement | null> {
  const { t } = useTranslation('start');
  const list = useRef<HTMLUListElement>(null);
  useKeys(useMemo<Key[]>(() => {
    const lines = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>(LINE) ?? [])];
    const here = (): number => lines().findIndex((line) => line.contains(document.activeElement));
    const go = (step: 1 | -1): void => {
      const all = lines();
      const now = here();
      all[now < 0 ? 0 : Math.max(0, Math.min(all.length - 1, now + step))]?.querySelector('a')?.focus();
    };
    return [
      { keys: 'j', says: t('keys.down'), run: () => go(1) },
      { keys: 'k', says: t('keys.up'), run: () => go(-1) },
      ...(snooze === undefined ? [] : [{ keys: 's', says: t('keys.snooze'), run: () => {
        const line = lines()[Math.max(0, here())]?.dataset['line'];
        if (line !== undefined) snooze(line);
      } }]),
    ];
  }, [t, snooze]));
  return list;
}
