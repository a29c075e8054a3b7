/** The screens as their folders list them, and how one waits for any of them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const FOLDER = join(__dirname, '../../web/src/screens');

export interface ListedScreen {
  /** As in its folder: `/customers/$id`. */
  readonly path: string;
  /** Whether those see it who are not signed in. */
  readonly open?: true;
  /** A route of `src/access/route-table.ts` that one must be allowed to ask. */
  readonly asks?: string;
}

/** Every screen of the app; one that is in no list here is in none there. */
export function allScreens(): readonly ListedScreen[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- tests are made for each of them, before anything can be waited for
  return readdirSync(FOLDER).sort().flatMap((folder) => (require(join(FOLDER, folder, 'screen.ts')) as { readonly screens?: readonly ListedScreen[] }).screens ?? []);
}

/** Waits until the screen has its heading, nothing on it is on its way any more, and nothing has changed on it for a moment. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('.mantine-Skeleton-root, .mantine-Loader-root') === null, undefined, { timeout: 60_000 });
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise<void>((resolve) => {
      const QUIET = 250;
      const done = (): void => {
        observer.disconnect();
        resolve();
      };
      let quiet = setTimeout(done, QUIET);
      const observer = new MutationObserver(() => {
        clearTimeout(quiet);
        quiet = setTimeout(done, QUIET);
      });
      observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      // What never rests is not waited for.
      setTimeout(done, 5000);
    });
  });
}
