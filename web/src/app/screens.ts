/** The screens, gathered from their folders: a folder in `screens/` with a `screen.ts` is on the map, and nothing else need be touched. */
import type { Icon } from '@tabler/icons-react';
import type { ComponentType } from 'react';

export interface Screen {
  /** As TanStack Router writes it: `/customers/$id`. */
  readonly path: string;
  /** File of `texts/en/` with its texts; `title` is its name in the navigation and in the window. */
  readonly texts: string;
  /** A route of `src/access/route-table.ts`: whoever may ask it sees the screen. None: everybody who is signed in. */
  readonly asks?: string;
  /** Shown to those who are not signed in, without the shell around it. */
  readonly open?: true;
  /** Where it stands in the navigation, and the key that follows `g`. Screens without are reached by links. */
  readonly navigation?: { readonly order: number; readonly icon: Icon; readonly key?: string };
  /** A module whose default export is the screen. */
  readonly load: () => Promise<{ default: ComponentType }>;
}

/** Something that opens over any screen: by `openOverlay`, and with a key and an icon also by that key and a button in the header. */
export interface Overlay {
  readonly name: string;
  /** File of texts; `action` is the text of its button. */
  readonly texts: string;
  readonly asks?: string;
  readonly key?: string;
  readonly icon?: Icon;
  readonly load: () => Promise<{ default: ComponentType<OverlayProps> }>;
}

export interface OverlayProps {
  readonly close: () => void;
  /** What it is opened for, such as `{ customer: id }`. */
  readonly given: Readonly<Record<string, string>>;
}

interface Folder {
  readonly screens?: readonly Screen[];
  readonly overlays?: readonly Overlay[];
}

const folders = Object.values(import.meta.glob<Folder>('../screens/*/screen.ts', { eager: true }));
export const screens: readonly Screen[] = folders.flatMap(({ screens: given = [] }) => given);
export const overlays: readonly Overlay[] = folders.flatMap(({ overlays: given = [] }) => given);

export const inNavigation = screens.filter((screen) => screen.navigation !== undefined).sort((a, b) => a.navigation!.order - b.navigation!.order);
