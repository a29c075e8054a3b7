/** What those who run it look up: which version on what, how large the files are, how much room there is, and the last backup in the data folder. */
import { readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LAST_BACKUP, MANIFEST } from './backup.js';

export interface DeploymentState {
  readonly version: string;
  /** Of Node.js. */
  readonly node: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Where the log is, without passwords. */
  readonly store: string;
  readonly zone: string;
  /** In bytes; null where the system does not say. */
  readonly disk: { readonly free: number; readonly total: number } | null;
  /** Files of the data folder, the largest first. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  /** The newest that was made here and finished; null when none was, or nobody knows any more. */
  readonly lastBackup: { readonly at: string; readonly version: string; readonly problems: number } | null;
}

export class Deployment {
  constructor(
    private readonly about: Pick<DeploymentState, 'version' | 'node' | 'startedAt' | 'store' | 'zone'>,
    /** The data folder. */
    readonly data: string,
  ) {}

  /** Of Five-Ring. */
  get version(): string {
    return this.about.version;
  }

  state(): DeploymentState {
    return { ...this.about, disk: this.disk(), files: this.files(), lastBackup: this.lastBackup() };
  }

  private disk(): DeploymentState['disk'] {
    try {
      const { bavail, blocks, bsize } = statfsSync(this.data);
      return { free: bavail * bsize, total: blocks * bsize };
    } catch {
      return null;
    }
  }

  private files(): DeploymentState['files'] {
    const sizes = readdirSync(this.data, { withFileTypes: true }).filter((entry) => entry.isFile()).flatMap(({ name }) => {
      const found = statSync(join(this.data, name), { throwIfNoEntry: false });
      return found === undefined ? [] : [{ name, bytes: found.size }];
    });
    return sizes.sort((a, b) => b.bytes - a.bytes || a.name.localeCompare(b.name));
  }

  private lastBackup(): DeploymentState['lastBackup'] {
    const known = [manifestIn(join(this.data, LAST_BACKUP)), this.newestBeside()].filter((one) => one !== undefined);
    return known.sort((a, b) => (a.at < b.at ? 1 : -1))[0] ?? null;
  }

  /** The newest whole one in the folder `backups` of the data folder. */
  private newestBeside(): NonNullable<DeploymentState['lastBackup']> | undefined {
    let folders: string[];
    try {
      folders = readdirSync(join(this.data, 'backups')).sort().reverse();
    } catch {
      return undefined;
    }
    for (const folder of folders) {
      const said = manifestIn(join(this.data, 'backups', folder, MANIFEST));
      if (said !== undefined) return said;
    }
    return undefined;
  }
}

/** What a finished backup says of itself. */
function manifestIn(file: string): NonNullable<DeploymentState['lastBackup']> | undefined {
  try {
    const { at, version, problems } = JSON.parse(readFileSync(file, 'utf8')) as { at: string; version: string; problems: unknown[] };
    return Number.isNaN(Date.parse(at)) ? undefined : { at, version: String(version), problems: problems.length };
  } catch {
    return undefined;
  }
}
