/** What the server writes is for whoever runs it alone: the log, the keys, the audit, and the token of the operator. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from './process.js';

/** Files and folders that others may read, write or enter. */
function openToOthers(folder: string): string[] {
  const inside = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  return [folder, ...inside].filter((path) => (statSync(path).mode & 0o077) !== 0);
}

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'five-ring-mode-'));
});
afterEach(() => rmSync(place, { recursive: true }));

it('a data folder that it makes, and every file in it', async () => {
  const folder = join(place, 'data');
  const { child, exit } = await startProcess({ FIVE_RING_DATA: folder, FIVE_RING_STORE: `sqlite:${join(folder, 'log.db')}` });
  const files = readdirSync(folder);
  const open = openToOthers(folder);
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect(files).toEqual(expect.arrayContaining(['log.db', 'keys.db', 'views.db', 'audit.db', 'server.json']));
  expect(open).toEqual([]);
}, 60_000);

it('planted bug: a file that others may read is seen', () => {
  writeFileSync(join(place, 'keys.db'), '', { mode: 0o644 });
  expect(openToOthers(place)).toEqual([join(place, 'keys.db')]);
});
