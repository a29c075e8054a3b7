/** Opens data in this process, as a server would, checks all of it, and closes it. */
import type { Config } from '../config.js';
import type { Checked } from '../shell/restore.js';

/** What is on the list of the erased is done again by the opening. @throws what stands in the way of opening. */
export async function checkedData(config: Config, onProgress: (events: number) => void = () => undefined): Promise<Checked> {
  const { openParts } = await import('../app.module.js');
  const parts = await openParts(config);
  try {
    await parts.projector.caughtUp();
    const { events, head, problems } = await parts.operations.verify(onProgress);
    return { events, head, problems };
  } finally {
    await parts.close();
  }
}
