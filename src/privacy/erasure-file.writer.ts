/** The list of erasures in a file of this process: `erased.ndjson` in the data folder. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreUnavailable } from '../kernel/event-store.js';
import { ErasureList, type Intent, type Line } from './erasure-list.js';

export class ErasureFile extends ErasureList {
  readonly isShared = false;

  private constructor(private readonly file: string) {
    super();
  }

  /** @throws Error when a line in its midst cannot be read: then somebody must look. */
  static open(file: string): ErasureFile {
    const list = new ErasureFile(file);
    if (!existsSync(file)) return list;
    const text = readFileSync(file);
    // A line that was cut off in the middle was never written: nothing was done because of it.
    const whole = text.lastIndexOf(10) + 1;
    if (whole < text.length) truncateSync(file, whole);
    for (const [index, line] of text.subarray(0, whole).toString('utf8').split('\n').entries()) {
      if (line === '') continue;
      try {
        list.take(JSON.parse(line) as Line);
      } catch (cause) {
        throw new Error(`${file}, line ${index + 1} cannot be read. It says who was erased: put it right, or take the line from a copy of the file.`, { cause });
      }
    }
    return list;
  }

  /** Nobody else writes the file. */
  async refresh(): Promise<void> {}

  async add(intent: Intent): Promise<Intent> {
    await this.write(intent);
    return intent;
  }

  protected async write(line: Line): Promise<void> {
    const isNew = !existsSync(this.file);
    let file: number | undefined;
    let size = 0;
    try {
      size = isNew ? 0 : statSync(this.file).size;
      file = openSync(this.file, 'a', 0o600);
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
      if (isNew) syncFolder(dirname(this.file));
    } catch (cause) {
      // Half a line must not stand before the next one.
      if (file !== undefined) this.cut(size);
      const full = (cause as { code?: string }).code === 'ENOSPC';
      throw new StoreUnavailable(`The list of erasures cannot be written: ${full ? 'the disk is full' : (cause as Error).message}.`, full ? 'full' : 'failing', { cause });
    } finally {
      if (file !== undefined) closeSync(file);
    }
    this.take(line);
  }

  private cut(size: number): void {
    try {
      truncateSync(this.file, size);
    } catch {
      // The next start cuts it off.
    }
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
