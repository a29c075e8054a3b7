/** A file that a verb writes: whole or not at all, and for its owner alone. */
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { failed, type Failure } from './failure.js';

/** What stood there before is replaced when all is written. `onBytes` hears of each piece. @returns how many bytes. @throws Failure. */
export async function writePieces(file: string, pieces: AsyncIterable<Uint8Array>, onBytes: (piece: Uint8Array) => void = () => undefined): Promise<number> {
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(4).toString('hex')}.tmp`);
  let bytes = 0;
  try {
    const handle = await open(temporary, 'wx', 0o600).catch(cannot(file));
    try {
      for await (const piece of pieces) {
        // One write may take only a part of it.
        await handle.writeFile(piece).catch(cannot(file));
        bytes += piece.length;
        onBytes(piece);
      }
      await handle.sync().catch(cannot(file));
    } finally {
      await handle.close();
    }
    await rename(temporary, file).catch(cannot(file));
    return bytes;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

const cannot = (file: string) => (error: Error): never => {
  const failure: Failure = failed('cannot-write', `${file} cannot be written: ${error.message}.`);
  throw failure;
};
