/** What opens over any screen; one at a time. */
import { useSyncExternalStore, lazy, Suspense, type ComponentType, type LazyExoticComponent } from 'react';
import { overlays, type OverlayProps } from './screens.js';

interface Open {
  readonly name: string;
  readonly given: Readonly<Record<string, string>>;
}

let open: Open | null = null;
const listeners = new Set<() => void>();
const change = (next: Open | null): void => {
  open = next;
  for (const listener of listeners) listener();
};

/** Opens the overlay of this name, such as `openOverlay('log', { customer: id })`. */
export const openOverlay = (name: string, given: Readonly<Record<string, string>> = {}): void => change({ name, given });
const close = (): void => change(null);

const components: Readonly<Record<string, LazyExoticComponent<ComponentType<OverlayProps>>>> = Object.fromEntries(overlays.map(({ name, load }) => [name, lazy(load)]));

export function Overlays() {
  const now = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
  const Content = now === null ? undefined : components[now.name];
  if (now === null || Content === undefined) return null;
  return <Suspense fallback={null}><Content close={close} given={now.given} /></Suspense>;
}
