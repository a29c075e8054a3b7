/**
 * Backs a data folder up, as `five-ring backup` does, beside a server that writes. Says `step` before each step, and `done`.
 * Arguments: data folder, folder of the backup, folder of the keys, and a mode: `sound`, or the planted bug `in-place`, which
 * copies under the name itself.
 */
import { copyFileSync, mkdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../src/config.js';
import { backUp, MANIFEST } from '../../src/shell/backup.js';

const [data = '', to = '', keys = '', mode = 'sound'] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);
const { store } = readConfig({ FIVE_RING_DATA: data, FIVE_RING_TIME_ZONE: 'UTC' });

if (mode === 'in-place') {
  mkdirSync(join(to, 'log'), { recursive: true });
  // What it will be is written down before it is.
  writeFileSync(join(to, MANIFEST), JSON.stringify({ at: new Date().toISOString(), version: '9.9.9', log: { events: 1, head: '' }, files: [{ name: 'log/log.db', bytes: 1, sha256: '0'.repeat(64) }], problems: [] }));
  say('step');
  copyFileSync(join(data, 'log.db'), join(to, 'log', 'log.db'));
  process.kill(process.pid, 'SIGKILL');
}
await backUp({ data, store, to, keysTo: keys, version: '9.9.9', onProgress: (what) => say(`step ${what}`) });
say('done');
