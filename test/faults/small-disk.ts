/** A disk of a few megabytes, which fills up as a real one does: a tmpfs. Only root may mount one. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const sayOf = (command: string, args: readonly string[]): string | null => {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? null : (error?.message ?? stderr.trim());
};

export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** @throws with the reason why it may not be mounted. */
  static of(megabytes: number): SmallDisk {
    const folder = mkdtempSync(join(tmpdir(), 'five-ring-disk-'));
    const problem = sayOf('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'five-ring-test', folder]);
    if (problem === null) return new SmallDisk(folder);
    rmSync(folder, { recursive: true });
    throw new Error(problem);
  }

  /** Makes room: nothing has to be removed for it. */
  grow(megabytes: number): void {
    const problem = sayOf('mount', ['-o', `remount,size=${megabytes}m`, this.folder]);
    if (problem !== null) throw new Error(problem);
  }

  remove(): void {
    // Lazily, should a killed process still hold a file.
    sayOf('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Why no small disk can be had here; null when one can. */
export function whyNoSmallDisk(): string | null {
  try {
    SmallDisk.of(1).remove();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
