/** Views that a colleague saved, in this browser: the server keeps none. */
import { useState } from 'react';

export interface SavedView {
  readonly name: string;
  /** As it stands in the address. */
  readonly search: Readonly<Record<string, string | number | true>>;
}

const MOST = 50;

const placeOf = (colleague: string): string => `five-ring.portfolio-views.${colleague}`;

function read(colleague: string): readonly SavedView[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(placeOf(colleague)) ?? '[]');
    return Array.isArray(found) ? found.filter((one): one is SavedView => typeof (one as SavedView | null)?.name === 'string' && typeof (one as SavedView).search === 'object') : [];
  } catch {
    return [];
  }
}

export interface SavedViews {
  readonly views: readonly SavedView[];
  /** In place of one of the same name. */
  readonly save: (view: SavedView) => void;
  readonly remove: (name: string) => void;
}

export function useSavedViews(colleague: string): SavedViews {
  const [views, setViews] = useState(() => read(colleague));
  const change = (next: readonly SavedView[]): void => {
    setViews(next);
    try {
      localStorage.setItem(placeOf(colleague), JSON.stringify(next));
    } catch {
      // No room, or not allowed: they last as long as this page.
    }
  };
  return {
    views,
    save: (view) => change([...views.filter(({ name }) => name !== view.name), view].sort((a, b) => a.name.localeCompare(b.name)).slice(0, MOST)),
    remove: (name) => change(views.filter((one) => one.name !== name)),
  };
}
