/** The built web app under test: the one in dist/web when no source is newer, else one built for this state of the sources. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');
const BUILT = join(ROOT, 'dist/web');
/** What goes into it beside what stands in web/: pure files of the server. */
const SOURCES = ['web', 'src/access', 'src/customers', 'src/exchange', 'src/figures', 'src/kernel', 'src/rings', 'package-lock.json'];

async function filesOf(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  return (await readdir(path, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** @returns the folder to serve: the one that FIVE_RING_TEST_WEB names, or one that is as the sources are. */
export async function builtWeb(): Promise<string> {
  const named = process.env['FIVE_RING_TEST_WEB'];
  if (named) return named;
  const files = (await Promise.all(SOURCES.map((source) => filesOf(join(ROOT, source))))).flat();
  const times = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
  const index = join(BUILT, 'index.html');
  if (existsSync(index) && (await stat(index)).mtimeMs > Math.max(...times)) return BUILT;
  const state = createHash('sha256').update(JSON.stringify([ROOT, files, times])).digest('hex').slice(0, 16);
  const folder = join(tmpdir(), `five-ring-web-${state}`);
  if (existsSync(folder)) return folder;
  const own = await mkdtemp(join(tmpdir(), 'five-ring-web-'));
  await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--config', join(ROOT, 'web/vite.config.ts'), '--outDir', own, '--logLevel', 'warn'], { cwd: ROOT, env: { ...process.env, NODE_ENV: 'production' } });
  // Another worker may have built it meanwhile.
  await rename(own, folder).catch(() => rm(own, { recursive: true, force: true }));
  return folder;
}
