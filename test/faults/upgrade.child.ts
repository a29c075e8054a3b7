/**
 * Backs a data folder up and opens it, as `five-ring upgrade` does. Says `step` before each step, and `done`.
 * Arguments: data folder, folder of the backup, and a mode: `sound`, or the planted bug `moves`, which takes the log away to
 * work on it, and is killed meanwhile.
 */
import { cpSync, mkdirSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openParts } from '../../src/app.module.js';
import { readConfig } from '../../src/config.js';
import { backUp } from '../../src/shell/backup.js';
import { lockFolder } from '../../src/shell/data-folder.js';

const [data = '', to = '', mode = 'sound'] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);
const config = readConfig({ FIVE_RING_DATA: data, FIVE_RING_TIME_ZONE: 'UTC', LOG_LEVEL: 'silent' });

const lock = lockFolder(data);
if (mode === 'moves') {
  mkdirSync(to, { recursive: true });
  renameSync(join(data, 'log.db'), join(to, 'log.db'));
  process.kill(process.pid, 'SIGKILL');
  cpSync(join(to, 'log.db'), join(data, 'log.db'));
}
await backUp({ data, store: config.store, to, version: '9.9.9', onProgress: (what) => say(`step ${what}`) });
say('step opening');
const parts = await openParts(config);
say('step following');
await parts.projector.caughtUp();
say('step closing');
await parts.close();
lock.release();
say('done');
