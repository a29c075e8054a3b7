/** Says in the audit that a copy of the data was made: whoever has it, with its keys, reads everything. */
import type { Config } from '../config.js';
import { ID } from '../customers/entry.js';
import type { Session } from './session.js';

export interface MadeBackup {
  /** The verb with what says which kind it is, such as `five-ring backup --without-keys`. */
  readonly verb: string;
  /** Whether the copies are sound. */
  readonly isSound: boolean;
}

/** @returns a sentence when it could not be noted; the backup is none the worse. */
export async function noteBackup(session: Session, config: Config, { verb, isSound }: MadeBackup): Promise<string | undefined> {
  const as = session.options.as ?? session.env['FIVE_RING_AS'];
  try {
    const { addToAudit } = await import('../homes.js');
    await addToAudit(config, [{ at: Date.now(), action: 'backup', outcome: isSound ? 'done' : 'failed', colleague: as !== undefined && ID.test(as) ? as : null, via: 'operator', route: verb, target: null, part: null, status: 0, address: '', request: '', times: 1, until: null }]);
    return undefined;
  } catch (error) {
    return `That it was made could not be noted in the audit: ${(error as Error).message}.`;
  }
}
